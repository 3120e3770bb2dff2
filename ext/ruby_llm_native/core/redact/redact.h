/*
 * Every credential of a run in one place, and texts without them.
 *
 * What is added is found again in every spelling that we send and that a server may echo: as it is, in any case,
 * percent-encoded, with the escapes of JSON or HTML, in base64 wherever it stands in it, and cut at the end of a text.
 * Whatever leaves the core passes through here.
 */
#ifndef RLM_REDACT_H
#define RLM_REDACT_H

#include "json/value.h"

/*
 * The struct is the caller's, what it holds its own until rlm_redactor_free, which zeroes it. Reading it is safe from
 * any thread.
 */
typedef struct {
    rlm_buffer texts;          /* of all credentials, one after the other */
    rlm_buffer patterns;       /* where they stand there, and what they are */
    uint64_t beginnings[1024]; /* a bit for what each begins with: what nothing begins with is passed over */
    unsigned char folded[256];
    bool escapes[256];
} rlm_redactor;

void
rlm_redactor_init(rlm_redactor *redactor);

/*
 * Know a credential; one of fewer than four bytes would be found everywhere, and is not. RLM_TOO_LARGE,
 * RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_redactor_add(rlm_redactor *redactor, rlm_slice credential);

/*
 * Know what a URL tells of credentials, also one that nobody can read: user and password, together and alone, and the
 * values of its query and fragment, but for those that say which version or format is asked for. A proxy has no path:
 * all before its last @ is user and password. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_redactor_add_url(rlm_redactor *redactor, rlm_slice url, bool proxy);

void
rlm_redactor_free(rlm_redactor *redactor);

/*
 * Copy as many whole characters as fit, NUL-terminated: control characters become spaces, credentials "[secret]"; also
 * those of URLs that nobody has added. `redactor` NULL: it knows none.
 */
void
rlm_redact(const rlm_redactor *redactor, rlm_slice text, char *out, size_t size);

/*
 * The URL of a request that was answered, as it may be kept: without user and password, its credentials replaced.
 * `out`'s content is replaced. RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_redact_url(const rlm_redactor *redactor, rlm_slice url, rlm_buffer *out);

/*
 * Where an address has "user:password@": `*login` bytes of it behind `*scheme` bytes with the scheme; 0: it has none.
 * See rlm_redactor_add_url.
 */
void
rlm_redact_login(rlm_slice url, bool proxy, size_t *scheme, size_t *login);

/* Copy the error, its message redacted; one without a message gets its status's sentence. */
void
rlm_redact_error(const rlm_redactor *redactor, const rlm_error *error, rlm_error *kept);

/* Whether the text holds a whole credential. */
bool
rlm_redactor_finds(const rlm_redactor *redactor, rlm_slice text);

/*
 * Replace whole credentials in all texts of the value. Those of fewer than eight bytes stay: they are more often a word
 * ("ollama", "none") that a local server wants for a key. RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_redact_value(const rlm_redactor *redactor, rlm_value *value, rlm_arena *arena);

#endif
