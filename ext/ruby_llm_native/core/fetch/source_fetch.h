/*
 * One source being asked: from the plan's request to an outcome and a sheet. Its listings are fetched at once.
 *
 * Driven by refresh.c alone, which owns the set of transfers, the clock and the deadline. One thread at a time.
 */
#ifndef RLM_SOURCE_FETCH_H
#define RLM_SOURCE_FETCH_H

#include "fetch/listing_fetch.h"

/*
 * A request being carried out: in progress while its outcome is RLM_OUTCOME_RUNNING. It owns everything in it until
 * rlm_source_fetch_free.
 */
typedef struct {
    rlm_outcome outcome;
    int64_t started; /* when the first request was sent; -1: not yet */
    rlm_settings settings;
    rlm_source_context common;

    rlm_listing_fetch *listing_fetches;
    size_t count, running; /* of them: all, and those that have not ended */

    rlm_arena arena;                          /* of the rows of all of them */
    rlm_rows rows;                            /* of all of them, once they have ended */
    size_t held;                              /* memory for the answers, as the refresh counts it */
    bool over;                                /* that was too much: nothing more is read, and nothing counts */
    bool repeats;                             /* the answer was the last one again: no rows, the sheet stays */
    rlm_buffer old_sheet, new_sheet, answers; /* the last: of its stamp */
    rlm_block previous, current;              /* over them; no bytes: there is none */
    bool opened;                              /* the previous one; until it is needed, only peeked */
} rlm_source_fetch;

/*
 * Copy the request; the caller frees, also after a failure. It must not move afterwards. RLM_OUT_OF_MEMORY. An unusable
 * setting fails the source alone: its outcome says so at once. A damaged sheet counts as none. Of an intact one only
 * the head is read: an unchanged answer needs no more.
 */
RLM_NODISCARD rlm_status
rlm_source_fetch_open(rlm_source_fetch *fetch, const rlm_source_request *request, const rlm_fetch_context *shared,
                      rlm_error *error);

/* Send the requests that are due. Returns when the next one is due, or INT64_MAX. */
int64_t
rlm_source_fetch_send(rlm_source_fetch *fetch, int64_t now);

/* End everything that has not ended as failed. Transfers in progress must have been cancelled. */
void
rlm_source_fetch_fail(rlm_source_fetch *fetch, const rlm_error *error);

/* Write the new sheet of a refreshed source. RLM_OUT_OF_MEMORY; any other error makes it a failed one. */
RLM_NODISCARD rlm_status
rlm_source_fetch_finish(rlm_source_fetch *fetch, int64_t now, rlm_error *error);

/* The new sheet cannot be used, for that reason: the source has failed, and its old sheet holds. */
void
rlm_source_fetch_revoke(rlm_source_fetch *fetch, const rlm_error *error);

/* The sheet that holds now: the new one, else the old one, which may be only peeked, else NULL. */
const rlm_block *
rlm_source_fetch_sheet(const rlm_source_fetch *fetch);

/*
 * The same, opened, after rlm_source_fetch_finish. An old sheet that is not damaged and still cannot be opened is
 * dropped: a source that did not answer with a new one has then failed.
 */
const rlm_block *
rlm_source_fetch_open_sheet(rlm_source_fetch *fetch);

void
rlm_source_fetch_free(rlm_source_fetch *fetch);

#endif
