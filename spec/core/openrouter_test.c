/* OpenRouter: whole models, exact prices, and its own words for outputs. */
#include "stated.h"

static const char *
setting(void *context, const char *name)
{
    return strcmp(name, "openrouter_app_name") == 0 ? "Acme" : only_keys(context, name);
}

TEST
is_asked_with_its_key_and_the_name_of_the_app(void)
{
    ASSERT_TEXT("https://openrouter.ai/api/v1/models|Authorization: Bearer openrouter_api_key|X-OpenRouter-Title: Acme",
                request_to(&rlm_source_openrouter, setting, NULL));
    PASS();
}

TEST
states_a_whole_model(void)
{
    READ(openrouter, {"data": [{
        "id": "openai/gpt-4.1", "canonical_slug": "openai/gpt-4.1-2025-04-14", "name": "OpenAI: GPT-4.1",
        "created": 1744651385, "context_length": 1047576,
        "architecture": {
            "modality": "text+image->text", "input_modalities": ["image", "text", "file"], "output_modalities": ["text"]
        },
        "pricing": {
            "prompt": "0.000002", "completion": "0.000008", "request": "0", "image": "0", "web_search": "0.01",
            "internal_reasoning": "0", "input_cache_read": "0.0000005", "discount": 0
        },
        "top_provider": {"context_length": 1047576, "max_completion_tokens": 32768, "is_moderated": true},
        "supported_parameters": ["tools", "response_format"], "expiration_date": "2027-01-31",
        "knowledge_cutoff": "2024-06", "links": {"details": "/x"}
    }]});
    ASSERT_TEXT("openai", model.family);
    ASSERT_TEXT("openai/gpt-4.1-2025-04-14\n", model.equivalents);
    ASSERT_TEXT("OpenAI: GPT-4.1", model.name);
    ASSERT_SAID("2025-04-14T17:23:05Z", timestamp(model.created_at));
    ASSERT_SAID("2024-06", timestamp(model.knowledge_cutoff));
    ASSERT_SAID("2027-01-31", timestamp(model.retires_at));
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1047576 && model.limits[RLM_LIMIT_OUTPUT] == 32768);
    ASSERT_INPUT("yes", FILE);
    ASSERT_INPUT("no", AUDIO);
    ASSERT_CAPABILITY("yes", FUNCTION_CALLING);
    ASSERT_CAPABILITY("no", TOOL_CHOICE);
    ASSERT_CAPABILITY("no", STRUCTURED_OUTPUT);
    ASSERT_CAPABILITY("yes", JSON_MODE);
    ASSERT_CAPABILITY("no", REASONING);
    ASSERT_CAPABILITY("yes", VISION);
    ASSERT_SAID("2", token_price(RLM_METER_INPUT));
    ASSERT_SAID("8", token_price(RLM_METER_OUTPUT));
    ASSERT_SAID("0.5", token_price(RLM_METER_CACHE_READ));
    ASSERT_SAID("0.01", price_above(RLM_METER_WEB_SEARCH, RLM_UNIT_REQUEST, RLM_TIER_STANDARD, 0));
    ASSERT(model.prices.count == 4);
    ASSERT_JSON(model.metadata, {
        "architecture": {"modality": "text+image->text"},
        "pricing": {"discount": 0},
        "supported_parameters": ["tools", "response_format"],
        "top_provider": {"context_length": 1047576, "is_moderated": true}
    });
    PASS();
}

TEST
loses_no_digit_and_keeps_free_prices(void)
{
    READ(openrouter, {"data": [{
        "id": "q/w:free", "pricing": {"prompt": "0.00000008333333333333334", "completion": "0"},
        "supported_parameters": []
    }]});
    ASSERT_SAID("0.08333333333333334", token_price(RLM_METER_INPUT));
    ASSERT_SAID("0", token_price(RLM_METER_OUTPUT));
    ASSERT_CAPABILITY("unknown", FUNCTION_CALLING);
    ASSERT_CAPABILITY("unknown", VISION);
    PASS();
}

TEST
knows_no_price_of_a_router(void)
{
    READ(openrouter, {"data": [{
        "id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1", "web_search": "0.01"}
    }]});
    ASSERT(model.prices.count == 0);
    ASSERT_JSON(model.metadata, {"pricing": {"completion": "-1", "prompt": "-1", "web_search": "0.01"}});
    PASS();
}

TEST
prices_long_requests(void)
{
    READ(openrouter, {"data": [{
        "id": "g/p",
        "pricing": {
            "prompt": "0.00000125",
            "overrides": [
                {"min_prompt_tokens": 200000, "prompt": "0.0000025"},
                {"min_prompt_tokens": 300000, "prompt": "0"}
            ]
        }
    }]});
    ASSERT_SAID("1.25", token_price(RLM_METER_INPUT));
    ASSERT_SAID("2.5", long_price(RLM_METER_INPUT, 200000));
    ASSERT_SAID("0", long_price(RLM_METER_INPUT, 300000));
    ASSERT(model.prices.count == 3 && model.metadata.length == 0);
    PASS();
}

TEST
states_how_it_is_steered(void)
{
    READ(openrouter, {"data": [{
        "id": "a/b",
        "supported_parameters": ["temperature", "top_p", "max_tokens", "reasoning"],
        "default_parameters": {"temperature": 0.6, "top_p": null, "frequency_penalty": 0},
        "reasoning": {
            "mandatory": true, "default_enabled": true, "default_effort": "medium",
            "supported_efforts": ["high", "medium", "low"], "supports_max_tokens": false
        },
        "per_request_limits": {"prompt_tokens": 100000, "completion_tokens": 5000}
    }]});
    ASSERT_PARAMETER("yes", TEMPERATURE);
    ASSERT_PARAMETER("yes", MAX_TOKENS);
    ASSERT_PARAMETER("no", SEED);
    ASSERT_PARAMETER("no", MIN_P);
    ASSERT_PARAMETER("unknown", N); /* it has no word for it */
    ASSERT_PARAMETER("unknown", SYSTEM_MESSAGES);
    ASSERT_BOUND("0.6", TEMPERATURE, DEFAULT);
    ASSERT_BOUND("0", FREQUENCY_PENALTY, DEFAULT);
    ASSERT_BOUND("unknown", TOP_P, DEFAULT);
    ASSERT_TRAIT("yes", REASONING_MANDATORY);
    ASSERT_TRAIT("yes", REASONING_DEFAULT);
    ASSERT_TRAIT("no", REASONING_BUDGET);
    ASSERT_TRAIT("unknown", REASONING_TOGGLE);
    ASSERT_EFFORT("yes", HIGH);
    ASSERT_EFFORT("no", MAX);
    ASSERT_SAID("medium", default_effort());
    ASSERT(model.limits[RLM_LIMIT_INPUT] == 100000 && model.limits[RLM_LIMIT_OUTPUT] == 5000);
    ASSERT_JSON(model.metadata, {
        "per_request_limits": {"completion_tokens": 5000, "prompt_tokens": 100000},
        "supported_parameters": ["temperature", "top_p", "max_tokens", "reasoning"]
    });
    PASS();
}

TEST
states_nothing_of_it_in_an_older_row(void)
{
    READ(openrouter, {"data": [{
        "id": "a/b", "supported_parameters": [], "default_parameters": null, "per_request_limits": null,
        "reasoning": {"supported_efforts": null}
    }]});
    ASSERT(model.parameters.yes == 0 && model.parameters.no == 0 && model.bound_count == 0);
    ASSERT(model.traits.yes == 0 && model.traits.no == 0 && model.efforts.yes == 0 && model.efforts.no == 0);
    PASS();
}

TEST
has_words_of_its_own_for_outputs(void)
{
    READ(openrouter, {"data": [{
        "id": "a/tts", "architecture": {"input_modalities": ["text"], "output_modalities": ["speech"]}
    }]});
    ASSERT_OUTPUT("yes", AUDIO);
    ASSERT_OUTPUT("no", TEXT);
    ASSERT_CAPABILITY("no", VISION);
    READ(openrouter, {"data": [{
        "id": "a/stt", "architecture": {"input_modalities": ["audio"], "output_modalities": ["transcription"]}
    }]});
    ASSERT_TYPE("transcription");
    ASSERT_OUTPUT("yes", TEXT);
    PASS();
}

/* "x:free", "x:exacto" are other offers. */
TEST
sells_variants(void)
{
    const rlm_source_ids *ids = rlm_source_ids_of(&rlm_source_openrouter);

    ASSERT(ids->is_variant(RLM_SLICE("openai/gpt-oss-20b:free")));
    ASSERT(ids->is_variant(RLM_SLICE("deepseek/deepseek-v3:exacto")));
    ASSERT(!ids->is_variant(RLM_SLICE("openai/gpt-oss-20b")));
    ASSERT(!ids->is_variant(RLM_SLICE("")));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key_and_the_name_of_the_app);
    RUN(states_a_whole_model);
    RUN(loses_no_digit_and_keeps_free_prices);
    RUN(knows_no_price_of_a_router);
    RUN(prices_long_requests);
    RUN(states_how_it_is_steered);
    RUN(states_nothing_of_it_in_an_older_row);
    RUN(has_words_of_its_own_for_outputs);
    RUN(sells_variants);
    answer_free();
    return REPORT("openrouter");
}
