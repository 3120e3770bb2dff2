/* Small parts: values are made, then taken apart. */
#include "export/export_value.h"

#include "model/record.h"

#include <inttypes.h>
#include <stdio.h>

#define NUMBER_TEXT 24 /* an int64_t, and its NUL */
#define EXCERPT 48     /* bytes of foreign text in a message */

/* ---- Making ---- */

static rlm_value *
new_value(rlm_arena *arena, rlm_kind kind, rlm_slice text)
{
    rlm_value *value = rlm_arena_allocate(arena, 1, sizeof *value);

    if (value == NULL) return NULL;
    value->kind = kind;
    value->text = text;
    return value;
}

rlm_value *
rlm_export_text(rlm_arena *arena, rlm_slice text)
{
    return new_value(arena, RLM_STRING, text);
}

rlm_value *
rlm_export_number(rlm_arena *arena, int64_t number)
{
    char *text = rlm_arena_allocate(arena, NUMBER_TEXT, 1);

    if (text == NULL) return NULL;
    return new_value(arena, RLM_NUMBER, (rlm_slice){text, (size_t) snprintf(text, NUMBER_TEXT, "%" PRId64, number)});
}

rlm_value *
rlm_export_container(rlm_arena *arena, rlm_kind kind)
{
    return new_value(arena, kind, (rlm_slice){NULL, 0});
}

rlm_status
rlm_export_append(rlm_value *list, rlm_value *element)
{
    if (element == NULL) return RLM_OUT_OF_MEMORY;
    if (list->last != NULL) list->last->next = element;
    else list->first = element;
    list->last = element;
    return RLM_OK;
}

rlm_status
rlm_export_insert(rlm_value *object, const char *key, rlm_value *member)
{
    rlm_value **at = &object->first;

    if (member == NULL) return RLM_OUT_OF_MEMORY;
    member->key = rlm_slice_of(key);
    while (*at != NULL && rlm_slice_compare((*at)->key, member->key) < 0) at = &(*at)->next;
    member->next = *at;
    *at = member;
    if (member->next == NULL) object->last = member;
    return RLM_OK;
}

/* ---- Taking ---- */

rlm_status
rlm_export_refuse(rlm_error *error, const char *reason)
{
    return rlm_error_set(error, RLM_BAD_SHAPE, "%s", reason);
}

rlm_slice
rlm_export_excerpt(rlm_slice text)
{
    if (text.length == 0) return RLM_SLICE("");
    if (text.length <= EXCERPT) return text;
    text.length = EXCERPT;
    while (text.length > 0 && ((unsigned char) text.bytes[text.length] & 0xC0) == 0x80) text.length--;
    return text;
}

rlm_status
rlm_export_refuse_word(rlm_error *error, const char *reason, rlm_slice word)
{
    word = rlm_export_excerpt(word);
    return rlm_error_set(error, RLM_BAD_SHAPE, "%s \"%.*s\"", reason, (int) word.length, word.bytes);
}

bool
rlm_export_is_text(const rlm_value *value)
{
    return value != NULL && value->kind == RLM_STRING && !value->damaged;
}

bool
rlm_export_digits(rlm_slice text, int64_t *out)
{
    bool negative = text.length > 0 && text.bytes[0] == '-';
    int64_t number = 0; /* counted downwards: there is one more below zero */

    if (text.length == (negative ? 1 : 0)) return false;
    for (size_t i = negative ? 1 : 0; i < text.length; i++) {
        int digit = text.bytes[i] - '0';

        if (digit < 0 || digit > 9 || number < (INT64_MIN + digit) / 10) return false;
        number = number * 10 - digit;
    }
    if (!negative && number == INT64_MIN) return false;
    *out = negative ? number : -number;
    return true;
}

bool
rlm_export_integer(const rlm_value *value, int64_t *out)
{
    return value != NULL && value->kind == RLM_NUMBER && rlm_export_digits(value->text, out);
}

/* As many of the names as fit beside the caller's part of the message. */
static rlm_status
refuse_unknown(const char *const *names, int count, rlm_slice word, rlm_error *error)
{
    char known[RLM_ERROR_MESSAGE / 2];
    size_t length = 0;

    known[0] = '\0';
    for (int i = 0; i < count; i++) {
        size_t room = sizeof known - length;
        int more;

        if (names[i][0] == '\0') continue;
        more = snprintf(known + length, room, "%s%s", length > 0 ? ", " : "", names[i]);
        if (more < 0 || (size_t) more + sizeof ", …" > room) {
            (void) snprintf(known + length, room, ", …");
            break;
        }
        length += (size_t) more;
    }
    word = rlm_export_excerpt(word);
    return rlm_error_set(error, RLM_BAD_SHAPE, "unknown value \"%.*s\" (known: %s)", (int) word.length, word.bytes,
                         known);
}

rlm_status
rlm_export_word(const char *const *names, int count, const rlm_value *value, uint8_t *position, rlm_error *error)
{
    int found;

    if (!rlm_export_is_text(value)) return rlm_export_refuse(error, "must be a string");
    found = rlm_name_position(names, count, value->text);
    if (found < 0) return refuse_unknown(names, count, value->text, error);
    *position = (uint8_t) found;
    return RLM_OK;
}
