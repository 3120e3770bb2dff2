/* Hours and weekdays of prices. */
#include "model/price_window.h"
#include "parsed.h"

static rlm_price windows[RLM_PRICE_WINDOWS];
static size_t count;

static bool
read_windows(const char *json)
{
    const rlm_value *row = parsed(json);

    count = 0;
    return rlm_price_windows(rlm_value_get(row, "hours"), rlm_value_get(row, "days"), windows, &count);
}

/* "on 62 at 0-60": the bits of the weekdays and the minutes. */
static const char *
window(size_t at)
{
    static char text[64];

    (void) snprintf(text, sizeof text, "on %d at %d-%d", windows[at].weekdays, windows[at].from_minute,
                    windows[at].until_minute);
    return text;
}

#define ASSERT_WINDOW(expected, at) ASSERT_TEXT(expected, rlm_slice_of(window(at)))

TEST
hours_are_minutes_of_the_day(void)
{
    rlm_price price = {.from_minute = 7, .until_minute = 8};
    static const char *const wrong[] = {"",
                                        "16:30",
                                        "16:30-0:30",
                                        "16:30-00:30 ",
                                        "1a:30-00:30",
                                        "16:60-00:30",
                                        "16:30 00:30",
                                        "16.30-00.30",
                                        "24:01-00:30",
                                        "25:00-00:30",
                                        "16:30-16:30",
                                        "16:30-00:30Z",
                                        "ab:cd-ef:gh"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) ASSERT(!rlm_price_hours(rlm_slice_of(wrong[i]), &price));
    ASSERT(price.from_minute == 7);
    ASSERT(rlm_price_hours(RLM_SLICE("16:30-00:30"), &price));
    ASSERT(price.from_minute == 990);
    ASSERT(price.until_minute == 30);
    ASSERT(rlm_price_hours(RLM_SLICE("10:00-24:00"), &price));
    ASSERT(price.from_minute == 600);
    ASSERT(price.until_minute == 1440);
    PASS();
}

/* clang-format off */
TEST
windows_of_all_days_may_cross_midnight(void)
{
    ASSERT(read_windows(JSON({"hours": "16:30-00:30"})));
    ASSERT(count == 1);
    ASSERT_WINDOW("on 0 at 990-30", 0);
    ASSERT(read_windows(JSON({"hours": ["00:00-01:00", "04:00-06:00"], "days": null})));
    ASSERT(count == 2);
    ASSERT_WINDOW("on 0 at 0-60", 0);
    ASSERT_WINDOW("on 0 at 240-360", 1);
    PASS();
}

/* Monday is the second bit, Sunday the first. A window of some days that crosses midnight ends on the same days. */
TEST
windows_of_some_days_are_cut_at_midnight(void)
{
    ASSERT(read_windows(JSON({"hours": ["10:00-24:00"], "days": [1, 2, 3, 4, 5]})));
    ASSERT(count == 1);
    ASSERT_WINDOW("on 62 at 600-1440", 0);
    ASSERT(read_windows(JSON({"hours": ["22:00-02:00"], "days": [6, 7]})));
    ASSERT(count == 2);
    ASSERT_WINDOW("on 65 at 1320-1440", 0);
    ASSERT_WINDOW("on 65 at 0-120", 1);
    ASSERT(read_windows(JSON({"hours": "22:00-00:00", "days": ["mon", "Tuesday", "thurs"]})));
    ASSERT(count == 1);
    ASSERT_WINDOW("on 22 at 1320-1440", 0);
    PASS();
}

TEST
what_is_no_window_is_none_at_all(void)
{
    static const char *const wrong[] = {
        JSON({}), JSON({"hours": null}), JSON({"hours": []}), JSON({"hours": 16}), JSON({"hours": ["00:00-01:00", 7]}),
        JSON({"hours": "00:00-01:00", "days": []}), JSON({"hours": "00:00-01:00", "days": [0]}),
        JSON({"hours": "00:00-01:00", "days": [8]}), JSON({"hours": "00:00-01:00", "days": [1.5]}),
        JSON({"hours": "00:00-01:00", "days": ["mo"]}), JSON({"hours": "00:00-01:00", "days": ["mondays"]}),
        JSON({"hours": "00:00-01:00", "days": "mon"}),
    };
    char many[RLM_PRICE_WINDOWS * 16 + 64] = "{\"hours\": [\"00:00-01:00\"";

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) ASSERT(!read_windows(wrong[i]));
    for (int i = 1; i < RLM_PRICE_WINDOWS; i++) strcat(many, ",\"00:00-01:00\"");
    strcat(many, "]}");
    ASSERT(read_windows(many));
    strcpy(many + strlen(many) - 2, ",\"00:00-01:00\"]}");
    ASSERT(!read_windows(many));
    PASS();
}
/* clang-format on */

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(hours_are_minutes_of_the_day);
    RUN(windows_of_all_days_may_cross_midnight);
    RUN(windows_of_some_days_are_cut_at_midnight);
    RUN(what_is_no_window_is_none_at_all);
    parsed_free();
    return REPORT("price_window");
}
