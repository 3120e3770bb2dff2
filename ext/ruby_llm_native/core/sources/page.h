/*
 * One answer of a listing, a page of it: where its rows are, whether they are whole, and which page follows.
 *
 * Servers report errors with status 200, and leave lists out. Only a list that is present and empty tells that there
 * are no models.
 */
#ifndef RLM_PAGE_H
#define RLM_PAGE_H

#include "sources/rows.h"
#include "json/json.h"

/* A reader for the next answer of rows->listing, which passes its rows to `rows`. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_page_open(rlm_rows *rows, rlm_json **json);

/* What an answer said beside its rows. The reader owns both texts. */
typedef struct {
    rlm_slice token; /* of the page that follows; empty: this is the last one */
    rlm_slice said;  /* the server's error message: not cleaned, and no part of our error's message */
} rlm_page;

/*
 * The answer has ended: is it whole? `first`: no page came before it. RLM_BAD_SHAPE if it has no list of rows or
 * reports an error; RLM_BAD_ANSWER if it says that there is more, but not where; the statuses of reading JSON and rows.
 */
RLM_NODISCARD rlm_status
rlm_page_close(rlm_json *json, rlm_rows *rows, bool first, rlm_page *page, rlm_error *error);

#endif
