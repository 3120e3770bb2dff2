/* DeepSeek: an id and nothing else. */
#include "answer.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT("https://api.deepseek.com/models|Authorization: Bearer deepseek_api_key",
                request_to(&rlm_source_deepseek, only_keys, NULL));
    PASS();
}

TEST
states_the_id_alone(void)
{
    READ(deepseek, {"object": "list", "data": [{"id": "deepseek-chat", "object": "model", "owned_by": "deepseek"}]});
    ASSERT_TEXT("deepseek-chat", model.id);
    ASSERT(model.metadata.length == 0 && model.prices.count == 0 && model.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(states_the_id_alone);
    answer_free();
    return REPORT("deepseek");
}
