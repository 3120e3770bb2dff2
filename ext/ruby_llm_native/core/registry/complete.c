/*
 * What a later source adds to what an earlier one stated: prices under further conditions, and bounds of further
 * numbers.
 *
 * The prices of a model are one source's set. If that set says nothing of a condition (batches, one hour in the cache,
 * long requests, a later day), a source of lower precedence may add its prices under that condition, but only where
 * both state the same base price of the same meter: then both speak of the same price list. Each added price has its
 * own origin.
 */
#include "registry/statement.h"

#include "base/caps.h"

#include <string.h>

/* The prices of one meter that differ only by length, time and amount. */
typedef struct {
    rlm_meter meter;
    rlm_price_tier tier;
    rlm_slice region, size, quality;
} line;

static line
line_of(const rlm_price_set *set, const rlm_price *price)
{
    return (line){(rlm_meter) price->meter, (rlm_price_tier) price->tier, rlm_price_word(set->words, price->region),
                  rlm_price_word(set->words, price->size), rlm_price_word(set->words, price->quality)};
}

static bool
is_of_line(const rlm_price_set *set, const rlm_price *price, const line *of)
{
    line other;

    if (price->meter != of->meter || price->tier != of->tier) return false; /* most differ in these */
    other = line_of(set, price);
    return rlm_slice_equal(other.region, of->region) && rlm_slice_equal(other.size, of->size) &&
           rlm_slice_equal(other.quality, of->quality);
}

static bool
has_hours(const rlm_price *price)
{
    return price->weekdays != 0 || price->from_minute != price->until_minute;
}

static bool
is_timed(const rlm_price *price)
{
    return price->from_day != 0 || price->until_day != 0 || has_hours(price);
}

static bool
same_amount(const rlm_price *left, const rlm_price *right)
{
    return left->unit == right->unit && rlm_decimal_equal((rlm_decimal){left->coefficient, left->exponent},
                                                          (rlm_decimal){right->coefficient, right->exponent});
}

static bool
has_line(const rlm_price_set *set, const line *of)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (is_of_line(set, &set->list[i], of)) return true;
    }
    return false;
}

/*
 * Whether the price that the set has on that line for short requests at any time is also the other set's, until that
 * ends: agreement on what comes later is none.
 */
static bool
agree_on(const rlm_price_set *set, const rlm_price_set *other, const line *of)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *base = &set->list[i];

        if (!is_of_line(set, base, of) || base->threshold != 0 || is_timed(base)) continue;
        for (uint32_t j = 0; j < other->count; j++) {
            const rlm_price *price = &other->list[j];

            if (price->from_day != 0 || has_hours(price)) continue; /* what it will be, or is at times */
            if (price->threshold == 0 && same_amount(base, price) && is_of_line(other, price, of)) return true;
        }
        return false;
    }
    return false;
}

/* The line that tells whether two lists are the same one. */
static line
base_of(const line *of)
{
    bool longer = of->meter == RLM_METER_CACHE_WRITE_1H || of->meter == RLM_METER_CACHE_WRITE_EXTENDED;

    return (line){longer ? RLM_METER_CACHE_WRITE : of->meter, RLM_TIER_STANDARD, {NULL, 0}, {NULL, 0}, {NULL, 0}};
}

/* Whether the set has, on that line, a price for the same kind of length and time. */
static bool
has_condition(const rlm_price_set *set, const line *of, const rlm_price *price)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *own = &set->list[i];

        if (is_of_line(set, own, of) && (own->threshold != 0) == (price->threshold != 0) &&
            is_timed(own) == is_timed(price))
            return true;
    }
    return false;
}

/* Whether the set has a price for any region there, which holds for this one, too. */
static bool
has_any_region(const rlm_price_set *set, const line *of)
{
    line any = *of;

    any.region = RLM_SLICE(RLM_ANY_REGION);
    return of->region.length > 0 && has_line(set, &any);
}

/* "From 200,000" and "above 200,000" are one step to this: lists differ in the word. */
static bool
has_step(const rlm_price_set *set, const line *of, int64_t below, uint16_t from_day)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *price = &set->list[i];
        const int64_t own = rlm_price_most_below(price);

        if (own > 0 && own - below <= 1 && below - own <= 1 && (from_day == 0 || price->from_day == from_day) &&
            is_of_line(set, price, of))
            return true;
    }
    return false;
}

/*
 * Whether the other set knows the steps that this one has there, from that day on: else its other prices are of short
 * requests alone.
 */
static bool
knows_steps(const rlm_price_set *other, const rlm_price_set *set, const line *of, uint16_t from_day)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const int64_t below = rlm_price_most_below(&set->list[i]);

        if (below > 0 && is_of_line(set, &set->list[i], of) && !has_step(other, of, below, from_day)) return false;
    }
    return true;
}

/* What one later statement may add to a set. Prices are sorted by meter, so one answer about its steps is kept. */
typedef struct {
    const rlm_price_set *set, *other;
    bool of_provider, asked, knows;
    rlm_meter meter; /* that was asked about */
} completing;

static bool
knows_steps_of(completing *from, const line *base, const rlm_price *price)
{
    if (price->from_day != 0 && is_of_line(from->other, price, base))
        return knows_steps(from->other, from->set, base, price->from_day);
    if (!from->asked || from->meter != base->meter) {
        from->asked = true;
        from->meter = base->meter;
        from->knows = knows_steps(from->other, from->set, base, 0);
    }
    return from->knows;
}

/* A provider states what it charges today; whoever else says that this has ended is wrong, or ahead of it. */
static bool
adds(completing *from, const rlm_price *price)
{
    const line of = line_of(from->other, price), base = base_of(&of);

    if (from->of_provider && (price->from_day != 0 || price->until_day != 0)) return false;
    if (has_condition(from->set, &of, price) || has_any_region(from->set, &of)) return false;
    if (!agree_on(from->set, from->other, &base) || !knows_steps_of(from, &base, price)) return false;
    return !has_line(from->set, &of) || agree_on(from->set, from->other, &of);
}

/* What the other list has prices of its own for: its other prices do not cover that, though these are not added. */
static uint8_t
stated_apart(const rlm_price_set *other)
{
    uint8_t apart = 0;

    for (uint32_t i = 0; i < other->count; i++) apart |= rlm_meter_covered_as((rlm_meter) other->list[i].meter);
    return apart;
}

/* `*set` becomes a copy in the arena when it grows. */
static rlm_status
add_price(rlm_price_set *set, bool *copied, const rlm_price_set *other, const rlm_price *price, rlm_slice origin,
          rlm_arena *arena)
{
    const rlm_price_set own = *set;
    const line of = line_of(other, price);
    const rlm_price_words words = {of.region, of.size, of.quality, origin};
    rlm_price added = *price;

    added.covers &= (uint8_t) ~stated_apart(other);
    if (!*copied) {
        rlm_price *list;
        uint32_t room = 1;

        while (room < own.count) room *= 2; /* as rlm_prices_add expects it */
        list = rlm_arena_allocate(arena, room, sizeof *list);
        if (list == NULL) return RLM_OUT_OF_MEMORY;
        if (own.count > 0) memcpy(list, own.list, own.count * sizeof *list);
        set->list = list;
        *copied = true;
    }
    return rlm_prices_add_with_words(set, added, &words, arena);
}

/* Whether the price is that which the set has there at any time. */
static bool
is_unchanged(const rlm_price_set *set, const rlm_price *price, const line *of)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *base = &set->list[i];

        if (base->threshold == 0 && !is_timed(base) && same_amount(base, price) && is_of_line(set, base, of))
            return true;
    }
    return false;
}

/* The first day from which another source than that of the price has another base price of its meter; 0: none. */
static uint16_t
day_of_change(const rlm_price_set *set, const rlm_price *price)
{
    const line of = line_of(set, price), base = base_of(&of);
    uint16_t first = 0;

    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *next = &set->list[i];

        if (next->origin == 0 || next->origin == price->origin || next->from_day == 0 || next->threshold != 0 ||
            !is_of_line(set, next, &base) || is_unchanged(set, next, &base))
            continue;
        if (first == 0 || next->from_day < first) first = next->from_day;
    }
    return first;
}

static bool
begins_a_base_price(const rlm_price_set *set, const rlm_price *price)
{
    const line of = line_of(set, price), base = base_of(&of);

    return price->origin != 0 && price->from_day != 0 && price->threshold == 0 && is_of_line(set, price, &base);
}

/*
 * Where the base price ends on a day, what others state in proportion to it ends, too: half of a price that is gone is
 * not known to be half of the next one. `set` is a copy.
 */
static void
end_with_base(rlm_price_set *set)
{
    rlm_price *prices = (rlm_price *) (uintptr_t) set->list;
    bool some = false;

    for (uint32_t i = 0; i < set->count && !some; i++) some = begins_a_base_price(set, &prices[i]);
    for (uint32_t i = 0; i < set->count && some; i++) {
        const line of = line_of(set, &prices[i]), base = base_of(&of);

        if (!is_of_line(set, &prices[i], &base) && prices[i].from_day == 0 && prices[i].until_day == 0)
            prices[i].until_day = day_of_change(set, &prices[i]);
    }
    if (some) rlm_prices_sort(prices, set->count);
}

/* All prices that one later statement adds, or none of them if there are too many. */
static rlm_status
complete_from(rlm_merged_model *of, bool of_provider, const rlm_statement *said, rlm_arena *arena, bool *added)
{
    const rlm_price_set *other = &said->record.prices, before = of->record.prices;
    completing from = {.set = &before, .other = other, .of_provider = of_provider};
    rlm_price_set set = before;
    rlm_slice origin = rlm_statement_origin(said, RLM_FIELD_PRICES);
    bool copied = false;

    for (uint32_t i = 0; i < other->count; i++) {
        rlm_status status;

        if (!adds(&from, &other->list[i])) continue;
        if (set.count >= RLM_CAP_MERGED_PRICES) return RLM_OK;
        status = add_price(&set, &copied, other, &other->list[i], origin, arena);
        if (status == RLM_TOO_LARGE) return RLM_OK;
        RLM_TRY(status);
    }
    of->record.prices = set;
    *added = *added || copied;
    return RLM_OK;
}

rlm_status
rlm_merge_complete_prices(rlm_merging *all, rlm_merged_model *of)
{
    const rlm_statement *first = NULL;
    bool added = false;

    for (size_t i = 0; i < of->count; i++) {
        const rlm_statement *said = &of->statements[i];

        if (said->record.prices.count == 0) continue;
        if (first == NULL) first = said;
        else RLM_TRY(complete_from(of, first->rank == RLM_RANK_PROVIDER, said, &all->arena, &added));
    }
    if (added) end_with_base(&of->record.prices);
    return RLM_OK;
}

/* ---- Bounds ---- */

static rlm_field
field_of(rlm_bounded bounded)
{
    if (bounded == RLM_BOUNDED_DIMENSIONS) return RLM_FIELD_DIMENSIONS;
    if (bounded == RLM_BOUNDED_REASONING_BUDGET) return RLM_FIELD_REASONING;
    return bounded < RLM_BOUNDED_REASONING_BUDGET ? RLM_FIELD_PARAMETERS : RLM_FIELD_REQUEST_LIMITS;
}

/* The first statement that bounds it. */
static const rlm_statement *
who_bounds(const rlm_merged_model *of, rlm_bounded bounded)
{
    for (size_t i = 0; i < of->count; i++) {
        const rlm_record *record = &of->statements[i].record;

        for (uint32_t b = 0; b < record->bound_count; b++) {
            if (record->bounds[b].of == bounded) return &of->statements[i];
        }
    }
    return NULL;
}

rlm_status
rlm_merge_join_bounds(rlm_merging *all, rlm_merged_model *of)
{
    size_t most = 0;
    rlm_bound *bounds;
    uint32_t count = 0;

    for (size_t i = 0; i < of->count; i++) most += of->statements[i].record.bound_count;
    if (most == 0) return RLM_OK;
    bounds = rlm_arena_allocate(&all->arena, most, sizeof *bounds);
    if (bounds == NULL) return RLM_OUT_OF_MEMORY;
    for (int bounded = 0; bounded < RLM_BOUNDED_COUNT; bounded++) {
        const rlm_statement *said = who_bounds(of, (rlm_bounded) bounded);
        rlm_slice *origin = &of->origins.of[field_of((rlm_bounded) bounded)];

        if (said == NULL) continue;
        for (uint32_t b = 0; b < said->record.bound_count; b++) {
            if (said->record.bounds[b].of == bounded) bounds[count++] = said->record.bounds[b];
        }
        if (origin->length == 0) *origin = rlm_statement_origin(said, field_of((rlm_bounded) bounded));
    }
    of->record.bounds = bounds;
    of->record.bound_count = count;
    return RLM_OK;
}
