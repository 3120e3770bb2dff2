/* Aliases: what finds a model besides its id, and what must not. */
#include "base/caps.h"
#include "block/alias.h"
#include "model/id.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define MODELS 12

typedef struct {
    const char *provider, *id, *equivalents; /* equivalents: as in a record, or NULL */
    rlm_standing standing;
} stated;

static rlm_arena arena;
static rlm_record records[MODELS];
static size_t count;

static void
take(const stated *models)
{
    for (count = 0; models[count].provider != NULL; count++) {
        rlm_record_init(&records[count], NULL, rlm_slice_of(models[count].provider));
        records[count].id = rlm_slice_of(models[count].id);
        records[count].equivalents = rlm_slice_of(models[count].equivalents);
        records[count].standing = (uint8_t) models[count].standing;
    }
    qsort(records, count, sizeof *records, rlm_record_compare);
}

/* "alias>provider:id " for each alias that begins with `start`, "!" for a failure. */
static rlm_slice
aliases(const stated *models, const char *start)
{
    static char text[4096];
    rlm_alias *found;
    size_t found_count, length = 0;

    take(models);
    text[0] = '\0';
    rlm_arena_init(&arena, 1 << 20);
    if (rlm_alias_derive(records, count, &arena, &found, &found_count) != RLM_OK) return RLM_SLICE("!");
    for (size_t i = 0; i < found_count; i++) {
        const rlm_record *record = &records[found[i].record];

        if (!rlm_slice_starts_with(found[i].alias, start)) continue;
        length +=
            (size_t) snprintf(text + length, sizeof text - length, "%.*s>%.*s:%.*s(%s) ", (int) found[i].alias.length,
                              found[i].alias.bytes, (int) record->provider.length, record->provider.bytes,
                              (int) record->id.length, record->id.bytes, rlm_alias_kind_names[found[i].kind]);
    }
    rlm_arena_free(&arena);
    return rlm_slice_of(text);
}

/* "id " of the superseded ones. */
static rlm_slice
superseded(const stated *models)
{
    static char text[1024];
    unsigned char *flags;
    size_t length = 0;

    take(models);
    text[0] = '\0';
    rlm_arena_init(&arena, 1 << 20);
    if (rlm_alias_superseded(records, count, &arena, &flags) != RLM_OK) return RLM_SLICE("!");
    for (size_t i = 0; i < count; i++) {
        if (flags[i])
            length += (size_t) snprintf(text + length, sizeof text - length, "%.*s ", (int) records[i].id.length,
                                        records[i].id.bytes);
    }
    rlm_arena_free(&arena);
    return rlm_slice_of(text);
}

#define ALIASES(start, ...) aliases((const stated[]){__VA_ARGS__, {NULL, NULL, NULL, RLM_STANDING_LISTED}}, start)
#define SUPERSEDED(...) superseded((const stated[]){__VA_ARGS__, {NULL, NULL, NULL, RLM_STANDING_LISTED}})
#define MODEL(provider, id)                                                                                            \
    {                                                                                                                  \
        provider, id, NULL, RLM_STANDING_LISTED                                                                        \
    }

TEST
finds_by_what_a_source_states(void)
{
    ASSERT_TEXT("openai/gpt-5-2025>openrouter:openai/gpt-5(stated) ",
                ALIASES("openai/", {"openrouter", "openai/gpt-5", "openai/gpt-5-2025\n", RLM_STANDING_LISTED}));
    /* If two providers have it, both are found; at a provider that has the exact id, no alias is. */
    ASSERT_TEXT("x>mistral:a(stated) x>mistral:b(stated) ", ALIASES("x", {"mistral", "a", "x\n", RLM_STANDING_LISTED},
                                                                    {"mistral", "b", "x\n", RLM_STANDING_LISTED}));
    ASSERT_TEXT("", ALIASES("x", {"mistral", "a", "x\n", RLM_STANDING_LISTED}, MODEL("mistral", "x")));
    PASS();
}

TEST
finds_the_newest_snapshot(void)
{
    ASSERT_TEXT("claude-3-5-sonnet>anthropic:claude-3-5-sonnet-20241022(newest snapshot) "
                "claude-3-5-sonnet-latest>anthropic:claude-3-5-sonnet-20241022(newest snapshot) ",
                ALIASES("", MODEL("anthropic", "claude-3-5-sonnet-20240620"),
                        MODEL("anthropic", "claude-3-5-sonnet-20241022")));
    ASSERT_TEXT("gpt-x>openai:gpt-x-2025-01-31(newest snapshot) ",
                ALIASES("gpt-x", MODEL("openai", "gpt-x-2025-01-31"), MODEL("openai", "gpt-x-latest")));
    ASSERT_TEXT("", ALIASES("", MODEL("openai", "gpt-x-2025-01-31"), MODEL("openai", "gpt-x")));
    ASSERT_TEXT("claude-opus-4>vertexai:claude-opus-4@20250514(newest snapshot) ",
                ALIASES("claude-opus-4", MODEL("vertexai", "claude-opus-4@20250514"),
                        MODEL("vertexai", "claude-opus-4-latest")));
    PASS();
}

TEST
takes_no_four_digits_and_no_day_that_is_none_for_a_date(void)
{
    ASSERT_TEXT("", ALIASES("", MODEL("mistral", "mistral-large-2407"), MODEL("openai", "gpt-4-0613"),
                            MODEL("openai", "gpt-x-2025-02-30"), MODEL("openai", "gpt-y-20251301")));
    PASS();
}

/* The newest one may be gone, unless all of them are gone. */
TEST
prefers_a_snapshot_that_is_not_unlisted(void)
{
    ASSERT_TEXT(
        "x-latest>openai:x-2024-01-01(newest snapshot) ",
        ALIASES("x-latest", MODEL("openai", "x-2024-01-01"), {"openai", "x-2025-01-01", NULL, RLM_STANDING_UNLISTED}));
    ASSERT_TEXT("x-latest>openai:x-2025-01-01(newest snapshot) ",
                ALIASES("x-latest", {"openai", "x-2024-01-01", NULL, RLM_STANDING_UNLISTED},
                        {"openai", "x-2025-01-01", NULL, RLM_STANDING_UNLISTED}));
    PASS();
}

TEST
finds_what_follows_the_namespace(void)
{
    ASSERT_TEXT("gpt-4.1>openrouter:openai/gpt-4.1(without its namespace) ",
                ALIASES("gpt", MODEL("openrouter", "openai/gpt-4.1")));
    ASSERT_TEXT("gemini-x>vertexai:publishers/google/models/gemini-x(without its namespace) ",
                ALIASES("", MODEL("vertexai", "publishers/google/models/gemini-x")));
    /* The undated one means itself, not its newest snapshot. */
    ASSERT_TEXT("gpt-4o>openrouter:openai/gpt-4o(without its namespace) "
                "gpt-4o-2024-08-06>openrouter:openai/gpt-4o-2024-08-06(without its namespace) ",
                ALIASES("gpt", MODEL("openrouter", "openai/gpt-4o"), MODEL("openrouter", "openai/gpt-4o-2024-08-06")));
    PASS();
}

TEST
finds_a_bedrock_model_by_its_makers_id(void)
{
    const stated models[] = {MODEL("bedrock", "us.anthropic.claude-x-20250101-v1:0"),
                             MODEL("bedrock", "eu.anthropic.claude-x-20250101-v1:0"),
                             MODEL("bedrock", "anthropic.claude-x-20240101-v1:0"),
                             {NULL, NULL, NULL, RLM_STANDING_LISTED}};

    ASSERT_TEXT("claude-x>bedrock:eu.anthropic.claude-x-20250101-v1:0(without its namespace) "
                "claude-x>bedrock:us.anthropic.claude-x-20250101-v1:0(without its namespace) "
                "claude-x-20240101>bedrock:anthropic.claude-x-20240101-v1:0(without its namespace) "
                "claude-x-20240101-v1:0>bedrock:anthropic.claude-x-20240101-v1:0(without its namespace) "
                "claude-x-20250101>bedrock:eu.anthropic.claude-x-20250101-v1:0(without its namespace) "
                "claude-x-20250101>bedrock:us.anthropic.claude-x-20250101-v1:0(without its namespace) "
                "claude-x-20250101-v1:0>bedrock:eu.anthropic.claude-x-20250101-v1:0(without its namespace) "
                "claude-x-20250101-v1:0>bedrock:us.anthropic.claude-x-20250101-v1:0(without its namespace) "
                "claude-x-latest>bedrock:eu.anthropic.claude-x-20250101-v1:0(without its namespace) "
                "claude-x-latest>bedrock:us.anthropic.claude-x-20250101-v1:0(without its namespace) ",
                aliases(models, "claude"));
    ASSERT_TEXT("anthropic.claude-y-v1>bedrock:us.anthropic.claude-y-v1(without its namespace) ",
                ALIASES("anthropic", MODEL("bedrock", "us.anthropic.claude-y-v1")));
    ASSERT_TEXT("titan>bedrock:amazon.titan-v2:0(without its namespace) titan-v1>bedrock:amazon.titan-v1(without its "
                "namespace) "
                "titan-v2:0>bedrock:amazon.titan-v2:0(without its namespace) ",
                ALIASES("", MODEL("bedrock", "amazon.titan-v1"), MODEL("bedrock", "amazon.titan-v2:0")));
    PASS();
}

TEST
gives_no_alias_to_what_is_offered_beside_the_model(void)
{
    ASSERT_TEXT("",
                ALIASES("", {"openrouter", "openai/gpt-oss:free", "openai/gpt-oss-20250805\n", RLM_STANDING_LISTED},
                        MODEL("bedrock", "anthropic.claude-x-20250101-v1:0:200k"),
                        MODEL("bedrock", "amazon.nova-premier-v1:0:mm"),
                        MODEL("bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a.b")));
    PASS();
}

/* "claude-opus-4-5" is Anthropic's by its date, and also OpenRouter's, although OpenRouter writes a dot. */
TEST
finds_by_the_spelling_of_the_maker(void)
{
    ASSERT_TEXT("claude-opus-4-5>anthropic:claude-opus-4-5-20251101(newest snapshot) "
                "claude-opus-4-5>openrouter:anthropic/claude-opus-4.5(without its namespace) "
                "claude-opus-4-5-latest>anthropic:claude-opus-4-5-20251101(newest snapshot) ",
                ALIASES("claude-opus-4-5", MODEL("anthropic", "claude-opus-4-5-20251101"),
                        MODEL("openrouter", "anthropic/claude-opus-4.5")));
    /* Only a maker's spelling counts. */
    ASSERT_TEXT("", ALIASES("claude-opus-4-5", MODEL("hetzner", "claude-opus-4-5"),
                            MODEL("openrouter", "anthropic/claude-opus-4.5")));
    PASS();
}

TEST
is_superseded_by_the_undated_and_by_a_newer_one(void)
{
    ASSERT_TEXT("a-2024-01-01 a-2025-01-01 ",
                SUPERSEDED(MODEL("openai", "a"), MODEL("openai", "a-2024-01-01"), MODEL("openai", "a-2025-01-01")));
    ASSERT_TEXT("b-20240101 ", SUPERSEDED(MODEL("openai", "b-20240101"), MODEL("openai", "b-20250101")));
    ASSERT_TEXT("", SUPERSEDED(MODEL("openai", "c-20240101"), MODEL("azure", "c-20250101"), MODEL("azure", "c-0613")));
    ASSERT_TEXT("", SUPERSEDED(MODEL("openai", "d-20240101"), {"openai", "d-20250101", NULL, RLM_STANDING_UNLISTED},
                               {"openai", "d", NULL, RLM_STANDING_UNLISTED}));
    PASS();
}

/* A listing of every way to put dots into one id: the square of their number must not be stored. */
TEST
stays_small_when_an_id_has_a_thousand_spellings(void)
{
    static rlm_record many[1024];
    static char ids[1024][32];
    rlm_alias *found;
    size_t found_count;

    for (size_t i = 0; i < 1024; i++) {
        size_t length = (size_t) snprintf(ids[i], sizeof ids[i], "a/0");

        for (int bit = 9; bit >= 0; bit--) {
            ids[i][length++] = (i >> bit & 1) != 0 ? '.' : '-';
            ids[i][length++] = '0';
        }
        rlm_record_init(&many[i], NULL, RLM_SLICE("mistral"));
        many[i].id = (rlm_slice){ids[i], length};
    }
    for (size_t i = 0; i < 1024; i += 2) many[i].id = (rlm_slice){ids[i] + 2, many[i].id.length - 2};
    qsort(many, 1024, sizeof *many, rlm_record_compare);
    rlm_arena_init(&arena, 16 << 20);
    ASSERT_STATUS(RLM_OK, rlm_alias_derive(many, 1024, &arena, &found, &found_count));
    ASSERT(found_count <= 512 * (RLM_CAP_SPELLINGS + 1));
    rlm_arena_free(&arena);
    PASS();
}

TEST
reads_dates_and_versions(void)
{
    rlm_dated dated;
    int version;

    ASSERT(rlm_id_dated(RLM_SLICE("a-2024-02-29"), &dated) && dated.date == 20240229 && dated.plain &&
           dated.length == 12);
    ASSERT_TEXT("a", dated.base);
    ASSERT(rlm_id_dated(RLM_SLICE("a-20240229-v2:1"), &dated) && dated.date == 20240229 && !dated.plain &&
           dated.length == 10);
    ASSERT(rlm_id_dated(RLM_SLICE("a@20240229"), &dated) && !dated.plain);
    ASSERT(!rlm_id_dated(RLM_SLICE("-20240229"), &dated) && !rlm_id_dated(RLM_SLICE("a-2023-02-29"), &dated));
    ASSERT(!rlm_id_dated(RLM_SLICE("a-2024x02x29"), &dated) && !rlm_id_dated((rlm_slice){NULL, 0}, &dated));
    ASSERT_TEXT("gpt-oss-120b", rlm_id_unversioned(RLM_SLICE("gpt-oss-120b-1:0"), &version));
    ASSERT(version == 1000);
    ASSERT_TEXT("titan", rlm_id_unversioned(RLM_SLICE("titan-v2"), &version));
    ASSERT(version == 2000);
    ASSERT_TEXT("gpt-4", rlm_id_unversioned(RLM_SLICE("gpt-4"), &version));
    ASSERT_TEXT("-v1:0", rlm_id_unversioned(RLM_SLICE("-v1:0"), &version));
    ASSERT_TEXT("a-v1:0:200k", rlm_id_unversioned(RLM_SLICE("a-v1:0:200k"), &version));
    PASS();
}

static rlm_status
derive_and_drop(void *context)
{
    rlm_alias *found;
    unsigned char *flags;
    size_t found_count;
    rlm_status status;

    (void) context;
    rlm_arena_init(&arena, 1 << 20);
    status = rlm_alias_derive(records, count, &arena, &found, &found_count);
    if (status == RLM_OK) status = rlm_alias_superseded(records, count, &arena, &flags);
    rlm_arena_free(&arena);
    return status;
}

TEST
survives_every_failing_allocation(void)
{
    take((const stated[]){MODEL("anthropic", "claude-opus-4-5-20251101"),
                          MODEL("openrouter", "anthropic/claude-opus-4.5"),
                          {"mistral", "a", "x\n", RLM_STANDING_LISTED},
                          {NULL, NULL, NULL, RLM_STANDING_LISTED}});
    ASSERT_SURVIVES_TORTURE(derive_and_drop, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(finds_by_what_a_source_states);
    RUN(finds_the_newest_snapshot);
    RUN(takes_no_four_digits_and_no_day_that_is_none_for_a_date);
    RUN(prefers_a_snapshot_that_is_not_unlisted);
    RUN(finds_what_follows_the_namespace);
    RUN(finds_a_bedrock_model_by_its_makers_id);
    RUN(gives_no_alias_to_what_is_offered_beside_the_model);
    RUN(finds_by_the_spelling_of_the_maker);
    RUN(is_superseded_by_the_undated_and_by_a_newer_one);
    RUN(stays_small_when_an_id_has_a_thousand_spellings);
    RUN(reads_dates_and_versions);
    RUN(survives_every_failing_allocation);
    return REPORT("alias");
}
