/*
 * Regular expressions as price lists use them for ids: anchors, characters, classes, and how often each may come.
 * Without groups, alternatives and backtracking, so the work is at most the steps times the length of the text.
 *
 * Understood, and meant as in Perl, of bytes: ^ at the beginning, $ at the end, literal characters, `.`, \d \w \s and
 * their opposites, a backslash before punctuation, classes with ranges, and ? * + {n} {n,} {n,m}. Characters beyond
 * ASCII are matched whole by `.` and by opposites; an expression has none.
 */
#ifndef RLM_REGEX_H
#define RLM_REGEX_H

#include "base/text.h"

/*
 * How many steps it takes, at least 1 and at most RLM_CAP_REGEX_STEPS; 0 for an expression that is not understood.
 */
size_t
rlm_regex_steps(rlm_slice regex);

/* Whether it is found anywhere in the text, which has at most RLM_CAP_ID bytes. False if it is not understood. */
bool
rlm_regex_found(rlm_slice regex, rlm_slice text);

#endif
