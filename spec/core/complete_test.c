/* What a later source adds: prices under further conditions, where both speak of one price list, and further bounds. */
#include "registry/statement.h"
#include "told.h"
#include "world.h"

#define STATEMENTS 3
#define NEW_YEAR_DAY 20454 /* 2026-01-01 */

static rlm_merging all;
static rlm_merged_model model;
static rlm_statement said[STATEMENTS];

static void
begin(void)
{
    static const char *const names[STATEMENTS] = {"a", "b", "c"};

    rlm_arena_free(&all.arena);
    memset(&all, 0, sizeof all);
    memset(&model, 0, sizeof model);
    memset(said, 0, sizeof said);
    rlm_arena_init(&all.arena, RLM_CAP_BLOCK);
    rlm_record_init(&model.record, NULL, RLM_SLICE("acme"));
    for (int i = 0; i < STATEMENTS; i++) {
        rlm_record_init(&said[i].record, NULL, RLM_SLICE("acme"));
        said[i].name = rlm_slice_of(names[i]);
        said[i].source = &rlm_source_models_dev;
        said[i].rank = RLM_RANK_METADATA;
    }
    model.statements = said;
    model.count = STATEMENTS;
}

/* Hundredths of a dollar. */
static bool
put_in(int statement, int cents, rlm_price price, const char *region)
{
    const rlm_price_words words = {.region = rlm_slice_of(region)};

    price.coefficient = cents;
    price.exponent = -2;
    for (; price.coefficient % 10 == 0; price.exponent++) price.coefficient /= 10; /* as a reader has it */
    return rlm_prices_add_with_words(&said[statement].record.prices, price, &words, &all.arena) == RLM_OK;
}

enum { A, B, C };
#define PUT_IN(statement, cents, region, ...)                                                                          \
    ASSERT(put_in(statement, cents, (rlm_price){.coefficient = 0, __VA_ARGS__}, region))
#define PUT(statement, cents, ...) PUT_IN(statement, cents, "", __VA_ARGS__)

/* As the merge does: the first set, then what the others add. */
static rlm_status
complete(void)
{
    model.record.prices = (rlm_price_set){.list = NULL};
    for (int i = STATEMENTS - 1; i >= 0; i--) {
        if (said[i].record.prices.count > 0) model.record.prices = said[i].record.prices;
    }
    return rlm_merge_complete_prices(&all, &model);
}

#define ASSERT_COMPLETE(expected)                                                                                      \
    do {                                                                                                               \
        ASSERT_STATUS(RLM_OK, complete());                                                                             \
        ASSERT_TEXT(expected, told(&model.record));                                                                    \
    } while (0)

TEST
adds_conditions_where_the_base_price_agrees(void)
{
    begin();
    PUT(A, 300, .meter = RLM_METER_INPUT);
    PUT(A, 375, .meter = RLM_METER_CACHE_WRITE);
    PUT(B, 300, .meter = RLM_METER_INPUT);
    PUT(B, 150, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(B, 600, .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(B, 200, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    PUT_IN(B, 330, "us", .meter = RLM_METER_INPUT);
    PUT(B, 375, .meter = RLM_METER_CACHE_WRITE);
    PUT(B, 600, .meter = RLM_METER_CACHE_WRITE_1H);
    PUT(B, 700, .meter = RLM_METER_CACHE_WRITE_EXTENDED);
    ASSERT_COMPLETE(
        "-; price input 3; price input since 2026-01-01 2 by b; price input above 200000 6 by b; price input "
        "in us 3.3 by b; price input batch 1.5 by b; price cache_write 3.75; price cache_write_1h 6 by b; "
        "price cache_write_extended 7 by b");
    ASSERT(said[A].record.prices.count == 2 && said[A].record.prices.words.length == 0); /* its sheet's, untouched */
    PASS();
}

/* Each line by its own base: another price of input says nothing of what is written to the cache. */
TEST
adds_nothing_to_a_price_that_differs(void)
{
    begin();
    PUT(A, 300, .meter = RLM_METER_INPUT);
    PUT(A, 375, .meter = RLM_METER_CACHE_WRITE);
    PUT(B, 301, .meter = RLM_METER_INPUT);
    PUT(B, 150, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(B, 600, .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(B, 200, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    PUT(B, 375, .meter = RLM_METER_CACHE_WRITE);
    PUT(B, 600, .meter = RLM_METER_CACHE_WRITE_1H);
    ASSERT_COMPLETE("-; price input 3; price cache_write 3.75; price cache_write_1h 6 by b");

    begin(); /* for a minute, not for a second */
    PUT(A, 300, .meter = RLM_METER_SPEECH, .unit = RLM_UNIT_MINUTE);
    PUT(B, 300, .meter = RLM_METER_SPEECH, .unit = RLM_UNIT_SECOND);
    PUT(B, 150, .meter = RLM_METER_SPEECH, .unit = RLM_UNIT_SECOND, .tier = RLM_TIER_BATCH);
    ASSERT_COMPLETE("-; price speech per minute 3");
    PASS();
}

/* A meter that the first source leaves out is unknown to it; the other's list may be another one. */
TEST
adds_no_meter(void)
{
    begin();
    PUT(A, 300, .meter = RLM_METER_INPUT);
    PUT(B, 300, .meter = RLM_METER_INPUT);
    PUT(B, 900, .meter = RLM_METER_OUTPUT);
    PUT(B, 450, .meter = RLM_METER_OUTPUT, .tier = RLM_TIER_BATCH);
    PUT(B, 600, .meter = RLM_METER_CACHE_WRITE_1H);
    ASSERT_COMPLETE("-; price input 3");
    PASS();
}

TEST
leaves_conditions_that_the_first_source_has_itself(void)
{
    begin();
    PUT(A, 300, .meter = RLM_METER_INPUT);
    PUT(A, 500, .meter = RLM_METER_INPUT, .threshold = 128000);
    PUT(A, 100, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(A, 200, .meter = RLM_METER_INPUT, .weekdays = 1);
    PUT(B, 300, .meter = RLM_METER_INPUT);
    PUT(B, 600, .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(B, 150, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(B, 310, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    PUT(B, 75, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH,
        .threshold = 200000); /* B's batches cost another price */
    ASSERT_COMPLETE("-; price input 3; price input on weekdays 1 2; price input above 128000 5; price input batch 1");
    PASS();
}

/* The line itself must agree, too: standard prices may be the same, and those of batches not. */
TEST
adds_to_another_line_only_where_that_agrees(void)
{
    begin();
    PUT(A, 300, .meter = RLM_METER_INPUT);
    PUT(A, 150, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(A, 290, .meter = RLM_METER_INPUT, .tier = RLM_TIER_FLEX);
    PUT(B, 300, .meter = RLM_METER_INPUT);
    PUT(B, 150, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(B, 250, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH, .threshold = 200000);
    PUT(B, 280, .meter = RLM_METER_INPUT, .tier = RLM_TIER_FLEX);
    PUT(B, 350, .meter = RLM_METER_INPUT, .tier = RLM_TIER_FLEX, .threshold = 200000);
    ASSERT_COMPLETE(
        "-; price input 3; price input batch 1.5; price input batch above 200000 2.5 by b; price input flex "
        "2.9");
    PASS();
}

/* A list agrees by what it asks until its first change: who agrees with what comes later does not agree now. */
TEST
agrees_with_the_first_price_of_a_dated_list(void)
{
    begin();
    PUT(A, 200, .meter = RLM_METER_INPUT);
    PUT(B, 300, .meter = RLM_METER_INPUT, .until_day = NEW_YEAR_DAY);
    PUT(B, 200, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    PUT(B, 100, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    ASSERT_COMPLETE("-; price input 2");

    begin();
    PUT(A, 300, .meter = RLM_METER_INPUT);
    PUT(B, 300, .meter = RLM_METER_INPUT, .until_day = NEW_YEAR_DAY);
    PUT(B, 200, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    PUT(B, 100, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    ASSERT_COMPLETE("-; price input 3; price input until 2026-01-01 3 by b; price input since 2026-01-01 2 by b; price "
                    "input batch 1 by b");

    begin(); /* of the first source only a price without a date is one to agree on */
    PUT(A, 200, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    PUT(B, 200, .meter = RLM_METER_INPUT);
    PUT(B, 100, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    ASSERT_COMPLETE("-; price input since 2026-01-01 2");

    begin(); /* and of the other one no price of long requests */
    PUT(A, 200, .meter = RLM_METER_INPUT);
    PUT(B, 200, .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(B, 100, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    ASSERT_COMPLETE("-; price input 2");
    PASS();
}

/* What it lists is what it charges, until its next answer says otherwise. */
TEST
lets_nobody_date_the_prices_of_a_provider(void)
{
    begin();
    said[A].rank = RLM_RANK_PROVIDER;
    PUT(A, 200, .meter = RLM_METER_INPUT);
    PUT(B, 200, .meter = RLM_METER_INPUT, .until_day = NEW_YEAR_DAY);
    PUT(B, 300, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    PUT(B, 100, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(B, 150, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH, .from_day = NEW_YEAR_DAY);
    ASSERT_COMPLETE("-; price input 2; price input batch 1 by b");
    PASS();
}

/* Of an introductory price half is a batch's; nobody says what half of the next one is. */
TEST
ends_what_depends_on_a_base_price_with_it(void)
{
    begin();
    PUT(A, 200, .meter = RLM_METER_INPUT);
    PUT(A, 900, .meter = RLM_METER_OUTPUT);
    PUT(B, 200, .meter = RLM_METER_INPUT);
    PUT(B, 100, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(B, 900, .meter = RLM_METER_OUTPUT);
    PUT(B, 450, .meter = RLM_METER_OUTPUT, .tier = RLM_TIER_BATCH);
    PUT(C, 200, .meter = RLM_METER_INPUT);
    PUT(C, 300, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    PUT(C, 250, .meter = RLM_METER_INPUT, .tier = RLM_TIER_FLEX);
    ASSERT_COMPLETE(
        "-; price input 2; price input since 2026-01-01 3 by c; price input batch until 2026-01-01 1 by b; price "
        "input flex 2.5 by c; price output 9; price output batch 4.5 by b");

    begin(); /* a long request would fall back to the new price of short ones */
    PUT(A, 200, .meter = RLM_METER_INPUT);
    PUT(A, 400, .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(B, 200, .meter = RLM_METER_INPUT);
    PUT(B, 400, .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(B, 300, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    ASSERT_COMPLETE("-; price input 2; price input above 200000 4");
    PUT(B, 600, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY, .threshold = 200000);
    ASSERT_COMPLETE(
        "-; price input 2; price input since 2026-01-01 3 by b; price input above 200000 4; price input above "
        "200000 since 2026-01-01 6 by b");
    PASS();
}

/* A source that is heard last is held to the day that one before it has announced. */
TEST
ends_what_is_added_later_with_its_base_too(void)
{
    begin();
    PUT(A, 200, .meter = RLM_METER_INPUT);
    PUT(B, 200, .meter = RLM_METER_INPUT);
    PUT(B, 300, .meter = RLM_METER_INPUT, .from_day = NEW_YEAR_DAY);
    PUT(C, 200, .meter = RLM_METER_INPUT);
    PUT_IN(C, 220, "us", .meter = RLM_METER_INPUT);
    ASSERT_COMPLETE(
        "-; price input 2; price input since 2026-01-01 3 by b; price input in us until 2026-01-01 2.2 by c");
    PASS();
}

/* "*" is stated for all regions, and another source's "us" would hide the steps of that. */
TEST
leaves_regions_to_who_has_any_of_them(void)
{
    begin();
    PUT(A, 100, .meter = RLM_METER_INPUT);
    PUT(B, 100, .meter = RLM_METER_INPUT);
    PUT_IN(B, 110, "*", .meter = RLM_METER_INPUT);
    PUT_IN(B, 220, "*", .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(C, 100, .meter = RLM_METER_INPUT);
    PUT_IN(C, 110, "us", .meter = RLM_METER_INPUT);
    ASSERT_COMPLETE("-; price input 1; price input in * 1.1 by b; price input above 200000 in * 2.2 by b");
    PASS();
}

/* Where long requests cost more, a price of one that knows no length is that of short ones. */
TEST
takes_nothing_from_who_does_not_know_the_steps(void)
{
    begin();
    PUT(A, 100, .meter = RLM_METER_INPUT);
    PUT(A, 200, .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(B, 100, .meter = RLM_METER_INPUT);
    PUT(B, 50, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(C, 100, .meter = RLM_METER_INPUT);
    PUT(C, 200, .meter = RLM_METER_INPUT, .threshold = 200001, .step = RLM_STEP_FROM);
    PUT(C, 60, .meter = RLM_METER_INPUT, .tier = RLM_TIER_FLEX);
    ASSERT_COMPLETE("-; price input 1; price input above 200000 2; price input flex 0.6 by c");

    begin(); /* lists differ in whether the step itself is long already */
    PUT(A, 100, .meter = RLM_METER_INPUT);
    PUT(A, 200, .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(B, 100, .meter = RLM_METER_INPUT);
    PUT(B, 200, .meter = RLM_METER_INPUT, .threshold = 200000, .step = RLM_STEP_FROM);
    PUT(B, 50, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(C, 100, .meter = RLM_METER_INPUT);
    PUT(C, 200, .meter = RLM_METER_INPUT, .threshold = 128000);
    PUT(C, 60, .meter = RLM_METER_INPUT, .tier = RLM_TIER_FLEX);
    ASSERT_COMPLETE("-; price input 1; price input above 200000 2; price input batch 0.5 by b");
    PASS();
}

TEST
hears_sources_in_their_order(void)
{
    begin();
    PUT(B, 300, .meter = RLM_METER_INPUT); /* A states no prices: the set is B's */
    PUT(C, 300, .meter = RLM_METER_INPUT);
    PUT(C, 140, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    ASSERT_COMPLETE("-; price input 3; price input batch 1.4 by c");

    begin();
    PUT(A, 300, .meter = RLM_METER_INPUT);
    PUT(B, 300, .meter = RLM_METER_INPUT);
    PUT(B, 150, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(C, 300, .meter = RLM_METER_INPUT);
    PUT(C, 140, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    PUT(C, 160, .meter = RLM_METER_INPUT, .tier = RLM_TIER_FLEX);
    ASSERT_COMPLETE("-; price input 3; price input batch 1.5 by b; price input flex 1.6 by c");

    begin(); /* of one source, all prices of a condition */
    PUT(A, 300, .meter = RLM_METER_INPUT);
    PUT(B, 300, .meter = RLM_METER_INPUT);
    PUT(B, 400, .meter = RLM_METER_INPUT, .threshold = 200000);
    PUT(B, 500, .meter = RLM_METER_INPUT, .threshold = 500000);
    PUT(C, 300, .meter = RLM_METER_INPUT);
    PUT(C, 450, .meter = RLM_METER_INPUT, .threshold = 300000);
    ASSERT_COMPLETE("-; price input 3; price input above 200000 4 by b; price input above 500000 5 by b");

    begin();
    PUT(A, 300, .meter = RLM_METER_INPUT);
    ASSERT_COMPLETE("-; price input 3");
    begin();
    ASSERT_COMPLETE("-");
    PASS();
}

/* All that one source adds, or nothing of it. */
TEST
adds_no_more_than_a_model_may_have(void)
{
    for (uint32_t own = RLM_CAP_MERGED_PRICES - 3; own <= RLM_CAP_MERGED_PRICES - 2; own++) {
        begin();
        PUT(A, 300, .meter = RLM_METER_INPUT);
        for (uint32_t i = 1; i < own; i++) PUT(A, 900, .meter = RLM_METER_OUTPUT, .threshold = (int32_t) i);
        PUT(B, 300, .meter = RLM_METER_INPUT);
        PUT(B, 150, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
        PUT(B, 160, .meter = RLM_METER_INPUT, .tier = RLM_TIER_FLEX);
        PUT(B, 600, .meter = RLM_METER_INPUT, .tier = RLM_TIER_PRIORITY);
        ASSERT_STATUS(RLM_OK, complete());
        ASSERT(model.record.prices.count == (own == RLM_CAP_MERGED_PRICES - 3 ? RLM_CAP_MERGED_PRICES : own));
    }
    begin(); /* no word is left for its name */
    PUT(A, 300, .meter = RLM_METER_INPUT);
    for (int i = 0; i < 255; i++) {
        char region[12];

        (void) snprintf(region, sizeof region, "%d", i);
        PUT_IN(A, 300, region, .meter = RLM_METER_INPUT);
    }
    PUT(B, 300, .meter = RLM_METER_INPUT);
    PUT(B, 150, .meter = RLM_METER_INPUT, .tier = RLM_TIER_BATCH);
    ASSERT_STATUS(RLM_OK, complete());
    ASSERT(model.record.prices.count == 256);
    PASS();
}

/* ---- Bounds ---- */

static const rlm_bound few[] = {{.coefficient = 2, .of = RLM_BOUNDED_TEMPERATURE, .kind = RLM_BOUND_MAX}},
                       many[] = {{.coefficient = 0, .of = RLM_BOUNDED_TEMPERATURE, .kind = RLM_BOUND_MIN},
                                 {.coefficient = 1, .of = RLM_BOUNDED_TEMPERATURE, .kind = RLM_BOUND_MAX},
                                 {.coefficient = 8, .of = RLM_BOUNDED_REASONING_BUDGET, .kind = RLM_BOUND_MIN},
                                 {.coefficient = 9, .of = RLM_BOUNDED_DIMENSIONS, .kind = RLM_BOUND_MAX}},
                       last[] = {{.coefficient = 7, .of = RLM_BOUNDED_DIMENSIONS, .kind = RLM_BOUND_DEFAULT},
                                 {.coefficient = 20, .of = RLM_BOUNDED_IMAGES, .kind = RLM_BOUND_MAX}};

TEST
takes_the_bounds_of_each_number_from_its_first_source(void)
{
    begin();
    said[A].record.bounds = few, said[A].record.bound_count = 1;
    said[B].record.bounds = many, said[B].record.bound_count = 4;
    said[C].record.bounds = last, said[C].record.bound_count = 2;
    model.origins.of[RLM_FIELD_REASONING] = RLM_SLICE("earlier");
    ASSERT_STATUS(RLM_OK, rlm_merge_join_bounds(&all, &model));
    ASSERT_TEXT("-; temperature max 2; reasoning_budget min 8; dimensions max 9; images max 20", told(&model.record));
    ASSERT_TEXT("a", model.origins.of[RLM_FIELD_PARAMETERS]);
    ASSERT_TEXT("earlier", model.origins.of[RLM_FIELD_REASONING]);
    ASSERT_TEXT("b", model.origins.of[RLM_FIELD_DIMENSIONS]);
    ASSERT_TEXT("c", model.origins.of[RLM_FIELD_REQUEST_LIMITS]);
    begin();
    ASSERT_STATUS(RLM_OK, rlm_merge_join_bounds(&all, &model));
    ASSERT(model.record.bound_count == 0 && model.origins.of[RLM_FIELD_PARAMETERS].length == 0);
    PASS();
}

/* ---- Both in a merge ---- */

TEST
a_listing_gets_the_long_prices_of_a_catalogue(void)
{
    world sheets;
    rlm_record same, other;

    start(&sheets);
    ASSERT_STATUS(
        RLM_OK,
        add(&sheets, "openrouter",
            JSON({"data": [
        {"id": "lab/same", "pricing": {"prompt": "0.000003", "completion": "0.000015"}},
        {"id": "lab/other", "pricing": {"prompt": "0.000004", "completion": "0.000015"}}
    ]})));
    ASSERT_STATUS(RLM_OK, add(&sheets, "models_dev",
                              JSON({"openrouter": {"models": {
        "lab/same": {"cost": {"input": 3, "output": 15, "context_over_200k": {"input": 6, "output": 22.5}}},
        "lab/other": {"cost": {"input": 3, "output": 15, "context_over_200k": {"input": 6, "output": 22.5}}}
    }}})));
    ASSERT_STATUS(RLM_OK, join(&sheets));
    same = merged(&sheets, "openrouter", "lab/same");
    other = merged(&sheets, "openrouter", "lab/other");
    ASSERT(says(same, RLM_FIELD_PRICES, "openrouter") && same.prices.count == 4);
    ASSERT(same.prices.list[1].threshold == 200000 && same.prices.list[1].coefficient == 6);
    ASSERT_TEXT("models_dev", rlm_price_word(same.prices.words, same.prices.list[1].origin));
    ASSERT_TEXT("", rlm_price_word(same.prices.words, same.prices.list[0].origin));
    ASSERT(other.prices.count == 3); /* its price of input differs */
    ASSERT(other.prices.list[2].meter == RLM_METER_OUTPUT && other.prices.list[2].threshold == 200000);
    finish(&sheets);
    PASS();
}

static rlm_status
complete_all(void *context)
{
    static const rlm_price base = {.coefficient = 3};
    static const rlm_price both[] = {{.coefficient = 3}, {.coefficient = 2, .tier = RLM_TIER_BATCH}};

    (void) context;
    begin();
    said[A].record.prices = (rlm_price_set){.list = &base, .count = 1};
    said[B].record.prices = (rlm_price_set){.list = both, .count = 2};
    said[B].record.bounds = many, said[B].record.bound_count = 4;
    RLM_TRY(complete());
    return rlm_merge_join_bounds(&all, &model);
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(complete_all, NULL);
    ASSERT(model.record.prices.count == 2 && model.record.bound_count == 4);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_arena_init(&all.arena, RLM_CAP_BLOCK);
    RUN(adds_conditions_where_the_base_price_agrees);
    RUN(adds_nothing_to_a_price_that_differs);
    RUN(adds_no_meter);
    RUN(leaves_conditions_that_the_first_source_has_itself);
    RUN(adds_to_another_line_only_where_that_agrees);
    RUN(agrees_with_the_first_price_of_a_dated_list);
    RUN(lets_nobody_date_the_prices_of_a_provider);
    RUN(ends_what_depends_on_a_base_price_with_it);
    RUN(ends_what_is_added_later_with_its_base_too);
    RUN(leaves_regions_to_who_has_any_of_them);
    RUN(takes_nothing_from_who_does_not_know_the_steps);
    RUN(hears_sources_in_their_order);
    RUN(adds_no_more_than_a_model_may_have);
    RUN(takes_the_bounds_of_each_number_from_its_first_source);
    RUN(a_listing_gets_the_long_prices_of_a_catalogue);
    RUN(survives_a_lack_of_memory);
    rlm_arena_free(&all.arena);
    return REPORT("complete");
}
