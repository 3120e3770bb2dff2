/* Ids of Bedrock: variants, the maker and version round a name, and the same model in other regions. */
#include "base/caps.h"
#include "sources/source.h"
#include "test.h"

#include <string.h>

/* Sizes after the version are for provisioned throughput; ARNs are the user's own. */
TEST
sells_variants(void)
{
    static const char *const variants[] = {"amazon.nova-premier-v1:0:20k", "amazon.nova-premier-v1:0:mm",
                                           "anthropic.claude-v2:0:18k", "cohere.embed-english-v3:0:512",
                                           "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"};
    static const char *const models[] = {"amazon.nova-premier-v1:0",
                                         "us.anthropic.claude-x-20250101-v1:0",
                                         "openai.gpt-oss-120b-1:0",
                                         "amazon.titan-v2",
                                         "xai.grok",
                                         ""};

    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
        ASSERT(rlm_source_ids_of(&rlm_source_bedrock)->is_variant(rlm_slice_of(variants[i])));
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        ASSERT(!rlm_source_ids_of(&rlm_source_bedrock)->is_variant(rlm_slice_of(models[i])));
    PASS();
}

TEST
puts_a_geography_the_maker_and_a_version_round_a_name(void)
{
    const rlm_source_ids *ids = rlm_source_ids_of(&rlm_source_bedrock);
    int version;

    ASSERT_TEXT("claude-2.1", ids->without_namespace(RLM_SLICE("anthropic.claude-2.1")));
    ASSERT_TEXT("claude-2.1", ids->without_namespace(RLM_SLICE("us-gov.anthropic.claude-2.1")));
    ASSERT_TEXT("", ids->without_namespace(RLM_SLICE("claude")));
    ASSERT_TEXT("", ids->without_namespace(RLM_SLICE("us.claude")));
    ASSERT_TEXT("", ids->without_namespace(RLM_SLICE("")));
    ASSERT_TEXT("amazon.titan", ids->without_version(RLM_SLICE("amazon.titan-v2:1"), &version));
    ASSERT(version == 2001);
    PASS();
}

/* The prefixes that are known. */
TEST
ids_are_one_without_their_geography(void)
{
    static const char *const prefixes[] = {"global.", "us-gov.", "us.", "eu.", "apac.", "ap.", "sa.",
                                           "ca.",     "me.",     "af.", "il.", "au.",   "jp."};
    static const char *const whole[] = {"anthropic.claude", "mx.anthropic.claude", "usa.anthropic.claude", "us", ""};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        char id[64];

        snprintf(id, sizeof id, "%santhropic.claude", prefixes[i]);
        ASSERT_TEXT("anthropic.claude", rlm_source_ids_of(&rlm_source_bedrock)->without_region(rlm_slice_of(id)));
    }
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        ASSERT_TEXT(whole[i], rlm_source_ids_of(&rlm_source_bedrock)->without_region(rlm_slice_of(whole[i])));
    PASS();
}

/* "jp.a.b apac.a.b global.a.b " */
static const char *
in_region(const char *id, const char *region)
{
    static char text[4 * RLM_CAP_ID];
    rlm_region_ids ids;
    size_t length = 0;

    rlm_source_ids_of(&rlm_source_bedrock)->in_region(rlm_slice_of(id), rlm_slice_of(region), &ids);
    text[0] = '\0';
    for (size_t i = 0; i < ids.count; i++)
        length +=
            (size_t) snprintf(text + length, sizeof text - length, "%.*s ", (int) ids.ids[i].length, ids.ids[i].bytes);
    return text;
}

/* Country, then geography, then global: ap is called apac, no region counts as us. */
TEST
has_ids_for_a_country_a_geography_and_all_of_them(void)
{
    static const struct {
        const char *region, *ids;
    } cases[] = {
        {"us-west-2", "us.a.b global.a.b "},
        {"us-gov-west-1", "us-gov.a.b global.a.b "},
        {"eu-west-1", "eu.a.b global.a.b "},
        {"eu", "eu.a.b global.a.b "},
        {"ap-south-1", "apac.a.b global.a.b "},
        {"ap-northeast-1", "jp.a.b apac.a.b global.a.b "},
        {"ap-northeast-3", "jp.a.b apac.a.b global.a.b "},
        {"ap-southeast-2", "au.a.b apac.a.b global.a.b "},
        {"ap-southeast-4", "au.a.b apac.a.b global.a.b "},
        {"sa-east-1", "sa.a.b global.a.b "},
        {"", "us.a.b global.a.b "},
        {NULL, "us.a.b global.a.b "},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ASSERT_TEXT(cases[i].ids, rlm_slice_of(in_region("a.b", cases[i].region)));
    PASS();
}

TEST
leaves_out_an_id_that_is_too_long(void)
{
    static char id[RLM_CAP_ID - 2], region[RLM_CAP_ID + 1];

    memset(id, 'x', sizeof id - 1); /* as long as can be with "us." */
    memset(region, 'x', sizeof region - 1);
    ASSERT(strlen(in_region(id, "us-east-1")) == RLM_CAP_ID + 1);
    ASSERT_TEXT("global.a.b ", rlm_slice_of(in_region("a.b", region)));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(sells_variants);
    RUN(puts_a_geography_the_maker_and_a_version_round_a_name);
    RUN(ids_are_one_without_their_geography);
    RUN(has_ids_for_a_country_a_geography_and_all_of_them);
    RUN(leaves_out_an_id_that_is_too_long);
    return REPORT("bedrock_ids");
}
