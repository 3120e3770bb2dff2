/*
 * Filters: what is stated matches, what is not never does; and each way through the block's indexes gives the same as a
 * walk over all records.
 */
#include "base/caps.h"
#include "lookup/filter.h"
#include "test.h"

#include <string.h>

#define MODELS 8

static rlm_price
price(rlm_meter meter, int64_t coefficient, int16_t exponent)
{
    return (rlm_price){.coefficient = coefficient, .exponent = exponent, .meter = (uint8_t) meter};
}

static rlm_record
record_of(const char *provider, const char *id, rlm_type type)
{
    rlm_record record;

    rlm_record_init(&record, NULL, rlm_slice_of(provider));
    record.id = rlm_slice_of(id);
    record.name = record.id;
    record.type = (uint8_t) type;
    return record;
}

static rlm_price dear[2], cheap[2], half_known[1], batch[1];

/*
 * By index: 0 anthropic/a, 1 anthropic/gone, 2 openai/a, 3 openai/a-2025-01-01, 4 openai/embed, 5 openai/old, 6
 * xai/a, 7 xai/paints.
 */
static rlm_status
write_catalog(void *context)
{
    rlm_record all[MODELS] = {
        record_of("anthropic", "a", RLM_TYPE_CHAT),
        record_of("anthropic", "gone", RLM_TYPE_CHAT),
        record_of("openai", "a", RLM_TYPE_CHAT),
        record_of("openai", "a-2025-01-01", RLM_TYPE_CHAT),
        record_of("openai", "embed", RLM_TYPE_EMBEDDING),
        record_of("openai", "old", RLM_TYPE_CHAT),
        record_of("xai", "a", RLM_TYPE_CHAT),
        record_of("xai", "paints", RLM_TYPE_CHAT),
    };

    dear[0] = price(RLM_METER_INPUT, 3, 0);
    dear[1] = price(RLM_METER_OUTPUT, 15, 0);
    cheap[0] = price(RLM_METER_INPUT, 15, -2);
    cheap[1] = price(RLM_METER_OUTPUT, 6, -1);
    half_known[0] = price(RLM_METER_INPUT, 1, -2);
    batch[0] = price(RLM_METER_INPUT, 1, -3);
    batch[0].tier = RLM_TIER_BATCH;

    all[0].prices = (rlm_price_set){.list = dear, .count = 2};
    all[0].family = RLM_SLICE("claude");
    all[0].limits[RLM_LIMIT_CONTEXT] = 200000;
    all[0].created_at = (rlm_timestamp){1700000000, RLM_PRECISION_SECOND};
    rlm_flags_state(&all[0].input, RLM_MODALITY_IMAGE, true);
    rlm_flags_state(&all[0].capabilities, RLM_CAPABILITY_FUNCTION_CALLING, true);
    all[1].standing = RLM_STANDING_UNLISTED;
    all[1].family = RLM_SLICE("claude");
    all[2].prices = (rlm_price_set){.list = cheap, .count = 2};
    all[2].family = RLM_SLICE("gpt");
    all[2].limits[RLM_LIMIT_CONTEXT] = 128000;
    all[2].created_at = (rlm_timestamp){1710000000, RLM_PRECISION_SECOND};
    rlm_flags_state(&all[2].capabilities, RLM_CAPABILITY_VISION, true);
    all[3].standing = RLM_STANDING_DOCUMENTED;
    all[3].prices = (rlm_price_set){.list = half_known, .count = 1};
    rlm_flags_state(&all[3].capabilities, RLM_CAPABILITY_VISION, false);
    all[4].created_at = (rlm_timestamp){1710000000, RLM_PRECISION_SECOND};
    all[5].standing = RLM_STANDING_UNLISTED;
    all[5].created_at = (rlm_timestamp){1800000000, RLM_PRECISION_SECOND};
    all[6].prices = (rlm_price_set){.list = cheap, .count = 2};
    all[7].prices = (rlm_price_set){.list = batch, .count = 1};
    rlm_flags_state(&all[7].output, RLM_MODALITY_IMAGE, true);
    return rlm_block_write(RLM_BLOCK_CATALOG, all, MODELS, NULL, context);
}

static bool
open_catalog(rlm_buffer *out, rlm_block *block)
{
    rlm_error error;

    rlm_buffer_init(out, RLM_CAP_BLOCK);
    return write_catalog(out) == RLM_OK && rlm_block_open(out->bytes, out->length, block, &error) == RLM_OK &&
           block->count == MODELS;
}

/* The chosen indexes as text, those that are not shown after a bar: "0 2|1". */
static const char *
chosen(const rlm_block *block, const rlm_filter *filter, const rlm_members *from)
{
    static char text[64];
    uint32_t out[MODELS];
    size_t count, shown, length = 0;

    rlm_filter_select(block, filter, from, out, &count, &shown);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        if (i == shown) text[length++] = '|';
        length += (size_t) snprintf(text + length, sizeof text - length, i == 0 || i == shown ? "%u" : " %u", out[i]);
    }
    return text;
}

#define ASSERT_CHOSEN(expected, filter, from)                                                                          \
    do {                                                                                                               \
        const char *got_ = chosen(&block, &(filter), (from));                                                          \
        if (strcmp(got_, (expected)) != 0) FAIL("%s chooses \"%s\", not \"%s\"", #filter, got_, (expected));           \
    } while (0)

/* All of them, as a view holds them. */
static const uint32_t everything[MODELS] = {0, 2, 3, 4, 6, 7, 1, 5};
static const rlm_members whole = {everything, MODELS, 6};

/* From the block's indexes, and from members one by one: the same. */
#define ASSERT_CHOSEN_BOTH_WAYS(expected, filter)                                                                      \
    do {                                                                                                               \
        ASSERT_CHOSEN(expected, filter, NULL);                                                                         \
        ASSERT_CHOSEN(expected, filter, &whole);                                                                       \
    } while (0)

TEST
chooses_by_provider_type_and_family(void)
{
    const rlm_slice two[] = {RLM_SLICE("xai"), RLM_SLICE("anthropic"), RLM_SLICE("xai")},
                    gpt[] = {RLM_SLICE("gpt"), RLM_SLICE("claude")};
    rlm_filter none = {0}, providers = {.by_provider = true, .providers = two, .provider_count = 3};
    rlm_filter nobody = {.by_provider = true}, chat = {.by_type = true, .types = RLM_BIT(RLM_TYPE_CHAT)};
    rlm_filter types = {.by_type = true, .types = RLM_BIT(RLM_TYPE_CHAT) | RLM_BIT(RLM_TYPE_EMBEDDING)},
               no_type = {.by_type = true};
    rlm_filter family = {.by_family = true, .families = gpt + 1, .family_count = 1};
    rlm_filter families = {.by_family = true, .families = gpt, .family_count = 2};
    rlm_filter both = providers;
    rlm_buffer out;
    rlm_block block;

    ASSERT(open_catalog(&out, &block));
    both.by_type = true;
    both.types = RLM_BIT(RLM_TYPE_EMBEDDING);
    ASSERT_CHOSEN_BOTH_WAYS("0 2 3 4 6 7|1 5", none);
    ASSERT_CHOSEN_BOTH_WAYS("0 6 7|1", providers);
    ASSERT_CHOSEN_BOTH_WAYS("", nobody);
    ASSERT_CHOSEN_BOTH_WAYS("0 2 3 6 7|1 5", chat);
    ASSERT_CHOSEN_BOTH_WAYS("0 2 3 4 6 7|1 5", types);
    ASSERT_CHOSEN_BOTH_WAYS("", no_type);
    ASSERT_CHOSEN_BOTH_WAYS("0|1", family);
    ASSERT_CHOSEN_BOTH_WAYS("0 2|1", families);
    ASSERT_CHOSEN_BOTH_WAYS("", both);
    rlm_buffer_free(&out);
    PASS();
}

TEST
chooses_by_what_is_stated_and_by_nothing_else(void)
{
    rlm_filter vision = {.capabilities = RLM_BIT(RLM_CAPABILITY_VISION)},
               tools = {.capabilities = RLM_BIT(RLM_CAPABILITY_FUNCTION_CALLING)};
    rlm_filter both = {.capabilities = vision.capabilities | tools.capabilities},
               reads = {.input = RLM_BIT(RLM_MODALITY_IMAGE)};
    rlm_filter long_context = {.min_context = 128001}, any_context = {.min_context = 1},
               listed = {.standings = RLM_BIT(RLM_STANDING_LISTED)};
    rlm_filter unlisted = {.standings = RLM_BIT(RLM_STANDING_UNLISTED)}, current = {.without_superseded = true};
    rlm_filter images = {.by_type = true, .types = RLM_BIT(RLM_TYPE_IMAGE), .or_output = RLM_BIT(RLM_MODALITY_IMAGE)};
    rlm_buffer out;
    rlm_block block;

    ASSERT(open_catalog(&out, &block));
    ASSERT_CHOSEN_BOTH_WAYS("0 2", vision);
    ASSERT_CHOSEN_BOTH_WAYS("0", both);
    ASSERT_CHOSEN_BOTH_WAYS("0", reads);
    ASSERT_CHOSEN_BOTH_WAYS("0", long_context);
    ASSERT_CHOSEN_BOTH_WAYS("0 2", any_context);
    ASSERT_CHOSEN_BOTH_WAYS("0 2 4 6 7", listed);
    ASSERT_CHOSEN_BOTH_WAYS("|1 5", unlisted);
    ASSERT_CHOSEN_BOTH_WAYS("0 2 4 6 7|1 5", current);
    ASSERT_CHOSEN_BOTH_WAYS("7", images);
    rlm_buffer_free(&out);
    PASS();
}

/* 0.15 dollars are not more than 0.15 dollars; a batch price is not a standard price. */
TEST
compares_prices_exactly(void)
{
    rlm_filter exact = {.has_max_input_price = true, .max_input_price = {15, -2}};
    rlm_filter less = {.has_max_input_price = true, .max_input_price = {1499999, -7}};
    rlm_filter free_of_charge = {.has_max_input_price = true, .max_input_price = {0, 0}};
    rlm_buffer out;
    rlm_block block;

    ASSERT(open_catalog(&out, &block));
    ASSERT_CHOSEN_BOTH_WAYS("2 3 6", exact);
    ASSERT_CHOSEN_BOTH_WAYS("3", less);
    ASSERT_CHOSEN_BOTH_WAYS("", free_of_charge);
    rlm_buffer_free(&out);
    PASS();
}

TEST
keeps_the_order_of_the_members_it_is_given(void)
{
    static const uint32_t some[] = {6, 5, 2, 0};
    const rlm_members members = {some, 4, 3};
    rlm_filter chat = {.by_type = true, .types = RLM_BIT(RLM_TYPE_CHAT)}, none = {0};
    rlm_buffer out;
    rlm_block block;

    ASSERT(open_catalog(&out, &block));
    ASSERT_CHOSEN("6 5 2|0", chat, &members);
    ASSERT_CHOSEN("6 5 2|0", none, &members);
    rlm_buffer_free(&out);
    PASS();
}

TEST
orders_by_date_with_unknown_dates_last_in_each_part(void)
{
    static const uint32_t expected[MODELS] = {2, 4, 0, 3, 6, 7, 5, 1};
    uint32_t sorted[MODELS];
    rlm_buffer out;
    rlm_block block;

    ASSERT(open_catalog(&out, &block));
    ASSERT_STATUS(RLM_OK, rlm_filter_newest_first(&block, &whole, sorted));
    ASSERT(memcmp(expected, sorted, sizeof sorted) == 0);
    rlm_buffer_free(&out);
    PASS();
}

static rlm_status
sort_all(void *context)
{
    uint32_t sorted[MODELS];

    return rlm_filter_newest_first(context, &whole, sorted);
}

TEST
survives_a_lack_of_memory(void)
{
    rlm_buffer out;
    rlm_block block;

    ASSERT(open_catalog(&out, &block));
    ASSERT_SURVIVES_TORTURE(sort_all, &block);
    rlm_buffer_free(&out);
    PASS();
}

/* openai/a and xai/a cost the same; openai/a-2025-01-01 would be cheaper, but half of its price is unknown. */
TEST
finds_the_cheapest_of_those_whose_prices_are_known(void)
{
    const rlm_slice openai_first[] = {RLM_SLICE("openai"), RLM_SLICE("xai")},
                    xai_first[] = {RLM_SLICE("xai"), RLM_SLICE("openai")};
    const rlm_members unpriced = {everything + 2, 2, 2};
    rlm_buffer out;
    rlm_block block;

    ASSERT(open_catalog(&out, &block));
    ASSERT(rlm_filter_cheapest(&block, &whole, openai_first, 2, 0) == 2);
    ASSERT(rlm_filter_cheapest(&block, &whole, xai_first, 2, 0) == 6);
    ASSERT(rlm_filter_cheapest(&block, &whole, NULL, 0, 0) == 2);
    ASSERT(rlm_filter_cheapest(&block, &unpriced, NULL, 0, 0) == block.count);
    rlm_buffer_free(&out);
    PASS();
}

/* ---- Controls and life ---- */

static rlm_bound bounds[] = {
    {.coefficient = 1, .exponent = 3, .of = RLM_BOUNDED_DIMENSIONS, .kind = RLM_BOUND_MAX},
    {.coefficient = 84, .exponent = -1, .of = RLM_BOUNDED_AUDIO_SECONDS, .kind = RLM_BOUND_MAX}};

#define DAY 86400

/* 0 nothing is stated, 1 steered, 2 the opposite, 3 retires on day 200, 4 retired on day 50. */
static rlm_status
write_steered(void *context)
{
    rlm_record all[] = {
        record_of("acme", "a", RLM_TYPE_CHAT), record_of("acme", "b", RLM_TYPE_EMBEDDING),
        record_of("acme", "c", RLM_TYPE_CHAT), record_of("acme", "d", RLM_TYPE_CHAT),
        record_of("acme", "e", RLM_TYPE_CHAT),
    };

    rlm_flags_state(&all[1].parameters, RLM_PARAMETER_SEED, true);
    rlm_flags_state(&all[1].efforts, RLM_EFFORT_HIGH, true);
    rlm_flags_state(&all[1].traits, RLM_TRAIT_OPEN_WEIGHTS, true);
    all[1].data_regions = RLM_SLICE("eu\nus\n");
    all[1].license = RLM_SLICE("mit");
    all[1].bounds = bounds;
    all[1].bound_count = 2;
    rlm_flags_state(&all[2].parameters, RLM_PARAMETER_SEED, false);
    rlm_flags_state(&all[2].traits, RLM_TRAIT_OPEN_WEIGHTS, false);
    all[2].status = RLM_MODEL_STATUS_DEPRECATED;
    all[3].retires_at = (rlm_timestamp){200 * DAY, RLM_PRECISION_DAY};
    all[4].retires_at = (rlm_timestamp){50 * DAY, RLM_PRECISION_DAY};
    all[4].standing = RLM_STANDING_DOCUMENTED;
    return rlm_block_write(RLM_BLOCK_CATALOG, all, 5, NULL, context);
}

/* Open them as a block; its bytes are the buffer's. */
static rlm_status
open_steered(rlm_buffer *bytes, rlm_block *block)
{
    rlm_error error;

    rlm_error_clear(&error);
    rlm_buffer_init(bytes, RLM_CAP_BLOCK);
    RLM_TRY(write_steered(bytes));
    return rlm_block_open(bytes->bytes, bytes->length, block, &error);
}

/* The positions of the matching ones, a bit each. */
static unsigned
matching(const rlm_block *block, rlm_filter filter)
{
    unsigned bits = 0;

    for (size_t i = 0; i < block->count; i++) bits |= (unsigned) rlm_filter_matches(block, i, &filter) << i;
    return bits;
}

#define AT_LEAST(of, number)                                                                                           \
    (rlm_filter)                                                                                                       \
    {                                                                                                                  \
        .bounded = RLM_BIT(RLM_BOUNDED_##of), .least = { [RLM_BOUNDED_##of] = (number) }                               \
    }

TEST
what_is_stated_of_controls_matches(void)
{
    static const rlm_slice eu[] = {{"mars", 4}, {"eu", 2}}, mit[] = {{"mi", 2}, {"mit", 3}};
    rlm_buffer bytes;
    rlm_block block;

    ASSERT_STATUS(RLM_OK, open_steered(&bytes, &block));
    ASSERT(matching(&block, (rlm_filter){.accepts = RLM_BIT(RLM_PARAMETER_SEED)}) == 2);
    ASSERT(matching(&block, (rlm_filter){.accepts = RLM_BIT(RLM_PARAMETER_SEED) | RLM_BIT(RLM_PARAMETER_STOP)}) == 0);
    ASSERT(matching(&block, (rlm_filter){.efforts = RLM_BIT(RLM_EFFORT_HIGH)}) == 2);
    ASSERT(matching(&block, (rlm_filter){.traits = RLM_BIT(RLM_TRAIT_OPEN_WEIGHTS)}) == 2);
    ASSERT(matching(&block, (rlm_filter){.denied = RLM_BIT(RLM_TRAIT_OPEN_WEIGHTS)}) == 4);
    ASSERT(matching(&block, AT_LEAST(DIMENSIONS, 1000)) == 2);
    ASSERT(matching(&block, AT_LEAST(DIMENSIONS, 1001)) == 0);
    ASSERT(matching(&block, AT_LEAST(AUDIO_SECONDS, 8)) == 2);
    ASSERT(matching(&block, AT_LEAST(AUDIO_SECONDS, 9)) == 0);
    ASSERT(matching(&block, AT_LEAST(IMAGES, 0)) == 0);
    ASSERT(matching(&block, (rlm_filter){.by_data_region = true, .data_regions = eu, .data_region_count = 2}) == 2);
    ASSERT(matching(&block, (rlm_filter){.by_data_region = true, .data_regions = eu, .data_region_count = 1}) == 0);
    ASSERT(matching(&block, (rlm_filter){.by_license = true, .licenses = mit, .license_count = 2}) == 2);
    ASSERT(matching(&block, (rlm_filter){.by_license = true, .licenses = mit, .license_count = 1}) == 0);
    ASSERT(matching(&block, (rlm_filter){.by_license = true}) == 0);
    rlm_buffer_free(&bytes);
    PASS();
}

TEST
a_life_matches_at_its_time(void)
{
    const uint32_t deprecated = RLM_BIT(RLM_MODEL_STATUS_DEPRECATED), retired = RLM_BIT(RLM_MODEL_STATUS_RETIRED),
                   overdue = RLM_BIT(RLM_MODEL_STATUS_COUNT);
    rlm_buffer bytes;
    rlm_block block;

    ASSERT_STATUS(RLM_OK, open_steered(&bytes, &block));
    ASSERT(matching(&block, (rlm_filter){.lives = deprecated | overdue, .now = 199 * DAY}) == 4);
    ASSERT(matching(&block, (rlm_filter){.lives = deprecated | overdue, .now = 200 * DAY}) == 12);
    ASSERT(matching(&block, (rlm_filter){.lives = retired, .now = 49 * DAY}) == 0);
    ASSERT(matching(&block, (rlm_filter){.lives = retired, .now = 50 * DAY}) == 16);
    ASSERT(matching(&block, (rlm_filter){.has_ends_by = true, .ends_by = 199 * DAY, .now = 100 * DAY}) == 0);
    ASSERT(matching(&block, (rlm_filter){.has_ends_by = true, .ends_by = 200 * DAY, .now = 100 * DAY}) == 8);
    ASSERT(matching(&block, (rlm_filter){.has_ends_by = true, .ends_by = 200 * DAY, .now = 10 * DAY}) == 24);
    rlm_buffer_free(&bytes);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(chooses_by_provider_type_and_family);
    RUN(chooses_by_what_is_stated_and_by_nothing_else);
    RUN(compares_prices_exactly);
    RUN(keeps_the_order_of_the_members_it_is_given);
    RUN(orders_by_date_with_unknown_dates_last_in_each_part);
    RUN(survives_a_lack_of_memory);
    RUN(finds_the_cheapest_of_those_whose_prices_are_known);
    RUN(what_is_stated_of_controls_matches);
    RUN(a_life_matches_at_its_time);
    return REPORT("filter");
}
