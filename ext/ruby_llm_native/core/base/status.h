/*
 * Every way a call of the core can fail: one list gives the enum, the names, the class that Ruby raises, and the
 * sentences.
 *
 * The core never prints, exits, aborts or jumps. A call that can fail returns an rlm_status and describes itself, by
 * value, in an rlm_error that the caller owns.
 */
#ifndef RLM_STATUS_H
#define RLM_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The result must be looked at; these pointers, all when none is named, are never NULL; `text` is printf's. */
#ifdef __GNUC__
#define RLM_NODISCARD __attribute__((warn_unused_result))
#define RLM_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
#define RLM_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define RLM_NODISCARD
#define RLM_NONNULL(...)
#define RLM_PRINTF(text, first)
#endif

#define RLM_STATUSES(X)                                                                                                \
    X(OK, ok, Error, "no error")                                                                                       \
    X(OUT_OF_MEMORY, out_of_memory, NoMemoryError, "out of memory")                                                    \
    X(TOO_LARGE, too_large, SourceError, "too large")                                                                  \
    X(BAD_NUMBER, bad_number, SourceError, "not a number")                                                             \
    X(NUMBER_TOO_LONG, number_too_long, SourceError, "a number with too many digits to be kept exactly")               \
    X(BAD_TIMESTAMP, bad_timestamp, SourceError, "not a date or a time")                                               \
    X(BAD_JSON, bad_json, SourceError, "not JSON")                                                                     \
    X(ENDED_EARLY, ended_early, SourceError, "the answer ended early")                                                 \
    X(TOO_DEEP, too_deep, SourceError, "the JSON is nested too deeply")                                                \
    X(BAD_SHAPE, bad_shape, SourceError, "the JSON has an unexpected structure")                                       \
    X(BAD_ROW, bad_row, SourceError, "the row is not a model")                                                         \
    X(LEFT_OUT, left_out, SourceError, "the row is valid but not a model to offer")                                    \
    X(BAD_ANSWER, bad_answer, SourceError, "most rows of the answer were rejected")                                    \
    X(TOO_MANY_ROWS, too_many_rows, SourceError, "too many rows")                                                      \
    X(TOO_MANY_PAGES, too_many_pages, SourceError, "too many pages, or a pagination loop")                             \
    X(BAD_SETTING, bad_setting, ArgumentError, "a setting is missing or unusable")                                     \
    X(UNKNOWN_SOURCE, unknown_source, SourceError, "unknown source")                                                   \
    X(HTTP_STATUS, http_status, SourceError, "the HTTP status is an error")                                            \
    X(REDIRECTED, redirected, SourceError, "redirected to another host, or too often")                                 \
    X(NETWORK, network, Error, "network failure")                                                                      \
    X(TIMED_OUT, timed_out, Error, "timed out")                                                                        \
    X(CANCELLED, cancelled, Error, "cancelled")                                                                        \
    X(BAD_BLOCK, bad_block, CatalogError, "the block is damaged, cut off or in another format")

typedef enum {
#define X(name, word, class, sentence) RLM_##name,
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

/* How often something happened that fails nothing, and what was said about it the first time. All zero: never. */
typedef struct {
    size_t count;
    rlm_error first;
} rlm_tally;

/* Leave the calling function with the status if it is not RLM_OK. */
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

/* An error that says that nothing has failed. */
void
rlm_error_clear(rlm_error *error) RLM_NONNULL();

/*
 * Fill `*error` (which may be NULL) with the status and a printf-formatted message, cut at a character's border when
 * too long, and return the status. `format` NULL: the status's own sentence.
 */
rlm_status
rlm_error_set(rlm_error *error, rlm_status status, const char *format, ...) RLM_PRINTF(3, 4);

#endif
