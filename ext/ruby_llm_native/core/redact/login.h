/*
 * Where a URL has its user, password and other credentials, even a URL that cannot be parsed.
 *
 * Allocates nothing, any thread.
 */
#ifndef RLM_LOGIN_H
#define RLM_LOGIN_H

#include "base/text.h"

/* The first of `bytes` in the text, or its length. */
size_t
rlm_login_find(rlm_slice text, const char *bytes);

/* How many bytes the scheme of a URL takes with its "://"; 0: there is no scheme. */
size_t
rlm_login_scheme(rlm_slice url);

/* How many bytes stand before what follows the last @ of the text; 0: there is no @. */
size_t
rlm_login_last(rlm_slice text);

/*
 * How many bytes of "user:password@" stand at the start of what follows a scheme, in a well-formed URL: before any of
 * /?#.
 */
size_t
rlm_login_within_host(rlm_slice rest);

/*
 * The same, also for a password that contains one of these characters: then the last @ counts, if a colon stands before
 * it. The @ of a query behind a valid host and path does not count.
 */
size_t
rlm_login_length(rlm_slice rest);

/* Whether a parameter of that name is always a credential, and whether it never is. */
bool
rlm_login_names_secret(rlm_slice name);

bool
rlm_login_names_none(rlm_slice name);

#endif
