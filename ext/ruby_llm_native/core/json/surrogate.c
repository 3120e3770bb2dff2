/*
 * One walk over the escapes of a text. Outside of strings a backslash is not JSON, so strings need not be told apart.
 */
#include "json/surrogate.h"

#include <string.h>

/* The number of four hexadecimal digits, or -1. */
static long
read_unit(const char *digits)
{
    long unit = 0;

    for (int i = 0; i < 4; i++) {
        char digit = digits[i];

        if (digit >= '0' && digit <= '9') unit = unit * 16 + (digit - '0');
        else if (digit >= 'a' && digit <= 'f') unit = unit * 16 + (digit - 'a' + 10);
        else if (digit >= 'A' && digit <= 'F') unit = unit * 16 + (digit - 'A' + 10);
        else return -1;
    }
    return unit;
}

static bool
is_high(long unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool
is_low(long unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

/* Whether the `length` bytes may begin the escape of a second half. */
static bool
may_follow(const char *text, size_t length)
{
    return (length < 1 || text[0] == '\\') && (length < 2 || text[1] == 'u') &&
           (length < RLM_SURROGATE_SIZE || is_low(read_unit(text + 2)));
}

bool
rlm_surrogate_find(const char *text, size_t length, size_t *at)
{
    while (*at < length) {
        const char *escape = memchr(text + *at, '\\', length - *at);
        size_t left = escape != NULL ? (size_t) (text + length - escape) : 0, step = 2;
        bool named = left >= 2 && escape[1] == 'u';
        long unit = named && left >= RLM_SURROGATE_SIZE ? read_unit(escape + 2) : -1;

        *at = length - left;
        if (left == 0) return false;
        if (left < 2 || (named && left < RLM_SURROGATE_SIZE)) return false;
        if (is_low(unit)) return true;
        if (is_high(unit)) {
            if (!may_follow(escape + RLM_SURROGATE_SIZE, left - RLM_SURROGATE_SIZE)) return true;
            if (left < 2 * RLM_SURROGATE_SIZE) return false;
            step = 2 * RLM_SURROGATE_SIZE;
        }
        *at += step;
    }
    return false;
}
