/* OpenAI: ids, dates and what an id tells about the type. */
#include "answer.h"

static const char *
setting(void *context, const char *name)
{
    return strcmp(name, "openai_organization_id") == 0 ? "org-1" : only_keys(context, name);
}

TEST
is_asked_with_its_key_and_organization(void)
{
    ASSERT_TEXT("https://api.openai.com/v1/models|Authorization: Bearer openai_api_key|OpenAI-Organization: org-1",
                request_to(&rlm_source_openai, setting, NULL));
    PASS();
}

TEST
states_an_id_and_dates(void)
{
    READ(openai, {
        "object": "list",
        "data": [{
            "id": "gpt-4.1", "object": "model", "created": 1744316542, "owned_by": "system",
            "shutdown_date": "2026-10-23"
        }]
    });
    ASSERT_TEXT("gpt-4.1", model.id);
    ASSERT_TEXT("openai", model.provider);
    ASSERT_SAID("2025-04-10T20:22:22Z", timestamp(model.created_at));
    ASSERT_SAID("2026-10-23", timestamp(model.retires_at));
    ASSERT_JSON(model.metadata, {"owned_by": "system"});
    ASSERT(model.name.length == 0 && model.prices.count == 0 && model.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT(model.type == RLM_TYPE_UNKNOWN && model.capabilities.yes == 0 && model.capabilities.no == 0);
    PASS();
}

TEST
ids_tell_types(void)
{
    ASSERT_SAID("embedding", type_of_id(&rlm_source_openai, "text-embedding-3-small"));
    ASSERT_SAID("moderation", type_of_id(&rlm_source_openai, "omni-moderation-latest"));
    ASSERT_SAID("transcription", type_of_id(&rlm_source_openai, "gpt-4o-mini-transcribe"));
    ASSERT_SAID("transcription", type_of_id(&rlm_source_openai, "whisper-1"));
    ASSERT_SAID("audio", type_of_id(&rlm_source_openai, "gpt-4o-mini-tts"));
    ASSERT_SAID("realtime", type_of_id(&rlm_source_openai, "gpt-4o-realtime-preview"));
    ASSERT_SAID("image", type_of_id(&rlm_source_openai, "chatgpt-image-latest"));
    ASSERT_SAID("image", type_of_id(&rlm_source_openai, "dall-e-3"));
    ASSERT_SAID("video", type_of_id(&rlm_source_openai, "sora-2"));
    ASSERT_SAID("", type_of_id(&rlm_source_openai, "gpt-4.1"));
    PASS();
}

TEST
needs_an_id(void)
{
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_openai, JSON({"data": [{"created": 1744316542}]})));
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_openai, JSON({"data": [{"id": 12}]})));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key_and_organization);
    RUN(states_an_id_and_dates);
    RUN(ids_tell_types);
    RUN(needs_an_id);
    answer_free();
    return REPORT("openai");
}
