/* What can be told from a URL alone. */
#include "fetch/http.h"
#include "test.h"

TEST
origins_are_scheme_host_and_port(void)
{
    ASSERT(rlm_http_same_origin("https://api.example.com/v1/models", "https://API.example.com:443/other?x"));
    ASSERT(!rlm_http_same_origin("https://api.example.com/", "http://api.example.com/"));
    ASSERT(!rlm_http_same_origin("https://api.example.com/", "https://api.example.com:8443/"));
    ASSERT(!rlm_http_same_origin("https://api.example.com/", "https://api.example.com.evil.net/"));
    ASSERT(!rlm_http_same_origin("https://api.example.com/", "https://api.example.com@evil.net/"));
    ASSERT(!rlm_http_same_origin("no url at all %%", "no url at all %%"));
    PASS();
}

TEST
names_the_host_alone(void)
{
    char host[32];

    rlm_http_host("https://user:key@evil.net:99/path?token=1", host, sizeof host);
    ASSERT_TEXT("evil.net", rlm_slice_of(host));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(origins_are_scheme_host_and_port);
    RUN(names_the_host_alone);
    return REPORT("http_url");
}
