/* One row in OpenAI's format, read for a provider that has no source: `model` is what it states, until the next call.
 */
#ifndef RLM_COMPATIBLE_ROW_H
#define RLM_COMPATIBLE_ROW_H

#include "base/caps.h"
#include "parsed.h"
#include "sources/source.h"

static rlm_arena row_arena;
static rlm_record model;

static inline rlm_status
read_row(const char *json)
{
    const rlm_value *row = parsed(json);
    rlm_error error;

    if (row == NULL) return RLM_OUT_OF_MEMORY; /* all rows of the tests are JSON */
    rlm_arena_free(&row_arena);
    rlm_arena_init(&row_arena, RLM_CAP_SOURCE);
    rlm_record_init(&model, &row_arena, RLM_SLICE("acme"));
    return rlm_compatible_read_row(row, &model, &error);
}

static inline void
row_free(void)
{
    parsed_free();
    rlm_arena_free(&row_arena);
}

#define READ(...) ASSERT_STATUS(RLM_OK, read_row(#__VA_ARGS__))

#endif
