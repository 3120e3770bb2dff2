/*
 * What a model's use costs: an exact number of US dollars for a unit of a meter, under conditions.
 *
 * A meter is what is counted, such as tokens of input; docs/reference/prices.md lists all meters and conditions. The
 * prices of a model are a set, sorted, so that equal sets are equal bytes. A price that is not in the set is unknown;
 * a price of 0 is a price.
 */
#ifndef RLM_PRICE_H
#define RLM_PRICE_H

#include "base/arena.h"
#include "base/decimal.h"

/*
 * The only definition of these enumerations. Blocks store the positions: append only, see record.h.
 *
 * Each meter with the unit in which it is usually priced, and where ruby_llm's registry files have it: the category and
 * the price's name without "_per_million", or "".
 */
#define RLM_METERS(X)                                                                                                  \
    X(INPUT, "input", MILLION_TOKENS, "text_tokens", "input")                                                          \
    X(OUTPUT, "output", MILLION_TOKENS, "text_tokens", "output")                                                       \
    X(CACHE_READ, "cache_read", MILLION_TOKENS, "text_tokens", "cache_read_input")                                     \
    X(CACHE_WRITE, "cache_write", MILLION_TOKENS, "text_tokens", "cache_write_input")                                  \
    X(CACHE_WRITE_1H, "cache_write_1h", MILLION_TOKENS, "", "")                                                        \
    X(CACHE_WRITE_EXTENDED, "cache_write_extended", MILLION_TOKENS, "", "")                                            \
    X(REASONING, "reasoning", MILLION_TOKENS, "text_tokens", "reasoning_output")                                       \
    X(CITATION, "citation", MILLION_TOKENS, "", "")                                                                    \
    X(AUDIO_INPUT, "audio_input", MILLION_TOKENS, "audio_tokens", "input")                                             \
    X(AUDIO_OUTPUT, "audio_output", MILLION_TOKENS, "audio_tokens", "output")                                          \
    X(AUDIO_CACHE_READ, "audio_cache_read", MILLION_TOKENS, "audio_tokens", "cache_read_input")                        \
    X(AUDIO_CACHE_WRITE, "audio_cache_write", MILLION_TOKENS, "audio_tokens", "cache_write_input")                     \
    X(IMAGE_INPUT, "image_input", MILLION_TOKENS, "images", "input")                                                   \
    X(IMAGE_OUTPUT, "image_output", MILLION_TOKENS, "images", "output")                                                \
    X(IMAGE_CACHE_READ, "image_cache_read", MILLION_TOKENS, "images", "cache_read_input")                              \
    X(VIDEO_INPUT, "video_input", MILLION_TOKENS, "", "")                                                              \
    X(VIDEO_OUTPUT, "video_output", MILLION_TOKENS, "", "")                                                            \
    X(VIDEO_CACHE_READ, "video_cache_read", MILLION_TOKENS, "", "")                                                    \
    X(EMBEDDING, "embedding", MILLION_TOKENS, "embeddings", "input")                                                   \
    X(REQUEST, "request", REQUEST, "", "")                                                                             \
    X(WEB_SEARCH, "web_search", REQUEST, "", "")                                                                       \
    X(IMAGE, "image", IMAGE, "", "")                                                                                   \
    X(IMAGE_READ, "image_read", IMAGE, "", "")                                                                         \
    X(TRANSCRIPTION, "transcription", MINUTE, "", "")                                                                  \
    X(SPEECH, "speech", MINUTE, "", "")                                                                                \
    X(VIDEO, "video", SECOND, "", "")                                                                                  \
    X(VIDEO_READ, "video_read", SECOND, "", "")                                                                        \
    X(CHARACTER, "character", MILLION_CHARACTERS, "", "")                                                              \
    X(PAGE, "page", THOUSAND_PAGES, "", "")                                                                            \
    X(SEARCH_UNIT, "search_unit", REQUEST, "", "")                                                                     \
    X(SESSION, "session", SESSION, "", "")                                                                             \
    X(TOOL_CALL, "tool_call", REQUEST, "", "")                                                                         \
    X(FILE_SEARCH, "file_search", REQUEST, "", "")                                                                     \
    X(MAPS_GROUNDING, "maps_grounding", REQUEST, "", "")                                                               \
    X(GROUNDING, "grounding", REQUEST, "", "")                                                                         \
    X(CODE_EXECUTION, "code_execution", HOUR, "", "")                                                                  \
    X(CACHE_STORAGE, "cache_storage", MILLION_TOKEN_HOURS, "", "")                                                     \
    X(STORAGE, "storage", GIGABYTE_DAY, "", "")

/* Each unit with the number of what is counted: tokens, seconds, characters, … */
#define RLM_PRICE_UNITS(X)                                                                                             \
    X(MILLION_TOKENS, "million_tokens", 1000000)                                                                       \
    X(IMAGE, "image", 1)                                                                                               \
    X(REQUEST, "request", 1)                                                                                           \
    X(THOUSAND_REQUESTS, "thousand_requests", 1000)                                                                    \
    X(SECOND, "second", 1)                                                                                             \
    X(MINUTE, "minute", 60)                                                                                            \
    X(HOUR, "hour", 3600)                                                                                              \
    X(MILLION_CHARACTERS, "million_characters", 1000000)                                                               \
    X(THOUSAND_PAGES, "thousand_pages", 1000)                                                                          \
    X(SESSION, "session", 1)                                                                                           \
    X(MILLION_TOKEN_HOURS, "million_token_hours", 1000000)                                                             \
    X(GIGABYTE_DAY, "gigabyte_day", 1)

#define RLM_PRICE_TIERS(X)                                                                                             \
    X(STANDARD, "standard")                                                                                            \
    X(BATCH, "batch")                                                                                                  \
    X(FLEX, "flex")                                                                                                    \
    X(PRIORITY, "priority")                                                                                            \
    X(FAST, "fast")                                                                                                    \
    X(ULTRAFAST, "ultrafast")                                                                                          \
    X(ON_DEMAND, "on_demand")

/*
 * How a price follows from the length of the request: it holds for the whole request if that has more tokens than the
 * threshold, or as many; or only for the tokens above it.
 */
#define RLM_PRICE_STEPS(X)                                                                                             \
    X(ABOVE, "above")                                                                                                  \
    X(FROM, "from")                                                                                                    \
    X(MARGINAL, "marginal")

#define X(name, text, unit, category, attribute) RLM_METER_##name,
typedef enum { RLM_METERS(X) RLM_METER_COUNT } rlm_meter;
#undef X
#define X(name, text, size) RLM_UNIT_##name,
typedef enum { RLM_PRICE_UNITS(X) RLM_UNIT_COUNT } rlm_price_unit;
#undef X
#define X(name, text) RLM_TIER_##name,
typedef enum { RLM_PRICE_TIERS(X) RLM_TIER_COUNT } rlm_price_tier;
#undef X
#define X(name, text) RLM_STEP_##name,
typedef enum { RLM_PRICE_STEPS(X) RLM_STEP_COUNT } rlm_price_step;
#undef X

/* The texts above, by position. */
extern const char *const rlm_meter_names[RLM_METER_COUNT];
extern const char *const rlm_meter_categories[RLM_METER_COUNT];
extern const char *const rlm_meter_attributes[RLM_METER_COUNT];
extern const char *const rlm_price_unit_names[RLM_UNIT_COUNT];
extern const char *const rlm_price_tier_names[RLM_TIER_COUNT];
extern const char *const rlm_price_step_names[RLM_STEP_COUNT];

extern const rlm_price_unit rlm_meter_units[RLM_METER_COUNT];
extern const uint32_t rlm_price_unit_sizes[RLM_UNIT_COUNT];

/* Which meters without a price of their own a price is also stated for. */
#define RLM_COVERS_MEDIA 1 /* tokens of images, audio and video */
#define RLM_COVERS_CACHE 2 /* tokens that are read from, or written to, the provider's cache */
#define RLM_COVERS_ALL (RLM_COVERS_MEDIA | RLM_COVERS_CACHE)

#define RLM_MINUTES_OF_DAY 1440

/* The region of a price that holds for every region that a request is bound to. */
#define RLM_ANY_REGION "*"

/*
 * One price. Stored as it is, so it has no hole. Its texts are positions in its set's `words`, counted from 1; 0: none.
 * Days are counted from 1970-01-01, minutes from 00:00, both UTC; 0 and 0: not limited.
 */
typedef struct {
    int64_t coefficient;                /* of an rlm_decimal */
    int32_t threshold;                  /* tokens of input of the whole request, see `step`; 0: any length */
    uint16_t from_day, until_day;       /* from 00:00 of the first until 00:00 of the other */
    uint16_t stated_day;                /* the date that its source gives the price list */
    uint16_t from_minute, until_minute; /* of each day; past midnight if the first is later */
    uint16_t minimum;                   /* as many are charged at least: seconds of a transcription */
    int16_t exponent;
    uint8_t meter, unit, tier, step, covers;
    uint8_t weekdays; /* a bit for each day from Sunday on; 0: all */
    uint8_t region, size, quality;
    uint8_t origin; /* where it is not that of the other prices */
    uint8_t unused[4];
} rlm_price;

/* The most tokens of a request for which the price does not hold; 0: it holds for any. */
static inline int64_t
rlm_price_most_below(const rlm_price *price)
{
    return price->threshold - (price->step == RLM_STEP_FROM);
}

/* The prices of one model. `words`: texts, as equivalents are written (record.h); both are somebody else's bytes. */
typedef struct {
    const rlm_price *list;
    rlm_slice words;
    uint32_t count;
} rlm_price_set;

/* The word at that position, or the empty slice. */
rlm_slice
rlm_price_word(rlm_slice words, uint8_t position);

/* One order for prices, so that equal sets are equal bytes; `prices` is sorted in place. */
int
rlm_price_order(const rlm_price *left, const rlm_price *right);

void
rlm_prices_sort(rlm_price *prices, size_t count);

/* The texts of a price, before they have positions. */
typedef struct {
    rlm_slice region, size, quality, origin;
} rlm_price_words;

/*
 * Add a price in its place; the set's list and words are then in the arena, which all calls for one set share.
 * RLM_OUT_OF_MEMORY; RLM_TOO_LARGE for more than 255 words. The words of the second form replace those of `price`.
 */
RLM_NODISCARD rlm_status
rlm_prices_add(rlm_price_set *set, rlm_price price, rlm_arena *arena);

RLM_NODISCARD rlm_status
rlm_prices_add_with_words(rlm_price_set *set, rlm_price price, const rlm_price_words *words, rlm_arena *arena);

/* Whether both have the same prices, wherever they come from. */
bool
rlm_prices_equal(const rlm_price_set *left, const rlm_price_set *right);

/* What is asked for. */
typedef struct {
    rlm_meter meter;
    rlm_price_tier tier;
    int64_t tokens;                  /* of input in the whole request */
    int64_t at;                      /* seconds since 1970 */
    rlm_slice region, size, quality; /* empty: none in particular */
} rlm_price_query;

/*
 * The price that answers it: the most specific one that holds, of the meter itself or, where it has none, of a meter
 * whose price covers it. NULL: nobody states one.
 */
const rlm_price *
rlm_prices_find(const rlm_price_set *set, const rlm_price_query *query);

/* The kinds of covering that stand in for a price of that meter: RLM_COVERS_MEDIA, …; 0: none. */
uint8_t
rlm_meter_covered_as(rlm_meter meter);

/* Whether the meter counts as another one where it has no price: then "unknown" must not look like "not stated". */
bool
rlm_meter_falls_back(rlm_meter meter);

/* The same without covering, of prices per million tokens: what lists and tables show. */
const rlm_price *
rlm_prices_own(const rlm_price_set *set, const rlm_price_query *query);

/* Whether its days, weekdays and minutes include that time, in seconds since 1970. */
bool
rlm_price_is_open(const rlm_price *price, int64_t at);

/* Whether what they answer depends on the time. */
bool
rlm_prices_timed(const rlm_price_set *set);

/* The meter that was written as this category and direction before there were meters, or RLM_METER_COUNT. */
rlm_meter
rlm_meter_of_former(rlm_slice category, rlm_slice direction, rlm_slice unit);

#endif
