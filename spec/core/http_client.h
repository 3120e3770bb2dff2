/* One transfer, and what it told: for tests of http.h against http_server.h. */
#ifndef RLM_HTTP_CLIENT_H
#define RLM_HTTP_CLIENT_H

#include "http_server.h"

/* What one transfer reported. */
typedef struct {
    char url[128];
    rlm_status refuse_with; /* what the body callback returns */
    char body[256];
    size_t received;
    int ends;
    rlm_http_answer answer;
    char etag[64], redirect[128], text[256];
} test_told;

static inline rlm_status
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

static inline void
hear_end(void *context, const rlm_http_answer *answer)
{
    test_told *told = context;

    told->ends++;
    told->answer = *answer;
    snprintf(told->etag, sizeof told->etag, "%.*s", (int) answer->etag.length, answer->etag.bytes);
    snprintf(told->redirect, sizeof told->redirect, "%s", answer->redirect != NULL ? answer->redirect : "");
    snprintf(told->text, sizeof told->text, "%s", answer->text);
}

static inline rlm_http_request
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

static inline rlm_status
run(const rlm_http_request *request, test_told *told)
{
    rlm_error error;
    rlm_http *http;
    bool woken;
    rlm_status status = rlm_http_open(0, &http);
    int64_t give_up = rlm_http_clock() + GIVE_UP_MS;

    if (status != RLM_OK) return status;
    status = rlm_http_start(http, request, &error);
    while (status == RLM_OK && told->ends == 0 && rlm_http_clock() < give_up)
        status = rlm_http_step(http, 250, &woken, &error);
    rlm_http_free(http);
    return status;
}

/*
 * Send one request to a server that answers like this, with a timeout and a deadline in milliseconds from now (0: no
 * deadline). `*took` is how long that took, in milliseconds.
 */
static inline rlm_status
ask_within(test_server *server, test_told *told, long timeout_ms, int64_t deadline_ms, int64_t *took)
{
    int64_t started = rlm_http_clock();
    rlm_http_request request;
    rlm_status status;

    if (!server_start(server)) return RLM_NETWORK;
    request = request_for(told, server->port);
    request.timeout_ms = timeout_ms;
    if (deadline_ms > 0) request.deadline = started + deadline_ms;
    status = run(&request, told);
    *took = rlm_http_clock() - started;
    server_stop(server);
    return status;
}

/* The same with a timeout of five seconds. */
static inline rlm_status
ask(test_server *server, test_told *told)
{
    int64_t took;

    return ask_within(server, told, 5000, 0, &took);
}

#define OK_ANSWER "HTTP/1.1 200 OK\r\nETag: W/\"abc\" \r\nContent-Length: 11\r\nConnection: close\r\n\r\n{\"data\":[]}"

#endif
