/* A source's settings as one request copied them. */
#ifndef RLM_SETTINGS_H
#define RLM_SETTINGS_H

#include "fetch/plan.h"
#include "redact/redact.h"

/* It owns everything in it until rlm_settings_free, which zeroes it. */
typedef struct {
    const rlm_source *source;
    rlm_buffer name, provider;                   /* NUL-terminated */
    rlm_buffer headers;                          /* "Name: value" lines, each ended by a NUL */
    rlm_buffer ca_file;                          /* NUL-terminated; empty: the plan's */
    long request_timeout_ms, connect_timeout_ms; /* 0: the plan's */
    bool local;
    rlm_buffer values[RLM_SOURCE_SETTINGS]; /* of source->settings, NUL-terminated; empty: not set */
    rlm_buffer base_url, proxy;             /* NUL-terminated, without blanks around them; empty: none */
} rlm_settings;

/* Copy the request's settings; the caller frees, also after a failure. RLM_OUT_OF_MEMORY, RLM_BAD_SETTING. */
RLM_NODISCARD rlm_status
rlm_settings_open(rlm_settings *settings, const rlm_source_request *request, rlm_error *error);

/* The setting's value, or NULL. Fits rlm_request.setting with `settings` as the context. */
const char *
rlm_settings_get(void *settings, const char *name);

/* NULL: the source's own; none. */
const char *
rlm_settings_base_url(const rlm_settings *settings);

const char *
rlm_settings_proxy(const rlm_settings *settings);

const char *
rlm_settings_ca_file(const rlm_settings *settings);

/* The name of the endpoint or the metadata source, and whose models an endpoint lists. */
rlm_slice
rlm_settings_name(const rlm_settings *settings);

rlm_slice
rlm_settings_provider(const rlm_settings *settings);

/* Add all credentials among them to the redactor. RLM_OUT_OF_MEMORY, RLM_BAD_SETTING. */
RLM_NODISCARD rlm_status
rlm_settings_know(const rlm_settings *settings, rlm_redactor *redactor, rlm_error *error);

/* RLM_BAD_SETTING, with the option's name, if the URL that was formed from them is unusable. */
RLM_NODISCARD rlm_status
rlm_settings_check_url(const rlm_settings *settings, const rlm_redactor *redactor, const char *url, rlm_error *error);

/* RLM_BAD_SETTING if there is an unusable proxy. */
RLM_NODISCARD rlm_status
rlm_settings_check_proxy(const rlm_settings *settings, const rlm_redactor *redactor, rlm_error *error);

void
rlm_settings_free(rlm_settings *settings);

#endif
