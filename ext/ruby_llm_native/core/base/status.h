/*
 * Every way a call of the core can fail: one list gives the enum, the names and the sentences.
 *
 * The core never prints, exits, aborts or jumps. A call that can fail returns an rlm_status and describes itself, by
 * value, in an rlm_error that the caller owns.
 */
#ifndef RLM_STATUS_H
#define RLM_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RLM_STATUSES(X)                                                                                                \
    X(OK, ok, "no error")                                                                                              \
    X(OUT_OF_MEMORY, out_of_memory, "out of memory")                                                                   \
    X(TOO_LARGE, too_large, "too large")                                                                               \
    X(BAD_NUMBER, bad_number, "not a number")                                                                          \
    X(NUMBER_TOO_LONG, number_too_long, "a number with too many digits to be kept exactly")                            \
    X(BAD_TIMESTAMP, bad_timestamp, "not a date or a time")                                                            \
    X(BAD_JSON, bad_json, "not JSON")                                                                                  \
    X(ENDED_EARLY, ended_early, "the answer ended early")                                                              \
    X(TOO_DEEP, too_deep, "JSON nested too deeply")                                                                    \
    X(BAD_SHAPE, bad_shape, "unexpected structure of the JSON")                                                        \
    X(BAD_ROW, bad_row, "the row is not a model")                                                                      \
    X(LEFT_OUT, left_out, "the row is valid but not a model to offer")                                                 \
    X(BAD_ANSWER, bad_answer, "most rows of the answer were rejected")                                                 \
    X(TOO_MANY_ROWS, too_many_rows, "too many rows")                                                                   \
    X(TOO_MANY_PAGES, too_many_pages, "too many pages, or a pagination loop")                                          \
    X(BAD_SETTING, bad_setting, "a setting is missing or unusable")                                                    \
    X(UNKNOWN_SOURCE, unknown_source, "unknown source")                                                                \
    X(HTTP_STATUS, http_status, "the HTTP status is an error")                                                         \
    X(REDIRECTED, redirected, "redirected to another host, or too often")                                              \
    X(NETWORK, network, "network failure")                                                                             \
    X(TIMED_OUT, timed_out, "timed out")                                                                               \
    X(CANCELLED, cancelled, "cancelled")                                                                               \
    X(BAD_BLOCK, bad_block, "a block is damaged, cut off or of another format")

typedef enum {
#define X(name, word, sentence) RLM_##name,
    RLM_STATUSES(X)
#undef X
        RLM_STATUS_COUNT
} rlm_status;

#define RLM_ERROR_MESSAGE 256

typedef struct {
    rlm_status status;
    int http_status; /* 0: none was received */
    int curl_code;   /* 0: the transfer itself did not fail */
    int64_t byte;    /* where in the answer, counted from 0; -1: nowhere in particular */
    char message[RLM_ERROR_MESSAGE];
} rlm_error;

/* How often something happened that fails nothing, and what was said of it the first time. All zero: never. */
typedef struct {
    size_t count;
    rlm_error first;
} rlm_tally;

/* Leave the calling function with the status when it is not RLM_OK. */
#define RLM_TRY(call)                                                                                                  \
    do {                                                                                                               \
        rlm_status try_status = (call);                                                                                \
        if (try_status != RLM_OK) return try_status;                                                                   \
    } while (0)

/* The status's name in lower case ("bad_json") and its sentence. Static text, any thread. */
const char *
rlm_status_name(rlm_status status);

const char *
rlm_status_sentence(rlm_status status);

/* An error that says nothing has failed. */
void
rlm_error_clear(rlm_error *error);

/*
 * Fill `*error` (which may be NULL) with the status and a printf-formatted message, cut at a character's border when
 * too long, and return the status. `format` NULL: the status's own sentence.
 */
rlm_status
rlm_error_set(rlm_error *error, rlm_status status, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 3, 4)))
#endif
    ;

#endif
