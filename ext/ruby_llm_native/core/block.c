/*
 * Blocks: the stored structs first, then writing, then opening, then looking.
 *
 * The layout is header, records, prices, index by id, texts. Structs are stored as the compiler lays them out, without holes (asserted below),
 * in the machine's byte order (told by a mark): a block is read where it was written, or not at all.
 */
#include "block.h"

#include "limits.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT_VERSION 1
#define BYTE_ORDER_MARK 0x01020304u

typedef struct {
    uint32_t offset, length; /* in the texts */
} stored_text;

/* Before the hash stands what is checked by itself, after it what the hash covers. */
typedef struct {
    char magic[4];
    uint32_t byte_order;
    uint64_t size;
    uint8_t hash[RLM_HASH_SIZE];
    uint16_t version, kind;
    uint32_t count;
    uint32_t prices, price_count; /* where a part begins, from the block's start, and how many there are */
    uint32_t by_id, texts, text_bytes, unused;
    stored_text source, url, etag;
    int64_t fetched_at;
} header;

#define HASHED_FROM (offsetof(header, hash) + RLM_HASH_SIZE)

enum { CREATED_AT, KNOWLEDGE_CUTOFF, RETIRES_AT, UNLISTED_AT, MOMENTS };
enum { PROVIDER, ID, NAME, FAMILY, REPLACEMENT, KIN, METADATA, TEXTS };

typedef struct {
    stored_text texts[TEXTS];
    int64_t limits[RLM_LIMIT_COUNT];
    int64_t moments[MOMENTS];
    rlm_flags capabilities, input, output;
    uint8_t fingerprint[RLM_HASH_SIZE];
    uint32_t prices, price_count; /* the first one, and how many */
    uint8_t precisions[MOMENTS];
    uint8_t type, life, standing;
    uint8_t origins[RLM_FIELD_COUNT];
    uint8_t unused[2];
} stored_record;

static_assert(sizeof(header) == 96, "no holes");
static_assert(sizeof(stored_record) == 184, "no holes");
static_assert(sizeof(rlm_price) == 24, "no holes");

/* ---- Writing ---- */

typedef struct {
    rlm_interner texts;
    rlm_buffer records, prices, scratch;
} writer;

static rlm_status
store_text(writer *out, rlm_slice text, stored_text *stored)
{
    if (text.length > UINT32_MAX) return RLM_TOO_LARGE;
    stored->length = (uint32_t) text.length;
    return rlm_interner_add(&out->texts, text, &stored->offset);
}

/* The hash of all that the record says, and of nothing that depends on where its texts happen to stand. */
static rlm_status
fingerprint(writer *out, const rlm_record *record, const rlm_slice texts[TEXTS], stored_record *stored)
{
    stored_record plain = *stored;

    memset(plain.texts, 0, sizeof plain.texts);
    plain.prices = 0;
    rlm_buffer_clear(&out->scratch);
    RLM_TRY(rlm_buffer_append(&out->scratch, &plain, sizeof plain));
    for (int i = 0; i < TEXTS; i++) {
        RLM_TRY(rlm_buffer_append(&out->scratch, &stored->texts[i].length, sizeof stored->texts[i].length));
        RLM_TRY(rlm_buffer_append(&out->scratch, texts[i].bytes, texts[i].length));
    }
    RLM_TRY(rlm_buffer_append(&out->scratch, record->prices, record->price_count * sizeof *record->prices));
    rlm_hash_content(out->scratch.bytes, out->scratch.length, stored->fingerprint);
    return RLM_OK;
}

static rlm_status
store_record(writer *out, const rlm_record *record)
{
    const rlm_slice texts[TEXTS] = {record->provider,    record->id,  record->name,    record->family,
                                    record->replacement, record->kin, record->metadata};
    const rlm_moment moments[MOMENTS] = {record->created_at, record->knowledge_cutoff, record->retires_at, record->unlisted_at};
    stored_record stored;

    memset(&stored, 0, sizeof stored);
    for (int i = 0; i < TEXTS; i++) RLM_TRY(store_text(out, texts[i], &stored.texts[i]));
    for (int i = 0; i < MOMENTS; i++) {
        stored.moments[i] = moments[i].seconds;
        stored.precisions[i] = moments[i].precision;
    }
    memcpy(stored.limits, record->limits, sizeof stored.limits);
    stored.capabilities = record->capabilities;
    stored.input = record->input;
    stored.output = record->output;
    stored.type = record->type;
    stored.life = record->life;
    stored.standing = record->standing;
    memcpy(stored.origins, record->origins, sizeof stored.origins);
    stored.prices = (uint32_t) (out->prices.length / sizeof *record->prices);
    stored.price_count = record->price_count;
    RLM_TRY(fingerprint(out, record, texts, &stored));
    RLM_TRY(rlm_buffer_append(&out->prices, record->prices, record->price_count * sizeof *record->prices));
    return rlm_buffer_append(&out->records, &stored, sizeof stored);
}

static int
compare_keys(rlm_slice provider, rlm_slice id, rlm_slice other_provider, rlm_slice other_id)
{
    int order = rlm_slice_compare(provider, other_provider);

    return order != 0 ? order : rlm_slice_compare(id, other_id);
}

static int
by_id_and_provider(const void *left, const void *right)
{
    const rlm_record *a = *(const rlm_record *const *) left, *b = *(const rlm_record *const *) right;

    return compare_keys(a->id, a->provider, b->id, b->provider);
}

static rlm_status
store_index(const rlm_record *records, size_t count, rlm_buffer *out)
{
    const rlm_record **sorted = rlm_memory_allocate((count + 1) * sizeof *sorted);
    rlm_status status = RLM_OK;

    if (sorted == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) sorted[i] = &records[i];
    if (count > 1) qsort(sorted, count, sizeof *sorted, by_id_and_provider);
    for (size_t i = 0; i < count && status == RLM_OK; i++) {
        uint32_t index = (uint32_t) (sorted[i] - records);

        status = rlm_buffer_append(out, &index, sizeof index);
    }
    rlm_memory_free(sorted);
    return status;
}

static rlm_status
write_all(writer *parts, rlm_block_kind kind, const rlm_record *records, size_t count, const rlm_stamp *stamp, rlm_buffer *out)
{
    header head;
    size_t start = out->length;

    memset(&head, 0, sizeof head);
    memcpy(head.magic, "RLMB", 4);
    head.version = FORMAT_VERSION;
    head.kind = (uint16_t) kind;
    head.byte_order = BYTE_ORDER_MARK;
    head.count = (uint32_t) count;
    for (size_t i = 0; i < count; i++) RLM_TRY(store_record(parts, &records[i]));
    if (stamp != NULL) {
        RLM_TRY(store_text(parts, stamp->source, &head.source));
        RLM_TRY(store_text(parts, stamp->url, &head.url));
        RLM_TRY(store_text(parts, stamp->etag, &head.etag));
        head.fetched_at = stamp->fetched_at;
    }

    RLM_TRY(rlm_buffer_append(out, &head, sizeof head));
    RLM_TRY(rlm_buffer_append(out, parts->records.bytes, parts->records.length));
    head.prices = (uint32_t) (out->length - start);
    head.price_count = (uint32_t) (parts->prices.length / sizeof(rlm_price));
    RLM_TRY(rlm_buffer_append(out, parts->prices.bytes, parts->prices.length));
    head.by_id = (uint32_t) (out->length - start);
    RLM_TRY(store_index(records, count, out));
    head.texts = (uint32_t) (out->length - start);
    head.text_bytes = (uint32_t) parts->texts.bytes.length;
    RLM_TRY(rlm_buffer_append(out, parts->texts.bytes.bytes, parts->texts.bytes.length));
    head.size = out->length - start;

    memcpy(out->bytes + start, &head, sizeof head);
    rlm_hash_content(out->bytes + start + HASHED_FROM, out->length - start - HASHED_FROM, head.hash);
    memcpy(out->bytes + start + offsetof(header, hash), head.hash, sizeof head.hash);
    return RLM_OK;
}

rlm_status
rlm_block_write(rlm_block_kind kind, rlm_record *records, size_t count, const rlm_stamp *stamp, rlm_buffer *out)
{
    writer parts;
    rlm_status status;
    size_t start = out->length;

    if (count > RLM_LIMIT_BLOCK / sizeof(stored_record)) return RLM_TOO_LARGE;
    if (count > 1) qsort(records, count, sizeof *records, rlm_record_compare);
    rlm_interner_init(&parts.texts, RLM_LIMIT_BLOCK);
    rlm_buffer_init(&parts.records, RLM_LIMIT_BLOCK);
    rlm_buffer_init(&parts.prices, RLM_LIMIT_BLOCK);
    rlm_buffer_init(&parts.scratch, RLM_LIMIT_BLOCK);
    status = write_all(&parts, kind, records, count, stamp, out);
    rlm_interner_free(&parts.texts);
    rlm_buffer_free(&parts.records);
    rlm_buffer_free(&parts.prices);
    rlm_buffer_free(&parts.scratch);
    if (status != RLM_OK) out->length = start;
    return status;
}

/* ---- Opening ---- */

static const header *
head_of(const rlm_block *block)
{
    return (const header *) (const void *) block->bytes;
}

static const stored_record *
record_at(const rlm_block *block, size_t index)
{
    return (const stored_record *) (const void *) (block->bytes + sizeof(header)) + index;
}

static const uint32_t *
index_of(const rlm_block *block)
{
    return (const uint32_t *) (const void *) (block->bytes + head_of(block)->by_id);
}

static rlm_slice
text_of(const rlm_block *block, stored_text text)
{
    return (rlm_slice) {block->bytes + head_of(block)->texts + text.offset, text.length};
}

/* Inside the texts, and between two characters on both sides: with all texts valid together, each one is then valid alone. */
static bool
text_fits(const rlm_block *block, stored_text text)
{
    const header *head = head_of(block);
    const char *texts = block->bytes + head->texts;
    uint64_t end = (uint64_t) text.offset + text.length;

    if (end > head->text_bytes) return false;
    if (text.length == 0) return true;
    return ((unsigned char) texts[text.offset] & 0xC0) != 0x80 && (end == head->text_bytes || ((unsigned char) texts[end] & 0xC0) != 0x80);
}

static bool
moment_fits(int64_t seconds, uint8_t precision)
{
    return precision <= RLM_PRECISION_SECOND && seconds >= -62135596800 && seconds <= 253402300799;
}

static bool
price_fits(const rlm_price *price)
{
    return price->category < RLM_PRICE_COUNT && price->direction < RLM_DIRECTION_COUNT && price->tier < RLM_TIER_COUNT &&
           price->unit < RLM_UNIT_COUNT && price->threshold >= 0 && price->coefficient >= 0 &&
           price->exponent >= -RLM_LIMIT_DECIMAL_EXPONENT - 24 && price->exponent <= RLM_LIMIT_DECIMAL_EXPONENT + 24;
}

static bool
flags_fit(rlm_flags flags, int count)
{
    uint32_t known = RLM_BIT(count) - 1;

    return ((flags.yes | flags.no) & ~known) == 0 && (flags.yes & flags.no) == 0;
}

static bool
record_fits(const rlm_block *block, const stored_record *record)
{
    for (int i = 0; i < TEXTS; i++) {
        if (!text_fits(block, record->texts[i])) return false;
    }
    for (int i = 0; i < MOMENTS; i++) {
        if (!moment_fits(record->moments[i], record->precisions[i])) return false;
    }
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) {
        if (record->limits[i] < RLM_UNSAID) return false;
    }
    for (int i = 0; i < RLM_FIELD_COUNT; i++) {
        if (record->origins[i] >= RLM_ORIGIN_SOURCE + RLM_LIMIT_SOURCES) return false;
    }
    return record->texts[ID].length > 0 && record->type < RLM_TYPE_COUNT && record->life < RLM_LIFE_COUNT &&
           record->standing < RLM_STANDING_COUNT && flags_fit(record->capabilities, RLM_CAPABILITY_COUNT) &&
           flags_fit(record->input, RLM_MODALITY_COUNT) && flags_fit(record->output, RLM_MODALITY_COUNT) &&
           (uint64_t) record->prices + record->price_count <= head_of(block)->price_count;
}

/* Everything that a lookup relies on. NULL, or what is wrong. */
static const char *
flaw(const rlm_block *block)
{
    const header *head = head_of(block);
    uint64_t prices = sizeof *head + (uint64_t) head->count * sizeof(stored_record);
    uint64_t by_id = prices + (uint64_t) head->price_count * sizeof(rlm_price);
    uint64_t texts = by_id + (uint64_t) head->count * sizeof(uint32_t);
    const rlm_price *price = (const rlm_price *) (const void *) (block->bytes + prices);

    if (head->prices != prices || head->by_id != by_id || head->texts != texts || texts + head->text_bytes != block->size) {
        return "its parts do not add up to its size";
    }
    if (!rlm_text_valid((rlm_slice) {block->bytes + texts, head->text_bytes})) return "its texts are not UTF-8";
    if (!text_fits(block, head->source) || !text_fits(block, head->url) || !text_fits(block, head->etag)) return "its stamp points outside";
    for (uint32_t i = 0; i < head->price_count; i++) {
        if (!price_fits(&price[i])) return "a price is out of range";
    }
    for (uint32_t i = 0; i < head->count; i++) {
        if (!record_fits(block, record_at(block, i))) return "a record is out of range";
        if (index_of(block)[i] >= head->count) return "its index points outside";
    }
    for (uint32_t i = 1; i < head->count; i++) {
        rlm_slice provider, id, next_provider, next_id;

        rlm_block_key(block, i - 1, &provider, &id);
        rlm_block_key(block, i, &next_provider, &next_id);
        if (compare_keys(provider, id, next_provider, next_id) >= 0) return "its records are not sorted";
        rlm_block_key(block, index_of(block)[i - 1], &provider, &id);
        rlm_block_key(block, index_of(block)[i], &next_provider, &next_id);
        if (compare_keys(id, provider, next_id, next_provider) >= 0) return "its index is not sorted";
    }
    return NULL;
}

static bool
hash_matches(const rlm_block *block)
{
    uint8_t hash[RLM_HASH_SIZE];

    rlm_hash_content(block->bytes + HASHED_FROM, block->size - HASHED_FROM, hash);
    return memcmp(hash, head_of(block)->hash, sizeof hash) == 0;
}

rlm_status
rlm_block_open(const char *bytes, size_t size, rlm_block *block, rlm_error *error)
{
    const header *head;
    const char *wrong = NULL;

    memset(block, 0, sizeof *block);
    if (size < sizeof *head) return rlm_error_set(error, RLM_BAD_BLOCK, "%zu bytes are too few for a registry block", size);
    block->bytes = bytes;
    block->size = size;
    head = head_of(block);
    if (memcmp(head->magic, "RLMB", 4) != 0) wrong = "it does not begin as one";
    else if (head->version != FORMAT_VERSION) wrong = "it is of another format version";
    else if (head->byte_order != BYTE_ORDER_MARK) wrong = "it is of a machine with another byte order";
    else if (head->size != size) wrong = "it is cut, or something was appended";
    else if (head->kind != RLM_BLOCK_CATALOG && head->kind != RLM_BLOCK_SHEET) wrong = "it is of an unknown kind";
    else if (!hash_matches(block)) wrong = "its bytes are damaged";
    else wrong = flaw(block);
    if (wrong != NULL) {
        memset(block, 0, sizeof *block);
        return rlm_error_set(error, RLM_BAD_BLOCK, "not a registry block that can be used: %s", wrong);
    }
    block->count = head->count;
    block->kind = (rlm_block_kind) head->kind;
    block->hash = head->hash;
    block->stamp = (rlm_stamp) {text_of(block, head->source), text_of(block, head->url), text_of(block, head->etag), head->fetched_at};
    return RLM_OK;
}

/* ---- Looking ---- */

void
rlm_block_record(const rlm_block *block, size_t index, rlm_record *record)
{
    const stored_record *stored = record_at(block, index);
    rlm_slice *texts[TEXTS] = {&record->provider,    &record->id,  &record->name,    &record->family,
                               &record->replacement, &record->kin, &record->metadata};
    rlm_moment *moments[MOMENTS] = {&record->created_at, &record->knowledge_cutoff, &record->retires_at, &record->unlisted_at};

    memset(record, 0, sizeof *record);
    for (int i = 0; i < TEXTS; i++) *texts[i] = text_of(block, stored->texts[i]);
    for (int i = 0; i < MOMENTS; i++) *moments[i] = (rlm_moment) {stored->moments[i], stored->precisions[i]};
    memcpy(record->limits, stored->limits, sizeof record->limits);
    record->capabilities = stored->capabilities;
    record->input = stored->input;
    record->output = stored->output;
    record->type = stored->type;
    record->life = stored->life;
    record->standing = stored->standing;
    memcpy(record->origins, stored->origins, sizeof record->origins);
    record->prices = (const rlm_price *) (const void *) (block->bytes + head_of(block)->prices) + stored->prices;
    record->price_count = stored->price_count;
}

void
rlm_block_key(const rlm_block *block, size_t index, rlm_slice *provider, rlm_slice *id)
{
    const stored_record *stored = record_at(block, index);

    *provider = text_of(block, stored->texts[PROVIDER]);
    *id = text_of(block, stored->texts[ID]);
}

const uint8_t *
rlm_block_fingerprint(const rlm_block *block, size_t index)
{
    return record_at(block, index)->fingerprint;
}

rlm_type
rlm_block_type(const rlm_block *block, size_t index)
{
    return (rlm_type) record_at(block, index)->type;
}

rlm_standing
rlm_block_standing(const rlm_block *block, size_t index)
{
    return (rlm_standing) record_at(block, index)->standing;
}

/* The first record not before that provider and id. */
static size_t
lower_bound(const rlm_block *block, rlm_slice provider, rlm_slice id)
{
    size_t low = 0, high = block->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        rlm_slice its_provider, its_id;

        rlm_block_key(block, middle, &its_provider, &its_id);
        if (compare_keys(its_provider, its_id, provider, id) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

void
rlm_block_provider(const rlm_block *block, rlm_slice provider, size_t *first, size_t *count)
{
    size_t low, high = block->count;

    *first = low = lower_bound(block, provider, (rlm_slice) {NULL, 0});
    while (low < high) { /* the first record past the provider */
        size_t middle = low + (high - low) / 2;
        rlm_slice its_provider, id;

        rlm_block_key(block, middle, &its_provider, &id);
        if (rlm_slice_equal(its_provider, provider)) low = middle + 1;
        else high = middle;
    }
    *count = low - *first;
}

size_t
rlm_block_find(const rlm_block *block, rlm_slice provider, rlm_slice id)
{
    size_t index = lower_bound(block, provider, id);
    rlm_slice its_provider, its_id;

    if (index == block->count) return index;
    rlm_block_key(block, index, &its_provider, &its_id);
    return rlm_slice_equal(its_provider, provider) && rlm_slice_equal(its_id, id) ? index : block->count;
}

/* How the id at that place of the index compares with `id`. */
static int
compare_place(const rlm_block *block, size_t place, rlm_slice id)
{
    rlm_slice provider, its_id;

    rlm_block_key(block, index_of(block)[place], &provider, &its_id);
    return rlm_slice_compare(its_id, id);
}

void
rlm_block_find_id(const rlm_block *block, rlm_slice id, size_t *first, size_t *count)
{
    size_t low = 0, high = block->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_place(block, middle, id) < 0) low = middle + 1;
        else high = middle;
    }
    *first = low;
    while (low < block->count && compare_place(block, low, id) == 0) low++; /* as many as there are providers */
    *count = low - *first;
}

size_t
rlm_block_by_id(const rlm_block *block, size_t place)
{
    return index_of(block)[place];
}
