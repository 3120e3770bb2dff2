/*
 * Dates and times. mktime and the like know the local time zone and keep state, so the calendar is computed here.
 *
 * Read days_before first: days since 1970 of a Gregorian date, with the year starting in March, so that the leap day
 * comes last and the months before it have fixed lengths. `date_of` is the way back. Then rlm_timestamp_parse, which
 * eats its text piece by piece from the left.
 */
#include "base/timestamp.h"

#define DAY 86400
#define FIRST_SECOND INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST_SECOND INT64_C(253402300799)  /* 9999-12-31T23:59:59Z */

typedef struct {
    int64_t year, month, day;
} date;

/*
 * The constants: 146097 days are 400 years; 719468 days lie between March of the year 0 and 1970; 153 are five months
 * from March on.
 */
static int64_t
days_before(date on)
{
    int64_t year = on.month <= 2 ? on.year - 1 : on.year;
    int64_t month = on.month <= 2 ? on.month + 9 : on.month - 3;

    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + on.day - 1 - 719468;
}

static date
date_of(int64_t days)
{
    int64_t left = days + 719468; /* never negative within the years 1..9999 */
    int64_t cycle = left / 146097;
    int64_t day = left % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t month;

    day -= year * 365 + year / 4 - year / 100;
    month = (5 * day + 2) / 153;
    day -= (153 * month + 2) / 5;
    return (date){cycle * 400 + year + (month >= 10), month >= 10 ? month - 9 : month + 3, day + 1};
}

static bool
is_on_calendar(date on)
{
    static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (on.year % 4 == 0 && on.year % 100 != 0) || on.year % 400 == 0;

    if (on.year < 1 || on.month < 1 || on.month > 12 || on.day < 1) return false;
    return on.day <= lengths[on.month - 1] + (on.month == 2 && leap);
}

/* Eat `character`, of letters either case. */
static bool
eat(rlm_slice *text, char character)
{
    char first;

    if (text->length == 0) return false;
    first = text->bytes[0];
    if (first >= 'a' && first <= 'z') first = (char) (first - 'a' + 'A');
    if (first != character) return false;
    text->bytes++;
    text->length--;
    return true;
}

static bool
is_at_digit(rlm_slice text)
{
    return text.length > 0 && text.bytes[0] >= '0' && text.bytes[0] <= '9';
}

/* Eat a number of exactly `count` digits. */
static bool
eat_number(rlm_slice *text, int count, int64_t *number)
{
    *number = 0;
    for (; count > 0; count--) {
        if (!is_at_digit(*text)) return false;
        *number = *number * 10 + (text->bytes[0] - '0');
        text->bytes++;
        text->length--;
    }
    return true;
}

/* Eat the zone, which may be missing: `*offset` is how many seconds its clocks are ahead of UTC. */
static bool
eat_zone(rlm_slice *text, int64_t *offset)
{
    int64_t hours, minutes;
    bool behind;

    *offset = 0;
    if (text->length == 0 || eat(text, 'Z')) return true;
    if (eat(text, ' ')) return eat(text, 'U') && eat(text, 'T') && eat(text, 'C');
    behind = eat(text, '-');
    if (!behind && !eat(text, '+')) return false;
    if (!eat_number(text, 2, &hours) || !eat(text, ':') || !eat_number(text, 2, &minutes)) return false;
    if (hours > 23 || minutes > 59) return false;
    *offset = (hours * 60 + minutes) * (behind ? -60 : 60);
    return true;
}

/* Eat a time of the day and its zone: `*seconds` is to be added to the day's midnight in UTC. */
static bool
eat_time(rlm_slice *text, int64_t *seconds)
{
    int64_t hour, minute, second, offset;

    if (!eat_number(text, 2, &hour) || !eat(text, ':') || !eat_number(text, 2, &minute)) return false;
    if (!eat(text, ':') || !eat_number(text, 2, &second)) return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    if (eat(text, '.')) {
        if (!is_at_digit(*text)) return false;
        for (int64_t dropped; is_at_digit(*text);) eat_number(text, 1, &dropped);
    }
    if (!eat_zone(text, &offset)) return false;
    *seconds = (hour * 60 + minute) * 60 + second - offset;
    /* A leap second comes only before midnight in UTC, and shares the number of the one after it. */
    return second < 60 || *seconds % DAY == 0;
}

rlm_status
rlm_timestamp_parse(rlm_slice text, rlm_timestamp *out)
{
    date on = {1, 1, 1};
    rlm_precision precision = RLM_PRECISION_YEAR;
    int64_t seconds = 0;

    if (!eat_number(&text, 4, &on.year)) return RLM_BAD_TIMESTAMP;
    if (text.length > 0) {
        if (!eat(&text, '-') || !eat_number(&text, 2, &on.month)) return RLM_BAD_TIMESTAMP;
        precision = RLM_PRECISION_MONTH;
    }
    if (text.length > 0) {
        if (!eat(&text, '-') || !eat_number(&text, 2, &on.day)) return RLM_BAD_TIMESTAMP;
        precision = RLM_PRECISION_DAY;
    }
    if (text.length > 0) {
        if (!eat(&text, 'T') && !eat(&text, ' ')) return RLM_BAD_TIMESTAMP;
        if (!eat_time(&text, &seconds)) return RLM_BAD_TIMESTAMP;
        precision = RLM_PRECISION_SECOND;
    }
    if (text.length > 0 || !is_on_calendar(on)) return RLM_BAD_TIMESTAMP;
    seconds += days_before(on) * DAY;
    /* The offset may have moved it out of the years that can be written. */
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return RLM_BAD_TIMESTAMP;
    *out = (rlm_timestamp){seconds, (uint8_t) precision};
    return RLM_OK;
}

rlm_status
rlm_timestamp_from_unix(int64_t seconds, rlm_timestamp *out)
{
    if (seconds <= 0 || seconds > LAST_SECOND) return RLM_BAD_TIMESTAMP;
    *out = (rlm_timestamp){seconds, RLM_PRECISION_SECOND};
    return RLM_OK;
}

static char *
write_number(char *text, int count, int64_t number)
{
    for (int i = count - 1; i >= 0; i--, number /= 10) text[i] = (char) ('0' + number % 10);
    return text + count;
}

size_t
rlm_timestamp_write(rlm_timestamp timestamp, char text[RLM_TIMESTAMP_TEXT])
{
    char *end = text;
    int64_t clock;
    date on;

    text[0] = '\0';
    /* Nothing stated; or something that only a damaged block can hold. */
    if (timestamp.precision == RLM_PRECISION_NONE || timestamp.precision > RLM_PRECISION_SECOND) return 0;
    if (timestamp.seconds < FIRST_SECOND || timestamp.seconds > LAST_SECOND) return 0;
    clock = (timestamp.seconds - FIRST_SECOND) % DAY;
    on = date_of((timestamp.seconds - clock) / DAY);
    end = write_number(end, 4, on.year);
    if (timestamp.precision >= RLM_PRECISION_MONTH) {
        *end++ = '-';
        end = write_number(end, 2, on.month);
    }
    if (timestamp.precision >= RLM_PRECISION_DAY) {
        *end++ = '-';
        end = write_number(end, 2, on.day);
    }
    if (timestamp.precision == RLM_PRECISION_SECOND) {
        *end++ = 'T';
        end = write_number(end, 2, clock / 3600);
        *end++ = ':';
        end = write_number(end, 2, clock / 60 % 60);
        *end++ = ':';
        end = write_number(end, 2, clock % 60);
        *end++ = 'Z';
    }
    *end = '\0';
    return (size_t) (end - text);
}
