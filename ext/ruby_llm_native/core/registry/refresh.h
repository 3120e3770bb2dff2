/*
 * The one orchestration: plan -> transfers -> rows -> sheets -> merge -> catalog and outcomes.
 *
 * A refresh is asked for with rlm_refresh_open, driven by rlm_refresh_step until it says that all sources have ended,
 * completed by rlm_refresh_finish, and freed. Of what it was given only the catalog `before` is needed after open
 * returns: it copies all else, and zeroes the secrets when freed. One thread at a time may be inside it;
 * rlm_refresh_wake alone may be called from any other at any time before rlm_refresh_free.
 */
#ifndef RLM_REFRESH_H
#define RLM_REFRESH_H

#include "fetch/plan.h"
#include "registry/merge.h"

typedef struct rlm_refresh rlm_refresh;

/*
 * RLM_OK and `*refresh`, to be freed by the caller; RLM_OUT_OF_MEMORY, RLM_BAD_SETTING for a setting of the whole plan.
 * A source's own setting that cannot be used fails that source alone. Starts nothing yet, touches no network.
 */
rlm_status
rlm_refresh_open(const rlm_plan *plan, rlm_refresh **refresh, rlm_error *error);

/*
 * Go on until a source, and those that follow it at once, have ended, rlm_refresh_wake was called, or some 250 ms have
 * passed. `*running` is the number of sources still under way. Failures of sources are their outcomes'; this fails only
 * with RLM_OUT_OF_MEMORY or RLM_NETWORK, when libcurl itself does. Meant to run without the GVL.
 */
rlm_status
rlm_refresh_step(rlm_refresh *refresh, size_t *running, rlm_error *error);

/* Make a step in another thread return soon. Async-safe with respect to the step; never blocks. */
void
rlm_refresh_wake(rlm_refresh *refresh);

/* The outcome of the request at that position, valid until rlm_refresh_free. */
const rlm_outcome *
rlm_refresh_outcome(const rlm_refresh *refresh, size_t position);

/*
 * The sheet's bytes of that request, after rlm_refresh_finish: empty when it has none. Valid until rlm_refresh_free.
 * `*kept` tells whether it is the one that it was asked with.
 */
rlm_slice
rlm_refresh_sheet(const rlm_refresh *refresh, size_t position, bool *kept);

/*
 * All sources have ended: merge their sheets with the held ones into `catalog` (the caller's buffer), and compare.
 * Meant to run without the GVL.
 *
 * When no source says anything new, the catalog `before` is what the merge would give: `*unchanged` is then true,
 * `catalog` stays empty, and no sheet is opened that its own source did not renew. Whoever needs a merge all the same,
 * because `before` is not of these sheets, gives none.
 */
rlm_status
rlm_refresh_finish(rlm_refresh *refresh, rlm_buffer *catalog, bool *unchanged, rlm_error *error);

/*
 * Cancel what is under way and free everything. Quick, but closes sockets: meant to run without the GVL. NULL is
 * fine.
 */
void
rlm_refresh_free(rlm_refresh *refresh);

/*
 * curl_global_init and a check of the library's version at run time, once, before any other thread is in libcurl.
 * RLM_NETWORK.
 */
rlm_status
rlm_refresh_load(rlm_error *error);

/* "libcurl/7.88.1 OpenSSL/3.0.19 …", and whether libcurl says its global state is thread-safe. Static text. */
const char *
rlm_refresh_library(bool *thread_safe);

#endif
