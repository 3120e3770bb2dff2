/*
 * The states of one fetch: waiting (for its turn, or to try again), transferring, ended.
 *
 * Read from the bottom up: rlm_listing_fetch_send sends a request, take_body hears the answer as it comes,
 * transfer_ended decides what it was (a page, a 304, a redirect, a failure), and what follows is one small function
 * each. Rows of a page that breaks off are dropped before the page is asked again, so nothing is ever counted twice.
 * Once the source has failed, nothing is tried again and no page follows.
 */
#include "fetch/listing_fetch.h"

#include "base/caps.h"
#include "sources/error_body.h"
#include "sources/page.h"

#include <string.h>

#define FIRST_WAIT_MS 250
#define LONGEST_WAIT_MS 10000
#define LOCAL_CONNECT_MS 1000

static rlm_slice
content(const rlm_buffer *buffer)
{
    return (rlm_slice){buffer->bytes, buffer->length};
}

static const rlm_source *
source_of(const rlm_listing_fetch *fetch)
{
    return fetch->common->settings->source;
}

static const rlm_redactor *
redactor_of(const rlm_listing_fetch *fetch)
{
    return fetch->common->shared->redactor;
}

static bool
is_local(const rlm_listing_fetch *fetch)
{
    return (source_of(fetch)->flags & RLM_SOURCE_LOCAL) != 0;
}

static bool
has_flag(const rlm_listing_fetch *fetch, unsigned flag)
{
    return (fetch->listing->flags & flag) != 0;
}

void
rlm_listing_fetch_init(rlm_listing_fetch *fetch, const rlm_source_context *common, const rlm_listing *listing)
{
    *fetch = (rlm_listing_fetch){.common = common, .listing = listing, .due = INT64_MIN};
    rlm_error_clear(&fetch->error);
    rlm_rows_init(&fetch->rows, source_of(fetch), listing, common->arena);
    fetch->rows.redactor = redactor_of(fetch);
    rlm_buffer_init(&fetch->first_url, RLM_CAP_URL);
    rlm_buffer_init(&fetch->etag, RLM_CAP_URL);
    rlm_buffer_init(&fetch->page, RLM_CAP_URL);
    rlm_buffer_init(&fetch->seen, RLM_CAP_PAGES * sizeof(uint64_t));
    rlm_buffer_init(&fetch->error_body, RLM_CAP_ERROR_BODY);
}

void
rlm_listing_fetch_free(rlm_listing_fetch *fetch)
{
    rlm_buffer_free(&fetch->first_url);
    rlm_buffer_free(&fetch->etag);
    rlm_buffer_free(&fetch->page);
    rlm_buffer_free(&fetch->seen);
    rlm_buffer_free(&fetch->error_body);
    rlm_request_free(&fetch->request);
    rlm_json_free(fetch->json);
    rlm_rows_free(&fetch->rows);
}

/* ---- Ending ---- */

rlm_status
rlm_fetch_timed_out(const rlm_fetch_context *shared, rlm_error *error)
{
    bool whole = shared->timeout_ms % 1000 == 0;

    return rlm_error_set(error, RLM_TIMED_OUT, "no whole answer within %ld %s",
                         whole ? shared->timeout_ms / 1000 : shared->timeout_ms, whole ? "s" : "ms");
}

static void
end(rlm_listing_fetch *fetch)
{
    fetch->state = RLM_LISTING_FETCH_ENDED;
    rlm_json_free(fetch->json);
    fetch->json = NULL;
    rlm_request_free(&fetch->request);
    rlm_buffer_free(&fetch->error_body);
    fetch->common->ended(fetch->common->context, fetch);
}

void
rlm_listing_fetch_fail(rlm_listing_fetch *fetch, const rlm_error *error)
{
    rlm_redact_error(redactor_of(fetch), error, &fetch->error);
    rlm_rows_free(&fetch->rows);
    end(fetch);
}

static void
fail_with(rlm_listing_fetch *fetch, const rlm_http_answer *answer, rlm_error *error, rlm_status status)
{
    error->status = status;
    error->http_status = answer->http_status;
    error->curl_code = answer->curl_code;
    rlm_listing_fetch_fail(fetch, error);
}

/* ---- Asking again ---- */

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
    if (fetch->common->failed || is_local(fetch) || fetch->common->replies != NULL) return false;
    if (fetch->tries >= fetch->common->shared->retries) return false;
    if (answer->status == RLM_TIMED_OUT) return fetch->timeouts == 0;
    return answer->status == RLM_OK ? is_retried_status(answer->http_status) : answer->transient;
}

/*
 * What the server asked for; else twice as long each time, half as much more or less by chance, so that clients do
 * not come back in step.
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

/* Take back what the page being read has added. */
static void
drop_page(rlm_listing_fetch *fetch)
{
    fetch->rows.arena->cap += fetch->rows.memory; /* which nobody else can have: the arena is shared */
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
            rlm_error_set(error, error->status, "%s (asked to wait %ld s, more than is left)", error->message,
                          answer->retry_after);
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

/* All pages are here. */
static void
listing_ended(rlm_listing_fetch *fetch, const rlm_http_answer *answer)
{
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    status = rlm_rows_judge(&fetch->rows, &error);
    if (status != RLM_OK) fail_with(fetch, answer, &error, status);
    else end(fetch);
}

/* An ETag stands for one answer: it is kept for listings that are one. */
static rlm_status
keep_etag(rlm_listing_fetch *fetch, rlm_slice etag)
{
    rlm_buffer_clear(&fetch->etag);
    if (rlm_redactor_finds(redactor_of(fetch), etag)) return RLM_OK;
    return fetch->pages == 1 ? rlm_buffer_append(&fetch->etag, etag.bytes, etag.length) : RLM_OK;
}

/* A token that comes again leads to pages that were read before, and to no end. */
static rlm_status
remember_token(rlm_listing_fetch *fetch, rlm_slice token, rlm_error *error)
{
    uint64_t hash = rlm_hash_table(token.bytes, token.length), earlier;

    for (size_t at = 0; at < fetch->seen.length; at += sizeof earlier) {
        memcpy(&earlier, fetch->seen.bytes + at, sizeof earlier);
        if (earlier == hash)
            return rlm_error_set(error, RLM_TOO_MANY_PAGES, "pagination loop: page %d names a page that was read",
                                 fetch->pages);
    }
    return rlm_buffer_append(&fetch->seen, &hash, sizeof hash);
}

/* `*token` is that of the page that follows, valid while the reader is. */
static rlm_status
finish_page(rlm_listing_fetch *fetch, rlm_slice *token, rlm_error *error)
{
    char said[RLM_ERROR_MESSAGE];
    rlm_page page;
    rlm_status status = rlm_page_close(fetch->json, &fetch->rows, fetch->pages == 0, &page, error);

    if (page.said.length > 0) {
        rlm_redact(redactor_of(fetch), page.said, said, sizeof said);
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
    status = finish_page(fetch, &token, &error);
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
    if (fetch->common->replies == NULL)
        rlm_listing_fetch_send(fetch); /* else it still waits, and who asked for this page asks for the next one */
}

static rlm_status
send_request(rlm_listing_fetch *fetch, rlm_error *error);

static void
redirected(rlm_listing_fetch *fetch, const rlm_http_answer *answer)
{
    char host[RLM_ERROR_MESSAGE / 2], shown[RLM_ERROR_MESSAGE / 2];
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    if (!rlm_http_same_origin(fetch->request.url.bytes, answer->redirect)) {
        rlm_http_host(answer->redirect, host, sizeof host);
        rlm_redact(redactor_of(fetch), rlm_slice_of(host), shown,
                   sizeof shown); /* by itself: it may end where a key goes on with a slash */
        status = rlm_error_set(&error, RLM_REDIRECTED, "redirected to %s, which was not followed", shown);
    } else if (fetch->redirects++ >= RLM_CAP_REDIRECTS) {
        status = rlm_error_set(&error, RLM_REDIRECTED, "redirected more than %d times", RLM_CAP_REDIRECTS);
    } else {
        rlm_buffer_clear(&fetch->request.url);
        status = rlm_buffer_append(&fetch->request.url, answer->redirect, strlen(answer->redirect) + 1);
        if (status == RLM_OK) status = send_request(fetch, &error);
    }
    if (status != RLM_OK) fail_with(fetch, answer, &error, status);
}

/* What the body of an error says, fit to be shown; "" when it says nothing that can be read. */
static void
read_error_body(const rlm_listing_fetch *fetch, char *said, size_t size)
{
    const rlm_json_rows none = {.rows = NULL};
    rlm_slice body = content(&fetch->error_body);
    rlm_value *envelope;
    rlm_json *json;
    rlm_error error;
    bool found;

    said[0] = '\0';
    if (rlm_json_open(&none, &json) != RLM_OK) return;
    if (rlm_json_feed(json, body.bytes, body.length, &error) == RLM_OK &&
        rlm_json_finish(json, &envelope, &found, &error) == RLM_OK) {
        rlm_redact(redactor_of(fetch), rlm_error_body_message(envelope), said, size);
    } else {
        rlm_redact(redactor_of(fetch), rlm_error_body_title(body), said, size);
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

static void
transfer_ended(void *context, const rlm_http_answer *answer)
{
    rlm_listing_fetch *fetch = context;
    rlm_error error;

    fetch->bytes += answer->bytes;
    if (answer->http_status != 0) fetch->http_status = answer->http_status;

    if (answer->status != RLM_OK) {
        char said[RLM_ERROR_MESSAGE];

        rlm_error_clear(&error);
        rlm_redact(redactor_of(fetch), rlm_slice_of(answer->text), said, sizeof said);
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
        end(fetch);
    } else if (has_flag(fetch, RLM_LISTING_MISSING_OK) && rlm_listing_fetch_is_missing(fetch)) { /* an older server */
        fetch->http_status = 0; /* it is no answer of the source's */
        end(fetch);
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

static rlm_status
take_body(void *context, int http_status, const char *bytes, size_t length)
{
    rlm_listing_fetch *fetch = context;
    rlm_status status;

    if (http_status != 200) {
        size_t room = RLM_CAP_ERROR_BODY - fetch->error_body.length;

        return refuse(fetch, rlm_buffer_append(&fetch->error_body, bytes, length < room ? length : room));
    }
    for (size_t i = 0; i < length && !fetch->seen_text; i++) {
        fetch->seen_text = strchr(" \t\r\n", bytes[i]) == NULL || bytes[i] == '\0';
        if (bytes[i] == '<')
            return rlm_error_set(&fetch->refusal, RLM_BAD_JSON, "answered with a page of HTML, not JSON");
    }
    status = rlm_json_feed(fetch->json, bytes, length, &fetch->refusal);
    return refuse(fetch, status);
}

/* ---- Asking ---- */

static void
begin_transfer(rlm_listing_fetch *fetch)
{
    rlm_error_clear(&fetch->refusal);
    rlm_buffer_clear(&fetch->error_body);
    fetch->seen_text = false;
}

/* Send fetch->request, for the first time or to where a redirect points. */
static rlm_status
send_request(rlm_listing_fetch *fetch, rlm_error *error)
{
    const rlm_fetch_context *shared = fetch->common->shared;
    bool plain = rlm_slice_starts_with(content(&fetch->request.url),
                                       "http://"); /* a TLS handshake, which counts too, takes its time */
    bool fast = plain && is_local(fetch) && shared->connect_timeout_ms > LOCAL_CONNECT_MS;
    rlm_http_request request = {
        .url = fetch->request.url.bytes,
        .headers = content(&fetch->request.headers),
        .proxy = rlm_settings_proxy(fetch->common->settings),
        .ca_file = shared->ca_file,
        .ca_path = shared->ca_path,
        .user_agent = shared->user_agent,
        .sigv4 = fetch->request.sigv4.length > 0 ? fetch->request.sigv4.bytes : NULL,
        .user = fetch->request.user.bytes,
        .password = fetch->request.password.bytes,
        .signs_headers = fetch->request.signs_headers,
        .connect_timeout_ms = fast ? LOCAL_CONNECT_MS : shared->connect_timeout_ms,
        .timeout_ms = shared->request_timeout_ms,
        .deadline = shared->deadline,
        .context = fetch,
        .body = take_body,
        .end = transfer_ended,
    };

    begin_transfer(fetch);
    RLM_TRY(rlm_http_start(shared->http, &request, error));
    fetch->attempts++;
    fetch->state = RLM_LISTING_FETCH_SENT;
    return RLM_OK;
}

/* If-None-Match, when the sheet so far is what this very URL gave. */
static rlm_status
make_conditional(rlm_listing_fetch *fetch, rlm_error *error)
{
    const rlm_stamp *last = fetch->common->last;
    rlm_slice url = {fetch->request.url.bytes, fetch->request.url.length - 1};
    rlm_buffer etag;
    rlm_status status;

    fetch->conditional = false;
    if (fetch->page.length > 0) return RLM_OK;
    RLM_TRY(rlm_redact_url(redactor_of(fetch), url, &fetch->first_url));
    url = (rlm_slice){fetch->first_url.bytes, fetch->first_url.length};
    if (last == NULL || last->etag.length == 0 || !rlm_slice_equal(last->url, url)) return RLM_OK;
    if (last->etag.length > RLM_CAP_ETAG || rlm_has_control_characters(last->etag))
        return RLM_OK; /* an imported one: no server's, no header */
    rlm_buffer_init(&etag, RLM_CAP_URL);
    status = rlm_buffer_append(&etag, last->etag.bytes, last->etag.length);
    if (status == RLM_OK) status = rlm_buffer_append(&etag, "", 1);
    if (status == RLM_OK) status = rlm_request_header(&fetch->request, "If-None-Match", NULL, etag.bytes, error);
    rlm_buffer_free(&etag);
    fetch->conditional = status == RLM_OK;
    return status;
}

/* A reader for the next answer. */
static rlm_status
expect_rows(rlm_listing_fetch *fetch)
{
    rlm_json_free(fetch->json);
    fetch->json = NULL;
    return rlm_page_open(&fetch->rows, &fetch->json);
}

/* The request for the page of fetch->page, authorized anew, and a reader for its answer. */
static rlm_status
prepare(rlm_listing_fetch *fetch, rlm_error *error)
{
    rlm_settings *settings = fetch->common->settings;

    rlm_request_free(&fetch->request);
    fetch->request.setting = rlm_settings_get;
    fetch->request.context = settings;
    RLM_TRY(rlm_request_begin(&fetch->request, settings->source, fetch->listing, rlm_settings_base_url(settings),
                              content(&fetch->page), error));
    RLM_TRY(rlm_settings_check_url(settings, redactor_of(fetch), fetch->request.url.bytes, error));
    RLM_TRY(rlm_settings_check_proxy(settings, redactor_of(fetch), error));
    RLM_TRY(make_conditional(fetch, error));
    return expect_rows(fetch);
}

/* ---- Answering from memory ---- */

static const rlm_reply *
next_reply(rlm_listing_fetch *fetch)
{
    const rlm_source_context *common = fetch->common;

    while (fetch->replied < common->reply_count) {
        const rlm_reply *reply = &common->replies[fetch->replied++];

        if (common->listings + reply->listing == fetch->listing) return reply;
    }
    return NULL;
}

/*
 * In place of a request: the next reply, read as if it had come over the network. A listing without any has no rows.
 */
static rlm_status
replay(rlm_listing_fetch *fetch, rlm_error *error)
{
    const rlm_reply *reply = next_reply(fetch);
    rlm_http_answer answer = {.status = RLM_OK, .text = ""};

    if (reply == NULL && fetch->pages > 0) {
        return rlm_error_set(error, RLM_BAD_SETTING, "page %d announces another one, which is not stubbed",
                             fetch->pages);
    }
    if (reply == NULL) {
        fetch->rows.found = true;
        end(fetch);
        return RLM_OK;
    }
    RLM_TRY(expect_rows(fetch));
    begin_transfer(fetch);
    fetch->attempts++;
    answer.http_status = reply->http_status;
    if (reply->http_status == 0) {
        answer.status = RLM_NETWORK;
        answer.text = reply->body.bytes;
    } else {
        answer.bytes = reply->body.length;
        answer.status = take_body(fetch, reply->http_status, reply->body.bytes, reply->body.length);
    }
    transfer_ended(fetch, &answer); /* may end all of it: nothing of the reply is there after */
    return RLM_OK;
}

/* ---- One or the other ---- */

static rlm_status
ask_the_network(rlm_listing_fetch *fetch, rlm_error *error)
{
    RLM_TRY(prepare(fetch, error));
    return send_request(fetch, error);
}

void
rlm_listing_fetch_send(rlm_listing_fetch *fetch)
{
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    do { /* page by page from memory: a page that asked for the next one itself would need as much stack as there are
            pages */
        status = fetch->common->replies != NULL ? replay(fetch, &error) : ask_the_network(fetch, &error);
    } while (status == RLM_OK && fetch->state == RLM_LISTING_FETCH_WAITING);
    if (status == RLM_OK) return;
    error.status = status;
    rlm_listing_fetch_fail(fetch, &error);
}
