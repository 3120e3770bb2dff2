/*
 * How a block is laid out, only for the files that write, check and read it (block_write.c, block_open.c, block.c).
 *
 * The parts follow one another in the order of the header's offsets. Structs are stored as the compiler lays them out,
 * without holes (asserted below), in the machine's byte order (which a mark tells): a block is read on a machine like
 * the one that wrote it, or not at all.
 */
#ifndef RLM_LAYOUT_H
#define RLM_LAYOUT_H

#include "block/block.h"

#include <assert.h>
#include <string.h>

#define RLM_BLOCK_MAGIC "RLMB"
#define RLM_BLOCK_BYTE_ORDER 0x01020304u

/*
 * Between a stamp's ETag and its answers, which were added without another format: no ETag holds a control character,
 * and a reader that does not know them asks without an ETag.
 */
#define RLM_BLOCK_ANSWERS '\x1F'

typedef struct {
    uint32_t offset, length; /* in the texts */
} stored_text;

/*
 * A run of an index: its first place, how many records it has, and how many of them are not unlisted; those come first.
 */
typedef struct {
    uint32_t first, count, shown;
} stored_run;

typedef struct {
    stored_text name;
    stored_run run; /* of by_family */
} stored_family;

typedef struct {
    stored_text alias;
    uint32_t record, kind;
} stored_alias;

typedef struct {
    char magic[4];
    uint16_t format, kind;
    uint64_t checksum;           /* of all other bytes of the block */
    uint8_t hash[RLM_HASH_SIZE]; /* of all that follows it, the records' texts by their fingerprints */
    uint32_t byte_order, count;
    uint64_t size;
    int64_t fetched_at;
    stored_text source, api, provider, documented, url;
    stored_text etag; /* and, after RLM_BLOCK_ANSWERS, rlm_stamp.answers: see there */

    /*
     * Where the parts begin, from the block's start, and the sizes of those that do not have one entry per record. The
     * records follow the header.
     */
    uint32_t prices, bounds, by_id, by_type, families, by_family, aliases, texts;
    uint32_t price_count, bound_count, family_count, with_family, alias_count, text_bytes;
    stored_run types[RLM_TYPE_COUNT]; /* of by_type */
} stored_header;

#define RLM_BLOCK_HASHED_FROM (offsetof(stored_header, hash) + RLM_HASH_SIZE)

enum { CREATED_AT, KNOWLEDGE_CUTOFF, RETIRES_AT, UNLISTED_AT, DEPRECATED_AT, TIMESTAMPS };
enum {
    PROVIDER,
    ID,
    NAME,
    FAMILY,
    REPLACEMENTS,
    KIN,
    METADATA,
    ORIGINS,
    ENDPOINTS,
    LICENSE,
    DATA_REGIONS,
    PATTERN,
    PRICE_WORDS,
    TEXTS
};
enum { CAPABILITIES, INPUT, OUTPUT, PARAMETERS, EFFORTS, TRAITS, FLAGS };

typedef struct {
    stored_text texts[TEXTS];
    int64_t limits[RLM_LIMIT_COUNT];
    int64_t timestamps[TIMESTAMPS];
    rlm_flags flags[FLAGS];
    uint8_t fingerprint[RLM_HASH_SIZE];
    uint32_t prices, price_count, bounds, bound_count; /* the first one, and how many */
    uint8_t precisions[TIMESTAMPS];
    uint8_t type, status, standing, default_effort, superseded;
    uint8_t unused[6];
} stored_record;

/* Where a record has what a block stores, in the order of the enumerations above. */
static inline void
places_of(rlm_record *record, rlm_slice *texts[TEXTS], rlm_timestamp *timestamps[TIMESTAMPS], rlm_flags *flags[FLAGS])
{
    rlm_slice *const all_texts[TEXTS] = {
        &record->provider,     &record->id,       &record->name,        &record->family,    &record->replacements,
        &record->equivalents,  &record->metadata, &record->origins,     &record->endpoints, &record->license,
        &record->data_regions, &record->pattern,  &record->prices.words};
    rlm_timestamp *const all_timestamps[TIMESTAMPS] = {&record->created_at, &record->knowledge_cutoff,
                                                       &record->retires_at, &record->unlisted_at,
                                                       &record->deprecated_at};
    rlm_flags *const all_flags[FLAGS] = {&record->capabilities, &record->input,   &record->output,
                                         &record->parameters,   &record->efforts, &record->traits};

    memcpy(texts, all_texts, sizeof all_texts);
    memcpy(timestamps, all_timestamps, sizeof all_timestamps);
    memcpy(flags, all_flags, sizeof all_flags);
}

static_assert(sizeof(stored_family) == 20, "no holes");
static_assert(sizeof(stored_alias) == 16, "no holes");
static_assert(sizeof(stored_header) == 160 + sizeof(stored_run) * RLM_TYPE_COUNT, "no holes");
static_assert(sizeof(stored_header) % 8 == 0, "the records are aligned");
static_assert(sizeof(stored_record) == 264, "no holes");
static_assert(sizeof(rlm_price) == 40, "no holes");
static_assert(sizeof(rlm_bound) == 16, "no holes");

/*
 * The checksum of the block at `bytes`, whose `size` is a multiple of 8 and at least a header's. block_open.c says what
 * it is good for.
 */
uint64_t
rlm_block_checksum(const char *bytes, size_t size);

static inline int
compare_keys(rlm_slice provider, rlm_slice id, rlm_slice other_provider, rlm_slice other_id)
{
    int order = rlm_slice_compare(provider, other_provider);

    return order != 0 ? order : rlm_slice_compare(id, other_id);
}

static inline const stored_header *
head_of(const rlm_block *block)
{
    return (const stored_header *) (const void *) block->bytes;
}

/* The part that begins at that offset. */
static inline const void *
part_at(const rlm_block *block, uint32_t offset)
{
    return block->bytes + offset;
}

static inline const stored_record *
record_at(const rlm_block *block, size_t index)
{
    return (const stored_record *) part_at(block, sizeof(stored_header)) + index;
}

static inline rlm_slice
text_of(const rlm_block *block, stored_text text)
{
    return (rlm_slice){block->bytes + head_of(block)->texts + text.offset, text.length};
}

#endif
