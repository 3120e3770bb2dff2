/* Rows become a sheet. Read rlm_sheet_write for what happens to models that are missing from a whole answer. */
#include "block/sheet.h"

#include "base/caps.h"
#include "sources/page.h"

#include <stdlib.h>
#include <string.h>

static bool
is_documented(const rlm_record *record)
{
    return record->standing == RLM_STANDING_DOCUMENTED;
}

/* Within one id, the listed rows come first, and what the source knows by itself comes last. */
static int
by_key_and_standing(const void *left, const void *right)
{
    const rlm_record *a = left, *b = right;
    int order = rlm_record_compare(a, b);

    if (order != 0) return order;
    return is_documented(a) != is_documented(b) ? is_documented(a) - is_documented(b) : a->standing - b->standing;
}

/* How many of the sorted rows from `first` on speak for their id; `*end` is where the rows of the next id begin. */
static size_t
count_speakers(const rlm_rows *rows, size_t first, size_t *end)
{
    const rlm_record *records = &rows->records[first];
    size_t count = 1, speakers = 1;

    for (; first + count < rows->count && rlm_record_compare(records, &records[count]) == 0; count++) {
        if (is_documented(&records[count]) == is_documented(records)) speakers++;
    }
    *end = first + count;
    return speakers;
}

/* Sort, and unite the rows of each id. What a source knows by itself is silent where its listing speaks. */
static rlm_status
unite(rlm_rows *rows)
{
    size_t kept = 0;

    if (rows->count > 1) qsort(rows->records, rows->count, sizeof *rows->records, by_key_and_standing);
    for (size_t first = 0, end; first < rows->count; first = end) {
        rlm_record *records = &rows->records[first];
        size_t speakers = count_speakers(rows, first, &end);

        if (speakers > 1) RLM_TRY(rlm_record_unite(records, speakers, rows->arena));
        rows->records[kept++] = *records;
    }
    rows->count = kept;
    return RLM_OK;
}

/* ---- What an earlier answer listed ---- */

/* Append the models of the previous answer that are missing from this one. */
static rlm_status
carry(rlm_rows *rows, const rlm_block *previous, int64_t now)
{
    size_t answered = rows->count; /* sorted; what is appended here is not searched */

    for (size_t i = 0; i < previous->count; i++) {
        rlm_record old;

        rlm_block_record(previous, i, &old);
        if (answered > 0 && bsearch(&old, rows->records, answered, sizeof old, rlm_record_compare) != NULL) continue;
        if (old.standing == RLM_STANDING_DOCUMENTED) continue;
        if (old.standing == RLM_STANDING_LISTED && !rows->partial) {
            old.standing = RLM_STANDING_UNLISTED;
            old.unlisted_at = (rlm_timestamp){now, RLM_PRECISION_SECOND};
        }
        RLM_TRY(rlm_rows_append(rows, &old));
    }
    return RLM_OK;
}

/* Those that stay listed, then those that went last. */
static int
by_standing_and_end(const void *left, const void *right)
{
    const rlm_record *a = left, *b = right;

    if (a->standing != b->standing) return a->standing - b->standing;
    if (a->unlisted_at.seconds != b->unlisted_at.seconds)
        return a->unlisted_at.seconds > b->unlisted_at.seconds ? -1 : 1;
    return rlm_record_compare(a, b);
}

static size_t
memory_of(const rlm_record *record)
{
    return sizeof *record + record->id.length + record->name.length + record->family.length +
           record->replacements.length + record->equivalents.length + record->metadata.length + record->license.length +
           record->data_regions.length + record->pattern.length + record->prices.words.length +
           record->bound_count * sizeof *record->bounds + record->prices.count * sizeof *record->prices.list;
}

/* How many of the sorted records of that standing are kept: the first ones, up to a number and an amount of memory. */
static size_t
count_within(const rlm_record *records, size_t count, uint8_t standing, size_t most, size_t memory)
{
    size_t kept = 0, used = 0;

    for (; kept < count && kept < most && records[kept].standing == standing; kept++) {
        used += memory_of(&records[kept]);
        if (used > memory) break;
    }
    return kept;
}

/*
 * Keep what `previous` has and this answer has not. A source that answers with new ids each time would fill the
 * registry with what is gone, so the models that went longest ago are forgotten.
 */
static rlm_status
carry_unlisted(rlm_rows *rows, const rlm_block *previous, int64_t now)
{
    size_t answered = rows->count, room = answered < RLM_CAP_ROWS ? RLM_CAP_ROWS - answered : 0, most = answered, count,
           unlisted;
    rlm_record *carried;

    RLM_TRY(carry(rows, previous, now));
    count = rows->count - answered;
    if (count == 0) return RLM_OK;
    carried = &rows->records[answered];
    if (count > 1) qsort(carried, count, sizeof *carried, by_standing_and_end);
    if (most > RLM_CAP_UNLISTED) most = RLM_CAP_UNLISTED;
    if (most < RLM_CAP_UNLISTED_LEAST) most = RLM_CAP_UNLISTED_LEAST;
    for (unlisted = 0; unlisted < count && carried[unlisted].standing == RLM_STANDING_LISTED;) unlisted++;
    rows->kept = count_within(carried, unlisted, RLM_STANDING_LISTED, room, RLM_CAP_SOURCE);
    if (rows->kept < unlisted) memmove(carried + rows->kept, carried + unlisted, (count - unlisted) * sizeof *carried);
    most = count_within(carried + rows->kept, count - unlisted, RLM_STANDING_UNLISTED, most, RLM_CAP_UNLISTED_BYTES);
    rows->count = answered + rows->kept + most;
    rows->forgotten = count - rows->kept - most;
    return RLM_OK;
}

rlm_status
rlm_sheet_write(rlm_rows *rows, const rlm_block *previous, const rlm_stamp *stamp, int64_t now, rlm_buffer *out,
                rlm_error *error)
{
    bool metadata = rlm_source_is_metadata(rows->source);
    rlm_status status = unite(rows);

    if (status != RLM_OK) return rlm_rows_fail(rows, status, error);
    for (size_t i = 0; i < rows->count; i++) {
        /* A registry file states which of its models are unlisted. */
        if (metadata && rows->records[i].standing != RLM_STANDING_UNLISTED)
            rows->records[i].standing = RLM_STANDING_DOCUMENTED;
    }
    if (!metadata && previous != NULL) RLM_TRY(carry_unlisted(rows, previous, now));
    status = rlm_block_write(RLM_BLOCK_SHEET, rows->records, rows->count, stamp, out);
    if (status != RLM_TOO_LARGE) return status;
    return rlm_error_set(error, status, "its models need a sheet larger than %u MB", RLM_CAP_BLOCK >> 20);
}

rlm_status
rlm_sheet_stamp(const rlm_block *sheet, const rlm_stamp *stamp, rlm_buffer *out)
{
    rlm_record *records = rlm_memory_allocate((sheet->count > 0 ? sheet->count : 1) * sizeof *records);
    rlm_status status;

    if (records == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < sheet->count; i++) rlm_block_record(sheet, i, &records[i]);
    status = rlm_block_write(RLM_BLOCK_SHEET, records, sheet->count, stamp, out);
    rlm_memory_free(records);
    return status;
}

static const char *
unset(void *context, const char *name)
{
    (void) context, (void) name;
    return NULL;
}

rlm_status
rlm_sheet_read_as(rlm_slice name, rlm_slice slug, rlm_slice text, int64_t now, rlm_buffer *out,
                  rlm_row_tallies *tallies, rlm_error *error)
{
    const rlm_source *source = rlm_source_find(slug);
    rlm_stamp stamp = {.source = name, .api = slug, .fetched_at = now};
    const rlm_request settings = {.slug = source != NULL ? source->slug : NULL, .setting = unset};
    rlm_json *json;
    rlm_arena arena;
    rlm_rows rows;
    size_t listed;
    rlm_page page;
    rlm_status status;

    *tallies = (rlm_row_tallies){.rejected = {.count = 0}};
    if (source == NULL)
        return rlm_error_set(error, RLM_UNKNOWN_SOURCE, "unknown source \"%.*s\"", (int) slug.length, slug.bytes);
    if (!rlm_source_is_metadata(source)) stamp.provider = slug;
    rlm_arena_init(&arena, RLM_CAP_KEPT);
    rlm_rows_init(&rows, source, &source->listings[0], &arena);
    status = rlm_page_open(&rows, &json);
    if (status == RLM_OK) status = rlm_json_feed(json, text.bytes, text.length, error);
    if (status == RLM_OK) status = rlm_page_close(json, &rows, true, &page, error);
    if (status == RLM_OK) status = rlm_rows_judge(&rows, error);
    if (status == RLM_OK) status = rlm_rows_complete(&rows, &settings, &listed, error);
    if (status == RLM_OK) status = rlm_sheet_write(&rows, NULL, &stamp, now, out, error);
    if (status == RLM_OUT_OF_MEMORY || status == RLM_TOO_LARGE) {
        if (error->status == RLM_OK) rlm_error_set(error, status, NULL);
    }
    *tallies = rows.tallies;
    rlm_json_free(json);
    rlm_rows_free(&rows);
    rlm_arena_free(&arena);
    return status;
}

rlm_status
rlm_sheet_read(rlm_slice slug, rlm_slice text, int64_t now, rlm_buffer *out, size_t *rejected, rlm_error *error)
{
    rlm_row_tallies tallies;
    rlm_status status = rlm_sheet_read_as(slug, slug, text, now, out, &tallies, error);

    *rejected = tallies.rejected.count + tallies.left_out.count;
    return status;
}
