/* Any bytes as the answer of any source: the first byte chooses whose, the rest is the document. */
#include "look.h"

#include "json/json.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int
sources(void)
{
    int count = 0;

    while (rlm_sources[count] != NULL) count++;
    return count;
}

static rlm_status
ignore_row(void *context, rlm_slice group, rlm_value *row, rlm_error *error)
{
    (void) group, (void) error;
    *(size_t *) context += row->kind == RLM_OBJECT;
    return RLM_OK;
}

/* The document in pieces of that size: how it ends, and how many rows it has. */
static rlm_status
read_in_pieces(const rlm_source *source, rlm_slice text, size_t piece, size_t *rows, int64_t *byte)
{
    rlm_json *json;
    rlm_value *envelope;
    rlm_error error;
    bool found;
    rlm_status status;

    rlm_error_clear(&error);
    *rows = 0;
    MUST(rlm_json_open(&(rlm_json_rows){.rows = source->listings[0].rows, .context = rows, .row = ignore_row}, &json) ==
         RLM_OK);
    status = RLM_OK;
    for (size_t at = 0; status == RLM_OK && at < text.length; at += piece) {
        status = rlm_json_feed(json, text.bytes + at, text.length - at < piece ? text.length - at : piece, &error);
    }
    if (status == RLM_OK) status = rlm_json_finish(json, &envelope, &found, &error);
    *byte = error.byte;
    rlm_json_free(json);
    return status;
}

static void
read_whole_and_in_pieces(const rlm_source *source, rlm_slice text)
{
    size_t rows, rows_in_pieces;
    int64_t byte, byte_in_pieces;
    rlm_status whole = read_in_pieces(source, text, text.length == 0 ? 1 : text.length, &rows, &byte);

    MUST(read_in_pieces(source, text, 1 + text.length % 7, &rows_in_pieces, &byte_in_pieces) == whole);
    MUST(rows_in_pieces == rows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const rlm_source *source;
    rlm_buffer out;
    rlm_error error;
    size_t rejected = 0;
    rlm_slice text;

    if (size == 0) return 0;
    source = rlm_sources[bytes[0] % sources()];
    text = (rlm_slice){(const char *) bytes + 1, size - 1};
    rlm_error_clear(&error);
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    if (rlm_sheet_read(rlm_slice_of(source->slug), text, 1700000000, &out, &rejected, &error) == RLM_OK) {
        rlm_block sheet;

        MUST(error.status == RLM_OK);
        MUST(rlm_block_open(out.bytes, out.length, &sheet, &error) == RLM_OK);
        look_at_block(&sheet);
        merge_alone(&sheet);
    } else {
        MUST(error.status != RLM_OK);
        MUST(rlm_text_valid(rlm_slice_of(error.message)));
    }
    rlm_buffer_free(&out);
    read_whole_and_in_pieces(source, text);
    return 0;
}
