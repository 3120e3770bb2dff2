/* The names of meters and conditions, the one order of prices, and the choice among those of a set. */
#include "model/price.h"

#include "model/id_list.h"

#include <stdlib.h>
#include <string.h>

#define X(name, text) text,
const char *const rlm_price_tier_names[] = {RLM_PRICE_TIERS(X)};
const char *const rlm_price_step_names[] = {RLM_PRICE_STEPS(X)};
#undef X
#define X(name, text, size) text,
const char *const rlm_price_unit_names[] = {RLM_PRICE_UNITS(X)};
#undef X
#define X(name, text, size) size,
const uint32_t rlm_price_unit_sizes[] = {RLM_PRICE_UNITS(X)};
#undef X

#define X(name, text, unit, category, attribute) text,
const char *const rlm_meter_names[] = {RLM_METERS(X)};
#undef X
#define X(name, text, unit, category, attribute) RLM_UNIT_##unit,
const rlm_price_unit rlm_meter_units[] = {RLM_METERS(X)};
#undef X
#define X(name, text, unit, category, attribute) category,
const char *const rlm_meter_categories[] = {RLM_METERS(X)};
#undef X
#define X(name, text, unit, category, attribute) attribute,
const char *const rlm_meter_attributes[] = {RLM_METERS(X)};
#undef X

#define DAY 86400

/* ---- Order ---- */

#define DIFFER(member)                                                                                                 \
    if (a->member != b->member) return a->member < b->member ? -1 : 1

/* Words are sorted, so their positions are in the order of the texts. */
int
rlm_price_order(const rlm_price *a, const rlm_price *b)
{
    DIFFER(meter);
    DIFFER(tier);
    DIFFER(region);
    DIFFER(size);
    DIFFER(quality);
    DIFFER(threshold);
    DIFFER(from_day);
    DIFFER(until_day);
    DIFFER(weekdays);
    DIFFER(from_minute);
    DIFFER(until_minute);
    DIFFER(step);
    DIFFER(unit);
    DIFFER(coefficient);
    DIFFER(exponent);
    DIFFER(minimum);
    DIFFER(covers);
    DIFFER(stated_day);
    DIFFER(origin);
    return 0;
}

static int
by_order(const void *left, const void *right)
{
    return rlm_price_order(left, right);
}

void
rlm_prices_sort(rlm_price *prices, size_t count)
{
    if (count > 1) qsort(prices, count, sizeof *prices, by_order);
}

rlm_slice
rlm_price_word(rlm_slice words, uint8_t position)
{
    rlm_slice word = {NULL, 0};

    for (; position > 0; position--) {
        if (!rlm_id_list_next(&words, &word)) return (rlm_slice){NULL, 0};
    }
    return word;
}

static bool
same_word(const rlm_price_set *left, uint8_t one, const rlm_price_set *right, uint8_t other)
{
    return rlm_slice_equal(rlm_price_word(left->words, one), rlm_price_word(right->words, other));
}

bool
rlm_prices_equal(const rlm_price_set *left, const rlm_price_set *right)
{
    if (left->count != right->count) return false;
    for (uint32_t i = 0; i < left->count; i++) {
        rlm_price one = left->list[i], other = right->list[i];

        if (!same_word(left, one.region, right, other.region) || !same_word(left, one.size, right, other.size) ||
            !same_word(left, one.quality, right, other.quality))
            return false;
        one.region = other.region;
        one.size = other.size;
        one.quality = other.quality;
        one.origin = other.origin;
        one.stated_day = other.stated_day;
        if (rlm_price_order(&one, &other) != 0) return false;
    }
    return true;
}

/* ---- Choice ---- */

static bool
reaches(const rlm_price *price, int64_t tokens)
{
    if (price->threshold == 0) return true;
    return price->step == RLM_STEP_FROM ? tokens >= price->threshold : tokens > price->threshold;
}

/* 1970-01-01 was a Thursday. */
static bool
is_on(uint8_t weekdays, int64_t day)
{
    return weekdays == 0 || (weekdays >> ((day % 7 + 11) % 7) & 1) != 0;
}

/* What is left of a window after midnight belongs to the day on which the window began. */
bool
rlm_price_is_open(const rlm_price *price, int64_t at)
{
    int64_t day = at / DAY - (at % DAY < 0), minute = (at % DAY + (at % DAY < 0 ? DAY : 0)) / 60;

    if (price->from_day != 0 && day < price->from_day) return false;
    if (price->until_day != 0 && day >= price->until_day) return false;
    if (price->from_minute == price->until_minute) return is_on(price->weekdays, day);
    if (price->from_minute < price->until_minute)
        return minute >= price->from_minute && minute < price->until_minute && is_on(price->weekdays, day);
    if (minute >= price->from_minute) return is_on(price->weekdays, day);
    return minute < price->until_minute && is_on(price->weekdays, day - 1);
}

static bool
is_word(rlm_slice words, uint8_t position, rlm_slice asked)
{
    return position == 0 || (asked.length > 0 && rlm_slice_equal(rlm_price_word(words, position), asked));
}

/* A request that is bound to a region has a price only where one is stated for that. */
static bool
is_in(rlm_slice words, uint8_t position, rlm_slice region)
{
    if (region.length == 0) return position == 0;
    if (position == 0) return false;
    return is_word(words, position, region) || rlm_slice_is(rlm_price_word(words, position), RLM_ANY_REGION);
}

static bool
holds(const rlm_price_set *set, const rlm_price *price, const rlm_price_query *query)
{
    return price->tier == query->tier && reaches(price, query->tokens) &&
           is_in(set->words, price->region, query->region) && is_word(set->words, price->size, query->size) &&
           is_word(set->words, price->quality, query->quality) && rlm_price_is_open(price, query->at);
}

static bool
has_hours(const rlm_price *price)
{
    return price->weekdays != 0 || price->from_minute != price->until_minute;
}

/* Both hold; equally specific ones differ in nothing that anybody can ask for. */
static bool
is_more_specific(const rlm_price_set *set, const rlm_price *a, const rlm_price *b)
{
    bool any = a->region != 0 && rlm_slice_is(rlm_price_word(set->words, a->region), RLM_ANY_REGION);
    bool hours = has_hours(a), other_hours = has_hours(b);

    if (a->region != b->region) return !any;
    if ((a->size != 0) != (b->size != 0)) return a->size != 0;
    if ((a->quality != 0) != (b->quality != 0)) return a->quality != 0;
    if (a->threshold != b->threshold) return a->threshold > b->threshold;
    if (hours != other_hours) return hours;
    if (a->from_day != b->from_day) return a->from_day > b->from_day;
    return a->until_day != 0 && (b->until_day == 0 || a->until_day < b->until_day);
}

static const rlm_price *
find_own(const rlm_price_set *set, const rlm_price_query *query, rlm_meter meter)
{
    const rlm_price *best = NULL;

    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *price = &set->list[i];

        if (price->meter > meter) break; /* they are sorted */
        if (price->meter != meter || !holds(set, price, query)) continue;
        if (best == NULL || is_more_specific(set, price, best)) best = price;
    }
    return best;
}

/* What a meter without a price of its own counts as, if that one's price covers it; 0: it always does. */
typedef struct {
    rlm_meter as;
    uint8_t if_covers;
} fallback;

static fallback
fallback_of(rlm_meter meter)
{
    switch (meter) {
    case RLM_METER_CACHE_READ:
    case RLM_METER_CACHE_WRITE:
        return (fallback){RLM_METER_INPUT, RLM_COVERS_CACHE};
    case RLM_METER_CACHE_WRITE_1H:
    case RLM_METER_CACHE_WRITE_EXTENDED:
        return (fallback){RLM_METER_CACHE_WRITE, RLM_COVERS_CACHE};
    case RLM_METER_REASONING:
        return (fallback){RLM_METER_OUTPUT, 0};
    case RLM_METER_CITATION:
    case RLM_METER_AUDIO_OUTPUT:
    case RLM_METER_IMAGE_OUTPUT:
    case RLM_METER_VIDEO_OUTPUT:
        return (fallback){RLM_METER_OUTPUT, RLM_COVERS_MEDIA};
    case RLM_METER_AUDIO_INPUT:
    case RLM_METER_IMAGE_INPUT:
    case RLM_METER_VIDEO_INPUT:
        return (fallback){RLM_METER_INPUT, RLM_COVERS_MEDIA};
    case RLM_METER_AUDIO_CACHE_READ:
    case RLM_METER_IMAGE_CACHE_READ:
    case RLM_METER_VIDEO_CACHE_READ:
        return (fallback){RLM_METER_CACHE_READ, RLM_COVERS_MEDIA};
    case RLM_METER_AUDIO_CACHE_WRITE:
        return (fallback){RLM_METER_CACHE_WRITE, RLM_COVERS_MEDIA};
    default:
        return (fallback){RLM_METER_COUNT, 0};
    }
}

uint8_t
rlm_meter_covered_as(rlm_meter meter)
{
    uint8_t kinds = 0;

    for (fallback next = fallback_of(meter); next.as != RLM_METER_COUNT; next = fallback_of(next.as))
        kinds |= next.if_covers;
    return kinds;
}

bool
rlm_meter_falls_back(rlm_meter meter)
{
    return fallback_of(meter).as != RLM_METER_COUNT;
}

/* Some lists have a price of embeddings under that name, the others under input. */
static const rlm_price *
find_embedding(const rlm_price_set *set, const rlm_price_query *query)
{
    if (query->meter == RLM_METER_INPUT) return find_own(set, query, RLM_METER_EMBEDDING);
    if (query->meter == RLM_METER_EMBEDDING) return find_own(set, query, RLM_METER_INPUT);
    return NULL;
}

const rlm_price *
rlm_prices_find(const rlm_price_set *set, const rlm_price_query *query)
{
    const rlm_price *found = find_own(set, query, query->meter);
    uint8_t needed = 0;

    for (fallback next = fallback_of(query->meter); found == NULL && next.as != RLM_METER_COUNT;
         next = fallback_of(next.as)) {
        needed |= next.if_covers;
        found = find_own(set, query, next.as);
        if (found != NULL && (found->covers & needed) != needed) return NULL;
    }
    return found != NULL ? found : find_embedding(set, query);
}

const rlm_price *
rlm_prices_own(const rlm_price_set *set, const rlm_price_query *query)
{
    const rlm_price *found = find_own(set, query, query->meter);

    return found != NULL && found->unit == RLM_UNIT_MILLION_TOKENS ? found : NULL;
}

bool
rlm_prices_timed(const rlm_price_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (has_hours(&set->list[i]) || set->list[i].from_day != 0 || set->list[i].until_day != 0) return true;
    }
    return false;
}

/* ---- Before there were meters ---- */

rlm_meter
rlm_meter_of_former(rlm_slice category, rlm_slice direction, rlm_slice unit)
{
    static const struct {
        const char *category, *direction, *unit;
        rlm_meter meter;
    } others[] = {
        {"images", "input", "image", RLM_METER_IMAGE_READ},
        {"images", "output", "image", RLM_METER_IMAGE},
        {"requests", "input", "request", RLM_METER_REQUEST},
        {"web_searches", "input", "request", RLM_METER_WEB_SEARCH},
    };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (rlm_slice_is(category, others[i].category) && rlm_slice_is(direction, others[i].direction) &&
            rlm_slice_is(unit, others[i].unit))
            return others[i].meter;
    }
    for (int i = 0; i < RLM_METER_COUNT && rlm_slice_is(unit, "million_tokens"); i++) {
        if (*rlm_meter_categories[i] != '\0' && rlm_slice_is(category, rlm_meter_categories[i]) &&
            rlm_slice_is(direction, rlm_meter_attributes[i]))
            return (rlm_meter) i;
    }
    return RLM_METER_COUNT;
}
