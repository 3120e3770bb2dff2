/* Prices of a record: one order, exact amounts, and a whole set or none. */
#include "base/caps.h"
#include "model/record.h"
#include "parsed.h"

static rlm_arena arena;
static rlm_record record;

static void
begin(void)
{
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_record_init(&record, &arena, RLM_SLICE("acme"));
}

static const rlm_price input = {.meter = RLM_METER_INPUT}, output = {.meter = RLM_METER_OUTPUT},
                       long_input = {.meter = RLM_METER_INPUT, .threshold = 200000},
                       image = {.meter = RLM_METER_IMAGE_INPUT};

TEST
keeps_prices_in_one_order_however_they_are_stated(void)
{
    const rlm_price *const orders[][4] = {{&input, &output, &long_input, &image},
                                          {&image, &long_input, &output, &input},
                                          {&long_input, &image, &input, &output}};
    rlm_price first[4];

    for (size_t order = 0; order < 3; order++) {
        begin();
        for (size_t i = 0; i < 4; i++)
            ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, *orders[order][i], parsed("[2]")->first, 0));
        ASSERT(record.prices.count == 4);
        ASSERT(record.prices.list[0].meter == RLM_METER_INPUT && record.prices.list[0].threshold == 0);
        ASSERT(record.prices.list[1].meter == RLM_METER_INPUT && record.prices.list[1].threshold == 200000);
        ASSERT(record.prices.list[2].meter == RLM_METER_OUTPUT && record.prices.list[3].meter == RLM_METER_IMAGE_INPUT);
        if (order == 0) memcpy(first, record.prices.list, sizeof first);
        ASSERT(memcmp(first, record.prices.list, sizeof first) == 0);
    }
    PASS();
}

TEST
sorts_and_compares_sets(void)
{
    rlm_price some[] = {image, long_input, input}, others[] = {input, long_input, image};
    const rlm_price_set one = {.list = some, .count = 3}, other = {.list = others, .count = 3},
                        shorter = {.list = others, .count = 2}, none = {.list = NULL};

    ASSERT(!rlm_prices_equal(&one, &other));
    rlm_prices_sort(some, 3);
    rlm_prices_sort(others, 3);
    ASSERT(rlm_prices_equal(&one, &other) && !rlm_prices_equal(&one, &shorter));
    others[2].coefficient = 1;
    ASSERT(!rlm_prices_equal(&one, &other));
    ASSERT(rlm_prices_equal(&none, &none));
    PASS();
}

TEST
moves_the_point_and_leaves_out_what_is_not_a_price(void)
{
    rlm_value *list = parsed(JSON(["0.00000008333333333333334", "-1", null, ""]));

    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, input, list->first, 6));
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, output, list->first->next, 6));
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, output, list->first->next->next, 6));
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, output, list->last, 6));
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, output, NULL, 6));
    ASSERT(record.prices.count == 1);
    ASSERT_DECIMAL("0.08333333333333334",
                   ((rlm_decimal){record.prices.list[0].coefficient, record.prices.list[0].exponent}));
    ASSERT(list->first->taken && !list->first->next->taken); /* what is below zero stays in the rest */
    PASS();
}

TEST
gives_up_the_set_at_one_price_that_cannot_be_read(void)
{
    static const rlm_price_key keys[] = {RLM_PRICE("in", INPUT, 0), RLM_PRICE("out", OUTPUT, 0), RLM_PRICE_END};
    const rlm_price any = RLM_ANY_LENGTH, above = {.threshold = 1000};

    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 1, "out": "ask us"})), keys, any, true));
    ASSERT(record.prices.count == 0);
    ASSERT_TEXT("out must be a number, got \"ask us\"", record.unread_price);
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 1})), keys, above, true));
    ASSERT(record.prices.count == 0); /* the set has a hole: no later price fills it */
    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 0, "out": 2})), keys, any, false));
    ASSERT(record.prices.count == 1 && record.prices.list[0].meter == RLM_METER_OUTPUT);
    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 0, "out": 2})), keys, any, true));
    ASSERT(record.prices.count == 2);
    PASS();
}

TEST
gives_up_more_prices_than_there_may_be(void)
{
    rlm_value *amount = parsed(JSON({"in": 1}))->first;

    begin();
    for (int i = 0; i < RLM_CAP_PRICES; i++)
        ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, (rlm_price){.threshold = i}, amount, 0));
    ASSERT(record.prices.count == RLM_CAP_PRICES);
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, (rlm_price){.threshold = -1}, amount, 0));
    ASSERT(record.prices.count == 0);
    ASSERT(rlm_slice_starts_with(record.unread_price, "more than "));
    PASS();
}

static rlm_status
state_three(void *amount)
{
    begin();
    for (int i = 0; i < 3; i++) RLM_TRY(rlm_record_state_price(&record, (rlm_price){.threshold = i}, amount, 0));
    return RLM_OK;
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(state_three, parsed("[1]")->first);
    PASS();
}

/* In their order, as a record has them. */
TEST
finds_the_price_of_a_kind(void)
{
    const rlm_price prices[] = {{.coefficient = 1},
                                {.coefficient = 3, .threshold = 200000},
                                {.coefficient = 4, .tier = RLM_TIER_BATCH},
                                {.coefficient = 5, .tier = RLM_TIER_BATCH, .threshold = 9},
                                {.coefficient = 6, .meter = RLM_METER_OUTPUT},
                                {.coefficient = 2, .meter = RLM_METER_IMAGE_READ, .unit = RLM_UNIT_IMAGE}};
    const rlm_price_set set = {.list = prices, .count = sizeof prices / sizeof *prices}, none = {.list = NULL};

#define FIND(METER, TIER, TOKENS)                                                                                      \
    rlm_prices_find(&set, &(rlm_price_query){.meter = RLM_METER_##METER, .tier = RLM_TIER_##TIER, .tokens = (TOKENS)})
    ASSERT(FIND(INPUT, STANDARD, 0) == &prices[0]);
    ASSERT(FIND(INPUT, STANDARD, 200001) == &prices[1]);
    ASSERT(FIND(INPUT, BATCH, 0) == &prices[2]);
    ASSERT(FIND(INPUT, BATCH, 10) == &prices[3]);
    ASSERT(FIND(OUTPUT, STANDARD, 0) == &prices[4]);
    ASSERT(FIND(IMAGE_READ, STANDARD, 0) == &prices[5]);
    ASSERT(FIND(IMAGE, STANDARD, 0) == NULL);
    ASSERT(FIND(OUTPUT, BATCH, 0) == NULL);
    ASSERT(rlm_prices_find(&none, &(rlm_price_query){.meter = RLM_METER_INPUT}) == NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    RUN(keeps_prices_in_one_order_however_they_are_stated);
    RUN(sorts_and_compares_sets);
    RUN(moves_the_point_and_leaves_out_what_is_not_a_price);
    RUN(gives_up_the_set_at_one_price_that_cannot_be_read);
    RUN(gives_up_more_prices_than_there_may_be);
    RUN(finds_the_price_of_a_kind);
    RUN(survives_a_lack_of_memory);
    rlm_arena_free(&arena);
    parsed_free();
    return REPORT("price");
}
