/*
 * What one source last stated when it answered whole: its rows, those it used to list with the time they went, and
 * where it was asked.
 */
#ifndef RLM_SHEET_H
#define RLM_SHEET_H

#include "block/block.h"
#include "sources/rows.h"

/*
 * Make the sheet of these rows: rows of one id united, and what `previous` (NULL: none) listed and they do not, as
 * unlisted since `now`, or since it went; a partial answer leaves it as it was. Of those that are unlisted
 * RLM_CAP_UNLISTED at most are kept, and no more than are listed if these are more than RLM_CAP_UNLISTED_LEAST; the
 * ones that went longest ago are forgotten. A documented model that goes is gone. Of a model that is both listed
 * and documented the listing alone is kept. Writes a block to `out`. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_sheet_write(rlm_rows *rows, const rlm_block *previous, const rlm_stamp *stamp, int64_t now, rlm_buffer *out,
                rlm_error *error);

/*
 * The sheet of a document in hand, read as if it had come from the source's first listing, no setting being set: for
 * registry files and for tests.
 * `*rejected` is the number of rows that are not in it. RLM_UNKNOWN_SOURCE or whatever reading gives.
 */
rlm_status
rlm_sheet_read(rlm_slice slug, rlm_slice json, int64_t now, rlm_buffer *out, size_t *rejected, rlm_error *error);

#endif
