/*
 * Records: what readers may state.
 *
 * A reader states facts without checking them first; every check that a fact needs before it may be kept is here, once.
 */
#include "model/record.h"

#include "base/caps.h"
#include "model/id.h"

#include <stdlib.h>
#include <string.h>

void
rlm_record_init(rlm_record *record, rlm_arena *arena, rlm_slice provider)
{
    memset(record, 0, sizeof *record);
    record->arena = arena;
    record->provider = provider;
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) record->limits[i] = RLM_UNKNOWN;
}

int
rlm_record_compare(const void *left, const void *right)
{
    const rlm_record *a = left, *b = right;
    int order = rlm_slice_compare(a->provider, b->provider);

    return order != 0 ? order : rlm_slice_compare(a->id, b->id);
}

/* ---- Texts ---- */

static bool
usable_id(const rlm_value *value)
{
    rlm_slice text = rlm_value_text(value);

    return text.length > 0 && text.length <= RLM_CAP_ID && !value->damaged && !rlm_slice_has_control_characters(text);
}

rlm_status
rlm_record_identify(rlm_record *record, rlm_value *id, const char *prefix, rlm_error *error)
{
    rlm_slice text = rlm_value_text(id);

    if (id == NULL) return rlm_error_set(error, RLM_BAD_ROW, "a row must have an id");
    if (id->kind != RLM_STRING)
        return rlm_error_set(error, RLM_BAD_ROW, "id must be a string, got %s", rlm_value_kind_name(id));
    if (!usable_id(id)) {
        return rlm_error_set(error, RLM_BAD_ROW, "id must be valid UTF-8 of 1 to %d bytes, without control characters",
                             RLM_CAP_ID);
    }
    if (rlm_slice_contains(text, "*")) {
        return rlm_error_set(error, RLM_LEFT_OUT, "\"%.*s\" is a pattern, not a model", (int) text.length, text.bytes);
    }
    if (prefix != NULL && rlm_slice_skip(&text, prefix) && text.length == 0)
        return rlm_error_set(error, RLM_BAD_ROW, "id must have a name after \"%s\"", prefix);
    rlm_value_take(id);
    return rlm_text_copy(record->arena, text, &record->id);
}

/* Of several texts the first one holds. */
static rlm_status
keep_text(rlm_record *record, rlm_slice *field, rlm_value *value)
{
    rlm_slice text = rlm_value_text(value);

    if (text.length == 0) return RLM_OK;
    if (field->length > 0 && !rlm_slice_equal(text, *field)) return RLM_OK;
    rlm_value_take(value);
    return field->length > 0 ? RLM_OK : rlm_text_copy(record->arena, text, field);
}

rlm_status
rlm_record_state_name(rlm_record *record, rlm_value *name)
{
    return keep_text(record, &record->name, name);
}

rlm_status
rlm_record_state_family(rlm_record *record, rlm_value *family)
{
    return keep_text(record, &record->family, family);
}

/* ---- Numbers, timestamps, flags ---- */

void
rlm_record_state_limit(rlm_record *record, rlm_limit limit, rlm_value *tokens)
{
    int64_t count, *stated = &record->limits[limit];

    if (!rlm_value_integer(tokens, &count)) return;
    if (count > 0 && *stated != RLM_UNKNOWN && *stated != count) return;
    if (count > 0) *stated = count;
    rlm_value_take(tokens);
}

/* A number of seconds, or one of the forms of timestamp.h: in a text, four digits are a year. */
static bool
read_timestamp(const rlm_value *value, rlm_timestamp *timestamp)
{
    int64_t seconds;

    if (rlm_timestamp_parse(rlm_value_text(value), timestamp) == RLM_OK) return true;
    if (!rlm_value_integer(value, &seconds)) return false;
    *timestamp = (rlm_timestamp){seconds, RLM_PRECISION_NONE};
    return seconds <= 0 || rlm_timestamp_from_unix(seconds, timestamp) == RLM_OK;
}

void
rlm_record_state_timestamp(rlm_timestamp *timestamp, rlm_value *value)
{
    rlm_timestamp stated;

    if (!read_timestamp(value, &stated)) return;
    if (stated.seconds > 0) {
        bool said = timestamp->precision != RLM_PRECISION_NONE;

        if (said && (timestamp->seconds != stated.seconds || timestamp->precision != stated.precision)) return;
        *timestamp = stated;
    }
    rlm_value_take(value);
}

void
rlm_flags_state(rlm_flags *flags, int position, bool yes)
{
    uint32_t bit = RLM_BIT(position);

    flags->yes = yes ? flags->yes | bit : flags->yes & ~bit;
    flags->no = yes ? flags->no & ~bit : flags->no | bit;
}

void
rlm_record_state_flag(rlm_flags *flags, int position, rlm_value *flag)
{
    bool truth;

    if (!rlm_value_truth(flag, &truth)) return;
    rlm_flags_state(flags, position, truth);
    rlm_value_take(flag);
}

void
rlm_record_state_capability(rlm_record *record, rlm_capability capability, rlm_value *flag)
{
    rlm_record_state_flag(&record->capabilities, (int) capability, flag);
}

static const rlm_word *
find_word(const rlm_word *words, rlm_slice text)
{
    for (; words != NULL && words->word != NULL; words++) {
        if (rlm_slice_is(text, words->word)) return words;
    }
    return NULL;
}

/* Whether it is a list of strings only, with at least one. */
static bool
is_list_of_texts(const rlm_value *list)
{
    if (list == NULL || list->kind != RLM_ARRAY || list->first == NULL) return false;
    RLM_EACH (element, list) {
        if (element->kind != RLM_STRING) return false;
    }
    return true;
}

void
rlm_record_state_enumerated(rlm_record *record, const rlm_value *list, const rlm_word *words)
{
    uint32_t yes = 0, all = 0;
    bool known = false;

    if (!is_list_of_texts(list)) return;
    for (const rlm_word *each = words; each->word != NULL; each++) {
        if (each->flag != RLM_NO_FLAG) all |= RLM_BIT(each->flag);
    }
    RLM_EACH (element, list) {
        const rlm_word *word = find_word(words, element->text);

        if (word != NULL) known = true;
        if (word != NULL && word->flag != RLM_NO_FLAG) yes |= RLM_BIT(word->flag);
    }
    if (!known) return;
    record->capabilities.yes = (record->capabilities.yes & ~all) | yes;
    record->capabilities.no = (record->capabilities.no & ~all) | (all & ~yes);
}

void
rlm_record_state_modalities(rlm_flags *flags, rlm_value *list, const rlm_word *own)
{
    uint32_t yes = 0;
    bool whole = true;

    if (!is_list_of_texts(list)) return;
    RLM_EACH (element, list) {
        const rlm_word *word = find_word(own, element->text);
        int position =
            word != NULL ? word->flag : rlm_name_position(rlm_modality_names, RLM_MODALITY_COUNT, element->text);

        if (position >= 0) yes |= RLM_BIT(position);
        else whole = false;
    }
    if (yes == 0) return; /* words of a newer vocabulary only */
    flags->yes = yes;
    flags->no = (RLM_BIT(RLM_MODALITY_COUNT) - 1) & ~yes;
    if (whole) rlm_value_take(list);
}

void
rlm_record_state_type(rlm_record *record, rlm_type type)
{
    static const struct {
        rlm_type type;
        rlm_modality output;
    } only[] = {
        {RLM_TYPE_EMBEDDING, RLM_MODALITY_EMBEDDINGS}, {RLM_TYPE_IMAGE, RLM_MODALITY_IMAGE},
        {RLM_TYPE_VIDEO, RLM_MODALITY_VIDEO},          {RLM_TYPE_AUDIO, RLM_MODALITY_AUDIO},
        {RLM_TYPE_RERANK, RLM_MODALITY_RERANK},        {RLM_TYPE_MODERATION, RLM_MODALITY_MODERATION},
        {RLM_TYPE_TRANSCRIPTION, RLM_MODALITY_TEXT},
    };

    record->type = (uint8_t) type;
    for (size_t i = 0; i < sizeof only / sizeof *only; i++) {
        if (only[i].type != type) continue;
        record->output.yes = RLM_BIT(only[i].output);
        record->output.no = (RLM_BIT(RLM_MODALITY_COUNT) - 1) & ~record->output.yes;
    }
}

/* ---- Kin ---- */

/* Whether it is an id of the same offer: no id has a comma or a blank. */
static bool
names_equivalents(const rlm_record *record, const rlm_value *id)
{
    if (!usable_id(id) || rlm_slice_contains(id->text, ",") || rlm_slice_contains(id->text, " ")) return false;
    return rlm_id_same_offer(id->text, record->id);
}

/*
 * Those ids of a list that name equivalents; `*count` is their number. `*whole` tells whether all were ids, and no more
 * than the cap.
 */
static rlm_status
collect_equivalents(const rlm_record *record, const rlm_value *list, rlm_slice **ids, size_t *count, bool *whole)
{
    size_t left = 0;

    RLM_EACH (id, list) left++;
    *whole = left <= RLM_CAP_EQUIVALENTS;
    if (left > RLM_CAP_EQUIVALENTS) left = RLM_CAP_EQUIVALENTS;
    *ids = rlm_arena_allocate(record->arena, left, sizeof **ids);
    *count = 0;
    if (*ids == NULL) return RLM_OUT_OF_MEMORY;
    RLM_EACH (id, list) {
        if (left-- == 0) break;
        if (!names_equivalents(record, id)) *whole = false;
        else if (!rlm_slice_equal(id->text, record->id)) (*ids)[(*count)++] = id->text;
    }
    return RLM_OK;
}

rlm_status
rlm_record_state_equivalents(rlm_record *record, rlm_value *ids)
{
    rlm_slice *stated, listed;
    size_t count;
    bool whole;

    if (ids != NULL && ids->kind == RLM_STRING) {
        if (!names_equivalents(record, ids)) return RLM_OK;
        rlm_value_take(ids);
        if (rlm_slice_equal(ids->text, record->id)) return RLM_OK;
        return rlm_id_list_add(record->arena, record->equivalents, ids->text, &record->equivalents);
    }
    if (ids == NULL || ids->kind != RLM_ARRAY || ids->first == NULL) return RLM_OK;
    RLM_TRY(collect_equivalents(record, ids, &stated, &count, &whole));
    if (whole) rlm_value_take(ids);
    RLM_TRY(rlm_id_list(record->arena, stated, count, RLM_CAP_EQUIVALENTS, &listed));
    return rlm_id_list_unite(record->arena, record->equivalents, listed, &record->equivalents);
}

/* ---- The rest ---- */

bool
rlm_value_contains(const rlm_value *list, const char *text)
{
    if (list == NULL || list->kind != RLM_ARRAY) return false;
    RLM_EACH (element, list) {
        if (rlm_slice_is(rlm_value_text(element), text)) return true;
    }
    return false;
}

void
rlm_value_drop(const rlm_value *object, const char *key)
{
    rlm_value *member = rlm_value_get(object, key);

    if (member != NULL) member->kind = RLM_NULL; /* a taken object would still be asked for its members */
}

/* Mark the prices that were taken before one could not be read as not taken. As deep as RLM_CAP_DEPTH. */
static void
give_back_prices(const rlm_value *parent)
{
    RLM_EACH (child, parent) {
        if (child->priced) rlm_value_keep(child);
        give_back_prices(child);
    }
}

rlm_status
rlm_record_keep_rest(rlm_record *record, const rlm_value *row, const char *const *ignore)
{
    rlm_arena scratch; /* the memory for sorting its members is not kept */
    rlm_buffer json;
    bool some;
    rlm_status status;

    if (record->unread_price.length > 0) give_back_prices(row);
    for (; ignore != NULL && *ignore != NULL; ignore++) rlm_value_drop(row, *ignore);
    rlm_arena_init(&scratch, RLM_CAP_ROW);
    rlm_buffer_init(&json, RLM_CAP_ROW);
    status = rlm_arena_status(&scratch, rlm_value_write(row, true, &scratch, &json, &some));
    rlm_arena_free(&scratch);
    if (status == RLM_OK && some)
        status = rlm_text_copy(record->arena, (rlm_slice){json.bytes, json.length}, &record->metadata);
    rlm_buffer_free(&json);
    return status;
}
