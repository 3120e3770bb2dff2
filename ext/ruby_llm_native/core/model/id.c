/* Ids are read from their end: the version, then the date before it. */
#include "model/id.h"

#include "base/timestamp.h"

#include <string.h>

#define VERSION_DIGITS 3

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/*
 * Cut the number off the end of the text and return it. -1, and nothing is cut, if the text ends in no number or in one
 * of more than VERSION_DIGITS digits.
 */
static int
cut_number(rlm_slice *text)
{
    int number = 0, factor = 1;
    size_t digits = 0;

    while (digits < text->length && is_digit(text->bytes[text->length - 1 - digits])) {
        if (++digits > VERSION_DIGITS) return -1;
        number += (text->bytes[text->length - digits] - '0') * factor;
        factor *= 10;
    }
    text->length -= digits;
    return digits == 0 ? -1 : number;
}

static bool
cut_text(rlm_slice *text, const char *end)
{
    if (!rlm_slice_ends_with(*text, end)) return false;
    text->length -= strlen(end);
    return true;
}

rlm_slice
rlm_id_unversioned(rlm_slice id, int *version)
{
    rlm_slice rest = id;
    int last = cut_number(&rest), first = last;
    bool two = last >= 0 && cut_text(&rest, ":");

    *version = 0;
    if (two) first = cut_number(&rest);
    if (first < 0 || !(cut_text(&rest, "-v") || (two && cut_text(&rest, "-"))) || rest.length == 0) return id;
    *version = first * 1000 + (two ? last : 0);
    return rest;
}

/* Whether the date exists, and the date as a number. */
static bool
read_date(const char *year, const char *month, const char *day, int *date)
{
    const char text[] = {year[0], year[1], year[2], year[3], '-', month[0], month[1], '-', day[0], day[1]};
    rlm_timestamp timestamp;
    int number = 0;

    if (rlm_timestamp_parse((rlm_slice){text, sizeof text}, &timestamp) != RLM_OK ||
        timestamp.precision != RLM_PRECISION_DAY)
        return false;
    for (size_t i = 0; i < sizeof text; i++) {
        if (text[i] != '-') number = number * 10 + (text[i] - '0');
    }
    *date = number;
    return true;
}

bool
rlm_id_dated(rlm_slice id, rlm_dated *dated)
{
    int version;
    rlm_slice text = rlm_id_unversioned(id, &version);
    const char *end;
    size_t before;

    if (text.length <= 9) return false; /* no room for a date behind a name; an empty text has no end, either */
    end = text.bytes + text.length;
    if (text.length > 11 && end[-11] == '-' && end[-6] == '-' && end[-3] == '-' &&
        read_date(end - 10, end - 5, end - 2, &dated->date)) {
        before = text.length - 11;
    } else if ((end[-9] == '-' || end[-9] == '@') && read_date(end - 8, end - 4, end - 2, &dated->date)) {
        before = text.length - 9;
    } else {
        return false;
    }
    dated->base = (rlm_slice){id.bytes, before};
    dated->length = text.length;
    dated->plain = text.length == id.length && text.bytes[before] == '-';
    return true;
}

static rlm_slice
offer_of(rlm_slice id)
{
    const char *colon = id.length > 0 ? memchr(id.bytes, ':', id.length) : NULL;

    return colon == NULL ? (rlm_slice){NULL, 0} : (rlm_slice){colon, id.length - (size_t) (colon - id.bytes)};
}

bool
rlm_id_same_offer(rlm_slice left, rlm_slice right)
{
    return rlm_slice_equal(offer_of(left), offer_of(right));
}

bool
rlm_id_moves(rlm_slice id)
{
    return rlm_slice_ends_with(id, "-latest");
}

rlm_slice
rlm_id_without_digits(rlm_slice id)
{
    size_t digits = 0;

    while (digits < id.length && is_digit(id.bytes[id.length - 1 - digits])) digits++;
    if (digits < 4 || digits > 8 || digits + 1 >= id.length || id.bytes[id.length - 1 - digits] != '-')
        return (rlm_slice){NULL, 0};
    return (rlm_slice){id.bytes, id.length - 1 - digits};
}
