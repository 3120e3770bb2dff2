#include "test.h"

#include <stdalign.h>
#include <string.h>

TEST
zeroes_and_aligns_what_it_hands_out(void)
{
    rlm_arena arena;
    unsigned char *bytes;

    rlm_arena_init(&arena, 1 << 20);
    for (size_t size = 1; size < 100; size++) {
        bytes = rlm_arena_allocate(&arena, 1, size);
        ASSERT(bytes != NULL && (uintptr_t) bytes % alignof(max_align_t) == 0);
        for (size_t i = 0; i < size; i++) ASSERT(bytes[i] == 0);
        memset(bytes, 0xFF, size);
    }
    rlm_arena_free(&arena);
    PASS();
}

TEST
zeroes_again_after_a_reset(void)
{
    rlm_arena arena;
    unsigned char *bytes;

    rlm_arena_init(&arena, 1 << 20);
    memset(rlm_arena_allocate(&arena, 64, 1), 0xFF, 64);
    rlm_arena_reset(&arena);
    bytes = rlm_arena_allocate(&arena, 64, 1);
    for (size_t i = 0; i < 64; i++) ASSERT(bytes[i] == 0);
    rlm_arena_free(&arena);
    PASS();
}

TEST
hands_out_up_to_its_cap_and_no_more(void)
{
    rlm_arena arena;

    rlm_arena_init(&arena, 64);
    ASSERT(rlm_arena_allocate(&arena, 65, 1) == NULL);
    ASSERT(rlm_arena_allocate(&arena, 4, 16) != NULL);
    ASSERT(arena.used == 64);
    ASSERT(rlm_arena_allocate(&arena, 1, 1) == NULL);
    rlm_arena_reset(&arena);
    ASSERT(arena.used == 0);
    ASSERT(rlm_arena_allocate(&arena, 64, 1) != NULL);
    rlm_arena_free(&arena);
    PASS();
}

TEST
gives_a_pointer_for_nothing_even_at_its_cap(void)
{
    rlm_arena arena;

    rlm_arena_init(&arena, 0);
    ASSERT(rlm_arena_allocate(&arena, 0, 8) != NULL);
    ASSERT(arena.used == 0 && arena.chunks == NULL);
    rlm_arena_free(&arena);
    PASS();
}

TEST
refuses_a_size_that_overflows(void)
{
    rlm_arena arena;

    rlm_arena_init(&arena, SIZE_MAX);
    ASSERT(rlm_arena_allocate(&arena, SIZE_MAX / 2, 3) == NULL);
    ASSERT(rlm_arena_allocate(&arena, SIZE_MAX, 1) == NULL);
    ASSERT(rlm_arena_allocate(&arena, SIZE_MAX - 15, 1) == NULL);
    ASSERT(arena.used == 0);
    rlm_arena_free(&arena);
    PASS();
}

TEST
keeps_the_largest_chunk_over_a_reset(void)
{
    rlm_arena arena;
    void *large;

    rlm_arena_init(&arena, 8 << 20);
    rlm_arena_allocate(&arena, 100, 1);
    large = rlm_arena_allocate(&arena, 3 << 20, 1);
    rlm_arena_allocate(&arena, 100, 1);
    rlm_arena_reset(&arena);
    rlm_memory_fail_at(1); /* so that a second chunk would be noticed */
    ASSERT(rlm_arena_allocate(&arena, 3 << 20, 1) == large);
    rlm_memory_fail_at(0);
    rlm_arena_free(&arena);
    PASS();
}

TEST
is_as_new_after_it_was_freed(void)
{
    rlm_arena arena;

    rlm_arena_init(&arena, 4096);
    rlm_arena_allocate(&arena, 4096, 1);
    rlm_arena_free(&arena);
    ASSERT(arena.used == 0 && arena.cap == 4096 && arena.chunks == NULL);
    ASSERT(rlm_arena_allocate(&arena, 4096, 1) != NULL);
    rlm_arena_free(&arena);
    rlm_arena_free(&arena);
    PASS();
}

TEST
fails_from_the_nth_allocation_on(void)
{
    void *first, *second;

    rlm_memory_fail_at(2);
    first = rlm_memory_allocate(8);
    second = rlm_memory_allocate(8);
    ASSERT(first != NULL && second == NULL);
    ASSERT(rlm_memory_resize(first, 16) == NULL);
    rlm_memory_fail_at(0);
    first = rlm_memory_resize(first, 16);
    ASSERT(first != NULL);
    rlm_memory_free(first);
    rlm_memory_free(NULL);
    PASS();
}

static rlm_status
fill_an_arena(void *context)
{
    rlm_status status = RLM_OK;
    rlm_arena arena;

    (void) context;
    rlm_arena_init(&arena, 1 << 20);
    for (int i = 0; i < 100 && status == RLM_OK; i++) {
        if (rlm_arena_allocate(&arena, 5000, 1) == NULL) status = RLM_OUT_OF_MEMORY;
        if (i == 50) rlm_arena_reset(&arena);
    }
    rlm_arena_free(&arena);
    return status;
}

TEST
survives_each_failing_allocation(void)
{
    ASSERT_SURVIVES_TORTURE(fill_an_arena, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(zeroes_and_aligns_what_it_hands_out);
    RUN(zeroes_again_after_a_reset);
    RUN(hands_out_up_to_its_cap_and_no_more);
    RUN(gives_a_pointer_for_nothing_even_at_its_cap);
    RUN(refuses_a_size_that_overflows);
    RUN(keeps_the_largest_chunk_over_a_reset);
    RUN(is_as_new_after_it_was_freed);
    RUN(fails_from_the_nth_allocation_on);
    RUN(survives_each_failing_allocation);
    return REPORT("arena");
}
