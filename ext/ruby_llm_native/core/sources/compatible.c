/*
 * Rows in OpenAI's format, from any server that uses it: vLLM, SGLang, llama.cpp, LM Studio, LiteLLM, Groq, Together,
 * Fireworks and others state more than OpenAI does, each in its own words. The tables say what a word means; what is in
 * no table stays metadata.
 *
 * Odd about them: lists of features say what a model can, and rarely all of it, so they deny nothing; only booleans do.
 * Prices that are numbers are dollars per million tokens (Together); prices that are strings are dollars per token
 * (OpenRouter and its imitators); any other unit is not read. `max_tokens` means the context on some servers and the
 * output on others, so it is not read either. Servers that run on one's own machines write the time of the request as
 * `created`, and random ids into `permission`.
 */
#include "sources/source.h"

#include <string.h>

/* ---- What a model is for ---- */

static void
read_type(const rlm_value *row, rlm_record *model)
{
    static const struct {
        const char *word;
        rlm_type type;
    } types[] = {
        {"chat", RLM_TYPE_CHAT},
        {"llm", RLM_TYPE_CHAT},
        {"vlm", RLM_TYPE_CHAT},
        {"text-generation", RLM_TYPE_CHAT},
        {"responses", RLM_TYPE_CHAT},
        {"completion", RLM_TYPE_COMPLETION},
        {"embedding", RLM_TYPE_EMBEDDING},
        {"embeddings", RLM_TYPE_EMBEDDING},
        {"text-embedding", RLM_TYPE_EMBEDDING},
        {"image", RLM_TYPE_IMAGE},
        {"image_generation", RLM_TYPE_IMAGE},
        {"text-to-image", RLM_TYPE_IMAGE},
        {"video", RLM_TYPE_VIDEO},
        {"video_generation", RLM_TYPE_VIDEO},
        {"text-to-video", RLM_TYPE_VIDEO},
        {"audio", RLM_TYPE_AUDIO},
        {"audio_speech", RLM_TYPE_AUDIO},
        {"text-to-speech", RLM_TYPE_AUDIO},
        {"tts", RLM_TYPE_AUDIO},
        {"transcribe", RLM_TYPE_TRANSCRIPTION},
        {"transcription", RLM_TYPE_TRANSCRIPTION},
        {"audio_transcription", RLM_TYPE_TRANSCRIPTION},
        {"automatic-speech-recognition", RLM_TYPE_TRANSCRIPTION},
        {"moderation", RLM_TYPE_MODERATION},
        {"rerank", RLM_TYPE_RERANK},
        {"reranker", RLM_TYPE_RERANK},
        {"realtime", RLM_TYPE_REALTIME},
        {"ocr", RLM_TYPE_OCR},
    };
    static const char *const keys[] = {"type", "mode", "task"};

    for (size_t key = 0; key < sizeof keys / sizeof *keys; key++) {
        rlm_value *word = rlm_value_get(row, keys[key]);

        for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
            if (model->type != RLM_TYPE_UNKNOWN || !rlm_slice_is(rlm_value_text(word), types[i].word)) continue;
            rlm_record_state_type(model, types[i].type);
            rlm_value_take(word);
        }
        if (rlm_slice_is(rlm_value_text(word), "vlm")) {
            rlm_flags_state(&model->capabilities, RLM_CAPABILITY_VISION, true);
            rlm_flags_state(&model->input, RLM_MODALITY_IMAGE, true);
        }
    }
    if (model->type != RLM_TYPE_CHAT && model->type != RLM_TYPE_COMPLETION) return;
    rlm_flags_state(&model->input, RLM_MODALITY_TEXT, true);
    rlm_flags_state(&model->output, RLM_MODALITY_TEXT, true);
}

/* ---- What a model can ---- */

typedef struct {
    const char *word; /* with "_" for "-" */
    int capability, input;
} feature;

#define NONE RLM_NO_FLAG

static const feature features[] = {
    {"tools", RLM_CAPABILITY_FUNCTION_CALLING, NONE},
    {"tool_use", RLM_CAPABILITY_FUNCTION_CALLING, NONE},
    {"tool_call", RLM_CAPABILITY_FUNCTION_CALLING, NONE},
    {"tool_calls", RLM_CAPABILITY_FUNCTION_CALLING, NONE},
    {"tool_calling", RLM_CAPABILITY_FUNCTION_CALLING, NONE},
    {"function_calling", RLM_CAPABILITY_FUNCTION_CALLING, NONE},
    {"tool_choice", RLM_CAPABILITY_TOOL_CHOICE, NONE},
    {"parallel_tool_calls", RLM_CAPABILITY_PARALLEL_TOOL_CALLS, NONE},
    {"parallel_function_calling", RLM_CAPABILITY_PARALLEL_TOOL_CALLS, NONE},
    {"structured_output", RLM_CAPABILITY_STRUCTURED_OUTPUT, NONE},
    {"structured_outputs", RLM_CAPABILITY_STRUCTURED_OUTPUT, NONE},
    {"json_schema", RLM_CAPABILITY_STRUCTURED_OUTPUT, NONE},
    {"response_schema", RLM_CAPABILITY_STRUCTURED_OUTPUT, NONE},
    {"json_mode", RLM_CAPABILITY_JSON_MODE, NONE},
    {"response_format", RLM_CAPABILITY_JSON_MODE, NONE},
    {"reasoning", RLM_CAPABILITY_REASONING, NONE},
    {"thinking", RLM_CAPABILITY_REASONING, NONE},
    {"streaming", RLM_CAPABILITY_STREAMING, NONE},
    {"prompt_caching", RLM_CAPABILITY_CACHING, NONE},
    {"citations", RLM_CAPABILITY_CITATIONS, NONE},
    {"batch", RLM_CAPABILITY_BATCH, NONE},
    {"fine_tuning", RLM_CAPABILITY_FINE_TUNING, NONE},
    {"vision", RLM_CAPABILITY_VISION, RLM_MODALITY_IMAGE},
    {"image_input", RLM_CAPABILITY_VISION, RLM_MODALITY_IMAGE},
    {"audio", NONE, RLM_MODALITY_AUDIO},
    {"audio_input", NONE, RLM_MODALITY_AUDIO},
    {"pdf_input", NONE, RLM_MODALITY_PDF},
    {"video_input", NONE, RLM_MODALITY_VIDEO},
};

/* "supports_tool-use" is "tool_use". */
static const feature *
find_feature(rlm_slice word)
{
    static const char *const prefixes[] = {"supports_", "support_"};
    char name[32];

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t length = strlen(prefixes[i]);

        if (rlm_slice_starts_with(word, prefixes[i])) word = (rlm_slice){word.bytes + length, word.length - length};
    }
    if (word.length >= sizeof name) return NULL;
    for (size_t i = 0; i < word.length; i++) name[i] = (char) (word.bytes[i] == '-' ? '_' : word.bytes[i]);
    name[word.length] = '\0';
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        if (strcmp(features[i].word, name) == 0) return &features[i];
    }
    return NULL;
}

static void
say(rlm_record *model, const feature *known, bool yes)
{
    if (known->capability != NONE) rlm_flags_state(&model->capabilities, known->capability, yes);
    if (known->input != NONE) rlm_flags_state(&model->input, known->input, yes);
}

/* A member with the name of a feature that is a boolean, or an object with the boolean `supported`. */
static void
read_flag(rlm_value *member, rlm_record *model)
{
    const feature *known = find_feature(member->key);
    rlm_value *flag = member->kind == RLM_OBJECT ? rlm_value_get(member, "supported") : member;
    bool yes;

    if (known == NULL || !rlm_value_truth(flag, &yes)) return;
    say(model, known, yes);
    rlm_value_take(flag);
}

static void
read_features(const rlm_value *list, rlm_record *model)
{
    if (list == NULL || list->kind != RLM_ARRAY) return;
    RLM_EACH (word, list) {
        const feature *known = find_feature(rlm_value_text(word));

        if (known != NULL) say(model, known, true);
    }
}

static void
read_capabilities(const rlm_value *row, rlm_record *model)
{
    static const char *const lists[] = {"capabilities", "features", "supported_features", "supported_parameters"};
    const rlm_value *can = rlm_value_get(row, "capabilities");

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) read_features(rlm_value_get(row, lists[i]), model);
    if (can != NULL && can->kind == RLM_OBJECT) {
        RLM_EACH (member, can) read_flag(member, model);
    }
    RLM_EACH (member, row) {
        if (rlm_slice_starts_with(member->key, "supports_")) read_flag(member, model);
    }
}

static void
read_modalities(const rlm_value *row, rlm_record *model)
{
    const rlm_value *both = rlm_value_get(row, "modalities"), *architecture = rlm_value_get(row, "architecture");

    rlm_record_state_modalities(&model->input, rlm_value_get(row, "input_modalities"), NULL);
    rlm_record_state_modalities(&model->output, rlm_value_get(row, "output_modalities"), NULL);
    rlm_record_state_modalities(&model->input, rlm_value_get(both, "input"), NULL);
    rlm_record_state_modalities(&model->output, rlm_value_get(both, "output"), NULL);
    rlm_record_state_modalities(&model->input, rlm_value_get(architecture, "input_modalities"), NULL);
    rlm_record_state_modalities(&model->output, rlm_value_get(architecture, "output_modalities"), NULL);
}

/* ---- Limits ---- */

static void
read_limits(const rlm_value *row, rlm_record *model)
{
    /* What the server was started with comes before what the model could do. */
    static const char *const contexts[] = {"max_model_len", "loaded_context_length", "context_window", "context_length",
                                           "max_context_length"};
    static const char *const outputs[] = {"max_completion_tokens", "max_output_tokens", "max_output_length"};

    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
        rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(row, contexts[i]));
    }
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, rlm_value_get(row, outputs[i]));
    }
    rlm_record_state_limit(model, RLM_LIMIT_INPUT, rlm_value_get(row, "max_input_tokens"));
}

void
rlm_compatible_state_meta(const rlm_value *meta, rlm_record *model)
{
    /* What it was trained with, `n_ctx_train`, is not what it is served with. */
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(meta, "n_ctx"));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(meta, "max_model_len"));
    if (meta == NULL || meta->kind != RLM_OBJECT) return;
    RLM_EACH (member, meta) {
        if (rlm_slice_starts_with(member->key, "support")) read_flag(member, model);
    }
}

/* ---- Prices ---- */

static const rlm_price_key prices_per_million[] = {
    {"input", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_INPUT}, 0},
    {"output", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_OUTPUT}, 0},
    {"cached_input", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_CACHE_READ}, 0},
    {NULL, {0}, 0},
};

static const rlm_price_key prices_per_token[] = {
    {"input", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_INPUT}, 6},
    {"prompt", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_INPUT}, 6},
    {"output", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_OUTPUT}, 6},
    {"completion", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_OUTPUT}, 6},
    {"input_cache_read", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_CACHE_READ}, 6},
    {"input_cache_write", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_CACHE_WRITE}, 6},
    {NULL, {0}, 0},
};

/*
 * Nobody charges more than ten thousand dollars for a million tokens, or less than a hundredth of a cent: such a price
 * has another unit.
 */
static bool
is_plausible(rlm_decimal dollars)
{
    static const rlm_decimal most = {1, 4}, least = {1, -4};

    return dollars.coefficient == 0 ||
           (rlm_decimal_compare(dollars, most) <= 0 && rlm_decimal_compare(dollars, least) >= 0);
}

/*
 * Whether the members under the keys are prices in that unit: of one kind, plausible, and not all zero where zeros tell
 * nothing.
 */
static bool
has_unit(const rlm_value *pricing, const rlm_price_key *keys, rlm_kind kind)
{
    bool some = false;

    for (; keys->key != NULL; keys++) {
        const rlm_value *amount = rlm_value_get(pricing, keys->key);
        rlm_decimal dollars;

        if (!rlm_value_says_something(amount)) continue;
        if (amount->kind != kind) return false;
        if (!rlm_value_decimal(amount, &dollars)) {
            some = true; /* rlm_record_state_price reports it */
            continue;
        }
        if (rlm_decimal_is_negative(dollars) || !is_plausible(rlm_decimal_shift(dollars, keys->shift))) return false;
        if (kind == RLM_STRING || dollars.coefficient != 0)
            some = true; /* Together writes 0 for what it does not sell by the token */
    }
    return some;
}

static rlm_status
read_prices(const rlm_value *row, rlm_record *model)
{
    const rlm_value *pricing = rlm_value_get(row, "pricing");

    if (rlm_value_says_something(rlm_value_get(pricing, "unit")) ||
        rlm_value_says_something(rlm_value_get(pricing, "currency")))
        return RLM_OK;
    if (has_unit(pricing, prices_per_million, RLM_NUMBER))
        return rlm_record_state_prices(model, pricing, prices_per_million, 0, true);
    if (has_unit(pricing, prices_per_token, RLM_STRING))
        return rlm_record_state_prices(model, pricing, prices_per_token, 0, true);
    return RLM_OK;
}

/* ---- A row ---- */

static void
read_dates(const rlm_value *row, rlm_record *model)
{
    static const char *const own[] = {"vllm", "sglang", "llamacpp"};
    rlm_slice owner = rlm_value_text(rlm_value_get(row, "owned_by"));

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (rlm_slice_is(owner, own[i])) rlm_value_drop(row, "created");
    }
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created"));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created_at"));
    rlm_record_state_timestamp(&model->knowledge_cutoff, rlm_value_get(row, "knowledge_cutoff"));
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(row, "shutdown_date"));
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(row, "deprecation_date"));
    if (rlm_value_take_true(rlm_value_get(row, "deprecated"))) model->status = RLM_MODEL_STATUS_DEPRECATED;
}

rlm_status
rlm_compatible_read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    const rlm_source *source = rlm_source_find(model->provider);

    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "display_name")));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "name")));
    RLM_TRY(rlm_record_state_equivalents(model, rlm_value_get(row, "aliases")));
    read_dates(row, model);
    read_type(row, model);
    read_limits(row, model);
    rlm_compatible_state_meta(rlm_value_get(row, "meta"), model);
    read_modalities(row, model);
    read_capabilities(row, model);
    RLM_TRY(read_prices(row, model));
    rlm_value_drop(row, "permission");
    return rlm_record_keep_rest(model, row, source != NULL ? source->ignore : NULL);
}
