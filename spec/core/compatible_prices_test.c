/* Prices in rows of OpenAI's format: read where their unit is certain, else kept as metadata. */
#include "test.h"

#include "compatible_row.h"
#include "told.h"

typedef struct {
    const char *json, *expected;
} price_case;

static bool
read_cases(const price_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ASSERT_STATUS(RLM_OK, read_row(cases[i].json));
        ASSERT_TEXT(cases[i].expected, told(&model));
    }
    PASS();
}

#define READ_CASES(cases) return read_cases(cases, sizeof cases / sizeof *cases)
#define PRICES(input, output) "-; price input* " input "; price output " output

TEST
reads_dollars_per_million(void)
{
    /* clang-format off */
    static const price_case cases[] = {
        {JSON({"id": "a", "pricing": {"input": 0.18, "output": 0.59}}), PRICES("0.18", "0.59")},
        /* the price of an hour */
        {JSON({"id": "a", "pricing": {"input": 0.02, "output": 0, "hourly": 0}}),
         PRICES("0.02", "0") "; rest " "{\"pricing\":{\"hourly\":0}}"},
        {JSON({"id": "a", "pricing": {"input_per_1m": 0.15, "output_per_1m": 0.6}}), PRICES("0.15", "0.6")},
        {JSON({"id": "a", "pricing": {"input": 0, "output": 0}}), "-; rest {\"pricing\":{\"input\":0,\"output\":0}}"},
        {JSON({"id": "a", "metadata": {"pricing": {"input_tokens": 0.1, "output_tokens": 0.4,
               "cache_read_tokens": 0}}}),
         PRICES("0.1", "0.4")},
        {JSON({"id": "a", "metadata": {"pricing": {"input_tokens": 0.0000001}}}),
         "-; rest {\"metadata\":{\"pricing\":{\"input_tokens\":0.0000001}}}"},
    };
    /* clang-format on */

    READ_CASES(cases);
}

TEST
reads_dollars_per_token(void)
{
    /* clang-format off */
    static const price_case cases[] = {
        {JSON({"id": "a", "pricing": {"prompt": "0.0000008", "completion": "0.0000024"}}), PRICES("0.8", "2.4")},
        {JSON({"id": "a", "pricing": {"input": "0.000003", "output": "0.000015"}}), PRICES("3", "15")},
        {JSON({"id": "a", "pricing": {"prompt": "0", "completion": "0"}}), PRICES("0", "0")},
        /* in OpenRouter's words all that OpenRouter states; "0" is what it says of what a model does not do */
        {JSON({"id": "a", "pricing": {"prompt": "0.000001", "completion": "0.000002", "request": "0.01",
               "image": "0"}}),
         PRICES("1", "2") "; price request per request 0.01"},
        {JSON({"id": "a", "pricing": {"prompt": "-1", "completion": "-1"}}),
         "-; rest {\"pricing\":{\"completion\":\"-1\",\"prompt\":\"-1\"}}"},
        {JSON({"id": "a", "sn_metadata": {}, "pricing": {"prompt": 0.0000006, "completion": 0.0000012}}),
         PRICES("0.6", "1.2")},
        {JSON({"id": "a", "input_price": 0.000003, "output_price": 0.000015, "cached_price": 0.0000003,
               "caching_price": 0}), PRICES("3", "15") "; price cache_read* 0.3"},
    };
    /* clang-format on */

    READ_CASES(cases);
}

TEST
leaves_what_may_have_another_unit(void)
{
    /* clang-format off */
    static const char *const cases[] = {
        JSON({"id": "a", "pricing": {"input": 0.00000018, "output": 0.00000059}}),
        JSON({"id": "a", "pricing": {"prompt": 0.2, "completion": 0.8}}), /* for a thousand, or for a million */
        JSON({"id": "a", "pricing": {"input": "0.18", "output": "0.59"}}),
        JSON({"id": "a", "pricing": {"input": 1, "output": "2"}}),
        JSON({"id": "a", "pricing": {"input": 1, "output": 2, "currency": "EUR"}}),
        JSON({"id": "a", "pricing": {"input": 1, "output": 2, "unit_type": "SECOND"}}),
        JSON({"id": "a", "pricing": {"prompt": "0.0000008", "completion": "on request"}}),
        JSON({"id": "a", "pricing": "free"}),
        JSON({"id": "a", "input_token_price_per_m": 3900, "output_token_price_per_m": 3900}),
        JSON({"id": "a", "input_price": 0.000003, "output_price": 0.000015}),
        JSON({"id": "a", "context_size": 1, "input_token_price_per_m": 0.39, "output_token_price_per_m": 0.39}),
        JSON({"id": "a", "model_spec": {"pricing": {"input": {"usd": 5, "diem": 5}}}, "type": "tts"}),
        JSON({"id": "a", "model_spec": {"pricing": {"input": {"usd": "5"}}}, "type": "text"}),
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_STATUS(RLM_OK, read_row(cases[i]));
        if (model.prices.count > 0 || model.metadata.length == 0) FAIL("%s", cases[i]);
    }
    PASS();
}

TEST
reads_tiers_where_each_begins_at_the_end_of_another(void)
{
    /* clang-format off */
    static const price_case cases[] = {
        {JSON({"id": "a", "pricing": {
            "input": "0.000001", "output": "0.000006",
            "input_tiers": [{"cost": "0.000001", "min": 0, "max": 272000}, {"cost": "0.000002", "min": 272000}],
            "output_tiers": [{"cost": "0.000006", "max": 272000}, {"cost": "0.000009", "min": 272000}]}}),
         "-; price input* 1; price input* above 272000 2; price output 6; price output above 272000 9"},
        {JSON({"id": "a", "pricing": {"input": "0.000001", "output": "0.000006",
            "input_tiers": [{"cost": "0.000001"}, {"cost": "0.000002", "min": 272000}], "output_tiers": []}}),
         PRICES("1", "6")
         "; rest {\"pricing\":{\"input_tiers\":[{\"cost\":\"0.000001\"},{\"cost\":\"0.000002\",\"min\":272000}]}}"},
        {JSON({"id": "a", "pricing": {"input": "0.000001", "output": "0.000006",
            "input_tiers": [{"cost": "0.000001", "max": 9}, {"cost": 0.5}]}}),
         PRICES("1", "6")
         "; rest {\"pricing\":{\"input_tiers\":[{\"cost\":\"0.000001\",\"max\":9},{\"cost\":0.5}]}}"},
    };
    /* clang-format on */

    READ_CASES(cases);
}

/* A router sends a request to any of them. */
TEST
reads_the_price_that_all_hosts_ask(void)
{
    /* clang-format off */
    static const price_case cases[] = {
        {JSON({"id": "a", "providers": [{"status": "live", "pricing": {"input": 0.1, "output": 0.4}},
                                        {"status": "live", "pricing": {"input": 0.1, "output": 0.40}},
                                        {"status": "error"}]}), PRICES("0.1", "0.4")},
        {JSON({"id": "a", "providers": [{"status": "live", "pricing": {"input": 0.1, "output": 0.4}},
                                        {"status": "live", "pricing": {"input": 0.2, "output": 0.4}}]}), "-"},
        {JSON({"id": "a", "providers": [{"status": "live", "pricing": {"input": 0.1, "output": 0.4}},
                                        {"status": "live"}]}), "-"},
        {JSON({"id": "a", "providers": [{"status": "staging", "pricing": {"input": 0.1, "output": 0.4}}]}), "-"},
        {JSON({"id": "a", "providers": ["h"]}), "-"}, {JSON({"id": "a", "providers": {"h": 1}}), "-"},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_STATUS(RLM_OK, read_row(cases[i].json));
        if (model.metadata.length == 0) FAIL("%s", cases[i].json);
        model.metadata.length = 0;
        ASSERT_TEXT(cases[i].expected, told(&model));
    }
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(reads_dollars_per_million);
    RUN(reads_dollars_per_token);
    RUN(leaves_what_may_have_another_unit);
    RUN(reads_tiers_where_each_begins_at_the_end_of_another);
    RUN(reads_the_price_that_all_hosts_ask);
    row_free();
    return REPORT("compatible_prices");
}
