/* How transfers end without a whole answer, and how a waiting step is woken. */
#define _POSIX_C_SOURCE 200809L

#include "http_client.h"

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
    int64_t took;

    ASSERT_STATUS(RLM_OK, ask_within(&server, &told, 300, 0, &took));
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

TEST
ends_at_its_deadline_before_its_timeout(void)
{
    test_server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", .stalls = true};
    test_told told = {.ends = 0};
    int64_t took;

    ASSERT_STATUS(RLM_OK, ask_within(&server, &told, 5000, 300, &took));
    ASSERT(told.answer.status == RLM_TIMED_OUT && took >= 300 && took < 1500);
    ASSERT_TEXT("timed out", rlm_slice_of(told.text));
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
    ASSERT_STATUS(RLM_OK, rlm_http_open(0, &http));
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

#define SLOW_MS 150

static const char *
answer_slowly(test_server *server)
{
    (void) server;
    poll(NULL, 0, SLOW_MS);
    return OK_ANSWER;
}

/* Five transfers, one connection, and less time for each than those before it take together. */
TEST
waiting_for_a_connection_takes_no_time_of_its_own(void)
{
    test_server server = {.choose = answer_slowly};
    test_told told[5] = {{.ends = 0}};
    rlm_error error;
    rlm_http *http;
    bool woken;
    int ended = 0;
    int64_t started = rlm_http_clock();

    ASSERT(server_start(&server));
    ASSERT_STATUS(RLM_OK, rlm_http_open(1, &http));
    for (int i = 0; i < 5; i++) {
        rlm_http_request request = request_for(&told[i], server.port);

        request.connect_timeout_ms = request.timeout_ms = 3 * SLOW_MS;
        ASSERT_STATUS(RLM_OK, rlm_http_start(http, &request, &error));
    }
    while (ended < 5 && rlm_http_clock() < started + GIVE_UP_MS) {
        ASSERT_STATUS(RLM_OK, rlm_http_step(http, 50, &woken, &error));
        ended = 0;
        for (int i = 0; i < 5; i++) ended += told[i].ends;
        for (int i = 1; i < 5; i++) ASSERT(told[i].ends <= told[i - 1].ends); /* in the order in which they came */
    }
    ASSERT(rlm_http_clock() - started >= 5 * SLOW_MS);
    for (int i = 0; i < 5; i++) ASSERT(told[i].ends == 1 && told[i].answer.status == RLM_OK);
    rlm_http_free(http);
    server_stop(&server);
    PASS();
}

TEST
one_that_waits_is_cancelled_too(void)
{
    test_told told[2] = {{.ends = 0}};
    rlm_error error;
    rlm_http *http;
    bool woken;

    ASSERT_STATUS(RLM_OK, rlm_http_open(1, &http));
    for (int i = 0; i < 2; i++) {
        rlm_http_request request = request_for(&told[i], 9);

        ASSERT_STATUS(RLM_OK, rlm_http_start(http, &request, &error));
    }
    rlm_http_cancel(http);
    ASSERT_STATUS(RLM_OK, rlm_http_step(http, 1, &woken, &error));
    rlm_http_free(http);
    ASSERT(told[0].ends == 0 && told[1].ends == 0);
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

    ASSERT_STATUS(RLM_OK, rlm_http_open(0, &http));
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

    ASSERT_STATUS(RLM_OK, rlm_http_open(0, &http));
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

static rlm_status
start_and_free(void *context)
{
    test_told told = {.ends = 0};
    rlm_http_request request = request_for(&told, *(int *) context);
    rlm_error error;
    rlm_http *http;
    rlm_status status = rlm_http_open(0, &http);

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

int
main(void)
{
    int tests = 0, failures = 0;

    if (!library_ready()) return 1;
    RUN(gives_the_status_with_which_the_body_was_refused);
    RUN(tells_a_refused_connection);
    RUN(ends_a_stalled_answer_at_its_timeout);
    RUN(tells_an_answer_that_breaks_off);
    RUN(ends_at_its_deadline_before_its_timeout);
    RUN(stops_at_the_cap);
    RUN(a_cancelled_transfer_is_not_ended);
    RUN(waiting_for_a_connection_takes_no_time_of_its_own);
    RUN(one_that_waits_is_cancelled_too);
    RUN(wakes_a_step_that_waits);
    RUN(a_wake_between_steps_is_not_lost);
    RUN(survives_without_memory);
    return REPORT("http_end");
}
