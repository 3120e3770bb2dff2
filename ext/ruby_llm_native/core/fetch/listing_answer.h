/*
 * What listing_fetch.c, listing_answer.c and the transports share: a transport asks, and listing_answer.c decides what
 * the answer was (a page, a 304, a redirect, a failure) and what comes next.
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
    return fetch->common->settings->local;
}

/* Be ready for the next answer. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_listing_fetch_expect(rlm_listing_fetch *fetch);

/* The next bytes of an answer, JSON or an error's. Fits rlm_http_request.body. */
RLM_NODISCARD rlm_status
rlm_listing_fetch_take_body(void *context, int http_status, const char *bytes, size_t length);

/* The answer has ended. The fetch has then ended too, or waits to ask for a page, or follows a redirect. */
void
rlm_listing_fetch_answered(rlm_listing_fetch *fetch, const rlm_http_answer *answer);

/* Read the answer of an ended fetch that was held unread because it repeats the last one. The statuses of reading. */
RLM_NODISCARD rlm_status
rlm_listing_fetch_read(rlm_listing_fetch *fetch, rlm_error *error);

/* The fetch has ended; `error` and the rows say how it went. */
void
rlm_listing_fetch_end(rlm_listing_fetch *fetch);

#endif
