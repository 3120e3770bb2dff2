/*
 * Any bytes as a stored block. What stops all damage at the door is put right first, for whoever can write the bytes
 * can write that, too: the magic, the checksum, and the sum of the parts, as far as cutting the texts or the records
 * makes it right.
 */
#include "look.h"

#include "block/layout.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
open_and_look(const char *bytes, size_t size)
{
    rlm_block block;
    rlm_error error;

    rlm_error_clear(&error);
    if (rlm_block_peek(bytes, size, &block, &error) == RLM_OK) {
        MUST(block.size <= size && rlm_block_shown(&block) <= block.count);
        look_at_stamp(&block);
        seen ^= rlm_block_intact(&block);
    }
    if (rlm_block_open(bytes, size, &block, &error) != RLM_OK) {
        MUST(error.status == RLM_BAD_BLOCK && block.bytes == NULL);
        return;
    }
    look_at_block(&block);
    if (block.kind == RLM_BLOCK_SHEET) merge_alone(&block);
    else write_out(&block, NULL, 0);
}

/* Where the parts would begin if the counts were right; returns what is then left for the texts, or -1. */
static int64_t
lay_out(stored_header *head, size_t size)
{
    const uint32_t indexed = head->kind == RLM_BLOCK_CATALOG ? head->count : 0;
    const struct {
        uint32_t *offset;
        uint32_t count;
        size_t each;
    } parts[] = {
        {&head->prices, head->price_count, sizeof(rlm_price)},
        {&head->bounds, head->bound_count, sizeof(rlm_bound)},
        {&head->by_id, indexed, sizeof(uint32_t)},
        {&head->by_type, indexed, sizeof(uint32_t)},
        {&head->families, head->family_count, sizeof(stored_family)},
        {&head->by_family, head->with_family, sizeof(uint32_t)},
        {&head->aliases, head->alias_count, sizeof(stored_alias)},
        {&head->texts, 0, 0},
    };
    uint64_t at = sizeof *head + (uint64_t) head->count * sizeof(stored_record);

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        *parts[i].offset = (uint32_t) at;
        at += (uint64_t) parts[i].count * parts[i].each;
        if (at > size) return -1;
    }
    return (int64_t) (size - at);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *copy = aligned_copy(bytes, size);

    open_and_look(copy, size);
    size = size / 8 * 8;
    if (size >= sizeof(stored_header)) {
        stored_header head;
        int64_t left;

        memcpy(&head, copy, sizeof head);
        memcpy(head.magic, RLM_BLOCK_MAGIC, sizeof head.magic);
        head.byte_order = RLM_BLOCK_BYTE_ORDER;
        head.format = RLM_BLOCK_FORMAT;
        head.size = size;
        left = lay_out(&head, size);
        if (left >= 0 && (head.text_bytes > left || left - head.text_bytes > 7)) head.text_bytes = (uint32_t) left;
        memcpy(copy, &head, sizeof head);
        head.checksum = rlm_block_checksum(copy, size);
        memcpy(copy, &head, sizeof head);
        open_and_look(copy, size);
    }
    free(copy);
    return 0;
}
