/*
 * Halves of surrogate pairs in JSON text: an escape such as \\uD83D that no \\uDE00 follows. They stand for no
 * character, and yajl 2.1.0 as it was released steps over the byte behind one: what comes then can end the process
 * (CVE-2017-16516). They are found, and never reach it.
 */
#ifndef RLM_SURROGATE_H
#define RLM_SURROGATE_H

#include <stdbool.h>
#include <stddef.h>

#define RLM_SURROGATE_SIZE 6 /* bytes of one escape */

/*
 * From `*at` on, which is in the middle of no escape, look for a half. True: `*at` is where its escape begins. False:
 * there is none before `*at`, which is now `length`, or where an escape begins that only the bytes to come decide on:
 * less than two escapes from the end.
 */
bool
rlm_surrogate_find(const char *text, size_t length, size_t *at);

#endif
