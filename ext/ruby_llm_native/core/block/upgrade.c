/*
 * Format 3 stored an origin as the position of its source in RLM_SOURCES, and knew no endpoints but the providers
 * themselves. Its records are read here into rlm_record and written anew. Everything that the writer relies on is
 * checked first; the new blocks are opened like any others, which checks the rest.
 */
#include "block/upgrade.h"

#include "base/caps.h"
#include "block/layout.h"
#include "model/origins.h"
#include "sources/source.h"

#define FORMAT 3
#define TYPES 14
#define FIELDS 15
#define FIRST_SOURCE 8

typedef struct {
    char magic[4];
    uint16_t format, kind;
    uint64_t checksum;
    uint8_t hash[RLM_HASH_SIZE];
    uint32_t byte_order, count;
    uint64_t size;
    int64_t fetched_at;
    stored_text source, url, etag;
    uint32_t prices, by_id, by_type, families, by_family, aliases, texts;
    uint32_t price_count, family_count, with_family, alias_count, text_bytes;
    stored_run types[TYPES];
} old_header;

typedef struct {
    stored_text texts[METADATA + 1];
    int64_t limits[RLM_LIMIT_COUNT];
    int64_t timestamps[TIMESTAMPS];
    rlm_flags capabilities, input, output;
    uint8_t fingerprint[RLM_HASH_SIZE];
    uint32_t prices, price_count;
    uint8_t precisions[TIMESTAMPS];
    uint8_t type, status, standing, superseded;
    uint8_t origins[FIELDS];
    uint8_t unused[1];
} old_record;

static_assert(sizeof(old_header) == 128 + sizeof(stored_run) * TYPES, "as it was stored");
static_assert(sizeof(old_record) == 184, "as it was stored");
static_assert(TYPES <= RLM_TYPE_COUNT && FIELDS <= RLM_FIELD_COUNT, "names were only appended");

/* One block of it. Its bytes are a copy, so that they are aligned. */
typedef struct {
    const char *bytes;
    const old_header *head;
    rlm_arena *arena;
} old_block;

bool
rlm_upgrade_needed(rlm_slice bytes)
{
    old_header head;

    if (bytes.length < sizeof head || memcmp(bytes.bytes, RLM_BLOCK_MAGIC, sizeof head.magic) != 0) return false;
    memcpy(&head, bytes.bytes, sizeof head);
    return head.format == FORMAT && head.byte_order == RLM_BLOCK_BYTE_ORDER;
}

/* ---- Checking ---- */

static bool
parts_fit(const old_header *head, size_t available)
{
    const uint64_t prices = sizeof *head + (uint64_t) head->count * sizeof(old_record),
                   end = (uint64_t) head->texts + head->text_bytes;

    return head->size <= available && head->size <= RLM_CAP_BLOCK && head->size >= sizeof *head &&
           head->size % 8 == 0 && head->prices == prices &&
           prices + (uint64_t) head->price_count * sizeof(rlm_price) <= head->texts && end <= head->size;
}

/* Inside the texts, which are valid together, and between two characters. */
static bool
take_text(const old_block *old, stored_text stored, rlm_slice *text)
{
    const char *texts = old->bytes + old->head->texts;
    uint64_t end = (uint64_t) stored.offset + stored.length;

    if (end > old->head->text_bytes) return false;
    *text = (rlm_slice){texts + stored.offset, stored.length};
    return stored.length == 0 || (((unsigned char) texts[stored.offset] & 0xC0) != 0x80 &&
                                  (end == old->head->text_bytes || ((unsigned char) texts[end] & 0xC0) != 0x80));
}

/* ---- Reading ---- */

static rlm_slice
origin_of(uint8_t origin)
{
    static const char *const words[] = {"", RLM_ORIGIN_EQUIVALENT, RLM_ORIGIN_ID, RLM_ORIGIN_BUILTIN};

    if (origin < sizeof words / sizeof *words) return rlm_slice_of(words[origin]);
    if (origin < FIRST_SOURCE || origin - FIRST_SOURCE >= RLM_SOURCE_COUNT) return (rlm_slice){NULL, 0};
    return rlm_slice_of(rlm_sources[origin - FIRST_SOURCE]->slug);
}

static rlm_status
take_origins(const old_block *old, const old_record *stored, rlm_record *record)
{
    rlm_origins origins = {.of = {{NULL, 0}}};

    for (int i = 0; i < FIELDS; i++) origins.of[i] = origin_of(stored->origins[i]);
    return rlm_origins_write(&origins, old->arena, &record->origins);
}

/* A catalog's listed model was listed by its provider, unless a registry file said so. */
static rlm_status
take_endpoint(const old_block *old, rlm_record *record)
{
    const rlm_source *source = rlm_source_find(record->provider);

    if (old->head->kind != RLM_BLOCK_CATALOG || record->standing != RLM_STANDING_LISTED || source == NULL)
        return RLM_OK;
    return rlm_id_list(old->arena, &(rlm_slice){record->provider.bytes, record->provider.length}, 1, 1,
                       &record->endpoints);
}

static rlm_status
take_record(const old_block *old, const old_record *stored, rlm_record *record)
{
    rlm_slice *texts[] = {&record->provider,    &record->id,          &record->name,    &record->family,
                          &record->replacement, &record->equivalents, &record->metadata};
    rlm_timestamp *timestamps[TIMESTAMPS] = {&record->created_at, &record->knowledge_cutoff, &record->retires_at,
                                             &record->unlisted_at};

    memset(record, 0, sizeof *record);
    for (int i = 0; i <= METADATA; i++) {
        if (!take_text(old, stored->texts[i], texts[i])) return RLM_BAD_BLOCK;
    }
    if (stored->type >= TYPES || stored->status >= RLM_MODEL_STATUS_COUNT || stored->standing >= RLM_STANDING_COUNT ||
        (uint64_t) stored->prices + stored->price_count > old->head->price_count)
        return RLM_BAD_BLOCK;
    for (int i = 0; i < TIMESTAMPS; i++) {
        if (stored->precisions[i] > RLM_PRECISION_SECOND) return RLM_BAD_BLOCK;
        *timestamps[i] = (rlm_timestamp){stored->timestamps[i], stored->precisions[i]};
    }
    memcpy(record->limits, stored->limits, sizeof record->limits);
    record->capabilities = stored->capabilities;
    record->input = stored->input;
    record->output = stored->output;
    record->type = stored->type;
    record->status = stored->status;
    record->standing = stored->standing;
    record->prices = (const rlm_price *) (const void *) (old->bytes + old->head->prices) + stored->prices;
    record->price_count = stored->price_count;
    RLM_TRY(take_origins(old, stored, record));
    return take_endpoint(old, record);
}

static rlm_status
take_stamp(const old_block *old, rlm_stamp *stamp)
{
    const rlm_source *source;

    *stamp = (rlm_stamp){.fetched_at = old->head->fetched_at};
    if (!take_text(old, old->head->source, &stamp->source) || !take_text(old, old->head->url, &stamp->url) ||
        !take_text(old, old->head->etag, &stamp->etag))
        return RLM_BAD_BLOCK;
    if (old->head->kind == RLM_BLOCK_CATALOG) return RLM_OK;
    source = rlm_source_find(stamp->source);
    stamp->api = stamp->source;
    if (source == NULL || !rlm_source_is_metadata(source)) stamp->provider = stamp->source;
    /* Behind a separator are checksums, which are of another version's reading. */
    for (size_t i = 0; i < stamp->etag.length; i++) {
        if (stamp->etag.bytes[i] == RLM_BLOCK_ANSWERS) stamp->etag.length = i;
    }
    if (stamp->provider.length == 0) stamp->etag.length = 0;
    return RLM_OK;
}

static rlm_status
upgrade_block(const old_block *old, rlm_buffer *out)
{
    const old_record *stored = (const old_record *) (const void *) (old->bytes + sizeof *old->head);
    rlm_record *records = rlm_arena_allocate(old->arena, old->head->count, sizeof *records);
    rlm_stamp stamp;

    if (records == NULL) return RLM_OUT_OF_MEMORY;
    if (old->head->kind != RLM_BLOCK_CATALOG && old->head->kind != RLM_BLOCK_SHEET) return RLM_BAD_BLOCK;
    if (rlm_block_checksum(old->bytes, (size_t) old->head->size) != old->head->checksum) return RLM_BAD_BLOCK;
    if (!rlm_text_valid((rlm_slice){old->bytes + old->head->texts, old->head->text_bytes})) return RLM_BAD_BLOCK;
    RLM_TRY(take_stamp(old, &stamp));
    for (uint32_t i = 0; i < old->head->count; i++) RLM_TRY(take_record(old, &stored[i], &records[i]));
    return rlm_block_write((rlm_block_kind) old->head->kind, records, old->head->count, &stamp, out);
}

rlm_status
rlm_upgrade(rlm_slice bytes, rlm_buffer *out, rlm_error *error)
{
    rlm_status status = RLM_OK;

    while (status == RLM_OK && rlm_upgrade_needed(bytes)) {
        old_header head;
        rlm_arena arena;
        char *copy;

        memcpy(&head, bytes.bytes, sizeof head);
        if (!parts_fit(&head, bytes.length))
            return rlm_error_set(error, RLM_BAD_BLOCK, "unusable registry block of format %d: it is cut off", FORMAT);
        rlm_arena_init(&arena, RLM_CAP_BLOCK);
        copy = rlm_arena_allocate(&arena, (size_t) head.size, 1);
        if (copy == NULL) status = RLM_OUT_OF_MEMORY;
        else {
            memcpy(copy, bytes.bytes, (size_t) head.size);
            status = upgrade_block(&(old_block){copy, (const old_header *) (const void *) copy, &arena}, out);
        }
        rlm_arena_free(&arena);
        bytes = (rlm_slice){bytes.bytes + head.size, bytes.length - (size_t) head.size};
    }
    if (status == RLM_OK) status = rlm_buffer_append(out, bytes.bytes, bytes.length);
    if (status == RLM_BAD_BLOCK)
        return rlm_error_set(error, status, "unusable registry block of format %d: its bytes are damaged", FORMAT);
    return status == RLM_OK ? RLM_OK : rlm_error_set(error, status, NULL);
}
