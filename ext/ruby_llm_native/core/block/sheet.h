/*
 * What one source stated in its last whole answer: its rows, the models it used to list with the time they went, and
 * where it was asked.
 */
#ifndef RLM_SHEET_H
#define RLM_SHEET_H

#include "block/block.h"
#include "sources/rows.h"

/*
 * Make the sheet of these rows. Rows of one id are united. What `previous` (NULL: none) listed and these rows do not is
 * unlisted since `now`, or since it went; a partial answer leaves it as it was. At most RLM_CAP_UNLISTED unlisted
 * models are kept, and no more than are listed if that is more than RLM_CAP_UNLISTED_LEAST; the ones that went longest
 * ago are forgotten. A documented model that goes is gone. Of a model that is both listed and documented, only the
 * listing is kept. Writes a block to `out`. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_sheet_write(rlm_rows *rows, const rlm_block *previous, const rlm_stamp *stamp, int64_t now, rlm_buffer *out,
                rlm_error *error);

/* The same sheet with another stamp, to `out`. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_sheet_stamp(const rlm_block *sheet, const rlm_stamp *stamp, rlm_buffer *out);

/*
 * The sheet of a document in hand, read as if it came from the source's first listing with no setting configured: for
 * registry files, price files and tests. `*tallies` are of rows that are not in it, or not whole. RLM_UNKNOWN_SOURCE,
 * or any status of reading.
 */
RLM_NODISCARD rlm_status
rlm_sheet_read_as(rlm_slice name, rlm_slice slug, rlm_slice json, int64_t now, rlm_buffer *out,
                  rlm_row_tallies *tallies, rlm_error *error);

/* The same under the source's own name. `*rejected` is the number of rows that are not in it. */
RLM_NODISCARD rlm_status
rlm_sheet_read(rlm_slice slug, rlm_slice json, int64_t now, rlm_buffer *out, size_t *rejected, rlm_error *error);

#endif
