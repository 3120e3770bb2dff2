/*
 * Exact decimal numbers, as prices are written in JSON.
 *
 * A price per token becomes a price per million by moving the point, never by multiplying a double: "0.00000015" is
 * 0.15, not 0.15000000000000002. Values are plain structs, copied freely, owned by nobody. Any thread.
 */
#ifndef RLM_DECIMAL_H
#define RLM_DECIMAL_H

#include "base/status.h"
#include "base/text.h"

typedef struct {
    int64_t coefficient; /* value = coefficient * 10^exponent, no trailing zeros in the coefficient; zero is {0, 0} */
    int16_t exponent;
} rlm_decimal;

/* The most that rlm_decimal_write needs, including the final NUL. */
#define RLM_DECIMAL_TEXT 448

/*
 * Read a JSON number or the inside of a JSON string that holds one ("-1", "0.25", "1e-7").
 *
 * RLM_OK; RLM_BAD_NUMBER if it is not a number or its exponent exceeds RLM_CAP_DECIMAL_EXPONENT; RLM_NUMBER_TOO_LONG
 * past RLM_CAP_DECIMAL_DIGITS significant digits. `*out` is then untouched. Knows no locale, allocates nothing.
 */
RLM_NODISCARD rlm_status
rlm_decimal_parse(rlm_slice text, rlm_decimal *out) RLM_NONNULL();

/* The value times 10^places; `places` may be negative. The exponent stops at what an int16_t holds. */
rlm_decimal
rlm_decimal_shift(rlm_decimal value, int places);

bool
rlm_decimal_equal(rlm_decimal left, rlm_decimal right);

/* Negative, 0 or positive as `left` is smaller, equal or larger; exact, however far apart the exponents are. */
int
rlm_decimal_compare(rlm_decimal left, rlm_decimal right);

/*
 * The product of two values that are not negative: exact if RLM_CAP_DECIMAL_DIGITS digits hold it, else without some of
 * the last digits of the longer one.
 */
rlm_decimal
rlm_decimal_multiply(rlm_decimal left, rlm_decimal right);

/*
 * The sum of two values that are not negative: exact if RLM_CAP_DECIMAL_DIGITS digits hold it, else without the digits
 * after those.
 */
rlm_decimal
rlm_decimal_add(rlm_decimal left, rlm_decimal right);

bool
rlm_decimal_is_negative(rlm_decimal value);

/* The value as an integer. False, and `*out` untouched, if it has a fraction or does not fit. */
bool
rlm_decimal_integer(rlm_decimal value, int64_t *out) RLM_NONNULL();

/*
 * Write plain notation ("0.15", "-1", "1000000"), NUL-terminated; returns the length without the NUL. A value beyond
 * RLM_CAP_DECIMAL_EXPONENT, which only a shift can make, does not fit and is written "15e500".
 */
size_t
rlm_decimal_write(rlm_decimal value, char text[RLM_DECIMAL_TEXT]) RLM_NONNULL();

/*
 * Write the nearest double as JSON, with the fewest digits that are read as it: "0.15", "2.0", and "15e-31" where there
 * would be many zeros. Where no double is near, the value itself.
 */
size_t
rlm_decimal_write_float(rlm_decimal value, char text[RLM_DECIMAL_TEXT]) RLM_NONNULL();

#endif
