/*
 * Records as text. `facts`, near the end, is the whole format: each fact's key, its place in the record, and the pair
 * of functions that write and read its kind. What is written is read again first: it comes back bit by bit or is
 * refused.
 */
#include "export/export_record.h"

#include "base/caps.h"
#include "export/export_price.h"
#include "export/export_value.h"
#include "model/origins.h"

#include <string.h>

typedef struct fact fact;

struct fact {
    const char *key;
    /* `*out` stays NULL if nothing is stated. */
    rlm_status (*write)(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error);
    rlm_status (*read)(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error);
    size_t place;             /* in the record */
    const char *const *names; /* of words and flags */
    int count;
};

const rlm_json_caps rlm_export_caps = {RLM_CAP_EXPORT_DEPTH, RLM_CAP_SOURCE, RLM_CAP_EXPORT_ROWS, SIZE_MAX};

static const char clean_text[] = "must be valid UTF-8 without control characters";
#define PLACE_IN(record, of) ((void *) ((char *) (record) + (of)->place))
#define PLACE_OF(record, of) ((const void *) ((const char *) (record) + (of)->place))

/* RLM_OUT_OF_MEMORY for a value that could not be made. */
static rlm_status
made(const rlm_value *value)
{
    return value == NULL ? RLM_OUT_OF_MEMORY : RLM_OK;
}

/* ---- Texts ---- */

static rlm_status
write_text(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    const rlm_slice *text = PLACE_OF(record, of);

    (void) error;
    if (text->length == 0) return RLM_OK;
    *out = rlm_export_text(arena, *text);
    return made(*out);
}

static rlm_status
read_text(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    if (!rlm_export_is_text(value)) return rlm_export_refuse(error, "must be a string of valid UTF-8");
    return rlm_text_copy(record->arena, value->text, PLACE_IN(record, of));
}

static rlm_status
write_id(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    const rlm_slice *id = PLACE_OF(record, of);

    if (id->length == 0 || rlm_slice_has_control_characters(*id))
        return rlm_error_set(error, RLM_BAD_BLOCK, "%s", clean_text);
    return write_text(of, record, arena, out, error);
}

static rlm_status
read_id(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    if (rlm_slice_has_control_characters(rlm_value_text(value))) return rlm_export_refuse(error, clean_text);
    return read_text(of, value, record, error);
}

/* ---- Limits ---- */

static rlm_status
write_limit(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    const int64_t *tokens = PLACE_OF(record, of);

    (void) error;
    if (*tokens == RLM_UNKNOWN) return RLM_OK;
    *out = rlm_export_number(arena, *tokens);
    return made(*out);
}

static rlm_status
read_limit(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    int64_t tokens;

    if (!rlm_export_integer(value, &tokens) || tokens < 0)
        return rlm_export_refuse(error, "must be a whole number of tokens, 0 or more");
    memcpy(PLACE_IN(record, of), &tokens, sizeof tokens);
    return RLM_OK;
}

/* ---- Timestamps ---- */

static rlm_status
write_timestamp(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    const rlm_timestamp *timestamp = PLACE_OF(record, of);
    rlm_timestamp again;
    rlm_slice text;
    char *bytes;

    if (timestamp->precision == RLM_PRECISION_NONE) return RLM_OK;
    bytes = rlm_arena_allocate(arena, RLM_TIMESTAMP_TEXT, 1);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    text = (rlm_slice){bytes, rlm_timestamp_write(*timestamp, bytes)};
    if (rlm_timestamp_parse(text, &again) != RLM_OK || again.seconds != timestamp->seconds ||
        again.precision != timestamp->precision) {
        return rlm_error_set(error, RLM_BAD_BLOCK, "must be the first second of its period");
    }
    *out = rlm_export_text(arena, text);
    return made(*out);
}

static rlm_status
read_timestamp(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    if (rlm_timestamp_parse(rlm_value_text(value), PLACE_IN(record, of)) != RLM_OK)
        return rlm_export_refuse(error, "must be a date or a time");
    return RLM_OK;
}

/* ---- Words ---- */

static rlm_status
write_word(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    const char *word = of->names[*(const uint8_t *) PLACE_OF(record, of)];

    (void) error;
    if (*word == '\0') return RLM_OK;
    *out = rlm_export_text(arena, rlm_slice_of(word));
    return made(*out);
}

static rlm_status
read_word(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    return rlm_export_word(of->names, of->count, value, PLACE_IN(record, of), error);
}

/* ---- Flags: {"no": [word, …], "yes": [word, …]} ---- */

static rlm_status
write_bits(const fact *of, uint32_t bits, const char *key, rlm_arena *arena, rlm_value *flags)
{
    rlm_value *words = rlm_export_container(arena, RLM_ARRAY);

    if (bits == 0) return RLM_OK;
    for (int i = 0; words != NULL && i < of->count; i++) {
        if ((bits & RLM_BIT(i)) != 0)
            RLM_TRY(rlm_export_append(words, rlm_export_text(arena, rlm_slice_of(of->names[i]))));
    }
    return rlm_export_insert(flags, key, words);
}

static rlm_status
write_flags(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    const rlm_flags *flags = PLACE_OF(record, of);

    (void) error;
    if (flags->yes == 0 && flags->no == 0) return RLM_OK;
    *out = rlm_export_container(arena, RLM_OBJECT);
    RLM_TRY(made(*out));
    RLM_TRY(write_bits(of, flags->no, "no", arena, *out));
    return write_bits(of, flags->yes, "yes", arena, *out);
}

static rlm_status
read_flags(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    rlm_flags *flags = PLACE_IN(record, of);
    uint8_t position;

    if (value->kind != RLM_OBJECT)
        return rlm_export_refuse(error, "must be an object with the lists \"no\" and \"yes\"");
    *flags = (rlm_flags){0, 0};
    RLM_EACH (list, value) {
        bool yes = rlm_slice_is(list->key, "yes");

        if (!yes && !rlm_slice_is(list->key, "no")) return rlm_export_refuse_word(error, "unknown member", list->key);
        if (list->kind != RLM_ARRAY) return rlm_export_refuse(error, "\"no\" and \"yes\" must be lists of words");
        RLM_EACH (word, list) {
            RLM_TRY(rlm_export_word(of->names, of->count, word, &position, error));
            if (((yes ? flags->no : flags->yes) & RLM_BIT(position)) != 0)
                return rlm_export_refuse_word(error, "stated both yes and no:", word->text);
            rlm_flags_state(flags, position, yes);
        }
    }
    return RLM_OK;
}

/* ---- Lists: equivalent ids, and names of endpoints ---- */

/* Whether lines are sorted and whole, as those of a list are that is not hostile. */
static rlm_status
check_list(rlm_slice rest, rlm_error *error)
{
    rlm_slice last = {NULL, 0}, line;

    while (rlm_id_list_next(&rest, &line)) {
        if (rlm_slice_compare(last, line) >= 0 || rlm_slice_has_control_characters(line))
            return rlm_error_set(error, RLM_BAD_BLOCK, "ids must be sorted, without control characters");
        last = line;
    }
    return rest.length == 0 ? RLM_OK : rlm_error_set(error, RLM_BAD_BLOCK, "the list of ids is cut off");
}

static rlm_status
write_list(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    rlm_slice rest = *(const rlm_slice *) PLACE_OF(record, of), id;

    if (rest.length == 0) return RLM_OK;
    RLM_TRY(check_list(rest, error));
    RLM_TRY(made(*out = rlm_export_container(arena, RLM_ARRAY)));
    while (rlm_id_list_next(&rest, &id)) RLM_TRY(rlm_export_append(*out, rlm_export_text(arena, id)));
    return RLM_OK;
}

static rlm_status
read_list(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    rlm_slice *list = PLACE_IN(record, of), last = {NULL, 0};
    size_t length = 0;
    char *bytes;

    if (value->kind != RLM_ARRAY) return rlm_export_refuse(error, "must be a list of ids");
    RLM_EACH (id, value) {
        if (!rlm_export_is_text(id) || id->text.length == 0 || rlm_slice_has_control_characters(id->text)) {
            return rlm_export_refuse(error, "an id must be valid UTF-8 without control characters");
        }
        if (rlm_slice_compare(last, id->text) >= 0)
            return rlm_export_refuse_word(error, "ids must be sorted by bytes, without duplicates:", id->text);
        length += id->text.length + 1;
        last = id->text;
    }
    bytes = rlm_arena_allocate(record->arena, length, 1);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    *list = (rlm_slice){bytes, length};
    RLM_EACH (id, value) {
        memcpy(bytes, id->text.bytes, id->text.length);
        bytes[id->text.length] = '\n';
        bytes += id->text.length + 1;
    }
    return RLM_OK;
}

/* ---- Origins: {fact: the name of an endpoint or a metadata source, "alias", "id" or "builtin", …} ---- */

static rlm_status
write_origins(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    rlm_origins origins;
    rlm_slice again;

    (void) of;
    rlm_origins_read(record, &origins);
    RLM_TRY(rlm_origins_write(&origins, arena, &again));
    if (!rlm_slice_equal(record->origins, again)) return rlm_error_set(error, RLM_BAD_BLOCK, "must have a line a fact");
    for (int i = 0; i < RLM_FIELD_COUNT; i++) {
        if (origins.of[i].length == 0) continue;
        if (rlm_slice_has_control_characters(origins.of[i])) return rlm_error_set(error, RLM_BAD_BLOCK, clean_text);
        if (*out == NULL) RLM_TRY(made(*out = rlm_export_container(arena, RLM_OBJECT)));
        RLM_TRY(rlm_export_insert(*out, rlm_field_names[i], rlm_export_text(arena, origins.of[i])));
    }
    return RLM_OK;
}

static rlm_status
read_origins(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    rlm_origins origins = {.of = {{NULL, 0}}};

    (void) of;
    if (value->kind != RLM_OBJECT) return rlm_export_refuse(error, "must be an object of facts and their sources");
    RLM_EACH (member, value) {
        int field = rlm_name_position(rlm_field_names, RLM_FIELD_COUNT, member->key);

        if (field < 0) return rlm_export_refuse_word(error, "unknown fact", member->key);
        if (!rlm_export_is_text(member) || member->text.length == 0 || rlm_slice_has_control_characters(member->text))
            return rlm_export_refuse(error, "must be the name of an endpoint or a source");
        origins.of[field] = member->text;
    }
    return rlm_origins_write(&origins, record->arena, &record->origins);
}

/* ---- Prices ---- */

/* What would not be read again, or come back otherwise. */
static rlm_status
check_prices(const rlm_price_set *set, rlm_error *error)
{
    RLM_TRY(check_list(set->words, error));
    if (set->count > RLM_CAP_MERGED_PRICES) return rlm_error_set(error, RLM_BAD_BLOCK, "too many prices");
    for (uint32_t i = 1; i < set->count; i++) {
        if (rlm_price_order(&set->list[i - 1], &set->list[i]) > 0)
            return rlm_error_set(error, RLM_BAD_BLOCK, "prices must be sorted");
    }
    return RLM_OK;
}

static rlm_status
write_prices(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    (void) of;
    if (record->prices.count == 0) return RLM_OK;
    RLM_TRY(check_prices(&record->prices, error));
    RLM_TRY(made(*out = rlm_export_container(arena, RLM_ARRAY)));
    for (uint32_t i = 0; i < record->prices.count; i++)
        RLM_TRY(rlm_export_write_price(&record->prices, &record->prices.list[i], arena, *out));
    return RLM_OK;
}

static rlm_status
read_prices(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    rlm_price_set set = {.list = NULL};

    (void) of;
    if (value->kind != RLM_ARRAY) return rlm_export_refuse(error, "must be a list of prices");
    RLM_EACH (object, value) {
        rlm_price price = {.coefficient = 0};
        rlm_price_words words = {.region = {NULL, 0}};
        rlm_status status;

        if (set.count >= RLM_CAP_MERGED_PRICES) return rlm_export_refuse(error, "too many prices");
        RLM_TRY(rlm_export_read_price(object, &price, &words, error));
        status = rlm_prices_add_with_words(&set, price, &words, record->arena);
        if (status == RLM_TOO_LARGE) return rlm_export_refuse(error, "too many words in prices");
        RLM_TRY(status);
    }
    record->prices = set;
    return RLM_OK;
}

/* ---- Bounds: {what is bounded: {"default": 1, "max": 2, "min": 0}, …} ---- */

static rlm_status
write_bounds(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    rlm_value *bounded = NULL;

    (void) of;
    for (uint32_t i = 0; i < record->bound_count; i++) {
        const rlm_bound *bound = &record->bounds[i];

        if (i > 0 && rlm_bound_order(&bound[-1], bound) >= 0)
            return rlm_error_set(error, RLM_BAD_BLOCK, "bounds must be sorted, each kind once");
        if (*out == NULL) RLM_TRY(made(*out = rlm_export_container(arena, RLM_OBJECT)));
        if (i == 0 || bound[-1].of != bound->of) {
            bounded = rlm_export_container(arena, RLM_OBJECT);
            RLM_TRY(rlm_export_insert(*out, rlm_bounded_names[bound->of], bounded));
        }
        RLM_TRY(rlm_export_insert(bounded, rlm_bound_names[bound->kind],
                                  rlm_export_amount(arena, (rlm_decimal){bound->coefficient, bound->exponent})));
    }
    return RLM_OK;
}

static rlm_status
read_bounds(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    (void) of;
    if (value->kind != RLM_OBJECT) return rlm_export_refuse(error, "must be an object of what is bounded");
    RLM_EACH (bounded, value) {
        int what = rlm_name_position(rlm_bounded_names, RLM_BOUNDED_COUNT, bounded->key);

        if (what < 0) return rlm_export_refuse_word(error, "unknown name", bounded->key);
        if (bounded->kind != RLM_OBJECT) return rlm_export_refuse_word(error, "must be an object:", bounded->key);
        RLM_EACH (number, bounded) {
            int kind = rlm_name_position(rlm_bound_names, RLM_BOUND_COUNT, number->key);
            rlm_decimal decimal;

            if (kind < 0) return rlm_export_refuse_word(error, "unknown bound", number->key);
            RLM_TRY(rlm_export_read_amount(number, &decimal, error));
            RLM_TRY(rlm_record_add_bound(record, (rlm_bounded) what, (rlm_bound_kind) kind, decimal));
        }
    }
    return RLM_OK;
}

/* ---- The effort that a request has without naming one ---- */

static rlm_status
write_default_effort(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    (void) of, (void) error;
    if (record->default_effort == 0) return RLM_OK;
    *out = rlm_export_text(arena, rlm_slice_of(rlm_effort_names[record->default_effort - 1]));
    return made(*out);
}

static rlm_status
read_default_effort(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    uint8_t effort;

    (void) of;
    RLM_TRY(rlm_export_word(rlm_effort_names, RLM_EFFORT_COUNT, value, &effort, error));
    record->default_effort = (uint8_t) (effort + 1);
    return RLM_OK;
}

/* As versions 1 and 2 had it: one id. */
static rlm_status
read_replacement(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    rlm_value id = *value;

    (void) of;
    if (!rlm_export_is_text(value)) return rlm_export_refuse(error, "must be a string of valid UTF-8");
    RLM_TRY(rlm_record_state_replacement(record, RLM_REPLACEMENT_SUCCESSOR, &id));
    return id.taken ? RLM_OK : rlm_export_refuse(error, "must be an id without control characters");
}

/* Versions 1 and 2 only. */
static rlm_status
write_nothing(const fact *of, const rlm_record *record, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    (void) of, (void) record, (void) arena, (void) out, (void) error;
    return RLM_OK;
}

/* ---- Metadata ---- */

static rlm_status
check_metadata(const rlm_value *value, rlm_slice written, rlm_arena *arena, rlm_error *error)
{
    rlm_buffer again;
    rlm_status status;
    bool wrote;

    rlm_buffer_init(&again, RLM_CAP_SOURCE);
    status = rlm_value_write(value, false, arena, &again, &wrote);
    if (status == RLM_OK &&
        (value->kind != RLM_OBJECT || !rlm_slice_equal((rlm_slice){again.bytes, again.length}, written))) {
        status = rlm_error_set(error, RLM_BAD_BLOCK, "must be JSON in canonical form");
    }
    rlm_buffer_free(&again);
    return status;
}

/* The caller frees `*json`, also after a failure; the tree lives as long as it does. */
static rlm_status
parse_metadata(rlm_slice metadata, rlm_json **json, rlm_arena *arena, rlm_value **out, rlm_error *error)
{
    rlm_status status;
    bool found;

    RLM_TRY(rlm_json_open_with(&(rlm_json_rows){.rows = NULL}, &rlm_export_caps, json));
    status = rlm_json_feed(*json, metadata.bytes, metadata.length, error);
    if (status == RLM_OK) status = rlm_json_finish(*json, out, &found, error);
    if (status == RLM_OUT_OF_MEMORY || status == RLM_TOO_LARGE) return status;
    if (status != RLM_OK) return rlm_error_set(error, RLM_BAD_BLOCK, "must be JSON");
    return check_metadata(*out, metadata, arena, error);
}

static rlm_status
read_metadata(const fact *of, const rlm_value *value, rlm_record *record, rlm_error *error)
{
    rlm_buffer json;
    rlm_status status;
    bool wrote;

    (void) of;
    if (value->kind != RLM_OBJECT) return rlm_export_refuse(error, "must be an object");
    rlm_buffer_init(&json, RLM_CAP_SOURCE);
    status = rlm_value_write(value, false, record->arena, &json, &wrote);
    if (status == RLM_OK)
        status = rlm_text_copy(record->arena, (rlm_slice){json.bytes, json.length}, &record->metadata);
    rlm_buffer_free(&json);
    return status;
}

/* ---- All facts ---- */

#define PLAIN(key, kind, member)                                                                                       \
    {                                                                                                                  \
        key, write_##kind, read_##kind, offsetof(rlm_record, member), NULL, 0                                          \
    }
#define NAMED(key, kind, member, names, count)                                                                         \
    {                                                                                                                  \
        key, write_##kind, read_##kind, offsetof(rlm_record, member), names, count                                     \
    }

static const fact facts[] = {
    PLAIN("provider", id, provider),
    PLAIN("id", id, id),
    NAMED("standing", word, standing, rlm_standing_names, RLM_STANDING_COUNT),
    PLAIN("name", text, name),
    PLAIN("family", text, family),
    NAMED("type", word, type, rlm_type_names, RLM_TYPE_COUNT),
    NAMED("status", word, status, rlm_model_status_names, RLM_MODEL_STATUS_COUNT),
    PLAIN("created_at", timestamp, created_at),
    PLAIN("knowledge_cutoff", timestamp, knowledge_cutoff),
    PLAIN("retires_at", timestamp, retires_at),
    PLAIN("unlisted_at", timestamp, unlisted_at),
    PLAIN("deprecated_at", timestamp, deprecated_at),
    PLAIN("replacements", list, replacements),
    {"replacement", write_nothing, read_replacement, 0, NULL, 0},
    PLAIN("context_window", limit, limits[RLM_LIMIT_CONTEXT]),
    PLAIN("max_input_tokens", limit, limits[RLM_LIMIT_INPUT]),
    PLAIN("max_output_tokens", limit, limits[RLM_LIMIT_OUTPUT]),
    NAMED("capabilities", flags, capabilities, rlm_capability_names, RLM_CAPABILITY_COUNT),
    NAMED("input_modalities", flags, input, rlm_modality_names, RLM_MODALITY_COUNT),
    NAMED("output_modalities", flags, output, rlm_modality_names, RLM_MODALITY_COUNT),
    NAMED("parameters", flags, parameters, rlm_parameter_names, RLM_PARAMETER_COUNT),
    NAMED("reasoning_efforts", flags, efforts, rlm_effort_names, RLM_EFFORT_COUNT),
    PLAIN("default_reasoning_effort", default_effort, default_effort),
    NAMED("traits", flags, traits, rlm_trait_names, RLM_TRAIT_COUNT),
    PLAIN("bounds", bounds, bounds),
    PLAIN("license", text, license),
    PLAIN("data_regions", list, data_regions),
    PLAIN("pattern", text, pattern),
    PLAIN("kin", list, equivalents),
    PLAIN("endpoints", list, endpoints),
    PLAIN("prices", prices, prices.list),
    PLAIN("origins", origins, origins),
    /* written apart: its tree is not in the arena */
    {"metadata", NULL, read_metadata, offsetof(rlm_record, metadata), NULL, 0},
};

#define FACTS (sizeof facts / sizeof *facts)
#define REQUIRED 3 /* the first of them: without these it is not a model */

/* Put the model, and the fact if one is to blame, into the message; `reason` may be the content of `error`. */
static rlm_status
blame(rlm_slice provider, rlm_slice id, rlm_slice key, rlm_error *error, rlm_status status)
{
    rlm_error reason = *error;

    if (reason.status != status) return rlm_error_set(error, status, NULL); /* out of memory: the status says it all */
    provider = rlm_export_excerpt(provider);
    id = rlm_export_excerpt(id);
    key = rlm_export_excerpt(key);
    return rlm_error_set(error, status, "%.*s %.*s: %.*s: %s", (int) provider.length, provider.bytes, (int) id.length,
                         id.bytes, (int) key.length, key.bytes, reason.message);
}

rlm_status
rlm_export_write_record(const rlm_record *record, int indent, rlm_arena *arena, rlm_buffer *out, rlm_error *error)
{
    rlm_value model = {.kind = RLM_OBJECT}, *member;
    rlm_json *metadata = NULL;
    rlm_status status = RLM_OK;
    const char *key = "";

    for (size_t i = 0; i < FACTS && status == RLM_OK; i++) {
        key = facts[i].key;
        member = NULL;
        if (facts[i].write != NULL) status = facts[i].write(&facts[i], record, arena, &member, error);
        else if (record->metadata.length > 0)
            status = parse_metadata(record->metadata, &metadata, arena, &member, error);
        if (status == RLM_OK && member != NULL) status = rlm_export_insert(&model, key, member);
    }
    if (status == RLM_OK) status = rlm_value_write_lines(&model, indent, out);
    rlm_json_free(metadata);
    return status == RLM_OK ? RLM_OK : blame(record->provider, record->id, rlm_slice_of(key), error, status);
}

static const fact *
find_fact(rlm_slice key)
{
    for (size_t i = 0; i < FACTS; i++) {
        if (rlm_slice_is(key, facts[i].key)) return &facts[i];
    }
    return NULL;
}

static rlm_status
read_fact(const rlm_value *member, rlm_record *record, rlm_error *error)
{
    const fact *known = find_fact(member->key);

    if (known == NULL) return rlm_export_refuse_word(error, "unknown fact", member->key);
    return known->read(known, member, record, error);
}

rlm_status
rlm_export_read_record(const rlm_value *row, rlm_record *record, rlm_error *error)
{
    rlm_slice provider = rlm_value_text(rlm_value_get(row, "provider")), id = rlm_value_text(rlm_value_get(row, "id"));

    if (row->kind != RLM_OBJECT) return rlm_export_refuse(error, "a model must be an object");
    RLM_EACH (member, row) {
        rlm_status status = read_fact(member, record, error);

        if (status != RLM_OK) return blame(provider, id, member->key, error, status);
    }
    for (size_t i = 0; i < REQUIRED; i++) {
        const rlm_value *member = rlm_value_get(row, facts[i].key);

        if (member != NULL && member->text.length > 0) continue;
        return blame(provider, id, rlm_slice_of(facts[i].key), error, rlm_export_refuse(error, "missing"));
    }
    return RLM_OK;
}
