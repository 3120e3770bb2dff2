/*
 * Text as pointer and length: comparing, checking for strict UTF-8, and interning.
 *
 * A slice owns nothing; the owner of the bytes says how long they live. Text that is kept is always valid UTF-8 without
 * NUL: yajl lets overlong forms, lone surrogates and NUL through, PostgreSQL and Ruby do not.
 */
#ifndef RLM_TEXT_H
#define RLM_TEXT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"

#include <string.h>

typedef struct {
    const char *bytes; /* not NUL-terminated; may be NULL when length is 0 */
    size_t length;
} rlm_slice;

#define RLM_SLICE(literal) ((rlm_slice){(literal), sizeof(literal) - 1})

/* These three are inline so that a literal's length is known when compiling: most texts differ in their length. */

/* A slice of a NUL-terminated text; of NULL, the empty slice. */
static inline rlm_slice
rlm_slice_of(const char *text)
{
    return (rlm_slice){text, text != NULL ? strlen(text) : 0};
}

/* memcmp must not be given NULL, not even for 0 bytes. */
static inline bool
rlm_slice_equal(rlm_slice left, rlm_slice right)
{
    return left.length == right.length && (left.length == 0 || memcmp(left.bytes, right.bytes, left.length) == 0);
}

static inline bool
rlm_slice_is(rlm_slice slice, const char *text)
{
    return rlm_slice_equal(slice, rlm_slice_of(text));
}

/* Negative, 0 or positive, by bytes: the order of every sorted thing in the core. */
int
rlm_slice_compare(rlm_slice left, rlm_slice right);

bool
rlm_slice_starts_with(rlm_slice slice, const char *text);

/* Cut `text` off the beginning; false, and nothing is cut, if it begins otherwise. */
bool
rlm_slice_skip(rlm_slice *slice, const char *text) RLM_NONNULL();

bool
rlm_slice_ends_with(rlm_slice slice, const char *text);

bool
rlm_slice_contains(rlm_slice slice, const char *text);

bool
rlm_slice_includes(rlm_slice slice, rlm_slice part);

/* Whether a byte of it is an ASCII control character. */
bool
rlm_slice_has_control_characters(rlm_slice slice);

/* ASCII only, whatever the locale: a letter in lower case; a space, tab or line break; equal except for case. */
char
rlm_ascii_lower(char byte);

bool
rlm_ascii_is_blank(char byte);

bool
rlm_ascii_alike(const char *left, const char *right, size_t length);

/* Strict UTF-8: no overlong form, no surrogate, nothing past U+10FFFF, and no NUL. */
bool
rlm_text_valid(rlm_slice slice);

/* The same bytes in the arena. RLM_OUT_OF_MEMORY if they do not fit. */
RLM_NODISCARD rlm_status
rlm_text_copy(rlm_arena *arena, rlm_slice slice, rlm_slice *copy) RLM_NONNULL();

/*
 * Like rlm_text_copy, with each byte sequence that rlm_text_valid refuses replaced by U+FFFD. `*damaged` tells whether
 * there was one.
 */
RLM_NODISCARD rlm_status
rlm_text_scrub(rlm_arena *arena, rlm_slice slice, rlm_slice *copy, bool *damaged) RLM_NONNULL();

/*
 * Equal texts once. The interner owns `bytes`, all distinct texts in the order in which they came. The same texts in
 * the same order give the same bytes, although the hash table beside them is seeded by the process.
 */
typedef struct {
    rlm_buffer bytes;
    struct rlm_interned *table; /* open addressing, a power of two of places */
    size_t places;
    size_t count;
} rlm_interner;

void
rlm_interner_init(rlm_interner *interner, size_t cap) RLM_NONNULL();

/*
 * Where in `bytes` the text stands. The empty text is at 0 and takes no place. RLM_TOO_LARGE past the cap;
 * RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_interner_add(rlm_interner *interner, rlm_slice text, uint32_t *offset) RLM_NONNULL();

void
rlm_interner_free(rlm_interner *interner) RLM_NONNULL();

#endif
