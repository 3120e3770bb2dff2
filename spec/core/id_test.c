/* What the spelling of an id tells: dates, versions, and which ids move. */
#include "model/id.h"
#include "test.h"

TEST
reads_the_date_at_the_end(void)
{
    static const struct {
        const char *id, *base;
        int date; /* 0: none */
        size_t length;
        bool plain;
    } cases[] = {
        {"gpt-4o-2024-08-06", "gpt-4o", 20240806, 17, true},
        {"claude-x-20250131", "claude-x", 20250131, 17, true},
        {"claude-x@20250131", "claude-x", 20250131, 17, false},
        {"us.acme.claude-x-20250131-v1:0", "us.acme.claude-x", 20250131, 25, false},
        {"x-2024-02-29", "x", 20240229, 12, true},
        {"x-2025-02-29", "", 0, 0, false}, /* no such day */
        {"x-20251301", "", 0, 0, false},
        {"gpt-4-0613", "", 0, 0, false}, /* four digits are as often a version */
        {"x20250131", "", 0, 0, false},
        {"20250131", "", 0, 0, false},
        {"-20250131", "", 0, 0, false},
        {"x-2025-0131", "", 0, 0, false},
        {"", "", 0, 0, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rlm_dated dated = {.date = 7};

        if (rlm_id_dated(rlm_slice_of(cases[i].id), &dated) != (cases[i].date != 0)) FAIL("%s", cases[i].id);
        if (cases[i].date == 0) continue;
        ASSERT_TEXT(cases[i].base, dated.base);
        ASSERT(dated.date == cases[i].date && dated.length == cases[i].length && dated.plain == cases[i].plain);
    }
    PASS();
}

TEST
drops_the_version_of_bedrock(void)
{
    static const struct {
        const char *id, *rest;
        int version;
    } cases[] = {
        {"amazon.nova-v1:0", "amazon.nova", 1000},
        {"amazon.titan-v2", "amazon.titan", 2000},
        {"openai.gpt-oss-1:0", "openai.gpt-oss", 1000},
        {"acme.x-v2:1", "acme.x", 2001},
        {"acme.x-v", "acme.x-v", 0},
        {"acme.x-1", "acme.x-1", 0}, /* without a colon or a v: a part of the name */
        {"acme.x", "acme.x", 0},
        {"", "", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int version = 7;

        ASSERT_TEXT(cases[i].rest, rlm_id_unversioned(rlm_slice_of(cases[i].id), &version));
        if (version != cases[i].version) FAIL("%s: %d", cases[i].id, version);
    }
    PASS();
}

TEST
compares_what_follows_the_first_colon(void)
{
    ASSERT(rlm_id_same_offer(RLM_SLICE("lab/one"), RLM_SLICE("lab/two")));
    ASSERT(rlm_id_same_offer(RLM_SLICE("lab/one:free"), RLM_SLICE("lab/two:free")));
    ASSERT(!rlm_id_same_offer(RLM_SLICE("lab/one"), RLM_SLICE("lab/one:free")));
    ASSERT(!rlm_id_same_offer(RLM_SLICE("x-v1:0"), RLM_SLICE("x-v1:0:200k")));
    ASSERT(rlm_id_same_offer(RLM_SLICE(""), RLM_SLICE("a")));
    PASS();
}

TEST
knows_ids_that_move(void)
{
    ASSERT(rlm_id_moves(RLM_SLICE("mistral-large-latest")));
    ASSERT(!rlm_id_moves(RLM_SLICE("mistral-large-2411")));
    ASSERT(!rlm_id_moves(RLM_SLICE("latest-news")));
    ASSERT(!rlm_id_moves(RLM_SLICE("")));
    PASS();
}

TEST
drops_four_to_eight_digits(void)
{
    static const struct {
        const char *id, *base;
    } cases[] = {
        {"gpt-4-0613", "gpt-4"}, {"mistral-large-2411", "mistral-large"},
        {"x-20250131", "x"},     {"x-123", ""},
        {"x-123456789", ""},     {"x0613", ""},
        {"-0613", ""},           {"", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ASSERT_TEXT(cases[i].base, rlm_id_without_digits(rlm_slice_of(cases[i].id)));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(reads_the_date_at_the_end);
    RUN(drops_the_version_of_bedrock);
    RUN(compares_what_follows_the_first_colon);
    RUN(knows_ids_that_move);
    RUN(drops_four_to_eight_digits);
    return REPORT("id");
}
