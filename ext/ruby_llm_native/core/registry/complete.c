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
    const line other = line_of(set, price);

    return other.meter == of->meter && other.tier == of->tier && rlm_slice_equal(other.region, of->region) &&
           rlm_slice_equal(other.size, of->size) && rlm_slice_equal(other.quality, of->quality);
}

static bool
is_timed(const rlm_price *price)
{
    return price->from_day != 0 || price->until_day != 0 || price->weekdays != 0 ||
           price->from_minute != price->until_minute;
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

/* Whether the price that the set has on that line for short requests at any time is also one of the other set's. */
static bool
agree_on(const rlm_price_set *set, const rlm_price_set *other, const line *of)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *base = &set->list[i];

        if (!is_of_line(set, base, of) || base->threshold != 0 || is_timed(base)) continue;
        for (uint32_t j = 0; j < other->count; j++) {
            const rlm_price *price = &other->list[j];

            if (is_of_line(other, price, of) && price->threshold == 0 && same_amount(base, price)) return true;
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

/* A provider states what it charges today; whoever else says that this has ended is wrong, or ahead of it. */
static bool
adds(const rlm_price_set *set, bool of_provider, const rlm_price_set *other, const rlm_price *price)
{
    const line of = line_of(other, price), base = base_of(&of);

    if (of_provider && (price->from_day != 0 || price->until_day != 0)) return false;
    if (has_condition(set, &of, price) || !agree_on(set, other, &base)) return false;
    return !has_line(set, &of) || agree_on(set, other, &of);
}

/* `*set` becomes a copy in the arena when it grows. */
static rlm_status
add_price(rlm_price_set *set, bool *copied, const rlm_price_set *other, const rlm_price *price, rlm_slice origin,
          rlm_arena *arena)
{
    const rlm_price_set own = *set;
    const line of = line_of(other, price);
    const rlm_price_words words = {of.region, of.size, of.quality, origin};

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
    return rlm_prices_add_with_words(set, *price, &words, arena);
}

/* The first day from which a source that was heard later has another base price of the meter; 0: none. */
static uint16_t
day_of_change(const rlm_price_set *set, rlm_meter meter, uint8_t origin)
{
    const line base = base_of(&(line){.meter = meter});
    uint16_t first = 0;

    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *price = &set->list[i];

        if (price->origin != origin || price->from_day == 0 || price->threshold != 0 || !is_of_line(set, price, &base))
            continue;
        if (first == 0 || price->from_day < first) first = price->from_day;
    }
    return first;
}

/*
 * Where the base price ends on a day, what others state in proportion to it ends, too: half of a price that is gone is
 * not known to be half of the next one. `set` is a copy.
 */
static void
end_with_base(rlm_price_set *set, rlm_slice origin)
{
    rlm_price *prices = (rlm_price *) (uintptr_t) set->list;
    uint8_t position = 0;

    for (uint32_t i = 0; i < set->count && position == 0; i++) {
        if (rlm_slice_equal(rlm_price_word(set->words, prices[i].origin), origin)) position = prices[i].origin;
    }
    for (uint32_t i = 0; i < set->count && position != 0; i++) {
        const line of = line_of(set, &prices[i]), base = base_of(&of);
        const bool plain = is_of_line(set, &prices[i], &base) && prices[i].threshold == 0;
        uint16_t day;

        if (plain || prices[i].origin == position || is_timed(&prices[i])) continue;
        day = day_of_change(set, base.meter, position);
        if (day != 0) prices[i].until_day = day;
    }
    rlm_prices_sort(prices, set->count);
}

/* All prices that one later statement adds, or none of them if there are too many. */
static rlm_status
complete_from(rlm_merged_model *of, bool of_provider, const rlm_statement *said, rlm_arena *arena)
{
    const rlm_price_set *other = &said->record.prices, before = of->record.prices;
    rlm_price_set set = before;
    rlm_slice origin = rlm_statement_origin(said, RLM_FIELD_PRICES);
    bool copied = false;

    for (uint32_t i = 0; i < other->count; i++) {
        rlm_status status;

        if (!adds(&before, of_provider, other, &other->list[i])) continue;
        if (set.count >= RLM_CAP_PRICES) return RLM_OK;
        status = add_price(&set, &copied, other, &other->list[i], origin, arena);
        if (status == RLM_TOO_LARGE) return RLM_OK;
        RLM_TRY(status);
    }
    if (copied) end_with_base(&set, origin);
    of->record.prices = set;
    return RLM_OK;
}

rlm_status
rlm_merge_complete_prices(rlm_merging *all, rlm_merged_model *of)
{
    const rlm_statement *first = NULL;

    for (size_t i = 0; i < of->count; i++) {
        const rlm_statement *said = &of->statements[i];

        if (said->record.prices.count == 0) continue;
        if (first == NULL) first = said;
        else RLM_TRY(complete_from(of, first->rank == RLM_RANK_PROVIDER, said, &all->arena));
    }
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
