/* A row of a database: its fingerprint, and the JSON beside its columns. docs/reference/table.md describes it. */
#ifndef RLM_ROW_H
#define RLM_ROW_H

#include "base/buffer.h"
#include "block/block.h"

/*
 * What a row of that model is recognized by: its fingerprint, and which of its prices hold at that time, in digits. So
 * a row is written again when one of them begins or ends.
 */
void
rlm_row_fingerprint(const rlm_block *block, size_t index, int64_t now, char digits[RLM_HASH_DIGITS]) RLM_NONNULL();

/* Whether a row holds the facts of that model at that time: `stored` must be `layout` and its fingerprint. */
bool
rlm_row_is_of(const rlm_block *block, size_t index, rlm_slice layout, rlm_slice stored, int64_t now);

/*
 * Append the facts of that object, without its braces, with the prices that hold at that time. RLM_TOO_LARGE past the
 * buffer's cap; RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_row_write(const rlm_record *record, int64_t now, rlm_buffer *out) RLM_NONNULL();

/* Append the names of the bits that are set, or the lines of a list, as a JSON array; for rlm_row_write_controls. */
RLM_NODISCARD rlm_status
rlm_row_write_names(uint32_t bits, const char *const *names, int count, rlm_buffer *out) RLM_NONNULL();

RLM_NODISCARD rlm_status
rlm_row_write_list(rlm_slice list, rlm_buffer *out) RLM_NONNULL();

/*
 * Append those of these facts that are stated, each after a comma: life_cycle, reasoning, parameters, dimensions,
 * request_limits, data_policy, open_weights, license. As rlm_row_write, which ends with them.
 */
RLM_NODISCARD rlm_status
rlm_row_write_controls(const rlm_record *record, rlm_buffer *out) RLM_NONNULL();

#endif
