/* Who is outvoted: compiled-in facts by every source, and an installed ruby_llm by those, too. */
#include "world.h"

#define MODELS_DEV(id, context, price)                                                                                 \
    "{\"perplexity\":{\"models\":{\"" id "\":{\"name\":\"N\",\"limit\":{\"context\":" context                          \
    "},\"cost\":{\"input\":" price "}}}}}"
#define REGISTRY_ROW(provider, id, context)                                                                            \
    "[{\"provider\":\"" provider "\",\"id\":\"" id "\",\"name\":\"N\",\"context_window\":" context                     \
    ",\"metadata\":{\"source\":\"models.dev\","                                                                        \
    "\"limit\":{\"context\":" context "}}}]"

TEST
every_source_outvotes_what_is_compiled_in(void)
{
    world all;
    rlm_record sonar;

    start(&all);
    ADD(perplexity, {"data": [{"id": "vendor/a"}]});
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", MODELS_DEV("sonar", "111000", "0.7")));
    ASSERT_STATUS(RLM_OK, join(&all));
    sonar = merged(&all, "perplexity", "sonar");
    ASSERT(sonar.limits[RLM_LIMIT_CONTEXT] == 111000 && says(sonar, RLM_FIELD_CONTEXT_WINDOW, "models_dev"));
    ASSERT(sonar.prices.count == 1 && says(sonar, RLM_FIELD_PRICES, "models_dev"));
    ASSERT(sonar.type == RLM_TYPE_CHAT && says(sonar, RLM_FIELD_TYPE, RLM_ORIGIN_BUILTIN));
    ASSERT(sonar.standing == RLM_STANDING_DOCUMENTED);
    finish(&all);
    PASS();
}

TEST
what_is_compiled_in_says_so(void)
{
    world all;
    rlm_record sonar, voice;

    start(&all);
    ADD(perplexity, {"data": [{"id": "vendor/a"}]});
    ADD(xai, {"data": [{"id": "grok-1"}]});
    ASSERT_STATUS(RLM_OK, join(&all));
    sonar = merged(&all, "perplexity", "sonar-deep-research");
    voice = merged(&all, "xai", "grok-tts");
    ASSERT(sonar.limits[RLM_LIMIT_CONTEXT] == 128000 && says(sonar, RLM_FIELD_CONTEXT_WINDOW, RLM_ORIGIN_BUILTIN));
    ASSERT(sonar.prices.count == 5 && says(sonar, RLM_FIELD_PRICES, RLM_ORIGIN_BUILTIN));
    ASSERT(voice.type == RLM_TYPE_AUDIO && says(voice, RLM_FIELD_TYPE, RLM_ORIGIN_BUILTIN));
    ASSERT(says(voice, RLM_FIELD_INPUT, RLM_ORIGIN_BUILTIN) && says(voice, RLM_FIELD_OUTPUT, RLM_ORIGIN_BUILTIN));
    finish(&all);
    PASS();
}

TEST
the_bundle_is_outvoted_by_all(void)
{
    world all;
    rlm_record sonar, other;

    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "bundle", REGISTRY_ROW("perplexity", "sonar", "999")));
    ASSERT_STATUS(RLM_OK, join(&all));
    sonar = merged(&all, "perplexity", "sonar");
    ASSERT(sonar.limits[RLM_LIMIT_CONTEXT] == 999 && says(sonar, RLM_FIELD_CONTEXT_WINDOW, "bundle"));

    ADD(perplexity, {"data": [{"id": "vendor/a"}]});
    ASSERT_STATUS(RLM_OK, join(&all));
    sonar = merged(&all, "perplexity", "sonar");
    ASSERT(sonar.limits[RLM_LIMIT_CONTEXT] == 128000 && says(sonar, RLM_FIELD_CONTEXT_WINDOW, RLM_ORIGIN_BUILTIN));
    ASSERT(says(sonar, RLM_FIELD_NAME, "bundle")); /* it counts for what others leave unknown */

    finish(&all);
    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "bundle", REGISTRY_ROW("openai", "gpt-x", "999")));
    ASSERT_STATUS(RLM_OK, add(&all, "file", REGISTRY_ROW("openai", "gpt-x", "500")));
    ASSERT_STATUS(RLM_OK, join(&all));
    other = merged(&all, "openai", "gpt-x");
    ASSERT(other.limits[RLM_LIMIT_CONTEXT] == 500 && says(other, RLM_FIELD_CONTEXT_WINDOW, "file"));
    finish(&all);
    PASS();
}

TEST
a_metadata_source_replaces_the_bundle_and_nothing_else(void)
{
    static const char *const replacing[] = {"models_dev", "published"};
    const rlm_source *bundle = rlm_source_find(rlm_slice_of("bundle"));

    for (int i = 0; rlm_sources[i] != NULL; i++) {
        const char *slug = rlm_sources[i]->slug;
        bool replaces = strcmp(slug, replacing[0]) == 0 || strcmp(slug, replacing[1]) == 0;

        ASSERT(rlm_merge_replaces(rlm_sources[i], bundle) == replaces);
        for (int other = 0; rlm_sources[other] != NULL; other++) {
            if (rlm_sources[other] != bundle) ASSERT(!rlm_merge_replaces(rlm_sources[i], rlm_sources[other]));
        }
    }
    PASS();
}

TEST
a_replaced_sheet_changes_nothing(void)
{
    world all;
    uint8_t hash[RLM_HASH_SIZE];

    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", MODELS_DEV("sonar", "111000", "0.7")));
    ASSERT_STATUS(RLM_OK, join(&all));
    memcpy(hash, all.block.hash, sizeof hash);
    ASSERT_STATUS(RLM_OK, add(&all, "bundle", REGISTRY_ROW("perplexity", "sonar-old", "999")));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(all.block.count == 1 && memcmp(hash, all.block.hash, sizeof hash) == 0);
    finish(&all);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(every_source_outvotes_what_is_compiled_in);
    RUN(what_is_compiled_in_says_so);
    RUN(the_bundle_is_outvoted_by_all);
    RUN(a_metadata_source_replaces_the_bundle_and_nothing_else);
    RUN(a_replaced_sheet_changes_nothing);
    return REPORT("precedence");
}
