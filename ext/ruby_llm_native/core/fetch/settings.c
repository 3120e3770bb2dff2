/* A request's settings: copied when it is opened, zeroed when it is freed. */
#include "fetch/settings.h"

#include "base/caps.h"
#include "fetch/http.h"
#include "redact/login.h"
#include "redact/spelling.h"

#include <string.h>

/* A text that was kept, or NULL. */
static const char *
text_or_null(const rlm_buffer *buffer)
{
    return buffer->length > 0 ? buffer->bytes : NULL;
}

/* ---- Copying ---- */

/* Copy a URL without the blanks around it. */
static rlm_status
copy_address(rlm_buffer *buffer, const char *text)
{
    size_t length;

    if (text == NULL) return RLM_OK;
    rlm_buffer_clear(buffer);
    text += strspn(text, " \t\r\n");
    length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL) length--;
    if (length == 0) return RLM_OK;
    RLM_TRY(rlm_buffer_append(buffer, text, length));
    return rlm_buffer_append(buffer, "", 1);
}

/* Copy a text with its NUL; NULL and "" leave the buffer empty. */
static rlm_status
copy_text(rlm_buffer *buffer, const char *text)
{
    rlm_buffer_clear(buffer);
    return text == NULL || *text == '\0' ? RLM_OK : rlm_buffer_append(buffer, text, strlen(text) + 1);
}

static rlm_status
copy_settings(rlm_settings *settings, const rlm_source_request *request)
{
    const rlm_setting *known = settings->source->settings;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS && known[i].name != NULL; i++) {
        for (const rlm_pair *pair = request->settings; pair != NULL && pair->name != NULL; pair++) {
            if (strcmp(pair->name, known[i].name) == 0) RLM_TRY(copy_text(&settings->values[i], pair->value));
        }
        if ((known[i].flags & RLM_SETTING_BASE_URL) != 0)
            RLM_TRY(copy_address(&settings->base_url, text_or_null(&settings->values[i])));
    }
    RLM_TRY(copy_address(&settings->base_url, request->base_url));
    return copy_address(&settings->proxy, request->proxy);
}

/* Each as a line of rlm_request.headers. */
static rlm_status
copy_headers(rlm_buffer *headers, const rlm_pair *pairs, rlm_error *error)
{
    for (; pairs != NULL && pairs->name != NULL; pairs++) {
        if (!rlm_request_is_header(pairs->name)) {
            return rlm_error_set(error, RLM_BAD_SETTING,
                                 "the name of a header must have only letters, digits and !#$%%&'*+-.^_`|~");
        }
        if (rlm_slice_has_control_characters(rlm_slice_of(pairs->value))) {
            return rlm_error_set(error, RLM_BAD_SETTING,
                                 "the value of the header %s must not contain control characters such as line breaks",
                                 pairs->name);
        }
        RLM_TRY(rlm_buffer_append(headers, pairs->name, strlen(pairs->name)));
        RLM_TRY(rlm_buffer_append(headers, ": ", 2));
        RLM_TRY(rlm_buffer_append(headers, pairs->value, strlen(pairs->value) + 1));
    }
    return RLM_OK;
}

static rlm_status
copy_all(rlm_settings *settings, const rlm_source_request *request, rlm_error *error)
{
    const rlm_source *source = request->source;
    const char *name = request->name != NULL ? request->name : source->slug;

    RLM_TRY(copy_text(&settings->name, name));
    RLM_TRY(copy_text(&settings->provider, request->provider != NULL ? request->provider : source->slug));
    RLM_TRY(copy_settings(settings, request));
    RLM_TRY(copy_text(&settings->ca_file, request->ca_file));
    return copy_headers(&settings->headers, request->headers, error);
}

rlm_status
rlm_settings_open(rlm_settings *settings, const rlm_source_request *request, rlm_error *error)
{
    rlm_status status;

    settings->source = request->source;
    settings->local = request->local;
    settings->request_timeout_ms = request->request_timeout_ms;
    settings->connect_timeout_ms = request->connect_timeout_ms;
    rlm_buffer_init(&settings->name, RLM_CAP_NAME + 1);
    rlm_buffer_init(&settings->provider, RLM_CAP_NAME + 1);
    rlm_buffer_init(&settings->headers, RLM_CAP_ERROR_BODY);
    rlm_buffer_init(&settings->ca_file, RLM_CAP_URL);
    for (size_t i = 0; i < RLM_SOURCE_SETTINGS; i++) rlm_buffer_init(&settings->values[i], RLM_CAP_ERROR_BODY);
    rlm_buffer_init(&settings->base_url, RLM_CAP_URL);
    rlm_buffer_init(&settings->proxy, RLM_CAP_URL);
    status = copy_all(settings, request, error);
    if (status == RLM_BAD_SETTING) return status;
    if (status != RLM_TOO_LARGE) return status == RLM_OK ? RLM_OK : rlm_error_set(error, status, NULL);
    return rlm_error_set(error, RLM_BAD_SETTING, "a setting of %s is too long", request->source->name);
}

void
rlm_settings_free(rlm_settings *settings)
{
    for (size_t i = 0; i < RLM_SOURCE_SETTINGS; i++) rlm_buffer_free_secret(&settings->values[i]);
    rlm_buffer_free_secret(&settings->base_url);
    rlm_buffer_free_secret(&settings->proxy);
    rlm_buffer_free_secret(&settings->headers);
    rlm_buffer_free(&settings->name);
    rlm_buffer_free(&settings->provider);
    rlm_buffer_free(&settings->ca_file);
}

const char *
rlm_settings_get(void *context, const char *name)
{
    const rlm_settings *settings = context;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS && settings->source->settings[i].name != NULL; i++) {
        if (strcmp(settings->source->settings[i].name, name) == 0) return text_or_null(&settings->values[i]);
    }
    return NULL;
}

const char *
rlm_settings_base_url(const rlm_settings *settings)
{
    return text_or_null(&settings->base_url);
}

const char *
rlm_settings_proxy(const rlm_settings *settings)
{
    return text_or_null(&settings->proxy);
}

const char *
rlm_settings_ca_file(const rlm_settings *settings)
{
    return text_or_null(&settings->ca_file);
}

static rlm_slice
kept(const rlm_buffer *buffer)
{
    return (rlm_slice){buffer->bytes, buffer->length > 0 ? buffer->length - 1 : 0};
}

rlm_slice
rlm_settings_name(const rlm_settings *settings)
{
    return kept(&settings->name);
}

rlm_slice
rlm_settings_provider(const rlm_settings *settings)
{
    return kept(&settings->provider);
}

/* ---- Credentials ---- */

/* No value of a header is known to be no secret. */
static rlm_status
know_headers(const rlm_buffer *headers, rlm_redactor *redactor)
{
    for (size_t at = 0; at < headers->length;) {
        rlm_slice line = rlm_slice_of(headers->bytes + at);
        const char *colon = memchr(line.bytes, ':', line.length);

        at += line.length + 1;
        if (colon == NULL) continue;
        line.length -= (size_t) (colon + 1 - line.bytes);
        RLM_TRY(rlm_redactor_add_header(redactor, (rlm_slice){colon + 1, line.length}));
    }
    return RLM_OK;
}

rlm_status
rlm_settings_know(const rlm_settings *settings, rlm_redactor *redactor, rlm_error *error)
{
    const rlm_setting *known = settings->source->settings;
    rlm_status status = rlm_redactor_add_url(redactor, kept(&settings->base_url), false);

    if (status == RLM_OK) status = rlm_redactor_add_url(redactor, kept(&settings->proxy), true);
    if (status == RLM_OK) status = know_headers(&settings->headers, redactor);
    for (size_t i = 0; status == RLM_OK && i < RLM_SOURCE_SETTINGS && known[i].name != NULL; i++) {
        rlm_slice name = rlm_slice_of(known[i].name), value = kept(&settings->values[i]);

        if ((known[i].flags & RLM_SETTING_SECRET) != 0) status = rlm_redactor_add(redactor, value);
        else if (rlm_slice_ends_with(name, "_api_base")) status = rlm_redactor_add_url(redactor, value, false);
    }
    return status == RLM_TOO_LARGE
               ? rlm_error_set(error, RLM_BAD_SETTING, "a setting of %s is too long", settings->source->name)
               : status;
}

/* ---- Addresses ---- */

/* The option that gave an unusable URL: the last one that could have, if all seem good. */
static const char *
bad_option(const rlm_settings *settings, const char **value)
{
    const rlm_setting *known = settings->source->settings;
    const char *option = NULL;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS && known[i].name != NULL; i++) {
        bool base = (known[i].flags & RLM_SETTING_BASE_URL) != 0;
        const char *text = base ? text_or_null(&settings->base_url) : text_or_null(&settings->values[i]);

        if (text == NULL || !(base || rlm_slice_ends_with(rlm_slice_of(known[i].name), "_api_base"))) continue;
        option = known[i].name;
        *value = text;
        if (!rlm_http_is_url(text)) break;
    }
    return option;
}

rlm_status
rlm_settings_check_url(const rlm_settings *settings, const rlm_redactor *redactor, const char *url, rlm_error *error)
{
    const char *value = url, *option = bad_option(settings, &value);
    char shown[RLM_ERROR_MESSAGE / 2];

    if (rlm_http_is_url(url)) return RLM_OK;
    rlm_redact(redactor, rlm_slice_of(value), shown, sizeof shown);
    return rlm_error_set(error, RLM_BAD_SETTING, "%s must be an http or https URL, got \"%s\"",
                         option != NULL ? option : "the URL of the source", shown);
}

rlm_status
rlm_settings_check_proxy(const rlm_settings *settings, const rlm_redactor *redactor, rlm_error *error)
{
    const char *proxy = rlm_settings_proxy(settings);
    rlm_slice host = rlm_slice_of(proxy);
    char shown[RLM_ERROR_MESSAGE / 4];

    if (proxy == NULL || rlm_http_is_proxy(proxy)) return RLM_OK;
    rlm_redact(redactor, rlm_spelling_skip(host, rlm_login_last(host)), shown, sizeof shown);
    return rlm_error_set(
        error, RLM_BAD_SETTING,
        "http_proxy, or the environment's, must be a URL such as http://proxy.example:3128, got \"%s%s\"; "
        "# / ? @ in a password are written %%23 %%2F %%3F %%40",
        rlm_login_last(host) > 0 ? "[secret]@" : "", shown);
}
