/* Mistral: flags, which enumerate, and the types that they tell. */
#include "stated.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT("https://api.mistral.ai/v1/models|Authorization: Bearer mistral_api_key",
                request_to(&rlm_source_mistral, only_keys, NULL));
    PASS();
}

/* A row with these flags and these other members. */
static rlm_status
mistral(const char *flags, const char *others)
{
    char text[2048];

    (void) snprintf(text, sizeof text, JSON({"data": [{"capabilities": {%s}, %s}]}), flags, others);
    return answer(&rlm_source_mistral, text);
}

TEST
states_a_chat_model(void)
{
    READ(mistral, {"data": [{
        "id": "mistral-large-latest", "object": "model", "created": 1790000000, "owned_by": "mistralai",
        "capabilities": {
            "completion_chat": true, "function_calling": true, "completion_fim": false, "fine_tuning": false,
            "vision": true, "ocr": false, "classification": false, "moderation": false, "audio": false
        },
        "name": "mistral-large-2411", "description": "Large.", "max_context_length": 131072,
        "aliases": ["mistral-large-2411", "mistral-large-latest"], "deprecation": "2026-05-31T12:00:00Z",
        "deprecation_replacement_model": "mistral-large-2512", "default_model_temperature": null, "type": "base"
    }]});
    ASSERT_TEXT("mistral-large-latest", model.id);
    ASSERT_TEXT("mistral-large-2411", model.name);
    ASSERT_TEXT("mistral-large-2411\n", model.equivalents);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 131072);
    ASSERT_SAID("unknown", timestamp(model.created_at));
    ASSERT_SAID("2026-05-31T12:00:00Z", timestamp(model.retires_at));
    ASSERT_SAID("deprecated", rlm_model_status_names[model.status]);
    ASSERT_TEXT("successor mistral-large-2512\n", model.replacements);
    ASSERT_TYPE("chat");
    ASSERT_CAPABILITY("yes", FUNCTION_CALLING);
    ASSERT_CAPABILITY("yes", VISION);
    ASSERT_CAPABILITY("no", FINE_TUNING);
    ASSERT_CAPABILITY("no", OCR);
    ASSERT_CAPABILITY("unknown", REASONING);
    ASSERT_INPUT("yes", TEXT);
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_INPUT("no", AUDIO);
    ASSERT_OUTPUT("yes", TEXT);
    ASSERT_JSON(model.metadata, {
        "capabilities": {"classification": false, "completion_fim": false}, "description": "Large.", "type": "base"
    });
    PASS();
}

TEST
embeds_where_all_flags_are_false(void)
{
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": false, "function_calling": false, "vision": false),
                                       JSON("id": "codestral-x")));
    ASSERT_TYPE("embedding");
    ASSERT_OUTPUT("yes", EMBEDDINGS);
    ASSERT_STATUS(RLM_OK, mistral("", JSON("id": "codestral-x")));
    ASSERT_TYPE("");
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": false, "vision": null), JSON("id": "codestral-x")));
    ASSERT_TYPE("other");
    PASS();
}

/*
 * Seen: voxtral-mini-2507 twice, once to chat about sound, once named as the transcriber, with the chat flag both
 * times.
 */
TEST
tells_transcribers_by_either_name(void)
{
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": true, "audio": true),
                                       JSON("id": "voxtral-mini-2507", "name": "voxtral-mini-2507")));
    ASSERT_TYPE("chat");
    ASSERT_INPUT("yes", AUDIO);
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": true, "audio": false),
                                       JSON("id": "voxtral-mini-2507", "name": "voxtral-mini-transcribe-2507")));
    ASSERT_TYPE("transcription");
    ASSERT_INPUT("yes", AUDIO);
    ASSERT_INPUT("unknown", TEXT);
    ASSERT_OUTPUT("yes", TEXT);
    ASSERT_OUTPUT("no", AUDIO);
    PASS();
}

TEST
has_types_beside_chat(void)
{
    ASSERT_STATUS(RLM_OK,
                  mistral(JSON("completion_chat": false, "classification": true, "moderation": true), JSON("id": "m")));
    ASSERT_TYPE("moderation");
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": false, "vision": true, "ocr": true), JSON("id": "m")));
    ASSERT_TYPE("ocr");
    ASSERT_CAPABILITY("yes", OCR);
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": true, "ocr": true), JSON("id": "m")));
    ASSERT_TYPE("chat");
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": false, "audio_transcription": true), JSON("id": "m")));
    ASSERT_TYPE("transcription");
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": false, "audio_speech": true), JSON("id": "m")));
    ASSERT_TYPE("audio");
    ASSERT_CAPABILITY("yes", SPEECH_GENERATION);
    /* Seen: ministral-3b-2410, of which only `classification` was true. */
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": false, "classification": true), JSON("id": "m")));
    ASSERT_TYPE("other");
    ASSERT_STATUS(RLM_OK, mistral(JSON("completion_chat": false, "completion_fim": true), JSON("id": "m")));
    ASSERT_TYPE("completion");
    ASSERT_STATUS(RLM_OK, mistral(JSON("classification": true), JSON("id": "m")));
    ASSERT_TYPE("");
    PASS();
}

TEST
states_the_temperature_that_applies(void)
{
    READ(mistral, {"data": [{"id": "m", "default_model_temperature": 0.3}]});
    ASSERT_BOUND("0.3", TEMPERATURE, DEFAULT);
    ASSERT_PARAMETER("unknown", TEMPERATURE);
    ASSERT(model.metadata.length == 0);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(states_a_chat_model);
    RUN(embeds_where_all_flags_are_false);
    RUN(tells_transcribers_by_either_name);
    RUN(has_types_beside_chat);
    RUN(states_the_temperature_that_applies);
    answer_free();
    return REPORT("mistral");
}
