/* The callbacks of a transfer, without a network: its cap, its deadline, its ETag, and one coding at the most. */
#include "fetch/transfer.h"
#include "test.h"

#include <string.h>

static rlm_transfer transfer;
static size_t taken;
static rlm_status verdict;

static rlm_status
take(void *context, int http_status, const char *bytes, size_t length)
{
    (void) context, (void) http_status, (void) bytes;
    taken += length;
    return verdict;
}

static void
begin(void)
{
    if (transfer.easy != NULL) curl_easy_cleanup(transfer.easy);
    memset(&transfer, 0, sizeof transfer);
    transfer.easy = curl_easy_init();
    transfer.due = INT64_MAX;
    transfer.request.body = take;
    taken = 0;
    verdict = RLM_OK;
}

/* Whether that line of a header is taken. */
static bool
header(const char *line)
{
    char text[256];

    (void) snprintf(text, sizeof text, "%s", line);
    return rlm_transfer_take_header(text, 1, strlen(text), &transfer) == strlen(text);
}

#define ASSERT_ETAG(expected) ASSERT_TEXT(expected, ((rlm_slice){transfer.etag, transfer.etag_length}))

TEST
keeps_the_etag_of_the_last_answer(void)
{
    begin();
    ASSERT(header("HTTP/1.1 103 Early Hints\r\n") && header("ETag: \"early\"\r\n"));
    ASSERT_ETAG("\"early\"");
    ASSERT(header("HTTP/1.1 200 OK\r\n"));
    ASSERT_ETAG("");
    ASSERT(header("etag:   W/\"1\"  \r\n"));
    ASSERT_ETAG("W/\"1\"");
    ASSERT(header("ETag: a\x01"));
    ASSERT_ETAG(""); /* nothing that cannot go back into a header */
    ASSERT(header("ETag: \"\xC0\"\r\n"));
    ASSERT_ETAG("");
    PASS();
}

TEST
takes_one_coding(void)
{
    begin();
    ASSERT(header("Content-Encoding: gzip\r\n") && header("Transfer-Encoding: chunked\r\n"));
    ASSERT(header("content-encoding: identity\r\n"));
    ASSERT(!header("Content-Encoding: deflate\r\n"));
    ASSERT(transfer.refusal == RLM_NETWORK);
    ASSERT_TEXT("the answer must be compressed at most once", rlm_slice_of(transfer.reason));
    begin();
    ASSERT(!header("Content-Encoding: gzip, gzip\r\n"));
    PASS();
}

TEST
stops_at_the_cap(void)
{
    char byte = 'x';

    begin();
    transfer.received = RLM_CAP_RESPONSE - 1;
    ASSERT(rlm_transfer_take_body(&byte, 1, 1, &transfer) == 1 && taken == 1);
    ASSERT(rlm_transfer_take_body(&byte, 1, 1, &transfer) == 0 && taken == 1);
    ASSERT(transfer.refusal == RLM_TOO_LARGE);
    ASSERT(strncmp(transfer.reason, "the answer is larger than ", 26) == 0);
    begin();
    ASSERT(rlm_transfer_take_progress(&transfer, 0, (curl_off_t) RLM_CAP_RESPONSE, 0, 0) == 0);
    ASSERT(rlm_transfer_take_progress(&transfer, 0, (curl_off_t) RLM_CAP_RESPONSE + 1, 0, 0) != 0);
    ASSERT(transfer.refusal == RLM_TOO_LARGE);
    PASS();
}

TEST
stops_at_its_deadline(void)
{
    char byte = 'x';

    begin();
    transfer.due = rlm_http_clock();
    ASSERT(rlm_transfer_take_body(&byte, 1, 1, &transfer) == 0 && taken == 0);
    ASSERT(transfer.refusal == RLM_TIMED_OUT);
    begin();
    transfer.due = rlm_http_clock();
    ASSERT(rlm_transfer_take_progress(&transfer, 0, 0, 0, 0) != 0 && transfer.refusal == RLM_TIMED_OUT);
    PASS();
}

TEST
stops_when_the_body_is_refused(void)
{
    char byte = 'x';

    begin();
    verdict = RLM_BAD_JSON;
    ASSERT(rlm_transfer_take_body(&byte, 1, 1, &transfer) == 0);
    ASSERT(transfer.refusal == RLM_BAD_JSON && transfer.reason[0] == '\0'); /* the reader has the reason */
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;
    rlm_error error;

    if (rlm_http_load(&error) != RLM_OK) return 1;
    RUN(keeps_the_etag_of_the_last_answer);
    RUN(takes_one_coding);
    RUN(stops_at_the_cap);
    RUN(stops_at_its_deadline);
    RUN(stops_when_the_body_is_refused);
    curl_easy_cleanup(transfer.easy);
    return REPORT("transfer");
}
