/* The server for sources with listings: it answers each path as the test says. */
#ifndef RLM_LISTING_SERVER_H
#define RLM_LISTING_SERVER_H

#include "base/caps.h"
#include "fetched.h"
#include "http_server.h"

static struct {
    const char *first, *second, *third; /* status line and body of /first, /second and /third */
    const char *etag;                   /* of every answer; NULL: "1" */
    const char *version, *region;       /* of the one that asks: its user agent and its setting; NULL: none, "here" */
    int conditional;                    /* requests with If-None-Match: "1" */
    char answer[1024];
    test_server http;
} server;

static inline const char *
choose(test_server *http)
{
    const char *said = server.third, *body;

    if (strstr(http->request, "GET /first ") != NULL) said = server.first;
    if (strstr(http->request, "GET /second") != NULL) said = server.second;
    if (strstr(http->request, "\r\nIf-None-Match: \"1\"\r\n") != NULL) server.conditional++;
    body = strchr(said, '\n') + 1;
    snprintf(server.answer, sizeof server.answer,
             "HTTP/1.1 %.*s\r\nETag: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", (int) (body - 1 - said),
             said, server.etag != NULL ? server.etag : "\"1\"", strlen(body), body);
    return server.answer;
}

/*
 * Ask that source as that user ("name:password@", or ""), with the sheet of an earlier time (empty: none). `fetch` has
 * the result, which the caller frees.
 */
static inline rlm_status
ask_as(const rlm_source *asked, const char *user, rlm_slice sheet)
{
    const rlm_pair settings[] = {
        {"test_region", server.region != NULL ? server.region : "here"}, {"single_key", "no-real-key"}, {NULL, NULL}};
    int64_t give_up = rlm_http_clock() + GIVE_UP_MS;
    rlm_redactor redactor;
    rlm_answer_memory memory = {.cap = RLM_CAP_REFRESH};
    rlm_fetch_context terms = {.request_timeout_ms = 5000,
                               .connect_timeout_ms = 2000,
                               .deadline = give_up,
                               .redactor = &redactor,
                               .memory = &memory,
                               .user_agent = server.version};
    char url[128];
    rlm_error error;
    bool woken;
    rlm_status status;

    server.conditional = 0;
    if (!server_serve(&server.http)) return RLM_NETWORK;
    snprintf(url, sizeof url, "http://%s127.0.0.1:%d", user, server.http.port);
    rlm_redactor_init(&redactor);
    status = rlm_http_open(0, &terms.http);
    if (status == RLM_OK) {
        const rlm_source_request request = {.source = asked, .base_url = url, .settings = settings, .sheet = sheet};

        status = rlm_source_fetch_open(&fetch, &request, &terms, &error);
    }
    while (status == RLM_OK && fetch.outcome.status == RLM_OUTCOME_RUNNING && rlm_http_clock() < give_up) {
        rlm_source_fetch_send(&fetch, rlm_http_clock());
        status = rlm_http_step(terms.http, 50, &woken, &error);
    }
    rlm_http_free(terms.http);
    if (status == RLM_OK) status = rlm_source_fetch_finish(&fetch, 1000, &error);
    server_pause(&server.http);
    rlm_redactor_free(&redactor);
    return status;
}

#define A "200 OK\n{\"data\":[{\"id\":\"a\"}]}"
#define B "200 OK\n{\"data\":[{\"id\":\"b\"}]}"
#define C "200 OK\n{\"data\":[{\"id\":\"c\"}]}"
#define NOTHING "200 OK\n{\"data\":[]}"

/* In main, before any test. One port for all of them: a sheet's ETag holds for its URL alone. */
static inline bool
server_ready(void)
{
    server.http.choose = choose;
    return library_ready() && server_listen(&server.http);
}

#endif
