/*
 * From a name to a model: every way in which a catalog's models answer to it, the best one first.
 *
 * Listed and documented models come before unlisted ones; then providers in the caller's order; within one provider the
 * very id comes before aliases, and those before what an id says without its suffix.
 */
#ifndef RLM_RESOLVE_H
#define RLM_RESOLVE_H

#include "lookup/filter.h"

/*
 * How a name finds a model, in the order of preference at one provider. The three in the middle are those of
 * rlm_alias_kind.
 */
#define RLM_MATCHES(X)                                                                                                 \
    X(PROFILE, "profile")     /* Bedrock's inference profile for the caller's region */                                \
    X(EXACT, "exact")         /* the very id */                                                                        \
    X(STATED, "stated")       /* a source says that both are the same model */                                         \
    X(SNAPSHOT, "snapshot")   /* the newest dated id of that undated one */                                            \
    X(NAMESPACE, "namespace") /* the id without its namespace */                                                       \
    X(VARIANT, "variant")     /* OpenRouter's ":online" and the like, of a model that stands for it */

typedef enum {
#define X(name, text) RLM_MATCH_##name,
    RLM_MATCHES(X)
#undef X
        RLM_MATCH_COUNT
} rlm_match;

extern const char *const rlm_match_names[RLM_MATCH_COUNT];

/* What is looked for, by whom. What it points to must outlive it. */
typedef struct {
    rlm_slice id;
    rlm_slice provider;     /* empty: any */
    rlm_slice region;       /* the caller's at Bedrock; empty: unknown */
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
 * how many they are. A catalog's block. Allocates nothing, any thread.
 */
size_t
rlm_resolve(const rlm_block *block, const rlm_query *query, rlm_candidate *out, size_t capacity);

#endif
