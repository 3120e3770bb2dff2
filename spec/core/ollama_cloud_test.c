/* Ollama's cloud: the request and the facts of a row. */
#include "answer.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT("https://ollama.com/v1/models|Authorization: Bearer ollama_cloud_api_key",
                request_to(&rlm_source_ollama_cloud, only_keys, NULL));
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(ollama_cloud, JSON({"data": [{"id": "a", "created": 1760000000, "size": 1}]}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("ollama_cloud");
}
