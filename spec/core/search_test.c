/* Where known credentials stand in a text. */
#include "redact/search.h"
#include "redact/spelling.h"
#include "test.h"

static rlm_redactor redactor;
static const rlm_search whole = {RLM_SPELLING_SHORTEST, false}, cut = {RLM_SPELLING_SHORTEST, true};

static rlm_status
know(const char *secret)
{
    rlm_redactor_free(&redactor);
    rlm_redactor_init(&redactor);
    return rlm_redactor_add(&redactor, rlm_slice_of(secret));
}

TEST
finds_a_credential_anywhere(void)
{
    ASSERT_STATUS(RLM_OK, know("s3cret-key-of-ours"));
    ASSERT(rlm_redactor_search(&redactor, RLM_SLICE("key is s3cret-key-of-ours!"), whole));
    ASSERT(rlm_redactor_search(&redactor, RLM_SLICE("key is S3CRET-key-of-ours"), whole));
    ASSERT(!rlm_redactor_search(&redactor, RLM_SLICE("key is s3cret-key-of-theirs"), whole));
    ASSERT(!rlm_redactor_search(&redactor, RLM_SLICE("key is s3cret-key-of"), whole));
    ASSERT(rlm_redactor_search(&redactor, RLM_SLICE("key is s3cret-key-of"), cut));
    ASSERT(!rlm_redactor_search(&redactor, RLM_SLICE(""), cut));
    PASS();
}

/* Of any length, so that each stride occurs; in base64, too, whose letters shift with the place. */
TEST
finds_one_of_any_length_at_any_place(void)
{
    static const char secret[] = "q7Zx9Wv2Kj4Tn6Rb", in_base64[] = "cTdaeDlXdjJLajRUbjZSYg"; /* the whole secret */
    char text[64];

    for (int length = RLM_SPELLING_SHORTEST; length < (int) sizeof secret; length++) {
        char part[sizeof secret];

        memcpy(part, secret, sizeof part);
        part[length] = '\0';
        ASSERT_STATUS(RLM_OK, know(part));
        for (int before = 0; before < 12; before++) {
            int size =
                snprintf(text, sizeof text, "%.*s%s%.*s", before, "not a secret", part, 11 - before, "nor is this");

            ASSERT(rlm_redactor_search(&redactor, (rlm_slice){text, (size_t) size}, whole));
            text[before + length - 1] = '~';
            ASSERT(!rlm_redactor_search(&redactor, (rlm_slice){text, (size_t) size}, whole));
        }
    }
    for (int before = 0; before < 12; before++) {
        int size = snprintf(text, sizeof text, "%.*s %s", before, "not a secret", in_base64);

        ASSERT(rlm_redactor_search(&redactor, (rlm_slice){text, (size_t) size}, whole));
    }
    ASSERT_STATUS(RLM_OK, rlm_redactor_add(&redactor, RLM_SLICE("k3y!"))); /* a shorter one beside it */
    ASSERT(rlm_redactor_search(&redactor, RLM_SLICE("it is k3y!"), whole));
    ASSERT(!rlm_redactor_search(&redactor, RLM_SLICE("it is q7Zx9Wv2Kj4Tn6R"), whole));
    ASSERT(rlm_redactor_search(&redactor, RLM_SLICE("it is q7Zx9Wv2Kj4Tn6Rb"), whole));
    PASS();
}

/* One escape is enough to move all that follows it. */
TEST
finds_one_with_an_escape_at_any_place(void)
{
    static const char *const spellings[] = {"%73%33cret%2dkey", "s3cret\\u002dkey", "it's %20 s3cret-key",
                                            "\\\\s3cret-key"};

    ASSERT_STATUS(RLM_OK, know("s3cret-key"));
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        ASSERT(rlm_redactor_search(&redactor, rlm_slice_of(spellings[i]), whole));
    PASS();
}

/* "user:s3cret-key-of-ours", as a header has it. */
TEST
finds_one_inside_of_base64(void)
{
    const rlm_slice text = RLM_SLICE("dXNlcjpzM2NyZXQta2V5LW9mLW91cnM= and more");

    ASSERT_STATUS(RLM_OK, know("s3cret-key-of-ours"));
    ASSERT(rlm_redactor_search(&redactor, text, whole));
    ASSERT(rlm_redactor_secret_length(&redactor, text, false, whole) == 32); /* the word whole */
    ASSERT(rlm_redactor_secret_length(&redactor, RLM_SLICE("s3cret-key-of-ours."), false, whole) == 18);
    ASSERT(rlm_redactor_secret_length(&redactor, RLM_SLICE(" s3cret-key-of-ours"), false, whole) == 0);
    PASS();
}

TEST
knows_nothing_without_credentials(void)
{
    rlm_redactor_free(&redactor);
    rlm_redactor_init(&redactor);
    ASSERT(rlm_redactor_shortest(&redactor, 0) == SIZE_MAX && rlm_redactor_shortest(NULL, 0) == SIZE_MAX);
    ASSERT(!rlm_redactor_search(&redactor, RLM_SLICE("s3cret-key-of-ours"), whole));
    PASS();
}

TEST
knows_the_shortest_text_that_may_contain_one(void)
{
    ASSERT_STATUS(RLM_OK, know("s3cret-key-of-ours"));
    ASSERT_STATUS(RLM_OK, rlm_redactor_add(&redactor, RLM_SLICE("12345678")));
    ASSERT_STATUS(RLM_OK, rlm_redactor_add(&redactor, RLM_SLICE("ollama")));
    ASSERT(rlm_redactor_shortest(&redactor, RLM_SPELLING_SHORTEST) == 6);
    ASSERT(rlm_redactor_shortest(&redactor, 8) == 8);
    ASSERT(rlm_redactor_shortest(&redactor, 9) == 18);
    ASSERT(rlm_redactor_shortest(&redactor, 19) == SIZE_MAX);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_redactor_init(&redactor);
    RUN(finds_a_credential_anywhere);
    RUN(finds_one_of_any_length_at_any_place);
    RUN(finds_one_with_an_escape_at_any_place);
    RUN(finds_one_inside_of_base64);
    RUN(knows_nothing_without_credentials);
    RUN(knows_the_shortest_text_that_may_contain_one);
    rlm_redactor_free(&redactor);
    return REPORT("search");
}
