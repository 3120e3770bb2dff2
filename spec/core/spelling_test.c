/* One credential in each spelling that answers have it in. */
#include "redact/spelling.h"
#include "test.h"

static size_t
plain(const char *text, const char *secret)
{
    return rlm_spelling_plain(rlm_slice_of(text), rlm_slice_of(secret), true, false);
}

TEST
finds_a_credential_in_any_case_and_escaped(void)
{
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {
        {"s3cret/key and more", 10},
        {"S3CRET/KEY", 10},
        {"s3cret%2Fkey", 12},
        {"s3cret%2fkey", 12}, /* for URLs */
        {"s3cret\\/key", 11},
        {"s3cret\\u002fkey", 15}, /* for JSON */
        {"s3cret&#47;key", 14},
        {"s3cret&#x2F;key", 15}, /* for HTML */
        {"s3cret/ke", 0},
        {"x s3cret/key", 0},
        {"", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (plain(cases[i].text, "s3cret/key") != cases[i].length)
            FAIL("%s: %zu", cases[i].text, plain(cases[i].text, "s3cret/key"));
    }
    ASSERT(rlm_spelling_plain(RLM_SLICE("s3cret%2Fkey"), RLM_SLICE("s3cret/key"), false, false) == 0);
    PASS();
}

TEST
finds_the_beginning_of_one_that_is_cut_off(void)
{
    ASSERT(rlm_spelling_plain(RLM_SLICE("s3cret/k"), RLM_SLICE("s3cret/key"), true, true) == 8);
    ASSERT(rlm_spelling_plain(RLM_SLICE("s3cret/k."), RLM_SLICE("s3cret/key"), true, true) == 0);
    ASSERT(rlm_spelling_plain(RLM_SLICE("S3CRET/K"), RLM_SLICE("s3cret/key"), true, true) == 0); /* its own case */
    PASS();
}

TEST
finds_letters_of_base64_in_both_alphabets(void)
{
    ASSERT(rlm_spelling_base64(RLM_SLICE("ab-_cd.."), RLM_SLICE("ab+/cd"), false) == 6);
    ASSERT(rlm_spelling_base64(RLM_SLICE("ab+/cd.."), RLM_SLICE("ab+/cd"), false) == 6);
    ASSERT(rlm_spelling_base64(RLM_SLICE("AB+/cd"), RLM_SLICE("ab+/cd"), false) == 0); /* case counts */
    ASSERT(rlm_spelling_base64(RLM_SLICE("ab%2B%2Fcd"), RLM_SLICE("ab+/cd"), false) == 10);
    ASSERT(rlm_spelling_letter('-') && rlm_spelling_letter('/') && rlm_spelling_letter('Z'));
    ASSERT(!rlm_spelling_letter('=') && !rlm_spelling_letter('.') && !rlm_spelling_letter('\xC3'));
    ASSERT(rlm_spelling_word(RLM_SLICE("YWJj+_==, next")) == 8 && rlm_spelling_word(RLM_SLICE(", next")) == 0);
    PASS();
}

TEST
reads_and_cuts_texts(void)
{
    ASSERT(rlm_spelling_hex(RLM_SLICE("2fx"), 2) == 0x2f && rlm_spelling_hex(RLM_SLICE("2"), 2) == -1);
    ASSERT(rlm_spelling_hex(RLM_SLICE("xy"), 2) == -1);
    ASSERT_TEXT("c", rlm_spelling_skip(RLM_SLICE("abc"), 2));
    ASSERT_TEXT("a b", rlm_spelling_trim(RLM_SLICE("\t\n a b \r")));
    ASSERT_TEXT("", rlm_spelling_trim(RLM_SLICE(" \n")));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(finds_a_credential_in_any_case_and_escaped);
    RUN(finds_the_beginning_of_one_that_is_cut_off);
    RUN(finds_letters_of_base64_in_both_alphabets);
    RUN(reads_and_cuts_texts);
    return REPORT("spelling");
}
