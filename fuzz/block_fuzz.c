/*
 * Any bytes as a stored block. Its size and its hash are put right first: they would stop all damage at the door, and whoever can
 * write the bytes can write the hash too.
 */
#include "look.h"

#include "block.c" /* for the header */

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
open_and_look(const char *bytes, size_t size)
{
    rlm_block block;
    rlm_error error;

    rlm_error_clear(&error);
    if (rlm_block_open(bytes, size, &block, &error) != RLM_OK) {
        MUST(error.status == RLM_BAD_BLOCK && block.bytes == NULL);
        return;
    }
    look_at_block(&block);
    if (block.kind == RLM_BLOCK_SHEET) merge_alone(&block);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *copy = aligned_copy(bytes, size);

    open_and_look(copy, size);
    if (size >= sizeof(header)) {
        header head;

        memcpy(&head, copy, sizeof head);
        memcpy(head.magic, "RLMB", sizeof head.magic);
        head.byte_order = BYTE_ORDER_MARK;
        head.version = FORMAT_VERSION;
        head.size = size;
        memcpy(copy, &head, sizeof head);
        rlm_hash_content(copy + HASHED_FROM, size - HASHED_FROM, head.hash);
        memcpy(copy, &head, sizeof head);
        open_and_look(copy, size);
    }
    free(copy);
    return 0;
}
