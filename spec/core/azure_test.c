/* Azure: addresses, hosts that take the key as a token, and deployments that deny chat. */
#include "answer.h"
#include "world.h"

static const char *azure_key = "key", *azure_token = NULL;

static const char *
setting(void *context, const char *name)
{
    (void) context;
    if (strcmp(name, "azure_api_key") == 0) return azure_key;
    if (strcmp(name, "azure_ai_auth_token") == 0) return azure_token;
    return NULL;
}

TEST
has_no_address_unless_the_user_gives_one(void)
{
    ASSERT_TEXT("", request_to(&rlm_source_azure, setting, NULL));
    PASS();
}

TEST
takes_the_key_as_a_token_at_some_hosts(void)
{
    ASSERT_TEXT(
        "https://acme.eastus.Models.ai.azure.com/openai/v1/models?api-version=preview|Authorization: Bearer key",
        request_to(&rlm_source_azure, setting, "https://acme.eastus.Models.ai.azure.com"));
    ASSERT_TEXT(
        "https://u:p@acme.models.ai.azure.com:443/openai/v1/models?api-version=preview|Authorization: Bearer key",
        request_to(&rlm_source_azure, setting, "https://u:p@acme.models.ai.azure.com:443/"));
    ASSERT_TEXT("https://acme.example/.models.ai.azure.com/openai/v1/models?api-version=preview|api-key: key",
                request_to(&rlm_source_azure, setting, "https://acme.example/.models.ai.azure.com"));
    azure_token = "token";
    ASSERT_TEXT("https://acme.example/openai/v1/models?api-version=preview|api-key: key",
                request_to(&rlm_source_azure, setting, "https://acme.example"));
    azure_key = NULL;
    ASSERT_TEXT("https://acme.example/openai/v1/models?api-version=preview|Authorization: Bearer token",
                request_to(&rlm_source_azure, setting, "https://acme.example"));
    azure_key = "key";
    azure_token = NULL;
    PASS();
}

TEST
leaves_hosts_and_other_names_alone(void)
{
    ASSERT_TEXT("https://models/openai/v1/models?api-version=preview|api-key: key",
                request_to(&rlm_source_azure, setting, "https://models"));
    ASSERT_TEXT("https://acme.example/models-of-ours/openai/v1/models?api-version=preview|api-key: key",
                request_to(&rlm_source_azure, setting, "https://acme.example/models-of-ours"));
    ASSERT_TEXT("https://acme.example/gateway/openai/v1/models?api-version=1%202|api-key: key",
                request_to(&rlm_source_azure, setting,
                           "https://acme.example/gateway/openai/v1//?xapi-version=0&api-version=1%202&api-version=3"));
    ASSERT_TEXT("https://acme.example/openai/v1/models?api-version=preview|api-key: key",
                request_to(&rlm_source_azure, setting, "https://acme.example/openai/v1/chat/completions?api-version="));
    PASS();
}

TEST
deployments_that_deny_chat_do_not_chat(void)
{
    world all;

    start(&all);
    ADD(azure, {"data": [
        {
            "id": "none",
            "capabilities": {"chat_completion": false, "completion": false, "embeddings": false, "inference": true}
        },
        {"id": "whisper-none", "capabilities": {"chat_completion": false, "completion": false, "embeddings": false}},
        {"id": "painted", "capabilities": {"chat_completion": false, "completion": false, "embeddings": false}},
        {"id": "old", "capabilities": {"chat_completion": false, "completion": true}},
        {"id": "both", "capabilities": {"chat_completion": true, "completion": true}},
        {"id": "vectors", "capabilities": {"chat_completion": false, "embeddings": true, "completion": true}},
        {"id": "silent", "capabilities": {"inference": true}}
    ]});
    ADD(models_dev, {"azure": {"models": {
        "none": {"modalities": {"input": ["text"], "output": ["text"]}},
        "painted": {"modalities": {"input": ["text"], "output": ["image"]}}
    }}});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_MERGED_TYPE("other", "azure", "none"); /* whatever models.dev makes of its output */
    ASSERT(says(merged(&all, "azure", "none"), RLM_FIELD_TYPE, "azure"));
    ASSERT_MERGED_TYPE("transcription", "azure", "whisper-none");
    ASSERT_MERGED_TYPE("image", "azure", "painted");
    ASSERT_MERGED_TYPE("completion", "azure", "old");
    ASSERT_MERGED_TYPE("chat", "azure", "both");
    ASSERT_MERGED_TYPE("embedding", "azure", "vectors");
    ASSERT_MERGED_TYPE("chat", "azure", "silent"); /* nothing denies it */
    finish(&all);
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        azure, JSON({"data": [{"id": "a", "lifecycle_status": "preview", "deprecation": {"inference": 1}}]}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(has_no_address_unless_the_user_gives_one);
    RUN(takes_the_key_as_a_token_at_some_hosts);
    RUN(leaves_hosts_and_other_names_alone);
    RUN(deployments_that_deny_chat_do_not_chat);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("azure");
}
