/*
 * What a model is for: a model whose own listing denies chat does not chat, and a type that is a capability states it.
 */
#include "world.h"

TEST
listings_that_say_what_a_model_is_for_deny_the_rest(void)
{
    world all;

    start(&all);
    ADD(gemini, {"models": [
        {"name": "models/answers", "supportedGenerationMethods": ["generateAnswer"]},
        {"name": "models/counts", "supportedGenerationMethods": ["countTokens"]},
        {"name": "models/new", "supportedGenerationMethods": ["generateDreams"]}
    ]});
    ADD(mistral, {"data": [
        {"id": "sorts", "capabilities": {"completion_chat": false, "classification": true}},
        {"id": "fills", "capabilities": {"completion_chat": false, "completion_fim": true}}
    ]});
    ADD(cohere, {"models": [
        {"name": "labels", "endpoints": ["classify"]},
        {"name": "writes", "endpoints": ["generate", "summarize"]},
        {"name": "talks", "endpoints": ["generate", "chat"]},
        {"name": "new", "endpoints": ["dream"]}
    ]});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_MERGED_TYPE("other", "gemini", "answers");
    ASSERT_MERGED_TYPE("other", "gemini", "counts");
    ASSERT_MERGED_TYPE("chat", "gemini", "new"); /* an unknown word denies nothing */
    ASSERT_MERGED_TYPE("other", "mistral", "sorts");
    ASSERT_MERGED_TYPE("completion", "mistral", "fills");
    ASSERT_MERGED_TYPE("other", "cohere", "labels");
    ASSERT_MERGED_TYPE("completion", "cohere", "writes");
    ASSERT_MERGED_TYPE("chat", "cohere", "talks");
    ASSERT_MERGED_TYPE("chat", "cohere", "new");
    finish(&all);
    PASS();
}

TEST
servers_of_openais_format_say_what_only_continues_a_text(void)
{
    world all;

    start(&all);
    ADD(openai, {"data": [
        {"id": "acme/base", "type": "completion"},
        {"id": "acme/old", "mode": "completion"},
        {"id": "acme/new", "mode": "responses"},
        {"id": "acme/chat", "type": "chat"}
    ]});
    ADD(models_dev, {"openai": {"models": {"acme/base": {"modalities": {"input": ["text"], "output": ["text"]}}}}});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_MERGED_TYPE("completion", "openai", "acme/base");
    ASSERT_MERGED_TYPE("completion", "openai", "acme/old");
    ASSERT_MERGED_TYPE("chat", "openai", "acme/new");
    ASSERT_MERGED_TYPE("chat", "openai", "acme/chat");
    finish(&all);
    PASS();
}

TEST
ids_of_models_that_only_continue_a_text(void)
{
    world all;

    start(&all);
    ADD(openai, {"data": [
        {"id": "davinci-002"},
        {"id": "ft:babbage-002:acme::1"},
        {"id": "gpt-3.5-turbo-instruct-0914"},
        {"id": "gpt-3.5-turbo"}
    ]});
    ADD(models_dev, {"openai": {"models": {
        "gpt-3.5-turbo-instruct": {"modalities": {"input": ["text"], "output": ["text"]}}
    }}});
    ADD(azure, {"data": [{"id": "gpt-35-turbo-instruct"}]});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_MERGED_TYPE("completion", "openai", "davinci-002");
    ASSERT_MERGED_TYPE("completion", "openai", "ft:babbage-002:acme::1");
    ASSERT_MERGED_TYPE("completion", "openai", "gpt-3.5-turbo-instruct-0914");
    ASSERT_MERGED_TYPE("completion", "openai", "gpt-3.5-turbo-instruct"); /* both kinds turn text into text */
    ASSERT_MERGED_TYPE("completion", "azure", "gpt-35-turbo-instruct");
    ASSERT_MERGED_TYPE("chat", "openai", "gpt-3.5-turbo");
    finish(&all);
    PASS();
}

TEST
a_type_states_the_capability_that_it_is(void)
{
    world all;

    start(&all);
    ADD(openai, {"data": [
        {"id": "whisper-1"},
        {"id": "tts-1"},
        {"id": "dall-e-3"},
        {"id": "omni-moderation-latest"},
        {"id": "gpt-realtime"},
        {"id": "gpt-x"}
    ]});
    ADD(mistral, {"data": [{"id": "speaks", "capabilities": {"completion_chat": false, "audio_speech": true}}]});
    ADD(file, [
        {"provider": "typist", "id": "judge", "modalities": {"output": ["judgment"]}},
        {"provider": "typist", "id": "reader", "type": "ocr"}
    ]);
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_MERGED_CAN("yes", "openai", "whisper-1", TRANSCRIPTION);
    ASSERT(says(merged(&all, "openai", "whisper-1"), RLM_FIELD_CAPABILITIES, RLM_ORIGIN_ID));
    ASSERT_MERGED_CAN("yes", "openai", "tts-1", SPEECH_GENERATION);
    ASSERT_MERGED_CAN("yes", "openai", "dall-e-3", IMAGE_GENERATION);
    ASSERT_MERGED_CAN("yes", "openai", "omni-moderation-latest", MODERATION);
    ASSERT_MERGED_CAN("yes", "openai", "gpt-realtime", REALTIME);
    ASSERT_MERGED_CAN("yes", "mistral", "speaks", SPEECH_GENERATION);
    ASSERT_MERGED_CAN("yes", "typist", "judge", JUDGMENT);
    ASSERT_MERGED_CAN("yes", "typist", "reader", OCR);
    ASSERT_MERGED_CAN("unknown", "openai", "gpt-x", TRANSCRIPTION);
    ASSERT(merged(&all, "openai", "gpt-x").capabilities.yes == 0);
    finish(&all);
    PASS();
}

TEST
a_source_that_denies_the_capability_is_heard(void)
{
    world all;

    start(&all);
    ADD(mistral, {"data": [{
        "id": "scribe", "name": "transcribe", "capabilities": {"completion_chat": true, "audio_transcription": false}
    }]});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_MERGED_TYPE("transcription", "mistral", "scribe");
    ASSERT_MERGED_CAN("no", "mistral", "scribe", TRANSCRIPTION);
    finish(&all);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(listings_that_say_what_a_model_is_for_deny_the_rest);
    RUN(servers_of_openais_format_say_what_only_continues_a_text);
    RUN(ids_of_models_that_only_continue_a_text);
    RUN(a_type_states_the_capability_that_it_is);
    RUN(a_source_that_denies_the_capability_is_heard);
    return REPORT("decide");
}
