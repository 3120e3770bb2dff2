/* JSON values: what a reader gets from them, what it leaves, and how they are written. */
#include "base/caps.h"
#include "parsed.h"

#define EQUAL_KEYS 300000 /* so many that looking at all of them for each one would not end */

TEST
of_equal_keys_the_last_one_counts_however_many_they_are(void)
{
    static rlm_value members[EQUAL_KEYS];
    rlm_value object = {.kind = RLM_OBJECT, .first = &members[0], .last = &members[EQUAL_KEYS - 1]};
    rlm_arena arena;
    rlm_buffer text;
    bool wrote;

    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_buffer_init(&text, RLM_CAP_ROW);
    for (size_t i = 0; i < EQUAL_KEYS; i++) {
        members[i] = (rlm_value){
            .kind = RLM_NUMBER, .key = i % 3 == 0 ? RLM_SLICE("b") : RLM_SLICE("a"), .text = RLM_SLICE("0")};
        members[i].next = i + 1 < EQUAL_KEYS ? &members[i + 1] : NULL;
    }
    members[EQUAL_KEYS - 1].text = RLM_SLICE("1");
    members[EQUAL_KEYS - 3].text = RLM_SLICE("2");
    ASSERT_STATUS(RLM_OK, rlm_value_write(&object, false, &arena, &text, &wrote));
    ASSERT(wrote);
    ASSERT_TEXT("{\"a\":1,\"b\":2}", ((rlm_slice){text.bytes, text.length}));
    rlm_buffer_free(&text);
    rlm_arena_free(&arena);
    PASS();
}

TEST
gives_a_member_or_null(void)
{
    const rlm_value *object = parsed(JSON({"a": 1, "b": {"c": "x"}, "a": 2}));

    ASSERT_TEXT("2", rlm_value_get(object, "a")->text); /* the last of equal keys */
    ASSERT_TEXT("x", rlm_value_get(rlm_value_get(object, "b"), "c")->text);
    ASSERT(rlm_value_get(object, "none") == NULL && rlm_value_get(NULL, "a") == NULL);
    ASSERT(rlm_value_get(rlm_value_get(object, "a"), "c") == NULL); /* of a number */
    PASS();
}

TEST
names_its_kind_and_knows_what_says_nothing(void)
{
    /* clang-format off */
    static const struct {
        const char *json, *kind;
        bool says;
    } cases[] = {
        {"[null]", "null", false},
        {"[false]", "a boolean", true},
        {"[0]", "a number", true},
        {"[\"\"]", "a string", false},
        {"[\"a\"]", "a string", true},
        {"[[]]", "a list", false},
        {"[[null]]", "a list", true},
        {"[{}]", "an object", false},
        {"[{\"a\":null}]", "an object", true},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const rlm_value *value = parsed(cases[i].json)->first;

        ASSERT_TEXT(cases[i].kind, rlm_slice_of(rlm_value_kind_name(value)));
        if (rlm_value_says_something(value) != cases[i].says) FAIL("%s", cases[i].json);
    }
    ASSERT(!rlm_value_says_something(NULL));
    PASS();
}

TEST
reads_texts_and_what_is_written(void)
{
    const rlm_value *list = parsed(JSON(["a", 1.50, true]));

    ASSERT_TEXT("a", rlm_value_text(list->first));
    ASSERT_TEXT("", rlm_value_text(list->first->next));
    ASSERT_TEXT("1.50", rlm_value_written(list->first->next));
    ASSERT_TEXT("", rlm_value_written(list->last));
    ASSERT_TEXT("", rlm_value_written(NULL));
    PASS();
}

TEST
reads_booleans_that_are_numbers_or_words(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        int truth; /* -1: none */
    } cases[] = {
        {"[true]", 1}, {"[1]", 1}, {"[\"true\"]", 1}, {"[\"True\"]", 1},
        {"[false]", 0}, {"[0]", 0}, {"[\"false\"]", 0}, {"[\"False\"]", 0},
        {"[\"TRUE\"]", -1}, {"[\"yes\"]", -1}, {"[2]", -1}, {"[\"\"]", -1}, {"[null]", -1}, {"[[true]]", -1},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rlm_value *value = parsed(cases[i].json)->first;
        bool truth = cases[i].truth == 0;

        if (rlm_value_truth(value, &truth) != (cases[i].truth >= 0)) FAIL("%s", cases[i].json);
        ASSERT(truth == (cases[i].truth == 1 || (cases[i].truth < 0 && cases[i].truth == 0)));
        ASSERT(rlm_value_is_true(value) == (cases[i].truth == 1));
        ASSERT(rlm_value_take_true(value) == (cases[i].truth == 1));
        ASSERT(value->taken == (cases[i].truth >= 0)); /* true or false, it was understood */
    }
    ASSERT(!rlm_value_is_true(NULL));
    PASS();
}

TEST
reads_numbers_exactly(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        int64_t integer; /* -1: none */
        const char *decimal;
    } cases[] = {
        {"[8192]", 8192, "8192"},
        {"[8192.0]", 8192, "8192"},
        {"[8.192e3]", 8192, "8192"},
        {"[\"8192\"]", 8192, "8192"},
        {"[0.00000008333333333333334]", -1, "0.00000008333333333333334"},
        {"[999999999999999999]", 999999999999999999, "999999999999999999"},
        {"[1000000000000000001]", -1, "untouched"}, /* more digits than a decimal has */
        {"[\"8k\"]", -1, "untouched"},
        {"[\"\"]", -1, "untouched"},
        {"[true]", -1, "untouched"},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const rlm_value *value = parsed(cases[i].json)->first;
        int64_t integer = -1;
        rlm_decimal decimal = {7, 7};

        rlm_value_integer(value, &integer);
        if (integer != cases[i].integer) FAIL("%s is %lld", cases[i].json, (long long) integer);
        if (rlm_value_decimal(value, &decimal)) ASSERT_DECIMAL(cases[i].decimal, decimal);
        else ASSERT(decimal.coefficient == 7 && strcmp(cases[i].decimal, "untouched") == 0);
    }
    PASS();
}

/* The value as compact JSON. */
static rlm_slice
written(const rlm_value *value, bool rest)
{
    static rlm_buffer text;
    static rlm_arena arena;
    bool wrote = false;

    rlm_buffer_free(&text);
    rlm_buffer_init(&text, RLM_CAP_ROW);
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_ROW);
    if (value == NULL || rlm_value_write(value, rest, &arena, &text, &wrote) != RLM_OK || !wrote) return RLM_SLICE("");
    return (rlm_slice){text.bytes, text.length};
}

TEST
writes_what_says_something_sorted_by_key(void)
{
    ASSERT_JSON(written(parsed(JSON({"b": [null, {}, "x"], "a": {"z": null, "y": 1.50}, "c": "", "d": []})), false),
                {"a": {"y": 1.50}, "b": [null, {}, "x"]});
    ASSERT_JSON(written(parsed(JSON({"b": 1, "a": 2, "b": 3, "c": 4, "a": 5, "aa": 6})), false),
                {"a": 5, "aa": 6, "b": 3, "c": 4});
    ASSERT_TEXT("{\"n\":\"1e999\"}", written(parsed(JSON({"n": 1e999})), false));
    ASSERT_TEXT("", written(parsed(JSON({"a": {"b": null}})), false));
    PASS();
}

TEST
writes_the_rest_without_what_was_taken(void)
{
    rlm_value *row = parsed(JSON({"id": "a", "limit": {"context": 1, "more": 2}, "tags": ["x", "y"], "last": 3}));

    rlm_value_take(rlm_value_get(row, "id"));
    rlm_value_take(rlm_value_get(rlm_value_get(row, "limit"), "context"));
    rlm_value_take(rlm_value_get(row, "tags")); /* a list is taken whole */
    rlm_value_take(NULL);
    ASSERT_JSON(written(row, true), {"last": 3, "limit": {"more": 2}});
    rlm_value_keep(rlm_value_get(row, "id"));
    ASSERT_JSON(written(row, true), {"id": "a", "last": 3, "limit": {"more": 2}});
    PASS();
}

TEST
unites_members_of_one_key(void)
{
    rlm_value *object = parsed(JSON({"a": {"x": 1}, "b": 1, "a": {"y": {"p": 1}}, "b": 2, "a": {"y": {"q": 2}}}));
    rlm_arena arena;

    rlm_arena_init(&arena, RLM_CAP_ROW);
    ASSERT_STATUS(RLM_OK, rlm_value_unite(object, &arena));
    ASSERT_JSON(written(object, false), {"a": {"x": 1, "y": {"p": 1, "q": 2}}, "b": 2});
    rlm_arena_free(&arena);
    PASS();
}

TEST
appends_members_of_another_object(void)
{
    rlm_value *list = parsed(JSON([{"a": 1}, {"b": 2, "c": 3}, {}, "text"]));
    rlm_value *object = list->first, *other = object->next, *empty = other->next;

    rlm_value_append_members(object, other);
    rlm_value_append_members(object, list->last);
    ASSERT_JSON(written(object, false), {"a": 1, "b": 2, "c": 3});
    ASSERT(object->last == rlm_value_get(object, "c") && other->first == NULL);
    rlm_value_append_members(empty, object);
    ASSERT_JSON(written(empty, false), {"a": 1, "b": 2, "c": 3});
    PASS();
}

TEST
writes_lines_for_people_in_the_order_of_the_document(void)
{
    const rlm_value *value = parsed(JSON({"b": [1, "x"], "a": {"c": null}, "d": [{"e": true}, [2]], "f": {}, "g": []}));
    rlm_buffer text;

    rlm_buffer_init(&text, RLM_CAP_ROW);
    ASSERT_STATUS(RLM_OK, rlm_value_write_lines(value, 1, &text));
    ASSERT_TEXT("{\n"
                "    \"b\": [1, \"x\"],\n"
                "    \"a\": {\n"
                "      \"c\": null\n"
                "    },\n"
                "    \"d\": [\n"
                "      {\"e\": true},\n"
                "      [2]\n"
                "    ],\n"
                "    \"f\": {},\n"
                "    \"g\": []\n"
                "  }",
                ((rlm_slice){text.bytes, text.length}));
    rlm_buffer_free(&text);
    PASS();
}

TEST
writes_a_text_with_escapes(void)
{
    rlm_buffer text;

    rlm_buffer_init(&text, RLM_CAP_ROW);
    ASSERT_STATUS(RLM_OK, rlm_value_write_text(RLM_SLICE("a\"b\\c\n\x01\xC3\xA9"), &text));
    ASSERT_TEXT("\"a\\\"b\\\\c\\u000a\\u0001\xC3\xA9\"", ((rlm_slice){text.bytes, text.length}));
    rlm_buffer_free(&text);
    PASS();
}

/* Eight bytes are looked at once: none of them may hide an escape, nor what needs none look like one. */
TEST
writes_an_escape_at_every_place(void)
{
    static const char escaped[] = "\"\\\x01\x1F", plain[] = " !#[]\x7F\x80\xA2\xDC\xFF";
    rlm_buffer text;

    rlm_buffer_init(&text, RLM_CAP_ROW);
    for (size_t at = 0; at < 20; at++) {
        char bytes[20];

        memset(bytes, 'a', sizeof bytes);
        for (const char *byte = escaped; *byte != '\0'; byte++) {
            size_t taken = *byte == '"' || *byte == '\\' ? 2 : 6;

            bytes[at] = *byte;
            rlm_buffer_clear(&text);
            ASSERT_STATUS(RLM_OK, rlm_value_write_text((rlm_slice){bytes, sizeof bytes}, &text));
            ASSERT(text.length == sizeof bytes + 2 + taken - 1 && text.bytes[1 + at] == '\\');
        }
        for (const char *byte = plain; *byte != '\0'; byte++) {
            bytes[at] = *byte;
            rlm_buffer_clear(&text);
            ASSERT_STATUS(RLM_OK, rlm_value_write_text((rlm_slice){bytes, sizeof bytes}, &text));
            ASSERT(text.length == sizeof bytes + 2 && memcmp(text.bytes + 1, bytes, sizeof bytes) == 0);
        }
    }
    rlm_buffer_free(&text);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(of_equal_keys_the_last_one_counts_however_many_they_are);
    RUN(gives_a_member_or_null);
    RUN(names_its_kind_and_knows_what_says_nothing);
    RUN(reads_texts_and_what_is_written);
    RUN(reads_booleans_that_are_numbers_or_words);
    RUN(reads_numbers_exactly);
    RUN(writes_what_says_something_sorted_by_key);
    RUN(writes_the_rest_without_what_was_taken);
    RUN(unites_members_of_one_key);
    RUN(appends_members_of_another_object);
    RUN(writes_lines_for_people_in_the_order_of_the_document);
    RUN(writes_a_text_with_escapes);
    RUN(writes_an_escape_at_every_place);
    parsed_free();
    return REPORT("value");
}
