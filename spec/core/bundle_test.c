/* ruby_llm's own registry file as a sheet: what is taken from it, and when it is silent. */
#include "world.h"

#define ROW(provider, id, rest) "{\"provider\":\"" provider "\",\"id\":\"" id "\"," rest "}"
#define FACTS                                                                                                          \
    "\"name\":\"A Name\",\"family\":\"f\",\"created_at\":\"2025-02-03 00:00:00 UTC\",\"context_window\":4096,"         \
    "\"modalities\":{\"input\":[\"text\"],\"output\":[\"text\"]},"                                                     \
    "\"capabilities\":[\"streaming\",\"function_calling\"],"                                                           \
    "\"pricing\":{\"text_tokens\":{\"standard\":{\"input_per_million\":0.5}}},\"metadata\":{}"

TEST
takes_what_programs_rely_on_and_no_number_without_a_source(void)
{
    static const char *const providers[] = {"azure", "bedrock", "mistral"};
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK,
                  add(&all, "bundle",
                      "[" ROW("azure", "a", FACTS) "," ROW("bedrock", "a", FACTS) "," ROW("mistral", "a", FACTS) "]"));
    ASSERT_STATUS(RLM_OK, join(&all));
    for (int i = 0; i < 3; i++) {
        rlm_record said = merged(&all, providers[i], "a");

        ASSERT_TEXT("A Name", said.name);
        ASSERT_TEXT("f", said.family);
        ASSERT(said.created_at.seconds == 1738540800 && says(said, RLM_FIELD_CREATED_AT, "bundle"));
        ASSERT(said.capabilities.yes == (RLM_BIT(RLM_CAPABILITY_STREAMING) | RLM_BIT(RLM_CAPABILITY_FUNCTION_CALLING)));
        ASSERT(says(said, RLM_FIELD_CAPABILITIES, "bundle"));
        ASSERT(said.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN && said.prices.count == 0);
    }
    finish(&all);
    PASS();
}

TEST
is_silent_when_a_metadata_catalogue_has_answered(void)
{
    static const char *const catalogues[][2] = {
        {"models_dev", JSON({"openai": {"models": {"b": {"name": "B"}}}})},
         {"published", "[" ROW("openai", "b", "\"metadata\":{}") "]"},
        };

    for (int i = 0; i < 2; i++) {
        world all;

        start(&all);
        ASSERT_STATUS(RLM_OK, add(&all, "bundle", "[" ROW("openai", "a", FACTS) "," ROW("openai", "b", FACTS) "]"));
        ADD(openai, {"data": [{"id": "c"}]});
        ASSERT_STATUS(RLM_OK, join(&all));
        ASSERT(all.block.count == 3); /* a provider's own listing does not replace it */
        ASSERT_STATUS(RLM_OK, add(&all, catalogues[i][0], catalogues[i][1]));
        ASSERT_STATUS(RLM_OK, join(&all));
        ASSERT(all.block.count == 2 && merged(&all, "openai", "a").id.length == 0);
        ASSERT(merged(&all, "openai", "b").capabilities.yes == 0);
        finish(&all);
    }
    PASS();
}

/* A row's own day, beside what models.dev said of it. */
#define CUTOFF(id, day, said)                                                                                          \
    ROW("openrouter", id, "\"knowledge_cutoff\":" day ",\"metadata\":{\"knowledge\":\"" said "\"}")

TEST
believes_a_providers_own_day_before_another_month(void)
{
    static const struct {
        const char *id;
        int64_t seconds;
        rlm_precision precision;
    } expected[] = {
        {"other-month", 1722384000, RLM_PRECISION_DAY}, /* 2024-07-31 */
        {"last-day", 1738281600, RLM_PRECISION_DAY},    /* 2025-01-31 */
        {"first-day", 1711929600, RLM_PRECISION_MONTH}, /* 2024-04 */
        {"no-day", 1711929600, RLM_PRECISION_MONTH},    {"same-day", 1722384000, RLM_PRECISION_DAY},
    };
    static const char *const sources[] = {"bundle", "published", "file"};
    /* clang-format off */
    static const char rows[] = "["
        CUTOFF("other-month", "\"2024-07-31\"", "2025-09") ","
        CUTOFF("last-day", "\"2025-01-31\"", "2025-01") ","
        CUTOFF("first-day", "\"2024-04-01\"", "2024-04") ","
        CUTOFF("no-day", "null", "2024-04") ","
        CUTOFF("same-day", "\"2024-07-31\"", "2024-07-31") "]";
    /* clang-format on */

    for (size_t s = 0; s < sizeof sources / sizeof *sources; s++) {
        world all;

        start(&all);
        ASSERT_STATUS(RLM_OK, add(&all, sources[s], rows));
        ASSERT_STATUS(RLM_OK, join(&all));
        for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
            rlm_record said = merged(&all, "openrouter", expected[i].id);

            ASSERT(said.knowledge_cutoff.seconds == expected[i].seconds);
            ASSERT(said.knowledge_cutoff.precision == expected[i].precision);
        }
        finish(&all);
    }
    PASS();
}

/* Metadata that only a provider's listing has shows that the numbers beside it are stated, too. */
TEST
believes_numbers_beside_the_marks_of_a_listing(void)
{
#define BARE NUMBERS "\"metadata\":{}"
#define NUMBERS "\"context_window\":777,\"pricing\":{\"text_tokens\":{\"standard\":{\"input_per_million\":0.5}}},"
    static const struct {
        const char *provider, *id;
        bool limit, price;
    } expected[] = {
        {"gemini", "shown", true, false},       {"gemini", "bare", false, false},
        {"mistral", "shown", true, false},      {"mistral", "bare", false, false},
        {"bedrock", "shown", true, false},      {"openrouter", "bare", true, true},
        {"perplexity", "maker/a", false, true}, {"perplexity", "sonar", false, false},
        {"openai", "bare", false, false},
    };
    /* clang-format off */
    static const char rows[] = "["
        ROW("gemini", "shown", NUMBERS "\"metadata\":{\"supported_generation_methods\":[]}") ","
        ROW("gemini", "bare", BARE) ","
        ROW("mistral", "shown", NUMBERS "\"metadata\":{\"aliases\":[]}") ","
        ROW("mistral", "bare", BARE) ","
        ROW("bedrock", "shown", NUMBERS "\"metadata\":{\"model_arn\":\"a\"}") ","
        ROW("openrouter", "bare", BARE) ","
        ROW("perplexity", "maker/a", BARE) ","
        ROW("perplexity", "sonar", BARE) ","
        ROW("openai", "bare", BARE) "]";
    /* clang-format on */
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "bundle", rows));
    ASSERT_STATUS(RLM_OK, join(&all));
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        rlm_record said = merged(&all, expected[i].provider, expected[i].id);

        ASSERT(said.limits[RLM_LIMIT_CONTEXT] == (expected[i].limit ? 777 : RLM_UNKNOWN));
        ASSERT((said.prices.count == 1) == expected[i].price);
    }
    finish(&all);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(takes_what_programs_rely_on_and_no_number_without_a_source);
    RUN(believes_a_providers_own_day_before_another_month);
    RUN(believes_numbers_beside_the_marks_of_a_listing);
    RUN(is_silent_when_a_metadata_catalogue_has_answered);
    return REPORT("bundle");
}
