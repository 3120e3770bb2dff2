/* A source to fetch, and what became of it: for tests of what one source goes through. */
#ifndef RLM_FETCHED_H
#define RLM_FETCHED_H

#include "fetch/source_fetch.h"
#include "test.h"

#include <string.h>

static rlm_source_fetch fetch;

static inline rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    return rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error);
}

/* What its documentation lists and its API leaves out, and a name for what came from the second listing. */
static inline rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    rlm_record *record;
    rlm_error unused;

    (void) error;
    for (size_t i = 0; i < rows->count; i++) {
        if (strcmp(rows->records[i].listing->path, "second") == 0) rows->records[i].name = RLM_SLICE("second");
    }
    RLM_TRY(rlm_rows_new(rows, &record));
    record->standing = RLM_STANDING_DOCUMENTED;
    RLM_TRY(rlm_record_identify(record, &(rlm_value){.kind = RLM_STRING, .text = RLM_SLICE("static")}, NULL, &unused));
    if (settings->setting(settings->context, "test_region") == NULL) return RLM_BAD_SETTING;
    return RLM_OK;
}

static const rlm_source source = {
    .slug = "test",
    .name = "Test",
    .settings = {{"test_region", 0}},
    .listings = {{.path = "first", .rows = "data[]", .read_row = read_row},
                 {.path = "second?x=1", .rows = "data[]", .flags = RLM_LISTING_OPTIONAL, .read_row = read_row},
                 {.path = "third", .rows = "data[]", .flags = RLM_LISTING_MISSING_OK, .read_row = read_row}},
    .complete = complete,
};

/* "id=name:standing" of all models in its sheet, each followed by a space. */
static inline rlm_slice
models(void)
{
    static char text[512];
    const rlm_block *sheet = rlm_source_fetch_sheet(&fetch);
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; sheet != NULL && i < sheet->count; i++) {
        rlm_record record;

        rlm_block_record(sheet, i, &record);
        length +=
            (size_t) snprintf(text + length, sizeof text - length, "%.*s=%.*s:%s ", (int) record.id.length,
                              record.id.bytes, (int) record.name.length,
                              record.name.length > 0 ? record.name.bytes : "", rlm_standing_names[record.standing]);
    }
    return rlm_slice_of(text);
}

#endif
