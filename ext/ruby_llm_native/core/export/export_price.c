#include "export/export_price.h"

#include "base/caps.h"
#include "base/timestamp.h"
#include "export/export_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The exponent of a price: a decimal's, shifted by no more than the largest unit. */
#define FURTHEST_EXPONENT (RLM_CAP_DECIMAL_EXPONENT + 24)
#define PLAIN_AMOUNT 40 /* characters that people can still count */

rlm_value *
rlm_export_amount(rlm_arena *arena, rlm_decimal decimal)
{
    rlm_decimal again;
    char *text = rlm_arena_allocate(arena, RLM_DECIMAL_TEXT, 1);
    size_t length;

    if (text == NULL) return NULL;
    length = rlm_decimal_write(decimal, text);
    if (length > PLAIN_AMOUNT || rlm_decimal_parse((rlm_slice){text, length}, &again) != RLM_OK ||
        !rlm_decimal_equal(decimal, again)) {
        length = (size_t) snprintf(text, RLM_DECIMAL_TEXT, "%" PRId64 "e%d", decimal.coefficient, decimal.exponent);
    }
    return rlm_export_text(arena, (rlm_slice){text, length});
}

rlm_status
rlm_export_read_amount(const rlm_value *value, rlm_decimal *amount, rlm_error *error)
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
    *amount = (rlm_decimal){coefficient, (int16_t) exponent};
    return RLM_OK;
}

#define DAY 86400

static const char *const covers_names[] = {"", "media", "cache", "all"};

/* The words of a price; those that are "" are left out. */
static const struct {
    const char *key;
    size_t place;
    const char *const *names;
    int count;
} words[] = {
    {"covers", offsetof(rlm_price, covers), covers_names, RLM_COVERS_ALL + 1},
    {"meter", offsetof(rlm_price, meter), rlm_meter_names, RLM_METER_COUNT},
    {"step", offsetof(rlm_price, step), rlm_price_step_names, RLM_STEP_COUNT},
    {"tier", offsetof(rlm_price, tier), rlm_price_tier_names, RLM_TIER_COUNT},
    {"unit", offsetof(rlm_price, unit), rlm_price_unit_names, RLM_UNIT_COUNT},
};

/* Its numbers, left out where they are 0. */
static const struct {
    const char *key;
    size_t place;
    int64_t most;
} numbers[] = {
    {"weekdays", offsetof(rlm_price, weekdays), 127},
    {"from_minute", offsetof(rlm_price, from_minute), RLM_MINUTES_OF_DAY},
    {"until_minute", offsetof(rlm_price, until_minute), RLM_MINUTES_OF_DAY},
    {"minimum", offsetof(rlm_price, minimum), UINT16_MAX},
    {"threshold", offsetof(rlm_price, threshold), INT32_MAX},
};

static const struct {
    const char *key;
    size_t place;
} days[] = {
    {"from", offsetof(rlm_price, from_day)},
    {"until", offsetof(rlm_price, until_day)},
    {"stated_at", offsetof(rlm_price, stated_day)},
};

static const struct {
    const char *key;
    size_t place, word;
} texts[] = {
    {"region", offsetof(rlm_price, region), offsetof(rlm_price_words, region)},
    {"size", offsetof(rlm_price, size), offsetof(rlm_price_words, size)},
    {"quality", offsetof(rlm_price, quality), offsetof(rlm_price_words, quality)},
    {"origin", offsetof(rlm_price, origin), offsetof(rlm_price_words, origin)},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int64_t
number_at(const rlm_price *price, size_t place, int64_t most)
{
    const uint8_t *bytes = (const uint8_t *) price + place;
    uint16_t middle;
    int32_t large;

    if (most <= UINT8_MAX) return *bytes;
    if (most <= UINT16_MAX) return memcpy(&middle, bytes, sizeof middle), middle;
    return memcpy(&large, bytes, sizeof large), large;
}

static void
put_number(rlm_price *price, size_t place, int64_t most, int64_t number)
{
    uint8_t *bytes = (uint8_t *) price + place;
    uint16_t middle = (uint16_t) number;
    int32_t large = (int32_t) number;

    if (most <= UINT8_MAX) *bytes = (uint8_t) number;
    else if (most <= UINT16_MAX) memcpy(bytes, &middle, sizeof middle);
    else memcpy(bytes, &large, sizeof large);
}

static rlm_value *
new_day(rlm_arena *arena, int64_t day)
{
    char *text = rlm_arena_allocate(arena, RLM_TIMESTAMP_TEXT, 1);

    if (text == NULL) return NULL;
    return rlm_export_text(arena,
                           (rlm_slice){text, rlm_timestamp_write((rlm_timestamp){day * DAY, RLM_PRECISION_DAY}, text)});
}

rlm_status
rlm_export_write_price(const rlm_price_set *set, const rlm_price *price, rlm_arena *arena, rlm_value *list)
{
    rlm_value *object = rlm_export_container(arena, RLM_OBJECT);

    RLM_TRY(rlm_export_append(list, object));
    RLM_TRY(rlm_export_insert(object, "amount",
                              rlm_export_amount(arena, (rlm_decimal){price->coefficient, price->exponent})));
    for (size_t i = 0; i < COUNT(words); i++) {
        const char *word = words[i].names[*((const uint8_t *) price + words[i].place)];

        if (*word == '\0' || (words[i].names == rlm_price_step_names && price->step == 0)) continue;
        RLM_TRY(rlm_export_insert(object, words[i].key, rlm_export_text(arena, rlm_slice_of(word))));
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        int64_t number = number_at(price, numbers[i].place, numbers[i].most);

        if (number != 0) RLM_TRY(rlm_export_insert(object, numbers[i].key, rlm_export_number(arena, number)));
    }
    for (size_t i = 0; i < COUNT(days); i++) {
        int64_t day = number_at(price, days[i].place, UINT16_MAX);

        if (day != 0) RLM_TRY(rlm_export_insert(object, days[i].key, new_day(arena, day)));
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        rlm_slice text = rlm_price_word(set->words, *((const uint8_t *) price + texts[i].place));

        if (text.length > 0) RLM_TRY(rlm_export_insert(object, texts[i].key, rlm_export_text(arena, text)));
    }
    return RLM_OK;
}

static rlm_status
read_day(const rlm_value *member, rlm_price *price, size_t place, rlm_error *error)
{
    rlm_timestamp day;

    if (rlm_timestamp_parse(rlm_value_text(member), &day) != RLM_OK || day.precision != RLM_PRECISION_DAY ||
        day.seconds <= 0 || day.seconds / DAY > UINT16_MAX)
        return rlm_export_refuse_word(error, "must be a day from 1970 to 2149:", member->key);
    put_number(price, place, UINT16_MAX, day.seconds / DAY);
    return RLM_OK;
}

static rlm_status
read_number(const rlm_value *member, rlm_price *price, size_t place, int64_t most, rlm_error *error)
{
    int64_t number;

    if (!rlm_export_integer(member, &number) || number < 0 || number > most)
        return rlm_export_refuse_word(error, "must be a whole number, 0 or more, and not so large:", member->key);
    put_number(price, place, most, number);
    return RLM_OK;
}

/* Any member of a price, the amount too. */
static rlm_status
read_member(const rlm_value *member, rlm_price *price, rlm_price_words *own, rlm_error *error)
{
    rlm_decimal amount;

    if (rlm_slice_is(member->key, "amount")) {
        RLM_TRY(rlm_export_read_amount(member, &amount, error));
        price->coefficient = amount.coefficient;
        price->exponent = amount.exponent;
        return RLM_OK;
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        if (rlm_slice_is(member->key, numbers[i].key))
            return read_number(member, price, numbers[i].place, numbers[i].most, error);
    }
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!rlm_slice_is(member->key, words[i].key)) continue;
        return rlm_export_word(words[i].names, words[i].count, member, (uint8_t *) price + words[i].place, error);
    }
    for (size_t i = 0; i < COUNT(days); i++) {
        if (rlm_slice_is(member->key, days[i].key)) return read_day(member, price, days[i].place, error);
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (!rlm_slice_is(member->key, texts[i].key)) continue;
        if (!rlm_export_is_text(member) || member->text.length == 0 || rlm_slice_has_control_characters(member->text))
            return rlm_export_refuse_word(error, "must be text without control characters:", member->key);
        memcpy((char *) own + texts[i].word, &member->text, sizeof member->text);
        return RLM_OK;
    }
    return rlm_export_refuse_word(error, "unknown member of a price:", member->key);
}

/* As versions 1 and 2 had them: a category and a direction make the meter. */
static rlm_status
read_former(const rlm_value *object, rlm_price *price, rlm_price_words *own, rlm_error *error)
{
    const rlm_value *category = rlm_value_get(object, "category"), *direction = rlm_value_get(object, "direction");
    rlm_meter meter = rlm_meter_of_former(rlm_value_text(category), rlm_value_text(direction),
                                          rlm_value_text(rlm_value_get(object, "unit")));

    if (meter == RLM_METER_COUNT)
        return rlm_export_refuse_word(error, "unknown kind of price:", rlm_value_text(category));
    RLM_EACH (member, object) {
        if (member != category && member != direction) RLM_TRY(read_member(member, price, own, error));
    }
    price->meter = (uint8_t) meter;
    return RLM_OK;
}

rlm_status
rlm_export_read_price(const rlm_value *object, rlm_price *price, rlm_price_words *own, rlm_error *error)
{
    static const char *const required[] = {"amount", "tier", "unit"};
    bool former;

    if (object->kind != RLM_OBJECT) return rlm_export_refuse(error, "a price must be an object");
    former = rlm_value_get(object, "category") != NULL;
    if (!former && rlm_value_get(object, "meter") == NULL) return rlm_export_refuse(error, "a price must have a meter");
    if (former) RLM_TRY(read_former(object, price, own, error));
    else
        RLM_EACH (member, object) RLM_TRY(read_member(member, price, own, error));
    for (size_t i = 0; i < COUNT(required); i++) {
        if (rlm_value_get(object, required[i]) == NULL)
            return rlm_export_refuse_word(error, "a price must have", rlm_slice_of(required[i]));
    }
    return RLM_OK;
}
