/*
 * Bedrock and Vertex AI: their requests, and what they make of whole answers. The rows are made by hand, in the
 * shapes of the documentation.
 */
#include "test.h"

#include "base/caps.h"
#include "block/sheet.h"

#include <string.h>

#define ASSERT_EQ(expected, actual) ASSERT((actual) == (expected))

static const char *region, *base, *location = "europe-west1";

static const char *
settings(void *context, const char *name)
{
    (void) context;
    if (strcmp(name, "bedrock_region") == 0) return region;
    if (strcmp(name, "bedrock_mantle_api_base") == 0) return base;
    if (strcmp(name, "vertexai_location") == 0) return location;
    if (strcmp(name, "bedrock_session_token") == 0) return NULL;
    return name;
}

/* The address of one listing's first page; "refused" when there is none. */
static rlm_slice
address(const rlm_source *source, int listing)
{
    static char text[1024];
    rlm_request request = {.setting = settings};
    rlm_error error;
    bool fine;

    rlm_error_clear(&error);
    fine =
        rlm_request_begin(&request, source, &source->listings[listing], NULL, (rlm_slice){NULL, 0}, &error) == RLM_OK;
    (void) snprintf(text, sizeof text, "%s", fine ? (const char *) request.url.bytes : "refused");
    rlm_request_free(&request);
    return rlm_slice_of(text);
}

TEST
asks_bedrock_in_its_region(void)
{
    region = "ap-south-1";
    base = NULL;
    ASSERT_TEXT("https://bedrock.ap-south-1.amazonaws.com/foundation-models", address(&rlm_source_bedrock, 0));
    ASSERT_TEXT("https://bedrock.ap-south-1.amazonaws.com/inference-profiles?maxResults=1000",
                address(&rlm_source_bedrock, 1));
    ASSERT_TEXT("https://bedrock-mantle.ap-south-1.api.aws/v1/models", address(&rlm_source_bedrock, 2));
    PASS();
}

TEST
takes_the_base_of_the_mantle_with_its_version_and_without(void)
{
    region = "us-east-1";
    base = "https://mantle.example/v1";
    ASSERT_TEXT("https://mantle.example/v1/models", address(&rlm_source_bedrock, 2));
    base = "https://mantle.example/";
    ASSERT_TEXT("https://mantle.example/v1/models", address(&rlm_source_bedrock, 2));
    base = NULL;
    PASS();
}

TEST
refuses_a_region_that_would_name_another_host(void)
{
    region = "evil.example/#";
    ASSERT_TEXT("refused", address(&rlm_source_bedrock, 0));
    location = "evil.example/";
    ASSERT_TEXT("refused", address(&rlm_source_vertexai, 0));
    location = "europe-west1";
    region = NULL;
    PASS();
}

TEST
asks_vertex_at_its_location(void)
{
    ASSERT_TEXT("https://europe-west1-aiplatform.googleapis.com/v1beta1/publishers/google/models?pageSize=100",
                address(&rlm_source_vertexai, 0));
    location = "global";
    ASSERT_TEXT("https://aiplatform.googleapis.com/v1beta1/publishers/zai-org/models?pageSize=100",
                address(&rlm_source_vertexai, 8));
    location = "europe-west1";
    PASS();
}

/* ---- The limits and ids of foundation models ---- */

static rlm_buffer sheet;
static rlm_record model;

/* Read an answer: `model` is its first model by id. */
static rlm_status
read_sheet(const char *slug, const char *json)
{
    static rlm_block block;
    rlm_error error;
    size_t rejected;
    rlm_status status;

    rlm_error_clear(&error);
    rlm_buffer_free(&sheet);
    rlm_buffer_init(&sheet, RLM_CAP_BLOCK);
    status = rlm_sheet_read(rlm_slice_of(slug), rlm_slice_of(json), 1, &sheet, &rejected, &error);
    if (status == RLM_OK) status = rlm_block_open(sheet.bytes, sheet.length, &block, &error);
    if (status == RLM_OK && block.count == 0) return RLM_BAD_ROW;
    if (status == RLM_OK) rlm_block_record(&block, 0, &model);
    return status;
}

static int64_t
window_of(const char *id, const char *stated)
{
    char json[512];

    (void) snprintf(json, sizeof json,
                    "{\"modelSummaries\":[{\"modelId\":\"%s\",\"description\":{\"maxContextWindow\":\"%s\"}}]}", id,
                    stated);
    return read_sheet("bedrock", json) == RLM_OK ? model.limits[RLM_LIMIT_CONTEXT] : -2;
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
    ASSERT_EQ(64000, window_of("amazon.nova-v1:0:20k", "64K")); /* what is stated speaks before it */
    PASS();
}

TEST
prefixes_what_only_a_profile_serves(void)
{
    ASSERT_STATUS(
        RLM_OK,
        read_sheet("bedrock",
                   "{\"modelSummaries\":[{\"modelId\":\"a.b\",\"inferenceTypesSupported\":[\"INFERENCE_PROFILE\"]}]}"));
    ASSERT_TEXT("us.a.b", model.id);
    ASSERT_STATUS(
        RLM_OK,
        read_sheet(
            "bedrock",
            "{\"modelSummaries\":[{\"modelId\":\"eu.a.b\",\"inferenceTypesSupported\":[\"INFERENCE_PROFILE\"]}]}"));
    ASSERT_TEXT("us.a.b", model.id);
    ASSERT_STATUS(RLM_OK, read_sheet("bedrock", "{\"modelSummaries\":[{\"modelId\":\"a.b\",\"inferenceTypesSupported\":"
                                                "[\"ON_DEMAND\",\"INFERENCE_PROFILE\"]}]}"));
    ASSERT_TEXT("a.b", model.id);
    PASS();
}

TEST
names_a_model_as_a_service_with_its_publisher(void)
{
    ASSERT_STATUS(
        RLM_OK,
        read_sheet(
            "vertexai",
            "{\"publisherModels\":[{\"name\":\"publishers/meta/models/llama-9-maas\",\"launchStage\":\"GA\"}]}"));
    ASSERT_TEXT("meta/llama-9-maas", model.id);
    ASSERT_EQ(RLM_MODEL_STATUS_ACTIVE, model.status);
    ASSERT_STATUS(RLM_BAD_ROW,
                  read_sheet("vertexai", "{\"publisherModels\":[{\"name\":\"publishers/meta/models/llama-9\"}]}"));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(asks_bedrock_in_its_region);
    RUN(takes_the_base_of_the_mantle_with_its_version_and_without);
    RUN(refuses_a_region_that_would_name_another_host);
    RUN(asks_vertex_at_its_location);
    RUN(reads_limits_written_for_people);
    RUN(takes_no_limit_from_what_is_none);
    RUN(reads_the_size_at_the_end_of_an_id);
    RUN(prefixes_what_only_a_profile_serves);
    RUN(names_a_model_as_a_service_with_its_publisher);
    rlm_buffer_free(&sheet);
    return REPORT("cloud sources");
}
