/* Rows become a sheet. Read rlm_rows_add for one row, rlm_sheet_write for what a whole answer means for models that are not in it. */
#include "sheet.h"

#include "limits.h"
#include "page.h"

#include <stdlib.h>
#include <string.h>

void
rlm_rows_init(rlm_rows *rows, const rlm_source *source, const rlm_listing *listing, rlm_arena *arena)
{
    memset(rows, 0, sizeof *rows);
    rows->source = source;
    rows->listing = listing;
    rows->arena = arena;
}

/* ---- Counting ---- */

static void
tell(rlm_tally *tally, const rlm_error *error)
{
    if (tally->count++ == 0) tally->first = *error;
}

static void
add_tally(rlm_tally *tally, const rlm_tally *other)
{
    if (tally->count == 0) tally->first = other->first;
    tally->count += other->count;
}

void
rlm_row_tallies_add(rlm_row_tallies *tallies, const rlm_row_tallies *other)
{
    add_tally(&tallies->rejected, &other->rejected);
    add_tally(&tallies->left_out, &other->left_out);
    add_tally(&tallies->unread_prices, &other->unread_prices);
}

static void
tell_of_prices(rlm_rows *rows, const rlm_record *record)
{
    const rlm_slice id = record->id, what = record->unread_price;
    rlm_error told;

    rlm_error_clear(&told);
    rlm_error_set(&told, RLM_BAD_NUMBER, "%.*s: %.*s", (int) id.length, id.bytes, (int) what.length, what.bytes);
    tell(&rows->tallies.unread_prices, &told);
}

/* ---- Rows ---- */

void
rlm_rows_free(rlm_rows *rows)
{
    rlm_memory_free(rows->records);
    rows->records = NULL;
    rows->count = rows->capacity = 0;
}

static rlm_status
too_many_rows(rlm_error *error)
{
    return rlm_error_set(error, RLM_TOO_MANY_ROWS, "more than %d models", RLM_LIMIT_ROWS);
}

static rlm_status
reserve(rlm_rows *rows, size_t count)
{
    size_t capacity = rows->capacity == 0 ? 64 : rows->capacity;
    rlm_record *records;

    if (count <= rows->capacity) return RLM_OK;
    while (capacity < count) capacity *= 2; /* count is capped by RLM_LIMIT_ROWS, twice */
    records = rlm_memory_resize(rows->records, capacity * sizeof *records);
    if (records == NULL) return RLM_OUT_OF_MEMORY;
    rows->records = records;
    rows->capacity = capacity;
    return RLM_OK;
}

bool
rlm_rows_wants(void *context, rlm_slice group)
{
    const rlm_rows *rows = context;

    if (rows->listing->wants != NULL && !rows->listing->wants(group)) return false;
    return rows->source->provider == NULL || rows->source->provider(group) != NULL;
}

/* The group's name, copied once for all the rows that follow one another in it. */
static rlm_status
keep_group(const rlm_rows *rows, rlm_slice group, rlm_slice *kept)
{
    const rlm_record *last = rows->count > 0 ? &rows->records[rows->count - 1] : NULL;

    if (last == NULL || !rlm_slice_equal(last->group, group)) return rlm_text_copy(rows->arena, group, kept);
    *kept = last->group;
    return RLM_OK;
}

/* What a row, or all of them together, could not be kept for. */
static rlm_status
say_why(const rlm_rows *rows, rlm_status status, rlm_error *error)
{
    status = rlm_arena_status(rows->arena, status);
    if (status != RLM_TOO_LARGE) return rlm_error_set(error, status, NULL);
    return rlm_error_set(error, status, "its models take more than %zu MB of memory", rows->arena->cap >> 20);
}

/* `known` is the record's id, already kept, and empty for a row that became no record: the next page begins after such a row, too. */
static rlm_status
keep_last_id(rlm_rows *rows, const rlm_value *row, rlm_slice known)
{
    rlm_slice id = rlm_value_text(rlm_value_get(row, "id"));

    rows->last_id = known;
    return known.length > 0 ? RLM_OK : rlm_text_copy(rows->arena, id, &rows->last_id);
}

static rlm_status
count_kin(rlm_rows *rows, rlm_slice kin, rlm_error *error)
{
    rlm_slice id;

    while (rlm_kin_next(&kin, &id)) rows->kin++;
    if (rows->kin <= RLM_LIMIT_SOURCE_KIN + rows->count) return RLM_OK;
    return rlm_error_set(error, RLM_TOO_LARGE, "its models name more than %zu other ids", RLM_LIMIT_SOURCE_KIN + rows->count);
}

rlm_status
rlm_rows_add(void *context, rlm_slice group, rlm_value *row, rlm_error *error)
{
    rlm_rows *rows = context;
    const rlm_source *source = rows->source;
    rlm_record record;
    rlm_error reason;
    size_t used = rows->arena->used;
    rlm_status status;

    if (rows->count >= RLM_LIMIT_ROWS) return too_many_rows(error);
    status = rlm_redact_value(rows->redactor, row, rows->arena);
    if (status != RLM_OK) return say_why(rows, status, error);
    rlm_record_init(&record, rows->arena, rlm_slice_of(source->provider != NULL ? source->provider(group) : source->slug));
    record.listing = rows->listing;
    status = keep_group(rows, group, &record.group);
    if (status != RLM_OK) return say_why(rows, status, error);
    rlm_error_clear(&reason);
    if (row->kind != RLM_OBJECT) status = rlm_error_set(&reason, RLM_BAD_ROW, "a row must be an object, got %s", rlm_value_kind_name(row));
    else if (row->first == NULL) status = rlm_error_set(&reason, RLM_BAD_ROW, "a row must say something, got {}");
    else status = rows->listing->read_row(row, &record, &reason);

    if (status != RLM_OUT_OF_MEMORY && (rows->listing->flags & RLM_LISTING_CURSOR) != 0) {
        if (keep_last_id(rows, row, status == RLM_OK ? record.id : (rlm_slice) {NULL, 0}) != RLM_OK) status = RLM_OUT_OF_MEMORY;
    }
    if (status == RLM_BAD_ROW || status == RLM_LEFT_OUT) {
        tell(status == RLM_BAD_ROW ? &rows->tallies.rejected : &rows->tallies.left_out, &reason);
        return RLM_OK;
    }
    if (status == RLM_OK) status = reserve(rows, rows->count + 1);
    if (status != RLM_OK) return say_why(rows, status, error);
    if (record.unread_price.length > 0) tell_of_prices(rows, &record);
    rows->records[rows->count++] = record;
    rows->memory += rows->arena->used - used;
    rows->arena->cap += RLM_LIMIT_KEPT_ROW;
    return count_kin(rows, record.kin, error);
}

rlm_status
rlm_rows_judge(const rlm_rows *rows, rlm_error *error)
{
    const rlm_tally *rejected = &rows->tallies.rejected;

    if (rejected->count <= rows->count + rows->tallies.left_out.count) return RLM_OK;
    return rlm_error_set(error, RLM_BAD_ANSWER, "%zu of %zu rows were rejected; first: %s", rejected->count,
                         rejected->count + rows->count + rows->tallies.left_out.count, rejected->first.message);
}

rlm_status
rlm_rows_new(rlm_rows *rows, rlm_record **record)
{
    RLM_TRY(reserve(rows, rows->count + 1));
    *record = &rows->records[rows->count++];
    rlm_record_init(*record, rows->arena, rlm_slice_of(rows->source->slug));
    return RLM_OK;
}

rlm_status
rlm_rows_join(rlm_rows *rows, const rlm_rows *listing, rlm_error *error)
{
    if (listing->count > RLM_LIMIT_ROWS - rows->count) return too_many_rows(error);
    RLM_TRY(reserve(rows, rows->count + listing->count));
    if (listing->count > 0) memcpy(rows->records + rows->count, listing->records, listing->count * sizeof *rows->records);
    rows->count += listing->count;
    rlm_row_tallies_add(&rows->tallies, &listing->tallies);
    rows->found = rows->found || listing->found;
    return RLM_OK;
}

rlm_status
rlm_rows_complete(rlm_rows *rows, const rlm_request *settings, size_t *listed, rlm_error *error)
{
    *listed = 0;
    if (rows->count > 0 && rows->source->complete != NULL) {
        rlm_status status = rows->source->complete(rows, settings, error);

        if (status == RLM_OUT_OF_MEMORY || (status != RLM_OK && error->status != status)) return say_why(rows, status, error);
        if (status != RLM_OK) return status;
    }
    for (size_t i = 0; i < rows->count; i++) *listed += rows->records[i].standing != RLM_STANDING_CATALOGUED;
    return RLM_OK;
}

static bool
is_catalogued(const rlm_record *record)
{
    return record->standing == RLM_STANDING_CATALOGUED;
}

/* Of one id, the listed ones come first, and what the source knows by itself last. */
static int
by_key_and_standing(const void *left, const void *right)
{
    const rlm_record *a = left, *b = right;
    int order = rlm_record_compare(a, b);

    if (order != 0) return order;
    return is_catalogued(a) != is_catalogued(b) ? is_catalogued(a) - is_catalogued(b) : a->standing - b->standing;
}

/* How many of the sorted rows from `first` on speak for their id; `*end` is where the rows of the next id begin. */
static size_t
count_speakers(const rlm_rows *rows, size_t first, size_t *end)
{
    const rlm_record *records = &rows->records[first];
    size_t count = 1, speakers = 1;

    for (; first + count < rows->count && rlm_record_compare(records, &records[count]) == 0; count++) {
        if (is_catalogued(&records[count]) == is_catalogued(records)) speakers++;
    }
    *end = first + count;
    return speakers;
}

/* Sort, and unite the rows that one id has. What a source knows by itself is silent where its listing speaks. */
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

/* Behind the rows of this answer, the models of the last one that it does not have. */
static rlm_status
carry(rlm_rows *rows, const rlm_block *previous, int64_t now)
{
    size_t answered = rows->count; /* sorted, and what is appended here is not looked into */

    for (size_t i = 0; i < previous->count; i++) {
        rlm_record old;

        rlm_block_record(previous, i, &old);
        if (answered > 0 && bsearch(&old, rows->records, answered, sizeof old, rlm_record_compare) != NULL) continue;
        if (old.standing == RLM_STANDING_CATALOGUED) continue;
        if (old.standing == RLM_STANDING_LISTED && !rows->partial) {
            old.standing = RLM_STANDING_UNLISTED;
            old.unlisted_at = (rlm_moment) {now, RLM_PRECISION_SECOND};
        }
        RLM_TRY(reserve(rows, rows->count + 1));
        rows->records[rows->count++] = old;
    }
    return RLM_OK;
}

/* Those that stay listed, then those that went last. */
static int
by_standing_and_end(const void *left, const void *right)
{
    const rlm_record *a = left, *b = right;

    if (a->standing != b->standing) return a->standing - b->standing;
    if (a->unlisted_at.seconds != b->unlisted_at.seconds) return a->unlisted_at.seconds > b->unlisted_at.seconds ? -1 : 1;
    return rlm_record_compare(a, b);
}

static size_t
memory_of(const rlm_record *record)
{
    return sizeof *record + record->id.length + record->name.length + record->family.length + record->replacement.length +
           record->kin.length + record->metadata.length + record->price_count * sizeof *record->prices;
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
 * What `previous` has and this answer has not. A source that answers other ids each time would fill the registry with what is gone: the ones
 * that went longest ago are forgotten.
 */
static rlm_status
carry_unlisted(rlm_rows *rows, const rlm_block *previous, int64_t now)
{
    size_t answered = rows->count, room = answered < RLM_LIMIT_ROWS ? RLM_LIMIT_ROWS - answered : 0, most = answered, count, unlisted;
    rlm_record *carried;

    RLM_TRY(carry(rows, previous, now));
    count = rows->count - answered;
    if (count == 0) return RLM_OK;
    carried = &rows->records[answered];
    if (count > 1) qsort(carried, count, sizeof *carried, by_standing_and_end);
    if (most > RLM_LIMIT_UNLISTED) most = RLM_LIMIT_UNLISTED;
    if (most < RLM_LIMIT_UNLISTED_LEAST) most = RLM_LIMIT_UNLISTED_LEAST;
    for (unlisted = 0; unlisted < count && carried[unlisted].standing == RLM_STANDING_LISTED;) unlisted++;
    rows->kept = count_within(carried, unlisted, RLM_STANDING_LISTED, room, RLM_LIMIT_SOURCE);
    if (rows->kept < unlisted) memmove(carried + rows->kept, carried + unlisted, (count - unlisted) * sizeof *carried);
    most = count_within(carried + rows->kept, count - unlisted, RLM_STANDING_UNLISTED, most, RLM_LIMIT_UNLISTED_BYTES);
    rows->count = answered + rows->kept + most;
    rows->forgotten = count - rows->kept - most;
    return RLM_OK;
}

rlm_status
rlm_sheet_write(rlm_rows *rows, const rlm_block *previous, const rlm_stamp *stamp, int64_t now, rlm_buffer *out, rlm_error *error)
{
    bool catalogue = (rows->source->flags & RLM_SOURCE_CATALOGUE) != 0;
    rlm_status status = unite(rows);

    if (status != RLM_OK) return say_why(rows, status, error);
    for (size_t i = 0; i < rows->count; i++) {
        /* A registry file says itself which of its models are unlisted. */
        if (catalogue && rows->records[i].standing != RLM_STANDING_UNLISTED) rows->records[i].standing = RLM_STANDING_CATALOGUED;
    }
    if (!catalogue && previous != NULL) RLM_TRY(carry_unlisted(rows, previous, now));
    status = rlm_block_write(RLM_BLOCK_SHEET, rows->records, rows->count, stamp, out);
    if (status != RLM_TOO_LARGE) return status;
    return rlm_error_set(error, status, "its models need a sheet of more than %u MB", RLM_LIMIT_BLOCK >> 20);
}

static const char *
unset(void *context, const char *name)
{
    (void) context, (void) name;
    return NULL;
}

rlm_status
rlm_sheet_read(rlm_slice slug, rlm_slice text, int64_t now, rlm_buffer *out, size_t *rejected, rlm_error *error)
{
    const rlm_source *source = rlm_source_find(slug);
    rlm_stamp stamp = {slug, {NULL, 0}, {NULL, 0}, now};
    const rlm_request settings = {.slug = source != NULL ? source->slug : NULL, .setting = unset};
    rlm_json *json;
    rlm_arena arena;
    rlm_rows rows;
    size_t listed;
    rlm_page page;
    rlm_status status;

    if (source == NULL) return rlm_error_set(error, RLM_UNKNOWN_SOURCE, "no source is called \"%.*s\"", (int) slug.length, slug.bytes);
    rlm_arena_init(&arena, RLM_LIMIT_KEPT);
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
    *rejected = rows.tallies.rejected.count + rows.tallies.left_out.count;
    rlm_json_free(json);
    rlm_rows_free(&rows);
    rlm_arena_free(&arena);
    return status;
}
