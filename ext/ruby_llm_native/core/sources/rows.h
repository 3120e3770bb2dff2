/*
 * The rows of an answer: one listing's while it is read, then those of all listings of a source together.
 *
 * A row that is not a model is counted and costs nothing else. Any thread, one at a time.
 */
#ifndef RLM_ROWS_H
#define RLM_ROWS_H

#include "redact/redact.h"
#include "sources/source.h"

/* Rows that were not taken in whole. */
typedef struct {
    rlm_tally rejected;      /* they could not be read */
    rlm_tally left_out;      /* valid rows that are not models to offer */
    rlm_tally unread_prices; /* models without prices, because one of their prices could not be read */
} rlm_row_tallies;

/* Add what was counted elsewhere. */
void
rlm_row_tallies_add(rlm_row_tallies *tallies, const rlm_row_tallies *other);

/*
 * The rows of one listing while it is being read, or of all listings of a source together. The caller owns the struct;
 * the struct owns the records until rlm_rows_free. Their texts are in the arena, which has another owner and is shared
 * by all listings of a source.
 */
struct rlm_rows {
    const rlm_source *source;
    rlm_slice provider;         /* whose models they are, unless the source has groups; outlives the rows */
    const rlm_listing *listing; /* whose rows are read; NULL: of all together */
    rlm_arena *arena;
    rlm_record *records;
    size_t count, capacity;
    rlm_row_tallies tallies;
    size_t equivalents;           /* ids that they name */
    size_t memory;                /* of the arena, taken by the rows of this page */
    bool found;                   /* there was a list of rows, even an empty one */
    rlm_slice last_id;            /* of the last row of the page, for listings whose next page is asked for with it */
    const rlm_redactor *redactor; /* takes credentials out of them; NULL: there are none */
    bool partial;           /* an optional listing has failed: what is missing here may be in it, and is not gone */
    size_t kept, forgotten; /* by rlm_sheet_write: models that stay listed because it is partial; models that the
                               answer lacks and that the caps of the sheet leave no room for */
};

/* Their provider is the one that the source is named after, until another is set. */
void
rlm_rows_init(rlm_rows *rows, const rlm_source *source, const rlm_listing *listing, rlm_arena *arena);

/*
 * Read one row with the source's reader and keep its record. A row that is not a model is counted and costs nothing
 * else. RLM_OUT_OF_MEMORY, RLM_TOO_LARGE. Fits rlm_json_rows.row with `rows` as the context.
 */
RLM_NODISCARD rlm_status
rlm_rows_add(void *rows, rlm_slice group, rlm_value *row, rlm_error *error);

/* Fits rlm_json_rows.wants: whether the listing wants that group or member, and it can be a provider's name. */
bool
rlm_rows_wants(void *rows, rlm_slice key);

/*
 * Our slug of the provider that a source with groups calls `group`, static or in the arena; empty if it cannot be one.
 * RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_rows_provider(const rlm_rows *rows, rlm_slice group, rlm_slice *provider);

/*
 * A provider's slug as it is spelled here, for sources whose rows name their provider: in lower case, with "_" for "-",
 * "." and blanks. RLM_BAD_ROW for a name that can be no provider's, else RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_rows_slug(rlm_arena *arena, rlm_slice name, rlm_slice *slug, rlm_error *error);

/* Count, with the reason, something of the answer that is valid and has no place in a model. */
void
rlm_rows_leave_out(rlm_rows *rows, const rlm_error *why);

/* Count a record whose prices were given up, with its reason: of a row that is read, rlm_rows_add does it. */
void
rlm_rows_count_unread_price(rlm_rows *rows, const rlm_record *record);

/* RLM_BAD_ANSWER, with the first reason, if more rows were rejected than kept. */
RLM_NODISCARD rlm_status
rlm_rows_judge(const rlm_rows *rows, rlm_error *error);

/* Append a record, whose texts must live as long as the rows. Moves the others. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_rows_append(rlm_rows *rows, const rlm_record *record);

/* Describe why rows could not be kept: the arena's cap was reached, or memory is out. Returns which of the two. */
RLM_NODISCARD rlm_status
rlm_rows_fail(const rlm_rows *rows, rlm_status status, rlm_error *error);

/*
 * For rlm_source.complete: a record of the source's provider, with no id yet, at the end of the rows. Moves the
 * others. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_rows_new(rlm_rows *rows, rlm_record **record);

/* Append the rows of one listing to those of all. RLM_TOO_MANY_ROWS, RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_rows_join(rlm_rows *rows, const rlm_rows *listing, rlm_error *error);

/*
 * All listings have been joined: let the source complete them. `*listed` is the number of models that its listings
 * state; if there are none, the source is not asked to. Returns the status of rlm_source.complete.
 */
RLM_NODISCARD rlm_status
rlm_rows_complete(rlm_rows *rows, const rlm_request *settings, size_t *listed, rlm_error *error);

void
rlm_rows_free(rlm_rows *rows);

#endif
