/* Perplexity: the request; what its rows state is in spec/sources/perplexity_spec.rb. */
#include "stated.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT("https://api.perplexity.ai/v1/models|Authorization: Bearer perplexity_api_key",
                request_to(&rlm_source_perplexity, only_keys, NULL));
    PASS();
}

static const char *
request_price(const char *size)
{
    static char text[RLM_DECIMAL_TEXT];
    const rlm_price_query query = {.meter = RLM_METER_REQUEST, .size = rlm_slice_of(size)};
    const rlm_price *found = rlm_prices_find(&model.prices, &query);

    if (found == NULL) return "unknown";
    rlm_decimal_write((rlm_decimal){found->coefficient, found->exponent}, text);
    return text;
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        perplexity, JSON({"data": [{"id": "a/b", "pricing": {"input": 1, "unit": "usd_per_1m_tokens"}}]}));
    PASS();
}

TEST
requests_cost_more_the_more_they_search(void)
{
    READ_SHEET(perplexity, {"data": [{"id": "a/b"}]});
    ASSERT(find("sonar"));
    ASSERT_SAID("0.005", request_price(NULL));
    ASSERT_SAID("0.005", request_price("low"));
    ASSERT_SAID("0.008", request_price("medium"));
    ASSERT_SAID("0.012", request_price("high"));
    ASSERT(find("sonar-pro"));
    ASSERT_SAID("0.01", request_price("medium"));
    ASSERT(find("sonar-deep-research"));
    ASSERT_SAID("unknown", request_price(NULL));
    ASSERT_SAID("2", price_at(RLM_METER_CITATION, RLM_TIER_STANDARD, 1, 0));
    ASSERT_SAID("0.005", price_at(RLM_METER_WEB_SEARCH, RLM_TIER_STANDARD, 1, 0));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(survives_a_lack_of_memory);
    RUN(requests_cost_more_the_more_they_search);
    answer_free();
    return REPORT("perplexity");
}
