/* Windows of time: read rlm_price_windows. */
#include "model/price_window.h"

#include <string.h>

static bool
read_minute(const char *text, uint16_t *minute)
{
    static const char shape[] = "00:00";

    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';

        if (shape[i] == '0' ? !digit : text[i] != shape[i]) return false;
    }
    *minute = (uint16_t) (((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0');
    return text[3] < '6' && *minute <= RLM_MINUTES_OF_DAY;
}

bool
rlm_price_hours(rlm_slice text, rlm_price *conditions)
{
    uint16_t from, until;

    if (text.length != sizeof "16:30-00:30" - 1 || text.bytes[5] != '-') return false;
    if (!read_minute(text.bytes, &from) || !read_minute(text.bytes + 6, &until) || from == until) return false;
    conditions->from_minute = from;
    conditions->until_minute = until;
    return true;
}

/* The bit of a day, from Sunday on; -1: not a day. */
static int
day_of(const rlm_value *value)
{
    static const char *const names[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
    rlm_slice text = rlm_value_text(value);
    int64_t number;

    if (value->kind == RLM_NUMBER && rlm_value_integer(value, &number))
        return number >= 1 && number <= 7 ? (int) (number % 7) : -1;
    for (int day = 0; day < 7 && text.length >= 3; day++) {
        if (text.length <= strlen(names[day]) && rlm_ascii_alike(text.bytes, names[day], text.length)) return day;
    }
    return -1;
}

static bool
read_weekdays(const rlm_value *list, uint8_t *weekdays)
{
    *weekdays = 0;
    if (list == NULL || list->kind == RLM_NULL) return true;
    if (list->kind != RLM_ARRAY) return false;
    RLM_EACH (each, list) {
        int day = day_of(each);

        if (day < 0) return false;
        *weekdays = (uint8_t) (*weekdays | 1 << day);
    }
    return *weekdays != 0;
}

static bool
add(rlm_price window, rlm_price *windows, size_t *count)
{
    if (*count >= RLM_PRICE_WINDOWS) return false;
    windows[(*count)++] = window;
    return true;
}

static bool
add_window(rlm_slice hours, uint8_t weekdays, rlm_price *windows, size_t *count)
{
    rlm_price window = {.weekdays = weekdays}, morning = {.weekdays = weekdays};

    if (!rlm_price_hours(hours, &window)) return false;
    if (weekdays == 0 || window.from_minute < window.until_minute) return add(window, windows, count);
    morning.until_minute = window.until_minute;
    window.until_minute = RLM_MINUTES_OF_DAY;
    if (window.from_minute < RLM_MINUTES_OF_DAY && !add(window, windows, count)) return false;
    return morning.until_minute == 0 || add(morning, windows, count);
}

bool
rlm_price_windows(const rlm_value *hours, const rlm_value *weekdays, rlm_price *windows, size_t *count)
{
    uint8_t days;

    if (hours == NULL || !read_weekdays(weekdays, &days)) return false;
    if (hours->kind == RLM_STRING) return add_window(hours->text, days, windows, count);
    if (hours->kind != RLM_ARRAY || hours->first == NULL) return false;
    RLM_EACH (each, hours) {
        if (!add_window(rlm_value_text(each), days, windows, count)) return false;
    }
    return true;
}
