/* The members one after the other. The order is a part of the format: two texts of equal facts are equal. */
#include "registry/row.h"

#include "base/caps.h"
#include "export/export_price.h"
#include "model/origins.h"
#include "registry/precedence.h"
#include "json/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The price that a row shows. */
static const rlm_price *
price_of(const rlm_record *record, rlm_meter meter, rlm_price_tier tier, int64_t tokens, int64_t now)
{
    const rlm_price_query query = {.meter = meter, .tier = tier, .tokens = tokens, .at = now};

    return rlm_prices_own(&record->prices, &query);
}

void
rlm_row_fingerprint(const rlm_block *block, size_t index, int64_t now, char digits[RLM_HASH_DIGITS])
{
    const rlm_price_set prices = rlm_block_prices(block, index);
    uint8_t fingerprint[RLM_HASH_SIZE];

    memcpy(fingerprint, rlm_block_fingerprint(block, index), sizeof fingerprint);
    if (rlm_prices_timed(&prices)) {
        rlm_hasher hasher;

        rlm_hasher_init(&hasher);
        rlm_hasher_add(&hasher, fingerprint, sizeof fingerprint);
        for (uint32_t i = 0; i < prices.count; i++) {
            const uint8_t open = rlm_price_is_open(&prices.list[i], now);

            rlm_hasher_add(&hasher, &open, sizeof open);
        }
        rlm_hasher_finish(&hasher, fingerprint);
    }
    rlm_hash_write(fingerprint, digits);
}

bool
rlm_row_is_of(const rlm_block *block, size_t index, rlm_slice layout, rlm_slice stored, int64_t now)
{
    char digits[RLM_HASH_DIGITS];

    if (stored.length != layout.length + sizeof digits) return false;
    if (layout.length > 0 && memcmp(stored.bytes, layout.bytes, layout.length) != 0) return false;
    rlm_row_fingerprint(block, index, now, digits);
    return memcmp(stored.bytes + layout.length, digits, sizeof digits) == 0;
}

#define APPEND(literal) rlm_buffer_append(out, literal, sizeof(literal) - 1)

static rlm_status
write_text(rlm_slice text, rlm_buffer *out)
{
    return text.length == 0 ? APPEND("null") : rlm_value_write_text(text, out);
}

rlm_status
rlm_row_write_names(uint32_t bits, const char *const *names, int count, rlm_buffer *out)
{
    bool first = true;

    RLM_TRY(APPEND("["));
    for (int i = 0; i < count; i++) {
        if ((bits & RLM_BIT(i)) == 0) continue;
        if (!first) RLM_TRY(APPEND(","));
        RLM_TRY(rlm_value_write_text(rlm_slice_of(names[i]), out));
        first = false;
    }
    return APPEND("]");
}

/* A member's key, after a comma unless it is the first. */
static rlm_status
write_key(const char *name, const char *ending, bool *first, rlm_buffer *out)
{
    RLM_TRY(*first ? APPEND("\"") : APPEND(",\""));
    *first = false;
    RLM_TRY(rlm_buffer_append(out, name, strlen(name)));
    RLM_TRY(rlm_buffer_append(out, ending, strlen(ending)));
    return APPEND("\":");
}

/* Where a registry file has a price: by category and tier. */
typedef struct {
    const char *category, *name;
    rlm_price_tier tier;
    int64_t tokens;
} place;

/* Prices that apply together, as a member of that name; nothing without any. */
static rlm_status
write_prices(const rlm_record *record, place at, int64_t now, bool *first, rlm_buffer *out)
{
    bool empty = true;

    for (int meter = 0; meter < RLM_METER_COUNT; meter++) {
        const rlm_price *price;
        char amount[RLM_DECIMAL_TEXT];

        if (strcmp(rlm_meter_categories[meter], at.category) != 0) continue;
        price = price_of(record, (rlm_meter) meter, at.tier, at.tokens, now);
        if (price == NULL || (at.tokens > 0 && rlm_price_most_below(price) != at.tokens - 1)) continue;
        if (empty) {
            RLM_TRY(write_key(at.name, "", first, out));
            RLM_TRY(APPEND("{"));
        }
        RLM_TRY(write_key(rlm_meter_attributes[meter], "_per_million", &empty, out));
        RLM_TRY(rlm_buffer_append(out, amount,
                                  rlm_decimal_write_float((rlm_decimal){price->coefficient, price->exponent}, amount)));
    }
    return empty ? RLM_OK : APPEND("}");
}

/* The lowest threshold above which other prices per million tokens hold now; 0: none. */
static int64_t
lowest_threshold(const rlm_record *record, const char *category, int64_t now)
{
    int64_t lowest = 0;

    for (uint32_t i = 0; i < record->prices.count; i++) {
        const rlm_price *price = &record->prices.list[i];
        const int64_t below = rlm_price_most_below(price);

        if (below <= 0 || strcmp(rlm_meter_categories[price->meter], category) != 0) continue;
        if (lowest > 0 && below >= lowest) continue;
        if (price_of(record, (rlm_meter) price->meter, RLM_TIER_STANDARD, below + 1, now) == price) lowest = below;
    }
    return lowest;
}

/* As Pricing#to_h of Ruby: what holds now. */
static rlm_status
write_category(const rlm_record *record, const char *category, int64_t now, bool *first, rlm_buffer *out)
{
    int64_t threshold = lowest_threshold(record, category, now);
    char tokens[24];
    bool empty = true;
    size_t start = out->length;

    RLM_TRY(write_key(category, "", first, out));
    RLM_TRY(APPEND("{"));
    RLM_TRY(write_prices(record, (place){category, "standard", RLM_TIER_STANDARD, 0}, now, &empty, out));
    RLM_TRY(write_prices(record, (place){category, "batch", RLM_TIER_BATCH, 0}, now, &empty, out));
    if (threshold > 0) {
        int length = snprintf(tokens, sizeof tokens, "%" PRId64, threshold);

        RLM_TRY(write_prices(record, (place){category, "long_context", RLM_TIER_STANDARD, threshold + 1}, now, &empty,
                             out));
        RLM_TRY(write_key("long_context_threshold", "", &empty, out));
        RLM_TRY(rlm_buffer_append(out, tokens, (size_t) length));
    }
    if (!empty) return APPEND("}");
    *first = out->bytes[start] == '"'; /* nothing of it holds now */
    out->length = start;
    return RLM_OK;
}

/* Every price with its conditions, as the export has them. */
static rlm_status
write_all_prices(const rlm_record *record, bool *first, rlm_buffer *out)
{
    rlm_value list = {.kind = RLM_ARRAY};
    rlm_arena arena;
    rlm_status status = RLM_OK;
    bool some;

    if (record->prices.count == 0) return RLM_OK;
    RLM_TRY(write_key("prices", "", first, out));
    rlm_arena_init(&arena, RLM_CAP_ROW);
    for (uint32_t i = 0; i < record->prices.count && status == RLM_OK; i++)
        status = rlm_export_write_price(&record->prices, &record->prices.list[i], &arena, &list);
    if (status == RLM_OK) status = rlm_value_write(&list, false, &arena, out, &some);
    rlm_arena_free(&arena);
    return status;
}

static rlm_status
write_pricing(const rlm_record *record, int64_t now, rlm_buffer *out)
{
    static const char *const categories[] = {"text_tokens", "images", "audio_tokens", "embeddings"};
    bool first = true;

    RLM_TRY(APPEND("{"));
    for (size_t i = 0; i < sizeof categories / sizeof *categories && record->prices.count > 0; i++)
        RLM_TRY(write_category(record, categories[i], now, &first, out));
    RLM_TRY(write_all_prices(record, &first, out));
    return APPEND("}");
}

/* Nothing where the fact is unknown. */
static rlm_status
write_origin(rlm_slice origin, rlm_field field, bool *first, rlm_buffer *out)
{
    if (origin.length == 0) return RLM_OK;
    RLM_TRY(write_key(rlm_field_names[field], "", first, out));
    return rlm_value_write_text(origin, out);
}

/* A list as equivalents are written, as an array. */
rlm_status
rlm_row_write_list(rlm_slice list, rlm_buffer *out)
{
    bool first = true;
    rlm_slice text;

    RLM_TRY(APPEND("["));
    while (rlm_id_list_next(&list, &text)) {
        if (!first) RLM_TRY(APPEND(","));
        RLM_TRY(rlm_value_write_text(text, out));
        first = false;
    }
    return APPEND("]");
}

static rlm_status
write_origins(const rlm_record *record, rlm_buffer *out)
{
    size_t count;
    const rlm_precedence *rules = rlm_merge_precedence(&count);
    rlm_origins origins;
    bool first = true;

    rlm_origins_read(record, &origins);
    RLM_TRY(APPEND("{"));
    RLM_TRY(write_origin(origins.of[RLM_FIELD_NAME], RLM_FIELD_NAME, &first, out));
    RLM_TRY(write_origin(origins.of[RLM_FIELD_TYPE], RLM_FIELD_TYPE, &first, out));
    for (size_t i = 0; i < count; i++) RLM_TRY(write_origin(origins.of[rules[i].field], rules[i].field, &first, out));
    return APPEND("}");
}

rlm_status
rlm_row_write(const rlm_record *record, int64_t now, rlm_buffer *out)
{
    RLM_TRY(APPEND("\"family\":"));
    RLM_TRY(write_text(record->family, out));
    RLM_TRY(APPEND(",\"type\":"));
    RLM_TRY(write_text(rlm_slice_of(rlm_type_names[record->type]), out));
    RLM_TRY(APPEND(",\"modalities\":{\"input\":"));
    RLM_TRY(rlm_row_write_names(record->input.yes, rlm_modality_names, RLM_MODALITY_COUNT, out));
    RLM_TRY(APPEND(",\"output\":"));
    RLM_TRY(rlm_row_write_names(record->output.yes, rlm_modality_names, RLM_MODALITY_COUNT, out));
    RLM_TRY(APPEND("},\"capabilities\":"));
    RLM_TRY(rlm_row_write_names(record->capabilities.yes, rlm_capability_names, RLM_CAPABILITY_COUNT, out));
    RLM_TRY(APPEND(",\"pricing\":"));
    RLM_TRY(write_pricing(record, now, out));
    RLM_TRY(APPEND(",\"status\":"));
    RLM_TRY(write_text(rlm_slice_of(rlm_model_status_names[record->status]), out));
    RLM_TRY(APPEND(",\"origins\":"));
    RLM_TRY(write_origins(record, out));
    RLM_TRY(APPEND(",\"endpoints\":"));
    RLM_TRY(rlm_row_write_list(record->endpoints, out));
    return rlm_row_write_controls(record, out);
}
