/*
 * Filters. Read rlm_filter_matches, then rlm_filter_select, which looks at as few records as it can: from the whole
 * catalog, at those of a provider, a type or a family, for which the block has an index; otherwise at the members it is
 * given.
 */
#include "lookup/filter.h"

#include "model/life.h"

#include <stdlib.h>
#include <string.h>

size_t
rlm_slice_position(const rlm_slice *list, size_t count, rlm_slice text)
{
    size_t position = 0;

    while (position < count && !rlm_slice_equal(list[position], text)) position++;
    return position;
}

/* The standard price of a short request. */
static bool
price_of(const rlm_block *block, size_t index, rlm_meter meter, int64_t now, rlm_decimal *price)
{
    const rlm_price_query query = {.meter = meter, .tier = RLM_TIER_STANDARD, .at = now};
    const rlm_price_set prices = rlm_block_prices(block, index);
    const rlm_price *found = rlm_prices_own(&prices, &query);

    if (found != NULL) *price = (rlm_decimal){found->coefficient, found->exponent};
    return found != NULL;
}

/* ---- One model ---- */

static bool
has_all(uint32_t flags, uint32_t wanted)
{
    return (flags & wanted) == wanted;
}

/* By capability and input. Some sources state that a model sees, others that it reads images. */
static bool
does_all(const rlm_block *block, size_t index, const rlm_filter *filter, bool of_type)
{
    rlm_flags capabilities, input, output;

    rlm_block_flags(block, index, &capabilities, &input, &output);
    if ((input.yes & RLM_BIT(RLM_MODALITY_IMAGE)) != 0) capabilities.yes |= RLM_BIT(RLM_CAPABILITY_VISION);
    if ((input.yes & RLM_BIT(RLM_MODALITY_VIDEO)) != 0) capabilities.yes |= RLM_BIT(RLM_CAPABILITY_VIDEO);
    return (of_type || (output.yes & filter->or_output) != 0) && has_all(capabilities.yes, filter->capabilities) &&
           has_all(input.yes, filter->input) && has_all(output.yes, filter->output);
}

static bool
is_of(const rlm_slice *list, size_t count, rlm_slice text)
{
    return text.length > 0 && rlm_slice_position(list, count, text) < count;
}

static bool
is_of_provider(const rlm_block *block, size_t index, const rlm_filter *filter)
{
    rlm_slice provider, id;

    rlm_block_key(block, index, &provider, &id);
    return is_of(filter->providers, filter->provider_count, provider);
}

static bool
is_cheap_enough(const rlm_block *block, size_t index, const rlm_filter *filter)
{
    rlm_decimal price;

    return price_of(block, index, RLM_METER_INPUT, filter->now, &price) &&
           rlm_decimal_compare(price, filter->max_input_price) <= 0;
}

/* ---- What needs the whole record ---- */

static bool
asks_for_controls(const rlm_filter *filter)
{
    return (filter->accepts | filter->efforts | filter->traits | filter->denied | filter->bounded) != 0 ||
           filter->by_data_region || filter->by_license;
}

static bool
asks_for_life(const rlm_filter *filter)
{
    return filter->lives != 0 || filter->has_ends_by;
}

/* The most that can be had; where nobody states that, what one gets unasked. */
static bool
has_at_least(const rlm_record *record, rlm_bounded of, int64_t least)
{
    const rlm_bound *bound = rlm_record_bound(record, of, RLM_BOUND_MAX);

    if (bound == NULL) bound = rlm_record_bound(record, of, RLM_BOUND_DEFAULT);
    return bound != NULL &&
           rlm_decimal_compare((rlm_decimal){bound->coefficient, bound->exponent}, (rlm_decimal){least, 0}) >= 0;
}

static bool
has_room(const rlm_record *record, const rlm_filter *filter)
{
    for (int of = 0; of < RLM_BOUNDED_COUNT; of++) {
        if ((filter->bounded & RLM_BIT(of)) != 0 && !has_at_least(record, (rlm_bounded) of, filter->least[of]))
            return false;
    }
    return true;
}

static bool
keeps_data_in(const rlm_record *record, const rlm_filter *filter)
{
    for (size_t i = 0; i < filter->data_region_count; i++) {
        if (rlm_id_list_has(record->data_regions, filter->data_regions[i])) return true;
    }
    return false;
}

static bool
is_steered_so(const rlm_record *record, const rlm_filter *filter)
{
    return has_all(record->parameters.yes, filter->accepts) && has_all(record->efforts.yes, filter->efforts) &&
           has_all(record->traits.yes, filter->traits) && has_all(record->traits.no, filter->denied) &&
           has_room(record, filter) && (!filter->by_data_region || keeps_data_in(record, filter)) &&
           (!filter->by_license || is_of(filter->licenses, filter->license_count, record->license));
}

static bool
lives_so(const rlm_record *record, const rlm_filter *filter)
{
    uint8_t life = rlm_life_at(record, filter->now, filter->now);

    if (filter->lives != 0 && (filter->lives & RLM_BIT(life)) == 0) return false;
    return !filter->has_ends_by ||
           (life != RLM_MODEL_STATUS_RETIRED && record->retires_at.precision != RLM_PRECISION_NONE &&
            record->retires_at.seconds <= filter->ends_by);
}

static bool
states_all(const rlm_block *block, size_t index, const rlm_filter *filter)
{
    rlm_record record;

    if (!asks_for_controls(filter) && !asks_for_life(filter)) return true;
    rlm_block_record(block, index, &record);
    return is_steered_so(&record, filter) && (!asks_for_life(filter) || lives_so(&record, filter));
}

bool
rlm_filter_matches(const rlm_block *block, size_t index, const rlm_filter *filter)
{
    bool of_type = !filter->by_type || (RLM_BIT(rlm_block_type(block, index)) & filter->types) != 0;

    return (of_type || filter->or_output != 0) &&
           (filter->standings == 0 || (RLM_BIT(rlm_block_standing(block, index)) & filter->standings) != 0) &&
           !(filter->without_superseded && rlm_block_superseded(block, index)) &&
           (!filter->by_provider || is_of_provider(block, index, filter)) &&
           (!filter->by_family || is_of(filter->families, filter->family_count, rlm_block_family(block, index))) &&
           does_all(block, index, filter, of_type) &&
           (filter->min_context == 0 || rlm_block_limit(block, index, RLM_LIMIT_CONTEXT) >= filter->min_context) &&
           (!filter->has_max_input_price || is_cheap_enough(block, index, filter)) && states_all(block, index, filter);
}

/* Whether no condition is left. */
static bool
matches_all(const rlm_filter *filter)
{
    return !filter->by_provider && !filter->by_family && !filter->by_type && filter->capabilities == 0 &&
           filter->input == 0 && filter->output == 0 && filter->standings == 0 && filter->min_context == 0 &&
           !filter->has_max_input_price && !filter->without_superseded && !asks_for_controls(filter) &&
           !asks_for_life(filter);
}

/* ---- Many ---- */

typedef struct {
    const rlm_block *block;
    rlm_filter filter; /* what no index has decided yet */
    bool all;          /* and nothing remains */
    uint32_t *out;
    size_t count, shown;
} selection;

static void
offer(selection *chosen, size_t index, bool shown)
{
    if (!chosen->all && !rlm_filter_matches(chosen->block, index, &chosen->filter)) return;
    chosen->out[chosen->count++] = (uint32_t) index;
    if (shown) chosen->shown++;
}

static void
offer_members(selection *chosen, rlm_members members)
{
    chosen->all = matches_all(&chosen->filter);
    if (chosen->all && members.count > 0) {
        memcpy(chosen->out, members.indexes, members.count * sizeof *chosen->out);
        chosen->count = members.count;
        chosen->shown = members.shown;
        return;
    }
    for (size_t i = 0; i < members.count; i++) offer(chosen, members.indexes[i], i < members.shown);
}

static void
offer_records(selection *chosen, size_t first, size_t count, bool shown)
{
    for (size_t i = first; i < first + count; i++) {
        if (shown == (rlm_block_standing(chosen->block, i) != RLM_STANDING_UNLISTED)) offer(chosen, i, shown);
    }
}

/* The records of the first of the filter's providers that the block has, from `*next` on; false if there is none. */
static bool
next_provider(const rlm_block *block, const rlm_filter *filter, size_t *next, size_t *count)
{
    size_t best = block->count;

    *count = 0;
    for (size_t i = 0; i < filter->provider_count; i++) {
        size_t first, its_count;

        rlm_block_provider(block, filter->providers[i], &first, &its_count);
        if (its_count == 0 || first < *next || first >= best) continue;
        best = first;
        *count = its_count;
    }
    *next = best;
    return *count > 0;
}

static void
offer_by_provider(selection *chosen, bool shown)
{
    size_t count;

    chosen->filter.by_provider = false;
    chosen->all = matches_all(&chosen->filter);
    for (size_t next = 0; next_provider(chosen->block, &chosen->filter, &next, &count); next += count) {
        offer_records(chosen, next, count, shown);
    }
}

static rlm_type
first_type(uint32_t types)
{
    int type = 0;

    while (type + 1 < RLM_TYPE_COUNT && (types & RLM_BIT(type)) == 0) type++;
    return (rlm_type) type;
}

static void
offer_whole(selection *chosen)
{
    rlm_filter *filter = &chosen->filter;
    const rlm_block *block = chosen->block;
    bool some_unlisted = rlm_block_shown(block) < block->count;
    rlm_members indexed;

    if (filter->by_provider) {
        offer_by_provider(chosen, true);
        if (some_unlisted) offer_by_provider(chosen, false);
    } else if (filter->by_family && filter->family_count == 1) {
        filter->by_family = false;
        indexed.indexes = rlm_block_of_family(block, filter->families[0], &indexed.count, &indexed.shown);
        offer_members(chosen, indexed);
    } else if (filter->by_type && filter->or_output == 0 && filter->types == RLM_BIT(first_type(filter->types))) {
        filter->by_type = false;
        indexed.indexes = rlm_block_of_type(block, first_type(filter->types), &indexed.count, &indexed.shown);
        offer_members(chosen, indexed);
    } else {
        chosen->all = matches_all(filter);
        offer_records(chosen, 0, block->count, true);
        if (some_unlisted) offer_records(chosen, 0, block->count, false);
    }
}

void
rlm_filter_select(const rlm_block *block, const rlm_filter *filter, const rlm_members *from, uint32_t *out,
                  size_t *count, size_t *shown)
{
    selection chosen = {.block = block, .filter = *filter, .out = out};

    if (from == NULL) offer_whole(&chosen);
    else offer_members(&chosen, *from);
    *count = chosen.count;
    *shown = chosen.shown;
}

/* ---- Orders ---- */

typedef struct {
    int64_t seconds;
    size_t place; /* among the members */
    uint32_t index;
    bool hidden, known;
} dated;

static int
newest_first(const void *left, const void *right)
{
    const dated *a = left, *b = right;

    if (a->hidden != b->hidden) return a->hidden ? 1 : -1;
    if (a->known != b->known) return a->known ? -1 : 1;
    if (a->known && a->seconds != b->seconds) return a->seconds > b->seconds ? -1 : 1;
    return a->place < b->place ? -1 : 1;
}

rlm_status
rlm_filter_newest_first(const rlm_block *block, const rlm_members *members, uint32_t *out)
{
    dated *all = rlm_memory_allocate((members->count + 1) * sizeof *all);

    if (all == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < members->count; i++) {
        rlm_timestamp created = rlm_block_created_at(block, members->indexes[i]);

        all[i] = (dated){created.seconds, i, members->indexes[i], i >= members->shown,
                         created.precision != RLM_PRECISION_NONE};
    }
    if (members->count > 1) qsort(all, members->count, sizeof *all, newest_first);
    for (size_t i = 0; i < members->count; i++) out[i] = all[i].index;
    rlm_memory_free(all);
    return RLM_OK;
}

static bool
sum_of_prices(const rlm_block *block, size_t index, int64_t now, rlm_decimal *sum)
{
    rlm_decimal input, output;

    if (!price_of(block, index, RLM_METER_INPUT, now, &input) ||
        !price_of(block, index, RLM_METER_OUTPUT, now, &output))
        return false;
    *sum = rlm_decimal_add(input, output);
    return true;
}

size_t
rlm_filter_cheapest(const rlm_block *block, const rlm_members *members, const rlm_slice *order, size_t order_count,
                    int64_t now)
{
    size_t best = block->count, best_rank = 0;
    rlm_decimal least = {0, 0};

    for (size_t i = 0; i < members->shown; i++) {
        size_t index = members->indexes[i], rank;
        rlm_slice provider, id;
        rlm_decimal sum;
        int compared;

        if (!sum_of_prices(block, index, now, &sum)) continue;
        compared = best == block->count ? -1 : rlm_decimal_compare(sum, least);
        if (compared > 0) continue;
        rlm_block_key(block, index, &provider, &id);
        rank = rlm_slice_position(order, order_count, provider);
        if (compared == 0 && (rank > best_rank || (rank == best_rank && index > best))) continue;
        best = index;
        best_rank = rank;
        least = sum;
    }
    return best;
}
