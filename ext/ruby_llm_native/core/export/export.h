/*
 * A whole registry as text: a document of JSON that people can read and compare, and that gives back the same blocks,
 * byte by byte.
 *
 *   {
 *     "format": {"name": "ruby_llm_native", "version": 3},
 *     "catalog": {"documented": ["openai", …], "models": [model, …]},
 *     "openai": {"stamp": {"etag": "…", "fetched_at": 1768300000, "url": "…"}, "models": [model, …]},
 *     …
 *   }
 *
 * After the catalog come the sheets by the names of their sources. A stamp also has `api` and `provider` where these
 * are not the name. Version 1, which had neither, nor `documented`, is read, too. A model's facts are sorted by name,
 * one a line; what is unknown is left out. docs/reference/export-format.md has all of them. Equal blocks give equal
 * text.
 */
#ifndef RLM_EXPORT_H
#define RLM_EXPORT_H

#include "block/block.h"

#define RLM_EXPORT_NAME "ruby_llm_native"
#define RLM_EXPORT_VERSION 3

/*
 * Append the document of a catalog and `count` sheets, in any order. RLM_BAD_BLOCK, with an error that names the model,
 * if a block holds what only a hostile one can hold, or if two sheets have the same source; RLM_TOO_LARGE past the
 * buffer's cap, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_export_write(const rlm_block *catalog, const rlm_block *sheets, size_t count, rlm_buffer *out, rlm_error *error);

/* One block that was read. */
typedef struct {
    rlm_slice source; /* of a sheet; empty: the catalog */
    size_t offset, size;
} rlm_export_part;

/*
 * Read a document: append its blocks to `out`, whose length must be a multiple of 8, first the catalog, then the sheets
 * in the order of the document. `*parts` and the slugs in it come from `arena`.
 *
 * RLM_BAD_SHAPE, with an error that names the group, the model and the fact, for anything that is not such a document;
 * the statuses of json.h; RLM_TOO_LARGE, RLM_OUT_OF_MEMORY. After a failure, discard `out`.
 */
RLM_NODISCARD rlm_status
rlm_export_read(rlm_slice text, rlm_arena *arena, rlm_buffer *out, rlm_export_part **parts, size_t *count,
                rlm_error *error);

#endif
