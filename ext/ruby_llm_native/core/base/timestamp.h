/*
 * Dates and times with the precision in which they were stated, always UTC.
 *
 * "2025", "2025-06" and "2025-06-30" are three different statements, and none of them means midnight. Values are plain
 * structs. Any thread; never the local time zone.
 */
#ifndef RLM_TIMESTAMP_H
#define RLM_TIMESTAMP_H

#include "base/status.h"
#include "base/text.h"

typedef enum {
    RLM_PRECISION_NONE, /* not stated */
    RLM_PRECISION_YEAR,
    RLM_PRECISION_MONTH,
    RLM_PRECISION_DAY,
    RLM_PRECISION_SECOND
} rlm_precision;

typedef struct {
    int64_t seconds;   /* since 1970-01-01 00:00:00 UTC: the first second of the stated period */
    uint8_t precision; /* rlm_precision */
} rlm_timestamp;

/* The most that rlm_timestamp_write needs, including the final NUL. */
#define RLM_TIMESTAMP_TEXT 32

/*
 * Read "YYYY", "YYYY-MM", "YYYY-MM-DD", RFC 3339 ("2025-06-30T12:00:00.5+02:00", a space for the T, any case), or
 * Ruby's "2025-06-30 12:00:00 UTC". A time without a zone is UTC. A fraction of a second is dropped.
 *
 * RLM_OK, or RLM_BAD_TIMESTAMP: not one of these, a day the calendar does not have, or a year outside 1..9999. `*out`
 * is then untouched.
 */
RLM_NODISCARD rlm_status
rlm_timestamp_parse(rlm_slice text, rlm_timestamp *out) RLM_NONNULL();

/*
 * Seconds since 1970. RLM_BAD_TIMESTAMP at 0 and before (providers write 0, or the year 1, for "unknown") and past the
 * year 9999.
 */
RLM_NODISCARD rlm_status
rlm_timestamp_from_unix(int64_t seconds, rlm_timestamp *out) RLM_NONNULL();

/*
 * Write it in its own precision ("2025-06", "2025-06-30", "2025-06-30T12:00:00Z"), NUL-terminated; returns the
 * length.
 */
size_t
rlm_timestamp_write(rlm_timestamp timestamp, char text[RLM_TIMESTAMP_TEXT]) RLM_NONNULL();

#endif
