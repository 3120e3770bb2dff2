/* What one source last stated when it answered whole: its rows, those it used to list with the time they went, and where it was asked. */
#ifndef RLM_SHEET_H
#define RLM_SHEET_H

#include "block.h"
#include "source.h"

/* The rows of one answer while it is being read. The struct is the caller's, what it points to its own until rlm_rows_free. */
typedef struct {
    const rlm_source *source;
    rlm_arena arena;
    rlm_record *records;
    size_t count, capacity;
    size_t rejected;
    rlm_error first_rejection; /* why the first of them was */
} rlm_rows;

void
rlm_rows_init(rlm_rows *rows, const rlm_source *source);

/*
 * Read one row with the source's reader and keep its record. A row that is no model is counted and costs nothing else. RLM_OUT_OF_MEMORY,
 * RLM_TOO_LARGE. Fits rlm_json_rows.row with `rows` as the context.
 */
rlm_status
rlm_rows_add(void *rows, rlm_slice group, rlm_value *row, rlm_error *error);

/* Fits rlm_json_rows.wants: whether the source knows that group. */
bool
rlm_rows_wants(void *rows, rlm_slice group);

/* RLM_BAD_ANSWER, with the first reason, when more rows were rejected than kept. */
rlm_status
rlm_rows_judge(const rlm_rows *rows, rlm_error *error);

void
rlm_rows_free(rlm_rows *rows);

/*
 * Make the sheet of these rows: rows of one id united, and what `previous` (NULL: none) listed and they do not, as unlisted since `now`, or since it
 * went. A catalogue's rows that go are gone. Writes a block to `out`. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_sheet_write(rlm_rows *rows, const rlm_block *previous, const rlm_stamp *stamp, int64_t now, rlm_buffer *out);

/*
 * The sheet of a document in hand, read as if it had come from the source over the network: for registry files and for tests.
 * RLM_UNKNOWN_SOURCE or whatever reading gives.
 */
rlm_status
rlm_sheet_read(rlm_slice slug, rlm_slice json, int64_t now, rlm_buffer *out, size_t *rejected, rlm_error *error);

#endif
