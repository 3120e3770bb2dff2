/*
 * Growing bytes. All growth is in rlm_buffer_reserve, which also enforces the cap; read it first.
 *
 * It moves by hand instead of with realloc, and wipes the old place: a buffer does not know whether it holds a secret,
 * and what realloc leaves behind in freed memory would escape rlm_buffer_free_secret. Capacities double, so this costs
 * one more pass over the bytes.
 */
#include "base/buffer.h"

#include "base/arena.h"

#include <string.h>

#define FIRST_CAPACITY ((size_t) 256)

/* Through a volatile pointer the compiler cannot know that this is memset, so it may not leave it out. */
static void *(*const volatile wipe)(void *, int, size_t) = memset;

void
rlm_buffer_init(rlm_buffer *buffer, size_t cap)
{
    *buffer = (rlm_buffer){.cap = cap};
}

rlm_status
rlm_buffer_reserve(rlm_buffer *buffer, size_t more)
{
    size_t capacity = buffer->capacity;
    size_t needed;
    char *bytes;

    if (more > buffer->cap - buffer->length) return RLM_TOO_LARGE;
    needed = buffer->length + more;
    if (needed <= capacity) return RLM_OK;
    capacity = capacity > buffer->cap / 2 ? buffer->cap : capacity * 2;
    if (capacity < FIRST_CAPACITY) capacity = buffer->cap < FIRST_CAPACITY ? buffer->cap : FIRST_CAPACITY;
    if (capacity < needed) capacity = needed;
    bytes = rlm_memory_allocate(capacity);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    if (buffer->bytes != NULL) {
        memcpy(bytes, buffer->bytes, buffer->length);
        wipe(buffer->bytes, 0, buffer->capacity);
        rlm_memory_free(buffer->bytes);
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return RLM_OK;
}

rlm_status
rlm_buffer_align(rlm_buffer *buffer, size_t alignment)
{
    size_t over = alignment > 0 ? buffer->length % alignment : 0;

    if (over == 0) return RLM_OK;
    RLM_TRY(rlm_buffer_reserve(buffer, alignment - over));
    memset(buffer->bytes + buffer->length, 0, alignment - over);
    buffer->length += alignment - over;
    return RLM_OK;
}

void
rlm_buffer_clear(rlm_buffer *buffer)
{
    buffer->length = 0;
}

void
rlm_buffer_free(rlm_buffer *buffer)
{
    rlm_memory_free(buffer->bytes);
    rlm_buffer_init(buffer, buffer->cap);
}

void
rlm_buffer_free_secret(rlm_buffer *buffer)
{
    /* All of it, not only `length`: a secret that was cleared away is still in there. */
    if (buffer->bytes != NULL) wipe(buffer->bytes, 0, buffer->capacity);
    rlm_buffer_free(buffer);
}
