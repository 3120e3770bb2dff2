/*
 * http.c against a server on the loopback interface: a thread of this test that accepts one connection after another,
 * reads one request from each, and answers as its test says. It is told to stop, and gives up by itself after ten
 * seconds.
 */
#define _POSIX_C_SOURCE 200809L

#include "base/caps.h"
#include "fetch/http.h"
#include "test.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GIVE_UP_MS 10000

/* ---- The server ---- */

typedef struct {
    const char *answer; /* what is sent to each request, whole */
    bool floods;        /* after it, sends "x" until the other side closes */
    bool stalls;        /* after it, keeps the connection open and says nothing */
    int listener;
    int port;
    atomic_bool stop;
    atomic_int requests;
    char request[4096]; /* the last one */
    pthread_t thread;
} test_server;

static bool
readable(int descriptor, const test_server *server)
{
    for (int waited = 0; waited < GIVE_UP_MS && !atomic_load(&server->stop); waited += 20) {
        struct pollfd ready = {.fd = descriptor, .events = POLLIN};

        if (poll(&ready, 1, 20) > 0) return true;
    }
    return false;
}

static bool
send_all(int connection, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);

        if (sent <= 0) return false;
        bytes += sent;
        length -= (size_t) sent;
    }
    return true;
}

static void
answer(test_server *server, int connection)
{
    static char filler[1 << 16];
    size_t length = 0;

    server->request[0] = '\0';
    while (strstr(server->request, "\r\n\r\n") == NULL && length < sizeof server->request - 1 &&
           readable(connection, server)) {
        ssize_t got = recv(connection, server->request + length, sizeof server->request - 1 - length, 0);

        if (got <= 0) return;
        length += (size_t) got;
        server->request[length] = '\0';
    }
    atomic_fetch_add(&server->requests, 1);
    if (!send_all(connection, server->answer, strlen(server->answer))) return;
    memset(filler, 'x', sizeof filler);
    while (server->floods && !atomic_load(&server->stop) && send_all(connection, filler, sizeof filler)) {}
    if (server->stalls) readable(connection, server);
}

static void *
serve(void *context)
{
    test_server *server = context;

    while (readable(server->listener, server)) {
        int connection = accept(server->listener, NULL, NULL);

        if (connection < 0) break;
        answer(server, connection);
        close(connection);
    }
    return NULL;
}

static bool
server_start(test_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *) &address, size) != 0) return false;
    if (listen(server->listener, 8) != 0 || getsockname(server->listener, (struct sockaddr *) &address, &size) != 0)
        return false;
    server->port = ntohs(address.sin_port);
    return pthread_create(&server->thread, NULL, serve, server) == 0;
}

static void
server_stop(test_server *server)
{
    atomic_store(&server->stop, true);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

/* ---- The client ---- */

/* What one transfer told. */
typedef struct {
    char url[128];
    rlm_status refuse_with; /* what the body callback gives */
    char body[256];
    size_t received;
    int ends;
    rlm_http_answer answer;
    char etag[64], redirect[128], text[256];
} test_told;

static rlm_status
hear_body(void *context, int http_status, const char *bytes, size_t length)
{
    test_told *told = context;
    size_t room =
        sizeof told->body - 1 - (told->received < sizeof told->body - 1 ? told->received : sizeof told->body - 1);

    (void) http_status;
    if (told->refuse_with != RLM_OK) return told->refuse_with;
    memcpy(told->body + (sizeof told->body - 1 - room), bytes, length < room ? length : room);
    told->received += length;
    return RLM_OK;
}

static void
hear_end(void *context, const rlm_http_answer *answer)
{
    test_told *told = context;

    told->ends++;
    told->answer = *answer;
    snprintf(told->etag, sizeof told->etag, "%.*s", (int) answer->etag.length, answer->etag.bytes);
    snprintf(told->redirect, sizeof told->redirect, "%s", answer->redirect != NULL ? answer->redirect : "");
    snprintf(told->text, sizeof told->text, "%s", answer->text);
}

static rlm_http_request
request_for(test_told *told, int port)
{
    static const char headers[] = "Authorization: Bearer key\0X-Other: 1";

    snprintf(told->url, sizeof told->url, "http://127.0.0.1:%d/models?secret=42", port);
    return (rlm_http_request){
        .url = told->url,
        .headers = {headers, sizeof headers},
        .user_agent = "http_test",
        .connect_timeout_ms = 2000,
        .timeout_ms = 5000,
        .context = told,
        .body = hear_body,
        .end = hear_end,
    };
}

static rlm_status
run(const rlm_http_request *request, test_told *told)
{
    rlm_error error;
    rlm_http *http;
    bool woken;
    rlm_status status = rlm_http_open(&http);
    int64_t give_up = rlm_http_clock() + GIVE_UP_MS;

    if (status != RLM_OK) return status;
    status = rlm_http_start(http, request, &error);
    while (status == RLM_OK && told->ends == 0 && rlm_http_clock() < give_up)
        status = rlm_http_step(http, 250, &woken, &error);
    rlm_http_free(http);
    return status;
}

/* Ask a server that answers so, once. */
static rlm_status
ask(test_server *server, test_told *told)
{
    rlm_http_request request;
    rlm_status status;

    if (!server_start(server)) return RLM_NETWORK;
    request = request_for(told, server->port);
    status = run(&request, told);
    server_stop(server);
    return status;
}

#define OK_ANSWER "HTTP/1.1 200 OK\r\nETag: W/\"abc\" \r\nContent-Length: 11\r\nConnection: close\r\n\r\n{\"data\":[]}"

/* ---- Tests ---- */

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

/* That it is done at all, and covers the session token; whether it is right, another implementation must say. */
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

TEST
gives_the_status_with_which_the_body_was_refused(void)
{
    test_server server = {.answer = OK_ANSWER};
    test_told told = {.refuse_with = RLM_BAD_JSON};

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    ASSERT(told.ends == 1);
    ASSERT(told.answer.status == RLM_BAD_JSON);
    ASSERT(told.answer.curl_code == 0);
    ASSERT(!told.answer.transient);
    PASS();
}

TEST
tells_a_refused_connection(void)
{
    test_server server = {.answer = ""};
    test_told told = {.ends = 0};
    rlm_http_request request;

    ASSERT(server_start(&server));
    server_stop(&server); /* so that nobody listens on its port */
    request = request_for(&told, server.port);
    ASSERT_STATUS(RLM_OK, run(&request, &told));
    ASSERT(told.answer.status == RLM_NETWORK);
    ASSERT(told.answer.transient);
    ASSERT(told.answer.http_status == 0);
    ASSERT(told.answer.curl_code == 7);
    ASSERT(told.text[0] != '\0');
    PASS();
}

TEST
ends_a_stalled_answer_at_its_timeout(void)
{
    test_server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", .stalls = true};
    test_told told = {.ends = 0};
    rlm_http_request request;
    int64_t started = rlm_http_clock(), took;

    ASSERT(server_start(&server));
    request = request_for(&told, server.port);
    request.timeout_ms = 300;
    ASSERT_STATUS(RLM_OK, run(&request, &told));
    took = rlm_http_clock() - started;
    server_stop(&server);
    ASSERT(told.answer.status == RLM_TIMED_OUT);
    ASSERT(took >= 290 && took < 2000);
    PASS();
}

TEST
tells_an_answer_that_breaks_off(void)
{
    test_server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"};
    test_told told = {.ends = 0};

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    ASSERT(told.answer.status == RLM_NETWORK);
    ASSERT(told.answer.transient);
    ASSERT(told.answer.http_status == 200);
    PASS();
}

static void *
wake_later(void *http)
{
    poll(NULL, 0, 50);
    rlm_http_wake(http);
    return NULL;
}

TEST
wakes_a_step_that_waits(void)
{
    rlm_error error;
    rlm_http *http;
    pthread_t thread;
    bool woken = false;
    int64_t started, took;

    ASSERT_STATUS(RLM_OK, rlm_http_open(&http));
    started = rlm_http_clock();
    ASSERT(pthread_create(&thread, NULL, wake_later, http) == 0);
    ASSERT_STATUS(RLM_OK, rlm_http_step(http, 5000, &woken, &error));
    took = rlm_http_clock() - started;
    pthread_join(thread, NULL);
    rlm_http_free(http);
    ASSERT(woken);
    ASSERT(took >= 40 && took < 4000);
    PASS();
}

TEST
a_wake_between_steps_is_not_lost(void)
{
    rlm_error error;
    rlm_http *http;
    bool first = false, second = true;
    int64_t started;

    ASSERT_STATUS(RLM_OK, rlm_http_open(&http));
    rlm_http_wake(http);
    started = rlm_http_clock();
    ASSERT_STATUS(RLM_OK, rlm_http_step(http, 250, &first, &error));
    ASSERT(rlm_http_clock() - started < 150);
    ASSERT_STATUS(RLM_OK, rlm_http_step(http, 1, &second, &error));
    rlm_http_free(http);
    ASSERT(first);
    ASSERT(!second);
    PASS();
}

TEST
stops_at_the_cap(void)
{
    test_server server = {.answer = "HTTP/1.1 200 OK\r\n\r\n", .floods = true};
    test_told told = {.ends = 0};

    ASSERT_STATUS(RLM_OK, ask(&server, &told));
    ASSERT(told.answer.status == RLM_TOO_LARGE);
    ASSERT(told.received <= RLM_CAP_RESPONSE);
    ASSERT_TEXT("the answer is larger than 33554432 bytes", rlm_slice_of(told.text));
    PASS();
}

/* Also over several headers, also one that an earlier answer had. */
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

/* Newer versions of libcurl refuse it before we see it, in words of their own. */
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
ends_at_its_deadline_before_its_timeout(void)
{
    test_server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", .stalls = true};
    test_told told = {.ends = 0};
    rlm_http_request request;
    int64_t started = rlm_http_clock(), took;

    ASSERT(server_start(&server));
    request = request_for(&told, server.port);
    request.timeout_ms = 5000;
    request.deadline = started + 300;
    ASSERT_STATUS(RLM_OK, run(&request, &told));
    took = rlm_http_clock() - started;
    server_stop(&server);
    ASSERT(told.answer.status == RLM_TIMED_OUT && took >= 300 && took < 1500);
    ASSERT_TEXT("timed out", rlm_slice_of(told.text));
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

TEST
a_cancelled_transfer_is_not_ended(void)
{
    test_server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", .stalls = true};
    test_told told = {.ends = 0};
    rlm_http_request request;
    rlm_error error;
    rlm_http *http;
    bool woken;
    int64_t give_up = rlm_http_clock() + GIVE_UP_MS;

    ASSERT(server_start(&server));
    request = request_for(&told, server.port);
    ASSERT_STATUS(RLM_OK, rlm_http_open(&http));
    ASSERT_STATUS(RLM_OK, rlm_http_start(http, &request, &error));
    while (told.received == 0 && rlm_http_clock() < give_up)
        ASSERT_STATUS(RLM_OK, rlm_http_step(http, 50, &woken, &error));
    rlm_http_cancel(http);
    ASSERT_STATUS(RLM_OK, rlm_http_step(http, 1, &woken, &error));
    rlm_http_free(http);
    server_stop(&server);
    ASSERT(told.received == 1);
    ASSERT(told.ends == 0);
    PASS();
}

static rlm_status
start_and_free(void *context)
{
    test_told told = {.ends = 0};
    rlm_http_request request = request_for(&told, *(int *) context);
    rlm_error error;
    rlm_http *http;
    rlm_status status = rlm_http_open(&http);

    if (status == RLM_OK) status = rlm_http_start(http, &request, &error);
    rlm_http_free(http);
    return status;
}

TEST
survives_without_memory(void)
{
    int port = 9;

    ASSERT_SURVIVES_TORTURE(start_and_free, &port);
    PASS();
}

TEST
origins_are_scheme_host_and_port(void)
{
    ASSERT(rlm_http_same_origin("https://api.example.com/v1/models", "https://API.example.com:443/other?x"));
    ASSERT(!rlm_http_same_origin("https://api.example.com/", "http://api.example.com/"));
    ASSERT(!rlm_http_same_origin("https://api.example.com/", "https://api.example.com:8443/"));
    ASSERT(!rlm_http_same_origin("https://api.example.com/", "https://api.example.com.evil.net/"));
    ASSERT(!rlm_http_same_origin("https://api.example.com/", "https://api.example.com@evil.net/"));
    ASSERT(!rlm_http_same_origin("no url at all %%", "no url at all %%"));
    PASS();
}

TEST
names_the_host_alone(void)
{
    char host[32];

    rlm_http_host("https://user:key@evil.net:99/path?token=1", host, sizeof host);
    ASSERT_TEXT("evil.net", rlm_slice_of(host));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;
    rlm_error error;

    if (rlm_http_load(&error) != RLM_OK) {
        printf("%s\n", error.message);
        return 1;
    }
    RUN(delivers_body_and_etag);
    RUN(sends_the_headers_it_was_given);
    RUN(signs_what_it_is_told_to);
    RUN(forgets_the_etag_of_an_interim_answer);
    RUN(gives_the_status_with_which_the_body_was_refused);
    RUN(tells_a_refused_connection);
    RUN(ends_a_stalled_answer_at_its_timeout);
    RUN(tells_an_answer_that_breaks_off);
    RUN(wakes_a_step_that_waits);
    RUN(a_wake_between_steps_is_not_lost);
    RUN(stops_at_the_cap);
    RUN(refuses_an_answer_that_is_compressed_more_than_once);
    RUN(refuses_a_transfer_coding_beside_a_content_coding);
    RUN(takes_an_answer_whose_codings_change_nothing);
    RUN(ends_at_its_deadline_before_its_timeout);
    RUN(reports_a_redirect_and_does_not_follow);
    RUN(tells_how_long_to_wait);
    RUN(a_cancelled_transfer_is_not_ended);
    RUN(survives_without_memory);
    RUN(origins_are_scheme_host_and_port);
    RUN(names_the_host_alone);
    return REPORT("http");
}
