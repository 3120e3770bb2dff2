/*
 * Records as one immutable, position-independent block of bytes, sorted by provider and id. A catalog is a block; a
 * sheet is a block with a stamp.
 *
 * The same bytes serve in memory, on disk and in a database column: offsets instead of pointers, and a checksum over
 * everything. Only a catalog is looked up in, so only it has indexes and aliases. Opening checks the checksum, every
 * offset and every order, so that no block, however damaged or hostile, makes a reader look outside it. An opened block
 * owns nothing: the bytes belong to its opener, are 8-byte aligned, and must outlive it. Any number of threads may read
 * it. Sizes are multiples of 8, so that blocks written one after the other are aligned, too.
 */
#ifndef RLM_BLOCK_H
#define RLM_BLOCK_H

#include "base/hash.h"
#include "block/alias.h"
#include "model/record.h"

/*
 * Raised when the layout or the rules of the merge change: a stored catalog counts as the merge of the sheets stored
 * beside it, so one that was made by other rules must not be used.
 */
#define RLM_BLOCK_FORMAT 5

typedef enum { RLM_BLOCK_CATALOG = 1, RLM_BLOCK_SHEET = 2 } rlm_block_kind;

/*
 * Of a sheet: who stated it, when and where. Of a catalog only what it was merged for: the time of a request is not a
 * fact.
 */
typedef struct {
    rlm_slice source;   /* the name of the endpoint or the metadata source */
    rlm_slice api;      /* the slug of the rlm_source that read it; of a metadata source its own */
    rlm_slice provider; /* whose models an endpoint lists; empty of a metadata source */
    rlm_slice url, etag;
    int64_t fetched_at;   /* seconds since 1970 */
    rlm_slice answers;    /* what fetch/repeat.c recognizes equal ones by; empty: nothing */
    rlm_slice documented; /* of a catalog: see rlm_merge */
} rlm_stamp;

/* In place of a list of providers. */
#define RLM_DOCUMENTED_ALL RLM_SLICE("*")

typedef struct {
    const char *bytes;
    size_t size;
    size_t count;
    rlm_block_kind kind;
    rlm_stamp stamp;
    const uint8_t *hash; /* RLM_HASH_SIZE bytes: equal content, equal hash */
} rlm_block;

/*
 * Write `count` records (sorted here, no two with the same provider and id) and the stamp (NULL: none) to `out`, whose
 * length must be a multiple of 8. A catalog also gets its aliases. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY. Equal records and
 * stamps give equal bytes.
 */
RLM_NODISCARD rlm_status
rlm_block_write(rlm_block_kind kind, rlm_record *records, size_t count, const rlm_stamp *stamp, rlm_buffer *out);

/* RLM_OK, or RLM_BAD_BLOCK with the reason. Allocates nothing. */
RLM_NODISCARD rlm_status
rlm_block_open(const char *bytes, size_t size, rlm_block *block, rlm_error *error);

/*
 * Only the head of the block at the start of `bytes`: kind, count, hash, stamp, and as `block->size` the size that the
 * head states, which is at most `size`. This splits off the first of several blocks. Only rlm_block_shown and
 * rlm_block_intact may be used on it, because the rest is unchecked, unless rlm_block_write has just written it.
 * RLM_BAD_BLOCK.
 */
RLM_NODISCARD rlm_status
rlm_block_peek(const char *bytes, size_t size, rlm_block *block, rlm_error *error);

/* Whether these bytes begin as a block does. The block may be cut or damaged all the same. */
bool
rlm_block_begins(const char *bytes, size_t length);

/* How many bytes at the start of a block rlm_block_claim needs. */
extern const size_t rlm_block_head_size;

/*
 * The size of the block whose first `length` bytes are given, so that no more is read or allocated than exists: at most
 * `available`, and consistent with all other counts of the head. RLM_BAD_BLOCK.
 */
RLM_NODISCARD rlm_status
rlm_block_claim(const char *bytes, size_t length, size_t available, size_t *size, rlm_error *error);

/* Whether the checksum of a peeked block is right: the block is as it was written, unless somebody forged it. */
bool
rlm_block_intact(const rlm_block *block);

/* The record at `index` (< count); its texts and prices stand in the block. */
void
rlm_block_record(const rlm_block *block, size_t index, rlm_record *record);

/* Only the provider and the id of that record. */
void
rlm_block_key(const rlm_block *block, size_t index, rlm_slice *provider, rlm_slice *id);

/* RLM_HASH_SIZE bytes: equal for equal records, in any block. */
const uint8_t *
rlm_block_fingerprint(const rlm_block *block, size_t index);

/* Cheap looks at one record, for filters. */
rlm_type
rlm_block_type(const rlm_block *block, size_t index);

rlm_standing
rlm_block_standing(const rlm_block *block, size_t index);

rlm_slice
rlm_block_family(const rlm_block *block, size_t index);

/* The names of the endpoints that list it, as in the record. */
rlm_slice
rlm_block_endpoints(const rlm_block *block, size_t index);

int64_t
rlm_block_limit(const rlm_block *block, size_t index, rlm_limit limit);

rlm_timestamp
rlm_block_created_at(const rlm_block *block, size_t index);

void
rlm_block_flags(const rlm_block *block, size_t index, rlm_flags *capabilities, rlm_flags *input, rlm_flags *output);

rlm_price_set
rlm_block_prices(const rlm_block *block, size_t index);

/*
 * Whether a catalog's model has a dated id that a list "without snapshots" leaves out, because the undated id or a
 * newer one is known at its provider.
 */
bool
rlm_block_superseded(const rlm_block *block, size_t index);

/* How many records are not unlisted. Also of a peeked block. */
size_t
rlm_block_shown(const rlm_block *block);

/* The records of that provider: from `*first`, `*count` of them. */
void
rlm_block_provider(const rlm_block *block, rlm_slice provider, size_t *first, size_t *count);

/*
 * Of a catalog, the indexes of the `*count` records of that type or family: the first `*shown` are listed or
 * documented, the rest unlisted; each part in the order of the records. They stand in the block. No record belongs to
 * the family without a name.
 */
const uint32_t *
rlm_block_of_type(const rlm_block *block, rlm_type type, size_t *count, size_t *shown);

const uint32_t *
rlm_block_of_family(const rlm_block *block, rlm_slice family, size_t *count, size_t *shown);

/* The index of that model, or block->count. */
size_t
rlm_block_find(const rlm_block *block, rlm_slice provider, rlm_slice id);

/*
 * Of a catalog, the models of that id at any provider: places `*first` to `*first + *count` of the index by id, which
 * rlm_block_by_id turns into records.
 */
void
rlm_block_find_id(const rlm_block *block, rlm_slice id, size_t *first, size_t *count);

size_t
rlm_block_by_id(const rlm_block *block, size_t place);

/*
 * A catalog's aliases, sorted by alias and record; a sheet has none. Those equal to `alias` are at places `*first` to
 * `*first + *count`.
 */
size_t
rlm_block_alias_count(const rlm_block *block);

void
rlm_block_find_alias(const rlm_block *block, rlm_slice alias, size_t *first, size_t *count);

/*
 * The entry at that place (< rlm_block_alias_count): the record's index, the alias and its rlm_alias_kind. Pointers may
 * be NULL.
 */
size_t
rlm_block_alias(const rlm_block *block, size_t place, rlm_slice *alias, uint8_t *kind);

#endif
