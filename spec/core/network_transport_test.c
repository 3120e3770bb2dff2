/* The network as a transport: what it refuses before anything is sent. What it sends, servers of other tests see. */
#include "listing.h"

/* The message with which a listing at that address, through that proxy, is refused. */
static const char *
refusal(const char *base_url, const char *proxy)
{
    static const rlm_pair pairs[] = {{"openai_api_key", "s3cret-key"}, {NULL, NULL}};
    const rlm_source_request request = {
        .source = &rlm_source_openai, .settings = pairs, .base_url = base_url, .proxy = proxy};

    if (begin(&rlm_source_openai) != RLM_OK) return "cannot begin";
    rlm_listing_fetch_free(&one);
    if (rlm_settings_open(&settings, &request, &one.error) != RLM_OK) return "cannot be copied";
    common.transport = &rlm_network_transport;
    rlm_listing_fetch_init(&one, &common, &rlm_source_openai.listings[0]);
    rlm_listing_fetch_send(&one); /* there is no set of transfers: to start one would be a NULL read */
    rlm_settings_free(&settings);
    return one.state == RLM_LISTING_FETCH_ENDED && one.attempts == 0 ? one.error.message : "not refused";
}

TEST
refuses_addresses_that_are_none(void)
{
    ASSERT_TEXT("openai_api_base must be an http or https URL, got \"one.example\"",
                rlm_slice_of(refusal("one.example", NULL)));
    ASSERT(one.error.status == RLM_BAD_SETTING);
    ASSERT_TEXT("openai_api_base must be an http or https URL, got \"ftp://[secret].example\"",
                rlm_slice_of(refusal("ftp://s3cret-key.example", NULL)));
    PASS();
}

TEST
refuses_a_proxy_that_is_none(void)
{
    ASSERT(strncmp("http_proxy, or the environment's, must be a URL", refusal("https://one.example", "ftp://p.example"),
                   47) == 0);
    ASSERT(one.error.status == RLM_BAD_SETTING);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(refuses_addresses_that_are_none);
    RUN(refuses_a_proxy_that_is_none);
    listing_free();
    return REPORT("network_transport");
}
