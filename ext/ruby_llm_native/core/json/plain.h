/* JSON that every database can store, told from the rest without parsing it. */
#ifndef RLM_PLAIN_H
#define RLM_PLAIN_H

#include "base/text.h"

/*
 * Whether valid JSON has no escape of U+0000 or of a surrogate, and no number that has an exponent or is longer than
 * `longest` bytes. Any text may be given: of what is not JSON the answer means nothing.
 */
bool
rlm_json_is_plain(rlm_slice text, size_t longest);

#endif
