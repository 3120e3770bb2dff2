/*
 * What a refresh is asked for, and what became of each source.
 *
 * Plain data: the maker of a plan owns everything that it points to, until rlm_refresh_open has returned, or longer
 * where it says so.
 */
#ifndef RLM_PLAN_H
#define RLM_PLAN_H

#include "block/diff.h"
#include "fetch/transport.h"
#include "sources/rows.h"

typedef struct {
    const char *name, *value;
} rlm_pair;

/* One endpoint or metadata source to ask. */
typedef struct {
    const char *name;         /* of its sheet, its outcome, its origins; NULL: the source's slug */
    const char *provider;     /* whose models an endpoint lists; NULL: the provider of that slug */
    const rlm_source *source; /* its API; this and the transport: until rlm_refresh_free, which reads neither */
    const char *base_url;     /* NULL: the source's own */
    const char
        *proxy; /* NULL or "": none; libcurl does not read the environment itself, which would race with Ruby's ENV */
    const rlm_pair *settings;                    /* of the API; ended by a NULL name */
    const rlm_pair *headers;                     /* sent beside the API's own; ended by a NULL name; NULL: none */
    const char *ca_file;                         /* NULL: the plan's */
    long request_timeout_ms, connect_timeout_ms; /* 0: the plan's */
    bool local;                                  /* as RLM_SOURCE_LOCAL, which it replaces */
    rlm_slice sheet;                             /* its last sheet's bytes, or empty */
    const rlm_transport *transport;              /* NULL: the network */
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
    long connections;     /* at once; 0: as many as there are requests */
    rlm_slice documented; /* see rlm_merge */
    int64_t now;          /* seconds since 1970 */
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
    const char *name; /* of the endpoint or metadata source; until rlm_refresh_free */
    rlm_outcome_status status;
    rlm_error error;         /* of a failed one; its message never holds a secret */
    int http_status;         /* of the last answer; of a failed source, of the listing that failed it; 0: none came */
    int attempts;            /* requests sent, pages and retries included */
    size_t rows;             /* models read */
    rlm_row_tallies tallies; /* rows that were not read, or not whole */
    rlm_error remark;        /* how an optional listing failed: its models stay as they were */
    size_t kept;      /* models of the old sheet that stay because it, or an optional listing, failed or was empty */
    size_t forgotten; /* models that the answer lacks and that the caps of the sheet leave no room for */
    uint64_t bytes;   /* received, as they came over the network */
    double seconds;   /* from the first request to the end */
    uint64_t lost;    /* what most of its models no longer state, although its old sheet did: see rlm_diff_lost */
    rlm_difference difference; /* of the catalogs; of a metadata source's sheets; after rlm_refresh_finish */
} rlm_outcome;

#endif
