/* A few sheets and the catalog that they give, for tests of the merge. */
#ifndef RLM_WORLD_H
#define RLM_WORLD_H

#include "base/caps.h"
#include "model/origins.h"
#include "registry/merge.h"
#include "test.h"

#include <string.h>

#define SHEETS 4

typedef struct {
    rlm_buffer bytes[SHEETS], catalog;
    rlm_block sheets[SHEETS], block;
    size_t count;
} world;

static inline void
start(world *all)
{
    memset(all, 0, sizeof *all);
    for (int i = 0; i < SHEETS; i++) rlm_buffer_init(&all->bytes[i], RLM_CAP_BLOCK);
    rlm_buffer_init(&all->catalog, RLM_CAP_BLOCK);
}

static inline void
finish(world *all)
{
    for (int i = 0; i < SHEETS; i++) rlm_buffer_free(&all->bytes[i]);
    rlm_buffer_free(&all->catalog);
}

static inline rlm_status
add(world *all, const char *source, const char *json)
{
    size_t lost;
    rlm_error error;
    size_t at = all->count++;

    rlm_error_clear(&error);
    RLM_TRY(rlm_sheet_read(rlm_slice_of(source), rlm_slice_of(json), 1700000000, &all->bytes[at], &lost, &error));
    return rlm_block_open(all->bytes[at].bytes, all->bytes[at].length, &all->sheets[at], &error);
}

/* A sheet of that source, in a world called `all`. */
#define ADD(source, ...) ASSERT_STATUS(RLM_OK, add(&all, #source, #__VA_ARGS__))

static inline rlm_status
join(world *all)
{
    rlm_error error;

    rlm_error_clear(&error);
    rlm_buffer_clear(&all->catalog);
    RLM_TRY(rlm_merge(all->sheets, all->count, RLM_DOCUMENTED_ALL, &all->catalog, &error));
    return rlm_block_open(all->catalog.bytes, all->catalog.length, &all->block, &error);
}

static inline rlm_record
merged(const world *all, const char *provider, const char *id)
{
    size_t index = rlm_block_find(&all->block, rlm_slice_of(provider), rlm_slice_of(id));
    rlm_record record;

    memset(&record, 0, sizeof record);
    if (index < all->block.count) rlm_block_record(&all->block, index, &record);
    return record;
}

static inline const char *
merged_type(const world *all, const char *provider, const char *id)
{
    rlm_record record = merged(all, provider, id);

    return record.id.length == 0 ? "missing" : rlm_type_names[record.type];
}

#define ASSERT_MERGED_TYPE(expected, provider, id) ASSERT_TEXT(expected, rlm_slice_of(merged_type(&all, provider, id)))

/* "yes", "no" or "unknown". */
static inline const char *
merged_can(const world *all, const char *provider, const char *id, rlm_capability capability)
{
    rlm_record record = merged(all, provider, id);

    if (record.capabilities.yes & RLM_BIT(capability)) return "yes";
    return record.capabilities.no & RLM_BIT(capability) ? "no" : "unknown";
}

#define ASSERT_MERGED_CAN(expected, provider, id, name)                                                                \
    ASSERT_TEXT(expected, rlm_slice_of(merged_can(&all, provider, id, RLM_CAPABILITY_##name)))

/* Whether that source states the field. */
static inline bool
says(rlm_record record, rlm_field field, const char *source)
{
    return rlm_slice_is(rlm_origin_of(&record, field), source);
}

#endif
