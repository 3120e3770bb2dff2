#include "test.h"

#include "base/buffer.h"

#include <string.h>

static rlm_slice
content(const rlm_buffer *buffer)
{
    return (rlm_slice){buffer->bytes, buffer->length};
}

TEST
appends_piece_by_piece(void)
{
    rlm_buffer buffer;

    rlm_buffer_init(&buffer, 100);
    ASSERT(buffer.bytes == NULL);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "gpt", 3));
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, NULL, 0));
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "-4.1", 4));
    ASSERT_TEXT("gpt-4.1", content(&buffer));
    rlm_buffer_free(&buffer);
    PASS();
}

TEST
keeps_its_content_while_it_grows(void)
{
    rlm_buffer buffer;

    rlm_buffer_init(&buffer, 1 << 20);
    for (int i = 0; i < 5000; i++) ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, &"0123456789"[i % 10], 1));
    ASSERT(buffer.length == 5000);
    for (size_t i = 0; i < 5000; i++) ASSERT(buffer.bytes[i] == (char) ('0' + i % 10));
    rlm_buffer_free(&buffer);
    PASS();
}

TEST
moves_nothing_within_reserved_room(void)
{
    rlm_buffer buffer;
    const char *bytes;

    rlm_buffer_init(&buffer, 5000);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "gpt", 3));
    ASSERT_STATUS(RLM_OK, rlm_buffer_reserve(&buffer, 4997));
    ASSERT_TEXT("gpt", content(&buffer));
    bytes = buffer.bytes;
    while (buffer.length < 5000) ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "0", 1));
    ASSERT(buffer.bytes == bytes);
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_buffer_reserve(&buffer, 1));
    ASSERT(buffer.length == 5000);
    rlm_buffer_free(&buffer);
    PASS();
}

TEST
takes_its_cap_to_the_byte_and_is_unchanged_past_it(void)
{
    rlm_buffer buffer;

    rlm_buffer_init(&buffer, 5);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "abc", 3));
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_buffer_append(&buffer, "def", 3));
    ASSERT_TEXT("abc", content(&buffer));
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "de", 2));
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_buffer_append(&buffer, "f", 1));
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_buffer_append(&buffer, "f", SIZE_MAX));
    ASSERT_TEXT("abcde", content(&buffer));
    ASSERT(buffer.capacity <= 5);
    rlm_buffer_free(&buffer);
    PASS();
}

TEST
is_unchanged_when_memory_is_out(void)
{
    rlm_buffer buffer;
    char more[1000] = {0};

    rlm_buffer_init(&buffer, 1 << 20);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "abc", 3));
    rlm_memory_fail_at(1);
    ASSERT_STATUS(RLM_OUT_OF_MEMORY, rlm_buffer_append(&buffer, more, sizeof(more)));
    ASSERT_STATUS(RLM_OUT_OF_MEMORY, rlm_buffer_align(&buffer, 4096));
    rlm_memory_fail_at(0);
    ASSERT_TEXT("abc", content(&buffer));
    rlm_buffer_free(&buffer);
    PASS();
}

TEST
aligns_with_zero_bytes(void)
{
    rlm_buffer buffer;

    rlm_buffer_init(&buffer, 20);
    ASSERT_STATUS(RLM_OK, rlm_buffer_align(&buffer, 8));
    ASSERT(buffer.length == 0);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "abc", 3));
    ASSERT_STATUS(RLM_OK, rlm_buffer_align(&buffer, 8));
    ASSERT(buffer.length == 8 && memcmp(buffer.bytes, "abc\0\0\0\0\0", 8) == 0);
    ASSERT_STATUS(RLM_OK, rlm_buffer_align(&buffer, 8));
    ASSERT(buffer.length == 8);
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_buffer_align(&buffer, 32));
    ASSERT(buffer.length == 8);
    rlm_buffer_free(&buffer);
    PASS();
}

TEST
keeps_its_memory_when_cleared(void)
{
    rlm_buffer buffer;

    rlm_buffer_init(&buffer, 100);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "abc", 3));
    rlm_buffer_clear(&buffer);
    ASSERT(buffer.length == 0);
    rlm_memory_fail_at(1);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "xyz", 3));
    rlm_memory_fail_at(0);
    ASSERT_TEXT("xyz", content(&buffer));
    rlm_buffer_free(&buffer);
    PASS();
}

TEST
frees_secrets_written_or_not(void)
{
    rlm_buffer buffer;

    rlm_buffer_init(&buffer, 100);
    rlm_buffer_free_secret(&buffer);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&buffer, "sk-secret", 9));
    rlm_buffer_free_secret(&buffer);
    ASSERT(buffer.bytes == NULL && buffer.length == 0 && buffer.cap == 100);
    PASS();
}

static rlm_status
fill_a_buffer(void *context)
{
    rlm_status status = RLM_OK;
    rlm_buffer buffer;

    rlm_buffer_init(&buffer, 1 << 20);
    for (int i = 0; i < 1000 && status == RLM_OK; i++) {
        status = rlm_buffer_append(&buffer, context, 7);
        if (status == RLM_OK) status = rlm_buffer_align(&buffer, 8);
    }
    rlm_buffer_free_secret(&buffer);
    return status;
}

TEST
survives_each_failing_allocation(void)
{
    char piece[] = "1234567";

    ASSERT_SURVIVES_TORTURE(fill_a_buffer, piece);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(appends_piece_by_piece);
    RUN(keeps_its_content_while_it_grows);
    RUN(moves_nothing_within_reserved_room);
    RUN(takes_its_cap_to_the_byte_and_is_unchanged_past_it);
    RUN(is_unchanged_when_memory_is_out);
    RUN(aligns_with_zero_bytes);
    RUN(keeps_its_memory_when_cleared);
    RUN(frees_secrets_written_or_not);
    RUN(survives_each_failing_allocation);
    return REPORT("buffer");
}
