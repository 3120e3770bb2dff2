/*
 * Where the facts of a record come from: the name of an endpoint or a metadata source, or one of the words below.
 *
 * In a record they are one text: a line for each rlm_field, in their order, empty where the fact is unknown; empty
 * lines at the end are left out. Most records of a block have the same text, which stands in it once.
 */
#ifndef RLM_ORIGINS_H
#define RLM_ORIGINS_H

#include "model/record.h"

#define RLM_ORIGIN_EQUIVALENT "alias" /* an equivalent id has it */
#define RLM_ORIGIN_ID "id"            /* the id tells it */
#define RLM_ORIGIN_BUILTIN "builtin"  /* compiled in */

/* The lines, each in bytes of somebody else. */
typedef struct {
    rlm_slice of[RLM_FIELD_COUNT];
} rlm_origins;

/* The line of that field, or the empty slice. */
rlm_slice
rlm_origin_of(const rlm_record *record, rlm_field field);

void
rlm_origins_read(const rlm_record *record, rlm_origins *origins);

/* The text of these lines, in the arena. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_origins_write(const rlm_origins *origins, rlm_arena *arena, rlm_slice *text);

/* Give one field an origin; the new text is in the arena. Only for a few, as each call writes all. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_origin_set(rlm_record *record, rlm_field field, rlm_slice origin, rlm_arena *arena);

#endif
