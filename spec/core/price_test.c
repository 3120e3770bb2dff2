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

static const rlm_price input = {.direction = RLM_DIRECTION_INPUT}, output = {.direction = RLM_DIRECTION_OUTPUT},
                       long_input = {.direction = RLM_DIRECTION_INPUT, .threshold = 200000},
                       image = {.category = RLM_PRICE_IMAGE, .direction = RLM_DIRECTION_INPUT};

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
        ASSERT(record.price_count == 4);
        ASSERT(record.prices[0].direction == RLM_DIRECTION_INPUT && record.prices[1].direction == RLM_DIRECTION_OUTPUT);
        ASSERT(record.prices[2].threshold == 200000 && record.prices[3].category == RLM_PRICE_IMAGE);
        if (order == 0) memcpy(first, record.prices, sizeof first);
        ASSERT(rlm_prices_equal(first, 4, record.prices, 4));
    }
    PASS();
}

TEST
sorts_and_compares_sets(void)
{
    rlm_price some[] = {image, long_input, input}, others[] = {input, long_input, image};

    ASSERT(!rlm_prices_equal(some, 3, others, 3));
    rlm_prices_sort(some, 3);
    rlm_prices_sort(others, 3);
    ASSERT(rlm_prices_equal(some, 3, others, 3) && !rlm_prices_equal(some, 3, others, 2));
    others[2].coefficient = 1;
    ASSERT(!rlm_prices_equal(some, 3, others, 3));
    ASSERT(rlm_prices_equal(NULL, 0, NULL, 0));
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
    ASSERT(record.price_count == 1);
    ASSERT_DECIMAL("0.08333333333333334", ((rlm_decimal){record.prices[0].coefficient, record.prices[0].exponent}));
    ASSERT(list->first->taken && !list->first->next->taken); /* what is below zero stays in the rest */
    PASS();
}

TEST
gives_up_the_set_at_one_price_that_cannot_be_read(void)
{
    static const rlm_price_key keys[] = {
        {"in", {.direction = RLM_DIRECTION_INPUT}, 0}, {"out", {.direction = RLM_DIRECTION_OUTPUT}, 0}, {NULL, {0}, 0}};

    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 1, "out": "ask us"})), keys, 0, true));
    ASSERT(record.price_count == 0);
    ASSERT_TEXT("out must be a number, got \"ask us\"", record.unread_price);
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 1})), keys, 1000, true));
    ASSERT(record.price_count == 0); /* the set has a hole: no later price fills it */
    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 0, "out": 2})), keys, 0, false));
    ASSERT(record.price_count == 1 && record.prices[0].direction == RLM_DIRECTION_OUTPUT);
    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 0, "out": 2})), keys, 0, true));
    ASSERT(record.price_count == 2);
    PASS();
}

TEST
gives_up_more_prices_than_there_may_be(void)
{
    rlm_value *amount = parsed(JSON({"in": 1}))->first;

    begin();
    for (int i = 0; i < RLM_CAP_PRICES; i++)
        ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, (rlm_price){.threshold = i}, amount, 0));
    ASSERT(record.price_count == RLM_CAP_PRICES);
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, (rlm_price){.threshold = -1}, amount, 0));
    ASSERT(record.price_count == 0);
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
                                {.coefficient = 2, .unit = RLM_UNIT_IMAGE},
                                {.coefficient = 3, .threshold = 200000},
                                {.coefficient = 4, .tier = RLM_TIER_BATCH},
                                {.coefficient = 5, .tier = RLM_TIER_BATCH, .threshold = 9},
                                {.coefficient = 6, .direction = RLM_DIRECTION_OUTPUT}};
    const size_t count = sizeof prices / sizeof *prices;

#define FIND(direction, tier, threshold) rlm_prices_find(prices, count, RLM_PRICE_TEXT, direction, tier, threshold)
    ASSERT(FIND(RLM_DIRECTION_INPUT, RLM_TIER_STANDARD, 0) == &prices[0]);
    ASSERT(FIND(RLM_DIRECTION_INPUT, RLM_TIER_STANDARD, 200000) == &prices[2]);
    ASSERT(FIND(RLM_DIRECTION_INPUT, RLM_TIER_BATCH, RLM_ANY_THRESHOLD) == &prices[4]);
    ASSERT(FIND(RLM_DIRECTION_OUTPUT, RLM_TIER_STANDARD, 0) == &prices[5]);
    ASSERT(FIND(RLM_DIRECTION_OUTPUT, RLM_TIER_STANDARD, 1) == NULL);
    ASSERT(rlm_prices_find(NULL, 0, RLM_PRICE_TEXT, RLM_DIRECTION_INPUT, RLM_TIER_STANDARD, 0) == NULL);
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
