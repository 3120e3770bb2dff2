/* A row of JSON and the record that is being read from it, for the tests of what readers may state. */
#ifndef RLM_RECORD_ROW_H
#define RLM_RECORD_ROW_H

#include "base/caps.h"
#include "model/record.h"
#include "parsed.h"

static rlm_arena arena;
static rlm_value *row;
static rlm_record model;

/* Begin a new model whose row is that JSON. */
static inline bool
begin(const char *json)
{
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_record_init(&model, &arena, RLM_SLICE("acme"));
    row = parsed(json);
    return row != NULL;
}

/* The metadata that the row leaves. */
static inline rlm_slice
rest(void)
{
    return rlm_record_keep_rest(&model, row, NULL) == RLM_OK ? model.metadata : RLM_SLICE("failed");
}

#define BEGIN(...) ASSERT(begin(#__VA_ARGS__))
#define MEMBER(key) rlm_value_get(row, (key))

#endif
