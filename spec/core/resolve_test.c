/* Resolution: which model a name means, in what order the others come, and why. */
#include "base/caps.h"
#include "lookup/resolve.h"
#include "test.h"

#include <string.h>

#define MOST 16

static rlm_record
model(const char *provider, const char *id, rlm_standing standing)
{
    rlm_record record;

    rlm_record_init(&record, NULL, rlm_slice_of(provider));
    record.id = rlm_slice_of(id);
    record.name = record.id;
    record.standing = (uint8_t) standing;
    return record;
}

static rlm_record
listed(const char *provider, const char *id)
{
    return model(provider, id, RLM_STANDING_LISTED);
}

static rlm_record
catalogued(const char *provider, const char *id)
{
    return model(provider, id, RLM_STANDING_DOCUMENTED);
}

/* What answers, as text: "anthropic/a exact, bedrock/us.x.a profile". */
static const char *
answers(rlm_record *records, size_t count, const rlm_query *query, size_t capacity)
{
    static char text[1024];
    rlm_candidate found[MOST];
    size_t length = 0, answering;
    rlm_buffer out;
    rlm_block block;
    rlm_error error;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    strcpy(text, "no block");
    if (rlm_block_write(RLM_BLOCK_CATALOG, records, count, NULL, &out) == RLM_OK &&
        rlm_block_open(out.bytes, out.length, &block, &error) == RLM_OK) {
        answering = rlm_resolve(&block, query, found, capacity);
        text[0] = '\0';
        for (size_t i = 0; i < answering; i++) {
            rlm_slice provider, id;

            rlm_block_key(&block, found[i].record, &provider, &id);
            length += (size_t) snprintf(text + length, sizeof text - length, "%s%.*s/%.*s %s", i == 0 ? "" : ", ",
                                        (int) provider.length, provider.bytes, (int) id.length, id.bytes,
                                        rlm_match_names[found[i].match]);
        }
    }
    rlm_buffer_free(&out);
    return text;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Wanted is written as designated initializers of the query: .id = …, .region = … */
#define ASSERT_ANSWERS(expected, records, ...)                                                                         \
    do {                                                                                                               \
        const rlm_query query_ = {__VA_ARGS__};                                                                        \
        const char *got_ = answers((records), COUNT(records), &query_, MOST);                                          \
        if (strcmp(got_, (expected)) != 0) FAIL("\"%s\", not \"%s\"", got_, (expected));                               \
    } while (0)

static const rlm_slice order[] = {{"openai", 6}, {"anthropic", 9}, {"bedrock", 7}, {"openrouter", 10}};

TEST
prefers_providers_in_the_order_that_is_given(void)
{
    rlm_record records[] = {listed("anthropic", "a"), listed("openai", "a"), listed("nobody", "a"),
                            listed("another", "a")};
    const rlm_slice turned[] = {order[1], order[0]};

    ASSERT_ANSWERS("openai/a exact, anthropic/a exact, another/a exact, nobody/a exact", records, .id = RLM_SLICE("a"),
                   .order = order, .order_count = 4);
    ASSERT_ANSWERS("anthropic/a exact, openai/a exact, another/a exact, nobody/a exact", records, .id = RLM_SLICE("a"),
                   .order = turned, .order_count = 2);
    ASSERT_ANSWERS("nobody/a exact", records, .id = RLM_SLICE("a"), .provider = RLM_SLICE("nobody"), .order = order,
                   .order_count = 4);
    ASSERT_ANSWERS("", records, .id = RLM_SLICE("a"), .provider = RLM_SLICE("xai"));
    PASS();
}

TEST
puts_unlisted_models_last_whoever_serves_them(void)
{
    rlm_record records[] = {model("openai", "a", RLM_STANDING_UNLISTED), catalogued("anthropic", "a"),
                            listed("openrouter", "a")};

    ASSERT_ANSWERS("anthropic/a exact, openrouter/a exact, openai/a exact", records, .id = RLM_SLICE("a"),
                   .order = order, .order_count = 4);
    PASS();
}

TEST
finds_by_aliases_after_exact_ids_of_the_same_provider_only(void)
{
    rlm_record records[] = {listed("anthropic", "a-20250101"), listed("anthropic", "a-20240101"),
                            listed("openrouter", "a"), listed("openrouter", "anthropic/a")};

    ASSERT_ANSWERS("anthropic/a-20250101 snapshot, openrouter/a exact", records, .id = RLM_SLICE("a"), .order = order,
                   .order_count = 4);
    PASS();
}

TEST
takes_a_listed_alias_before_a_catalogued_one(void)
{
    rlm_record records[] = {catalogued("mistral", "b-one"), listed("mistral", "b-two")};

    records[0].equivalents = RLM_SLICE("b\n");
    records[1].equivalents = RLM_SLICE("b\n");
    ASSERT_ANSWERS("mistral/b-two stated, mistral/b-one stated", records, .id = RLM_SLICE("b"));
    PASS();
}

TEST
keeps_only_as_many_as_it_has_room_for_and_those_are_the_best(void)
{
    rlm_record records[] = {listed("anthropic", "a"), listed("openai", "a"), listed("bedrock", "a"),
                            listed("nobody", "a")};
    const rlm_query query = {.id = RLM_SLICE("a"), .order = order, .order_count = 4};

    ASSERT(strcmp(answers(records, COUNT(records), &query, 1), "openai/a exact") == 0);
    ASSERT(strcmp(answers(records, COUNT(records), &query, 2), "openai/a exact, anthropic/a exact") == 0);
    PASS();
}

TEST
looks_among_the_members_alone(void)
{
    static const uint32_t second[] = {1};
    const rlm_members members = {second, 1, 1};
    rlm_record records[] = {listed("anthropic", "a"), listed("openai", "a")};

    ASSERT_ANSWERS("openai/a exact", records, .id = RLM_SLICE("a"), .members = &members);
    PASS();
}

/* ---- OpenRouter ---- */

TEST
drops_a_suffix_of_openrouter_only_when_the_id_with_it_is_unknown(void)
{
    rlm_record records[] = {listed("openrouter", "openai/a"), listed("openrouter", "openai/a:free"),
                            listed("openai", "a"), listed("openai", "openai/a")};

    ASSERT_ANSWERS("openrouter/openai/a:free exact, openrouter/openai/a variant", records,
                   .id = RLM_SLICE("openai/a:free"));
    ASSERT_ANSWERS("openrouter/openai/a variant", records, .id = RLM_SLICE("openai/a:online"));
    ASSERT_ANSWERS("openrouter/openai/a variant", records, .id = RLM_SLICE("openai/a:floor"),
                   .provider = RLM_SLICE("openrouter"));
    ASSERT_ANSWERS("", records, .id = RLM_SLICE("openai/a:online"), .provider = RLM_SLICE("openai"));
    ASSERT_ANSWERS("", records, .id = RLM_SLICE("openai/a:other"));
    ASSERT_ANSWERS("", records, .id = RLM_SLICE(":free"));
    PASS();
}

/* ---- Bedrock ---- */

#define V1 "anthropic.claude-x-v1:0"

TEST
finds_the_inference_profile_of_the_callers_region(void)
{
    rlm_record records[] = {catalogued("bedrock", V1),         catalogued("bedrock", "us." V1),
                            listed("bedrock", "eu." V1),       catalogued("bedrock", "jp." V1),
                            catalogued("bedrock", "apac." V1), catalogued("bedrock", "global." V1)};

    ASSERT_ANSWERS("bedrock/us." V1 " profile, bedrock/global." V1 " profile, bedrock/" V1 " exact", records,
                   .id = RLM_SLICE(V1), .region = RLM_SLICE("us-west-2"));
    ASSERT_ANSWERS("bedrock/jp." V1 " profile, bedrock/apac." V1 " profile, bedrock/global." V1
                   " profile, bedrock/us." V1 " exact",
                   records, .id = RLM_SLICE("us." V1), .provider = RLM_SLICE("bedrock"),
                   .region = RLM_SLICE("ap-northeast-1"));
    ASSERT_ANSWERS("bedrock/eu." V1 " exact, bedrock/global." V1 " profile", records, .id = RLM_SLICE("eu." V1),
                   .region = RLM_SLICE("eu-west-1"));
    ASSERT_ANSWERS("bedrock/global." V1 " profile, bedrock/eu." V1 " exact", records, .id = RLM_SLICE("eu." V1),
                   .region = RLM_SLICE("sa-east-1"));
    PASS();
}

TEST
takes_an_id_as_it_stands_when_the_region_is_unknown(void)
{
    rlm_record records[] = {listed("bedrock", "eu." V1), listed("bedrock", "us." V1)};

    ASSERT_ANSWERS("bedrock/eu." V1 " exact", records, .id = RLM_SLICE("eu." V1));
    ASSERT_ANSWERS("bedrock/us." V1 " profile", records, .id = RLM_SLICE(V1));
    ASSERT_ANSWERS("bedrock/us." V1 " profile", records, .id = RLM_SLICE("jp." V1));
    PASS();
}

TEST
never_takes_a_provisioned_variant_that_nobody_asked_for(void)
{
    rlm_record records[] = {listed("bedrock", "anthropic.claude-y-v1:0:200k"),
                            listed("bedrock", "us.anthropic.claude-y-v1:0")};

    records[0].equivalents = RLM_SLICE("claude-y\n");
    records[1].equivalents = RLM_SLICE("claude-y\n");
    ASSERT_ANSWERS("bedrock/us.anthropic.claude-y-v1:0 stated", records, .id = RLM_SLICE("claude-y"));
    ASSERT_ANSWERS("bedrock/anthropic.claude-y-v1:0:200k exact", records,
                   .id = RLM_SLICE("anthropic.claude-y-v1:0:200k"));
    PASS();
}

TEST
finds_one_model_for_an_alias_that_many_regions_share(void)
{
    static const uint32_t last[] = {2}; /* by id: eu, global, us */
    const rlm_members members = {last, 1, 1};
    rlm_record records[] = {listed("bedrock", "us." V1), catalogued("bedrock", "eu." V1),
                            model("bedrock", "global." V1, RLM_STANDING_UNLISTED)};

    for (size_t i = 0; i < COUNT(records); i++) records[i].equivalents = RLM_SLICE("claude-x\n");
    ASSERT_ANSWERS("bedrock/eu." V1 " stated", records, .id = RLM_SLICE("claude-x"), .region = RLM_SLICE("eu-west-3"));
    ASSERT_ANSWERS("bedrock/us." V1 " stated", records, .id = RLM_SLICE("claude-x"), .region = RLM_SLICE("us-east-1"));
    ASSERT_ANSWERS("bedrock/us." V1 " stated", records, .id = RLM_SLICE("claude-x"), .region = RLM_SLICE("eu-west-3"),
                   .members = &members);
    PASS();
}

TEST
refuses_what_can_be_no_id(void)
{
    static char long_id[RLM_CAP_ID + 2];
    rlm_record records[] = {listed("bedrock", "us." V1)};

    memset(long_id, 'a', RLM_CAP_ID + 1);
    ASSERT_ANSWERS("", records, .id = {NULL, 0});
    ASSERT_ANSWERS("", records, .id = {long_id, RLM_CAP_ID + 1});
    ASSERT_ANSWERS("", records, .id = {long_id, RLM_CAP_ID}, .provider = RLM_SLICE("bedrock"),
                   .region = {long_id, RLM_CAP_ID});
    ASSERT_ANSWERS("", records, .id = RLM_SLICE("arn:aws:bedrock:us-east-1::foundation-model/" V1),
                   .provider = RLM_SLICE("bedrock"));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(prefers_providers_in_the_order_that_is_given);
    RUN(puts_unlisted_models_last_whoever_serves_them);
    RUN(finds_by_aliases_after_exact_ids_of_the_same_provider_only);
    RUN(takes_a_listed_alias_before_a_catalogued_one);
    RUN(keeps_only_as_many_as_it_has_room_for_and_those_are_the_best);
    RUN(looks_among_the_members_alone);
    RUN(drops_a_suffix_of_openrouter_only_when_the_id_with_it_is_unknown);
    RUN(finds_the_inference_profile_of_the_callers_region);
    RUN(takes_an_id_as_it_stands_when_the_region_is_unknown);
    RUN(never_takes_a_provisioned_variant_that_nobody_asked_for);
    RUN(finds_one_model_for_an_alias_that_many_regions_share);
    RUN(refuses_what_can_be_no_id);
    return REPORT("resolve");
}
