/*
 * Blocks of format 4 become blocks of today. The first ones were stored by the version that wrote them; the others are
 * made here, by the layout that it had, so that each fact stands where that version put it.
 */
#include "base/caps.h"
#include "block/layout.h"
#include "block/upgrade.h"
#include "told.h"

#include <stdlib.h>

/* As it was: 14 types, nine texts, four timestamps, three sets of flags. */
typedef struct {
    char magic[4];
    uint16_t format, kind;
    uint64_t checksum;
    uint8_t hash[16];
    uint32_t byte_order, count;
    uint64_t size;
    int64_t fetched_at;
    stored_text source, api, provider, documented, url, etag;
    uint32_t prices, by_id, by_type, families, by_family, aliases, texts;
    uint32_t price_count, family_count, with_family, alias_count, text_bytes;
    stored_run types[14];
} former_header;

typedef struct {
    stored_text texts[9]; /* provider, id, name, family, replacement, equivalents, metadata, origins, endpoints */
    int64_t limits[3], timestamps[4];
    rlm_flags capabilities, input, output;
    uint8_t fingerprint[16];
    uint32_t prices, price_count;
    uint8_t precisions[4], type, status, standing, superseded;
} former_record;

typedef struct {
    int64_t coefficient, threshold;
    int16_t exponent;
    uint8_t category, direction, tier, unit, unused[2];
} former_price;

enum { TEXT_TOKENS, IMAGES, AUDIO_TOKENS, EMBEDDINGS, REQUESTS, WEB_SEARCHES };
enum { INPUT_OF, OUTPUT_OF, CACHE_READ_OF, CACHE_WRITE_OF, REASONING_OF };
enum { PER_MILLION, PER_IMAGE, PER_REQUEST };

/* A sheet of one model, "acme" "a", whose replacement is "b". */
typedef struct {
    former_header head;
    former_record record;
    former_price prices[8];
    char texts[72];
} former_sheet;

static const former_price all_prices[] = {
    {.coefficient = 3},
    {.coefficient = 6, .threshold = 127999},
    {.coefficient = 15, .exponent = -1, .tier = 1},
    {.coefficient = 8, .direction = REASONING_OF},
    {.coefficient = 7, .category = IMAGES, .direction = OUTPUT_OF, .unit = PER_IMAGE},
    {.coefficient = 4, .category = AUDIO_TOKENS, .direction = CACHE_READ_OF},
    {.coefficient = 2, .category = EMBEDDINGS},
    {.coefficient = 1, .exponent = -2, .category = WEB_SEARCHES, .unit = PER_REQUEST},
};

static void
sign(former_sheet *sheet)
{
    sheet->head.checksum = rlm_block_checksum((const char *) sheet, sizeof *sheet);
}

static void
write_text(former_sheet *sheet, stored_text *text, const char *bytes)
{
    *text = (stored_text){sheet->head.text_bytes, (uint32_t) strlen(bytes)};
    memcpy(sheet->texts + text->offset, bytes, text->length);
    sheet->head.text_bytes += text->length;
}

static void
make_sheet(former_sheet *sheet)
{
    const char *const texts[] = {"acme", "a", "A", "fam", "b", "a-1\n", "{\"x\":1}", "acme\nmodels_dev\n", "acme\n"};

    memset(sheet, 0, sizeof *sheet);
    memcpy(sheet->head.magic, "RLMB", 4);
    sheet->head.format = 4;
    sheet->head.kind = RLM_BLOCK_SHEET;
    sheet->head.byte_order = 0x01020304;
    sheet->head.count = 1;
    sheet->head.size = sizeof *sheet;
    sheet->head.fetched_at = 1780000000;
    sheet->head.prices = offsetof(former_sheet, prices);
    sheet->head.price_count = 8;
    sheet->head.by_id = sheet->head.by_type = sheet->head.families = sheet->head.by_family = sheet->head.aliases =
        sheet->head.texts = offsetof(former_sheet, texts);
    sheet->head.types[RLM_TYPE_CHAT] = (stored_run){0, 1, 1};
    write_text(sheet, &sheet->head.source, "acme_eu");
    write_text(sheet, &sheet->head.api, "openai");
    write_text(sheet, &sheet->head.provider, "acme");
    write_text(sheet, &sheet->head.etag, "W/1");
    for (int i = 0; i < 9; i++) write_text(sheet, &sheet->record.texts[i], texts[i]);
    for (int i = 0; i < 3; i++) sheet->record.limits[i] = i == 0 ? 8000 : RLM_UNKNOWN;
    for (int i = 0; i < 4; i++) {
        sheet->record.timestamps[i] = 1767225600 + i * 86400;
        sheet->record.precisions[i] = RLM_PRECISION_DAY;
    }
    sheet->record.capabilities.yes = RLM_BIT(RLM_CAPABILITY_VISION);
    sheet->record.input.yes = RLM_BIT(RLM_MODALITY_TEXT) | RLM_BIT(RLM_MODALITY_IMAGE);
    sheet->record.output.no = RLM_BIT(RLM_MODALITY_AUDIO);
    sheet->record.price_count = 8;
    sheet->record.type = RLM_TYPE_CHAT;
    sheet->record.status = RLM_MODEL_STATUS_DEPRECATED;
    memcpy(sheet->prices, all_prices, sizeof all_prices);
    sign(sheet);
}

/* The upgraded bytes as a block; NULL with `error` set if they are refused. The buffer holds them. */
static bool
upgraded(const former_sheet *sheet, rlm_buffer *out, rlm_block *block, rlm_error *error)
{
    rlm_error_clear(error);
    rlm_buffer_free(out);
    rlm_buffer_init(out, RLM_CAP_BLOCK);
    return rlm_upgrade((rlm_slice){(const char *) sheet, sizeof *sheet}, out, error) == RLM_OK &&
           rlm_block_open(out->bytes, out->length, block, error) == RLM_OK;
}

TEST
keeps_each_fact(void)
{
    former_sheet sheet;
    rlm_buffer out = {0};
    rlm_block block;
    rlm_record record;
    rlm_error error;

    make_sheet(&sheet);
    ASSERT(rlm_upgrade_needed((rlm_slice){(const char *) &sheet, sizeof sheet}));
    ASSERT(upgraded(&sheet, &out, &block, &error));
    ASSERT(block.kind == RLM_BLOCK_SHEET && block.count == 1 && block.stamp.fetched_at == 1780000000);
    ASSERT_TEXT("acme_eu", block.stamp.source);
    ASSERT_TEXT("openai", block.stamp.api);
    ASSERT_TEXT("acme", block.stamp.provider);
    ASSERT_TEXT("", block.stamp.etag); /* so that the next refresh asks for everything */
    rlm_block_record(&block, 0, &record);
    ASSERT_TEXT("acme", record.provider);
    ASSERT_TEXT("a", record.id);
    ASSERT_TEXT("chat; named A; also a-1; context 8000; takes text image; gives no audio; can vision; price input 3; "
                "price input above 127999 6; price input batch 1.5; price reasoning 8; price audio_cache_read 4; price "
                "embedding 2; price web_search per request 0.01; price image per image 7; created 2026-01-01; knows "
                "until 2026-01-02; retires 2026-01-03; is deprecated; then successor b; rest {\"x\":1}",
                told(&record));
    ASSERT_TEXT("fam", record.family);
    ASSERT_TEXT("acme\nmodels_dev\n", record.origins);
    ASSERT_TEXT("acme\n", record.endpoints);
    ASSERT(record.unlisted_at.seconds == 1767225600 + 3 * 86400);
    for (uint32_t i = 0; i < record.prices.count; i++) ASSERT(record.prices.list[i].covers == 0);
    rlm_buffer_free(&out);
    PASS();
}

/* A set with a hole would show a model as cheaper than it is. */
TEST
drops_prices_with_one_that_has_no_meter(void)
{
    static const former_price odd[] = {
        {.coefficient = 1, .category = EMBEDDINGS, .direction = OUTPUT_OF},
        {.coefficient = 1, .category = TEXT_TOKENS, .unit = PER_REQUEST},
        {.coefficient = 1, .threshold = (int64_t) INT32_MAX + 1},
        {.coefficient = 1, .threshold = -1},
    };
    former_sheet sheet;
    rlm_buffer out = {0};
    rlm_block block;
    rlm_record record;
    rlm_error error;

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        make_sheet(&sheet);
        sheet.prices[7] = odd[i];
        sign(&sheet);
        ASSERT(upgraded(&sheet, &out, &block, &error));
        rlm_block_record(&block, 0, &record);
        ASSERT(record.prices.count == 0 && record.limits[RLM_LIMIT_CONTEXT] == 8000);
    }
    rlm_buffer_free(&out);
    PASS();
}

#define ASSERT_REFUSED(place, value)                                                                                   \
    do {                                                                                                               \
        make_sheet(&sheet);                                                                                            \
        sheet.place = (value);                                                                                         \
        sign(&sheet);                                                                                                  \
        if (upgraded(&sheet, &out, &block, &error)) FAIL("%s is taken", #place);                                       \
        if (error.status != RLM_BAD_BLOCK) FAIL("%s: %s", #place, error.message);                                      \
    } while (0)

TEST
refuses_what_no_version_wrote(void)
{
    former_sheet sheet;
    rlm_buffer out = {0};
    rlm_block block;
    rlm_error error;

    ASSERT_REFUSED(head.kind, 3);
    ASSERT_REFUSED(head.prices, 8);
    ASSERT_REFUSED(head.price_count, 0xFFFFFFFF);
    ASSERT_REFUSED(head.text_bytes, 0xFFFFFFFF);
    ASSERT_REFUSED(head.texts, 8);
    ASSERT_REFUSED(head.size, sizeof sheet + 8);
    ASSERT_REFUSED(head.size, 0);
    ASSERT_REFUSED(head.api.offset, 0xFFFFFFFF);
    ASSERT_REFUSED(record.texts[4].length, 0xFFFFFFFF);
    ASSERT_REFUSED(record.texts[1].length, 0);
    ASSERT_REFUSED(record.prices, 1);
    ASSERT_REFUSED(record.price_count, 9);
    ASSERT_REFUSED(record.type, 14);
    ASSERT_REFUSED(record.status, 255);
    ASSERT_REFUSED(record.standing, 3);
    ASSERT_REFUSED(record.precisions[0], 255);
    ASSERT_REFUSED(record.limits[0], -2);
    ASSERT_REFUSED(record.capabilities.yes, 0xFFFFFFFF);
    ASSERT_REFUSED(prices[0].category, 6);
    ASSERT_REFUSED(prices[0].direction, 5);
    ASSERT_REFUSED(prices[0].tier, 2);
    ASSERT_REFUSED(prices[0].unit, 3);
    ASSERT_REFUSED(prices[0].coefficient, -1);
    ASSERT_REFUSED(prices[0].exponent, 425);
    make_sheet(&sheet);
    sheet.texts[3] ^= 1; /* its checksum tells */
    ASSERT(!upgraded(&sheet, &out, &block, &error));
    make_sheet(&sheet);
    sheet.texts[3] = '\xFF';
    sign(&sheet);
    ASSERT(!upgraded(&sheet, &out, &block, &error));
    rlm_buffer_free(&out);
    PASS();
}

/* What follows the last block of the format before stays as it is, and so does what is of another version. */
TEST
leaves_other_bytes_as_they_are(void)
{
    char bytes[2 * sizeof(former_sheet) + 4];
    former_sheet sheet;
    rlm_buffer out;
    rlm_block first, second;
    rlm_error error;

    make_sheet(&sheet);
    memcpy(bytes, &sheet, sizeof sheet);
    memcpy(bytes + sizeof sheet, &sheet, sizeof sheet);
    memcpy(bytes + 2 * sizeof sheet, "rest", 4);
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    rlm_error_clear(&error);
    ASSERT_STATUS(RLM_OK, rlm_upgrade((rlm_slice){bytes, sizeof bytes}, &out, &error));
    ASSERT_STATUS(RLM_OK, rlm_block_peek(out.bytes, out.length, &first, &error));
    ASSERT_STATUS(RLM_OK, rlm_block_peek(out.bytes + first.size, out.length - first.size, &second, &error));
    ASSERT(first.size == second.size && out.length == 2 * first.size + 4);
    ASSERT(memcmp(out.bytes, out.bytes + first.size, first.size) == 0 &&
           memcmp(out.bytes + out.length - 4, "rest", 4) == 0);
    ASSERT(!rlm_upgrade_needed((rlm_slice){out.bytes, out.length}));
    rlm_buffer_free(&out);

    sheet.head.format = 3;
    ASSERT(!rlm_upgrade_needed((rlm_slice){(const char *) &sheet, sizeof sheet}));
    sheet.head.format = 4;
    sheet.head.byte_order = 0x04030201;
    ASSERT(!rlm_upgrade_needed((rlm_slice){(const char *) &sheet, sizeof sheet}));
    ASSERT(!rlm_upgrade_needed((rlm_slice){(const char *) &sheet, 4}));
    PASS();
}

/* What the version of format 4 stored: see upgrade_spec.rb. */
TEST
opens_what_was_stored(void)
{
    static char bytes[1 << 16];
    FILE *file = fopen("spec/fixtures/stored/registry-v4.rlm", "rb");
    size_t length, at = 0, blocks = 0;
    rlm_buffer out;
    rlm_error error;

    ASSERT(file != NULL);
    length = fread(bytes, 1, sizeof bytes, file);
    (void) fclose(file);
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    rlm_error_clear(&error);
    ASSERT_STATUS(RLM_OK, rlm_upgrade((rlm_slice){bytes, length}, &out, &error));
    for (rlm_block block; at < out.length; at += block.size, blocks++) {
        ASSERT_STATUS(RLM_OK, rlm_block_peek(out.bytes + at, out.length - at, &block, &error));
        ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes + at, block.size, &block, &error));
    }
    ASSERT(blocks == 8 && at == out.length);
    rlm_buffer_free(&out);
    PASS();
}

static rlm_status
upgrade_sheet(void *context)
{
    rlm_buffer out;
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    status = rlm_upgrade((rlm_slice){context, sizeof(former_sheet)}, &out, &error);
    rlm_buffer_free(&out);
    return status;
}

TEST
survives_a_lack_of_memory(void)
{
    former_sheet sheet;

    make_sheet(&sheet);
    ASSERT_SURVIVES_TORTURE(upgrade_sheet, &sheet);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(keeps_each_fact);
    RUN(drops_prices_with_one_that_has_no_meter);
    RUN(refuses_what_no_version_wrote);
    RUN(leaves_other_bytes_as_they_are);
    RUN(opens_what_was_stored);
    RUN(survives_a_lack_of_memory);
    return REPORT("upgrade");
}
