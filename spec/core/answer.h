/*
 * What a source's reader makes of an answer, for the tests of sources: READ looks only at the first row, READ_SHEET at
 * the sheet of all rows of the first listing. `model` is then that row, or what `find` found in the sheet.
 */
#ifndef RLM_ANSWER_H
#define RLM_ANSWER_H

#include "base/caps.h"
#include "block/sheet.h"
#include "request_text.h"
#include "test.h"
#include "json/json.h"

#include <string.h>

static rlm_record model;

/* ---- The first row ---- */

static rlm_arena answer_arena;
static rlm_slice page; /* the token of the next page */

typedef struct {
    const rlm_source *source;
    int count;
} answer_reading;

static inline rlm_status
answer_row(void *context, rlm_slice group, rlm_value *row, rlm_error *error)
{
    answer_reading *at = context;
    const char *provider = at->source->provider != NULL ? at->source->provider(group) : at->source->slug;

    if (at->count++ > 0) return RLM_OK;
    rlm_record_init(&model, &answer_arena, rlm_slice_of(provider));
    model.listing = &at->source->listings[0];
    model.group = group;
    return model.listing->read_row(row, &model, error);
}

/* Read an answer of that source: `model` and `page` last until the next call. */
static inline rlm_status
answer(const rlm_source *source, const char *text)
{
    answer_reading at = {source, 0};
    const rlm_listing *listing = &source->listings[0];
    const rlm_json_rows rows = {.rows = listing->rows, .context = &at, .row = answer_row};
    rlm_json *json = NULL;
    rlm_value *envelope = NULL;
    rlm_error error;
    bool found;
    rlm_status status;

    rlm_arena_free(&answer_arena);
    rlm_arena_init(&answer_arena, RLM_CAP_SOURCE);
    rlm_record_init(&model, &answer_arena, (rlm_slice){NULL, 0});
    page = (rlm_slice){NULL, 0};
    rlm_error_clear(&error);
    status = rlm_json_open(&rows, &json);
    if (status == RLM_OK) status = rlm_json_feed(json, text, strlen(text), &error);
    if (status == RLM_OK) status = rlm_json_finish(json, &envelope, &found, &error);
    if (status == RLM_OK && listing->next_page != NULL)
        status = rlm_text_copy(&answer_arena, listing->next_page(envelope), &page);
    if (json != NULL) rlm_json_free(json);
    return status;
}

#define READ(source, ...) ASSERT_STATUS(RLM_OK, answer(&rlm_source_##source, #__VA_ARGS__))

/* ---- All rows ---- */

static rlm_buffer sheet_bytes;
static rlm_block sheet;
static size_t rejected;

static inline rlm_status
read_sheet(const char *slug, const char *text)
{
    rlm_error error;

    rlm_error_clear(&error);
    rlm_buffer_free(&sheet_bytes);
    rlm_buffer_init(&sheet_bytes, RLM_CAP_BLOCK);
    RLM_TRY(rlm_sheet_read(rlm_slice_of(slug), rlm_slice_of(text), 1768300000, &sheet_bytes, &rejected, &error));
    return rlm_block_open(sheet_bytes.bytes, sheet_bytes.length, &sheet, &error);
}

#define READ_SHEET(source, ...) ASSERT_STATUS(RLM_OK, read_sheet(#source, #__VA_ARGS__))

typedef struct {
    const char *slug, *text;
} answer_text;

static inline rlm_status
read_answer_text(void *context)
{
    const answer_text *given = context;

    return read_sheet(given->slug, given->text);
}

/* Read that answer of the source with each allocation failing in turn. */
#define ASSERT_READING_SURVIVES_TORTURE(source, json)                                                                  \
    do {                                                                                                               \
        answer_text given_ = {#source, (json)};                                                                        \
        ASSERT_SURVIVES_TORTURE(read_answer_text, &given_);                                                            \
    } while (0)

/* `model` is the one with that id in the sheet. */
static inline bool
find(const char *id)
{
    for (size_t i = 0; i < sheet.count; i++) {
        rlm_block_record(&sheet, i, &model);
        if (rlm_slice_is(model.id, id)) return true;
    }
    return false;
}

static inline void
answer_free(void)
{
    rlm_arena_free(&answer_arena);
    rlm_buffer_free(&sheet_bytes);
}

/* ---- What it says ---- */

static inline const char *
timestamp(rlm_timestamp stated)
{
    static char text[RLM_TIMESTAMP_TEXT];

    return stated.precision == RLM_PRECISION_NONE ? "unknown" : (rlm_timestamp_write(stated, text), text);
}

/* "yes", "no" or "unknown". */
static inline const char *
said(rlm_flags flags, int position)
{
    if (flags.yes & RLM_BIT(position)) return flags.no & RLM_BIT(position) ? "both" : "yes";
    return flags.no & RLM_BIT(position) ? "no" : "unknown";
}

/* The only price for that, written; "unknown" or "twice". */
static inline const char *
price_above(int meter, int unit, int tier, int64_t threshold)
{
    static char text[RLM_DECIMAL_TEXT];
    int found = 0;

    for (uint32_t i = 0; i < model.prices.count; i++) {
        const rlm_price *price = &model.prices.list[i];

        if (price->meter != meter || price->unit != unit) continue;
        if (price->tier != tier || price->threshold != threshold) continue;
        rlm_decimal_write((rlm_decimal){price->coefficient, price->exponent}, text);
        found++;
    }
    return found == 0 ? "unknown" : found == 1 ? text : "twice";
}

static inline const char *
token_price(int meter)
{
    return price_above(meter, RLM_UNIT_MILLION_TOKENS, RLM_TIER_STANDARD, 0);
}

static inline const char *
long_price(int meter, int64_t threshold)
{
    return price_above(meter, RLM_UNIT_MILLION_TOKENS, RLM_TIER_STANDARD, threshold);
}

/* The type that an id alone tells. */
static inline const char *
type_of_id(const rlm_source *source, const char *id)
{
    return rlm_type_names[rlm_source_type_of_id(source, rlm_slice_of(id))];
}

#define ASSERT_SAID(expected, text) ASSERT_TEXT(expected, rlm_slice_of(text))
#define ASSERT_CAPABILITY(expected, name) ASSERT_SAID(expected, said(model.capabilities, RLM_CAPABILITY_##name))
#define ASSERT_INPUT(expected, name) ASSERT_SAID(expected, said(model.input, RLM_MODALITY_##name))
#define ASSERT_OUTPUT(expected, name) ASSERT_SAID(expected, said(model.output, RLM_MODALITY_##name))
#define ASSERT_TYPE(expected) ASSERT_SAID(expected, rlm_type_names[model.type])

#endif
