/*
 * One listing being fetched: waiting (for its turn, or to try again), transferring, ended.
 *
 * rlm_listing_fetch_send asks through the source's transport; listing_answer.c decides what became of it.
 */
#include "fetch/listing_answer.h"

#include "base/caps.h"
#include "fetch/repeat.h"
#include "sources/page.h"

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
    fetch->rows.provider = rlm_settings_provider(common->settings);
    fetch->rows.redactor = rlm_listing_fetch_redactor(fetch);
    rlm_buffer_init(&fetch->first_url, RLM_CAP_URL);
    rlm_buffer_init(&fetch->etag, RLM_CAP_URL);
    rlm_buffer_init(&fetch->page, RLM_CAP_URL);
    rlm_buffer_init(&fetch->seen, RLM_CAP_PAGES * sizeof(uint64_t));
    rlm_buffer_init(&fetch->error_body, RLM_CAP_ERROR_BODY);
    rlm_buffer_init(&fetch->held, RLM_CAP_HELD);
}

void
rlm_listing_fetch_free(rlm_listing_fetch *fetch)
{
    rlm_buffer_free(&fetch->first_url);
    rlm_buffer_free(&fetch->etag);
    rlm_buffer_free(&fetch->page);
    rlm_buffer_free(&fetch->seen);
    rlm_buffer_free(&fetch->error_body);
    rlm_buffer_free(&fetch->held);
    rlm_request_free(&fetch->request);
    rlm_json_free(fetch->json);
    rlm_rows_free(&fetch->rows);
}

/* ---- Ending ---- */

void
rlm_fetch_timed_out(const rlm_fetch_context *shared, rlm_error *error)
{
    bool whole = shared->timeout_ms % 1000 == 0;

    rlm_error_set(error, RLM_TIMED_OUT, "timed out after %ld %s",
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
    rlm_buffer_free(&fetch->held);
    rlm_listing_fetch_end(fetch);
}

/* ---- Asking ---- */

rlm_status
rlm_listing_fetch_expect(rlm_listing_fetch *fetch)
{
    rlm_error_clear(&fetch->refusal);
    rlm_buffer_clear(&fetch->error_body);
    rlm_repeat_begin(fetch);
    fetch->seen_text = false;
    rlm_json_free(fetch->json);
    fetch->json = NULL;
    return rlm_page_open(&fetch->rows, &fetch->json);
}

void
rlm_listing_fetch_send(rlm_listing_fetch *fetch)
{
    const rlm_transport *transport = fetch->common->transport;
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    status = transport->send(transport, fetch, &error);
    if (status == RLM_OK) return;
    error.status = status;
    rlm_listing_fetch_fail(fetch, &error);
}
