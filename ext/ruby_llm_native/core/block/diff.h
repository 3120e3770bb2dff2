/* What changed between two blocks. */
#ifndef RLM_DIFF_H
#define RLM_DIFF_H

#include "block/block.h"

typedef struct {
    size_t count;   /* models in the newer one */
    size_t added;   /* in the newer one only */
    size_t removed; /* in the older one only */
    size_t changed; /* in both, with different facts */
} rlm_difference;

/* Which models: all, those of one provider, or of these those that one of its endpoints lists. */
typedef struct {
    rlm_slice provider; /* empty: all */
    rlm_slice endpoint; /* empty: all of the provider */
    bool rest;          /* and those that no endpoint lists */
} rlm_diff_scope;

/* Whether the model at that index, which is of the scope's provider, belongs to it. */
bool
rlm_diff_includes(const rlm_diff_scope *scope, const rlm_block *block, size_t index);

/* Compare the models of the scope that are not unlisted. `before` NULL: everything is added. Any thread. */
rlm_difference
rlm_diff(const rlm_block *before, const rlm_block *after, rlm_diff_scope scope);

/* Whether two sheets state the same, whenever they were fetched. Any thread. */
bool
rlm_diff_is_none(const rlm_block *before, const rlm_block *after);

/*
 * Which facts most models of a source no longer state: of the models that both sheets list, more than half stated the
 * fact before and do not now. One bit for each rlm_field; where the capabilities as a whole are still stated, bit
 * RLM_FIELD_COUNT + rlm_capability for a single one. Any thread.
 */
uint64_t
rlm_diff_lost(const rlm_block *before, const rlm_block *after);

#endif
