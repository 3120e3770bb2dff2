/*
 * One listing being read: its request, pages, redirects and retries, until it is here whole, or failed.
 *
 * Driven by question.c alone, which asks all listings of a source at once and makes one answer of them. One thread at a time.
 */
#ifndef RLM_READING_H
#define RLM_READING_H

#include "http.h"
#include "json.h"
#include "settings.h"
#include "sheet.h"

/* What all questions of a refresh share. It outlives them. */
typedef struct {
    rlm_http *http;
    const char *ca_file, *ca_path, *user_agent;
    long request_timeout_ms, connect_timeout_ms;
    int retries;
    long timeout_ms;  /* for all of it, from its start to `deadline` */
    int64_t deadline; /* on rlm_http_clock */
    rlm_redactor *redactor; /* knows the credentials of all of them */
} rlm_terms;

/* Time is up: the error of whoever has not answered whole. RLM_TIMED_OUT. */
rlm_status
rlm_terms_overdue(const rlm_terms *terms, rlm_error *error);

typedef enum { RLM_READING_WAITING, RLM_READING_EXCHANGING, RLM_READING_ENDED } rlm_reading_state;

typedef struct rlm_reading rlm_reading;

/* What all readings of a question share. It outlives them. */
typedef struct {
    const rlm_terms *terms;
    rlm_settings *settings;
    const rlm_stamp *last; /* of the sheet so far, whose ETag stands for this one listing; NULL: there is none */
    rlm_arena *arena;      /* for the rows of all of them */
    const rlm_listing *listings; /* all of them, by position */
    const rlm_reply *replies;    /* what they answer from memory; NULL: they are asked over the network */
    size_t reply_count;
    bool failed;           /* the source has, whatever comes: nothing more is asked */
    void *context;
    void (*ended)(void *context, rlm_reading *reading); /* told once of each; it may not free it */
} rlm_inquiry;

struct rlm_reading {
    const rlm_inquiry *inquiry;
    const rlm_listing *listing;
    rlm_reading_state state;
    int64_t due; /* when a waiting one is to be sent */

    /* What came of it, when it has ended. */
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

    /* This page: what it costs to drop a part of it, and how often it was tried. */
    size_t rows_before;
    rlm_row_tallies tallies_before;
    int tries, timeouts, redirects;
    size_t replied; /* of the inquiry's replies, those that it has gone past */
    bool conditional; /* If-None-Match was sent */

    /* This request. */
    rlm_request request;
    rlm_json *json;
    rlm_buffer error_body;
    rlm_error refusal; /* why the body callback stopped the transfer */
    bool seen_text;    /* the body's first byte that is no space */
};

/* Ready to be asked, at once. Allocates nothing. */
void
rlm_reading_init(rlm_reading *reading, const rlm_inquiry *inquiry, const rlm_listing *listing);

/* Send the request of a waiting one. It ends the reading when there is nothing to send. */
void
rlm_reading_ask(rlm_reading *reading);

/* End it as failed. An exchange under way must have been cancelled. */
void
rlm_reading_fail(rlm_reading *reading, const rlm_error *error);

/* Whether an ended one failed because the server has no such listing. */
bool
rlm_reading_is_missing(const rlm_reading *reading);

/* All but the rows' texts, which are the inquiry's. */
void
rlm_reading_free(rlm_reading *reading);

#endif
