/* A source's settings as a request copied them: which are kept, which are secret, and which are unusable. */
#include "base/caps.h"
#include "fetch/settings.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static rlm_settings settings;
static rlm_error error;

/* Copy these settings of that source. */
static rlm_status
copy(const rlm_source *source, const rlm_pair *pairs, const char *base_url, const char *proxy)
{
    const rlm_source_request request = {.source = source, .settings = pairs, .base_url = base_url, .proxy = proxy};

    if (settings.source != NULL) rlm_settings_free(&settings);
    rlm_error_clear(&error);
    return rlm_settings_open(&settings, &request, &error);
}

#define ASSERT_SETTING(expected, name) ASSERT_TEXT(expected, rlm_slice_of(rlm_settings_get(&settings, name)))

TEST
keeps_the_settings_that_the_source_has(void)
{
    static const rlm_pair pairs[] = {{"openai_api_key", "sk-1"},
                                     {"openai_organization_id", ""},
                                     {"mistral_api_key", "other"},
                                     {"openai_api_key", "sk-2"}, /* the last one */
                                     {NULL, NULL}};

    ASSERT_STATUS(RLM_OK, copy(&rlm_source_openai, pairs, NULL, NULL));
    ASSERT_SETTING("sk-2", "openai_api_key");
    ASSERT(rlm_settings_get(&settings, "openai_organization_id") == NULL);
    ASSERT(rlm_settings_get(&settings, "mistral_api_key") == NULL);
    ASSERT(rlm_settings_base_url(&settings) == NULL && rlm_settings_proxy(&settings) == NULL);
    ASSERT_STATUS(RLM_OK, copy(&rlm_source_openai, NULL, NULL, NULL));
    ASSERT(rlm_settings_get(&settings, "openai_api_key") == NULL);
    PASS();
}

TEST
drops_blanks_around_addresses(void)
{
    static const rlm_pair pairs[] = {{"openai_api_base", " https://one.example/v1\n"}, {NULL, NULL}};

    ASSERT_STATUS(RLM_OK, copy(&rlm_source_openai, pairs, NULL, "\t http://proxy.example:3128 "));
    ASSERT_TEXT("https://one.example/v1", rlm_slice_of(rlm_settings_base_url(&settings)));
    ASSERT_TEXT("http://proxy.example:3128", rlm_slice_of(rlm_settings_proxy(&settings)));
    ASSERT_STATUS(RLM_OK, copy(&rlm_source_openai, pairs, "https://two.example", " "));
    ASSERT_TEXT("https://two.example", rlm_slice_of(rlm_settings_base_url(&settings)));
    ASSERT(rlm_settings_proxy(&settings) == NULL);
    PASS();
}

TEST
refuses_a_setting_that_is_too_long(void)
{
    char *text = malloc(RLM_CAP_ERROR_BODY + 2);
    rlm_pair pairs[] = {{"openai_api_key", text}, {NULL, NULL}};

    ASSERT(text != NULL);
    memset(text, 'x', RLM_CAP_ERROR_BODY + 1);
    text[RLM_CAP_ERROR_BODY + 1] = '\0';
    ASSERT_STATUS(RLM_BAD_SETTING, copy(&rlm_source_openai, pairs, NULL, NULL));
    ASSERT_TEXT("a setting of OpenAI is too long", rlm_slice_of(error.message));
    free(text);
    PASS();
}

TEST
knows_every_credential_among_them(void)
{
    static const rlm_pair pairs[] = {
        {"openai_api_key", "sk-very-secret"}, {"openai_organization_id", "org-public"}, {NULL, NULL}};
    rlm_redactor redactor;
    char out[128];

    rlm_redactor_init(&redactor);
    ASSERT_STATUS(RLM_OK,
                  copy(&rlm_source_openai, pairs, "https://me:pass-word@one.example", "http://u:proxy-pass@p.example"));
    ASSERT_STATUS(RLM_OK, rlm_settings_know(&settings, &redactor, &error));
    rlm_redact(&redactor, RLM_SLICE("sk-very-secret org-public pass-word proxy-pass"), out, sizeof out);
    ASSERT_TEXT("[secret] org-public [secret] [secret]", rlm_slice_of(out));
    rlm_redactor_free(&redactor);
    PASS();
}

TEST
says_which_option_is_no_url(void)
{
    static const rlm_pair pairs[] = {{"openai_api_base", "one.example"}, {NULL, NULL}};

    ASSERT_STATUS(RLM_OK, copy(&rlm_source_openai, pairs, NULL, NULL));
    ASSERT_STATUS(RLM_OK, rlm_settings_check_url(&settings, NULL, "https://one.example/models", &error));
    ASSERT_STATUS(RLM_BAD_SETTING, rlm_settings_check_url(&settings, NULL, "one.example/models", &error));
    ASSERT_TEXT("openai_api_base must be an http or https URL, got \"one.example\"", rlm_slice_of(error.message));
    PASS();
}

/* What stands before the last @ may be a password, whatever it looks like. */
TEST
says_what_is_no_proxy_without_its_password(void)
{
    static const char start[] = "http_proxy, or the environment's, must be a URL such as http://proxy.example:3128, "
                                "got \"[secret]@proxy.example\"";

    ASSERT_STATUS(RLM_OK, copy(&rlm_source_openai, NULL, NULL, "http://proxy.example:3128"));
    ASSERT_STATUS(RLM_OK, rlm_settings_check_proxy(&settings, NULL, &error));
    ASSERT_STATUS(RLM_OK, copy(&rlm_source_openai, NULL, NULL, NULL));
    ASSERT_STATUS(RLM_OK, rlm_settings_check_proxy(&settings, NULL, &error));
    ASSERT_STATUS(RLM_OK, copy(&rlm_source_openai, NULL, NULL, "ftp://me:pass@proxy.example"));
    ASSERT_STATUS(RLM_BAD_SETTING, rlm_settings_check_proxy(&settings, NULL, &error));
    ASSERT(strncmp(error.message, start, sizeof start - 1) == 0);
    PASS();
}

static rlm_status
copy_all(void *unused)
{
    static const rlm_pair pairs[] = {{"openai_api_key", "sk-1"}, {NULL, NULL}};

    (void) unused;
    return copy(&rlm_source_openai, pairs, "https://one.example", "http://proxy.example");
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(copy_all, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(keeps_the_settings_that_the_source_has);
    RUN(drops_blanks_around_addresses);
    RUN(refuses_a_setting_that_is_too_long);
    RUN(knows_every_credential_among_them);
    RUN(says_which_option_is_no_url);
    RUN(says_what_is_no_proxy_without_its_password);
    RUN(survives_a_lack_of_memory);
    rlm_settings_free(&settings);
    return REPORT("settings");
}
