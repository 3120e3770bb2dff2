/* Questions about URLs, answered by libcurl's own parser, so that its transfers agree. */
#include "fetch/http.h"

#include <curl/curl.h>
#include <stdio.h>

/* That part of the URL, to be freed with curl_free, or NULL. */
static char *
url_part(const char *url, CURLUPart part)
{
    CURLU *parsed = curl_url();
    char *text = NULL;

    if (parsed == NULL) return NULL;
    if (curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
        curl_url_get(parsed, part, &text, CURLU_DEFAULT_PORT);
    }
    curl_url_cleanup(parsed);
    return text;
}

bool
rlm_http_same_origin(const char *left, const char *right)
{
    static const CURLUPart parts[] = {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT};
    bool same = true;

    for (size_t i = 0; same && i < sizeof parts / sizeof *parts; i++) {
        char *one = url_part(left, parts[i]), *other = url_part(right, parts[i]);

        same = one != NULL && other != NULL && curl_strequal(one, other);
        curl_free(one);
        curl_free(other);
    }
    return same;
}

/* Whether the URL can be parsed and has a host and one of these schemes; NULL ends the list of schemes. */
static bool
has_scheme(const char *url, unsigned flags, const char *const *schemes)
{
    CURLU *parsed = curl_url();
    char *scheme = NULL, *host = NULL;
    bool known = false;

    if (parsed != NULL && curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME | flags) == CURLUE_OK) {
        curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0);
        curl_url_get(parsed, CURLUPART_HOST, &host, 0);
    }
    for (; scheme != NULL && host != NULL && *schemes != NULL; schemes++)
        known = known || curl_strequal(scheme, *schemes);
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parsed);
    return known;
}

bool
rlm_http_is_url(const char *url)
{
    static const char *const schemes[] = {"http", "https", NULL};

    return has_scheme(url, 0, schemes);
}

bool
rlm_http_is_proxy(const char *url)
{
    static const char *const schemes[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h", NULL};

    return has_scheme(url, CURLU_GUESS_SCHEME, schemes);
}

void
rlm_http_host(const char *url, char *host, size_t size)
{
    char *text = url_part(url, CURLUPART_HOST);

    snprintf(host, size, "%s", text != NULL ? text : "");
    curl_free(text);
}
