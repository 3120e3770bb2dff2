/* Hetzner: the request and the facts of a row. */
#include "answer.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT("https://inference.hetzner.com/api/v1/models|Authorization: Bearer hetzner_api_key",
                request_to(&rlm_source_hetzner, only_keys, NULL));
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(hetzner, JSON({"data": [{"id": "a", "created": 1760000000}]}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("hetzner");
}
