/*
 * The states of one reading: waiting (for its turn, or to try again), exchanging, ended.
 *
 * Read from the bottom up: rlm_reading_ask sends a request, take_body hears the answer as it comes, exchange_ended decides what it was (a
 * page, a 304, a redirect, a failure), and what follows is one small function each. Rows of a page that breaks off are dropped before the page
 * is asked again, so nothing is ever counted twice. Once the source has failed, nothing is tried again and no page follows.
 */
#include "reading.h"

#include "limits.h"
#include "page.h"

#include <string.h>

#define FIRST_WAIT_MS 250
#define LONGEST_WAIT_MS 10000
#define LOCAL_CONNECT_MS 1000

static rlm_slice
content(const rlm_buffer *buffer)
{
    return (rlm_slice) {buffer->bytes, buffer->length};
}

static const rlm_source *
source_of(const rlm_reading *reading)
{
    return reading->inquiry->settings->source;
}

static const rlm_redactor *
redactor_of(const rlm_reading *reading)
{
    return reading->inquiry->terms->redactor;
}

static bool
is_local(const rlm_reading *reading)
{
    return (source_of(reading)->flags & RLM_SOURCE_LOCAL) != 0;
}

static bool
has_flag(const rlm_reading *reading, unsigned flag)
{
    return (reading->listing->flags & flag) != 0;
}

void
rlm_reading_init(rlm_reading *reading, const rlm_inquiry *inquiry, const rlm_listing *listing)
{
    *reading = (rlm_reading) {.inquiry = inquiry, .listing = listing, .due = INT64_MIN};
    rlm_error_clear(&reading->error);
    rlm_rows_init(&reading->rows, source_of(reading), listing, inquiry->arena);
    reading->rows.redactor = redactor_of(reading);
    rlm_buffer_init(&reading->first_url, RLM_LIMIT_URL);
    rlm_buffer_init(&reading->etag, RLM_LIMIT_URL);
    rlm_buffer_init(&reading->page, RLM_LIMIT_URL);
    rlm_buffer_init(&reading->seen, RLM_LIMIT_PAGES * sizeof(uint64_t));
    rlm_buffer_init(&reading->error_body, RLM_LIMIT_ERROR_BODY);
}

void
rlm_reading_free(rlm_reading *reading)
{
    rlm_buffer_free(&reading->first_url);
    rlm_buffer_free(&reading->etag);
    rlm_buffer_free(&reading->page);
    rlm_buffer_free(&reading->seen);
    rlm_buffer_free(&reading->error_body);
    rlm_request_free(&reading->request);
    rlm_json_free(reading->json);
    rlm_rows_free(&reading->rows);
}

/* ---- Ending ---- */

rlm_status
rlm_terms_overdue(const rlm_terms *terms, rlm_error *error)
{
    bool whole = terms->timeout_ms % 1000 == 0;

    return rlm_error_set(error, RLM_TIMED_OUT, "no whole answer within %ld %s", whole ? terms->timeout_ms / 1000 : terms->timeout_ms,
                         whole ? "s" : "ms");
}

static void
end(rlm_reading *reading)
{
    reading->state = RLM_READING_ENDED;
    rlm_json_free(reading->json);
    reading->json = NULL;
    rlm_request_free(&reading->request);
    rlm_buffer_free(&reading->error_body);
    reading->inquiry->ended(reading->inquiry->context, reading);
}

void
rlm_reading_fail(rlm_reading *reading, const rlm_error *error)
{
    rlm_redact_error(redactor_of(reading), error, &reading->error);
    rlm_rows_free(&reading->rows);
    end(reading);
}

static void
fail_with(rlm_reading *reading, const rlm_http_answer *answer, rlm_error *error, rlm_status status)
{
    error->status = status;
    error->http_status = answer->http_status;
    error->curl_code = answer->curl_code;
    rlm_reading_fail(reading, error);
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
is_retried(const rlm_reading *reading, const rlm_http_answer *answer)
{
    if (reading->inquiry->failed || is_local(reading) || reading->inquiry->replies != NULL) return false;
    if (reading->tries >= reading->inquiry->terms->retries) return false;
    if (answer->status == RLM_TIMED_OUT) return reading->timeouts == 0;
    return answer->status == RLM_OK ? is_retried_status(answer->http_status) : answer->transient;
}

/* What the server asked for; else twice as long each time, half as much more or less by chance, so that clients do not come back in step. */
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
drop_page(rlm_reading *reading)
{
    reading->rows.arena->cap += reading->rows.memory; /* which nobody else can have: the arena is shared */
    reading->rows.memory = 0;
    reading->rows.count = reading->rows_before;
    reading->rows.tallies = reading->tallies_before;
}

static void
retry_or_fail(rlm_reading *reading, const rlm_http_answer *answer, rlm_error *error)
{
    int64_t now = rlm_http_clock(), wait;
    struct {
        const void *who;
        int64_t when, which;
    } dice = {reading, now, reading->attempts};

    if (!is_retried(reading, answer)) {
        fail_with(reading, answer, error, error->status);
        return;
    }
    wait = retry_wait_ms(reading->tries, answer->retry_after, rlm_hash_table(&dice, sizeof dice));
    if (wait >= reading->inquiry->terms->deadline - now) {
        if (answer->retry_after > 0) {
            rlm_error_set(error, error->status, "%s (asked to wait %ld s, more than is left)", error->message, answer->retry_after);
        }
        fail_with(reading, answer, error, error->status);
        return;
    }
    reading->tries++;
    reading->timeouts += answer->status == RLM_TIMED_OUT;
    drop_page(reading);
    reading->due = now + wait;
    reading->state = RLM_READING_WAITING;
}

/* ---- What an answer was ---- */

/* All pages are here. */
static void
listing_ended(rlm_reading *reading, const rlm_http_answer *answer)
{
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    status = rlm_rows_judge(&reading->rows, &error);
    if (status != RLM_OK) fail_with(reading, answer, &error, status);
    else end(reading);
}

/* An ETag stands for one answer: it is kept for listings that are one. */
static rlm_status
keep_etag(rlm_reading *reading, rlm_slice etag)
{
    rlm_buffer_clear(&reading->etag);
    if (rlm_redactor_finds(redactor_of(reading), etag)) return RLM_OK;
    return reading->pages == 1 ? rlm_buffer_append(&reading->etag, etag.bytes, etag.length) : RLM_OK;
}

/* A token that comes again leads to pages that were read before, and to no end. */
static rlm_status
remember_token(rlm_reading *reading, rlm_slice token, rlm_error *error)
{
    uint64_t hash = rlm_hash_table(token.bytes, token.length), earlier;

    for (size_t at = 0; at < reading->seen.length; at += sizeof earlier) {
        memcpy(&earlier, reading->seen.bytes + at, sizeof earlier);
        if (earlier == hash) return rlm_error_set(error, RLM_TOO_MANY_PAGES, "pagination loop: page %d names a page that was read", reading->pages);
    }
    return rlm_buffer_append(&reading->seen, &hash, sizeof hash);
}

/* `*token` is that of the page that follows, valid while the reader is. */
static rlm_status
finish_page(rlm_reading *reading, rlm_slice *token, rlm_error *error)
{
    char said[RLM_ERROR_MESSAGE];
    rlm_page page;
    rlm_status status = rlm_page_close(reading->json, &reading->rows, reading->pages == 0, &page, error);

    if (page.said.length > 0) {
        rlm_redact(redactor_of(reading), page.said, said, sizeof said);
        return rlm_error_set(error, status, "%s: %s", error->message, said);
    }
    if (status != RLM_OK) return status;
    reading->pages++;
    *token = page.token;
    if (token->length == 0) return RLM_OK;
    if (reading->pages >= RLM_LIMIT_PAGES) return rlm_error_set(error, RLM_TOO_MANY_PAGES, "more than %d pages", RLM_LIMIT_PAGES);
    return remember_token(reading, *token, error);
}

static void
page_ended(rlm_reading *reading, const rlm_http_answer *answer)
{
    rlm_error error;
    rlm_slice token;
    rlm_status status;

    rlm_error_clear(&error);
    status = finish_page(reading, &token, &error);
    if (status == RLM_OK) status = keep_etag(reading, answer->etag);
    if (status == RLM_OK && token.length > 0) {
        rlm_buffer_clear(&reading->page);
        status = rlm_buffer_append(&reading->page, token.bytes, token.length);
    }
    if (status != RLM_OK) {
        fail_with(reading, answer, &error, status);
        return;
    }
    if (token.length == 0 || reading->inquiry->failed) {
        listing_ended(reading, answer);
        return;
    }
    reading->rows.memory = 0;
    reading->rows_before = reading->rows.count;
    reading->tallies_before = reading->rows.tallies;
    reading->tries = reading->timeouts = reading->redirects = 0;
    if (reading->inquiry->replies == NULL) rlm_reading_ask(reading); /* else it still waits, and who asked for this page asks for the next one */
}

static rlm_status
send_request(rlm_reading *reading, rlm_error *error);

static void
redirected(rlm_reading *reading, const rlm_http_answer *answer)
{
    char host[RLM_ERROR_MESSAGE / 2], shown[RLM_ERROR_MESSAGE / 2];
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    if (!rlm_http_same_origin(reading->request.url.bytes, answer->redirect)) {
        rlm_http_host(answer->redirect, host, sizeof host);
        rlm_redact(redactor_of(reading), rlm_slice_of(host), shown, sizeof shown); /* by itself: it may end where a key goes on with a slash */
        status = rlm_error_set(&error, RLM_REDIRECTED, "redirected to %s, which was not followed", shown);
    } else if (reading->redirects++ >= RLM_LIMIT_REDIRECTS) {
        status = rlm_error_set(&error, RLM_REDIRECTED, "redirected more than %d times", RLM_LIMIT_REDIRECTS);
    } else {
        rlm_buffer_clear(&reading->request.url);
        status = rlm_buffer_append(&reading->request.url, answer->redirect, strlen(answer->redirect) + 1);
        if (status == RLM_OK) status = send_request(reading, &error);
    }
    if (status != RLM_OK) fail_with(reading, answer, &error, status);
}

/* What the body of an error says, fit to be shown; "" when it says nothing that can be read. */
static void
read_error_body(const rlm_reading *reading, char *said, size_t size)
{
    const rlm_json_rows none = {.rows = NULL};
    rlm_slice body = content(&reading->error_body);
    rlm_value *envelope;
    rlm_json *json;
    rlm_error error;
    bool found;

    said[0] = '\0';
    if (rlm_json_open(&none, &json) != RLM_OK) return;
    if (rlm_json_feed(json, body.bytes, body.length, &error) == RLM_OK && rlm_json_finish(json, &envelope, &found, &error) == RLM_OK) {
        rlm_redact(redactor_of(reading), rlm_source_error_message(envelope), said, size);
    } else {
        rlm_redact(redactor_of(reading), rlm_source_page_title(body), said, size);
    }
    rlm_json_free(json);
}

static void
status_refused(rlm_reading *reading, const rlm_http_answer *answer)
{
    char said[RLM_ERROR_MESSAGE - 80]; /* leaves room for what retry_or_fail adds */
    rlm_error error;

    rlm_error_clear(&error);
    read_error_body(reading, said, sizeof said);
    rlm_error_set(&error, RLM_HTTP_STATUS, "HTTP %d%s%s", answer->http_status, said[0] != '\0' ? ": " : "", said);
    retry_or_fail(reading, answer, &error);
}

bool
rlm_reading_is_missing(const rlm_reading *reading)
{
    static const int statuses[] = {404, 405, 410};

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (reading->http_status == statuses[i]) return reading->pages == 0;
    }
    return false;
}

static void
exchange_ended(void *context, const rlm_http_answer *answer)
{
    rlm_reading *reading = context;
    rlm_error error;

    reading->bytes += answer->bytes;
    if (answer->http_status != 0) reading->http_status = answer->http_status;

    if (answer->status != RLM_OK) {
        char said[RLM_ERROR_MESSAGE];

        rlm_error_clear(&error);
        rlm_redact(redactor_of(reading), rlm_slice_of(answer->text), said, sizeof said);
        rlm_error_set(&error, answer->status, "%s", said);
        if (reading->refusal.status != RLM_OK) error = reading->refusal;
        if (answer->status == RLM_TIMED_OUT && rlm_http_clock() >= reading->inquiry->terms->deadline) {
            rlm_terms_overdue(reading->inquiry->terms, &error);
        }
        retry_or_fail(reading, answer, &error);
    } else if (answer->http_status == 200) {
        page_ended(reading, answer);
    } else if (answer->http_status == 304 && reading->conditional) {
        reading->unchanged = true;
        end(reading);
    } else if (has_flag(reading, RLM_LISTING_MISSING_OK) && rlm_reading_is_missing(reading)) { /* an older server */
        reading->http_status = 0; /* it is no answer of the source's */
        end(reading);
    } else if (answer->redirect != NULL) {
        redirected(reading, answer);
    } else {
        status_refused(reading, answer);
    }
}

static rlm_status
refuse(rlm_reading *reading, rlm_status status)
{
    if (status != RLM_OK) reading->refusal.status = status;
    return status;
}

static rlm_status
take_body(void *context, int http_status, const char *bytes, size_t length)
{
    rlm_reading *reading = context;
    rlm_status status;

    if (http_status != 200) {
        size_t room = RLM_LIMIT_ERROR_BODY - reading->error_body.length;

        return refuse(reading, rlm_buffer_append(&reading->error_body, bytes, length < room ? length : room));
    }
    for (size_t i = 0; i < length && !reading->seen_text; i++) {
        reading->seen_text = strchr(" \t\r\n", bytes[i]) == NULL || bytes[i] == '\0';
        if (bytes[i] == '<') return rlm_error_set(&reading->refusal, RLM_BAD_JSON, "answered with a page of HTML, not JSON");
    }
    status = rlm_json_feed(reading->json, bytes, length, &reading->refusal);
    return refuse(reading, status);
}

/* ---- Asking ---- */

static void
begin_exchange(rlm_reading *reading)
{
    rlm_error_clear(&reading->refusal);
    rlm_buffer_clear(&reading->error_body);
    reading->seen_text = false;
}

/* Send reading->request, for the first time or to where a redirect points. */
static rlm_status
send_request(rlm_reading *reading, rlm_error *error)
{
    const rlm_terms *terms = reading->inquiry->terms;
    bool plain = rlm_slice_starts_with(content(&reading->request.url), "http://"); /* a TLS handshake, which counts too, takes its time */
    bool fast = plain && is_local(reading) && terms->connect_timeout_ms > LOCAL_CONNECT_MS;
    rlm_http_request request = {
        .url = reading->request.url.bytes,
        .headers = content(&reading->request.headers),
        .proxy = rlm_settings_proxy(reading->inquiry->settings),
        .ca_file = terms->ca_file,
        .ca_path = terms->ca_path,
        .user_agent = terms->user_agent,
        .sigv4 = reading->request.sigv4.length > 0 ? reading->request.sigv4.bytes : NULL,
        .user = reading->request.user.bytes,
        .password = reading->request.password.bytes,
        .signs_headers = reading->request.signs_headers,
        .connect_timeout_ms = fast ? LOCAL_CONNECT_MS : terms->connect_timeout_ms,
        .timeout_ms = terms->request_timeout_ms,
        .deadline = terms->deadline,
        .context = reading,
        .body = take_body,
        .end = exchange_ended,
    };

    begin_exchange(reading);
    RLM_TRY(rlm_http_start(terms->http, &request, error));
    reading->attempts++;
    reading->state = RLM_READING_EXCHANGING;
    return RLM_OK;
}

/* If-None-Match, when the sheet so far is what this very URL gave. */
static rlm_status
make_conditional(rlm_reading *reading, rlm_error *error)
{
    const rlm_stamp *last = reading->inquiry->last;
    rlm_slice url = {reading->request.url.bytes, reading->request.url.length - 1};
    rlm_buffer etag;
    rlm_status status;

    reading->conditional = false;
    if (reading->page.length > 0) return RLM_OK;
    RLM_TRY(rlm_redact_url(redactor_of(reading), url, &reading->first_url));
    url = (rlm_slice) {reading->first_url.bytes, reading->first_url.length};
    if (last == NULL || last->etag.length == 0 || !rlm_slice_equal(last->url, url)) return RLM_OK;
    if (last->etag.length > RLM_LIMIT_ETAG || rlm_has_control_characters(last->etag)) return RLM_OK; /* an imported one: no server's, no header */
    rlm_buffer_init(&etag, RLM_LIMIT_URL);
    status = rlm_buffer_append(&etag, last->etag.bytes, last->etag.length);
    if (status == RLM_OK) status = rlm_buffer_append(&etag, "", 1);
    if (status == RLM_OK) status = rlm_request_header(&reading->request, "If-None-Match", NULL, etag.bytes, error);
    rlm_buffer_free(&etag);
    reading->conditional = status == RLM_OK;
    return status;
}

/* A reader for the next answer. */
static rlm_status
expect_rows(rlm_reading *reading)
{
    rlm_json_free(reading->json);
    reading->json = NULL;
    return rlm_page_open(&reading->rows, &reading->json);
}

/* The request for the page of reading->page, authorized anew, and a reader for its answer. */
static rlm_status
prepare(rlm_reading *reading, rlm_error *error)
{
    rlm_settings *settings = reading->inquiry->settings;

    rlm_request_free(&reading->request);
    reading->request.setting = rlm_settings_get;
    reading->request.context = settings;
    RLM_TRY(rlm_request_begin(&reading->request, settings->source, reading->listing, rlm_settings_base_url(settings), content(&reading->page),
                              error));
    RLM_TRY(rlm_settings_check_url(settings, redactor_of(reading), reading->request.url.bytes, error));
    RLM_TRY(rlm_settings_check_proxy(settings, redactor_of(reading), error));
    RLM_TRY(make_conditional(reading, error));
    return expect_rows(reading);
}

/* ---- Answering from memory ---- */

static const rlm_reply *
next_reply(rlm_reading *reading)
{
    const rlm_inquiry *inquiry = reading->inquiry;

    while (reading->replied < inquiry->reply_count) {
        const rlm_reply *reply = &inquiry->replies[reading->replied++];

        if (inquiry->listings + reply->listing == reading->listing) return reply;
    }
    return NULL;
}

/* In place of a request: the next reply, read as if it had come over the network. A listing without any has no rows. */
static rlm_status
replay(rlm_reading *reading, rlm_error *error)
{
    const rlm_reply *reply = next_reply(reading);
    rlm_http_answer answer = {.status = RLM_OK, .text = ""};

    if (reply == NULL && reading->pages > 0) {
        return rlm_error_set(error, RLM_BAD_SETTING, "page %d announces another one, which is not stubbed", reading->pages);
    }
    if (reply == NULL) {
        reading->rows.found = true;
        end(reading);
        return RLM_OK;
    }
    RLM_TRY(expect_rows(reading));
    begin_exchange(reading);
    reading->attempts++;
    answer.http_status = reply->http_status;
    if (reply->http_status == 0) {
        answer.status = RLM_NETWORK;
        answer.text = reply->body.bytes;
    } else {
        answer.bytes = reply->body.length;
        answer.status = take_body(reading, reply->http_status, reply->body.bytes, reply->body.length);
    }
    exchange_ended(reading, &answer); /* may end all of it: nothing of the reply is there after */
    return RLM_OK;
}

/* ---- One or the other ---- */

static rlm_status
ask_the_network(rlm_reading *reading, rlm_error *error)
{
    RLM_TRY(prepare(reading, error));
    return send_request(reading, error);
}

void
rlm_reading_ask(rlm_reading *reading)
{
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    do { /* page by page from memory: a page that asked for the next one itself would need as much stack as there are pages */
        status = reading->inquiry->replies != NULL ? replay(reading, &error) : ask_the_network(reading, &error);
    } while (status == RLM_OK && reading->state == RLM_READING_WAITING);
    if (status == RLM_OK) return;
    error.status = status;
    rlm_reading_fail(reading, &error);
}
