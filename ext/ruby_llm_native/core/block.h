/*
 * Records as one immutable, position-independent block of bytes, sorted by provider and id. A catalog is a block; a sheet is a block with a stamp.
 *
 * The same bytes serve in memory, on disk and in a database column: offsets instead of pointers, one hash over all of it. Opening checks
 * the hash and every offset, so that no block, however damaged, makes a reader look outside it. An opened block owns nothing: the bytes
 * are its opener's, 8-byte aligned, and must outlive it. Any number of threads may read it.
 */
#ifndef RLM_BLOCK_H
#define RLM_BLOCK_H

#include "hash.h"
#include "record.h"

typedef enum { RLM_BLOCK_CATALOG = 1, RLM_BLOCK_SHEET = 2 } rlm_block_kind;

/* When and from where a sheet was taken. A catalog's is empty: the time of a request is no fact. */
typedef struct {
    rlm_slice source, url, etag;
    int64_t fetched_at; /* seconds since 1970 */
} rlm_stamp;

typedef struct {
    const char *bytes;
    size_t size;
    size_t count;
    rlm_block_kind kind;
    rlm_stamp stamp;
    const uint8_t *hash; /* RLM_HASH_SIZE bytes: equal content, equal hash */
} rlm_block;

/*
 * Write `count` records (sorted here, no two with the same provider and id) and the stamp (NULL: none) to `out`. RLM_TOO_LARGE,
 * RLM_OUT_OF_MEMORY. Equal records and stamps give equal bytes.
 */
rlm_status
rlm_block_write(rlm_block_kind kind, rlm_record *records, size_t count, const rlm_stamp *stamp, rlm_buffer *out);

/* RLM_OK, or RLM_BAD_BLOCK with the reason. */
rlm_status
rlm_block_open(const char *bytes, size_t size, rlm_block *block, rlm_error *error);

/* The record at `index` (< count); its texts and prices stand in the block. */
void
rlm_block_record(const rlm_block *block, size_t index, rlm_record *record);

/* Only the provider and the id of that record. */
void
rlm_block_key(const rlm_block *block, size_t index, rlm_slice *provider, rlm_slice *id);

/* RLM_HASH_SIZE bytes: equal for equal records, in whatever block. */
const uint8_t *
rlm_block_fingerprint(const rlm_block *block, size_t index);

/* Cheap looks at one record, for filters. */
rlm_type
rlm_block_type(const rlm_block *block, size_t index);

rlm_standing
rlm_block_standing(const rlm_block *block, size_t index);

/* The records of that provider: from `*first`, `*count` of them. */
void
rlm_block_provider(const rlm_block *block, rlm_slice provider, size_t *first, size_t *count);

/* The index of that model, or block->count. */
size_t
rlm_block_find(const rlm_block *block, rlm_slice provider, rlm_slice id);

/* The models of that id at any provider: places `*first` to `*first + *count` of the index by id, which rlm_block_by_id turns into records. */
void
rlm_block_find_id(const rlm_block *block, rlm_slice id, size_t *first, size_t *count);

size_t
rlm_block_by_id(const rlm_block *block, size_t place);

#endif
