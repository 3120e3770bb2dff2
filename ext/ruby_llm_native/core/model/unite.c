/*
 * Rows of one id become one record. Read from rlm_record_unite upwards. No row has precedence, so the order in which a
 * server sends them changes nothing.
 */
#include "model/record.h"

#include "base/caps.h"
#include "model/origins.h"
#include "json/json.h"

#include <stdlib.h>
#include <string.h>

/* The earlier text in byte order, because no row has precedence; an empty text does not count. */
static rlm_slice
either(rlm_slice left, rlm_slice right)
{
    if (left.length == 0) return right;
    if (right.length == 0) return left;
    return rlm_slice_compare(left, right) <= 0 ? left : right;
}

static rlm_timestamp
earlier(rlm_timestamp left, rlm_timestamp right)
{
    if (left.precision == RLM_PRECISION_NONE) return right;
    if (right.precision == RLM_PRECISION_NONE) return left;
    if (left.seconds != right.seconds) return left.seconds < right.seconds ? left : right;
    return left.precision >= right.precision ? left : right;
}

static void
unite_flags(rlm_flags *flags, rlm_flags other)
{
    flags->yes |= other.yes;
    flags->no = (flags->no | other.no) & ~flags->yes;
}

static uint8_t
stronger_type(uint8_t left, uint8_t right)
{
    if (left == RLM_TYPE_UNKNOWN) return right;
    if (right == RLM_TYPE_UNKNOWN) return left;
    return left < right ? left : right; /* chat is the first of them */
}

static size_t
count_equivalents(const rlm_record *records, size_t count)
{
    size_t total = 0;
    rlm_slice id;

    for (size_t i = 0; i < count; i++) {
        for (rlm_slice rest = records[i].equivalents; rlm_id_list_next(&rest, &id);) total++;
    }
    return total;
}

/*
 * The equivalents of all rows, sorted once: one row after the other would copy what is already there as often as there
 * are rows.
 */
static rlm_status
unite_equivalents(rlm_record *records, size_t count, rlm_arena *arena)
{
    size_t total = count_equivalents(records, count), next = 0;
    rlm_slice *ids;
    rlm_status status;

    if (total == count_equivalents(records, 1)) return RLM_OK; /* nobody else names any */
    ids = rlm_memory_allocate(total * sizeof *ids);
    if (ids == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        for (rlm_slice rest = records[i].equivalents; rlm_id_list_next(&rest, &ids[next]);) next++;
    }
    status = rlm_id_list(arena, ids, total, RLM_CAP_EQUIVALENTS, &records[0].equivalents);
    rlm_memory_free(ids);
    return status;
}

/* ---- Metadata ---- */

static int
later_text_first(const void *left, const void *right)
{
    return -rlm_slice_compare(*(const rlm_slice *) left, *(const rlm_slice *) right);
}

/*
 * The metadata that differ, in an order that does not depend on the order of the rows; the last is the earliest in byte
 * order.
 */
static size_t
collect_metadata(const rlm_record *records, size_t count, rlm_slice *texts)
{
    size_t found = 0, kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (records[i].metadata.length > 0) texts[found++] = records[i].metadata;
    }
    if (found > 1) qsort(texts, found, sizeof *texts, later_text_first);
    for (size_t i = 0; i < found; i++) {
        if (kept == 0 || !rlm_slice_equal(texts[kept - 1], texts[i])) texts[kept++] = texts[i];
    }
    return kept;
}

/* All of them in one list, "[{…},{…}]", as one value of the reader. */
static rlm_status
parse_all(const rlm_slice *texts, size_t count, rlm_json *json, rlm_value **list)
{
    rlm_error error;
    bool found;

    for (size_t i = 0; i < count; i++) {
        RLM_TRY(rlm_json_feed(json, i == 0 ? "[" : ",", 1, &error));
        RLM_TRY(rlm_json_feed(json, texts[i].bytes, texts[i].length, &error));
    }
    RLM_TRY(rlm_json_feed(json, "]", 1, &error));
    return rlm_json_finish(json, list, &found, &error);
}

/* One object with the members of all. */
static rlm_status
write_united(const rlm_value *list, rlm_arena *scratch, rlm_arena *arena, rlm_slice *out)
{
    rlm_value all = {.kind = RLM_OBJECT};
    rlm_buffer json;
    rlm_status status;
    bool some;

    RLM_EACH (each, list) rlm_value_append_members(&all, each);
    RLM_TRY(rlm_value_unite(&all, scratch));
    rlm_buffer_init(&json, RLM_CAP_ROW);
    status = rlm_value_write(&all, false, scratch, &json, &some);
    if (status == RLM_OK && some) status = rlm_text_copy(arena, (rlm_slice){json.bytes, json.length}, out);
    rlm_buffer_free(&json);
    return status;
}

static rlm_status
unite_texts(const rlm_slice *texts, size_t count, rlm_arena *arena, rlm_slice *out)
{
    const rlm_json_rows none = {.rows = NULL};
    rlm_arena scratch;
    rlm_json *json;
    rlm_value *list;
    rlm_status status;

    RLM_TRY(rlm_json_open_with(&none, &(rlm_json_caps){RLM_CAP_EXPORT_DEPTH, RLM_CAP_ROW, 1, RLM_CAP_VALUES}, &json));
    rlm_arena_init(&scratch, RLM_CAP_ROW);
    status = parse_all(texts, count, json, &list);
    if (status == RLM_OK) status = rlm_arena_status(&scratch, write_united(list, &scratch, arena, out));
    rlm_arena_free(&scratch);
    rlm_json_free(json);
    return status;
}

rlm_status
rlm_record_add_metadata(rlm_record *record, rlm_slice json)
{
    const rlm_slice texts[] = {record->metadata, json};
    rlm_status status;

    if (record->metadata.length == 0) {
        record->metadata = json;
        return RLM_OK;
    }
    status = unite_texts(texts, 2, record->arena, &record->metadata);
    return status == RLM_OUT_OF_MEMORY ? status : RLM_OK;
}

/* If they are too large to be united, the earliest in byte order is kept. */
static rlm_status
unite_metadata(rlm_record *records, size_t count, rlm_arena *arena)
{
    rlm_slice *texts = rlm_memory_allocate(count * sizeof *texts);
    rlm_status status = RLM_OK;
    size_t kept;

    if (texts == NULL) return RLM_OUT_OF_MEMORY;
    kept = collect_metadata(records, count, texts);
    if (kept > 0) records[0].metadata = texts[kept - 1];
    if (kept > 1) status = unite_texts(texts, kept, arena, &records[0].metadata);
    rlm_memory_free(texts);
    return status == RLM_OUT_OF_MEMORY ? status : RLM_OK;
}

/* ---- All facts ---- */

/*
 * Prices are a set: one row's, never a mixture. The longer set says more; between two of equal length, the order of
 * their bytes decides.
 */
static bool
is_richer(const rlm_price_set *set, const rlm_price_set *other)
{
    int order;

    if (set->count != other->count) return set->count > other->count;
    if (set->count == 0) return false;
    order = memcmp(set->list, other->list, set->count * sizeof *set->list);
    return order < 0 || (order == 0 && rlm_slice_compare(set->words, other->words) < 0);
}

/* Likewise: those of the row that states more. */
static bool
has_more_bounds(const rlm_record *record, const rlm_record *other)
{
    if (record->bound_count != other->bound_count) return record->bound_count > other->bound_count;
    return record->bound_count > 0 &&
           memcmp(record->bounds, other->bounds, record->bound_count * sizeof *record->bounds) < 0;
}

static rlm_status
unite_facts(rlm_record *record, const rlm_record *other, rlm_arena *arena)
{
    record->name = either(record->name, other->name);
    record->family = either(record->family, other->family);
    record->license = either(record->license, other->license);
    record->pattern = either(record->pattern, other->pattern);
    RLM_TRY(rlm_id_list_unite(arena, record->replacements, other->replacements, &record->replacements));
    RLM_TRY(rlm_id_list_unite(arena, record->data_regions, other->data_regions, &record->data_regions));
    record->created_at = earlier(record->created_at, other->created_at);
    record->knowledge_cutoff = earlier(record->knowledge_cutoff, other->knowledge_cutoff);
    record->retires_at = earlier(record->retires_at, other->retires_at);
    record->deprecated_at = earlier(record->deprecated_at, other->deprecated_at);
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) {
        rlm_field field = rlm_limit_fields[i];

        if (other->limits[i] <= record->limits[i]) continue;
        record->limits[i] = other->limits[i];
        if (record->origins.length + other->origins.length > 0)
            RLM_TRY(rlm_origin_set(record, field, rlm_origin_of(other, field), arena));
    }
    unite_flags(&record->capabilities, other->capabilities);
    unite_flags(&record->input, other->input);
    unite_flags(&record->output, other->output);
    unite_flags(&record->parameters, other->parameters);
    unite_flags(&record->efforts, other->efforts);
    unite_flags(&record->traits, other->traits);
    if (other->default_effort > record->default_effort) record->default_effort = other->default_effort;
    if (has_more_bounds(other, record)) {
        record->bounds = other->bounds;
        record->bound_count = other->bound_count;
    }
    record->type = stronger_type(record->type, other->type);
    if (other->status > record->status) record->status = other->status;

    if (is_richer(&other->prices, &record->prices)) record->prices = other->prices;
    return RLM_OK;
}

rlm_status
rlm_record_unite(rlm_record *records, size_t count, rlm_arena *arena)
{
    RLM_TRY(unite_metadata(records, count, arena));
    for (size_t i = 1; i < count; i++) RLM_TRY(unite_facts(&records[0], &records[i], arena));
    return unite_equivalents(records, count, arena);
}
