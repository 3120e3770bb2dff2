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
    RUN(says_what_is_wrong_with_a_price);
    return REPORT("export_price");
}
