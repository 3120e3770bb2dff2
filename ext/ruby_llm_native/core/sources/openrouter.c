/*
 * OpenRouter: GET {base}/models and five more lists, each one page, bearer key, and two headers that name the app to
 * it.
 *
 * The first list has the models that write text. The others are optional: when the list of images is down, the chat
 * models must still be known. While one of them fails, nothing counts as gone. A proxy that lacks some of these lists
 * answers 404, which leaves a remark and keeps nothing. A model may be in several lists; its rows are united. Rows of
 * images/models have no price and no limit, and their `supported_parameters` is an object that enumerates nothing that
 * we know. If a row of these lists has no output modalities [not seen], its list tells the type.
 *
 * Odd about it: prices (openrouter_prices.c) are strings in dollars per token. "-1" is the price of a router, which
 * hands a prompt to some other model: it has no price of its own. For what a model does not do the price is "0", as for
 * what is free. `supported_parameters` enumerates, and also stays as metadata, because it holds more than the record.
 * Whether data is kept, and where, depends on the host that a request goes to, and is not in these lists. The author is
 * the part of the id before the slash. "x:free" and "x:thinking" are offers beside "x"; some of these suffixes are
 * served with any model and not listed.
 */
#include "sources/source.h"

#include <string.h>

/* What a request may have: a parameter that is missing here is one that the model cannot. */
static const rlm_word parameters[] = {
    {"tools", RLM_CAPABILITY_FUNCTION_CALLING},
    {"tool_choice", RLM_CAPABILITY_TOOL_CHOICE},
    {"parallel_tool_calls", RLM_CAPABILITY_PARALLEL_TOOL_CALLS},
    {"structured_outputs", RLM_CAPABILITY_STRUCTURED_OUTPUT},
    {"response_format", RLM_CAPABILITY_JSON_MODE},
    {"reasoning", RLM_CAPABILITY_REASONING},
    {"include_reasoning", RLM_CAPABILITY_REASONING},
    {"max_tokens", RLM_NO_FLAG},
    {"max_completion_tokens", RLM_NO_FLAG},
    {"temperature", RLM_NO_FLAG},
    {"top_p", RLM_NO_FLAG},
    {"top_k", RLM_NO_FLAG},
    {"stop", RLM_NO_FLAG},
    {"seed", RLM_NO_FLAG},
    {NULL, 0},
};

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    RLM_TRY(rlm_source_bearer(request, error));
    RLM_TRY(rlm_request_setting(request, "HTTP-Referer", NULL, "openrouter_app_url", error));
    return rlm_request_setting(request, "X-OpenRouter-Title", NULL, "openrouter_app_name", error);
}

static void
read_modalities(const rlm_value *architecture, rlm_record *model)
{
    static const rlm_word outputs[] = {{"speech", RLM_MODALITY_AUDIO}, {"transcription", RLM_MODALITY_TEXT}, {NULL, 0}};
    const uint32_t seen = RLM_BIT(RLM_MODALITY_IMAGE) | RLM_BIT(RLM_MODALITY_VIDEO);
    rlm_value *output = rlm_value_get(architecture, "output_modalities");

    rlm_record_state_modalities(&model->input, rlm_value_get(architecture, "input_modalities"), NULL);
    if (model->input.yes != 0)
        rlm_flags_state(&model->capabilities, RLM_CAPABILITY_VISION, (model->input.yes & seen) != 0);
    rlm_record_state_modalities(&model->output, output, outputs);
    if (rlm_value_contains(output, "transcription")) rlm_record_state_type(model, RLM_TYPE_TRANSCRIPTION);
}

/* The list in which a row stands, where the row itself says nothing. */
static void
read_type(rlm_record *model)
{
    static const struct {
        const char *path;
        rlm_type type;
    } lists[] = {
        {"embeddings/models", RLM_TYPE_EMBEDDING},
        {"models?output_modalities=speech", RLM_TYPE_AUDIO},
        {"models?output_modalities=transcription", RLM_TYPE_TRANSCRIPTION},
        {"models?output_modalities=rerank", RLM_TYPE_RERANK},
        {"images/models", RLM_TYPE_IMAGE},
    };

    if (model->output.yes != 0 || model->listing == NULL) return;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(model->listing->path, lists[i].path) == 0) rlm_record_state_type(model, lists[i].type);
    }
}

/* These it has no words for, so that its lists do not deny them. */
#define WITHOUT_WORD                                                                                                   \
    (RLM_BIT(RLM_PARAMETER_N) | RLM_BIT(RLM_PARAMETER_SERVICE_TIER) | RLM_BIT(RLM_PARAMETER_ASSISTANT_PREFILL) |       \
     RLM_BIT(RLM_PARAMETER_SYSTEM_MESSAGES))

rlm_status
rlm_openrouter_read_defaults(const rlm_value *defaults, rlm_record *model)
{
    static const struct {
        const char *key;
        rlm_bounded of;
    } numbers[] = {
        {"temperature", RLM_BOUNDED_TEMPERATURE},
        {"top_p", RLM_BOUNDED_TOP_P},
        {"top_k", RLM_BOUNDED_TOP_K},
        {"frequency_penalty", RLM_BOUNDED_FREQUENCY_PENALTY},
        {"presence_penalty", RLM_BOUNDED_PRESENCE_PENALTY},
        {"repetition_penalty", RLM_BOUNDED_REPETITION_PENALTY},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        RLM_TRY(
            rlm_record_state_bound(model, numbers[i].of, RLM_BOUND_DEFAULT, rlm_value_get(defaults, numbers[i].key)));
    return RLM_OK;
}

static void
read_parameters(rlm_value *list, rlm_record *model)
{
    rlm_record_state_enumerated(model, list, parameters);
    rlm_record_state_parameters(model, list);
    model->parameters.no &= ~WITHOUT_WORD;
    rlm_value_keep(list);
}

void
rlm_openrouter_read_reasoning(const rlm_value *reasoning, rlm_record *model)
{
    static const struct {
        const char *key;
        rlm_trait trait;
    } traits[] = {
        {"mandatory", RLM_TRAIT_REASONING_MANDATORY},
        {"default_enabled", RLM_TRAIT_REASONING_DEFAULT},
        {"supports_max_tokens", RLM_TRAIT_REASONING_BUDGET},
    };

    for (size_t i = 0; i < sizeof traits / sizeof *traits; i++)
        rlm_record_state_flag(&model->traits, (int) traits[i].trait, rlm_value_get(reasoning, traits[i].key));
    rlm_record_state_efforts(model, rlm_value_get(reasoning, "supported_efforts"));
    rlm_record_state_default_effort(model, rlm_value_get(reasoning, "default_effort"));
}

static void
read_limits(const rlm_value *row, rlm_record *model)
{
    const rlm_value *request = rlm_value_get(row, "per_request_limits"); /* stays in the metadata as well */
    rlm_value prompt = rlm_value_copy(request, "prompt_tokens");
    rlm_value completion = rlm_value_copy(request, "completion_tokens");

    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(row, "context_length"));
    rlm_record_state_limit(model, RLM_LIMIT_INPUT, &prompt);
    rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, &completion);
    rlm_record_state_limit(model, RLM_LIMIT_OUTPUT,
                           rlm_value_get(rlm_value_get(row, "top_provider"), "max_completion_tokens"));
}

static rlm_status
read_author(rlm_record *model)
{
    const char *slash = memchr(model->id.bytes, '/', model->id.length);
    rlm_value author = {.kind = RLM_STRING};

    if (slash == NULL) return RLM_OK;
    author.text = (rlm_slice){model->id.bytes, (size_t) (slash - model->id.bytes)};
    return rlm_record_state_family(model, &author);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    RLM_TRY(rlm_record_state_equivalents(
        model, rlm_value_get(row, "canonical_slug"))); /* that of ":free" names another offer, and stays */
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "name")));
    RLM_TRY(read_author(model));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created"));
    rlm_record_state_timestamp(&model->knowledge_cutoff, rlm_value_get(row, "knowledge_cutoff"));
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(row, "expiration_date"));
    read_limits(row, model);
    read_modalities(rlm_value_get(row, "architecture"), model);
    read_type(model);
    read_parameters(rlm_value_get(row, "supported_parameters"), model);
    RLM_TRY(rlm_openrouter_read_defaults(rlm_value_get(row, "default_parameters"), model));
    rlm_openrouter_read_reasoning(rlm_value_get(row, "reasoning"), model);
    RLM_TRY(rlm_openrouter_read_prices(rlm_value_get(row, "pricing"), model));
    return rlm_record_keep_rest(model, row, rlm_source_openrouter.ignore);
}

static bool
is_variant(rlm_slice id)
{
    return id.length > 0 && memchr(id.bytes, ':', id.length) != NULL;
}

const rlm_source rlm_source_openrouter = {
    .slug = "openrouter",
    .name = "OpenRouter",
    .auth = "bearer key",
    .states = "name, dates, limits, modalities, parameters, reasoning, prices by length and hour, end of life",
    .base_url = "https://openrouter.ai/api/v1",
    .settings = {{"openrouter_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"openrouter_api_base", RLM_SETTING_BASE_URL},
                 {"openrouter_app_url", 0},
                 {"openrouter_app_name", 0}},
    .preference = 110,
    .listings = {{.path = "models", .rows = "data[]", .read_row = read_row},
                 {.path = "embeddings/models", .rows = "data[]", .flags = RLM_LISTING_OPTIONAL, .read_row = read_row},
                 {.path = "models?output_modalities=speech",
                  .rows = "data[]",
                  .flags = RLM_LISTING_OPTIONAL,
                  .read_row = read_row},
                 {.path = "models?output_modalities=transcription",
                  .rows = "data[]",
                  .flags = RLM_LISTING_OPTIONAL,
                  .read_row = read_row},
                 {.path = "models?output_modalities=rerank",
                  .rows = "data[]",
                  .flags = RLM_LISTING_OPTIONAL,
                  .read_row = read_row},
                 {.path = "images/models", .rows = "data[]", .flags = RLM_LISTING_OPTIONAL, .read_row = read_row}},
    .ignore = {"links"},
    .ids = &(const rlm_source_ids){.is_variant = is_variant,
                                   .suffixes = {":free", ":nitro", ":online", ":floor", ":thinking", ":extended"}},
    .authorize = authorize,
};
