/*
 * All sources at once, under one deadline: see refresh.h for the order of calls.
 *
 * source_fetch.c handles one source; http.c handles what goes over the wire. This file does what concerns all sources:
 * it copies the plan, runs the loop of rlm_refresh_step and rlm_refresh_run, and in rlm_refresh_finish it writes the
 * sheets, merges them and counts what changed.
 */
#include "registry/refresh.h"

#include "base/caps.h"
#include "fetch/source_fetch.h"

#include <string.h>

#define LONGEST_STEP_MS 2000 /* Ruby 3.1 may wake nobody for a signal whose sender, a thread of its own, has ended */
#define TOGETHER_MS 100      /* sources that end within it are told together: see rlm_refresh_step */

struct rlm_refresh {
    rlm_fetch_context shared;
    rlm_redactor redactor;
    rlm_answer_memory memory;
    rlm_source_fetch *fetches;
    size_t count;
    rlm_buffer *held;  /* their bytes */
    rlm_block *sheets; /* room for the held ones, opened, followed by those of the requests */
    size_t held_count;
    const rlm_block *before; /* the caller's; NULL: there is none */
    rlm_buffer ca_file, ca_path, user_agent, documented;
    int64_t now;
    bool started;
};

rlm_status
rlm_refresh_load(rlm_error *error)
{
    return rlm_http_load(error);
}

const char *
rlm_refresh_library(bool *thread_safe)
{
    return rlm_http_library(thread_safe);
}

/* ---- Opening ---- */

static rlm_status
check_plan(const rlm_plan *plan, rlm_error *error)
{
    if (plan->request_count > RLM_CAP_SOURCES || plan->held_count > RLM_CAP_SOURCES) {
        return rlm_error_set(error, RLM_BAD_SETTING, "more than %d sources in one refresh", RLM_CAP_SOURCES);
    }
    if (plan->timeout_ms <= 0 || plan->request_timeout_ms <= 0 || plan->connect_timeout_ms <= 0) {
        return rlm_error_set(error, RLM_BAD_SETTING, "a timeout must be greater than zero");
    }
    return RLM_OK;
}

/* `count` zeroed elements, at least one. */
static void *
allocate_zeroed(size_t count, size_t size)
{
    size_t bytes = (count > 0 ? count : 1) * size; /* counts are capped by RLM_CAP_SOURCES */
    void *memory = rlm_memory_allocate(bytes);

    return memory == NULL ? NULL : memset(memory, 0, bytes);
}

static rlm_slice
content(const rlm_buffer *buffer)
{
    return (rlm_slice){buffer->bytes, buffer->length};
}

static rlm_status
copy_bytes(rlm_buffer *buffer, rlm_slice bytes)
{
    rlm_buffer_init(buffer, bytes.length);
    return rlm_buffer_append(buffer, bytes.bytes, bytes.length);
}

/* Copy a text with its NUL and return where it is now; NULL stays NULL. */
static rlm_status
copy_text(rlm_buffer *buffer, const char *text, const char **copy)
{
    *copy = NULL;
    if (text == NULL) return RLM_OK;
    RLM_TRY(copy_bytes(buffer, (rlm_slice){text, strlen(text) + 1}));
    *copy = buffer->bytes;
    return RLM_OK;
}

static rlm_status
copy_context(rlm_refresh *refresh, const rlm_plan *plan)
{
    rlm_fetch_context *shared = &refresh->shared;

    shared->request_timeout_ms = plan->request_timeout_ms;
    shared->connect_timeout_ms = plan->connect_timeout_ms;
    shared->retries = plan->retries < 0 ? 0 : plan->retries > RLM_CAP_RETRIES ? RLM_CAP_RETRIES : plan->retries;
    shared->timeout_ms = plan->timeout_ms;
    refresh->now = plan->now;
    RLM_TRY(copy_text(&refresh->ca_file, plan->ca_file, &shared->ca_file));
    RLM_TRY(copy_text(&refresh->ca_path, plan->ca_path, &shared->ca_path));
    return copy_text(&refresh->user_agent, plan->user_agent, &shared->user_agent);
}

static rlm_status
copy_held(rlm_refresh *refresh, const rlm_plan *plan)
{
    for (size_t i = 0; i < plan->held_count; i++) RLM_TRY(copy_bytes(&refresh->held[i], plan->held[i]));
    return RLM_OK;
}

static rlm_status
copy_plan(rlm_refresh *refresh, const rlm_plan *plan, rlm_error *error)
{
    refresh->fetches = allocate_zeroed(plan->request_count, sizeof *refresh->fetches);
    refresh->held = allocate_zeroed(plan->held_count, sizeof *refresh->held);
    refresh->sheets = allocate_zeroed(plan->held_count + plan->request_count, sizeof *refresh->sheets);
    if (refresh->fetches == NULL || refresh->held == NULL || refresh->sheets == NULL) return RLM_OUT_OF_MEMORY;
    refresh->held_count = plan->held_count;
    RLM_TRY(rlm_http_open(plan->connections, &refresh->shared.http));
    RLM_TRY(copy_bytes(&refresh->documented, plan->documented));
    RLM_TRY(copy_context(refresh, plan));
    RLM_TRY(copy_held(refresh, plan));
    refresh->before = plan->before;
    while (refresh->count < plan->request_count) {
        size_t i = refresh->count++; /* counted first, so that one that fails to open is also freed */

        RLM_TRY(rlm_source_fetch_open(&refresh->fetches[i], &plan->requests[i], &refresh->shared, error));
    }
    return RLM_OK;
}

rlm_status
rlm_refresh_open(const rlm_plan *plan, rlm_refresh **refresh, rlm_error *error)
{
    rlm_refresh *opened;
    rlm_status status;

    *refresh = NULL;
    RLM_TRY(check_plan(plan, error));
    opened = allocate_zeroed(1, sizeof *opened);
    if (opened != NULL) {
        rlm_redactor_init(&opened->redactor);
        opened->shared.redactor = &opened->redactor;
        opened->memory.cap = RLM_CAP_REFRESH;
        opened->shared.memory = &opened->memory;
    }
    status = opened == NULL ? RLM_OUT_OF_MEMORY : copy_plan(opened, plan, error);
    if (status != RLM_OK) {
        rlm_refresh_free(opened);
        return status == RLM_OUT_OF_MEMORY ? rlm_error_set(error, status, NULL) : status;
    }
    *refresh = opened;
    return RLM_OK;
}

void
rlm_refresh_free(rlm_refresh *refresh)
{
    if (refresh == NULL) return;
    rlm_http_free(refresh->shared.http); /* first: transfers read what the requests own */
    for (size_t i = 0; i < refresh->count; i++) rlm_source_fetch_free(&refresh->fetches[i]);
    for (size_t i = 0; i < refresh->held_count; i++) rlm_buffer_free(&refresh->held[i]);
    rlm_memory_free(refresh->fetches);
    rlm_memory_free(refresh->held);
    rlm_memory_free(refresh->sheets);
    rlm_buffer_free(&refresh->ca_file);
    rlm_buffer_free(&refresh->ca_path);
    rlm_buffer_free(&refresh->user_agent);
    rlm_buffer_free(&refresh->documented);
    rlm_redactor_free(&refresh->redactor);
    rlm_memory_free(refresh);
}

/* ---- Stepping ---- */

static size_t
count_running(const rlm_refresh *refresh)
{
    size_t running = 0;

    for (size_t i = 0; i < refresh->count; i++) running += refresh->fetches[i].outcome.status == RLM_OUTCOME_RUNNING;
    return running;
}

static void
end_overdue(rlm_refresh *refresh)
{
    rlm_error error;

    rlm_http_cancel(refresh->shared.http);
    for (size_t i = 0; i < refresh->count; i++) {
        rlm_source_fetch *fetch = &refresh->fetches[i];

        if (fetch->outcome.status != RLM_OUTCOME_RUNNING) continue;
        rlm_error_clear(&error);
        rlm_fetch_timed_out(&refresh->shared, &error);
        rlm_source_fetch_fail(fetch, &error);
    }
}

/* Send what is due. Returns when the next waiting one is due, or `until`. */
static int64_t
ask_due(rlm_refresh *refresh, int64_t now, int64_t until)
{
    for (size_t i = 0; i < refresh->count; i++) {
        int64_t next = rlm_source_fetch_send(&refresh->fetches[i], now);

        if (next < until) until = next;
    }
    return until;
}

static rlm_status
proceed(rlm_refresh *refresh, bool to_end, size_t *running, rlm_error *error)
{
    size_t before = count_running(refresh);
    int64_t now = rlm_http_clock(), until = now + LONGEST_STEP_MS;
    bool woken = false;

    if (!refresh->started) refresh->shared.deadline = now + refresh->shared.timeout_ms;
    refresh->started = true;
    if (until > refresh->shared.deadline) until = refresh->shared.deadline;
    for (*running = before; *running > 0 && !woken; now = rlm_http_clock()) {
        if (now >= refresh->shared.deadline) {
            end_overdue(refresh);
        } else if (now >= until) {
            return RLM_OK;
        } else {
            int64_t next = ask_due(refresh, now, until);

            if (count_running(refresh) > 0) RLM_TRY(rlm_http_step(refresh->shared.http, next - now, &woken, error));
        }
        *running = count_running(refresh);
        if (!to_end && *running < before && until > now + TOGETHER_MS) until = now + TOGETHER_MS;
    }
    return RLM_OK;
}

rlm_status
rlm_refresh_step(rlm_refresh *refresh, size_t *running, rlm_error *error)
{
    return proceed(refresh, false, running, error);
}

rlm_status
rlm_refresh_run(rlm_refresh *refresh, size_t *running, rlm_error *error)
{
    return proceed(refresh, true, running, error);
}

void
rlm_refresh_wake(rlm_refresh *refresh)
{
    rlm_http_wake(refresh->shared.http);
}

const rlm_outcome *
rlm_refresh_outcome(const rlm_refresh *refresh, size_t position)
{
    return &refresh->fetches[position].outcome;
}

rlm_slice
rlm_refresh_sheet(const rlm_refresh *refresh, size_t position, bool *kept)
{
    const rlm_source_fetch *fetch = &refresh->fetches[position];
    const rlm_block *sheet = rlm_source_fetch_sheet(fetch);

    *kept = sheet == &fetch->previous;
    return sheet == NULL ? (rlm_slice){NULL, 0} : (rlm_slice){sheet->bytes, sheet->size};
}

/* ---- Finishing ---- */

static bool
is_metadata_source(const rlm_source_fetch *fetch)
{
    return rlm_source_is_metadata(fetch->outcome.source);
}

/* Whether an endpoint of that name comes before one of the other name, at the same provider. */
static bool
precedes(rlm_slice name, rlm_slice other, rlm_slice provider)
{
    if (rlm_slice_equal(other, provider)) return false;
    return rlm_slice_equal(name, provider) || rlm_slice_compare(name, other) < 0;
}

/*
 * The models that an endpoint is counted by: those that it lists, and for the first endpoint of a provider those that
 * none lists, too.
 */
static rlm_diff_scope
scope_of(const rlm_refresh *refresh, const rlm_source_fetch *fetch)
{
    rlm_diff_scope scope = {rlm_settings_provider(&fetch->settings), rlm_settings_name(&fetch->settings), true};

    for (size_t i = 0; i < refresh->count && scope.rest; i++) {
        const rlm_settings *other = &refresh->fetches[i].settings;

        if (!rlm_slice_equal(rlm_settings_provider(other), scope.provider)) continue;
        scope.rest = !precedes(rlm_settings_name(other), scope.endpoint, scope.provider);
    }
    for (size_t i = 0; i < refresh->held_count && scope.rest; i++) {
        rlm_block held;

        if (rlm_block_peek(refresh->held[i].bytes, refresh->held[i].length, &held, NULL) != RLM_OK) continue;
        if (!rlm_slice_equal(held.stamp.provider, scope.provider)) continue;
        scope.rest = !precedes(held.stamp.source, scope.endpoint, scope.provider);
    }
    return scope;
}

/* An endpoint is compared by its models in the catalogs; a metadata source, which lists no models, by its sheets. */
static void
compare(const rlm_refresh *refresh, rlm_source_fetch *fetch, const rlm_block *catalog)
{
    const rlm_block *sheet = rlm_source_fetch_sheet(fetch);

    if (!is_metadata_source(fetch)) {
        fetch->outcome.difference = rlm_diff(refresh->before, catalog, scope_of(refresh, fetch));
    } else if (sheet != NULL) {
        fetch->outcome.difference =
            rlm_diff(fetch->previous.bytes != NULL ? &fetch->previous : NULL, sheet, (rlm_diff_scope){.rest = true});
    }
}

/*
 * Whether the new sheet says what the old one said: sources with several listings have no ETag and answer whole each
 * time.
 */
static bool
repeats(const rlm_source_fetch *fetch)
{
    return fetch->previous.bytes != NULL && rlm_diff_is_none(&fetch->previous, &fetch->current);
}

/* Nothing is new, so there is nothing to compare. */
static void
count(const rlm_refresh *refresh, rlm_source_fetch *fetch)
{
    const rlm_block *sheet = rlm_source_fetch_sheet(fetch);
    size_t first, models, *counted = &fetch->outcome.difference.count;
    rlm_diff_scope scope;

    if (is_metadata_source(fetch)) {
        *counted = sheet == NULL ? 0 : rlm_block_shown(sheet);
        return;
    }
    scope = scope_of(refresh, fetch);
    rlm_block_provider(refresh->before, scope.provider, &first, &models);
    for (size_t i = first; i < first + models; i++)
        *counted += rlm_block_standing(refresh->before, i) != RLM_STANDING_UNLISTED &&
                    rlm_diff_includes(&scope, refresh->before, i);
}

/*
 * Open all sheets, side by side in refresh->sheets; a held one that cannot be opened is ignored. Returns their number.
 */
static size_t
open_sheets(rlm_refresh *refresh)
{
    size_t opened = 0;

    for (size_t i = 0; i < refresh->held_count; i++) {
        const rlm_buffer *bytes = &refresh->held[i];
        rlm_block *block = &refresh->sheets[opened];

        if (rlm_block_open(bytes->bytes, bytes->length, block, NULL) == RLM_OK && block->kind == RLM_BLOCK_SHEET)
            opened++;
    }
    for (size_t i = 0; i < refresh->count; i++) {
        const rlm_block *sheet = rlm_source_fetch_open_sheet(&refresh->fetches[i]);

        if (sheet != NULL) refresh->sheets[opened++] = *sheet;
    }
    return opened;
}

/* The largest of the new sheets, or NULL. */
static rlm_source_fetch *
largest_new(const rlm_refresh *refresh)
{
    rlm_source_fetch *largest = NULL;

    for (size_t i = 0; i < refresh->count; i++) {
        rlm_source_fetch *fetch = &refresh->fetches[i];

        if (fetch->current.bytes == NULL) continue;
        if (largest == NULL || fetch->current.size > largest->current.size) largest = fetch;
    }
    return largest;
}

/*
 * If everything together is too large, the largest new sheet is to blame: its source fails, and the others are merged.
 */
static rlm_status
merge(rlm_refresh *refresh, rlm_buffer *catalog, rlm_error *error)
{
    for (;;) {
        rlm_status status =
            rlm_merge(refresh->sheets, open_sheets(refresh), content(&refresh->documented), catalog, error);
        rlm_source_fetch *largest = status == RLM_TOO_LARGE ? largest_new(refresh) : NULL;

        if (largest == NULL) return status;
        rlm_error_set(error, status, "its models, of %llu MB, do not fit into the registry beside the others",
                      (unsigned long long) (largest->current.size >> 20));
        rlm_source_fetch_revoke(largest, error);
        rlm_error_clear(error);
    }
}

rlm_status
rlm_refresh_finish(rlm_refresh *refresh, rlm_buffer *bytes, rlm_block *catalog, rlm_error *error)
{
    bool unchanged =
        refresh->before != NULL && rlm_slice_equal(refresh->before->stamp.documented, content(&refresh->documented));

    *catalog = (rlm_block){.bytes = NULL};
    for (size_t i = 0; i < refresh->count; i++) {
        RLM_TRY(rlm_source_fetch_finish(&refresh->fetches[i], refresh->now, error));
        if (refresh->fetches[i].current.bytes != NULL && !repeats(&refresh->fetches[i])) unchanged = false;
    }
    if (unchanged) {
        for (size_t i = 0; i < refresh->count; i++) count(refresh, &refresh->fetches[i]);
        return RLM_OK;
    }
    RLM_TRY(merge(refresh, bytes, error));
    RLM_TRY(rlm_block_peek(bytes->bytes, bytes->length, catalog, error));
    for (size_t i = 0; i < refresh->count; i++) compare(refresh, &refresh->fetches[i], catalog);
    return RLM_OK;
}
