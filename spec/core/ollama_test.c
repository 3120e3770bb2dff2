/* Ollama: an id and a date, at an address that only the user knows. */
#include "answer.h"

TEST
has_no_address_unless_the_user_gives_one(void)
{
    ASSERT_TEXT("", request_to(&rlm_source_ollama, only_keys, NULL));
    PASS();
}

TEST
states_the_id_and_a_date(void)
{
    READ(ollama, {"data": [{"id": "qwen3:8b", "object": "model", "created": 1746500000, "owned_by": "library"}]});
    ASSERT_TEXT("qwen3:8b", model.id);
    ASSERT_SAID("2025-05-06T02:53:20Z", timestamp(model.created_at));
    ASSERT_JSON(model.metadata, {"owned_by": "library"});
    ASSERT_SAID("embedding",
                rlm_type_names[rlm_source_type_of_id(&rlm_source_ollama, RLM_SLICE("nomic-embed-text:latest"))]);
    PASS();
}

TEST
knows_no_year_one(void)
{
    READ(ollama, {"data": [{"id": "x", "created": -62135596800}]});
    ASSERT_SAID("unknown", timestamp(model.created_at));
    READ(ollama, {"object": "list", "data": null});
    ASSERT(model.id.length == 0);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(has_no_address_unless_the_user_gives_one);
    RUN(states_the_id_and_a_date);
    RUN(knows_no_year_one);
    answer_free();
    return REPORT("ollama");
}
