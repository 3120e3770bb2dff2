/*
 * Any bytes as the text of a registry. What is read is written again, and that text gives the same blocks: there is
 * one text for them.
 */
#include "look.h"

#include "export/export.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

typedef struct {
    rlm_arena arena;
    rlm_buffer out;
    rlm_export_part *parts;
    size_t count;
    rlm_block blocks[1 + RLM_CAP_SOURCES];
    rlm_error error;
} document;

static rlm_status
read_document(document *this, rlm_slice text)
{
    rlm_arena_init(&this->arena, RLM_CAP_BLOCK);
    rlm_buffer_init(&this->out, RLM_CAP_BLOCK);
    rlm_error_clear(&this->error);
    return rlm_export_read(text, &this->arena, &this->out, &this->parts, &this->count, &this->error);
}

static void
free_document(document *this)
{
    rlm_arena_free(&this->arena);
    rlm_buffer_free(&this->out);
}

static void
open_blocks(document *this)
{
    MUST(this->count > 0 && this->count <= 1 + RLM_CAP_SOURCES);
    for (size_t i = 0; i < this->count; i++) {
        const rlm_export_part *part = &this->parts[i];

        MUST(rlm_block_open(this->out.bytes + part->offset, part->size, &this->blocks[i], &this->error) == RLM_OK);
        MUST((this->blocks[i].kind == RLM_BLOCK_CATALOG) == (i == 0) &&
             rlm_slice_equal(this->blocks[i].stamp.source, part->source));
        look_at_block(&this->blocks[i]);
    }
}

/* The sheets come back in the order of their slugs. */
static const rlm_block *
find_sheet(const document *in, rlm_slice source)
{
    for (size_t i = 1; i < in->count; i++) {
        if (rlm_slice_equal(in->parts[i].source, source)) return &in->blocks[i];
    }
    return NULL;
}

static void
write_and_read_again(const document *first)
{
    document second;
    rlm_buffer text;
    rlm_error error;

    rlm_error_clear(&error);
    rlm_buffer_init(&text, RLM_CAP_BLOCK);
    MUST(rlm_export_write(&first->blocks[0], first->blocks + 1, first->count - 1, &text, &error) == RLM_OK);
    MUST(read_document(&second, (rlm_slice){text.bytes, text.length}) == RLM_OK);
    open_blocks(&second);
    MUST(second.count == first->count);
    for (size_t i = 0; i < second.count; i++) {
        const rlm_block *before = i == 0 ? &first->blocks[0] : find_sheet(first, second.parts[i].source),
                        *after = &second.blocks[i];

        MUST(before != NULL && before->size == after->size && memcmp(before->bytes, after->bytes, after->size) == 0);
    }
    free_document(&second);
    rlm_buffer_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    document first;
    rlm_slice text = {(const char *) bytes, size};

    if (read_document(&first, text) == RLM_OK) {
        open_blocks(&first);
        write_and_read_again(&first);
    } else {
        MUST(first.error.status != RLM_OK);
        MUST(rlm_text_valid(rlm_slice_of(first.error.message)));
    }
    free_document(&first);
    return 0;
}
