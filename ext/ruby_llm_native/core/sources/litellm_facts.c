/*
 * Facts in the words of LiteLLM's cost map. Read rlm_litellm_read_facts.
 *
 * Odd about them: `max_tokens` is older than the other limits, and is filled in with the limit of the output, or else
 * of the input. So it says something about the output only where the limit of the output is absent and that of the
 * input is another one. What a model can is stated as booleans, `supports_…`; most are spelled as with other servers.
 */
#include "sources/litellm_facts.h"
#include "sources/compatible.h"

#include <stddef.h>

/* Those that other servers do not have. */
static const struct {
    const char *key;
    size_t flags; /* where they are in the record */
    int position;
} switches[] = {
    {"supports_audio_output", offsetof(rlm_record, output), RLM_MODALITY_AUDIO},
    {"supports_embedding_image_input", offsetof(rlm_record, input), RLM_MODALITY_IMAGE},
    {"supports_web_search", offsetof(rlm_record, capabilities), RLM_CAPABILITY_WEB_SEARCH},
    {"supports_computer_use", offsetof(rlm_record, capabilities), RLM_CAPABILITY_COMPUTER_USE},
    {"supports_code_execution", offsetof(rlm_record, capabilities), RLM_CAPABILITY_CODE_EXECUTION},
    {"supports_native_streaming", offsetof(rlm_record, capabilities), RLM_CAPABILITY_STREAMING},
    {"supports_native_structured_output", offsetof(rlm_record, capabilities), RLM_CAPABILITY_STRUCTURED_OUTPUT},
    {"supports_sampling_params", offsetof(rlm_record, parameters), RLM_PARAMETER_TEMPERATURE},
    {"supports_sampling_params", offsetof(rlm_record, parameters), RLM_PARAMETER_TOP_P},
    {"supports_sampling_params", offsetof(rlm_record, parameters), RLM_PARAMETER_TOP_K},
    {"supports_assistant_prefill", offsetof(rlm_record, parameters), RLM_PARAMETER_ASSISTANT_PREFILL},
    {"supports_system_messages", offsetof(rlm_record, parameters), RLM_PARAMETER_SYSTEM_MESSAGES},
    {"supports_service_tier", offsetof(rlm_record, parameters), RLM_PARAMETER_SERVICE_TIER},
    {"supports_none_reasoning_effort", offsetof(rlm_record, efforts), RLM_EFFORT_NONE},
    {"supports_minimal_reasoning_effort", offsetof(rlm_record, efforts), RLM_EFFORT_MINIMAL},
    {"supports_low_reasoning_effort", offsetof(rlm_record, efforts), RLM_EFFORT_LOW},
    {"supports_medium_reasoning_effort", offsetof(rlm_record, efforts), RLM_EFFORT_MEDIUM},
    {"supports_high_reasoning_effort", offsetof(rlm_record, efforts), RLM_EFFORT_HIGH},
    {"supports_xhigh_reasoning_effort", offsetof(rlm_record, efforts), RLM_EFFORT_XHIGH},
    {"supports_max_reasoning_effort", offsetof(rlm_record, efforts), RLM_EFFORT_MAX},
};

static void
read_switches(const rlm_value *info, rlm_record *model)
{
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        rlm_flags *flags = (rlm_flags *) (void *) ((char *) model + switches[i].flags);

        rlm_record_state_flag(flags, switches[i].position, rlm_value_get(info, switches[i].key));
    }
}

/* After the other limits. */
static void
read_max_tokens(const rlm_value *info, rlm_record *model)
{
    rlm_value *most = rlm_value_get(info, "max_tokens");
    int64_t input = model->limits[RLM_LIMIT_INPUT], output = model->limits[RLM_LIMIT_OUTPUT], tokens;

    if (!rlm_value_integer(most, &tokens)) return;
    if (tokens == output || (output == RLM_UNKNOWN && tokens == input)) rlm_value_take(most);
    else if (output == RLM_UNKNOWN && input != RLM_UNKNOWN) rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, most);
}

/* One of its modes is not known to other servers. */
static void
read_mode(const rlm_value *info, rlm_record *model)
{
    rlm_value *mode = rlm_value_get(info, "mode");

    rlm_compatible_state_type(info, model);
    if (model->type != RLM_TYPE_UNKNOWN || !rlm_slice_is(rlm_value_text(mode), "completion")) return;
    rlm_record_state_type(model, RLM_TYPE_COMPLETION);
    rlm_value_take(mode);
}

rlm_status
rlm_litellm_read_facts(const rlm_value *info, const rlm_price_words *words, rlm_record *model)
{
    read_mode(info, model);
    rlm_compatible_state_facts(info, model);
    rlm_record_state_modalities(&model->input, rlm_value_get(info, "supported_modalities"), NULL);
    read_switches(info, model);
    read_max_tokens(info, model);
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(info, "deprecation_date"));
    RLM_TRY(rlm_record_state_bound(model, RLM_BOUNDED_DIMENSIONS, RLM_BOUND_MAX,
                                   rlm_value_get(info, "output_vector_size")));
    return rlm_litellm_read_prices(info, words, model);
}
