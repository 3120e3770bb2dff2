/*
 * What models.dev's document states: steps of price in each form it has had, dates, status, and rows that are empty.
 */
#include "world.h"

#include "base/decimal.h"

#define OPENAI(models) "{\"openai\":{\"models\":{" models "}}}"

/* The text price in that direction for requests of more tokens than that, written; "unknown" or "twice". */
static const char *
price(const rlm_record *record, int direction, int64_t threshold)
{
    static char text[RLM_DECIMAL_TEXT];
    int found = 0;

    for (uint32_t i = 0; i < record->price_count; i++) {
        const rlm_price *each = &record->prices[i];

        if (each->category != RLM_PRICE_TEXT || each->direction != direction || each->threshold != threshold) continue;
        rlm_decimal_write((rlm_decimal){each->coefficient, each->exponent}, text);
        found++;
    }
    return found == 0 ? "unknown" : found == 1 ? text : "twice";
}

#define ASSERT_PRICE(expected, record, direction, threshold)                                                           \
    ASSERT_TEXT(expected, rlm_slice_of(price(&(record), RLM_DIRECTION_##direction, threshold)))

TEST
the_step_of_older_documents_is_one_at_200000(void)
{
    world all;
    rlm_record one, two, three;

    start(&all);
    ASSERT_STATUS(RLM_OK,
                  add(&all, "models_dev",
                      OPENAI("\"one\":{\"cost\":{\"input\":2,\"output\":12,\"context_over_200k\":{\"input\":4,"
                             "\"output\":18,\"cache_read\":0.4}}},"
                             "\"two\":{\"cost\":{\"input\":1,\"tiers\":[],\"context_over_200k\":{\"input\":3}}},"
                             "\"three\":{\"cost\":{\"input\":1,\"context_over_200k\":null,\"tiers\":null}}")));
    ASSERT_STATUS(RLM_OK, join(&all));
    one = model(&all, "openai", "one");
    two = model(&all, "openai", "two");
    three = model(&all, "openai", "three");
    ASSERT(one.price_count == 5 && two.price_count == 2 && three.price_count == 1);
    ASSERT_PRICE("2", one, INPUT, 0);
    ASSERT_PRICE("4", one, INPUT, 200000);
    ASSERT_PRICE("18", one, OUTPUT, 200000);
    ASSERT_PRICE("0.4", one, CACHE_READ, 200000);
    ASSERT_PRICE("3", two, INPUT, 200000);
    ASSERT(one.metadata.length == 0 && two.metadata.length == 0 && three.metadata.length == 0);
    finish(&all);
    PASS();
}

/* It names the step of another length, too: the list knows better. */
TEST
where_tiers_are_read_their_mirror_is_not(void)
{
    world all;
    rlm_record one;

    start(&all);
    ASSERT_STATUS(
        RLM_OK,
        add(&all, "models_dev",
            OPENAI("\"one\":{\"cost\":{\"input\":2,\"tiers\":[{\"input\":5,\"tier\":{\"type\":\"context\",\"size\":"
                   "272000}},"
                   "{\"input\":6,\"tier\":{\"type\":\"hour\",\"size\":3}}],\"context_over_200k\":{\"input\":5}}}")));
    ASSERT_STATUS(RLM_OK, join(&all));
    one = model(&all, "openai", "one");
    ASSERT(one.price_count == 2);
    ASSERT_PRICE("5", one, INPUT, 272000);
    ASSERT_TEXT("{\"models_dev\":{\"cost\":{\"tiers\":[{\"input\":5,\"tier\":{\"size\":272000,\"type\":\"context\"}},"
                "{\"input\":6,\"tier\":{\"size\":3,\"type\":\"hour\"}}]}}}",
                one.metadata);
    finish(&all);
    PASS();
}

TEST
where_no_tier_is_understood_their_mirror_is_read(void)
{
    world all;
    rlm_record one;

    start(&all);
    ASSERT_STATUS(
        RLM_OK,
        add(&all, "models_dev",
            OPENAI("\"one\":{\"cost\":{\"input\":2,\"tiers\":[{\"input\":5,\"tier\":{\"type\":\"width\",\"size\":9}}],"
                   "\"context_over_200k\":{\"input\":5}}}")));
    ASSERT_STATUS(RLM_OK, join(&all));
    one = model(&all, "openai", "one");
    ASSERT(one.price_count == 2);
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
    ASSERT_STATUS(RLM_OK, add(&all, "published",
                              "[{\"provider\":\"openai\",\"id\":\"one\",\"metadata\":{\"source\":\"models.dev\","
                              "\"status\":\"deprecated\","
                              "\"cost\":{\"input\":2,\"context_over_200k\":{\"input\":5}}}}]"));
    ASSERT_STATUS(RLM_OK, join(&all));
    one = model(&all, "openai", "one");
    ASSERT_PRICE("5", one, INPUT, 200000);
    ASSERT(one.status == RLM_MODEL_STATUS_RETIRED);
    finish(&all);
    PASS();
}

TEST
a_day_of_change_is_no_day_of_birth(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK,
                  add(&all, "models_dev",
                      OPENAI("\"a\":{\"name\":\"A\",\"last_updated\":\"2026-06-30\"},"
                             "\"b\":{\"name\":\"B\",\"release_date\":\"soon\",\"last_updated\":\"2026-06\"},"
                             "\"c\":{\"name\":\"C\",\"release_date\":\"2025-13-01\",\"last_updated\":\"2026\"},"
                             "\"d\":{\"name\":\"D\",\"release_date\":\"2025-04\",\"last_updated\":\"2026-06-30\"}")));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(model(&all, "openai", "a").created_at.precision == RLM_PRECISION_NONE);
    ASSERT(model(&all, "openai", "b").created_at.precision == RLM_PRECISION_NONE);
    ASSERT(model(&all, "openai", "c").created_at.precision == RLM_PRECISION_NONE);
    ASSERT(model(&all, "openai", "d").created_at.precision == RLM_PRECISION_MONTH);
    ASSERT_TEXT("{\"models_dev\":{\"last_updated\":\"2026-06-30\"}}", model(&all, "openai", "a").metadata);
    finish(&all);
    PASS();
}

TEST
deprecated_means_retired_unless_the_provider_lists_the_model(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev",
                              "{\"mistral\":{\"models\":{\"gone\":{\"status\":\"deprecated\"},\"listed\":{\"status\":"
                              "\"deprecated\"},\"new\":{\"status\":\"beta\"}}},"
                              "\"azure\":{\"models\":{\"spoken\":{\"status\":\"deprecated\"}}}}"));
    ASSERT_STATUS(RLM_OK, add(&all, "mistral", "{\"data\":[{\"id\":\"listed\"},{\"id\":\"new\"}]}"));
    ASSERT_STATUS(RLM_OK,
                  add(&all, "azure", "{\"data\":[{\"id\":\"spoken\",\"lifecycle_status\":\"generally-available\"}]}"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(model(&all, "mistral", "gone").status == RLM_MODEL_STATUS_RETIRED);
    ASSERT(model(&all, "mistral", "listed").status == RLM_MODEL_STATUS_DEPRECATED);
    ASSERT(model(&all, "mistral", "listed").origins[RLM_FIELD_STATUS] == origin("models_dev"));
    ASSERT(model(&all, "mistral", "new").status == RLM_MODEL_STATUS_BETA);
    ASSERT(model(&all, "azure", "spoken").status == RLM_MODEL_STATUS_ACTIVE); /* its own word comes first */
    finish(&all);
    PASS();
}

TEST
rows_that_state_nothing_are_no_models(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(
        RLM_OK,
        add(&all, "models_dev",
            OPENAI("\"a\":{},\"b\":{\"id\":\"b\",\"limit\":{},\"cost\":null},\"c\":{\"name\":\"\",\"modalities\":{}},"
                   "\"d\":{\"name\":\"D\"},\"e\":{\"tool_call\":false},\"f\":{\"cost\":{\"input\":0}}")));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(all.block.count == 3);
    ASSERT(model(&all, "openai", "d").id.length == 1 && model(&all, "openai", "e").id.length == 1 &&
           model(&all, "openai", "f").id.length == 1);
    finish(&all);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(the_step_of_older_documents_is_one_at_200000);
    RUN(where_tiers_are_read_their_mirror_is_not);
    RUN(where_no_tier_is_understood_their_mirror_is_read);
    RUN(what_repeats_it_has_the_same_steps_and_life);
    RUN(a_day_of_change_is_no_day_of_birth);
    RUN(deprecated_means_retired_unless_the_provider_lists_the_model);
    RUN(rows_that_state_nothing_are_no_models);
    return REPORT("models.dev");
}
