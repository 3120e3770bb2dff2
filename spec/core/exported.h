/* A registry that goes into a text and comes back, for the tests of exports. */
#ifndef RLM_EXPORTED_H
#define RLM_EXPORTED_H

#include "base/caps.h"
#include "export/export.h"
#include "test.h"

#include <string.h>

typedef struct {
    rlm_buffer catalog, sheet, text, again;
    rlm_block blocks[2];
    rlm_arena arena;
    rlm_export_part *parts;
    size_t count;
    rlm_error error;
} trip;

static inline void
trip_init(trip *this)
{
    memset(this, 0, sizeof *this);
    rlm_buffer_init(&this->catalog, RLM_CAP_BLOCK);
    rlm_buffer_init(&this->sheet, RLM_CAP_BLOCK);
    rlm_buffer_init(&this->text, RLM_CAP_BLOCK);
    rlm_buffer_init(&this->again, RLM_CAP_BLOCK);
    rlm_arena_init(&this->arena, RLM_CAP_BLOCK);
    rlm_error_clear(&this->error);
}

static inline void
trip_free(trip *this)
{
    rlm_buffer_free(&this->catalog);
    rlm_buffer_free(&this->sheet);
    rlm_buffer_free(&this->text);
    rlm_buffer_free(&this->again);
    rlm_arena_free(&this->arena);
}

static inline rlm_record
record_of(const char *provider, const char *id)
{
    rlm_record record;

    rlm_record_init(&record, NULL, rlm_slice_of(provider));
    record.id = rlm_slice_of(id);
    return record;
}

/* The records as a catalog and as a sheet, and both of them as text. */
static inline rlm_status
to_text(trip *this, rlm_record *records, size_t count)
{
    const rlm_stamp merged = {.documented = RLM_SLICE("groq\nopenai\n")},
                    stamp = {.source = RLM_SLICE("acme"),
                             .api = RLM_SLICE("openai"),
                             .provider = RLM_SLICE("groq"),
                             .url = RLM_SLICE("https://llm.acme.example/v1/models"),
                             .etag = RLM_SLICE("W/\"a\\b\""),
                             .fetched_at = -7};

    RLM_TRY(rlm_block_write(RLM_BLOCK_CATALOG, records, count, &merged, &this->catalog));
    RLM_TRY(rlm_block_write(RLM_BLOCK_SHEET, records, count, &stamp, &this->sheet));
    RLM_TRY(rlm_block_open(this->catalog.bytes, this->catalog.length, &this->blocks[0], &this->error));
    RLM_TRY(rlm_block_open(this->sheet.bytes, this->sheet.length, &this->blocks[1], &this->error));
    return rlm_export_write(&this->blocks[0], &this->blocks[1], 1, &this->text, &this->error);
}

static inline rlm_status
from_text(trip *this)
{
    rlm_slice text = {this->text.bytes, this->text.length};

    return rlm_export_read(text, &this->arena, &this->again, &this->parts, &this->count, &this->error);
}

static inline bool
is_part(const trip *this, size_t part, const rlm_buffer *block)
{
    return this->parts[part].size == block->length &&
           memcmp(this->again.bytes + this->parts[part].offset, block->bytes, block->length) == 0;
}

/* Whether text made from the record gives back its blocks. */
static inline bool
comes_back(rlm_record *records, size_t count)
{
    trip all;
    bool same;

    trip_init(&all);
    same = to_text(&all, records, count) == RLM_OK && from_text(&all) == RLM_OK && all.count == 2 &&
           is_part(&all, 0, &all.catalog) && is_part(&all, 1, &all.sheet) && rlm_slice_is(all.parts[1].source, "acme");
    if (!same) printf("%s\n%.*s\n", all.error.message, (int) all.text.length, all.text.bytes);
    trip_free(&all);
    return same;
}

static const rlm_price two_prices[] = {
    {.coefficient = 8333333333333334, .exponent = -17, .meter = RLM_METER_INPUT},
    {.coefficient = 2, .meter = RLM_METER_INPUT, .threshold = 200000},
};

/* ---- What is refused ---- */

/* Texts with these facts of one model, or these groups. */
#define FORMAT "\"format\":{\"name\":\"ruby_llm_native\",\"version\":3}"
#define MODEL_TEXT(facts)                                                                                              \
    "{" FORMAT ",\"catalog\":{\"models\":[{\"provider\":\"openai\",\"id\":\"a\",\"standing\":\"listed\"," facts "}]}}"
#define GROUP_TEXT(groups) "{" FORMAT ",\"catalog\":{\"models\":[]}," groups "}"
#define MODEL(...) MODEL_TEXT(#__VA_ARGS__)
#define GROUP(...) GROUP_TEXT(#__VA_ARGS__)

typedef struct {
    const char *text, *message;
} refused;

/* Whether that status and message are what each of the texts gives. */
static inline bool
are_refused(const refused *cases, size_t count, rlm_status status)
{
    bool fine = true;

    for (size_t i = 0; i < count; i++) {
        trip all;
        rlm_status got;

        trip_init(&all);
        got = rlm_buffer_append(&all.text, cases[i].text, strlen(cases[i].text));
        if (got == RLM_OK) got = from_text(&all);
        if (got != status || strcmp(all.error.message, cases[i].message) != 0) {
            printf("%s\ngives %s: %s\n", cases[i].text, rlm_status_name(got), all.error.message);
            fine = false;
        }
        trip_free(&all);
    }
    return fine;
}

#define ASSERT_REFUSED(status, cases) ASSERT(are_refused(cases, sizeof(cases) / sizeof *(cases), status))

#endif
