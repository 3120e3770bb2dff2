/*
 * Mistral: GET {base}/models, one page, bearer key. Read `read_type` for what its flags mean together.
 *
 * Odd about it: `created` is the time of the request, so it is not a fact about the model and is ignored. Two ids come
 * twice, once for each way of calling them. `aliases` names the same model, and each alias is a row of its own, whose
 * name is another's id. Embedding models have every flag false.
 */
#include "sources/source.h"

static bool
all_false(const rlm_value *flags)
{
    if (flags == NULL || flags->kind != RLM_OBJECT || flags->first == NULL) return false;
    RLM_EACH (flag, flags) {
        bool truth;

        if (!rlm_value_truth(flag, &truth) || truth) return false;
    }
    return true;
}

static rlm_type
read_type(const rlm_value *can, const rlm_record *model)
{
    bool chat = false, denies_chat = rlm_value_truth(rlm_value_get(can, "completion_chat"), &chat) && !chat;

    /* A transcriber is reached through the chat endpoint, and has its flag; only its names tell it apart. */
    if (chat && (rlm_slice_contains(model->id, "transcribe") || rlm_slice_contains(model->name, "transcribe"))) {
        return RLM_TYPE_TRANSCRIPTION;
    }
    if (chat) return RLM_TYPE_CHAT;
    /*
     * Not `classification`: models that moderate have it, but so do small text models that can be trained to classify.
     */
    if (rlm_value_is_true(rlm_value_get(can, "moderation"))) return RLM_TYPE_MODERATION;
    if (rlm_value_is_true(rlm_value_get(can, "ocr"))) return RLM_TYPE_OCR;
    if (rlm_value_is_true(rlm_value_get(can, "audio_transcription"))) return RLM_TYPE_TRANSCRIPTION;
    if (rlm_value_is_true(rlm_value_get(can, "audio_speech"))) return RLM_TYPE_AUDIO;
    if (all_false(can)) return RLM_TYPE_EMBEDDING;
    if (!denies_chat) return RLM_TYPE_UNKNOWN;
    return rlm_value_is_true(rlm_value_get(can, "completion_fim")) ? RLM_TYPE_COMPLETION : RLM_TYPE_OTHER;
}

static void
read_capabilities(const rlm_value *can, rlm_record *model)
{
    rlm_type type = read_type(can, model);
    rlm_value *vision = rlm_value_get(can, "vision");

    rlm_record_state_capability(model, RLM_CAPABILITY_FUNCTION_CALLING, rlm_value_get(can, "function_calling"));
    rlm_record_state_capability(model, RLM_CAPABILITY_FINE_TUNING, rlm_value_get(can, "fine_tuning"));
    rlm_record_state_capability(model, RLM_CAPABILITY_REASONING, rlm_value_get(can, "reasoning"));
    rlm_record_state_capability(model, RLM_CAPABILITY_MODERATION, rlm_value_get(can, "moderation"));
    rlm_record_state_capability(model, RLM_CAPABILITY_OCR, rlm_value_get(can, "ocr"));
    rlm_record_state_capability(model, RLM_CAPABILITY_TRANSCRIPTION, rlm_value_get(can, "audio_transcription"));
    rlm_record_state_capability(model, RLM_CAPABILITY_SPEECH_GENERATION, rlm_value_get(can, "audio_speech"));
    rlm_record_state_capability(model, RLM_CAPABILITY_VISION, vision);
    rlm_record_state_flag(&model->input, RLM_MODALITY_IMAGE, vision);
    rlm_record_state_flag(&model->input, RLM_MODALITY_AUDIO, rlm_value_get(can, "audio"));

    (void) rlm_value_take_true(rlm_value_get(can, "completion_chat"));
    rlm_record_state_type(model, type);
    if (type == RLM_TYPE_CHAT) rlm_flags_state(&model->input, RLM_MODALITY_TEXT, true);
    if (type == RLM_TYPE_CHAT || type == RLM_TYPE_OCR) rlm_flags_state(&model->output, RLM_MODALITY_TEXT, true);
    if (type == RLM_TYPE_OCR) rlm_flags_state(&model->input, RLM_MODALITY_IMAGE, true);
    if (type == RLM_TYPE_TRANSCRIPTION) rlm_flags_state(&model->input, RLM_MODALITY_AUDIO, true);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "name")));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(row, "max_context_length"));
    read_capabilities(rlm_value_get(row, "capabilities"), model);
    RLM_TRY(rlm_record_state_equivalents(model, rlm_value_get(row, "aliases")));
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(row, "deprecation"));
    if (model->retires_at.precision != RLM_PRECISION_NONE) model->status = RLM_MODEL_STATUS_DEPRECATED;
    RLM_TRY(rlm_record_state_replacement(model, RLM_REPLACEMENT_SUCCESSOR,
                                         rlm_value_get(row, "deprecation_replacement_model")));
    RLM_TRY(rlm_record_state_bound(model, RLM_BOUNDED_TEMPERATURE, RLM_BOUND_DEFAULT,
                                   rlm_value_get(row, "default_model_temperature")));
    return rlm_record_keep_rest(model, row, rlm_source_mistral.ignore);
}

const rlm_source rlm_source_mistral = {
    .slug = "mistral",
    .name = "Mistral",
    .auth = "bearer key",
    .states = "context, capabilities, aliases, end of life, replacement, default temperature",
    .base_url = "https://api.mistral.ai/v1",
    .settings = {{"mistral_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"mistral_api_base", RLM_SETTING_BASE_URL}},
    .flags = RLM_SOURCE_MAKER,
    .preference = 50,
    .listings = {RLM_OPENAI_LISTING("models", read_row, 0)},
    .ignore = {"created", "object", "owned_by"},
    .types = {{"embed", RLM_TYPE_EMBEDDING},
              {"moderation", RLM_TYPE_MODERATION},
              {"ocr", RLM_TYPE_OCR},
              {"transcribe", RLM_TYPE_TRANSCRIPTION}},
    .authorize = rlm_source_bearer,
};
