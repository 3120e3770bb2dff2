/*
 * What a refresh is asked for, and what came of each source.
 *
 * Plain data: whoever makes a plan owns all that it points to, until rlm_refresh_open has returned.
 */
#ifndef RLM_PLAN_H
#define RLM_PLAN_H

#include "block/diff.h"
#include "sources/rows.h"

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
    const char *base_url; /* NULL: the source's own */
    const char
        *proxy; /* NULL or "": none; libcurl's own look into the environment is off, it would race with Ruby's ENV */
    const rlm_pair *settings; /* ended by a NULL name */
    rlm_slice sheet;          /* its last sheet's bytes, or empty */
    const rlm_reply *replies; /* NULL: it is asked over the network. Else nothing is sent: its listings answer these,
                                 each in their order */
    size_t reply_count;
    bool records; /* the replies are registry files (sources/file.c), whatever the source's own format; there is one
                     listing */
} rlm_source_request;

typedef struct {
    const rlm_source_request *requests;
    size_t request_count;
    const rlm_slice *held; /* sheets of sources that are not asked */
    size_t held_count;
    const rlm_block *before;       /* the catalog so far, the merge of all these sheets, or NULL; needed until
                                      rlm_refresh_finish has returned */
    const char *ca_file, *ca_path; /* NULL: libcurl's own */
    const char *user_agent;
    long timeout_ms;         /* for all of it */
    long request_timeout_ms; /* for one attempt */
    long connect_timeout_ms;
    int retries;
    int64_t now; /* seconds since 1970 */
} rlm_plan;

typedef enum {
    RLM_OUTCOME_RUNNING,
    RLM_OUTCOME_REFRESHED,
    RLM_OUTCOME_UNCHANGED,
    RLM_OUTCOME_EMPTY,
    RLM_OUTCOME_FAILED
} rlm_outcome_status;

/* What one source did. */
typedef struct {
    const rlm_source *source;
    rlm_outcome_status status;
    rlm_error error;         /* of a failed one; its message never holds a secret */
    int http_status;         /* of the last answer; of a failed one, of the listing that failed it; 0: none came */
    int attempts;            /* requests sent, pages and retries included */
    size_t rows;             /* models read */
    rlm_row_tallies tallies; /* rows that were not taken in, or not whole */
    rlm_error remark;        /* how an optional listing failed: its models stay as they were */
    size_t kept;      /* models of the old sheet that stay because it, or an optional listing, failed or was empty */
    size_t forgotten; /* models that it listed once and that are not kept any more: too many others went after them */
    uint64_t bytes;   /* received, as they came over the network */
    double seconds;   /* from the first request to the end */
    uint64_t lost;    /* what most of its models no longer state, and its old sheet did: see rlm_diff_lost */
    rlm_difference difference; /* of the catalogs; of a metadata source's sheets; after rlm_refresh_finish */
} rlm_outcome;

#endif
