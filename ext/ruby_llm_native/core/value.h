/*
 * A JSON value as a tree in an arena: what json makes of one row, what a source's reader looks into, what is kept as metadata.
 *
 * Every value remembers whether a reader has taken it, so that "the rest" of a row, which the record does not model, is known without a
 * second list of field names.
 */
#ifndef RLM_VALUE_H
#define RLM_VALUE_H

#include "decimal.h"
#include "text.h"

typedef enum { RLM_NULL, RLM_BOOLEAN, RLM_NUMBER, RLM_STRING, RLM_ARRAY, RLM_OBJECT } rlm_kind;

typedef struct rlm_value rlm_value;

struct rlm_value {
    rlm_kind kind;
    bool truth;     /* RLM_BOOLEAN */
    bool damaged;   /* RLM_STRING: bytes were replaced, because they were not UTF-8 or were NUL */
    bool taken;     /* by rlm_value_take */
    rlm_slice key;  /* as a member of an object; else empty */
    rlm_slice text; /* RLM_STRING: the text, valid UTF-8. RLM_NUMBER: as it was written */
    rlm_value *first, *last; /* RLM_ARRAY, RLM_OBJECT: the elements or members in their order */
    rlm_value *next;         /* its sibling */
};

#define RLM_EACH(child, parent) \
    for (rlm_value *child = (parent) != NULL ? (parent)->first : NULL; child != NULL; child = child->next)

/*
 * The member of that name, the last one where a key comes twice, or NULL: also when `object` is NULL or no object, so that paths chain
 * without checks.
 */
rlm_value *
rlm_value_get(const rlm_value *object, const char *key);

/* The same, and what it gives is marked as taken: it is no part of the rest any more. A taken object's own members are asked one by one. */
rlm_value *
rlm_value_take(const rlm_value *object, const char *key);

/* The text of a string, the empty slice of anything else. */
rlm_slice
rlm_value_text(const rlm_value *value);

/* Whether it is the boolean true. */
bool
rlm_value_is_true(const rlm_value *value);

/* A number, or a string that holds one, exactly. False, and `*out` untouched, for anything else. */
bool
rlm_value_decimal(const rlm_value *value, rlm_decimal *out);

/* A number that is whole: 8192, 8192.0, 8.192e3. False, and `*out` untouched, for anything else. */
bool
rlm_value_integer(const rlm_value *value, int64_t *out);

/*
 * Append the value as JSON, compact, members sorted by key, so that equal content gives equal bytes. Members that are null or empty say
 * nothing and are left out; elements of a list keep their place. A number too large for a double becomes a string: readers of JSON choke on
 * infinity.
 *
 * With `rest`, values marked as taken are left out too. `*wrote` tells whether there was anything to write. RLM_TOO_LARGE,
 * RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_value_write(const rlm_value *value, bool rest, rlm_arena *arena, rlm_buffer *out, bool *wrote);

/*
 * Append the value as JSON for people, all of it, in its own order: objects a member a line, `indent` steps of two spaces to the right; lists
 * of texts and numbers in one line, and so objects in a list that hold nothing else. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_value_write_lines(const rlm_value *value, int indent, rlm_buffer *out);

/* Append the text as a string of JSON. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY. */
rlm_status
rlm_value_write_text(rlm_slice text, rlm_buffer *out);

#endif
