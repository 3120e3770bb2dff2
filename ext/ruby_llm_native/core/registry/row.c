/* The members one after the other. The order is a part of the format: two texts of equal facts are equal. */
#include "registry/row.h"

#include "model/origins.h"
#include "registry/precedence.h"
#include "json/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool
rlm_row_is_of(const rlm_block *block, size_t index, rlm_slice layout, rlm_slice stored)
{
    char digits[RLM_HASH_DIGITS];

    if (stored.length != layout.length + sizeof digits) return false;
    if (layout.length > 0 && memcmp(stored.bytes, layout.bytes, layout.length) != 0) return false;
    rlm_hash_write(rlm_block_fingerprint(block, index), digits);
    return memcmp(stored.bytes + layout.length, digits, sizeof digits) == 0;
}

#define APPEND(literal) rlm_buffer_append(out, literal, sizeof(literal) - 1)

static rlm_status
write_text(rlm_slice text, rlm_buffer *out)
{
    return text.length == 0 ? APPEND("null") : rlm_value_write_text(text, out);
}

static rlm_status
write_flags(uint32_t bits, const char *const *names, int count, rlm_buffer *out)
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

/* Prices that apply together, as a member of that name; nothing without any. */
static rlm_status
write_prices(const rlm_record *record, rlm_price_category category, rlm_price_tier tier, int64_t threshold,
             const char *name, bool *first, rlm_buffer *out)
{
    bool empty = true;

    for (int direction = 0; direction < RLM_DIRECTION_COUNT; direction++) {
        const rlm_price *price = rlm_prices_find(record->prices, record->price_count, category,
                                                 (rlm_price_direction) direction, tier, threshold);
        char amount[RLM_DECIMAL_TEXT];

        if (price == NULL) continue;
        if (empty) {
            RLM_TRY(write_key(name, "", first, out));
            RLM_TRY(APPEND("{"));
        }
        RLM_TRY(write_key(rlm_price_direction_names[direction], "_per_million", &empty, out));
        RLM_TRY(rlm_buffer_append(out, amount,
                                  rlm_decimal_write_float((rlm_decimal){price->coefficient, price->exponent}, amount)));
    }
    return empty ? RLM_OK : APPEND("}");
}

/* The lowest threshold above which other prices per million tokens apply; 0: none. */
static int64_t
lowest_threshold(const rlm_record *record, rlm_price_category category)
{
    int64_t lowest = 0;

    for (uint32_t i = 0; i < record->price_count; i++) {
        const rlm_price *price = &record->prices[i];

        if (price->category == category && price->tier == RLM_TIER_STANDARD && price->threshold > 0 &&
            price->unit == RLM_UNIT_MILLION_TOKENS && (lowest == 0 || price->threshold < lowest))
            lowest = price->threshold;
    }
    return lowest;
}

static bool
is_per_million(const rlm_record *record, rlm_price_category category)
{
    for (uint32_t i = 0; i < record->price_count; i++) {
        if (record->prices[i].category == category && record->prices[i].unit == RLM_UNIT_MILLION_TOKENS) return true;
    }
    return false;
}

/* As Pricing#to_h of Ruby. */
static rlm_status
write_pricing(const rlm_record *record, rlm_buffer *out)
{
    bool first = true;

    RLM_TRY(APPEND("{"));
    for (int i = RLM_PRICE_TEXT; i <= RLM_PRICE_EMBEDDINGS; i++) {
        rlm_price_category category = (rlm_price_category) i;
        int64_t threshold = lowest_threshold(record, category);
        bool first_tier = true;

        if (!is_per_million(record, category)) continue;
        RLM_TRY(write_key(rlm_price_category_names[category], "", &first, out));
        RLM_TRY(APPEND("{"));
        RLM_TRY(write_prices(record, category, RLM_TIER_STANDARD, 0, "standard", &first_tier, out));
        RLM_TRY(write_prices(record, category, RLM_TIER_BATCH, RLM_ANY_THRESHOLD, "batch", &first_tier, out));
        if (threshold > 0) {
            char tokens[24];
            int length = snprintf(tokens, sizeof tokens, "%" PRId64, threshold);

            RLM_TRY(write_prices(record, category, RLM_TIER_STANDARD, threshold, "long_context", &first_tier, out));
            RLM_TRY(write_key("long_context_threshold", "", &first_tier, out));
            RLM_TRY(rlm_buffer_append(out, tokens, (size_t) length));
        }
        RLM_TRY(APPEND("}"));
    }
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
static rlm_status
write_list(rlm_slice list, rlm_buffer *out)
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
rlm_row_write(const rlm_record *record, rlm_buffer *out)
{
    RLM_TRY(APPEND("\"family\":"));
    RLM_TRY(write_text(record->family, out));
    RLM_TRY(APPEND(",\"type\":"));
    RLM_TRY(write_text(rlm_slice_of(rlm_type_names[record->type]), out));
    RLM_TRY(APPEND(",\"modalities\":{\"input\":"));
    RLM_TRY(write_flags(record->input.yes, rlm_modality_names, RLM_MODALITY_COUNT, out));
    RLM_TRY(APPEND(",\"output\":"));
    RLM_TRY(write_flags(record->output.yes, rlm_modality_names, RLM_MODALITY_COUNT, out));
    RLM_TRY(APPEND("},\"capabilities\":"));
    RLM_TRY(write_flags(record->capabilities.yes, rlm_capability_names, RLM_CAPABILITY_COUNT, out));
    RLM_TRY(APPEND(",\"pricing\":"));
    RLM_TRY(write_pricing(record, out));
    RLM_TRY(APPEND(",\"status\":"));
    RLM_TRY(write_text(rlm_slice_of(rlm_model_status_names[record->status]), out));
    RLM_TRY(APPEND(",\"origins\":"));
    RLM_TRY(write_origins(record, out));
    RLM_TRY(APPEND(",\"endpoints\":"));
    return write_list(record->endpoints, out);
}
