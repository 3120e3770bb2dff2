/* Prices of a record: one order, exact amounts, and a whole set or none. */
#include "base/caps.h"
#include "model/record.h"
#include "parsed.h"

static rlm_arena arena;
static rlm_record record;

static void
begin(void)
{
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_record_init(&record, &arena, RLM_SLICE("acme"));
}

static const rlm_price input = {.meter = RLM_METER_INPUT}, output = {.meter = RLM_METER_OUTPUT},
                       long_input = {.meter = RLM_METER_INPUT, .threshold = 200000},
                       image = {.meter = RLM_METER_IMAGE_INPUT};

TEST
keeps_prices_in_one_order_however_they_are_stated(void)
{
    const rlm_price *const orders[][4] = {{&input, &output, &long_input, &image},
                                          {&image, &long_input, &output, &input},
                                          {&long_input, &image, &input, &output}};
    rlm_price first[4];

    for (size_t order = 0; order < 3; order++) {
        begin();
        for (size_t i = 0; i < 4; i++)
            ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, *orders[order][i], parsed("[2]")->first, 0));
        ASSERT(record.prices.count == 4);
        ASSERT(record.prices.list[0].meter == RLM_METER_INPUT && record.prices.list[0].threshold == 0);
        ASSERT(record.prices.list[1].meter == RLM_METER_INPUT && record.prices.list[1].threshold == 200000);
        ASSERT(record.prices.list[2].meter == RLM_METER_OUTPUT && record.prices.list[3].meter == RLM_METER_IMAGE_INPUT);
        if (order == 0) memcpy(first, record.prices.list, sizeof first);
        ASSERT(memcmp(first, record.prices.list, sizeof first) == 0);
    }
    PASS();
}

TEST
sorts_and_compares_sets(void)
{
    rlm_price some[] = {image, long_input, input}, others[] = {input, long_input, image};
    const rlm_price_set one = {.list = some, .count = 3}, other = {.list = others, .count = 3},
                        shorter = {.list = others, .count = 2}, none = {.list = NULL};

    ASSERT(!rlm_prices_equal(&one, &other));
    rlm_prices_sort(some, 3);
    rlm_prices_sort(others, 3);
    ASSERT(rlm_prices_equal(&one, &other) && !rlm_prices_equal(&one, &shorter));
    others[2].coefficient = 1;
    ASSERT(!rlm_prices_equal(&one, &other));
    ASSERT(rlm_prices_equal(&none, &none));
    PASS();
}

TEST
moves_the_point_and_leaves_out_what_is_not_a_price(void)
{
    rlm_value *list = parsed(JSON(["0.00000008333333333333334", "-1", null, ""]));

    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, input, list->first, 6));
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, output, list->first->next, 6));
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, output, list->first->next->next, 6));
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, output, list->last, 6));
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, output, NULL, 6));
    ASSERT(record.prices.count == 1);
    ASSERT_DECIMAL("0.08333333333333334",
                   ((rlm_decimal){record.prices.list[0].coefficient, record.prices.list[0].exponent}));
    ASSERT(list->first->taken && !list->first->next->taken); /* what is below zero stays in the rest */
    PASS();
}

TEST
gives_up_the_set_at_one_price_that_cannot_be_read(void)
{
    static const rlm_price_key keys[] = {RLM_PRICE("in", INPUT, 0), RLM_PRICE("out", OUTPUT, 0), RLM_PRICE_END};
    const rlm_price any = RLM_ANY_LENGTH, above = {.threshold = 1000};

    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 1, "out": "ask us"})), keys, any, true));
    ASSERT(record.prices.count == 0);
    ASSERT_TEXT("out must be a number, got \"ask us\"", record.unread_price);
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 1})), keys, above, true));
    ASSERT(record.prices.count == 0); /* the set has a hole: no later price fills it */
    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 0, "out": 2})), keys, any, false));
    ASSERT(record.prices.count == 1 && record.prices.list[0].meter == RLM_METER_OUTPUT);
    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 0, "out": 2})), keys, any, true));
    ASSERT(record.prices.count == 2);
    PASS();
}

TEST
gives_up_more_prices_than_there_may_be(void)
{
    rlm_value *amount = parsed(JSON({"in": 1}))->first;

    begin();
    for (int i = 0; i < RLM_CAP_PRICES; i++)
        ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, (rlm_price){.threshold = i}, amount, 0));
    ASSERT(record.prices.count == RLM_CAP_PRICES);
    ASSERT_STATUS(RLM_OK, rlm_record_state_price(&record, (rlm_price){.threshold = -1}, amount, 0));
    ASSERT(record.prices.count == 0);
    ASSERT_TEXT("more than 512 prices", record.unread_price);
    PASS();
}

static rlm_status
state_three(void *amount)
{
    begin();
    for (int i = 0; i < 3; i++) RLM_TRY(rlm_record_state_price(&record, (rlm_price){.threshold = i}, amount, 0));
    return rlm_record_state_price_for(&record, input, &(rlm_price_words){.region = RLM_SLICE("us")}, amount, 0);
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(state_three, parsed("[1]")->first);
    PASS();
}

/* ---- Words ---- */

#define WORDS(region, size, quality, origin)                                                                           \
    &(rlm_price_words)                                                                                                 \
    {                                                                                                                  \
        rlm_slice_of(region), rlm_slice_of(size), rlm_slice_of(quality), rlm_slice_of(origin)                          \
    }
#define ADD(set, words, ...)                                                                                           \
    ASSERT_STATUS(RLM_OK, rlm_prices_add_with_words(set, (rlm_price){.coefficient = 1, __VA_ARGS__}, words, &arena))
#define ASSERT_WORD(expected, set, index, member)                                                                      \
    ASSERT_TEXT(expected, rlm_price_word((set).words, (set).list[index].member))

TEST
gives_new_numbers_to_words_when_one_comes_between(void)
{
    rlm_price_set set = {.list = NULL};

    begin();
    ADD(&set, WORDS("us", "", "", ""), .meter = RLM_METER_INPUT);
    ADD(&set, WORDS("", "large", "hd", "models_dev"), .meter = RLM_METER_OUTPUT);
    ADD(&set, WORDS("*", "a", "us", "zai"), .meter = RLM_METER_REQUEST);
    ADD(&set, WORDS("*", "a", "us", "zai"), .meter = RLM_METER_PAGE);
    ASSERT_TEXT("*\na\nhd\nlarge\nmodels_dev\nus\nzai\n", set.words);
    ASSERT(set.count == 4 && set.list[0].region == 6 && set.list[0].size == 0 && set.list[0].origin == 0);
    ASSERT_WORD("us", set, 0, region);
    ASSERT_WORD("", set, 0, size);
    ASSERT_WORD("large", set, 1, size);
    ASSERT_WORD("hd", set, 1, quality);
    ASSERT_WORD("models_dev", set, 1, origin);
    ASSERT_WORD("", set, 1, region);
    for (int i = 2; i < 4; i++) {
        ASSERT_WORD("*", set, i, region);
        ASSERT_WORD("a", set, i, size);
        ASSERT_WORD("us", set, i, quality);
        ASSERT_WORD("zai", set, i, origin);
    }
    ASSERT_TEXT("", rlm_price_word(set.words, 8)); /* there are seven */
    ASSERT_TEXT("", rlm_price_word((rlm_slice){NULL, 0}, 1));
    ASSERT_TEXT("", rlm_price_word(RLM_SLICE("a\nb"), 2)); /* cut off */
    PASS();
}

/* Positions that a price brings along are somebody else's. */
TEST
takes_no_word_from_the_price_itself(void)
{
    rlm_price_set set = {.list = NULL};

    begin();
    ADD(&set, WORDS("us", "", "", ""), .region = 7, .size = 1, .quality = 1, .origin = 200);
    ASSERT(set.list[0].region == 1 && set.list[0].size == 0 && set.list[0].quality == 0 && set.list[0].origin == 0);
    PASS();
}

TEST
equal_sets_may_have_other_words(void)
{
    rlm_price_set one = {.list = NULL}, same = {.list = NULL}, elsewhere = {.list = NULL}, wider = {.list = NULL};

    begin();
    ADD(&one, WORDS("eu", "", "", ""), .meter = RLM_METER_INPUT);
    ADD(&one, WORDS("us", "s", "", ""), .meter = RLM_METER_INPUT);
    ADD(&same, WORDS("us", "s", "", "another"), .meter = RLM_METER_INPUT, .stated_day = 20454);
    ADD(&same, WORDS("eu", "", "", "fable"), .meter = RLM_METER_INPUT);
    ASSERT(memcmp(one.list, same.list, 2 * sizeof *one.list) != 0);
    ASSERT(rlm_prices_equal(&one, &same) && rlm_prices_equal(&same, &one));
    ADD(&elsewhere, WORDS("eu", "", "", ""), .meter = RLM_METER_INPUT);
    ADD(&elsewhere, WORDS("uk", "s", "", ""), .meter = RLM_METER_INPUT); /* at the position that "us" has in `one` */
    ASSERT(one.list[1].region == 3 && elsewhere.list[1].region == 3);
    ASSERT(!rlm_prices_equal(&one, &elsewhere) && !rlm_prices_equal(&elsewhere, &one));
    ADD(&wider, WORDS("eu", "", "", ""), .meter = RLM_METER_INPUT);
    ADD(&wider, WORDS("us", "s", "", ""), .meter = RLM_METER_INPUT, .covers = RLM_COVERS_MEDIA);
    ASSERT(!rlm_prices_equal(&one, &wider));
    PASS();
}

/* As many as one byte counts. */
TEST
has_255_words_at_most(void)
{
    rlm_price_set set = {.list = NULL};
    char word[] = "w000";
    rlm_price_words words = {.size = rlm_slice_of(word)};

    begin();
    for (int i = 0; i < 255; i++) {
        (void) snprintf(word, sizeof word, "w%03d", 254 - i);
        ASSERT_STATUS(RLM_OK, rlm_prices_add_with_words(&set, (rlm_price){.minimum = (uint16_t) i}, &words, &arena));
    }
    ASSERT_TEXT("w000", rlm_price_word(set.words, 1));
    ASSERT_TEXT("w254", rlm_price_word(set.words, 255));
    for (uint32_t i = 0; i < 255; i++) ASSERT(set.list[i].size == i + 1 && set.list[i].minimum == 254 - i);
    (void) snprintf(word, sizeof word, "w255");
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_prices_add_with_words(&set, (rlm_price){.minimum = 1}, &words, &arena));
    ASSERT(set.count == 255);
    (void) snprintf(word, sizeof word, "w254");
    ASSERT_STATUS(RLM_OK, rlm_prices_add_with_words(&set, (rlm_price){.minimum = 1}, &words, &arena));
    ASSERT(set.count == 256 && set.list[255].size == 255);
    PASS();
}

/* No member is left out: sets that differ in one byte have one order. */
TEST
orders_by_every_member(void)
{
    for (size_t at = 0; at < offsetof(rlm_price, unused); at++) {
        const rlm_price one = {.coefficient = 0};
        rlm_price other = one;

        ((unsigned char *) &other)[at] ^= 1;
        if (rlm_price_order(&one, &other) == 0 || rlm_price_order(&one, &other) != -rlm_price_order(&other, &one))
            FAIL("byte %zu", at);
    }
    PASS();
}

/* ---- Readers ---- */

TEST
gives_up_words_that_a_set_cannot_have(void)
{
    const rlm_value *amount = parsed("[1]")->first;
    char word[RLM_CAP_NAME + 2];
    rlm_value copy;

    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    begin();
    copy = *amount;
    ASSERT_STATUS(RLM_OK, rlm_record_state_price_for(&record, input, WORDS("us", "", "", ""), &copy, 0));
    copy = *amount;
    ASSERT_STATUS(RLM_OK, rlm_record_state_price_for(&record, input, WORDS(word + 1, "", "", ""), &copy, 0));
    ASSERT(record.prices.count == 2);
    copy = *amount;
    ASSERT_STATUS(RLM_OK, rlm_record_state_price_for(&record, input, WORDS(word, "", "", ""), &copy, 0));
    ASSERT(record.prices.count == 0 && !copy.taken);
    ASSERT_TEXT("a region, size or quality must have at most 64 bytes, no control characters", record.unread_price);
    begin();
    ASSERT_STATUS(RLM_OK, rlm_record_state_price_for(&record, input, WORDS("", "a\nb", "", ""), &copy, 0));
    ASSERT(record.prices.count == 0 && record.unread_price.length > 0);
    begin();
    for (int i = 0; i < 256; i++) {
        (void) snprintf(word, sizeof word, "%d", i);
        ASSERT(record.prices.count == (uint32_t) i);
        ASSERT_STATUS(RLM_OK, rlm_record_state_price_for(&record, input, WORDS("", "", word, ""), &copy, 0));
    }
    ASSERT(record.prices.count == 0);
    ASSERT_TEXT("more than 255 regions, sizes and qualities", record.unread_price);
    PASS();
}

TEST
states_what_each_key_is_the_price_of(void)
{
    static const rlm_price_key keys[] = {
        RLM_PRICE_OF_ALL("in", INPUT, 6),
        RLM_PRICE("out", OUTPUT, 6),
        RLM_PRICE("heard", TRANSCRIPTION, 0),
        {"second", RLM_METER_SPEECH, 0, 0, RLM_UNIT_SECOND},
        RLM_PRICE_END,
    };
    const rlm_price conditions = {.tier = RLM_TIER_FLEX, .threshold = 9, .from_day = 3, .minimum = 7};
    const rlm_price *list;

    begin();
    ASSERT_STATUS(
        RLM_OK, rlm_record_state_prices(&record, parsed(JSON({"in": 2e-6, "out": "0.000008", "heard": 3, "second": 4})),
                                                        keys, conditions, true));
    ASSERT(record.prices.count == 4);
    list = record.prices.list;
    for (int i = 0; i < 4; i++)
        ASSERT(list[i].tier == RLM_TIER_FLEX && list[i].threshold == 9 && list[i].from_day == 3 &&
               list[i].minimum == 7);
    ASSERT(list[0].meter == RLM_METER_INPUT && list[0].unit == RLM_UNIT_MILLION_TOKENS && list[0].coefficient == 2);
    ASSERT(list[0].covers == RLM_COVERS_MEDIA && list[1].covers == 0);
    ASSERT(list[1].meter == RLM_METER_OUTPUT && list[1].coefficient == 8 && list[1].exponent == 0);
    ASSERT(list[2].meter == RLM_METER_TRANSCRIPTION && list[2].unit == RLM_UNIT_MINUTE);
    ASSERT(list[3].meter == RLM_METER_SPEECH && list[3].unit == RLM_UNIT_SECOND);
    PASS();
}

TEST
has_thresholds_that_fit(void)
{
    static const int64_t wrong[] = {INT64_MIN, -1, 0, (int64_t) INT32_MAX + 1, INT64_MAX};
    rlm_price price = {.threshold = 7};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ASSERT(!rlm_price_above(wrong[i], &price) && price.threshold == 7);
    ASSERT(rlm_price_above(1, &price) && price.threshold == 1);
    ASSERT(rlm_price_above(INT32_MAX, &price) && price.threshold == INT32_MAX);
    PASS();
}

/* ---- Names ---- */

TEST
knows_the_meters_of_former_words(void)
{
    static const struct {
        const char *category, *direction, *unit;
        rlm_meter meter;
    } cases[] = {
        {"text_tokens", "input", "million_tokens", RLM_METER_INPUT},
        {"text_tokens", "output", "million_tokens", RLM_METER_OUTPUT},
        {"text_tokens", "cache_read_input", "million_tokens", RLM_METER_CACHE_READ},
        {"text_tokens", "cache_write_input", "million_tokens", RLM_METER_CACHE_WRITE},
        {"text_tokens", "reasoning_output", "million_tokens", RLM_METER_REASONING},
        {"audio_tokens", "input", "million_tokens", RLM_METER_AUDIO_INPUT},
        {"audio_tokens", "cache_read_input", "million_tokens", RLM_METER_AUDIO_CACHE_READ},
        {"images", "input", "million_tokens", RLM_METER_IMAGE_INPUT},
        {"images", "output", "million_tokens", RLM_METER_IMAGE_OUTPUT},
        {"images", "input", "image", RLM_METER_IMAGE_READ},
        {"images", "output", "image", RLM_METER_IMAGE},
        {"embeddings", "input", "million_tokens", RLM_METER_EMBEDDING},
        {"requests", "input", "request", RLM_METER_REQUEST},
        {"web_searches", "input", "request", RLM_METER_WEB_SEARCH},
        {"web_searches", "output", "request", RLM_METER_COUNT},
        {"text_tokens", "input", "request", RLM_METER_COUNT},
        {"embeddings", "output", "million_tokens", RLM_METER_COUNT},
        {"", "", "million_tokens", RLM_METER_COUNT},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rlm_meter meter = rlm_meter_of_former(rlm_slice_of(cases[i].category), rlm_slice_of(cases[i].direction),
                                              rlm_slice_of(cases[i].unit));

        if (meter != cases[i].meter) FAIL("%s %s: %d", cases[i].category, cases[i].direction, (int) meter);
    }
    PASS();
}

TEST
counts_units_in_what_is_metered(void)
{
    static const struct {
        rlm_meter meter;
        const char *unit;
        uint32_t size;
    } cases[] = {
        {RLM_METER_CACHE_WRITE_1H, "million_tokens", 1000000},
        {RLM_METER_CHARACTER, "million_characters", 1000000},
        {RLM_METER_TRANSCRIPTION, "minute", 60},
        {RLM_METER_VIDEO, "second", 1},
        {RLM_METER_CODE_EXECUTION, "hour", 3600},
        {RLM_METER_PAGE, "thousand_pages", 1000},
        {RLM_METER_WEB_SEARCH, "request", 1},
        {RLM_METER_STORAGE, "gigabyte_day", 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const rlm_price_unit unit = rlm_meter_units[cases[i].meter];

        ASSERT_TEXT(cases[i].unit, rlm_slice_of(rlm_price_unit_names[unit]));
        ASSERT(rlm_price_unit_sizes[unit] == cases[i].size);
    }
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    RUN(keeps_prices_in_one_order_however_they_are_stated);
    RUN(sorts_and_compares_sets);
    RUN(moves_the_point_and_leaves_out_what_is_not_a_price);
    RUN(gives_up_the_set_at_one_price_that_cannot_be_read);
    RUN(gives_up_more_prices_than_there_may_be);
    RUN(gives_new_numbers_to_words_when_one_comes_between);
    RUN(takes_no_word_from_the_price_itself);
    RUN(equal_sets_may_have_other_words);
    RUN(has_255_words_at_most);
    RUN(orders_by_every_member);
    RUN(gives_up_words_that_a_set_cannot_have);
    RUN(states_what_each_key_is_the_price_of);
    RUN(has_thresholds_that_fit);
    RUN(knows_the_meters_of_former_words);
    RUN(counts_units_in_what_is_metered);
    RUN(survives_a_lack_of_memory);
    rlm_arena_free(&arena);
    parsed_free();
    return REPORT("price");
}
