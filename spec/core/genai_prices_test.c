/*
 * genai-prices: whom a row speaks of, and every form in which it states prices: steps, days, hours, and both. The
 * amounts are asked for as a bill asks.
 */
#include "answer.h"

/* A day and a time of 2026, in seconds. */
#define AT(month, day, hour, minute) ((days_of_2026(month, day) * 24 + (hour)) * 3600 + (minute) *60)

static int64_t
days_of_2026(int month, int day)
{
    char text[16];
    rlm_timestamp read = {0, RLM_PRECISION_NONE};

    snprintf(text, sizeof text, "2026-%02d-%02d", month, day);
    return rlm_timestamp_parse(rlm_slice_of(text), &read) == RLM_OK ? read.seconds / 86400 : -1;
}

/* What a million tokens, or one of anything else, cost then in a request of that length; "unknown". */
static const char *
costs(int meter, int64_t tokens, int64_t at)
{
    static char text[RLM_DECIMAL_TEXT];
    const rlm_price_query query = {.meter = (rlm_meter) meter, .tokens = tokens, .at = at};
    const rlm_price *price = rlm_prices_find(&model.prices, &query);

    if (price == NULL) return "unknown";
    rlm_decimal_write((rlm_decimal){price->coefficient, price->exponent}, text);
    return text;
}

#define ASSERT_COSTS(expected, meter, tokens, at) ASSERT_SAID(expected, costs(RLM_METER_##meter, tokens, at))
#define NOON AT(7, 1, 12, 0)

TEST
is_asked_only_where_an_address_is_set(void)
{
    ASSERT(rlm_source_genai_prices.base_url == NULL);
    ASSERT((rlm_source_genai_prices.settings[0].flags & RLM_SETTING_REQUIRED) != 0);
    PASS();
}

TEST
states_prices_of_each_kind(void)
{
    READ_SHEET(genai_prices, [{"id": "x-ai", "extractors": [{"root": "usage", "models": [{"id": "no"}]}],
        "model_match": {"contains": "deep"}, "models": [{
        "id": "deep-2", "name": "Deep 2 and its dates", "description": "Thinks", "price_comments": "see page",
        "match": {"starts_with": "Deep-2"}, "context_window": 64000, "deprecated": true, "prices_checked": "2026-05-01",
        "prices": {
            "input_mtok": 1.25, "output_mtok": 10, "cache_read_mtok": 0.125, "cache_write_mtok": 1.5,
            "cache_write_1h_mtok": 2.5, "input_audio_mtok": 3, "output_audio_mtok": 12, "cache_audio_read_mtok": 0.3,
            "input_image_mtok": 4, "cache_image_read_mtok": 0.4, "output_image_mtok": 30, "input_video_mtok": 5,
            "output_video_mtok": 50, "output_reasoning_mtok": 9, "output_citation_mtok": 2,
            "web_searches_kcount": 10, "requests_kcount": 5, "input_text_mtok": null
        }
    }]}]);
    ASSERT(rejected == 0 && sheet.count == 1 && find("deep-2"));
    ASSERT_TEXT("xai", model.provider);
    ASSERT_TEXT("", model.name);
    ASSERT_TEXT("00000000^6:deep-2", model.pattern);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 64000 && model.status == RLM_MODEL_STATUS_DEPRECATED);
    ASSERT_JSON(model.metadata, {"description": "Thinks", "price_comments": "see page"});
    ASSERT(model.prices.count == 17);
    ASSERT_COSTS("1.25", INPUT, 0, NOON);
    ASSERT_COSTS("10", OUTPUT, 0, NOON);
    ASSERT_COSTS("0.125", CACHE_READ, 0, NOON);
    ASSERT_COSTS("1.5", CACHE_WRITE, 0, NOON);
    ASSERT_COSTS("2.5", CACHE_WRITE_1H, 0, NOON);
    ASSERT_COSTS("3", AUDIO_INPUT, 0, NOON);
    ASSERT_COSTS("12", AUDIO_OUTPUT, 0, NOON);
    ASSERT_COSTS("0.3", AUDIO_CACHE_READ, 0, NOON);
    ASSERT_COSTS("4", IMAGE_INPUT, 0, NOON);
    ASSERT_COSTS("0.4", IMAGE_CACHE_READ, 0, NOON);
    ASSERT_COSTS("30", IMAGE_OUTPUT, 0, NOON);
    ASSERT_COSTS("5", VIDEO_INPUT, 0, NOON);
    ASSERT_COSTS("50", VIDEO_OUTPUT, 0, NOON);
    ASSERT_COSTS("9", REASONING, 0, NOON);
    ASSERT_COSTS("2", CITATION, 0, NOON);
    ASSERT_COSTS("0.01", WEB_SEARCH, 0, NOON);
    ASSERT_COSTS("0.005", REQUEST, 0, NOON);
    for (uint32_t i = 0; i < model.prices.count; i++)
        ASSERT(model.prices.list[i].stated_day == days_of_2026(5, 1) && model.prices.list[i].until_day == 0);
    PASS();
}

/* What has no price of its own is counted as what it is a part of. */
TEST
a_price_holds_for_what_is_taken_out_of_its_count(void)
{
    READ(genai_prices, [{"id": "google", "models": [
        {"id": "x", "match": {"equals": "x"}, "prices": {"input_mtok": 2, "output_mtok": 8}}]}]);
    ASSERT_COSTS("2", CACHE_READ, 0, NOON);
    ASSERT_COSTS("2", CACHE_WRITE_1H, 0, NOON);
    ASSERT_COSTS("2", AUDIO_CACHE_READ, 0, NOON);
    ASSERT_COSTS("2", VIDEO_INPUT, 0, NOON);
    ASSERT_COSTS("8", IMAGE_OUTPUT, 0, NOON);
    ASSERT_COSTS("8", CITATION, 0, NOON);
    ASSERT_COSTS("unknown", WEB_SEARCH, 0, NOON);
    ASSERT_COSTS("unknown", REQUEST, 0, NOON);
    PASS();
}

TEST
a_step_is_the_price_of_a_longer_request(void)
{
    READ(genai_prices, [{"id": "google", "models": [{"id": "x", "match": {"equals": "x"}, "prices": {
        "input_mtok": {"base": 1, "tiers": [{"start": 200000, "price": 2}, {"start": 500000, "price": 4}]},
        "output_mtok": {"base": 8, "tiers": []}
    }}]}]);
    ASSERT_COSTS("1", INPUT, 200000, NOON);
    ASSERT_COSTS("2", INPUT, 200001, NOON);
    ASSERT_COSTS("2", INPUT, 500000, NOON);
    ASSERT_COSTS("4", INPUT, 500001, NOON);
    ASSERT_COSTS("8", OUTPUT, 500001, NOON);
    ASSERT(model.prices.count == 4);
    PASS();
}

/* The earlier set ends, with its steps and with the keys that the later one lacks. */
TEST
a_set_ends_on_the_day_on_which_another_begins(void)
{
    READ(genai_prices, [{"id": "google", "models": [{"id": "x", "match": {"equals": "x"}, "prices": [
        {"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 1000, "price": 3}]}, "web_searches_kcount": 10}},
        {"constraint": {"start_date": "2026-07-01"}, "prices": {"input_mtok": 2, "output_mtok": 6}},
        {"constraint": {"start_date": "2026-09-01"}, "prices": {"input_mtok": 2.5}}
    ]}]}]);
    ASSERT_COSTS("1", INPUT, 1, AT(6, 30, 23, 59));
    ASSERT_COSTS("3", INPUT, 5000, AT(6, 30, 23, 59));
    ASSERT_COSTS("0.01", WEB_SEARCH, 0, AT(6, 30, 23, 59));
    ASSERT_COSTS("unknown", OUTPUT, 0, AT(6, 30, 23, 59));
    ASSERT_COSTS("2", INPUT, 5000, AT(7, 1, 0, 0));
    ASSERT_COSTS("6", OUTPUT, 0, AT(7, 1, 0, 0));
    ASSERT_COSTS("unknown", WEB_SEARCH, 0, AT(7, 1, 0, 0));
    ASSERT_COSTS("2.5", INPUT, 5000, AT(9, 1, 0, 0));
    ASSERT_COSTS("unknown", OUTPUT, 0, AT(9, 1, 0, 0));
    PASS();
}

/* Of several that hold the last one counts, whatever the order of their days. */
TEST
the_last_set_that_holds_counts(void)
{
    READ(genai_prices, [{"id": "google", "models": [{"id": "x", "match": {"equals": "x"}, "prices": [
        {"constraint": {"start_date": "2026-07-01"}, "prices": {"input_mtok": 2}},
        {"constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 3}},
        {"constraint": {"start_date": "2026-05-01"}, "prices": {"output_mtok": 4}}
    ]}]}]);
    ASSERT_COSTS("2", INPUT, 0, AT(4, 30, 12, 0)); /* none holds: the first one counts */
    ASSERT_COSTS("unknown", INPUT, 0, AT(5, 1, 0, 0));
    ASSERT_COSTS("4", OUTPUT, 0, AT(8, 1, 0, 0));
    ASSERT_COSTS("unknown", INPUT, 0, AT(8, 1, 0, 0));
    PASS();
}

TEST
hours_are_in_utc_and_may_pass_midnight(void)
{
    READ(genai_prices, [{"id": "google", "models": [{"id": "x", "match": {"equals": "x"}, "prices": [
        {"prices": {"input_mtok": {"base": 4, "tiers": [{"start": 1000, "price": 9}]}, "output_mtok": 8}},
        {"constraint": {"start_time": "16:30:00Z", "end_time": "00:30:00Z"}, "prices": {"input_mtok": 1}},
        {"constraint": {"start_time": "09:00:00+08:00", "end_time": "10:00:00+08:00"}, "prices": {"input_mtok": 2}}
    ]}]}]);
    ASSERT_COSTS("4", INPUT, 0, AT(7, 1, 16, 29));
    ASSERT_COSTS("9", INPUT, 5000, AT(7, 1, 16, 29));
    ASSERT_COSTS("8", OUTPUT, 0, AT(7, 1, 16, 29));
    ASSERT_COSTS("1", INPUT, 5000, AT(7, 1, 16, 30)); /* this set has no steps, and no price of output */
    ASSERT_COSTS("unknown", OUTPUT, 0, AT(7, 1, 16, 30));
    ASSERT_COSTS("1", INPUT, 0, AT(7, 2, 0, 29));
    ASSERT_COSTS("4", INPUT, 0, AT(7, 2, 0, 30));
    ASSERT_COSTS("4", INPUT, 0, AT(7, 2, 0, 59));
    ASSERT_COSTS("2", INPUT, 0, AT(7, 2, 1, 0));
    ASSERT_COSTS("2", INPUT, 0, AT(7, 2, 1, 59));
    ASSERT_COSTS("4", INPUT, 0, AT(7, 2, 2, 0));
    ASSERT_COSTS("8", OUTPUT, 0, AT(7, 2, 2, 0));
    PASS();
}

TEST
days_and_hours_together(void)
{
    READ(genai_prices, [{"id": "google", "models": [{"id": "x", "match": {"equals": "x"}, "prices": [
        {"prices": {"input_mtok": 4}},
        {"constraint": {"start_date": "2026-07-01", "start_time": "22:00:00Z", "end_time": "02:00:00Z"},
         "prices": {"input_mtok": 1}},
        {"constraint": {"start_date": "2026-08-01"}, "prices": {"input_mtok": 5}},
        {"constraint": {"start_time": "12:00:00Z", "end_time": "12:00:00Z"}, "prices": {"input_mtok": 7}}
    ]}]}]);
    ASSERT_COSTS("4", INPUT, 0, AT(6, 30, 23, 0));
    ASSERT_COSTS("1", INPUT, 0, AT(7, 1, 1, 59)); /* the hours before midnight are those of a day before it held */
    ASSERT_COSTS("4", INPUT, 0, AT(7, 1, 2, 0));
    ASSERT_COSTS("1", INPUT, 0, AT(7, 1, 22, 0));
    ASSERT_COSTS("1", INPUT, 0, AT(7, 31, 23, 59));
    ASSERT_COSTS("5", INPUT, 0, AT(8, 1, 0, 0));
    ASSERT_COSTS("5", INPUT, 0, AT(8, 1, 12, 0)); /* no minute is between noon and noon */
    PASS();
}

/* A set with a hole would count as if that were free. */
TEST
what_is_not_understood_leaves_no_price(void)
{
    static const struct {
        const char *prices, *why;
    } sets[] = {
        {"{\"input_mtok\": 1, \"smell_mtok\": 2}", "smell_mtok is not a price that is known here"},
        {"{\"input_mtok\": 1, \"input_kchars\": 2}", "input_kchars is not a price that is known here"},
        {"{\"input_mtok\": \"much\"}", "input_mtok must be a number, got \"much\""},
        {"{\"input_mtok\": {\"base\": 1}}", "input_mtok must have base and tiers, and nothing else"},
        {"{\"input_mtok\": {\"base\": null, \"tiers\": []}}", "input_mtok must have base and tiers, and nothing else"},
        {"{\"input_mtok\": {\"base\": 1, \"tiers\": [], \"marginal\": true}}",
         "input_mtok must have base and tiers, and nothing else"},
        {"{\"input_mtok\": {\"base\": 1, \"tiers\": [{\"start\": 0, \"price\": 2}]}}",
         "input_mtok must have tiers of one start and one price each"},
        {"{\"input_mtok\": {\"base\": 1, \"tiers\": [{\"start\": 9, \"price\": 2}, {\"start\": 9, \"price\": 3}]}}",
         "input_mtok must have tiers of one start and one price each"},
        {"7", "prices must be an object or a list"},
        {"[7]", "prices must be sets of prices, each with no more than a constraint beside it"},
        {"[{\"constraint\": {\"weekday\": 1}, \"prices\": {\"input_mtok\": 1}}]",
         "weekday is not a condition that is known here"},
        {"[{\"constraint\": \"now\", \"prices\": {\"input_mtok\": 1}}]", "constraint must be an object"},
        {"[{\"constraint\": {\"start_date\": \"soon\"}, \"prices\": {\"input_mtok\": 1}}]",
         "start_date must be a day, such as 2026-07-01"},
        {"[{\"constraint\": {\"start_date\": \"2026-07\"}, \"prices\": {\"input_mtok\": 1}}]",
         "start_date must be a day, such as 2026-07-01"},
        {"[{\"constraint\": {\"start_date\": \"2999-01-01\"}, \"prices\": {\"input_mtok\": 1}}]",
         "start_date must be a day, such as 2026-07-01"},
        {"[{\"constraint\": {\"start_time\": \"10:00:00Z\"}, \"prices\": {\"input_mtok\": 1}}]",
         "constraint must have start_time and end_time, or neither"},
        {"[{\"constraint\": {\"start_time\": \"10:00:30Z\", \"end_time\": \"11:00:00Z\"}, \"prices\": {}}]",
         "start_time must be a whole minute, such as 16:30:00Z"},
        {"[{\"constraint\": [], \"prices\": {\"input_mtok\": 1}, \"tier\": \"flex\"}]",
         "prices must be sets of prices, each with no more than a constraint beside it"},
    };
    char text[512];

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        snprintf(
            text, sizeof text,
            "[{\"id\": \"google\", \"models\": [{\"id\": \"x\", \"match\": {\"equals\": \"x\"}, \"prices\": %s}]}]",
            sets[i].prices);
        ASSERT_STATUS(RLM_OK, answer(&rlm_source_genai_prices, text));
        ASSERT_TEXT(sets[i].why, model.unread_price);
        ASSERT(model.prices.count == 0 && model.pattern.length > 0); /* it still speaks */
    }
    PASS();
}

TEST
a_row_has_a_number_of_sets(void)
{
    char text[4096];

    for (int sets = RLM_CAP_PRICE_CASES; sets <= RLM_CAP_PRICE_CASES + 1; sets++) {
        size_t length =
            (size_t) sprintf(text, "[{\"id\":\"google\",\"models\":[{\"id\":\"x\",\"match\":{\"or\":[]},\"prices\":[");

        for (int i = 0; i < sets; i++)
            length += (size_t) sprintf(text + length, "%s{\"prices\":{\"input_mtok\":%d}}", i > 0 ? "," : "", i);
        strcpy(text + length, "]}]}]");
        ASSERT_STATUS(RLM_OK, answer(&rlm_source_genai_prices, text));
        ASSERT_TEXT(sets > RLM_CAP_PRICE_CASES ? "prices must be fewer sets" : "", model.unread_price);
        ASSERT_COSTS(sets > RLM_CAP_PRICE_CASES ? "unknown" : "31", INPUT, 0, NOON);
    }
    PASS();
}

TEST
what_is_not_understood_stays_in_the_metadata(void)
{
    READ(genai_prices, [{"id": "google", "models": [{"id": "x", "match": {"equals": "x"}, "prices": [
        {"prices": {"input_mtok": 1}}, {"constraint": {"weekday": 1}, "prices": {"input_mtok": 2}}]}]}]);
    ASSERT_JSON(model.metadata, {"prices": [
        {"prices": {"input_mtok": 1}}, {"constraint": {"weekday": 1}, "prices": {"input_mtok": 2}}]});
    READ(genai_prices, [{"id": "google", "models": [{"id": "x", "match": {"equals": "x"},
        "prices": {"input_mtok": {"base": 1, "tiers": []}, "smell_mtok": 2}}]}]);
    ASSERT_JSON(model.metadata, {"prices": {"input_mtok": {"base": 1}, "smell_mtok": 2}});
    PASS();
}

TEST
no_price_is_none(void)
{
    READ(genai_prices, [{"id": "google", "models": [{"id": "x:free", "match": {"equals": "x:free"}, "prices": {}}]}]);
    ASSERT(model.prices.count == 0 && model.unread_price.length == 0 && model.metadata.length == 0);
    PASS();
}

/* ---- Whom the rows speak of ---- */

TEST
knows_our_providers_by_its_names(void)
{
    static const char *const names[][2] = {
        {"aws", "bedrock"},      {"google", "gemini"},       {"x-ai", "xai"},
        {"novita", "novita_ai"}, {"together", "togetherai"}, {"fireworks", "fireworks_ai"}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ASSERT_SAID(names[i][1], rlm_source_genai_prices.provider(rlm_slice_of(names[i][0])));
    READ_SHEET(genai_prices, [{"id": "huggingface_fireworks-ai", "models": [
        {"id": "x", "match": {"equals": "x"}, "prices": {}}]}]);
    ASSERT(find("x"));
    ASSERT_TEXT("huggingface_fireworks_ai", model.provider);
    PASS();
}

TEST
a_provider_may_sell_at_the_prices_of_others(void)
{
    READ_SHEET(genai_prices, [
        {"id": "acme", "fallback_model_providers": ["other", "google", "nobody"], "models": [
            {"id": "b", "match": {"equals": "b"}, "prices": {}}]},
        {"id": "google", "fallback_model_providers": ["acme"], "models": [
            {"id": "a", "match": {"equals": "a"}, "prices": {}}]},
        {"id": "other", "models": [{"id": "c", "match": {"equals": "c"}, "prices": {}}]}
    ]);
    /* Three rows; acme's other two; google's once more for Vertex AI; what both have from acme. */
    ASSERT(sheet.count == 3 + 2 + 1 + 2);
    ASSERT(find("other c"));
    ASSERT_TEXT("acme", model.provider);
    ASSERT_TEXT("00000004=1:c", model.pattern);
    ASSERT(find("google a"));
    ASSERT_TEXT("acme", model.provider);
    ASSERT_TEXT("00000005=1:a", model.pattern); /* after other's, which is named first */
    ASSERT(find("b"));
    ASSERT_TEXT("00000000=1:b", model.pattern);
    PASS();
}

TEST
an_id_after_the_models_is_too_late(void)
{
    READ_SHEET(genai_prices, [
        {"id": "acme", "models": [{"id": "a", "match": {"equals": "a"}}, {"id": "b", "match": {"equals": "b"}}]},
        {"models": [{"id": "c", "match": {"equals": "c"}}], "id": "other"}
    ]);
    ASSERT(sheet.count == 2 && rejected == 1);
    ASSERT_STATUS(
        RLM_BAD_ANSWER,
        read_sheet("genai_prices", "[{\"models\":[{\"id\":\"c\",\"match\":{\"equals\":\"c\"}}],\"id\":\"o\"}]"));
    ASSERT_STATUS(RLM_BAD_SHAPE, read_sheet("genai_prices", "{\"units\":[],\"providers\":[]}"));
    ASSERT_STATUS(RLM_BAD_SHAPE, read_sheet("genai_prices", "[]"));
    PASS();
}

TEST
a_row_that_matches_in_an_unknown_way_is_left_out(void)
{
    READ_SHEET(genai_prices, [{"id": "acme", "models": [
        {"id": "a", "match": {"regex": "(a|b)"}}, {"id": "b", "match": {"like": "b"}}, {"id": "c"},
        {"id": "d", "match": {"equals": "d"}}]}]);
    ASSERT(sheet.count == 1 && rejected == 3 && find("d"));
    PASS();
}

TEST
its_patterns_may_not_be_too_much_work(void)
{
    rlm_buffer text;
    rlm_error error;

    rlm_buffer_init(&text, RLM_CAP_RESPONSE);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&text, "[{\"id\":\"acme\",\"models\":[", 24));
    for (int i = 0; i <= RLM_CAP_PATTERN_WORK / RLM_CAP_REGEX_STEPS; i++) {
        char row[128];
        int length =
            snprintf(row, sizeof row, "%s{\"id\":\"m%d\",\"match\":{\"regex\":\".{63}\"}}", i > 0 ? "," : "", i);

        ASSERT_STATUS(RLM_OK, rlm_buffer_append(&text, row, (size_t) length));
    }
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&text, "]}]", 4));
    rlm_error_clear(&error);
    ASSERT_STATUS(RLM_TOO_LARGE, read_sheet("genai_prices", text.bytes));
    rlm_buffer_free(&text);
    PASS();
}

TEST
survives_every_failing_allocation(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        genai_prices,
        JSON([{"id": "google", "fallback_model_providers": ["x-ai"],
        "models": [{"id": "a", "match": {"or": [{"equals": "a"}]}, "prices": [
            {"prices": {"input_mtok": 1, "output_mtok": {"base": 1, "tiers": [{"start": 5, "price": 2}]}}},
            {"constraint": {"start_time": "10:00:00Z", "end_time": "11:00:00Z"}, "prices": {"smell_mtok": 1}}]}]},
        {"id": "x-ai", "models": [{"id": "b", "match": {"equals": "b"}, "prices": {"input_mtok": 1}}]}]));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_only_where_an_address_is_set);
    RUN(states_prices_of_each_kind);
    RUN(a_price_holds_for_what_is_taken_out_of_its_count);
    RUN(a_step_is_the_price_of_a_longer_request);
    RUN(a_set_ends_on_the_day_on_which_another_begins);
    RUN(the_last_set_that_holds_counts);
    RUN(hours_are_in_utc_and_may_pass_midnight);
    RUN(days_and_hours_together);
    RUN(what_is_not_understood_leaves_no_price);
    RUN(a_row_has_a_number_of_sets);
    RUN(what_is_not_understood_stays_in_the_metadata);
    RUN(no_price_is_none);
    RUN(knows_our_providers_by_its_names);
    RUN(a_provider_may_sell_at_the_prices_of_others);
    RUN(an_id_after_the_models_is_too_late);
    RUN(a_row_that_matches_in_an_unknown_way_is_left_out);
    RUN(its_patterns_may_not_be_too_much_work);
    RUN(survives_every_failing_allocation);
    answer_free();
    return REPORT("genai_prices");
}
