#include "test.h"

#include <string.h>

/* Two hundred and fifty-six bytes hold 255 and the NUL. */
static char long_text[400];

static const char *
repeat(char byte, size_t count, const char *rest)
{
    memset(long_text, byte, count);
    memcpy(long_text + count, rest, strlen(rest) + 1);
    return long_text;
}

TEST
names_a_status_in_lower_case(void)
{
    ASSERT_TEXT("ok", rlm_slice_of(rlm_status_name(RLM_OK)));
    ASSERT_TEXT("number_too_long", rlm_slice_of(rlm_status_name(RLM_NUMBER_TOO_LONG)));
    ASSERT_TEXT("bad_block", rlm_slice_of(rlm_status_name(RLM_BAD_BLOCK)));
    PASS();
}

TEST
names_even_what_is_no_status(void)
{
    ASSERT_TEXT("unknown", rlm_slice_of(rlm_status_name(RLM_STATUS_COUNT)));
    ASSERT_TEXT("unknown failure", rlm_slice_of(rlm_status_sentence(RLM_STATUS_COUNT)));
    PASS();
}

TEST
has_a_sentence_for_every_status(void)
{
    for (int status = RLM_OK; status < RLM_STATUS_COUNT; status++)
        ASSERT(strlen(rlm_status_sentence((rlm_status) status)) > 0);
    ASSERT_TEXT("the answer ended early", rlm_slice_of(rlm_status_sentence(RLM_ENDED_EARLY)));
    PASS();
}

TEST
clears_to_no_failure_nowhere(void)
{
    rlm_error error = {.status = RLM_BAD_JSON, .http_status = 500, .curl_code = 7, .byte = 12, .message = "old"};

    rlm_error_clear(&error);
    ASSERT(error.status == RLM_OK && error.http_status == 0 && error.curl_code == 0 && error.byte == -1);
    ASSERT_TEXT("", rlm_slice_of(error.message));
    PASS();
}

TEST
formats_the_message_and_returns_the_status(void)
{
    rlm_error error;

    rlm_error_clear(&error);
    ASSERT_STATUS(RLM_HTTP_STATUS, rlm_error_set(&error, RLM_HTTP_STATUS, "%s says %d", "mistral", 401));
    ASSERT(error.status == RLM_HTTP_STATUS);
    ASSERT_TEXT("mistral says 401", rlm_slice_of(error.message));
    PASS();
}

TEST
says_the_status_own_sentence_without_a_format(void)
{
    rlm_error error;

    ASSERT_STATUS(RLM_CANCELLED, rlm_error_set(&error, RLM_CANCELLED, NULL));
    ASSERT_TEXT("cancelled", rlm_slice_of(error.message));
    PASS();
}

TEST
leaves_where_and_how_as_they_were(void)
{
    rlm_error error = {.http_status = 502, .curl_code = 28, .byte = 17};

    rlm_error_set(&error, RLM_TIMED_OUT, NULL);
    ASSERT(error.http_status == 502 && error.curl_code == 28 && error.byte == 17);
    PASS();
}

TEST
needs_no_error_to_return_the_status(void)
{
    ASSERT_STATUS(RLM_NETWORK, rlm_error_set(NULL, RLM_NETWORK, "%d", 1));
    PASS();
}

TEST
may_quote_the_message_it_replaces(void)
{
    rlm_error error;

    rlm_error_set(&error, RLM_BAD_JSON, "no comma");
    rlm_error_set(&error, RLM_BAD_JSON, "page 2: %s", error.message);
    ASSERT_TEXT("page 2: no comma", rlm_slice_of(error.message));
    PASS();
}

TEST
keeps_a_message_that_just_fits(void)
{
    rlm_error error;

    rlm_error_set(&error, RLM_BAD_ROW, "%s", repeat('a', 252, "\xE2\x82\xAC")); /* the euro sign */
    ASSERT(strlen(error.message) == 255);
    ASSERT(rlm_slice_ends_with(rlm_slice_of(error.message), "a\xE2\x82\xAC"));
    PASS();
}

TEST
cuts_a_long_message_at_a_character_border(void)
{
    rlm_error error;

    rlm_error_set(&error, RLM_BAD_ROW, "%s", repeat('a', 300, ""));
    ASSERT(strlen(error.message) == 255);
    rlm_error_set(&error, RLM_BAD_ROW, "%s", repeat('a', 253, "\xE2\x82\xAC"));
    ASSERT(strlen(error.message) == 253);
    rlm_error_set(&error, RLM_BAD_ROW, "%s", repeat('a', 254, "\xC3\xA9!"));
    ASSERT(strlen(error.message) == 254);
    rlm_error_set(&error, RLM_BAD_ROW, "%s", repeat('a', 252, "\xF0\x9F\x98\x80"));
    ASSERT(strlen(error.message) == 252);
    rlm_error_set(&error, RLM_BAD_ROW, "%s", repeat('a', 252, "\xE2\x82\xAC!"));
    ASSERT(strlen(error.message) == 255);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(names_a_status_in_lower_case);
    RUN(names_even_what_is_no_status);
    RUN(has_a_sentence_for_every_status);
    RUN(clears_to_no_failure_nowhere);
    RUN(formats_the_message_and_returns_the_status);
    RUN(says_the_status_own_sentence_without_a_format);
    RUN(leaves_where_and_how_as_they_were);
    RUN(needs_no_error_to_return_the_status);
    RUN(may_quote_the_message_it_replaces);
    RUN(keeps_a_message_that_just_fits);
    RUN(cuts_a_long_message_at_a_character_border);
    return REPORT("status");
}
