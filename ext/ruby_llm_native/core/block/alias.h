/*
 * Other ids under which a merged model is found: made when a catalog is written, stored in it, never guessed at when it
 * is read.
 *
 * An alias links ids and states no fact. At a provider that has the exact id, an alias finds nothing else.
 */
#ifndef RLM_ALIAS_H
#define RLM_ALIAS_H

#include "model/record.h"

/* Why an alias finds its model. Blocks store the positions: append only. */
#define RLM_ALIAS_KINDS(X)                                                                                             \
    X(STATED, "stated")            /* a source says that both ids name the same model */                               \
    X(SNAPSHOT, "newest snapshot") /* the newest dated id of an undated one, or of one that ends in "-latest" */       \
    X(NAMESPACE, "without its namespace") /* what follows the namespace, also without date and version, and as its     \
                                             maker spells it */

typedef enum {
#define X(name, text) RLM_ALIAS_##name,
    RLM_ALIAS_KINDS(X)
#undef X
        RLM_ALIAS_KIND_COUNT
} rlm_alias_kind;

extern const char *const rlm_alias_kind_names[RLM_ALIAS_KIND_COUNT];

typedef struct {
    rlm_slice alias;
    uint32_t record; /* its index */
    uint8_t kind;
} rlm_alias;

/*
 * The aliases of `count` records, sorted by rlm_record_compare. They are sorted by alias and record, without
 * duplicates. They and their texts are in the arena or the records. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_alias_derive(const rlm_record *records, size_t count, rlm_arena *arena, rlm_alias **aliases, size_t *alias_count);

/*
 * Which of `count` records, sorted by rlm_record_compare, a list without snapshots leaves out: dated ones, if the
 * undated id, or a newer date of the same id, is known at their provider and not unlisted. One byte for each record, 1
 * for these, in the arena. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_alias_superseded(const rlm_record *records, size_t count, rlm_arena *arena, unsigned char **superseded);

#endif
