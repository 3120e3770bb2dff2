/* Answers that are the last ones again: what tells, and what becomes of the sheet. */
#define _POSIX_C_SOURCE 200809L

#include "fetch/repeat.h"
#include "listing_server.h"

/* Two sources with one listing each, which share a slug; the second one has no ETag for its URL. */
static const rlm_source single = {
    .slug = "single",
    .name = "Single",
    .settings = {{"test_region", 0}, {"single_key", RLM_SETTING_SECRET}},
    .listings = {{.path = "first", .rows = "data[]", .read_row = read_row}},
};

static const rlm_source moved = {
    .slug = "single",
    .name = "Moved",
    .settings = {{"test_region", 0}, {"single_key", RLM_SETTING_SECRET}},
    .listings = {{.path = "second", .rows = "data[]", .read_row = read_row}},
};

static rlm_buffer sheet;

static rlm_slice
last(void)
{
    return (rlm_slice){sheet.bytes, sheet.length};
}

/* Ask without a sheet, and keep the one that comes of it. */
static rlm_status
begin_with(const rlm_source *asked, const char *first)
{
    server.first = first;
    server.etag = server.version = server.region = NULL;
    rlm_buffer_free(&sheet);
    rlm_buffer_init(&sheet, RLM_CAP_BLOCK);
    RLM_TRY(ask_as(asked, "", (rlm_slice){NULL, 0}));
    RLM_TRY(rlm_buffer_append(&sheet, fetch.new_sheet.bytes, fetch.new_sheet.length));
    rlm_source_fetch_free(&fetch);
    return RLM_OK;
}

/* Ask again, with it. */
static rlm_status
ask_again(const rlm_source *asked)
{
    return ask_as(asked, "", last());
}

/* The sheet stayed as it was, and only its head was looked at. */
static bool
stayed(void)
{
    return fetch.outcome.status == RLM_OUTCOME_REFRESHED && fetch.repeats && !fetch.opened && fetch.rows.count == 0 &&
           rlm_source_fetch_sheet(&fetch) == &fetch.previous;
}

/* The answer was read, and the sheet is a new one. */
static bool
was_read(void)
{
    return fetch.outcome.status == RLM_OUTCOME_REFRESHED && !fetch.repeats &&
           rlm_source_fetch_sheet(&fetch) == &fetch.current;
}

TEST
keeps_the_sheet_of_an_answer_that_comes_again(void)
{
    ASSERT_STATUS(RLM_OK, begin_with(&single, "200 OK\n{\"data\":[{\"id\":\"a\"},{\"id\":\"a\"}]}"));
    ASSERT_STATUS(RLM_OK, ask_again(&single));
    ASSERT(stayed() && server.conditional == 1);
    ASSERT(fetch.outcome.http_status == 200 && fetch.outcome.rows == 2 && fetch.outcome.bytes > 0);
    ASSERT_TEXT("a=:listed ", models());
    rlm_source_fetch_free(&fetch);

    server.first = B;
    ASSERT_STATUS(RLM_OK, ask_again(&single));
    ASSERT(was_read() && fetch.outcome.rows == 1);
    ASSERT_TEXT("a=:unlisted b=:listed ", models());
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
reads_it_again_for_another_version_setting_or_url(void)
{
    ASSERT_STATUS(RLM_OK, begin_with(&single, A));
    server.second = A;
    server.version = "another";
    ASSERT_STATUS(RLM_OK, ask_again(&single));
    ASSERT(was_read());
    rlm_source_fetch_free(&fetch);
    server.version = NULL;
    server.region = "there";
    ASSERT_STATUS(RLM_OK, ask_again(&single));
    ASSERT(was_read());
    rlm_source_fetch_free(&fetch);
    server.region = NULL;
    ASSERT_STATUS(RLM_OK, ask_again(&moved));
    ASSERT(was_read());
    rlm_source_fetch_free(&fetch);
    ASSERT_STATUS(RLM_OK, ask_again(&single));
    ASSERT(stayed());
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
stamps_the_sheet_with_a_new_etag(void)
{
    ASSERT_STATUS(RLM_OK, begin_with(&single, A));
    server.etag = "\"2\"";
    ASSERT_STATUS(RLM_OK, ask_again(&single));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED && fetch.repeats && fetch.outcome.lost == 0);
    ASSERT_TEXT("a=:listed ", models());
    ASSERT_TEXT("\"2\"", fetch.current.stamp.etag);
    ASSERT(fetch.current.stamp.fetched_at == 1000);
    ASSERT(rlm_slice_equal(fetch.current.stamp.answers, fetch.previous.stamp.answers));
    ASSERT(rlm_slice_equal(fetch.current.stamp.url, fetch.previous.stamp.url));
    rlm_source_fetch_free(&fetch);
    PASS();
}

/* The third listing is missing, and may be. */
TEST
reads_all_listings_if_one_of_them_answers_anew(void)
{
    server.second = "200 OK\n{\"data\":[{\"id\":\"b\"},{\"id\":\"x\"}]}";
    server.third = "404 Not Found\n{}";
    ASSERT_STATUS(RLM_OK, begin_with(&source, A));
    ASSERT_STATUS(RLM_OK, ask_again(&source));
    ASSERT(stayed() && fetch.outcome.rows == 3 && fetch.outcome.attempts == 3);
    rlm_source_fetch_free(&fetch);

    server.second = B;
    ASSERT_STATUS(RLM_OK, ask_again(&source));
    ASSERT(was_read() && fetch.outcome.rows == 2);
    ASSERT_TEXT("a=:listed b=:listed static=:catalogued x=:unlisted ", models());
    rlm_source_fetch_free(&fetch);

    server.second = "200 OK\n{\"data\":[{\"id\":\"b\"},{\"id\":\"x\"}]}";
    server.third = C;
    ASSERT_STATUS(RLM_OK, ask_again(&source));
    ASSERT(was_read() && fetch.outcome.rows == 4);
    rlm_source_fetch_free(&fetch);
    PASS();
}

/* It says each time that the listing is missing; one that failed otherwise may have had anything. */
TEST
remarks_on_an_optional_listing_as_before(void)
{
    server.second = "404 Not Found\n{}";
    server.third = C;
    ASSERT_STATUS(RLM_OK, begin_with(&source, A));
    ASSERT_STATUS(RLM_OK, ask_again(&source));
    ASSERT(stayed());
    ASSERT_TEXT("second?x=1: HTTP 404", rlm_slice_of(fetch.outcome.remark.message));
    rlm_source_fetch_free(&fetch);

    server.second = "500 No\n{}";
    ASSERT_STATUS(RLM_OK, ask_again(&source));
    ASSERT(was_read());
    ASSERT_TEXT("", fetch.current.stamp.answers);
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
reads_an_answer_with_bad_rows_each_time(void)
{
    ASSERT_STATUS(RLM_OK, begin_with(&single, "200 OK\n{\"data\":[{\"id\":\"a\"},7]}"));
    for (int i = 0; i < 2; i++) {
        ASSERT_STATUS(RLM_OK, ask_again(&single));
        ASSERT(was_read() && fetch.outcome.tallies.rejected.count == 1);
        rlm_source_fetch_free(&fetch);
    }
    PASS();
}

/* The sheet with these words in its stamp. */
static rlm_status
with_answers(rlm_slice answers)
{
    rlm_block block;
    rlm_stamp stamp;
    rlm_buffer out;
    rlm_status status;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    RLM_TRY(rlm_block_open(sheet.bytes, sheet.length, &block, NULL));
    stamp = block.stamp;
    stamp.answers = answers;
    status = rlm_sheet_stamp(&block, &stamp, &out);
    rlm_buffer_free(&sheet);
    sheet = out;
    return status;
}

#define ZEROS "0000000000000000"

TEST
reads_what_a_forged_stamp_does_not_name(void)
{
    const rlm_slice forged[] = {RLM_SLICE(" "),
                                RLM_SLICE("1"),
                                RLM_SLICE("1 -"),
                                RLM_SLICE("1 " ZEROS),
                                RLM_SLICE(" " ZEROS),
                                RLM_SLICE("\x1F\x1F \x1F"),
                                RLM_SLICE("1 " ZEROS "0"),
                                RLM_SLICE("1  " ZEROS),
                                RLM_SLICE("-1 " ZEROS " " ZEROS)};

    ASSERT_STATUS(RLM_OK, begin_with(&single, A));
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        ASSERT_STATUS(RLM_OK, with_answers(forged[i]));
        ASSERT_STATUS(RLM_OK, ask_again(&single));
        ASSERT(was_read());
        ASSERT_TEXT("a=:listed ", models());
        rlm_source_fetch_free(&fetch);
    }
    PASS();
}

/* What is wrong with it is said as if it had not been held. */
TEST
fails_by_an_answer_that_was_held(void)
{
    ASSERT_STATUS(RLM_OK, begin_with(&single, A));
    server.first = "200 OK\n{\"data\":[{\"id\":\"a\"},]}";
    ASSERT_STATUS(RLM_OK, ask_again(&single));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && fetch.outcome.error.status == RLM_BAD_JSON);
    ASSERT(fetch.outcome.error.byte > 0 && fetch.outcome.error.http_status == 200 && fetch.outcome.kept == 1);
    rlm_source_fetch_free(&fetch);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    if (!server_ready()) return 1;
    RUN(keeps_the_sheet_of_an_answer_that_comes_again);
    RUN(reads_it_again_for_another_version_setting_or_url);
    RUN(stamps_the_sheet_with_a_new_etag);
    RUN(reads_all_listings_if_one_of_them_answers_anew);
    RUN(remarks_on_an_optional_listing_as_before);
    RUN(reads_an_answer_with_bad_rows_each_time);
    RUN(reads_what_a_forged_stamp_does_not_name);
    RUN(fails_by_an_answer_that_was_held);
    rlm_buffer_free(&sheet);
    return REPORT("repeat");
}
