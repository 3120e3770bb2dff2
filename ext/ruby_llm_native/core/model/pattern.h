/*
 * Patterns: which ids of a provider a row of a price list speaks of.
 *
 * A pattern is a short text, made once from the tree that the list has, and read again for every id. It begins with the
 * place of its row, in eight digits: of a list's patterns that match an id, the first in byte order speaks. Then:
 *
 *   =5:gpt-4o   the id is that text          ^3:gpt   it begins with it    $4:mini   it ends with it
 *   ~4:mini     the text is in it            /5:\d{8}   the regular expression is found in it (regex.h)
 *   |2…  &3…    one, or all, of as many that follow
 *
 * Case does not matter, as with the library genai-prices: texts and ids are compared in lower case, and only a regular
 * expression is taken as it is written, so that a capital in it matches nothing. Of ASCII only.
 */
#ifndef RLM_PATTERN_H
#define RLM_PATTERN_H

#include "base/arena.h"
#include "base/caps.h"
#include "json/value.h"

/*
 * The expression of a tree of {equals, starts_with, ends_with, contains, regex: text} under {or, and: list}, in the
 * arena. RLM_BAD_ROW or RLM_LEFT_OUT, with the reason, for a tree that cannot be one or is not understood here;
 * RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_pattern_compile(const rlm_value *tree, rlm_arena *arena, rlm_slice *expression, rlm_error *error);

/* The pattern of that expression for the row at that place, in the arena. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_pattern_at(uint32_t place, rlm_slice expression, rlm_arena *arena, rlm_slice *pattern);

/* Of a pattern, the expression; empty if it has none. */
rlm_slice
rlm_pattern_expression(rlm_slice pattern);

/* How much work it is to compare an id with the expression; 0 for one that nothing matches, because it is broken. */
size_t
rlm_pattern_work(rlm_slice expression);

/* The id as patterns see it, in `bytes`; empty, which no pattern matches, if it is longer than an id may be. */
rlm_slice
rlm_pattern_subject(rlm_slice id, char bytes[RLM_CAP_ID]);

/* Whether the pattern matches that subject. Any bytes may be given: broken ones match nothing. Allocates nothing. */
bool
rlm_pattern_matches(rlm_slice pattern, rlm_slice subject);

#endif
