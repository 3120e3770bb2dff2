/*
 * ElevenLabs: GET {base}/v1/models, one page, the answer is the list itself, key in xi-api-key.
 *
 * Odd about it: flags tell what a model does, and each of them may be missing. A model that speaks and also changes
 * voices takes text and sound, and gives sound either way. There are no dates. Prices are multipliers of credits per
 * character, which is not money, so they stay metadata. The limits count characters, and depend on what one has
 * subscribed to: the one that holds for all is read. The transcribers (scribe) are not in the list, and are not
 * invented here.
 */
#include "sources/source.h"

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    return rlm_request_setting(request, "xi-api-key", NULL, "elevenlabs_api_key", error);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    rlm_value *speaks = rlm_value_get(row, "can_do_text_to_speech"),
              *converts = rlm_value_get(row, "can_do_voice_conversion");

    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "model_id"), NULL, error));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "name")));
    rlm_record_state_capability(model, RLM_CAPABILITY_SPEECH_GENERATION, speaks);
    rlm_record_state_capability(model, RLM_CAPABILITY_FINE_TUNING, rlm_value_get(row, "can_be_finetuned"));
    rlm_record_state_flag(&model->input, RLM_MODALITY_TEXT, speaks);
    rlm_record_state_flag(&model->input, RLM_MODALITY_AUDIO, converts);
    RLM_TRY(rlm_record_state_bound(model, RLM_BOUNDED_CHARACTERS, RLM_BOUND_MAX,
                                   rlm_value_get(row, "maximum_text_length_per_request")));
    rlm_value_keep(converts); /* the record has no word for it */
    if (rlm_value_is_true(speaks) || rlm_value_is_true(converts)) rlm_record_state_type(model, RLM_TYPE_AUDIO);
    return rlm_record_keep_rest(model, row, rlm_source_elevenlabs.ignore);
}

const rlm_source rlm_source_elevenlabs = {
    .slug = "elevenlabs",
    .name = "ElevenLabs",
    .auth = "`xi-api-key`",
    .states = "name, what it does with speech, characters per request",
    .base_url = "https://api.elevenlabs.io",
    .settings = {{"elevenlabs_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"elevenlabs_api_base", RLM_SETTING_BASE_URL}},
    .preference = 170,
    .listings = {{.path = "v1/models", .rows = "[]", .read_row = read_row}},
    .types = {{"scribe", RLM_TYPE_TRANSCRIPTION}, {"eleven", RLM_TYPE_AUDIO}},
    .authorize = authorize,
};
