/*
 * Read rlm_page_close: first comes an error in the answer, then the list, which may be in another place or empty in
 * another way, then the page that follows.
 */
#include "sources/page.h"

#include "sources/error_body.h"

#include <string.h>

static bool
has_flag(const rlm_rows *rows, unsigned flag)
{
    return (rows->listing->flags & flag) != 0;
}

rlm_status
rlm_page_open(rlm_rows *rows, rlm_json **json)
{
    const rlm_json_rows path = {
        .rows = rows->listing->rows,
        .context = rows,
        .wants = rlm_rows_wants,
        .row = rlm_rows_add,
        .bare = has_flag(rows, RLM_LISTING_COMPATIBLE),
    };

    rows->last_id = (rlm_slice){NULL, 0};
    return rlm_json_open(&path, json);
}

/* Some servers report errors with status 200, beside a list or instead of it. */
static bool
reports_error(const rlm_value *envelope)
{
    const rlm_value *error = rlm_value_get(envelope, "error");

    return rlm_value_says_something(error) && !(error->kind == RLM_BOOLEAN && !error->truth);
}

/* The member of the envelope where a path like "data[]" has its list; NULL also for other paths. */
static const rlm_value *
list_of(const rlm_value *envelope, const char *path)
{
    char key[32];
    size_t length = strcspn(path, "[.");

    if (length == 0 || length >= sizeof key || *path == '*') return NULL;
    memcpy(key, path, length);
    key[length] = '\0';
    return rlm_value_get(envelope, key);
}

/* OpenAI's `data` is `models` with some servers: then it is part of the envelope. */
static rlm_status
add_models(const rlm_value *envelope, rlm_rows *rows, bool *found, rlm_error *error)
{
    const rlm_value *models = rlm_value_get(envelope, "models");

    if (!has_flag(rows, RLM_LISTING_COMPATIBLE) || models == NULL || models->kind != RLM_ARRAY) return RLM_OK;
    *found = true;
    RLM_EACH (row, models) RLM_TRY(rlm_rows_add(rows, (rlm_slice){NULL, 0}, row, error));
    return RLM_OK;
}

/* Whether an answer without the list may be one without rows. */
static bool
may_lack_list(const rlm_rows *rows, bool first, const rlm_value *envelope)
{
    if (envelope == NULL || envelope->kind != RLM_OBJECT) return false;
    return has_flag(rows, RLM_LISTING_ROWS_OPTIONAL) || (!first && rows->listing->page != NULL);
}

static rlm_status
find_rows(const rlm_value *envelope, rlm_rows *rows, bool found, bool first, rlm_error *error)
{
    const rlm_value *list = list_of(envelope, rows->listing->rows);

    if (reports_error(envelope)) return rlm_error_set(error, RLM_BAD_SHAPE, "the answer reports an error");
    if (!found) RLM_TRY(add_models(envelope, rows, &found, error));
    if (list != NULL && list->kind == RLM_NULL && has_flag(rows, RLM_LISTING_NULL_IS_EMPTY)) found = true;
    if (found) rows->found = true;
    else if (rlm_value_says_something(list)) {
        const char *must = strchr(rows->listing->rows, '*') != NULL ? "an object" : "a list";

        return rlm_error_set(error, RLM_BAD_SHAPE, "%.*s must be %s, got %s", (int) list->key.length, list->key.bytes,
                             must, rlm_value_kind_name(list));
    } else if (rows->listing->rows[0] == '[' && (envelope == NULL || envelope->kind != RLM_ARRAY)) {
        return rlm_error_set(error, RLM_BAD_SHAPE, "the answer must be a list, got %s", rlm_value_kind_name(envelope));
    } else if (!may_lack_list(rows, first, envelope)) {
        return rlm_error_set(error, RLM_BAD_SHAPE, "no %s in the answer", rows->listing->rows);
    }
    return RLM_OK;
}

/* After the id of the last row, which the server states, or else the row. */
static rlm_status
follow_cursor(const rlm_value *envelope, const rlm_rows *rows, rlm_slice *token, rlm_error *error)
{
    if (!rlm_value_is_true(rlm_value_get(envelope, "has_more"))) return RLM_OK;
    *token = rlm_value_written(rlm_value_get(envelope, "last_id"));
    if (token->length == 0) *token = rows->last_id;
    if (token->length > 0) return RLM_OK;
    return rlm_error_set(error, RLM_BAD_ANSWER,
                         "the answer has more pages (has_more), but neither a last_id nor an id in its last row");
}

rlm_status
rlm_page_close(rlm_json *json, rlm_rows *rows, bool first, rlm_page *page, rlm_error *error)
{
    const rlm_listing *listing = rows->listing;
    rlm_value *envelope;
    rlm_status status;
    bool found;

    *page = (rlm_page){{NULL, 0}, {NULL, 0}};
    RLM_TRY(rlm_json_finish(json, &envelope, &found, error));
    status = find_rows(envelope, rows, found, first, error);
    if (status == RLM_BAD_SHAPE) page->said = rlm_error_body_message(envelope);
    if (status != RLM_OK) return status;
    if (listing->read_envelope != NULL) RLM_TRY(listing->read_envelope(envelope, rows, error));
    if (has_flag(rows, RLM_LISTING_CURSOR)) return follow_cursor(envelope, rows, &page->token, error);
    if (listing->next_page != NULL && listing->page != NULL) page->token = listing->next_page(envelope);
    return RLM_OK;
}
