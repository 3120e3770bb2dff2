/* The JSON that a row of a database has beside its columns. docs/reference/table.md describes it. */
#ifndef RLM_ROW_H
#define RLM_ROW_H

#include "base/buffer.h"
#include "model/record.h"

/*
 * Append the facts of that object, without its braces. `pricing` is JSON already. RLM_TOO_LARGE past the buffer's cap;
 * RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_row_write(const rlm_record *record, rlm_slice pricing, rlm_buffer *out) RLM_NONNULL();

#endif
