/* Blocks: what goes in comes out, equal facts are equal bytes, and no damaged block is opened. */
#include "layout.h"
#include "limits.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static rlm_price cheap = {.coefficient = 15, .exponent = -2, .category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_INPUT};

static rlm_record
record_of(const char *provider, const char *id)
{
    rlm_record record;

    rlm_record_init(&record, NULL, rlm_slice_of(provider));
    record.id = rlm_slice_of(id);
    record.name = rlm_slice_of("A name");
    record.limits[RLM_LIMIT_CONTEXT] = 128000;
    record.created_at = (rlm_moment) {1700000000, RLM_PRECISION_SECOND};
    record.type = RLM_TYPE_CHAT;
    record.prices = &cheap;
    record.price_count = 1;
    return record;
}

/* Three models of two providers, in no order. */
static rlm_status
write_three(rlm_buffer *out)
{
    rlm_record records[] = {record_of("openai", "b"), record_of("anthropic", "b"), record_of("openai", "a")};

    return rlm_block_write(RLM_BLOCK_CATALOG, records, 3, NULL, out);
}

TEST gives_back_what_was_written(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_record record;
    rlm_error error;

    rlm_buffer_init(&out, RLM_LIMIT_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, &error));
    ASSERT(block.count == 3);
    rlm_block_record(&block, rlm_block_find(&block, RLM_SLICE("openai"), RLM_SLICE("a")), &record);
    ASSERT_TEXT("A name", record.name);
    ASSERT(record.limits[RLM_LIMIT_CONTEXT] == 128000);
    ASSERT(record.limits[RLM_LIMIT_OUTPUT] == RLM_UNSAID);
    ASSERT(record.created_at.seconds == 1700000000);
    ASSERT(record.price_count == 1 && record.prices[0].coefficient == 15 && record.prices[0].exponent == -2);
    rlm_buffer_free(&out);
    PASS();
}

TEST finds_an_id_at_every_provider(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_slice provider, id;
    rlm_error error;
    size_t first, count;

    rlm_buffer_init(&out, RLM_LIMIT_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, &error));
    rlm_block_find_id(&block, RLM_SLICE("b"), &first, &count);
    ASSERT(count == 2);
    rlm_block_key(&block, rlm_block_by_id(&block, first), &provider, &id);
    ASSERT_TEXT("anthropic", provider);
    rlm_block_find_id(&block, RLM_SLICE("c"), &first, &count);
    ASSERT(count == 0);
    rlm_block_provider(&block, RLM_SLICE("openai"), &first, &count);
    ASSERT(first == 1 && count == 2);
    ASSERT(rlm_block_find(&block, RLM_SLICE("openai"), RLM_SLICE("c")) == block.count);
    rlm_buffer_free(&out);
    PASS();
}

TEST gives_equal_bytes_for_equal_facts_in_any_order(void)
{
    rlm_record backwards[] = {record_of("openai", "a"), record_of("openai", "b"), record_of("anthropic", "b")};
    rlm_buffer one, other;

    rlm_buffer_init(&one, RLM_LIMIT_BLOCK);
    rlm_buffer_init(&other, RLM_LIMIT_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&one));
    ASSERT_STATUS(RLM_OK, rlm_block_write(RLM_BLOCK_CATALOG, backwards, 3, NULL, &other));
    ASSERT(one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0);
    rlm_buffer_free(&one);
    rlm_buffer_free(&other);
    PASS();
}

TEST refuses_a_block_cut_at_any_byte_or_with_any_byte_changed(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_error error;

    rlm_buffer_init(&out, RLM_LIMIT_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&out));
    for (size_t length = 0; length < out.length; length++) {
        ASSERT_STATUS(RLM_BAD_BLOCK, rlm_block_open(out.bytes, length, &block, &error));
    }
    for (size_t i = 0; i < out.length; i++) {
        out.bytes[i] = (char) (out.bytes[i] ^ 0x41);
        ASSERT_STATUS(RLM_BAD_BLOCK, rlm_block_open(out.bytes, out.length, &block, &error));
        out.bytes[i] = (char) (out.bytes[i] ^ 0x41);
    }
    rlm_buffer_free(&out);
    PASS();
}

/* Give the block the checksum that its bytes have. */
static void
sign(char *bytes, size_t size)
{
    uint64_t checksum = rlm_block_checksum(bytes, size);

    memcpy(bytes + offsetof(stored_header, checksum), &checksum, sizeof checksum);
}

/* A hostile block has a right checksum: then only the checks of its offsets stand between it and the reader. */
TEST never_reads_outside_a_block_whose_checksum_is_right(void)
{
    rlm_buffer out;
    rlm_error error;

    rlm_buffer_init(&out, RLM_LIMIT_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&out));
    for (size_t i = 0; i < out.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *copy = malloc(out.length);
            rlm_block block;

            ASSERT(copy != NULL);
            memcpy(copy, out.bytes, out.length);
            copy[i] = (char) (copy[i] ^ (1 << bit));
            sign(copy, out.length);
            if (rlm_block_open(copy, out.length, &block, &error) == RLM_OK) {
                uint64_t sum = 0;

                for (size_t r = 0; r < block.count; r++) {
                    rlm_record record;

                    rlm_block_record(&block, r, &record);
                    for (size_t n = 0; n < record.name.length; n++) sum += (unsigned char) record.name.bytes[n];
                    for (size_t n = 0; n < record.metadata.length; n++) sum += (unsigned char) record.metadata.bytes[n];
                    for (uint32_t p = 0; p < record.price_count; p++) sum += (uint64_t) record.prices[p].coefficient;
                }
                ASSERT(sum > 0);
            }
            free(copy);
        }
    }
    rlm_buffer_free(&out);
    PASS();
}

static rlm_status
write_and_drop(void *context)
{
    rlm_buffer out;
    rlm_status status;

    (void) context;
    rlm_buffer_init(&out, RLM_LIMIT_BLOCK);
    status = write_three(&out);
    rlm_buffer_free(&out);
    return status;
}

TEST survives_every_failing_allocation(void)
{
    ASSERT_SURVIVES_TORTURE(write_and_drop, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(gives_back_what_was_written);
    RUN(finds_an_id_at_every_provider);
    RUN(gives_equal_bytes_for_equal_facts_in_any_order);
    RUN(refuses_a_block_cut_at_any_byte_or_with_any_byte_changed);
    RUN(never_reads_outside_a_block_whose_checksum_is_right);
    RUN(survives_every_failing_allocation);
    return REPORT("block");
}
