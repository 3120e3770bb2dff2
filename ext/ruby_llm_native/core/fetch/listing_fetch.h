/*
 * One listing being read: its request, pages, redirects and retries, until it is whole or has failed.
 *
 * Driven by source_fetch.c alone, which asks all listings of a source at once and makes one answer of them. One thread
 * at a time.
 */
#ifndef RLM_LISTING_FETCH_H
#define RLM_LISTING_FETCH_H

#include "base/checksum.h"
#include "block/sheet.h"
#include "fetch/http.h"
#include "fetch/settings.h"
#include "fetch/transport.h"
#include "json/json.h"

/* Memory for what is held of the answers of a refresh: bodies, rows and their texts. */
typedef struct {
    size_t held, cap;
} rlm_answer_memory;

/* What all source fetches of a refresh share. It outlives them. */
typedef struct {
    rlm_http *http;
    const char *ca_file, *ca_path, *user_agent;
    long request_timeout_ms, connect_timeout_ms;
    int retries;
    long timeout_ms;        /* for all of it, from its start to `deadline` */
    int64_t deadline;       /* on rlm_http_clock */
    rlm_redactor *redactor; /* knows the credentials of all of them */
    rlm_answer_memory *memory;
} rlm_fetch_context;

/* Time is up: the error of a source that has not answered whole, RLM_TIMED_OUT. */
void
rlm_fetch_timed_out(const rlm_fetch_context *shared, rlm_error *error);

typedef enum { RLM_LISTING_FETCH_WAITING, RLM_LISTING_FETCH_SENT, RLM_LISTING_FETCH_ENDED } rlm_listing_fetch_state;

/* What all listing fetches of a source share. It outlives them. */
typedef struct {
    const rlm_fetch_context *shared;
    rlm_settings *settings;
    const rlm_stamp *last; /* of the previous sheet, whose ETag stands for this one listing; NULL: there is none */
    rlm_slice answers;     /* of the stamp of the previous sheet, for repeat.c */
    rlm_arena *arena;      /* for the rows of all of them */
    const rlm_transport *transport;
    bool failed; /* the source has failed, whatever else comes: nothing more is asked */
    void *context;
    /* Called when one has taken more of its answer. RLM_TOO_LARGE: the refresh has no memory for that. */
    rlm_status (*grown)(void *context, rlm_error *error);
    void (*ended)(void *context, rlm_listing_fetch *fetch); /* called once for each; it may not free it */
} rlm_source_context;

struct rlm_listing_fetch {
    const rlm_source_context *common;
    const rlm_listing *listing;
    rlm_listing_fetch_state state;
    int64_t due; /* when a waiting one is to be sent */

    /* What became of it, once it has ended. */
    rlm_error error; /* not RLM_OK: it failed; the message holds no secret */
    bool unchanged;  /* 304 */
    int http_status; /* of the last answer; 0: none came */
    int attempts;
    uint64_t bytes;

    /* The listing so far. */
    rlm_rows rows;
    rlm_buffer first_url; /* as asked, before any redirect; cleaned, so that it may be stamped */
    rlm_buffer etag;      /* of the first page */
    rlm_buffer page;      /* the token of the page being asked; empty: the first */
    rlm_buffer seen;      /* a hash of each token so far */
    int pages;            /* read whole */

    /* This page: what it costs to drop it, and how often it was tried. */
    size_t rows_before;
    rlm_row_tallies tallies_before;
    int tries, timeouts, redirects;
    bool conditional; /* If-None-Match was sent */

    /* This request. */
    rlm_request request;
    rlm_json *json;
    rlm_buffer error_body;
    rlm_error refusal; /* why the body callback stopped the transfer */
    bool seen_text;    /* the body's first byte that is not a space */

    /* Whether its answer is the last one again: repeat.c. */
    rlm_checksum sum; /* of the answer so far */
    bool summed;
    bool holds;      /* it may be the last one: the body waits in `held`, */
    rlm_buffer held; /* unread */
    bool repeats;    /* it was, and still waits there */
};

/* Ready to be asked, at once. Allocates nothing. */
void
rlm_listing_fetch_init(rlm_listing_fetch *fetch, const rlm_source_context *common, const rlm_listing *listing);

/* Whether it waits no longer than until `now`. */
static inline bool
rlm_listing_fetch_is_due(const rlm_listing_fetch *fetch, int64_t now)
{
    return fetch->state == RLM_LISTING_FETCH_WAITING && fetch->due <= now;
}

/* Ask for the page of one that is due. Ends the fetch if the page cannot be asked for. */
void
rlm_listing_fetch_send(rlm_listing_fetch *fetch);

/* End it as failed. A transfer in progress must have been cancelled. */
void
rlm_listing_fetch_fail(rlm_listing_fetch *fetch, const rlm_error *error);

/* Whether an ended one failed because the server has no such listing. */
bool
rlm_listing_fetch_is_missing(const rlm_listing_fetch *fetch);

/* Everything but the rows' texts, which are in common->arena. */
void
rlm_listing_fetch_free(rlm_listing_fetch *fetch);

#endif
