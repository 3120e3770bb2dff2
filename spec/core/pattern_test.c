/* Patterns of ids: every way of matching, in every nesting, what is refused, and bytes that no compiler made. */
#include "model/pattern.h"

#include "parsed.h"

static rlm_arena arena;
static rlm_slice expression, pattern;
static rlm_error error;

static rlm_status
compile(const char *tree)
{
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_error_clear(&error);
    RLM_TRY(rlm_pattern_compile(parsed(tree), &arena, &expression, &error));
    return rlm_pattern_at(12, expression, &arena, &pattern);
}

#define COMPILE(...) ASSERT_STATUS(RLM_OK, compile(#__VA_ARGS__))

static bool
matches(const char *id)
{
    char bytes[RLM_CAP_ID];

    return rlm_pattern_matches(pattern, rlm_pattern_subject(rlm_slice_of(id), bytes));
}

TEST
compiles_a_tree_to_a_short_text(void)
{
    COMPILE({"or" : [ {"equals" : "Deep-2"}, {"and" : [ {"starts_with" : "deep-"}, {"regex" : "-\\d{2}$"} ]} ]});
    ASSERT_TEXT("00000012|2:=6:deep-2&2:^5:deep-/7:-\\d{2}$", pattern);
    ASSERT_TEXT("|2:=6:deep-2&2:^5:deep-/7:-\\d{2}$", rlm_pattern_expression(pattern));
    ASSERT(rlm_pattern_work(expression) == 1 + 1 + 1 + 1 + 4);
    PASS();
}

TEST
matches_in_each_way_whatever_the_case(void)
{
    COMPILE({"equals" : "Deep-2"});
    ASSERT(matches("deep-2") && matches("DEEP-2") && !matches("deep-25") && !matches("adeep-2") && !matches(""));
    COMPILE({"starts_with" : "deep"});
    ASSERT(matches("Deep-2") && matches("deep") && !matches("dee") && !matches("a-deep"));
    COMPILE({"ends_with" : "-MINI"});
    ASSERT(matches("deep-mini") && !matches("deep-mini-2") && !matches("mini"));
    COMPILE({"contains" : "p-M"});
    ASSERT(matches("deep-mini") && matches("p-m") && !matches("deep_mini"));
    COMPILE({"regex" : "^deep-\\d$"});
    ASSERT(matches("deep-2") && matches("DEEP-2") && !matches("deep-x"));
    COMPILE({"regex" : "^Deep"});
    ASSERT(!matches("deep-2") && !matches("Deep-2")); /* ids are lower case before they are compared */
    PASS();
}

TEST
joins_ways_to_any_depth(void)
{
    COMPILE({"or" : [ {"equals" : "a"}, {"equals" : "b"}, {"starts_with" : "c-"} ]});
    ASSERT(matches("a") && matches("b") && matches("c-9") && !matches("c") && !matches("d"));
    COMPILE({"and" : [ {"contains" : "deep"}, {"contains" : "mini"} ]});
    ASSERT(matches("mini-deep") && !matches("deep") && !matches("mini"));
    COMPILE({
        "and" : [
            {"or" : [ {"equals" : "x-1"}, {"and" : [ {"starts_with" : "x"}, {"or" : [ {"ends_with" : "2"} ]} ]} ]},
            {"contains" : "-"}
        ]
    });
    ASSERT(matches("x-1") && matches("x-12") && !matches("x2") && !matches("x-3"));
    COMPILE({"or" : []});
    ASSERT(!matches("a"));
    COMPILE({"and" : []});
    ASSERT(matches("a"));
    COMPILE({"or" : [ {"and" : [ {"equals" : "q"}, {"equals" : "r"} ]}, {"equals" : "s"} ]});
    ASSERT(matches("s") && !matches("q") && !matches("r"));
    PASS();
}

TEST
says_why_a_tree_is_none(void)
{
    static const struct {
        const char *tree, *why;
        rlm_status status;
    } trees[] = {
        {"{\"equals\": 5}", "equals must be a string, got a number", RLM_BAD_ROW},
        {"{\"or\": \"a\"}", "or must be a list", RLM_BAD_ROW},
        {"{}", "match must be objects with one member each", RLM_BAD_ROW},
        {"{\"or\": [7]}", "match must be objects with one member each", RLM_BAD_ROW},
        {"{\"equals\": \"a\", \"contains\": \"b\"}", "match must be objects with one member each", RLM_BAD_ROW},
        {"{\"sounds_like\": \"a\"}", "sounds_like is no way of matching that is understood here", RLM_LEFT_OUT},
        {"{\"or\": [{\"equals\": \"a\"}, {\"not\": {\"equals\": \"b\"}}]}",
         "not is no way of matching that is understood here", RLM_LEFT_OUT},
        {"{\"regex\": \"(a|b)\"}", "\"(a|b)\" is not a regular expression that is understood here", RLM_LEFT_OUT},
    };

    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        ASSERT_STATUS(trees[i].status, compile(trees[i].tree));
        ASSERT_TEXT(trees[i].why, rlm_slice_of(error.message));
    }
    ASSERT_STATUS(RLM_BAD_ROW, rlm_pattern_compile(NULL, &arena, &expression, &error));
    ASSERT_TEXT("a row must have a match", rlm_slice_of(error.message));
    PASS();
}

TEST
has_a_longest_text(void)
{
    char tree[RLM_CAP_PATTERN + 64];
    char *end = tree + sprintf(tree, "{\"contains\":\"");

    memset(end, 'a', RLM_CAP_PATTERN);
    strcpy(end + RLM_CAP_PATTERN, "\"}");
    ASSERT_STATUS(RLM_LEFT_OUT, compile(tree));
    ASSERT_TEXT("match must take at most 4096 bytes", rlm_slice_of(error.message));
    strcpy(end + RLM_CAP_PATTERN - 6, "\"}"); /* "~4090:" is before it */
    ASSERT_STATUS(RLM_OK, compile(tree));
    PASS();
}

TEST
broken_texts_match_nothing(void)
{
    static const char *const texts[] = {
        "",
        "=1:a",
        "00000001",
        "00000001=",
        "00000001=1",
        "00000001=2:a",
        "00000001=a",
        "00000001=1:ab",
        "00000001|2:=1:a",
        "00000001|1:",
        "00000001?1:a",
        "00000001/1:(",
        "00000001|9999999:=1:a",
        "00000001=9999999999999999999999:a",
        "00000001=1:a=1:a",
        "00000001|:=1:a",
        "00000001&1:&1:|0",
    };
    char deep[8 + 3 * 70 + 5] = "00000001", bytes[RLM_CAP_ID];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        pattern = rlm_slice_of(texts[i]);
        if (matches("a")) FAIL("matches: %s", texts[i]);
    }
    ASSERT(rlm_pattern_work(RLM_SLICE("|2:=1:a")) == 0 && rlm_pattern_work((rlm_slice){NULL, 0}) == 0);
    for (int i = 0; i < 70; i++) memcpy(deep + 8 + 3 * i, "&1:", 3);
    memcpy(deep + 8 + 3 * 70, "=1:a", 5);
    ASSERT(!rlm_pattern_matches(rlm_slice_of(deep), rlm_pattern_subject(RLM_SLICE("a"), bytes)));
    pattern = rlm_slice_of("00000001=1:a");
    ASSERT(matches("a"));
    PASS();
}

TEST
no_pattern_matches_an_id_that_is_too_long(void)
{
    char id[RLM_CAP_ID + 2], bytes[RLM_CAP_ID];

    memset(id, 'a', sizeof id);
    COMPILE({"contains" : "a"});
    ASSERT(rlm_pattern_matches(pattern, rlm_pattern_subject((rlm_slice){id, RLM_CAP_ID}, bytes)));
    ASSERT(!rlm_pattern_matches(pattern, rlm_pattern_subject((rlm_slice){id, RLM_CAP_ID + 1}, bytes)));
    PASS();
}

static rlm_status
compile_again(void *tree)
{
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    RLM_TRY(rlm_pattern_compile(tree, &arena, &expression, &error));
    return rlm_pattern_at(12, expression, &arena, &pattern);
}

TEST
survives_every_failing_allocation(void)
{
    ASSERT_SURVIVES_TORTURE(compile_again, parsed("{\"or\": [{\"equals\": \"a\"}, {\"regex\": \"^b\"}]}"));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(compiles_a_tree_to_a_short_text);
    RUN(matches_in_each_way_whatever_the_case);
    RUN(joins_ways_to_any_depth);
    RUN(says_why_a_tree_is_none);
    RUN(has_a_longest_text);
    RUN(broken_texts_match_nothing);
    RUN(no_pattern_matches_an_id_that_is_too_long);
    RUN(survives_every_failing_allocation);
    rlm_arena_free(&arena);
    parsed_free();
    return REPORT("pattern");
}
