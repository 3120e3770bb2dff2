/* A source's settings as one question copied them, and messages that hold none of the secret ones. */
#ifndef RLM_SETTINGS_H
#define RLM_SETTINGS_H

#include "refresh.h"

/* Everything in it is its own until rlm_settings_free, which zeroes it. */
typedef struct {
    const rlm_source *source;
    rlm_buffer values[RLM_SOURCE_SETTINGS]; /* of source->settings, NUL-terminated; empty: not set */
    rlm_buffer base_url, proxy;             /* NUL-terminated; empty: none */
} rlm_settings;

/* Copy those of the question; on failure too the caller frees. RLM_OUT_OF_MEMORY, RLM_BAD_SETTING. */
rlm_status
rlm_settings_open(rlm_settings *settings, const rlm_question *question, rlm_error *error);

/* The setting's value, or NULL. Fits rlm_request.setting with `settings` as the context. */
const char *
rlm_settings_get(void *settings, const char *name);

/* NULL: the source's own; none. */
const char *
rlm_settings_base_url(const rlm_settings *settings);

const char *
rlm_settings_proxy(const rlm_settings *settings);

/* Copy as many whole characters as fit, NUL-terminated: control characters become spaces, secrets "[secret]". */
void
rlm_settings_clean(const rlm_settings *settings, rlm_slice text, char *out, size_t size);

/*
 * The URL as it may be kept: without user and password, and without the secret settings, should it have one. `out`'s content is replaced.
 * RLM_OUT_OF_MEMORY, RLM_TOO_LARGE.
 */
rlm_status
rlm_settings_clean_url(const rlm_settings *settings, rlm_slice url, rlm_buffer *out);

/* Copy the error, its message cleaned; one without a message gets its status's sentence. */
void
rlm_settings_keep_error(const rlm_settings *settings, const rlm_error *error, rlm_error *kept);

void
rlm_settings_free(rlm_settings *settings);

#endif
