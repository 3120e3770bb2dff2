/*
 * What listing_fetch.c and listing_answer.c share: the first sends, the second decides what an answer was (a page, a
 * 304, a redirect, a failure) and what comes next.
 */
#ifndef RLM_LISTING_ANSWER_H
#define RLM_LISTING_ANSWER_H

#include "fetch/listing_fetch.h"

static inline const rlm_redactor *
rlm_listing_fetch_redactor(const rlm_listing_fetch *fetch)
{
    return fetch->common->shared->redactor;
}

static inline bool
rlm_listing_fetch_is_local(const rlm_listing_fetch *fetch)
{
    return (fetch->common->settings->source->flags & RLM_SOURCE_LOCAL) != 0;
}

/* rlm_http_request.body: the next bytes of an answer, JSON's or an error's. */
rlm_status
rlm_listing_fetch_take_body(void *context, int http_status, const char *bytes, size_t length);

/* rlm_http_request.end: decide what the answer was. It may send the next request or end the fetch. */
void
rlm_listing_fetch_transfer_ended(void *context, const rlm_http_answer *answer);

/* Start the transfer of fetch->request, for the first time or to the target of a redirect. */
rlm_status
rlm_listing_fetch_transfer(rlm_listing_fetch *fetch, rlm_error *error);

/* The fetch is over; `error` and the rows say how it went. */
void
rlm_listing_fetch_end(rlm_listing_fetch *fetch);

#endif
