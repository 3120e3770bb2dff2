/* Where known credentials stand in a text: search.c finds them, redact.c replaces them. */
#ifndef RLM_SEARCH_H
#define RLM_SEARCH_H

#include "redact/redact.h"

/* What to look for. */
typedef struct {
    size_t shortest; /* bytes of a credential */
    bool cut;        /* also the beginning of one that the end of the text has cut off */
} rlm_search;

/* Whether the text contains a credential. */
bool
rlm_redactor_search(const rlm_redactor *redactor, rlm_slice text, rlm_search wanted);

/*
 * The length of the credential, or of the base64 word that holds one, at the start of the text; 0: there is none.
 * `inside`: the text begins in the middle of a word.
 */
size_t
rlm_redactor_secret_length(const rlm_redactor *redactor, rlm_slice text, bool inside, rlm_search wanted);

/* Whether the redactor is NULL or knows no credential. */
bool
rlm_redactor_is_empty(const rlm_redactor *redactor);

#endif
