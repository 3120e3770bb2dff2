/*
 * One answer made of a source's listings. Read listing_fetch_ended first: it is told of each, and says what its end
 * means for the source.
 *
 * A required listing that fails fails the source, at once for what it says, and as soon as the others have ended for
 * everybody else. When all are here, `conclude` joins their rows, lets the source complete them, and decides what the
 * source did.
 */
#include "fetch/source_fetch.h"

#include "base/caps.h"

#include <string.h>

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

/* The source has failed, for what its error says: what it stated before stays. */
static void
fail(rlm_source_fetch *fetch)
{
    fetch->outcome.status = RLM_OUTCOME_FAILED;
    fetch->outcome.rows = fetch->outcome.forgotten = 0;
    fetch->outcome.kept = count_kept(&fetch->previous);
}

/* All rows as one answer. `*listed` tells how many of them are models that the listings state. */
static rlm_status
join(rlm_source_fetch *fetch, size_t *listed, rlm_error *error)
{
    const rlm_request settings = {
        .slug = fetch->settings.source->slug, .setting = rlm_settings_get, .context = &fetch->settings};

    for (size_t i = 0; i < fetch->count; i++) {
        RLM_TRY(rlm_rows_join(&fetch->rows, &fetch->listing_fetches[i].rows, error));
        rlm_rows_free(&fetch->listing_fetches[i].rows);
    }
    *listed = fetch->outcome.rows = fetch->rows.count;
    return fetch->records ? RLM_OK : rlm_rows_complete(&fetch->rows, &settings, listed, error);
}

static rlm_outcome_status
judge(rlm_source_fetch *fetch)
{
    size_t listed;
    rlm_error error;
    rlm_status status;

    if (fetch->common.failed) return RLM_OUTCOME_FAILED;
    if (fetch->listing_fetches[0].unchanged) return RLM_OUTCOME_UNCHANGED;
    rlm_error_clear(&error);
    status = rlm_arena_status(&fetch->arena, join(fetch, &listed, &error));
    if (status == RLM_OK && listed > 0) return RLM_OUTCOME_REFRESHED;
    if (status == RLM_OK && fetch->rows.found) return RLM_OUTCOME_EMPTY;
    if (status == RLM_OK)
        status = rlm_error_set(&error, RLM_BAD_SHAPE, "no %s in the answer", fetch->common.listings[0].rows);
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
    for (size_t i = 0; i < fetch->count; i++) rlm_rows_free(&fetch->listing_fetches[i].rows);
    rlm_rows_free(&fetch->rows);
    rlm_arena_free(&fetch->arena);
}

static void
clean(const rlm_source_fetch *fetch, rlm_tally *tally)
{
    const rlm_error said = tally->first;

    if (tally->count > 0) rlm_redact_error(redactor_of(fetch), &said, &tally->first);
}

static void
count_in(rlm_source_fetch *fetch, rlm_listing_fetch *listing_fetch)
{
    rlm_outcome *outcome = &fetch->outcome;
    rlm_row_tallies *tallies = &listing_fetch->rows.tallies;

    outcome->attempts += listing_fetch->attempts;
    outcome->bytes += listing_fetch->bytes;
    clean(fetch, &tallies->rejected);
    clean(fetch, &tallies->left_out);
    clean(fetch, &tallies->unread_prices);
    rlm_row_tallies_add(&outcome->tallies, tallies);
}

/* What an optional listing's failure says, with the path, which tells it from the others. */
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

/* The source has failed: who waits for his turn, or to try again, has nothing to wait for. */
static void
give_up(rlm_source_fetch *fetch, const rlm_error *error)
{
    fetch->outcome.error = *error;
    fetch->common.failed = true;
    for (size_t i = 0; i < fetch->count; i++) {
        if (fetch->listing_fetches[i].state == RLM_LISTING_FETCH_WAITING)
            rlm_listing_fetch_fail(&fetch->listing_fetches[i], error);
    }
}

static void
listing_fetch_ended(void *context, rlm_listing_fetch *listing_fetch)
{
    rlm_source_fetch *fetch = context;
    bool optional = (listing_fetch->listing->flags & RLM_LISTING_OPTIONAL) != 0,
         failed = listing_fetch->error.status != RLM_OK;

    fetch->running--;
    count_in(fetch, listing_fetch);
    if (!fetch->common.failed) {
        if (!optional && listing_fetch->http_status != 0) fetch->outcome.http_status = listing_fetch->http_status;
        if (failed && optional) keep_remark(fetch, listing_fetch);
        else if (failed) give_up(fetch, &listing_fetch->error);
    }
    /* The last one to end may have been ended by giving up, inside this call. */
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
}

static rlm_status
copy_sheet(rlm_source_fetch *fetch, rlm_slice sheet)
{
    const rlm_block *block = &fetch->previous;

    rlm_buffer_init(&fetch->old_sheet, sheet.length);
    RLM_TRY(rlm_buffer_append(&fetch->old_sheet, sheet.bytes, sheet.length));
    if (rlm_block_peek(fetch->old_sheet.bytes, sheet.length, &fetch->previous, NULL) != RLM_OK ||
        block->size != sheet.length || block->kind != RLM_BLOCK_SHEET ||
        !rlm_slice_is(block->stamp.source, fetch->settings.source->slug) || !rlm_block_intact(block)) {
        drop_sheet(fetch);
    }
    return RLM_OK;
}

/* Look at all of the sheet so far, when something needs it. */
static void
open_previous(rlm_source_fetch *fetch)
{
    if (fetch->previous.bytes == NULL || fetch->opened) return;
    fetch->opened = true;
    if (rlm_block_open(fetch->old_sheet.bytes, fetch->old_sheet.length, &fetch->previous, NULL) != RLM_OK)
        drop_sheet(fetch);
}

/* Into the arena of the rows, which lasts until the last of them has been read. */
static rlm_status
copy_replies(rlm_source_fetch *fetch, const rlm_source_request *request)
{
    rlm_reply *replies;

    if (request->replies == NULL) return RLM_OK;
    fetch->common.replies = replies = rlm_arena_allocate(&fetch->arena, request->reply_count + 1, sizeof *replies);
    if (replies == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < request->reply_count; i++) {
        const rlm_slice body = request->replies[i].body;
        char *copy = rlm_arena_allocate(&fetch->arena, body.length + 1, 1); /* zeroed: ended by a NUL */

        if (copy == NULL) return RLM_OUT_OF_MEMORY;
        if (body.length > 0) memcpy(copy, body.bytes, body.length);
        replies[i] = (rlm_reply){request->replies[i].listing, request->replies[i].http_status, {copy, body.length}};
    }
    fetch->common.reply_count = request->reply_count;
    return RLM_OK;
}

/* It cannot be asked, which is its own failure: the others are asked all the same. */
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
    rlm_status status;

    *fetch = (rlm_source_fetch){.started = -1, .outcome = {.source = source}, .common = {.shared = shared}};
    rlm_error_clear(&fetch->outcome.error);
    rlm_error_clear(&fetch->outcome.remark);
    rlm_arena_init(&fetch->arena, RLM_CAP_KEPT);
    rlm_rows_init(&fetch->rows, source, NULL, &fetch->arena);
    rlm_buffer_init(&fetch->new_sheet, RLM_CAP_BLOCK);
    status = rlm_settings_open(&fetch->settings, request, error);
    if (status == RLM_OK) status = rlm_settings_know(&fetch->settings, shared->redactor, error);
    if (copy_sheet(fetch, request->sheet) != RLM_OK) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    if (status == RLM_BAD_SETTING) return refuse(fetch, error);
    if (status != RLM_OK) return status;

    fetch->records = request->records;
    fetch->running = fetch->count = request->records ? 1 : rlm_source_listing_count(source);
    if (fetch->count == 0) {
        rlm_error_set(error, RLM_BAD_SETTING, "%s cannot be fetched over the network", source->name);
        return refuse(fetch, error);
    }
    fetch->common = (rlm_source_context){
        .shared = shared,
        .settings = &fetch->settings,
        .last = fetch->count == 1 && fetch->previous.bytes != NULL ? &fetch->previous.stamp : NULL,
        .arena = &fetch->arena,
        .listings = request->records ? rlm_source_file.listings : source->listings,
        .context = fetch,
        .ended = listing_fetch_ended,
    };
    if (copy_replies(fetch, request) != RLM_OK) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < fetch->count; i++)
        rlm_listing_fetch_init(&fetch->listing_fetches[i], &fetch->common, &fetch->common.listings[i]);
    return RLM_OK;
}

int64_t
rlm_source_fetch_send(rlm_source_fetch *fetch, int64_t now)
{
    int64_t next = INT64_MAX;

    if (fetch->started < 0) fetch->started = now;
    for (size_t i = 0; i < fetch->count; i++) {
        rlm_listing_fetch *listing_fetch = &fetch->listing_fetches[i];

        if (listing_fetch->state == RLM_LISTING_FETCH_WAITING && listing_fetch->due <= now)
            rlm_listing_fetch_send(listing_fetch);
        if (listing_fetch->state == RLM_LISTING_FETCH_WAITING && listing_fetch->due < next) next = listing_fetch->due;
    }
    return next;
}

/* ---- The sheet ---- */

rlm_status
rlm_source_fetch_finish(rlm_source_fetch *fetch, int64_t now, rlm_error *error)
{
    const rlm_buffer *url = &fetch->listing_fetches[0].first_url, *etag = &fetch->listing_fetches[0].etag;
    const rlm_stamp stamp = {
        .source = rlm_slice_of(fetch->settings.source->slug),
        .url = {url->bytes, url->length},
        .etag = {etag->bytes, fetch->count == 1 ? etag->length : 0}, /* of several answers none stands for all */
        .fetched_at = now,
    };
    rlm_error failure;
    rlm_status status;

    if (fetch->outcome.status != RLM_OUTCOME_REFRESHED || fetch->current.bytes != NULL) return RLM_OK;
    rlm_error_clear(&failure);
    open_previous(fetch);
    status = rlm_sheet_write(&fetch->rows, fetch->previous.bytes != NULL ? &fetch->previous : NULL, &stamp, now,
                             &fetch->new_sheet, &failure);
    if (status == RLM_OK)
        status = rlm_block_open(fetch->new_sheet.bytes, fetch->new_sheet.length, &fetch->current, &failure);
    fetch->outcome.kept = fetch->rows.kept;
    fetch->outcome.forgotten = fetch->rows.forgotten;
    rlm_rows_free(&fetch->rows);
    rlm_arena_free(&fetch->arena);
    if (status == RLM_OUT_OF_MEMORY) return rlm_error_set(error, status, NULL);
    if (status == RLM_OK) {
        if (fetch->previous.bytes != NULL) fetch->outcome.lost = rlm_diff_lost(&fetch->previous, &fetch->current);
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
        rlm_error_set(&outcome->error, RLM_BAD_BLOCK, "its stored sheet is unusable");
    }
    return rlm_source_fetch_sheet(fetch);
}

void
rlm_source_fetch_free(rlm_source_fetch *fetch)
{
    for (size_t i = 0; i < fetch->count; i++) rlm_listing_fetch_free(&fetch->listing_fetches[i]);
    rlm_settings_free(&fetch->settings);
    rlm_buffer_free(&fetch->old_sheet);
    rlm_buffer_free(&fetch->new_sheet);
    rlm_rows_free(&fetch->rows);
    rlm_arena_free(&fetch->arena);
}
