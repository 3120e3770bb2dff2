#include "export/export_price.h"

#include "base/caps.h"
#include "export/export_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The exponent of a price: a decimal's, shifted by no more than the largest unit. */
#define FURTHEST_EXPONENT (RLM_CAP_DECIMAL_EXPONENT + 24)
#define PLAIN_AMOUNT 40 /* characters that people can still count */

/*
 * Plain if that is short and reads back as the same coefficient and exponent; otherwise "coefficient e exponent", which
 * is read as it stands.
 */
static rlm_value *
new_amount(rlm_arena *arena, const rlm_price *price)
{
    rlm_decimal decimal = {price->coefficient, price->exponent}, again;
    char *text = rlm_arena_allocate(arena, RLM_DECIMAL_TEXT, 1);
    size_t length;

    if (text == NULL) return NULL;
    length = rlm_decimal_write(decimal, text);
    if (length > PLAIN_AMOUNT || rlm_decimal_parse((rlm_slice){text, length}, &again) != RLM_OK ||
        !rlm_decimal_equal(decimal, again)) {
        length = (size_t) snprintf(text, RLM_DECIMAL_TEXT, "%" PRId64 "e%d", price->coefficient, price->exponent);
    }
    return rlm_export_text(arena, (rlm_slice){text, length});
}

static rlm_status
read_amount(const rlm_value *value, rlm_price *price, rlm_error *error)
{
    rlm_slice text = rlm_value_text(value);
    const char *e = text.length > 0 ? memchr(text.bytes, 'e', text.length) : NULL;
    int64_t coefficient, exponent;
    rlm_decimal decimal;

    if (e != NULL) {
        rlm_slice before = {text.bytes, (size_t) (e - text.bytes)}, after = {e + 1, text.length - before.length - 1};

        if (!rlm_export_digits(before, &coefficient) || !rlm_export_digits(after, &exponent)) {
            return rlm_export_refuse(error, "amount must be a decimal number");
        }
    } else {
        if (rlm_decimal_parse(text, &decimal) != RLM_OK)
            return rlm_export_refuse(error, "amount must be a decimal number in quotes");
        coefficient = decimal.coefficient;
        exponent = decimal.exponent;
    }
    if (coefficient < 0 || exponent < -FURTHEST_EXPONENT || exponent > FURTHEST_EXPONENT) {
        return rlm_export_refuse(error, "amount is out of range");
    }
    price->coefficient = coefficient;
    price->exponent = (int16_t) exponent;
    return RLM_OK;
}

/* The words of a price. */
static const struct {
    const char *key;
    size_t place;
    const char *const *names;
    int count;
} price_words[] = {
    {"category", offsetof(rlm_price, category), rlm_price_category_names, RLM_PRICE_COUNT},
    {"direction", offsetof(rlm_price, direction), rlm_price_direction_names, RLM_DIRECTION_COUNT},
    {"tier", offsetof(rlm_price, tier), rlm_price_tier_names, RLM_TIER_COUNT},
    {"unit", offsetof(rlm_price, unit), rlm_price_unit_names, RLM_UNIT_COUNT},
};

#define PRICE_WORDS (sizeof price_words / sizeof *price_words)

rlm_status
rlm_export_write_price(const rlm_price *price, rlm_arena *arena, rlm_value *list)
{
    rlm_value *object = rlm_export_container(arena, RLM_OBJECT);

    RLM_TRY(rlm_export_append(list, object));
    RLM_TRY(rlm_export_insert(object, "amount", new_amount(arena, price)));
    if (price->threshold > 0)
        RLM_TRY(rlm_export_insert(object, "threshold", rlm_export_number(arena, price->threshold)));
    for (size_t i = 0; i < PRICE_WORDS; i++) {
        uint8_t position = *((const uint8_t *) price + price_words[i].place);

        RLM_TRY(rlm_export_insert(object, price_words[i].key,
                                  rlm_export_text(arena, rlm_slice_of(price_words[i].names[position]))));
    }
    return RLM_OK;
}

/* Any member of a price, the amount and the threshold too. */
static rlm_status
read_price_member(const rlm_value *member, rlm_price *price, rlm_error *error)
{
    if (rlm_slice_is(member->key, "amount")) return read_amount(member, price, error);
    if (rlm_slice_is(member->key, "threshold")) {
        if (rlm_export_integer(member, &price->threshold) && price->threshold >= 0) return RLM_OK;
        return rlm_export_refuse(error, "threshold must be a whole number of tokens, 0 or more");
    }
    for (size_t i = 0; i < PRICE_WORDS; i++) {
        if (!rlm_slice_is(member->key, price_words[i].key)) continue;
        return rlm_export_word(price_words[i].names, price_words[i].count, member,
                               (uint8_t *) price + price_words[i].place, error);
    }
    return rlm_export_refuse_word(error, "unknown member of a price:", member->key);
}

rlm_status
rlm_export_read_price(const rlm_value *object, rlm_price *price, rlm_error *error)
{
    if (object->kind != RLM_OBJECT) return rlm_export_refuse(error, "a price must be an object");
    RLM_EACH (member, object) RLM_TRY(read_price_member(member, price, error));
    if (rlm_value_get(object, "amount") == NULL) return rlm_export_refuse(error, "a price must have an amount");
    for (size_t i = 0; i < PRICE_WORDS; i++) {
        if (rlm_value_get(object, price_words[i].key) == NULL) {
            return rlm_export_refuse_word(error, "a price must have", rlm_slice_of(price_words[i].key));
        }
    }
    return RLM_OK;
}
