/* How a request is formed. Read rlm_request_begin first. */
#include "sources/request.h"

#include "base/caps.h"
#include "sources/source.h"

#include <stdio.h>
#include <string.h>

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

        RLM_TRY(plain ? rlm_buffer_append(&request->url, &byte, 1)
                      : rlm_buffer_append(&request->url, encoded, sizeof encoded));
    }
    return RLM_OK;
}

/* Whether `root` ends with the first `length` bytes of the path, behind a slash. */
static bool
ends_with_path(rlm_slice root, const char *path, size_t length)
{
    return length > 0 && root.length > length && root.bytes[root.length - length - 1] == '/' &&
           memcmp(root.bytes + root.length - length, path, length) == 0;
}

/*
 * How many bytes at the end of `root` repeat the beginning of the path, in whole segments, or the whole path of the
 * source's first listing: a pasted URL of the listing gets no second "/models".
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

    while (rlm_ascii_is_blank(*base_url)) base_url++;
    root = (rlm_slice){base_url, strcspn(base_url, "?#")};
    query = rlm_slice_of(base_url + root.length);
    query.length = query.length > 0 && *query.bytes == '?' ? strcspn(query.bytes, "#") : 0;
    while (root.length > 0 && rlm_ascii_is_blank(root.bytes[root.length - 1])) root.length--;
    while (query.length > 0 &&
           (rlm_ascii_is_blank(query.bytes[query.length - 1]) || query.bytes[query.length - 1] == '&'))
        query.length--;
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
        return rlm_error_set(error, RLM_BAD_SETTING,
                             "%s must have only letters, digits and hyphens, because it becomes part of a URL",
                             setting);
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
rlm_request_begin(rlm_request *request, const rlm_source *source, const rlm_listing *listing, const char *base_url,
                  rlm_slice page, rlm_error *error)
{
    rlm_status status;

    rlm_buffer_init(&request->url, RLM_CAP_URL);
    rlm_buffer_init(&request->headers, RLM_CAP_ERROR_BODY);
    rlm_buffer_init(&request->sigv4, RLM_CAP_URL);
    rlm_buffer_init(&request->user, RLM_CAP_ERROR_BODY);
    rlm_buffer_init(&request->password, RLM_CAP_ERROR_BODY);
    request->signs_headers = false;
    request->slug = source->slug;
    request->listing = listing;
    if (base_url == NULL) base_url = source->base_url;
    if (base_url == NULL && source->form_url == NULL) {
        return rlm_error_set(error, RLM_BAD_SETTING, "%s has no default URL; set %s_api_base", source->name,
                             source->slug);
    }
    status = append_url(request, source, base_url, page, error);
    if (status == RLM_TOO_LARGE) return rlm_error_set(error, status, "the URL of %s is too long", source->name);
    if (status != RLM_OK) return status;
    return source->authorize == NULL ? RLM_OK : source->authorize(request, error);
}

/* Whether one of the user's lines has that name. */
static bool
is_given(const rlm_request *request, const char *name)
{
    const size_t length = strlen(name);

    for (size_t at = 0; at < request->given.length;) {
        const char *line = request->given.bytes + at;
        size_t size = strlen(line);

        if (size > length && line[length] == ':' && rlm_ascii_alike(line, name, length)) return true;
        at += size + 1;
    }
    return false;
}

rlm_status
rlm_request_header(rlm_request *request, const char *name, const char *scheme, const char *value, rlm_error *error)
{
    if (value == NULL || is_given(request, name)) return RLM_OK;
    /* A line break would start a header of its own; the value stays unknown, it may be a key. */
    if (rlm_slice_has_control_characters(rlm_slice_of(value))) {
        return rlm_error_set(error, RLM_BAD_SETTING,
                             "the value of the header %s must not contain control characters such as line breaks",
                             name);
    }
    RLM_TRY(append_text(&request->headers, name));
    RLM_TRY(append_text(&request->headers, ": "));
    if (scheme != NULL) {
        RLM_TRY(append_text(&request->headers, scheme));
        RLM_TRY(append_text(&request->headers, " "));
    }
    return rlm_buffer_append(&request->headers, value, strlen(value) + 1);
}

bool
rlm_request_is_header(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";

    return *name != '\0' && name[strspn(name, allowed)] == '\0';
}

rlm_status
rlm_request_setting(rlm_request *request, const char *header, const char *scheme, const char *setting, rlm_error *error)
{
    return rlm_request_header(request, header, scheme, request->setting(request->context, setting), error);
}

/* One part of the signature's key; `what` names it for people. Its NUL is kept too. */
static rlm_status
keep_key(rlm_buffer *buffer, const char *what, const char *value, rlm_error *error)
{
    if (value == NULL || *value == '\0')
        return rlm_error_set(error, RLM_BAD_SETTING, "the request cannot be signed without the %s", what);
    if (rlm_slice_has_control_characters(rlm_slice_of(value))) {
        return rlm_error_set(error, RLM_BAD_SETTING, "the %s must not contain control characters such as line breaks",
                             what);
    }
    return rlm_buffer_append(buffer, value, strlen(value) + 1);
}

rlm_status
rlm_request_sign(rlm_request *request, const char *region, const char *service, const char *access_key,
                 const char *secret_key, const char *session_token, rlm_error *error)
{
    char scope[160];
    int length = snprintf(scope, sizeof scope, "aws:amz:%s:%s", region != NULL ? region : "", service);

    /* A colon in the region would be read as the service. */
    if (region == NULL || *region == '\0' || strchr(region, ':') != NULL || length < 0 ||
        (size_t) length >= sizeof scope) {
        return rlm_error_set(error, RLM_BAD_SETTING, "the request cannot be signed for this region");
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
