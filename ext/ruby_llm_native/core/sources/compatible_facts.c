/*
 * The words for what a model is for, what it can, takes and gives, and how much of it: one table for each. A new server
 * of OpenAI's format is, as a rule, a few lines in them. Read rlm_compatible_state_facts first.
 */
#include "sources/compatible.h"

#include <string.h>

/* ---- What a model is for ---- */

typedef struct {
    const char *word, *beside; /* what must stand beside the word, because other servers mean something else with it */
    rlm_type type;
} type_word;

static const type_word type_words[] = {
    {"chat", NULL, RLM_TYPE_CHAT},
    {"llm", NULL, RLM_TYPE_CHAT},
    {"vlm", NULL, RLM_TYPE_CHAT},
    {"text-generation", NULL, RLM_TYPE_CHAT},
    {"responses", NULL, RLM_TYPE_CHAT},
    {"language", "context_window", RLM_TYPE_CHAT}, /* Vercel; Together's do not chat */
    {"text", "model_spec", RLM_TYPE_CHAT},         /* Venice */
    {"completion", NULL, RLM_TYPE_COMPLETION},
    {"embedding", NULL, RLM_TYPE_EMBEDDING},
    {"embeddings", NULL, RLM_TYPE_EMBEDDING},
    {"text-embedding", NULL, RLM_TYPE_EMBEDDING},
    {"image", NULL, RLM_TYPE_IMAGE},
    {"image_generation", NULL, RLM_TYPE_IMAGE},
    {"image_edit", NULL, RLM_TYPE_IMAGE},
    {"text-to-image", NULL, RLM_TYPE_IMAGE},
    {"inpaint", NULL, RLM_TYPE_IMAGE},
    {"video", NULL, RLM_TYPE_VIDEO},
    {"video_generation", NULL, RLM_TYPE_VIDEO},
    {"text-to-video", NULL, RLM_TYPE_VIDEO},
    {"audio", NULL, RLM_TYPE_AUDIO},
    {"audio_speech", NULL, RLM_TYPE_AUDIO},
    {"text-to-speech", NULL, RLM_TYPE_AUDIO},
    {"speech", NULL, RLM_TYPE_AUDIO},
    {"tts", NULL, RLM_TYPE_AUDIO},
    {"music", NULL, RLM_TYPE_AUDIO},
    {"transcribe", NULL, RLM_TYPE_TRANSCRIPTION},
    {"transcription", NULL, RLM_TYPE_TRANSCRIPTION},
    {"audio_transcription", NULL, RLM_TYPE_TRANSCRIPTION},
    {"automatic-speech-recognition", NULL, RLM_TYPE_TRANSCRIPTION},
    {"asr", NULL, RLM_TYPE_TRANSCRIPTION},
    {"moderation", NULL, RLM_TYPE_MODERATION},
    {"rerank", NULL, RLM_TYPE_RERANK},
    {"reranker", NULL, RLM_TYPE_RERANK},
    {"reranking", NULL, RLM_TYPE_RERANK},
    {"realtime", NULL, RLM_TYPE_REALTIME},
    {"ocr", NULL, RLM_TYPE_OCR},
    {"decision", "model_spec", RLM_TYPE_JUDGMENT},
    {"upscale", "model_spec", RLM_TYPE_OTHER},
};

static const type_word *
find_type(const rlm_value *object, rlm_slice word)
{
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++) {
        const type_word *known = &type_words[i];

        if (!rlm_slice_is(word, known->word)) continue;
        if (known->beside == NULL || rlm_value_get(object, known->beside) != NULL) return known;
    }
    return NULL;
}

/* Fireworks and Mistral say only whether it chats. */
static void
read_chats(rlm_value *flag, rlm_record *model)
{
    bool chats;

    if (model->type != RLM_TYPE_UNKNOWN || !rlm_value_truth(flag, &chats)) return;
    rlm_record_state_type(model, chats ? RLM_TYPE_CHAT : RLM_TYPE_OTHER);
    rlm_value_take(flag);
}

void
rlm_compatible_state_type(const rlm_value *object, rlm_record *model)
{
    static const char *const keys[] = {"type", "mode", "task", "model_type", "api"};

    for (size_t key = 0; key < sizeof keys / sizeof *keys && model->type == RLM_TYPE_UNKNOWN; key++) {
        rlm_value *word = rlm_value_get(object, keys[key]);
        const type_word *known = rlm_value_text(word).length > 0 ? find_type(object, word->text) : NULL;

        if (known == NULL) continue;
        rlm_record_state_type(model, known->type);
        rlm_value_take(word);
        if (strcmp(known->word, "vlm") != 0) continue;
        rlm_flags_state(&model->capabilities, RLM_CAPABILITY_VISION, true);
        rlm_flags_state(&model->input, RLM_MODALITY_IMAGE, true);
    }
    read_chats(rlm_value_get(object, "supports_chat"), model);
    read_chats(rlm_value_get(rlm_value_get(object, "capabilities"), "completion_chat"), model);
    if (model->type != RLM_TYPE_CHAT && model->type != RLM_TYPE_COMPLETION) return;
    rlm_flags_state(&model->input, RLM_MODALITY_TEXT, true);
    rlm_flags_state(&model->output, RLM_MODALITY_TEXT, true);
}

/* ---- What a model can ---- */

typedef struct {
    const char *word; /* as find_feature spells it */
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
    {"trained_for_tool_use", RLM_CAPABILITY_FUNCTION_CALLING, NONE},
    {"tool_choice", RLM_CAPABILITY_TOOL_CHOICE, NONE},
    {"parallel_tool_calls", RLM_CAPABILITY_PARALLEL_TOOL_CALLS, NONE},
    {"parallel_function_calling", RLM_CAPABILITY_PARALLEL_TOOL_CALLS, NONE},
    {"structured_output", RLM_CAPABILITY_STRUCTURED_OUTPUT, NONE},
    {"structured_outputs", RLM_CAPABILITY_STRUCTURED_OUTPUT, NONE},
    {"json_schema", RLM_CAPABILITY_STRUCTURED_OUTPUT, NONE},
    {"output_json_schema", RLM_CAPABILITY_STRUCTURED_OUTPUT, NONE},
    {"response_schema", RLM_CAPABILITY_STRUCTURED_OUTPUT, NONE},
    {"json_mode", RLM_CAPABILITY_JSON_MODE, NONE},
    {"response_format", RLM_CAPABILITY_JSON_MODE, NONE},
    {"reasoning", RLM_CAPABILITY_REASONING, NONE},
    {"include_reasoning", RLM_CAPABILITY_REASONING, NONE},
    {"thinking", RLM_CAPABILITY_REASONING, NONE},
    {"streaming", RLM_CAPABILITY_STREAMING, NONE},
    {"prompt_caching", RLM_CAPABILITY_CACHING, NONE},
    {"prompt_cache", RLM_CAPABILITY_CACHING, NONE},
    {"implicit_caching", RLM_CAPABILITY_CACHING, NONE},
    {"explicit_caching", RLM_CAPABILITY_CACHING, NONE},
    {"caching", RLM_CAPABILITY_CACHING, NONE},
    {"citations", RLM_CAPABILITY_CITATIONS, NONE},
    {"batch", RLM_CAPABILITY_BATCH, NONE},
    {"fine_tuning", RLM_CAPABILITY_FINE_TUNING, NONE},
    {"image_generation", RLM_CAPABILITY_IMAGE_GENERATION, NONE},
    {"vision", RLM_CAPABILITY_VISION, RLM_MODALITY_IMAGE},
    {"image_input", RLM_CAPABILITY_VISION, RLM_MODALITY_IMAGE},
    {"image_in", RLM_CAPABILITY_VISION, RLM_MODALITY_IMAGE},
    {"audio", NONE, RLM_MODALITY_AUDIO},
    {"audio_input", NONE, RLM_MODALITY_AUDIO},
    {"pdf_input", NONE, RLM_MODALITY_PDF},
    {"file_input", NONE, RLM_MODALITY_FILE},
    {"video_input", NONE, RLM_MODALITY_VIDEO},
    {"video_in", NONE, RLM_MODALITY_VIDEO},
};

/* "supports_tool-use", "support_tool_use" and "supportsToolUse" are "tool_use". */
static const feature *
find_feature(rlm_slice word)
{
    static const char *const prefixes[] = {"supports_", "support_"};
    char spelled[40];
    const char *name = spelled;
    size_t length = 0;

    for (size_t i = 0; i < word.length; i++) {
        char lower = rlm_ascii_lower(word.bytes[i]);

        if (length + 2 >= sizeof spelled) return NULL;
        if (lower != word.bytes[i] && i > 0) spelled[length++] = '_';
        spelled[length++] = lower == '-' ? '_' : lower;
    }
    spelled[length] = '\0';
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) name += strlen(prefixes[i]);
    }
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

void
rlm_compatible_state_features(const rlm_value *list, rlm_record *model)
{
    if (list == NULL || list->kind != RLM_ARRAY) return;
    RLM_EACH (word, list) {
        const feature *known = find_feature(rlm_value_text(word));

        if (known != NULL) say(model, known, true);
    }
}

static void
read_capabilities(const rlm_value *object, rlm_record *model)
{
    static const char *const lists[] = {"capabilities", "features", "supported_features", "supported_parameters",
                                        "supported_openai_params"};
    const rlm_value *can = rlm_value_get(object, "capabilities");

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        rlm_compatible_state_features(rlm_value_get(object, lists[i]), model);
    if (can != NULL && can->kind == RLM_OBJECT) {
        RLM_EACH (member, can) read_flag(member, model);
    }
    if (object == NULL || object->kind != RLM_OBJECT) return;
    RLM_EACH (member, object) {
        if (rlm_slice_starts_with(member->key, "support")) read_flag(member, model);
    }
}

/* ---- Modalities ---- */

/* One side of "text+image->text": yes for its modalities, no for all others. False if it has an unknown word. */
static bool
read_side(rlm_slice side, rlm_flags *flags)
{
    uint32_t yes = 0;

    while (side.length > 0) {
        const char *plus = memchr(side.bytes, '+', side.length);
        rlm_slice word = {side.bytes, plus != NULL ? (size_t) (plus - side.bytes) : side.length};
        int position = rlm_slice_is(word, "embedding")
                           ? RLM_MODALITY_EMBEDDINGS
                           : rlm_name_position(rlm_modality_names, RLM_MODALITY_COUNT, word);

        if (position < 0) return false;
        yes |= RLM_BIT(position);
        side.length -= word.length + (plus != NULL);
        side.bytes += word.length + (plus != NULL);
    }
    *flags = (rlm_flags){yes, (RLM_BIT(RLM_MODALITY_COUNT) - 1) & ~yes};
    return yes != 0;
}

/* Both in one word, where they are in no list. */
static void
read_arrow(rlm_value *modality, rlm_record *model)
{
    rlm_slice text = rlm_value_text(modality), input = text, output;
    rlm_flags takes, gives;

    if (model->input.yes != 0 || model->output.yes != 0) return;
    while (text.length > 2 && memcmp(text.bytes, "->", 2) != 0) text.bytes++, text.length--;
    if (text.length <= 2) return;
    input.length -= text.length;
    output = (rlm_slice){text.bytes + 2, text.length - 2};
    if (!read_side(input, &takes) || !read_side(output, &gives)) return;
    model->input = takes;
    model->output = gives;
    rlm_value_take(modality);
}

static void
read_modalities(const rlm_value *object, rlm_record *model)
{
    const rlm_value *both = rlm_value_get(object, "modalities"), *architecture = rlm_value_get(object, "architecture");
    const struct {
        const rlm_value *from;
        const char *input, *output;
    } places[] = {
        {object, "input_modalities", "output_modalities"},
        {object, "supported_input_modalities", "supported_output_modalities"},
        {both, "input", "output"},
        {architecture, "input_modalities", "output_modalities"},
    };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        rlm_record_state_modalities(&model->input, rlm_value_get(places[i].from, places[i].input), NULL);
        rlm_record_state_modalities(&model->output, rlm_value_get(places[i].from, places[i].output), NULL);
    }
    read_arrow(rlm_value_get(architecture, "modality"), model);
}

/* ---- Limits ---- */

static void
read_limits(const rlm_value *object, rlm_record *model)
{
    /* What the server was started with comes first. `n_ctx_train` is what it was trained with, and not read. */
    static const struct {
        const char *key;
        rlm_limit limit;
    } limits[] = {
        {"n_ctx", RLM_LIMIT_CONTEXT},
        {"max_model_len", RLM_LIMIT_CONTEXT},
        {"loaded_context_length", RLM_LIMIT_CONTEXT},
        {"context_window", RLM_LIMIT_CONTEXT},
        {"context_length", RLM_LIMIT_CONTEXT},
        {"context_size", RLM_LIMIT_CONTEXT},
        {"max_context_length", RLM_LIMIT_CONTEXT},
        {"availableContextTokens", RLM_LIMIT_CONTEXT},
        {"max_input_tokens", RLM_LIMIT_INPUT},
        {"maxInputTokens", RLM_LIMIT_INPUT},
        {"max_completion_tokens", RLM_LIMIT_OUTPUT},
        {"max_output_tokens", RLM_LIMIT_OUTPUT},
        {"max_output_length", RLM_LIMIT_OUTPUT},
        {"maxCompletionTokens", RLM_LIMIT_OUTPUT},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        rlm_record_state_limit(model, limits[i].limit, rlm_value_get(object, limits[i].key));
    }
}

void
rlm_compatible_state_facts(const rlm_value *object, rlm_record *model)
{
    read_limits(object, model);
    read_modalities(object, model);
    read_capabilities(object, model);
}
