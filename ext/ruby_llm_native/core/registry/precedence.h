/*
 * Which source has precedence for a field. Names, types and standing need more than an order: see decide.c and merge.c.
 */
#ifndef RLM_PRECEDENCE_H
#define RLM_PRECEDENCE_H

#include "model/record.h"

/* The order of sources for one field. */
typedef struct {
    rlm_field field;
    bool metadata_first; /* the metadata source speaks before the provider */
    bool united;         /* flags: a later source may state flags that those before it left unknown */
    /* Copy the field from `from` into `into`; false if `from` does not state it. */
    bool (*take)(rlm_record *into, const rlm_record *from);
} rlm_precedence;

/* The table that rlm_merge follows; the documentation is generated from it. Static. */
const rlm_precedence *
rlm_merge_precedence(size_t *count);

#endif
