/*
 * One listing being fetched: waiting (for its turn, or to try again), transferring, ended.
 *
 * Read from the bottom up: rlm_listing_fetch_send sends a request, or takes a reply from memory; listing_answer.c
 * decides what came of it.
 */
#include "fetch/listing_answer.h"

#include "base/caps.h"
#include "sources/page.h"

#include <string.h>

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

void
rlm_listing_fetch_init(rlm_listing_fetch *fetch, const rlm_source_context *common, const rlm_listing *listing)
{
    *fetch = (rlm_listing_fetch){.common = common, .listing = listing, .due = INT64_MIN};
    rlm_error_clear(&fetch->error);
    rlm_rows_init(&fetch->rows, source_of(fetch), listing, common->arena);
    fetch->rows.redactor = rlm_listing_fetch_redactor(fetch);
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

    return rlm_error_set(error, RLM_TIMED_OUT, "timed out after %ld %s",
                         whole ? shared->timeout_ms / 1000 : shared->timeout_ms, whole ? "s" : "ms");
}

void
rlm_listing_fetch_end(rlm_listing_fetch *fetch)
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
    rlm_redact_error(rlm_listing_fetch_redactor(fetch), error, &fetch->error);
    rlm_rows_free(&fetch->rows);
    rlm_listing_fetch_end(fetch);
}

/* ---- Over the network ---- */

static void
begin_transfer(rlm_listing_fetch *fetch)
{
    rlm_error_clear(&fetch->refusal);
    rlm_buffer_clear(&fetch->error_body);
    fetch->seen_text = false;
}

/* Send fetch->request, for the first time or to where a redirect points. */
rlm_status
rlm_listing_fetch_transfer(rlm_listing_fetch *fetch, rlm_error *error)
{
    const rlm_fetch_context *shared = fetch->common->shared;
    bool plain = rlm_slice_starts_with(content(&fetch->request.url),
                                       "http://"); /* a TLS handshake, which counts too, takes its time */
    bool fast = plain && rlm_listing_fetch_is_local(fetch) && shared->connect_timeout_ms > LOCAL_CONNECT_MS;
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
        .body = rlm_listing_fetch_take_body,
        .end = rlm_listing_fetch_transfer_ended,
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
    RLM_TRY(rlm_redact_url(rlm_listing_fetch_redactor(fetch), url, &fetch->first_url));
    url = (rlm_slice){fetch->first_url.bytes, fetch->first_url.length};
    if (last == NULL || last->etag.length == 0 || !rlm_slice_equal(last->url, url)) return RLM_OK;
    if (last->etag.length > RLM_CAP_ETAG || rlm_slice_has_control_characters(last->etag))
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
    RLM_TRY(rlm_settings_check_url(settings, rlm_listing_fetch_redactor(fetch), fetch->request.url.bytes, error));
    RLM_TRY(rlm_settings_check_proxy(settings, rlm_listing_fetch_redactor(fetch), error));
    RLM_TRY(make_conditional(fetch, error));
    return expect_rows(fetch);
}

/* ---- From memory ---- */

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
        return rlm_error_set(error, RLM_BAD_SETTING, "page %d names a next page, which is not stubbed", fetch->pages);
    }
    if (reply == NULL) {
        fetch->rows.found = true;
        rlm_listing_fetch_end(fetch);
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
        answer.status = rlm_listing_fetch_take_body(fetch, reply->http_status, reply->body.bytes, reply->body.length);
    }
    rlm_listing_fetch_transfer_ended(fetch, &answer); /* may end all of it: nothing of the reply is there after */
    return RLM_OK;
}

static rlm_status
request_page(rlm_listing_fetch *fetch, rlm_error *error)
{
    RLM_TRY(prepare(fetch, error));
    return rlm_listing_fetch_transfer(fetch, error);
}

void
rlm_listing_fetch_send(rlm_listing_fetch *fetch)
{
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    do { /* page by page from memory: a page that asked for the next one itself would need as much stack as there are
            pages */
        status = fetch->common->replies != NULL ? replay(fetch, &error) : request_page(fetch, &error);
    } while (status == RLM_OK && fetch->state == RLM_LISTING_FETCH_WAITING);
    if (status == RLM_OK) return;
    error.status = status;
    rlm_listing_fetch_fail(fetch, &error);
}
