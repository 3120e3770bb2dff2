/*
 * Format 4 had six categories of prices in five directions, and one replacement of a model. Its records are read here
 * into rlm_record and written anew. Everything that the writer relies on is checked first; the new blocks are opened
 * like any others, which checks the rest.
 */
#include "block/upgrade.h"

#include "base/caps.h"
#include "block/layout.h"

#define FORMAT 4

/* As they were stored. The enumerations begin like those of today, which were only appended to. */
#define TYPES 14
#define OLD_TIMESTAMPS 4
#define OLD_FLAGS 3
#define OLD_TEXTS (ENDPOINTS + 1)

typedef struct {
    char magic[4];
    uint16_t format, kind;
    uint64_t checksum;
    uint8_t hash[RLM_HASH_SIZE];
    uint32_t byte_order, count;
    uint64_t size;
    int64_t fetched_at;
    stored_text source, api, provider, documented, url, etag;
    uint32_t prices, by_id, by_type, families, by_family, aliases, texts;
    uint32_t price_count, family_count, with_family, alias_count, text_bytes;
    stored_run types[TYPES];
} old_header;

typedef struct {
    stored_text texts[OLD_TEXTS];
    int64_t limits[RLM_LIMIT_COUNT];
    int64_t timestamps[OLD_TIMESTAMPS];
    rlm_flags flags[OLD_FLAGS];
    uint8_t fingerprint[RLM_HASH_SIZE];
    uint32_t prices, price_count;
    uint8_t precisions[OLD_TIMESTAMPS];
    uint8_t type, status, standing, superseded;
} old_record;

typedef struct {
    int64_t coefficient, threshold;
    int16_t exponent;
    uint8_t category, direction, tier, unit;
    uint8_t unused[2];
} old_price;

static_assert(sizeof(old_header) == 152 + sizeof(stored_run) * TYPES, "as it was stored");
static_assert(sizeof(old_record) == 184 && sizeof(old_price) == 24, "as they were stored");
static_assert(TYPES <= RLM_TYPE_COUNT, "names were only appended");

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
           prices + (uint64_t) head->price_count * sizeof(old_price) <= head->texts && end <= head->size;
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

static rlm_status
take_replacement(const old_block *old, rlm_slice id, rlm_record *record)
{
    rlm_value value = {.kind = RLM_STRING, .text = id};

    record->arena = old->arena;
    RLM_TRY(rlm_record_state_replacement(record, RLM_REPLACEMENT_SUCCESSOR, &value));
    record->arena = NULL;
    return RLM_OK;
}

/* A price without a meter rejects the whole set: the rest of it would lack that price. */
static rlm_status
take_prices(const old_block *old, const old_record *stored, rlm_record *record)
{
    static const char *const categories[] = {"text_tokens", "images",   "audio_tokens",
                                             "embeddings",  "requests", "web_searches"};
    static const char *const directions[] = {"input", "output", "cache_read_input", "cache_write_input",
                                             "reasoning_output"};
    static const char *const units[] = {"million_tokens", "image", "request"};
    const old_price *prices = (const old_price *) (const void *) (old->bytes + old->head->prices) + stored->prices;

    for (uint32_t i = 0; i < stored->price_count; i++) {
        const old_price *from = &prices[i];
        rlm_price price = {.coefficient = from->coefficient, .exponent = from->exponent, .tier = from->tier};
        rlm_meter meter;

        if (from->category >= 6 || from->direction >= 5 || from->tier > RLM_TIER_BATCH || from->unit >= 3)
            return RLM_BAD_BLOCK;
        meter = rlm_meter_of_former(rlm_slice_of(categories[from->category]), rlm_slice_of(directions[from->direction]),
                                    rlm_slice_of(units[from->unit]));
        if (meter == RLM_METER_COUNT || from->threshold < 0 || from->threshold > INT32_MAX) {
            record->prices = (rlm_price_set){.list = NULL};
            return RLM_OK;
        }
        price.meter = (uint8_t) meter;
        price.unit = (uint8_t) rlm_meter_units[meter];
        price.threshold = (int32_t) from->threshold;
        RLM_TRY(rlm_prices_add(&record->prices, price, old->arena));
    }
    return RLM_OK;
}

static rlm_status
take_record(const old_block *old, const old_record *stored, rlm_record *record)
{
    rlm_slice replacement = {NULL, 0};
    rlm_slice *texts[OLD_TEXTS] = {&record->provider, &record->id,      &record->name,
                                   &record->family,   &replacement,     &record->equivalents,
                                   &record->metadata, &record->origins, &record->endpoints};
    rlm_timestamp *timestamps[OLD_TIMESTAMPS] = {&record->created_at, &record->knowledge_cutoff, &record->retires_at,
                                                 &record->unlisted_at};

    memset(record, 0, sizeof *record);
    for (int i = 0; i < OLD_TEXTS; i++) {
        if (!take_text(old, stored->texts[i], texts[i])) return RLM_BAD_BLOCK;
    }
    if (stored->type >= TYPES || stored->status >= RLM_MODEL_STATUS_COUNT || stored->standing >= RLM_STANDING_COUNT ||
        (uint64_t) stored->prices + stored->price_count > old->head->price_count)
        return RLM_BAD_BLOCK;
    for (int i = 0; i < OLD_TIMESTAMPS; i++) {
        if (stored->precisions[i] > RLM_PRECISION_SECOND) return RLM_BAD_BLOCK;
        *timestamps[i] = (rlm_timestamp){stored->timestamps[i], stored->precisions[i]};
    }
    memcpy(record->limits, stored->limits, sizeof record->limits);
    record->capabilities = stored->flags[CAPABILITIES];
    record->input = stored->flags[INPUT];
    record->output = stored->flags[OUTPUT];
    record->type = stored->type;
    record->status = stored->status;
    record->standing = stored->standing;
    RLM_TRY(take_prices(old, stored, record));
    return take_replacement(old, replacement, record);
}

/* Without an ETag and what equal answers are recognized by: this version takes more from an answer. */
static rlm_status
take_stamp(const old_block *old, rlm_stamp *stamp)
{
    const old_header *head = old->head;

    *stamp = (rlm_stamp){.fetched_at = head->fetched_at};
    if (!take_text(old, head->source, &stamp->source) || !take_text(old, head->api, &stamp->api) ||
        !take_text(old, head->provider, &stamp->provider) || !take_text(old, head->documented, &stamp->documented) ||
        !take_text(old, head->url, &stamp->url))
        return RLM_BAD_BLOCK;
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
