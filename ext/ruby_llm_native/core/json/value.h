/*
 * A JSON value as a tree in an arena: what json makes of one row, what a source's reader looks into, what is kept as
 * metadata.
 *
 * Every value remembers whether a reader has understood it. So "the rest" of a row, which the record has no field for,
 * is known without a second list of field names.
 */
#ifndef RLM_VALUE_H
#define RLM_VALUE_H

#include "base/decimal.h"
#include "base/text.h"

typedef enum { RLM_NULL, RLM_BOOLEAN, RLM_NUMBER, RLM_STRING, RLM_ARRAY, RLM_OBJECT } rlm_kind;

typedef struct rlm_value rlm_value;

struct rlm_value {
    rlm_kind kind;
    bool truth;              /* RLM_BOOLEAN */
    bool damaged;            /* RLM_STRING: bytes were replaced, because they were not UTF-8 or were NUL */
    bool taken;              /* a fact was read from it: it is not part of the rest */
    bool priced;             /* that fact is a price, or what a price needs */
    rlm_slice key;           /* as a member of an object; else empty */
    rlm_slice text;          /* RLM_STRING: the text, valid UTF-8. RLM_NUMBER: as it was written */
    rlm_value *first, *last; /* RLM_ARRAY, RLM_OBJECT: the elements or members in their order */
    rlm_value *next;         /* its sibling */
};

#define RLM_EACH(child, parent)                                                                                        \
    for (rlm_value *child = (parent) != NULL ? (parent)->first : NULL; child != NULL; child = child->next)

/*
 * The member of that name, the last one if a key is repeated, or NULL. Also NULL when `object` is NULL or not an
 * object, so that lookups chain without checks.
 */
rlm_value *
rlm_value_member(const rlm_value *object, rlm_slice key);

/* The same; inline so that a literal's length is known when compiling. */
static inline rlm_value *
rlm_value_get(const rlm_value *object, const char *key)
{
    return rlm_value_member(object, rlm_slice_of(key));
}

/* A copy of it, null without one: whatever is taken of the copy stays in the object. */
static inline rlm_value
rlm_value_copy(const rlm_value *object, const char *key)
{
    const rlm_value *member = rlm_value_get(object, key), nothing = {.kind = RLM_NULL};

    return member != NULL ? *member : nothing;
}

/*
 * Mark the value as taken. A reader calls it once it has understood a fact, never before: what nobody takes stays in
 * the rest. An object's members are taken one by one, a list is taken whole. NULL is fine, here and below.
 */
void
rlm_value_take(rlm_value *value);

/* Leave it in the rest although a fact was read from it. */
void
rlm_value_keep(rlm_value *value);

/* Its kind, for people: "a string", "an object". */
const char *
rlm_value_kind_name(const rlm_value *value);

/* Whether it says anything: not if it is absent, null, an empty string, or an empty list or object. */
bool
rlm_value_says_something(const rlm_value *value);

/* The text of a string; the empty slice for anything else. */
rlm_slice
rlm_value_text(const rlm_value *value);

/* The text of a string, or a number as it was written; the empty slice for anything else. */
rlm_slice
rlm_value_written(const rlm_value *value);

/*
 * A boolean, or what some servers send in its place: 1, 0, or the word as a string, in lower case or capitalized.
 * False, and `*truth` untouched, for anything else.
 */
bool
rlm_value_truth(const rlm_value *value, bool *truth);

/* Whether it is such a boolean, and true. */
bool
rlm_value_is_true(const rlm_value *value);

/* The same; a boolean, true or false, is also taken. */
bool
rlm_value_take_true(rlm_value *value);

/* A number, or a string that holds one, exactly. False, and `*out` untouched, for anything else. */
bool
rlm_value_decimal(const rlm_value *value, rlm_decimal *out);

/*
 * A whole number, or a string that holds one: 8192, 8192.0, 8.192e3, "8192". False, and `*out` untouched, for
 * anything else.
 */
bool
rlm_value_integer(const rlm_value *value, int64_t *out);

/* Move all members of `from`, which may be no object, to the end of `object`. */
void
rlm_value_append_members(rlm_value *object, rlm_value *from);

/*
 * Unite members that have the same key: objects with all their members, recursively; of other values the last one
 * counts when it is written. The arena is scratch space. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_value_unite(rlm_value *object, rlm_arena *arena);

/*
 * Append the value as compact JSON, members sorted by key, so that equal content gives equal bytes. Members that are
 * null or empty say nothing and are left out; elements of a list keep their place. A number too large for a double
 * becomes a string, because readers of JSON choke on infinity.
 *
 * With `rest`, values marked as taken are left out too. `*wrote` tells whether there was anything to write.
 * RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_value_write(const rlm_value *value, bool rest, rlm_arena *arena, rlm_buffer *out, bool *wrote);

/*
 * Append the whole value as JSON for people, in its own order: one member of an object per line, indented by `indent`
 * steps of two spaces; lists of strings and numbers on one line, and also objects in a list that hold nothing else.
 * RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_value_write_lines(const rlm_value *value, int indent, rlm_buffer *out);

/* Append the text as a JSON string. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_value_write_text(rlm_slice text, rlm_buffer *out);

#endif
