/*
 * Facts in the words of LiteLLM's cost map. Read rlm_litellm_read_facts.
 *
 * Odd about them: `max_tokens` is older than the other limits, and is filled in with the limit of the output, or else
 * of the input. So it says something about the output only where the limit of the output is absent and that of the
 * input is another one. What a model can is stated as booleans, `supports_…`; most are spelled as with other servers.
 */
#include "sources/litellm_facts.h"
#include "base/caps.h"
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

/* What one request may hold. Lengths are in hours. */
static rlm_status
read_request_limits(const rlm_value *info, rlm_record *model)
{
    static const struct {
        const char *key;
        rlm_bounded of;
    } limits[] = {
        {"max_images_per_prompt", RLM_BOUNDED_IMAGES},
        {"max_audio_per_prompt", RLM_BOUNDED_AUDIO_FILES},
        {"max_videos_per_prompt", RLM_BOUNDED_VIDEO_FILES},
        {"max_pdf_size_mb", RLM_BOUNDED_PDF_MEGABYTES},
    };
    rlm_value *hours = rlm_value_get(info, "max_audio_length_hours");
    const rlm_decimal hour = {36, 2};
    rlm_decimal length;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        RLM_TRY(rlm_record_state_bound(model, limits[i].of, RLM_BOUND_MAX, rlm_value_get(info, limits[i].key)));
    }
    if (!rlm_value_decimal(hours, &length) || rlm_decimal_is_negative(length)) return RLM_OK;
    rlm_value_take(hours);
    return rlm_record_add_bound(model, RLM_BOUNDED_AUDIO_SECONDS, RLM_BOUND_MAX, rlm_decimal_multiply(length, hour));
}

#define MOST_REGIONS 64

static rlm_status
read_regions(rlm_value *regions, rlm_record *model)
{
    bool whole = true;
    size_t count = 0;

    if (regions == NULL || regions->kind != RLM_ARRAY || regions->first == NULL) return RLM_OK;
    RLM_EACH (region, regions) count++;
    if (count > MOST_REGIONS) return RLM_OK; /* each addition copies all of them */
    RLM_EACH (region, regions) {
        rlm_slice text = rlm_value_text(region);

        if (text.length == 0 || text.length > RLM_CAP_NAME || rlm_slice_has_control_characters(text) || region->damaged)
            whole = false;
        else RLM_TRY(rlm_id_list_add(model->arena, model->data_regions, text, &model->data_regions));
    }
    if (whole) rlm_value_take(regions);
    return RLM_OK;
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
    RLM_TRY(read_request_limits(info, model));
    RLM_TRY(read_regions(rlm_value_get(info, "supported_regions"), model));
    return rlm_litellm_read_prices(info, words, model);
}
