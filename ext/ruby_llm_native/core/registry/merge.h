/*
 * Sheets in, one record per model out: the catalog is a pure function of the sheets. Only the merge decides which of
 * them count, and for what; callers keep and share sheets, and pass all of them.
 */
#ifndef RLM_MERGE_H
#define RLM_MERGE_H

#include "block/sheet.h"

/*
 * Join `count` sheets, in any order, into a catalog's block, written to `out`. The same sheets give the same bytes. A
 * registry file counts only for providers that no other source has; ruby_llm's bundle counts only while there is no
 * sheet of a metadata source.
 *
 * `documented` names the providers whose models are in the catalog although no endpoint lists them, as equivalents are
 * written (record.h); RLM_DOCUMENTED_ALL: those of all. The catalog's stamp keeps it. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_merge(const rlm_block *sheets, size_t count, rlm_slice documented, rlm_buffer *out, rlm_error *error);

/*
 * Whether a sheet of `source` counts for nothing beside any sheet of `other`: ruby_llm's bundle beside a metadata
 * source's. The merge ignores it, so it need not be kept.
 */
bool
rlm_merge_replaces(const rlm_source *other, const rlm_source *source);

#endif
