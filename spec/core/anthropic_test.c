/* Anthropic: limits and capabilities, in newer rows and older ones. */
#include "stated.h"

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
    ASSERT_CAPABILITY("yes", CODE_EXECUTION);
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_INPUT("no", PDF);
    ASSERT_TYPE("chat");
    ASSERT_INPUT("yes", TEXT);
    ASSERT_OUTPUT("yes", TEXT);
    ASSERT_JSON(model.metadata, {"capabilities": {"thinking": {"types": {"adaptive": {"supported": true}}}}});
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

TEST
states_its_life_and_its_efforts(void)
{
    READ(anthropic, {"data": [{
        "type": "model", "id": "claude-x", "lifecycle": "deprecated", "deprecated_at": "2026-05-01T00:00:00Z",
        "retires_at": "2026-10-19T00:00:00Z", "line": "opus",
        "allowed_fallback_models": ["claude-y", "claude-w", "claude-x"],
        "capabilities": {
            "effort": {
                "supported": true, "low": {"supported": true}, "max": {"supported": false},
                "xhigh": null, "ultra": {"supported": true}
            },
            "server_tools": {
                "supported": true, "web_search": {"supported": true}, "code_execution": {"supported": false}
            },
            "thinking": {
                "supported": true,
                "types": {
                    "adaptive": {"supported": true}, "enabled": {"supported": false}, "disabled": {"supported": false}
                }
            }
        }
    }]});
    ASSERT_SAID("deprecated", rlm_model_status_names[model.status]);
    ASSERT_SAID("2026-05-01T00:00:00Z", timestamp(model.deprecated_at));
    ASSERT_SAID("2026-10-19T00:00:00Z", timestamp(model.retires_at));
    ASSERT_TRAIT("unknown", FIXED_RETIREMENT);
    ASSERT_TEXT("fallback claude-w\nfallback claude-y\n", model.replacements);
    ASSERT_EFFORT("yes", LOW);
    ASSERT_EFFORT("no", MAX);
    ASSERT_EFFORT("unknown", XHIGH);
    ASSERT_CAPABILITY("yes", WEB_SEARCH);
    ASSERT_CAPABILITY("no", CODE_EXECUTION);
    ASSERT_CAPABILITY("unknown", COMPUTER_USE);
    ASSERT_TRAIT("no", REASONING_BUDGET);
    ASSERT_TRAIT("no", REASONING_TOGGLE);
    ASSERT_TRAIT("yes", REASONING_MANDATORY);
    ASSERT(rlm_slice_contains(model.metadata, "\"line\":\"opus\""));
    ASSERT(!rlm_slice_contains(model.metadata, "lifecycle") && !rlm_slice_contains(model.metadata, "retires_at"));
    READ(anthropic, {"data": [{
        "id": "a", "lifecycle": "fading", "retires_at": null, "allowed_fallback_models": [],
        "capabilities": {"thinking": {"types": {"disabled": {"supported": true}}}}
    }]});
    ASSERT(model.status == RLM_MODEL_STATUS_UNKNOWN && model.replacements.length == 0);
    ASSERT_TRAIT("yes", REASONING_TOGGLE);
    ASSERT_TRAIT("no", REASONING_MANDATORY);
    ASSERT_JSON(model.metadata, {"lifecycle": "fading"});
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        anthropic,
        JSON({"data": [{
        "id": "a", "retires_at": "2026-01-01", "allowed_fallback_models": ["b", "c"],
        "capabilities": {"effort": {"low": {"supported": true}}}
    }]}));
    PASS();
}

TEST
there_is_an_end_to_replacements(void)
{
    rlm_buffer text;
    size_t lines = 0;
    rlm_slice rest, line;

    rlm_buffer_init(&text, 1 << 20);
#define APPEND(literal) ASSERT_STATUS(RLM_OK, rlm_buffer_append(&text, literal, sizeof(literal) - 1))
    APPEND("{\"data\":[{\"id\":\"a\",\"allowed_fallback_models\":[");
    for (int i = 0; i < 26; i++) {
        char id[] = "\"?-model\",";

        id[1] = (char) ('a' + i);
        ASSERT_STATUS(RLM_OK, rlm_buffer_append(&text, id, sizeof id - 1));
    }
    APPEND("\"z\"]}]}");
#undef APPEND
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&text, "", 1));
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_anthropic, text.bytes));
    for (rest = model.replacements; rlm_id_list_next(&rest, &line); lines++)
        ASSERT(rlm_slice_starts_with(line, "fallback "));
    ASSERT(lines == RLM_CAP_REPLACEMENTS);
    ASSERT(rlm_slice_contains(model.metadata, "allowed_fallback_models"));
    rlm_buffer_free(&text);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(states_limits_and_capabilities);
    RUN(says_nothing_in_an_older_row);
    RUN(states_its_life_and_its_efforts);
    RUN(survives_a_lack_of_memory);
    RUN(there_is_an_end_to_replacements);
    answer_free();
    return REPORT("anthropic");
}
