/* The table of precedence, and how each of its fields is taken from a statement. */
#include "registry/precedence.h"

static bool
take_text(rlm_slice *into, rlm_slice from)
{
    if (from.length == 0) return false;
    *into = from;
    return true;
}

static bool
take_timestamp(rlm_timestamp *into, rlm_timestamp from)
{
    if (from.precision == RLM_PRECISION_NONE) return false;
    *into = from;
    return true;
}

static bool
take_limit(rlm_record *into, const rlm_record *from, rlm_limit limit)
{
    if (from->limits[limit] == RLM_UNKNOWN) return false;
    into->limits[limit] = from->limits[limit];
    return true;
}

/* Flag by flag: what an earlier source stated stays. */
static bool
take_flags(rlm_flags *into, rlm_flags from)
{
    uint32_t said = into->yes | into->no;

    into->yes |= from.yes & ~said;
    into->no |= from.no & ~said;
    return from.yes != 0 || from.no != 0;
}

static bool
take_family(rlm_record *into, const rlm_record *from)
{
    return take_text(&into->family, from->family);
}

static bool
take_replacement(rlm_record *into, const rlm_record *from)
{
    return take_text(&into->replacement, from->replacement);
}

static bool
take_created_at(rlm_record *into, const rlm_record *from)
{
    return take_timestamp(&into->created_at, from->created_at);
}

static bool
take_knowledge_cutoff(rlm_record *into, const rlm_record *from)
{
    return take_timestamp(&into->knowledge_cutoff, from->knowledge_cutoff);
}

static bool
take_retires_at(rlm_record *into, const rlm_record *from)
{
    return take_timestamp(&into->retires_at, from->retires_at);
}

static bool
take_context_window(rlm_record *into, const rlm_record *from)
{
    return take_limit(into, from, RLM_LIMIT_CONTEXT);
}

static bool
take_max_input_tokens(rlm_record *into, const rlm_record *from)
{
    return take_limit(into, from, RLM_LIMIT_INPUT);
}

static bool
take_max_output_tokens(rlm_record *into, const rlm_record *from)
{
    return take_limit(into, from, RLM_LIMIT_OUTPUT);
}

static bool
take_status(rlm_record *into, const rlm_record *from)
{
    if (from->status == RLM_MODEL_STATUS_UNKNOWN) return false;
    into->status = from->status;
    return true;
}

static bool
take_input(rlm_record *into, const rlm_record *from)
{
    return take_flags(&into->input, from->input);
}

static bool
take_output(rlm_record *into, const rlm_record *from)
{
    return take_flags(&into->output, from->output);
}

static bool
take_capabilities(rlm_record *into, const rlm_record *from)
{
    return take_flags(&into->capabilities, from->capabilities);
}

/* The whole set or none of it: tiers of two sources do not fit together. */
static bool
take_prices(rlm_record *into, const rlm_record *from)
{
    if (from->price_count == 0) return false;
    into->prices = from->prices;
    into->price_count = from->price_count;
    return true;
}

/* The columns are those of rlm_precedence. */
static const rlm_precedence precedence[] = {
    {RLM_FIELD_FAMILY, true, false, take_family},
    {RLM_FIELD_CREATED_AT, false, false, take_created_at},
    {RLM_FIELD_CONTEXT_WINDOW, false, false, take_context_window},
    {RLM_FIELD_MAX_INPUT_TOKENS, false, false, take_max_input_tokens},
    {RLM_FIELD_MAX_OUTPUT_TOKENS, false, false, take_max_output_tokens},
    {RLM_FIELD_KNOWLEDGE_CUTOFF, false, false, take_knowledge_cutoff},
    {RLM_FIELD_STATUS, false, false, take_status},
    {RLM_FIELD_RETIRES_AT, false, false, take_retires_at},
    {RLM_FIELD_REPLACEMENT, false, false, take_replacement},
    {RLM_FIELD_INPUT, false, true, take_input},
    {RLM_FIELD_OUTPUT, false, true, take_output},
    {RLM_FIELD_CAPABILITIES, false, true, take_capabilities},
    {RLM_FIELD_PRICES, false, false, take_prices},
};

const rlm_precedence *
rlm_merge_precedence(size_t *count)
{
    *count = sizeof precedence / sizeof *precedence;
    return precedence;
}
