/* What is sent, and what comes back when an answer comes whole. */
#define _POSIX_C_SOURCE 200809L

#include "http_client.h"

TEST
delivers_body_and_etag(void)
{
    test_server server = {.answer = OK_ANSWER};
    test_told told = {.ends = 0};

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    ASSERT(told.ends == 1);
    ASSERT(told.answer.status == RLM_OK);
    ASSERT(told.answer.http_status == 200);
    ASSERT(told.answer.bytes == 11);
    ASSERT_TEXT("{\"data\":[]}", rlm_slice_of(told.body));
    ASSERT_TEXT("W/\"abc\"", rlm_slice_of(told.etag));
    PASS();
}

TEST
sends_the_headers_it_was_given(void)
{
    test_server server = {.answer = OK_ANSWER};
    test_told told = {.ends = 0};

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    ASSERT(strstr(server.request, "GET /models?secret=42 HTTP/1.1\r\n") != NULL);
    ASSERT(strstr(server.request, "\r\nAuthorization: Bearer key\r\n") != NULL);
    ASSERT(strstr(server.request, "\r\nX-Other: 1\r\n") != NULL);
    ASSERT(strstr(server.request, "\r\nUser-Agent: http_test\r\n") != NULL);
    PASS();
}

/* That it signs at all, and covers the session token; whether it signs correctly, another implementation must say. */
TEST
signs_what_it_is_told_to(void)
{
    static const char headers[] = "x-amz-security-token: session";
    test_server server = {.answer = OK_ANSWER};
    test_told told = {.ends = 0};
    rlm_http_request request;

    ASSERT(server_start(&server));
    request = request_for(&told, server.port);
    request.headers = (rlm_slice){headers, sizeof headers};
    request.sigv4 = "aws:amz:us-west-2:bedrock";
    request.user = "AKID";
    request.password = "secret:with/colon";
    request.signs_headers = true;
    ASSERT_STATUS(RLM_OK, run(&request, &told));
    server_stop(&server);
    ASSERT(told.answer.http_status == 200);
    ASSERT(strstr(server.request, "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AKID/") != NULL);
    ASSERT(strstr(server.request, "/us-west-2/bedrock/aws4_request") != NULL);
    ASSERT(strstr(server.request, "x-amz-security-token, Signature=") != NULL);
    ASSERT(strstr(server.request, "with/colon") == NULL);
    PASS();
}

TEST
forgets_the_etag_of_an_interim_answer(void)
{
    test_server server = {
        .answer = "HTTP/1.1 103 Early Hints\r\nETag: \"early\"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    test_told told = {.ends = 0};

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    ASSERT(told.answer.http_status == 200);
    ASSERT_TEXT("", rlm_slice_of(told.etag));
    PASS();
}

/* Also across several headers, and one that an earlier answer had. */
TEST
refuses_an_answer_that_is_compressed_more_than_once(void)
{
    static const char *const heads[] = {
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip,gzip\r\n",
        "HTTP/1.1 200 OK\r\ncontent-encoding: deflate\r\nContent-Encoding: br\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: identity, gzip ,\tzstd\r\n",
        "HTTP/1.1 103 Early Hints\r\nContent-Encoding: gzip\r\n\r\nHTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n",
    };
    char text[512];

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        test_server server = {.answer = text};
        test_told told = {.ends = 0};

        snprintf(text, sizeof text, "%sContent-Length: 2\r\nConnection: close\r\n\r\n{}", heads[i]);
        ASSERT_STATUS(RLM_OK, ask(&server, &told));
        ASSERT(told.answer.status == RLM_NETWORK && !told.answer.transient && told.received == 0);
        ASSERT_TEXT("the answer must be compressed at most once", rlm_slice_of(told.text));
    }
    PASS();
}

/* Newer versions of libcurl refuse it before we see it, in their own words. */
TEST
refuses_a_transfer_coding_beside_a_content_coding(void)
{
    test_server server = {
        .answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n"
                  "Connection: close\r\n\r\n{}"};
    test_told told = {.ends = 0};

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    ASSERT(told.answer.status == RLM_NETWORK && !told.answer.transient && told.received == 0);
    PASS();
}

TEST
takes_an_answer_whose_codings_change_nothing(void)
{
    test_server server = {
        .answer = "HTTP/1.1 200 OK\r\nContent-Encoding: identity, identity\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "2\r\n{}\r\n0\r\n\r\n"};
    test_told told = {.ends = 0};

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    ASSERT(told.answer.status == RLM_OK);
    ASSERT_TEXT("{}", rlm_slice_of(told.body));
    PASS();
}

TEST
reports_a_redirect_and_does_not_follow(void)
{
    test_server server = {
        .answer = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"};
    test_told told = {.ends = 0};
    char expected[128];

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    snprintf(expected, sizeof expected, "http://127.0.0.1:%d/elsewhere", server.port);
    ASSERT(told.answer.status == RLM_OK);
    ASSERT(told.answer.http_status == 302);
    ASSERT_TEXT(expected, rlm_slice_of(told.redirect));
    ASSERT(atomic_load(&server.requests) == 1);
    PASS();
}

TEST
tells_how_long_to_wait(void)
{
    test_server server = {
        .answer =
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 17\r\nContent-Length: 4\r\nConnection: close\r\n\r\nslow"};
    test_told told = {.ends = 0};

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    ASSERT(told.answer.status == RLM_OK);
    ASSERT(told.answer.http_status == 429);
    ASSERT(told.answer.retry_after == 17);
    ASSERT_TEXT("slow", rlm_slice_of(told.body));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    if (!library_ready()) return 1;
    RUN(delivers_body_and_etag);
    RUN(sends_the_headers_it_was_given);
    RUN(signs_what_it_is_told_to);
    RUN(forgets_the_etag_of_an_interim_answer);
    RUN(refuses_an_answer_that_is_compressed_more_than_once);
    RUN(refuses_a_transfer_coding_beside_a_content_coding);
    RUN(takes_an_answer_whose_codings_change_nothing);
    RUN(reports_a_redirect_and_does_not_follow);
    RUN(tells_how_long_to_wait);
    return REPORT("http");
}
