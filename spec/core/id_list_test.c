/* Lists of lines: sorted, each once, as one text. */
#include "model/id_list.h"
#include "test.h"

#include <string.h>

static rlm_arena arena;

static void
begin(void)
{
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, 1 << 16);
}

TEST
walks_over_whole_lines_only(void)
{
    rlm_slice rest = RLM_SLICE("a\n\nb c\nd"), line;

    ASSERT(rlm_id_list_next(&rest, &line));
    ASSERT_TEXT("a", line);
    ASSERT(rlm_id_list_next(&rest, &line));
    ASSERT_TEXT("", line);
    ASSERT(rlm_id_list_next(&rest, &line));
    ASSERT_TEXT("b c", line);
    ASSERT(!rlm_id_list_next(&rest, &line)); /* cut off */
    ASSERT_TEXT("d", rest);
    rest = (rlm_slice){NULL, 0};
    ASSERT(!rlm_id_list_next(&rest, &line));
    PASS();
}

TEST
has_a_line_and_not_its_beginning(void)
{
    const rlm_slice list = RLM_SLICE("gpt\ngpt-x\n");

    ASSERT(rlm_id_list_has(list, RLM_SLICE("gpt")) && rlm_id_list_has(list, RLM_SLICE("gpt-x")));
    ASSERT(!rlm_id_list_has(list, RLM_SLICE("gp")) && !rlm_id_list_has(list, RLM_SLICE("gpt-x-1")));
    ASSERT(!rlm_id_list_has(list, RLM_SLICE("")) && !rlm_id_list_has((rlm_slice){NULL, 0}, RLM_SLICE("gpt")));
    PASS();
}

TEST
sorts_and_keeps_each_once_up_to_a_number(void)
{
    static const struct {
        size_t most;
        const char *expected;
    } cases[] = {{9, "A\na\nab\nb\n"}, {4, "A\na\nab\nb\n"}, {3, "A\na\nab\n"}, {1, "A\n"}, {0, ""}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rlm_slice ids[] = {RLM_SLICE("b"), RLM_SLICE("a"), RLM_SLICE("ab"), RLM_SLICE("b"), RLM_SLICE("A")}, list;

        begin();
        ASSERT_STATUS(RLM_OK, rlm_id_list(&arena, ids, 5, cases[i].most, &list));
        ASSERT_TEXT(cases[i].expected, list);
    }
    PASS();
}

TEST
unites_two_lists(void)
{
    static const struct {
        const char *left, *right, *expected;
    } cases[] = {
        {"a\nc\n", "b\nc\nd\n", "a\nb\nc\nd\n"},
        {"a\n", "", "a\n"},
        {"", "a\n", "a\n"},
        {"", "", ""},
        {"a\n", "a\n", "a\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rlm_slice list;

        begin();
        ASSERT_STATUS(RLM_OK,
                      rlm_id_list_unite(&arena, rlm_slice_of(cases[i].left), rlm_slice_of(cases[i].right), &list));
        ASSERT_TEXT(cases[i].expected, list);
    }
    PASS();
}

TEST
adds_a_line_in_its_place(void)
{
    static const struct {
        const char *list, *id, *expected;
    } cases[] = {
        {"", "b", "b\n"},
        {"b\nd\n", "a", "a\nb\nd\n"},
        {"b\nd\n", "c", "b\nc\nd\n"},
        {"b\nd\n", "e", "b\nd\ne\n"},
        {"b\nd\n", "b", "b\nd\n"},
        {"b\nd\n", "d", "b\nd\n"},
        {"ab\n", "a", "a\nab\n"},
        {"a\n", "ab", "a\nab\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rlm_slice list;

        begin();
        ASSERT_STATUS(RLM_OK, rlm_id_list_add(&arena, rlm_slice_of(cases[i].list), rlm_slice_of(cases[i].id), &list));
        ASSERT_TEXT(cases[i].expected, list);
    }
    PASS();
}

static rlm_status
do_all(void *context)
{
    rlm_slice ids[] = {RLM_SLICE("b"), RLM_SLICE("a")}, list;

    (void) context;
    begin();
    RLM_TRY(rlm_id_list(&arena, ids, 2, 2, &list));
    RLM_TRY(rlm_id_list_unite(&arena, list, RLM_SLICE("c\n"), &list));
    return rlm_id_list_add(&arena, list, RLM_SLICE("d"), &list);
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(do_all, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_arena_init(&arena, 1 << 16);
    RUN(walks_over_whole_lines_only);
    RUN(has_a_line_and_not_its_beginning);
    RUN(sorts_and_keeps_each_once_up_to_a_number);
    RUN(unites_two_lists);
    RUN(adds_a_line_in_its_place);
    RUN(survives_a_lack_of_memory);
    rlm_arena_free(&arena);
    return REPORT("id_list");
}
