/* Records that speak of many ids: whom they reach, in which order, and that they make no models. */
#include "world.h"

static rlm_record one;

#define FIND(provider, id) (one = merged(&all, provider, id))

static int64_t
input_price(void)
{
    return one.prices.count == 1 && one.prices.list[0].exponent == 0 ? one.prices.list[0].coefficient : -1;
}

TEST
the_first_row_of_a_provider_that_matches_speaks(void)
{
    world all;
    size_t models;

    start(&all);
    ADD(openai, {"data": [{"id": "deep-2-mini"}, {"id": "Deep-2-2026-01-01"}, {"id": "deep-2"}, {"id": "else"}]});
    ADD(xai, {"models": [{"id": "deep-2"}]});
    ASSERT_STATUS(RLM_OK, join(&all));
    models = all.block.count;
    ADD(genai_prices, [{"id": "openai", "models": [
        {"id": "z", "match": {"contains": "mini"}, "prices": {"input_mtok": 1}, "context_window": 5},
        {"id": "a", "name": "Deep", "match": {"starts_with": "deep-2"}, "prices": {"input_mtok": 2}, "note": "n"},
        {"id": "b", "match": {"equals": "deep-2"}, "prices": {"input_mtok": 3}},
        {"id": "deep-9", "match": {"equals": "deep-9"}, "prices": {"input_mtok": 4}}
    ]}]);
    ASSERT_STATUS(RLM_OK, join(&all));
    FIND("openai", "deep-2-mini");
    ASSERT(input_price() == 1 && one.limits[RLM_LIMIT_CONTEXT] == 5);
    ASSERT(says(one, RLM_FIELD_PRICES, "genai_prices") && says(one, RLM_FIELD_CONTEXT_WINDOW, "genai_prices"));
    FIND("openai", "Deep-2-2026-01-01");
    ASSERT(input_price() == 2);
    FIND("openai", "deep-2");
    ASSERT(input_price() == 2);
    ASSERT_TEXT("deep-2", one.name); /* the row's name is of all that it matches */
    ASSERT_TEXT("", one.pattern);
    ASSERT_JSON(one.metadata, {"genai_prices": {"note": "n"}});
    FIND("openai", "else");
    ASSERT(one.id.length > 0 && one.prices.count == 0);
    FIND("xai", "deep-2");
    ASSERT(one.id.length > 0 && one.prices.count == 0); /* another provider's */
    ASSERT(all.block.count == models);                  /* no deep-9, and none of the rows' own ids */
    finish(&all);
    PASS();
}

TEST
a_row_speaks_of_models_that_only_a_catalogue_states(void)
{
    world all;

    start(&all);
    ADD(genai_prices, [{"id": "google", "models": [
        {"id": "d", "match": {"starts_with": "deep"}, "prices": {"input_mtok": 7}}]}]);
    ADD(models_dev, {
        "google": {"models": {"deep-1": {"name": "Deep"}, "deep-2": {"name": "Two", "cost": {"input": 9}}}},
        "google-vertex": {"models": {"deep-1": {"name": "Deep"}}}
    });
    ASSERT_STATUS(RLM_OK, join(&all));
    FIND("gemini", "deep-1");
    ASSERT(input_price() == 7 && one.standing == RLM_STANDING_DOCUMENTED);
    FIND("vertexai", "deep-1");
    ASSERT(input_price() == 7);
    FIND("gemini", "deep-2");
    ASSERT(input_price() == 9 && says(one, RLM_FIELD_PRICES, "models_dev"));
    ASSERT(all.block.count == 3);
    finish(&all);
    PASS();
}

TEST
other_providers_prices_hold_where_there_is_no_own_row(void)
{
    world all;

    start(&all);
    ADD(azure, {"data": [{"id": "deep-1"}, {"id": "deep-2"}, {"id": "deep-3"}]});
    ADD(genai_prices, [
        {"id": "azure", "fallback_model_providers": ["openai", "anthropic"], "models": [
            {"id": "deep-1", "match": {"equals": "deep-1"}, "prices": {"input_mtok": 1}}]},
        {"id": "anthropic", "models": [{"id": "any", "match": {"contains": "deep"}, "prices": {"input_mtok": 3}}]},
        {"id": "openai", "models": [{
            "id": "deep-2", "match": {"or": [{"equals": "deep-1"}, {"equals": "deep-2"}]},
            "prices": {"input_mtok": 2}}]}
    ]);
    ASSERT_STATUS(RLM_OK, join(&all));
    FIND("azure", "deep-1");
    ASSERT(input_price() == 1);
    FIND("azure", "deep-2");
    ASSERT(input_price() == 2);
    FIND("azure", "deep-3");
    ASSERT(input_price() == 3);
    finish(&all);
    PASS();
}

/* A sheet of that source with the records, in the world. */
static rlm_status
add_records(world *all, const char *source, rlm_record *records, size_t count)
{
    const rlm_stamp stamp = {
        .source = rlm_slice_of(source), .api = RLM_SLICE("genai_prices"), .fetched_at = 1700000000};
    size_t at = all->count++;
    rlm_error error;

    RLM_TRY(rlm_block_write(RLM_BLOCK_SHEET, records, count, &stamp, &all->bytes[at]));
    return rlm_block_open(all->bytes[at].bytes, all->bytes[at].length, &all->sheets[at], &error);
}

static rlm_record
rule(const char *id, const char *pattern, const rlm_price *price)
{
    rlm_record record;

    rlm_record_init(&record, NULL, RLM_SLICE("openai"));
    record.id = rlm_slice_of(id);
    record.pattern = rlm_slice_of(pattern);
    record.standing = RLM_STANDING_DOCUMENTED;
    record.prices = (rlm_price_set){.list = price, .count = 1};
    return record;
}

TEST
the_place_in_the_pattern_decides_and_a_stated_id_comes_first(void)
{
    static const rlm_price prices[] = {{.coefficient = 1}, {.coefficient = 2}, {.coefficient = 3}};
    rlm_record records[] = {rule("a", "00000009^1:d", &prices[0]), rule("b", "00000003^1:d", &prices[1]),
                            rule("deep-2", "", &prices[2]), rule("broken", "00000001|7:^1:d", &prices[2])};
    world all;

    start(&all);
    ADD(openai, {"data": [{"id": "deep-1"}, {"id": "deep-2"}]});
    ASSERT_STATUS(RLM_OK, add_records(&all, "genai_prices", records, 4));
    ASSERT_STATUS(RLM_OK, join(&all));
    FIND("openai", "deep-1");
    ASSERT(input_price() == 2);
    FIND("openai", "deep-2");
    ASSERT(input_price() == 3);
    ASSERT(all.block.count == 2);
    finish(&all);
    PASS();
}

/* Three sheets, from the given one on. */
static rlm_status
join_from(world *all, size_t first)
{
    static const char *const sheets[][2] = {
        {"openai", "{\"data\": [{\"id\": \"deep-1\"}, {\"id\": \"deep-2\"}]}"},
        {"models_dev", "{\"openai\": {\"models\": {\"deep-1\": {\"name\": \"D\", \"cost\": {\"input\": 7}}}}}"},
        {"genai_prices", "[{\"id\": \"openai\", \"models\": [{\"id\": \"d\", \"match\": {\"starts_with\": \"deep\"},"
                         "\"prices\": {\"input_mtok\": 7, \"web_searches_kcount\": 8}}]}]"},
    };

    start(all);
    for (size_t i = 0; i < 3; i++) RLM_TRY(add(all, sheets[(first + i) % 3][0], sheets[(first + i) % 3][1]));
    return join(all);
}

TEST
the_order_of_sheets_changes_nothing(void)
{
    world one_way, other_way;

    ASSERT_STATUS(RLM_OK, join_from(&one_way, 0));
    for (size_t first = 1; first < 3; first++) {
        ASSERT_STATUS(RLM_OK, join_from(&other_way, first));
        ASSERT(one_way.catalog.length == other_way.catalog.length);
        ASSERT(memcmp(one_way.catalog.bytes, other_way.catalog.bytes, one_way.catalog.length) == 0);
        finish(&other_way);
    }
    finish(&one_way);
    PASS();
}

static rlm_status
merge_again(void *all)
{
    return join(all);
}

TEST
survives_every_failing_allocation(void)
{
    world all;

    start(&all);
    ADD(openai, {"data": [{"id": "deep-1"}]});
    ADD(genai_prices, [{"id": "openai", "models": [
        {"id": "d", "match": {"starts_with": "deep"}, "prices": {"input_mtok": 7}}]}]);
    ASSERT_SURVIVES_TORTURE(merge_again, &all);
    finish(&all);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(the_first_row_of_a_provider_that_matches_speaks);
    RUN(a_row_speaks_of_models_that_only_a_catalogue_states);
    RUN(other_providers_prices_hold_where_there_is_no_own_row);
    RUN(the_place_in_the_pattern_decides_and_a_stated_id_comes_first);
    RUN(the_order_of_sheets_changes_nothing);
    RUN(survives_every_failing_allocation);
    return REPORT("rules");
}
