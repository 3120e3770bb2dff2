/* Vertex AI: addresses by location, and ids with their publisher. */
#include "answer.h"

static const char *location = "europe-west1";

static const char *
settings(void *context, const char *name)
{
    (void) context;
    if (strcmp(name, "vertexai_location") == 0) return location;
    return name;
}

TEST
asks_vertex_at_its_location(void)
{
    ASSERT_TEXT("https://europe-west1-aiplatform.googleapis.com/v1beta1/publishers/google/models?pageSize=100",
                url_of(&rlm_source_vertexai, 0, settings));
    location = "global";
    ASSERT_TEXT("https://aiplatform.googleapis.com/v1beta1/publishers/zai-org/models?pageSize=100",
                url_of(&rlm_source_vertexai, 8, settings));
    location = "europe-west1";
    PASS();
}

TEST
refuses_a_location_that_would_name_another_host(void)
{
    location = "evil.example/";
    ASSERT_TEXT("refused", url_of(&rlm_source_vertexai, 0, settings));
    location = "europe-west1";
    PASS();
}

TEST
names_a_model_as_a_service_with_its_publisher(void)
{
    READ_SHEET(vertexai,
               {"publisherModels" : [ {"name" : "publishers/meta/models/llama-9-maas", "launchStage" : "GA"} ]});
    ASSERT(find("meta/llama-9-maas") && model.status == RLM_MODEL_STATUS_ACTIVE);
    READ_SHEET(vertexai, {"publisherModels": [{"name": "publishers/meta/models/llama-9"}]});
    ASSERT(sheet.count == 0);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(asks_vertex_at_its_location);
    RUN(refuses_a_location_that_would_name_another_host);
    RUN(names_a_model_as_a_service_with_its_publisher);
    answer_free();
    return REPORT("vertexai");
}
