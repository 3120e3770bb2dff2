/*
 * How a model behind a server of OpenAI's format is steered, and what becomes of what it is sent: one table for each
 * kind of fact. A new server is, as a rule, a line in one of them.
 */
#include "sources/compatible.h"

/* ---- Parameters ---- */

/* Lists of them are rarely whole, so they deny nothing. */
static void
read_parameters(const rlm_value *object, rlm_record *model)
{
    static const char *const lists[] = {"supported_parameters", "supported_openai_params",
                                        "supported_sampling_parameters"};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        RLM_EACH (word, rlm_value_get(object, lists[i])) {
            int position = rlm_name_position(rlm_parameter_names, RLM_PARAMETER_COUNT, rlm_value_text(word));

            if (position >= 0) rlm_flags_state(&model->parameters, position, true);
        }
    }
}

/* Venice: {"temperature": {"default": 0.7}, …} */
static rlm_status
read_constraints(const rlm_value *constraints, rlm_record *model)
{
    if (constraints == NULL || constraints->kind != RLM_OBJECT) return RLM_OK;
    RLM_EACH (member, constraints) {
        int parameter = rlm_name_position(rlm_parameter_names, RLM_PARAMETER_COUNT, member->key);
        int bounded = rlm_name_position(rlm_bounded_names, RLM_BOUNDED_COUNT, member->key);

        if (parameter < 0 || bounded < 0 || member->kind != RLM_OBJECT) continue;
        for (int kind = 0; kind < RLM_BOUND_COUNT; kind++)
            RLM_TRY(rlm_record_state_bound(model, (rlm_bounded) bounded, (rlm_bound_kind) kind,
                                           rlm_value_get(member, rlm_bound_names[kind])));
        rlm_flags_state(&model->parameters, parameter, true);
    }
    return RLM_OK;
}

static rlm_status
read_defaults(const rlm_value *object, rlm_record *model)
{
    RLM_TRY(rlm_openrouter_read_defaults(rlm_value_get(object, "default_parameters"), model));
    RLM_TRY(rlm_openrouter_read_defaults(rlm_value_get(object, "default_sampling_params"), model));
    RLM_TRY(rlm_record_state_bound(model, RLM_BOUNDED_TEMPERATURE, RLM_BOUND_DEFAULT,
                                   rlm_value_get(object, "default_model_temperature"))); /* Mistral */
    return read_constraints(rlm_value_get(object, "constraints"), model);
}

/* ---- Reasoning ---- */

/* LM Studio: {"allowed_options": ["off", "low", …], "default": "low"} */
static void
read_options(const rlm_value *reasoning, rlm_record *model)
{
    rlm_value *options = rlm_value_get(reasoning, "allowed_options");

    if (rlm_value_contains(options, "off")) rlm_flags_state(&model->traits, RLM_TRAIT_REASONING_TOGGLE, true);
    rlm_record_state_efforts(model, options);
    rlm_value_keep(options); /* it has other words, too */
    rlm_record_state_default_effort(model, rlm_value_get(reasoning, "default"));
}

static void
read_reasoning(const rlm_value *object, rlm_record *model)
{
    static const char *const lists[] = {"supported_reasoning_efforts", "reasoning_efforts"};

    rlm_openrouter_read_reasoning(rlm_value_get(object, "reasoning"), model);
    read_options(rlm_value_get(rlm_value_get(object, "capabilities"), "reasoning"), model);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        rlm_record_state_efforts(model, rlm_value_get(object, lists[i]));
    rlm_record_state_default_effort(model, rlm_value_get(object, "default_reasoning_effort"));
}

/* ---- What one request may hold, and what becomes of it ---- */

/* `n_embd` is the width of any model, and what comes out only of one that embeds. */
static rlm_status
read_dimensions(const rlm_value *object, rlm_record *model)
{
    static const char *const keys[] = {"embedding_dimensions", "embeddingDimensions", "output_vector_size",
                                       "dimensions",           "embedding_length",    "n_embd"};

    if (model->type != RLM_TYPE_EMBEDDING) return RLM_OK;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        RLM_TRY(rlm_record_state_bound(model, RLM_BOUNDED_DIMENSIONS, RLM_BOUND_MAX, rlm_value_get(object, keys[i])));
    return RLM_OK;
}

static void
read_policy(const rlm_value *object, rlm_record *model)
{
    static const struct {
        const char *key;
        rlm_trait trait;
    } flags[] = {
        {"zero_data_retention", RLM_TRAIT_ZERO_DATA_RETENTION},
        {"is_zdr", RLM_TRAIT_ZERO_DATA_RETENTION},
        {"open_weights", RLM_TRAIT_OPEN_WEIGHTS},
    };

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        rlm_record_state_flag(&model->traits, (int) flags[i].trait, rlm_value_get(object, flags[i].key));
    rlm_record_state_flag(&model->traits, RLM_TRAIT_TRAINING,
                          rlm_value_get(rlm_value_get(object, "data_policy"), "training"));
}

rlm_status
rlm_compatible_state_controls(const rlm_value *object, rlm_record *model)
{
    read_parameters(object, model);
    RLM_TRY(read_defaults(object, model));
    read_reasoning(object, model);
    RLM_TRY(read_dimensions(object, model));
    read_policy(object, model);
    return rlm_record_state_license(model, rlm_value_get(object, "license"));
}
