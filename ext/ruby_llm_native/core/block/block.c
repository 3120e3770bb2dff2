/*
 * Looking into an open block: one record, then the models of a provider, a type, a family, then by id and by alias.
 * layout.h describes the layout; block_open.c ensures that nothing here can leave the block.
 */
#include "block/layout.h"

#include <string.h>

void
rlm_block_record(const rlm_block *block, size_t index, rlm_record *record)
{
    const stored_record *stored = record_at(block, index);
    rlm_slice *texts[TEXTS];
    rlm_timestamp *timestamps[TIMESTAMPS];
    rlm_flags *flags[FLAGS];

    memset(record, 0, sizeof *record);
    places_of(record, texts, timestamps, flags);
    for (int i = 0; i < TEXTS; i++) *texts[i] = text_of(block, stored->texts[i]);
    for (int i = 0; i < TIMESTAMPS; i++) *timestamps[i] = (rlm_timestamp){stored->timestamps[i], stored->precisions[i]};
    for (int i = 0; i < FLAGS; i++) *flags[i] = stored->flags[i];
    memcpy(record->limits, stored->limits, sizeof record->limits);
    record->type = stored->type;
    record->status = stored->status;
    record->standing = stored->standing;
    record->default_effort = stored->default_effort;
    record->prices.list = (const rlm_price *) part_at(block, head_of(block)->prices) + stored->prices;
    record->prices.count = stored->price_count;
    record->bounds = (const rlm_bound *) part_at(block, head_of(block)->bounds) + stored->bounds;
    record->bound_count = stored->bound_count;
}

void
rlm_block_key(const rlm_block *block, size_t index, rlm_slice *provider, rlm_slice *id)
{
    const stored_record *stored = record_at(block, index);

    *provider = text_of(block, stored->texts[PROVIDER]);
    *id = text_of(block, stored->texts[ID]);
}

const uint8_t *
rlm_block_fingerprint(const rlm_block *block, size_t index)
{
    return record_at(block, index)->fingerprint;
}

rlm_type
rlm_block_type(const rlm_block *block, size_t index)
{
    return (rlm_type) record_at(block, index)->type;
}

rlm_standing
rlm_block_standing(const rlm_block *block, size_t index)
{
    return (rlm_standing) record_at(block, index)->standing;
}

rlm_slice
rlm_block_family(const rlm_block *block, size_t index)
{
    return text_of(block, record_at(block, index)->texts[FAMILY]);
}

rlm_slice
rlm_block_endpoints(const rlm_block *block, size_t index)
{
    return text_of(block, record_at(block, index)->texts[ENDPOINTS]);
}

int64_t
rlm_block_limit(const rlm_block *block, size_t index, rlm_limit limit)
{
    return record_at(block, index)->limits[limit];
}

rlm_timestamp
rlm_block_created_at(const rlm_block *block, size_t index)
{
    const stored_record *stored = record_at(block, index);

    return (rlm_timestamp){stored->timestamps[CREATED_AT], stored->precisions[CREATED_AT]};
}

void
rlm_block_flags(const rlm_block *block, size_t index, rlm_flags *capabilities, rlm_flags *input, rlm_flags *output)
{
    const stored_record *stored = record_at(block, index);

    *capabilities = stored->flags[CAPABILITIES];
    *input = stored->flags[INPUT];
    *output = stored->flags[OUTPUT];
}

rlm_price_set
rlm_block_prices(const rlm_block *block, size_t index)
{
    const stored_record *stored = record_at(block, index);

    return (rlm_price_set){.list = (const rlm_price *) part_at(block, head_of(block)->prices) + stored->prices,
                           .words = text_of(block, stored->texts[PRICE_WORDS]),
                           .count = stored->price_count};
}

bool
rlm_block_superseded(const rlm_block *block, size_t index)
{
    return record_at(block, index)->superseded != 0;
}

size_t
rlm_block_shown(const rlm_block *block)
{
    size_t shown = 0;

    for (int type = 0; type < RLM_TYPE_COUNT; type++) shown += head_of(block)->types[type].shown;
    return shown;
}

/* ---- Providers, types, families ---- */

/* The first record not before that provider and id. */
static size_t
lower_bound(const rlm_block *block, rlm_slice provider, rlm_slice id)
{
    size_t low = 0, high = block->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        rlm_slice its_provider, its_id;

        rlm_block_key(block, middle, &its_provider, &its_id);
        if (compare_keys(its_provider, its_id, provider, id) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

void
rlm_block_provider(const rlm_block *block, rlm_slice provider, size_t *first, size_t *count)
{
    size_t low, high = block->count;

    *first = low = lower_bound(block, provider, (rlm_slice){NULL, 0});
    while (low < high) { /* the first record past the provider */
        size_t middle = low + (high - low) / 2;
        rlm_slice its_provider, id;

        rlm_block_key(block, middle, &its_provider, &id);
        if (rlm_slice_equal(its_provider, provider)) low = middle + 1;
        else high = middle;
    }
    *count = low - *first;
}

const uint32_t *
rlm_block_of_type(const rlm_block *block, rlm_type type, size_t *count, size_t *shown)
{
    const stored_run *run = &head_of(block)->types[type];

    *count = run->count;
    *shown = run->shown;
    return (const uint32_t *) part_at(block, head_of(block)->by_type) + run->first;
}

const uint32_t *
rlm_block_of_family(const rlm_block *block, rlm_slice family, size_t *count, size_t *shown)
{
    const stored_header *head = head_of(block);
    const stored_family *families = part_at(block, head->families);
    const uint32_t *index = part_at(block, head->by_family);
    size_t low = 0, high = head->family_count;

    *count = *shown = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const stored_run *run = &families[middle].run;
        int order = rlm_slice_compare(text_of(block, families[middle].name), family);

        if (order == 0) {
            *count = run->count;
            *shown = run->shown;
            return index + run->first;
        }
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return index;
}

/* ---- Ids and aliases ---- */

static const uint32_t *
index_of(const rlm_block *block)
{
    return part_at(block, head_of(block)->by_id);
}

size_t
rlm_block_find(const rlm_block *block, rlm_slice provider, rlm_slice id)
{
    size_t index = lower_bound(block, provider, id);
    rlm_slice its_provider, its_id;

    if (index == block->count) return index;
    rlm_block_key(block, index, &its_provider, &its_id);
    return rlm_slice_equal(its_provider, provider) && rlm_slice_equal(its_id, id) ? index : block->count;
}

/* How the id at that place of the index compares with `id`. */
static int
compare_place(const rlm_block *block, size_t place, rlm_slice id)
{
    rlm_slice provider, its_id;

    rlm_block_key(block, index_of(block)[place], &provider, &its_id);
    return rlm_slice_compare(its_id, id);
}

void
rlm_block_find_id(const rlm_block *block, rlm_slice id, size_t *first, size_t *count)
{
    size_t low = 0, high = block->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_place(block, middle, id) < 0) low = middle + 1;
        else high = middle;
    }
    *first = low;
    while (low < block->count && compare_place(block, low, id) == 0) low++; /* at most one for each provider */
    *count = low - *first;
}

size_t
rlm_block_by_id(const rlm_block *block, size_t place)
{
    return index_of(block)[place];
}

size_t
rlm_block_alias_count(const rlm_block *block)
{
    return head_of(block)->alias_count;
}

static const stored_alias *
alias_at(const rlm_block *block, size_t place)
{
    return (const stored_alias *) part_at(block, head_of(block)->aliases) + place;
}

void
rlm_block_find_alias(const rlm_block *block, rlm_slice alias, size_t *first, size_t *count)
{
    size_t low = 0, end = rlm_block_alias_count(block), high = end;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (rlm_slice_compare(text_of(block, alias_at(block, middle)->alias), alias) < 0) low = middle + 1;
        else high = middle;
    }
    *first = low;
    while (low < end && rlm_slice_equal(text_of(block, alias_at(block, low)->alias), alias)) low++; /* a few */
    *count = low - *first;
}

size_t
rlm_block_alias(const rlm_block *block, size_t place, rlm_slice *alias, uint8_t *kind)
{
    const stored_alias *stored = alias_at(block, place);

    if (alias != NULL) *alias = text_of(block, stored->alias);
    if (kind != NULL) *kind = (uint8_t) stored->kind;
    return stored->record;
}
