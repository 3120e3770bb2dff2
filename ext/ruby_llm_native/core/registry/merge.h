/* Sheets in, one record a model out: the catalog is a pure function of the sheets. */
#ifndef RLM_MERGE_H
#define RLM_MERGE_H

#include "block/sheet.h"

/*
 * Join `count` sheets, in any order, into a catalog's block, written to `out`. The same sheets give the same bytes. A
 * registry file is heard about providers for which no other source speaks, ruby_llm's bundle as long as there is no
 * sheet of a metadata catalogue. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_merge(const rlm_block *sheets, size_t count, rlm_buffer *out, rlm_error *error);

/* Who speaks first about one field. */
typedef struct {
    rlm_field field;
    bool metadata_first; /* the metadata catalogue before the provider */
    bool united;         /* flags: all speakers are heard, each about what those before left unknown */
    bool (*take)(rlm_record *into,
                 const rlm_record *from); /* whether `from` states the field; if so it is put into `into` */
} rlm_precedence;

/* The table that rlm_merge goes by, for the documentation that is made from it. Static. */
const rlm_precedence *
rlm_merge_precedence(size_t *count);

#endif
