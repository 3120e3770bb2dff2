#include "test.h"

#include "base/timestamp.h"

static rlm_status
parse(const char *text, rlm_timestamp *out)
{
    return rlm_timestamp_parse(rlm_slice_of(text), out);
}

/* The text, read and written again; empty if it was refused. */
static rlm_slice
through(const char *text)
{
    static char written[RLM_TIMESTAMP_TEXT];
    rlm_timestamp timestamp = {0, RLM_PRECISION_NONE};

    parse(text, &timestamp);
    return (rlm_slice){written, rlm_timestamp_write(timestamp, written)};
}

static int64_t
seconds(const char *text)
{
    rlm_timestamp timestamp = {-1, RLM_PRECISION_NONE};

    parse(text, &timestamp);
    return timestamp.seconds;
}

TEST
keeps_the_precision_that_was_stated(void)
{
    ASSERT_TEXT("2025", through("2025"));
    ASSERT_TEXT("2024-07", through("2024-07"));
    ASSERT_TEXT("2025-06-30", through("2025-06-30"));
    ASSERT_TEXT("2025-06-30T12:00:00Z", through("2025-06-30T12:00:00Z"));
    PASS();
}

TEST
counts_from_the_first_second_of_the_period(void)
{
    ASSERT(seconds("1970") == 0);
    ASSERT(seconds("1970-01-01T00:00:01Z") == 1);
    ASSERT(seconds("1969-12-31T23:59:59Z") == -1);
    ASSERT(seconds("2024-07") == 1719792000);
    ASSERT(seconds("2025-06-30") == 1751241600);
    ASSERT(seconds("2000-03-01") == 951868800);
    ASSERT(seconds("0001-01-01") == -62135596800);
    ASSERT(seconds("9999-12-31T23:59:59Z") == 253402300799);
    PASS();
}

TEST
knows_leap_days(void)
{
    ASSERT_TEXT("2024-02-29", through("2024-02-29"));
    ASSERT_TEXT("2000-02-29", through("2000-02-29"));
    ASSERT_TEXT("", through("2023-02-29"));
    ASSERT_TEXT("", through("1900-02-29"));
    ASSERT_TEXT("2024-02-29T23:30:00Z", through("2024-03-01T00:30:00+01:00"));
    PASS();
}

TEST
reads_a_zone_and_counts_in_utc(void)
{
    ASSERT_TEXT("2025-06-30T10:00:00Z", through("2025-06-30T12:00:00+02:00"));
    ASSERT_TEXT("2025-07-01T00:30:00Z", through("2025-06-30T19:00:00-05:30"));
    ASSERT_TEXT("2025-06-30T12:00:00Z", through("2025-06-30T12:00:00-00:00"));
    ASSERT_TEXT("2025-06-30T12:00:00Z", through("2025-06-30T12:00:00"));
    ASSERT_TEXT("2025-06-30T12:00:00Z", through("2025-06-30t12:00:00z"));
    PASS();
}

TEST
reads_what_ruby_writes(void)
{
    ASSERT_TEXT("2025-05-20T22:00:00Z", through("2025-05-20 22:00:00 UTC"));
    ASSERT_TEXT("2025-05-20T22:00:00Z", through("2025-05-20 22:00:00"));
    PASS();
}

TEST
drops_a_fraction_of_a_second(void)
{
    ASSERT_TEXT("2025-06-30T10:00:00Z", through("2025-06-30T12:00:00.5+02:00"));
    ASSERT_TEXT("2025-06-30T12:00:00Z", through("2025-06-30T12:00:00.999999999Z"));
    ASSERT_TEXT("", through("2025-06-30T12:00:00.Z"));
    PASS();
}

TEST
takes_a_leap_second_only_before_midnight_in_utc(void)
{
    ASSERT_TEXT("2017-01-01T00:00:00Z", through("2016-12-31T23:59:60Z"));
    ASSERT_TEXT("2017-01-01T00:00:00Z", through("2017-01-01T01:59:60+02:00"));
    ASSERT_TEXT("", through("2016-12-31T12:59:60Z"));
    ASSERT_TEXT("", through("2016-12-31T23:59:61Z"));
    PASS();
}

TEST
refuses_what_is_not_a_timestamp(void)
{
    static const char *const refused[] = {"",
                                          "25",
                                          "latest",
                                          "0000",
                                          "0000-01-01",
                                          "20250630",
                                          "2025-6",
                                          "2025-00",
                                          "2025-13",
                                          "2025-06-00",
                                          "2025-06-31",
                                          "2025-12-32",
                                          "2025-06-30T",
                                          "2025-",
                                          "2025-06-",
                                          " 2025",
                                          "2025 ",
                                          "2025-06-3O",
                                          "-2025",
                                          "12025",
                                          "2025/06/30",
                                          "2025-06-30 Z",
                                          "2025-06-30T12:00Z",
                                          "2025-06-30T24:00:00Z",
                                          "2025-06-30T12:60:00Z",
                                          "2025-06-30T12:00:00+2",
                                          "2025-06-30T12:00:00+24:00",
                                          "2025-06-30T12:00:00+02:60",
                                          "2025-06-30T12:00:00 CET",
                                          "2025-06-30T12:00:00ZZ",
                                          "2025-06-30T12:00:00 UTC ",
                                          "0001-01-01T00:00:00+00:01",
                                          "9999-12-31T23:59:59-00:01"};
    rlm_timestamp timestamp = {7, RLM_PRECISION_DAY};

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (parse(refused[i], &timestamp) != RLM_BAD_TIMESTAMP) FAIL("takes \"%s\"", refused[i]);
    }
    ASSERT_STATUS(RLM_BAD_TIMESTAMP, rlm_timestamp_parse((rlm_slice){NULL, 0}, &timestamp));
    ASSERT(timestamp.seconds == 7 && timestamp.precision == RLM_PRECISION_DAY);
    PASS();
}

TEST
reads_no_further_than_the_slice(void)
{
    rlm_timestamp timestamp;

    ASSERT_STATUS(RLM_OK, rlm_timestamp_parse((rlm_slice){"2025-06-30", 7}, &timestamp));
    ASSERT(timestamp.precision == RLM_PRECISION_MONTH);
    ASSERT_STATUS(RLM_BAD_TIMESTAMP, rlm_timestamp_parse((rlm_slice){"2025-06-30", 9}, &timestamp));
    PASS();
}

/* Providers write 0, or the first second of the year 1, for what they do not know. */
TEST
takes_no_zero_date_for_a_fact(void)
{
    rlm_timestamp timestamp = {7, RLM_PRECISION_DAY};

    ASSERT_STATUS(RLM_BAD_TIMESTAMP, rlm_timestamp_from_unix(0, &timestamp));
    ASSERT_STATUS(RLM_BAD_TIMESTAMP, rlm_timestamp_from_unix(-62135596800, &timestamp));
    ASSERT_STATUS(RLM_BAD_TIMESTAMP, rlm_timestamp_from_unix(253402300800, &timestamp));
    ASSERT_STATUS(RLM_BAD_TIMESTAMP, rlm_timestamp_from_unix(INT64_MIN, &timestamp));
    ASSERT(timestamp.seconds == 7 && timestamp.precision == RLM_PRECISION_DAY);
    PASS();
}

TEST
takes_unix_seconds_to_the_second(void)
{
    char text[RLM_TIMESTAMP_TEXT];
    rlm_timestamp timestamp;

    ASSERT_STATUS(RLM_OK, rlm_timestamp_from_unix(1744316542, &timestamp));
    rlm_timestamp_write(timestamp, text);
    ASSERT_TEXT("2025-04-10T20:22:22Z", rlm_slice_of(text));
    ASSERT_STATUS(RLM_OK, rlm_timestamp_from_unix(253402300799, &timestamp));
    ASSERT(rlm_timestamp_write(timestamp, text) == 20);
    ASSERT_TEXT("9999-12-31T23:59:59Z", rlm_slice_of(text));
    PASS();
}

/* All days of the years 1 to 9999: what is written reads back as what it was. */
TEST
writes_every_day_so_that_it_reads_back(void)
{
    char text[RLM_TIMESTAMP_TEXT];
    rlm_timestamp timestamp = {-62135596800, RLM_PRECISION_DAY}, back;

    for (; timestamp.seconds < 253402300800; timestamp.seconds += 86400) {
        ASSERT(rlm_timestamp_write(timestamp, text) == 10);
        ASSERT_STATUS(RLM_OK, parse(text, &back));
        ASSERT(back.seconds == timestamp.seconds);
    }
    PASS();
}

TEST
writes_nothing_for_what_was_not_stated(void)
{
    char text[RLM_TIMESTAMP_TEXT] = "old";

    ASSERT(rlm_timestamp_write((rlm_timestamp){0, RLM_PRECISION_NONE}, text) == 0);
    ASSERT_TEXT("", rlm_slice_of(text));
    ASSERT(rlm_timestamp_write((rlm_timestamp){INT64_MAX, RLM_PRECISION_SECOND}, text) == 0);
    ASSERT(rlm_timestamp_write((rlm_timestamp){INT64_MIN, RLM_PRECISION_DAY}, text) == 0);
    ASSERT(rlm_timestamp_write((rlm_timestamp){0, 200}, text) == 0);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(keeps_the_precision_that_was_stated);
    RUN(counts_from_the_first_second_of_the_period);
    RUN(knows_leap_days);
    RUN(reads_a_zone_and_counts_in_utc);
    RUN(reads_what_ruby_writes);
    RUN(drops_a_fraction_of_a_second);
    RUN(takes_a_leap_second_only_before_midnight_in_utc);
    RUN(refuses_what_is_not_a_timestamp);
    RUN(reads_no_further_than_the_slice);
    RUN(takes_no_zero_date_for_a_fact);
    RUN(takes_unix_seconds_to_the_second);
    RUN(writes_every_day_so_that_it_reads_back);
    RUN(writes_nothing_for_what_was_not_stated);
    return REPORT("timestamp");
}
