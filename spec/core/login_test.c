/* Where a URL has its user, its password and other credentials, even one that cannot be parsed. */
#include "redact/login.h"
#include "test.h"

TEST
finds_bytes_and_schemes(void)
{
    ASSERT(rlm_login_find(RLM_SLICE("abc/d?e"), "/?") == 3);
    ASSERT(rlm_login_find(RLM_SLICE("abc"), "/?") == 3); /* its length: there is none */
    ASSERT(rlm_login_find(RLM_SLICE(""), "/") == 0);
    ASSERT(rlm_login_scheme(RLM_SLICE("https://a")) == 8 && rlm_login_scheme(RLM_SLICE("socks5h://a")) == 10);
    ASSERT(rlm_login_scheme(RLM_SLICE("//a")) == 2 && rlm_login_scheme(RLM_SLICE("api.example/v1")) == 0);
    PASS();
}

TEST
finds_the_login_of_a_well_formed_url(void)
{
    ASSERT(rlm_login_within_host(RLM_SLICE("me:pass@host/path")) == 8);
    ASSERT(rlm_login_within_host(RLM_SLICE("me@host")) == 3);
    ASSERT(rlm_login_within_host(RLM_SLICE("host/path@2")) == 0);
    ASSERT(rlm_login_within_host(RLM_SLICE("host?to=me@host")) == 0);
    ASSERT(rlm_login_within_host(RLM_SLICE("")) == 0);
    ASSERT(rlm_login_last(RLM_SLICE("a@b@c")) == 4 && rlm_login_last(RLM_SLICE("abc")) == 0);
    PASS();
}

/* A password as it was pasted may contain what ends a host. */
TEST
finds_the_login_of_one_that_cannot_be_parsed(void)
{
    ASSERT(rlm_login_length(RLM_SLICE("me:pa/ss@host/path")) == 9);
    ASSERT(rlm_login_length(RLM_SLICE("me:pa@s?s@host")) == 10);
    ASSERT(rlm_login_length(RLM_SLICE("me:pass@host/path@2")) == 18); /* rather too much than too little */
    ASSERT(rlm_login_length(RLM_SLICE("host/path?to=me@host")) == 0); /* behind a host and a path */
    ASSERT(rlm_login_length(RLM_SLICE("host")) == 0);
    PASS();
}

TEST
knows_the_names_of_credentials(void)
{
    static const char *const secret[] = {"api_key", "key", "access_token", "password"};
    static const char *const neither[] = {"region", "account", ""};

    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        if (!rlm_login_names_secret(rlm_slice_of(secret[i]))) FAIL("%s", secret[i]);
        ASSERT(!rlm_login_names_none(rlm_slice_of(secret[i])));
    }
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
        ASSERT(!rlm_login_names_secret(rlm_slice_of(neither[i])));
    ASSERT(rlm_login_names_none(RLM_SLICE("api-version")));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(finds_bytes_and_schemes);
    RUN(finds_the_login_of_a_well_formed_url);
    RUN(finds_the_login_of_one_that_cannot_be_parsed);
    RUN(knows_the_names_of_credentials);
    return REPORT("login");
}
