/* Which models are the same under another id, and what they lend one another. */
#ifndef RLM_EQUIVALENTS_H
#define RLM_EQUIVALENTS_H

#include "model/record.h"

/*
 * Join the equivalents among `count` records, sorted by rlm_record_compare, whose `equivalents` are what sources
 * state. Two records are equivalent if one of them says so, or if an undated id has exactly one dated sibling.
 * Afterwards `equivalents` has both directions, and a record without a limit or prices of its own has those of its
 * equivalents, if all that state one agree, with RLM_ORIGIN_EQUIVALENT; an id that moves from model to model lends only
 * to another such id. New texts are in the arena. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_equivalents_join(rlm_record *records, size_t count, rlm_arena *arena);

#endif
