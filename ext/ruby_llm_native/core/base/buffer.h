/* Bytes that grow up to a cap they are born with. */
#ifndef RLM_BUFFER_H
#define RLM_BUFFER_H

#include "base/status.h"

#include <string.h>

/* The caller owns the struct, the buffer owns `bytes` until rlm_buffer_free. One thread at a time. */
typedef struct {
    char *bytes; /* NULL until the first byte */
    size_t length;
    size_t capacity;
    size_t cap;
} rlm_buffer;

void
rlm_buffer_init(rlm_buffer *buffer, size_t cap) RLM_NONNULL();

/*
 * Room for `more` bytes, so that appending them moves nothing. RLM_OK; RLM_TOO_LARGE past the cap; RLM_OUT_OF_MEMORY.
 * The content is unchanged on failure.
 */
RLM_NODISCARD rlm_status
rlm_buffer_reserve(rlm_buffer *buffer, size_t more) RLM_NONNULL();

/*
 * RLM_OK; RLM_TOO_LARGE past the cap; RLM_OUT_OF_MEMORY. The content is unchanged on failure. Inline, because most of
 * what is appended is short, and often of a length that is known when compiling.
 */
RLM_NODISCARD static inline rlm_status
rlm_buffer_append(rlm_buffer *buffer, const void *bytes, size_t length)
{
    if (length == 0) return RLM_OK;
    if (length > buffer->capacity - buffer->length) RLM_TRY(rlm_buffer_reserve(buffer, length));
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    return RLM_OK;
}

/* Append zero bytes until the length is a multiple of `alignment`. */
RLM_NODISCARD rlm_status
rlm_buffer_align(rlm_buffer *buffer, size_t alignment) RLM_NONNULL();

/* Forget the content, keep the memory. */
void
rlm_buffer_clear(rlm_buffer *buffer) RLM_NONNULL();

void
rlm_buffer_free(rlm_buffer *buffer) RLM_NONNULL();

/* The same, for what held secrets: zero the bytes first, in a way that the compiler may not leave out. */
void
rlm_buffer_free_secret(rlm_buffer *buffer) RLM_NONNULL();

#endif
