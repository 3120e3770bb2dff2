/*
 * The core's memory: one seam to malloc that tests can make fail, and arenas for things that die together.
 *
 * Out of memory is a NULL here and RLM_OUT_OF_MEMORY one level up, never an abort. Plain malloc, never Ruby's, because
 * the core runs without the GVL.
 */
#ifndef RLM_ARENA_H
#define RLM_ARENA_H

#include "base/status.h"

/* malloc, realloc and free. `rlm_memory_free(NULL)` does nothing. Any thread. */
void *
rlm_memory_allocate(size_t size);

void *
rlm_memory_resize(void *memory, size_t size);

void
rlm_memory_free(void *memory);

/*
 * Make the n-th allocation from now (1 is the next) and all later ones fail; 0 ends that. For tests, in one thread
 * only.
 */
void
rlm_memory_fail_at(long nth);

typedef struct rlm_arena_chunk rlm_arena_chunk;

/* Bump allocation. The caller owns the struct; the arena owns its chunks until rlm_arena_free. One thread at a time. */
typedef struct {
    rlm_arena_chunk *chunks; /* newest first */
    size_t used;             /* bytes handed out since the last reset */
    size_t cap;              /* the most bytes it hands out */
    bool refused;            /* the cap has refused an allocation since rlm_arena_init */
} rlm_arena;

void
rlm_arena_init(rlm_arena *arena, size_t cap) RLM_NONNULL();

/*
 * `count` elements of `size` bytes, zeroed, aligned for any type; the arena owns them. NULL if count * size overflows,
 * the cap would be exceeded, or memory is out. A count of 0 gives a pointer that must not be read.
 */
void *
rlm_arena_allocate(rlm_arena *arena, size_t count, size_t size) RLM_NONNULL();

/* The same for `size` bytes that the caller overwrites: they are not zeroed. */
void *
rlm_arena_bytes(rlm_arena *arena, size_t size) RLM_NONNULL();

/*
 * `status` as its owner reports it: RLM_OUT_OF_MEMORY becomes RLM_TOO_LARGE if the cap has refused something, because
 * then the input is too large, not the machine too small. Any other status stays.
 */
RLM_NODISCARD rlm_status
rlm_arena_status(const rlm_arena *arena, rlm_status status) RLM_NONNULL();

/*
 * Forget everything that was handed out, keeping the largest chunk for what comes next: for arenas that live for one
 * row at a time.
 */
void
rlm_arena_reset(rlm_arena *arena) RLM_NONNULL();

/* Free everything; the arena is then as after rlm_arena_init. */
void
rlm_arena_free(rlm_arena *arena) RLM_NONNULL();

#endif
