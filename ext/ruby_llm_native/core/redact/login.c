/* See login.h. */
#include "redact/login.h"

#include "redact/spelling.h"

#include <string.h>

size_t
rlm_login_find(rlm_slice text, const char *bytes)
{
    size_t at = 0;

    while (at < text.length && (text.bytes[at] == '\0' || strchr(bytes, text.bytes[at]) == NULL)) at++;
    return at;
}

/* Whether the text is a host with or without a port, and a path, if any, that has no colon. */
static bool
is_host_and_path(rlm_slice text)
{
    size_t colon = rlm_login_find(text, ":"), host = rlm_login_find(text, "/");

    if (colon == text.length) return true;
    for (size_t i = colon + 1; i < host; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') return false;
    }
    return colon < host && rlm_login_find(rlm_spelling_skip(text, colon + 1), ":") == text.length - colon - 1;
}

size_t
rlm_login_last(rlm_slice text)
{
    while (text.length > 0 && text.bytes[text.length - 1] != '@') text.length--;
    return text.length;
}

size_t
rlm_login_within_host(rlm_slice rest)
{
    return rlm_login_last((rlm_slice){rest.bytes, rlm_login_find(rest, "/?#")});
}

size_t
rlm_login_length(rlm_slice rest)
{
    size_t query = rlm_login_find(rest, "?#"), last = rlm_login_last(rest), within_host = rlm_login_within_host(rest);

    if (within_host == 0 && query < last && is_host_and_path((rlm_slice){rest.bytes, query})) return 0;
    return rlm_login_find(rest, ":") < last ? last : within_host;
}

size_t
rlm_login_scheme(rlm_slice url)
{
    size_t name = 0;

    while (name < url.length && (rlm_spelling_letter(url.bytes[name]) || url.bytes[name] == '.') &&
           url.bytes[name] != '/')
        name++;
    if (url.length >= name + 3 && memcmp(url.bytes + name, "://", 3) == 0) return name + 3;
    return url.length >= 2 && memcmp(url.bytes, "//", 2) == 0 ? 2 : 0;
}

static bool
has_word(rlm_slice name, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);

        for (size_t at = 0; at + length <= name.length; at++) {
            if (rlm_ascii_alike(name.bytes + at, words[i], length)) return true;
        }
    }
    return false;
}

bool
rlm_login_names_secret(rlm_slice name)
{
    static const char *const words[] = {"key", "token", "secret", "sig", "pass", "pwd", "auth", "cred", "code"};

    return has_word(name, words, sizeof words / sizeof *words);
}

bool
rlm_login_names_none(rlm_slice name)
{
    static const char *const words[] = {"version", "format", "region", "location", "limit", "size"};

    return !rlm_login_names_secret(name) && has_word(name, words, sizeof words / sizeof *words);
}
