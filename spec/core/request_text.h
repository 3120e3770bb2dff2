/* The request that a source forms, as one text: what it asks and how it authenticates. For the tests of sources. */
#ifndef RLM_REQUEST_TEXT_H
#define RLM_REQUEST_TEXT_H

#include "sources/source.h"

#include <stdio.h>
#include <string.h>

/* A setting whose value is its own name if it is a key, and which is otherwise not set. */
static inline const char *
only_keys(void *context, const char *name)
{
    (void) context;
    return strstr(name, "_api_key") != NULL ? name : NULL;
}

/* The URL of a listing's first page; "refused" if there is none. Valid until the next call. */
static inline rlm_slice
url_of(const rlm_source *source, int listing, const char *(*setting)(void *context, const char *name))
{
    static char text[1024];
    rlm_request request = {.setting = setting};
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    status = rlm_request_begin(&request, source, &source->listings[listing], NULL, (rlm_slice){NULL, 0}, &error);
    (void) snprintf(text, sizeof text, "%s", status == RLM_OK ? (const char *) request.url.bytes : "refused");
    rlm_request_free(&request);
    return rlm_slice_of(text);
}

/*
 * The URL of the first request, and its headers, joined by "|"; "" if it cannot be formed. Valid until the next call.
 */
static inline rlm_slice
request_to(const rlm_source *source, const char *(*setting)(void *context, const char *name), const char *base_url)
{
    static char text[2048];
    rlm_request request = {.setting = setting};
    rlm_error error;
    int length;

    text[0] = '\0';
    rlm_error_clear(&error);
    if (rlm_request_begin(&request, source, &source->listings[0], base_url, (rlm_slice){NULL, 0}, &error) == RLM_OK) {
        length = snprintf(text, sizeof text, "%s", (const char *) request.url.bytes);
        for (size_t at = 0; at < request.headers.length; at += strlen((const char *) request.headers.bytes + at) + 1) {
            length += snprintf(text + length, sizeof text - (size_t) length, "|%s",
                               (const char *) request.headers.bytes + at);
        }
    }
    rlm_request_free(&request);
    return rlm_slice_of(text);
}

#endif
