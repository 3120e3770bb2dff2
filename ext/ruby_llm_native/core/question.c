/*
 * One answer made of a source's listings. Read reading_ended first: it is told of each, and says what its end means for the source.
 *
 * A required listing that fails fails the source, at once for what it says, and as soon as the others have ended for everybody else. When all
 * are here, `conclude` joins their rows, lets the source complete them, and decides what the source did.
 */
#include "question.h"

#include "limits.h"

#include <string.h>

static const rlm_redactor *
redactor_of(const rlm_asking *asking)
{
    return asking->inquiry.terms->redactor;
}

/* ---- Ending ---- */

static size_t
count_kept(const rlm_block *sheet)
{
    return sheet->bytes == NULL ? 0 : rlm_block_shown(sheet);
}

/* The source has failed, for what its error says: what it stated before stays. */
static void
fail(rlm_asking *asking)
{
    asking->outcome.status = RLM_OUTCOME_FAILED;
    asking->outcome.rows = asking->outcome.forgotten = 0;
    asking->outcome.kept = count_kept(&asking->previous);
}

/* All rows as one answer. `*listed` tells how many of them are models that the listings state. */
static rlm_status
join(rlm_asking *asking, size_t *listed, rlm_error *error)
{
    const rlm_request settings = {.slug = asking->settings.source->slug, .setting = rlm_settings_get, .context = &asking->settings};

    for (size_t i = 0; i < asking->count; i++) {
        RLM_TRY(rlm_rows_join(&asking->rows, &asking->readings[i].rows, error));
        rlm_rows_free(&asking->readings[i].rows);
    }
    *listed = asking->outcome.rows = asking->rows.count;
    return asking->records ? RLM_OK : rlm_rows_complete(&asking->rows, &settings, listed, error);
}

static rlm_outcome_status
judge(rlm_asking *asking)
{
    size_t listed;
    rlm_error error;
    rlm_status status;

    if (asking->inquiry.failed) return RLM_OUTCOME_FAILED;
    if (asking->readings[0].unchanged) return RLM_OUTCOME_UNCHANGED;
    rlm_error_clear(&error);
    status = rlm_arena_status(&asking->arena, join(asking, &listed, &error));
    if (status == RLM_OK && listed > 0) return RLM_OUTCOME_REFRESHED;
    if (status == RLM_OK && asking->rows.found) return RLM_OUTCOME_EMPTY;
    if (status == RLM_OK) status = rlm_error_set(&error, RLM_BAD_SHAPE, "no %s in the answer", asking->inquiry.listings[0].rows);
    error.status = status;
    rlm_redact_error(redactor_of(asking), &error, &asking->outcome.error);
    return RLM_OUTCOME_FAILED;
}

/* All readings have ended. */
static void
conclude(rlm_asking *asking)
{
    rlm_outcome *outcome = &asking->outcome;

    outcome->status = judge(asking);
    outcome->seconds = asking->started < 0 ? 0 : (double) (rlm_http_clock() - asking->started) / 1000;
    if (outcome->status == RLM_OUTCOME_FAILED || outcome->status == RLM_OUTCOME_EMPTY) outcome->kept = count_kept(&asking->previous);
    if (outcome->status == RLM_OUTCOME_REFRESHED) return;
    outcome->rows = 0;
    for (size_t i = 0; i < asking->count; i++) rlm_rows_free(&asking->readings[i].rows);
    rlm_rows_free(&asking->rows);
    rlm_arena_free(&asking->arena);
}

static void
clean(const rlm_asking *asking, rlm_tally *tally)
{
    const rlm_error said = tally->first;

    if (tally->count > 0) rlm_redact_error(redactor_of(asking), &said, &tally->first);
}

static void
count_in(rlm_asking *asking, rlm_reading *reading)
{
    rlm_outcome *outcome = &asking->outcome;
    rlm_row_tallies *tallies = &reading->rows.tallies;

    outcome->attempts += reading->attempts;
    outcome->bytes += reading->bytes;
    clean(asking, &tallies->rejected);
    clean(asking, &tallies->left_out);
    clean(asking, &tallies->unread_prices);
    rlm_row_tallies_add(&outcome->tallies, tallies);
}

/* What an optional listing's failure says, with the path, which tells it from the others. */
static void
keep_remark(rlm_asking *asking, const rlm_reading *reading)
{
    const char *path = reading->listing->path;

    if (!rlm_reading_is_missing(reading)) asking->rows.partial = true; /* what does not exist lists nothing */
    if (asking->outcome.remark.status != RLM_OK) return;
    asking->outcome.remark = reading->error;
    if (path != NULL) rlm_error_set(&asking->outcome.remark, reading->error.status, "%s: %s", path, reading->error.message);
}

/* The source has failed: who waits for his turn, or to try again, has nothing to wait for. */
static void
give_up(rlm_asking *asking, const rlm_error *error)
{
    asking->outcome.error = *error;
    asking->inquiry.failed = true;
    for (size_t i = 0; i < asking->count; i++) {
        if (asking->readings[i].state == RLM_READING_WAITING) rlm_reading_fail(&asking->readings[i], error);
    }
}

static void
reading_ended(void *context, rlm_reading *reading)
{
    rlm_asking *asking = context;
    bool optional = (reading->listing->flags & RLM_LISTING_OPTIONAL) != 0, failed = reading->error.status != RLM_OK;

    asking->running--;
    count_in(asking, reading);
    if (!asking->inquiry.failed) {
        if (!optional && reading->http_status != 0) asking->outcome.http_status = reading->http_status;
        if (failed && optional) keep_remark(asking, reading);
        else if (failed) give_up(asking, &reading->error);
    }
    /* The last one to end may have been ended by giving up, inside this call. */
    if (asking->running == 0 && asking->outcome.status == RLM_OUTCOME_RUNNING) conclude(asking);
}

void
rlm_question_fail(rlm_asking *asking, const rlm_error *error)
{
    for (size_t i = 0; i < asking->count; i++) {
        if (asking->readings[i].state != RLM_READING_ENDED) rlm_reading_fail(&asking->readings[i], error);
    }
}

/* ---- Opening and asking ---- */

static void
drop_sheet(rlm_asking *asking)
{
    rlm_buffer_free(&asking->old_sheet);
    asking->previous = (rlm_block) {.bytes = NULL};
}

static rlm_status
copy_sheet(rlm_asking *asking, rlm_slice sheet)
{
    const rlm_block *block = &asking->previous;

    rlm_buffer_init(&asking->old_sheet, sheet.length);
    RLM_TRY(rlm_buffer_append(&asking->old_sheet, sheet.bytes, sheet.length));
    if (rlm_block_peek(asking->old_sheet.bytes, sheet.length, &asking->previous, NULL) != RLM_OK || block->size != sheet.length ||
        block->kind != RLM_BLOCK_SHEET || !rlm_slice_is(block->stamp.source, asking->settings.source->slug) || !rlm_block_intact(block)) {
        drop_sheet(asking);
    }
    return RLM_OK;
}

/* Look at all of the sheet so far, when something needs it. */
static void
open_previous(rlm_asking *asking)
{
    if (asking->previous.bytes == NULL || asking->opened) return;
    asking->opened = true;
    if (rlm_block_open(asking->old_sheet.bytes, asking->old_sheet.length, &asking->previous, NULL) != RLM_OK) drop_sheet(asking);
}

/* Into the arena of the rows, which lasts until the last of them has been read. */
static rlm_status
copy_replies(rlm_asking *asking, const rlm_question *question)
{
    rlm_reply *replies;

    if (question->replies == NULL) return RLM_OK;
    asking->inquiry.replies = replies = rlm_arena_allocate(&asking->arena, question->reply_count + 1, sizeof *replies);
    if (replies == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < question->reply_count; i++) {
        const rlm_slice body = question->replies[i].body;
        char *copy = rlm_arena_allocate(&asking->arena, body.length + 1, 1); /* zeroed: ended by a NUL */

        if (copy == NULL) return RLM_OUT_OF_MEMORY;
        if (body.length > 0) memcpy(copy, body.bytes, body.length);
        replies[i] = (rlm_reply) {question->replies[i].listing, question->replies[i].http_status, {copy, body.length}};
    }
    asking->inquiry.reply_count = question->reply_count;
    return RLM_OK;
}

/* It cannot be asked, which is its own failure: the others are asked all the same. */
static rlm_status
refuse(rlm_asking *asking, rlm_error *error)
{
    rlm_redact_error(redactor_of(asking), error, &asking->outcome.error);
    rlm_error_clear(error);
    fail(asking);
    return RLM_OK;
}

rlm_status
rlm_question_open(rlm_asking *asking, const rlm_question *question, const rlm_terms *terms, rlm_error *error)
{
    const rlm_source *source = question->source;
    rlm_status status;

    *asking = (rlm_asking) {.started = -1, .outcome = {.source = source}, .inquiry = {.terms = terms}};
    rlm_error_clear(&asking->outcome.error);
    rlm_error_clear(&asking->outcome.remark);
    rlm_arena_init(&asking->arena, RLM_LIMIT_KEPT);
    rlm_rows_init(&asking->rows, source, NULL, &asking->arena);
    rlm_buffer_init(&asking->new_sheet, RLM_LIMIT_BLOCK);
    status = rlm_settings_open(&asking->settings, question, error);
    if (status == RLM_OK) status = rlm_settings_know(&asking->settings, terms->redactor, error);
    if (copy_sheet(asking, question->sheet) != RLM_OK) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    if (status == RLM_BAD_SETTING) return refuse(asking, error);
    if (status != RLM_OK) return status;

    asking->records = question->records;
    asking->running = asking->count = question->records ? 1 : rlm_source_listing_count(source);
    if (asking->count == 0) {
        rlm_error_set(error, RLM_BAD_SETTING, "%s cannot be asked over the network", source->name);
        return refuse(asking, error);
    }
    asking->inquiry = (rlm_inquiry) {
        .terms = terms,
        .settings = &asking->settings,
        .last = asking->count == 1 && asking->previous.bytes != NULL ? &asking->previous.stamp : NULL,
        .arena = &asking->arena,
        .listings = question->records ? rlm_source_file.listings : source->listings,
        .context = asking,
        .ended = reading_ended,
    };
    if (copy_replies(asking, question) != RLM_OK) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < asking->count; i++) rlm_reading_init(&asking->readings[i], &asking->inquiry, &asking->inquiry.listings[i]);
    return RLM_OK;
}

int64_t
rlm_question_ask(rlm_asking *asking, int64_t now)
{
    int64_t next = INT64_MAX;

    if (asking->started < 0) asking->started = now;
    for (size_t i = 0; i < asking->count; i++) {
        rlm_reading *reading = &asking->readings[i];

        if (reading->state == RLM_READING_WAITING && reading->due <= now) rlm_reading_ask(reading);
        if (reading->state == RLM_READING_WAITING && reading->due < next) next = reading->due;
    }
    return next;
}

/* ---- The sheet ---- */

rlm_status
rlm_question_close(rlm_asking *asking, int64_t now, rlm_error *error)
{
    const rlm_buffer *url = &asking->readings[0].first_url, *etag = &asking->readings[0].etag;
    const rlm_stamp stamp = {
        .source = rlm_slice_of(asking->settings.source->slug),
        .url = {url->bytes, url->length},
        .etag = {etag->bytes, asking->count == 1 ? etag->length : 0}, /* of several answers none stands for all */
        .fetched_at = now,
    };
    rlm_error failure;
    rlm_status status;

    if (asking->outcome.status != RLM_OUTCOME_REFRESHED || asking->current.bytes != NULL) return RLM_OK;
    rlm_error_clear(&failure);
    open_previous(asking);
    status = rlm_sheet_write(&asking->rows, asking->previous.bytes != NULL ? &asking->previous : NULL, &stamp, now, &asking->new_sheet, &failure);
    if (status == RLM_OK) status = rlm_block_open(asking->new_sheet.bytes, asking->new_sheet.length, &asking->current, &failure);
    asking->outcome.kept = asking->rows.kept;
    asking->outcome.forgotten = asking->rows.forgotten;
    rlm_rows_free(&asking->rows);
    rlm_arena_free(&asking->arena);
    if (status == RLM_OUT_OF_MEMORY) return rlm_error_set(error, status, NULL);
    if (status == RLM_OK) {
        if (asking->previous.bytes != NULL) asking->outcome.lost = rlm_diff_lost(&asking->previous, &asking->current);
        return RLM_OK;
    }
    failure.status = status;
    rlm_question_take_back(asking, &failure);
    return RLM_OK;
}

void
rlm_question_take_back(rlm_asking *asking, const rlm_error *error)
{
    asking->current = (rlm_block) {.bytes = NULL};
    rlm_buffer_free(&asking->new_sheet);
    rlm_redact_error(redactor_of(asking), error, &asking->outcome.error);
    asking->outcome.error.http_status = asking->outcome.http_status;
    fail(asking);
}

const rlm_block *
rlm_question_sheet(const rlm_asking *asking)
{
    if (asking->current.bytes != NULL) return &asking->current;
    return asking->previous.bytes != NULL ? &asking->previous : NULL;
}

const rlm_block *
rlm_question_open_sheet(rlm_asking *asking)
{
    rlm_outcome *outcome = &asking->outcome;
    bool had = asking->previous.bytes != NULL;

    open_previous(asking);
    if (had && asking->previous.bytes == NULL && asking->current.bytes == NULL) {
        outcome->status = RLM_OUTCOME_FAILED;
        outcome->kept = 0;
        rlm_error_set(&outcome->error, RLM_BAD_BLOCK, "its last sheet cannot be used");
    }
    return rlm_question_sheet(asking);
}

void
rlm_question_free(rlm_asking *asking)
{
    for (size_t i = 0; i < asking->count; i++) rlm_reading_free(&asking->readings[i]);
    rlm_settings_free(&asking->settings);
    rlm_buffer_free(&asking->old_sheet);
    rlm_buffer_free(&asking->new_sheet);
    rlm_rows_free(&asking->rows);
    rlm_arena_free(&asking->arena);
}
