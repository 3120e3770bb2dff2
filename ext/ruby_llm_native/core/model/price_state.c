/* How a reader states the prices of a record. A set is whole or absent: read rlm_record_give_up_prices. */
#include "model/record.h"

#include "base/caps.h"

#include <stdio.h>
#include <string.h>

void
rlm_value_take_with_prices(rlm_value *value)
{
    if (value == NULL) return;
    value->taken = value->priced = true;
    if (value->kind != RLM_OBJECT) return;
    RLM_EACH (member, value) rlm_value_take_with_prices(member);
}

/* The set has a hole, so there is none. What was taken for it goes back to the rest in rlm_record_keep_rest. */
rlm_status
rlm_record_give_up_prices(rlm_record *record, const char *why)
{
    record->prices = (rlm_price_set){.list = NULL};
    if (record->unread_price.length > 0) return RLM_OK;
    return rlm_text_copy(record->arena, rlm_slice_of(why), &record->unread_price);
}

static rlm_status
give_up_amount(rlm_record *record, const rlm_value *amount)
{
    const rlm_slice key = amount->key, written = rlm_value_written(amount);
    char why[128];

    if (written.length == 0 || written.length > 40)
        (void) snprintf(why, sizeof why, "%.*s must be a number, got %s", (int) key.length, key.bytes,
                        rlm_value_kind_name(amount));
    else
        (void) snprintf(why, sizeof why, "%.*s must be a number, got \"%.*s\"", (int) key.length, key.bytes,
                        (int) written.length, written.bytes);
    return rlm_record_give_up_prices(record, why);
}

rlm_status
rlm_prices_add(rlm_price_set *set, rlm_price price, rlm_arena *arena)
{
    rlm_price *prices = (rlm_price *) (uintptr_t) set->list;
    uint32_t count = set->count, place = count;

    if ((count & (count - 1)) == 0) { /* 0, 1, 2, 4, …: there is room for as many again */
        prices = rlm_arena_allocate(arena, count > 0 ? 2 * (size_t) count : 1, sizeof *prices);
        if (prices == NULL) return RLM_OUT_OF_MEMORY;
        if (count > 0) memcpy(prices, set->list, count * sizeof *prices);
    }
    for (; place > 0 && rlm_price_order(&prices[place - 1], &price) > 0; place--) prices[place] = prices[place - 1];
    prices[place] = price;
    set->list = prices;
    set->count = count + 1;
    return RLM_OK;
}

static uint8_t
position_of(rlm_slice words, rlm_slice word)
{
    uint8_t position = 0;
    rlm_slice each;

    while (rlm_id_list_next(&words, &each)) {
        position++;
        if (rlm_slice_equal(each, word)) return position;
    }
    return 0;
}

static void
make_room(uint8_t *position, uint8_t place)
{
    if (*position >= place) (*position)++;
}

static rlm_status
add_word(rlm_price_set *set, rlm_slice word, rlm_arena *arena)
{
    rlm_price *prices = (rlm_price *) (uintptr_t) set->list;
    rlm_slice rest = set->words, each;
    uint8_t place;
    int known = 0;

    if (word.length == 0 || position_of(set->words, word) > 0) return RLM_OK;
    while (rlm_id_list_next(&rest, &each)) known++;
    if (known >= UINT8_MAX) return RLM_TOO_LARGE;
    RLM_TRY(rlm_id_list_add(arena, set->words, word, &set->words));
    place = position_of(set->words, word);
    for (uint32_t i = 0; i < set->count; i++) {
        make_room(&prices[i].region, place);
        make_room(&prices[i].size, place);
        make_room(&prices[i].quality, place);
        make_room(&prices[i].origin, place);
    }
    return RLM_OK;
}

/* All words first: each new one moves the others. */
static rlm_status
take_words(rlm_price_set *set, const rlm_price_words *words, rlm_price *price, rlm_arena *arena)
{
    RLM_TRY(add_word(set, words->region, arena));
    RLM_TRY(add_word(set, words->size, arena));
    RLM_TRY(add_word(set, words->quality, arena));
    RLM_TRY(add_word(set, words->origin, arena));
    price->region = position_of(set->words, words->region);
    price->size = position_of(set->words, words->size);
    price->quality = position_of(set->words, words->quality);
    price->origin = position_of(set->words, words->origin);
    return RLM_OK;
}

rlm_status
rlm_prices_add_with_words(rlm_price_set *set, rlm_price price, const rlm_price_words *words, rlm_arena *arena)
{
    RLM_TRY(take_words(set, words, &price, arena));
    return rlm_prices_add(set, price, arena);
}

static bool
is_usable(rlm_slice word)
{
    return word.length <= RLM_CAP_NAME && !rlm_slice_has_control_characters(word);
}

#define DIGITS_OF(number) #number
#define DIGITS(number) DIGITS_OF(number)

/* Why the record takes no further price with these words; NULL: it does. */
static const char *
obstacle(const rlm_record *record, const rlm_price_words *words)
{
    if (!is_usable(words->region) || !is_usable(words->size) || !is_usable(words->quality))
        return "a region, size or quality must have at most " DIGITS(RLM_CAP_NAME) " bytes, no control characters";
    return record->prices.count >= RLM_CAP_PRICES ? "more than " DIGITS(RLM_CAP_PRICES) " prices" : NULL;
}

/*
 * Whether nothing else answers where this price is not known: no price under fewer conditions, and none of another
 * meter.
 */
static bool
is_only_one(const rlm_price *price, const rlm_price_words *words)
{
    return price->threshold == 0 && price->from_day == 0 && price->weekdays == 0 &&
           price->from_minute == price->until_minute && words->size.length == 0 && words->quality.length == 0 &&
           !rlm_meter_falls_back((rlm_meter) price->meter);
}

rlm_status
rlm_record_state_price_for(rlm_record *record, rlm_price price, const rlm_price_words *words, rlm_value *amount,
                           int shift)
{
    rlm_decimal decimal;
    rlm_status status;

    if (!rlm_value_says_something(amount)) return RLM_OK;
    if (!rlm_value_decimal(amount, &decimal)) return give_up_amount(record, amount);
    if (record->unread_price.length > 0) return RLM_OK;
    if (rlm_decimal_is_negative(decimal))
        return is_only_one(&price, words)
                   ? RLM_OK
                   : rlm_record_give_up_prices(record, "a price under a condition must be 0 or more");
    if (obstacle(record, words) != NULL) return rlm_record_give_up_prices(record, obstacle(record, words));
    decimal = rlm_decimal_shift(decimal, shift);
    price.coefficient = decimal.coefficient;
    price.exponent = decimal.exponent;
    rlm_value_take_with_prices(amount);
    status = rlm_prices_add_with_words(&record->prices, price, words, record->arena);
    return status == RLM_TOO_LARGE ? rlm_record_give_up_prices(record, "more than 255 regions, sizes and qualities")
                                   : status;
}

rlm_status
rlm_record_state_price(rlm_record *record, rlm_price price, rlm_value *amount, int shift)
{
    return rlm_record_state_price_for(record, price, &(rlm_price_words){.region = {NULL, 0}}, amount, shift);
}

bool
rlm_price_above(int64_t threshold, rlm_price *conditions)
{
    if (threshold < 1 || threshold > INT32_MAX) return false;
    conditions->threshold = (int32_t) threshold;
    return true;
}

rlm_status
rlm_record_state_prices(rlm_record *record, const rlm_value *object, const rlm_price_key *keys, rlm_price conditions,
                        bool zeros)
{
    for (; keys->key != NULL; keys++) {
        rlm_value *amount = rlm_value_get(object, keys->key);
        rlm_price price = conditions;
        rlm_decimal decimal;

        price.meter = keys->meter;
        price.unit = keys->unit == RLM_UNIT_OF_METER ? (uint8_t) rlm_meter_units[keys->meter] : keys->unit;
        price.covers = keys->covers;
        if (!zeros && rlm_value_decimal(amount, &decimal) && decimal.coefficient == 0)
            rlm_value_take_with_prices(amount);
        else RLM_TRY(rlm_record_state_price(record, price, amount, keys->shift));
    }
    return RLM_OK;
}
