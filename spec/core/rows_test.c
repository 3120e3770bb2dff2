/* The rows of an answer: what is kept, counted and refused, of one listing and of all. */
#include "base/caps.h"
#include "parsed.h"
#include "sources/rows.h"

static rlm_arena arena;
static rlm_rows rows;
static rlm_error error;

static void
begin(const rlm_source *source)
{
    rlm_rows_free(&rows);
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_rows_init(&rows, source, &source->listings[0], &arena);
    rlm_error_clear(&error);
}

/* Read each element of the list as a row. */
static rlm_status
add_all(const char *list)
{
    const rlm_value *parsed_list = parsed(list);

    if (parsed_list == NULL) return RLM_OUT_OF_MEMORY;
    RLM_EACH (row, parsed_list) RLM_TRY(rlm_rows_add(&rows, (rlm_slice){NULL, 0}, row, &error));
    return RLM_OK;
}

TEST
keeps_models_and_counts_the_rest(void)
{
    begin(&rlm_source_openai);
    ASSERT_STATUS(RLM_OK, add_all(JSON([{"id": "a"}, {"id": 7}, {"id": "*"}, "b", {"id": "c"}])));
    ASSERT(rows.count == 2 && rows.tallies.rejected.count == 2 && rows.tallies.left_out.count == 1);
    ASSERT_TEXT("a", rows.records[0].id);
    ASSERT_TEXT("c", rows.records[1].id);
    ASSERT_TEXT("id must be a string, got a number", rlm_slice_of(rows.tallies.rejected.first.message));
    ASSERT_TEXT("\"*\" is a pattern, not a model", rlm_slice_of(rows.tallies.left_out.first.message));
    PASS();
}

TEST
judges_an_answer_by_its_majority(void)
{
    begin(&rlm_source_openai);
    ASSERT_STATUS(RLM_OK, add_all(JSON([{"id": "a"}, {"id": 7}])));
    ASSERT_STATUS(RLM_OK, rlm_rows_judge(&rows, &error));
    ASSERT_STATUS(RLM_OK, add_all(JSON([{"id": 8}])));
    ASSERT_STATUS(RLM_BAD_ANSWER, rlm_rows_judge(&rows, &error));
    ASSERT_TEXT("2 of 3 rows were rejected; first: id must be a string, got a number", rlm_slice_of(error.message));
    PASS();
}

TEST
wants_only_groups_that_can_be_providers(void)
{
    char long_name[RLM_CAP_NAME + 1];

    memset(long_name, 'a', sizeof long_name);
    begin(&rlm_source_models_dev);
    ASSERT(rlm_rows_wants(&rows, RLM_SLICE("openai")) && rlm_rows_wants(&rows, RLM_SLICE("302.ai")));
    ASSERT(rlm_rows_wants(&rows, (rlm_slice){long_name, RLM_CAP_NAME}));
    ASSERT(!rlm_rows_wants(&rows, (rlm_slice){long_name, RLM_CAP_NAME + 1}));
    ASSERT(!rlm_rows_wants(&rows, RLM_SLICE("")) && !rlm_rows_wants(&rows, RLM_SLICE("a\nb")));
    PASS();
}

TEST
joins_the_rows_of_listings(void)
{
    rlm_rows all;

    begin(&rlm_source_openai);
    rlm_rows_init(&all, &rlm_source_openai, NULL, &arena);
    ASSERT_STATUS(RLM_OK, add_all(JSON([{"id": "a"}, {"id": 7}])));
    ASSERT_STATUS(RLM_OK, rlm_rows_join(&all, &rows, &error));
    ASSERT_STATUS(RLM_OK, rlm_rows_join(&all, &rows, &error));
    ASSERT(all.count == 2 && all.tallies.rejected.count == 2);
    ASSERT_TEXT("a", all.records[1].id);
    rlm_rows_free(&all);
    PASS();
}

TEST
completes_an_answer_that_has_models(void)
{
    const rlm_request settings = {.setting = NULL};
    rlm_rows all;
    size_t listed = 7;

    begin(&rlm_source_xai);
    rlm_rows_init(&all, &rlm_source_xai, NULL, &arena);
    ASSERT_STATUS(RLM_OK, rlm_rows_complete(&all, &settings, &listed, &error));
    ASSERT(listed == 0 && all.count == 0); /* nothing is added to no models */
    ASSERT_STATUS(RLM_OK, add_all(JSON([{"id": "grok-1"}])));
    ASSERT_STATUS(RLM_OK, rlm_rows_join(&all, &rows, &error));
    ASSERT_STATUS(RLM_OK, rlm_rows_complete(&all, &settings, &listed, &error));
    ASSERT(listed == 1 && all.count == 3); /* and two that it does not list */
    ASSERT(all.records[0].standing == RLM_STANDING_LISTED && all.records[2].standing == RLM_STANDING_DOCUMENTED);
    rlm_rows_free(&all);
    PASS();
}

TEST
says_which_cap_was_reached(void)
{
    begin(&rlm_source_openai);
    ASSERT_STATUS(RLM_OUT_OF_MEMORY, rlm_rows_fail(&rows, RLM_OUT_OF_MEMORY, &error));
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, 64);
    while (rlm_arena_allocate(&arena, 16, 1) != NULL) continue;
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_rows_fail(&rows, RLM_OUT_OF_MEMORY, &error));
    PASS();
}

static rlm_status
read_rows(void *unused)
{
    rlm_record *fresh;

    (void) unused;
    begin(&rlm_source_openai);
    RLM_TRY(add_all(JSON([{"id": "a", "x": [1]}, {"id": "b"}])));
    return rlm_rows_new(&rows, &fresh);
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(read_rows, NULL);
    ASSERT(rows.count == 3 && rows.records[2].id.length == 0);
    ASSERT_TEXT("openai", rows.records[2].provider);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    begin(&rlm_source_openai);
    RUN(keeps_models_and_counts_the_rest);
    RUN(judges_an_answer_by_its_majority);
    RUN(wants_only_groups_that_can_be_providers);
    RUN(joins_the_rows_of_listings);
    RUN(completes_an_answer_that_has_models);
    RUN(says_which_cap_was_reached);
    RUN(survives_a_lack_of_memory);
    rlm_rows_free(&rows);
    rlm_arena_free(&arena);
    parsed_free();
    return REPORT("rows");
}
