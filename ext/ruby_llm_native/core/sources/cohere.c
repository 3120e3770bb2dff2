/*
 * Cohere: GET {base}/v1/models, pages of up to 1000, bearer key.
 *
 * Odd about it: the base URL ends before the version, and the id is called `name`. Limits are written as floats, 0 if
 * there is none. The endpoints that serve a model tell what it is for, by the beginning of their names; `features`
 * enumerates, and is null if there are none. Both also stay as metadata, because they hold more than the record does.
 * There are no dates and no prices.
 */
#include "sources/source.h"

static rlm_slice
next_page(const rlm_value *envelope)
{
    return rlm_value_written(rlm_value_get(envelope, "next_page_token"));
}

static bool
is_served_by(const rlm_value *endpoints, const char *beginning)
{
    if (endpoints == NULL || endpoints->kind != RLM_ARRAY) return false;
    RLM_EACH (endpoint, endpoints) {
        if (rlm_slice_starts_with(rlm_value_text(endpoint), beginning)) return true;
    }
    return false;
}

static void
read_endpoints(const rlm_value *endpoints, rlm_record *model)
{
    static const struct {
        const char *beginning;
        rlm_type type;
    } types[] = {
        {"chat", RLM_TYPE_CHAT},       {"generate", RLM_TYPE_COMPLETION},
        {"parse", RLM_TYPE_OCR},       {"transcri", RLM_TYPE_TRANSCRIPTION},
        {"embed", RLM_TYPE_EMBEDDING}, {"rerank", RLM_TYPE_RERANK},
        {"classify", RLM_TYPE_OTHER},  {"summarize", RLM_TYPE_OTHER},
        {"rate", RLM_TYPE_OTHER},
    };

    for (size_t i = 0; model->type == RLM_TYPE_UNKNOWN && i < sizeof types / sizeof *types; i++) {
        if (is_served_by(endpoints, types[i].beginning)) rlm_record_state_type(model, types[i].type);
    }
    if (model->type == RLM_TYPE_CHAT || model->type == RLM_TYPE_COMPLETION) {
        rlm_flags_state(&model->capabilities, RLM_CAPABILITY_STREAMING, true);
        rlm_flags_state(&model->input, RLM_MODALITY_TEXT, true);
        rlm_flags_state(&model->output, RLM_MODALITY_TEXT, true);
    }
    if (model->type == RLM_TYPE_OCR) rlm_flags_state(&model->capabilities, RLM_CAPABILITY_OCR, true);
    if (model->type == RLM_TYPE_TRANSCRIPTION) rlm_flags_state(&model->input, RLM_MODALITY_AUDIO, true);
    if (rlm_value_contains(endpoints, "embed")) rlm_flags_state(&model->input, RLM_MODALITY_TEXT, true);
    if (rlm_value_contains(endpoints, "embed_image") || model->type == RLM_TYPE_OCR) {
        rlm_flags_state(&model->input, RLM_MODALITY_IMAGE, true);
    }
}

static const rlm_word features[] = {
    {"tools", RLM_CAPABILITY_FUNCTION_CALLING},
    {"tool_choice", RLM_CAPABILITY_TOOL_CHOICE},
    {"json_schema", RLM_CAPABILITY_STRUCTURED_OUTPUT},
    {"json_mode", RLM_CAPABILITY_JSON_MODE},
    {"citations", RLM_CAPABILITY_CITATIONS},
    {"reasoning", RLM_CAPABILITY_REASONING},
    {"vision", RLM_CAPABILITY_VISION},
    {"strict_tools", RLM_NO_FLAG},
    {"tool_images", RLM_NO_FLAG},
    {"safety_modes", RLM_NO_FLAG},
    {"logprobs", RLM_NO_FLAG},
    {NULL, 0},
};

static void
read_features(const rlm_value *list, rlm_record *model)
{
    rlm_record_state_enumerated(model, list, features);
    if (rlm_value_contains(list, "vision")) rlm_flags_state(&model->input, RLM_MODALITY_IMAGE, true);
    if (rlm_value_contains(list, "logprobs")) rlm_flags_state(&model->parameters, RLM_PARAMETER_LOGPROBS, true);
}

static rlm_status
read_defaults(const rlm_value *defaults, rlm_record *model)
{
    static const struct {
        const char *key;
        rlm_bounded of;
    } numbers[] = {
        {"temperature", RLM_BOUNDED_TEMPERATURE},
        {"p", RLM_BOUNDED_TOP_P},
        {"k", RLM_BOUNDED_TOP_K},
        {"frequency_penalty", RLM_BOUNDED_FREQUENCY_PENALTY},
        {"presence_penalty", RLM_BOUNDED_PRESENCE_PENALTY},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        RLM_TRY(
            rlm_record_state_bound(model, numbers[i].of, RLM_BOUND_DEFAULT, rlm_value_get(defaults, numbers[i].key)));
    return RLM_OK;
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "name"), NULL, error));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(row, "context_length"));
    read_endpoints(rlm_value_get(row, "endpoints"), model);
    read_features(rlm_value_get(row, "features"), model);
    /* That it is not deprecated does not tell its status: it may be a preview. */
    if (rlm_value_is_true(rlm_value_get(row, "is_deprecated"))) model->status = RLM_MODEL_STATUS_DEPRECATED;
    RLM_TRY(read_defaults(rlm_value_get(row, "sampling_defaults"), model));
    return rlm_record_keep_rest(model, row, rlm_source_cohere.ignore);
}

const rlm_source rlm_source_cohere = {
    .slug = "cohere",
    .name = "Cohere",
    .auth = "bearer key",
    .states = "context, endpoints, features, deprecation, defaults of parameters",
    .base_url = "https://api.cohere.com",
    .settings = {{"cohere_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"cohere_api_base", RLM_SETTING_BASE_URL}},
    .flags = RLM_SOURCE_MAKER,
    .preference = 60,
    .listings = {{.path = "v1/models?page_size=1000",
                  .rows = "models[]",
                  .page = "page_token",
                  .next_page = next_page,
                  .read_row = read_row}},
    .authorize = rlm_source_bearer,
};
