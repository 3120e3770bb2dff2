/* Gemini: limits, and what the methods of a model tell. */
#include "stated.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT("https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000|x-goog-api-key: gemini_api_key",
                request_to(&rlm_source_gemini, only_keys, NULL));
    PASS();
}

TEST
states_limits_and_methods(void)
{
    READ(gemini, {
        "models": [{
            "name": "models/gemini-2.5-pro", "version": "2.5", "displayName": "Gemini 2.5 Pro",
            "inputTokenLimit": 1048576, "outputTokenLimit": 65536.0,
            "supportedGenerationMethods": ["generateContent", "createCachedContent"], "topK": 64, "thinking": true
        }],
        "nextPageToken": "more"
    });
    ASSERT_TEXT("gemini-2.5-pro", model.id);
    ASSERT_TEXT("Gemini 2.5 Pro", model.name);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1048576 && model.limits[RLM_LIMIT_OUTPUT] == 65536);
    ASSERT_CAPABILITY("yes", REASONING);
    ASSERT_CAPABILITY("yes", CACHING);
    ASSERT_CAPABILITY("no", BATCH);
    ASSERT_CAPABILITY("no", REALTIME);
    ASSERT_TYPE("");
    ASSERT_OUTPUT("unknown", TEXT);
    ASSERT_JSON(model.metadata, {
        "supportedGenerationMethods": ["generateContent", "createCachedContent"], "version": "2.5"
    });
    ASSERT_TEXT("more", page);
    PASS();
}

static const char *
type_of_methods(const char *methods)
{
    char text[256];

    (void) snprintf(text, sizeof text,
                    JSON({"models": [{"name": "models/x", "supportedGenerationMethods": %s}]}), methods);
    return answer(&rlm_source_gemini, text) == RLM_OK ? rlm_type_names[model.type] : "failed";
}

TEST
methods_tell_types(void)
{
    ASSERT_SAID("embedding", type_of_methods(JSON(["embedContent", "asyncBatchEmbedContent"])));
    ASSERT_CAPABILITY("yes", BATCH);
    ASSERT_OUTPUT("yes", EMBEDDINGS);
    ASSERT_OUTPUT("no", TEXT);
    ASSERT_SAID("embedding", type_of_methods(JSON(["embedText", "countTextTokens"])));
    ASSERT_SAID("image", type_of_methods(JSON(["predict"])));
    ASSERT_SAID("video", type_of_methods(JSON(["predictLongRunning"])));
    ASSERT_SAID("realtime", type_of_methods(JSON(["bidiGenerateContent", "countTokens"])));
    ASSERT_SAID("", type_of_methods(JSON(["bidiGenerateContent", "generateContent"])));
    ASSERT_SAID("other", type_of_methods(JSON(["generateAnswer"])));
    ASSERT_SAID("other", type_of_methods(JSON(["countTokens", "createCachedContent"])));
    ASSERT_SAID("", type_of_methods(JSON(["createThings"])));
    PASS();
}

TEST
says_nothing_by_leaving_out(void)
{
    READ(gemini, {"models": [{"name": "models/x", "inputTokenLimit": 0}]});
    ASSERT_CAPABILITY("unknown", REASONING);
    ASSERT_CAPABILITY("unknown", CACHING);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT_TEXT("", page);
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_gemini, JSON({"models": [{"name": "models/"}]})));
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_gemini, "{}"));
    PASS();
}

TEST
states_its_parameters(void)
{
    READ(gemini, {"models": [{
        "name": "models/g", "temperature": 1, "topP": 0.95, "topK": 64, "maxTemperature": 2
    }]});
    ASSERT_PARAMETER("yes", TEMPERATURE);
    ASSERT_PARAMETER("yes", TOP_P);
    ASSERT_PARAMETER("yes", TOP_K);
    ASSERT_PARAMETER("unknown", SEED);
    ASSERT_BOUND("1", TEMPERATURE, DEFAULT);
    ASSERT_BOUND("0", TEMPERATURE, MIN);
    ASSERT_BOUND("2", TEMPERATURE, MAX);
    ASSERT_BOUND("0.95", TOP_P, DEFAULT);
    ASSERT_BOUND("64", TOP_K, DEFAULT);
    ASSERT(model.bound_count == 5 && model.metadata.length == 0);
    READ(gemini, {"models": [{"name": "models/e", "temperature": "warm", "topK": -1}]});
    ASSERT_PARAMETER("unknown", TEMPERATURE);
    ASSERT(model.bound_count == 0 && model.parameters.yes == 0);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(states_limits_and_methods);
    RUN(methods_tell_types);
    RUN(says_nothing_by_leaving_out);
    RUN(states_its_parameters);
    answer_free();
    return REPORT("gemini");
}
