/* Rows become records. Read rlm_rows_add for one row, rlm_rows_complete for what a source makes of all of them. */
#include "sources/rows.h"

#include "base/caps.h"

#include <string.h>

void
rlm_rows_init(rlm_rows *rows, const rlm_source *source, const rlm_listing *listing, rlm_arena *arena)
{
    memset(rows, 0, sizeof *rows);
    rows->source = source;
    rows->provider = rlm_slice_of(source->slug);
    rows->listing = listing;
    rows->arena = arena;
}

/* ---- Counting ---- */

static void
tell(rlm_tally *tally, const rlm_error *error)
{
    if (tally->count++ == 0) tally->first = *error;
}

void
rlm_rows_leave_out(rlm_rows *rows, const rlm_error *why)
{
    tell(&rows->tallies.left_out, why);
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

void
rlm_rows_count_unread_price(rlm_rows *rows, const rlm_record *record)
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
reserve(rlm_rows *rows, size_t count)
{
    size_t capacity = rows->capacity == 0 ? 64 : rows->capacity;
    rlm_record *records;

    if (count <= rows->capacity) return RLM_OK;
    while (capacity < count) capacity *= 2; /* count is capped by RLM_CAP_ROWS, twice */
    records = rlm_memory_resize(rows->records, capacity * sizeof *records);
    if (records == NULL) return RLM_OUT_OF_MEMORY;
    rows->records = records;
    rows->capacity = capacity;
    return RLM_OK;
}

rlm_status
rlm_rows_append(rlm_rows *rows, const rlm_record *record)
{
    RLM_TRY(reserve(rows, rows->count + 1));
    rows->records[rows->count++] = *record;
    return RLM_OK;
}

static rlm_status
too_many_rows(rlm_error *error)
{
    return rlm_error_set(error, RLM_TOO_MANY_ROWS, "more than %d models", RLM_CAP_ROWS);
}

static bool
can_be_provider(rlm_slice name)
{
    return name.length > 0 && name.length <= RLM_CAP_NAME && !rlm_slice_has_control_characters(name);
}

/* Whether a group of that name can be a provider, where the source has such. */
static bool
may_be_provider(const rlm_rows *rows, rlm_slice group)
{
    return rows->source->provider == NULL || can_be_provider(group);
}

bool
rlm_rows_wants(void *context, rlm_slice key)
{
    const rlm_rows *rows = context;

    return (rows->listing->wants == NULL || rows->listing->wants(key)) && may_be_provider(rows, key);
}

/* A provider's slug as it is spelled here: the group's name in lower case, with "_" for "-", "." and blanks. */
static rlm_status
slug_of(rlm_arena *arena, rlm_slice group, rlm_slice *slug)
{
    char *bytes = rlm_arena_allocate(arena, group.length, 1);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < group.length; i++) {
        bytes[i] = strchr("-. ", group.bytes[i]) != NULL ? '_' : rlm_ascii_lower(group.bytes[i]);
    }
    *slug = (rlm_slice){bytes, group.length};
    return RLM_OK;
}

rlm_status
rlm_rows_slug(rlm_arena *arena, rlm_slice name, rlm_slice *slug, rlm_error *error)
{
    if (can_be_provider(name)) return slug_of(arena, name, slug);
    return rlm_error_set(error, RLM_BAD_ROW, "a provider's name must have 1 to %d bytes, without control characters",
                         RLM_CAP_NAME);
}

rlm_status
rlm_rows_provider(const rlm_rows *rows, rlm_slice group, rlm_slice *provider)
{
    const char *known = rows->source->provider(group);

    *provider = (rlm_slice){NULL, 0};
    if (!may_be_provider(rows, group)) return RLM_OK;
    if (known == NULL) return slug_of(rows->arena, group, provider);
    *provider = rlm_slice_of(known);
    return RLM_OK;
}

/* The group's name and its provider, kept once for all the rows that follow one another in it. */
static rlm_status
keep_group(const rlm_rows *rows, rlm_slice group, rlm_record *record)
{
    const rlm_record *last = rows->count > 0 ? &rows->records[rows->count - 1] : NULL;

    if (last != NULL && rlm_slice_equal(last->group, group)) {
        record->group = last->group;
        if (rows->source->provider != NULL) record->provider = last->provider;
        return RLM_OK;
    }
    RLM_TRY(rlm_text_copy(rows->arena, group, &record->group));
    if (rows->source->provider == NULL) return RLM_OK;
    return rlm_rows_provider(rows, group, &record->provider);
}

rlm_status
rlm_rows_fail(const rlm_rows *rows, rlm_status status, rlm_error *error)
{
    status = rlm_arena_status(rows->arena, status);
    if (status != RLM_TOO_LARGE) return rlm_error_set(error, status, NULL);
    return rlm_error_set(error, status, "its models take more than %zu MB of memory", rows->arena->cap >> 20);
}

/*
 * `known` is the record's id, already kept; it is empty for a row that became no record, because the next page begins
 * after such a row, too.
 */
static rlm_status
keep_last_id(rlm_rows *rows, const rlm_value *row, rlm_slice known)
{
    rlm_slice id = rlm_value_text(rlm_value_get(row, "id"));

    rows->last_id = known;
    return known.length > 0 ? RLM_OK : rlm_text_copy(rows->arena, id, &rows->last_id);
}

static rlm_status
count_equivalents(rlm_rows *rows, rlm_slice equivalents, rlm_error *error)
{
    rlm_slice id;

    while (rlm_id_list_next(&equivalents, &id)) rows->equivalents++;
    if (rows->equivalents <= RLM_CAP_SOURCE_EQUIVALENTS + rows->count) return RLM_OK;
    return rlm_error_set(error, RLM_TOO_LARGE, "its models name more than %zu other ids",
                         RLM_CAP_SOURCE_EQUIVALENTS + rows->count);
}

rlm_status
rlm_rows_add(void *context, rlm_slice group, rlm_value *row, rlm_error *error)
{
    rlm_rows *rows = context;
    rlm_record record;
    rlm_error reason;
    size_t used = rows->arena->used;
    rlm_status status;

    if (rows->count >= RLM_CAP_ROWS) return too_many_rows(error);
    status = rlm_redact_value(rows->redactor, row, rows->arena);
    if (status != RLM_OK) return rlm_rows_fail(rows, status, error);
    rlm_record_init(&record, rows->arena, rows->provider);
    record.listing = rows->listing;
    status = may_be_provider(rows, group) ? keep_group(rows, group, &record) : RLM_OK;
    if (status != RLM_OK) return rlm_rows_fail(rows, status, error);
    rlm_error_clear(&reason);
    if (!may_be_provider(rows, group)) {
        status = rlm_error_set(&reason, RLM_BAD_ROW,
                               "a provider must have an id of 1 to %d bytes, without control characters, before its "
                               "models; got %s",
                               RLM_CAP_NAME, group.length == 0 ? "none there" : "another");
    } else if (row->kind != RLM_OBJECT)
        status = rlm_error_set(&reason, RLM_BAD_ROW, "a row must be an object, got %s", rlm_value_kind_name(row));
    else if (row->first == NULL) status = rlm_error_set(&reason, RLM_BAD_ROW, "a row must not be empty, got {}");
    else status = rows->listing->read_row(row, &record, &reason);

    if (status != RLM_OUT_OF_MEMORY && (rows->listing->flags & RLM_LISTING_CURSOR) != 0) {
        if (keep_last_id(rows, row, status == RLM_OK ? record.id : (rlm_slice){NULL, 0}) != RLM_OK)
            status = RLM_OUT_OF_MEMORY;
    }
    if (status == RLM_BAD_ROW || status == RLM_LEFT_OUT) {
        tell(status == RLM_BAD_ROW ? &rows->tallies.rejected : &rows->tallies.left_out, &reason);
        return RLM_OK;
    }
    if (status == RLM_OK) status = rlm_rows_append(rows, &record);
    if (status != RLM_OK) return rlm_rows_fail(rows, status, error);
    if (record.unread_price.length > 0) rlm_rows_count_unread_price(rows, &record);
    rows->memory += rows->arena->used - used;
    rows->arena->cap += RLM_CAP_KEPT_ROW;
    return count_equivalents(rows, record.equivalents, error);
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
    rlm_record_init(*record, rows->arena, rows->provider);
    return RLM_OK;
}

rlm_status
rlm_rows_join(rlm_rows *rows, const rlm_rows *listing, rlm_error *error)
{
    if (listing->count > RLM_CAP_ROWS - rows->count) return too_many_rows(error);
    RLM_TRY(reserve(rows, rows->count + listing->count));
    if (listing->count > 0)
        memcpy(rows->records + rows->count, listing->records, listing->count * sizeof *rows->records);
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

        if (status == RLM_OUT_OF_MEMORY || (status != RLM_OK && error->status != status))
            return rlm_rows_fail(rows, status, error);
        if (status != RLM_OK) return status;
    }
    for (size_t i = 0; i < rows->count; i++) *listed += rows->records[i].standing != RLM_STANDING_DOCUMENTED;
    return RLM_OK;
}
