/* What an id tells by the way it is spelled, where providers agree on it: dates, and what Bedrock puts before and after. */
#ifndef RLM_ID_H
#define RLM_ID_H

#include "text.h"

/* An id that ends in a date: X-YYYY-MM-DD, X-YYYYMMDD, Vertex AI's X@YYYYMMDD, each maybe with Bedrock's version after it. */
typedef struct {
    rlm_slice base; /* the X */
    int date;       /* 20250630 */
    size_t length;  /* of the id with its date and without its version */
    bool plain;     /* a hyphen before the date, and nothing after it */
} rlm_dated;

/* False for any other id. Never by four digits: those are as often a version as a month; and by no date that the calendar does not have. */
bool
rlm_id_dated(rlm_slice id, rlm_dated *dated);

/* The id without Bedrock's version: "-v1", "-v1:0" or "-1:0"; and that version, 1000 for 1:0, 0 where there is none. */
rlm_slice
rlm_id_unversioned(rlm_slice id, int *version);

/* The id without Bedrock's geography: "us.anthropic.claude" is "anthropic.claude". */
rlm_slice
rlm_id_without_geography(rlm_slice id);

#endif
