/* Bytes that grow up to a cap they are born with. */
#ifndef RLM_BUFFER_H
#define RLM_BUFFER_H

#include "base/status.h"

/* The struct is the caller's, `bytes` the buffer's until rlm_buffer_free. One thread at a time. */
typedef struct {
    char *bytes; /* NULL until the first byte */
    size_t length;
    size_t capacity;
    size_t cap;
} rlm_buffer;

void
rlm_buffer_init(rlm_buffer *buffer, size_t cap);

/* RLM_OK; RLM_TOO_LARGE past the cap; RLM_OUT_OF_MEMORY. The content is unchanged on failure. */
rlm_status
rlm_buffer_append(rlm_buffer *buffer, const void *bytes, size_t length);

/* Append zero bytes until the length is a multiple of `alignment`. */
rlm_status
rlm_buffer_align(rlm_buffer *buffer, size_t alignment);

/* Forget the content, keep the memory. */
void
rlm_buffer_clear(rlm_buffer *buffer);

void
rlm_buffer_free(rlm_buffer *buffer);

/* The same, for what held secrets: zero the bytes first, in a way the compiler may not leave out. */
void
rlm_buffer_free_secret(rlm_buffer *buffer);

#endif
