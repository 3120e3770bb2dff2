/* A tree becomes a text in prefix notation, and one function reads that text: to check it, or to compare an id. */
#include "model/pattern.h"

#include "model/regex.h"

#include <stdio.h>
#include <string.h>

#define PLACE 8 /* digits */

/* ---- Comparing ---- */

typedef struct {
    rlm_slice rest, subject;
    size_t work;
    bool broken;
} reading;

static rlm_slice
cut(reading *from, size_t length)
{
    rlm_slice piece = from->rest;

    if (length > from->rest.length) {
        from->broken = true;
        length = from->rest.length;
    }
    piece.length = length;
    if (length > 0) from->rest = (rlm_slice){from->rest.bytes + length, from->rest.length - length};
    return piece;
}

static size_t
cut_number(reading *from)
{
    size_t number = 0, digits = 0;

    while (digits < from->rest.length && digits < 6 && from->rest.bytes[digits] >= '0' &&
           from->rest.bytes[digits] <= '9')
        number = number * 10 + (size_t) (from->rest.bytes[digits++] - '0');
    if (digits == 0) from->broken = true;
    (void) cut(from, digits);
    if (!rlm_slice_is(cut(from, 1), ":")) from->broken = true;
    return number;
}

static bool
begins(rlm_slice subject, rlm_slice text)
{
    return subject.length >= text.length && rlm_slice_equal((rlm_slice){subject.bytes, text.length}, text);
}

static bool
ends(rlm_slice subject, rlm_slice text)
{
    size_t before = subject.length - text.length;

    if (subject.length < text.length) return false;
    return text.length == 0 || rlm_slice_equal((rlm_slice){subject.bytes + before, text.length}, text);
}

/* One text, compared only if somebody asks for it. */
static bool
leaf(reading *from, char kind, bool asked)
{
    const rlm_slice text = cut(from, cut_number(from));
    size_t steps = kind == '/' ? rlm_regex_steps(text) : kind == '~' ? 1 + text.length / 8 : 1;

    if (steps == 0) from->broken = true;
    from->work += steps;
    if (!asked || from->broken) return false;
    switch (kind) {
    case '=':
        return rlm_slice_equal(from->subject, text);
    case '^':
        return begins(from->subject, text);
    case '$':
        return ends(from->subject, text);
    case '~':
        return rlm_slice_includes(from->subject, text);
    default:
        return rlm_regex_found(text, from->subject);
    }
}

/* As deep as RLM_CAP_DEPTH. */
static bool
node(reading *from, int depth, bool asked)
{
    const rlm_slice kind = cut(from, 1);
    bool all, found;
    size_t count;

    if (from->broken || depth > RLM_CAP_DEPTH) {
        from->broken = true;
        return false;
    }
    if (*kind.bytes != '|' && *kind.bytes != '&') {
        if (*kind.bytes == '\0' || strchr("=^$~/", *kind.bytes) == NULL) from->broken = true;
        return !from->broken && leaf(from, *kind.bytes, asked);
    }
    all = found = *kind.bytes == '&';
    from->work++;
    for (count = cut_number(from); count > 0 && !from->broken; count--) {
        bool one = node(from, depth + 1, asked && found == all);

        if (found == all) found = one;
    }
    return found;
}

size_t
rlm_pattern_work(rlm_slice expression)
{
    reading all = {.rest = expression};

    (void) node(&all, 0, false);
    return all.broken || all.rest.length > 0 ? 0 : all.work;
}

rlm_slice
rlm_pattern_expression(rlm_slice pattern)
{
    return pattern.length > PLACE ? (rlm_slice){pattern.bytes + PLACE, pattern.length - PLACE} : (rlm_slice){NULL, 0};
}

rlm_slice
rlm_pattern_subject(rlm_slice id, char bytes[RLM_CAP_ID])
{
    if (id.length > RLM_CAP_ID) return (rlm_slice){NULL, 0};
    for (size_t i = 0; i < id.length; i++) bytes[i] = rlm_ascii_lower(id.bytes[i]);
    return (rlm_slice){bytes, id.length};
}

bool
rlm_pattern_matches(rlm_slice pattern, rlm_slice subject)
{
    reading all = {.rest = rlm_pattern_expression(pattern), .subject = subject};
    bool found;

    if (subject.length == 0 || all.rest.length == 0) return false;
    found = node(&all, 0, true);
    return found && !all.broken && all.rest.length == 0;
}

/* ---- Compiling ---- */

static rlm_status
refuse(rlm_error *error, rlm_status status, const rlm_value *at, const char *what)
{
    return rlm_error_set(error, status, "%.*s %s", (int) at->key.length, at->key.bytes, what);
}

static char
kind_of(rlm_slice key)
{
    static const struct {
        const char *key;
        char kind;
    } kinds[] = {{"equals", '='}, {"starts_with", '^'}, {"ends_with", '$'}, {"contains", '~'},
                 {"regex", '/'},  {"or", '|'},          {"and", '&'}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (rlm_slice_is(key, kinds[i].key)) return kinds[i].kind;
    }
    return '\0';
}

static rlm_status
write_head(rlm_buffer *out, char kind, size_t number)
{
    char text[32];

    return rlm_buffer_append(out, text, (size_t) snprintf(text, sizeof text, "%c%zu:", kind, number));
}

static rlm_status
write_leaf(const rlm_value *clause, char kind, rlm_buffer *out, rlm_error *error)
{
    const rlm_slice text = rlm_value_text(clause);

    if (clause->kind != RLM_STRING) {
        return rlm_error_set(error, RLM_BAD_ROW, "%.*s must be a string, got %s", (int) clause->key.length,
                             clause->key.bytes, rlm_value_kind_name(clause));
    }
    if (kind == '/' && rlm_regex_steps(text) == 0) {
        return rlm_error_set(error, RLM_LEFT_OUT, "\"%.*s\" is not a regular expression that is understood here",
                             text.length > 60 ? 60 : (int) text.length, text.bytes);
    }
    RLM_TRY(write_head(out, kind, text.length));
    RLM_TRY(rlm_buffer_append(out, text.bytes, text.length));
    if (kind == '/') return RLM_OK;
    for (size_t i = out->length - text.length; i < out->length; i++) out->bytes[i] = rlm_ascii_lower(out->bytes[i]);
    return RLM_OK;
}

/* As deep as the document. */
static rlm_status
write_node(const rlm_value *tree, rlm_buffer *out, rlm_error *error)
{
    const rlm_value *clause = tree->kind == RLM_OBJECT ? tree->first : NULL;
    char kind = clause != NULL ? kind_of(clause->key) : '\0';
    size_t count = 0;

    if (clause == NULL || clause->next != NULL)
        return rlm_error_set(error, RLM_BAD_ROW, "match must be objects with one member each");
    if (kind == '\0') return refuse(error, RLM_LEFT_OUT, clause, "is no way of matching that is understood here");
    if (kind != '|' && kind != '&') return write_leaf(clause, kind, out, error);
    if (clause->kind != RLM_ARRAY) return refuse(error, RLM_BAD_ROW, clause, "must be a list");
    RLM_EACH (each, clause) count++;
    RLM_TRY(write_head(out, kind, count));
    RLM_EACH (each, clause) RLM_TRY(write_node(each, out, error));
    return RLM_OK;
}

rlm_status
rlm_pattern_compile(const rlm_value *tree, rlm_arena *arena, rlm_slice *expression, rlm_error *error)
{
    rlm_buffer out;
    rlm_status status;

    if (tree == NULL) return rlm_error_set(error, RLM_BAD_ROW, "a row must have a match");
    rlm_buffer_init(&out, RLM_CAP_PATTERN);
    status = write_node(tree, &out, error);
    if (status == RLM_TOO_LARGE)
        status = rlm_error_set(error, RLM_LEFT_OUT, "match must take at most %d bytes", RLM_CAP_PATTERN);
    if (status == RLM_OK) status = rlm_text_copy(arena, (rlm_slice){out.bytes, out.length}, expression);
    rlm_buffer_free(&out);
    if (status != RLM_OK || rlm_pattern_work(*expression) > 0) return status;
    return rlm_error_set(error, RLM_LEFT_OUT, "match must be nested at most %d times", RLM_CAP_DEPTH);
}

rlm_status
rlm_pattern_at(uint32_t place, rlm_slice expression, rlm_arena *arena, rlm_slice *pattern)
{
    char *bytes = rlm_arena_bytes(arena, PLACE + expression.length + 1);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    (void) snprintf(bytes, PLACE + 1, "%0*u", PLACE, (unsigned) (place % 100000000));
    if (expression.length > 0) memcpy(bytes + PLACE, expression.bytes, expression.length);
    *pattern = (rlm_slice){bytes, PLACE + expression.length};
    return RLM_OK;
}
