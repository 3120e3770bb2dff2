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
take_traits(rlm_record *into, const rlm_record *from, uint32_t which)
{
    return take_flags(&into->traits, (rlm_flags){from->traits.yes & which, from->traits.no & which});
}

static bool
take_family(rlm_record *into, const rlm_record *from)
{
    return take_text(&into->family, from->family);
}

static bool
take_replacements(rlm_record *into, const rlm_record *from)
{
    return take_text(&into->replacements, from->replacements);
}

static bool
take_license(rlm_record *into, const rlm_record *from)
{
    return take_text(&into->license, from->license);
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
    if (!take_timestamp(&into->retires_at, from->retires_at)) return false;
    (void) take_traits(into, from, RLM_BIT(RLM_TRAIT_FIXED_RETIREMENT)); /* that of this date, or nobody's */
    return true;
}

static bool
take_deprecated_at(rlm_record *into, const rlm_record *from)
{
    return take_timestamp(&into->deprecated_at, from->deprecated_at);
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

/* The efforts are one source's, because a list of them is whole; the other ways to control it may come from others. */
static bool
take_reasoning(rlm_record *into, const rlm_record *from)
{
    bool took = take_traits(into, from, RLM_REASONING_TRAITS);

    if ((into->efforts.yes | into->efforts.no) == 0 && (from->efforts.yes | from->efforts.no) != 0) {
        into->efforts = from->efforts;
        took = true;
    }
    if (into->default_effort == 0 && from->default_effort != 0) {
        into->default_effort = from->default_effort;
        took = true;
    }
    return took;
}

static bool
take_parameters(rlm_record *into, const rlm_record *from)
{
    return take_flags(&into->parameters, from->parameters);
}

static bool
take_data_policy(rlm_record *into, const rlm_record *from)
{
    bool took = take_traits(into, from, RLM_POLICY_TRAITS);

    return (into->data_regions.length == 0 && take_text(&into->data_regions, from->data_regions)) || took;
}

static bool
take_open_weights(rlm_record *into, const rlm_record *from)
{
    return take_traits(into, from, RLM_BIT(RLM_TRAIT_OPEN_WEIGHTS));
}

/* The whole set or none of it: prices of two lists do not fit together. complete.c says which may be added. */
static bool
take_prices(rlm_record *into, const rlm_record *from)
{
    if (from->prices.count == 0) return false;
    into->prices = from->prices;
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
    {RLM_FIELD_DEPRECATED_AT, false, false, take_deprecated_at},
    {RLM_FIELD_REPLACEMENT, false, false, take_replacements},
    {RLM_FIELD_INPUT, false, true, take_input},
    {RLM_FIELD_OUTPUT, false, true, take_output},
    {RLM_FIELD_CAPABILITIES, false, true, take_capabilities},
    {RLM_FIELD_REASONING, false, true, take_reasoning},
    {RLM_FIELD_PARAMETERS, false, true, take_parameters},
    {RLM_FIELD_DATA_POLICY, false, true, take_data_policy},
    {RLM_FIELD_LICENSE, false, false, take_license},
    {RLM_FIELD_OPEN_WEIGHTS, false, false, take_open_weights},
    {RLM_FIELD_PRICES, false, false, take_prices},
};

const rlm_precedence *
rlm_merge_precedence(size_t *count)
{
    *count = sizeof precedence / sizeof *precedence;
    return precedence;
}
