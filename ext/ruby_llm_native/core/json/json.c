/*
 * yajl's events become values. Read `begin` first: every value, row or not, starts there. `place_of` decides whether it
 * is a row, part of one, part of the envelope, or skipped.
 *
 * yajl leaves to us: the depth (it has no limit), strict UTF-8 (it checks only the shape), numbers (its integers
 * overflow the whole document, its doubles obey the locale), halves of surrogate pairs (surrogate.h) and the length of
 * a token. It reads a split token again from its start at every call, so each time it is given twice as much of it;
 * that keeps the work linear in the bytes.
 */
#include "json/json.h"

#include "base/caps.h"
#include "json/surrogate.h"

#include <string.h>
#include <yajl/yajl_parse.h>
#include <yajl/yajl_version.h>

#define STEPS 3                   /* the most levels of a rows path */
#define PIECE ((size_t) 64 << 10) /* bytes that are given to yajl at once */

typedef struct {
    rlm_value *value; /* NULL: skipped, or the list of rows itself when it is not the envelope's */
    rlm_arena *arena; /* where its children go */
    int matched;      /* how many steps of the rows path lead here; -1: off the path */
    bool object;
} level;

struct rlm_json {
    rlm_json_rows rows;
    rlm_json_caps caps;
    char steps[STEPS][32]; /* a key, "*" for any key, "[]" for the elements of a list */
    int step_count;
    bool found;

    yajl_handle yajl;
    rlm_arena row_arena, envelope_arena;
    level levels[RLM_CAP_EXPORT_DEPTH];
    int depth;
    int skipping; /* depth inside a skipped value; 0: not skipping */
    rlm_slice key, group;
    rlm_value *root;
    size_t row_count, row_values, envelope_values;

    rlm_buffer pending; /* bytes that yajl has not been given yet */
    size_t consumed;    /* bytes that it was given before */
    size_t last_event;  /* of these, those given when the last event came */
    bool event;
    rlm_status failure; /* why a callback stopped yajl */
    rlm_error reason;
};

/* ---- Where a value stands ---- */

/* Cut "*.models.*" or "data[]" into steps. */
static void
cut_path(rlm_json *json)
{
    const char *rest = json->rows.rows;

    while (rest != NULL && *rest != '\0' && json->step_count < STEPS) {
        char *step = json->steps[json->step_count++];
        size_t length = strncmp(rest, "[]", 2) == 0 ? 2 : strcspn(rest, ".[");

        if (length >= sizeof json->steps[0]) length = sizeof json->steps[0] - 1;
        memcpy(step, rest, length);
        rest += length;
        if (*rest == '.') rest++;
    }
}

/* A first-level child of a "*.…" path: a whole group, which may be skipped. */
static bool
is_group(const rlm_json *json, int matched)
{
    return matched == 1 && json->step_count > 1 && strcmp(json->steps[0], "*") == 0;
}

/* A path through a list of objects: each of them is a group, named by its `id`. */
static bool
has_listed_groups(const rlm_json *json)
{
    return json->step_count > 1 && strcmp(json->steps[0], "[]") == 0;
}

/* A member of such an object. */
static bool
is_in_listed_group(const rlm_json *json, const level *parent)
{
    return parent != NULL && parent->matched == 1 && parent->object && has_listed_groups(json);
}

static bool
is_wanted(const rlm_json *json, rlm_kind kind)
{
    /* Beside lists, an object is skipped; a string or number costs nothing and may say what went wrong. */
    if (strcmp(json->steps[1], "[]") == 0 && kind != RLM_ARRAY && kind != RLM_NULL) return kind != RLM_OBJECT;
    return json->rows.wants == NULL || json->rows.wants(json->rows.context, json->key);
}

/* How many steps lead to a child of `parent`, or -1. */
static int
match(const rlm_json *json, const level *parent)
{
    const char *step;

    if (parent->matched < 0 || parent->matched >= json->step_count) return -1;
    step = json->steps[parent->matched];
    if (strcmp(step, "[]") == 0) return parent->object ? -1 : parent->matched + 1;
    if (!parent->object) return -1;
    return strcmp(step, "*") == 0 || rlm_slice_is(json->key, step) ? parent->matched + 1 : -1;
}

/* Stop yajl with that status and a message; NULL: the status's own. */
#define fail(json, status, ...) ((json)->failure = rlm_error_set(&(json)->reason, (status), __VA_ARGS__), 0)

static int
fail_memory(rlm_json *json, const rlm_arena *arena)
{
    if (rlm_arena_status(arena, RLM_OUT_OF_MEMORY) == RLM_OUT_OF_MEMORY) return fail(json, RLM_OUT_OF_MEMORY, NULL);
    return fail(json, RLM_TOO_LARGE, "one row, or the envelope around the rows, takes more than %zu MB of memory",
                arena->cap >> 20);
}

static bool
count_value(rlm_json *json, const rlm_arena *arena)
{
    size_t *values = arena == &json->row_arena ? &json->row_values : &json->envelope_values;

    if (++*values <= json->caps.values) return true;
    return fail(json, RLM_TOO_LARGE, "one row, or the envelope around the rows, holds more than %zu values",
                json->caps.values);
}

/* A new value of that kind in its place. 1 and `*made` (NULL if the value is to be skipped), or 0 to stop yajl. */
static int
begin(rlm_json *json, rlm_kind kind, rlm_value **made, int *matched, rlm_arena **arena)
{
    level *parent = json->depth > 0 ? &json->levels[json->depth - 1] : NULL;
    bool is_row;
    rlm_value *value;

    json->event = true;
    *made = NULL;
    *matched = parent != NULL ? match(json, parent) : kind == RLM_ARRAY && json->rows.bare ? json->step_count - 1 : 0;
    is_row = json->step_count > 0 && *matched == json->step_count;
    *arena = is_row ? &json->row_arena : parent != NULL ? parent->arena : &json->envelope_arena;

    if ((is_group(json, *matched) || is_in_listed_group(json, parent)) && !is_wanted(json, kind)) return 1;
    if (is_row && ++json->row_count > json->caps.rows)
        return fail(json, RLM_TOO_MANY_ROWS, "more than %zu rows", json->caps.rows);
    if (*matched == json->step_count - 1 && json->step_count > 0) {
        bool list = strcmp(json->steps[*matched], "[]") == 0;

        if (kind == (list ? RLM_ARRAY : RLM_OBJECT)) json->found = true;
    }

    if (!count_value(json, *arena)) return 0;
    value = rlm_arena_bytes(*arena, sizeof *value);
    if (value == NULL) return fail_memory(json, *arena);
    *value = (rlm_value){.kind = kind};
    if (parent != NULL && parent->object) {
        value->key = json->key;
        if (parent->arena != *arena && rlm_text_copy(*arena, json->key, &value->key) != RLM_OK)
            return fail_memory(json, *arena);
    }
    if (is_group(json, *matched)) json->group = value->key;
    if (*matched == 1 && has_listed_groups(json)) json->group = (rlm_slice){NULL, 0}; /* until its `id` comes */

    if (parent == NULL) {
        json->root = value;
    } else if (!is_row && parent->value != NULL) {
        if (parent->value->last != NULL) parent->value->last->next = value;
        else parent->value->first = value;
        parent->value->last = value;
    }
    *made = value;
    return 1;
}

/* A value is complete: a row is passed on. */
static int
end(rlm_json *json, rlm_value *value, int matched)
{
    rlm_status status;

    if (json->step_count == 0 || matched != json->step_count) return 1;
    status = json->rows.row(json->rows.context, json->group, value, &json->reason);
    rlm_arena_reset(&json->row_arena);
    json->row_values = 0;
    if (status == RLM_OK) return 1;
    json->failure = status;
    return 0;
}

/* ---- yajl's events ---- */

static int
scalar(rlm_json *json, rlm_kind kind, bool truth, const unsigned char *bytes, size_t length)
{
    rlm_value *value;
    rlm_arena *arena;
    int matched;
    rlm_slice text = {(const char *) bytes, length};

    json->event = true;
    if (json->skipping > 0) return 1;
    if (!begin(json, kind, &value, &matched, &arena)) return 0;
    if (value == NULL) return 1;
    value->truth = truth;
    if (bytes != NULL && rlm_text_scrub(arena, text, &value->text, &value->damaged) != RLM_OK)
        return fail_memory(json, arena);
    if (kind == RLM_STRING && rlm_slice_is(value->key, "id") &&
        is_in_listed_group(json, &json->levels[json->depth - 1])) /* it has a key, so there is an object around it */
        json->group = value->text;
    return end(json, value, matched);
}

static int
open_level(rlm_json *json, rlm_kind kind)
{
    rlm_value *value;
    rlm_arena *arena;
    int matched;

    json->event = true;
    if (json->depth + json->skipping >= json->caps.depth) return fail(json, RLM_TOO_DEEP, NULL);
    if (json->skipping > 0) {
        json->skipping++;
        return 1;
    }
    if (!begin(json, kind, &value, &matched, &arena)) return 0;
    if (value == NULL) {
        json->skipping = 1;
        return 1;
    }
    json->levels[json->depth++] = (level){value, arena, matched, kind == RLM_OBJECT};
    return 1;
}

static int
close_level(rlm_json *json)
{
    level *closed;

    json->event = true;
    if (json->skipping > 0) {
        json->skipping--;
        return 1;
    }
    closed = &json->levels[--json->depth];
    return end(json, closed->value, closed->matched);
}

static int
on_null(void *context)
{
    return scalar(context, RLM_NULL, false, NULL, 0);
}

static int
on_boolean(void *context, int truth)
{
    return scalar(context, RLM_BOOLEAN, truth != 0, NULL, 0);
}

static int
on_number(void *context, const char *bytes, size_t length)
{
    return scalar(context, RLM_NUMBER, false, (const unsigned char *) bytes, length);
}

static int
on_string(void *context, const unsigned char *bytes, size_t length)
{
    return scalar(context, RLM_STRING, false, bytes, length);
}

static int
on_object(void *context)
{
    return open_level(context, RLM_OBJECT);
}

static int
on_array(void *context)
{
    return open_level(context, RLM_ARRAY);
}

static int
on_end(void *context)
{
    return close_level(context);
}

static int
on_key(void *context, const unsigned char *bytes, size_t length)
{
    rlm_json *json = context;
    rlm_arena *arena;
    bool damaged;

    json->event = true;
    if (json->skipping > 0) return 1;
    /*
     * yajl's bytes live only during this call, but the value arrives in the next one: keep the key where the value will
     * be.
     */
    arena = json->levels[json->depth - 1].arena;
    if (rlm_text_scrub(arena, (rlm_slice){(const char *) bytes, length}, &json->key, &damaged) != RLM_OK)
        return fail_memory(json, arena);
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_end,
};

/* ---- The reader ---- */

rlm_status
rlm_json_open(const rlm_json_rows *rows, rlm_json **out)
{
    return rlm_json_open_with(rows, &(rlm_json_caps){RLM_CAP_DEPTH, RLM_CAP_ROW, RLM_CAP_ROWS, RLM_CAP_VALUES}, out);
}

rlm_status
rlm_json_open_with(const rlm_json_rows *rows, const rlm_json_caps *caps, rlm_json **out)
{
    rlm_json *json = rlm_memory_allocate(sizeof *json);

    *out = NULL;
    if (json == NULL) return RLM_OUT_OF_MEMORY;
    memset(json, 0, sizeof *json);
    json->rows = *rows;
    json->caps = *caps;
    cut_path(json);
    rlm_arena_init(&json->row_arena, caps->memory);
    rlm_arena_init(&json->envelope_arena, caps->memory);
    rlm_buffer_init(&json->pending, 2 * RLM_CAP_TOKEN + PIECE);
    json->yajl = yajl_alloc(&callbacks, NULL, json);
    if (json->yajl == NULL) {
        rlm_json_free(json);
        return RLM_OUT_OF_MEMORY;
    }
    *out = json;
    return RLM_OK;
}

/* What yajl's status means, with the place in the whole document. */
static rlm_status
judge(rlm_json *json, yajl_status status, bool ended, rlm_error *error)
{
    int64_t byte = (int64_t) (json->consumed + yajl_get_bytes_consumed(json->yajl));
    unsigned char *text;
    rlm_status verdict = ended ? RLM_ENDED_EARLY : RLM_BAD_JSON;

    if (status == yajl_status_ok) return RLM_OK;
    if (status == yajl_status_client_canceled) {
        *error = json->reason;
        error->status = json->failure;
        error->byte = byte;
        return json->failure;
    }
    text = yajl_get_error(json->yajl, 0, NULL, 0);
    if (ended) {
        rlm_error_set(error, verdict, "the answer ended early, at byte %lld", (long long) json->consumed);
    } else {
        size_t length = text != NULL ? strcspn((const char *) text, "\n") : 0;

        rlm_error_set(error, verdict, "not JSON at byte %lld: %.*s", (long long) byte, (int) length,
                      text != NULL ? (const char *) text : "");
    }
    if (text != NULL) yajl_free_error(json->yajl, text);
    error->byte = ended ? (int64_t) json->consumed : byte;
    return verdict;
}

/*
 * Overwrite each half of a surrogate pair with the escape of a NUL, which is as long and is scrubbed alike. Returns how
 * many of the pending bytes may be read: not an undecided escape at the end, unless the document has `ended`.
 */
static size_t
settle(rlm_json *json, bool ended)
{
    char *text = json->pending.bytes;
    size_t length = json->pending.length, at = 0;

    while (rlm_surrogate_find(text, length, &at) || (ended && length - at >= RLM_SURROGATE_SIZE)) {
        memcpy(text + at, "\\u0000", RLM_SURROGATE_SIZE);
        at += RLM_SURROGATE_SIZE;
    }
    return ended ? length : at;
}

static rlm_status
parse(rlm_json *json, const char *bytes, size_t length, rlm_error *error)
{
    json->event = false;
    RLM_TRY(judge(json, yajl_parse(json->yajl, (const unsigned char *) bytes, length), false, error));
    json->consumed += length;
    if (json->event) json->last_event = json->consumed;
    if (json->consumed - json->last_event <= RLM_CAP_TOKEN) return RLM_OK;
    rlm_error_set(error, RLM_TOO_LARGE, "a string or number is longer than %u bytes", RLM_CAP_TOKEN);
    error->byte = (int64_t) json->last_event;
    return RLM_TOO_LARGE;
}

static rlm_status
parse_pending(rlm_json *json, bool ended, rlm_error *error)
{
    size_t length = settle(json, ended), left = json->pending.length - length;

    if (length == 0) return RLM_OK;
    RLM_TRY(parse(json, json->pending.bytes, length, error));
    memmove(json->pending.bytes, json->pending.bytes + length, left);
    json->pending.length = left;
    return RLM_OK;
}

/* Whether no escape of the bytes must be overwritten, and none is undecided at their end. */
static bool
is_settled(const char *bytes, size_t length)
{
    size_t at = 0;

    return !rlm_surrogate_find(bytes, length, &at) && at == length;
}

rlm_status
rlm_json_feed(rlm_json *json, const char *bytes, size_t length, rlm_error *error)
{
    for (size_t taken; length > 0; bytes += taken, length -= taken) {
        size_t unfinished = json->consumed - json->last_event;
        rlm_status status;

        taken = length < PIECE ? length : PIECE;
        if (json->pending.length == 0 && taken >= unfinished && is_settled(bytes, taken)) {
            RLM_TRY(parse(json, bytes, taken, error));
            continue;
        }
        status = rlm_buffer_append(&json->pending, bytes, taken);
        if (status != RLM_OK) return rlm_error_set(error, status, NULL);
        if (json->pending.length < unfinished && json->pending.length + unfinished <= RLM_CAP_TOKEN) continue;
        RLM_TRY(parse_pending(json, false, error));
    }
    return RLM_OK;
}

rlm_status
rlm_json_finish(rlm_json *json, rlm_value **envelope, bool *found, rlm_error *error)
{
    RLM_TRY(parse_pending(json, true, error));
    RLM_TRY(judge(json, yajl_complete_parse(json->yajl), true, error));
    *envelope = json->root;
    *found = json->found;
    return RLM_OK;
}

const rlm_value *
rlm_json_envelope(const rlm_json *json)
{
    return json->root;
}

void
rlm_json_free(rlm_json *json)
{
    if (json == NULL) return;
    if (json->yajl != NULL) yajl_free(json->yajl);
    rlm_buffer_free(&json->pending);
    rlm_arena_free(&json->row_arena);
    rlm_arena_free(&json->envelope_arena);
    rlm_memory_free(json);
}

#define TEXT_OF(number) #number
#define VERSION(major, minor, micro) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(micro)

const char *
rlm_json_library(void)
{
    return VERSION(YAJL_MAJOR, YAJL_MINOR, YAJL_MICRO);
}
