/*
 * The text of a registry: what goes in comes out byte by byte, and what is no such text is refused with the place
 * that is wrong.
 */
#include "base/caps.h"
#include "export/export.h"
#include "sources/source.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

/* ---- Helpers ---- */

typedef struct {
    rlm_buffer catalog, sheet, text, again;
    rlm_block blocks[2];
    rlm_arena arena;
    rlm_export_part *parts;
    size_t count;
    rlm_error error;
} trip;

static void
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

static void
trip_free(trip *this)
{
    rlm_buffer_free(&this->catalog);
    rlm_buffer_free(&this->sheet);
    rlm_buffer_free(&this->text);
    rlm_buffer_free(&this->again);
    rlm_arena_free(&this->arena);
}

static rlm_record
record_of(const char *provider, const char *id)
{
    rlm_record record;

    rlm_record_init(&record, NULL, rlm_slice_of(provider));
    record.id = rlm_slice_of(id);
    return record;
}

/* The records as a catalog and as a sheet, and both of them as text. */
static rlm_status
to_text(trip *this, rlm_record *records, size_t count)
{
    const rlm_stamp stamp = {RLM_SLICE("openai"), RLM_SLICE("https://api.openai.com/v1/models"),
                             RLM_SLICE("W/\"a\\b\""), -7};

    RLM_TRY(rlm_block_write(RLM_BLOCK_CATALOG, records, count, NULL, &this->catalog));
    RLM_TRY(rlm_block_write(RLM_BLOCK_SHEET, records, count, &stamp, &this->sheet));
    RLM_TRY(rlm_block_open(this->catalog.bytes, this->catalog.length, &this->blocks[0], &this->error));
    RLM_TRY(rlm_block_open(this->sheet.bytes, this->sheet.length, &this->blocks[1], &this->error));
    return rlm_export_write(&this->blocks[0], &this->blocks[1], 1, &this->text, &this->error);
}

static rlm_status
from_text(trip *this)
{
    rlm_slice text = {this->text.bytes, this->text.length};

    return rlm_export_read(text, &this->arena, &this->again, &this->parts, &this->count, &this->error);
}

static bool
is_part(const trip *this, size_t part, const rlm_buffer *block)
{
    return this->parts[part].size == block->length &&
           memcmp(this->again.bytes + this->parts[part].offset, block->bytes, block->length) == 0;
}

/* Whether text made of the record gives back its blocks. */
static bool
comes_back(rlm_record *records, size_t count)
{
    trip all;
    bool same;

    trip_init(&all);
    same = to_text(&all, records, count) == RLM_OK && from_text(&all) == RLM_OK && all.count == 2 &&
           is_part(&all, 0, &all.catalog) && is_part(&all, 1, &all.sheet) &&
           rlm_slice_is(all.parts[1].source, "openai");
    if (!same) printf("%s\n%.*s\n", all.error.message, (int) all.text.length, all.text.bytes);
    trip_free(&all);
    return same;
}

/* ---- What is written ---- */

static const rlm_price prices[] = {
    {.coefficient = 8333333333333334, .exponent = -17, .direction = RLM_DIRECTION_INPUT},
    {.coefficient = 2, .direction = RLM_DIRECTION_INPUT, .threshold = 200000},
};

TEST
is_read_like_a_list_of_facts(void)
{
    static const char expected[] = "{\n"
                                   "  \"format\": {\"name\": \"ruby_llm_native\", \"version\": 1},\n"
                                   "  \"catalog\": {\n"
                                   "    \"models\": [\n"
                                   "      {\n"
                                   "        \"capabilities\": {\n"
                                   "          \"no\": [\"batch\"],\n"
                                   "          \"yes\": [\"streaming\", \"vision\"]\n"
                                   "        },\n"
                                   "        \"context_window\": 1047576,\n"
                                   "        \"id\": \"gpt-x\",\n"
                                   "        \"knowledge_cutoff\": \"2024-07\",\n"
                                   "        \"metadata\": {\n"
                                   "          \"a\": [1, 2.50],\n"
                                   "          \"b\": [\n"
                                   "            {\"c\": true}\n"
                                   "          ]\n"
                                   "        },\n"
                                   "        \"prices\": [\n"
                                   "          {\"amount\": \"0.08333333333333334\", \"category\": \"text_tokens\", "
                                   "\"direction\": \"input\", \"tier\": \"standard\", "
                                   "\"unit\": \"million_tokens\"},\n"
                                   "          {\"amount\": \"2\", \"category\": \"text_tokens\", \"direction\": "
                                   "\"input\", \"threshold\": 200000, \"tier\": \"standard\", "
                                   "\"unit\": \"million_tokens\"}\n"
                                   "        ],\n"
                                   "        \"provider\": \"openai\",\n"
                                   "        \"standing\": \"listed\"\n"
                                   "      }\n"
                                   "    ]\n"
                                   "  },\n"
                                   "  \"openai\": {\n"
                                   "    \"stamp\": {\n"
                                   "      \"etag\": \"W/\\\"a\\\\b\\\"\",\n"
                                   "      \"fetched_at\": -7,\n"
                                   "      \"url\": \"https://api.openai.com/v1/models\"\n"
                                   "    },\n"
                                   "    \"models\": [\n";
    rlm_record record = record_of("openai", "gpt-x");
    trip all;

    record.limits[RLM_LIMIT_CONTEXT] = 1047576;
    record.knowledge_cutoff = (rlm_timestamp){1719792000, RLM_PRECISION_MONTH};
    record.capabilities =
        (rlm_flags){RLM_BIT(RLM_CAPABILITY_STREAMING) | RLM_BIT(RLM_CAPABILITY_VISION), RLM_BIT(RLM_CAPABILITY_BATCH)};
    record.metadata = RLM_SLICE("{\"a\":[1,2.50],\"b\":[{\"c\":true}]}");
    record.prices = prices;
    record.price_count = 2;
    trip_init(&all);
    ASSERT_STATUS(RLM_OK, to_text(&all, &record, 1));
    ASSERT(all.text.length > sizeof expected && memcmp(all.text.bytes, expected, sizeof expected - 1) == 0);
    ASSERT(memcmp(all.text.bytes + all.text.length - 13, "\n    ]\n  }\n}\n", 13) == 0);
    trip_free(&all);
    ASSERT(comes_back(&record, 1));
    PASS();
}

TEST
gives_back_every_fact_at_its_edges(void)
{
    rlm_record records[] = {record_of("openai", "a"), record_of("openai", "b \" \\ \xE2\x80\xA8"),
                            record_of("xai", "c")};
    rlm_record *full = &records[0];

    full->name = RLM_SLICE("a\nname\x7f\x01 \xF0\x9F\x98\x80");
    full->family = RLM_SLICE("/");
    full->replacement = RLM_SLICE("b");
    full->equivalents = RLM_SLICE("A\nb\nb c\n");
    full->metadata = RLM_SLICE("{\"\":0,\"1\":-0,\"2\":1E+5,\"3\":1e-999,\"4\":\"1e999\",\"5\":[[],{},\"\",null],\"6\":"
                               "0.10,\"7\":\"\\u0007\"}");
    full->created_at = (rlm_timestamp){-62135596800, RLM_PRECISION_SECOND};
    full->knowledge_cutoff = (rlm_timestamp){1735689600, RLM_PRECISION_YEAR};
    full->retires_at = (rlm_timestamp){253402214400, RLM_PRECISION_DAY};
    full->unlisted_at = (rlm_timestamp){253402300799, RLM_PRECISION_SECOND};
    full->limits[RLM_LIMIT_CONTEXT] = INT64_MAX;
    full->limits[RLM_LIMIT_INPUT] = 0;
    full->capabilities = (rlm_flags){RLM_BIT(RLM_CAPABILITY_COUNT) - 1, 0};
    full->input = (rlm_flags){0, RLM_BIT(RLM_MODALITY_COUNT) - 1};
    full->output = (rlm_flags){RLM_BIT(RLM_MODALITY_TEXT), RLM_BIT(RLM_MODALITY_VIDEO)};
    full->type = RLM_TYPE_JUDGMENT;
    full->status = RLM_MODEL_STATUS_RETIRED;
    full->standing = RLM_STANDING_UNLISTED;
    for (int i = 0; i < RLM_FIELD_COUNT; i++)
        full->origins[i] = (uint8_t) (i == 0 ? RLM_ORIGIN_SOURCE + RLM_CAP_SOURCES - 1 : i);
    records[1].standing = RLM_STANDING_DOCUMENTED;
    ASSERT(comes_back(records, 3));
    ASSERT(comes_back(records, 0));
    PASS();
}

TEST
keeps_coefficient_and_exponent_of_an_amount(void)
{
    static const struct {
        int64_t coefficient;
        int16_t exponent;
    } amounts[] = {{0, 0},         {1, 406}, {1, -424}, {1, 424}, {999999999999999999, -18},
                   {INT64_MAX, 0}, {10, 0},  {100, -3}, {0, 5},   {5, 400}};
    rlm_price all[sizeof amounts / sizeof *amounts];
    rlm_record record = record_of("openai", "a");

    memset(all, 0, sizeof all);
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        all[i].coefficient = amounts[i].coefficient;
        all[i].exponent = amounts[i].exponent;
        all[i].category = (uint8_t) (i % RLM_PRICE_COUNT);
        all[i].direction = (uint8_t) (i % RLM_DIRECTION_COUNT);
        all[i].tier = (uint8_t) (i % RLM_TIER_COUNT);
        all[i].unit = (uint8_t) (i % RLM_UNIT_COUNT);
    }
    rlm_prices_sort(all, sizeof amounts / sizeof *amounts);
    record.prices = all;
    record.price_count = sizeof amounts / sizeof *amounts;
    ASSERT(comes_back(&record, 1));
    PASS();
}

/* The deepest that a source's reader lets through, under the key that the merge puts above it. */
TEST
gives_back_metadata_as_deep_as_an_answer_may_be(void)
{
    char json[4 * RLM_CAP_DEPTH + 16] = "{\"openai\":";
    rlm_record record = record_of("openai", "a");

    for (int i = 1; i < RLM_CAP_DEPTH; i++) strcat(json, "[");
    strcat(json, "1");
    for (int i = 1; i < RLM_CAP_DEPTH; i++) strcat(json, "]");
    strcat(json, "}");
    record.metadata = rlm_slice_of(json);
    ASSERT(comes_back(&record, 1));
    PASS();
}

TEST
writes_nothing_that_would_come_back_otherwise(void)
{
    static const struct {
        rlm_record record;
        const char *message;
    } bad[] = {
        {{.metadata = {"{\"b\":1,\"a\":2}", 13}}, "openai a: metadata: must be JSON in canonical form"},
        {{.metadata = {"[1]", 3}}, "openai a: metadata: must be JSON in canonical form"},
        {{.metadata = {"{", 1}}, "openai a: metadata: must be JSON"},
        {{.equivalents = {"b\na\n", 4}}, "openai a: kin: ids must be sorted, without control characters"},
        {{.equivalents = {"b\nc", 3}}, "openai a: kin: the list of ids is cut off"},
        {{.equivalents = {"b\tc\n", 4}}, "openai a: kin: ids must be sorted, without control characters"},
        {{.id = {"a\x7f", 2}}, "openai a\x7f: id: must be valid UTF-8 without control characters"},
        {{.created_at = {1719792001, RLM_PRECISION_MONTH}},
         "openai a: created_at: must be the first second of its period"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rlm_record record = bad[i].record;
        trip all;

        record.provider = RLM_SLICE("openai");
        if (record.id.length == 0) record.id = RLM_SLICE("a");
        trip_init(&all);
        ASSERT_STATUS(RLM_BAD_BLOCK, to_text(&all, &record, 1));
        ASSERT_TEXT(bad[i].message, rlm_slice_of(all.error.message));
        trip_free(&all);
    }
    PASS();
}

TEST
writes_no_source_twice(void)
{
    rlm_record record = record_of("openai", "a");
    rlm_block sheets[2];
    rlm_buffer out;
    trip all;

    trip_init(&all);
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, to_text(&all, &record, 1));
    sheets[0] = sheets[1] = all.blocks[1];
    ASSERT_STATUS(RLM_BAD_BLOCK, rlm_export_write(&all.blocks[0], sheets, 2, &out, &all.error));
    ASSERT_TEXT("two sheets of one source", rlm_slice_of(all.error.message));
    rlm_buffer_free(&out);
    trip_free(&all);
    PASS();
}

/* ---- What is refused ---- */

#define FORMAT "\"format\":{\"name\":\"ruby_llm_native\",\"version\":1}"
#define MODEL(facts)                                                                                                   \
    "{" FORMAT ",\"catalog\":{\"models\":[{\"provider\":\"openai\",\"id\":\"a\",\"standing\":\"listed\"," facts "}]}}"
#define PRICE(facts)                                                                                                   \
    MODEL("\"prices\":[{\"category\":\"images\",\"direction\":\"input\",\"tier\":\"batch\",\"unit\":\"image\"," facts  \
          "}]")
#define GROUP(rest) "{" FORMAT ",\"catalog\":{\"models\":[]}," rest "}"

TEST
says_which_group_model_and_fact_is_wrong(void)
{
    static const struct {
        const char *text, *message;
        rlm_status status;
    } bad[] = {
        {MODEL("\"colour\":1"), "catalog: openai a: colour: unknown fact \"colour\"", RLM_BAD_SHAPE},
        {MODEL("\"name\":null"), "catalog: openai a: name: must be a string of valid UTF-8", RLM_BAD_SHAPE},
        {MODEL("\"name\":\"\\u0000\""), "catalog: openai a: name: must be a string of valid UTF-8", RLM_BAD_SHAPE},
        {MODEL("\"type\":\"smell\""),
         "catalog: openai a: type: unknown value \"smell\" (known: "
         "chat, embedding, image, video, audio, transcription, moderation, rerank, realtime, ocr, judgment, "
         "completion, other)",
         RLM_BAD_SHAPE},
        {MODEL("\"type\":1"), "catalog: openai a: type: must be a string", RLM_BAD_SHAPE},
        {MODEL("\"context_window\":1.0"),
         "catalog: openai a: context_window: must be a whole number of tokens, 0 or more", RLM_BAD_SHAPE},
        {MODEL("\"context_window\":-1"),
         "catalog: openai a: context_window: must be a whole number of tokens, 0 or more", RLM_BAD_SHAPE},
        {MODEL("\"context_window\":9223372036854775808"),
         "catalog: openai a: context_window: must be a whole number of tokens, 0 or more", RLM_BAD_SHAPE},
        {MODEL("\"created_at\":\"2025-02-30\""), "catalog: openai a: created_at: must be a date or a time",
         RLM_BAD_SHAPE},
        {MODEL("\"created_at\":1"), "catalog: openai a: created_at: must be a date or a time", RLM_BAD_SHAPE},
        {MODEL("\"capabilities\":[]"),
         "catalog: openai a: capabilities: must be an object with the lists \"no\" and \"yes\"", RLM_BAD_SHAPE},
        {MODEL("\"capabilities\":{\"yes\":[\"batch\"],\"no\":[\"batch\"]}"),
         "catalog: openai a: capabilities: stated both yes and no: \"batch\"", RLM_BAD_SHAPE},
        {MODEL("\"capabilities\":{\"maybe\":[]}"), "catalog: openai a: capabilities: unknown member \"maybe\"",
         RLM_BAD_SHAPE},
        {MODEL("\"capabilities\":{\"yes\":1}"),
         "catalog: openai a: capabilities: \"no\" and \"yes\" must be lists of words", RLM_BAD_SHAPE},
        {MODEL("\"capabilities\":{\"yes\":[\"smell\"]}"),
         "catalog: openai a: capabilities: unknown value \"smell\" (known: "
         "streaming, function_calling, tool_choice, parallel_tool_calls, structured_output, "
         "predicted_outputs, distillation, …)",
         RLM_BAD_SHAPE},
        {MODEL("\"kin\":1"), "catalog: openai a: kin: must be a list of ids", RLM_BAD_SHAPE},
        {MODEL("\"kin\":[\"a\\nb\"]"), "catalog: openai a: kin: an id must be valid UTF-8 without control characters",
         RLM_BAD_SHAPE},
        {MODEL("\"kin\":[\"b\",\"a\"]"),
         "catalog: openai a: kin: ids must be sorted by bytes, without duplicates: \"a\"", RLM_BAD_SHAPE},
        {MODEL("\"origins\":1"), "catalog: openai a: origins: must be an object of facts and their sources",
         RLM_BAD_SHAPE},
        {MODEL("\"origins\":{\"colour\":\"id\"}"), "catalog: openai a: origins: unknown fact \"colour\"",
         RLM_BAD_SHAPE},
        {MODEL("\"origins\":{\"name\":\"nobody\"}"), "catalog: openai a: origins: unknown source \"nobody\"",
         RLM_BAD_SHAPE},
        {MODEL("\"origins\":{\"name\":72}"), "catalog: openai a: origins: the number of a source is out of range",
         RLM_BAD_SHAPE},
        {MODEL("\"origins\":{\"name\":true}"), "catalog: openai a: origins: must be the slug of a source",
         RLM_BAD_SHAPE},
        {MODEL("\"metadata\":\"{}\""), "catalog: openai a: metadata: must be an object", RLM_BAD_SHAPE},
        {MODEL("\"prices\":{}"), "catalog: openai a: prices: must be a list of prices", RLM_BAD_SHAPE},
        {MODEL("\"prices\":[1]"), "catalog: openai a: prices: a price must be an object", RLM_BAD_SHAPE},
        {MODEL("\"prices\":[{\"amount\":\"1\"}]"), "catalog: openai a: prices: a price must have \"category\"",
         RLM_BAD_SHAPE},
        {PRICE("\"amount\":1"), "catalog: openai a: prices: amount must be a decimal number in quotes", RLM_BAD_SHAPE},
        {PRICE("\"amount\":\"-1\""), "catalog: openai a: prices: amount is out of range", RLM_BAD_SHAPE},
        {PRICE("\"amount\":\"1e425\""), "catalog: openai a: prices: amount is out of range", RLM_BAD_SHAPE},
        {PRICE("\"amount\":\"1e\""), "catalog: openai a: prices: amount must be a decimal number", RLM_BAD_SHAPE},
        {PRICE("\"amount\":\"1\",\"threshold\":-1"),
         "catalog: openai a: prices: threshold must be a whole number of tokens, 0 or more", RLM_BAD_SHAPE},
        {PRICE("\"amount\":\"1\",\"colour\":1"), "catalog: openai a: prices: unknown member of a price: \"colour\"",
         RLM_BAD_SHAPE},
        {PRICE("\"threshold\":1"), "catalog: openai a: prices: a price must have an amount", RLM_BAD_SHAPE},
        {GROUP("\"xai\":{\"stamp\":{\"fetched_at\":1},\"models\":[{\"provider\":\"p\",\"id\":\"i\"}]}"),
         "xai: p i: standing: missing", RLM_BAD_SHAPE},
        {GROUP("\"xai\":{\"models\":[1]}"), "xai: a model must be an object", RLM_BAD_SHAPE},
        {GROUP("\"xai\":{\"models\":[{\"id\":\"\\u0007\"}]}"),
         "xai:  \x07: id: must be valid UTF-8 without control characters", RLM_BAD_SHAPE},
        {GROUP("\"xai\":1"), "xai: must be an object", RLM_BAD_SHAPE},
        {GROUP("\"xai\":{}"), "xai: models: must be a list", RLM_BAD_SHAPE},
        {GROUP("\"xai\":{\"models\":[]}"), "xai: stamp: must be an object", RLM_BAD_SHAPE},
        {GROUP("\"xai\":{\"models\":[],\"stamp\":{\"url\":1}}"), "xai: stamp: must be a string of valid UTF-8: \"url\"",
         RLM_BAD_SHAPE},
        {GROUP("\"xai\":{\"models\":[],\"stamp\":{\"url\":\"\"}}"), "xai: stamp: fetched_at: must be a whole number",
         RLM_BAD_SHAPE},
        {GROUP("\"xai\":{\"models\":[],\"stamp\":{\"colour\":1}}"), "xai: stamp: unknown member \"colour\"",
         RLM_BAD_SHAPE},
        {GROUP("\"xai\":{\"models\":[],\"colour\":1}"), "xai: unknown member \"colour\"", RLM_BAD_SHAPE},
        {GROUP("\"catalog\":{\"models\":[]}"), "catalog: duplicate or empty name", RLM_BAD_SHAPE},
        {GROUP("\"\":{\"models\":[]}"), ": duplicate or empty name", RLM_BAD_SHAPE},
        {"{" FORMAT "}", "the document has no catalog", RLM_BAD_SHAPE},
        {"[]", "not an exported registry: its \"format\" does not say so", RLM_BAD_SHAPE},
        {"{\"catalog\":{\"models\":[]}}", "not an exported registry: its \"format\" does not say so", RLM_BAD_SHAPE},
        {"{\"format\":{\"name\":\"ruby_llm_native\",\"version\":2},\"catalog\":{\"models\":[5]}}",
         "the export has another version of the format; only version 1 can be read", RLM_BAD_SHAPE},
        {"{\"format\":{\"colour\":1}}", "format: unknown member \"colour\"", RLM_BAD_SHAPE},
        {"{,", "not JSON at byte 2: parse error: invalid object key (must be a string)", RLM_BAD_JSON},
        {"{", "the answer ended early, at byte 1", RLM_ENDED_EARLY},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        trip all;

        trip_init(&all);
        ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, bad[i].text, strlen(bad[i].text)));
        ASSERT_STATUS(bad[i].status, from_text(&all));
        ASSERT_TEXT(bad[i].message, rlm_slice_of(all.error.message));
        trip_free(&all);
    }
    PASS();
}

TEST
says_where_in_the_text_a_model_is_wrong(void)
{
    static const char text[] = GROUP("\"xai\":{\"models\":[{\"id\":1}]}");
    trip all;

    trip_init(&all);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, text, sizeof text - 1));
    ASSERT_STATUS(RLM_BAD_SHAPE, from_text(&all));
    ASSERT(all.error.byte == (int64_t) (strstr(text, "]}}") - text)); /* after the model */
    trip_free(&all);
    PASS();
}

TEST
refuses_a_model_that_comes_twice(void)
{
    static const char text[] =
        "{" FORMAT ",\"catalog\":{\"models\":[{\"provider\":\"p\",\"id\":\"i\",\"standing\":\"listed\"},"
        "{\"provider\":\"p\",\"id\":\"i\",\"standing\":\"unlisted\"}]}}";
    trip all;

    trip_init(&all);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, text, sizeof text - 1));
    ASSERT_STATUS(RLM_BAD_SHAPE, from_text(&all));
    ASSERT_TEXT("catalog: duplicate model \"i\"", rlm_slice_of(all.error.message));
    trip_free(&all);
    PASS();
}

TEST
refuses_more_sheets_than_there_may_be_sources(void)
{
    char sheet[64];
    trip all;

    trip_init(&all);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, "{" FORMAT ",\"catalog\":{\"models\":[]}",
                                            strlen("{" FORMAT ",\"catalog\":{\"models\":[]}")));
    for (int i = 0; i <= RLM_CAP_SOURCES; i++) {
        int length = snprintf(sheet, sizeof sheet, ",\"s%d\":{\"stamp\":{\"fetched_at\":1},\"models\":[]}", i);

        ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, sheet, (size_t) length));
    }
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, "}", 1));
    ASSERT_STATUS(RLM_TOO_LARGE, from_text(&all));
    ASSERT_TEXT("s64: more than 64 sheets", rlm_slice_of(all.error.message));
    trip_free(&all);
    PASS();
}

TEST
takes_members_and_groups_in_any_order(void)
{
    static const char text[] = "{\"xai\":{\"models\":[{\"standing\":\"listed\",\"id\":\"i\",\"provider\":\"p\"}],"
                               "\"stamp\":{\"fetched_at\":3}},"
                               "\"catalog\":{\"models\":[]}," FORMAT "}";
    rlm_block block;
    trip all;

    trip_init(&all);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, text, sizeof text - 1));
    ASSERT_STATUS(RLM_OK, from_text(&all));
    ASSERT(all.count == 2 && all.parts[0].source.length == 0 && all.parts[1].offset % 8 == 0);
    ASSERT_STATUS(RLM_OK, rlm_block_open(all.again.bytes + all.parts[1].offset, all.parts[1].size, &block, &all.error));
    ASSERT(block.kind == RLM_BLOCK_SHEET && block.count == 1 && block.stamp.fetched_at == 3);
    ASSERT_TEXT("xai", block.stamp.source);
    trip_free(&all);
    PASS();
}

TEST
refuses_a_text_that_is_cut_anywhere(void)
{
    rlm_record record = record_of("openai", "a");
    size_t length;
    trip all;

    trip_init(&all);
    record.prices = prices;
    record.price_count = 2;
    ASSERT_STATUS(RLM_OK, to_text(&all, &record, 1));
    length = all.text.length;
    for (all.text.length = 0; all.text.length < length - 1;
         all.text.length++) { /* the last byte is the end of its line */
        rlm_error_clear(&all.error);
        all.again.length = 0;
        ASSERT_STATUS(RLM_ENDED_EARLY, from_text(&all));
    }
    trip_free(&all);
    PASS();
}

static rlm_status
go_and_come_back(void *context)
{
    rlm_record record = record_of("openai", "a");
    rlm_status status;
    trip all;

    (void) context;
    record.prices = prices;
    record.price_count = 2;
    record.metadata = RLM_SLICE("{\"a\":[1]}");
    record.equivalents = RLM_SLICE("b\n");
    record.origins[RLM_FIELD_NAME] = RLM_ORIGIN_ID;
    record.created_at = (rlm_timestamp){1719792000, RLM_PRECISION_MONTH};
    trip_init(&all);
    status = to_text(&all, &record, 1);
    if (status == RLM_OK) status = from_text(&all);
    trip_free(&all);
    return status;
}

TEST
survives_every_failing_allocation(void)
{
    ASSERT_SURVIVES_TORTURE(go_and_come_back, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_read_like_a_list_of_facts);
    RUN(gives_back_every_fact_at_its_edges);
    RUN(keeps_coefficient_and_exponent_of_an_amount);
    RUN(gives_back_metadata_as_deep_as_an_answer_may_be);
    RUN(writes_nothing_that_would_come_back_otherwise);
    RUN(writes_no_source_twice);
    RUN(says_which_group_model_and_fact_is_wrong);
    RUN(says_where_in_the_text_a_model_is_wrong);
    RUN(refuses_a_model_that_comes_twice);
    RUN(refuses_more_sheets_than_there_may_be_sources);
    RUN(takes_members_and_groups_in_any_order);
    RUN(refuses_a_text_that_is_cut_anywhere);
    RUN(survives_every_failing_allocation);
    return REPORT("export");
}
