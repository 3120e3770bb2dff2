/*
 * Every credential of a run in one place, and texts without them.
 *
 * A credential is found again in every spelling that we send and that a server may echo: as it is, in any case,
 * percent-encoded, escaped for JSON or HTML, in base64 at any offset, and cut off at the end of a text. Everything that
 * leaves the core passes through here.
 */
#ifndef RLM_REDACT_H
#define RLM_REDACT_H

#include "json/value.h"

/*
 * The caller owns the struct; the struct owns its content until rlm_redactor_free, which zeroes it. Any thread may read
 * it.
 */
typedef struct {
    rlm_buffer texts;      /* of all credentials, one after the other */
    rlm_buffer patterns;   /* where they stand there, and what they are */
    uint64_t pieces[1024]; /* a bit for each piece of a pattern: texts without any are passed over */
    size_t stride;         /* between the places of a text where a piece is looked for */
    unsigned char folded[256];
    bool escapes[256];
} rlm_redactor;

void
rlm_redactor_init(rlm_redactor *redactor);

/*
 * Add a credential. One of fewer than four bytes is ignored, because it would be found everywhere. RLM_TOO_LARGE,
 * RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_redactor_add(rlm_redactor *redactor, rlm_slice credential);

/*
 * Add the value of a header: whole, without its scheme ("Bearer …"), and the login that one of the scheme Basic has in
 * base64, together and alone: a server may repeat any of them. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_redactor_add_header(rlm_redactor *redactor, rlm_slice value);

/*
 * Add the credentials in a URL, even one that cannot be parsed: user and password, together and alone, and the values
 * of its query and fragment, except those that state a version or format. A proxy has no path: everything before its
 * last @ is user and password. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_redactor_add_url(rlm_redactor *redactor, rlm_slice url, bool proxy);

void
rlm_redactor_free(rlm_redactor *redactor);

/*
 * Copy as many whole characters as fit, NUL-terminated. Control characters become spaces; credentials become
 * "[secret]", including those of URLs that nobody has added. `redactor` NULL: it knows none.
 */
void
rlm_redact(const rlm_redactor *redactor, rlm_slice text, char *out, size_t size);

/*
 * The URL of an answered request in a form that may be kept: without user and password, its credentials replaced.
 * Replaces the content of `out`. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_redact_url(const rlm_redactor *redactor, rlm_slice url, rlm_buffer *out);

/*
 * Where a URL has "user:password@": `*login` bytes of it after `*scheme` bytes of scheme; 0: it has none. See
 * rlm_redactor_add_url.
 */
void
rlm_redact_login(rlm_slice url, bool proxy, size_t *scheme, size_t *login);

/* Copy the error with its message redacted; an error without a message gets its status's sentence. */
void
rlm_redact_error(const rlm_redactor *redactor, const rlm_error *error, rlm_error *kept);

/* Whether the text contains a whole credential. */
bool
rlm_redactor_finds(const rlm_redactor *redactor, rlm_slice text);

/*
 * Replace whole credentials in all texts of the value. Credentials of fewer than eight bytes stay: they are more often
 * a word ("ollama", "none") that a local server expects as a key. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_redact_value(const rlm_redactor *redactor, rlm_value *value, rlm_arena *arena);

#endif
