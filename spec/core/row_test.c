/* The JSON of a row: every fact by name, in one order. */
#include "registry/row.h"
#include "test.h"

#include "sources/source.h"

#include <string.h>

#define EMPTY                                                                                                          \
    "\"family\":null,\"type\":\"other\",\"modalities\":{\"input\":[],\"output\":[]},\"capabilities\":[],\"pricing\":{" \
    "},\"status\":null,\"origins\":{},\"endpoints\":[]"

static const rlm_price prices[] = {
    {.coefficient = 125, .exponent = -2},
    {.coefficient = 25, .exponent = -1, .threshold = 200000},
    {.coefficient = 5, .threshold = 500000},
    {.coefficient = 1, .exponent = 1, .meter = RLM_METER_OUTPUT},
    {.coefficient = 6, .exponent = -1, .tier = RLM_TIER_BATCH, .meter = RLM_METER_CACHE_READ},
    {.coefficient = 8, .meter = RLM_METER_AUDIO_INPUT, .tier = RLM_TIER_BATCH},
    {.coefficient = 9, .meter = RLM_METER_REQUEST, .unit = RLM_UNIT_REQUEST},
    {.coefficient = 7, .meter = RLM_METER_IMAGE_READ, .unit = RLM_UNIT_IMAGE},
};

/* clang-format off */
#define PRICING                                                                                                        \
    "{\"text_tokens\":{\"standard\":{\"input_per_million\":1.25,\"output_per_million\":10.0},"                         \
    "\"batch\":{\"cache_read_input_per_million\":0.6},\"long_context\":{\"input_per_million\":2.5},"                   \
    "\"long_context_threshold\":200000},\"audio_tokens\":{\"batch\":{\"input_per_million\":8.0}},\"prices\":["         \
    "{\"amount\":\"1.25\",\"meter\":\"input\",\"tier\":\"standard\",\"unit\":\"million_tokens\"},"                     \
    "{\"amount\":\"2.5\",\"meter\":\"input\",\"threshold\":200000,\"tier\":\"standard\",\"unit\":\"million_tokens\"}," \
    "{\"amount\":\"5\",\"meter\":\"input\",\"threshold\":500000,\"tier\":\"standard\",\"unit\":\"million_tokens\"},"   \
    "{\"amount\":\"10\",\"meter\":\"output\",\"tier\":\"standard\",\"unit\":\"million_tokens\"},"                      \
    "{\"amount\":\"0.6\",\"meter\":\"cache_read\",\"tier\":\"batch\",\"unit\":\"million_tokens\"},"                    \
    "{\"amount\":\"8\",\"meter\":\"audio_input\",\"tier\":\"batch\",\"unit\":\"million_tokens\"},"                     \
    "{\"amount\":\"9\",\"meter\":\"request\",\"tier\":\"standard\",\"unit\":\"request\"},"                             \
    "{\"amount\":\"7\",\"meter\":\"image_read\",\"tier\":\"standard\",\"unit\":\"image\"}]}"
/* clang-format on */

static rlm_record
full_record(void)
{
    rlm_record record;

    rlm_record_init(&record, NULL, RLM_SLICE("openai"));
    record.family = RLM_SLICE("g\"pt");
    record.type = RLM_TYPE_CHAT;
    record.status = RLM_MODEL_STATUS_PREVIEW;
    record.input.yes = RLM_BIT(RLM_MODALITY_TEXT) | RLM_BIT(RLM_MODALITY_IMAGE);
    record.input.no = RLM_BIT(RLM_MODALITY_AUDIO);
    record.output.yes = RLM_BIT(RLM_MODALITY_TEXT);
    record.capabilities.yes = RLM_BIT(RLM_CAPABILITY_FUNCTION_CALLING);
    record.prices = (rlm_price_set){.list = prices, .count = sizeof prices / sizeof *prices};
    record.origins = RLM_SLICE("acme\nalias\n\n\n\n\n\n\n\n\n\n\n\nid\n");
    record.endpoints = RLM_SLICE("acme\nacme_eu\n");
    return record;
}

static rlm_status
write_full(void *out)
{
    rlm_record record = full_record();

    rlm_buffer_free(out);
    rlm_buffer_init(out, 4096);
    return rlm_row_write(&record, 0, out);
}

TEST
has_each_fact_in_its_place(void)
{
    rlm_buffer out = {0};

    ASSERT_STATUS(RLM_OK, write_full(&out));
    ASSERT_TEXT("\"family\":\"g\\\"pt\",\"type\":\"chat\",\"modalities\":{\"input\":[\"text\",\"image\"],"
                "\"output\":[\"text\"]},\"capabilities\":[\"function_calling\"],\"pricing\":" PRICING ",\"status\":"
                "\"preview\",\"origins\":{\"name\":\"acme\",\"type\":\"id\",\"family\":\"alias\"},"
                "\"endpoints\":[\"acme\",\"acme_eu\"]",
                ((rlm_slice){out.bytes, out.length}));
    rlm_buffer_free(&out);
    PASS();
}

TEST
says_null_where_nothing_is_known(void)
{
    rlm_record record;
    rlm_buffer out;

    rlm_buffer_init(&out, 4096);
    rlm_record_init(&record, NULL, RLM_SLICE("openai"));
    record.type = RLM_TYPE_OTHER;
    ASSERT_STATUS(RLM_OK, rlm_row_write(&record, 0, &out));
    ASSERT_TEXT(EMPTY, ((rlm_slice){out.bytes, out.length}));
    rlm_buffer_free(&out);
    PASS();
}

TEST
stops_at_the_cap_and_survives_lack_of_memory(void)
{
    rlm_record record = full_record();
    rlm_buffer out = {0};

    rlm_buffer_init(&out, 40);
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_row_write(&record, 0, &out));
    ASSERT_SURVIVES_TORTURE(write_full, &out);
    rlm_buffer_free(&out);
    PASS();
}

TEST
knows_the_row_of_a_model_by_layout_and_fingerprint(void)
{
    rlm_record record;
    rlm_buffer out;
    rlm_block block;
    rlm_error error;
    char stored[2 + RLM_HASH_DIGITS] = "v1";
    rlm_slice text = {stored, sizeof stored};

    rlm_record_init(&record, NULL, RLM_SLICE("openai"));
    record.id = record.name = RLM_SLICE("gpt-x");
    rlm_buffer_init(&out, 4096);
    ASSERT_STATUS(RLM_OK, rlm_block_write(RLM_BLOCK_CATALOG, &record, 1, NULL, &out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, &error));
    rlm_hash_write(rlm_block_fingerprint(&block, 0), stored + 2);
    ASSERT(rlm_row_is_of(&block, 0, RLM_SLICE("v1"), text, 0));
    ASSERT(rlm_row_is_of(&block, 0, (rlm_slice){NULL, 0}, (rlm_slice){stored + 2, RLM_HASH_DIGITS}, 0));
    ASSERT(!rlm_row_is_of(&block, 0, RLM_SLICE("v2"), text, 0));
    ASSERT(!rlm_row_is_of(&block, 0, RLM_SLICE("v1"), (rlm_slice){stored, sizeof stored - 1}, 0));
    ASSERT(!rlm_row_is_of(&block, 0, RLM_SLICE("v1"), (rlm_slice){NULL, 0}, 0));
    stored[sizeof stored - 1] = 'x';
    ASSERT(!rlm_row_is_of(&block, 0, RLM_SLICE("v1"), text, 0));
    rlm_buffer_free(&out);
    PASS();
}

/* ---- Prices that hold only for a time ---- */

#define NEW_YEAR 1767225600 /* 2026-01-01 00:00 UTC, a Thursday */
#define NEW_YEAR_DAY 20454

static const rlm_price timed[] = {
    {.coefficient = 1, .until_day = NEW_YEAR_DAY},
    {.coefficient = 2, .from_day = NEW_YEAR_DAY},
    {.coefficient = 6, .meter = RLM_METER_AUDIO_INPUT, .until_day = NEW_YEAR_DAY},
    {.coefficient = 7, .meter = RLM_METER_AUDIO_INPUT, .from_day = NEW_YEAR_DAY},
};

/* As a block, and its fingerprint at that time. */
static bool
fingerprint(const rlm_price *list, uint32_t count, int64_t now, char digits[RLM_HASH_DIGITS])
{
    rlm_record record;
    rlm_buffer out;
    rlm_block block;
    rlm_error error;
    bool fine;

    rlm_record_init(&record, NULL, RLM_SLICE("openai"));
    record.id = record.name = RLM_SLICE("gpt-x");
    record.prices = (rlm_price_set){.list = list, .count = count};
    rlm_buffer_init(&out, 1 << 16);
    fine = rlm_block_write(RLM_BLOCK_CATALOG, &record, 1, NULL, &out) == RLM_OK &&
           rlm_block_open(out.bytes, out.length, &block, &error) == RLM_OK;
    if (fine) {
        rlm_row_fingerprint(&block, 0, now, digits);
        fine = rlm_row_is_of(&block, 0, RLM_SLICE(""), (rlm_slice){digits, RLM_HASH_DIGITS}, now);
    }
    rlm_buffer_free(&out);
    return fine;
}

/* Whether rows of these prices, written at one time, are written anew at the other. */
static bool
changes(const rlm_price *list, uint32_t count, int64_t one, int64_t other)
{
    char before[RLM_HASH_DIGITS], after[RLM_HASH_DIGITS];

    if (!fingerprint(list, count, one, before) || !fingerprint(list, count, other, after)) return false;
    return memcmp(before, after, sizeof before) != 0;
}

TEST
is_written_anew_when_a_price_begins_or_ends(void)
{
    static const rlm_price hours = {.from_minute = 1320, .until_minute = 120, .weekdays = 1 << 4},
                           longer = {.threshold = 200000, .from_day = NEW_YEAR_DAY},
                           flex = {.tier = RLM_TIER_FLEX, .until_day = NEW_YEAR_DAY};

    ASSERT(changes(timed, 2, NEW_YEAR - 1, NEW_YEAR));
    ASSERT(changes(timed, 4, NEW_YEAR - 1, NEW_YEAR)); /* changes of two meters do not cancel each other out */
    ASSERT(!changes(timed, 4, NEW_YEAR - 1, NEW_YEAR - 86400));
    ASSERT(!changes(timed, 4, NEW_YEAR, NEW_YEAR + 86400));
    ASSERT(changes(&hours, 1, NEW_YEAR + 1319 * 60, NEW_YEAR + 1320 * 60));
    ASSERT(changes(&hours, 1, NEW_YEAR + 86400 + 119 * 60, NEW_YEAR + 86400 + 120 * 60));
    ASSERT(!changes(&hours, 1, NEW_YEAR + 86400, NEW_YEAR + 86400 + 119 * 60));
    ASSERT(changes(&longer, 1, NEW_YEAR - 1, NEW_YEAR));
    ASSERT(changes(&flex, 1, NEW_YEAR - 1, NEW_YEAR));
    ASSERT(!changes(prices, sizeof prices / sizeof *prices, 0, NEW_YEAR));
    PASS();
}

#define UNTIL                                                                                                          \
    "{\"amount\":\"1\",\"meter\":\"input\",\"tier\":\"standard\",\"unit\":\"million_tokens\",\"until\":\"2026-01-"     \
    "01\"}"
#define FROM                                                                                                           \
    "{\"amount\":\"2\",\"from\":\"2026-01-01\",\"meter\":\"input\",\"tier\":\"standard\",\"unit\":\"million_tokens\"}"

/* `pricing` of a row of these prices, at that time. */
static rlm_slice
pricing_at(rlm_price_set set, int64_t now, rlm_buffer *out)
{
    rlm_record record;
    const char *from, *to;

    rlm_record_init(&record, NULL, RLM_SLICE("openai"));
    record.prices = set;
    rlm_buffer_free(out);
    rlm_buffer_init(out, 1 << 16);
    if (rlm_row_write(&record, now, out) != RLM_OK || rlm_buffer_append(out, "", 1) != RLM_OK)
        return RLM_SLICE("failed");
    from = strstr(out->bytes, "\"pricing\":");
    to = strstr(out->bytes, ",\"status\":");
    if (from == NULL || to == NULL) return RLM_SLICE("missing");
    return (rlm_slice){from + 10, (size_t) (to - from) - 10};
}

TEST
shows_the_prices_of_its_time_and_lists_all(void)
{
    const rlm_price_set both = {.list = timed, .count = 2}, later = {.list = timed + 1, .count = 1};
    rlm_buffer out = {0};

    ASSERT_TEXT("{\"text_tokens\":{\"standard\":{\"input_per_million\":1.0}},\"prices\":[" UNTIL "," FROM "]}",
                pricing_at(both, NEW_YEAR - 1, &out));
    ASSERT_TEXT("{\"text_tokens\":{\"standard\":{\"input_per_million\":2.0}},\"prices\":[" UNTIL "," FROM "]}",
                pricing_at(both, NEW_YEAR, &out));
    ASSERT_TEXT("{\"prices\":[" FROM "]}", pricing_at(later, NEW_YEAR - 1, &out)); /* nothing holds yet */
    rlm_buffer_free(&out);
    PASS();
}

/*
 * A registry file has a place for one batch price and one threshold, above which prices hold; everything else is only
 * in the list.
 */
TEST
lists_prices_that_have_no_other_place(void)
{
    static const rlm_price some[] = {
        {.coefficient = 1, .exponent = 1, .threshold = 128000, .step = RLM_STEP_FROM},
        {.coefficient = 5, .tier = RLM_TIER_BATCH, .threshold = 9},
        {.coefficient = 9, .tier = RLM_TIER_FAST, .region = 1, .covers = RLM_COVERS_CACHE},
    };
    const rlm_price_set set = {.list = some, .count = 3, .words = RLM_SLICE("us\n")};
    rlm_buffer out = {0};

    ASSERT_JSON(pricing_at(set, 0, &out), {
        "text_tokens": {"long_context": {"input_per_million": 10.0}, "long_context_threshold": 127999},
        "prices": [
            {"amount": "10", "meter": "input", "step": "from", "threshold": 128000, "tier": "standard",
             "unit": "million_tokens"},
            {"amount": "5", "meter": "input", "threshold": 9, "tier": "batch", "unit": "million_tokens"},
            {"amount": "9", "covers": "cache", "meter": "input", "region": "us", "tier": "fast",
             "unit": "million_tokens"}
        ]
    });
    rlm_buffer_free(&out);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(has_each_fact_in_its_place);
    RUN(says_null_where_nothing_is_known);
    RUN(stops_at_the_cap_and_survives_lack_of_memory);
    RUN(knows_the_row_of_a_model_by_layout_and_fingerprint);
    RUN(is_written_anew_when_a_price_begins_or_ends);
    RUN(shows_the_prices_of_its_time_and_lists_all);
    RUN(lists_prices_that_have_no_other_place);
    return REPORT("row");
}
