/*
 * One transfer, as http.c and transfer.c share it. The callbacks are libcurl's: each returns the value that makes
 * libcurl stop when the transfer is refused, and leaves the status and the reason in the transfer. `context` is an
 * rlm_transfer.
 */
#ifndef RLM_TRANSFER_H
#define RLM_TRANSFER_H

#include "base/caps.h"
#include "fetch/http.h"

#include <curl/curl.h>

typedef struct rlm_transfer rlm_transfer;

struct rlm_transfer {
    rlm_transfer *next;
    rlm_http *http;
    CURL *easy;
    struct curl_slist *lines; /* one allocation, texts in request.headers: no copy of a key outlives the request */
    rlm_http_request request;
    rlm_status refusal; /* why a callback stopped the transfer */
    char reason[80];    /* the same for people; "": `request.body` knows it */
    bool running;       /* it has had its turn, and has not ended */
    int64_t due;        /* when a running one must have ended */
    size_t received;    /* bytes of headers and decompressed body */
    int codings;        /* that its headers have named so far */
    char etag[RLM_CAP_ETAG];
    size_t etag_length;
    char text[CURL_ERROR_SIZE];
};

/* Bytes received and to be received: nonzero stops the transfer. */
int
rlm_transfer_take_progress(void *context, curl_off_t expected, curl_off_t received, curl_off_t to_send,
                           curl_off_t sent);

/* The next bytes of the body, decoded; if it refuses them, it returns something other than their length. */
size_t
rlm_transfer_take_body(char *bytes, size_t size, size_t count, void *context);

/* A line of the headers; the same. */
size_t
rlm_transfer_take_header(char *line, size_t size, size_t count, void *context);

#endif
