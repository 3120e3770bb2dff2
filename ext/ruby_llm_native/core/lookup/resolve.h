/*
 * From a name to a model: every way in which a catalog's models answer to it, the best one first.
 *
 * Listed and documented models come before unlisted ones; then providers in the caller's order. Within one provider the
 * exact id comes before aliases, and aliases before the id without its suffix.
 */
#ifndef RLM_RESOLVE_H
#define RLM_RESOLVE_H

#include "lookup/filter.h"

/*
 * How a name finds a model, in order of preference at one provider. The three in the middle are those of
 * rlm_alias_kind.
 */
#define RLM_MATCHES(X)                                                                                                 \
    X(PROFILE, "profile")     /* the model's id for the caller's region */                                             \
    X(EXACT, "exact")         /* the exact id */                                                                       \
    X(STATED, "stated")       /* a source says that both are the same model */                                         \
    X(SNAPSHOT, "snapshot")   /* the newest dated id of this undated one */                                            \
    X(NAMESPACE, "namespace") /* the id without its namespace */                                                       \
    X(VARIANT, "variant")     /* the id without a suffix that its provider serves with any model */

typedef enum {
#define X(name, text) RLM_MATCH_##name,
    RLM_MATCHES(X)
#undef X
        RLM_MATCH_COUNT
} rlm_match;

extern const char *const rlm_match_names[RLM_MATCH_COUNT];

/* What is looked for, and by whom. What it points to must outlive it. */
typedef struct {
    rlm_slice id;
    rlm_slice provider;     /* empty: any */
    rlm_slice region;       /* the caller's; empty: unknown */
    const rlm_slice *order; /* providers, the preferred ones first; others come after them */
    size_t order_count;
    const rlm_members *members; /* only these; NULL: the whole catalog */
} rlm_query;

typedef struct {
    size_t record;
    rlm_match match;
    size_t rank; /* of its provider in the order */
    bool unlisted, documented;
} rlm_candidate;

/*
 * Write the best `capacity` (at least 1) models that answer to the query to `out`, best first, each once, and return
 * their number. The block is a catalog's. Allocates nothing, any thread.
 */
size_t
rlm_resolve(const rlm_block *block, const rlm_query *query, rlm_candidate *out, size_t capacity);

#endif
