/* Cohere: the request; what its rows state is in spec/sources/cohere_spec.rb. */
#include "stated.h"

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

TEST
states_what_applies_if_a_request_sets_nothing(void)
{
    READ(cohere, {"models": [{
        "name": "c", "features": ["tools", "logprobs"],
        "sampling_defaults": {"temperature": 0.3, "p": 0.75, "k": 0, "frequency_penalty": 0, "presence_penalty": 0.5}
    }]});
    ASSERT_BOUND("0.3", TEMPERATURE, DEFAULT);
    ASSERT_BOUND("0.75", TOP_P, DEFAULT);
    ASSERT_BOUND("0", TOP_K, DEFAULT);
    ASSERT_BOUND("0", FREQUENCY_PENALTY, DEFAULT);
    ASSERT_BOUND("0.5", PRESENCE_PENALTY, DEFAULT);
    ASSERT_PARAMETER("yes", LOGPROBS);
    ASSERT_JSON(model.metadata, {"features": ["tools", "logprobs"]});
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(survives_a_lack_of_memory);
    RUN(states_what_applies_if_a_request_sets_nothing);
    answer_free();
    return REPORT("cohere");
}
