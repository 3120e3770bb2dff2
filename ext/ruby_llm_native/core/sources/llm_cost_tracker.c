/*
 * A price file in the format of the gem llm_cost_tracker, its own or the program's: {"metadata": {…}, "models":
 * {"provider/id": {key: price}}, "service_charges": {provider: {key: price}}}. Read from disk, never fetched.
 *
 * Odd about it: a key is a meter with conditions before it, in any order, and at its end the day from which it holds; a
 * key without a day ends where the same one with a day begins. What conditions mean stands beside them: the threshold
 * of `above_context_`, the windows of `off_peak_`. Tokens are charged per million, what ends in `_request` or `_call`,
 * a search unit and a page per thousand, minutes and hours each. `data_residency_` holds wherever a request is bound to
 * a region. Anthropic's longer cache is kept for an hour, the others' for longer. An input price is also that of
 * images, audio and video without one. Amounts of 0 are free.
 *
 * A condition or meter that is not known here makes a hole in the model's prices, so it has none. Charges of a provider
 * are those of all its models in the file; those without a meter stay in the metadata, and the report tells of them.
 */
#include "base/caps.h"
#include "model/price_window.h"
#include "sources/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400

/* ---- Keys ---- */

typedef enum { OF_TEXT, OF_IMAGES, OF_AUDIO, OF_VIDEO, KINDS } kind;

#define NONE RLM_METER_COUNT

/* A meter's name, what it counts in each kind of tokens, and per how many; NONE: it is not counted. */
static const struct {
    const char *name;
    rlm_meter meters[KINDS];
    rlm_price_unit unit;
    uint8_t covers;
} meters[] = {
    {"input",
     {RLM_METER_INPUT, RLM_METER_IMAGE_INPUT, RLM_METER_AUDIO_INPUT, RLM_METER_VIDEO_INPUT},
     RLM_UNIT_MILLION_TOKENS,
     RLM_COVERS_MEDIA},
    {"output",
     {RLM_METER_OUTPUT, RLM_METER_IMAGE_OUTPUT, RLM_METER_AUDIO_OUTPUT, RLM_METER_VIDEO_OUTPUT},
     RLM_UNIT_MILLION_TOKENS,
     0},
    {"cache_read_input",
     {RLM_METER_CACHE_READ, RLM_METER_IMAGE_CACHE_READ, RLM_METER_AUDIO_CACHE_READ, RLM_METER_VIDEO_CACHE_READ},
     RLM_UNIT_MILLION_TOKENS,
     RLM_COVERS_MEDIA},
    {"cache_write_input", {RLM_METER_CACHE_WRITE, NONE, RLM_METER_AUDIO_CACHE_WRITE, NONE}, RLM_UNIT_MILLION_TOKENS, 0},
    {"cache_write_extended_input", {RLM_METER_CACHE_WRITE_EXTENDED, NONE, NONE, NONE}, RLM_UNIT_MILLION_TOKENS, 0},
    {"transcription_minute", {RLM_METER_TRANSCRIPTION, NONE, NONE, NONE}, RLM_UNIT_MINUTE, 0},
    {"text_to_speech_character", {RLM_METER_CHARACTER, NONE, NONE, NONE}, RLM_UNIT_MILLION_CHARACTERS, 0},
    {"ocr_page", {RLM_METER_PAGE, NONE, NONE, NONE}, RLM_UNIT_THOUSAND_PAGES, 0},
    {"rerank_search_unit", {RLM_METER_SEARCH_UNIT, NONE, NONE, NONE}, RLM_UNIT_THOUSAND_REQUESTS, 0},
    {"grounding_request", {RLM_METER_GROUNDING, NONE, NONE, NONE}, RLM_UNIT_THOUSAND_REQUESTS, 0},
    {"maps_grounding_request", {RLM_METER_MAPS_GROUNDING, NONE, NONE, NONE}, RLM_UNIT_THOUSAND_REQUESTS, 0},
    {"cache_storage_token_hour", {RLM_METER_CACHE_STORAGE, NONE, NONE, NONE}, RLM_UNIT_MILLION_TOKEN_HOURS, 0},
};

/* What a provider charges beside its models. */
static const struct {
    const char *name;
    rlm_meter meter;
    rlm_price_unit unit;
} charges[] = {
    {"web_search_request", RLM_METER_WEB_SEARCH, RLM_UNIT_THOUSAND_REQUESTS},
    {"file_search_call", RLM_METER_FILE_SEARCH, RLM_UNIT_THOUSAND_REQUESTS},
    {"grounding_request", RLM_METER_GROUNDING, RLM_UNIT_THOUSAND_REQUESTS},
    {"maps_grounding_request", RLM_METER_MAPS_GROUNDING, RLM_UNIT_THOUSAND_REQUESTS},
    {"code_execution_hour", RLM_METER_CODE_EXECUTION, RLM_UNIT_HOUR},
};

/* One key of a row, taken apart. */
typedef struct {
    rlm_value *amount;
    rlm_price price;
    kind kind;
    bool above, off_peak, resident;
} entry;

/* Cut "_from_2027-01-01" off the end. */
static void
cut_day(rlm_slice *key, uint16_t *day)
{
    static const char shape[] = "_from_2027-01-01";
    const size_t length = sizeof shape - 1, date = sizeof "2027-01-01" - 1;
    rlm_slice end = {key->bytes + key->length - length, length};
    rlm_timestamp from;

    if (key->length <= length || !rlm_slice_starts_with(end, "_from_")) return;
    end = (rlm_slice){end.bytes + length - date, date};
    if (rlm_timestamp_parse(end, &from) != RLM_OK || from.precision != RLM_PRECISION_DAY || from.seconds < DAY ||
        from.seconds / DAY > UINT16_MAX)
        return;
    *day = (uint16_t) (from.seconds / DAY);
    key->length -= length;
}

static bool
eat_tier(rlm_slice *rest, rlm_price *price)
{
    static const rlm_price_tier tiers[] = {RLM_TIER_BATCH, RLM_TIER_FLEX,      RLM_TIER_PRIORITY,
                                           RLM_TIER_FAST,  RLM_TIER_ULTRAFAST, RLM_TIER_ON_DEMAND};

    for (size_t i = 0; i < sizeof tiers / sizeof *tiers && price->tier == RLM_TIER_STANDARD; i++) {
        rlm_slice ahead = *rest;

        if (!rlm_slice_skip(&ahead, rlm_price_tier_names[tiers[i]]) || !rlm_slice_skip(&ahead, "_")) continue;
        price->tier = (uint8_t) tiers[i];
        *rest = ahead;
        return true;
    }
    return false;
}

static bool
eat_kind(rlm_slice *rest, kind *of)
{
    static const char *const words[KINDS] = {"", "image_", "audio_", "video_"};

    for (int i = OF_IMAGES; i < KINDS && *of == OF_TEXT; i++) {
        if (!rlm_slice_skip(rest, words[i])) continue;
        *of = (kind) i;
        return true;
    }
    return false;
}

/* A condition at the beginning of a key, each once. */
static bool
eat_condition(rlm_slice *rest, entry *of)
{
    bool *const switches[] = {&of->above, &of->off_peak, &of->resident};
    static const char *const words[] = {"above_context_", "off_peak_", "data_residency_"};

    for (int i = 0; i < 3; i++) {
        if (*switches[i] || !rlm_slice_skip(rest, words[i])) continue;
        *switches[i] = true;
        return true;
    }
    return eat_tier(rest, &of->price) || eat_kind(rest, &of->kind);
}

/* False: it has a condition or a meter that is not known. */
static bool
read_key(rlm_slice key, bool anthropic, entry *of)
{
    cut_day(&key, &of->price.from_day);
    while (eat_condition(&key, of)) continue;
    for (size_t i = 0; i < sizeof meters / sizeof *meters; i++) {
        if (!rlm_slice_is(key, meters[i].name) || meters[i].meters[of->kind] == NONE) continue;
        of->price.meter = (uint8_t) meters[i].meters[of->kind];
        of->price.unit = (uint8_t) meters[i].unit;
        of->price.covers = of->kind == OF_TEXT ? meters[i].covers : 0;
        if (anthropic && of->price.meter == RLM_METER_CACHE_WRITE_EXTENDED) of->price.meter = RLM_METER_CACHE_WRITE_1H;
        return true;
    }
    return false;
}

/* ---- Rows ---- */

typedef struct {
    rlm_record *model;
    const rlm_value *row;
    entry *entries;
    size_t count;
    rlm_price windows[RLM_PRICE_WINDOWS];
    size_t window_count;
    rlm_price threshold; /* only that of it */
    uint16_t minimum;
} reading;

static rlm_status
give_up(const reading *of, rlm_slice key, const char *why)
{
    char text[160];
    const int length = key.length < 80 ? (int) key.length : 80;

    (void) snprintf(text, sizeof text, "%.*s %s", length, key.bytes, why);
    return rlm_record_give_up_prices(of->model, text);
}

static bool
same_price_but_for_days(const entry *a, const entry *b)
{
    return a->price.meter == b->price.meter && a->price.tier == b->price.tier && a->above == b->above &&
           a->off_peak == b->off_peak && a->resident == b->resident;
}

/* The day on which the next price of the same kind begins; 0: there is none. */
static uint16_t
end_of(const reading *of, const entry *each)
{
    uint16_t end = 0;

    for (size_t i = 0; i < of->count; i++) {
        uint16_t day = of->entries[i].price.from_day;

        if (day > each->price.from_day && (end == 0 || day < end) && same_price_but_for_days(each, &of->entries[i]))
            end = day;
    }
    return end;
}

/* The same price under a key with its conditions in another order, among those before it. */
static const entry *
find_twin(const reading *of, const entry *each)
{
    for (const entry *other = of->entries; other < each; other++) {
        if (other->price.from_day == each->price.from_day && same_price_but_for_days(other, each)) return other;
    }
    return NULL;
}

static bool
same_amount(const rlm_value *left, const rlm_value *right)
{
    rlm_decimal one, other;

    return rlm_value_decimal(left, &one) && rlm_value_decimal(right, &other) && rlm_decimal_equal(one, other);
}

static rlm_status
state_entry(const reading *of, const entry *each)
{
    const rlm_price_words words = {.region = each->resident ? RLM_SLICE(RLM_ANY_REGION) : (rlm_slice){NULL, 0}};
    const entry *twin = find_twin(of, each);
    rlm_price price = each->price;

    if (twin != NULL && same_amount(twin->amount, each->amount)) {
        rlm_value_take_with_prices(each->amount);
        return RLM_OK;
    }
    if (twin != NULL) return give_up(of, each->amount->key, "must be the same as under its other name");
    if (each->above && of->threshold.threshold == 0)
        return give_up(of, each->amount->key, "must have a _context_price_threshold_tokens of 1 or more beside it");
    if (each->off_peak && of->window_count == 0)
        return give_up(of, each->amount->key, "must have _off_peak_windows beside it that can be read");
    if (each->above) price.threshold = of->threshold.threshold;
    if (price.meter == RLM_METER_TRANSCRIPTION) price.minimum = of->minimum;
    price.until_day = end_of(of, each);
    if (!each->off_peak) return rlm_record_state_price_for(of->model, price, &words, each->amount, 0);
    for (size_t i = 0; i < of->window_count; i++) {
        price.weekdays = of->windows[i].weekdays;
        price.from_minute = of->windows[i].from_minute;
        price.until_minute = of->windows[i].until_minute;
        RLM_TRY(rlm_record_state_price_for(of->model, price, &words, each->amount, 0));
    }
    return RLM_OK;
}

/* What stands beside the prices, under keys that begin with "_". */
static rlm_status
read_conditions(reading *of)
{
    rlm_value *threshold = rlm_value_get(of->row, "_context_price_threshold_tokens"),
              *windows = rlm_value_get(of->row, "_off_peak_windows"),
              *minimum = rlm_value_get(of->row, "_minimum_billed_seconds");
    int64_t number;

    if (rlm_value_integer(threshold, &number) && rlm_price_above(number, &of->threshold))
        rlm_value_take_with_prices(threshold);
    if (rlm_value_says_something(minimum)) {
        if (!rlm_value_integer(minimum, &number) || number < 0 || number > UINT16_MAX)
            return give_up(of, minimum->key, "must be a number of seconds, 0 to 65535");
        of->minimum = (uint16_t) number;
        rlm_value_take_with_prices(minimum);
    }
    if (windows == NULL || windows->kind != RLM_ARRAY) return RLM_OK;
    RLM_EACH (each, windows) {
        if (rlm_price_windows(rlm_value_get(each, "hours_utc"), rlm_value_get(each, "weekdays"), of->windows,
                              &of->window_count))
            continue;
        of->window_count = 0;
        return RLM_OK;
    }
    rlm_value_take_with_prices(windows);
    return RLM_OK;
}

static rlm_status
read_entries(reading *of, bool anthropic)
{
    RLM_EACH (member, of->row) {
        entry *next = &of->entries[of->count];

        if (member->key.length == 0 || *member->key.bytes == '_') continue;
        *next = (entry){.amount = member};
        if (!read_key(member->key, anthropic, next)) return give_up(of, member->key, "must be a known kind of price");
        of->count++;
    }
    for (size_t i = 0; i < of->count; i++) RLM_TRY(state_entry(of, &of->entries[i]));
    return RLM_OK;
}

static rlm_status
read_prices(const rlm_value *row, bool anthropic, rlm_record *model)
{
    reading of = {.model = model, .row = row};
    size_t members = 0;
    rlm_status status;

    RLM_EACH (member, row) members++;
    if (members > RLM_CAP_PRICES) {
        char why[64];

        (void) snprintf(why, sizeof why, "must not have more than %d prices", RLM_CAP_PRICES);
        return give_up(&of, model->id, why);
    }
    of.entries = rlm_memory_allocate(members * sizeof *of.entries);
    if (of.entries == NULL) return RLM_OUT_OF_MEMORY;
    status = read_conditions(&of);
    if (status == RLM_OK) status = read_entries(&of, anthropic);
    rlm_memory_free(of.entries);
    return status;
}

/* Those that are not spelled as their slugs here. */
static rlm_status
read_provider(rlm_slice theirs, rlm_arena *arena, rlm_slice *provider, rlm_error *error)
{
    static const struct {
        const char *theirs, *ours;
    } providers[] = {
        {"google", "gemini"},       {"vertex", "vertexai"},        {"vertex_ai", "vertexai"}, {"azure_openai", "azure"},
        {"aws_bedrock", "bedrock"}, {"amazon_bedrock", "bedrock"}, {"x-ai", "xai"},
    };

    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++) {
        if (!rlm_slice_is(theirs, providers[i].theirs)) continue;
        *provider = rlm_slice_of(providers[i].ours);
        return RLM_OK;
    }
    return rlm_rows_slug(arena, theirs, provider, error);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    const rlm_slice key = row->key;
    const char *slash = key.length > 0 ? memchr(key.bytes, '/', key.length) : NULL;
    rlm_value id = {.kind = RLM_STRING};

    if (slash == NULL)
        return rlm_error_set(error, RLM_BAD_ROW, "a model must be named \"provider/id\", got \"%.*s\"",
                             key.length < 80 ? (int) key.length : 80, key.bytes);
    id.text = (rlm_slice){slash + 1, key.length - (size_t) (slash + 1 - key.bytes)};
    RLM_TRY(read_provider((rlm_slice){key.bytes, (size_t) (slash - key.bytes)}, model->arena, &model->provider, error));
    RLM_TRY(rlm_record_identify(model, &id, NULL, error));
    RLM_TRY(read_prices(row, rlm_slice_is(model->provider, "anthropic"), model));
    return rlm_record_keep_rest(model, row, NULL);
}

/* ---- What the file states of all rows ---- */

static rlm_status
check_metadata(const rlm_value *metadata, rlm_error *error)
{
    static const struct {
        const char *key, *must;
    } needs[] = {{"currency", "USD"}, {"unit", "1M tokens"}};

    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        const rlm_value *said = rlm_value_get(metadata, needs[i].key);
        rlm_slice text = rlm_value_written(said);

        if (!rlm_value_says_something(said) || rlm_slice_is(text, needs[i].must)) continue;
        return rlm_error_set(error, RLM_BAD_SHAPE, "metadata.%s must be \"%s\", got \"%.*s\"", needs[i].key,
                             needs[i].must, text.length < 40 ? (int) text.length : 40, text.bytes);
    }
    return RLM_OK;
}

/* The date of the list. All prices get the same one, so they stay sorted. */
static void
date_prices(const rlm_value *updated, rlm_rows *rows)
{
    rlm_timestamp day;

    if (rlm_timestamp_parse(rlm_value_text(updated), &day) != RLM_OK || day.precision < RLM_PRECISION_DAY) return;
    if (day.seconds < DAY || day.seconds / DAY > UINT16_MAX) return;
    for (size_t r = 0; r < rows->count; r++) {
        const rlm_price_set *set = &rows->records[r].prices;
        rlm_price *list = (rlm_price *) (uintptr_t) set->list; /* in our arena */

        for (uint32_t i = 0; i < set->count; i++) list[i].stated_day = (uint16_t) (day.seconds / DAY);
    }
}

static bool
has_meter(const rlm_price_set *set, rlm_meter meter)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->list[i].meter == meter) return true;
    }
    return false;
}

/* Of that name what is charged, per how many; false: it has no meter. */
static bool
find_charge(rlm_slice name, rlm_price *price)
{
    for (size_t i = 0; i < sizeof charges / sizeof *charges; i++) {
        if (!rlm_slice_is(name, charges[i].name)) continue;
        *price = (rlm_price){.meter = (uint8_t) charges[i].meter, .unit = (uint8_t) charges[i].unit};
        return true;
    }
    return false;
}

/* The charges of one provider that have no meter, as {"service_charges": {…}}; empty if all have one. */
static rlm_status
write_rest(const rlm_value *all, rlm_rows *rows, rlm_slice *json)
{
    rlm_value object = {.kind = RLM_OBJECT}, section = {.kind = RLM_OBJECT, .key = RLM_SLICE("service_charges")};
    rlm_buffer out;
    rlm_arena scratch;
    rlm_status status;
    bool some = false;

    section.first = all->first;
    section.last = all->last;
    object.first = object.last = &section;
    rlm_arena_init(&scratch, RLM_CAP_ROW);
    rlm_buffer_init(&out, RLM_CAP_ROW);
    status = rlm_arena_status(&scratch, rlm_value_write(&object, true, &scratch, &out, &some));
    if (status == RLM_OK && some) status = rlm_text_copy(rows->arena, (rlm_slice){out.bytes, out.length}, json);
    rlm_buffer_free(&out);
    rlm_arena_free(&scratch);
    return status;
}

static void
tell_unknown(const rlm_value *section, const rlm_value *charge, rlm_rows *rows)
{
    rlm_error why;

    rlm_error_clear(&why);
    rlm_error_set(&why, RLM_LEFT_OUT, "%.*s of %.*s is charged for something that has no meter",
                  charge->key.length < 60 ? (int) charge->key.length : 60, charge->key.bytes,
                  section->key.length < 60 ? (int) section->key.length : 60, section->key.bytes);
    rlm_rows_leave_out(rows, &why);
}

/* Mark those that have a meter as taken, and tell of the others. */
static rlm_status
sort_charges(const rlm_value *section, rlm_rows *rows, rlm_error *error)
{
    RLM_EACH (charge, section) {
        rlm_decimal amount;
        rlm_price price;

        if (!find_charge(charge->key, &price)) tell_unknown(section, charge, rows);
        else if (rlm_value_decimal(charge, &amount)) rlm_value_take(charge);
        else
            return rlm_error_set(error, RLM_BAD_SHAPE, "service_charges.%.*s.%.*s must be a number, got %s",
                                 section->key.length < 60 ? (int) section->key.length : 60, section->key.bytes,
                                 (int) charge->key.length, charge->key.bytes, rlm_value_kind_name(charge));
    }
    return RLM_OK;
}

/* The prices of a provider's charges, unless the model has its own. */
static rlm_status
charge_model(const rlm_value *section, rlm_record *model)
{
    RLM_EACH (charge, section) {
        rlm_price price;

        if (find_charge(charge->key, &price) && !has_meter(&model->prices, (rlm_meter) price.meter))
            RLM_TRY(rlm_record_state_price(model, price, charge, 0));
    }
    return RLM_OK;
}

/* `section`: the charges of one provider. */
static rlm_status
charge_provider(rlm_value *section, rlm_rows *rows, rlm_error *error)
{
    rlm_slice provider, rest = {NULL, 0};

    RLM_TRY(read_provider(section->key, rows->arena, &provider, error));
    RLM_TRY(sort_charges(section, rows, error));
    RLM_TRY(write_rest(section, rows, &rest));
    for (size_t r = 0; r < rows->count; r++) {
        rlm_record *model = &rows->records[r];

        if (!rlm_slice_equal(model->provider, provider)) continue;
        RLM_TRY(charge_model(section, model));
        if (rest.length > 0) RLM_TRY(rlm_record_add_metadata(model, rest));
    }
    return RLM_OK;
}

static rlm_status
read_envelope(const rlm_value *envelope, rlm_rows *rows, rlm_error *error)
{
    const rlm_value *metadata = rlm_value_get(envelope, "metadata"),
                    *sections = rlm_value_get(envelope, "service_charges");

    RLM_TRY(check_metadata(metadata, error));
    if (sections != NULL && sections->kind == RLM_OBJECT) {
        RLM_EACH (section, sections) {
            rlm_status status = section->kind == RLM_OBJECT ? charge_provider(section, rows, error) : RLM_OK;

            if (status == RLM_OUT_OF_MEMORY || status == RLM_TOO_LARGE) return rlm_rows_fail(rows, status, error);
            if (status != RLM_OK) return status;
        }
    }
    date_prices(rlm_value_get(metadata, "updated_at"), rows);
    return RLM_OK;
}

const rlm_source rlm_source_llm_cost_tracker = {
    .slug = "llm_cost_tracker",
    .name = "price file of llm_cost_tracker",
    .rank = RLM_RANK_PRICES,
    .listings = {{.rows = "models.*", .read_row = read_row, .read_envelope = read_envelope}},
};
