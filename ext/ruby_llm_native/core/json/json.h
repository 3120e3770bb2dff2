/*
 * JSON in, one row at a time out. The only part that knows yajl.
 *
 * An answer is a list of rows inside an envelope. `rows` says where they stand: "data[]", "models[]", "[]" (the answer
 * is the list), "*.models.*" (two levels of objects whose keys are data), "*.models[]", "*[]" (every list of the
 * answer; objects beside them are skipped), or "[].models[]" (a list in each object of a list). NULL: there are no
 * rows, all is envelope. Each row is built as a value, passed to `row`, and forgotten; the envelope is built from what
 * surrounds them.
 */
#ifndef RLM_JSON_H
#define RLM_JSON_H

#include "json/value.h"

typedef struct {
    const char *rows;
    void *context;
    /*
     * Whether what stands under this key of the first level is wanted; the rest is skipped without being built. NULL:
     * all is wanted. Only for "*.…" and "[].…" paths; in the latter, the keys are those of each object of the list.
     */
    bool (*wants)(void *context, rlm_slice key);
    /*
     * One row, valid during the call. `group` is the first-level key of a "*.…" path, or in a "[].…" path the text `id`
     * that came before the rows in the object around them; else empty. The row's own key is in the row. Any status but
     * RLM_OK stops the reading with that status.
     */
    rlm_status (*row)(void *context, rlm_slice group, rlm_value *row, rlm_error *error);
    bool bare; /* the document may also be the list itself; only for paths like "data[]" */
} rlm_json_rows;

typedef struct rlm_json rlm_json;

/*
 * A reader for one document; the caller owns it and frees it with rlm_json_free. RLM_OUT_OF_MEMORY. `rows` is copied.
 */
RLM_NODISCARD rlm_status
rlm_json_open(const rlm_json_rows *rows, rlm_json **json);

/* The caps of a document that is not an answer. */
typedef struct {
    int depth;     /* levels, up to RLM_CAP_EXPORT_DEPTH */
    size_t memory; /* bytes of one row, or of the envelope */
    size_t rows;
    size_t values; /* of one row, or of the envelope */
} rlm_json_caps;

/* rlm_json_open with other caps than those of an answer. */
RLM_NODISCARD rlm_status
rlm_json_open_with(const rlm_json_rows *rows, const rlm_json_caps *caps, rlm_json **json);

/*
 * The next bytes, any number of them, in time linear in the bytes however they are cut. Some may wait until more arrive
 * or the document ends. RLM_BAD_JSON, RLM_TOO_DEEP, RLM_TOO_LARGE, RLM_TOO_MANY_ROWS, RLM_OUT_OF_MEMORY or the status
 * of `row`; `error`, which must not be NULL, then says after how many bytes of the document the reading stopped. After
 * a failure only rlm_json_free may be called.
 */
RLM_NODISCARD rlm_status
rlm_json_feed(rlm_json *json, const char *bytes, size_t length, rlm_error *error);

/*
 * The document has ended: RLM_ENDED_EARLY if it is cut off, or what rlm_json_feed returns for bytes that waited.
 * Otherwise `*envelope` is the document without its rows (owned by the reader), and `*found` tells whether there was a
 * list of rows, even an empty one; null does not count. Call it once, after the last feed.
 */
RLM_NODISCARD rlm_status
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
