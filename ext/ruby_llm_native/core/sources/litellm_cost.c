/*
 * Prices in the words of LiteLLM's cost map. Read rlm_litellm_read_prices.
 *
 * A key is a base, such as `input_cost_per_token`, and suffixes: a service tier, one hour in the cache, a length of the
 * request, in any order. Lists of steps, off-peak hours and multipliers stand beside them.
 *
 * Odd about them: an amount of 0 is no price. Rows of models that cost something have it (both prices of one, the input
 * of image models, the output of embedding models, cached input of another), and no row says that its 0 means free; a
 * price of last resort must not make anything free. Prices by the second, image, character and query are of what the
 * mode of the model is; without a mode that has it, they stay in the metadata: LiteLLM itself does not charge them, and
 * in rows of chat models some prices of an "image" are those of a token.
 */
#include "sources/litellm_facts.h"

#include "base/caps.h"
#include "model/price_window.h"

#include <string.h>

/* ---- Keys ---- */

/* What a model is for, as far as that tells what its prices are of. */
enum { EMBEDS = 1, DRAWS = 2, HEARS = 4, SPEAKS = 8, FILMS = 16, RANKS = 32, OTHERS = 64, UNSAID = 128, ANY = 255 };

static const struct {
    const char *mode;
    int what;
} modes[] = {
    {"embedding", EMBEDS},    {"image_generation", DRAWS}, {"image_edit", DRAWS}, {"audio_transcription", HEARS},
    {"audio_speech", SPEAKS}, {"video_generation", FILMS}, {"rerank", RANKS},
};

typedef struct {
    rlm_price_key price;
    int modes; /* in which it means that */
} key;

#define PER(name, of, decimals, per, in)                                                                               \
    {                                                                                                                  \
        {name, RLM_METER_##of, 0, decimals, RLM_UNIT_##per}, in                                                        \
    }
#define TOKENS(name, of) PER(name, of, 6, MILLION_TOKENS, ANY)
#define TOKENS_OF_ALL(name, of)                                                                                        \
    {                                                                                                                  \
        {name, RLM_METER_##of, RLM_COVERS_MEDIA, 6, RLM_UNIT_MILLION_TOKENS}, ANY                                      \
    }

/* Of several keys for one price, the first that is stated holds. */
static const key keys[] = {
    TOKENS_OF_ALL("input_cost_per_token", INPUT),
    TOKENS("output_cost_per_token", OUTPUT),
    TOKENS_OF_ALL("cache_read_input_token_cost", CACHE_READ),
    TOKENS_OF_ALL("input_cost_per_token_cache_hit", CACHE_READ),
    TOKENS("cache_creation_input_token_cost", CACHE_WRITE),
    TOKENS("output_cost_per_reasoning_token", REASONING),
    TOKENS("citation_cost_per_token", CITATION),
    TOKENS("input_cost_per_audio_token", AUDIO_INPUT),
    TOKENS("output_cost_per_audio_token", AUDIO_OUTPUT),
    TOKENS("cache_read_input_audio_token_cost", AUDIO_CACHE_READ),
    TOKENS("cache_creation_input_audio_token_cost", AUDIO_CACHE_WRITE),
    TOKENS("input_cost_per_image_token", IMAGE_INPUT),
    TOKENS("output_cost_per_image_token", IMAGE_OUTPUT),
    TOKENS("cache_read_input_image_token_cost", IMAGE_CACHE_READ),
    TOKENS("input_cost_per_video_token", VIDEO_INPUT),
    TOKENS("output_cost_per_video_token", VIDEO_OUTPUT),
    PER("output_cost_per_image", IMAGE, 0, IMAGE, DRAWS | UNSAID),
    PER("input_cost_per_image", IMAGE_READ, 0, IMAGE, DRAWS | EMBEDS), /* but see is_made */
    PER("input_cost_per_second", TRANSCRIPTION, 0, SECOND, HEARS),
    PER("output_cost_per_second", TRANSCRIPTION, 0, SECOND, HEARS),
    PER("input_cost_per_audio_per_second", TRANSCRIPTION, 0, SECOND, ANY),
    PER("output_cost_per_second", SPEECH, 0, SECOND, SPEAKS),
    PER("output_cost_per_audio_per_second", SPEECH, 0, SECOND, ANY),
    PER("output_cost_per_second", VIDEO, 0, SECOND, FILMS),
    PER("output_cost_per_video_per_second", VIDEO, 0, SECOND, ANY),
    PER("input_cost_per_video_per_second", VIDEO_READ, 0, SECOND, ANY),
    PER("input_cost_per_character", CHARACTER, 6, MILLION_CHARACTERS, SPEAKS),
    PER("input_cost_per_query", SEARCH_UNIT, 0, REQUEST, RANKS),
    PER("input_cost_per_request", REQUEST, 0, REQUEST, ANY),
    PER("ocr_cost_per_page", PAGE, 3, THOUSAND_PAGES, ANY),
    PER("code_interpreter_cost_per_session", SESSION, 0, SESSION, ANY),
    PER("file_search_cost_per_1k_calls", FILE_SEARCH, 0, THOUSAND_REQUESTS, ANY),
    PER("file_search_cost_per_gb_per_day", STORAGE, 0, GIGABYTE_DAY, ANY),
    PER("vector_store_cost_per_gb_per_day", STORAGE, 0, GIGABYTE_DAY, ANY),
};

/* "_above_200k_tokens" or "_above_128000_tokens". */
static bool
eat_threshold(rlm_slice *rest, rlm_price *price)
{
    rlm_slice ahead = *rest;
    int64_t tokens = 0;
    int digits = 0;

    if (price->threshold != 0 || !rlm_slice_skip(&ahead, "_above_")) return false;
    for (; ahead.length > 0 && *ahead.bytes >= '0' && *ahead.bytes <= '9' && digits < 9; digits++) {
        tokens = tokens * 10 + (*ahead.bytes - '0');
        ahead.bytes++;
        ahead.length--;
    }
    if (rlm_slice_skip(&ahead, "k")) tokens *= 1000;
    if (!rlm_slice_skip(&ahead, "_tokens") || !rlm_price_above(tokens, price)) return false;
    *rest = ahead;
    return true;
}

/* Whether all of the text is suffixes that are known, each of a kind once; they become conditions. */
static bool
read_suffixes(rlm_slice rest, rlm_price *price)
{
    static const struct {
        const char *suffix;
        rlm_price_tier tier;
    } tiers[] = {
        {"_batches", RLM_TIER_BATCH}, {"_flex", RLM_TIER_FLEX},           {"_priority", RLM_TIER_PRIORITY},
        {"_fast", RLM_TIER_FAST},     {"_ultrafast", RLM_TIER_ULTRAFAST},
    };

    while (rest.length > 0) {
        size_t before = rest.length;

        if (price->meter == RLM_METER_CACHE_WRITE && rlm_slice_skip(&rest, "_above_1hr"))
            price->meter = RLM_METER_CACHE_WRITE_1H;
        for (size_t i = 0; i < sizeof tiers / sizeof *tiers && price->tier == RLM_TIER_STANDARD; i++) {
            if (rlm_slice_skip(&rest, tiers[i].suffix)) price->tier = (uint8_t) tiers[i].tier;
        }
        (void) eat_threshold(&rest, price);
        if (rest.length == before) return false;
    }
    return true;
}

/* Without a price of images that are made, the price of an image of such a model is that of one that is made. */
static bool
is_made(const rlm_value *info)
{
    return !rlm_value_says_something(rlm_value_get(info, "output_cost_per_image")) &&
           !rlm_value_says_something(rlm_value_get(info, "input_cost_per_token"));
}

static int
mode_of(const rlm_value *info)
{
    const rlm_value *mode = rlm_value_get(info, "mode");

    if (!rlm_value_says_something(mode)) return UNSAID;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (rlm_slice_is(rlm_value_text(mode), modes[i].mode)) return modes[i].what;
    }
    return OTHERS;
}

/* ---- Prices ---- */

typedef struct {
    const rlm_value *info;
    const rlm_price_words *words;
    rlm_record *model;
    int mode;
    rlm_price_step step;
} reading;

static bool
same_conditions(const rlm_price *left, const rlm_price *right)
{
    return left->meter == right->meter && left->tier == right->tier && left->threshold == right->threshold &&
           left->weekdays == right->weekdays && left->from_minute == right->from_minute &&
           left->until_minute == right->until_minute;
}

/* The price of these conditions, whatever its texts. */
static const rlm_price *
find_price(const rlm_record *model, const rlm_price *price)
{
    for (uint32_t i = 0; i < model->prices.count; i++) {
        if (same_conditions(&model->prices.list[i], price)) return &model->prices.list[i];
    }
    return NULL;
}

static rlm_status
state(const reading *of, rlm_price price, int shift, rlm_value *amount)
{
    const rlm_price *known = find_price(of->model, &price);
    rlm_decimal decimal;

    if (price.threshold != 0) price.step = (uint8_t) of->step;
    if (rlm_value_decimal(amount, &decimal)) {
        rlm_decimal shifted = rlm_decimal_shift(decimal, shift);

        if (decimal.coefficient == 0 ||
            (known != NULL && known->unit == price.unit &&
             rlm_decimal_equal(shifted, (rlm_decimal){known->coefficient, known->exponent})))
            rlm_value_take_with_prices(amount);
        if (decimal.coefficient == 0 || known != NULL) return RLM_OK;
    }
    return rlm_record_state_price_for(of->model, price, of->words, amount, shift);
}

/* The members of an object whose names begin with that key and go on with conditions. */
static rlm_status
read_key(const reading *of, const rlm_value *object, const rlm_price_key *base, const rlm_price *conditions)
{
    RLM_EACH (member, object) {
        rlm_price price = *conditions;
        rlm_slice rest = member->key;

        if (!rlm_slice_skip(&rest, base->key)) continue;
        price.meter = base->meter;
        price.covers = base->covers;
        price.unit = base->unit;
        if (!read_suffixes(rest, &price)) continue;
        if (price.meter == RLM_METER_IMAGE_READ && of->mode == DRAWS && is_made(of->info))
            price.meter = RLM_METER_IMAGE;
        RLM_TRY(state(of, price, base->shift, member));
    }
    return RLM_OK;
}

/* All prices among the members of an object, each with the conditions of its name and with these. */
static rlm_status
read_members(const reading *of, const rlm_value *object, rlm_price conditions)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if ((keys[i].modes & of->mode) != 0) RLM_TRY(read_key(of, object, &keys[i].price, &conditions));
    }
    return RLM_OK;
}

/* The prices so far: to add one moves the others. */
static rlm_status
copy_prices(const reading *of, rlm_price_set *copy)
{
    const rlm_price_set *set = &of->model->prices;
    rlm_price *list = rlm_arena_allocate(of->model->arena, set->count > 0 ? set->count : 1, sizeof *list);

    if (list == NULL) return RLM_OUT_OF_MEMORY;
    if (set->count > 0) memcpy(list, set->list, set->count * sizeof *list);
    *copy = (rlm_price_set){list, set->words, set->count};
    return RLM_OK;
}

/* ---- Steps and hours ---- */

/*
 * `tiered_pricing`: [{"range": [from, to], prices}]. The whole request is charged at the step in which its input ends;
 * one of exactly `to` tokens is still in it. Beyond the last one it is charged as in the last.
 */
static rlm_status
read_steps(const reading *of)
{
    rlm_value *steps = rlm_value_get(of->info, "tiered_pricing");

    if (steps == NULL || steps->kind != RLM_ARRAY) return RLM_OK;
    RLM_EACH (step, steps) {
        const rlm_value *range = rlm_value_get(step, "range");
        rlm_price conditions = RLM_ANY_LENGTH;
        int64_t from;

        if (range == NULL || range->kind != RLM_ARRAY || !rlm_value_integer(range->first, &from) || from < 0 ||
            (from > 0 && !rlm_price_above(from, &conditions)))
            return rlm_record_give_up_prices(of->model, "range of tiered_pricing must begin with a number of tokens");
        RLM_TRY(read_members(of, step, conditions));
    }
    rlm_value_take_with_prices(steps);
    return RLM_OK;
}

static bool
is_utc(const rlm_value *zone)
{
    return !rlm_value_says_something(zone) || rlm_slice_is(rlm_value_text(zone), "UTC");
}

/* The windows of an off-peak block; false: at least one of them cannot be read. */
static bool
read_windows(const rlm_value *block, rlm_price *windows, size_t *count)
{
    const rlm_value *hours = rlm_value_get(block, "hours_utc"), *list = rlm_value_get(block, "windows");

    *count = 0;
    if (!is_utc(rlm_value_get(block, "weekday_timezone"))) return false;
    if (rlm_value_says_something(hours) && !rlm_price_windows(hours, NULL, windows, count)) return false;
    RLM_EACH (window, list) {
        if (!rlm_price_windows(rlm_value_get(window, "hours_utc"), rlm_value_get(window, "weekdays"), windows, count))
            return false;
    }
    return *count > 0;
}

/* Of an off-peak block, and of a row that has one. Each window reads all members for each step; one is known. */
#define MOST_MEMBERS 64
#define MOST_STEPS 4

/* The thresholds of the prices so far, each once; false: too many. */
static bool
collect_steps(const rlm_price_set *set, int32_t steps[MOST_STEPS], size_t *count)
{
    *count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        size_t known = 0;

        if (set->list[i].threshold == 0) continue;
        while (known < *count && steps[known] != set->list[i].threshold) known++;
        if (known < *count) continue;
        if (*count == MOST_STEPS) return false;
        steps[(*count)++] = set->list[i].threshold;
    }
    return true;
}

/*
 * `off_peak_pricing`: while a window is open its prices hold whatever the length of the request. After the other
 * prices: where those have a step, the off-peak price needs the same one, or the step would be the more specific price.
 */
static rlm_status
read_off_peak(const reading *of)
{
    rlm_value *block = rlm_value_get(of->info, "off_peak_pricing");
    rlm_price windows[RLM_PRICE_WINDOWS];
    int32_t steps[MOST_STEPS];
    size_t count, step_count, members = 0;

    if (block == NULL || block->kind != RLM_OBJECT || !read_windows(block, windows, &count)) return RLM_OK;
    RLM_EACH (member, block) members++;
    if (members > MOST_MEMBERS || !collect_steps(&of->model->prices, steps, &step_count))
        return rlm_record_give_up_prices(of->model, "off_peak_pricing has too many members or steps");
    for (size_t i = 0; i < count; i++) {
        RLM_TRY(read_members(of, block, windows[i]));
        for (size_t s = 0; s < step_count; s++) {
            rlm_price window = windows[i];

            window.threshold = steps[s];
            RLM_TRY(read_members(of, block, window));
        }
    }
    rlm_value_take_with_prices(block);
    return RLM_OK;
}

/* ---- Searches ---- */

/* By the amount of what was found that the model is given; where that does not matter, the price has no size. */
static rlm_status
read_searches(const reading *of)
{
    static const char *const sizes[] = {"low", "medium", "high"};
    static const char *const members[] = {"search_context_size_low", "search_context_size_medium",
                                          "search_context_size_high"};
    const rlm_value *costs = rlm_value_get(of->info, "search_context_cost_per_query");
    const rlm_price search = {.meter = RLM_METER_WEB_SEARCH, .unit = RLM_UNIT_REQUEST};
    rlm_decimal amounts[3];
    int known = 0;

    if (find_price(of->model, &search) != NULL) return RLM_OK;
    for (int i = 0; i < 3; i++) {
        if (rlm_value_decimal(rlm_value_get(costs, members[i]), &amounts[i])) known++;
    }
    if (known == 3 && rlm_decimal_equal(amounts[0], amounts[1]) && rlm_decimal_equal(amounts[1], amounts[2])) {
        for (int i = 0; i < 3; i++) RLM_TRY(state(of, search, 0, rlm_value_get(costs, members[i])));
        return RLM_OK;
    }
    for (int i = 0; i < 3; i++) {
        rlm_value *amount = rlm_value_get(costs, members[i]);
        rlm_price_words words = *of->words;
        rlm_decimal decimal;

        words.size = rlm_slice_of(sizes[i]);
        if (rlm_value_decimal(amount, &decimal) && decimal.coefficient == 0) rlm_value_take_with_prices(amount);
        else RLM_TRY(rlm_record_state_price_for(of->model, search, &words, amount, 0));
    }
    return RLM_OK;
}

/* ---- Multipliers ---- */

/* What a multiplier is for: a region, or a service tier. */
typedef struct {
    rlm_slice region;
    rlm_price_tier tier;
} surcharge;

static bool
is_multiplied(const rlm_price *price, const surcharge *by)
{
    if (price->unit != RLM_UNIT_MILLION_TOKENS || price->region != 0) return false;
    return by->region.length > 0 || price->tier == RLM_TIER_STANDARD;
}

static bool
has_surcharge(const rlm_price_set *set, const surcharge *by)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *price = &set->list[i];

        if (by->region.length == 0 ? price->tier == by->tier
                                   : rlm_slice_equal(rlm_price_word(set->words, price->region), by->region))
            return true;
    }
    return false;
}

/*
 * All prices of tokens once more, multiplied. That includes the cache's, as providers' own pages have it. A number that
 * is none, or that would make too many prices, stays in the metadata.
 */
static rlm_status
multiply(const reading *of, rlm_value *number, surcharge by)
{
    rlm_price_set *set = &of->model->prices, before;
    rlm_decimal factor;

    if (!rlm_value_decimal(number, &factor) || rlm_decimal_is_negative(factor) || factor.coefficient == 0)
        return RLM_OK;
    if (of->words->region.length > 0 || set->count > RLM_CAP_PRICES / 2 || has_surcharge(set, &by)) return RLM_OK;
    RLM_TRY(copy_prices(of, &before));
    for (uint32_t i = 0; i < before.count; i++) {
        rlm_price price = before.list[i];
        rlm_decimal product = rlm_decimal_multiply((rlm_decimal){price.coefficient, price.exponent}, factor);
        const rlm_price_words words = {by.region, rlm_price_word(before.words, price.size),
                                       rlm_price_word(before.words, price.quality), of->words->origin};

        if (!is_multiplied(&price, &by)) continue;
        price.coefficient = product.coefficient;
        price.exponent = product.exponent;
        if (by.region.length == 0) price.tier = (uint8_t) by.tier;
        RLM_TRY(rlm_prices_add_with_words(set, price, &words, of->model->arena));
    }
    if (set->count > before.count) rlm_value_take_with_prices(number);
    return RLM_OK;
}

/* First the tier, whose prices are then multiplied by region as well. */
static rlm_status
read_multipliers(const reading *of)
{
    const rlm_value *own = rlm_value_get(of->info, "provider_specific_entry");
    const struct {
        rlm_value *number;
        surcharge by;
    } multipliers[] = {
        {rlm_value_get(own, "fast"), {{NULL, 0}, RLM_TIER_FAST}},
        {rlm_value_get(own, "us"), {RLM_SLICE("us"), RLM_TIER_STANDARD}},
        {rlm_value_get(own, "eu"), {RLM_SLICE("eu"), RLM_TIER_STANDARD}},
        {rlm_value_get(of->info, "regional_processing_uplift_multiplier_us"), {RLM_SLICE("us"), RLM_TIER_STANDARD}},
        {rlm_value_get(of->info, "regional_processing_uplift_multiplier_eu"), {RLM_SLICE("eu"), RLM_TIER_STANDARD}},
        {rlm_value_get(of->info, "regional_endpoint_uplift_multiplier"),
         {RLM_SLICE(RLM_ANY_REGION), RLM_TIER_STANDARD}},
    };

    for (size_t i = 0; i < sizeof multipliers / sizeof *multipliers; i++)
        RLM_TRY(multiply(of, multipliers[i].number, multipliers[i].by));
    return RLM_OK;
}

rlm_status
rlm_litellm_read_prices(const rlm_value *info, const rlm_price_words *words, rlm_record *model)
{
    bool from = rlm_slice_is(rlm_value_text(rlm_value_get(info, "litellm_provider")), "xai"); /* the others: above */
    const reading of = {info, words, model, mode_of(info), from ? RLM_STEP_FROM : RLM_STEP_ABOVE};

    RLM_TRY(read_steps(&of));
    RLM_TRY(read_members(&of, info, RLM_ANY_LENGTH));
    RLM_TRY(read_off_peak(&of));
    RLM_TRY(read_searches(&of));
    return read_multipliers(&of);
}
