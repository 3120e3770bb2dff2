/* Documents read as rows, at every split of their bytes, for the tests of JSON. */
#ifndef RLM_JSON_ROWS_H
#define RLM_JSON_ROWS_H

#include "base/caps.h"
#include "test.h"
#include "json/json.h"

#include <string.h>

/* Rows as text, one after the other, in the order in which the reader gave them. */
typedef struct {
    rlm_buffer text;
    size_t count;
    const char *unwanted; /* a group that is skipped */
} heard;

static inline rlm_status
hear(void *context, rlm_slice group, rlm_value *row, rlm_error *error)
{
    heard *all = context;
    rlm_arena arena;
    rlm_status status;
    bool some;

    (void) error;
    rlm_arena_init(&arena, RLM_CAP_ROW);
    status = rlm_buffer_append(&all->text, group.bytes, group.length);
    if (status == RLM_OK) status = rlm_buffer_append(&all->text, row->key.bytes, row->key.length);
    if (status == RLM_OK) status = rlm_value_write(row, false, &arena, &all->text, &some);
    rlm_arena_free(&arena);
    all->count++;
    return status;
}

static inline bool
wants(void *context, rlm_slice key)
{
    const heard *all = context;

    return all->unwanted == NULL || !rlm_slice_is(key, all->unwanted);
}

/* Read `document` in two pieces, cut at `split`; the rows are in `all`, which the caller frees. */
static inline rlm_status
read_split(const char *rows, const char *document, size_t split, heard *all, bool *found, rlm_error *error)
{
    rlm_json *json;
    rlm_value *envelope;
    size_t length = strlen(document);
    rlm_status status;

    rlm_buffer_init(&all->text, RLM_CAP_RESPONSE);
    all->count = 0;
    rlm_error_clear(error);
    status = rlm_json_open(&(rlm_json_rows){.rows = rows, .context = all, .wants = wants, .row = hear}, &json);
    if (status != RLM_OK) return status;
    if (split > 0) status = rlm_json_feed(json, document, split, error);
    if (status == RLM_OK) status = rlm_json_feed(json, document + split, length - split, error);
    if (status == RLM_OK) status = rlm_json_finish(json, &envelope, found, error);
    rlm_json_free(json);
    return status;
}

#define ASSERT_ROWS(expected, rows, document)                                                                          \
    do {                                                                                                               \
        for (size_t split_ = 0; split_ <= strlen(document); split_++) {                                                \
            heard all_ = {.unwanted = "skipped"};                                                                      \
            bool found_ = false;                                                                                       \
            rlm_error error_;                                                                                          \
            ASSERT_STATUS(RLM_OK, read_split(rows, document, split_, &all_, &found_, &error_));                        \
            ASSERT_TEXT(expected, ((rlm_slice){all_.text.bytes, all_.text.length}));                                   \
            rlm_buffer_free(&all_.text);                                                                               \
        }                                                                                                              \
    } while (0)

#define ASSERT_REFUSED(expected, at, rows, document)                                                                   \
    do {                                                                                                               \
        heard all_ = {.unwanted = NULL};                                                                               \
        bool found_ = false;                                                                                           \
        rlm_error error_;                                                                                              \
        ASSERT_STATUS(expected, read_split(rows, document, 0, &all_, &found_, &error_));                               \
        if (error_.byte != (at)) FAIL("at byte %lld: %s", (long long) error_.byte, error_.message);                    \
        rlm_buffer_free(&all_.text);                                                                                   \
    } while (0)

#endif
