/* One listing being fetched: when it is due, and how it ends. */
#include "listing.h"

TEST
is_due_at_once(void)
{
    listing_free();
    rlm_redactor_init(&redactor);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    settings.source = &rlm_source_openai;
    rlm_listing_fetch_init(&one, &common, &rlm_source_openai.listings[0]);
    ASSERT(one.state == RLM_LISTING_FETCH_WAITING && rlm_listing_fetch_is_due(&one, INT64_MIN));
    one.due = 5;
    ASSERT(!rlm_listing_fetch_is_due(&one, 4) && rlm_listing_fetch_is_due(&one, 5));
    ASSERT(one.error.status == RLM_OK && one.attempts == 0);
    PASS();
}

TEST
is_no_longer_due_once_it_is_sent(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    ASSERT(counted.sent == 1 && one.attempts == 1 && one.json != NULL);
    ASSERT(!rlm_listing_fetch_is_due(&one, INT64_MAX));
    PASS();
}

TEST
fails_without_a_secret_when_it_cannot_be_asked(void)
{
    ASSERT_STATUS(RLM_OK, begin(&rlm_source_openai));
    rlm_listing_fetch_free(&one);
    rlm_listing_fetch_init(&one, &common, &rlm_source_openai.listings[0]);
    counted.refusal = RLM_BAD_SETTING;
    rlm_listing_fetch_send(&one);
    ASSERT(one.state == RLM_LISTING_FETCH_ENDED && counted.ended == 1 && one.error.status == RLM_BAD_SETTING);
    ASSERT_ERROR("no way with [secret]");
    PASS();
}

TEST
gives_up_its_rows_when_it_fails(void)
{
    rlm_error error;

    ASSERT_STATUS(RLM_OK, begin(&rlm_source_anthropic));
    ASSERT_STATUS(RLM_OK, ANSWER(200, {"data" : [ {"id" : "a"} ], "has_more" : true, "last_id" : "a"}));
    ASSERT(one.rows.count == 1 && one.state == RLM_LISTING_FETCH_WAITING);
    rlm_error_clear(&error);
    rlm_error_set(&error, RLM_CANCELLED, "cancelled");
    rlm_listing_fetch_fail(&one, &error);
    ASSERT(one.rows.count == 0 && one.json == NULL && counted.ended == 1);
    ASSERT_ERROR("cancelled");
    PASS();
}

TEST
says_how_long_it_was_waited(void)
{
    rlm_error error;

    rlm_error_clear(&error);
    shared.timeout_ms = 60000;
    rlm_fetch_timed_out(&shared, &error);
    ASSERT_TEXT("timed out after 60 s", rlm_slice_of(error.message));
    shared.timeout_ms = 1500;
    rlm_fetch_timed_out(&shared, &error);
    ASSERT_TEXT("timed out after 1500 ms", rlm_slice_of(error.message));
    ASSERT(error.status == RLM_TIMED_OUT);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_due_at_once);
    RUN(is_no_longer_due_once_it_is_sent);
    RUN(fails_without_a_secret_when_it_cannot_be_asked);
    RUN(gives_up_its_rows_when_it_fails);
    RUN(says_how_long_it_was_waited);
    listing_free();
    return REPORT("listing_fetch");
}
