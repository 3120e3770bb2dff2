/* Anthropic: limits and capabilities, in newer rows and older ones. */
#include "answer.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT(
        "https://api.anthropic.com/v1/models?limit=1000|x-api-key: anthropic_api_key|anthropic-version: 2023-06-01",
        request_to(&rlm_source_anthropic, only_keys, NULL));
    PASS();
}

TEST
states_limits_and_capabilities(void)
{
    READ(anthropic, {
        "data": [{
            "type": "model", "id": "claude-x", "display_name": "Claude X", "created_at": "2025-11-24T00:00:00Z",
            "max_input_tokens": 200000, "max_tokens": 64000,
            "capabilities": {
                "batch": {"supported": true},
                "citations": {"supported": false},
                "code_execution": {"supported": true},
                "image_input": {"supported": true},
                "pdf_input": {"supported": false},
                "structured_outputs": {"supported": true},
                "thinking": {"supported": true, "types": {"adaptive": {"supported": true}}}
            }
        }],
        "has_more": false, "last_id": "claude-x"
    });
    ASSERT_TEXT("claude-x", model.id);
    ASSERT_TEXT("Claude X", model.name);
    ASSERT_SAID("2025-11-24T00:00:00Z", timestamp(model.created_at));
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 200000 && model.limits[RLM_LIMIT_OUTPUT] == 64000);
    ASSERT_CAPABILITY("yes", BATCH);
    ASSERT_CAPABILITY("no", CITATIONS);
    ASSERT_CAPABILITY("yes", STRUCTURED_OUTPUT);
    ASSERT_CAPABILITY("yes", REASONING);
    ASSERT_CAPABILITY("yes", VISION);
    ASSERT_CAPABILITY("unknown", FUNCTION_CALLING);
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_INPUT("no", PDF);
    ASSERT_TYPE("chat");
    ASSERT_INPUT("yes", TEXT);
    ASSERT_OUTPUT("yes", TEXT);
    ASSERT_JSON(model.metadata, {"capabilities": {
        "code_execution": {"supported": true},
        "thinking": {"types": {"adaptive": {"supported": true}}}
    }});
    PASS();
}

TEST
says_nothing_in_an_older_row(void)
{
    READ(anthropic, {"data": [{
        "type": "model", "id": "claude-y", "max_tokens": null, "capabilities": null,
        "created_at": "1970-01-01T00:00:00Z"
    }]});
    ASSERT_SAID("unknown", timestamp(model.created_at));
    ASSERT(model.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN && model.capabilities.yes == 0 && model.capabilities.no == 0);
    ASSERT_INPUT("unknown", IMAGE);
    ASSERT(model.metadata.length == 0);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(states_limits_and_capabilities);
    RUN(says_nothing_in_an_older_row);
    answer_free();
    return REPORT("anthropic");
}
