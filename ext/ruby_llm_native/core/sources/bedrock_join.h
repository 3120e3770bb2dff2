/* What bedrock.c, which reads the rows, and bedrock_join.c share. Slices as in bedrock_ids.h. */
#ifndef RLM_BEDROCK_JOIN_H
#define RLM_BEDROCK_JOIN_H

#include "sources/bedrock_ids.h"

enum { RLM_BEDROCK_FOUNDATION_MODELS, RLM_BEDROCK_INFERENCE_PROFILES, RLM_BEDROCK_MANTLE };

/* What the join must know about a foundation model: the record's `aside`. */
typedef struct {
    bool by_profile;  /* served through an inference profile only */
    rlm_slice marked; /* its metadata, when the mantle lists it too */
} rlm_bedrock_foundation;

/* The same for an inference profile. */
typedef struct {
    bool system;     /* defined by Bedrock, not by the user */
    bool names_base; /* states that it serves the model that its id ends in */
} rlm_bedrock_profile;

/* "us.anthropic.claude-…": the text after the prefix, or an empty slice. */
rlm_slice
rlm_bedrock_base_of_profile(rlm_slice id);

/* rlm_source.complete: foundation models under the ids by which this region calls them, the other listings joined. */
RLM_NODISCARD rlm_status
rlm_bedrock_complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error);

#endif
