/* Where known credentials stand in a text: search.c finds them, redact.c replaces them. */
#ifndef RLM_SEARCH_H
#define RLM_SEARCH_H

#include "redact/redact.h"

/* What to look for. */
typedef struct {
    size_t shortest; /* bytes of a credential */
    bool cut;        /* also the beginning of one that is cut off at the end of the text */
} rlm_search;

/* Whether the text contains a credential. */
bool
rlm_redactor_search(const rlm_redactor *redactor, rlm_slice text, rlm_search wanted);

/*
 * The length of the credential, or of the base64 word that contains one, at the start of the text; 0: there is none.
 * `inside`: the text begins in the middle of a word.
 */
size_t
rlm_redactor_secret_length(const rlm_redactor *redactor, rlm_slice text, bool inside, rlm_search wanted);

/*
 * The length of the shortest text that may contain a whole credential of at least `shortest` bytes: no escape is
 * shorter than what it stands for. SIZE_MAX: the redactor is NULL, or knows no such credential.
 */
size_t
rlm_redactor_shortest(const rlm_redactor *redactor, size_t shortest);

#endif
