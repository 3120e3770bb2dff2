/* How a model is steered, and what may be done with it: what readers state of that. */
#include "model/record.h"

#include "base/caps.h"

#include <string.h>

/* The words of a list that are among `names`, as bits; 0: there are none. */
static uint32_t
words_in(const rlm_value *list, const char *const *names, int count, bool *whole)
{
    uint32_t bits = 0;

    *whole = true;
    if (list == NULL || list->kind != RLM_ARRAY) return 0;
    RLM_EACH (element, list) {
        int position = rlm_name_position(names, count, rlm_value_text(element));

        if (position >= 0) bits |= RLM_BIT(position);
        else *whole = false;
    }
    return bits;
}

static void
state_words(rlm_flags *flags, rlm_value *list, const char *const *names, int count)
{
    bool whole;
    uint32_t yes = words_in(list, names, count, &whole);

    if (yes == 0) return;
    flags->yes = yes;
    flags->no = (RLM_BIT(count) - 1) & ~yes;
    if (whole) rlm_value_take(list);
}

void
rlm_record_state_efforts(rlm_record *record, rlm_value *list)
{
    state_words(&record->efforts, list, rlm_effort_names, RLM_EFFORT_COUNT);
}

void
rlm_record_state_parameters(rlm_record *record, rlm_value *list)
{
    state_words(&record->parameters, list, rlm_parameter_names, RLM_PARAMETER_COUNT);
}

void
rlm_record_state_default_effort(rlm_record *record, rlm_value *effort)
{
    int position = rlm_name_position(rlm_effort_names, RLM_EFFORT_COUNT, rlm_value_text(effort));

    if (position < 0 || (record->default_effort != 0 && record->default_effort != position + 1)) return;
    record->default_effort = (uint8_t) (position + 1);
    rlm_value_take(effort);
}

int
rlm_bound_order(const rlm_bound *left, const rlm_bound *right)
{
    if (left->of != right->of) return left->of < right->of ? -1 : 1;
    if (left->kind != right->kind) return left->kind < right->kind ? -1 : 1;
    return 0;
}

const rlm_bound *
rlm_record_bound(const rlm_record *record, rlm_bounded of, rlm_bound_kind kind)
{
    for (uint32_t i = 0; i < record->bound_count; i++) {
        if (record->bounds[i].of == of && record->bounds[i].kind == kind) return &record->bounds[i];
    }
    return NULL;
}

rlm_status
rlm_record_add_bound(rlm_record *record, rlm_bounded of, rlm_bound_kind kind, rlm_decimal number)
{
    rlm_bound bound = {
        .coefficient = number.coefficient, .exponent = number.exponent, .of = (uint8_t) of, .kind = (uint8_t) kind};
    uint32_t place = 0;
    rlm_bound *bounds;

    while (place < record->bound_count && rlm_bound_order(&record->bounds[place], &bound) < 0) place++;
    if (place < record->bound_count && rlm_bound_order(&record->bounds[place], &bound) == 0) return RLM_OK;
    bounds = rlm_arena_allocate(record->arena, record->bound_count + 1, sizeof *bounds);
    if (bounds == NULL) return RLM_OUT_OF_MEMORY;
    if (place > 0) memcpy(bounds, record->bounds, place * sizeof *bounds);
    bounds[place] = bound;
    if (record->bound_count > place)
        memcpy(bounds + place + 1, record->bounds + place, (record->bound_count - place) * sizeof *bounds);
    record->bounds = bounds;
    record->bound_count++;
    return RLM_OK;
}

rlm_status
rlm_record_state_bound(rlm_record *record, rlm_bounded of, rlm_bound_kind kind, rlm_value *number)
{
    rlm_decimal decimal;

    if (!rlm_value_decimal(number, &decimal) || rlm_decimal_is_negative(decimal)) return RLM_OK;
    if (rlm_record_bound(record, of, kind) != NULL) return RLM_OK;
    rlm_value_take(number);
    return rlm_record_add_bound(record, of, kind, decimal);
}

rlm_status
rlm_record_state_license(rlm_record *record, rlm_value *license)
{
    rlm_slice text = rlm_value_text(license);

    if (text.length == 0 || text.length > RLM_CAP_ID || record->license.length > 0) return RLM_OK;
    rlm_value_take(license);
    return rlm_text_copy(record->arena, text, &record->license);
}

static size_t
count_lines(rlm_slice list)
{
    size_t count = 0;
    rlm_slice line;

    while (rlm_id_list_next(&list, &line)) count++;
    return count;
}

rlm_status
rlm_record_state_replacement(rlm_record *record, const char *kind, rlm_value *id)
{
    rlm_slice text = rlm_value_text(id);
    size_t length = strlen(kind) + 1 + text.length;
    char *line;

    if (text.length == 0 || text.length > RLM_CAP_ID || id->damaged || rlm_slice_has_control_characters(text))
        return RLM_OK;
    if (rlm_slice_equal(text, record->id) || count_lines(record->replacements) >= RLM_CAP_REPLACEMENTS) return RLM_OK;
    line = rlm_arena_allocate(record->arena, length, 1);
    if (line == NULL) return RLM_OUT_OF_MEMORY;
    memcpy(line, kind, strlen(kind));
    line[strlen(kind)] = ' ';
    memcpy(line + strlen(kind) + 1, text.bytes, text.length);
    rlm_value_take(id);
    return rlm_id_list_add(record->arena, record->replacements, (rlm_slice){line, length}, &record->replacements);
}

rlm_status
rlm_record_state_replacements(rlm_record *record, const char *kind, rlm_value *ids)
{
    bool whole = true;

    if (ids == NULL || ids->kind != RLM_ARRAY || ids->first == NULL) return RLM_OK;
    RLM_EACH (id, ids) {
        RLM_TRY(rlm_record_state_replacement(record, kind, id));
        whole = whole && id->taken;
        rlm_value_keep(id); /* a list is taken whole */
    }
    if (whole) rlm_value_take(ids);
    return RLM_OK;
}
