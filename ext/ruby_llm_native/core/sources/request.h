/*
 * One GET being formed: its URL, its headers, its signature.
 *
 * The caller owns a request, which may hold credentials; rlm_request_free zeroes them. Any thread, one at a time.
 */
#ifndef RLM_REQUEST_H
#define RLM_REQUEST_H

#include "base/text.h"

typedef struct rlm_source rlm_source;   /* source.h */
typedef struct rlm_listing rlm_listing; /* source.h */

/* One GET being formed. It owns everything in it until rlm_request_free, which zeroes it. */
typedef struct {
    rlm_buffer url;
    rlm_buffer headers;        /* "Name: value" lines, each ended by a NUL */
    rlm_buffer sigv4;          /* libcurl's "aws:amz:region:service"; empty: not signed */
    rlm_buffer user, password; /* what signs it: the access key and its secret */
    bool signs_headers;        /* a session token is among the headers, and must be signed too */
    rlm_slice given;           /* the user's own lines, which replace the API's headers of their names */
    const char *slug;          /* of the source that is asked; set by rlm_request_begin, as is the listing */
    const rlm_listing *listing;
    const char *(*setting)(void *context, const char *name); /* a setting's value, or NULL */
    void *context;
} rlm_request;

/*
 * Begin the authorized request for the page of that token (empty: the first one) of one of the source's listings under
 * `base_url` (NULL: its own). The caller owns `*request`, also after a failure. RLM_BAD_SETTING, RLM_TOO_LARGE,
 * RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_request_begin(rlm_request *request, const rlm_source *source, const rlm_listing *listing, const char *base_url,
                  rlm_slice page, rlm_error *error);

/*
 * For rlm_source.form_url: append to the URL as it stands; encoded, as part of one segment or value; or below a base
 * URL as people paste it: blanks around it, slashes at its end and a fragment are dropped, its query goes behind the
 * path, and a part of the path that it already has ("…/v1/models") is not repeated.
 */
RLM_NODISCARD rlm_status
rlm_request_append(rlm_request *request, const char *text);

RLM_NODISCARD rlm_status
rlm_request_append_encoded(rlm_request *request, rlm_slice value);

RLM_NODISCARD rlm_status
rlm_request_append_path(rlm_request *request, const char *base_url, const char *path);

/* The value of a setting as part of a host name: letters, digits and hyphens only, else RLM_BAD_SETTING. */
RLM_NODISCARD rlm_status
rlm_request_append_label(rlm_request *request, const char *setting, rlm_error *error);

/*
 * Add a header, unless `value` is NULL or the user gave one of that name. `scheme` ("Bearer") may be NULL.
 * RLM_BAD_SETTING if the value has a control character.
 */
RLM_NODISCARD rlm_status
rlm_request_header(rlm_request *request, const char *name, const char *scheme, const char *value, rlm_error *error);

/* Whether that can be the name of a header. */
bool
rlm_request_is_header(const char *name);

/* Add a header with the value of a setting, if it is set. */
RLM_NODISCARD rlm_status
rlm_request_setting(rlm_request *request, const char *header, const char *scheme, const char *setting,
                    rlm_error *error);

/*
 * Have the request signed with AWS Signature Version 4 each time it is sent; `session_token` may be NULL. Its query
 * must be sorted by name, because some libcurls sign it as it stands. RLM_BAD_SETTING if a key is missing or has a
 * control character.
 */
RLM_NODISCARD rlm_status
rlm_request_sign(rlm_request *request, const char *region, const char *service, const char *access_key,
                 const char *secret_key, const char *session_token, rlm_error *error);

void
rlm_request_free(rlm_request *request);

#endif
