/*
 * What an id tells by the way it is spelled, where providers agree on it: dates, and what Bedrock puts before and
 * after.
 */
#ifndef RLM_ID_H
#define RLM_ID_H

#include "base/text.h"

/*
 * An id that ends in a date: X-YYYY-MM-DD, X-YYYYMMDD, Vertex AI's X@YYYYMMDD, each maybe with Bedrock's version
 * after it.
 */
typedef struct {
    rlm_slice base; /* the X */
    int date;       /* 20250630 */
    size_t length;  /* of the id with its date and without its version */
    bool plain;     /* a hyphen before the date, and nothing after it */
} rlm_dated;

/*
 * False for any other id. Never by four digits: those are as often a version as a month; and by no date that the
 * calendar does not have.
 */
bool
rlm_id_dated(rlm_slice id, rlm_dated *dated);

/*
 * The id without Bedrock's version: "-v1", "-v1:0" or "-1:0"; and that version, 1000 for 1:0, 0 where there is none.
 */
rlm_slice
rlm_id_unversioned(rlm_slice id, int *version);

/*
 * Whether both ids name the same offer of a model: what follows the first colon is equal. OpenRouter sells "x",
 * "x:free" and "x:exacto" under limits and prices of their own, Bedrock "x-v1:0" and "x-v1:0:200k".
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

/* The id without Bedrock's geography: "us.anthropic.claude" is "anthropic.claude". */
rlm_slice
rlm_id_without_geography(rlm_slice id);

#endif
