/*
 * Any bytes as what the version before has stored. As in block_fuzz.c, what stops all damage at the door is put right
 * first: magic, format, size and checksum of the first block. What comes out must open, or be refused, like any block.
 */
#include "look.h"

#include "block/layout.h"
#include "block/upgrade.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Where these stood in a head of format 4. */
enum { FORMAT_AT = 4, BYTE_ORDER_AT = 32, SIZE_AT = 40, HEAD = 320 };

static void
upgrade_and_look(const char *bytes, size_t size)
{
    rlm_buffer out;
    rlm_block block;
    rlm_error error;
    rlm_status status;
    char *copy;

    rlm_error_clear(&error);
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    status = rlm_upgrade((rlm_slice){bytes, size}, &out, &error);
    MUST(status == RLM_OK || (error.status == status && error.message[0] != '\0'));
    copy = aligned_copy(out.bytes, out.length);
    if (status == RLM_OK && rlm_block_peek(copy, out.length, &block, &error) == RLM_OK &&
        rlm_block_open(copy, block.size, &block, &error) == RLM_OK) {
        look_at_block(&block);
        if (block.kind == RLM_BLOCK_SHEET) merge_alone(&block);
    }
    free(copy);
    rlm_buffer_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *copy = aligned_copy(bytes, size);

    upgrade_and_look(copy, size);
    size = size / 8 * 8;
    if (size >= HEAD) {
        const uint16_t format = RLM_BLOCK_FORMAT - 1;
        const uint32_t byte_order = RLM_BLOCK_BYTE_ORDER;
        const uint64_t whole = size;
        uint64_t checksum;

        memcpy(copy, RLM_BLOCK_MAGIC, 4);
        memcpy(copy + FORMAT_AT, &format, sizeof format);
        memcpy(copy + BYTE_ORDER_AT, &byte_order, sizeof byte_order);
        memcpy(copy + SIZE_AT, &whole, sizeof whole);
        checksum = rlm_block_checksum(copy, size);
        memcpy(copy + offsetof(stored_header, checksum), &checksum, sizeof checksum);
        upgrade_and_look(copy, size);
    }
    free(copy);
    return 0;
}
