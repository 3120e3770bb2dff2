/* The values that an export is made of: made in order, taken apart exactly, refused in words. */
#include "export/export_value.h"
#include "parsed.h"

static rlm_arena arena;

/* The value as compact JSON. */
static rlm_slice
written(const rlm_value *value)
{
    static rlm_buffer text;
    bool wrote;

    rlm_buffer_free(&text);
    rlm_buffer_init(&text, 4096);
    return rlm_value_write(value, false, &arena, &text, &wrote) == RLM_OK && wrote
               ? (rlm_slice){text.bytes, text.length}
               : (rlm_slice){NULL, 0};
}

TEST
makes_lists_in_their_order_and_objects_by_key(void)
{
    rlm_value *list = rlm_export_container(&arena, RLM_ARRAY), *object = rlm_export_container(&arena, RLM_OBJECT);

    ASSERT_STATUS(RLM_OK, rlm_export_append(list, rlm_export_number(&arena, INT64_MIN)));
    ASSERT_STATUS(RLM_OK, rlm_export_append(list, rlm_export_text(&arena, RLM_SLICE("a"))));
    ASSERT_STATUS(RLM_OK, rlm_export_insert(object, "c", rlm_export_number(&arena, 3)));
    ASSERT_STATUS(RLM_OK, rlm_export_insert(object, "a", list));
    ASSERT_STATUS(RLM_OK, rlm_export_insert(object, "b", rlm_export_number(&arena, 0)));
    ASSERT_TEXT("a", object->first->key);
    ASSERT_TEXT("b", object->first->next->key);
    ASSERT_TEXT("c", object->last->key);
    ASSERT_JSON(written(object), {"a": [-9223372036854775808, "a"], "b": 0, "c": 3});
    ASSERT_STATUS(RLM_OUT_OF_MEMORY, rlm_export_append(list, NULL));
    ASSERT_STATUS(RLM_OUT_OF_MEMORY, rlm_export_insert(object, "d", NULL));
    PASS();
}

TEST
reads_whole_numbers_and_nothing_else(void)
{
    static const struct {
        const char *text;
        int64_t number; /* 7: untouched */
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"-12", -12},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"9223372036854775808", 7},
        {"-9223372036854775809", 7},
        {"92233720368547758070", 7},
        {"+1", 7},
        {"1.0", 7},
        {"1e3", 7},
        {" 1", 7},
        {"-", 7},
        {"", 7},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t number = 7;

        if (rlm_export_digits(rlm_slice_of(cases[i].text), &number) != (cases[i].number != 7) ||
            number != cases[i].number)
            FAIL("%s is %lld", cases[i].text, (long long) number);
    }
    PASS();
}

TEST
tells_texts_and_numbers_from_what_looks_like_them(void)
{
    int64_t number = 7;

    ASSERT(rlm_export_is_text(parsed("[\"a\"]")->first) && !rlm_export_is_text(parsed("[1]")->first));
    ASSERT(!rlm_export_is_text(parsed("[\"\xC0\x80\"]")->first) && !rlm_export_is_text(NULL)); /* damaged */
    ASSERT(rlm_export_integer(parsed("[12]")->first, &number) && number == 12);
    ASSERT(!rlm_export_integer(parsed("[\"13\"]")->first, &number) && !rlm_export_integer(NULL, &number));
    ASSERT(!rlm_export_integer(parsed("[13.0]")->first, &number) && number == 12);
    PASS();
}

TEST
finds_words_and_names_those_that_are_known(void)
{
    static const char *const names[] = {"", "chat", "image"};
    uint8_t position = 7;
    rlm_error error;

    rlm_error_clear(&error);
    ASSERT_STATUS(RLM_OK, rlm_export_word(names, 3, parsed("[\"image\"]")->first, &position, &error));
    ASSERT(position == 2);
    ASSERT_STATUS(RLM_BAD_SHAPE, rlm_export_word(names, 3, parsed("[\"smell\"]")->first, &position, &error));
    ASSERT_TEXT("unknown value \"smell\" (known: chat, image)", rlm_slice_of(error.message));
    ASSERT_STATUS(RLM_BAD_SHAPE, rlm_export_word(names, 3, parsed("[1]")->first, &position, &error));
    ASSERT_TEXT("must be a string", rlm_slice_of(error.message));
    ASSERT(position == 2);
    PASS();
}

TEST
cuts_a_long_word_between_two_characters(void)
{
    char text[512];
    rlm_slice cut;
    rlm_error error;

    for (size_t i = 0; i + 1 < sizeof text; i += 2) memcpy(text + i, "\xC3\xA9", 2);
    cut = rlm_export_excerpt((rlm_slice){text, sizeof text});
    ASSERT(cut.length > 0 && cut.length < sizeof text && cut.length % 2 == 0);
    ASSERT(rlm_export_excerpt((rlm_slice){NULL, 0}).bytes != NULL);
    rlm_error_clear(&error);
    ASSERT_STATUS(RLM_BAD_SHAPE, rlm_export_refuse_word(&error, "unknown fact", RLM_SLICE("colour")));
    ASSERT_TEXT("unknown fact \"colour\"", rlm_slice_of(error.message));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_arena_init(&arena, 1 << 20);
    RUN(makes_lists_in_their_order_and_objects_by_key);
    RUN(reads_whole_numbers_and_nothing_else);
    RUN(tells_texts_and_numbers_from_what_looks_like_them);
    RUN(finds_words_and_names_those_that_are_known);
    RUN(cuts_a_long_word_between_two_characters);
    rlm_arena_free(&arena);
    parsed_free();
    return REPORT("export_value");
}
