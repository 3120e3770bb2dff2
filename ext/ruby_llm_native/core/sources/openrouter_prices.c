/*
 * OpenRouter's `pricing`, which gateways repeat: strings in dollars per token, and prices that replace them under
 * conditions.
 *
 * An override holds where all its conditions do: more tokens in the request than `min_prompt_tokens`, an hour in UTC
 * from `utc_start` until `utc_end` (1630 is 16:30; past midnight if the start is later), a day among `utc_days`. Of
 * those that hold, the last one that has a key wins it, and a key that none has is that of the base. A set of prices
 * has no order, there the longer request wins, then the hours: read state_override for how the one becomes the other.
 *
 * `discount` stays metadata: it is a share that is taken off, and nobody says whether the prices beside it are those
 * before or after it.
 */
#include "sources/source.h"

const rlm_price_key rlm_openrouter_token_prices[] = {
    RLM_PRICE_OF_ALL("prompt", INPUT, 6),
    RLM_PRICE("completion", OUTPUT, 6),
    RLM_PRICE_OF_ALL("input_cache_read", CACHE_READ, 6),
    RLM_PRICE("input_cache_write", CACHE_WRITE, 6),
    RLM_PRICE_END,
};

static const rlm_price_key other_prices[] = {
    RLM_PRICE("input_cache_write_1h", CACHE_WRITE_1H, 6),
    RLM_PRICE("internal_reasoning", REASONING, 6),
    RLM_PRICE("audio", AUDIO_INPUT, 6),
    RLM_PRICE("audio_output", AUDIO_OUTPUT, 6),
    RLM_PRICE("input_audio_cache", AUDIO_CACHE_READ, 6),
    RLM_PRICE("image_token", IMAGE_INPUT, 6),
    RLM_PRICE("image_output", IMAGE_OUTPUT, 6),
    RLM_PRICE("image", IMAGE_READ, 0),
    RLM_PRICE("request", REQUEST, 0),
    RLM_PRICE("web_search", WEB_SEARCH, 0),
    RLM_PRICE_END,
};

/* More than any model has; each is compared with those before it. */
#define MOST_OVERRIDES 16

/* A window past midnight is two of them, if it has days: each is of its own day. */
typedef struct {
    const rlm_value *entry;
    int64_t threshold;
    uint16_t from, until; /* minutes; 0 and 0: any hour */
    uint8_t days;         /* as rlm_price.weekdays */
} override;

typedef struct {
    override list[2 * MOST_OVERRIDES];
    size_t count;
    const char *trouble; /* NULL: all are understood */
} override_list;

/* ---- Conditions ---- */

/* 1630 is 16:30. */
static bool
read_clock(const rlm_value *value, uint16_t *minutes)
{
    int64_t clock;

    if (!rlm_value_integer(value, &clock) || clock < 0 || clock > 2400 || clock % 100 > 59) return false;
    *minutes = (uint16_t) (clock / 100 * 60 + clock % 100);
    return true;
}

static bool
read_days(const rlm_value *list, uint8_t *days)
{
    static const char *const names[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};

    if (!rlm_value_says_something(list)) return true;
    if (list->kind != RLM_ARRAY) return false;
    RLM_EACH (day, list) {
        int position = rlm_name_position(names, 7, rlm_value_text(day));

        if (position < 0) return false;
        *days |= (uint8_t) RLM_BIT(position);
    }
    return true;
}

static bool
is_price(rlm_slice key)
{
    for (const rlm_price_key *price = rlm_openrouter_token_prices; price->key != NULL; price++)
        if (rlm_slice_is(key, price->key)) return true;
    for (const rlm_price_key *price = other_prices; price->key != NULL; price++)
        if (rlm_slice_is(key, price->key)) return true;
    return false;
}

/* A condition that we do not know may not be passed over: its prices would hold always. */
static bool
has_only_known_members(const rlm_value *entry)
{
    static const char *const conditions[] = {"min_prompt_tokens", "utc_start", "utc_end", "utc_days"};

    RLM_EACH (member, entry) {
        if (rlm_name_position(conditions, 4, member->key) < 0 && !is_price(member->key) &&
            rlm_value_says_something(member))
            return false;
    }
    return true;
}

static bool
has_hours(const override *one)
{
    return one->from != one->until || one->days != 0;
}

/* NULL, or what must be for them to be understood. */
static const char *
read_conditions(const rlm_value *entry, override *conditions)
{
    const rlm_value *tokens = rlm_value_get(entry, "min_prompt_tokens"), *start = rlm_value_get(entry, "utc_start"),
                    *end = rlm_value_get(entry, "utc_end"), *days = rlm_value_get(entry, "utc_days");

    *conditions = (override){.entry = entry};
    if (entry->kind != RLM_OBJECT) return "overrides must be objects";
    if (!has_only_known_members(entry)) return "overrides must have conditions and prices that are known";
    if (rlm_value_says_something(tokens) && (!rlm_value_integer(tokens, &conditions->threshold) ||
                                             conditions->threshold < 0 || conditions->threshold > INT32_MAX))
        return "min_prompt_tokens must be a number of tokens";
    if (rlm_value_says_something(start) != rlm_value_says_something(end))
        return "utc_start and utc_end must stand together";
    if (rlm_value_says_something(start) &&
        (!read_clock(start, &conditions->from) || !read_clock(end, &conditions->until) ||
         conditions->from == conditions->until))
        return "utc_start and utc_end must be two hours of a day, such as 1630";
    if (!read_days(days, &conditions->days)) return "utc_days must be names of days";
    if (conditions->threshold == 0 && !has_hours(conditions)) return "an override must have a condition";
    return NULL;
}

static void
add_override(override_list *all, const rlm_value *entry)
{
    override one;

    if (all->count + 2 > 2 * MOST_OVERRIDES) all->trouble = "there must be fewer overrides";
    else all->trouble = read_conditions(entry, &one);
    if (all->trouble != NULL) return;
    if (one.days != 0 && one.from > one.until) { /* what is left after midnight is of a day among them, too */
        override rest = one;

        rest.from = 0;
        one.until = RLM_MINUTES_OF_DAY;
        if (rest.until > 0) all->list[all->count++] = rest;
    }
    all->list[all->count++] = one;
}

/* ---- Order ---- */

static bool
same_hours(const override *one, const override *other)
{
    return one->from == other->from && one->until == other->until && one->days == other->days;
}

static bool
is_within(uint16_t minute, const override *hours)
{
    if (hours->from == hours->until) return true;
    if (hours->from < hours->until) return minute >= hours->from && minute < hours->until;
    return minute >= hours->from || minute < hours->until;
}

/* Whether there may be a moment that is in both; both have hours, and no two days are told apart past midnight. */
static bool
overlap(const override *one, const override *other)
{
    bool past_midnight = one->from > one->until || other->from > other->until;

    if (one->days != 0 && other->days != 0 && (one->days & other->days) == 0 && !past_midnight) return false;
    return is_within(one->from, other) || is_within(other->from, one);
}

/* Whether the one holds wherever the other does. */
static bool
includes(const override *one, const override *other)
{
    return one->threshold <= other->threshold && (!has_hours(one) || same_hours(one, other));
}

/* The value under that key, if the override has one. */
static rlm_value *
amount_of(const override *one, const rlm_price_key *key)
{
    rlm_value *amount = rlm_value_get(one->entry, key->key);

    return rlm_value_says_something(amount) ? amount : NULL;
}

/* Whether one that comes later than `at` always wins where these conditions hold. */
static bool
is_replaced(const override_list *all, size_t at, const override *conditions, const rlm_price_key *key)
{
    for (size_t later = at + 1; later < all->count; later++) {
        if (amount_of(&all->list[later], key) != NULL && includes(&all->list[later], conditions)) return true;
    }
    return false;
}

/* The price of the override at that place, for requests of more tokens than that. */
static rlm_status
state(rlm_record *model, const override_list *all, size_t at, int64_t threshold, const rlm_price_key *key)
{
    override one = all->list[at];
    rlm_price price = {.meter = key->meter, .covers = key->covers, .unit = (uint8_t) rlm_meter_units[key->meter]};

    one.threshold = threshold;
    if (is_replaced(all, at, &one, key)) return RLM_OK;
    price.threshold = (int32_t) threshold;
    price.from_minute = one.from;
    price.until_minute = one.until;
    price.weekdays = one.days;
    return rlm_record_state_price(model, price, amount_of(&one, key), key->shift);
}

/*
 * The price of one override under one key. Where it wins against an earlier one of longer requests only by coming
 * later, it is also stated for requests of that length.
 */
static rlm_status
state_override(rlm_record *model, const override_list *all, size_t at, const rlm_price_key *key)
{
    const override *one = &all->list[at];

    if (amount_of(one, key) == NULL) return RLM_OK;
    RLM_TRY(state(model, all, at, one->threshold, key));
    for (size_t earlier = 0; earlier < at && has_hours(one); earlier++) {
        const override *other = &all->list[earlier];

        if (has_hours(other) || other->threshold <= one->threshold || amount_of(other, key) == NULL) continue;
        if (!is_replaced(all, earlier, other, key)) RLM_TRY(state(model, all, at, other->threshold, key));
    }
    return RLM_OK;
}

/* Then no price could be stated for the moments of both. */
static bool
some_meet_in_part(const override_list *all, const rlm_price_key *key)
{
    for (size_t i = 0; i < all->count; i++) {
        for (size_t j = 0; j < i; j++) {
            const override *one = &all->list[i], *other = &all->list[j];

            if (amount_of(one, key) != NULL && amount_of(other, key) != NULL && has_hours(one) && has_hours(other) &&
                !same_hours(one, other) && overlap(one, other))
                return true;
        }
    }
    return false;
}

static rlm_status
state_overrides(rlm_record *model, const override_list *all, const rlm_price_key *keys)
{
    for (; keys->key != NULL; keys++) {
        if (some_meet_in_part(all, keys))
            return rlm_record_give_up_prices(model, "hours of overrides must not meet in part");
        for (size_t i = 0; i < all->count; i++) RLM_TRY(state_override(model, all, i, keys));
    }
    return RLM_OK;
}

static rlm_status
read_overrides(rlm_value *entries, rlm_record *model)
{
    override_list all = {.count = 0};

    if (!rlm_value_says_something(entries)) return RLM_OK;
    if (entries->kind != RLM_ARRAY) all.trouble = "overrides must be a list";
    RLM_EACH (entry, entries) {
        if (all.trouble == NULL) add_override(&all, entry);
    }
    if (all.trouble != NULL) return rlm_record_give_up_prices(model, all.trouble);
    RLM_TRY(state_overrides(model, &all, rlm_openrouter_token_prices));
    RLM_TRY(state_overrides(model, &all, other_prices));
    rlm_value_take_with_prices(entries);
    return RLM_OK;
}

/* ---- All prices ---- */

rlm_status
rlm_openrouter_read_prices(const rlm_value *pricing, rlm_record *model)
{
    rlm_decimal prompt;

    if (rlm_value_decimal(rlm_value_get(pricing, "prompt"), &prompt) && rlm_decimal_is_negative(prompt)) return RLM_OK;
    RLM_TRY(rlm_record_state_prices(model, pricing, rlm_openrouter_token_prices, RLM_ANY_LENGTH, true));
    /*
     * These are sent as "0" with every model, whether reasoning, hearing, seeing and searching are free or impossible.
     */
    RLM_TRY(rlm_record_state_prices(model, pricing, other_prices, RLM_ANY_LENGTH, false));
    return read_overrides(rlm_value_get(pricing, "overrides"), model);
}
