/* What an answer was, and what comes next: a page, a retry, a redirect, or the end. */
#include "listing.h"

TEST
ends_with_the_last_page(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_anthropic));
    ASSERT_STATUS(RLM_OK, ANSWER(200, {"data" : [ {"id" : "a"} ], "has_more" : true, "last_id" : "a"}));
    ASSERT(one.state == RLM_LISTING_FETCH_WAITING && rlm_listing_fetch_is_due(&one, INT64_MIN) && counted.ended == 0);
    ASSERT_TEXT("a", ((rlm_slice){one.page.bytes, one.page.length}));
    rlm_listing_fetch_send(&one);
    ASSERT_STATUS(RLM_OK, ANSWER(200, {"data" : [ {"id" : "b"} ], "has_more" : false}));
    ASSERT(one.state == RLM_LISTING_FETCH_ENDED && counted.ended == 1 && one.error.status == RLM_OK);
    ASSERT(one.rows.count == 2 && one.pages == 2 && one.attempts == 2 && one.http_status == 200);
    PASS();
}

TEST
fails_at_a_page_that_was_already_read(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_anthropic));
    ASSERT_STATUS(RLM_OK, ANSWER(200, {"data" : [ {"id" : "a"} ], "has_more" : true, "last_id" : "a"}));
    rlm_listing_fetch_send(&one);
    ASSERT_STATUS(RLM_OK, ANSWER(200, {"data" : [ {"id" : "b"} ], "has_more" : true, "last_id" : "a"}));
    ASSERT(one.error.status == RLM_TOO_MANY_PAGES && one.rows.count == 0);
    ASSERT_ERROR("pagination loop: page 2 names a page that was already read");
    PASS();
}

TEST
keeps_the_etag_of_one_page_that_holds_no_secret(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    answer_with((rlm_http_answer){.http_status = 200, .etag = RLM_SLICE("\"1\"")}, JSON({"data": [{"id": "a"}]}));
    ASSERT_TEXT("\"1\"", ((rlm_slice){one.etag.bytes, one.etag.length}));
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    answer_with((rlm_http_answer){.http_status = 200, .etag = RLM_SLICE("s3cret-key")}, JSON({"data": [{"id": "a"}]}));
    ASSERT(one.etag.length == 0 && one.error.status == RLM_OK);
    PASS();
}

TEST
is_unchanged_only_if_it_asked_whether_it_is(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    one.conditional = true;
    answer_with((rlm_http_answer){.http_status = 304}, "");
    ASSERT(one.unchanged && one.state == RLM_LISTING_FETCH_ENDED && one.error.status == RLM_OK);
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    answer_with((rlm_http_answer){.http_status = 304}, "");
    ASSERT(!one.unchanged && one.error.status == RLM_HTTP_STATUS);
    ASSERT_ERROR("HTTP 304");
    PASS();
}

/* ---- Trying again ---- */

TEST
tries_again_what_may_go_better(void)
{
    static const struct {
        rlm_http_answer answer;
        bool again;
    } cases[] = {
        {{.http_status = 429}, true},
        {{.http_status = 503}, true},
        {{.http_status = 529}, true},
        {{.http_status = 401}, false},
        {{.http_status = 404}, false},
        {{.http_status = 503, .final = true}, false},
        {{.status = RLM_NETWORK, .transient = true}, true},
        {{.status = RLM_NETWORK}, false},
        {{.status = RLM_TIMED_OUT}, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
        answer_with(cases[i].answer, "");
        if ((one.state == RLM_LISTING_FETCH_WAITING) != cases[i].again) FAIL("case %zu", i);
        ASSERT(!cases[i].again || (one.due > rlm_http_clock() && one.due < shared.deadline)); /* not at once */
        ASSERT(counted.ended == (cases[i].again ? 0 : 1));
    }
    PASS();
}

TEST
gives_up_after_its_retries_and_a_second_timeout(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    for (int i = 0; i < 4; i++) {
        ASSERT(one.state != RLM_LISTING_FETCH_ENDED);
        rlm_listing_fetch_send(&one);
        answer_with((rlm_http_answer){.http_status = 500}, JSON({"error": {"message": "broken by s3cret-key"}}));
    }
    ASSERT(one.state == RLM_LISTING_FETCH_ENDED && one.error.http_status == 500);
    ASSERT_ERROR("HTTP 500: broken by [secret]");

    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    answer_with((rlm_http_answer){.status = RLM_TIMED_OUT, .text = "timed out"}, "");
    ASSERT(one.state == RLM_LISTING_FETCH_WAITING);
    answer_with((rlm_http_answer){.status = RLM_TIMED_OUT, .text = "timed out"}, "");
    ASSERT(one.state == RLM_LISTING_FETCH_ENDED && one.error.status == RLM_TIMED_OUT);
    PASS();
}

TEST
waits_as_long_as_the_server_asks_if_there_is_time(void)
{
    int64_t before = rlm_http_clock();

    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    answer_with((rlm_http_answer){.http_status = 429, .retry_after = 2}, "");
    ASSERT(one.state == RLM_LISTING_FETCH_WAITING && one.due >= before + 2000);
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    answer_with((rlm_http_answer){.http_status = 429, .retry_after = 60}, "");
    ASSERT(one.state == RLM_LISTING_FETCH_ENDED);
    ASSERT_ERROR("HTTP 429 (the server asked to wait 60 s, longer than the time left)");
    PASS();
}

TEST
does_not_try_again_what_no_longer_matters(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    common.failed = true;
    answer_with((rlm_http_answer){.http_status = 503}, "");
    ASSERT(one.state == RLM_LISTING_FETCH_ENDED);
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_ollama)); /* on the user's own machine */
    answer_with((rlm_http_answer){.http_status = 503}, "");
    ASSERT(one.state == RLM_LISTING_FETCH_ENDED);
    PASS();
}

TEST
drops_what_a_broken_page_gave(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_anthropic));
    ASSERT_STATUS(RLM_OK, ANSWER(200, {"data" : [ {"id" : "a"} ], "has_more" : true, "last_id" : "a"}));
    rlm_listing_fetch_send(&one);
    answer_with((rlm_http_answer){.status = RLM_NETWORK, .transient = true, .http_status = 200},
                "{\"data\":[{\"id\":\"b\"},{\"id\":7},");
    ASSERT(one.state == RLM_LISTING_FETCH_WAITING && one.rows.count == 1 && one.rows.tallies.rejected.count == 0);
    PASS();
}

/* ---- Redirects and errors ---- */

/* As if this URL had been asked. */
static rlm_status
begin_at(const char *url)
{
    RLM_TRY(begin(&rlm_source_openai));
    rlm_buffer_init(&one.request.url, RLM_CAP_URL);
    return rlm_buffer_append(&one.request.url, url, strlen(url) + 1);
}

TEST
follows_redirects_to_its_own_origin_alone(void)
{
    ASSERT_STATUS(RLM_OK, begin_at("https://a.example/v1"));
    for (int i = 0; i < RLM_CAP_REDIRECTS; i++)
        answer_with((rlm_http_answer){.http_status = 308, .redirect = "https://a.example/v2"}, "");
    ASSERT(counted.followed == RLM_CAP_REDIRECTS && counted.ended == 0);
    ASSERT_TEXT("https://a.example/v2", rlm_slice_of(one.request.url.bytes));
    answer_with((rlm_http_answer){.http_status = 308, .redirect = "https://a.example/v3"}, "");
    ASSERT(one.error.status == RLM_REDIRECTED && counted.followed == RLM_CAP_REDIRECTS);

    ASSERT_STATUS(RLM_OK, begin_at("https://a.example/v1"));
    answer_with((rlm_http_answer){.http_status = 302, .redirect = "https://b.example/?key=s3cret-key"}, "");
    ASSERT(one.error.status == RLM_REDIRECTED && counted.followed == 0);
    ASSERT_ERROR("redirected to b.example, which was not followed");
    PASS();
}

TEST
tells_a_page_for_people_from_an_answer(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    ASSERT_STATUS(RLM_BAD_JSON, answer_with((rlm_http_answer){.http_status = 200}, " \n<html><title>Sign in</title>"));
    ASSERT_ERROR("answered with an HTML page, not JSON");
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    answer_with((rlm_http_answer){.http_status = 403}, "<html><title>403 Keep out</title>");
    ASSERT_ERROR("HTTP 403: Keep out");
    PASS();
}

TEST
keeps_no_more_of_an_error_than_can_be_told(void)
{
    static char body[RLM_CAP_ERROR_BODY + 100];

    memset(body, ' ', sizeof body - 1);
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    ASSERT_STATUS(RLM_OK, rlm_listing_fetch_take_body(&one, 500, body, sizeof body - 1));
    ASSERT_STATUS(RLM_OK, rlm_listing_fetch_take_body(&one, 500, body, sizeof body - 1));
    ASSERT(one.error_body.length == RLM_CAP_ERROR_BODY);
    PASS();
}

TEST
knows_what_a_server_does_not_have(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    answer_with((rlm_http_answer){.http_status = 404}, "");
    ASSERT(rlm_listing_fetch_is_missing(&one) && one.error.status == RLM_HTTP_STATUS);
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    answer_with((rlm_http_answer){.http_status = 403}, "");
    ASSERT(!rlm_listing_fetch_is_missing(&one));
    PASS();
}

/* Rows of 100 bytes, more than are held while they may be the last answer again. */
TEST
reads_what_is_too_long_to_be_held(void)
{
    static char row[128];
    const size_t rows = RLM_CAP_HELD / 100 + 1;

    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    common.answers = RLM_SLICE("1 0000000000000000");
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&one.first_url, "http://a.example", 16));
    ASSERT_STATUS(RLM_OK, rlm_listing_fetch_expect(&one));
    ASSERT(one.holds);
    ASSERT_STATUS(RLM_OK, rlm_listing_fetch_take_body(&one, 200, "{\"data\":[{\"id\":\"a\"}", 19));
    ASSERT(one.rows.count == 0 && one.held.length == 19);
    for (size_t i = 0; i < rows; i++) {
        size_t length = (size_t) snprintf(row, sizeof row, ",{\"id\":\"%092zu\"}", i);

        ASSERT_STATUS(RLM_OK, rlm_listing_fetch_take_body(&one, 200, row, length));
    }
    ASSERT(!one.holds && one.held.bytes == NULL && one.rows.count > rows - 2);
    ASSERT_STATUS(RLM_OK, ANSWER(200, ]
}));
ASSERT(one.state == RLM_LISTING_FETCH_ENDED && one.error.status == RLM_OK && one.rows.count == rows + 1);
common.answers = RLM_SLICE("");
PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(ends_with_the_last_page);
    RUN(fails_at_a_page_that_was_already_read);
    RUN(keeps_the_etag_of_one_page_that_holds_no_secret);
    RUN(is_unchanged_only_if_it_asked_whether_it_is);
    RUN(tries_again_what_may_go_better);
    RUN(gives_up_after_its_retries_and_a_second_timeout);
    RUN(waits_as_long_as_the_server_asks_if_there_is_time);
    RUN(does_not_try_again_what_no_longer_matters);
    RUN(drops_what_a_broken_page_gave);
    RUN(follows_redirects_to_its_own_origin_alone);
    RUN(tells_a_page_for_people_from_an_answer);
    RUN(keeps_no_more_of_an_error_than_can_be_told);
    RUN(knows_what_a_server_does_not_have);
    RUN(reads_what_is_too_long_to_be_held);
    listing_free();
    return REPORT("listing_answer");
}
