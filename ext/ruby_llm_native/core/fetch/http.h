/*
 * GET requests run together on one libcurl multi handle. The only part that knows curl, and it knows nothing of
 * sources.
 *
 * One set of transfers lives as long as one refresh: no handle, connection or session outlives it, which is what makes
 * forking safe. A transfer reports its body and its end through callbacks, called inside rlm_http_step on the thread
 * that steps.
 */
#ifndef RLM_HTTP_H
#define RLM_HTTP_H

#include "base/text.h"

/* How a transfer ended. The texts are valid during the call that delivers it. */
typedef struct {
    rlm_status status; /* RLM_OK: an answer came whole, whatever its HTTP status; what `body` gave; or how the transfer
                          failed */
    int http_status;   /* 0: none came */
    int curl_code;     /* 0: the transfer itself did not fail */
    bool transient;    /* failed in a way that asking again may mend: no connection, or one that broke; never a refused
                          certificate */
    bool final;        /* whatever it was, asking again would give the same */
    rlm_slice etag;    /* empty: none came, or none that can be kept */
    long retry_after;  /* seconds asked for by the server; 0: none */
    const char *redirect; /* where a 3xx points, whole; NULL: nowhere. It was not followed */
    uint64_t bytes;       /* of the body, as they came over the network */
    const char *text;     /* what libcurl, or the cap that was met, says of a failure, without the URL's query */
} rlm_http_answer;

/*
 * What to ask. `url` and `headers` must live until the transfer has ended; the rest is copied. libcurl signs, so it
 * keeps its own copies of `user` and `password`, which it frees with the transfer.
 */
typedef struct {
    const char *url;
    rlm_slice headers;                          /* "Name: value" lines, each ended by a NUL */
    const char *proxy;                          /* NULL or "": none */
    const char *ca_file, *ca_path, *user_agent; /* NULL: libcurl's own; no user agent */
    const char *sigv4;           /* sign with AWS Signature Version 4 for this "aws:amz:region:service"; NULL: do not */
    const char *user, *password; /* the access key and its secret */
    bool signs_headers;          /* `headers` hold a session token, which is signed too */
    long connect_timeout_ms, timeout_ms;
    int64_t deadline; /* on rlm_http_clock: it ends then too, also in the middle of decoding; 0: `timeout_ms` alone
                         counts */
    void *context;
    /*
     * The next bytes of the body, decompressed. Any status but RLM_OK stops the transfer, which then ends with that
     * status.
     */
    rlm_status (*body)(void *context, int http_status, const char *bytes, size_t length);
    /* The transfer has ended; new ones may be started from here. Called once, unless the transfer was cancelled. */
    void (*end)(void *context, const rlm_http_answer *answer);
} rlm_http_request;

typedef struct rlm_http rlm_http;

/*
 * An empty set of at most so many connections at once (0: any number); further transfers wait for one, in the order in
 * which they were added, and their timeouts begin when they have it. The caller frees it with rlm_http_free.
 * RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_http_open(long connections, rlm_http **http);

/*
 * Add a transfer; it runs from the next step on, or waits. After a failure nothing is called back. RLM_OUT_OF_MEMORY,
 * RLM_NETWORK, RLM_BAD_SETTING if this libcurl cannot sign as asked.
 */
RLM_NODISCARD rlm_status
rlm_http_start(rlm_http *http, const rlm_http_request *request, rlm_error *error);

/*
 * Do what can be done without waiting. If that ended no transfer, wait for the network up to `wait_ms`, but never
 * longer than 250 ms. `*woken` tells whether rlm_http_wake was called since the last step. RLM_OUT_OF_MEMORY, or
 * RLM_NETWORK if libcurl itself fails.
 */
RLM_NODISCARD rlm_status
rlm_http_step(rlm_http *http, int64_t wait_ms, bool *woken, rlm_error *error);

/* Make the current step, or the next one, return without waiting. From any thread, until rlm_http_free. */
void
rlm_http_wake(rlm_http *http);

/* Drop every transfer in progress; their ends are not called. Not from a callback. */
void
rlm_http_cancel(rlm_http *http);

/* Cancel and free. NULL is fine. */
void
rlm_http_free(rlm_http *http);

/* Whether both URLs have the same scheme, host and port. A URL that cannot be parsed has no origin. */
bool
rlm_http_same_origin(const char *left, const char *right);

/* Whether libcurl can ask that URL, over http or https, and whether it can use that proxy. */
bool
rlm_http_is_url(const char *url);

bool
rlm_http_is_proxy(const char *url);

/* The host of a URL, cut to `size`, or "" if it has none. */
void
rlm_http_host(const char *url, char *host, size_t size);

/* Milliseconds on a clock that only goes forward. Any thread. */
int64_t
rlm_http_clock(void);

/* See rlm_refresh_load and rlm_refresh_library. */
RLM_NODISCARD rlm_status
rlm_http_load(rlm_error *error);

const char *
rlm_http_library(bool *thread_safe);

#endif
