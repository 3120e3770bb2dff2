/* Rows of one id as one record: whichever comes first, however many there are, and however much they name. */
#include "base/caps.h"
#include "model/record.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static rlm_record
row(rlm_arena *arena, const char *name, const char *equivalents, int64_t context)
{
    rlm_record record;

    rlm_record_init(&record, arena, RLM_SLICE("acme"));
    record.id = RLM_SLICE("m");
    record.name = rlm_slice_of(name);
    record.equivalents = rlm_slice_of(equivalents);
    record.limits[RLM_LIMIT_CONTEXT] = context;
    return record;
}

TEST
unites_rows_in_any_order(void)
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    rlm_arena arena;

    rlm_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        const rlm_record rows[] = {row(&arena, "", "b\nd\n", 100), row(&arena, "M", "a\nb\n", RLM_UNKNOWN),
                                   row(&arena, "N", "", 300)};
        rlm_record united[3];

        for (int j = 0; j < 3; j++) united[j] = rows[orders[i][j]];
        ASSERT_STATUS(RLM_OK, rlm_record_unite(united, 3, &arena));
        ASSERT_TEXT("M", united[0].name);
        ASSERT_TEXT("a\nb\nd\n", united[0].equivalents);
        ASSERT(united[0].limits[RLM_LIMIT_CONTEXT] == 300);
    }
    rlm_arena_free(&arena);
    PASS();
}

/* Nothing is lost except one of two values that contradict each other: the one of the later text in byte order. */
TEST
unites_metadata(void)
{
    static const struct {
        const char *texts[3];
        const char *united;
    } cases[] = {
        {{"{\"a\":1}", "{\"b\":2}", ""}, "{\"a\":1,\"b\":2}"},
        {{"{\"a\":1}", "", "{\"a\":1}"}, "{\"a\":1}"},
        {{"{\"a\":{\"x\":1,\"z\":[1]}}", "{\"a\":{\"y\":2}}", "{\"c\":null}"}, "{\"a\":{\"x\":1,\"y\":2,\"z\":[1]}}"},
        {{"{\"a\":{\"b\":{\"c\":1}}}", "{\"a\":{\"b\":{\"d\":2}}}", "{\"a\":{\"b\":{\"e\":3}}}"},
         "{\"a\":{\"b\":{\"c\":1,\"d\":2,\"e\":3}}}"},
        {{"{\"a\":1,\"b\":1}", "{\"a\":2,\"c\":2}", ""}, "{\"a\":1,\"b\":1,\"c\":2}"},
        {{"{\"a\":{\"x\":1}}", "{\"a\":[1]}", "{\"d\":\"\u00fc\"}"}, "{\"a\":[1],\"d\":\"\u00fc\"}"},
        {{"", "", ""}, ""},
    };
    static const int orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t order = 0; order < 3; order++) {
            rlm_record rows[3];
            rlm_arena arena;

            rlm_arena_init(&arena, 1 << 20);
            for (int j = 0; j < 3; j++) {
                rows[j] = row(&arena, "", "", 1);
                rows[j].metadata = rlm_slice_of(cases[i].texts[orders[order][j]]);
            }
            ASSERT_STATUS(RLM_OK, rlm_record_unite(rows, 3, &arena));
            ASSERT_TEXT(cases[i].united, rows[0].metadata);
            rlm_arena_free(&arena);
        }
    }
    PASS();
}

static rlm_status
unite_two_texts(void *unused)
{
    rlm_record rows[2];
    rlm_arena arena;
    rlm_status status;

    (void) unused;
    rlm_arena_init(&arena, 1 << 20);
    for (int j = 0; j < 2; j++) {
        rows[j] = row(&arena, "", "", 1);
        rows[j].metadata = rlm_slice_of(j == 0 ? "{\"a\":{\"x\":1}}" : "{\"a\":{\"y\":2}}");
    }
    status = rlm_record_unite(rows, 2, &arena);
    rlm_arena_free(&arena);
    return status;
}

TEST
unites_metadata_or_says_that_memory_is_out(void)
{
    ASSERT_SURVIVES_TORTURE(unite_two_texts, NULL);
    PASS();
}

#define MANY 2000

/*
 * Two thousand rows that name a hundred ids each: copied once they are 1.4 MB, and 1.4 GB if each row copied those
 * before.
 */
TEST
unites_many_rows_in_the_memory_of_one_copy(void)
{
    static char texts[MANY][100 * 7 + 1];
    rlm_record *rows = calloc(MANY, sizeof *rows);
    rlm_slice rest, id;
    rlm_arena arena;
    size_t count = 0;

    ASSERT(rows != NULL);
    rlm_arena_init(&arena, 2 << 20);
    for (int i = 0; i < MANY; i++) {
        for (int j = 0; j < 100; j++) snprintf(&texts[i][j * 7], 8, "%06u\n", (unsigned) (i * 37 + j) % 1000000u);
        rows[i] = row(&arena, "", texts[i], RLM_UNKNOWN);
    }
    ASSERT_STATUS(RLM_OK, rlm_record_unite(rows, MANY, &arena));
    for (rest = rows[0].equivalents; rlm_id_list_next(&rest, &id);) count++;
    ASSERT(count == RLM_CAP_EQUIVALENTS);
    ASSERT(rlm_slice_starts_with(rows[0].equivalents, "000000\n000001\n"));
    rlm_arena_free(&arena);
    free(rows);
    PASS();
}

static rlm_status
unite_in_little_memory(void *context)
{
    rlm_arena arena;
    rlm_record rows[2];
    rlm_status status;

    (void) context;
    rlm_arena_init(&arena, 1 << 20);
    rows[0] = row(&arena, "M", "a\n", 1);
    rows[1] = row(&arena, "N", "b\n", 2);
    status = rlm_record_unite(rows, 2, &arena);
    rlm_arena_free(&arena);
    return status;
}

TEST
survives_without_memory(void)
{
    ASSERT_SURVIVES_TORTURE(unite_in_little_memory, NULL);
    PASS();
}

/* Who is to blame: the input, which met a cap, or the machine. */
TEST
tells_a_cap_from_a_machine_without_memory(void)
{
    rlm_record rows[2];
    rlm_arena small;

    rlm_arena_init(&small, 16);
    rows[0] = row(&small, "", "aaaaaaaaaa\n", 1);
    rows[1] = row(&small, "", "bbbbbbbbbb\n", 1);
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_arena_status(&small, rlm_record_unite(rows, 2, &small)));
    rlm_arena_free(&small);

    rlm_arena_init(&small, 1 << 20);
    rlm_memory_fail_at(1);
    ASSERT_STATUS(RLM_OUT_OF_MEMORY, rlm_arena_status(&small, rlm_record_unite(rows, 2, &small)));
    rlm_memory_fail_at(0);
    ASSERT_STATUS(RLM_BAD_JSON, rlm_arena_status(&small, RLM_BAD_JSON));
    rlm_arena_free(&small);
    PASS();
}

/* Prices and bounds are one row's each: the longer set, else the one whose bytes come first. */
TEST
unites_controls_and_prices_in_any_order(void)
{
    static const rlm_price two[] = {{.coefficient = 1, .region = 1}, {.coefficient = 2, .meter = RLM_METER_OUTPUT}},
                           one[] = {{.coefficient = 9}};
    static const rlm_bound bounds[] = {{.coefficient = 2, .of = RLM_BOUNDED_TEMPERATURE, .kind = RLM_BOUND_MAX},
                                       {.coefficient = 1, .of = RLM_BOUNDED_TOP_P, .kind = RLM_BOUND_MAX}};
    rlm_arena arena;

    rlm_arena_init(&arena, 1 << 20);
    for (int turn = 0; turn < 2; turn++) {
        rlm_record rows[2] = {row(&arena, "", "", RLM_UNKNOWN), row(&arena, "", "", RLM_UNKNOWN)};
        rlm_record *first = &rows[turn], *other = &rows[1 - turn];

        first->prices = (rlm_price_set){.list = two, .count = 2, .words = RLM_SLICE("eu\n")};
        other->prices = (rlm_price_set){.list = one, .count = 1};
        first->bounds = bounds, first->bound_count = 1;
        other->bounds = bounds, other->bound_count = 2;
        first->default_effort = RLM_EFFORT_LOW + 1, other->default_effort = RLM_EFFORT_HIGH + 1;
        rlm_flags_state(&first->efforts, RLM_EFFORT_LOW, true);
        rlm_flags_state(&other->efforts, RLM_EFFORT_LOW, false);
        rlm_flags_state(&other->parameters, RLM_PARAMETER_STOP, true);
        rlm_flags_state(&first->traits, RLM_TRAIT_TRAINING, false);
        first->replacements = RLM_SLICE("successor b\n"), other->replacements = RLM_SLICE("fallback c\nsuccessor b\n");
        first->license = RLM_SLICE("mit");
        first->data_regions = RLM_SLICE("us\n"), other->data_regions = RLM_SLICE("eu\n");
        first->deprecated_at = (rlm_timestamp){100, RLM_PRECISION_SECOND};
        other->deprecated_at = (rlm_timestamp){200, RLM_PRECISION_SECOND};
        ASSERT_STATUS(RLM_OK, rlm_record_unite(rows, 2, &arena));
        ASSERT(rows[0].prices.list == two && rows[0].prices.count == 2);
        ASSERT_TEXT("eu\n", rows[0].prices.words);
        ASSERT(rows[0].bound_count == 2 && rows[0].default_effort == RLM_EFFORT_HIGH + 1);
        ASSERT(rows[0].efforts.yes == RLM_BIT(RLM_EFFORT_LOW) && rows[0].efforts.no == 0);
        ASSERT(rows[0].parameters.yes == RLM_BIT(RLM_PARAMETER_STOP));
        ASSERT(rows[0].traits.no == RLM_BIT(RLM_TRAIT_TRAINING));
        ASSERT_TEXT("fallback c\nsuccessor b\n", rows[0].replacements);
        ASSERT_TEXT("mit", rows[0].license);
        ASSERT_TEXT("eu\nus\n", rows[0].data_regions);
        ASSERT(rows[0].deprecated_at.seconds == 100);
    }
    rlm_arena_free(&arena);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(unites_rows_in_any_order);
    RUN(unites_metadata);
    RUN(unites_metadata_or_says_that_memory_is_out);
    RUN(unites_many_rows_in_the_memory_of_one_copy);
    RUN(survives_without_memory);
    RUN(tells_a_cap_from_a_machine_without_memory);
    RUN(unites_controls_and_prices_in_any_order);
    return REPORT("unite");
}
