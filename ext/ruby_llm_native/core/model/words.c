/* The texts of the words, by position. */
#include "model/words.h"

#define X(name, text) text,
const char *const rlm_capability_names[] = {RLM_CAPABILITIES(X)};
const char *const rlm_modality_names[] = {RLM_MODALITIES(X)};
const char *const rlm_type_names[] = {RLM_TYPES(X)};
const char *const rlm_model_status_names[] = {RLM_MODEL_STATUSES(X)};
const char *const rlm_standing_names[] = {RLM_STANDINGS(X)};
const char *const rlm_parameter_names[] = {RLM_PARAMETERS(X)};
const char *const rlm_effort_names[] = {RLM_EFFORTS(X)};
const char *const rlm_trait_names[] = {RLM_TRAITS(X)};
const char *const rlm_bounded_names[] = {RLM_BOUNDED(X)};
const char *const rlm_bound_names[] = {RLM_BOUNDS(X)};
const char *const rlm_field_names[] = {RLM_FIELDS(X)};
#undef X

const rlm_field rlm_limit_fields[RLM_LIMIT_COUNT] = {
    [RLM_LIMIT_CONTEXT] = RLM_FIELD_CONTEXT_WINDOW,
    [RLM_LIMIT_INPUT] = RLM_FIELD_MAX_INPUT_TOKENS,
    [RLM_LIMIT_OUTPUT] = RLM_FIELD_MAX_OUTPUT_TOKENS,
};

int
rlm_name_position(const char *const *names, int count, rlm_slice text)
{
    for (int i = 0; i < count; i++) {
        if (names[i][0] != '\0' && rlm_slice_is(text, names[i])) return i;
    }
    return -1;
}
