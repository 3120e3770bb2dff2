/*
 * Everything that a record states, as one text: "chat; named Acme 7B; context 8192; takes text image; can vision; price
 * input 0.5; rest {…}". What is denied is told where not all others are. A price whose meter has a star also covers
 * tokens of images, audio and video; with two stars, those of the cache; with three, both.
 */
#ifndef RLM_TOLD_H
#define RLM_TOLD_H

#include "model/record.h"
#include "test.h"

#include <stdarg.h>

static char told_text[4096];
static size_t told_length;

static inline void
tell(const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(told_text + told_length, sizeof told_text - told_length, format, arguments);
    va_end(arguments);
    told_length += length > 0 && (size_t) length < sizeof told_text - told_length ? (size_t) length : 0;
}

static inline void
tell_text(const char *what, rlm_slice text)
{
    if (text.length > 0) tell("%s%s %.*s", told_length > 0 ? "; " : "", what, (int) text.length, text.bytes);
}

static inline void
tell_flags(const char *what, uint32_t flags, const char *const *names, int count)
{
    if (flags == 0) return;
    tell("%s%s", told_length > 0 ? "; " : "", what);
    for (int i = 0; i < count; i++) {
        if (flags & RLM_BIT(i)) tell(" %s", names[i]);
    }
}

/* Those of a list that tells all of them. */
static inline void
tell_listed(const char *yes, const char *no, rlm_flags flags, const char *const *names, int count)
{
    tell_flags(yes, flags.yes, names, count);
    if ((flags.yes | flags.no) != RLM_BIT(count) - 1) tell_flags(no, flags.no, names, count);
}

static inline void
tell_list(const char *what, rlm_slice list)
{
    rlm_slice line;

    while (rlm_id_list_next(&list, &line)) tell_text(what, line);
}

static inline void
tell_timestamp(const char *what, rlm_timestamp timestamp)
{
    char text[RLM_TIMESTAMP_TEXT];

    if (timestamp.precision == RLM_PRECISION_NONE) return;
    rlm_timestamp_write(timestamp, text);
    tell_text(what, rlm_slice_of(text));
}

/* A condition of a price, or nothing. */
static inline void
tell_condition(const char *what, rlm_slice word)
{
    if (word.length > 0) tell(" %s %.*s", what, (int) word.length, word.bytes);
}

static inline void
tell_day(const char *what, uint16_t day)
{
    char text[RLM_TIMESTAMP_TEXT];

    if (day == 0) return;
    rlm_timestamp_write((rlm_timestamp){(int64_t) day * 86400, RLM_PRECISION_DAY}, text);
    tell_condition(what, rlm_slice_of(text));
}

static inline void
tell_prices(const rlm_record *record)
{
    static const char *const steps[] = {"above", "from", "of what is above"}, *const stars[] = {"", "*", "**", "***"};
    const rlm_slice words = record->prices.words;

    for (uint32_t i = 0; i < record->prices.count; i++) {
        const rlm_price *price = &record->prices.list[i];
        char text[RLM_DECIMAL_TEXT];

        rlm_decimal_write((rlm_decimal){price->coefficient, price->exponent}, text);
        tell("; price %s%s", rlm_meter_names[price->meter], stars[price->covers]);
        if (price->tier != RLM_TIER_STANDARD) tell(" %s", rlm_price_tier_names[price->tier]);
        if (price->unit != RLM_UNIT_MILLION_TOKENS) tell(" per %s", rlm_price_unit_names[price->unit]);
        if (price->threshold > 0) tell(" %s %lld", steps[price->step], (long long) price->threshold);
        tell_condition("in", rlm_price_word(words, price->region));
        tell_condition("size", rlm_price_word(words, price->size));
        tell_condition("quality", rlm_price_word(words, price->quality));
        tell_day("since", price->from_day);
        tell_day("until", price->until_day);
        if (price->weekdays != 0) tell(" on weekdays %d", price->weekdays);
        if (price->from_minute != price->until_minute) tell(" at %d-%d", price->from_minute, price->until_minute);
        if (price->minimum > 0) tell(" for at least %d", price->minimum);
        tell(" %s", text);
        tell_day("stated", price->stated_day);
        tell_condition("by", rlm_price_word(words, price->origin));
    }
}

static inline void
tell_bounds(const rlm_record *record)
{
    for (uint32_t i = 0; i < record->bound_count; i++) {
        const rlm_bound *bound = &record->bounds[i];
        char text[RLM_DECIMAL_TEXT];

        rlm_decimal_write((rlm_decimal){bound->coefficient, bound->exponent}, text);
        tell("; %s %s %s", rlm_bounded_names[bound->of], rlm_bound_names[bound->kind], text);
    }
}

static inline void
tell_controls(const rlm_record *record)
{
    tell_listed("accepts", "accepts no", record->parameters, rlm_parameter_names, RLM_PARAMETER_COUNT);
    tell_listed("efforts", "no efforts", record->efforts, rlm_effort_names, RLM_EFFORT_COUNT);
    if (record->default_effort != 0) tell("; default effort %s", rlm_effort_names[record->default_effort - 1]);
    tell_flags("traits", record->traits.yes, rlm_trait_names, RLM_TRAIT_COUNT);
    tell_flags("no traits", record->traits.no, rlm_trait_names, RLM_TRAIT_COUNT);
    tell_bounds(record);
    tell_text("licence", record->license);
    tell_list("data in", record->data_regions);
}

static inline rlm_slice
told(const rlm_record *record)
{
    static const char *const limits[] = {"context", "input", "output"};

    told_length = 0;
    tell("%s", record->type == RLM_TYPE_UNKNOWN ? "-" : rlm_type_names[record->type]);
    tell_text("named", record->name);
    tell_list("also", record->equivalents);
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) {
        if (record->limits[i] != RLM_UNKNOWN) tell("; %s %lld", limits[i], (long long) record->limits[i]);
    }
    tell_listed("takes", "takes no", record->input, rlm_modality_names, RLM_MODALITY_COUNT);
    tell_listed("gives", "gives no", record->output, rlm_modality_names, RLM_MODALITY_COUNT);
    tell_flags("can", record->capabilities.yes, rlm_capability_names, RLM_CAPABILITY_COUNT);
    tell_flags("cannot", record->capabilities.no, rlm_capability_names, RLM_CAPABILITY_COUNT);
    tell_prices(record);
    tell_timestamp("created", record->created_at);
    tell_timestamp("knows until", record->knowledge_cutoff);
    tell_timestamp("retires", record->retires_at);
    tell_text("is", rlm_slice_of(rlm_model_status_names[record->status]));
    tell_timestamp("deprecated", record->deprecated_at);
    tell_list("then", record->replacements);
    tell_controls(record);
    tell_text("matches", record->pattern);
    tell_text("rest", record->metadata);
    return (rlm_slice){told_text, told_length};
}

#endif
