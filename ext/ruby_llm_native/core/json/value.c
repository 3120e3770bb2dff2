/*
 * Looking into values, then writing them. Writing sorts the members of each object in an array of the arena first: the
 * order in which a server happens to send its keys is not a fact, and would change the bytes of a block.
 */
#include "json/value.h"

#include "base/caps.h"

#include <stdlib.h>
#include <string.h>

rlm_value *
rlm_value_member(const rlm_value *object, rlm_slice key)
{
    rlm_value *found = NULL;

    if (object == NULL || object->kind != RLM_OBJECT) return NULL;
    RLM_EACH (member, object) {
        if (rlm_slice_equal(member->key, key)) found = member;
    }
    return found;
}

void
rlm_value_take(rlm_value *value)
{
    if (value != NULL) value->taken = true;
}

void
rlm_value_keep(rlm_value *value)
{
    if (value != NULL) value->taken = false;
}

const char *
rlm_value_kind_name(const rlm_value *value)
{
    static const char *const names[] = {"null", "a boolean", "a number", "a string", "a list", "an object"};

    return value == NULL ? "nothing" : names[value->kind];
}

bool
rlm_value_says_something(const rlm_value *value)
{
    if (value == NULL || value->kind == RLM_NULL) return false;
    if (value->kind == RLM_ARRAY || value->kind == RLM_OBJECT) return value->first != NULL;
    return value->kind != RLM_STRING || value->text.length > 0;
}

rlm_slice
rlm_value_text(const rlm_value *value)
{
    if (value == NULL || value->kind != RLM_STRING) return (rlm_slice){NULL, 0};
    return value->text;
}

rlm_slice
rlm_value_written(const rlm_value *value)
{
    return value != NULL && value->kind == RLM_NUMBER ? value->text : rlm_value_text(value);
}

bool
rlm_value_truth(const rlm_value *value, bool *truth)
{
    static const char *const words[][2] = {{"true", "false"}, {"True", "False"}, {"1", "0"}};
    rlm_slice written = rlm_value_written(value);

    if (value != NULL && value->kind == RLM_BOOLEAN) {
        *truth = value->truth;
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!rlm_slice_is(written, words[i][0]) && !rlm_slice_is(written, words[i][1])) continue;
        *truth = rlm_slice_is(written, words[i][0]);
        return true;
    }
    return false;
}

bool
rlm_value_is_true(const rlm_value *value)
{
    bool truth = false;

    return rlm_value_truth(value, &truth) && truth;
}

bool
rlm_value_take_true(rlm_value *value)
{
    bool truth = false;

    if (rlm_value_truth(value, &truth)) rlm_value_take(value);
    return truth;
}

bool
rlm_value_decimal(const rlm_value *value, rlm_decimal *out)
{
    if (value == NULL || (value->kind != RLM_NUMBER && value->kind != RLM_STRING)) return false;
    return rlm_decimal_parse(value->text, out) == RLM_OK;
}

bool
rlm_value_integer(const rlm_value *value, int64_t *out)
{
    rlm_decimal decimal;

    return rlm_value_decimal(value, &decimal) && rlm_decimal_integer(decimal, out);
}

/* ---- Writing ---- */

static bool
is_escaped(unsigned char byte)
{
    return byte < 0x20 || byte == '"' || byte == '\\';
}

/*
 * How many bytes from `at` on need no escape. Of eight at once: subtracting sets the high bit of a byte that is less
 * than what is subtracted, and a byte that is looked for becomes 0.
 */
static size_t
plain_length(rlm_slice text, size_t at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);
    size_t next = at, whole = text.length - (text.length - at) % sizeof ones;
    uint64_t word, quote, backslash;

    for (; next < whole; next += sizeof word) {
        memcpy(&word, text.bytes + next, sizeof word);
        quote = word ^ ones * '"';
        backslash = word ^ ones * '\\';
        if ((((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & highs)
            break;
    }
    while (next < text.length && !is_escaped((unsigned char) text.bytes[next])) next++;
    return next - at;
}

rlm_status
rlm_value_write_text(rlm_slice text, rlm_buffer *out)
{
    static const char hex[] = "0123456789abcdef";

    RLM_TRY(rlm_buffer_append(out, "\"", 1));
    for (size_t at = 0; at < text.length; at++) {
        size_t plain = plain_length(text, at), length = 6;
        char escape[6] = {'\\', 'u', '0', '0', 0, 0};
        unsigned char byte;

        RLM_TRY(rlm_buffer_append(out, text.bytes + at, plain));
        at += plain;
        if (at == text.length) break;
        byte = (unsigned char) text.bytes[at];
        if (byte < 0x20) {
            escape[4] = hex[byte >> 4];
            escape[5] = hex[byte & 15];
        } else {
            escape[1] = (char) byte;
            length = 2;
        }
        RLM_TRY(rlm_buffer_append(out, escape, length));
    }
    return rlm_buffer_append(out, "\"", 1);
}

/* Whether a double can hold it: judged by the exponent alone, generously, without parsing a double. */
static bool
fits_a_double(rlm_slice number)
{
    size_t digits = 0;
    long exponent = 0;
    bool negative = false;
    size_t i = 0;

    while (i < number.length && number.bytes[i] != 'e' && number.bytes[i] != 'E') {
        if (number.bytes[i] == '.') break;
        digits++;
        i++;
    }
    while (i < number.length && number.bytes[i] != 'e' && number.bytes[i] != 'E') i++;
    for (i++; i < number.length; i++) {
        if (number.bytes[i] == '-') negative = true;
        else if (number.bytes[i] != '+')
            exponent = exponent > 10000 ? exponent : exponent * 10 + (number.bytes[i] - '0');
    }
    return digits < 300 && (negative || exponent + (long) digits < 300);
}

#define FEW_MEMBERS 16

/* A member and its position in the object: qsort does not keep the order of equal keys, and the last of them counts. */
typedef struct {
    rlm_value *value;
    size_t place;
} member_at;

static int
by_key(const void *left, const void *right)
{
    const member_at *a = left, *b = right;
    int order = rlm_slice_compare(a->value->key, b->value->key);

    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

static bool
is_written(const rlm_value *value, bool rest)
{
    if (!rlm_value_says_something(value)) return false;
    if (!rest || !value->taken) return true;
    return value->kind == RLM_OBJECT; /* a taken object may hold members that nobody took */
}

/* Sort by insertion: so few members, which are often in order already, take half the steps of qsort. */
static void
insert_few(member_at *members, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        member_at inserted = members[i];
        size_t at = i;

        for (; at > 0 && by_key(&members[at - 1], &inserted) > 0; at--) members[at] = members[at - 1];
        members[at] = inserted;
    }
}

static rlm_status
sort_members(const rlm_value *object, rlm_arena *arena, member_at **members, size_t *count)
{
    size_t i = 0;

    *count = 0;
    RLM_EACH (member, object) ++*count;
    *members = rlm_arena_allocate(arena, *count, sizeof **members);
    if (*members == NULL) return RLM_OUT_OF_MEMORY;
    RLM_EACH (member, object) {
        (*members)[i] = (member_at){member, i};
        i++;
    }
    if (*count > FEW_MEMBERS) qsort(*members, *count, sizeof **members, by_key);
    else insert_few(*members, *count);
    return RLM_OK;
}

void
rlm_value_append_members(rlm_value *object, rlm_value *from)
{
    if (from->kind != RLM_OBJECT || from->first == NULL) return;
    if (object->last != NULL) object->last->next = from->first;
    else object->first = from->first;
    object->last = from->last;
    from->first = from->last = NULL;
}

/* As deep as what was read: RLM_CAP_EXPORT_DEPTH. */
rlm_status
rlm_value_unite(rlm_value *object, rlm_arena *arena)
{
    member_at *members;
    size_t count;

    RLM_TRY(sort_members(object, arena, &members, &count));
    for (size_t start = 0, end; start < count; start = end) {
        rlm_value all = {.kind = RLM_OBJECT}, *last;

        for (end = start + 1; end < count && rlm_slice_equal(members[start].value->key, members[end].value->key);)
            end++;
        last = members[end - 1].value;
        if (end - start < 2 || last->kind != RLM_OBJECT) continue;
        for (size_t i = start; i < end; i++) rlm_value_append_members(&all, members[i].value);
        rlm_value_append_members(last, &all);
        RLM_TRY(rlm_value_unite(last, arena));
    }
    return RLM_OK;
}

static rlm_status
write_object(const rlm_value *object, bool rest, rlm_arena *arena, rlm_buffer *out, bool *wrote)
{
    member_at *members;
    size_t count, start = out->length;

    *wrote = false;
    RLM_TRY(sort_members(object, arena, &members, &count));
    RLM_TRY(rlm_buffer_append(out, "{", 1));
    for (size_t i = 0; i < count; i++) {
        const rlm_value *member = members[i].value;
        size_t mark = out->length;
        bool some = false;

        if (i + 1 < count && rlm_slice_equal(member->key, members[i + 1].value->key)) continue;
        if (!is_written(member, rest)) continue;
        if (*wrote) RLM_TRY(rlm_buffer_append(out, ",", 1));
        RLM_TRY(rlm_value_write_text(member->key, out));
        RLM_TRY(rlm_buffer_append(out, ":", 1));
        RLM_TRY(rlm_value_write(member, rest, arena, out, &some));
        if (some) *wrote = true;
        else out->length = mark;
    }
    if (!*wrote) out->length = start;
    return *wrote ? rlm_buffer_append(out, "}", 1) : RLM_OK;
}

/* A value alone: a container without its content. An element of a list that says nothing still keeps its place. */
static rlm_status
write_alone(const rlm_value *value, rlm_buffer *out)
{
    switch (value->kind) {
    case RLM_BOOLEAN:
        return value->truth ? rlm_buffer_append(out, "true", 4) : rlm_buffer_append(out, "false", 5);
    case RLM_NUMBER:
        if (!fits_a_double(value->text)) return rlm_value_write_text(value->text, out);
        return rlm_buffer_append(out, value->text.bytes, value->text.length);
    case RLM_STRING:
        return rlm_value_write_text(value->text, out);
    case RLM_ARRAY:
        return rlm_buffer_append(out, "[]", 2);
    case RLM_OBJECT:
        return rlm_buffer_append(out, "{}", 2);
    default:
        return rlm_buffer_append(out, "null", 4);
    }
}

static rlm_status
write_array(const rlm_value *array, rlm_arena *arena, rlm_buffer *out, bool *wrote)
{
    *wrote = array->first != NULL;
    if (!*wrote) return RLM_OK;
    RLM_TRY(rlm_buffer_append(out, "[", 1));
    RLM_EACH (element, array) {
        bool some = false;

        if (element != array->first) RLM_TRY(rlm_buffer_append(out, ",", 1));
        RLM_TRY(rlm_value_write(element, false, arena, out, &some));
        if (!some) RLM_TRY(write_alone(element, out));
    }
    return rlm_buffer_append(out, "]", 1);
}

rlm_status
rlm_value_write(const rlm_value *value, bool rest, rlm_arena *arena, rlm_buffer *out, bool *wrote)
{
    if (value->kind == RLM_OBJECT) return write_object(value, rest, arena, out, wrote);
    if (value->kind == RLM_ARRAY) return write_array(value, arena, out, wrote);
    *wrote = rlm_value_says_something(value);
    return *wrote ? write_alone(value, out) : RLM_OK;
}

/* ---- Writing for people ---- */

static bool
holds_containers(const rlm_value *value)
{
    RLM_EACH (child, value) {
        if (child->kind == RLM_ARRAY || child->kind == RLM_OBJECT) return true;
    }
    return false;
}

static rlm_status
start_line(int indent, rlm_buffer *out)
{
    RLM_TRY(rlm_buffer_append(out, "\n", 1));
    for (int i = 0; i < indent; i++) RLM_TRY(rlm_buffer_append(out, "  ", 2));
    return RLM_OK;
}

static rlm_status
write_layout(const rlm_value *value, bool element, int indent, rlm_buffer *out)
{
    bool object = value->kind == RLM_OBJECT;
    bool lines = holds_containers(value) || (object && !element);

    if (value->first == NULL) return write_alone(value, out);
    RLM_TRY(rlm_buffer_append(out, object ? "{" : "[", 1));
    RLM_EACH (child, value) {
        if (child != value->first) RLM_TRY(rlm_buffer_append(out, ", ", lines ? 1 : 2));
        if (lines) RLM_TRY(start_line(indent + 1, out));
        if (object) {
            RLM_TRY(rlm_value_write_text(child->key, out));
            RLM_TRY(rlm_buffer_append(out, ": ", 2));
        }
        RLM_TRY(write_layout(child, !object, indent + 1, out));
    }
    if (lines) RLM_TRY(start_line(indent, out));
    return rlm_buffer_append(out, object ? "}" : "]", 1);
}

rlm_status
rlm_value_write_lines(const rlm_value *value, int indent, rlm_buffer *out)
{
    return write_layout(value, false, indent, out);
}
