/*
 * One source being asked: its requests, pages, redirects and retries, from the plan's question to an outcome and a sheet.
 *
 * Driven by refresh.c alone, which owns the set of exchanges, the clock and the deadline. One thread at a time.
 */
#ifndef RLM_QUESTION_H
#define RLM_QUESTION_H

#include "http.h"
#include "json.h"
#include "refresh.h"

/* What all questions of a refresh share. It outlives them. */
typedef struct {
    rlm_http *http;
    const char *ca_file, *ca_path, *user_agent;
    long request_timeout_ms, connect_timeout_ms;
    int retries;
    int64_t deadline; /* on rlm_http_clock */
} rlm_terms;

typedef enum { RLM_ASKING_WAITING, RLM_ASKING_EXCHANGING, RLM_ASKING_ENDED } rlm_asking_state;

/* A question on its way. Everything in it is its own until rlm_question_free, which zeroes what is secret. */
typedef struct {
    rlm_outcome outcome;
    rlm_asking_state state;
    int64_t due;     /* when a waiting one is to be sent */
    int64_t started; /* when the first request was; -1: not yet */
    const rlm_terms *terms;

    rlm_buffer values[RLM_SOURCE_SETTINGS]; /* of source->settings, NUL-terminated; empty: not set */
    rlm_buffer base_url, proxy;             /* NUL-terminated; empty: none */
    rlm_buffer old_sheet, new_sheet;
    rlm_block previous, current; /* opened over them; no bytes: there is none */

    /* The listing so far. */
    rlm_rows rows;
    rlm_buffer first_url; /* as asked, before any redirect */
    rlm_buffer etag;      /* of the first page */
    rlm_buffer page;      /* the token of the page being asked; empty: the first */
    int pages;            /* read whole */

    /* This page: what it costs to drop a part of it, and how often it was tried. */
    size_t rows_before, rejected_before;
    int tries, timeouts, redirects;
    bool conditional; /* If-None-Match was sent */

    /* This request. */
    rlm_request request;
    rlm_json *json;
    rlm_buffer error_body;
    rlm_error refusal; /* why the body callback stopped the transfer */
    bool seen_text;    /* the body's first byte that is no space */
} rlm_asking;

/* Copy the question; on failure too the caller frees. RLM_OUT_OF_MEMORY, RLM_BAD_SETTING. A sheet that cannot be opened is as none. */
rlm_status
rlm_question_open(rlm_asking *asking, const rlm_question *question, const rlm_terms *terms, rlm_error *error);

/* Send the request of a waiting one. It ends the question when there is nothing to send. */
void
rlm_question_ask(rlm_asking *asking);

/* End it as failed. The message is kept without secrets. An exchange under way must have been cancelled. */
void
rlm_question_fail(rlm_asking *asking, const rlm_error *error);

/* Write the new sheet of a refreshed one. RLM_OUT_OF_MEMORY; whatever else goes wrong makes it a failed one. */
rlm_status
rlm_question_close(rlm_asking *asking, int64_t now, rlm_error *error);

/* The sheet that holds now: the new one, else the old one, else NULL. */
const rlm_block *
rlm_question_sheet(const rlm_asking *asking);

void
rlm_question_free(rlm_asking *asking);

#endif
