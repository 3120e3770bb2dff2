/* Prices of a record: their one order, and how a reader states them. A set is whole or absent: read give_up_prices. */
#include "model/record.h"

#include "base/caps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
price_order(const void *left, const void *right)
{
    const rlm_price *a = left, *b = right;

    if (a->category != b->category) return a->category < b->category ? -1 : 1;
    if (a->tier != b->tier) return a->tier < b->tier ? -1 : 1;
    if (a->threshold != b->threshold) return a->threshold < b->threshold ? -1 : 1;
    if (a->direction != b->direction) return a->direction < b->direction ? -1 : 1;
    if (a->unit != b->unit) return a->unit < b->unit ? -1 : 1;
    if (a->coefficient != b->coefficient) return a->coefficient < b->coefficient ? -1 : 1;
    if (a->exponent != b->exponent) return a->exponent < b->exponent ? -1 : 1;
    return 0;
}

void
rlm_prices_sort(rlm_price *prices, size_t count)
{
    if (count > 1) qsort(prices, count, sizeof *prices, price_order);
}

const rlm_price *
rlm_prices_find(const rlm_price *prices, size_t count, rlm_price_category category, rlm_price_direction direction,
                rlm_price_tier tier, int64_t threshold)
{
    const rlm_price *found = NULL;

    for (size_t i = 0; i < count; i++) {
        const rlm_price *price = &prices[i];

        if (price->category == category && price->direction == direction && price->tier == tier &&
            (threshold == RLM_ANY_THRESHOLD || price->threshold == threshold) && price->unit == RLM_UNIT_MILLION_TOKENS)
            found = price;
    }
    return found;
}

bool
rlm_prices_equal(const rlm_price *left, size_t left_count, const rlm_price *right, size_t right_count)
{
    if (left_count != right_count) return false;
    for (size_t i = 0; i < left_count; i++) {
        if (price_order(&left[i], &right[i]) != 0) return false;
    }
    return true;
}

void
rlm_value_take_with_prices(rlm_value *value)
{
    if (value == NULL) return;
    value->taken = value->priced = true;
    if (value->kind != RLM_OBJECT) return;
    RLM_EACH (member, value) rlm_value_take_with_prices(member);
}

/* What is wrong with it, for people. */
static int
describe(const rlm_value *amount, char *text, size_t size)
{
    const rlm_slice key = amount->key, written = rlm_value_written(amount);
    rlm_decimal decimal;

    if (rlm_value_decimal(amount, &decimal)) return snprintf(text, size, "more than %d prices", RLM_CAP_PRICES);
    if (written.length == 0 || written.length > 40) {
        return snprintf(text, size, "%.*s must be a number, got %s", (int) key.length, key.bytes,
                        rlm_value_kind_name(amount));
    }
    return snprintf(text, size, "%.*s must be a number, got \"%.*s\"", (int) key.length, key.bytes,
                    (int) written.length, written.bytes);
}

/* The set has a hole, so there is none. What was taken for it goes back to the rest in rlm_record_keep_rest. */
static rlm_status
give_up_prices(rlm_record *record, const rlm_value *amount)
{
    char text[128];

    record->prices = NULL;
    record->price_count = 0;
    if (record->unread_price.length > 0) return RLM_OK;
    (void) describe(amount, text, sizeof text);
    return rlm_text_copy(record->arena, rlm_slice_of(text), &record->unread_price);
}

static rlm_status
add_price(rlm_record *record, rlm_price price)
{
    rlm_price *prices = (rlm_price *) (uintptr_t) record->prices;
    uint32_t count = record->price_count, place = count;

    if ((count & (count - 1)) == 0) { /* 0, 1, 2, 4, …: there is room for as many again */
        prices = rlm_arena_allocate(record->arena, count > 0 ? 2 * (size_t) count : 1, sizeof *prices);
        if (prices == NULL) return RLM_OUT_OF_MEMORY;
        if (count > 0) memcpy(prices, record->prices, count * sizeof *prices);
    }
    for (; place > 0 && price_order(&prices[place - 1], &price) > 0; place--) prices[place] = prices[place - 1];
    prices[place] = price;
    record->prices = prices;
    record->price_count = count + 1;
    return RLM_OK;
}

rlm_status
rlm_record_state_price(rlm_record *record, rlm_price price, rlm_value *amount, int shift)
{
    rlm_decimal decimal;

    if (!rlm_value_says_something(amount)) return RLM_OK;
    if (!rlm_value_decimal(amount, &decimal)) return give_up_prices(record, amount);
    if (rlm_decimal_is_negative(decimal) || record->unread_price.length > 0) return RLM_OK;
    if (record->price_count >= RLM_CAP_PRICES) return give_up_prices(record, amount);
    decimal = rlm_decimal_shift(decimal, shift);
    price.coefficient = decimal.coefficient;
    price.exponent = decimal.exponent;
    rlm_value_take_with_prices(amount);
    return add_price(record, price);
}

rlm_status
rlm_record_state_prices(rlm_record *record, const rlm_value *object, const rlm_price_key *keys, int64_t threshold,
                        bool zeros)
{
    for (; keys->key != NULL; keys++) {
        rlm_value *amount = rlm_value_get(object, keys->key);
        rlm_price price = keys->price;
        rlm_decimal decimal;

        price.threshold = threshold;
        if (!zeros && rlm_value_decimal(amount, &decimal) && decimal.coefficient == 0)
            rlm_value_take_with_prices(amount);
        else RLM_TRY(rlm_record_state_price(record, price, amount, keys->shift));
    }
    return RLM_OK;
}
