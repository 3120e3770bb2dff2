/*
 * The document: written, then read. export_record.c says how a model is written in it.
 *
 * Reading takes one pass: each model becomes a record in its group as it arrives. What remains around them, format and
 * stamps, is looked at when the end is reached; then the blocks are written.
 */
#include "export/export.h"

#include "base/caps.h"
#include "export/export_record.h"
#include "export/export_value.h"
#include "sources/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CATALOG "catalog"
#define FORMAT "format"
#define MODEL_INDENT 3
#define MOST_GROUPS (1 + RLM_CAP_SOURCES)

/* ---- Writing ---- */

static rlm_status
put(rlm_buffer *out, const char *text)
{
    return rlm_buffer_append(out, text, strlen(text));
}

/* Whose models a source of that name lists, if nothing else is said. */
static rlm_slice
provider_of(rlm_slice name)
{
    const rlm_source *source = rlm_source_find(name);

    return source != NULL && rlm_source_is_metadata(source) ? (rlm_slice){NULL, 0} : name;
}

/* What a catalog was merged for, unless that is everything. */
static rlm_status
write_documented(rlm_slice documented, rlm_arena *arena, rlm_buffer *out)
{
    rlm_value list = {.kind = RLM_ARRAY};
    rlm_slice name;

    if (rlm_slice_equal(documented, RLM_DOCUMENTED_ALL)) return RLM_OK;
    while (rlm_id_list_next(&documented, &name)) RLM_TRY(rlm_export_append(&list, rlm_export_text(arena, name)));
    RLM_TRY(put(out, "    \"documented\": "));
    RLM_TRY(rlm_value_write_lines(&list, 2, out));
    return put(out, ",\n");
}

static rlm_status
write_stamp(const rlm_stamp *stamp, rlm_arena *arena, rlm_buffer *out)
{
    rlm_value object = {.kind = RLM_OBJECT};

    if (!rlm_slice_equal(stamp->api, stamp->source))
        RLM_TRY(rlm_export_insert(&object, "api", rlm_export_text(arena, stamp->api)));
    if (!rlm_slice_equal(stamp->provider, provider_of(stamp->source)))
        RLM_TRY(rlm_export_insert(&object, "provider", rlm_export_text(arena, stamp->provider)));
    RLM_TRY(rlm_export_insert(&object, "fetched_at", rlm_export_number(arena, stamp->fetched_at)));
    if (stamp->etag.length > 0) RLM_TRY(rlm_export_insert(&object, "etag", rlm_export_text(arena, stamp->etag)));
    if (stamp->url.length > 0) RLM_TRY(rlm_export_insert(&object, "url", rlm_export_text(arena, stamp->url)));
    RLM_TRY(put(out, "    \"stamp\": "));
    RLM_TRY(rlm_value_write_lines(&object, 2, out));
    return put(out, ",\n");
}

static rlm_status
write_models(const rlm_block *block, rlm_arena *arena, rlm_buffer *out, rlm_error *error)
{
    RLM_TRY(put(out, "    \"models\": ["));
    for (size_t i = 0; i < block->count; i++) {
        rlm_record record;

        rlm_block_record(block, i, &record);
        RLM_TRY(put(out, i == 0 ? "\n      " : ",\n      "));
        RLM_TRY(rlm_export_write_record(&record, MODEL_INDENT, arena, out, error));
        rlm_arena_reset(arena);
    }
    return put(out, block->count == 0 ? "]\n  }" : "\n    ]\n  }");
}

static rlm_status
write_group(rlm_slice name, const rlm_block *block, rlm_arena *arena, rlm_buffer *out, rlm_error *error)
{
    if (block->kind == RLM_BLOCK_SHEET &&
        (name.length == 0 || rlm_slice_is(name, CATALOG) || rlm_slice_is(name, FORMAT))) {
        return rlm_error_set(error, RLM_BAD_BLOCK, "a sheet must name its source");
    }
    RLM_TRY(put(out, ",\n  "));
    RLM_TRY(rlm_value_write_text(name, out));
    RLM_TRY(put(out, ": {\n"));
    if (block->kind == RLM_BLOCK_SHEET) RLM_TRY(write_stamp(&block->stamp, arena, out));
    else RLM_TRY(write_documented(block->stamp.documented, arena, out));
    return write_models(block, arena, out, error);
}

/* The next of the sheets by its source's slug, or NULL. */
static const rlm_block *
next_sheet(const rlm_block *sheets, size_t count, const rlm_block *last)
{
    const rlm_block *next = NULL;

    for (size_t i = 0; i < count; i++) {
        if (last != NULL && rlm_slice_compare(sheets[i].stamp.source, last->stamp.source) <= 0) continue;
        if (next == NULL || rlm_slice_compare(sheets[i].stamp.source, next->stamp.source) < 0) next = &sheets[i];
    }
    return next;
}

static rlm_status
write_document(const rlm_block *catalog, const rlm_block *sheets, size_t count, rlm_arena *arena, rlm_buffer *out,
               rlm_error *error)
{
    const rlm_block *sheet;
    size_t written = 0;
    char head[64];

    (void) snprintf(head, sizeof head, "{\n  \"format\": {\"name\": \"%s\", \"version\": %d}", RLM_EXPORT_NAME,
                    RLM_EXPORT_VERSION);
    RLM_TRY(put(out, head));
    RLM_TRY(write_group(RLM_SLICE(CATALOG), catalog, arena, out, error));
    for (sheet = next_sheet(sheets, count, NULL); sheet != NULL; sheet = next_sheet(sheets, count, sheet), written++) {
        RLM_TRY(write_group(sheet->stamp.source, sheet, arena, out, error));
    }
    if (written < count) return rlm_error_set(error, RLM_BAD_BLOCK, "two sheets of one source");
    return put(out, "\n}\n");
}

rlm_status
rlm_export_write(const rlm_block *catalog, const rlm_block *sheets, size_t count, rlm_buffer *out, rlm_error *error)
{
    rlm_arena arena;
    rlm_status status;

    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    status = rlm_arena_status(&arena, write_document(catalog, sheets, count, &arena, out, error));
    rlm_arena_free(&arena);
    return status;
}

/* ---- Reading: the models as they come ---- */

typedef struct {
    rlm_slice name;
    rlm_buffer records;
} group;

typedef struct {
    rlm_arena *names;
    rlm_arena arena; /* of the records */
    group *groups;   /* MOST_GROUPS, in `names` */
    size_t count;
} reader;

/* Find the group of that name, or add it. RLM_TOO_LARGE if there are too many. */
static rlm_status
find_group(reader *all, rlm_slice name, group **found, rlm_error *error)
{
    for (size_t i = all->count; i-- > 0;) { /* mostly the last one */
        *found = &all->groups[i];
        if (rlm_slice_equal((*found)->name, name)) return RLM_OK;
    }
    if (all->count == MOST_GROUPS) return rlm_error_set(error, RLM_TOO_LARGE, "more than %d sheets", RLM_CAP_SOURCES);
    *found = &all->groups[all->count];
    if (rlm_text_copy(all->names, name, &(*found)->name) != RLM_OK)
        return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    rlm_buffer_init(&(*found)->records, RLM_CAP_BLOCK);
    all->count++;
    return RLM_OK;
}

/* Put the group into `error`, which has the rest of the message, or nothing. */
static rlm_status
blame(rlm_slice name, rlm_error *error, rlm_status status)
{
    rlm_error reason = *error;

    if (reason.status != status) return rlm_error_set(error, status, NULL);
    name = rlm_export_excerpt(name);
    return rlm_error_set(error, status, "%.*s: %s", (int) name.length, name.bytes, reason.message);
}

static rlm_status
take_row(void *context, rlm_slice name, rlm_value *row, rlm_error *error)
{
    reader *all = context;
    rlm_record record;
    rlm_status status;
    group *in;

    RLM_TRY(find_group(all, name, &in, error));
    rlm_record_init(&record, &all->arena, (rlm_slice){NULL, 0});
    status = rlm_export_read_record(row, &record, error);
    if (status == RLM_OK) status = rlm_buffer_append(&in->records, &record, sizeof record);
    return status == RLM_OK ? RLM_OK : blame(name, error, status);
}

/* ---- Reading: what is left at the end ---- */

static rlm_status
check_format(const rlm_value *format, rlm_error *error)
{
    int64_t version;

    RLM_EACH (member, format) {
        if (rlm_slice_is(member->key, "name") || rlm_slice_is(member->key, "version")) continue;
        return rlm_export_refuse_word(error, "format: unknown member", member->key);
    }
    if (!rlm_slice_is(rlm_value_text(rlm_value_get(format, "name")), RLM_EXPORT_NAME)) {
        return rlm_export_refuse(error, "not an exported registry: its \"format\" does not say so");
    }
    if (!rlm_export_integer(rlm_value_get(format, "version"), &version) || version < 1 ||
        version > RLM_EXPORT_VERSION) {
        return rlm_error_set(error, RLM_BAD_SHAPE, "the export must have version 1 to %d of the format, got another",
                             RLM_EXPORT_VERSION);
    }
    return RLM_OK;
}

static rlm_status
read_stamp(const rlm_value *object, rlm_stamp *stamp, rlm_error *error)
{
    if (object == NULL || object->kind != RLM_OBJECT) return rlm_export_refuse(error, "stamp: must be an object");
    RLM_EACH (member, object) {
        rlm_slice *text = rlm_slice_is(member->key, "url")        ? &stamp->url
                          : rlm_slice_is(member->key, "etag")     ? &stamp->etag
                          : rlm_slice_is(member->key, "api")      ? &stamp->api
                          : rlm_slice_is(member->key, "provider") ? &stamp->provider
                                                                  : NULL;

        if (text == NULL && !rlm_slice_is(member->key, "fetched_at"))
            return rlm_export_refuse_word(error, "stamp: unknown member", member->key);
        if (text == NULL) continue;
        if (!rlm_export_is_text(member))
            return rlm_export_refuse_word(error, "stamp: must be a string of valid UTF-8:", member->key);
        *text = member->text;
    }
    if (!rlm_export_integer(rlm_value_get(object, "fetched_at"), &stamp->fetched_at)) {
        return rlm_export_refuse(error, "stamp: fetched_at: must be a whole number");
    }
    return RLM_OK;
}

static rlm_status
check_members(const rlm_value *object, bool catalog, rlm_error *error)
{
    const rlm_value *models = rlm_value_get(object, "models");

    if (object->kind != RLM_OBJECT) return rlm_export_refuse(error, "must be an object");
    if (models == NULL || models->kind != RLM_ARRAY) return rlm_export_refuse(error, "models: must be a list");
    RLM_EACH (member, object) {
        if (rlm_slice_is(member->key, "models") || rlm_slice_is(member->key, catalog ? "documented" : "stamp"))
            continue;
        return rlm_export_refuse_word(error, "unknown member", member->key);
    }
    return RLM_OK;
}

static rlm_status
check_models(const rlm_record *sorted, size_t count, rlm_error *error)
{
    for (size_t i = 1; i < count; i++) {
        rlm_slice id = sorted[i].id;

        if (rlm_record_compare(&sorted[i - 1], &sorted[i]) == 0)
            return rlm_export_refuse_word(error, "duplicate model", id);
    }
    return RLM_OK;
}

/* The names as in a stamp; without a list, everything. */
static rlm_status
read_documented(const rlm_value *list, rlm_arena *arena, rlm_slice *documented, rlm_error *error)
{
    rlm_slice *names;
    size_t count = 0;

    *documented = RLM_DOCUMENTED_ALL;
    if (list == NULL) return RLM_OK;
    if (list->kind != RLM_ARRAY) return rlm_export_refuse(error, "documented: must be a list");
    RLM_EACH (name, list) {
        if (!rlm_export_is_text(name) || name->text.length == 0 || rlm_slice_has_control_characters(name->text))
            return rlm_export_refuse(error, "documented: must have only slugs of providers");
        count++;
    }
    names = rlm_arena_allocate(arena, count, sizeof *names);
    if (names == NULL) return RLM_OUT_OF_MEMORY;
    count = 0;
    RLM_EACH (name, list) names[count++] = name->text;
    return rlm_id_list(arena, names, count, count, documented);
}

static rlm_status
write_block(reader *all, const rlm_value *object, rlm_buffer *out, rlm_export_part *part, rlm_error *error)
{
    bool catalog = rlm_slice_is(object->key, CATALOG);
    rlm_stamp stamp = {.source = object->key, .api = object->key, .provider = provider_of(object->key)};
    rlm_record *records;
    size_t count;
    group *of;

    RLM_TRY(check_members(object, catalog, error));
    if (!catalog) {
        RLM_TRY(read_stamp(rlm_value_get(object, "stamp"), &stamp, error));
    } else {
        stamp = (rlm_stamp){.fetched_at = 0};
        RLM_TRY(read_documented(rlm_value_get(object, "documented"), &all->arena, &stamp.documented, error));
    }
    RLM_TRY(find_group(all, object->key, &of, error));
    records = (rlm_record *) (void *) of->records.bytes;
    count = of->records.length / sizeof *records;
    if (count > 1) qsort(records, count, sizeof *records, rlm_record_compare);
    RLM_TRY(check_models(records, count, error));
    part->offset = out->length;
    RLM_TRY(rlm_block_write(catalog ? RLM_BLOCK_CATALOG : RLM_BLOCK_SHEET, records, count, &stamp, out));
    part->size = out->length - part->offset;
    if (!catalog) part->source = of->name;
    return rlm_buffer_align(out, 8);
}

static bool
is_written(const rlm_export_part *parts, size_t count, rlm_slice source)
{
    for (size_t i = 0; i < count; i++) {
        if (rlm_slice_equal(parts[i].source, source)) return true;
    }
    return false;
}

static rlm_status
write_group_block(reader *all, const rlm_value *object, rlm_buffer *out, rlm_export_part *parts, size_t *count,
                  rlm_error *error)
{
    rlm_slice source = rlm_slice_is(object->key, CATALOG) ? (rlm_slice){NULL, 0} : object->key;
    rlm_status status;

    if (is_written(parts, *count, source)) status = rlm_export_refuse(error, "duplicate or empty name");
    else status = write_block(all, object, out, &parts[*count], error);
    if (status != RLM_OK) return blame(object->key, error, status);
    ++*count;
    return RLM_OK;
}

/* The catalog first, wherever it stands in the document. */
static rlm_status
write_blocks(reader *all, const rlm_value *document, rlm_buffer *out, rlm_export_part *parts, size_t *count,
             rlm_error *error)
{
    const rlm_value *catalog = rlm_value_get(document, CATALOG);

    RLM_TRY(check_format(rlm_value_get(document, FORMAT), error));
    if (catalog == NULL) return rlm_export_refuse(error, "the document has no catalog");
    RLM_TRY(write_group_block(all, catalog, out, parts, count, error));
    RLM_EACH (object, document) {
        if (object == catalog || rlm_slice_is(object->key, FORMAT)) continue;
        RLM_TRY(write_group_block(all, object, out, parts, count, error));
    }
    return RLM_OK;
}

static rlm_status
read_document(reader *all, rlm_json *json, rlm_slice text, rlm_buffer *out, rlm_export_part *parts, size_t *count,
              rlm_error *error)
{
    rlm_status status = rlm_json_feed(json, text.bytes, text.length, error);
    rlm_value *document;
    bool found;

    if (status == RLM_BAD_SHAPE) {
        const rlm_value *format = rlm_value_get(rlm_json_envelope(json), FORMAT);

        if (format != NULL) RLM_TRY(check_format(format, error)); /* what another version may say is not an error */
    }
    RLM_TRY(status);
    RLM_TRY(rlm_json_finish(json, &document, &found, error));
    return write_blocks(all, document, out, parts, count, error);
}

rlm_status
rlm_export_read(rlm_slice text, rlm_arena *arena, rlm_buffer *out, rlm_export_part **parts, size_t *count,
                rlm_error *error)
{
    reader all = {.names = arena};
    const rlm_json_rows rows = {.rows = "*.models[]", .context = &all, .row = take_row};
    rlm_json *json = NULL;
    rlm_status status = RLM_OK;

    *count = 0;
    if (text.length > RLM_CAP_BLOCK)
        return rlm_error_set(error, RLM_TOO_LARGE, "the document is larger than %u bytes", RLM_CAP_BLOCK);
    *parts = rlm_arena_allocate(arena, MOST_GROUPS, sizeof **parts);
    all.groups = rlm_arena_allocate(arena, MOST_GROUPS, sizeof *all.groups);
    if (*parts == NULL || all.groups == NULL) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    rlm_arena_init(&all.arena, RLM_CAP_BLOCK);
    status = rlm_json_open_with(&rows, &rlm_export_caps, &json);
    if (status == RLM_OK) status = read_document(&all, json, text, out, *parts, count, error);
    status = rlm_arena_status(&all.arena, status);
    rlm_json_free(json);
    for (size_t i = 0; i < all.count; i++) rlm_buffer_free(&all.groups[i].records);
    rlm_arena_free(&all.arena);
    return status == RLM_OK || error->status == status ? status : rlm_error_set(error, status, NULL);
}
