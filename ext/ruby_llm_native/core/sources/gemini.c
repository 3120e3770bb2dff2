/*
 * Gemini: GET {base}/models, pages of up to 1000, its own key header.
 *
 * Odd about it: ids come as "models/<id>". What is zero, false or empty is left out, including the list of rows on a
 * last page, so an absent `thinking` says nothing. An answer without any models is not an answer: every key may use
 * some. The methods by which a model can be called tell what it is for. But those that generate content do so in
 * modalities that the API does not state, so they tell no type.
 */
#include "sources/source.h"

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    return rlm_request_setting(request, "x-goog-api-key", NULL, "gemini_api_key", error);
}

static rlm_slice
next_page(const rlm_value *envelope)
{
    return rlm_value_written(rlm_value_get(envelope, "nextPageToken"));
}

/* What a method denies if the model lacks it. */
static const rlm_word capabilities[] = {
    {"createCachedContent", RLM_CAPABILITY_CACHING},
    {"batchGenerateContent", RLM_CAPABILITY_BATCH},
    {"asyncBatchEmbedContent", RLM_CAPABILITY_BATCH},
    {"bidiGenerateContent", RLM_CAPABILITY_REALTIME},
    {"generateContent", RLM_NO_FLAG},
    {"countTokens", RLM_NO_FLAG},
    {"embedContent", RLM_NO_FLAG},
    {"embedText", RLM_NO_FLAG},
    {"countTextTokens", RLM_NO_FLAG},
    {"generateAnswer", RLM_NO_FLAG},
    {"predict", RLM_NO_FLAG},
    {"predictLongRunning", RLM_NO_FLAG},
    {NULL, 0},
};

static void
read_methods(const rlm_value *methods, rlm_record *model)
{
    static const struct {
        const char *method;
        rlm_type type;
    } types[] = {
        {"generateContent", RLM_TYPE_UNKNOWN},  {"embedContent", RLM_TYPE_EMBEDDING},
        {"embedText", RLM_TYPE_EMBEDDING},      {"predict", RLM_TYPE_IMAGE},
        {"predictLongRunning", RLM_TYPE_VIDEO}, {"bidiGenerateContent", RLM_TYPE_REALTIME},
        {"generateAnswer", RLM_TYPE_OTHER},     {"countTokens", RLM_TYPE_OTHER},
        {"countTextTokens", RLM_TYPE_OTHER},
    };

    rlm_record_state_enumerated(model, methods, capabilities);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!rlm_value_contains(methods, types[i].method)) continue;
        rlm_record_state_type(model, types[i].type);
        return;
    }
}

/* A number is only stated for what a request may set. Temperatures begin at 0, as the documentation says. */
static rlm_status
read_parameters(const rlm_value *row, rlm_record *model)
{
    static const struct {
        const char *key;
        rlm_parameter parameter;
        rlm_bounded of;
        rlm_bound_kind kind;
    } numbers[] = {
        {"temperature", RLM_PARAMETER_TEMPERATURE, RLM_BOUNDED_TEMPERATURE, RLM_BOUND_DEFAULT},
        {"maxTemperature", RLM_PARAMETER_TEMPERATURE, RLM_BOUNDED_TEMPERATURE, RLM_BOUND_MAX},
        {"topP", RLM_PARAMETER_TOP_P, RLM_BOUNDED_TOP_P, RLM_BOUND_DEFAULT},
        {"topK", RLM_PARAMETER_TOP_K, RLM_BOUNDED_TOP_K, RLM_BOUND_DEFAULT},
    };
    rlm_value least = {.kind = RLM_NUMBER, .text = RLM_SLICE("0")};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        rlm_value *number = rlm_value_get(row, numbers[i].key);

        RLM_TRY(rlm_record_state_bound(model, numbers[i].of, numbers[i].kind, number));
        if (number != NULL && number->taken) rlm_flags_state(&model->parameters, (int) numbers[i].parameter, true);
    }
    if (rlm_record_bound(model, RLM_BOUNDED_TEMPERATURE, RLM_BOUND_MAX) == NULL) return RLM_OK;
    return rlm_record_state_bound(model, RLM_BOUNDED_TEMPERATURE, RLM_BOUND_MIN, &least);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "name"), "models/", error));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "displayName")));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(row, "inputTokenLimit"));
    rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, rlm_value_get(row, "outputTokenLimit"));
    rlm_record_state_capability(model, RLM_CAPABILITY_REASONING, rlm_value_get(row, "thinking"));
    read_methods(rlm_value_get(row, "supportedGenerationMethods"), model);
    RLM_TRY(read_parameters(row, model));
    return rlm_record_keep_rest(model, row, rlm_source_gemini.ignore);
}

const rlm_source rlm_source_gemini = {
    .slug = "gemini",
    .name = "Gemini",
    .auth = "`x-goog-api-key`",
    .states = "name, limits, methods, thinking, parameters with their defaults",
    .base_url = "https://generativelanguage.googleapis.com/v1beta",
    .settings = {{"gemini_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"gemini_api_base", RLM_SETTING_BASE_URL}},
    .flags = RLM_SOURCE_MAKER,
    .preference = 30,
    .listings = {{.path = "models?pageSize=1000",
                  .rows = "models[]",
                  .page = "pageToken",
                  .next_page = next_page,
                  .read_row = read_row}},
    .types = {{"embedding", RLM_TYPE_EMBEDDING},
              {"-tts", RLM_TYPE_AUDIO},
              {"imagen", RLM_TYPE_IMAGE},
              {"veo", RLM_TYPE_VIDEO},
              {"native-audio", RLM_TYPE_REALTIME},
              {"-live", RLM_TYPE_REALTIME}},
    .authorize = authorize,
};
