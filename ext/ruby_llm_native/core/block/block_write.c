/*
 * Writing a block: the records with their texts and prices, then the indexes over them, then the aliases; write_all
 * puts the parts together.
 *
 * Every part is a function of the sorted records and the stamp alone, so that equal facts give equal bytes.
 */
#include "block/layout.h"

#include "base/caps.h"

#include <stdlib.h>
#include <string.h>

/* That a record is of a family. */
typedef struct {
    rlm_slice name;
    uint32_t record;
    bool unlisted;
} membership;

typedef struct {
    rlm_interner texts;
    rlm_buffer records, prices, bounds, by_id, by_type, families, by_family, aliases, scratch;
    rlm_arena arena;      /* for what is sorted */
    size_t fingerprinted; /* bytes of texts that are the records', which their fingerprints cover */
    stored_header head;
} writer;

static rlm_status
store_text(writer *out, rlm_slice text, stored_text *stored)
{
    if (text.length > UINT32_MAX) return RLM_TOO_LARGE;
    stored->length = (uint32_t) text.length;
    return rlm_interner_add(&out->texts, text, &stored->offset);
}

/* The hash of everything that the record says, and of nothing that depends on where its texts stand. */
static void
fingerprint(const rlm_record *record, rlm_slice *const texts[TEXTS], stored_record *stored)
{
    stored_record plain = *stored;
    rlm_hasher hasher;

    memset(plain.texts, 0, sizeof plain.texts);
    plain.prices = plain.bounds = 0;
    rlm_hasher_init(&hasher);
    rlm_hasher_add(&hasher, &plain, sizeof plain);
    for (int i = 0; i < TEXTS; i++) {
        rlm_hasher_add(&hasher, &stored->texts[i].length, sizeof stored->texts[i].length);
        rlm_hasher_add(&hasher, texts[i]->bytes, texts[i]->length);
    }
    rlm_hasher_add(&hasher, record->prices.list, record->prices.count * sizeof *record->prices.list);
    rlm_hasher_add(&hasher, record->bounds, record->bound_count * sizeof *record->bounds);
    rlm_hasher_finish(&hasher, stored->fingerprint);
}

static rlm_status
store_record(writer *out, const rlm_record *given, unsigned char superseded)
{
    rlm_record record = *given;
    rlm_slice *texts[TEXTS];
    rlm_timestamp *timestamps[TIMESTAMPS];
    rlm_flags *flags[FLAGS];
    stored_record stored;

    memset(&stored, 0, sizeof stored);
    places_of(&record, texts, timestamps, flags);
    for (int i = 0; i < TEXTS; i++) RLM_TRY(store_text(out, *texts[i], &stored.texts[i]));
    for (int i = 0; i < TIMESTAMPS; i++) {
        stored.timestamps[i] = timestamps[i]->seconds;
        stored.precisions[i] = timestamps[i]->precision;
    }
    for (int i = 0; i < FLAGS; i++) stored.flags[i] = *flags[i];
    memcpy(stored.limits, record.limits, sizeof stored.limits);
    stored.type = record.type;
    stored.status = record.status;
    stored.standing = record.standing;
    stored.default_effort = record.default_effort;
    stored.prices = (uint32_t) (out->prices.length / sizeof *record.prices.list);
    stored.price_count = record.prices.count;
    stored.bounds = (uint32_t) (out->bounds.length / sizeof *record.bounds);
    stored.bound_count = record.bound_count;
    fingerprint(&record, texts, &stored);
    stored.superseded = superseded; /* after it: no fact of this record alone */
    RLM_TRY(rlm_buffer_append(&out->prices, record.prices.list, record.prices.count * sizeof *record.prices.list));
    RLM_TRY(rlm_buffer_append(&out->bounds, record.bounds, record.bound_count * sizeof *record.bounds));
    return rlm_buffer_append(&out->records, &stored, sizeof stored);
}

/* ---- Indexes ---- */

static int
by_id_and_provider(const void *left, const void *right)
{
    const rlm_record *a = *(const rlm_record *const *) left, *b = *(const rlm_record *const *) right;

    return compare_keys(a->id, a->provider, b->id, b->provider);
}

static rlm_status
index_ids(writer *out, const rlm_record *records, size_t count)
{
    const rlm_record **sorted = rlm_arena_allocate(&out->arena, count, sizeof *sorted);

    if (sorted == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) sorted[i] = &records[i];
    if (count > 1) qsort(sorted, count, sizeof *sorted, by_id_and_provider);
    for (size_t i = 0; i < count; i++) {
        uint32_t index = (uint32_t) (sorted[i] - records);

        RLM_TRY(rlm_buffer_append(&out->by_id, &index, sizeof index));
    }
    return RLM_OK;
}

static bool
unlisted(const rlm_record *record)
{
    return record->standing == RLM_STANDING_UNLISTED;
}

/* The head has them of sheets, too, which have no index. */
static void
count_types(writer *out, const rlm_record *records, size_t count)
{
    uint32_t first = 0;

    for (size_t i = 0; i < count; i++) {
        stored_run *run = &out->head.types[records[i].type];

        run->count++;
        run->shown += !unlisted(&records[i]);
    }
    for (int type = 0; type < RLM_TYPE_COUNT; type++) {
        out->head.types[type].first = first;
        first += out->head.types[type].count;
    }
}

static rlm_status
index_types(writer *out, const rlm_record *records, size_t count)
{
    uint32_t *places = rlm_arena_allocate(&out->arena, count, sizeof *places);
    uint32_t next[RLM_TYPE_COUNT][2]; /* by whether it is unlisted */

    if (places == NULL) return RLM_OUT_OF_MEMORY;
    for (int type = 0; type < RLM_TYPE_COUNT; type++) {
        const stored_run *run = &out->head.types[type];

        next[type][0] = run->first;
        next[type][1] = run->first + run->shown;
    }
    for (size_t i = 0; i < count; i++) places[next[records[i].type][unlisted(&records[i])]++] = (uint32_t) i;
    return rlm_buffer_append(&out->by_type, places, count * sizeof *places);
}

static int
by_family(const void *left, const void *right)
{
    const membership *a = left, *b = right;
    int order = rlm_slice_compare(a->name, b->name);

    if (order != 0) return order;
    if (a->unlisted != b->unlisted) return a->unlisted - b->unlisted;
    return a->record < b->record ? -1 : 1;
}

static rlm_status
store_family(writer *out, const membership *members, size_t count)
{
    stored_family family = {.run = {.first = out->head.with_family, .count = (uint32_t) count}};

    RLM_TRY(store_text(out, members->name, &family.name));
    for (size_t i = 0; i < count; i++) {
        family.run.shown += !members[i].unlisted;
        RLM_TRY(rlm_buffer_append(&out->by_family, &members[i].record, sizeof members[i].record));
    }
    out->head.family_count++;
    out->head.with_family += (uint32_t) count;
    return rlm_buffer_append(&out->families, &family, sizeof family);
}

static rlm_status
index_families(writer *out, const rlm_record *records, size_t count)
{
    membership *members = rlm_arena_allocate(&out->arena, count, sizeof *members);
    size_t known = 0;

    if (members == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (records[i].family.length > 0)
            members[known++] = (membership){records[i].family, (uint32_t) i, unlisted(&records[i])};
    }
    if (known > 1) qsort(members, known, sizeof *members, by_family);
    for (size_t first = 0, next; first < known; first = next) {
        for (next = first + 1; next < known && rlm_slice_equal(members[next].name, members[first].name);) next++;
        RLM_TRY(store_family(out, &members[first], next - first));
    }
    return RLM_OK;
}

static rlm_status
store_aliases(writer *out, const rlm_record *records, size_t count)
{
    rlm_alias *aliases;
    size_t alias_count;

    RLM_TRY(rlm_alias_derive(records, count, &out->arena, &aliases, &alias_count));
    if (alias_count > RLM_CAP_BLOCK / sizeof(stored_alias)) return RLM_TOO_LARGE;
    for (size_t i = 0; i < alias_count; i++) {
        stored_alias stored = {.record = aliases[i].record, .kind = aliases[i].kind};

        RLM_TRY(store_text(out, aliases[i].alias, &stored.alias));
        RLM_TRY(rlm_buffer_append(&out->aliases, &stored, sizeof stored));
    }
    out->head.alias_count = (uint32_t) alias_count;
    return RLM_OK;
}

/* ---- All of it ---- */

static rlm_status
store_etag(writer *parts, const rlm_stamp *stamp)
{
    rlm_buffer *text = &parts->scratch;

    rlm_buffer_clear(text);
    RLM_TRY(rlm_buffer_append(text, stamp->etag.bytes, stamp->etag.length));
    if (stamp->answers.length > 0) {
        RLM_TRY(rlm_buffer_append(text, &(char){RLM_BLOCK_ANSWERS}, 1));
        RLM_TRY(rlm_buffer_append(text, stamp->answers.bytes, stamp->answers.length));
    }
    return store_text(parts, (rlm_slice){text->bytes, text->length}, &parts->head.etag);
}

static rlm_status
collect(writer *parts, rlm_block_kind kind, const rlm_record *records, size_t count, const rlm_stamp *stamp)
{
    stored_header *head = &parts->head;
    unsigned char *superseded = NULL;
    size_t price_count = 0, text_bytes = 0;

    if (kind == RLM_BLOCK_CATALOG) RLM_TRY(rlm_alias_superseded(records, count, &parts->arena, &superseded));
    for (size_t i = 0; i < count; i++) {
        price_count += records[i].prices.count;
        text_bytes += records[i].id.length + records[i].name.length + records[i].metadata.length;
    }
    RLM_TRY(rlm_buffer_reserve(&parts->records, count * sizeof(stored_record)));
    RLM_TRY(rlm_buffer_reserve(&parts->prices, price_count * sizeof(rlm_price)));
    /* Most other texts repeat one another. */
    if (text_bytes < RLM_CAP_BLOCK) RLM_TRY(rlm_buffer_reserve(&parts->texts.bytes, text_bytes));
    for (size_t i = 0; i < count; i++)
        RLM_TRY(store_record(parts, &records[i], superseded != NULL && superseded[i] != 0));
    parts->fingerprinted = parts->texts.bytes.length;
    if (stamp != NULL) {
        RLM_TRY(store_text(parts, stamp->source, &head->source));
        RLM_TRY(store_text(parts, stamp->api, &head->api));
        RLM_TRY(store_text(parts, stamp->provider, &head->provider));
        RLM_TRY(store_text(parts, stamp->documented, &head->documented));
        RLM_TRY(store_text(parts, stamp->url, &head->url));
        RLM_TRY(store_etag(parts, stamp));
        head->fetched_at = stamp->fetched_at;
    }
    count_types(parts, records, count);
    if (kind == RLM_BLOCK_CATALOG) {
        RLM_TRY(index_ids(parts, records, count));
        RLM_TRY(index_types(parts, records, count));
        RLM_TRY(index_families(parts, records, count));
        RLM_TRY(store_aliases(parts, records, count));
    }
    head->count = (uint32_t) count;
    head->price_count = (uint32_t) (parts->prices.length / sizeof(rlm_price));
    head->bound_count = (uint32_t) (parts->bounds.length / sizeof(rlm_bound));
    head->text_bytes = (uint32_t) parts->texts.bytes.length;
    return RLM_OK;
}

static rlm_status
join(writer *parts, size_t start, rlm_buffer *out)
{
    stored_header *head = &parts->head;
    const struct {
        const rlm_buffer *bytes;
        uint32_t *offset;
    } order[] = {
        {&parts->prices, &head->prices},   {&parts->bounds, &head->bounds},     {&parts->by_id, &head->by_id},
        {&parts->by_type, &head->by_type}, {&parts->families, &head->families}, {&parts->by_family, &head->by_family},
        {&parts->aliases, &head->aliases}, {&parts->texts.bytes, &head->texts},
    };
    size_t size = sizeof *head + parts->records.length;

    for (size_t i = 0; i < sizeof order / sizeof *order; i++) size += order[i].bytes->length;
    RLM_TRY(rlm_buffer_reserve(out, size + 8));
    RLM_TRY(rlm_buffer_append(out, head, sizeof *head));
    RLM_TRY(rlm_buffer_append(out, parts->records.bytes, parts->records.length));
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        *order[i].offset = (uint32_t) (out->length - start);
        RLM_TRY(rlm_buffer_append(out, order[i].bytes->bytes, order[i].bytes->length));
    }
    return rlm_buffer_align(out, 8);
}

/*
 * The hash of all that follows it in the head and behind it. The records' own texts, most of the block, are hashed once
 * already: in the fingerprints, which are in the records.
 */
static void
hash_block(const writer *parts, const char *bytes, size_t size, uint8_t hash[RLM_HASH_SIZE])
{
    const size_t texts = parts->head.texts, rest = texts + parts->fingerprinted;
    rlm_hasher hasher;

    rlm_hasher_init(&hasher);
    rlm_hasher_add(&hasher, bytes + RLM_BLOCK_HASHED_FROM, texts - RLM_BLOCK_HASHED_FROM);
    rlm_hasher_add(&hasher, bytes + rest, size - rest);
    rlm_hasher_finish(&hasher, hash);
}

static rlm_status
write_all(writer *parts, rlm_block_kind kind, const rlm_record *records, size_t count, const rlm_stamp *stamp,
          rlm_buffer *out)
{
    stored_header *head = &parts->head;
    size_t start = out->length, size;
    char *bytes;

    memcpy(head->magic, RLM_BLOCK_MAGIC, sizeof head->magic);
    head->format = RLM_BLOCK_FORMAT;
    head->kind = (uint16_t) kind;
    head->byte_order = RLM_BLOCK_BYTE_ORDER;
    RLM_TRY(collect(parts, kind, records, count, stamp));
    RLM_TRY(join(parts, start, out));
    size = out->length - start;
    if (size > RLM_CAP_BLOCK) return RLM_TOO_LARGE;
    head->size = size;

    bytes = out->bytes + start;
    memcpy(bytes, head, sizeof *head);
    hash_block(parts, bytes, size, head->hash);
    memcpy(bytes, head, sizeof *head);
    head->checksum = rlm_block_checksum(bytes, size);
    memcpy(bytes, head, sizeof *head);
    return RLM_OK;
}

/* Whoever merges or renews a sheet has sorted them already. */
static bool
is_sorted(const rlm_record *records, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (rlm_record_compare(&records[i - 1], &records[i]) > 0) return false;
    }
    return true;
}

rlm_status
rlm_block_write(rlm_block_kind kind, rlm_record *records, size_t count, const rlm_stamp *stamp, rlm_buffer *out)
{
    writer parts;
    rlm_buffer *const buffers[] = {&parts.records,  &parts.prices,    &parts.bounds,  &parts.by_id,  &parts.by_type,
                                   &parts.families, &parts.by_family, &parts.aliases, &parts.scratch};
    rlm_status status;
    size_t start = out->length;

    if (count > RLM_CAP_BLOCK / sizeof(stored_record)) return RLM_TOO_LARGE;
    if (!is_sorted(records, count)) qsort(records, count, sizeof *records, rlm_record_compare);
    memset(&parts, 0, sizeof parts);
    rlm_interner_init(&parts.texts, RLM_CAP_BLOCK);
    rlm_arena_init(&parts.arena, RLM_CAP_BLOCK);
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) rlm_buffer_init(buffers[i], RLM_CAP_BLOCK);
    status = rlm_arena_status(&parts.arena, write_all(&parts, kind, records, count, stamp, out));
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) rlm_buffer_free(buffers[i]);
    rlm_interner_free(&parts.texts);
    rlm_arena_free(&parts.arena);
    if (status != RLM_OK) out->length = start;
    return status;
}
