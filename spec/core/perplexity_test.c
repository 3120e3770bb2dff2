/* Perplexity: the request; what its rows state is in spec/sources/perplexity_spec.rb. */
#include "answer.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT("https://api.perplexity.ai/v1/models|Authorization: Bearer perplexity_api_key",
                request_to(&rlm_source_perplexity, only_keys, NULL));
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        perplexity, JSON({"data": [{"id": "a/b", "pricing": {"input": 1, "unit": "usd_per_1m_tokens"}}]}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("perplexity");
}
