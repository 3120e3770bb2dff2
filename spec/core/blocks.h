/* Blocks of a few invented models, for the tests of blocks. */
#ifndef RLM_BLOCKS_H
#define RLM_BLOCKS_H

#include "base/caps.h"
#include "block/layout.h"
#include "test.h"

#include <string.h>

static rlm_price cheap = {.coefficient = 15, .exponent = -2, .meter = RLM_METER_INPUT};

static inline rlm_record
record_of(const char *provider, const char *id)
{
    rlm_record record;

    rlm_record_init(&record, NULL, rlm_slice_of(provider));
    record.id = rlm_slice_of(id);
    record.name = rlm_slice_of("A name");
    record.limits[RLM_LIMIT_CONTEXT] = 128000;
    record.created_at = (rlm_timestamp){1700000000, RLM_PRECISION_SECOND};
    record.type = RLM_TYPE_CHAT;
    record.prices = (rlm_price_set){.list = &cheap, .count = 1};
    return record;
}

/* Three models of two providers, unsorted. */
static inline rlm_status
write_three(rlm_buffer *out)
{
    rlm_record records[] = {record_of("openai", "b"), record_of("anthropic", "b"), record_of("openai", "a")};

    return rlm_block_write(RLM_BLOCK_CATALOG, records, 3, NULL, out);
}

static const rlm_price conditional[] = {
    {.coefficient = 25, .exponent = -1, .threshold = 200000, .region = 1},
    {.coefficient = 5, .meter = RLM_METER_OUTPUT, .until_day = 20454, .size = 2, .quality = 2, .origin = 2},
};
static const rlm_bound bounds[] = {
    {.coefficient = 2, .of = RLM_BOUNDED_TEMPERATURE, .kind = RLM_BOUND_MAX},
    {.coefficient = 3072, .of = RLM_BOUNDED_DIMENSIONS, .kind = RLM_BOUND_MAX},
};

/* Five models: two families, two types, one unlisted model in each, one with an alias of each kind, one with
 * all that controls a model. */
static inline rlm_status
write_family(rlm_buffer *out)
{
    rlm_record records[] = {record_of("openai", "gpt-x"), record_of("openai", "gpt-x-2025-01-31"),
                            record_of("openai", "gpt-y-2025-01-31"), record_of("openrouter", "openai/gpt-x"),
                            record_of("openrouter", "openai/embed")};

    for (size_t i = 0; i < 4; i++) records[i].family = RLM_SLICE("gpt");
    records[1].standing = records[4].standing = RLM_STANDING_UNLISTED;
    records[2].family = RLM_SLICE("gpt-y");
    records[2].prices = (rlm_price_set){.list = conditional, .count = 2, .words = RLM_SLICE("eu\nhd\n")};
    records[2].bounds = bounds;
    records[2].bound_count = 2;
    records[2].parameters.yes = RLM_BIT(RLM_PARAMETER_TEMPERATURE);
    records[2].efforts.no = RLM_BIT(RLM_EFFORT_MAX);
    records[2].traits.yes = RLM_BIT(RLM_TRAIT_OPEN_WEIGHTS);
    records[2].default_effort = RLM_EFFORT_LOW + 1;
    records[2].replacements = RLM_SLICE("successor gpt-x\n");
    records[2].license = RLM_SLICE("mit");
    records[2].data_regions = RLM_SLICE("eu\n");
    records[2].deprecated_at = (rlm_timestamp){1735689600, RLM_PRECISION_DAY};
    records[3].family = (rlm_slice){NULL, 0};
    records[3].equivalents = RLM_SLICE("openai/gpt-x-2025\n");
    records[4].family = RLM_SLICE("embed");
    records[4].type = RLM_TYPE_EMBEDDING;
    records[4].metadata = RLM_SLICE("{\"a\":\"\xC3\xA9\"}");
    return rlm_block_write(RLM_BLOCK_CATALOG, records, 5, NULL, out);
}

#endif
