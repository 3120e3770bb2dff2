/* Prices in an export: amounts keep their digits, and what is no price is refused by name. */
#include "exported.h"

#define PRICE(...)                                                                                                     \
    MODEL_TEXT("\"prices\":[{\"meter\":\"image_read\",\"tier\":\"batch\",\"unit\":\"image\"," #__VA_ARGS__ "}]")

TEST
keeps_coefficient_and_exponent_of_an_amount(void)
{
    static const struct {
        int64_t coefficient;
        int16_t exponent;
    } amounts[] = {{0, 0},         {1, 406}, {1, -424}, {1, 424}, {999999999999999999, -18},
                   {INT64_MAX, 0}, {10, 0},  {100, -3}, {0, 5},   {5, 400}};
    rlm_price all[sizeof amounts / sizeof *amounts];
    rlm_record record = record_of("openai", "a");

    memset(all, 0, sizeof all);
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        all[i].coefficient = amounts[i].coefficient;
        all[i].exponent = amounts[i].exponent;
        all[i].meter = (uint8_t) (i % RLM_METER_COUNT);
        all[i].tier = (uint8_t) (i % RLM_TIER_COUNT);
        all[i].unit = (uint8_t) (i % RLM_UNIT_COUNT);
    }
    rlm_prices_sort(all, sizeof amounts / sizeof *amounts);
    record.prices = (rlm_price_set){.list = all, .count = sizeof amounts / sizeof *amounts};
    ASSERT(comes_back(&record, 1));
    PASS();
}

/* Each member at its ends, and words that stand before and after one another. */
TEST
gives_back_every_condition(void)
{
    rlm_price all[] = {
        {.region = 1, .size = 2, .quality = 4, .origin = 5},
        {.region = 6, .size = 6, .quality = 6, .origin = 6},
        {.covers = RLM_COVERS_ALL, .weekdays = 127, .from_minute = 1440, .until_minute = 1440, .minimum = UINT16_MAX},
        {.covers = RLM_COVERS_MEDIA, .weekdays = 1, .from_minute = 1, .until_minute = 256, .minimum = 256},
        {.from_day = 1, .until_day = UINT16_MAX, .stated_day = 20454},
        {.from_day = UINT16_MAX, .until_day = 1, .stated_day = UINT16_MAX, .origin = 3},
        {.threshold = INT32_MAX, .step = RLM_STEP_MARGINAL},
        {.threshold = 1, .step = RLM_STEP_FROM},
    };
    const size_t count = sizeof all / sizeof *all;
    rlm_record record = record_of("openai", "a");

    for (size_t i = 0; i < count; i++) {
        all[i].meter = (uint8_t) (RLM_METER_COUNT - 1 - i);
        all[i].tier = (uint8_t) (RLM_TIER_COUNT - 1 - i % RLM_TIER_COUNT);
        all[i].unit = (uint8_t) (RLM_UNIT_COUNT - 1 - i);
    }
    rlm_prices_sort(all, count);
    record.prices = (rlm_price_set){
        .list = all, .count = (uint32_t) count, .words = RLM_SLICE("*\n1024x1024\na \"\nhd\nmodels_dev\n\xC3\xBC\n")};
    ASSERT(comes_back(&record, 1));
    PASS();
}

TEST
says_what_is_wrong_with_a_price(void)
{
    /* clang-format off */
    static const refused cases[] = {
        {MODEL("prices": {}), "catalog: openai a: prices: must be a list of prices"},
        {MODEL("prices": [1]), "catalog: openai a: prices: a price must be an object"},
        {MODEL("prices": [{"amount": "1"}]), "catalog: openai a: prices: a price must have a meter"},
        {PRICE("amount": 1), "catalog: openai a: prices: amount must be a decimal number in quotes"},
        {PRICE("amount": "-1"), "catalog: openai a: prices: amount is out of range"},
        {PRICE("amount": "1e425"), "catalog: openai a: prices: amount is out of range"},
        {PRICE("amount": "1e"), "catalog: openai a: prices: amount must be a decimal number"},
        {PRICE("amount": "1", "threshold": -1),
         "catalog: openai a: prices: must be a whole number, 0 or more, and not so large: \"threshold\""},
        {PRICE("amount": "1", "colour": 1), "catalog: openai a: prices: unknown member of a price: \"colour\""},
        {PRICE("amount": "1", "threshold": 2147483648),
         "catalog: openai a: prices: must be a whole number, 0 or more, and not so large: \"threshold\""},
        {PRICE("amount": "1", "weekdays": 128),
         "catalog: openai a: prices: must be a whole number, 0 or more, and not so large: \"weekdays\""},
        {PRICE("amount": "1", "from_minute": 1441),
         "catalog: openai a: prices: must be a whole number, 0 or more, and not so large: \"from_minute\""},
        {PRICE("amount": "1", "covers": "both"),
         "catalog: openai a: prices: unknown value \"both\" (known: media, cache, all)"},
        {PRICE("amount": "1", "from": "2026-01"),
         "catalog: openai a: prices: must be a day from 1970 to 2149: \"from\""},
        {PRICE("amount": "1", "until": "1970-01-01"),
         "catalog: openai a: prices: must be a day from 1970 to 2149: \"until\""},
        {PRICE("amount": "1", "stated_at": "2149-06-07"),
         "catalog: openai a: prices: must be a day from 1970 to 2149: \"stated_at\""},
        {PRICE("amount": "1", "region": ""),
         "catalog: openai a: prices: must be text without control characters: \"region\""},
        {PRICE("amount": "1", "size": 1),
         "catalog: openai a: prices: must be text without control characters: \"size\""},
        {PRICE("amount": "1", "step": "over"),
         "catalog: openai a: prices: unknown value \"over\" (known: above, from, marginal)"},
        {MODEL("prices": [{"amount": "1", "category": "texts", "direction": "input", "tier": "batch"}]),
         "catalog: openai a: prices: unknown kind of price: \"texts\""},
        {PRICE("threshold": 1), "catalog: openai a: prices: a price must have \"amount\""},
    };
    /* clang-format on */

    ASSERT_REFUSED(RLM_BAD_SHAPE, cases);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(keeps_coefficient_and_exponent_of_an_amount);
    RUN(gives_back_every_condition);
    RUN(says_what_is_wrong_with_a_price);
    return REPORT("export_price");
}
