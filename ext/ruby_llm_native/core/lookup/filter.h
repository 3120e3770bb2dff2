/*
 * Choosing among a catalog's models: those that match a filter, in another order, the cheapest one.
 *
 * Models are indexes of a block's records. Nothing is guessed here: an unknown fact matches no bound and no
 * requirement.
 */
#ifndef RLM_FILTER_H
#define RLM_FILTER_H

#include "block/block.h"

/* A set of conditions, all of which must hold. All zero: every model matches. What it points to must outlive it. */
typedef struct {
    bool by_provider, by_family,
        by_type; /* whether those three lists count at all: an empty list that counts matches nothing */
    const rlm_slice *providers, *families; /* of one of these */
    size_t provider_count, family_count;
    uint32_t types;         /* of one of these types, a bit each; … */
    uint32_t or_output;     /* … or, with by_type, with one of these outputs */
    uint32_t capabilities;  /* all of these; vision and video also by what the model reads */
    uint32_t input, output; /* all of these */
    uint32_t standings;     /* one of these; 0: any */
    int64_t min_context;    /* tokens; 0: any */
    bool has_max_input_price;
    rlm_decimal max_input_price; /* US dollars per million text tokens, for a request of any length */
    int64_t now;                 /* when max_input_price and lives are to hold: seconds since 1970 */
    bool without_superseded;
    uint32_t accepts, efforts;        /* all of these parameters, all of these reasoning efforts */
    uint32_t traits, denied;          /* all of these traits stated yes, and all of those stated no */
    uint32_t bounded;                 /* which of the next count, a bit each */
    int64_t least[RLM_BOUNDED_COUNT]; /* as many or more may be had: dimensions, images in a request, … */
    bool by_data_region, by_license;
    const rlm_slice *data_regions, *licenses; /* data is kept in one of these; the weights have one of these */
    size_t data_region_count, license_count;
    uint32_t lives;   /* at `now` in one of these states of life.h; 0: any */
    bool has_ends_by; /* not retired at `now`, and to retire until that time, or overdue */
    int64_t ends_by;
} rlm_filter;

/* Some of a catalog's models: the first `shown` are those that a list shows; the others are found only by a lookup. */
typedef struct {
    const uint32_t *indexes; /* each below the block's count */
    size_t count, shown;
} rlm_members;

bool
rlm_filter_matches(const rlm_block *block, size_t index, const rlm_filter *filter);

/*
 * Write the matching ones of `from` to `out`, in their order, and their number to `*count` and `*shown`. `from` NULL:
 * of the whole catalog, by provider and id, with unlisted ones after the others and not shown. `out` has room for
 * from->count, or block->count. Allocates nothing, any thread.
 */
void
rlm_filter_select(const rlm_block *block, const rlm_filter *filter, const rlm_members *from, uint32_t *out,
                  size_t *count, size_t *shown);

/*
 * Write `members` to `out`, newest first by creation date, unknown dates last. The order of equal ones stays, and both
 * parts stay apart. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_filter_newest_first(const rlm_block *block, const rlm_members *members, uint32_t *out);

/*
 * Of the shown ones, the model with the smallest sum of its standard prices for a million text tokens, in and out, or
 * block->count, at that time. Among equals, the one whose provider comes first in `order`, then the first by provider
 * and id. Models without both prices are left out.
 */
size_t
rlm_filter_cheapest(const rlm_block *block, const rlm_members *members, const rlm_slice *order, size_t order_count,
                    int64_t now);

/* The position of `text` in `list`, or `count`. */
size_t
rlm_slice_position(const rlm_slice *list, size_t count, rlm_slice text);

#endif
