/*
 * Memory: the seam to malloc, then arenas on top of it.
 *
 * A row of JSON is a hundred small things that die together; freeing them one by one is slow and is where leaks come
 * from. Read rlm_arena_bytes first: it bumps in the newest chunk, and chunks double, so that a long-lived arena has
 * few of them and a short one is small. The counter of rlm_memory_fail_at is atomic only so that threads may read it;
 * only tests write it.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CHUNK ((size_t) 4 << 10)
#define LARGEST_CHUNK ((size_t) 1 << 20) /* one that a single request does not force to be larger */

struct rlm_arena_chunk {
    rlm_arena_chunk *older;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

static atomic_long countdown; /* 0: nothing fails; 1: all fails; n: after n - 1 more */

static bool
must_fail(void)
{
    long left = atomic_load_explicit(&countdown, memory_order_relaxed);

    if (left > 1) atomic_store_explicit(&countdown, left - 1, memory_order_relaxed);
    return left == 1;
}

void
rlm_memory_fail_at(long nth)
{
    atomic_store_explicit(&countdown, nth > 0 ? nth : 0, memory_order_relaxed);
}

/*
 * A size of 0 becomes 1: the result of malloc(0) differs from one libc to the next, and NULL means out of memory here.
 */
void *
rlm_memory_allocate(size_t size)
{
    return must_fail() ? NULL : malloc(size > 0 ? size : 1);
}

void *
rlm_memory_resize(void *memory, size_t size)
{
    return must_fail() ? NULL : realloc(memory, size > 0 ? size : 1);
}

void
rlm_memory_free(void *memory)
{
    free(memory);
}

void
rlm_arena_init(rlm_arena *arena, size_t cap)
{
    *arena = (rlm_arena){.cap = cap};
}

static rlm_arena_chunk *
add_chunk(rlm_arena *arena, size_t needed)
{
    rlm_arena_chunk *chunk;
    size_t size = FIRST_CHUNK;

    if (arena->chunks != NULL) size = arena->chunks->size < LARGEST_CHUNK / 2 ? arena->chunks->size * 2 : LARGEST_CHUNK;
    if (size < needed) size = needed;
    if (size > SIZE_MAX - sizeof(*chunk)) return NULL;
    chunk = rlm_memory_allocate(sizeof(*chunk) + size);
    if (chunk == NULL) return NULL;
    chunk->older = arena->chunks;
    chunk->size = size;
    chunk->used = 0;
    arena->chunks = chunk;
    return chunk;
}

static void *
refuse(rlm_arena *arena)
{
    arena->refused = true;
    return NULL;
}

rlm_status
rlm_arena_status(const rlm_arena *arena, rlm_status status)
{
    return status == RLM_OUT_OF_MEMORY && arena->refused ? RLM_TOO_LARGE : status;
}

void *
rlm_arena_bytes(rlm_arena *arena, size_t size)
{
    static const max_align_t nothing;
    const size_t unit = alignof(max_align_t);
    rlm_arena_chunk *chunk = arena->chunks;
    size_t total = (size + unit - 1) / unit * unit; /* alignment counts, too: the cap is about memory */
    void *memory;

    if (size == 0) return (void *) &nothing;
    if (total < size || total > arena->cap - arena->used) return refuse(arena);
    if (chunk == NULL || total > chunk->size - chunk->used) chunk = add_chunk(arena, total);
    if (chunk == NULL) return NULL;
    memory = chunk->bytes + chunk->used;
    chunk->used += total;
    arena->used += total;
    return memory;
}

void *
rlm_arena_allocate(rlm_arena *arena, size_t count, size_t size)
{
    void *memory;

    if (count > 1 && size > SIZE_MAX / count) return refuse(arena);
    memory = rlm_arena_bytes(arena, count * size);
    return memory == NULL || count * size == 0 ? memory : memset(memory, 0, count * size);
}

static void
free_chunks(rlm_arena_chunk *chunk, const rlm_arena_chunk *spared)
{
    rlm_arena_chunk *older;

    for (; chunk != NULL; chunk = older) {
        older = chunk->older;
        if (chunk != spared) rlm_memory_free(chunk);
    }
}

void
rlm_arena_reset(rlm_arena *arena)
{
    rlm_arena_chunk *largest = arena->chunks;

    for (rlm_arena_chunk *chunk = arena->chunks; chunk != NULL; chunk = chunk->older) {
        if (chunk->size > largest->size) largest = chunk;
    }
    free_chunks(arena->chunks, largest);
    if (largest != NULL) {
        largest->older = NULL;
        largest->used = 0;
    }
    arena->chunks = largest;
    arena->used = 0;
}

void
rlm_arena_free(rlm_arena *arena)
{
    free_chunks(arena->chunks, NULL);
    rlm_arena_init(arena, arena->cap);
}
