/* Halves of surrogate pairs: each is one damaged character, whichever yajl there is. */
#include "json_rows.h"
#include "json/surrogate.h"

#define CUT "\xEF\xBF\xBD" /* U+FFFD */

/*
 * Half a pair is one character that was damaged. The last ones are what ends a process where
 * its yajl steps over the byte behind a half, and takes the escaped backslash for an escape.
 */
TEST
makes_one_damaged_character_of_half_a_surrogate_pair(void)
{
    ASSERT_ROWS("\"a" CUT "b\"", "[]", "[\"a\\udc00b\"]");
    ASSERT_ROWS("\"" CUT "\"", "[]", "[\"\\uDBFF\"]");
    ASSERT_ROWS("\"" CUT "\xF0\x9F\x98\x80" CUT "\"", "[]", "[\"\\uD83D\\uD83D\\uDE00\\uDE00\"]");
    ASSERT_ROWS("{\"" CUT "A\":1}", "[]", "[{\"\\ud83d\\u0041\":1}]");
    ASSERT_ROWS("\"" CUT "\\\\uQQQQ\"", "[]", "[\"\\uDAAA\\\\uQQQQ\"]");
    ASSERT_ROWS("\"" CUT "\\\\u\"", "[]", "[\"\\ud9ab\\\\u\"]");
    ASSERT_ROWS("\"" CUT "\\\"\"", "[]", "[\"\\uD800\\\"\"]");
    ASSERT_ROWS("\"" CUT CUT "\\\\u12\"", "[]", "[\"\\uDFFF\\uDA00\\\\u12\"]");
    PASS();
}

TEST
leaves_whole_pairs_and_escaped_backslashes_alone(void)
{
    ASSERT_ROWS("\"\xF0\x9F\x98\x80\"", "[]", "[\"\\uD83D\\uDE00\"]");
    ASSERT_ROWS("\"\\\\uD83D\"", "[]", "[\"\\\\uD83D\"]");
    ASSERT_ROWS("\"\\\\\xF0\x9D\x84\x9E\\\"\"", "[]", "[\"\\\\\\ud834\\udd1e\\\"\"]");
    PASS();
}

TEST
finds_halves_and_waits_for_what_is_cut(void)
{
    static const struct {
        const char *text;
        bool found;
        size_t at; /* where the half begins; or up to where there is none for certain */
    } cases[] = {
        {"no escape", false, 9},
        {"a\\uD83Db and more", true, 1},
        {"\\uDE00\\uD83D!", true, 0}, /* the second half first */
        {"\\uD83D\\uDE00......", false, 18},
        {"\\uD83D\\uDE00\\uDC00......", true, 12},
        {"\\\\uD83D......", false, 13}, /* an escaped backslash */
        {"\\n\\uD800\\n.....", true, 2},
        {"x\\uD83D", false, 1}, /* its other half may come next */
        {"x\\uD83D\\uDE", false, 1},
        {"x\\u12", false, 1},
        {"x\\", false, 1},
        {"", false, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t at = 0;

        if (rlm_surrogate_find(cases[i].text, strlen(cases[i].text), &at) != cases[i].found || at != cases[i].at)
            FAIL("%s: at %zu", cases[i].text, at);
    }
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(makes_one_damaged_character_of_half_a_surrogate_pair);
    RUN(leaves_whole_pairs_and_escaped_backslashes_alone);
    RUN(finds_halves_and_waits_for_what_is_cut);
    return REPORT("surrogate");
}
