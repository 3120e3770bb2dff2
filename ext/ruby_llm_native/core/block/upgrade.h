/* What an older version of this gem has stored, as blocks of the current format. */
#ifndef RLM_UPGRADE_H
#define RLM_UPGRADE_H

#include "base/buffer.h"
#include "base/status.h"
#include "base/text.h"

/* Whether these bytes begin with a block of format 4, the only older one that is read. */
bool
rlm_upgrade_needed(rlm_slice bytes);

/*
 * Append to `out`, whose length must be a multiple of 8, the same blocks in the current format, and what follows them
 * as it is. The sheets lose their ETags, because the current version takes more from an answer.
 * RLM_BAD_BLOCK, RLM_TOO_LARGE, RLM_OUT_OF_MEMORY. After a failure, discard `out`.
 */
RLM_NODISCARD rlm_status
rlm_upgrade(rlm_slice bytes, rlm_buffer *out, rlm_error *error);

#endif
