/* Bedrock: addresses by region, limits that are written for people, and ids. */
#include "stated.h"
#include "world.h"

#define ASSERT_EQ(expected, actual) ASSERT((actual) == (expected))

static const char *region, *base;

static const char *
settings(void *context, const char *name)
{
    (void) context;
    if (strcmp(name, "bedrock_region") == 0) return region;
    if (strcmp(name, "bedrock_mantle_api_base") == 0) return base;
    if (strcmp(name, "bedrock_session_token") == 0) return NULL;
    return name;
}

TEST
asks_bedrock_in_its_region(void)
{
    region = "ap-south-1";
    base = NULL;
    ASSERT_TEXT("https://bedrock.ap-south-1.amazonaws.com/foundation-models", url_of(&rlm_source_bedrock, 0, settings));
    ASSERT_TEXT("https://bedrock.ap-south-1.amazonaws.com/inference-profiles?maxResults=1000",
                url_of(&rlm_source_bedrock, 1, settings));
    ASSERT_TEXT("https://bedrock-mantle.ap-south-1.api.aws/v1/models", url_of(&rlm_source_bedrock, 2, settings));
    PASS();
}

TEST
takes_the_base_of_the_mantle_with_its_version_and_without(void)
{
    region = "us-east-1";
    base = "https://mantle.example/v1";
    ASSERT_TEXT("https://mantle.example/v1/models", url_of(&rlm_source_bedrock, 2, settings));
    base = "https://mantle.example/";
    ASSERT_TEXT("https://mantle.example/v1/models", url_of(&rlm_source_bedrock, 2, settings));
    base = NULL;
    PASS();
}

TEST
refuses_a_region_that_would_name_another_host(void)
{
    region = "evil.example/#";
    ASSERT_TEXT("refused", url_of(&rlm_source_bedrock, 0, settings));
    region = NULL;
    PASS();
}

/* ---- The limits and ids of foundation models ---- */

/* `model` is the first one by id. */
static rlm_status
read_first(const char *json)
{
    RLM_TRY(read_sheet("bedrock", json));
    if (sheet.count == 0) return RLM_BAD_ROW;
    rlm_block_record(&sheet, 0, &model);
    return RLM_OK;
}

static int64_t
window_of(const char *id, const char *stated)
{
    static const char row[] = JSON({"modelSummaries": [{"modelId": "%s", "description": {"maxContextWindow": "%s"}}]});
    char json[512];

    (void) snprintf(json, sizeof json, row, id, stated);
    return read_first(json) == RLM_OK ? model.limits[RLM_LIMIT_CONTEXT] : -2;
}

TEST
reads_limits_written_for_people(void)
{
    ASSERT_EQ(200000, window_of("a.b", "200K"));
    ASSERT_EQ(200000, window_of("a.b", "200k"));
    ASSERT_EQ(1000000, window_of("a.b", "1M"));
    ASSERT_EQ(1500000, window_of("a.b", "1.5M"));
    ASSERT_EQ(128000, window_of("a.b", "128000"));
    ASSERT_EQ(163840, window_of("a.b", "163,840"));
    ASSERT_EQ(1048576, window_of("a.b", "1,048,576"));
    PASS();
}

TEST
takes_no_limit_from_what_is_none(void)
{
    static const char *const none[] = {"",    "K",        "1,5M", "1,23", ",500",     "1234,567",
                                       "1.5", "about 8K", "-8K",  "0",    "8K tokens"};

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) ASSERT_EQ(RLM_UNKNOWN, window_of("a.b", none[i]));
    PASS();
}

TEST
reads_the_size_at_the_end_of_an_id(void)
{
    ASSERT_EQ(20000, window_of("amazon.nova-v1:0:20k", ""));
    ASSERT_EQ(512, window_of("cohere.embed-v3:0:512", ""));
    ASSERT_EQ(RLM_UNKNOWN, window_of("amazon.nova-v1:0:mm", ""));
    ASSERT_EQ(RLM_UNKNOWN, window_of("amazon.nova-v1:0", ""));
    ASSERT_EQ(64000, window_of("amazon.nova-v1:0:20k", "64K")); /* what is stated comes before it */
    PASS();
}

TEST
prefixes_what_only_a_profile_serves(void)
{
    READ_SHEET(bedrock,
               {"modelSummaries" : [ {"modelId" : "a.b", "inferenceTypesSupported" : ["INFERENCE_PROFILE"]} ]});
    ASSERT(sheet.count == 1 && find("us.a.b"));
    READ_SHEET(bedrock,
               {"modelSummaries" : [ {"modelId" : "eu.a.b", "inferenceTypesSupported" : ["INFERENCE_PROFILE"]} ]});
    ASSERT(sheet.count == 1 && find("us.a.b"));
    READ_SHEET(
        bedrock,
        {"modelSummaries" : [ {"modelId" : "a.b", "inferenceTypesSupported" : [ "ON_DEMAND", "INFERENCE_PROFILE" ]} ]});
    ASSERT(sheet.count == 1 && find("a.b"));
    PASS();
}

TEST
says_that_the_size_is_read_from_the_id(void)
{
    world all;

    start(&all);
    ADD(bedrock, {"modelSummaries": [
        {"modelId": "acme.sized-v1:0:20k", "inferenceTypesSupported": ["PROVISIONED"], "outputModalities": ["TEXT"]},
        {"modelId": "acme.sized-v1:0:1m", "inferenceTypesSupported": ["PROVISIONED"], "outputModalities": ["TEXT"]},
        {"modelId": "acme.sized-v1:0:mm", "inferenceTypesSupported": ["PROVISIONED"], "outputModalities": ["TEXT"]},
        {"modelId": "acme.told-v1:0:8k", "description": {"maxContextWindow": "9K"}}
    ]});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "bedrock", "acme.sized-v1:0:20k").limits[RLM_LIMIT_CONTEXT] == 20000);
    ASSERT(says(merged(&all, "bedrock", "acme.sized-v1:0:20k"), RLM_FIELD_CONTEXT_WINDOW, RLM_ORIGIN_ID));
    ASSERT(merged(&all, "bedrock", "acme.sized-v1:0:1m").limits[RLM_LIMIT_CONTEXT] == 1000000);
    ASSERT(merged(&all, "bedrock", "acme.sized-v1:0:mm").limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT(merged(&all, "bedrock", "acme.told-v1:0:8k").limits[RLM_LIMIT_CONTEXT] == 9000);
    ASSERT(says(merged(&all, "bedrock", "acme.told-v1:0:8k"), RLM_FIELD_CONTEXT_WINDOW, "bedrock"));
    finish(&all);
    PASS();
}

TEST
states_the_life_of_a_model(void)
{
    READ(bedrock, {"modelSummaries": [{
        "modelId": "acme.a-v1:0", "converse": {"systemRoleSupported": false},
        "modelLifecycle": {
            "status": "LEGACY", "startOfLifeTime": "2025-01-02T00:00:00Z", "legacyTime": "2026-03-04T00:00:00Z",
            "publicExtendedAccessTime": "2026-06-01T00:00:00Z", "endOfLifeTime": "2026-09-10T00:00:00Z"
        }
    }]});
    ASSERT_SAID("deprecated", rlm_model_status_names[model.status]);
    ASSERT_SAID("2025-01-02T00:00:00Z", timestamp(model.created_at));
    ASSERT_SAID("2026-03-04T00:00:00Z", timestamp(model.deprecated_at));
    ASSERT_SAID("2026-09-10T00:00:00Z", timestamp(model.retires_at));
    ASSERT_TRAIT("no", FIXED_RETIREMENT);
    ASSERT_PARAMETER("no", SYSTEM_MESSAGES);
    ASSERT_JSON(model.metadata, {"modelLifecycle": {"publicExtendedAccessTime": "2026-06-01T00:00:00Z"}});
    READ(bedrock, {"modelSummaries": [{"modelId": "acme.b-v1:0", "modelLifecycle": {"status": "ACTIVE"}}]});
    ASSERT_TRAIT("unknown", FIXED_RETIREMENT);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(asks_bedrock_in_its_region);
    RUN(takes_the_base_of_the_mantle_with_its_version_and_without);
    RUN(refuses_a_region_that_would_name_another_host);
    RUN(reads_limits_written_for_people);
    RUN(takes_no_limit_from_what_is_none);
    RUN(reads_the_size_at_the_end_of_an_id);
    RUN(prefixes_what_only_a_profile_serves);
    RUN(says_that_the_size_is_read_from_the_id);
    RUN(states_the_life_of_a_model);
    answer_free();
    return REPORT("bedrock");
}
