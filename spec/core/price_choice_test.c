/* The choice among the prices of a set: the most specific one that holds, of the meter itself or of what covers it. */
#include "base/caps.h"
#include "model/price.h"
#include "test.h"

#define NEW_YEAR 1767225600 /* 2026-01-01 00:00 UTC, a Thursday */
#define NEW_YEAR_DAY 20454  /* NEW_YEAR / 86400 */
#define DAY 86400
#define AT(hour, minute, second) ((hour) *3600 + (minute) *60 + (second))
#define MINUTE(hour, minute) ((hour) *60 + (minute))

static rlm_arena arena;
static rlm_price_set set;

static void
begin(void)
{
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    set = (rlm_price_set){.list = NULL};
}

/* Add a price of that many dollars. */
static bool
put_for(int dollars, rlm_price price, const char *region, const char *size, const char *quality)
{
    const rlm_price_words words = {rlm_slice_of(region), rlm_slice_of(size), rlm_slice_of(quality), {NULL, 0}};

    price.coefficient = dollars;
    return rlm_prices_add_with_words(&set, price, &words, &arena) == RLM_OK;
}

#define PUT_FOR(dollars, region, size, quality, ...)                                                                   \
    ASSERT(put_for(dollars, (rlm_price){.coefficient = 0, __VA_ARGS__}, region, size, quality))
#define PUT(dollars, ...) PUT_FOR(dollars, "", "", "", __VA_ARGS__)

/* The dollars that are found, or -1. */
static int
found(rlm_price_query query)
{
    const rlm_price *price = rlm_prices_find(&set, &query);

    return price == NULL ? -1 : (int) price->coefficient;
}

#define ASSERT_FOUND(dollars, ...)                                                                                     \
    do {                                                                                                               \
        int got_ = found((rlm_price_query){__VA_ARGS__});                                                              \
        if (got_ != (dollars)) FAIL("%s finds %d, not %d", #__VA_ARGS__, got_, (dollars));                             \
    } while (0)

#define ASSERT_FOUND_AT(dollars, seconds) ASSERT_FOUND(dollars, .at = (seconds))
#define ASSERT_METER(dollars, name) ASSERT_FOUND(dollars, .meter = RLM_METER_##name)

/* A discount is no price of other tiers, and the standard price none of theirs. */
TEST
stays_in_its_tier(void)
{
    begin();
    ASSERT_FOUND(-1, .tokens = 0);
    PUT(10, .tier = RLM_TIER_STANDARD);
    PUT(5, .tier = RLM_TIER_BATCH);
    PUT(20, .tier = RLM_TIER_PRIORITY);
    ASSERT_FOUND(10, .tier = RLM_TIER_STANDARD);
    ASSERT_FOUND(5, .tier = RLM_TIER_BATCH);
    ASSERT_FOUND(20, .tier = RLM_TIER_PRIORITY);
    ASSERT_FOUND(-1, .tier = RLM_TIER_FLEX);
    PASS();
}

/* A request that is bound to a region has no price where none is stated for that. */
TEST
takes_the_regions_own_price_before_that_of_any_region(void)
{
    begin();
    PUT(10, .meter = RLM_METER_INPUT);
    ASSERT_FOUND(-1, .region = RLM_SLICE("us"));
    PUT_FOR(12, "us", "", "", .meter = RLM_METER_INPUT);
    ASSERT_FOUND(10, .tokens = 0);
    ASSERT_FOUND(12, .region = RLM_SLICE("us"));
    ASSERT_FOUND(-1, .region = RLM_SLICE("eu"));
    PUT_FOR(11, RLM_ANY_REGION, "", "", .meter = RLM_METER_INPUT);
    ASSERT_FOUND(10, .tokens = 0);
    ASSERT_FOUND(12, .region = RLM_SLICE("us"));
    ASSERT_FOUND(11, .region = RLM_SLICE("eu"));
    /* The region comes before all other conditions. */
    PUT_FOR(22, RLM_ANY_REGION, "", "", .threshold = 200000);
    ASSERT_FOUND(12, .region = RLM_SLICE("us"), .tokens = 300000);
    ASSERT_FOUND(22, .region = RLM_SLICE("eu"), .tokens = 300000);
    PASS();
}

TEST
takes_the_highest_step_that_the_request_reaches(void)
{
    static const rlm_price_step steps[] = {RLM_STEP_ABOVE, RLM_STEP_MARGINAL};

    for (size_t i = 0; i < 2; i++) {
        begin();
        PUT(4, .threshold = 500000, .step = (uint8_t) steps[i]);
        PUT(1, .threshold = 0);
        PUT(2, .threshold = 200000, .step = (uint8_t) steps[i]);
        ASSERT_FOUND(1, .tokens = 0);
        ASSERT_FOUND(1, .tokens = 199999);
        ASSERT_FOUND(1, .tokens = 200000);
        ASSERT_FOUND(2, .tokens = 200001);
        ASSERT_FOUND(2, .tokens = 500000);
        ASSERT_FOUND(4, .tokens = 500001);
        ASSERT_FOUND(4, .tokens = INT64_MAX);
    }
    begin();
    PUT(1, .threshold = 0);
    PUT(2, .threshold = 128000, .step = RLM_STEP_FROM);
    ASSERT_FOUND(1, .tokens = 127999);
    ASSERT_FOUND(2, .tokens = 128000);
    ASSERT_FOUND(2, .tokens = 128001);
    begin();
    PUT(2, .threshold = 128000);
    ASSERT_FOUND(-1, .tokens = 128000); /* nobody says what less costs */
    PASS();
}

TEST
changes_at_midnight_utc(void)
{
    begin();
    PUT(1, .until_day = NEW_YEAR_DAY);
    PUT(2, .from_day = NEW_YEAR_DAY, .until_day = NEW_YEAR_DAY + 31);
    PUT(3, .from_day = NEW_YEAR_DAY + 31);
    ASSERT_FOUND_AT(1, -1);
    ASSERT_FOUND_AT(1, 0);
    ASSERT_FOUND_AT(1, NEW_YEAR - 1);
    ASSERT_FOUND_AT(2, NEW_YEAR);
    ASSERT_FOUND_AT(2, NEW_YEAR + 31 * DAY - 1);
    ASSERT_FOUND_AT(3, NEW_YEAR + 31 * DAY);
    ASSERT_FOUND_AT(3, INT64_MAX);
    begin();
    PUT(9, .from_day = 0); /* of any day: where no dated one holds */
    PUT(1, .from_day = NEW_YEAR_DAY, .until_day = NEW_YEAR_DAY + 2);
    PUT(2, .from_day = NEW_YEAR_DAY + 1, .until_day = NEW_YEAR_DAY + 2);
    PUT(3, .until_day = NEW_YEAR_DAY - 10);
    ASSERT_FOUND_AT(3, NEW_YEAR - 10 * DAY - 1);
    ASSERT_FOUND_AT(9, NEW_YEAR - 10 * DAY);
    ASSERT_FOUND_AT(9, NEW_YEAR - 1);
    ASSERT_FOUND_AT(1, NEW_YEAR);
    ASSERT_FOUND_AT(2, NEW_YEAR + DAY); /* the one that began last */
    ASSERT_FOUND_AT(9, NEW_YEAR + 2 * DAY);
    ASSERT_FOUND_AT(3, INT64_MIN);
    PASS();
}

TEST
holds_from_the_first_second_of_its_hours_to_the_last(void)
{
    begin();
    PUT(2, .from_minute = 0);
    PUT(1, .from_minute = MINUTE(0, 30), .until_minute = MINUTE(8, 30));
    ASSERT_FOUND_AT(2, NEW_YEAR + AT(0, 29, 59));
    ASSERT_FOUND_AT(1, NEW_YEAR + AT(0, 30, 0));
    ASSERT_FOUND_AT(1, NEW_YEAR + AT(8, 29, 59));
    ASSERT_FOUND_AT(2, NEW_YEAR + AT(8, 30, 0));
    ASSERT_FOUND_AT(2, NEW_YEAR + AT(23, 59, 59));
    ASSERT_FOUND_AT(1, -DAY + AT(8, 29, 59)); /* the day before 1970 */
    ASSERT_FOUND_AT(2, -DAY + AT(8, 30, 0));

    /* Past midnight, and until it. */
    begin();
    PUT(2, .from_minute = 0);
    PUT(1, .from_minute = MINUTE(22, 0), .until_minute = MINUTE(2, 0));
    ASSERT_FOUND_AT(2, NEW_YEAR + AT(21, 59, 59));
    ASSERT_FOUND_AT(1, NEW_YEAR + AT(22, 0, 0));
    ASSERT_FOUND_AT(1, NEW_YEAR + AT(23, 59, 59));
    ASSERT_FOUND_AT(1, NEW_YEAR + DAY);
    ASSERT_FOUND_AT(1, NEW_YEAR + DAY + AT(1, 59, 59));
    ASSERT_FOUND_AT(2, NEW_YEAR + DAY + AT(2, 0, 0));
    for (uint16_t end = 0; end <= RLM_MINUTES_OF_DAY; end += RLM_MINUTES_OF_DAY) {
        begin();
        PUT(2, .from_minute = 0);
        PUT(1, .from_minute = MINUTE(22, 0), .until_minute = end);
        ASSERT_FOUND_AT(2, NEW_YEAR + AT(21, 59, 59));
        ASSERT_FOUND_AT(1, NEW_YEAR + AT(23, 59, 59));
        ASSERT_FOUND_AT(2, NEW_YEAR + DAY);
    }
    PASS();
}

#define FRIDAY (NEW_YEAR + 1 * DAY)
#define SATURDAY (NEW_YEAR + 2 * DAY)
#define SUNDAY (NEW_YEAR + 3 * DAY)
#define MONDAY (NEW_YEAR + 4 * DAY)
#define FROM_MONDAY_TO_FRIDAY 0x3E
#define WEEKEND 0x41

TEST
counts_what_is_left_after_midnight_to_the_day_before(void)
{
    begin();
    PUT(2, .from_minute = 0);
    PUT(1, .weekdays = FROM_MONDAY_TO_FRIDAY, .from_minute = MINUTE(16, 30), .until_minute = MINUTE(0, 30));
    ASSERT_FOUND_AT(2, FRIDAY + AT(16, 29, 59));
    ASSERT_FOUND_AT(1, FRIDAY + AT(16, 30, 0));
    ASSERT_FOUND_AT(1, SATURDAY + AT(0, 29, 59)); /* Friday's */
    ASSERT_FOUND_AT(2, SATURDAY + AT(0, 30, 0));
    ASSERT_FOUND_AT(2, SATURDAY + AT(16, 30, 0));
    ASSERT_FOUND_AT(2, MONDAY + AT(0, 10, 0)); /* Sunday's would be left */
    ASSERT_FOUND_AT(1, MONDAY + AT(16, 30, 0));

    begin();
    PUT(2, .from_minute = 0);
    PUT(1, .weekdays = WEEKEND);
    ASSERT_FOUND_AT(2, SATURDAY - 1);
    ASSERT_FOUND_AT(1, SATURDAY);
    ASSERT_FOUND_AT(1, SUNDAY);
    ASSERT_FOUND_AT(1, MONDAY - 1);
    ASSERT_FOUND_AT(2, MONDAY);
    ASSERT_FOUND_AT(2, -1); /* 1969-12-31 was a Wednesday, 1969-12-28 a Sunday */
    ASSERT_FOUND_AT(1, -3 * DAY - 1);
    ASSERT_FOUND_AT(2, -3 * DAY);

    /* Hours without a minute's end on the day that they name. */
    begin();
    PUT(1, .weekdays = 0x20, .from_minute = MINUTE(9, 0), .until_minute = MINUTE(17, 0));
    ASSERT_FOUND_AT(1, FRIDAY + AT(9, 0, 0));
    ASSERT_FOUND_AT(-1, SATURDAY + AT(9, 0, 0));
    PASS();
}

/* Hours are more specific than days, length than hours. */
TEST
orders_conditions_by_how_specific_they_are(void)
{
    begin();
    PUT(1, .from_minute = 0);
    PUT(2, .from_day = NEW_YEAR_DAY);
    PUT(3, .from_minute = MINUTE(0, 0), .until_minute = MINUTE(1, 0));
    ASSERT_FOUND_AT(3, NEW_YEAR);
    ASSERT_FOUND_AT(2, NEW_YEAR + AT(1, 0, 0));
    ASSERT_FOUND_AT(1, NEW_YEAR - AT(1, 0, 0));
    PUT(4, .threshold = 10);
    ASSERT_FOUND(4, .tokens = 11, .at = NEW_YEAR);
    PUT(5, .threshold = 10, .from_minute = MINUTE(0, 0), .until_minute = MINUTE(1, 0));
    ASSERT_FOUND(5, .tokens = 11, .at = NEW_YEAR);
    PUT(6, .from_day = NEW_YEAR_DAY, .from_minute = MINUTE(0, 0), .until_minute = MINUTE(1, 0));
    ASSERT_FOUND_AT(6, NEW_YEAR);
    PASS();
}

TEST
takes_size_and_quality_where_they_are_stated(void)
{
    const rlm_slice large = RLM_SLICE("1024x1024"), small = RLM_SLICE("512x512"), hd = RLM_SLICE("hd");

    begin();
    PUT_FOR(7, "", "1024x1024", "", .meter = RLM_METER_IMAGE);
    ASSERT_FOUND(-1, .meter = RLM_METER_IMAGE);
    ASSERT_FOUND(-1, .meter = RLM_METER_IMAGE, .size = small);
    ASSERT_FOUND(7, .meter = RLM_METER_IMAGE, .size = large);
    ASSERT_FOUND(7, .meter = RLM_METER_IMAGE, .size = large, .quality = hd);
    PUT(4, .meter = RLM_METER_IMAGE);
    PUT_FOR(8, "", "", "hd", .meter = RLM_METER_IMAGE);
    PUT_FOR(9, "", "1024x1024", "hd", .meter = RLM_METER_IMAGE);
    ASSERT_FOUND(4, .meter = RLM_METER_IMAGE);
    ASSERT_FOUND(4, .meter = RLM_METER_IMAGE, .size = small);
    ASSERT_FOUND(7, .meter = RLM_METER_IMAGE, .size = large);
    ASSERT_FOUND(8, .meter = RLM_METER_IMAGE, .size = small, .quality = hd);
    ASSERT_FOUND(9, .meter = RLM_METER_IMAGE, .size = large, .quality = hd);
    PASS();
}

/* ---- What has no price of its own ---- */

TEST
covers_only_what_a_price_is_stated_for(void)
{
    static const struct {
        uint8_t covers;
        int media, cache, both;
    } cases[] = {
        {0, -1, -1, -1}, {RLM_COVERS_MEDIA, 1, -1, -1}, {RLM_COVERS_CACHE, -1, 1, -1}, {RLM_COVERS_ALL, 1, 1, 1}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        PUT(1, .meter = RLM_METER_INPUT, .covers = cases[i].covers);
        ASSERT_METER(1, INPUT);
        ASSERT_METER(cases[i].media, AUDIO_INPUT);
        ASSERT_METER(cases[i].media, IMAGE_INPUT);
        ASSERT_METER(cases[i].media, VIDEO_INPUT);
        ASSERT_METER(cases[i].cache, CACHE_READ);
        ASSERT_METER(cases[i].cache, CACHE_WRITE);
        ASSERT_METER(cases[i].cache, CACHE_WRITE_1H);
        ASSERT_METER(cases[i].cache, CACHE_WRITE_EXTENDED);
        ASSERT_METER(cases[i].both, AUDIO_CACHE_READ);
        ASSERT_METER(cases[i].both, AUDIO_CACHE_WRITE);
        ASSERT_METER(cases[i].both, IMAGE_CACHE_READ);
        ASSERT_METER(cases[i].both, VIDEO_CACHE_READ);
        ASSERT_METER(-1, OUTPUT);
        ASSERT_METER(-1, REASONING);
        ASSERT_METER(-1, REQUEST);
        ASSERT_METER(-1, WEB_SEARCH);
        ASSERT_METER(-1, IMAGE_READ);
    }
    PASS();
}

TEST
stops_at_the_first_price_on_the_way(void)
{
    begin();
    PUT(1, .meter = RLM_METER_INPUT, .covers = RLM_COVERS_ALL);
    PUT(2, .meter = RLM_METER_CACHE_READ);
    PUT(3, .meter = RLM_METER_CACHE_WRITE);
    ASSERT_METER(2, CACHE_READ);
    ASSERT_METER(-1, AUDIO_CACHE_READ); /* not 1: what is read from the cache has a price, which does not cover it */
    ASSERT_METER(-1, CACHE_WRITE_1H);
    ASSERT_METER(1, IMAGE_INPUT);
    begin();
    PUT(2, .meter = RLM_METER_CACHE_READ, .covers = RLM_COVERS_MEDIA);
    PUT(3, .meter = RLM_METER_CACHE_WRITE, .covers = RLM_COVERS_CACHE);
    PUT(7, .meter = RLM_METER_VIDEO_CACHE_READ);
    ASSERT_METER(2, AUDIO_CACHE_READ);
    ASSERT_METER(7, VIDEO_CACHE_READ);
    ASSERT_METER(3, CACHE_WRITE_1H);
    ASSERT_METER(3, CACHE_WRITE_EXTENDED);
    ASSERT_METER(-1, AUDIO_CACHE_WRITE);
    ASSERT_METER(-1, INPUT); /* never the other way */
    PUT(6, .meter = RLM_METER_CACHE_WRITE_1H);
    ASSERT_METER(6, CACHE_WRITE_1H);
    ASSERT_METER(3, CACHE_WRITE_EXTENDED);
    PASS();
}

/* Tokens of reasoning are tokens of output, unless a list says otherwise. */
TEST
counts_reasoning_as_output_and_media_only_where_covered(void)
{
    begin();
    PUT(8, .meter = RLM_METER_OUTPUT);
    ASSERT_METER(8, REASONING);
    ASSERT_METER(-1, CITATION);
    ASSERT_METER(-1, AUDIO_OUTPUT);
    PUT(4, .meter = RLM_METER_OUTPUT, .tier = RLM_TIER_BATCH, .covers = RLM_COVERS_MEDIA);
    ASSERT_FOUND(4, .meter = RLM_METER_REASONING, .tier = RLM_TIER_BATCH);
    ASSERT_FOUND(4, .meter = RLM_METER_CITATION, .tier = RLM_TIER_BATCH);
    ASSERT_FOUND(4, .meter = RLM_METER_AUDIO_OUTPUT, .tier = RLM_TIER_BATCH);
    ASSERT_FOUND(4, .meter = RLM_METER_IMAGE_OUTPUT, .tier = RLM_TIER_BATCH);
    ASSERT_FOUND(4, .meter = RLM_METER_VIDEO_OUTPUT, .tier = RLM_TIER_BATCH);
    PUT(9, .meter = RLM_METER_REASONING);
    ASSERT_METER(9, REASONING);
    PASS();
}

TEST
reads_embeddings_as_input_and_input_as_embeddings(void)
{
    begin();
    PUT(1, .meter = RLM_METER_INPUT);
    ASSERT_METER(1, EMBEDDING);
    begin();
    PUT(2, .meter = RLM_METER_EMBEDDING);
    ASSERT_METER(2, INPUT);
    ASSERT_METER(-1, CACHE_READ);
    ASSERT_METER(-1, OUTPUT);
    PUT(1, .meter = RLM_METER_INPUT);
    ASSERT_METER(1, INPUT);
    ASSERT_METER(2, EMBEDDING);
    PASS();
}

/* What lists and tables show. */
TEST
shows_only_a_meters_own_price_of_a_million_tokens(void)
{
    rlm_price_query query = {.meter = RLM_METER_INPUT};

    begin();
    PUT(1, .meter = RLM_METER_INPUT, .covers = RLM_COVERS_ALL);
    PUT(2, .meter = RLM_METER_IMAGE, .unit = RLM_UNIT_IMAGE);
    ASSERT(rlm_prices_own(&set, &query) == &set.list[0]);
    query.meter = RLM_METER_CACHE_READ;
    ASSERT(rlm_prices_own(&set, &query) == NULL);
    query.meter = RLM_METER_EMBEDDING;
    ASSERT(rlm_prices_own(&set, &query) == NULL);
    query.meter = RLM_METER_IMAGE;
    ASSERT(rlm_prices_own(&set, &query) == NULL);
    PASS();
}

TEST
knows_whether_time_matters(void)
{
    static const rlm_price timed[] = {{.from_day = 1},
                                      {.until_day = 1},
                                      {.weekdays = 1},
                                      {.from_minute = 1},
                                      {.until_minute = RLM_MINUTES_OF_DAY}},
                           always = {.threshold = 1, .stated_day = 1, .minimum = 1};

    begin();
    ASSERT(!rlm_prices_timed(&set));
    ASSERT_STATUS(RLM_OK, rlm_prices_add(&set, always, &arena));
    ASSERT(!rlm_prices_timed(&set));
    for (size_t i = 0; i < sizeof timed / sizeof *timed; i++) {
        begin();
        ASSERT_STATUS(RLM_OK, rlm_prices_add(&set, always, &arena));
        ASSERT_STATUS(RLM_OK, rlm_prices_add(&set, timed[i], &arena));
        ASSERT(rlm_prices_timed(&set));
    }
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    RUN(stays_in_its_tier);
    RUN(takes_the_regions_own_price_before_that_of_any_region);
    RUN(takes_the_highest_step_that_the_request_reaches);
    RUN(changes_at_midnight_utc);
    RUN(holds_from_the_first_second_of_its_hours_to_the_last);
    RUN(counts_what_is_left_after_midnight_to_the_day_before);
    RUN(orders_conditions_by_how_specific_they_are);
    RUN(takes_size_and_quality_where_they_are_stated);
    RUN(covers_only_what_a_price_is_stated_for);
    RUN(stops_at_the_first_price_on_the_way);
    RUN(counts_reasoning_as_output_and_media_only_where_covered);
    RUN(reads_embeddings_as_input_and_input_as_embeddings);
    RUN(shows_only_a_meters_own_price_of_a_million_tokens);
    RUN(knows_whether_time_matters);
    rlm_arena_free(&arena);
    return REPORT("price_choice");
}
