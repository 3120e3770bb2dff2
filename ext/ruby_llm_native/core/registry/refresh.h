/*
 * The only orchestration: plan -> transfers -> rows -> sheets -> merge -> catalog and outcomes.
 *
 * A refresh is opened with rlm_refresh_open, driven by rlm_refresh_step or rlm_refresh_run until all sources have
 * ended, completed by rlm_refresh_finish, and freed. The catalog `before`, the sources and their transports must
 * outlive every call but rlm_refresh_free, which reads none of them: Ruby's garbage collector may have freed them
 * before. rlm_refresh_open copies everything else, and rlm_refresh_free zeroes the secrets. One thread at a time may be
 * inside a refresh; only rlm_refresh_wake may be called from any other thread, at any time before rlm_refresh_free.
 */
#ifndef RLM_REFRESH_H
#define RLM_REFRESH_H

#include "fetch/plan.h"
#include "registry/merge.h"

typedef struct rlm_refresh rlm_refresh;

/*
 * RLM_OK and `*refresh`, which the caller frees; RLM_OUT_OF_MEMORY, RLM_BAD_SETTING for a setting of the whole plan. An
 * unusable setting of one source fails that source alone. Starts nothing yet, touches no network.
 */
RLM_NODISCARD rlm_status
rlm_refresh_open(const rlm_plan *plan, rlm_refresh **refresh, rlm_error *error);

/*
 * Continue until a source has ended, with those that follow within 100 ms, rlm_refresh_wake was called, or about two
 * seconds have passed. `*running` is the number of sources still in progress. Failures of sources are in their
 * outcomes; the call itself fails only with RLM_OUT_OF_MEMORY, or with RLM_NETWORK if libcurl itself fails. Meant to
 * run without the GVL; each return may cost Ruby a long wait for it.
 */
RLM_NODISCARD rlm_status
rlm_refresh_step(rlm_refresh *refresh, size_t *running, rlm_error *error);

/* The same, but the end of a source makes it return only if all have ended. */
RLM_NODISCARD rlm_status
rlm_refresh_run(rlm_refresh *refresh, size_t *running, rlm_error *error);

/* Make a step or run in another thread return soon. May be called at any time during it; never blocks. */
void
rlm_refresh_wake(rlm_refresh *refresh);

/* The outcome of the request at that position, valid until rlm_refresh_free. */
const rlm_outcome *
rlm_refresh_outcome(const rlm_refresh *refresh, size_t position);

/*
 * The bytes of that request's sheet, after rlm_refresh_finish; empty if it has none. Valid until rlm_refresh_free.
 * `*kept` tells whether it is the sheet that the request came with.
 */
rlm_slice
rlm_refresh_sheet(const rlm_refresh *refresh, size_t position, bool *kept);

/*
 * After all sources have ended: merge their sheets with the held ones into `bytes` (the caller's buffer), open the
 * result as `*catalog`, and compare it with `before`. Meant to run without the GVL.
 *
 * If no source says anything new, the catalog `before` is already what the merge would give: `bytes` stays empty,
 * `catalog->bytes` is NULL, and no sheet is opened except those that their sources renewed. Pass no `before` when it
 * was not merged from these sheets; a merge is then always done.
 */
RLM_NODISCARD rlm_status
rlm_refresh_finish(rlm_refresh *refresh, rlm_buffer *bytes, rlm_block *catalog, rlm_error *error);

/*
 * Cancel what is in progress and free everything. Quick, but closes sockets: meant to run without the GVL. NULL is
 * fine.
 */
void
rlm_refresh_free(rlm_refresh *refresh);

/*
 * curl_global_init and a check of the library's version at run time. Call it once, before any other thread uses
 * libcurl. RLM_NETWORK.
 */
RLM_NODISCARD rlm_status
rlm_refresh_load(rlm_error *error);

/* "libcurl/7.88.1 OpenSSL/3.0.19 …", and whether libcurl says its global state is thread-safe. Static text. */
const char *
rlm_refresh_library(bool *thread_safe);

#endif
