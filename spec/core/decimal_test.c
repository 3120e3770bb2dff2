#include "test.h"

static rlm_status
parse(const char *text, rlm_decimal *out)
{
    return rlm_decimal_parse(rlm_slice_of(text), out);
}

/* Only for texts that are numbers: anything else would give the same result. */
static rlm_decimal
number(const char *text)
{
    rlm_decimal value = {-999, 99};

    parse(text, &value);
    return value;
}

/* Twenty-three decimals, seen in OpenRouter's listing: none may be lost. */
TEST
shifts_a_price_per_token_to_a_million(void)
{
    ASSERT_DECIMAL("0.08333333333333334", rlm_decimal_shift(number("0.00000008333333333333334"), 6));
    ASSERT_DECIMAL("0.15", rlm_decimal_shift(number("0.00000015"), 6));
    ASSERT_DECIMAL("75", rlm_decimal_shift(number("0.000075"), 6));
    ASSERT_DECIMAL("0", rlm_decimal_shift(number("0"), 6));
    PASS();
}

TEST
shifts_back(void)
{
    ASSERT_DECIMAL("0.00000015", rlm_decimal_shift(number("0.15"), -6));
    ASSERT_DECIMAL("-0.0025", rlm_decimal_shift(number("-2.5"), -3));
    PASS();
}

TEST
writes_what_was_read_in_plain_notation(void)
{
    ASSERT_DECIMAL("0", number("0"));
    ASSERT_DECIMAL("-1", number("-1"));
    ASSERT_DECIMAL("0.0000001", number("1e-7"));
    ASSERT_DECIMAL("163840", number("163840"));
    ASSERT_DECIMAL("8192", number("8.192e3"));
    ASSERT_DECIMAL("1250", number("1.25E+3"));
    ASSERT_DECIMAL("-12.34", number("-12.34"));
    ASSERT_DECIMAL("1000000000000000000000", number("1e21"));
    PASS();
}

TEST
drops_zeros_that_mean_nothing(void)
{
    ASSERT_DECIMAL("1", number("1.0"));
    ASSERT_DECIMAL("0", number("-0"));
    ASSERT_DECIMAL("0", number("0.000"));
    ASSERT_DECIMAL("0", number("0e999"));
    ASSERT_DECIMAL("10.01", number("10.0100"));
    ASSERT(number("163840").coefficient == 16384 && number("163840").exponent == 1);
    PASS();
}

TEST
knows_equal_values_however_written(void)
{
    ASSERT(rlm_decimal_equal(number("1.50"), number("15e-1")));
    ASSERT(rlm_decimal_equal(number("0"), number("-0.0e5")));
    ASSERT(!rlm_decimal_equal(number("1.5"), number("-1.5")));
    ASSERT(!rlm_decimal_equal(number("1.5"), number("15")));
    PASS();
}

TEST
keeps_eighteen_digits_and_no_more(void)
{
    rlm_decimal value = {7, 0};

    ASSERT_DECIMAL("123456789012345678", number("123456789012345678"));
    ASSERT_DECIMAL("-999999999999999999", number("-999999999999999999"));
    ASSERT_DECIMAL("1234567890123456780", number("1234567890123456780"));
    ASSERT_DECIMAL("0.100000000000000001", number("0.100000000000000001"));
    ASSERT_STATUS(RLM_NUMBER_TOO_LONG, parse("1234567890123456789", &value));
    ASSERT_STATUS(RLM_NUMBER_TOO_LONG, parse("1.000000000000000001", &value));
    ASSERT_STATUS(RLM_NUMBER_TOO_LONG, parse("99999999999999999999999999999999999999999999", &value));
    ASSERT_DECIMAL("7", value);
    PASS();
}

TEST
refuses_what_is_not_a_number(void)
{
    static const char *const refused[] = {"",     "-",   "01",  "-01",   "+1",       ".5",   "1.",
                                          "1.e5", "1e",  "1e+", "NaN",   "Infinity", "0x10", " 1",
                                          "1 ",   "1,5", "1_0", "1.2.3", "--1",      "1e5.0"};
    rlm_decimal value = {7, 0};

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (parse(refused[i], &value) != RLM_BAD_NUMBER) FAIL("takes \"%s\"", refused[i]);
    }
    ASSERT_STATUS(RLM_BAD_NUMBER, rlm_decimal_parse((rlm_slice){NULL, 0}, &value));
    ASSERT_STATUS(RLM_BAD_NUMBER, rlm_decimal_parse(RLM_SLICE("1\0"), &value));
    ASSERT_DECIMAL("7", value);
    PASS();
}

TEST
reads_no_further_than_the_slice(void)
{
    rlm_decimal value;

    ASSERT_STATUS(RLM_OK, rlm_decimal_parse((rlm_slice){"12345", 2}, &value));
    ASSERT_DECIMAL("12", value);
    ASSERT_STATUS(RLM_BAD_NUMBER, rlm_decimal_parse((rlm_slice){"1e5", 2}, &value));
    PASS();
}

TEST
refuses_an_exponent_past_its_limit(void)
{
    rlm_decimal value;

    ASSERT_STATUS(RLM_OK, parse("1e400", &value));
    ASSERT_STATUS(RLM_OK, parse("1e-400", &value));
    ASSERT_STATUS(RLM_BAD_NUMBER, parse("1e401", &value));
    ASSERT_STATUS(RLM_BAD_NUMBER, parse("10e400", &value));
    ASSERT_STATUS(RLM_BAD_NUMBER, parse("0.1e-400", &value));
    ASSERT_STATUS(RLM_BAD_NUMBER, parse("1e999", &value));
    ASSERT_STATUS(RLM_BAD_NUMBER, parse("1e-99999999999999999999999999", &value));
    PASS();
}

TEST
tells_a_negative_number(void)
{
    ASSERT(rlm_decimal_is_negative(number("-0.1")));
    ASSERT(!rlm_decimal_is_negative(number("-0")));
    ASSERT(!rlm_decimal_is_negative(number("0.1")));
    PASS();
}

TEST
compares_values_of_any_scale(void)
{
    ASSERT(rlm_decimal_compare(number("0.15"), number("0.15")) == 0);
    ASSERT(rlm_decimal_compare(number("0.15"), number("0.1500000000000001")) < 0);
    ASSERT(rlm_decimal_compare(number("10"), number("9.99999999999999999")) > 0);
    ASSERT(rlm_decimal_compare(number("1e400"), number("999999999999999999")) > 0);
    ASSERT(rlm_decimal_compare(number("1e-400"), number("0")) > 0);
    ASSERT(rlm_decimal_compare(number("-2"), number("-10")) > 0);
    ASSERT(rlm_decimal_compare(number("-1e-9"), number("0")) < 0);
    ASSERT(rlm_decimal_compare((rlm_decimal){INT64_MIN, 0}, (rlm_decimal){INT64_MAX, 0}) < 0);
    PASS();
}

/* The product of the longest two has 36 digits: 17 of the one times one of the other are kept. */
TEST
multiplies_exactly_as_far_as_its_digits_reach(void)
{
    ASSERT_DECIMAL("2.75", rlm_decimal_multiply(number("2.5"), number("1.1")));
    ASSERT_DECIMAL("30", rlm_decimal_multiply(number("5"), number("6.0")));
    ASSERT_DECIMAL("0.0001", rlm_decimal_multiply(number("0.00005"), number("2")));
    ASSERT_DECIMAL("0", rlm_decimal_multiply(number("0"), number("1.1")));
    ASSERT_DECIMAL("0", rlm_decimal_multiply(number("1.1"), number("0")));
    ASSERT_DECIMAL("0.311666666666666663", rlm_decimal_multiply(number("0.28333333333333333"), number("1.1")));
    ASSERT_DECIMAL("0.366666666666666663", rlm_decimal_multiply(number("0.333333333333333333"), number("1.1")));
    ASSERT(rlm_decimal_multiply((rlm_decimal){INT64_MAX, 0}, (rlm_decimal){INT64_MAX, 0}).coefficient > 0);
    PASS();
}

TEST
adds_exactly_as_far_as_its_digits_reach(void)
{
    ASSERT_DECIMAL("0.75", rlm_decimal_add(number("0.15"), number("0.6")));
    ASSERT_DECIMAL("1", rlm_decimal_add(number("0.4"), number("0.6")));
    ASSERT_DECIMAL("0.6", rlm_decimal_add(number("0"), number("0.6")));
    ASSERT_DECIMAL("1.08333333333333334", rlm_decimal_add(number("1"), number("0.08333333333333334")));
    ASSERT_DECIMAL("75.0833333333333333", rlm_decimal_add(number("75"), number("0.08333333333333334")));
    ASSERT_DECIMAL("100", rlm_decimal_add(number("1e2"), number("1e-300")));
    ASSERT_DECIMAL("1999999999999999998", rlm_decimal_add(number("999999999999999999"), number("999999999999999999")));
    ASSERT(rlm_decimal_add((rlm_decimal){INT64_MAX, 0}, (rlm_decimal){INT64_MAX, 0}).coefficient > 0);
    PASS();
}

TEST
is_an_integer_only_without_a_fraction(void)
{
    int64_t whole = 7;

    ASSERT(!rlm_decimal_integer(number("0.5"), &whole));
    ASSERT(!rlm_decimal_integer(number("1e19"), &whole));
    ASSERT(!rlm_decimal_integer(number("-1e19"), &whole));
    ASSERT(whole == 7);
    ASSERT(rlm_decimal_integer(number("131072.0"), &whole) && whole == 131072);
    ASSERT(rlm_decimal_integer(number("-2e5"), &whole) && whole == -200000);
    ASSERT(rlm_decimal_integer(number("9e18"), &whole) && whole == INT64_C(9000000000000000000));
    PASS();
}

/* Not a price, but a shift or a damaged block may make it: it must still fit into the text. */
TEST
writes_even_the_farthest_values_into_its_text(void)
{
    char text[RLM_DECIMAL_TEXT];

    ASSERT_DECIMAL("15e500", rlm_decimal_shift(number("1.5e400"), 101));
    ASSERT_DECIMAL("-1e-32768", rlm_decimal_shift(number("-1"), -2147483647));
    ASSERT_DECIMAL("1e32767", rlm_decimal_shift(number("1"), 2147483647));
    ASSERT_DECIMAL("-9223372036854775808", ((rlm_decimal){INT64_MIN, 0}));
    ASSERT(rlm_decimal_write((rlm_decimal){INT64_MIN, 424}, text) == 444);
    ASSERT(rlm_decimal_write((rlm_decimal){-1, -424}, text) == 427);
    PASS();
}

#define ASSERT_FLOAT(expected, decimal)                                                                                \
    do {                                                                                                               \
        char float_[RLM_DECIMAL_TEXT];                                                                                 \
        size_t length_ = rlm_decimal_write_float((decimal), float_);                                                   \
        ASSERT_TEXT((expected), ((rlm_slice){float_, length_}));                                                       \
    } while (0)

/* The expected texts of more than 15 digits are what Ruby's Float shows of the number. */
TEST
writes_the_nearest_double_with_the_fewest_digits(void)
{
    ASSERT_FLOAT("0.15", number("0.15"));
    ASSERT_FLOAT("2.0", number("2"));
    ASSERT_FLOAT("0.0", number("0"));
    ASSERT_FLOAT("-360000.0", number("-36e4"));
    ASSERT_FLOAT("0.000000001", number("1e-9"));
    ASSERT_FLOAT("123456789012345.0", number("123456789012345"));
    ASSERT_FLOAT("0.08333333333333334", number("0.08333333333333334"));
    ASSERT_FLOAT("0.08333333333333333", number("0.0833333333333333312"));
    ASSERT_FLOAT("0.3", number("0.299999999999999999"));
    ASSERT_FLOAT("0.30000000000000004", number("0.300000000000000044"));
    ASSERT_FLOAT("-1234.5678901234571", number("-1234.56789012345702"));
    PASS();
}

TEST
writes_what_has_many_zeros_as_a_power(void)
{
    ASSERT_FLOAT("1e-10", number("0.0000000001"));
    ASSERT_FLOAT("15e-31", number("1.5e-30"));
    ASSERT_FLOAT("1e15", number("1000000000000000"));
    ASSERT_FLOAT("12345678901234568e1", number("123456789012345678"));
    ASSERT_FLOAT("1e400", number("1e400"));
    ASSERT_FLOAT("123456789012345678e-400", number("123456789012345678e-400"));
    ASSERT_FLOAT("123456789012345678e383", number("123456789012345678e383"));
    ASSERT_FLOAT("-9223372036854775808e400", ((rlm_decimal){INT64_MIN, 400}));
    ASSERT_FLOAT("0.0", ((rlm_decimal){0, 400}));
    ASSERT_FLOAT("0.1", ((rlm_decimal){100, -3}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(shifts_a_price_per_token_to_a_million);
    RUN(shifts_back);
    RUN(writes_what_was_read_in_plain_notation);
    RUN(drops_zeros_that_mean_nothing);
    RUN(knows_equal_values_however_written);
    RUN(keeps_eighteen_digits_and_no_more);
    RUN(refuses_what_is_not_a_number);
    RUN(reads_no_further_than_the_slice);
    RUN(refuses_an_exponent_past_its_limit);
    RUN(tells_a_negative_number);
    RUN(compares_values_of_any_scale);
    RUN(multiplies_exactly_as_far_as_its_digits_reach);
    RUN(adds_exactly_as_far_as_its_digits_reach);
    RUN(is_an_integer_only_without_a_fraction);
    RUN(writes_even_the_farthest_values_into_its_text);
    RUN(writes_the_nearest_double_with_the_fewest_digits);
    RUN(writes_what_has_many_zeros_as_a_power);
    return REPORT("decimal");
}
