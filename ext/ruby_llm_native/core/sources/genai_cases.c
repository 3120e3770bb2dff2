/*
 * A case is a set of prices and when it holds: from a day on, and at certain hours. The last case that holds counts,
 * whole: a price that it lacks has no price then, even if an earlier case has one.
 *
 * So time is cut at every day and minute where a case begins or ends, and each piece gets the prices of its case, with
 * the piece as the condition. Where no case holds, the first one counts, as with the library of the list's makers.
 */
#include "sources/genai_cases.h"

#include "base/caps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400

/* A more specific count is taken out of the general one and has that one's price unless it has its own. */
#define OF_TOKENS(key, meter)                                                                                          \
    {                                                                                                                  \
        key, RLM_METER_##meter, RLM_COVERS_ALL, 0, RLM_UNIT_OF_METER                                                   \
    }

static const rlm_price_key known[] = {
    OF_TOKENS("input_mtok", INPUT),
    OF_TOKENS("output_mtok", OUTPUT),
    OF_TOKENS("cache_read_mtok", CACHE_READ),
    OF_TOKENS("cache_write_mtok", CACHE_WRITE),
    OF_TOKENS("cache_write_1h_mtok", CACHE_WRITE_1H),
    OF_TOKENS("input_audio_mtok", AUDIO_INPUT),
    OF_TOKENS("output_audio_mtok", AUDIO_OUTPUT),
    OF_TOKENS("cache_audio_read_mtok", AUDIO_CACHE_READ),
    OF_TOKENS("input_image_mtok", IMAGE_INPUT),
    OF_TOKENS("cache_image_read_mtok", IMAGE_CACHE_READ),
    OF_TOKENS("output_image_mtok", IMAGE_OUTPUT),
    OF_TOKENS("input_video_mtok", VIDEO_INPUT),
    OF_TOKENS("output_video_mtok", VIDEO_OUTPUT),
    OF_TOKENS("output_reasoning_mtok", REASONING),
    OF_TOKENS("output_citation_mtok", CITATION),
    RLM_PRICE("web_searches_kcount", WEB_SEARCH, -3),
    RLM_PRICE("requests_kcount", REQUEST, -3),
};

static rlm_status
give_up(rlm_record *model, const rlm_value *member, const char *what)
{
    rlm_error why; /* cut where a character ends */

    (void) rlm_error_set(&why, RLM_BAD_NUMBER, "%.*s %s", (int) member->key.length,
                         member->key.length > 0 ? member->key.bytes : "", what);
    return rlm_record_give_up_prices(model, why.message);
}

/* ---- One set ---- */

/* Whether an object has no members but those two. */
static bool
has_only(const rlm_value *object, const char *one, const char *other)
{
    if (object->kind != RLM_OBJECT) return false;
    RLM_EACH (member, object) {
        if (!rlm_slice_is(member->key, one) && !rlm_slice_is(member->key, other)) return false;
    }
    return true;
}

static bool
is_stated_before(const rlm_value *tiers, const rlm_value *tier, int64_t start)
{
    int64_t other;

    RLM_EACH (each, tiers) {
        if (each == tier) return false;
        if (rlm_value_integer(rlm_value_get(each, "start"), &other) && other == start) return true;
    }
    return false;
}

/* {base, tiers: [{start, price}]}: the price of the whole request, by its tokens of input. */
static rlm_status
state_tiers(rlm_record *model, const rlm_value *stated, rlm_price price, int shift)
{
    const rlm_value *tiers = rlm_value_get(stated, "tiers");
    rlm_value *base = rlm_value_get(stated, "base");
    size_t count = 0;

    if (!has_only(stated, "base", "tiers") || !rlm_value_says_something(base) || tiers == NULL ||
        tiers->kind != RLM_ARRAY)
        return give_up(model, stated, "must have base and tiers, and nothing else");
    RLM_TRY(rlm_record_state_price(model, price, base, shift));
    RLM_EACH (tier, tiers) {
        rlm_price above = price;
        int64_t start;

        if (++count > RLM_CAP_PRICES || !has_only(tier, "start", "price") ||
            !rlm_value_says_something(rlm_value_get(tier, "price")) ||
            !rlm_value_integer(rlm_value_get(tier, "start"), &start) || !rlm_price_above(start, &above) ||
            is_stated_before(tiers, tier, start))
            return give_up(model, stated, "must have tiers of one start and one price each");
        RLM_TRY(rlm_record_state_price(model, above, rlm_value_get(tier, "price"), shift));
    }
    return RLM_OK;
}

static const rlm_price_key *
find_key(rlm_slice key)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (rlm_slice_is(key, known[i].key)) return &known[i];
    }
    return NULL;
}

static rlm_status
state_set(rlm_record *model, const rlm_value *set, rlm_price price)
{
    RLM_EACH (stated, set) {
        const rlm_price_key *key = find_key(stated->key);

        if (model->unread_price.length > 0) return RLM_OK;
        if (stated->kind == RLM_NULL) continue;
        if (key == NULL) return give_up(model, stated, "is not a price that is known here");
        price.meter = key->meter;
        price.unit = (uint8_t) rlm_meter_units[key->meter];
        price.covers = key->covers;
        if (stated->kind == RLM_OBJECT) RLM_TRY(state_tiers(model, stated, price, key->shift));
        else RLM_TRY(rlm_record_state_price(model, price, stated, key->shift));
    }
    return RLM_OK;
}

/* ---- When a set holds ---- */

typedef struct {
    const rlm_value *set;
    uint16_t from_day;                  /* 0: ever since */
    uint16_t from_minute, until_minute; /* of each day, past midnight if the first is later */
    bool timed;                         /* else all day */
} price_case;

typedef struct {
    price_case list[RLM_CAP_PRICE_CASES];
    size_t count;
} price_cases;

static bool
read_day(const rlm_value *date, uint16_t *day)
{
    rlm_timestamp read;

    if (rlm_timestamp_parse(rlm_value_text(date), &read) != RLM_OK || read.precision != RLM_PRECISION_DAY) return false;
    if (read.seconds / DAY > UINT16_MAX) return false;
    *day = (uint16_t) (read.seconds > 0 ? read.seconds / DAY : 0);
    return true;
}

/* "16:30:00Z", or with an offset, as a minute of the day in UTC. */
static bool
read_minute(const rlm_value *time, uint16_t *minute)
{
    const rlm_slice written = rlm_value_text(time);
    char text[64];
    rlm_timestamp read;

    if (written.length == 0 || written.length > 32) return false;
    (void) snprintf(text, sizeof text, "2000-01-02T%.*s", (int) written.length, written.bytes);
    if (rlm_timestamp_parse(rlm_slice_of(text), &read) != RLM_OK || read.precision != RLM_PRECISION_SECOND)
        return false;
    if (read.seconds % 60 != 0) return false;
    *minute = (uint16_t) (read.seconds / 60 % RLM_MINUTES_OF_DAY);
    return true;
}

static rlm_status
read_constraint(rlm_record *model, const rlm_value *constraint, price_case *into)
{
    uint16_t *minute;

    if (constraint != NULL && constraint->kind != RLM_OBJECT && rlm_value_says_something(constraint))
        return give_up(model, constraint, "must be an object");
    RLM_EACH (member, constraint) {
        if (member->kind == RLM_NULL) continue;
        if (rlm_slice_is(member->key, "start_date")) {
            if (read_day(member, &into->from_day)) continue;
            return give_up(model, member, "must be a day, such as 2026-07-01");
        }
        if (rlm_slice_is(member->key, "start_time")) minute = &into->from_minute;
        else if (rlm_slice_is(member->key, "end_time")) minute = &into->until_minute;
        else return give_up(model, member, "is not a condition that is known here");
        if (!read_minute(member, minute)) return give_up(model, member, "must be a whole minute, such as 16:30:00Z");
        into->timed = true;
    }
    if (!into->timed || (rlm_value_says_something(rlm_value_get(constraint, "start_time")) &&
                         rlm_value_says_something(rlm_value_get(constraint, "end_time"))))
        return RLM_OK;
    return give_up(model, constraint, "must have start_time and end_time, or neither");
}

static rlm_status
read_case(rlm_record *model, const rlm_value *list, const rlm_value *stated, price_case *into)
{
    memset(into, 0, sizeof *into);
    into->set = rlm_value_get(stated, "prices");
    if (!has_only(stated, "constraint", "prices") || into->set == NULL || into->set->kind != RLM_OBJECT)
        return give_up(model, list, "must be sets of prices, each with no more than a constraint beside it");
    return read_constraint(model, rlm_value_get(stated, "constraint"), into);
}

static bool
holds(const price_case *this, uint16_t day, uint16_t minute)
{
    if (this->from_day > day) return false;
    if (!this->timed) return true;
    if (this->from_minute <= this->until_minute) return minute >= this->from_minute && minute < this->until_minute;
    return minute >= this->from_minute || minute < this->until_minute;
}

static const price_case *
case_at(const price_cases *all, uint16_t day, uint16_t minute)
{
    for (size_t i = all->count; i-- > 0;) {
        if (holds(&all->list[i], day, minute)) return &all->list[i];
    }
    return &all->list[0];
}

/* ---- The pieces of time ---- */

typedef struct {
    uint16_t list[2 * RLM_CAP_PRICE_CASES + 1];
    size_t count;
} cuts;

static int
by_number(const void *left, const void *right)
{
    return *(const uint16_t *) left - *(const uint16_t *) right;
}

/* In order, each once. */
static void
arrange(cuts *all)
{
    size_t kept = 0;

    qsort(all->list, all->count, sizeof *all->list, by_number);
    for (size_t i = 0; i < all->count; i++) {
        if (kept == 0 || all->list[kept - 1] != all->list[i]) all->list[kept++] = all->list[i];
    }
    all->count = kept;
}

/* From the day of `price` on until its other day, through the pieces of each day. */
static rlm_status
state_day(rlm_record *model, const price_cases *all, rlm_price price)
{
    cuts minutes = {.count = 0};
    size_t first = 0;

    for (size_t i = 0; i < all->count; i++) {
        if (!all->list[i].timed || all->list[i].from_day > price.from_day) continue;
        minutes.list[minutes.count++] = all->list[i].from_minute;
        minutes.list[minutes.count++] = all->list[i].until_minute;
    }
    arrange(&minutes);
#define CASE_AT(cut) case_at(all, price.from_day, minutes.list[(cut) % minutes.count])
    while (first + 1 < minutes.count && CASE_AT(first) == CASE_AT(first + minutes.count - 1)) first++;
    if (minutes.count < 2 || CASE_AT(first) == CASE_AT(first + minutes.count - 1))
        return state_set(model, case_at(all, price.from_day, 0)->set, price);
    for (size_t cut = first, end; cut < first + minutes.count; cut = end) {
        for (end = cut + 1; end < first + minutes.count && CASE_AT(end) == CASE_AT(cut);) end++;
        price.from_minute = minutes.list[cut % minutes.count];
        price.until_minute = minutes.list[end % minutes.count];
        RLM_TRY(state_set(model, CASE_AT(cut)->set, price));
    }
#undef CASE_AT
    return RLM_OK;
}

static rlm_status
state_cases(rlm_record *model, const price_cases *all, rlm_price price)
{
    cuts days = {.list = {0}, .count = 1};

    for (size_t i = 0; i < all->count; i++) days.list[days.count++] = all->list[i].from_day;
    arrange(&days);
    for (size_t i = 0; i < days.count; i++) {
        price.from_day = days.list[i];
        price.until_day = i + 1 < days.count ? days.list[i + 1] : 0;
        RLM_TRY(state_day(model, all, price));
    }
    return RLM_OK;
}

static rlm_status
read_cases(rlm_record *model, const rlm_value *list, rlm_price price)
{
    price_cases all = {.count = 0};

    RLM_EACH (each, list) {
        if (all.count >= RLM_CAP_PRICE_CASES) return give_up(model, list, "must be fewer sets");
        RLM_TRY(read_case(model, list, each, &all.list[all.count++]));
        if (model->unread_price.length > 0) return RLM_OK;
    }
    return all.count > 0 ? state_cases(model, &all, price) : RLM_OK;
}

rlm_status
rlm_genai_read_prices(rlm_value *prices, uint16_t stated_day, rlm_record *model)
{
    const rlm_price price = {.stated_day = stated_day};

    if (!rlm_value_says_something(prices)) return RLM_OK;
    if (prices->kind == RLM_OBJECT) RLM_TRY(state_set(model, prices, price));
    else if (prices->kind == RLM_ARRAY) RLM_TRY(read_cases(model, prices, price));
    else RLM_TRY(give_up(model, prices, "must be an object or a list"));
    rlm_value_take_with_prices(prices);
    return RLM_OK;
}
