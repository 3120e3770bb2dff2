/* One walk over two sorted blocks; a fingerprint tells whether a model that is in both has changed. */
#include "diff.h"

#include <string.h>

typedef struct {
    const rlm_block *block;
    size_t index, end;
} cursor;

static cursor
cursor_over(const rlm_block *block, rlm_slice provider)
{
    cursor at = {block, 0, block == NULL ? 0 : block->count};

    if (block != NULL && provider.length > 0) {
        rlm_block_provider(block, provider, &at.index, &at.end);
        at.end += at.index;
    }
    return at;
}

/* Step over models that are unlisted; false at the end. */
static bool
visible(cursor *at)
{
    while (at->index < at->end && rlm_block_standing(at->block, at->index) == RLM_STANDING_UNLISTED) at->index++;
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
rlm_diff(const rlm_block *before, const rlm_block *after, rlm_slice provider)
{
    rlm_difference difference = {0, 0, 0, 0};
    cursor old = cursor_over(before, provider), new = cursor_over(after, provider);

    for (;;) {
        bool some_old = visible(&old), some_new = visible(&new);
        int order = some_old && some_new ? compare(&old, &new) : some_old ? -1 : 1;

        if (!some_old && !some_new) return difference;
        if (order < 0) {
            difference.removed++;
        } else if (order > 0) {
            difference.added++;
        } else if (memcmp(rlm_block_fingerprint(old.block, old.index), rlm_block_fingerprint(new.block, new.index), RLM_HASH_SIZE) != 0) {
            difference.changed++;
        }
        if (order >= 0) difference.count++;
        if (order <= 0) old.index++;
        if (order >= 0) new.index++;
    }
}
