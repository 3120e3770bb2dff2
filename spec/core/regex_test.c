/* Regular expressions of ids: what each part means, what is not understood, and that no expression takes long. */
#include "model/regex.h"

#include "base/caps.h"
#include "test.h"

#include <string.h>
#include <time.h>

static bool
found(const char *regex, const char *text)
{
    return rlm_regex_found(rlm_slice_of(regex), rlm_slice_of(text));
}

TEST
finds_text_anywhere_unless_it_is_anchored(void)
{
    ASSERT(found("pt-5", "gpt-5-mini") && !found("pt-6", "gpt-5-mini"));
    ASSERT(found("^gpt", "gpt-5") && !found("^pt", "gpt-5"));
    ASSERT(found("-5$", "gpt-5") && !found("-5$", "gpt-5-mini"));
    ASSERT(found("^gpt-5$", "gpt-5") && !found("^gpt-5$", "gpt-55") && !found("^gpt-5$", "xgpt-5"));
    ASSERT(found("", "anything") && found("", "") && found("^$", "") && !found("^$", "x"));
    ASSERT(found("a\\$", "a$b") && found("a\\\\$", "xa\\") && !found("a\\\\$", "a\\b"));
    PASS();
}

TEST
knows_characters_and_classes(void)
{
    ASSERT(found("^gpt.5$", "gpt-5") && !found("^gpt.5$", "gpt--5") && !found("gpt\\.5", "gpt-5"));
    ASSERT(found("^\\d\\d$", "42") && !found("^\\d\\d$", "4x") && found("^\\D$", "x") && !found("^\\D$", "4"));
    ASSERT(found("^\\w\\w\\w\\w$", "aZ_9") && !found("^\\w$", "-") && found("^\\W$", "-") && found("a\\sb", "a b"));
    ASSERT(found("^[abc]$", "b") && !found("^[abc]$", "d") && found("^[a-c0-9_]$", "7") && !found("^[a-c]$", "-"));
    ASSERT(found("^[^a-c]$", "d") && !found("^[^a-c]$", "b") && found("^[a-]$", "-") && found("^[-a]$", "-"));
    ASSERT(found("^[\\d.]$", "5") && found("^[\\d.]$", ".") && !found("^[\\d.]$", "x") && found("^[\\]]$", "]"));
    ASSERT(!found("GPT", "gpt")); /* as it is written */
    PASS();
}

TEST
counts_how_often_a_character_comes(void)
{
    ASSERT(found("^ab?c$", "ac") && found("^ab?c$", "abc") && !found("^ab?c$", "abbc"));
    ASSERT(found("^ab*c$", "ac") && found("^ab*c$", "abbbbc") && !found("^ab+c$", "ac") && found("^ab+c$", "abbc"));
    ASSERT(found("^\\d{8}$", "20260101") && !found("^\\d{8}$", "2026010") && !found("^\\d{8}$", "202601011"));
    ASSERT(found("^\\d{4}-\\d{2}-\\d{2}$", "2026-01-31") && !found("^\\d{4}-\\d{2}-\\d{2}$", "2026-1-31"));
    ASSERT(found("^a{2,3}$", "aa") && found("^a{2,3}$", "aaa") && !found("^a{2,3}$", "a") &&
           !found("^a{2,3}$", "aaaa"));
    ASSERT(found("^a{2,}$", "aaaaa") && !found("^a{2,}$", "a") && found("^a{0,1}b$", "b") && found("^a{0}b$", "b"));
    ASSERT(found("^a.*b.*c$", "axxbyyc") && !found("^a.*b.*c$", "axxcyyb") && found("^[ab]*b$", "abab"));
    PASS();
}

TEST
takes_characters_beyond_ascii_whole(void)
{
    ASSERT(found("^a.b$", "a\xC3\xA9"
                          "b"));
    ASSERT(found("^[^x]$", "\xE2\x82\xAC") && found("^\\W$", "\xE2\x82\xAC") && !found("^\\w$", "\xC3\xA9"));
    ASSERT(!found("^..$", "\xE2\x82\xAC"));
    ASSERT(rlm_regex_steps(rlm_slice_of("\xC3\xA9")) == 0);
    PASS();
}

TEST
refuses_what_it_does_not_understand(void)
{
    static const char *const others[] = {
        "(a)", "a|b", "a**", "a+?", "a*+",   "*a",    "a{",      "a{x}",    "a{3,2}",     "a{1",      "a{,2}", "a{65}",
        "[",   "[]",  "[^]", "[a",  "[z-a]", "[[a]]", "[a-\\d]", "[\\d-z]", "\\",         "\\b",      "\\1",   "a^b",
        "a$b", "^^a", "a\\", "]",   "}",     "(?i)a", "\\p{L}",  "a{2}{3}", ".{60}.{60}", "a\nb\x80", "?",     "+",
    };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (rlm_regex_steps(rlm_slice_of(others[i])) != 0) FAIL("understood: %s", others[i]);
        ASSERT(!found(others[i], "a"));
    }
    ASSERT(rlm_regex_steps(RLM_SLICE("a\0b")) == 0);
    PASS();
}

TEST
says_how_many_steps_it_takes(void)
{
    char longest[RLM_CAP_REGEX_STEPS + 1];

    ASSERT(rlm_regex_steps(RLM_SLICE("")) == 1 && rlm_regex_steps(RLM_SLICE("^a$")) == 2);
    ASSERT(rlm_regex_steps(RLM_SLICE("^ab{3}c*d{1,4}$")) == 1 + 1 + 3 + 1 + 4);
    memset(longest, 'a', sizeof longest);
    ASSERT(rlm_regex_steps((rlm_slice){longest, RLM_CAP_REGEX_STEPS - 1}) == RLM_CAP_REGEX_STEPS);
    ASSERT(rlm_regex_steps((rlm_slice){longest, RLM_CAP_REGEX_STEPS}) == 0);
    PASS();
}

/* A reader that goes back would need more steps than there are atoms. */
TEST
never_goes_back(void)
{
    char text[RLM_CAP_ID + 1];
    clock_t begun = clock();

    memset(text, 'a', sizeof text);
    text[RLM_CAP_ID] = '\0';
    ASSERT(!found("^a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b$", text));
    ASSERT(!found("^a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?b$", text));
    ASSERT(found("a{30,60}$", text));
    ASSERT((double) (clock() - begun) / CLOCKS_PER_SEC < 0.5);
    ASSERT(!rlm_regex_found(RLM_SLICE("a"), (rlm_slice){text, RLM_CAP_ID + 1})); /* no id is so long */
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(finds_text_anywhere_unless_it_is_anchored);
    RUN(knows_characters_and_classes);
    RUN(counts_how_often_a_character_comes);
    RUN(takes_characters_beyond_ascii_whole);
    RUN(refuses_what_it_does_not_understand);
    RUN(says_how_many_steps_it_takes);
    RUN(never_goes_back);
    return REPORT("regex");
}
