/* Servers of OpenAI's format: what they say of parameters, reasoning, dimensions and data. */
#include "bounds.h"
#include "compatible_row.h"

#define ASSERT_BOUND(expected, of, kind)                                                                               \
    ASSERT_TEXT(expected, rlm_slice_of(bound_of(&model, RLM_BOUNDED_##of, RLM_BOUND_##kind)))

TEST
lists_of_parameters_deny_nothing(void)
{
    READ({"id": "a", "supported_sampling_parameters": ["temperature", "stop", "magic"], "default_parameters": {
        "temperature": 0.7, "top_k": 40
    }});
    ASSERT(model.parameters.yes == (RLM_BIT(RLM_PARAMETER_TEMPERATURE) | RLM_BIT(RLM_PARAMETER_STOP)));
    ASSERT(model.parameters.no == 0);
    ASSERT_BOUND("0.7", TEMPERATURE, DEFAULT);
    ASSERT_BOUND("40", TOP_K, DEFAULT);
    READ({"id": "a", "model_spec": {"constraints": {
        "temperature": {"default": 0.8, "max": 2}, "top_p": {"default": 0.9}, "promptCharacterLimit": 2048, "steps": {
            "default": 20
        }
    }}});
    ASSERT(model.parameters.yes == (RLM_BIT(RLM_PARAMETER_TEMPERATURE) | RLM_BIT(RLM_PARAMETER_TOP_P)));
    ASSERT_BOUND("0.8", TEMPERATURE, DEFAULT);
    ASSERT_BOUND("2", TEMPERATURE, MAX);
    ASSERT_BOUND("0.9", TOP_P, DEFAULT);
    PASS();
}

TEST
reasoning_has_efforts(void)
{
    READ({"key": "a", "capabilities": {"reasoning": {"allowed_options": ["off", "low", "high"], "default": "low"}}});
    ASSERT(model.efforts.yes == (RLM_BIT(RLM_EFFORT_LOW) | RLM_BIT(RLM_EFFORT_HIGH)));
    ASSERT(model.default_effort == RLM_EFFORT_LOW + 1);
    ASSERT(model.traits.yes == RLM_BIT(RLM_TRAIT_REASONING_TOGGLE));
    READ({"id": "a", "reasoning": {"mandatory": true, "supported_efforts": ["max"]}});
    ASSERT(model.efforts.yes == RLM_BIT(RLM_EFFORT_MAX));
    ASSERT(model.traits.yes == RLM_BIT(RLM_TRAIT_REASONING_MANDATORY));
    READ({"id": "a", "reasoning": true, "supported_reasoning_efforts": ["none", "medium"]});
    ASSERT(model.efforts.yes == (RLM_BIT(RLM_EFFORT_NONE) | RLM_BIT(RLM_EFFORT_MEDIUM)));
    PASS();
}

TEST
only_embeddings_have_dimensions(void)
{
    READ({"id": "a", "type": "embedding", "meta": {"n_embd": 768}});
    ASSERT_BOUND("768", DIMENSIONS, MAX);
    READ({"id": "a", "type": "chat", "meta": {"n_embd": 4096}});
    ASSERT_BOUND("unknown", DIMENSIONS, MAX);
    PASS();
}

TEST
data_and_weights_have_terms(void)
{
    READ({
        "id": "a", "license": "mit", "is_zdr": true, "open_weights": true,
        "data_policy": {"training": false, "retains_prompts": true}, "deprecated_at": "2026-02-03",
        "retires_at": "2026-08-09"
    });
    ASSERT_TEXT("mit", model.license);
    ASSERT(model.traits.yes == (RLM_BIT(RLM_TRAIT_ZERO_DATA_RETENTION) | RLM_BIT(RLM_TRAIT_OPEN_WEIGHTS)));
    ASSERT(model.traits.no == RLM_BIT(RLM_TRAIT_TRAINING));
    ASSERT(model.deprecated_at.seconds == 1770076800 && model.retires_at.seconds == 1786233600);
    ASSERT_JSON(model.metadata, {"data_policy": {"retains_prompts": true}});
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(lists_of_parameters_deny_nothing);
    RUN(reasoning_has_efforts);
    RUN(only_embeddings_have_dimensions);
    RUN(data_and_weights_have_terms);
    row_free();
    return REPORT("compatible_controls");
}
