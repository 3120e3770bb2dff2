/* The table of sources, how their requests are formed, and what two of them share. */
#include "source.h"

#include "limits.h"

#include <stdio.h>
#include <string.h>

const rlm_source *const rlm_sources[] = {
    &rlm_source_openai,     &rlm_source_anthropic, &rlm_source_gemini, &rlm_source_mistral,    &rlm_source_deepseek,
    &rlm_source_openrouter, &rlm_source_xai,       &rlm_source_ollama, &rlm_source_models_dev, &rlm_source_file,
    &rlm_source_bedrock,    &rlm_source_vertexai,
    &rlm_source_elevenlabs, &rlm_source_deepgram, &rlm_source_published,
    &rlm_source_azure,      &rlm_source_cohere,    &rlm_source_perplexity, &rlm_source_ollama_cloud, &rlm_source_gpustack, &rlm_source_hetzner,
    &rlm_source_bundle,
    NULL,
};

const char *
rlm_origin_name(int origin)
{
#define X(name, text) text,
    static const char *const names[] = {RLM_ORIGINS(X)};
#undef X

    if (origin > RLM_ORIGIN_UNSAID && origin < (int) (sizeof names / sizeof *names)) return names[origin];
    for (int i = 0; i <= origin - RLM_ORIGIN_SOURCE && rlm_sources[i] != NULL; i++) {
        if (i == origin - RLM_ORIGIN_SOURCE) return rlm_sources[i]->slug;
    }
    return NULL;
}

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

size_t
rlm_source_listing_count(const rlm_source *source)
{
    size_t count = 0;

    while (count < RLM_SOURCE_LISTINGS && source->listings[count].rows != NULL) count++;
    return count;
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

rlm_status
rlm_request_append(rlm_request *request, const char *text)
{
    return append_text(&request->url, text);
}

rlm_status
rlm_request_append_encoded(rlm_request *request, rlm_slice value)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < value.length; i++) {
        unsigned char byte = (unsigned char) value.bytes[i];
        char encoded[3] = {'%', hex[byte >> 4], hex[byte & 15]};
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                     (byte != '\0' && strchr("-._~", byte) != NULL);

        RLM_TRY(plain ? rlm_buffer_append(&request->url, &byte, 1) : rlm_buffer_append(&request->url, encoded, sizeof encoded));
    }
    return RLM_OK;
}

static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Whether `root` ends with the first `length` bytes of the path, behind a slash. */
static bool
ends_with_path(rlm_slice root, const char *path, size_t length)
{
    return length > 0 && root.length > length && root.bytes[root.length - length - 1] == '/' &&
           memcmp(root.bytes + root.length - length, path, length) == 0;
}

/*
 * How many bytes at the end of `root` are what the path begins with, whole segments of it, or the whole path of the source's first listing: who has
 * pasted a whole address gets no second "/models".
 */
static size_t
overlap(const rlm_request *request, rlm_slice root, const char *path)
{
    const rlm_source *source = rlm_source_find(rlm_slice_of(request->slug));
    const char *first = source != NULL && source->listings[0].path != NULL ? source->listings[0].path : "";
    size_t end = strcspn(path, "?"), whole = strcspn(first, "?");

    for (size_t length = end; length > 0; length--) {
        if ((length == end || path[length] == '/') && ends_with_path(root, path, length)) return length;
    }
    return ends_with_path(root, first, whole) ? whole : 0;
}

rlm_status
rlm_request_append_path(rlm_request *request, const char *base_url, const char *path)
{
    rlm_slice root, query;

    while (is_blank(*base_url)) base_url++;
    root = (rlm_slice) {base_url, strcspn(base_url, "?#")};
    query = rlm_slice_of(base_url + root.length);
    query.length = query.length > 0 && *query.bytes == '?' ? strcspn(query.bytes, "#") : 0;
    while (root.length > 0 && is_blank(root.bytes[root.length - 1])) root.length--;
    while (query.length > 0 && (is_blank(query.bytes[query.length - 1]) || query.bytes[query.length - 1] == '&')) query.length--;
    if (path != NULL) {
        while (root.length > 0 && root.bytes[root.length - 1] == '/') root.length--;
        root.length -= overlap(request, root, path);
        while (root.length > 0 && root.bytes[root.length - 1] == '/') root.length--;
    }
    RLM_TRY(rlm_buffer_append(&request->url, root.bytes, root.length));
    if (path != NULL) {
        RLM_TRY(append_text(&request->url, "/"));
        RLM_TRY(append_text(&request->url, path));
    }
    if (query.length < 2) return RLM_OK;
    RLM_TRY(append_text(&request->url, path != NULL && strchr(path, '?') != NULL ? "&" : "?"));
    return rlm_buffer_append(&request->url, query.bytes + 1, query.length - 1);
}

rlm_status
rlm_request_append_label(rlm_request *request, const char *setting, rlm_error *error)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    const char *value = request->setting(request->context, setting);

    if (value == NULL || *value == '\0' || value[strspn(value, allowed)] != '\0') {
        return rlm_error_set(error, RLM_BAD_SETTING, "%s must be letters, digits and hyphens: it becomes part of an address", setting);
    }
    return append_text(&request->url, value);
}

static rlm_status
append_url(rlm_request *request, const rlm_source *source, const char *base_url, rlm_slice page, rlm_error *error)
{
    const rlm_listing *listing = request->listing;

    if (source->form_url != NULL) RLM_TRY(source->form_url(request, listing, base_url, error));
    else RLM_TRY(rlm_request_append_path(request, base_url, listing->path));
    if (page.length > 0 && listing->page != NULL) {
        bool query = memchr(request->url.bytes, '?', request->url.length) != NULL;

        RLM_TRY(append_text(&request->url, query ? "&" : "?"));
        RLM_TRY(append_text(&request->url, listing->page));
        RLM_TRY(append_text(&request->url, "="));
        RLM_TRY(rlm_request_append_encoded(request, page));
    }
    return rlm_buffer_append(&request->url, "", 1);
}

rlm_status
rlm_request_begin(rlm_request *request, const rlm_source *source, const rlm_listing *listing, const char *base_url, rlm_slice page,
                  rlm_error *error)
{
    rlm_status status;

    rlm_buffer_init(&request->url, RLM_LIMIT_URL);
    rlm_buffer_init(&request->headers, RLM_LIMIT_ERROR_BODY);
    rlm_buffer_init(&request->sigv4, RLM_LIMIT_URL);
    rlm_buffer_init(&request->user, RLM_LIMIT_ERROR_BODY);
    rlm_buffer_init(&request->password, RLM_LIMIT_ERROR_BODY);
    request->signs_headers = false;
    request->slug = source->slug;
    request->listing = listing;
    if (base_url == NULL) base_url = source->base_url;
    if (base_url == NULL && source->form_url == NULL) {
        return rlm_error_set(error, RLM_BAD_SETTING, "%s has no address of its own: set %s_api_base", source->name, source->slug);
    }
    status = append_url(request, source, base_url, page, error);
    if (status == RLM_TOO_LARGE) return rlm_error_set(error, status, "the address of %s is too long", source->name);
    if (status != RLM_OK) return status;
    return source->authorize == NULL ? RLM_OK : source->authorize(request, error);
}

static bool
has_control_characters(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char) *text < 0x20 || *text == 0x7f) return true;
    }
    return false;
}

rlm_status
rlm_request_header(rlm_request *request, const char *name, const char *scheme, const char *value, rlm_error *error)
{
    if (value == NULL) return RLM_OK;
    /* A line break would start a header of its own; the value stays unsaid, it may be a key. */
    if (has_control_characters(value)) {
        return rlm_error_set(error, RLM_BAD_SETTING, "the value for the header %s contains a control character (a line break?)", name);
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

/* One part of what signs: `what` names it for people. Its NUL is kept too. */
static rlm_status
keep_key(rlm_buffer *buffer, const char *what, const char *value, rlm_error *error)
{
    if (value == NULL || *value == '\0') return rlm_error_set(error, RLM_BAD_SETTING, "the request cannot be signed without its %s", what);
    if (has_control_characters(value)) {
        return rlm_error_set(error, RLM_BAD_SETTING, "the %s contains a control character (a line break?)", what);
    }
    return rlm_buffer_append(buffer, value, strlen(value) + 1);
}

rlm_status
rlm_request_sign(rlm_request *request, const char *region, const char *service, const char *access_key, const char *secret_key,
                 const char *session_token, rlm_error *error)
{
    char scope[160];
    int length = snprintf(scope, sizeof scope, "aws:amz:%s:%s", region != NULL ? region : "", service);

    /* A colon in the region would be read as the service. */
    if (region == NULL || *region == '\0' || strchr(region, ':') != NULL || length < 0 || (size_t) length >= sizeof scope) {
        return rlm_error_set(error, RLM_BAD_SETTING, "the request cannot be signed for that region");
    }
    RLM_TRY(keep_key(&request->sigv4, "region", scope, error));
    RLM_TRY(keep_key(&request->user, "access key", access_key, error));
    RLM_TRY(keep_key(&request->password, "secret key", secret_key, error));
    request->signs_headers = session_token != NULL;
    return rlm_request_header(request, "x-amz-security-token", NULL, session_token, error);
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
    rlm_buffer_free_secret(&request->user);
    rlm_buffer_free_secret(&request->password);
    rlm_buffer_free(&request->sigv4);
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

/* Where `text`, in lower case, first stands in `slice`, in any case; slice.length when nowhere. */
static size_t
find_word(rlm_slice slice, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i + length <= slice.length; i++) {
        size_t same = 0;

        while (same < length) {
            char byte = slice.bytes[i + same];

            if (byte >= 'A' && byte <= 'Z') byte = (char) (byte - 'A' + 'a');
            if (byte != text[same]) break;
            same++;
        }
        if (same == length) return i;
    }
    return slice.length;
}

rlm_slice
rlm_source_page_title(rlm_slice html)
{
    size_t start = find_word(html, "<title>");
    rlm_slice title = {NULL, 0};

    if (start == html.length) return title;
    start += strlen("<title>");
    title = (rlm_slice) {html.bytes + start, html.length - start};
    title.length = find_word(title, "</title>");
    while (title.length > 0 && ((*title.bytes >= '0' && *title.bytes <= '9') || *title.bytes == ' ' || *title.bytes == '\n')) {
        title.bytes++;
        title.length--;
    }
    return title;
}
