/*
 * Exact decimals. strtod knows the locale and rounds; a price wants neither.
 *
 * Read rlm_decimal_parse: it walks JSON's grammar for a number, and `add_digit` keeps the significant digits, holding
 * zeros back until a digit follows them. So no trailing zero ever gets into a coefficient, "1.0" is 1, and equal values
 * are equal structs. Then read rlm_decimal_write, the way back. Only as_double needs strtod and printf: it gives the
 * one a text without a point, and reads of the other's nothing but digits.
 */
#include "base/decimal.h"

#include "base/caps.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Past this power of ten, plain notation may not fit into RLM_DECIMAL_TEXT: sign, 19 digits, and NUL come on top. */
#define PLAIN_EXPONENT (RLM_DECIMAL_TEXT - 24)

typedef struct {
    uint64_t coefficient;
    int64_t zeros;  /* seen since the last other digit */
    int64_t digits; /* significant ones, so far */
} significand;

static bool
is_digit(rlm_slice text, size_t at)
{
    return at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9';
}

static void
add_digit(significand *number, char digit)
{
    if (digit == '0') {
        if (number->digits > 0) number->zeros++;
        return;
    }
    number->digits += number->zeros + 1;
    if (number->digits <= RLM_CAP_DECIMAL_DIGITS) {
        for (; number->zeros >= 0; number->zeros--) number->coefficient *= 10;
        number->coefficient += (uint64_t) (digit - '0');
    }
    number->zeros = 0;
}

rlm_status
rlm_decimal_parse(rlm_slice text, rlm_decimal *out)
{
    const int64_t far =
        INT32_MAX; /* an exponent that is out of reach of any fraction's length, and far from overflow */
    significand number = {0, 0, 0};
    bool negative, shrinks = false;
    int64_t fraction = 0, exponent = 0;
    size_t at = 0;

    negative = text.length > 0 && text.bytes[0] == '-';
    if (negative) at++;
    if (!is_digit(text, at)) return RLM_BAD_NUMBER;
    if (text.bytes[at] == '0' && is_digit(text, at + 1)) return RLM_BAD_NUMBER;
    for (; is_digit(text, at); at++) add_digit(&number, text.bytes[at]);
    if (at < text.length && text.bytes[at] == '.') {
        if (!is_digit(text, ++at)) return RLM_BAD_NUMBER;
        for (; is_digit(text, at); at++, fraction++) add_digit(&number, text.bytes[at]);
    }
    if (at < text.length && (text.bytes[at] == 'e' || text.bytes[at] == 'E')) {
        at++;
        if (at < text.length && (text.bytes[at] == '+' || text.bytes[at] == '-')) shrinks = text.bytes[at++] == '-';
        if (!is_digit(text, at)) return RLM_BAD_NUMBER;
        for (; is_digit(text, at); at++) {
            if (exponent < far) exponent = exponent * 10 + (text.bytes[at] - '0');
        }
    }
    if (at != text.length) return RLM_BAD_NUMBER;

    exponent = (shrinks ? -exponent : exponent) - fraction + number.zeros;
    if (number.digits == 0) exponent = 0;
    if (number.digits > RLM_CAP_DECIMAL_DIGITS) return RLM_NUMBER_TOO_LONG;
    if (exponent < -RLM_CAP_DECIMAL_EXPONENT || exponent > RLM_CAP_DECIMAL_EXPONENT) return RLM_BAD_NUMBER;
    out->coefficient = negative ? -(int64_t) number.coefficient : (int64_t) number.coefficient;
    out->exponent = (int16_t) exponent;
    return RLM_OK;
}

rlm_decimal
rlm_decimal_shift(rlm_decimal value, int places)
{
    int64_t exponent = (int64_t) value.exponent + places;

    if (value.coefficient == 0) return value;
    if (exponent > INT16_MAX) exponent = INT16_MAX;
    if (exponent < INT16_MIN) exponent = INT16_MIN;
    value.exponent = (int16_t) exponent;
    return value;
}

bool
rlm_decimal_equal(rlm_decimal left, rlm_decimal right)
{
    return left.coefficient == right.coefficient && left.exponent == right.exponent;
}

/* Negated as unsigned, because a damaged block may hold INT64_MIN, which has no positive counterpart. */
static uint64_t
magnitude_of(rlm_decimal value)
{
    return value.coefficient < 0 ? 0 - (uint64_t) value.coefficient : (uint64_t) value.coefficient;
}

static int
count_digits(uint64_t value)
{
    int count = 0;

    for (; value > 0; value /= 10) count++;
    return count;
}

static int
compare_magnitudes(rlm_decimal left, rlm_decimal right)
{
    uint64_t a = magnitude_of(left), b = magnitude_of(right);
    int a_digits = count_digits(a), b_digits = count_digits(b);

    if (a == 0 || b == 0) return (a > 0) - (b > 0);
    if (left.exponent + a_digits != right.exponent + b_digits)
        return left.exponent + a_digits < right.exponent + b_digits ? -1 : 1;
    for (; a_digits < b_digits; a_digits++)
        a *= 10; /* the first digits are worth the same: with as many digits they are of one scale */
    for (; b_digits < a_digits; b_digits++) b *= 10;
    return (a > b) - (a < b);
}

int
rlm_decimal_compare(rlm_decimal left, rlm_decimal right)
{
    bool negative = left.coefficient < 0;

    if (negative != (right.coefficient < 0)) return negative ? -1 : 1;
    return negative ? compare_magnitudes(right, left) : compare_magnitudes(left, right);
}

rlm_decimal
rlm_decimal_multiply(rlm_decimal left, rlm_decimal right)
{
    const int64_t most = 999999999999999999; /* RLM_CAP_DECIMAL_DIGITS */
    rlm_decimal product = {0, 0};

    if (left.coefficient == 0 || right.coefficient == 0) return product;
    while (left.coefficient > most / right.coefficient) {
        rlm_decimal *longer = left.coefficient > right.coefficient ? &left : &right;

        longer->coefficient /= 10;
        *longer = rlm_decimal_shift(*longer, 1);
    }
    product.coefficient = left.coefficient * right.coefficient;
    for (; product.coefficient % 10 == 0; product.exponent++) product.coefficient /= 10;
    product = rlm_decimal_shift(product, left.exponent);
    return rlm_decimal_shift(product, right.exponent);
}

rlm_decimal
rlm_decimal_add(rlm_decimal left, rlm_decimal right)
{
    rlm_decimal high = left.exponent >= right.exponent ? left : right,
                low = left.exponent >= right.exponent ? right : left, sum;
    int room = RLM_CAP_DECIMAL_DIGITS - count_digits(magnitude_of(high));

    if (high.coefficient == 0) return low;
    if (low.coefficient == 0) return high;
    for (; high.exponent > low.exponent && room > 0; high.exponent--, room--) high.coefficient *= 10;
    for (; high.exponent > low.exponent && low.coefficient > 0; low.exponent++) low.coefficient /= 10;
    for (; high.coefficient > INT64_MAX / 2 || low.coefficient > INT64_MAX / 2;
         high.exponent++) { /* only a damaged block has so many digits */
        high.coefficient /= 10;
        low.coefficient /= 10;
    }
    sum = (rlm_decimal){high.coefficient + low.coefficient, high.exponent};
    for (; sum.coefficient % 10 == 0; sum.exponent++) sum.coefficient /= 10;
    return sum;
}

bool
rlm_decimal_is_negative(rlm_decimal value)
{
    return value.coefficient < 0;
}

bool
rlm_decimal_integer(rlm_decimal value, int64_t *out)
{
    int64_t whole = value.coefficient;

    if (value.exponent < 0) return false;
    for (int i = 0; i < value.exponent; i++) {
        if (whole > INT64_MAX / 10 || whole < INT64_MIN / 10) return false;
        whole *= 10;
    }
    *out = whole;
    return true;
}

static size_t
write_whole(uint64_t value, char text[20])
{
    char reversed[20];
    size_t length = 0;

    do {
        reversed[length++] = (char) ('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < length; i++) text[i] = reversed[length - 1 - i];
    return length;
}

size_t
rlm_decimal_write(rlm_decimal value, char text[RLM_DECIMAL_TEXT])
{
    uint64_t magnitude = magnitude_of(value);
    size_t power = (size_t) (value.exponent < 0 ? -value.exponent : value.exponent);
    char digits[20];
    size_t count = write_whole(magnitude, digits);
    size_t whole = power < count ? count - power : 0; /* digits before the point, with a negative exponent */
    char *end = text;

    if (value.coefficient < 0) *end++ = '-';
    if (power > PLAIN_EXPONENT) {
        memcpy(end, digits, count);
        end += count;
        *end++ = 'e';
        if (value.exponent < 0) *end++ = '-';
        end += write_whole(power, end);
    } else if (value.exponent >= 0) {
        memcpy(end, digits, count);
        memset(end + count, '0', power);
        end += count + power;
    } else {
        memcpy(end, digits, whole);
        end += whole;
        if (whole == 0) *end++ = '0';
        *end++ = '.';
        memset(end, '0', power - (count - whole));
        end += power - (count - whole);
        memcpy(end, digits + whole, count - whole);
        end += count - whole;
    }
    *end = '\0';
    return (size_t) (end - text);
}

static rlm_decimal
without_zeros(rlm_decimal value)
{
    if (value.coefficient == 0) return (rlm_decimal){0, 0};
    for (; value.coefficient % 10 == 0 && value.exponent < INT16_MAX; value.exponent++) value.coefficient /= 10;
    return value;
}

static double
read_double(rlm_decimal value)
{
    char text[40];

    (void) snprintf(text, sizeof text, "%" PRId64 "e%d", value.coefficient, value.exponent);
    return strtod(text, NULL);
}

/* The decimal of so many digits that is nearest to a number which is not zero. */
static rlm_decimal
round_double(double number, int digits)
{
    char text[60];
    rlm_decimal value = {0, 0};
    const char *at = text;

    (void) snprintf(text, sizeof text, "%.*e", digits - 1, number);
    for (; *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') value.coefficient = 10 * value.coefficient + (*at - '0');
    }
    value.exponent = (int16_t) (strtol(at + 1, NULL, 10) - (digits - 1));
    if (number < 0) value.coefficient = -value.coefficient;
    return value;
}

/* The decimal with the fewest digits that is read as the same double. Of 15 digits, no two are read as the same. */
static rlm_decimal
as_double(rlm_decimal value)
{
    double number;

    if (count_digits(magnitude_of(value)) <= DBL_DIG) return value;
    number = read_double(value);
    if (!isnormal(number)) return value;
    for (int digits = DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        rlm_decimal rounded = round_double(number, digits);
        double again = read_double(rounded);

        if (memcmp(&again, &number, sizeof number) == 0) return without_zeros(rounded);
    }
    return value;
}

size_t
rlm_decimal_write_float(rlm_decimal value, char text[RLM_DECIMAL_TEXT])
{
    int before_point;
    size_t length;

    value = as_double(without_zeros(value));
    before_point = count_digits(magnitude_of(value)) + value.exponent;
    if (before_point > DBL_DIG || before_point < -8)
        return (size_t) snprintf(text, RLM_DECIMAL_TEXT, "%" PRId64 "e%d", value.coefficient, value.exponent);
    length = rlm_decimal_write(value, text);
    if (value.exponent >= 0) {
        memcpy(text + length, ".0", sizeof ".0");
        length += 2;
    }
    return length;
}
