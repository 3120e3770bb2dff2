/*
 * What an answer was, and what comes next: one small function for each case.
 *
 * rlm_listing_fetch_take_body reads the answer as it arrives; rlm_listing_fetch_answered picks the case. Rows of a page
 * that breaks off are dropped before the page is requested again, so nothing is counted twice. Once the source has
 * failed, nothing is tried again and no page follows.
 */
#include "fetch/listing_answer.h"

#include "base/caps.h"
#include "fetch/repeat.h"
#include "sources/error_body.h"
#include "sources/page.h"

#include <string.h>

#define FIRST_WAIT_MS 250
#define LONGEST_WAIT_MS 10000

static void
fail_with(rlm_listing_fetch *fetch, const rlm_http_answer *answer, rlm_error *error, rlm_status status)
{
    error->status = status;
    error->http_status = answer->http_status;
    error->curl_code = answer->curl_code;
    rlm_listing_fetch_fail(fetch, error);
}

/* ---- Trying again ---- */

static bool
is_retried_status(int http_status)
{
    static const int statuses[] = {429, 500, 502, 503, 504, 529};

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i] == http_status) return true;
    }
    return false;
}

static bool
is_retried(const rlm_listing_fetch *fetch, const rlm_http_answer *answer)
{
    if (fetch->common->failed || rlm_listing_fetch_is_local(fetch) || answer->final) return false;
    if (fetch->tries >= fetch->common->shared->retries) return false;
    if (answer->status == RLM_TIMED_OUT) return fetch->timeouts == 0;
    return answer->status == RLM_OK ? is_retried_status(answer->http_status) : answer->transient;
}

/*
 * The wait that the server asked for; else twice as long each time, up to half as much more or less at random, so that
 * clients do not return in step.
 */
static int64_t
retry_wait_ms(int tries, long retry_after, uint64_t chance)
{
    int64_t wait = FIRST_WAIT_MS;

    if (retry_after > 0) return (int64_t) retry_after * 1000;
    while (tries-- > 0 && wait < LONGEST_WAIT_MS) wait *= 2;
    wait = wait / 2 + (int64_t) (chance % (uint64_t) (wait + 1));
    return wait < LONGEST_WAIT_MS ? wait : LONGEST_WAIT_MS;
}

/* Take back what the current page has added. */
static void
drop_page(rlm_listing_fetch *fetch)
{
    fetch->rows.arena->cap += fetch->rows.memory; /* nobody else can have it: the arena is shared */
    fetch->rows.memory = 0;
    fetch->rows.count = fetch->rows_before;
    fetch->rows.tallies = fetch->tallies_before;
}

static void
retry_or_fail(rlm_listing_fetch *fetch, const rlm_http_answer *answer, rlm_error *error)
{
    int64_t now = rlm_http_clock(), wait;
    struct {
        const void *who;
        int64_t when, which;
    } dice = {fetch, now, fetch->attempts};

    if (!is_retried(fetch, answer)) {
        fail_with(fetch, answer, error, error->status);
        return;
    }
    wait = retry_wait_ms(fetch->tries, answer->retry_after, rlm_hash_table(&dice, sizeof dice));
    if (wait >= fetch->common->shared->deadline - now) {
        if (answer->retry_after > 0) {
            rlm_error_set(error, error->status, "%s (the server asked to wait %ld s, longer than the time left)",
                          error->message, answer->retry_after);
        }
        fail_with(fetch, answer, error, error->status);
        return;
    }
    fetch->tries++;
    fetch->timeouts += answer->status == RLM_TIMED_OUT;
    drop_page(fetch);
    fetch->due = now + wait;
    fetch->state = RLM_LISTING_FETCH_WAITING;
}

/* ---- What an answer was ---- */

/* All pages have been read. */
static void
listing_ended(rlm_listing_fetch *fetch, const rlm_http_answer *answer)
{
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    status = rlm_rows_judge(&fetch->rows, &error);
    if (status != RLM_OK) fail_with(fetch, answer, &error, status);
    else rlm_listing_fetch_end(fetch);
}

/* An ETag stands for one answer: the only page. */
static rlm_status
keep_etag(rlm_listing_fetch *fetch, rlm_slice etag)
{
    rlm_buffer_clear(&fetch->etag);
    if (rlm_redactor_finds(rlm_listing_fetch_redactor(fetch), etag)) return RLM_OK;
    return fetch->pages == 1 ? rlm_buffer_append(&fetch->etag, etag.bytes, etag.length) : RLM_OK;
}

/* A token that comes again leads to pages that were read before, without end. */
static rlm_status
remember_token(rlm_listing_fetch *fetch, rlm_slice token, rlm_error *error)
{
    uint64_t hash = rlm_hash_table(token.bytes, token.length), earlier;

    for (size_t at = 0; at < fetch->seen.length; at += sizeof earlier) {
        memcpy(&earlier, fetch->seen.bytes + at, sizeof earlier);
        if (earlier == hash)
            return rlm_error_set(error, RLM_TOO_MANY_PAGES,
                                 "pagination loop: page %d names a page that was already read", fetch->pages);
    }
    return rlm_buffer_append(&fetch->seen, &hash, sizeof hash);
}

/* `*token` is that of the page that follows, valid while the reader is. */
static rlm_status
finish_page(rlm_listing_fetch *fetch, rlm_slice *token, rlm_error *error)
{
    char said[RLM_ERROR_MESSAGE];
    rlm_page page;
    rlm_status status = rlm_repeat_read(fetch, error);

    if (status != RLM_OK) return status;
    status = rlm_page_close(fetch->json, &fetch->rows, fetch->pages == 0, &page, error);
    if (page.said.length > 0) {
        rlm_redact(rlm_listing_fetch_redactor(fetch), page.said, said, sizeof said);
        return rlm_error_set(error, status, "%s: %s", error->message, said);
    }
    if (status != RLM_OK) return status;
    fetch->pages++;
    *token = page.token;
    if (token->length == 0) return RLM_OK;
    if (fetch->pages >= RLM_CAP_PAGES)
        return rlm_error_set(error, RLM_TOO_MANY_PAGES, "more than %d pages", RLM_CAP_PAGES);
    return remember_token(fetch, *token, error);
}

static void
page_ended(rlm_listing_fetch *fetch, const rlm_http_answer *answer)
{
    rlm_error error;
    rlm_slice token;
    rlm_status status;

    rlm_error_clear(&error);
    if (rlm_repeat_found(fetch)) {
        fetch->pages++;
        token = (rlm_slice){NULL, 0};
        status = RLM_OK;
    } else {
        status = finish_page(fetch, &token, &error);
    }
    if (status == RLM_OK) status = keep_etag(fetch, answer->etag);
    if (status == RLM_OK && token.length > 0) {
        rlm_buffer_clear(&fetch->page);
        status = rlm_buffer_append(&fetch->page, token.bytes, token.length);
    }
    if (status != RLM_OK) {
        fail_with(fetch, answer, &error, status);
        return;
    }
    if (token.length == 0 || fetch->common->failed) {
        listing_ended(fetch, answer);
        return;
    }
    fetch->rows.memory = 0;
    fetch->rows_before = fetch->rows.count;
    fetch->tallies_before = fetch->rows.tallies;
    fetch->tries = fetch->timeouts = fetch->redirects = 0;
    fetch->state = RLM_LISTING_FETCH_WAITING;
    fetch->due = INT64_MIN;
}

static void
redirected(rlm_listing_fetch *fetch, const rlm_http_answer *answer)
{
    char host[RLM_ERROR_MESSAGE / 2], shown[RLM_ERROR_MESSAGE / 2];
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    if (!rlm_http_same_origin(fetch->request.url.bytes, answer->redirect)) {
        rlm_http_host(answer->redirect, host, sizeof host);
        rlm_redact(rlm_listing_fetch_redactor(fetch), rlm_slice_of(host), shown,
                   sizeof shown); /* alone: the host may end where a key goes on with a slash */
        status = rlm_error_set(&error, RLM_REDIRECTED, "redirected to %s, which was not followed", shown);
    } else if (fetch->redirects++ >= RLM_CAP_REDIRECTS) {
        status = rlm_error_set(&error, RLM_REDIRECTED, "redirected more than %d times", RLM_CAP_REDIRECTS);
    } else {
        rlm_buffer_clear(&fetch->request.url);
        status = rlm_buffer_append(&fetch->request.url, answer->redirect, strlen(answer->redirect) + 1);
        if (status == RLM_OK) status = fetch->common->transport->follow(fetch->common->transport, fetch, &error);
    }
    if (status != RLM_OK) fail_with(fetch, answer, &error, status);
}

/* The readable text of an error's body; "" if there is none. */
static void
read_error_body(const rlm_listing_fetch *fetch, char *said, size_t size)
{
    const rlm_json_rows none = {.rows = NULL};
    rlm_slice body = {fetch->error_body.bytes, fetch->error_body.length};
    rlm_value *envelope;
    rlm_json *json;
    rlm_error error;
    bool found;

    said[0] = '\0';
    if (rlm_json_open(&none, &json) != RLM_OK) return;
    if (rlm_json_feed(json, body.bytes, body.length, &error) == RLM_OK &&
        rlm_json_finish(json, &envelope, &found, &error) == RLM_OK) {
        rlm_redact(rlm_listing_fetch_redactor(fetch), rlm_error_body_message(envelope), said, size);
    } else {
        rlm_redact(rlm_listing_fetch_redactor(fetch), rlm_error_body_title(body), said, size);
    }
    rlm_json_free(json);
}

static void
status_refused(rlm_listing_fetch *fetch, const rlm_http_answer *answer)
{
    char said[RLM_ERROR_MESSAGE - 80]; /* leaves room for what retry_or_fail adds */
    rlm_error error;

    rlm_error_clear(&error);
    read_error_body(fetch, said, sizeof said);
    rlm_error_set(&error, RLM_HTTP_STATUS, "HTTP %d%s%s", answer->http_status, said[0] != '\0' ? ": " : "", said);
    retry_or_fail(fetch, answer, &error);
}

bool
rlm_listing_fetch_is_missing(const rlm_listing_fetch *fetch)
{
    static const int statuses[] = {404, 405, 410};

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (fetch->http_status == statuses[i]) return fetch->pages == 0;
    }
    return false;
}

/* An older server may lack the listing. */
static bool
may_be_missing(const rlm_listing_fetch *fetch)
{
    return (fetch->listing->flags & RLM_LISTING_MISSING_OK) != 0 && rlm_listing_fetch_is_missing(fetch);
}

rlm_status
rlm_listing_fetch_read(rlm_listing_fetch *fetch, rlm_error *error)
{
    rlm_slice token;
    rlm_status status;

    fetch->pages = 0;
    RLM_TRY(rlm_page_open(&fetch->rows, &fetch->json));
    status = finish_page(fetch, &token, error);
    if (status == RLM_OK && token.length > 0)
        status = rlm_error_set(error, RLM_BAD_ANSWER, "the answer has more pages than when it was last read");
    if (status == RLM_OK) status = rlm_rows_judge(&fetch->rows, error);
    rlm_json_free(fetch->json);
    fetch->json = NULL;
    return status;
}

void
rlm_listing_fetch_answered(rlm_listing_fetch *fetch, const rlm_http_answer *answer)
{
    rlm_error error;

    fetch->bytes += answer->bytes;
    if (answer->http_status != 0) fetch->http_status = answer->http_status;

    if (answer->status != RLM_OK) {
        char said[RLM_ERROR_MESSAGE];

        rlm_error_clear(&error);
        rlm_redact(rlm_listing_fetch_redactor(fetch), rlm_slice_of(answer->text), said, sizeof said);
        rlm_error_set(&error, answer->status, "%s", said);
        if (fetch->refusal.status != RLM_OK) error = fetch->refusal;
        if (answer->status == RLM_TIMED_OUT && rlm_http_clock() >= fetch->common->shared->deadline) {
            rlm_fetch_timed_out(fetch->common->shared, &error);
        }
        retry_or_fail(fetch, answer, &error);
    } else if (answer->http_status == 200) {
        page_ended(fetch, answer);
    } else if (answer->http_status == 304 && fetch->conditional) {
        fetch->unchanged = true;
        rlm_listing_fetch_end(fetch);
    } else if (may_be_missing(fetch)) {
        fetch->http_status = 0; /* not the source's answer */
        rlm_listing_fetch_end(fetch);
    } else if (answer->redirect != NULL) {
        redirected(fetch, answer);
    } else {
        status_refused(fetch, answer);
    }
}

static rlm_status
refuse(rlm_listing_fetch *fetch, rlm_status status)
{
    if (status != RLM_OK) fetch->refusal.status = status;
    return status;
}

rlm_status
rlm_listing_fetch_take_body(void *context, int http_status, const char *bytes, size_t length)
{
    rlm_listing_fetch *fetch = context;
    rlm_status status;

    /* Nobody will join its rows, and what they stood in may be gone. */
    if (fetch->common->failed) return rlm_error_set(&fetch->refusal, RLM_NETWORK, "its source has failed");
    if (http_status != 200) {
        size_t room = RLM_CAP_ERROR_BODY - fetch->error_body.length;

        return refuse(fetch, rlm_buffer_append(&fetch->error_body, bytes, length < room ? length : room));
    }
    for (size_t i = 0; i < length && !fetch->seen_text; i++) {
        fetch->seen_text = strchr(" \t\r\n", bytes[i]) == NULL || bytes[i] == '\0';
        if (bytes[i] == '<')
            return rlm_error_set(&fetch->refusal, RLM_BAD_JSON, "answered with an HTML page, not JSON");
    }
    status = rlm_repeat_take(fetch, bytes, length, &fetch->refusal);
    if (status == RLM_OK) status = fetch->common->grown(fetch->common->context, &fetch->refusal);
    return refuse(fetch, status);
}
