/*
 * Filters. Read rlm_filter_matches, then rlm_filter_select, which looks at as few records as it can: at those of a provider, a type or a
 * family, for which the block has an index, when it starts from the whole catalog, and else at the members it is given.
 */
#include "filter.h"

#include <stdlib.h>
#include <string.h>

size_t
rlm_slice_position(const rlm_slice *list, size_t count, rlm_slice text)
{
    size_t position = 0;

    while (position < count && !rlm_slice_equal(list[position], text)) position++;
    return position;
}

/* The standard price of text tokens in that direction. */
static bool
price_of(const rlm_record *record, rlm_price_direction direction, rlm_decimal *price)
{
    for (uint32_t i = 0; i < record->price_count; i++) {
        const rlm_price *each = &record->prices[i];

        if (each->category == RLM_PRICE_TEXT && each->direction == direction && each->tier == RLM_TIER_STANDARD &&
            each->unit == RLM_UNIT_MILLION_TOKENS && each->threshold == 0) {
            *price = (rlm_decimal) {each->coefficient, each->exponent};
            return true;
        }
    }
    return false;
}

/* ---- One model ---- */

/* Some sources state that a model sees, others that it reads images. */
static uint32_t
capabilities_of(const rlm_record *record)
{
    uint32_t capabilities = record->capabilities.yes;

    if ((record->input.yes & RLM_BIT(RLM_MODALITY_IMAGE)) != 0) capabilities |= RLM_BIT(RLM_CAPABILITY_VISION);
    if ((record->input.yes & RLM_BIT(RLM_MODALITY_VIDEO)) != 0) capabilities |= RLM_BIT(RLM_CAPABILITY_VIDEO);
    return capabilities;
}

static bool
has_all(uint32_t flags, uint32_t wanted)
{
    return (flags & wanted) == wanted;
}

static bool
is_of(const rlm_slice *list, size_t count, rlm_slice text)
{
    return text.length > 0 && rlm_slice_position(list, count, text) < count;
}

static bool
is_cheap_enough(const rlm_record *record, rlm_decimal most)
{
    rlm_decimal price;

    return price_of(record, RLM_DIRECTION_INPUT, &price) && rlm_decimal_compare(price, most) <= 0;
}

static bool
is_of_provider(const rlm_block *block, size_t index, const rlm_filter *filter)
{
    rlm_slice provider, id;

    rlm_block_key(block, index, &provider, &id);
    return is_of(filter->providers, filter->provider_count, provider);
}

/* Whether some condition needs more of a record than the cheap looks at it tell. */
static bool
reads_record(const rlm_filter *filter)
{
    return filter->by_family || filter->capabilities != 0 || filter->input != 0 || filter->output != 0 || filter->min_context != 0 ||
           filter->has_max_input_price;
}

bool
rlm_filter_matches(const rlm_block *block, size_t index, const rlm_filter *filter)
{
    bool of_type = !filter->by_type || (RLM_BIT(rlm_block_type(block, index)) & filter->types) != 0;
    rlm_record record;

    if (!of_type && filter->or_output == 0) return false;
    if (filter->standings != 0 && (RLM_BIT(rlm_block_standing(block, index)) & filter->standings) == 0) return false;
    if (filter->without_superseded && rlm_block_superseded(block, index)) return false;
    if (filter->by_provider && !is_of_provider(block, index, filter)) return false;
    if (of_type && !reads_record(filter)) return true;

    rlm_block_record(block, index, &record);
    return (of_type || (record.output.yes & filter->or_output) != 0) &&
           (!filter->by_family || is_of(filter->families, filter->family_count, record.family)) &&
           has_all(capabilities_of(&record), filter->capabilities) && has_all(record.input.yes, filter->input) &&
           has_all(record.output.yes, filter->output) &&
           (filter->min_context == 0 || record.limits[RLM_LIMIT_CONTEXT] >= filter->min_context) &&
           (!filter->has_max_input_price || is_cheap_enough(&record, filter->max_input_price));
}

/* ---- Many ---- */

typedef struct {
    const rlm_block *block;
    const rlm_filter *filter;
    uint32_t *out;
    size_t room, shown, hidden; /* those shown grow from the front, the others from the back */
} selection;

static void
offer(selection *chosen, size_t index, bool shown)
{
    if (!rlm_filter_matches(chosen->block, index, chosen->filter)) return;
    if (shown) chosen->out[chosen->shown++] = (uint32_t) index;
    else chosen->out[chosen->room - ++chosen->hidden] = (uint32_t) index;
}

static void
offer_members(selection *chosen, rlm_members members)
{
    for (size_t i = 0; i < members.count; i++) offer(chosen, members.indexes[i], i < members.shown);
}

static void
offer_records(selection *chosen, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++) offer(chosen, i, rlm_block_standing(chosen->block, i) != RLM_STANDING_UNLISTED);
}

/* The records of the first of the providers that the block has from `*next` on; false when there is none. */
static bool
next_provider(const selection *chosen, size_t *next, size_t *count)
{
    const rlm_filter *filter = chosen->filter;
    size_t best = chosen->block->count;

    *count = 0;
    for (size_t i = 0; i < filter->provider_count; i++) {
        size_t first, its_count;

        rlm_block_provider(chosen->block, filter->providers[i], &first, &its_count);
        if (its_count == 0 || first < *next || first >= best) continue;
        best = first;
        *count = its_count;
    }
    *next = best;
    return *count > 0;
}

static int
first_bit(uint32_t bits)
{
    int position = 0;

    while ((bits & RLM_BIT(position)) == 0) position++;
    return position;
}

/* What an index has told is no condition any more. */
static void
offer_whole(selection *chosen)
{
    rlm_filter rest = *chosen->filter;
    rlm_members indexed = {NULL, 0, 0};

    chosen->filter = &rest;
    if (rest.by_provider) {
        size_t count;

        rest.by_provider = false;
        for (size_t next = 0; next_provider(chosen, &next, &count); next += count) offer_records(chosen, next, count);
    } else if (rest.by_family && rest.family_count == 1) {
        rest.by_family = false;
        indexed.indexes = rlm_block_of_family(chosen->block, rest.families[0], &indexed.count, &indexed.shown);
        offer_members(chosen, indexed);
    } else if (rest.by_type && rest.or_output == 0 && rest.types != 0 && (rest.types & (rest.types - 1)) == 0) {
        rest.by_type = false;
        indexed.indexes = rlm_block_of_type(chosen->block, (rlm_type) first_bit(rest.types), &indexed.count, &indexed.shown);
        offer_members(chosen, indexed);
    } else {
        offer_records(chosen, 0, chosen->block->count);
    }
}

void
rlm_filter_select(const rlm_block *block, const rlm_filter *filter, const rlm_members *from, uint32_t *out, size_t *count, size_t *shown)
{
    selection chosen = {.block = block, .filter = filter, .out = out, .room = from == NULL ? block->count : from->count};
    uint32_t *hidden;

    if (from == NULL) offer_whole(&chosen);
    else offer_members(&chosen, *from);

    hidden = out + (chosen.room - chosen.hidden);
    for (size_t i = 0; i < chosen.hidden / 2; i++) {
        uint32_t swapped = hidden[i];

        hidden[i] = hidden[chosen.hidden - 1 - i];
        hidden[chosen.hidden - 1 - i] = swapped;
    }
    if (chosen.hidden > 0) memmove(out + chosen.shown, hidden, chosen.hidden * sizeof *out);
    *shown = chosen.shown;
    *count = chosen.shown + chosen.hidden;
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
        rlm_record record;

        rlm_block_record(block, members->indexes[i], &record);
        all[i] = (dated) {record.created_at.seconds, i, members->indexes[i], i >= members->shown,
                          record.created_at.precision != RLM_PRECISION_NONE};
    }
    if (members->count > 1) qsort(all, members->count, sizeof *all, newest_first);
    for (size_t i = 0; i < members->count; i++) out[i] = all[i].index;
    rlm_memory_free(all);
    return RLM_OK;
}

static bool
sum_of_prices(const rlm_record *record, rlm_decimal *sum)
{
    rlm_decimal input, output;

    if (!price_of(record, RLM_DIRECTION_INPUT, &input) || !price_of(record, RLM_DIRECTION_OUTPUT, &output)) return false;
    *sum = rlm_decimal_add(input, output);
    return true;
}

size_t
rlm_filter_cheapest(const rlm_block *block, const rlm_members *members, const rlm_slice *order, size_t order_count)
{
    size_t best = block->count, best_rank = 0;
    rlm_decimal least = {0, 0};

    for (size_t i = 0; i < members->shown; i++) {
        size_t index = members->indexes[i], rank;
        rlm_record record;
        rlm_decimal sum;
        int compared;

        rlm_block_record(block, index, &record);
        if (!sum_of_prices(&record, &sum)) continue;
        compared = best == block->count ? -1 : rlm_decimal_compare(sum, least);
        if (compared > 0) continue;
        rank = rlm_slice_position(order, order_count, record.provider);
        if (compared == 0 && (rank > best_rank || (rank == best_rank && index > best))) continue;
        best = index;
        best_rank = rank;
        least = sum;
    }
    return best;
}
