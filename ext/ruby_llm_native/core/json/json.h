/*
 * JSON in, one row at a time out. The only part that knows yajl.
 *
 * An answer is a list of rows inside an envelope. `rows` says where they stand: "data[]", "models[]", "[]" (the answer
 * is the list),
 * "*.models.*" (two levels of objects whose keys are data), "*.models[]", "*[]" (every list of the answer; objects
 * beside them are skipped); NULL: there are none, all is envelope. Each row is built as a value, given to `row`, and
 * forgotten; the envelope is built around them, without them.
 */
#ifndef RLM_JSON_H
#define RLM_JSON_H

#include "json/value.h"

typedef struct {
    const char *rows;
    void *context;
    /*
     * Whether rows under this key of the first level are wanted; others are skipped unbuilt. NULL: all are. Only for
     * "*.…" paths.
     */
    bool (*wants)(void *context, rlm_slice key);
    /*
     * One row, valid during the call. `group` is the first-level key of a "*.…" path, else empty; the row's own key is
     * in it. Not RLM_OK stops the reading with that status.
     */
    rlm_status (*row)(void *context, rlm_slice group, rlm_value *row, rlm_error *error);
    bool bare; /* the document may also be the list itself; only for paths like "data[]" */
} rlm_json_rows;

typedef struct rlm_json rlm_json;

/*
 * A reader for one document; the caller owns it and frees it with rlm_json_free. RLM_OUT_OF_MEMORY. `rows` is copied.
 */
rlm_status
rlm_json_open(const rlm_json_rows *rows, rlm_json **json);

/* What a document may have at the most that is no answer. */
typedef struct {
    int depth;     /* levels, up to RLM_CAP_EXPORT_DEPTH */
    size_t memory; /* bytes of one row, or of the envelope */
    size_t rows;
    size_t values; /* of one row, or of the envelope */
} rlm_json_caps;

/* rlm_json_open with other caps than those of an answer. */
rlm_status
rlm_json_open_with(const rlm_json_rows *rows, const rlm_json_caps *caps, rlm_json **json);

/*
 * The next bytes, any number of them, in time linear in the bytes however they are cut. Some may wait until more come
 * or the document is over. RLM_BAD_JSON, RLM_TOO_DEEP, RLM_TOO_LARGE, RLM_TOO_MANY_ROWS, RLM_OUT_OF_MEMORY or what
 * `row` gave; `error`, which must not be NULL, then says after how many bytes of the document the reading stopped.
 * After a failure only rlm_json_free may follow.
 */
rlm_status
rlm_json_feed(rlm_json *json, const char *bytes, size_t length, rlm_error *error);

/*
 * The document is over: RLM_ENDED_EARLY when it is cut, what rlm_json_feed gives for bytes that waited, else
 * `*envelope` is the document without its rows (owned by the reader) and `*found` tells whether the list of the rows
 * was there, be it empty; null is none. Once, after the last feed.
 */
rlm_status
rlm_json_finish(rlm_json *json, rlm_value **envelope, bool *found, rlm_error *error);

/* The envelope as far as it has been read, also after a failure; NULL before the first value. Owned by the reader. */
const rlm_value *
rlm_json_envelope(const rlm_json *json);

void
rlm_json_free(rlm_json *json);

/* The library's version, for people: "2.1.0". Static text. */
const char *
rlm_json_library(void);

#endif
