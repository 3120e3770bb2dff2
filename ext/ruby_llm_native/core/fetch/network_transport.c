/*
 * Pages over HTTP: each request is newly formed and authorized, made conditional where the previous sheet allows it,
 * and started in the set of transfers.
 */
#include "base/caps.h"
#include "fetch/listing_answer.h"

#define LOCAL_CONNECT_MS 1000

static rlm_slice
content(const rlm_buffer *buffer)
{
    return (rlm_slice){buffer->bytes, buffer->length};
}

/* rlm_http_request.end. */
static void
ended(void *context, const rlm_http_answer *answer)
{
    rlm_listing_fetch *fetch = context;

    rlm_listing_fetch_answered(fetch, answer);
    if (rlm_listing_fetch_is_due(fetch, rlm_http_clock())) rlm_listing_fetch_send(fetch);
}

static rlm_status
transfer(const rlm_transport *transport, rlm_listing_fetch *fetch, rlm_error *error)
{
    const rlm_fetch_context *shared = fetch->common->shared;
    const rlm_settings *settings = fetch->common->settings;
    const char *ca_file = rlm_settings_ca_file(settings);
    long connect_ms = settings->connect_timeout_ms > 0 ? settings->connect_timeout_ms : shared->connect_timeout_ms;
    bool plain = rlm_slice_starts_with(content(&fetch->request.url),
                                       "http://"); /* a TLS handshake, which counts too, takes its time */
    bool fast = plain && rlm_listing_fetch_is_local(fetch) && settings->connect_timeout_ms == 0 &&
                connect_ms > LOCAL_CONNECT_MS;
    rlm_http_request request = {
        .url = fetch->request.url.bytes,
        .headers = content(&fetch->request.headers),
        .proxy = rlm_settings_proxy(settings),
        .ca_file = ca_file != NULL ? ca_file : shared->ca_file,
        .ca_path = ca_file != NULL ? NULL : shared->ca_path,
        .user_agent = shared->user_agent,
        .sigv4 = fetch->request.sigv4.length > 0 ? fetch->request.sigv4.bytes : NULL,
        .user = fetch->request.user.bytes,
        .password = fetch->request.password.bytes,
        .signs_headers = fetch->request.signs_headers,
        .connect_timeout_ms = fast ? LOCAL_CONNECT_MS : connect_ms,
        .timeout_ms = settings->request_timeout_ms > 0 ? settings->request_timeout_ms : shared->request_timeout_ms,
        .deadline = shared->deadline,
        .context = fetch,
        .body = rlm_listing_fetch_take_body,
        .end = ended,
    };

    (void) transport;
    RLM_TRY(rlm_listing_fetch_expect(fetch));
    RLM_TRY(rlm_http_start(shared->http, &request, error));
    fetch->attempts++;
    fetch->state = RLM_LISTING_FETCH_SENT;
    return RLM_OK;
}

/* If-None-Match, if the previous sheet is what this very URL gave. */
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
        return RLM_OK; /* imported: not a server's ETag, so no header */
    rlm_buffer_init(&etag, RLM_CAP_URL);
    status = rlm_buffer_append(&etag, last->etag.bytes, last->etag.length);
    if (status == RLM_OK) status = rlm_buffer_append(&etag, "", 1);
    if (status == RLM_OK) status = rlm_request_header(&fetch->request, "If-None-Match", NULL, etag.bytes, error);
    rlm_buffer_free(&etag);
    fetch->conditional = status == RLM_OK;
    return status;
}

static rlm_status
send_over_network(const rlm_transport *transport, rlm_listing_fetch *fetch, rlm_error *error)
{
    rlm_settings *settings = fetch->common->settings;

    rlm_request_free(&fetch->request);
    fetch->request.setting = rlm_settings_get;
    fetch->request.context = settings;
    fetch->request.given = content(&settings->headers);
    RLM_TRY(rlm_request_begin(&fetch->request, settings->source, fetch->listing, rlm_settings_base_url(settings),
                              content(&fetch->page), error));
    RLM_TRY(rlm_settings_check_url(settings, rlm_listing_fetch_redactor(fetch), fetch->request.url.bytes, error));
    RLM_TRY(rlm_settings_check_proxy(settings, rlm_listing_fetch_redactor(fetch), error));
    RLM_TRY(rlm_buffer_append(&fetch->request.headers, settings->headers.bytes, settings->headers.length));
    RLM_TRY(make_conditional(fetch, error));
    return transfer(transport, fetch, error);
}

const rlm_transport rlm_network_transport = {.send = send_over_network, .follow = transfer};
