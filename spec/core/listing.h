/*
 * One listing being fetched through a transport that sends nothing: a test says what is answered. `one` is the fetch,
 * `counted` what it asked for.
 */
#ifndef RLM_LISTING_H
#define RLM_LISTING_H

#include "base/caps.h"
#include "fetch/listing_answer.h"
#include "test.h"

#include <string.h>

static struct {
    int sent, followed, ended;
    rlm_status refusal; /* with which the transport refuses to send */
} counted;

static inline rlm_status
count_sent(const rlm_transport *transport, rlm_listing_fetch *fetch, rlm_error *error)
{
    (void) transport;
    if (counted.refusal != RLM_OK) return rlm_error_set(error, counted.refusal, "no way with s3cret-key");
    counted.sent++;
    fetch->attempts++;
    fetch->state = RLM_LISTING_FETCH_SENT;
    return rlm_listing_fetch_expect(fetch);
}

static inline rlm_status
count_followed(const rlm_transport *transport, rlm_listing_fetch *fetch, rlm_error *error)
{
    (void) transport, (void) error;
    counted.followed++;
    return rlm_listing_fetch_expect(fetch);
}

static inline void
count_ended(void *context, rlm_listing_fetch *fetch)
{
    (void) context, (void) fetch;
    counted.ended++;
}

static inline rlm_status
grown(void *context, rlm_error *error)
{
    (void) context, (void) error;
    return RLM_OK;
}

static const rlm_transport silent = {.send = count_sent, .follow = count_followed};
static rlm_redactor redactor;
static rlm_settings settings;
static rlm_arena arena;
static rlm_fetch_context shared = {.redactor = &redactor};
static rlm_source_context common = {
    .shared = &shared, .settings = &settings, .arena = &arena, .grown = grown, .ended = count_ended};
static rlm_listing_fetch one;

static inline void
listing_free(void)
{
    if (one.common != NULL) rlm_listing_fetch_free(&one);
    one.common = NULL;
    rlm_redactor_free(&redactor);
    rlm_arena_free(&arena);
}

/* A listing of that source, asked for the first time, with three retries and ten seconds for all of it. */
static inline rlm_status
begin(const rlm_source *source)
{
    listing_free();
    rlm_redactor_init(&redactor);
    RLM_TRY(rlm_redactor_add(&redactor, RLM_SLICE("s3cret-key")));
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    memset(&counted, 0, sizeof counted);
    settings.source = source;
    settings.local = (source->flags & RLM_SOURCE_LOCAL) != 0;
    shared.retries = 3;
    shared.timeout_ms = 10000;
    shared.deadline = rlm_http_clock() + 10000;
    common.transport = &silent;
    common.failed = false;
    rlm_listing_fetch_init(&one, &common, &source->listings[0]);
    rlm_listing_fetch_send(&one);
    return one.error.status;
}

/* That answer to what was asked. */
static inline rlm_status
answer_with(rlm_http_answer answer, const char *body)
{
    rlm_status status = rlm_listing_fetch_take_body(&one, answer.http_status, body, strlen(body));

    if (status != RLM_OK) answer.status = status;
    answer.bytes = strlen(body);
    if (answer.text == NULL) answer.text = "";
    rlm_listing_fetch_answered(&one, &answer);
    return status;
}

#define ANSWER(http, ...) answer_with((rlm_http_answer){.http_status = (http)}, #__VA_ARGS__)
#define ASSERT_ERROR(expected) ASSERT_TEXT(expected, rlm_slice_of(one.error.message))

#endif
