/*
 * Writes the seeds of two fuzzers: the sheet of each document and their catalog, as blocks, and each sheet with its own
 * catalog as text.
 *
 *   seeds FOLDER [SLUG FILE]...
 */
#include "base/caps.h"
#include "export/export.h"
#include "registry/merge.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST 64

static bool
write_file(const char *folder, int number, const char *extension, const rlm_buffer *bytes)
{
    char path[1024];
    FILE *file;
    bool written;

    (void) snprintf(path, sizeof path, "%s/%02d.%s", folder, number, extension);
    file = fopen(path, "wb");
    if (file == NULL) return false;
    written = fwrite(bytes->bytes, 1, bytes->length, file) == bytes->length;
    return fclose(file) == 0 && written;
}

static bool
read_file(const char *path, rlm_buffer *out)
{
    char piece[4096];
    size_t length;
    FILE *file = fopen(path, "rb");

    if (file == NULL) return false;
    while ((length = fread(piece, 1, sizeof piece, file)) > 0) {
        if (rlm_buffer_append(out, piece, length) != RLM_OK) break;
    }
    fclose(file);
    return length == 0;
}

static bool
write_text(const char *folder, int number, const rlm_block *sheet)
{
    rlm_buffer catalog, text;
    rlm_block block;
    rlm_error error;
    bool written;

    rlm_buffer_init(&catalog, RLM_CAP_BLOCK);
    rlm_buffer_init(&text, RLM_CAP_BLOCK);
    written = rlm_merge(sheet, 1, RLM_DOCUMENTED_ALL, &catalog, &error) == RLM_OK &&
              rlm_block_open(catalog.bytes, catalog.length, &block, &error) == RLM_OK &&
              rlm_export_write(&block, sheet, 1, &text, &error) == RLM_OK && write_file(folder, number, "json", &text);
    rlm_buffer_free(&catalog);
    rlm_buffer_free(&text);
    return written;
}

int
main(int count, char **arguments)
{
    static rlm_buffer bytes[MOST], catalog;
    static rlm_block sheets[MOST];
    size_t written = 0;
    rlm_error error;

    for (int i = 2; i + 1 < count && written < MOST; i += 2) {
        rlm_buffer document;
        size_t rejected;
        rlm_slice text;

        rlm_error_clear(&error);
        rlm_buffer_init(&document, RLM_CAP_RESPONSE);
        rlm_buffer_init(&bytes[written], RLM_CAP_BLOCK);
        if (!read_file(arguments[i + 1], &document)) return 2;
        text = (rlm_slice){document.bytes, document.length};
        if (rlm_sheet_read(rlm_slice_of(arguments[i]), text, 1700000000, &bytes[written], &rejected, &error) ==
            RLM_OK) {
            if (rlm_block_open(bytes[written].bytes, bytes[written].length, &sheets[written], &error) != RLM_OK)
                return 1;
            if (!write_file(arguments[1], (int) written, "block", &bytes[written])) return 2;
            if (!write_text(arguments[1], (int) written, &sheets[written])) return 1;
            written++;
        } else {
            rlm_buffer_free(&bytes[written]); /* an answer that is no listing has no sheet */
        }
        rlm_buffer_free(&document);
    }
    rlm_buffer_init(&catalog, RLM_CAP_BLOCK);
    if (written == 0 || rlm_merge(sheets, written, RLM_DOCUMENTED_ALL, &catalog, &error) != RLM_OK) return 1;
    if (!write_file(arguments[1], (int) written, "block", &catalog)) return 2;
    rlm_buffer_free(&catalog);
    for (size_t i = 0; i < written; i++) rlm_buffer_free(&bytes[i]);
    return 0;
}
