/*
 * How Bedrock spells ids: "us.anthropic.claude-…-v1:0" is the inference profile under which the regions of a geography
 * serve "anthropic.claude-…-v1:0". Slices point into the arguments or to constants. Any thread.
 */
#ifndef RLM_BEDROCK_IDS_H
#define RLM_BEDROCK_IDS_H

#include "sources/source.h"

/* The prefix of the profiles of a region's geography: "us", "eu", "apac". An empty region counts as "us". */
rlm_slice
rlm_bedrock_geography_of(rlm_slice region);

/* "…-v1:0:200k": a variant for provisioned throughput only. */
bool
rlm_bedrock_is_sized(rlm_slice id);

/* The id without its geography, or itself if it has none. */
rlm_slice
rlm_bedrock_without_geography(rlm_slice id);

/* For rlm_source.ids. */
extern const rlm_source_ids rlm_bedrock_ids;

#endif
