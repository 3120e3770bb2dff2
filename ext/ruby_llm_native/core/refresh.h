/*
 * The one orchestration: plan -> exchanges -> rows -> sheets -> merge -> catalog and outcomes.
 *
 * A refresh is asked for with rlm_refresh_open, driven by rlm_refresh_step until it says that all sources have ended, completed by
 * rlm_refresh_finish, and freed. Of what it was given only the catalog `before` is needed after open returns: it copies all else, and zeroes the
 * secrets when freed.
 * One thread at a time may be inside it; rlm_refresh_wake alone may be called from any other at any time before rlm_refresh_free.
 */
#ifndef RLM_REFRESH_H
#define RLM_REFRESH_H

#include "diff.h"
#include "merge.h"

typedef struct {
    const char *name, *value;
} rlm_pair;

/* One answer of a listing that is told, not asked for: a page of it, for tests. */
typedef struct {
    size_t listing;  /* its position among the source's */
    int http_status; /* 0: no answer comes, and `body` says why */
    rlm_slice body;
} rlm_reply;

/* One source to ask. */
typedef struct {
    const rlm_source *source;
    const char *base_url;     /* NULL: the source's own */
    const char *proxy;        /* NULL or "": none; libcurl's own look into the environment is off, it would race with Ruby's ENV */
    const rlm_pair *settings; /* ended by a NULL name */
    rlm_slice sheet;          /* its last sheet's bytes, or empty */
    const rlm_reply *replies; /* NULL: it is asked over the network. Else nothing is sent: its listings answer these, each in their order */
    size_t reply_count;
    bool records; /* the replies are registry files (sources/file.c), whatever the source's own format; there is one listing */
} rlm_question;

typedef struct {
    const rlm_question *questions;
    size_t question_count;
    const rlm_slice *held; /* sheets of sources that are not asked */
    size_t held_count;
    const rlm_block *before; /* the catalog so far, the merge of all these sheets, or NULL; needed until rlm_refresh_finish has returned */
    const char *ca_file, *ca_path; /* NULL: libcurl's own */
    const char *user_agent;
    long timeout_ms;         /* for all of it */
    long request_timeout_ms; /* for one attempt */
    long connect_timeout_ms;
    int retries;
    int64_t now; /* seconds since 1970 */
} rlm_plan;

typedef enum { RLM_OUTCOME_RUNNING, RLM_OUTCOME_REFRESHED, RLM_OUTCOME_UNCHANGED, RLM_OUTCOME_EMPTY, RLM_OUTCOME_FAILED } rlm_outcome_status;

/* What one source did. */
typedef struct {
    const rlm_source *source;
    rlm_outcome_status status;
    rlm_error error;    /* of a failed one; its message never holds a secret */
    int http_status;    /* of the last answer; of a failed one, of the listing that failed it; 0: none came */
    int attempts;       /* requests sent, pages and retries included */
    size_t rows;        /* models read */
    rlm_row_tallies tallies; /* rows that were not taken in, or not whole */
    rlm_error remark;    /* how an optional listing failed, which failed nothing else: what is missing for it stays as it was */
    size_t kept;        /* models of the old sheet that stay because it, or an optional listing, failed or was empty */
    size_t forgotten;   /* models that it listed once and that are not kept any more: too many others went after them */
    uint64_t bytes;     /* received, as they came over the network */
    double seconds;     /* from the first request to the end */
    uint64_t lost;       /* what most of its models no longer state, and its old sheet did: see rlm_diff_lost */
    rlm_difference difference; /* after rlm_refresh_finish: a provider's models in the catalogs, a catalogue's in its sheets */
} rlm_outcome;

typedef struct rlm_refresh rlm_refresh;

/*
 * RLM_OK and `*refresh`, to be freed by the caller; RLM_OUT_OF_MEMORY, RLM_BAD_SETTING for a setting of the whole plan. A source's own setting that
 * cannot be used fails that source alone. Starts nothing yet, touches no network.
 */
rlm_status
rlm_refresh_open(const rlm_plan *plan, rlm_refresh **refresh, rlm_error *error);

/*
 * Go on until a source, and those that follow it at once, have ended, rlm_refresh_wake was called, or some 250 ms have passed. `*running` is
 * the number of sources still under way. Failures of sources are their outcomes'; this fails only with RLM_OUT_OF_MEMORY or RLM_NETWORK, when
 * libcurl itself does. Meant to run without the GVL.
 */
rlm_status
rlm_refresh_step(rlm_refresh *refresh, size_t *running, rlm_error *error);

/* Make a step in another thread return soon. Async-safe with respect to the step; never blocks. */
void
rlm_refresh_wake(rlm_refresh *refresh);

/* The outcome of the question at that position, valid until rlm_refresh_free. */
const rlm_outcome *
rlm_refresh_outcome(const rlm_refresh *refresh, size_t position);

/*
 * The sheet's bytes of that question, after rlm_refresh_finish: empty when it has none. Valid until rlm_refresh_free. `*kept` tells whether it is the
 * one that it was asked with.
 */
rlm_slice
rlm_refresh_sheet(const rlm_refresh *refresh, size_t position, bool *kept);

/*
 * All sources have ended: merge their sheets with the held ones into `catalog` (the caller's buffer), and compare. Meant to run without the GVL.
 *
 * When no source says anything new, the catalog `before` is what the merge would give: `*unchanged` is then true, `catalog` stays empty, and no
 * sheet is opened that its own source did not renew. Whoever needs a merge all the same, because `before` is not of these sheets, gives none.
 */
rlm_status
rlm_refresh_finish(rlm_refresh *refresh, rlm_buffer *catalog, bool *unchanged, rlm_error *error);

/* Cancel what is under way and free everything. Quick, but closes sockets: meant to run without the GVL. NULL is fine. */
void
rlm_refresh_free(rlm_refresh *refresh);

/* curl_global_init and a check of the library's version at run time, once, before any other thread is in libcurl. RLM_NETWORK. */
rlm_status
rlm_refresh_load(rlm_error *error);

/* "libcurl/7.88.1 OpenSSL/3.0.19 …", and whether libcurl says its global state is thread-safe. Static text. */
const char *
rlm_refresh_library(bool *thread_safe);

#endif
