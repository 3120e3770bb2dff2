/* LiteLLM: where it is asked, and what its deployments have in common. */
#include "answer.h"
#include "parsed.h"
#include "sources/rows.h"
#include "told.h"

static rlm_arena arena;

/* A row of /model/info. */
static rlm_status
read_deployment(const char *json)
{
    rlm_error error;

    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_record_init(&model, &arena, RLM_SLICE("acme"));
    return rlm_source_litellm.listings[1].read_row(parsed(json), &model, &error);
}

static rlm_slice
url(int listing, const char *base_url)
{
    static char text[256];
    rlm_request request = {.setting = only_keys};
    rlm_error error;

    text[0] = '\0';
    if (rlm_request_begin(&request, &rlm_source_litellm, &rlm_source_litellm.listings[listing], base_url,
                          (rlm_slice){NULL, 0}, &error) == RLM_OK)
        (void) snprintf(text, sizeof text, "%s", (const char *) request.url.bytes);
    rlm_request_free(&request);
    return rlm_slice_of(text);
}

TEST
is_asked_with_and_without_a_version(void)
{
    ASSERT_TEXT("https://proxy/v1/models|Authorization: Bearer litellm_api_key",
                request_to(&rlm_source_litellm, only_keys, "https://proxy/v1"));
    ASSERT_TEXT("http://proxy:4000/models", url(0, "http://proxy:4000"));
    ASSERT_TEXT("http://proxy:4000/model/info", url(1, "http://proxy:4000/"));
    ASSERT_TEXT("http://proxy:4000/v1/model/info", url(1, "http://proxy:4000/v1"));
    ASSERT_TEXT("http://proxy:4000/v1/model/info", url(1, "http://proxy:4000/v1/models"));
    ASSERT_TEXT("", request_to(&rlm_source_litellm, only_keys, NULL));
    PASS();
}

/* The same date and owner for all. */
TEST
takes_only_the_names_of_the_first_list(void)
{
    READ(litellm, {"data": [{"id": "a", "object": "model", "created": 1677610602, "owned_by": "openai"}]});
    ASSERT_TEXT("-", told(&model));
    ASSERT_SAID("embedding", type_of_id(&rlm_source_litellm, "acme/A-Embed"));
    PASS();
}

/* clang-format off */
TEST
states_what_the_proxy_knows_of_a_deployment(void)
{
    ASSERT_STATUS(RLM_OK, read_deployment(JSON({
        "model_name": "a", "litellm_params": {"model": "azure/a", "api_base": "https://eu.acme.example", "rpm": 6},
        "model_info": {
            "id": "e889", "db_model": false, "created_by": "ann@acme.example", "team_id": "t-1", "key": "azure/a",
            "litellm_provider": "azure", "mode": "chat", "max_tokens": 16384, "max_input_tokens": 128000,
            "max_output_tokens": 16384, "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05,
            "cache_read_input_token_cost": 1.25e-06, "cache_creation_input_token_cost": null,
            "input_cost_per_token_batches": 1.25e-06, "input_cost_per_audio_token": 0,
            "input_cost_per_token_above_200k_tokens": 5e-06, "output_cost_per_token_above_200k_tokens": null,
            "cache_read_input_token_cost_above_200k_tokens": 0, "input_cost_per_token_priority": 5e-06,
            "output_cost_per_image": 0.04, "output_cost_per_token_above_1hr": 7, "deprecation_date": "2027-01-31",
            "supports_function_calling": true, "supports_vision": false, "supports_audio_output": null,
            "supports_system_messages": true, "supported_modalities": ["text", "audio"],
            "supported_output_modalities": ["text"], "supported_openai_params": ["tools", "response_format"]
        }
    })));
    ASSERT_TEXT("chat; input 128000; output 16384; takes text audio; gives text; can function_calling json_mode; "
                "cannot vision; price input* 2.5; price input* above 200000 5; price input* batch 1.25; price input* "
                "priority 5; price output 10; price cache_read* 1.25; retires 2027-01-31; accepts system_messages; "
                "rest {\"model_info\":{\"key\":\"azure/a\",\"litellm_provider\":\"azure\","
                "\"output_cost_per_image\":0.04,\"output_cost_per_token_above_1hr\":7,"
                "\"supported_openai_params\":[\"tools\",\"response_format\"]}}",
                told(&model));
    PASS();
}

TEST
states_nothing_of_what_it_does_not_know(void)
{
    static const char *const rows[] = {
        JSON({"model_name": "a", "model_info": {"input_cost_per_token": 0, "output_cost_per_token": 0.0}}),
        JSON({"model_name": "a", "model_info": null}), JSON({"model_name": "a", "litellm_params": "sk-secret"}),
        JSON({"model_name": "a", "model_info": {"input_cost_per_token": null, "mode": null, "max_input_tokens": null}}),
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ASSERT_STATUS(RLM_OK, read_deployment(rows[i]));
        ASSERT_TEXT("-", told(&model));
    }
    ASSERT_STATUS(RLM_LEFT_OUT, read_deployment(JSON({"model_name": "openai/*", "model_info": {}})));
    ASSERT_STATUS(RLM_BAD_ROW, read_deployment(JSON({"id": "a", "model_info": {}})));
    ASSERT_STATUS(RLM_OK, read_deployment(JSON({"model_name": "a", "model_info": {"input_cost_per_token": "x"}})));
    ASSERT(model.prices.count == 0 && model.unread_price.length > 0);
    PASS();
}
/* clang-format on */

/* ---- The deployments of one name ---- */

#define DEPLOYMENTS 4
static rlm_record deployments[DEPLOYMENTS];
static rlm_arena together;

/* All that is stated of "a" by these rows of /model/info, once they have been completed; the arena lives until the next
 * call. */
static rlm_status
complete(const char *const *rows, size_t count)
{
    rlm_rows all;
    rlm_error error;
    rlm_status status = RLM_OK;
    size_t listed;

    rlm_arena_free(&together);
    rlm_arena_init(&together, RLM_CAP_SOURCE);
    rlm_rows_init(&all, &rlm_source_litellm, &rlm_source_litellm.listings[1], &together);
    for (size_t i = 0; i < count && status == RLM_OK; i++) {
        rlm_value *row = parsed(rows[i]);

        status = row == NULL ? RLM_OUT_OF_MEMORY : rlm_rows_add(&all, (rlm_slice){NULL, 0}, row, &error);
    }
    if (status == RLM_OK) status = rlm_rows_complete(&all, NULL, &listed, &error);
    if (status == RLM_OK) memcpy(deployments, all.records, all.count * sizeof *deployments);
    rlm_rows_free(&all);
    return status;
}

/* clang-format off */
static const char *const different[DEPLOYMENTS] = {
    JSON({"model_name": "a", "model_info": {
        "max_input_tokens": 128000, "max_output_tokens": 4096, "supports_vision": true, "supports_tool_choice": true,
        "input_cost_per_token": 0.000001}}),
    JSON({"model_name": "b", "model_info": {"max_input_tokens": 64000, "input_cost_per_token": 0.000003}}),
    JSON({"model_name": "a", "model_info": {
        "max_input_tokens": 32000, "supports_vision": false, "input_cost_per_token": 0.000002}}),
    JSON({"model_name": "a", "model_info": {"max_input_tokens": 200000, "input_cost_per_token": 0.000001}}),
};
/* clang-format on */

TEST
a_name_states_what_holds_for_each_of_its_deployments(void)
{
    static const char *const expected = "-; input 32000; output 4096; takes no image; can tool_choice; cannot vision";

    ASSERT_STATUS(RLM_OK, complete(different, DEPLOYMENTS));
    ASSERT_TEXT(expected, told(&deployments[0]));
    ASSERT_TEXT("-; input 64000; price input* 3", told(&deployments[1]));
    ASSERT_TEXT("-; input 32000; output 4096; takes no image; cannot vision", told(&deployments[2]));
    ASSERT_TEXT("-; input 32000; output 4096; takes no image; cannot vision", told(&deployments[3]));
    PASS();
}

TEST
deployments_of_one_price_keep_it(void)
{
    static const char *const rows[] = {
        JSON({"model_name": "a", "model_info": {"input_cost_per_token": 1e-06, "max_input_tokens": 1000}}),
              JSON({"model_name": "a", "model_info": {"input_cost_per_token": 0.0000010}}),
              };

    ASSERT_STATUS(RLM_OK, complete(rows, 2));
    ASSERT_TEXT("-; input 1000; price input* 1", told(&deployments[0]));
    ASSERT_TEXT("-; input 1000; price input* 1", told(&deployments[1]));
    PASS();
}

/* clang-format off */
TEST
what_one_deployment_cannot_the_name_cannot(void)
{
    static const char *const rows[] = {
        JSON({"model_name": "a", "model_info": {
            "supports_system_messages": true, "supports_xhigh_reasoning_effort": true, "output_vector_size": 256}}),
        JSON({"model_name": "a", "model_info": {
            "supports_system_messages": false, "supports_xhigh_reasoning_effort": false, "output_vector_size": 512}}),
    };

    ASSERT_STATUS(RLM_OK, complete(rows, 2));
    ASSERT_TEXT("-; accepts no system_messages; no efforts xhigh", told(&deployments[0]));
    ASSERT_TEXT("-; accepts no system_messages; no efforts xhigh", told(&deployments[1]));
    PASS();
}
/* clang-format on */

static rlm_status
complete_different(void *context)
{
    (void) context;
    return complete(different, DEPLOYMENTS);
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(litellm, JSON({"data": [{"id": "a", "created": 1760000000}]}));
    ASSERT_SURVIVES_TORTURE(complete_different, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_and_without_a_version);
    RUN(takes_only_the_names_of_the_first_list);
    RUN(states_what_the_proxy_knows_of_a_deployment);
    RUN(states_nothing_of_what_it_does_not_know);
    RUN(a_name_states_what_holds_for_each_of_its_deployments);
    RUN(deployments_of_one_price_keep_it);
    RUN(what_one_deployment_cannot_the_name_cannot);
    RUN(survives_a_lack_of_memory);
    rlm_arena_free(&arena);
    rlm_arena_free(&together);
    parsed_free();
    answer_free();
    return REPORT("litellm");
}
