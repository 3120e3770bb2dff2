/* A row of a database: its fingerprint, and the JSON beside its columns. docs/reference/table.md describes it. */
#ifndef RLM_ROW_H
#define RLM_ROW_H

#include "base/buffer.h"
#include "block/block.h"

/* Whether a row holds the facts of that model: `stored` must be `layout` and the model's fingerprint in digits. */
bool
rlm_row_is_of(const rlm_block *block, size_t index, rlm_slice layout, rlm_slice stored);

/* Append the facts of that object, without its braces. RLM_TOO_LARGE past the buffer's cap; RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_row_write(const rlm_record *record, rlm_buffer *out) RLM_NONNULL();

#endif
