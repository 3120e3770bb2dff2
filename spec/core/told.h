/*
 * Everything that a record states, as one text: "chat; named Acme 7B; context 8192; takes text image; can vision; price
 * text_tokens input 0.5; rest {…}". Modalities that are denied are told where not all others are.
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

static inline void
tell_modalities(const char *yes, const char *no, rlm_flags flags)
{
    uint32_t all = RLM_BIT(RLM_MODALITY_COUNT) - 1;

    tell_flags(yes, flags.yes, rlm_modality_names, RLM_MODALITY_COUNT);
    if ((flags.yes | flags.no) != all) tell_flags(no, flags.no, rlm_modality_names, RLM_MODALITY_COUNT);
}

static inline void
tell_timestamp(const char *what, rlm_timestamp timestamp)
{
    char text[RLM_TIMESTAMP_TEXT];

    if (timestamp.precision == RLM_PRECISION_NONE) return;
    rlm_timestamp_write(timestamp, text);
    tell_text(what, rlm_slice_of(text));
}

static inline void
tell_prices(const rlm_record *record)
{
    for (uint32_t i = 0; i < record->price_count; i++) {
        const rlm_price *price = &record->prices[i];
        char text[RLM_DECIMAL_TEXT];

        rlm_decimal_write((rlm_decimal){price->coefficient, price->exponent}, text);
        tell("; price %s %s", rlm_price_category_names[price->category], rlm_price_direction_names[price->direction]);
        if (price->tier != RLM_TIER_STANDARD) tell(" %s", rlm_price_tier_names[price->tier]);
        if (price->unit != RLM_UNIT_MILLION_TOKENS) tell(" per %s", rlm_price_unit_names[price->unit]);
        if (price->threshold > 0) tell(" above %lld", (long long) price->threshold);
        tell(" %s", text);
    }
}

static inline rlm_slice
told(const rlm_record *record)
{
    static const char *const limits[] = {"context", "input", "output"};
    rlm_slice rest = record->equivalents, id;

    told_length = 0;
    tell("%s", record->type == RLM_TYPE_UNKNOWN ? "-" : rlm_type_names[record->type]);
    tell_text("named", record->name);
    while (rlm_id_list_next(&rest, &id)) tell_text("also", id);
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) {
        if (record->limits[i] != RLM_UNKNOWN) tell("; %s %lld", limits[i], (long long) record->limits[i]);
    }
    tell_modalities("takes", "takes no", record->input);
    tell_modalities("gives", "gives no", record->output);
    tell_flags("can", record->capabilities.yes, rlm_capability_names, RLM_CAPABILITY_COUNT);
    tell_flags("cannot", record->capabilities.no, rlm_capability_names, RLM_CAPABILITY_COUNT);
    tell_prices(record);
    tell_timestamp("created", record->created_at);
    tell_timestamp("knows until", record->knowledge_cutoff);
    tell_timestamp("retires", record->retires_at);
    tell_text("is", rlm_slice_of(rlm_model_status_names[record->status]));
    tell_text("replaced by", record->replacement);
    tell_text("rest", record->metadata);
    return (rlm_slice){told_text, told_length};
}

#endif
