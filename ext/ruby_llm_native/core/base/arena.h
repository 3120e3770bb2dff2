/*
 * The core's memory: one seam to malloc that tests can make fail, and arenas for things that die together.
 *
 * Out of memory is a NULL here and RLM_OUT_OF_MEMORY a level up, never an abort. Plain malloc, never Ruby's: the core
 * runs without the GVL.
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
 * Make the n-th allocation from now (1 is the next) and all after it fail; 0 ends that. For tests, in one thread
 * only.
 */
void
rlm_memory_fail_at(long nth);

typedef struct rlm_arena_chunk rlm_arena_chunk;

/*
 * Bump allocation. The struct is the caller's; its chunks are the arena's until rlm_arena_free. One thread at a time.
 */
typedef struct {
    rlm_arena_chunk *chunks; /* newest first */
    size_t used;             /* bytes handed out since the last reset */
    size_t cap;              /* bytes it hands out at the most */
    bool refused;            /* the cap has refused an allocation since rlm_arena_init */
} rlm_arena;

void
rlm_arena_init(rlm_arena *arena, size_t cap);

/*
 * `count` elements of `size` bytes, zeroed, aligned for any type; the arena owns them. NULL when count * size
 * overflows, the cap would be passed, or memory is out. A count of 0 gives a pointer that must not be read.
 */
void *
rlm_arena_allocate(rlm_arena *arena, size_t count, size_t size);

/*
 * `status` as its owner tells it: RLM_OUT_OF_MEMORY is RLM_TOO_LARGE once the cap has refused something, for then the
 * input is too large, not the machine too small. Any other status stays.
 */
rlm_status
rlm_arena_status(const rlm_arena *arena, rlm_status status);

/*
 * Forget all that was handed out, keeping the largest chunk for what comes next: for arenas that live a row at a
 * time.
 */
void
rlm_arena_reset(rlm_arena *arena);

/* Give everything back; the arena is then as after rlm_arena_init. */
void
rlm_arena_free(rlm_arena *arena);

#endif
