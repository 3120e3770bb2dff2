/* Walks over two sorted blocks side by side; a fingerprint tells whether a model in both has changed. */
#include "block/diff.h"

#include <string.h>

typedef struct {
    const rlm_block *block;
    const rlm_diff_scope *scope;
    size_t index, end;
} cursor;

static cursor
cursor_over(const rlm_block *block, const rlm_diff_scope *scope)
{
    cursor at = {block, scope, 0, block == NULL ? 0 : block->count};

    if (block != NULL && scope->provider.length > 0) {
        rlm_block_provider(block, scope->provider, &at.index, &at.end);
        at.end += at.index;
    }
    return at;
}

bool
rlm_diff_includes(const rlm_diff_scope *scope, const rlm_block *block, size_t index)
{
    rlm_slice endpoints;

    if (scope->endpoint.length == 0) return true;
    endpoints = rlm_block_endpoints(block, index);
    return endpoints.length == 0 ? scope->rest : rlm_id_list_has(endpoints, scope->endpoint);
}

/* Step over unlisted models, and those out of the scope; false at the end. */
static bool
visible(cursor *at)
{
    while (at->index < at->end && (rlm_block_standing(at->block, at->index) == RLM_STANDING_UNLISTED ||
                                   !rlm_diff_includes(at->scope, at->block, at->index)))
        at->index++;
    return at->index < at->end;
}

static int
compare(const cursor *left, const cursor *right)
{
    rlm_slice provider, id, other_provider, other_id;
    int order;

    rlm_block_key(left->block, left->index, &provider, &id);
    rlm_block_key(right->block, right->index, &other_provider, &other_id);
    order = rlm_slice_compare(provider, other_provider);
    return order != 0 ? order : rlm_slice_compare(id, other_id);
}

rlm_difference
rlm_diff(const rlm_block *before, const rlm_block *after, rlm_diff_scope scope)
{
    rlm_difference difference = {0, 0, 0, 0};
    cursor old = cursor_over(before, &scope), new = cursor_over(after, &scope);

    for (;;) {
        bool some_old = visible(&old), some_new = visible(&new);
        int order = some_old && some_new ? compare(&old, &new) : some_old ? -1 : 1;

        if (!some_old && !some_new) return difference;
        if (order < 0) {
            difference.removed++;
        } else if (order > 0) {
            difference.added++;
        } else if (memcmp(rlm_block_fingerprint(old.block, old.index), rlm_block_fingerprint(new.block, new.index),
                          RLM_HASH_SIZE) != 0) {
            difference.changed++;
        }
        if (order >= 0) difference.count++;
        if (order <= 0) old.index++;
        if (order >= 0) new.index++;
    }
}

/* ---- What is no longer stated ---- */

#define FACTS ((int) RLM_FIELD_COUNT + (int) RLM_CAPABILITY_COUNT)

static bool
states(const rlm_record *record, int fact)
{
    const uint32_t capabilities = record->capabilities.yes | record->capabilities.no;

    switch (fact) {
    case RLM_FIELD_NAME:
        return record->name.length > 0;
    case RLM_FIELD_FAMILY:
        return record->family.length > 0;
    case RLM_FIELD_CREATED_AT:
        return record->created_at.precision != RLM_PRECISION_NONE;
    case RLM_FIELD_CONTEXT_WINDOW:
        return record->limits[RLM_LIMIT_CONTEXT] != RLM_UNKNOWN;
    case RLM_FIELD_MAX_INPUT_TOKENS:
        return record->limits[RLM_LIMIT_INPUT] != RLM_UNKNOWN;
    case RLM_FIELD_MAX_OUTPUT_TOKENS:
        return record->limits[RLM_LIMIT_OUTPUT] != RLM_UNKNOWN;
    case RLM_FIELD_KNOWLEDGE_CUTOFF:
        return record->knowledge_cutoff.precision != RLM_PRECISION_NONE;
    case RLM_FIELD_STATUS:
        return record->status != RLM_MODEL_STATUS_UNKNOWN;
    case RLM_FIELD_RETIRES_AT:
        return record->retires_at.precision != RLM_PRECISION_NONE;
    case RLM_FIELD_REPLACEMENT:
        return record->replacements.length > 0;
    case RLM_FIELD_INPUT:
        return record->input.yes != 0 || record->input.no != 0;
    case RLM_FIELD_OUTPUT:
        return record->output.yes != 0 || record->output.no != 0;
    case RLM_FIELD_CAPABILITIES:
        return capabilities != 0;
    case RLM_FIELD_TYPE:
        return record->type != RLM_TYPE_UNKNOWN;
    case RLM_FIELD_PRICES:
        return record->prices.count > 0;
    case RLM_FIELD_DEPRECATED_AT:
        return record->deprecated_at.precision != RLM_PRECISION_NONE;
    case RLM_FIELD_REASONING:
        return (record->efforts.yes | record->efforts.no) != 0 || record->default_effort > 0 ||
               ((record->traits.yes | record->traits.no) & RLM_REASONING_TRAITS) != 0;
    case RLM_FIELD_PARAMETERS:
        return (record->parameters.yes | record->parameters.no) != 0;
    case RLM_FIELD_DIMENSIONS:
        return rlm_record_bound(record, RLM_BOUNDED_DIMENSIONS, RLM_BOUND_MAX) != NULL;
    case RLM_FIELD_REQUEST_LIMITS: /* the last of what is bounded, and the bounds are sorted */
        return record->bound_count > 0 && record->bounds[record->bound_count - 1].of > RLM_BOUNDED_DIMENSIONS;
    case RLM_FIELD_DATA_POLICY:
        return ((record->traits.yes | record->traits.no) & RLM_POLICY_TRAITS) != 0 || record->data_regions.length > 0;
    case RLM_FIELD_LICENSE:
        return record->license.length > 0;
    case RLM_FIELD_OPEN_WEIGHTS:
        return ((record->traits.yes | record->traits.no) & RLM_BIT(RLM_TRAIT_OPEN_WEIGHTS)) != 0;
    default:
        return (capabilities & RLM_BIT(fact - RLM_FIELD_COUNT)) != 0;
    }
}

bool
rlm_diff_is_none(const rlm_block *before, const rlm_block *after)
{
    if (before->count != after->count) return false;
    for (size_t i = 0; i < after->count; i++) {
        if (memcmp(rlm_block_fingerprint(before, i), rlm_block_fingerprint(after, i), RLM_HASH_SIZE) != 0) return false;
    }
    return true;
}

uint64_t
rlm_diff_lost(const rlm_block *before, const rlm_block *after)
{
    const uint64_t single = ~(((uint64_t) 1 << RLM_FIELD_COUNT) - 1);
    const rlm_diff_scope all = {.rest = true};
    cursor old = cursor_over(before, &all), new = cursor_over(after, &all);
    size_t common = 0, lost[FACTS] = {0};
    uint64_t most = 0;

    while (visible(&old) && visible(&new)) {
        int order = compare(&old, &new);

        if (order == 0) {
            rlm_record had, has;

            rlm_block_record(old.block, old.index, &had);
            rlm_block_record(new.block, new.index, &has);
            for (int fact = 0; fact < FACTS; fact++) lost[fact] += states(&had, fact) && !states(&has, fact);
            common++;
        }
        if (order <= 0) old.index++;
        if (order >= 0) new.index++;
    }
    for (int fact = 0; fact < FACTS; fact++) {
        if (lost[fact] * 2 > common) most |= (uint64_t) 1 << fact;
    }
    return (most >> RLM_FIELD_CAPABILITIES & 1) != 0 ? most & ~single : most;
}
