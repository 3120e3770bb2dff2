/*
 * What no answer over HTTP can show of Azure, Cohere, Perplexity, Ollama's cloud, GPUStack and Hetzner: the addresses
 * that are asked when nobody set another, hosts that take a key as a token, and the order of words that contradict one
 * another. The rest is in spec/sources.
 */
#include "test.h"

#include "base/caps.h"
#include "block/sheet.h"
#include "request_text.h"
#include "json/json.h"

#include <string.h>

static const char *azure_key = "key", *azure_token = NULL;

static const char *
setting(void *context, const char *name)
{
    (void) context;
    if (strcmp(name, "azure_api_key") == 0) return azure_key;
    if (strcmp(name, "azure_ai_auth_token") == 0) return azure_token;
    return strstr(name, "_api_key") != NULL ? name : NULL;
}

TEST
asks_each_api_in_its_own_way(void)
{
    ASSERT_TEXT("https://api.cohere.com/v1/models?page_size=1000|Authorization: Bearer cohere_api_key",
                request_to(&rlm_source_cohere, setting, NULL));
    ASSERT_TEXT("https://api.perplexity.ai/v1/models|Authorization: Bearer perplexity_api_key",
                request_to(&rlm_source_perplexity, setting, NULL));
    ASSERT_TEXT("https://ollama.com/v1/models|Authorization: Bearer ollama_cloud_api_key",
                request_to(&rlm_source_ollama_cloud, setting, NULL));
    ASSERT_TEXT("https://inference.hetzner.com/api/v1/models|Authorization: Bearer hetzner_api_key",
                request_to(&rlm_source_hetzner, setting, NULL));
    ASSERT_TEXT("", request_to(&rlm_source_gpustack, setting, NULL)); /* only the user knows where they are */
    ASSERT_TEXT("", request_to(&rlm_source_azure, setting, NULL));
    PASS();
}

TEST
azure_takes_the_key_as_a_token_at_some_hosts(void)
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
azure_leaves_hosts_and_other_names_alone(void)
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

/* ---- Answers ---- */

/* The sheet that a source's first listing gives. */
static rlm_status
sheet_of(const char *slug, const char *json)
{
    rlm_buffer sheet;
    size_t rejected;
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    rlm_buffer_init(&sheet, RLM_CAP_BLOCK);
    status = rlm_sheet_read(rlm_slice_of(slug), rlm_slice_of(json), 1000, &sheet, &rejected, &error);
    rlm_buffer_free(&sheet);
    return status;
}

static rlm_status
read_all(void *unused)
{
    (void) unused;
    RLM_TRY(sheet_of("azure",
                     "{\"data\":[{\"id\":\"a\",\"lifecycle_status\":\"preview\",\"deprecation\":{\"inference\":1}}]}"));
    RLM_TRY(sheet_of(
        "cohere",
        "{\"models\":[{\"name\":\"a\",\"endpoints\":[\"chat\"],\"features\":[\"tools\"]}],\"next_page_token\":\"b\"}"));
    RLM_TRY(sheet_of("perplexity",
                     "{\"data\":[{\"id\":\"a/b\",\"pricing\":{\"input\":1,\"unit\":\"usd_per_1m_tokens\"}}]}"));
    RLM_TRY(sheet_of("hetzner", "{\"data\":[{\"id\":\"a\",\"created\":1760000000}]}"));
    RLM_TRY(sheet_of("ollama_cloud", "{\"data\":[{\"id\":\"a\",\"created\":1760000000,\"size\":1}]}"));
    return sheet_of("gpustack", "{\"data\":[{\"id\":\"a\",\"meta\":{\"n_ctx\":1}}]}");
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(read_all, NULL);
    PASS();
}

/* A page number that cannot be the next one ends the listing. */
TEST
gpustack_counts_pages(void)
{
    static const struct {
        const char *envelope, *page;
    } cases[] = {
        {"{\"pagination\":{\"page\":1,\"totalPage\":2}}", "2"},
        {"{\"pagination\":{\"page\":2,\"totalPage\":2}}", ""},
        {"{\"pagination\":{\"page\":0,\"totalPage\":2}}", ""},
        {"{\"pagination\":{\"page\":\"x\"}}", ""},
        {"{\"pagination\":null}", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const rlm_json_rows rows = {.rows = NULL};
        rlm_json *json;
        rlm_value *envelope;
        rlm_error error;
        bool found;

        ASSERT_STATUS(RLM_OK, rlm_json_open(&rows, &json));
        ASSERT_STATUS(RLM_OK, rlm_json_feed(json, cases[i].envelope, strlen(cases[i].envelope), &error));
        ASSERT_STATUS(RLM_OK, rlm_json_finish(json, &envelope, &found, &error));
        ASSERT_TEXT(cases[i].page, rlm_source_gpustack.listings[7].next_page(envelope));
        rlm_json_free(json);
    }
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(asks_each_api_in_its_own_way);
    RUN(azure_takes_the_key_as_a_token_at_some_hosts);
    RUN(azure_leaves_hosts_and_other_names_alone);
    RUN(survives_a_lack_of_memory);
    RUN(gpustack_counts_pages);
    return REPORT("azure, cohere, perplexity, ollama_cloud, gpustack, hetzner");
}
