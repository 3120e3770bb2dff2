/*
 * Ids, or other lines, as one text: sorted, each once, each followed by a line feed. New bytes come from the arena.
 */
#ifndef RLM_ID_LIST_H
#define RLM_ID_LIST_H

#include "base/arena.h"
#include "base/text.h"

/* Whether a list of ids has that one. */
bool
rlm_id_list_has(rlm_slice list, rlm_slice id);

/* Walk over a list: the next id, or false at the end. `*rest` starts as the list. */
bool
rlm_id_list_next(rlm_slice *rest, rlm_slice *id);

/* The list of `ids`, which are sorted in place: each once, the first `most` of them. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_id_list(rlm_arena *arena, rlm_slice *ids, size_t count, size_t most, rlm_slice *out);

/* Two lists as one. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_id_list_unite(rlm_arena *arena, rlm_slice left, rlm_slice right, rlm_slice *out);

/*
 * The list `sorted` with `id` in its place, written to `*out`. Only for a few ids, because each call copies all
 * of them. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_id_list_add(rlm_arena *arena, rlm_slice sorted, rlm_slice id, rlm_slice *out);

#endif
