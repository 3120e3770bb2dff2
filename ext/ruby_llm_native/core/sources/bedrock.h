/*
 * How Bedrock spells ids, for its reader and for lookups: "us.anthropic.claude-…-v1:0" is the inference profile under
 * which the regions of a geography serve "anthropic.claude-…-v1:0". Slices point into the arguments or to constants.
 * Any thread.
 */
#ifndef RLM_BEDROCK_H
#define RLM_BEDROCK_H

#include "sources/source.h"

/* The prefixes of the profiles that callers in a region use, best first; "global" comes after them. */
typedef struct {
    rlm_slice country; /* empty for most regions */
    rlm_slice geography;
} rlm_bedrock_place;

/* An empty region counts as "us". */
rlm_bedrock_place
rlm_bedrock_place_of(rlm_slice region);

/* Whether the id begins with that prefix and a dot. */
bool
rlm_bedrock_is_under(rlm_slice id, rlm_slice prefix);

/* "…-v1:0:200k": a variant for provisioned throughput only. */
bool
rlm_bedrock_is_sized(rlm_slice id);

#endif
