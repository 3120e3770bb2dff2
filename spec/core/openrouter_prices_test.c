/* OpenRouter's overrides: by length, by hour, by day, and which of several wins. */
#include "stated.h"

#include <stdlib.h>

#define MONDAY INT64_C(1767571200) /* 2026-01-05 */
#define AT(days, hour, minute) (MONDAY + (days) *86400 + (hour) *3600 + (minute) *60)

#define INPUT_AT(tokens, at) price_at(RLM_METER_INPUT, RLM_TIER_STANDARD, tokens, at)

TEST
hours_have_prices_of_their_own(void)
{
    READ(openrouter, {"data": [{
        "id": "a/b",
        "pricing": {
            "prompt": "0.000002", "completion": "0.00001",
            "overrides": [{"utc_start": 1630, "utc_end": 30, "prompt": "0.000001", "input_cache_write_1h": "0.000003"}]
        }
    }]});
    ASSERT_SAID("2", INPUT_AT(1, AT(0, 16, 29)));
    ASSERT_SAID("1", INPUT_AT(1, AT(0, 16, 30)));
    ASSERT_SAID("1", INPUT_AT(1, AT(1, 0, 29)));
    ASSERT_SAID("2", INPUT_AT(1, AT(1, 0, 30)));
    ASSERT_SAID("10", price_at(RLM_METER_OUTPUT, RLM_TIER_STANDARD, 1, AT(0, 20, 0))); /* inherited */
    ASSERT_SAID("3", price_at(RLM_METER_CACHE_WRITE_1H, RLM_TIER_STANDARD, 1, AT(0, 20, 0)));
    ASSERT_SAID("unknown", price_at(RLM_METER_CACHE_WRITE_1H, RLM_TIER_STANDARD, 1, AT(0, 12, 0)));
    ASSERT(model.metadata.length == 0);
    PASS();
}

/* 2026-01-06 is a Tuesday; what is left after midnight must be of such a day itself. */
TEST
days_are_those_of_the_moment(void)
{
    READ(openrouter, {"data": [{
        "id": "a/b",
        "pricing": {
            "prompt": "0.000002",
            "overrides": [{"utc_days": ["tuesday"], "utc_start": 2300, "utc_end": 300, "prompt": "0.000001"}]
        }
    }]});
    ASSERT_SAID("1", INPUT_AT(1, AT(1, 2, 0)));
    ASSERT_SAID("1", INPUT_AT(1, AT(1, 23, 59)));
    ASSERT_SAID("2", INPUT_AT(1, AT(1, 3, 0)));
    ASSERT_SAID("2", INPUT_AT(1, AT(2, 2, 0)));
    ASSERT_SAID("2", INPUT_AT(1, AT(0, 23, 30)));
    READ(openrouter, {"data": [{
        "id": "a/b",
        "pricing": {"prompt": "0.000002", "overrides": [{"utc_days": ["saturday", "sunday"], "prompt": "0"}]}
    }]});
    ASSERT_SAID("2", INPUT_AT(1, AT(4, 23, 59)));
    ASSERT_SAID("0", INPUT_AT(1, AT(5, 0, 0)));
    ASSERT_SAID("0", INPUT_AT(1, AT(6, 23, 59)));
    ASSERT_SAID("2", INPUT_AT(1, AT(7, 0, 0)));
    PASS();
}

/* A set of prices puts length before hours, the list puts what comes later first. */
TEST
the_later_of_two_wins(void)
{
    READ(openrouter, {"data": [{
        "id": "a/b",
        "pricing": {
            "prompt": "0.000002", "completion": "0.000008",
            "overrides": [
                {"min_prompt_tokens": 200000, "prompt": "0.000004", "completion": "0.000016"},
                {"utc_start": 0, "utc_end": 600, "prompt": "0.000001"}
            ]
        }
    }]});
    ASSERT_SAID("4", INPUT_AT(200001, AT(0, 12, 0)));
    ASSERT_SAID("2", INPUT_AT(200000, AT(0, 12, 0)));
    ASSERT_SAID("1", INPUT_AT(200000, AT(0, 3, 0)));
    ASSERT_SAID("1", INPUT_AT(200001, AT(0, 3, 0)));
    ASSERT_SAID("16", price_at(RLM_METER_OUTPUT, RLM_TIER_STANDARD, 200001, AT(0, 3, 0)));
    PASS();
}

TEST
what_cannot_be_told_apart_counts_as_unread(void)
{
    static const struct {
        const char *overrides, *why;
    } lists[] = {
        {"[{\"utc_start\": 100, \"prompt\": \"1\"}]", "utc_start and utc_end must stand together"},
        {"[{\"utc_start\": 160, \"utc_end\": 200, \"prompt\": \"1\"}]",
         "utc_start and utc_end must be two hours of a day, such as 1630"},
        {"[{\"utc_start\": 100, \"utc_end\": 100, \"prompt\": \"1\"}]",
         "utc_start and utc_end must be two hours of a day, such as 1630"},
        {"[{\"prompt\": \"1\"}]", "an override must have a condition"},
        {"[{\"utc_days\": [1], \"prompt\": \"1\"}]", "utc_days must be names of days"},
        {"[{\"min_prompt_tokens\": \"many\", \"prompt\": \"1\"}]", "min_prompt_tokens must be a number of tokens"},
        {"[{\"min_prompt_tokens\": 5, \"moon\": \"full\", \"prompt\": \"1\"}]",
         "overrides must have conditions and prices that are known"},
        {"[7]", "overrides must be objects"},
        {"{\"a\": 1}", "overrides must be a list"},
        {"[{\"utc_start\": 100, \"utc_end\": 300, \"prompt\": \"1\"},"
         " {\"utc_start\": 200, \"utc_end\": 400, \"prompt\": \"2\"}]",
         "hours of overrides must not meet in part"},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char text[512];

        (void) snprintf(text, sizeof text,
                        "{\"data\": [{\"id\": \"a/b\", \"pricing\": {\"prompt\": \"0.1\", \"overrides\": %s}}]}",
                        lists[i].overrides);
        ASSERT_STATUS(RLM_OK, answer(&rlm_source_openrouter, text));
        ASSERT_TEXT(lists[i].why, model.unread_price);
        ASSERT(model.prices.count == 0 && rlm_slice_contains(model.metadata, "\"prompt\":\"0.1\""));
    }
    PASS();
}

TEST
there_is_an_end_to_overrides(void)
{
    rlm_buffer text;

    rlm_buffer_init(&text, 1 << 20);
#define APPEND(literal) ASSERT_STATUS(RLM_OK, rlm_buffer_append(&text, literal, sizeof(literal) - 1))
    APPEND("{\"data\":[{\"id\":\"a/b\",\"pricing\":{\"prompt\":\"0.1\",\"overrides\":[");
    for (int i = 0; i < 1000; i++) APPEND("{\"min_prompt_tokens\":9,\"prompt\":\"1\"},");
    APPEND("{\"min_prompt_tokens\":9,\"prompt\":\"1\"}]}}]}");
#undef APPEND
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&text, "", 1));
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_openrouter, text.bytes));
    ASSERT_TEXT("there must be fewer overrides", model.unread_price);
    rlm_buffer_free(&text);
    PASS();
}

/* ---- Any overrides ---- */

static unsigned seed = 1;

static int
draw(int below)
{
    seed = seed * 1103515245 + 12345;
    return (int) (seed >> 16 & 0x7fff) % below;
}

typedef struct {
    int tokens, start, end, price; /* start and end: hours; -1: no such condition */
} entry;

static bool
applies(const entry *one, int tokens, int hour)
{
    if (one->tokens >= 0 && tokens <= one->tokens) return false;
    if (one->start < 0) return true;
    return one->start < one->end ? hour >= one->start && hour < one->end : hour >= one->start || hour < one->end;
}

static size_t
write_entries(const entry *entries, int count, char *text, size_t size)
{
    size_t length = (size_t) snprintf(
        text, size, "{\"data\":[{\"id\":\"a/b\",\"pricing\":{\"prompt\":\"0.000999\",\"overrides\":[");

    for (int i = 0; i < count; i++) {
        length += (size_t) snprintf(text + length, size - length, "%s{\"prompt\":\"0.000%03d\"", i > 0 ? "," : "",
                                    entries[i].price);
        if (entries[i].tokens >= 0)
            length += (size_t) snprintf(text + length, size - length, ",\"min_prompt_tokens\":%d", entries[i].tokens);
        if (entries[i].start >= 0)
            length += (size_t) snprintf(text + length, size - length, ",\"utc_start\":%d,\"utc_end\":%d",
                                        entries[i].start * 100, entries[i].end * 100);
        length += (size_t) snprintf(text + length, size - length, "}");
    }
    return length + (size_t) snprintf(text + length, size - length, "]}}]}");
}

/* Overrides at random, against the rule as it is written down: of those that apply the last one wins. */
TEST
every_list_means_what_its_rule_says(void)
{
    int read = 0;

    for (int round = 0; round < 3000; round++) {
        static const int hours[][2] = {{-1, -1}, {0, 6}, {0, 6}, {22, 2}, {8, 12}, {6, 8}};
        entry entries[5];
        int count = 1 + draw(5);
        char text[1024];

        for (int i = 0; i < count; i++) {
            const int *window = hours[draw(6)];

            entries[i] = (entry){window[0] < 0 || draw(2) ? (1 + draw(3)) * 10 : -1, window[0], window[1], i + 1};
        }
        ASSERT(write_entries(entries, count, text, sizeof text) < sizeof text);
        ASSERT_STATUS(RLM_OK, answer(&rlm_source_openrouter, text));
        if (model.prices.count == 0) continue;
        read++;
        for (int hour = 0; hour < 24; hour++) {
            for (int tokens = 5; tokens < 45; tokens += 5) {
                int price = 999;

                for (int i = 0; i < count; i++) {
                    if (applies(&entries[i], tokens, hour)) price = entries[i].price;
                }
                if (atoi(INPUT_AT(tokens, AT(0, hour, 0))) != price)
                    FAIL("%s: at %d with %d tokens it is %s, not %d", text, hour, tokens,
                         INPUT_AT(tokens, AT(0, hour, 0)), price);
            }
        }
    }
    ASSERT(read > 1500);
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        openrouter,
        JSON({"data": [{
        "id": "a/b", "supported_parameters": ["seed"], "default_parameters": {"top_p": 1, "temperature": 0.5},
        "reasoning": {"supported_efforts": ["low"]},
        "pricing": {"prompt": "0.1", "overrides": [
            {"min_prompt_tokens": 9, "prompt": "1"}, {"utc_start": 2300, "utc_end": 100, "prompt": "2"},
            {"utc_days": ["monday"], "completion": "3"}
        ]}
    }]}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(hours_have_prices_of_their_own);
    RUN(days_are_those_of_the_moment);
    RUN(the_later_of_two_wins);
    RUN(what_cannot_be_told_apart_counts_as_unread);
    RUN(there_is_an_end_to_overrides);
    RUN(every_list_means_what_its_rule_says);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("openrouter_prices");
}
