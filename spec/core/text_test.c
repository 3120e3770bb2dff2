#include "test.h"

#include <string.h>

#define R "\xEF\xBF\xBD" /* U+FFFD */

TEST
compares_by_bytes(void)
{
    ASSERT(rlm_slice_equal(RLM_SLICE("gpt"), RLM_SLICE("gpt")));
    ASSERT(!rlm_slice_equal(RLM_SLICE("gpt"), RLM_SLICE("gpt-4")));
    ASSERT(rlm_slice_compare(RLM_SLICE("a"), RLM_SLICE("b")) < 0);
    ASSERT(rlm_slice_compare(RLM_SLICE("b"), RLM_SLICE("a")) > 0);
    ASSERT(rlm_slice_compare(RLM_SLICE("gpt"), RLM_SLICE("gpt-4")) < 0);
    ASSERT(rlm_slice_compare(RLM_SLICE("gpt-4"), RLM_SLICE("gpt")) > 0);
    ASSERT(rlm_slice_compare(RLM_SLICE("gpt"), RLM_SLICE("gpt")) == 0);
    ASSERT(rlm_slice_compare(RLM_SLICE("z"), RLM_SLICE("\xC3\xA9")) < 0); /* no byte is negative */
    PASS();
}

TEST
knows_starts_ends_and_parts(void)
{
    rlm_slice id = RLM_SLICE("gpt-4.1-mini");

    ASSERT(rlm_slice_is(id, "gpt-4.1-mini") && !rlm_slice_is(id, "gpt-4.1"));
    ASSERT(rlm_slice_starts_with(id, "gpt") && rlm_slice_starts_with(id, "") && !rlm_slice_starts_with(id, "mini"));
    ASSERT(rlm_slice_ends_with(id, "-mini") && rlm_slice_ends_with(id, "") && !rlm_slice_ends_with(id, "gpt"));
    ASSERT(rlm_slice_contains(id, "4.1") && rlm_slice_contains(id, "") && rlm_slice_contains(id, "mini"));
    ASSERT(!rlm_slice_contains(id, "4.2") && !rlm_slice_contains(id, "gpt-4.1-mini-") &&
           !rlm_slice_starts_with(id, "gpt-4.1-mini-"));
    ASSERT(!rlm_slice_skip(&id, "mini") && rlm_slice_skip(&id, "gpt-") && rlm_slice_is(id, "4.1-mini"));
    PASS();
}

TEST
takes_no_bytes_for_empty_text(void)
{
    rlm_slice none = {NULL, 0};

    ASSERT(rlm_slice_of(NULL).length == 0);
    ASSERT(rlm_slice_equal(none, RLM_SLICE("")) && rlm_slice_is(none, "") && rlm_slice_is(none, NULL));
    ASSERT(rlm_slice_compare(none, RLM_SLICE("a")) < 0 && rlm_slice_compare(none, none) == 0);
    ASSERT(rlm_slice_starts_with(none, "") && rlm_slice_ends_with(none, "") && rlm_slice_contains(none, ""));
    ASSERT(!rlm_slice_skip(&none, "a"));
    ASSERT(!rlm_slice_starts_with(none, "a") && !rlm_slice_ends_with(none, "a") && !rlm_slice_contains(none, "a"));
    ASSERT(rlm_text_valid(none));
    PASS();
}

TEST
takes_well_formed_text_at_every_border(void)
{
    ASSERT(rlm_text_valid(RLM_SLICE("gpt-4.1 \x01\x7F")));
    ASSERT(rlm_text_valid(RLM_SLICE("\xC2\x80\xDF\xBF")));
    ASSERT(rlm_text_valid(RLM_SLICE("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF")));
    ASSERT(rlm_text_valid(RLM_SLICE("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")));
    PASS();
}

/*
 * ASCII is checked eight bytes at a time: other bytes must be seen at each of the eight places, at any alignment,
 * before and after some ASCII.
 */
TEST
sees_what_is_no_text_at_every_place(void)
{
    char text[48];

    for (size_t length = 1; length <= 40; length++) {
        for (size_t from = 0; from < 8; from++) {
            for (size_t at = 0; at < length; at++) {
                memset(text, 'a', sizeof text);
                ASSERT(rlm_text_valid((rlm_slice){text + from, length}));
                text[from + at] = '\0';
                ASSERT(!rlm_text_valid((rlm_slice){text + from, length}));
                text[from + at] = '\x80';
                ASSERT(!rlm_text_valid((rlm_slice){text + from, length}));
                text[from + at] = '\xC3';
                ASSERT(!rlm_text_valid((rlm_slice){text + from, length}));
                if (at + 1 == length) continue;
                text[from + at + 1] = '\xA9';
                ASSERT(rlm_text_valid((rlm_slice){text + from, length}));
            }
        }
    }
    memset(text, 1, 24);
    memset(text + 24, 0x7F, 24);
    ASSERT(rlm_text_valid((rlm_slice){text, 48}));
    PASS();
}

/* The scrubbed text, in its own memory; valid text comes out as it is. */
static rlm_slice
scrub(rlm_slice text)
{
    static char room[64];
    rlm_slice copy = {NULL, 0};
    rlm_arena arena;
    bool damaged;

    rlm_arena_init(&arena, 4096);
    if (rlm_text_scrub(&arena, text, &copy, &damaged) != RLM_OK || copy.length > sizeof(room))
        return rlm_slice_of("failed");
    if (damaged == rlm_text_valid(text)) copy = rlm_slice_of("wrongly told");
    for (size_t i = 0; i < copy.length; i++) room[i] = copy.bytes[i];
    rlm_arena_free(&arena);
    return (rlm_slice){room, copy.length};
}

TEST
replaces_overlong_forms(void)
{
    ASSERT_TEXT("a" R R "b", scrub(RLM_SLICE("a\xC0\x80"
                                             "b")));
    ASSERT_TEXT(R R R, scrub(RLM_SLICE("\xE0\x9F\xBF")));
    ASSERT_TEXT(R R R R, scrub(RLM_SLICE("\xF0\x8F\xBF\xBF")));
    PASS();
}

/* What yajl makes of "\ud800" and "\udc00" alone. */
TEST
replaces_surrogates(void)
{
    ASSERT_TEXT(R R R, scrub(RLM_SLICE("\xED\xA0\x80")));
    ASSERT_TEXT(R R R, scrub(RLM_SLICE("\xED\xB0\x80")));
    PASS();
}

TEST
replaces_what_lies_past_unicode(void)
{
    ASSERT_TEXT(R R R R, scrub(RLM_SLICE("\xF7\xBF\xBF\xBF")));
    ASSERT_TEXT(R R R R, scrub(RLM_SLICE("\xF4\x90\x80\x80")));
    ASSERT_TEXT(R R, scrub(RLM_SLICE("\xFE\xFF")));
    PASS();
}

TEST
replaces_nul(void)
{
    ASSERT(!rlm_text_valid(RLM_SLICE("a\0b")));
    ASSERT_TEXT("a" R "b", scrub(RLM_SLICE("a\0b")));
    PASS();
}

/* Like Ruby's String#scrub: one mark for each longest beginning of a character. */
TEST
replaces_a_character_cut_short_by_one_mark(void)
{
    ASSERT_TEXT(R, scrub(RLM_SLICE("\xE2\x82")));
    ASSERT_TEXT(R "a", scrub(RLM_SLICE("\xE2\x82"
                                       "a")));
    ASSERT_TEXT(R R, scrub(RLM_SLICE("\xF0\x9F\x98\xC3")));
    ASSERT_TEXT(R "a" R, scrub(RLM_SLICE("\x80"
                                         "a\xBF")));
    PASS();
}

TEST
leaves_valid_text_as_it_is(void)
{
    ASSERT_TEXT("Qwen \xE9\x80\x9A\xE4\xB9\x89", scrub(RLM_SLICE("Qwen \xE9\x80\x9A\xE4\xB9\x89")));
    ASSERT_TEXT("", scrub(RLM_SLICE("")));
    PASS();
}

TEST
copies_into_the_arena_or_says_that_it_is_full(void)
{
    rlm_slice copy = RLM_SLICE("old");
    rlm_arena arena;
    bool damaged;

    rlm_arena_init(&arena, 16);
    ASSERT_STATUS(RLM_OUT_OF_MEMORY, rlm_text_copy(&arena, RLM_SLICE("seventeen letters"), &copy));
    ASSERT_STATUS(RLM_OUT_OF_MEMORY, rlm_text_scrub(&arena, RLM_SLICE("\x80\x80\x80\x80\x80\x80"), &copy, &damaged));
    ASSERT_TEXT("old", copy);
    ASSERT_STATUS(RLM_OK, rlm_text_copy(&arena, RLM_SLICE("gpt"), &copy));
    ASSERT_TEXT("gpt", copy);
    rlm_arena_free(&arena);
    PASS();
}

static uint32_t
intern(rlm_interner *interner, const char *text)
{
    uint32_t offset;

    return rlm_interner_add(interner, rlm_slice_of(text), &offset) == RLM_OK ? offset : UINT32_MAX;
}

TEST
interns_equal_texts_once_in_their_order(void)
{
    rlm_interner interner;

    rlm_interner_init(&interner, 100);
    ASSERT(intern(&interner, "") == 0);
    ASSERT(intern(&interner, "openai") == 0);
    ASSERT(intern(&interner, "gpt") == 6);
    ASSERT(intern(&interner, "openai") == 0);
    ASSERT(intern(&interner, "") == 0);
    ASSERT(intern(&interner, "gpt-4") == 9);
    ASSERT_TEXT("openaigptgpt-4", ((rlm_slice){interner.bytes.bytes, interner.bytes.length}));
    ASSERT(interner.count == 3);
    rlm_interner_free(&interner);
    ASSERT(interner.count == 0 && interner.bytes.cap == 100);
    PASS();
}

TEST
interns_no_further_than_its_cap(void)
{
    rlm_interner interner;
    uint32_t offset = 7;

    rlm_interner_init(&interner, 4);
    ASSERT(intern(&interner, "abc") == 0);
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_interner_add(&interner, RLM_SLICE("de"), &offset));
    ASSERT(offset == 7 && interner.count == 1);
    ASSERT(intern(&interner, "d") == 3);
    ASSERT(intern(&interner, "abc") == 0);
    rlm_interner_free(&interner);
    PASS();
}

/* Ten thousand texts of four bytes, twice: the second time adds nothing. */
static rlm_status
intern_many(void *context)
{
    rlm_status status = RLM_OK;
    rlm_interner interner;
    char text[8];
    uint32_t offset;

    rlm_interner_init(&interner, 40000);
    for (int i = 0; i < 20000 && status == RLM_OK; i++) {
        snprintf(text, sizeof(text), "%04d", i % 10000);
        status = rlm_interner_add(&interner, rlm_slice_of(text), &offset);
        if (status == RLM_OK && offset != (uint32_t) (i % 10000) * 4) status = RLM_BAD_BLOCK;
    }
    *(size_t *) context = interner.count;
    rlm_interner_free(&interner);
    return status;
}

TEST
finds_every_text_again_while_the_table_grows(void)
{
    size_t count;

    ASSERT_STATUS(RLM_OK, intern_many(&count));
    ASSERT(count == 10000);
    PASS();
}

static rlm_status
scrub_once(void *context)
{
    rlm_status status;
    rlm_arena arena;
    rlm_slice copy;
    bool damaged;

    (void) context;
    rlm_arena_init(&arena, 4096);
    status = rlm_text_scrub(&arena, RLM_SLICE("a\x80"), &copy, &damaged);
    rlm_arena_free(&arena);
    return status;
}

TEST
survives_each_failing_allocation(void)
{
    size_t count;

    ASSERT_SURVIVES_TORTURE(intern_many, &count);
    ASSERT_SURVIVES_TORTURE(scrub_once, NULL);
    PASS();
}

TEST
knows_ascii_letters_and_blanks_whatever_the_locale(void)
{
    ASSERT(rlm_ascii_lower('A') == 'a' && rlm_ascii_lower('Z') == 'z');
    ASSERT(rlm_ascii_lower('@') == '@' && rlm_ascii_lower('[') == '[' && rlm_ascii_lower('\xC4') == '\xC4');
    ASSERT(rlm_ascii_is_blank(' ') && rlm_ascii_is_blank('\t') && rlm_ascii_is_blank('\r') && rlm_ascii_is_blank('\n'));
    ASSERT(!rlm_ascii_is_blank('\0') && !rlm_ascii_is_blank('\v') && !rlm_ascii_is_blank('-'));
    ASSERT(rlm_ascii_alike("ETag: x", "etag:", 5) && !rlm_ascii_alike("ETag; x", "etag:", 5));
    PASS();
}

TEST
finds_control_characters(void)
{
    ASSERT(!rlm_slice_has_control_characters(RLM_SLICE("a b~\xC3\xA4")));
    ASSERT(!rlm_slice_has_control_characters(RLM_SLICE("")));
    ASSERT(rlm_slice_has_control_characters(RLM_SLICE("a\n")));
    ASSERT(rlm_slice_has_control_characters(RLM_SLICE("a\x1F")));
    ASSERT(rlm_slice_has_control_characters(RLM_SLICE("\x7F")));
    ASSERT(rlm_slice_has_control_characters(RLM_SLICE("a\0b")));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(compares_by_bytes);
    RUN(knows_starts_ends_and_parts);
    RUN(takes_no_bytes_for_empty_text);
    RUN(takes_well_formed_text_at_every_border);
    RUN(sees_what_is_no_text_at_every_place);
    RUN(replaces_overlong_forms);
    RUN(replaces_surrogates);
    RUN(replaces_what_lies_past_unicode);
    RUN(replaces_nul);
    RUN(replaces_a_character_cut_short_by_one_mark);
    RUN(leaves_valid_text_as_it_is);
    RUN(copies_into_the_arena_or_says_that_it_is_full);
    RUN(interns_equal_texts_once_in_their_order);
    RUN(interns_no_further_than_its_cap);
    RUN(finds_every_text_again_while_the_table_grows);
    RUN(survives_each_failing_allocation);
    RUN(knows_ascii_letters_and_blanks_whatever_the_locale);
    RUN(finds_control_characters);
    return REPORT("text");
}
