/* A JSON document as one value, for tests of what looks into values. */
#ifndef RLM_PARSED_H
#define RLM_PARSED_H

#include "test.h"
#include "json/json.h"

#include <string.h>

static rlm_json *parsed_json; /* owns the value */

/* The document's value, until the next call; NULL if it is not JSON. */
static inline rlm_value *
parsed(const char *text)
{
    const rlm_json_rows no_rows = {.rows = NULL};
    rlm_value *value = NULL;
    rlm_error error;
    bool found;

    rlm_json_free(parsed_json);
    parsed_json = NULL;
    rlm_error_clear(&error);
    if (rlm_json_open(&no_rows, &parsed_json) != RLM_OK) return NULL;
    if (rlm_json_feed(parsed_json, text, strlen(text), &error) != RLM_OK) return NULL;
    return rlm_json_finish(parsed_json, &value, &found, &error) == RLM_OK ? value : NULL;
}

static inline void
parsed_free(void)
{
    rlm_json_free(parsed_json);
    parsed_json = NULL;
}

#endif
