/*
 * What the spelling of an id tells, where providers agree on it: dates, and the versions that may follow them. What
 * only one provider puts into its ids is in rlm_source_ids (source.h).
 */
#ifndef RLM_ID_H
#define RLM_ID_H

#include "base/text.h"

/*
 * An id that ends in a date: X-YYYY-MM-DD, X-YYYYMMDD, Vertex AI's X@YYYYMMDD, each possibly followed by Bedrock's
 * version.
 */
typedef struct {
    rlm_slice base; /* the X */
    int date;       /* 20250630 */
    size_t length;  /* of the id with its date and without its version */
    bool plain;     /* a hyphen before the date, and nothing after it */
} rlm_dated;

/*
 * False for any other id. Four digits are never a date, because they are a version as often as a month; nor is a date
 * that the calendar does not have.
 */
bool
rlm_id_dated(rlm_slice id, rlm_dated *dated);

/* The id without Bedrock's version: "-v1", "-v1:0" or "-1:0"; and that version, 1000 for 1:0, 0 if there is none. */
rlm_slice
rlm_id_unversioned(rlm_slice id, int *version);

/*
 * Whether both ids name the same offer of a model: what follows the first colon is equal. OpenRouter sells "x",
 * "x:free" and "x:exacto" with limits and prices of their own, Bedrock "x-v1:0" and "x-v1:0:200k".
 */
bool
rlm_id_same_offer(rlm_slice left, rlm_slice right);

/* Whether the id says that it moves from one model to the next: "x-latest". */
bool
rlm_id_moves(rlm_slice id);

/*
 * The X of an id that ends in "-" and four to eight digits: a date, or a version that looks like one. Empty for any
 * other id.
 */
rlm_slice
rlm_id_without_digits(rlm_slice id);

#endif
