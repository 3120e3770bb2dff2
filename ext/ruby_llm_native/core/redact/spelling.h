/*
 * One credential at one place of a text, in any spelling: as it is, escaped for URLs, JSON or HTML, or in base64.
 *
 * Allocates nothing, any thread.
 */
#ifndef RLM_SPELLING_H
#define RLM_SPELLING_H

#include "base/text.h"

#define RLM_SPELLING_SHORTEST 4 /* bytes of a credential, or of one that is cut off: shorter ones occur in any text */
#define RLM_SPELLING_SHORTEST_BASE64 5 /* letters */

/* What follows the first `length` bytes. */
rlm_slice
rlm_spelling_skip(rlm_slice text, size_t length);

/* Without control characters and spaces at both ends. */
rlm_slice
rlm_spelling_trim(rlm_slice text);

/* The number of `count` hexadecimal digits at the start of the text, or -1. */
long
rlm_spelling_hex(rlm_slice text, size_t count);

/*
 * How many bytes at the start of the text are the credential, in any case; 0: they are not. With `cut`, also how many
 * are its beginning, in its own case, if the text ends within it. `escaped` says whether the text may contain escapes.
 */
size_t
rlm_spelling_plain(rlm_slice text, rlm_slice secret, bool escaped, bool cut);

/* The same for letters of base64, in the URL alphabet or the standard one, or escaped. */
size_t
rlm_spelling_base64(rlm_slice text, rlm_slice letters, bool cut);

/* Whether the byte is a letter of base64, in either alphabet. */
bool
rlm_spelling_letter(char byte);

/* How many bytes at the start of the text are a word that may be base64, with its padding. */
size_t
rlm_spelling_word(rlm_slice text);

#endif
