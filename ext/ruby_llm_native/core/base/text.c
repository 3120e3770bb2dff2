/*
 * Text: slices, then UTF-8, then interning.
 *
 * Everything about UTF-8 is in character_length, which knows the well-formed sequences of Unicode's table 3-7;
 * validity, and scrubbing, walk with it. A refused sequence is the longest beginning of a well-formed one, as in Ruby's
 * String#scrub and in browsers, so that a text scrubbed here and one scrubbed there are equal.
 */
#include "base/text.h"

#include "base/hash.h"

#include <string.h>

#define FIRST_PLACES ((size_t) 64)

static const rlm_slice replacement = {"\xEF\xBF\xBD", 3}; /* U+FFFD */

int
rlm_slice_compare(rlm_slice left, rlm_slice right)
{
    size_t shared = left.length < right.length ? left.length : right.length;
    int order = 0;

    /* Records of one provider share its name; keys mostly differ in their first byte. */
    if (shared > 0 && left.bytes != right.bytes) {
        order = (unsigned char) *left.bytes - (unsigned char) *right.bytes;
        if (order == 0) order = memcmp(left.bytes, right.bytes, shared);
    }
    if (order != 0) return order;
    return (left.length > right.length) - (left.length < right.length);
}

bool
rlm_slice_starts_with(rlm_slice slice, const char *text)
{
    rlm_slice start = rlm_slice_of(text);

    return slice.length >= start.length && rlm_slice_equal((rlm_slice){slice.bytes, start.length}, start);
}

bool
rlm_slice_skip(rlm_slice *slice, const char *text)
{
    if (!rlm_slice_starts_with(*slice, text)) return false;
    slice->bytes += strlen(text);
    slice->length -= strlen(text);
    return true;
}

bool
rlm_slice_ends_with(rlm_slice slice, const char *text)
{
    rlm_slice end = rlm_slice_of(text);

    if (end.length == 0) return true;
    if (slice.length < end.length) return false;
    return rlm_slice_equal((rlm_slice){slice.bytes + (slice.length - end.length), end.length}, end);
}

bool
rlm_slice_includes(rlm_slice slice, rlm_slice part)
{
    if (part.length == 0) return true;
    while (slice.length >= part.length) {
        const char *first = memchr(slice.bytes, part.bytes[0], slice.length - part.length + 1);

        if (first == NULL) return false;
        if (memcmp(first, part.bytes, part.length) == 0) return true;
        slice.length -= (size_t) (first + 1 - slice.bytes);
        slice.bytes = first + 1;
    }
    return false;
}

bool
rlm_slice_contains(rlm_slice slice, const char *text)
{
    return rlm_slice_includes(slice, rlm_slice_of(text));
}

/*
 * Length of the character at `at`, or 0 if there is none; `*refused` is then the length of what stands there instead.
 */
static size_t
character_length(rlm_slice slice, size_t at, size_t *refused)
{
    const unsigned char *bytes = (const unsigned char *) slice.bytes + at;
    const size_t left = slice.length - at;
    const unsigned char lead = bytes[0];
    unsigned char low = 0x80, high = 0xBF; /* what the next byte may be; only after four leads is it less than all */
    size_t length;

    *refused = 1;
    if (lead < 0x80) return lead != 0;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    for (size_t i = 1; i < length; i++) {
        *refused = i;
        if (i >= left || bytes[i] < low || bytes[i] > high) return 0;
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

/*
 * How many bytes from `at` on are ASCII and not NUL. In eight of them none has its high bit set, and none gets it when
 * one is subtracted, as NUL does.
 */
static size_t
ascii_length(rlm_slice slice, size_t at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);
    uint64_t word;
    size_t next = at, whole = slice.length - (slice.length - at) % sizeof word;

    for (; next < whole; next += sizeof word) {
        memcpy(&word, slice.bytes + next, sizeof word);
        if (((word | (word - ones)) & highs) != 0) break;
    }
    while (next < slice.length && (signed char) slice.bytes[next] > 0) next++;
    return next - at;
}

char
rlm_ascii_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char) (byte - 'A' + 'a') : byte;
}

bool
rlm_ascii_is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

bool
rlm_ascii_alike(const char *left, const char *right, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (rlm_ascii_lower(left[i]) != rlm_ascii_lower(right[i])) return false;
    }
    return true;
}

bool
rlm_slice_has_control_characters(rlm_slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char) text.bytes[i] < 0x20 || text.bytes[i] == 0x7f) return true;
    }
    return false;
}

bool
rlm_text_valid(rlm_slice slice)
{
    size_t length, refused;

    for (size_t at = ascii_length(slice, 0); at < slice.length; at += length) {
        length = character_length(slice, at, &refused);
        if (length == 0) return false;
        length += ascii_length(slice, at + length);
    }
    return true;
}

rlm_status
rlm_text_copy(rlm_arena *arena, rlm_slice slice, rlm_slice *copy)
{
    char *bytes = rlm_arena_bytes(arena, slice.length);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    if (slice.length > 0) memcpy(bytes, slice.bytes, slice.length);
    *copy = (rlm_slice){bytes, slice.length};
    return RLM_OK;
}

/* Write the scrubbed text to `out` and return its length; with `out` NULL, only the length. */
static size_t
scrub(rlm_slice slice, char *out)
{
    size_t total = 0;
    size_t length, refused;
    rlm_slice piece;

    for (size_t at = 0; at<slice.length; at += length> 0 ? length : refused) {
        length = character_length(slice, at, &refused);
        piece = length > 0 ? (rlm_slice){slice.bytes + at, length} : replacement;
        if (out != NULL) memcpy(out + total, piece.bytes, piece.length);
        total += piece.length;
    }
    return total;
}

rlm_status
rlm_text_scrub(rlm_arena *arena, rlm_slice slice, rlm_slice *copy, bool *damaged)
{
    size_t length;
    char *bytes;

    *damaged = !rlm_text_valid(slice);
    if (!*damaged) return rlm_text_copy(arena, slice, copy);
    if (slice.length > SIZE_MAX / replacement.length) return RLM_OUT_OF_MEMORY;
    length = scrub(slice, NULL);
    bytes = rlm_arena_bytes(arena, length);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    scrub(slice, bytes);
    *copy = (rlm_slice){bytes, length};
    return RLM_OK;
}

struct rlm_interned {
    uint64_t hash;
    uint32_t offset;
    uint32_t length; /* 0: the place is free, for the empty text takes none */
};

void
rlm_interner_init(rlm_interner *interner, size_t cap)
{
    *interner = (rlm_interner){.places = 0};
    rlm_buffer_init(&interner->bytes, cap);
}

/*
 * The text's place, or the free one where it belongs. There is always a free one, because the table is never more than
 * half full.
 */
static struct rlm_interned *
find_place(const rlm_interner *interner, uint64_t hash, rlm_slice text)
{
    size_t at = (size_t) hash & (interner->places - 1);
    struct rlm_interned *place = &interner->table[at];

    while (place->length > 0) {
        if (place->hash == hash &&
            rlm_slice_equal((rlm_slice){interner->bytes.bytes + place->offset, place->length}, text))
            break;
        at = (at + 1) & (interner->places - 1);
        place = &interner->table[at];
    }
    return place;
}

static rlm_status
grow(rlm_interner *interner)
{
    size_t places = interner->places > 0 ? interner->places * 2 : FIRST_PLACES;
    struct rlm_interned *table;
    size_t at;

    if (places < interner->places || places > SIZE_MAX / sizeof(*table)) return RLM_TOO_LARGE;
    table = rlm_memory_allocate(places * sizeof(*table));
    if (table == NULL) return RLM_OUT_OF_MEMORY;
    memset(table, 0, places * sizeof(*table));
    for (size_t i = 0; i < interner->places; i++) {
        if (interner->table[i].length == 0) continue;
        for (at = (size_t) interner->table[i].hash & (places - 1); table[at].length > 0;) at = (at + 1) & (places - 1);
        table[at] = interner->table[i];
    }
    rlm_memory_free(interner->table);
    interner->table = table;
    interner->places = places;
    return RLM_OK;
}

rlm_status
rlm_interner_add(rlm_interner *interner, rlm_slice text, uint32_t *offset)
{
    struct rlm_interned *place;
    uint64_t hash;

    if (text.length == 0) {
        *offset = 0;
        return RLM_OK;
    }
    if (interner->count >= interner->places / 2) RLM_TRY(grow(interner));
    hash = rlm_hash_table(text.bytes, text.length);
    place = find_place(interner, hash, text);
    if (place->length == 0) {
        if (text.length > UINT32_MAX || interner->bytes.length > UINT32_MAX - text.length) return RLM_TOO_LARGE;
        RLM_TRY(rlm_buffer_append(&interner->bytes, text.bytes, text.length));
        *place = (struct rlm_interned){hash, (uint32_t) (interner->bytes.length - text.length), (uint32_t) text.length};
        interner->count++;
    }
    *offset = place->offset;
    return RLM_OK;
}

void
rlm_interner_free(rlm_interner *interner)
{
    size_t cap = interner->bytes.cap;

    rlm_buffer_free(&interner->bytes);
    rlm_memory_free(interner->table);
    rlm_interner_init(interner, cap);
}
