/*
 * A source with several listings: what their ends together mean for the source. The Ruby specs show how one listing is
 * read, with the real sources.
 */
#define _POSIX_C_SOURCE 200809L

#include "listing_server.h"

static rlm_status
ask(rlm_slice sheet)
{
    return ask_as(&source, "", sheet);
}

TEST
makes_one_answer_of_all_listings(void)
{
    server.first = A;
    server.second = "200 OK\n{\"data\":[{\"id\":\"b\"},{\"id\":\"a\"}]}";
    server.third = C;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){NULL, 0}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED);
    ASSERT(fetch.outcome.attempts == 3 && fetch.outcome.rows == 4);
    ASSERT_TEXT("a=:listed b=:listed c=:listed static=:catalogued ", models());
    ASSERT_TEXT("", rlm_source_fetch_sheet(&fetch)->stamp.etag); /* of three answers none stands for all */
    rlm_source_fetch_free(&fetch);
    PASS();
}

/* An older server has no third listing; the optional one failed, so nobody knows whether "b" is gone. */
TEST
an_optional_listing_fails_alone(void)
{
    rlm_source_fetch before;

    server.first = A;
    server.second = B;
    server.third = C;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){NULL, 0}));
    before = fetch; /* only its sheet is read from here on */
    server.second = "500 No\n{\"error\":\"broken\"}";
    server.third = "404 Not Found\n{}";
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){before.new_sheet.bytes, before.new_sheet.length}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED);
    ASSERT_TEXT("second?x=1: HTTP 500: broken", rlm_slice_of(fetch.outcome.remark.message));
    ASSERT(fetch.outcome.http_status == 200 && fetch.outcome.kept == 2);
    ASSERT_TEXT("a=:listed b=:listed c=:listed static=:catalogued ", models());
    rlm_source_fetch_free(&fetch);

    server.second =
        "404 Not Found\n{\"error\":\"no such list\"}"; /* what does not exist lists nothing, and keeps nothing */
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){before.new_sheet.bytes, before.new_sheet.length}));
    ASSERT_TEXT("second?x=1: HTTP 404: no such list", rlm_slice_of(fetch.outcome.remark.message));
    ASSERT(fetch.outcome.kept == 0);
    ASSERT_TEXT("a=:listed b=:unlisted c=:unlisted static=:catalogued ", models());
    rlm_source_fetch_free(&fetch);

    server.second = NOTHING;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){before.new_sheet.bytes, before.new_sheet.length}));
    ASSERT(fetch.outcome.remark.status == RLM_OK);
    ASSERT_TEXT("a=:listed b=:unlisted c=:unlisted static=:catalogued ", models());
    rlm_source_fetch_free(&fetch);
    rlm_source_fetch_free(&before);
    PASS();
}

TEST
a_required_listing_fails_the_source(void)
{
    server.first = "401 Unauthorized\n{\"error\":\"bad key\"}";
    server.second = B;
    server.third = C;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){NULL, 0}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED);
    ASSERT(fetch.outcome.http_status == 401 && fetch.outcome.error.http_status == 401);
    ASSERT_TEXT("HTTP 401: bad key", rlm_slice_of(fetch.outcome.error.message));
    ASSERT(fetch.outcome.rows == 0 && rlm_source_fetch_sheet(&fetch) == NULL);
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
what_is_only_static_is_no_answer(void)
{
    server.first = server.second = server.third = NOTHING;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){NULL, 0}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_EMPTY);
    ASSERT(rlm_source_fetch_sheet(&fetch) == NULL);
    rlm_source_fetch_free(&fetch);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    if (!server_ready()) return 1;
    RUN(makes_one_answer_of_all_listings);
    RUN(an_optional_listing_fails_alone);
    RUN(a_required_listing_fails_the_source);
    RUN(what_is_only_static_is_no_answer);
    return REPORT("source_fetch");
}
