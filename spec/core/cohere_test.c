/* Cohere: the request; what its rows state is in spec/sources/cohere_spec.rb. */
#include "answer.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT("https://api.cohere.com/v1/models?page_size=1000|Authorization: Bearer cohere_api_key",
                request_to(&rlm_source_cohere, only_keys, NULL));
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        cohere,
        JSON({"models": [{"name": "a", "endpoints": ["chat"], "features": ["tools"]}], "next_page_token": "b"}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("cohere");
}
