/* The table of sources, how their requests are formed, and what two of them share. */
#include "source.h"

#include "limits.h"

#include <stdio.h>
#include <string.h>

const rlm_source *const rlm_sources[] = {
    &rlm_source_openai,     &rlm_source_anthropic, &rlm_source_gemini, &rlm_source_mistral,    &rlm_source_deepseek,
    &rlm_source_openrouter, &rlm_source_xai,       &rlm_source_ollama, &rlm_source_models_dev, &rlm_source_file,
    NULL,
};

const rlm_source *
rlm_source_find(rlm_slice slug)
{
    for (int i = 0; rlm_sources[i] != NULL; i++) {
        if (rlm_slice_is(slug, rlm_sources[i]->slug)) return rlm_sources[i];
    }
    return NULL;
}

int
rlm_source_position(const rlm_source *source)
{
    int position = 0;

    while (rlm_sources[position] != NULL && rlm_sources[position] != source) position++;
    return position;
}

rlm_type
rlm_source_type_of_id(const rlm_source *source, rlm_slice id)
{
    if (source == NULL) return RLM_TYPE_UNSAID;
    for (int i = 0; i < RLM_SOURCE_TYPES && source->types[i].text != NULL; i++) {
        if (rlm_slice_contains(id, source->types[i].text)) return source->types[i].type;
    }
    return RLM_TYPE_UNSAID;
}

/* ---- Requests ---- */

static rlm_status
append_text(rlm_buffer *buffer, const char *text)
{
    return rlm_buffer_append(buffer, text, strlen(text));
}

static rlm_status
append_encoded(rlm_buffer *buffer, rlm_slice value)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < value.length; i++) {
        unsigned char byte = (unsigned char) value.bytes[i];
        char encoded[3] = {'%', hex[byte >> 4], hex[byte & 15]};
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                     (byte != '\0' && strchr("-._~", byte) != NULL);

        RLM_TRY(plain ? rlm_buffer_append(buffer, &byte, 1) : rlm_buffer_append(buffer, encoded, sizeof encoded));
    }
    return RLM_OK;
}

static rlm_status
append_url(rlm_request *request, const rlm_source *source, const char *base_url, rlm_slice page)
{
    RLM_TRY(append_text(&request->url, base_url));
    if (source->path != NULL) {
        while (request->url.length > 0 && request->url.bytes[request->url.length - 1] == '/') request->url.length--;
        RLM_TRY(append_text(&request->url, "/"));
        RLM_TRY(append_text(&request->url, source->path));
    }
    if (page.length > 0 && source->page != NULL) {
        bool query = memchr(request->url.bytes, '?', request->url.length) != NULL;

        RLM_TRY(append_text(&request->url, query ? "&" : "?"));
        RLM_TRY(append_text(&request->url, source->page));
        RLM_TRY(append_text(&request->url, "="));
        RLM_TRY(append_encoded(&request->url, page));
    }
    return rlm_buffer_append(&request->url, "", 1);
}

rlm_status
rlm_request_begin(rlm_request *request, const rlm_source *source, const char *base_url, rlm_slice page, rlm_error *error)
{
    rlm_status status;

    rlm_buffer_init(&request->url, RLM_LIMIT_URL);
    rlm_buffer_init(&request->headers, RLM_LIMIT_ERROR_BODY);
    request->slug = source->slug;
    if (base_url == NULL) base_url = source->base_url;
    if (base_url == NULL) return rlm_error_set(error, RLM_BAD_SETTING, "%s has no address of its own: set %s_api_base", source->name, source->slug);
    status = append_url(request, source, base_url, page);
    if (status != RLM_OK) return rlm_error_set(error, status, "the address of %s is too long", source->name);
    return source->authorize == NULL ? RLM_OK : source->authorize(request, error);
}

rlm_status
rlm_request_header(rlm_request *request, const char *name, const char *scheme, const char *value, rlm_error *error)
{
    if (value == NULL) return RLM_OK;
    for (const char *byte = value; *byte != '\0'; byte++) {
        /* A line break would start a header of its own; the value stays unsaid, it may be a key. */
        if ((unsigned char) *byte < 0x20 || *byte == 0x7f) {
            return rlm_error_set(error, RLM_BAD_SETTING, "the value for the header %s contains a control character (a line break?)", name);
        }
    }
    RLM_TRY(append_text(&request->headers, name));
    RLM_TRY(append_text(&request->headers, ": "));
    if (scheme != NULL) {
        RLM_TRY(append_text(&request->headers, scheme));
        RLM_TRY(append_text(&request->headers, " "));
    }
    return rlm_buffer_append(&request->headers, value, strlen(value) + 1);
}

rlm_status
rlm_request_setting(rlm_request *request, const char *header, const char *scheme, const char *setting, rlm_error *error)
{
    return rlm_request_header(request, header, scheme, request->setting(request->context, setting), error);
}

rlm_status
rlm_source_bearer(rlm_request *request, rlm_error *error)
{
    char setting[64];

    (void) snprintf(setting, sizeof setting, "%s_api_key", request->slug);
    return rlm_request_setting(request, "Authorization", "Bearer", setting, error);
}

void
rlm_request_free(rlm_request *request)
{
    rlm_buffer_free_secret(&request->url);
    rlm_buffer_free_secret(&request->headers);
}

/* ---- Errors ---- */

rlm_slice
rlm_source_error_message(const rlm_value *body)
{
    static const char *const keys[] = {"message", "detail", "Message", "err_msg"};
    const rlm_value *error = rlm_value_get(body, "error");
    rlm_slice text = rlm_value_text(error);

    if (body == NULL) return text;
    if (body->kind == RLM_ARRAY) return rlm_source_error_message(body->first);
    if (text.length == 0) text = rlm_value_text(rlm_value_get(error, "message"));
    for (size_t i = 0; text.length == 0 && i < sizeof keys / sizeof *keys; i++) {
        const rlm_value *value = rlm_value_get(body, keys[i]);

        text = rlm_value_text(value);
        if (text.length == 0 && value != NULL && value->kind == RLM_ARRAY) text = rlm_value_text(rlm_value_get(value->first, "msg"));
        if (text.length == 0) text = rlm_value_text(rlm_value_get(value, "message"));
    }
    return text;
}
