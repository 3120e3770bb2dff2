/* Credentials are found in any spelling in which a server may echo them, and everything else stays readable. */
#include "redact/redact.h"

#include "base/caps.h"
#include "test.h"

#include <string.h>

static rlm_redactor redactor;
static char out[512];

static rlm_slice
redacted(const char *text)
{
    rlm_redact(&redactor, rlm_slice_of(text), out, sizeof out);
    return rlm_slice_of(out);
}

static rlm_status
know(const char *credential)
{
    rlm_redactor_init(&redactor);
    return rlm_redactor_add(&redactor, rlm_slice_of(credential));
}

TEST
finds_a_credential_in_every_spelling(void)
{
    static const char *const texts[][2] = {
        {"key a+b/c=d \"e\"&9 is wrong", "key [secret] is wrong"},
        {"key A+B/C=D \"E\"&9 is wrong", "key [secret] is wrong"}, /* a server that does not mind the case */
        {"?x=a%2Bb%2fc%3Dd%20%22e%22%269!", "?x=[secret]!"},       /* percent-encoded */
        {"?x=a%2Bb/c%3Dd+%22e%22%269!", "?x=[secret]!"},           /* as a form */
        {"{\\\"k\\\":\\\"a+b\\/c=d \\\"e\\\"&9\\\"}", "{\\\"k\\\":\\\"[secret]\\\"}"}, /* JSON in a text of JSON */
        {"a\\u002bb/c\\u003dd \\u0022e\\u0022\\u00269;", "[secret];"},
        {"<b>a+b&#x2F;c=d &quot;e&quot;&amp;9</b>", "<b>[secret]</b>"},       /* HTML */
        {"Basic YStiL2M9ZCAiZSImOQ== refused", "Basic [secret] refused"},     /* base64, alone */
        {"Basic dTphK2IvYz1kICJlIiY5 refused", "Basic [secret] refused"},     /* u:key */
        {"Basic dXM6YStiL2M9ZCAiZSImOQ== refused", "Basic [secret] refused"}, /* us:key */
        {"token=eHlhK2IvYz1kICJlIiY5eg%3D%3D.", "token=[secret]."},           /* xy, key, z; as a parameter */
        {"cut at a+b/c=", "cut at [secret]"},
        {"cut at a%2Bb%2Fc%3", "cut at [secret]"},
        {"cut at a+b, no key", "cut at a+b, no key"},
        {"Basic YStiL2M9Z", "Basic [secret]"},
        {"nothing of it", "nothing of it"},
    };

    ASSERT_STATUS(RLM_OK, know("a+b/c=d \"e\"&9"));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bool whole = strstr(texts[i][1], "[secret]") != NULL && strstr(texts[i][0], "cut at") == NULL &&
                     strcmp(texts[i][0], "Basic YStiL2M9Z") != 0;

        ASSERT_TEXT(texts[i][1], redacted(texts[i][0]));
        ASSERT(rlm_redactor_finds(&redactor, rlm_slice_of(texts[i][0])) == whole);
    }
    rlm_redactor_free(&redactor);
    PASS();
}

TEST
finds_letters_beyond_ascii(void)
{
    static const char *const texts[] = {"p\xC3\xA4ss\xF0\x9F\x94\x91word", "p%C3%A4ss%f0%9F%94%91word",
                                        "p\\u00e4ss\\ud83d\\udd11word", "cMOkc3Pwn5SRd29yZA"};

    ASSERT_STATUS(RLM_OK, know("p\xC3\xA4ss\xF0\x9F\x94\x91word"));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) ASSERT_TEXT("[secret]", redacted(texts[i]));
    rlm_redactor_free(&redactor);
    PASS();
}

TEST
finds_the_base64_of_urls(void)
{
    ASSERT_STATUS(RLM_OK, know("~~~??"
                               "?>>>secret")); /* split: it would hold a trigraph */
    ASSERT_TEXT("[secret]", redacted("fn5+Pz8/Pj4+c2VjcmV0"));
    ASSERT_TEXT("[secret]", redacted("fn5-Pz8_Pj4-c2VjcmV0"));
    ASSERT_TEXT("[secret] and more", redacted("fn5%2BPz8%2FPj4%2Bc2VjcmV0 and more"));
    rlm_redactor_free(&redactor);
    PASS();
}

TEST
prefers_the_longest_and_forgets_the_shortest(void)
{
    ASSERT_STATUS(RLM_OK, know("sk-1234"));
    ASSERT_STATUS(RLM_OK, rlm_redactor_add(&redactor, RLM_SLICE("sk-1234-5678")));
    ASSERT_STATUS(RLM_OK, rlm_redactor_add(&redactor, RLM_SLICE(" abc\n")));
    ASSERT_TEXT("[secret], [secret]9 abc", redacted("sk-1234-5678, sk-12349 abc"));
    rlm_redactor_free(&redactor);
    PASS();
}

/* Both what is hidden if the URL was added, and what is hidden if nobody added it. */
TEST
hides_the_login_of_any_url(void)
{
    static const char *const urls[][2] = {
        {"https://someone:pass-word@proxy.corp:3128/x", "https://[secret]@proxy.corp:3128/x"},
        {"http://someone:pass-#word@proxy.corp", "http://[secret]@proxy.corp"},
        {"http://someone:pass-/word@proxy.corp", "http://[secret]@proxy.corp"},
        {"http://some/one:pass-word@proxy.corp", "http://[secret]@proxy.corp"},
        {"http://someone:pass-?wo@rd@proxy.corp", "http://[secret]@proxy.corp"},
        {"http://someone:12/pass-word@proxy.corp", "http://[secret]@proxy.corp"},
        {"http://someone:pass-word@proxy.corp:99999999", "http://[secret]@proxy.corp:99999999"},
        {"foo://someone:pass-word@[::1", "foo://[secret]@[::1"},
        {"https://a-token-of-mine@proxy.corp", "https://[secret]@proxy.corp"},
        {"https://proxy.corp:8443/v1?mail=me@home.example", "https://proxy.corp:8443/v1?mail=me@home.example"},
        {"https://proxy.corp/v1/@scope/models", "https://proxy.corp/v1/@scope/models"},
        {"https://proxy.corp/v1?x=1&api_key=verysecret&y=2", "https://proxy.corp/v1?x=1&api_key=[secret]&y=2"},
    };

    rlm_redactor_init(&redactor);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) ASSERT_TEXT(urls[i][1], redacted(urls[i][0]));
    for (size_t i = 0; i < 7; i++) {
        ASSERT_STATUS(RLM_OK, rlm_redactor_add_url(&redactor, rlm_slice_of(urls[i][0]), false));
        ASSERT(rlm_redactor_finds(&redactor, rlm_slice_of(strchr(strstr(urls[i][0], "://") + 3, ':'))));
        rlm_redactor_free(&redactor);
        rlm_redactor_init(&redactor);
    }
    PASS();
}

TEST
knows_the_password_of_a_proxy_without_a_scheme(void)
{
    static const char *const proxies[] = {"someone:p%40ss+wo/rd@proxy:3128", "some/one:p@ss+wo/rd@proxy",
                                          " socks5h://a:b:p@ss+wo/rd@proxy\n", "http:someone:p@ss+wo/rd@ho st"};

    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) {
        rlm_redactor_init(&redactor);
        ASSERT_STATUS(RLM_OK, rlm_redactor_add_url(&redactor, rlm_slice_of(proxies[i]), true));
        ASSERT_TEXT("not [secret] of proxy", redacted("not p@ss+wo/rd of proxy"));
        rlm_redactor_free(&redactor);
    }
    rlm_redactor_init(&redactor);
    ASSERT_STATUS(RLM_OK, rlm_redactor_add_url(&redactor, RLM_SLICE("http://us:pw@proxy"),
                                               true)); /* too short alone, but not together */
    ASSERT_TEXT("Basic [secret] for us and pw", redacted("Basic dXM6cHc= for us and pw"));
    rlm_redactor_free(&redactor);
    PASS();
}

TEST
knows_what_a_header_says(void)
{
    rlm_redactor_init(&redactor);
    ASSERT_STATUS(RLM_OK, rlm_redactor_add_header(&redactor, RLM_SLICE("basic c29tZS1ib2R5OnBAc3M6d29yZA==")));
    ASSERT_STATUS(RLM_OK, rlm_redactor_add_header(&redactor, RLM_SLICE("Basic not-base64")));
    ASSERT_STATUS(RLM_OK, rlm_redactor_add_header(&redactor, RLM_SLICE("Token abcd/efgh")));
    ASSERT_TEXT("[secret] and [secret]", redacted("Basic c29tZS1ib2R5OnBAc3M6d29yZA== and some-body:p@ss:word"));
    ASSERT_TEXT("user [secret], password [secret]", redacted("user some-body, password p@ss:word"));
    ASSERT_TEXT("no [secret], no [secret], a Token here", redacted("no abcd/efgh, no not-base64, a Token here"));
    rlm_redactor_free(&redactor);
    PASS();
}

TEST
knows_what_a_query_says_but_for_versions(void)
{
    rlm_redactor_init(&redactor);
    ASSERT_STATUS(RLM_OK,
                  rlm_redactor_add_url(
                      &redactor,
                      RLM_SLICE("https://h/v1?api-version=2025-10-21&tenant=ab%2Fcdefgh&k=short&key=1a2b#t=fragment1"),
                      false));
    ASSERT_TEXT("2025-10-21 [secret] short [secret] [secret]", redacted("2025-10-21 ab/cdefgh short 1a2b fragment1"));
    rlm_redactor_free(&redactor);
    PASS();
}

TEST
keeps_a_url_without_users_and_credentials(void)
{
    static const char *const urls[][2] = {
        {"https://user:pass@host/a@b?c=d@e", "https://host/a@b?c=d@e"},
        {"https://a@b:c@host", "https://host"},
        {"https://host?a=b@c", "https://host?a=b@c"},
        {"https://user@", "https://"},
        {"https://host/models?x=sk-secret", "https://host/models?x=[secret]"},
        {"host", "host"},
        {"", ""},
        {"user:pass@host/v1", "host/v1"},
    };
    rlm_buffer url;

    ASSERT_STATUS(RLM_OK, know("sk-secret"));
    rlm_buffer_init(&url, RLM_CAP_URL);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        ASSERT_STATUS(RLM_OK, rlm_redact_url(&redactor, rlm_slice_of(urls[i][0]), &url));
        ASSERT_TEXT(urls[i][1], ((rlm_slice){url.bytes, url.length}));
    }
    rlm_buffer_free(&url);
    rlm_redactor_free(&redactor);
    PASS();
}

TEST
makes_a_text_that_can_be_shown(void)
{
    char small[12];

    ASSERT_STATUS(RLM_OK, know("sk-secret"));
    ASSERT_TEXT("a b\xC3\xA9 c", redacted("a\nb\xC3\xA9\x7f"
                                          "c"));
    ASSERT_TEXT("a?b", redacted("a\xFF"
                                "b"));
    rlm_redact(&redactor, RLM_SLICE("12345\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"), small, sizeof small);
    ASSERT_TEXT("12345\xC3\xA9\xC3\xA9\xC3\xA9", rlm_slice_of(small));
    rlm_redact(&redactor, RLM_SLICE("key sk-secret"), small, sizeof small);
    ASSERT_TEXT("key ", rlm_slice_of(small)); /* no half of a mark either */
    rlm_redact(NULL, RLM_SLICE("sk-secret"), small, sizeof small);
    ASSERT_TEXT("sk-secret", rlm_slice_of(small));
    rlm_redactor_free(&redactor);
    PASS();
}

TEST
takes_long_credentials_out_of_rows(void)
{
    rlm_value text = {.kind = RLM_STRING, .key = RLM_SLICE("sk-secret-key"), .text = RLM_SLICE("Bearer sk-secret-key")};
    rlm_value word = {.kind = RLM_STRING, .key = RLM_SLICE("owner"), .text = RLM_SLICE("ollama sk-secret")};
    rlm_value row = {.kind = RLM_OBJECT, .first = &text};
    rlm_arena arena;

    text.next = &word;
    ASSERT_STATUS(RLM_OK, know("sk-secret-key"));
    ASSERT_STATUS(RLM_OK,
                  rlm_redactor_add(&redactor, RLM_SLICE("ollama"))); /* a word that a local server takes for a key */
    rlm_arena_init(&arena, 1 << 16);
    ASSERT_STATUS(RLM_OK, rlm_redact_value(&redactor, &row, &arena));
    ASSERT_TEXT("[secret]", text.key);
    ASSERT_TEXT("Bearer [secret]", text.text);
    ASSERT_TEXT("ollama sk-secret", word.text); /* what ends like the beginning of a key is not a key */
    ASSERT_STATUS(RLM_OK, rlm_redactor_add(&redactor, RLM_SLICE("of-eight")));
    word.text = RLM_SLICE("OF-eight");
    text.text = RLM_SLICE("b2YtZWlnaHQ"); /* it in base64 */
    ASSERT_STATUS(RLM_OK, rlm_redact_value(&redactor, &row, &arena));
    ASSERT_TEXT("[secret]", word.text);
    ASSERT_TEXT("[secret]", text.text);
    rlm_arena_free(&arena);
    rlm_redactor_free(&redactor);
    PASS();
}

static rlm_status
know_and_redact(void *context)
{
    rlm_value text = {.kind = RLM_STRING, .text = RLM_SLICE("Bearer sk-secret-key")};
    rlm_arena arena;
    rlm_status status;

    (void) context;
    rlm_redactor_init(&redactor);
    rlm_arena_init(&arena, 1 << 16);
    status = rlm_redactor_add(&redactor, RLM_SLICE("sk-secret-key"));
    if (status == RLM_OK)
        status = rlm_redactor_add_url(&redactor, RLM_SLICE("http://someone:pass%20word@proxy?k=12345678"), true);
    if (status == RLM_OK) status = rlm_redact_value(&redactor, &text, &arena);
    rlm_arena_free(&arena);
    rlm_redactor_free(&redactor);
    return status;
}

TEST
survives_each_failing_allocation(void)
{
    ASSERT_SURVIVES_TORTURE(know_and_redact, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(finds_a_credential_in_every_spelling);
    RUN(finds_letters_beyond_ascii);
    RUN(finds_the_base64_of_urls);
    RUN(prefers_the_longest_and_forgets_the_shortest);
    RUN(hides_the_login_of_any_url);
    RUN(knows_the_password_of_a_proxy_without_a_scheme);
    RUN(knows_what_a_header_says);
    RUN(knows_what_a_query_says_but_for_versions);
    RUN(keeps_a_url_without_users_and_credentials);
    RUN(makes_a_text_that_can_be_shown);
    RUN(takes_long_credentials_out_of_rows);
    RUN(survives_each_failing_allocation);
    return REPORT("redact");
}
