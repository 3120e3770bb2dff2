/* models.dev: whole models, price thresholds in each form they have had, dates, status, and rows that say nothing. */
#include "stated.h"
#include "world.h"

TEST
is_asked_without_a_key(void)
{
    ASSERT_TEXT("https://models.dev/api.json", request_to(&rlm_source_models_dev, only_keys, NULL));
    PASS();
}

TEST
states_a_whole_model(void)
{
    READ(models_dev, {"google": {
        "id": "google",
        "models": {"gemini-2.5-pro": {
            "id": "gemini-2.5-pro", "name": "Gemini 2.5 Pro", "family": "gemini-pro", "attachment": true,
            "reasoning": true, "reasoning_options": [{"type": "toggle"}], "tool_call": true, "structured_output": false,
            "temperature": true, "knowledge": "2025-01", "release_date": "2025-03-20", "last_updated": "2025-06-05",
            "modalities": {"input": ["text", "video", "pdf"], "output": ["text"]}, "open_weights": false,
            "status": "deprecated", "limit": {"context": 1048576, "output": 0},
            "cost": {
                "input": 1.25, "output": 10, "cache_read": 0.31, "input_audio": 3,
                "tiers": [
                    {"input": 2.5, "output": 15, "tier": {"type": "context", "size": 200000}},
                    {"input": 5, "tier": {"type": "context", "size": 512000}}
                ],
                "context_over_200k": {"input": 2.5, "output": 15}
            }
        }}
    }});
    ASSERT_TEXT("gemini", model.provider);
    ASSERT_TEXT("gemini-2.5-pro", model.id);
    ASSERT_TEXT("gemini-pro", model.family);
    ASSERT_SAID("2025-03-20", timestamp(model.created_at));
    ASSERT_SAID("2025-01", timestamp(model.knowledge_cutoff));
    ASSERT_SAID("retired", rlm_model_status_names[model.status]);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1048576 && model.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN);
    ASSERT_CAPABILITY("yes", FUNCTION_CALLING);
    ASSERT_CAPABILITY("no", STRUCTURED_OUTPUT);
    ASSERT_CAPABILITY("yes", REASONING);
    ASSERT_CAPABILITY("yes", VISION);
    ASSERT_CAPABILITY("yes", VIDEO);
    ASSERT_INPUT("yes", PDF);
    ASSERT_INPUT("no", IMAGE);
    ASSERT_SAID("1.25", token_price(RLM_METER_INPUT));
    ASSERT_SAID("0.31", token_price(RLM_METER_CACHE_READ));
    ASSERT_SAID("3", price_above(RLM_METER_AUDIO_INPUT, RLM_UNIT_MILLION_TOKENS, RLM_TIER_STANDARD, 0));
    ASSERT_SAID("15", long_price(RLM_METER_OUTPUT, 200000));
    ASSERT_SAID("5", long_price(RLM_METER_INPUT, 512000));
    ASSERT(model.prices.count == 7);
    ASSERT_JSON(model.metadata, {
        "attachment": true, "last_updated": "2025-06-05", "open_weights": false,
        "reasoning_options": [{"type": "toggle"}], "temperature": true
    });
    PASS();
}

TEST
modes_are_service_tiers(void)
{
    READ(models_dev, {"openai": {"models": {"g": {
        "cost": {"input": 1, "output": 2},
        "experimental": {"modes": {
            "fast": {
                "cost": {
                    "input": 3, "output": 6, "tiers": [{"input": 7, "tier": {"type": "context", "size": 272000}}]
                },
                "provider": {"body": {"service_tier": "priority"}}
            },
            "flex": {"cost": {"input": 0.5}},
            "twice": {"cost": {"input": 9}, "provider": {"body": {"service_tier": "flex"}}},
            "slow": {"cost": {"input": 0.1}, "provider": {"body": {"service_tier": "scale"}}},
            "standard": {"cost": {"input": 8}}
        }}
    }}}});
    ASSERT_SAID("1", price_at(RLM_METER_INPUT, RLM_TIER_STANDARD, 300000, 0));
    ASSERT_SAID("3", price_at(RLM_METER_INPUT, RLM_TIER_PRIORITY, 272000, 0));
    ASSERT_SAID("7", price_at(RLM_METER_INPUT, RLM_TIER_PRIORITY, 272001, 0));
    ASSERT_SAID("6", price_at(RLM_METER_OUTPUT, RLM_TIER_PRIORITY, 1, 0));
    ASSERT_SAID("0.5", price_at(RLM_METER_INPUT, RLM_TIER_FLEX, 1, 0));
    ASSERT_SAID("unknown", price_at(RLM_METER_INPUT, RLM_TIER_FAST, 1, 0));
    ASSERT(model.prices.count == 6);
    ASSERT_JSON(model.metadata, {"experimental": {"modes": {
        "fast": {"provider": {"body": {"service_tier": "priority"}}},
        "slow": {"cost": {"input": 0.1}, "provider": {"body": {"service_tier": "scale"}}},
        "standard": {"cost": {"input": 8}},
        "twice": {"cost": {"input": 9}, "provider": {"body": {"service_tier": "flex"}}}
    }}});
    READ(models_dev, {"anthropic": {"models": {"c": {
        "experimental": {"modes": {"fast": {"cost": {"input": 30}, "provider": {"body": {"speed": "fast"}}}}}
    }}}});
    ASSERT_SAID("30", price_at(RLM_METER_INPUT, RLM_TIER_FAST, 1, 0));
    PASS();
}

TEST
states_how_it_is_steered(void)
{
    READ(models_dev, {"openai": {"models": {"g": {
        "temperature": false, "open_weights": true, "license": "apache-2.0",
        "reasoning_options": [
            {"type": "toggle"}, {"type": "effort", "values": ["low", "high", "default"]},
            {"type": "budget_tokens", "min": 1024, "max": 32000}, {"type": "mood"}, 7
        ]
    }}}});
    ASSERT_PARAMETER("no", TEMPERATURE);
    ASSERT_PARAMETER("unknown", TOP_P);
    ASSERT_TRAIT("yes", OPEN_WEIGHTS);
    ASSERT_TEXT("apache-2.0", model.license);
    ASSERT_TRAIT("yes", REASONING_TOGGLE);
    ASSERT_TRAIT("yes", REASONING_BUDGET);
    ASSERT_TRAIT("unknown", REASONING_MANDATORY);
    ASSERT_EFFORT("yes", HIGH);
    ASSERT_EFFORT("no", MEDIUM);
    ASSERT_BOUND("1024", REASONING_BUDGET, MIN);
    ASSERT_BOUND("32000", REASONING_BUDGET, MAX);
    ASSERT_JSON(model.metadata, {
        "open_weights": true,
        "reasoning_options": [
            {"type": "toggle"}, {"type": "effort", "values": ["low", "high", "default"]},
            {"max": 32000, "min": 1024, "type": "budget_tokens"}, {"type": "mood"}, 7
        ],
        "temperature": false
    });
    PASS();
}

TEST
embeddings_put_out_no_text(void)
{
    READ(models_dev, {"openai": {"models": {"text-embedding-3-small": {
        "last_updated": "2024-01", "modalities": {"input": ["text"], "output": ["text"]},
        "cost": {"input": 0.02, "output": 0}
    }}}});
    ASSERT_TYPE("embedding");
    ASSERT_OUTPUT("yes", EMBEDDINGS);
    ASSERT_OUTPUT("no", TEXT);
    ASSERT_CAPABILITY("no", VISION);
    ASSERT_SAID("unknown", timestamp(model.created_at)); /* the day of the last change is not that of the release */
    ASSERT_JSON(model.metadata, {"last_updated": "2024-01"});
    ASSERT_SAID("0", token_price(RLM_METER_OUTPUT));
    READ(models_dev, {"openai": {"models": {"chatgpt-image-latest": {"family": "gpt-image"}}}});
    ASSERT_TYPE("image");
    PASS();
}

TEST
knows_our_providers_by_its_names(void)
{
    ASSERT_SAID("vertexai", rlm_source_models_dev.provider(RLM_SLICE("google-vertex")));
    ASSERT_SAID("bedrock", rlm_source_models_dev.provider(RLM_SLICE("amazon-bedrock")));
    ASSERT_SAID("perplexity", rlm_source_models_dev.provider(RLM_SLICE("perplexity-agent")));
    ASSERT_SAID("vertexai", rlm_source_models_dev.provider(RLM_SLICE("google-vertex-anthropic")));
    ASSERT(rlm_source_models_dev.provider(RLM_SLICE("azure")) == NULL); /* spelled the same */
    PASS();
}

TEST
keeps_tiers_that_it_does_not_understand(void)
{
    READ(models_dev, {"xai": {"models": {"g": {
        "status": "fading", "cost": {"input": 1, "tiers": [{"input": 2, "tier": {"type": "hour", "size": 3}}]}
    }}}});
    ASSERT(model.prices.count == 1);
    ASSERT_JSON(model.metadata, {
        "cost": {"tiers": [{"input": 2, "tier": {"size": 3, "type": "hour"}}]}, "status": "fading"
    });
    PASS();
}

/* ---- In the catalog ---- */

/* The price of that meter for requests of more tokens than that, written; "unknown" or "twice". */
static const char *
price(const rlm_record *record, int meter, int64_t threshold)
{
    static char text[RLM_DECIMAL_TEXT];
    int found = 0;

    for (uint32_t i = 0; i < record->prices.count; i++) {
        const rlm_price *each = &record->prices.list[i];

        if (each->meter != meter || each->threshold != threshold) continue;
        rlm_decimal_write((rlm_decimal){each->coefficient, each->exponent}, text);
        found++;
    }
    return found == 0 ? "unknown" : found == 1 ? text : "twice";
}

#define ASSERT_PRICE(expected, record, meter, threshold)                                                               \
    ASSERT_TEXT(expected, rlm_slice_of(price(&(record), RLM_METER_##meter, threshold)))

TEST
the_step_of_older_documents_is_one_at_200000(void)
{
    world all;
    rlm_record one, two, three;

    start(&all);
    ADD(models_dev, {"openai": {"models": {
        "one": {"cost": {
            "input": 2, "output": 12, "context_over_200k": {"input": 4, "output": 18, "cache_read": 0.4}
        }},
        "two": {"cost": {"input": 1, "tiers": [], "context_over_200k": {"input": 3}}},
        "three": {"cost": {"input": 1, "context_over_200k": null, "tiers": null}}
    }}});
    ASSERT_STATUS(RLM_OK, join(&all));
    one = merged(&all, "openai", "one");
    two = merged(&all, "openai", "two");
    three = merged(&all, "openai", "three");
    ASSERT(one.prices.count == 5 && two.prices.count == 2 && three.prices.count == 1);
    ASSERT_PRICE("2", one, INPUT, 0);
    ASSERT_PRICE("4", one, INPUT, 200000);
    ASSERT_PRICE("18", one, OUTPUT, 200000);
    ASSERT_PRICE("0.4", one, CACHE_READ, 200000);
    ASSERT_PRICE("3", two, INPUT, 200000);
    ASSERT(one.metadata.length == 0 && two.metadata.length == 0 && three.metadata.length == 0);
    finish(&all);
    PASS();
}

/* It also names the threshold of another length: the list knows better. */
TEST
where_tiers_are_read_their_mirror_is_not(void)
{
    world all;
    rlm_record one;

    start(&all);
    ADD(models_dev, {"openai": {"models": {"one": {"cost": {
        "input": 2,
        "tiers": [
            {"input": 5, "tier": {"type": "context", "size": 272000}}, {"input": 6, "tier": {"type": "hour", "size": 3}}
        ],
        "context_over_200k": {"input": 5}
    }}}}});
    ASSERT_STATUS(RLM_OK, join(&all));
    one = merged(&all, "openai", "one");
    ASSERT(one.prices.count == 2);
    ASSERT_PRICE("5", one, INPUT, 272000);
    ASSERT_JSON(one.metadata, {"models_dev": {"cost": {"tiers": [
        {"input": 5, "tier": {"size": 272000, "type": "context"}},
        {"input": 6, "tier": {"size": 3, "type": "hour"}}
    ]}}});
    finish(&all);
    PASS();
}

TEST
where_no_tier_is_understood_their_mirror_is_read(void)
{
    world all;
    rlm_record one;

    start(&all);
    ADD(models_dev, {"openai": {"models": {"one": {"cost": {
        "input": 2, "tiers": [{"input": 5, "tier": {"type": "width", "size": 9}}], "context_over_200k": {"input": 5}
    }}}}});
    ASSERT_STATUS(RLM_OK, join(&all));
    one = merged(&all, "openai", "one");
    ASSERT(one.prices.count == 2);
    ASSERT_PRICE("5", one, INPUT, 200000);
    finish(&all);
    PASS();
}

/* The published catalogue repeats models.dev's words in its metadata. */
TEST
what_repeats_it_has_the_same_steps_and_life(void)
{
    world all;
    rlm_record one;

    start(&all);
    ADD(published, [{
        "provider": "openai", "id": "one",
        "metadata": {
            "source": "models.dev", "status": "deprecated", "cost": {"input": 2, "context_over_200k": {"input": 5}},
            "reasoning_options": [{"type": "effort", "values": ["low"]}]
        }
    }]);
    ASSERT_STATUS(RLM_OK, join(&all));
    one = merged(&all, "openai", "one");
    ASSERT_PRICE("5", one, INPUT, 200000);
    ASSERT(one.efforts.yes == RLM_BIT(RLM_EFFORT_LOW));
    ASSERT(one.status == RLM_MODEL_STATUS_RETIRED);
    finish(&all);
    PASS();
}

TEST
a_day_of_change_is_no_day_of_birth(void)
{
    world all;

    start(&all);
    ADD(models_dev, {"openai": {"models": {
        "a": {"name": "A", "last_updated": "2026-06-30"},
        "b": {"name": "B", "release_date": "soon", "last_updated": "2026-06"},
        "c": {"name": "C", "release_date": "2025-13-01", "last_updated": "2026"},
        "d": {"name": "D", "release_date": "2025-04", "last_updated": "2026-06-30"}
    }}});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "openai", "a").created_at.precision == RLM_PRECISION_NONE);
    ASSERT(merged(&all, "openai", "b").created_at.precision == RLM_PRECISION_NONE);
    ASSERT(merged(&all, "openai", "c").created_at.precision == RLM_PRECISION_NONE);
    ASSERT(merged(&all, "openai", "d").created_at.precision == RLM_PRECISION_MONTH);
    ASSERT_JSON(merged(&all, "openai", "a").metadata, {"models_dev": {"last_updated": "2026-06-30"}});
    finish(&all);
    PASS();
}

TEST
deprecated_means_retired_unless_the_provider_lists_the_model(void)
{
    world all;

    start(&all);
    ADD(models_dev, {
        "mistral": {"models": {
            "gone": {"status": "deprecated"},
            "listed": {"status": "deprecated"},
            "new": {"status": "beta"}
        }},
        "azure": {"models": {"spoken": {"status": "deprecated"}}}
    });
    ADD(mistral, {"data": [{"id": "listed"}, {"id": "new"}]});
    ADD(azure, {"data": [{"id": "spoken", "lifecycle_status": "generally-available"}]});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "mistral", "gone").status == RLM_MODEL_STATUS_RETIRED);
    ASSERT(merged(&all, "mistral", "listed").status == RLM_MODEL_STATUS_DEPRECATED);
    ASSERT(says(merged(&all, "mistral", "listed"), RLM_FIELD_STATUS, "models_dev"));
    ASSERT(merged(&all, "mistral", "new").status == RLM_MODEL_STATUS_BETA);
    ASSERT(merged(&all, "azure", "spoken").status == RLM_MODEL_STATUS_ACTIVE); /* its own word comes first */
    finish(&all);
    PASS();
}

TEST
rows_that_state_nothing_are_no_models(void)
{
    world all;

    start(&all);
    ADD(models_dev, {"openai": {"models": {
        "a": {}, "b": {"id": "b", "limit": {}, "cost": null}, "c": {"name": "", "modalities": {}},
        "d": {"name": "D"}, "e": {"tool_call": false}, "f": {"cost": {"input": 0}}
    }}});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(all.block.count == 3);
    ASSERT(merged(&all, "openai", "d").id.length == 1 && merged(&all, "openai", "e").id.length == 1 &&
           merged(&all, "openai", "f").id.length == 1);
    finish(&all);
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        models_dev,
        JSON({"openai": {"models": {"a": {
        "license": "mit", "cost": {"input": 1}, "experimental": {"modes": {"flex": {"cost": {"input": 1}}}},
        "reasoning_options": [{"type": "budget_tokens", "min": 1, "max": 2}]
    }}}}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_without_a_key);
    RUN(states_a_whole_model);
    RUN(modes_are_service_tiers);
    RUN(states_how_it_is_steered);
    RUN(embeddings_put_out_no_text);
    RUN(knows_our_providers_by_its_names);
    RUN(keeps_tiers_that_it_does_not_understand);
    RUN(the_step_of_older_documents_is_one_at_200000);
    RUN(where_tiers_are_read_their_mirror_is_not);
    RUN(where_no_tier_is_understood_their_mirror_is_read);
    RUN(what_repeats_it_has_the_same_steps_and_life);
    RUN(a_day_of_change_is_no_day_of_birth);
    RUN(deprecated_means_retired_unless_the_provider_lists_the_model);
    RUN(rows_that_state_nothing_are_no_models);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("models_dev");
}
