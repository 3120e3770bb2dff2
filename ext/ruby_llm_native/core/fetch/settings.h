/* A source's settings as one request copied them. */
#ifndef RLM_SETTINGS_H
#define RLM_SETTINGS_H

#include "fetch/plan.h"
#include "redact/redact.h"

/* Everything in it is its own until rlm_settings_free, which zeroes it. */
typedef struct {
    const rlm_source *source;
    rlm_buffer values[RLM_SOURCE_SETTINGS]; /* of source->settings, NUL-terminated; empty: not set */
    rlm_buffer base_url, proxy;             /* NUL-terminated, without blanks around them; empty: none */
} rlm_settings;

/* Copy those of the request; on failure too the caller frees. RLM_OUT_OF_MEMORY, RLM_BAD_SETTING. */
rlm_status
rlm_settings_open(rlm_settings *settings, const rlm_source_request *request, rlm_error *error);

/* The setting's value, or NULL. Fits rlm_request.setting with `settings` as the context. */
const char *
rlm_settings_get(void *settings, const char *name);

/* NULL: the source's own; none. */
const char *
rlm_settings_base_url(const rlm_settings *settings);

const char *
rlm_settings_proxy(const rlm_settings *settings);

/* Have the redactor know all credentials among them. RLM_OUT_OF_MEMORY, RLM_BAD_SETTING. */
rlm_status
rlm_settings_know(const rlm_settings *settings, rlm_redactor *redactor, rlm_error *error);

/* RLM_BAD_SETTING, which names the option, when the URL that was formed of them is none. */
rlm_status
rlm_settings_check_url(const rlm_settings *settings, const rlm_redactor *redactor, const char *url, rlm_error *error);

/* RLM_BAD_SETTING when there is a proxy that cannot be used. */
rlm_status
rlm_settings_check_proxy(const rlm_settings *settings, const rlm_redactor *redactor, rlm_error *error);

void
rlm_settings_free(rlm_settings *settings);

#endif
