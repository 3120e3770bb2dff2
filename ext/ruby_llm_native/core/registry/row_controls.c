/* What a row's JSON has only of models of which it is stated: life cycle, reasoning, parameters, terms of use. */
#include "registry/row.h"

#include <string.h>

#define APPEND(literal) rlm_buffer_append(out, literal, sizeof(literal) - 1)

/* An object that is begun by its first member, and then has an end; `key` may be NULL for the members of the row. */
typedef struct {
    const char *key;
    bool begun;
} object;

static rlm_status
begin_member(object *in, const char *name, rlm_buffer *out)
{
    if (!in->begun && in->key != NULL) {
        RLM_TRY(APPEND(",\""));
        RLM_TRY(rlm_buffer_append(out, in->key, strlen(in->key)));
        RLM_TRY(APPEND("\":{"));
    } else {
        RLM_TRY(APPEND(","));
    }
    in->begun = true;
    RLM_TRY(APPEND("\""));
    RLM_TRY(rlm_buffer_append(out, name, strlen(name)));
    return APPEND("\":");
}

static rlm_status
end_object(const object *in, rlm_buffer *out)
{
    return in->begun && in->key != NULL ? APPEND("}") : RLM_OK;
}

static rlm_status
write_flag(object *in, const char *name, rlm_flags flags, int position, rlm_buffer *out)
{
    if (((flags.yes | flags.no) & RLM_BIT(position)) == 0) return RLM_OK;
    RLM_TRY(begin_member(in, name, out));
    return (flags.yes & RLM_BIT(position)) != 0 ? APPEND("true") : APPEND("false");
}

/* {"min":0,"max":2} */
static rlm_status
write_bounds(const rlm_record *record, int of, rlm_buffer *out)
{
    char number[RLM_DECIMAL_TEXT];
    bool first = true;

    RLM_TRY(APPEND("{"));
    for (int kind = 0; kind < RLM_BOUND_COUNT; kind++) {
        const rlm_bound *bound = rlm_record_bound(record, (rlm_bounded) of, (rlm_bound_kind) kind);

        if (bound == NULL) continue;
        RLM_TRY(first ? APPEND("\"") : APPEND(",\""));
        RLM_TRY(rlm_buffer_append(out, rlm_bound_names[kind], strlen(rlm_bound_names[kind])));
        RLM_TRY(APPEND("\":"));
        RLM_TRY(rlm_buffer_append(out, number,
                                  rlm_decimal_write((rlm_decimal){bound->coefficient, bound->exponent}, number)));
        first = false;
    }
    return APPEND("}");
}

static bool
is_bounded(const rlm_record *record, int of)
{
    for (int kind = 0; kind < RLM_BOUND_COUNT; kind++) {
        if (rlm_record_bound(record, (rlm_bounded) of, (rlm_bound_kind) kind) != NULL) return true;
    }
    return false;
}

static rlm_status
write_timestamp(object *in, const char *name, rlm_timestamp timestamp, rlm_buffer *out)
{
    char text[RLM_TIMESTAMP_TEXT];

    if (timestamp.precision == RLM_PRECISION_NONE) return RLM_OK;
    RLM_TRY(begin_member(in, name, out));
    (void) rlm_timestamp_write(timestamp, text);
    return rlm_value_write_text(rlm_slice_of(text), out);
}

/* "successor gpt-5" as {"kind":"successor","id":"gpt-5"} */
static rlm_status
write_replacement(rlm_slice line, rlm_buffer *out)
{
    const char *blank = memchr(line.bytes, ' ', line.length);
    size_t length = blank != NULL ? (size_t) (blank - line.bytes) : 0;

    RLM_TRY(APPEND("{\"kind\":"));
    RLM_TRY(rlm_value_write_text((rlm_slice){line.bytes, length}, out));
    RLM_TRY(APPEND(",\"id\":"));
    if (blank != NULL) length++;
    RLM_TRY(rlm_value_write_text((rlm_slice){line.bytes + length, line.length - length}, out));
    return APPEND("}");
}

static rlm_status
write_life(const rlm_record *record, rlm_buffer *out)
{
    object life = {"life_cycle", false};
    rlm_slice rest = record->replacements, line;
    bool first = true;

    RLM_TRY(write_timestamp(&life, "deprecated_at", record->deprecated_at, out));
    RLM_TRY(write_timestamp(&life, "retires_at", record->retires_at, out));
    RLM_TRY(write_flag(&life, "fixed", record->traits, RLM_TRAIT_FIXED_RETIREMENT, out));
    if (record->replacements.length > 0) {
        RLM_TRY(begin_member(&life, "replacements", out));
        RLM_TRY(APPEND("["));
        for (; rlm_id_list_next(&rest, &line); first = false) {
            if (!first) RLM_TRY(APPEND(","));
            RLM_TRY(write_replacement(line, out));
        }
        RLM_TRY(APPEND("]"));
    }
    return end_object(&life, out);
}

static rlm_status
write_reasoning(const rlm_record *record, rlm_buffer *out)
{
    object reasoning = {"reasoning", false};
    rlm_flags traits = record->traits;

    if ((record->efforts.yes | record->efforts.no) != 0) {
        RLM_TRY(begin_member(&reasoning, "efforts", out));
        RLM_TRY(rlm_row_write_names(record->efforts.yes, rlm_effort_names, RLM_EFFORT_COUNT, out));
    }
    if (record->default_effort > 0) {
        RLM_TRY(begin_member(&reasoning, "default", out));
        RLM_TRY(rlm_value_write_text(rlm_slice_of(rlm_effort_names[record->default_effort - 1]), out));
    }
    RLM_TRY(write_flag(&reasoning, "mandatory", traits, RLM_TRAIT_REASONING_MANDATORY, out));
    RLM_TRY(write_flag(&reasoning, "toggle", traits, RLM_TRAIT_REASONING_TOGGLE, out));
    RLM_TRY(write_flag(&reasoning, "on", traits, RLM_TRAIT_REASONING_DEFAULT, out));
    if ((traits.yes & RLM_BIT(RLM_TRAIT_REASONING_BUDGET)) != 0 || is_bounded(record, RLM_BOUNDED_REASONING_BUDGET)) {
        RLM_TRY(begin_member(&reasoning, "budget", out));
        RLM_TRY(write_bounds(record, RLM_BOUNDED_REASONING_BUDGET, out));
    } else {
        RLM_TRY(write_flag(&reasoning, "budget", traits, RLM_TRAIT_REASONING_BUDGET, out));
    }
    return end_object(&reasoning, out);
}

/* Those that are accepted, each with its bounds. */
static rlm_status
write_parameters(const rlm_record *record, rlm_buffer *out)
{
    object parameters = {"parameters", false};

    for (int i = 0; i < RLM_PARAMETER_COUNT; i++) {
        int of = rlm_name_position(rlm_bounded_names, RLM_BOUNDED_COUNT, rlm_slice_of(rlm_parameter_names[i]));

        if ((record->parameters.yes & RLM_BIT(i)) == 0) continue;
        RLM_TRY(begin_member(&parameters, rlm_parameter_names[i], out));
        RLM_TRY(of < 0 ? APPEND("{}") : write_bounds(record, of, out));
    }
    return end_object(&parameters, out);
}

/* From the dimensions of an embedding on: what has bounds and is no parameter. */
static rlm_status
write_limits(const rlm_record *record, rlm_buffer *out)
{
    object limits = {"request_limits", false}, row = {NULL, false};

    if (is_bounded(record, RLM_BOUNDED_DIMENSIONS)) {
        RLM_TRY(begin_member(&row, "dimensions", out));
        RLM_TRY(write_bounds(record, RLM_BOUNDED_DIMENSIONS, out));
    }
    for (int of = RLM_BOUNDED_DIMENSIONS + 1; of < RLM_BOUNDED_COUNT; of++) {
        if (!is_bounded(record, of)) continue;
        RLM_TRY(begin_member(&limits, rlm_bounded_names[of], out));
        RLM_TRY(write_bounds(record, of, out));
    }
    return end_object(&limits, out);
}

static rlm_status
write_terms(const rlm_record *record, rlm_buffer *out)
{
    object policy = {"data_policy", false}, row = {NULL, false};

    RLM_TRY(write_flag(&policy, "zero_data_retention", record->traits, RLM_TRAIT_ZERO_DATA_RETENTION, out));
    RLM_TRY(write_flag(&policy, "training", record->traits, RLM_TRAIT_TRAINING, out));
    if (record->data_regions.length > 0) {
        RLM_TRY(begin_member(&policy, "regions", out));
        RLM_TRY(rlm_row_write_list(record->data_regions, out));
    }
    RLM_TRY(end_object(&policy, out));
    RLM_TRY(write_flag(&row, "open_weights", record->traits, RLM_TRAIT_OPEN_WEIGHTS, out));
    if (record->license.length == 0) return RLM_OK;
    RLM_TRY(begin_member(&row, "license", out));
    return rlm_value_write_text(record->license, out);
}

rlm_status
rlm_row_write_controls(const rlm_record *record, rlm_buffer *out)
{
    RLM_TRY(write_life(record, out));
    RLM_TRY(write_reasoning(record, out));
    RLM_TRY(write_parameters(record, out));
    RLM_TRY(write_limits(record, out));
    return write_terms(record, out);
}
