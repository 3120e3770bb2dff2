/*
 * Halves of surrogate pairs in JSON text: an escape such as \\uD83D that no \\uDE00 follows. They encode no character,
 * and yajl 2.1.0 as released steps over the byte behind one, so that what follows can crash the process
 * (CVE-2017-16516). They are found here and never reach yajl.
 */
#ifndef RLM_SURROGATE_H
#define RLM_SURROGATE_H

#include <stdbool.h>
#include <stddef.h>

#define RLM_SURROGATE_SIZE 6 /* bytes of one escape */

/*
 * Look for a half from `*at` on, which must not be inside an escape. True: `*at` is where its escape begins. False:
 * there is none before `*at`, which is now `length`, or, less than two escapes from the end, where an escape begins
 * that only the next bytes can decide.
 */
bool
rlm_surrogate_find(const char *text, size_t length, size_t *at);

#endif
