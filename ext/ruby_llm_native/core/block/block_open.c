/*
 * Opening a block: the checksum, then the head alone (rlm_block_peek), then the rest (flaw).
 *
 * Two guards, and neither replaces the other. The checksum guards against damage: a bad disk, a cut write, a column
 * that mangles bytes. But whoever can write a block can write its checksum, too. So against malice, every offset, every
 * order and every enumeration is checked before anything is looked up; these checks trust nothing but the size they
 * were given. The content hash is not recomputed: it names content and guards nothing.
 */
#include "block/layout.h"

#include "base/caps.h"
#include "base/checksum.h"

#include <string.h>

/* ---- The checksum ---- */

uint64_t
rlm_block_checksum(const char *bytes, size_t size)
{
    const size_t skipped = offsetof(stored_header, checksum) + sizeof(uint64_t);
    rlm_checksum sum;
    uint64_t first; /* the magic, the format and the kind, which precede the checksum */

    memcpy(&first, bytes, sizeof first);
    rlm_checksum_init(&sum, first, skipped);
    rlm_checksum_add(&sum, bytes + skipped, size - skipped);
    return rlm_checksum_finish(&sum);
}

/* ---- The head ---- */

/*
 * Inside the texts, and between two characters on both sides: if all texts together are valid, each one is then valid
 * alone.
 */
static inline bool
text_fits(const char *texts, uint32_t text_bytes, stored_text text)
{
    uint64_t end = (uint64_t) text.offset + text.length;

    if (end > text_bytes) return false;
    if (text.length == 0) return true;
    return ((unsigned char) texts[text.offset] & 0xC0) != 0x80 &&
           (end == text_bytes || ((unsigned char) texts[end] & 0xC0) != 0x80);
}

/* The parts follow one another without a gap, to the last byte. */
static bool
parts_fit(const stored_header *head)
{
    uint64_t prices = sizeof *head + (uint64_t) head->count * sizeof(stored_record);
    uint64_t bounds = prices + (uint64_t) head->price_count * sizeof(rlm_price);
    uint64_t by_id = bounds + (uint64_t) head->bound_count * sizeof(rlm_bound);
    uint64_t indexed = head->kind == RLM_BLOCK_CATALOG ? head->count : 0;
    uint64_t by_type = by_id + indexed * sizeof(uint32_t);
    uint64_t families = by_type + indexed * sizeof(uint32_t);
    uint64_t by_family = families + (uint64_t) head->family_count * sizeof(stored_family);
    uint64_t aliases = by_family + (uint64_t) head->with_family * sizeof(uint32_t);
    uint64_t texts = aliases + (uint64_t) head->alias_count * sizeof(stored_alias);
    uint64_t size = (texts + head->text_bytes + 7) / 8 * 8;

    return head->prices == prices && head->bounds == bounds && head->by_id == by_id && head->by_type == by_type &&
           head->families == families && head->by_family == by_family && head->aliases == aliases &&
           head->texts == texts && head->size == size;
}

/* The runs follow one another, and their sizes add up to the number of records. */
static bool
types_fit(const stored_header *head)
{
    uint64_t first = 0;

    for (int type = 0; type < RLM_TYPE_COUNT; type++) {
        const stored_run *run = &head->types[type];

        if (run->first != first || run->shown > run->count) return false;
        first += run->count;
    }
    return first == head->count;
}

static bool
stamp_fits(const stored_header *head, const char *bytes)
{
    const stored_text stamp[] = {head->source, head->api, head->provider, head->documented, head->url, head->etag};
    const char *texts = bytes + head->texts;

    for (size_t i = 0; i < sizeof stamp / sizeof *stamp; i++) {
        if ((uint64_t) stamp[i].offset + stamp[i].length > head->text_bytes) return false;
        if (!rlm_text_valid((rlm_slice){texts + stamp[i].offset, stamp[i].length})) return false;
    }
    return true;
}

bool
rlm_block_begins(const char *bytes, size_t length)
{
    const size_t magic = sizeof((stored_header *) NULL)->magic;

    return length >= magic && memcmp(bytes, RLM_BLOCK_MAGIC, magic) == 0;
}

/*
 * What is wrong with the head of a block of up to `size` bytes, checked without the bytes that follow it; NULL:
 * nothing.
 */
static const char *
flaw_of_claim(const stored_header *head, size_t size)
{
    if (!rlm_block_begins(head->magic, sizeof head->magic)) return "it does not begin like one";
    if (head->byte_order != RLM_BLOCK_BYTE_ORDER) return "it was written with another byte order, or in another format";
    if (head->format != RLM_BLOCK_FORMAT) return "its format has another version";
    if (head->size > size || head->size < sizeof *head) return "it is cut off";
    if (head->kind != RLM_BLOCK_CATALOG && head->kind != RLM_BLOCK_SHEET) return "its kind is unknown";
    if (!parts_fit(head)) return "its parts do not add up to its size";
    return types_fit(head) ? NULL : "its types do not add up";
}

/* What is wrong with the head, including its stamp; NULL: nothing. */
static const char *
flaw_of_head(const stored_header *head, const char *bytes, size_t size)
{
    const char *wrong = flaw_of_claim(head, size);

    if (wrong != NULL) return wrong;
    return stamp_fits(head, bytes) ? NULL : "its stamp points outside, or is not UTF-8";
}

static rlm_status
refuse(rlm_block *block, const char *wrong, rlm_error *error)
{
    memset(block, 0, sizeof *block);
    return rlm_error_set(error, RLM_BAD_BLOCK, "unusable registry block: %s", wrong);
}

const size_t rlm_block_head_size = sizeof(stored_header);

rlm_status
rlm_block_claim(const char *bytes, size_t length, size_t available, size_t *size, rlm_error *error)
{
    stored_header head;
    const char *wrong;

    if (length < sizeof head)
        return rlm_error_set(error, RLM_BAD_BLOCK, "%zu bytes are too few for a registry block", length);
    memcpy(&head, bytes, sizeof head);
    wrong = flaw_of_claim(&head, available);
    if (wrong != NULL) return rlm_error_set(error, RLM_BAD_BLOCK, "unusable registry block: %s", wrong);
    *size = (size_t) head.size;
    return RLM_OK;
}

static rlm_stamp
stamp_of(const rlm_block *block)
{
    const stored_header *head = head_of(block);
    rlm_stamp stamp = {.source = text_of(block, head->source),
                       .api = text_of(block, head->api),
                       .provider = text_of(block, head->provider),
                       .documented = text_of(block, head->documented),
                       .url = text_of(block, head->url),
                       .etag = text_of(block, head->etag),
                       .fetched_at = head->fetched_at};
    const char *end = stamp.etag.length > 0 ? memchr(stamp.etag.bytes, RLM_BLOCK_ANSWERS, stamp.etag.length) : NULL;

    if (end == NULL) return stamp;
    stamp.answers = (rlm_slice){end + 1, stamp.etag.length - (size_t) (end + 1 - stamp.etag.bytes)};
    stamp.etag.length = (size_t) (end - stamp.etag.bytes);
    return stamp;
}

rlm_status
rlm_block_peek(const char *bytes, size_t size, rlm_block *block, rlm_error *error)
{
    const stored_header *head = (const stored_header *) (const void *) bytes;
    const char *wrong;

    memset(block, 0, sizeof *block);
    if (size < sizeof *head)
        return rlm_error_set(error, RLM_BAD_BLOCK, "%zu bytes are too few for a registry block", size);
    wrong = flaw_of_head(head, bytes, size);
    if (wrong != NULL) return refuse(block, wrong, error);
    block->bytes = bytes;
    block->size = (size_t) head->size;
    block->count = head->count;
    block->kind = (rlm_block_kind) head->kind;
    block->hash = head->hash;
    block->stamp = stamp_of(block);
    return RLM_OK;
}

bool
rlm_block_intact(const rlm_block *block)
{
    return rlm_block_checksum(block->bytes, block->size) == head_of(block)->checksum;
}

/* ---- Records ---- */

static inline bool
timestamp_fits(int64_t seconds, uint8_t precision)
{
    return precision <= RLM_PRECISION_SECOND && seconds >= -62135596800 && seconds <= 253402300799;
}

static inline bool
decimal_fits(int64_t coefficient, int exponent)
{
    return coefficient >= 0 && exponent >= -RLM_CAP_DECIMAL_EXPONENT - 24 && exponent <= RLM_CAP_DECIMAL_EXPONENT + 24;
}

static inline bool
price_fits(const rlm_price *price)
{
    return price->meter < RLM_METER_COUNT && price->unit < RLM_UNIT_COUNT && price->tier < RLM_TIER_COUNT &&
           price->step < RLM_STEP_COUNT && price->covers <= RLM_COVERS_ALL && price->threshold >= 0 &&
           price->from_minute <= RLM_MINUTES_OF_DAY && price->until_minute <= RLM_MINUTES_OF_DAY &&
           price->weekdays < 128 && decimal_fits(price->coefficient, price->exponent);
}

static inline bool
bound_fits(const rlm_bound *bound)
{
    return bound->of < RLM_BOUNDED_COUNT && bound->kind < RLM_BOUND_COUNT &&
           decimal_fits(bound->coefficient, bound->exponent);
}

static inline bool
flags_fit(rlm_flags flags, int count)
{
    uint32_t known = RLM_BIT(count) - 1;

    return ((flags.yes | flags.no) & ~known) == 0 && (flags.yes & flags.no) == 0;
}

static bool
record_fits(const stored_header *head, const char *texts, const stored_record *record)
{
    static const int flag_counts[FLAGS] = {
        [CAPABILITIES] = RLM_CAPABILITY_COUNT, [INPUT] = RLM_MODALITY_COUNT, [OUTPUT] = RLM_MODALITY_COUNT,
        [PARAMETERS] = RLM_PARAMETER_COUNT,    [EFFORTS] = RLM_EFFORT_COUNT, [TRAITS] = RLM_TRAIT_COUNT,
    };

    for (int i = 0; i < TEXTS; i++) {
        if (!text_fits(texts, head->text_bytes, record->texts[i])) return false;
    }
    for (int i = 0; i < TIMESTAMPS; i++) {
        if (!timestamp_fits(record->timestamps[i], record->precisions[i])) return false;
    }
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) {
        if (record->limits[i] < RLM_UNKNOWN) return false;
    }
    for (int i = 0; i < FLAGS; i++) {
        if (!flags_fit(record->flags[i], flag_counts[i])) return false;
    }
    return record->texts[ID].length > 0 && record->type < RLM_TYPE_COUNT && record->status < RLM_MODEL_STATUS_COUNT &&
           record->standing < RLM_STANDING_COUNT && record->superseded <= 1 &&
           record->default_effort <= RLM_EFFORT_COUNT &&
           (uint64_t) record->prices + record->price_count <= head->price_count &&
           (uint64_t) record->bounds + record->bound_count <= head->bound_count;
}

/*
 * Texts are stored once, so most neighbours have the same provider at the same place: two equal places are a shortcut
 * to "equal".
 */
static int
compare_texts(const rlm_block *block, stored_text left, stored_text right)
{
    if (left.offset == right.offset && left.length == right.length) return 0;
    return rlm_slice_compare(text_of(block, left), text_of(block, right));
}

static int
compare_stored(const rlm_block *block, const stored_record *left, const stored_record *right, int first, int second)
{
    int order = compare_texts(block, left->texts[first], right->texts[first]);

    return order != 0 ? order : compare_texts(block, left->texts[second], right->texts[second]);
}

/* All prices, and all records, each compared with the one before it. */
static const char *
flaw_of_records(const rlm_block *block)
{
    const stored_header *head = head_of(block);
    const rlm_price *prices = part_at(block, head->prices);
    const rlm_bound *bounds = part_at(block, head->bounds);
    const stored_record *records = record_at(block, 0);
    const char *texts = block->bytes + head->texts;

    for (uint32_t i = 0; i < head->price_count; i++) {
        if (!price_fits(&prices[i])) return "a price is out of range";
    }
    for (uint32_t i = 0; i < head->bound_count; i++) {
        if (!bound_fits(&bounds[i])) return "a bound is out of range";
    }
    for (uint32_t i = 0; i < head->count; i++) {
        if (!record_fits(head, texts, &records[i])) return "a record is out of range";
        if (i > 0 && compare_stored(block, &records[i - 1], &records[i], PROVIDER, ID) >= 0)
            return "its records are not sorted";
    }
    return NULL;
}

/* ---- Indexes. The records have been checked. ---- */

static const char *
flaw_of_ids(const rlm_block *block)
{
    const stored_header *head = head_of(block);
    const uint32_t *index = part_at(block, head->by_id);

    for (uint32_t i = 0; i < head->count; i++) {
        if (index[i] >= head->count) return "its index by id points outside";
        if (i > 0 &&
            compare_stored(block, record_at(block, index[i - 1]), record_at(block, index[i]), ID, PROVIDER) >= 0) {
            return "its index by id is not sorted";
        }
    }
    return NULL;
}

/*
 * types_fit has checked the head. Here the records, in turn, must be what stands at the next place of their run: none
 * is missing, duplicate, or elsewhere.
 */
static const char *
flaw_of_types(const rlm_block *block)
{
    const stored_header *head = head_of(block);
    const uint32_t *index = part_at(block, head->by_type);
    uint32_t next[RLM_TYPE_COUNT][2], end[RLM_TYPE_COUNT][2]; /* by whether it is unlisted */

    for (int type = 0; type < RLM_TYPE_COUNT; type++) {
        const stored_run *run = &head->types[type];

        next[type][0] = run->first;
        next[type][1] = end[type][0] = run->first + run->shown;
        end[type][1] = run->first + run->count;
    }
    for (uint32_t i = 0; i < head->count; i++) {
        const stored_record *record = record_at(block, i);
        int part = record->standing == RLM_STANDING_UNLISTED;

        if (next[record->type][part] == end[record->type][part] || index[next[record->type][part]++] != i)
            return "its index by type is wrong";
    }
    return NULL;
}

/*
 * Whether the records of the run have that very family and standing, in order. Since a text is stored once, its place
 * identifies the family.
 */
static bool
members_fit(const rlm_block *block, const stored_family *family, const uint32_t *index)
{
    const uint32_t count = head_of(block)->count;

    for (uint32_t i = 0; i < family->run.count; i++) {
        const stored_record *record;

        if (index[i] >= count || (i > 0 && i != family->run.shown && index[i - 1] >= index[i])) return false;
        record = record_at(block, index[i]);
        if (record->texts[FAMILY].offset != family->name.offset || record->texts[FAMILY].length != family->name.length)
            return false;
        if ((record->standing == RLM_STANDING_UNLISTED) != (i >= family->run.shown)) return false;
    }
    return true;
}

static const char *
flaw_of_families(const rlm_block *block)
{
    const stored_header *head = head_of(block);
    const stored_family *families = part_at(block, head->families);
    const uint32_t *index = part_at(block, head->by_family);
    uint64_t first = 0;
    uint32_t with_family = 0;

    for (uint32_t i = 0; i < head->family_count; i++) {
        const stored_run *run = &families[i].run;

        if (families[i].name.length == 0 || !text_fits(block->bytes + head->texts, head->text_bytes, families[i].name))
            return "a family has no name";
        if (i > 0 && compare_texts(block, families[i - 1].name, families[i].name) >= 0)
            return "its families are not sorted";
        if (run->first != first || run->count == 0 || run->shown > run->count ||
            first + run->count > head->with_family) {
            return "its families do not add up";
        }
        if (!members_fit(block, &families[i], index + run->first)) return "its index by family is wrong";
        first += run->count;
    }
    for (uint32_t i = 0; i < head->count; i++) with_family += record_at(block, i)->texts[FAMILY].length > 0;
    return first == head->with_family && first == with_family ? NULL : "its families do not add up";
}

static const char *
flaw_of_aliases(const rlm_block *block)
{
    const stored_header *head = head_of(block);
    const stored_alias *aliases = part_at(block, head->aliases);

    for (uint32_t i = 0; i < head->alias_count; i++) {
        const stored_alias *alias = &aliases[i];
        int order;

        if (alias->record >= head->count || alias->kind >= RLM_ALIAS_KIND_COUNT || alias->alias.length == 0 ||
            !text_fits(block->bytes + head->texts, head->text_bytes, alias->alias)) {
            return "an alias is out of range";
        }
        if (i == 0) continue;
        order = compare_texts(block, alias[-1].alias, alias->alias);
        if (order > 0 || (order == 0 && alias[-1].record >= alias->record)) return "its aliases are not sorted";
    }
    return NULL;
}

/* ---- All of it ---- */

/* A sheet has counts of types, and nothing else that is looked up. */
static const char *
flaw_of_sheet(const rlm_block *block)
{
    const stored_header *head = head_of(block);
    stored_run types[RLM_TYPE_COUNT] = {{0, 0, 0}};

    if (head->family_count + head->with_family + head->alias_count > 0) return "it is a sheet and has indexes";
    for (uint32_t i = 0; i < head->count; i++) {
        const stored_record *record = record_at(block, i);

        types[record->type].count++;
        types[record->type].shown += record->standing != RLM_STANDING_UNLISTED;
    }
    for (int type = 0; type < RLM_TYPE_COUNT; type++) {
        if (types[type].count != head->types[type].count || types[type].shown != head->types[type].shown)
            return "its types do not add up";
    }
    return NULL;
}

/* Everything that a lookup relies on. NULL, or what is wrong. */
static const char *
flaw(const rlm_block *block)
{
    static const char *(*const indexes[])(const rlm_block *) = {flaw_of_ids, flaw_of_types, flaw_of_families,
                                                                flaw_of_aliases};
    const stored_header *head = head_of(block);
    const char *wrong;

    if (!rlm_block_intact(block)) return "its bytes are damaged";
    if (!rlm_text_valid((rlm_slice){block->bytes + head->texts, head->text_bytes})) return "its texts are not UTF-8";
    wrong = flaw_of_records(block);
    if (head->kind == RLM_BLOCK_SHEET) return wrong != NULL ? wrong : flaw_of_sheet(block);
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes && wrong == NULL; i++) wrong = indexes[i](block);
    return wrong;
}

rlm_status
rlm_block_open(const char *bytes, size_t size, rlm_block *block, rlm_error *error)
{
    const char *wrong;

    RLM_TRY(rlm_block_peek(bytes, size, block, error));
    wrong = block->size != size ? "bytes follow its end" : flaw(block);
    return wrong == NULL ? RLM_OK : refuse(block, wrong, error);
}
