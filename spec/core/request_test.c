/* One GET being formed: its URL under whatever base was pasted, its headers, its signature. */
#include "base/caps.h"
#include "sources/source.h"
#include "test.h"

#include <string.h>

static rlm_request request;
static rlm_error error;
static const char *key = "s3cret";
static const rlm_source *source = &rlm_source_openai;

static const char *
setting(void *context, const char *name)
{
    (void) context;
    return strcmp(name, "openai_api_key") == 0 ? key : strcmp(name, "region") == 0 ? "eu-west-1" : NULL;
}

static rlm_status
begin(const char *base_url, const char *page)
{
    rlm_request_free(&request);
    memset(&request, 0, sizeof request);
    request.setting = setting;
    rlm_error_clear(&error);
    return rlm_request_begin(&request, source, &source->listings[0], base_url, rlm_slice_of(page), &error);
}

#define ASSERT_URL(expected) ASSERT_TEXT(expected, rlm_slice_of(request.url.bytes))

TEST
goes_below_a_base_url_as_people_paste_it(void)
{
    static const struct {
        const char *base, *url;
    } cases[] = {
        {NULL, "https://api.openai.com/v1/models"},
        {"https://gateway.example", "https://gateway.example/models"},
        {" https://gateway.example/v1/ ", "https://gateway.example/v1/models"},
        {"https://gateway.example/v1/models", "https://gateway.example/v1/models"}, /* not repeated */
        {"https://gateway.example/v1?team=a", "https://gateway.example/v1/models?team=a"},
        {"https://gateway.example/v1#top", "https://gateway.example/v1/models"},
        {"https://gateway.example/v1//", "https://gateway.example/v1/models"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_STATUS(RLM_OK, begin(cases[i].base, ""));
        ASSERT_URL(cases[i].url);
    }
    PASS();
}

TEST
asks_for_a_page_with_its_token_encoded(void)
{
    source = &rlm_source_anthropic;
    ASSERT_STATUS(RLM_OK, begin("https://gateway.example/v1?team=a", "b&c=/ d"));
    ASSERT_URL("https://gateway.example/v1/models?limit=1000&team=a&after_id=b%26c%3D%2F%20d");
    source = &rlm_source_openai;
    PASS();
}

TEST
appends_texts_and_what_must_be_encoded(void)
{
    rlm_request_free(&request);
    memset(&request, 0, sizeof request);
    request.setting = setting;
    rlm_buffer_init(&request.url, RLM_CAP_URL);
    ASSERT_STATUS(RLM_OK, rlm_request_append(&request, "https://"));
    ASSERT_STATUS(RLM_OK, rlm_request_append_label(&request, "region", &error));
    ASSERT_STATUS(RLM_OK, rlm_request_append(&request, ".example/"));
    ASSERT_STATUS(RLM_OK, rlm_request_append_encoded(&request, RLM_SLICE("a/b?c#d%\xC3\xA9~-_.9")));
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&request.url, "", 1));
    ASSERT_URL("https://eu-west-1.example/a%2Fb%3Fc%23d%25%C3%A9~-_.9");
    ASSERT_STATUS(RLM_BAD_SETTING, rlm_request_append_label(&request, "none", &error));
    rlm_request_free(&request);
    PASS();
}

TEST
has_headers_of_settings_that_are_set(void)
{
    ASSERT_STATUS(RLM_OK, begin(NULL, ""));
    ASSERT_TEXT("Authorization: Bearer s3cret", rlm_slice_of(request.headers.bytes));
    ASSERT_STATUS(RLM_OK, rlm_request_header(&request, "x-none", NULL, NULL, &error));
    ASSERT(request.headers.length == sizeof "Authorization: Bearer s3cret");
    ASSERT_STATUS(RLM_OK, rlm_request_setting(&request, "x-key", NULL, "openai_api_key", &error));
    ASSERT_TEXT("x-key: s3cret", rlm_slice_of(request.headers.bytes + sizeof "Authorization: Bearer s3cret"));
    PASS();
}

/* A line break would begin another header. */
TEST
refuses_control_characters_in_headers(void)
{
    static const char *const keys[] = {"a\r\nx-other: b", "a\nb", "a\x01", "a\x7f"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        key = keys[i];
        ASSERT_STATUS(RLM_BAD_SETTING, begin(NULL, ""));
        ASSERT(strstr(error.message, "x-other") == NULL);
    }
    key = "s3cret";
    PASS();
}

TEST
signs_with_keys_that_are_there(void)
{
    ASSERT_STATUS(RLM_OK, begin(NULL, ""));
    ASSERT_STATUS(RLM_OK, rlm_request_sign(&request, "eu-west-1", "bedrock", "id", "secret", "token", &error));
    ASSERT_TEXT("aws:amz:eu-west-1:bedrock", rlm_slice_of(request.sigv4.bytes));
    ASSERT_TEXT("id", rlm_slice_of(request.user.bytes));
    ASSERT_TEXT("secret", rlm_slice_of(request.password.bytes));
    ASSERT(request.signs_headers);
    ASSERT_STATUS(RLM_BAD_SETTING, rlm_request_sign(&request, "eu-west-1", "bedrock", NULL, "secret", NULL, &error));
    ASSERT_STATUS(RLM_BAD_SETTING, rlm_request_sign(&request, "eu-west-1", "bedrock", "id", "a\nb", NULL, &error));
    PASS();
}

TEST
refuses_a_url_that_is_too_long(void)
{
    static char base[RLM_CAP_URL + 1] = "https://gateway.example/";

    memset(base + strlen(base), 'x', sizeof base - 1 - strlen(base));
    ASSERT(begin(base, "") != RLM_OK);
    PASS();
}

static rlm_status
begin_one(void *unused)
{
    (void) unused;
    return begin("https://gateway.example/v1", "a");
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(begin_one, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(goes_below_a_base_url_as_people_paste_it);
    RUN(asks_for_a_page_with_its_token_encoded);
    RUN(appends_texts_and_what_must_be_encoded);
    RUN(has_headers_of_settings_that_are_set);
    RUN(refuses_control_characters_in_headers);
    RUN(signs_with_keys_that_are_there);
    RUN(refuses_a_url_that_is_too_long);
    RUN(survives_a_lack_of_memory);
    rlm_request_free(&request);
    return REPORT("request");
}
