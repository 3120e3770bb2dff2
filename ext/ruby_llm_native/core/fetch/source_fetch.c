/*
 * One answer made of a source's listings. Read listing_fetch_ended first: it is called at the end of each listing and
 * decides what that means for the source.
 *
 * If a required listing fails, the source fails: its error is settled at once, its outcome when the other listings have
 * ended. When all have ended, `conclude` joins their rows, lets the source complete them, and decides the outcome.
 */
#include "fetch/source_fetch.h"

#include "base/caps.h"
#include "fetch/repeat.h"

#include <string.h>

#define UNUSABLE "its stored sheet is unusable"

static const rlm_redactor *
redactor_of(const rlm_source_fetch *fetch)
{
    return fetch->common.shared->redactor;
}

/* ---- Ending ---- */

static size_t
count_kept(const rlm_block *sheet)
{
    return sheet->bytes == NULL ? 0 : rlm_block_shown(sheet);
}

/* The source has failed with its error; what it stated before stays. */
static void
fail(rlm_source_fetch *fetch)
{
    fetch->outcome.status = RLM_OUTCOME_FAILED;
    fetch->outcome.rows = fetch->outcome.forgotten = 0;
    fetch->outcome.kept = count_kept(&fetch->previous);
}

static void
clean(const rlm_source_fetch *fetch, rlm_tally *tally)
{
    const rlm_error said = tally->first;

    if (tally->count > 0) rlm_redact_error(redactor_of(fetch), &said, &tally->first);
}

static void
count_rows(rlm_source_fetch *fetch, rlm_listing_fetch *listing_fetch)
{
    rlm_row_tallies *tallies = &listing_fetch->rows.tallies;

    clean(fetch, &tallies->rejected);
    clean(fetch, &tallies->left_out);
    clean(fetch, &tallies->unread_prices);
    rlm_row_tallies_add(&fetch->outcome.tallies, tallies);
}

/* ---- Memory ---- */

/* Count what is held now. RLM_TOO_LARGE: with what the other sources hold, it is too much. It then counts no more. */
static rlm_status
count_held(rlm_source_fetch *fetch, rlm_error *error)
{
    rlm_answer_memory *memory = fetch->common.shared->memory;
    size_t held = fetch->over ? 0 : fetch->arena.used + fetch->rows.capacity * sizeof *fetch->rows.records;

    for (size_t i = 0; i < fetch->count && !fetch->over; i++) {
        const rlm_listing_fetch *listing_fetch = &fetch->listing_fetches[i];

        held += listing_fetch->held.capacity + listing_fetch->rows.capacity * sizeof *fetch->rows.records;
    }
    memory->held -= fetch->held;
    fetch->held = 0;
    fetch->over = fetch->over || held > memory->cap - memory->held;
    if (fetch->over) {
        return rlm_error_set(error, RLM_TOO_LARGE,
                             "the answers of this refresh take more than %zu MB of memory together", memory->cap >> 20);
    }
    memory->held += fetch->held = held;
    return RLM_OK;
}

static rlm_status
grown(void *context, rlm_error *error)
{
    return count_held(context, error);
}

/* Give back what is held of the answers. */
static void
forget_answers(rlm_source_fetch *fetch)
{
    for (size_t i = 0; i < fetch->count; i++) {
        rlm_rows_free(&fetch->listing_fetches[i].rows);
        fetch->listing_fetches[i].rows.last_id = (rlm_slice){NULL, 0}; /* it was in the arena */
        rlm_buffer_free(&fetch->listing_fetches[i].held);
    }
    rlm_rows_free(&fetch->rows);
    rlm_arena_free(&fetch->arena);
    fetch->common.shared->memory->held -= fetch->held;
    fetch->held = 0;
}

/* ---- One answer ---- */

/* Read what repeats the last answer of its listing, because another listing's answer does not. */
static rlm_status
read_held(rlm_source_fetch *fetch, rlm_error *error)
{
    for (size_t i = 0; i < fetch->count; i++) {
        rlm_listing_fetch *listing_fetch = &fetch->listing_fetches[i];

        if (!listing_fetch->repeats) continue;
        RLM_TRY(rlm_listing_fetch_read(listing_fetch, error));
        count_rows(fetch, listing_fetch);
    }
    return RLM_OK;
}

/* For the stamp. Of rows that could not be read, and of listings that failed, the report tells each time. */
static rlm_status
describe_answers(rlm_source_fetch *fetch)
{
    const rlm_row_tallies *tallies = &fetch->outcome.tallies;

    if (tallies->rejected.count + tallies->left_out.count + tallies->unread_prices.count > 0) return RLM_OK;
    return rlm_repeat_describe(fetch->listing_fetches, fetch->count, fetch->rows.count, &fetch->answers);
}

/* All rows as one answer. `*listed` is the number of models that the listings state. */
static rlm_status
join(rlm_source_fetch *fetch, size_t *listed, rlm_error *error)
{
    const rlm_request settings = {
        .slug = fetch->settings.source->slug, .setting = rlm_settings_get, .context = &fetch->settings};

    RLM_TRY(read_held(fetch, error));
    for (size_t i = 0; i < fetch->count; i++) {
        RLM_TRY(rlm_rows_join(&fetch->rows, &fetch->listing_fetches[i].rows, error));
        rlm_rows_free(&fetch->listing_fetches[i].rows);
    }
    RLM_TRY(describe_answers(fetch));
    *listed = fetch->outcome.rows = fetch->rows.count;
    RLM_TRY(rlm_rows_complete(&fetch->rows, &settings, listed, error));
    return count_held(fetch, error);
}

static rlm_outcome_status
judge(rlm_source_fetch *fetch)
{
    size_t listed;
    rlm_error error;
    rlm_status status;

    if (fetch->common.failed) return RLM_OUTCOME_FAILED;
    if (fetch->listing_fetches[0].unchanged) return RLM_OUTCOME_UNCHANGED;
    fetch->repeats = rlm_repeat_all(fetch->listing_fetches, fetch->count, &fetch->outcome.rows);
    if (fetch->repeats) return RLM_OUTCOME_REFRESHED;
    rlm_error_clear(&error);
    status = rlm_arena_status(&fetch->arena, join(fetch, &listed, &error));
    if (status == RLM_OK && listed > 0) return RLM_OUTCOME_REFRESHED;
    if (status == RLM_OK && fetch->rows.found) return RLM_OUTCOME_EMPTY;
    if (status == RLM_OK)
        status = rlm_error_set(&error, RLM_BAD_SHAPE, "no %s in the answer", fetch->settings.source->listings[0].rows);
    error.status = status;
    rlm_redact_error(redactor_of(fetch), &error, &fetch->outcome.error);
    return RLM_OUTCOME_FAILED;
}

/* All listings have ended. */
static void
conclude(rlm_source_fetch *fetch)
{
    rlm_outcome *outcome = &fetch->outcome;

    outcome->status = judge(fetch);
    outcome->seconds = fetch->started < 0 ? 0 : (double) (rlm_http_clock() - fetch->started) / 1000;
    if (outcome->status == RLM_OUTCOME_FAILED || outcome->status == RLM_OUTCOME_EMPTY)
        outcome->kept = count_kept(&fetch->previous);
    if (outcome->status == RLM_OUTCOME_REFRESHED) return;
    outcome->rows = 0;
    forget_answers(fetch);
}

static void
count_in(rlm_source_fetch *fetch, rlm_listing_fetch *listing_fetch)
{
    fetch->outcome.attempts += listing_fetch->attempts;
    fetch->outcome.bytes += listing_fetch->bytes;
    count_rows(fetch, listing_fetch);
}

/* The message of an optional listing's failure, with its path, which tells it from the others. */
static void
keep_remark(rlm_source_fetch *fetch, const rlm_listing_fetch *listing_fetch)
{
    const char *path = listing_fetch->listing->path;

    if (!rlm_listing_fetch_is_missing(listing_fetch))
        fetch->rows.partial = true; /* what does not exist lists nothing */
    if (fetch->outcome.remark.status != RLM_OK) return;
    fetch->outcome.remark = listing_fetch->error;
    if (path != NULL)
        rlm_error_set(&fetch->outcome.remark, listing_fetch->error.status, "%s: %s", path,
                      listing_fetch->error.message);
}

/* The source has failed: its waiting listings have nothing left to wait for, and nobody will join their rows. */
static void
give_up(rlm_source_fetch *fetch, const rlm_error *error)
{
    fetch->outcome.error = *error;
    fetch->common.failed = true;
    forget_answers(fetch);
    for (size_t i = 0; i < fetch->count; i++) {
        if (fetch->listing_fetches[i].state == RLM_LISTING_FETCH_WAITING)
            rlm_listing_fetch_fail(&fetch->listing_fetches[i], error);
    }
}

static void
listing_fetch_ended(void *context, rlm_listing_fetch *listing_fetch)
{
    rlm_source_fetch *fetch = context;
    bool optional = (listing_fetch->listing->flags & RLM_LISTING_OPTIONAL) != 0 && !fetch->over,
         failed = listing_fetch->error.status != RLM_OK;

    fetch->running--;
    count_in(fetch, listing_fetch);
    if (!fetch->common.failed) {
        if (!optional && listing_fetch->http_status != 0) fetch->outcome.http_status = listing_fetch->http_status;
        if (failed && optional) keep_remark(fetch, listing_fetch);
        else if (failed) give_up(fetch, &listing_fetch->error);
    }
    /* Giving up inside this call may have ended the last one. */
    if (fetch->running == 0 && fetch->outcome.status == RLM_OUTCOME_RUNNING) conclude(fetch);
}

void
rlm_source_fetch_fail(rlm_source_fetch *fetch, const rlm_error *error)
{
    for (size_t i = 0; i < fetch->count; i++) {
        if (fetch->listing_fetches[i].state != RLM_LISTING_FETCH_ENDED)
            rlm_listing_fetch_fail(&fetch->listing_fetches[i], error);
    }
}

/* ---- Opening and sending ---- */

static void
drop_sheet(rlm_source_fetch *fetch)
{
    rlm_buffer_free(&fetch->old_sheet);
    fetch->previous = (rlm_block){.bytes = NULL};
    fetch->common.answers = (rlm_slice){NULL, 0};
}

/* What was read in another way, or was another provider's, is not what this endpoint stated. */
static bool
is_of(const rlm_block *sheet, const rlm_settings *settings)
{
    const rlm_stamp *stamp = &sheet->stamp;

    return rlm_slice_equal(stamp->source, rlm_settings_name(settings)) &&
           rlm_slice_is(stamp->api, settings->source->slug) &&
           (rlm_source_is_metadata(settings->source) ||
            rlm_slice_equal(stamp->provider, rlm_settings_provider(settings)));
}

static rlm_status
copy_sheet(rlm_source_fetch *fetch, rlm_slice sheet)
{
    const rlm_block *block = &fetch->previous;

    rlm_buffer_init(&fetch->old_sheet, sheet.length);
    RLM_TRY(rlm_buffer_append(&fetch->old_sheet, sheet.bytes, sheet.length));
    if (rlm_block_peek(fetch->old_sheet.bytes, sheet.length, &fetch->previous, NULL) != RLM_OK ||
        block->size != sheet.length || block->kind != RLM_BLOCK_SHEET || !is_of(block, &fetch->settings) ||
        !rlm_block_intact(block)) {
        drop_sheet(fetch);
    }
    return RLM_OK;
}

/* Open the whole previous sheet, when something needs it. */
static void
open_previous(rlm_source_fetch *fetch)
{
    if (fetch->previous.bytes == NULL || fetch->opened) return;
    fetch->opened = true;
    if (rlm_block_open(fetch->old_sheet.bytes, fetch->old_sheet.length, &fetch->previous, NULL) != RLM_OK)
        drop_sheet(fetch);
}

/* It cannot be asked, and fails alone: the others are still asked. */
static rlm_status
refuse(rlm_source_fetch *fetch, rlm_error *error)
{
    rlm_redact_error(redactor_of(fetch), error, &fetch->outcome.error);
    rlm_error_clear(error);
    fail(fetch);
    return RLM_OK;
}

rlm_status
rlm_source_fetch_open(rlm_source_fetch *fetch, const rlm_source_request *request, const rlm_fetch_context *shared,
                      rlm_error *error)
{
    const rlm_source *source = request->source;
    size_t count;
    rlm_status status;

    *fetch = (rlm_source_fetch){.started = -1, .outcome = {.source = source}, .common = {.shared = shared}};
    rlm_error_clear(&fetch->outcome.error);
    rlm_error_clear(&fetch->outcome.remark);
    rlm_arena_init(&fetch->arena, RLM_CAP_KEPT);
    rlm_rows_init(&fetch->rows, source, NULL, &fetch->arena);
    rlm_buffer_init(&fetch->new_sheet, RLM_CAP_BLOCK);
    rlm_buffer_init(&fetch->answers, RLM_CAP_URL);
    status = rlm_settings_open(&fetch->settings, request, error);
    fetch->outcome.name = fetch->settings.name.length > 0 ? fetch->settings.name.bytes : source->slug;
    fetch->rows.provider = rlm_settings_provider(&fetch->settings);
    if (status == RLM_OK) status = rlm_settings_know(&fetch->settings, shared->redactor, error);
    if (copy_sheet(fetch, request->sheet) != RLM_OK) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    if (status == RLM_BAD_SETTING) return refuse(fetch, error);
    if (status != RLM_OK) return status;

    count = rlm_source_listing_count(source);
    if (count == 0) {
        rlm_error_set(error, RLM_BAD_SETTING, "%s cannot be fetched over the network", source->name);
        return refuse(fetch, error);
    }
    fetch->listing_fetches = rlm_memory_allocate(count * sizeof *fetch->listing_fetches);
    if (fetch->listing_fetches == NULL) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    fetch->running = fetch->count = count;
    fetch->common = (rlm_source_context){
        .shared = shared,
        .settings = &fetch->settings,
        .last = fetch->count == 1 && fetch->previous.bytes != NULL ? &fetch->previous.stamp : NULL,
        .answers = fetch->previous.stamp.answers,
        .arena = &fetch->arena,
        .transport = request->transport != NULL ? request->transport : &rlm_network_transport,
        .context = fetch,
        .grown = grown,
        .ended = listing_fetch_ended,
    };
    for (size_t i = 0; i < fetch->count; i++)
        rlm_listing_fetch_init(&fetch->listing_fetches[i], &fetch->common, &source->listings[i]);
    return RLM_OK;
}

int64_t
rlm_source_fetch_send(rlm_source_fetch *fetch, int64_t now)
{
    int64_t next = INT64_MAX;

    if (fetch->started < 0) fetch->started = now;
    for (size_t i = 0; i < fetch->count; i++) {
        rlm_listing_fetch *listing_fetch = &fetch->listing_fetches[i];

        if (rlm_listing_fetch_is_due(listing_fetch, now)) rlm_listing_fetch_send(listing_fetch);
        if (listing_fetch->state == RLM_LISTING_FETCH_WAITING && listing_fetch->due < next) next = listing_fetch->due;
    }
    return next;
}

/* ---- The sheet ---- */

static rlm_stamp
stamp_of(const rlm_source_fetch *fetch, int64_t now)
{
    const rlm_buffer *url = &fetch->listing_fetches[0].first_url, *etag = &fetch->listing_fetches[0].etag;

    return (rlm_stamp){
        .source = rlm_settings_name(&fetch->settings),
        .api = rlm_slice_of(fetch->settings.source->slug),
        .provider = rlm_source_is_metadata(fetch->settings.source) ? (rlm_slice){NULL, 0}
                                                                   : rlm_settings_provider(&fetch->settings),
        .url = {url->bytes, url->length},
        .etag = {etag->bytes, fetch->count == 1 ? etag->length : 0}, /* of several answers none stands for all */
        .fetched_at = now,
        .answers = {fetch->answers.bytes, fetch->answers.length},
    };
}

static rlm_status
write_sheet(rlm_source_fetch *fetch, int64_t now, rlm_error *failure)
{
    const rlm_stamp stamp = stamp_of(fetch, now);
    rlm_status status;

    open_previous(fetch);
    status = rlm_sheet_write(&fetch->rows, fetch->previous.bytes != NULL ? &fetch->previous : NULL, &stamp, now,
                             &fetch->new_sheet, failure);
    fetch->outcome.kept = fetch->rows.kept;
    fetch->outcome.forgotten = fetch->rows.forgotten;
    return status;
}

/* The answer was the last one again: the old sheet stays, or gets a stamp with another ETag. */
static rlm_status
stamp_sheet(rlm_source_fetch *fetch, int64_t now, rlm_error *failure)
{
    rlm_stamp stamp = stamp_of(fetch, now);

    if (rlm_slice_equal(stamp.etag, fetch->previous.stamp.etag)) return RLM_OK;
    open_previous(fetch);
    if (fetch->previous.bytes == NULL) return rlm_error_set(failure, RLM_BAD_BLOCK, UNUSABLE);
    stamp.answers = fetch->previous.stamp.answers;
    return rlm_sheet_stamp(&fetch->previous, &stamp, &fetch->new_sheet);
}

rlm_status
rlm_source_fetch_finish(rlm_source_fetch *fetch, int64_t now, rlm_error *error)
{
    rlm_error failure;
    rlm_status status;

    if (fetch->outcome.status != RLM_OUTCOME_REFRESHED || fetch->current.bytes != NULL) return RLM_OK;
    rlm_error_clear(&failure);
    status = fetch->repeats ? stamp_sheet(fetch, now, &failure) : write_sheet(fetch, now, &failure);
    if (status == RLM_OK && fetch->new_sheet.length > 0)
        status = rlm_block_peek(fetch->new_sheet.bytes, fetch->new_sheet.length, &fetch->current, &failure);
    forget_answers(fetch);
    if (status == RLM_OUT_OF_MEMORY) return rlm_error_set(error, status, NULL);
    if (status == RLM_OK) {
        if (fetch->previous.bytes != NULL && fetch->current.bytes != NULL)
            fetch->outcome.lost = rlm_diff_lost(&fetch->previous, &fetch->current);
        return RLM_OK;
    }
    failure.status = status;
    rlm_source_fetch_revoke(fetch, &failure);
    return RLM_OK;
}

void
rlm_source_fetch_revoke(rlm_source_fetch *fetch, const rlm_error *error)
{
    fetch->current = (rlm_block){.bytes = NULL};
    rlm_buffer_free(&fetch->new_sheet);
    rlm_redact_error(redactor_of(fetch), error, &fetch->outcome.error);
    fetch->outcome.error.http_status = fetch->outcome.http_status;
    fail(fetch);
}

const rlm_block *
rlm_source_fetch_sheet(const rlm_source_fetch *fetch)
{
    if (fetch->current.bytes != NULL) return &fetch->current;
    return fetch->previous.bytes != NULL ? &fetch->previous : NULL;
}

const rlm_block *
rlm_source_fetch_open_sheet(rlm_source_fetch *fetch)
{
    rlm_outcome *outcome = &fetch->outcome;
    bool had = fetch->previous.bytes != NULL;

    open_previous(fetch);
    if (had && fetch->previous.bytes == NULL && fetch->current.bytes == NULL) {
        outcome->status = RLM_OUTCOME_FAILED;
        outcome->kept = 0;
        rlm_error_set(&outcome->error, RLM_BAD_BLOCK, UNUSABLE);
    }
    return rlm_source_fetch_sheet(fetch);
}

void
rlm_source_fetch_free(rlm_source_fetch *fetch)
{
    for (size_t i = 0; i < fetch->count; i++) rlm_listing_fetch_free(&fetch->listing_fetches[i]);
    rlm_memory_free(fetch->listing_fetches);
    rlm_settings_free(&fetch->settings);
    rlm_buffer_free(&fetch->old_sheet);
    rlm_buffer_free(&fetch->new_sheet);
    rlm_buffer_free(&fetch->answers);
    rlm_rows_free(&fetch->rows);
    rlm_arena_free(&fetch->arena);
}
