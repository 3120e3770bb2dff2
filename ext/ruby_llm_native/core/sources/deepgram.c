/*
 * Deepgram: GET {base}/v1/models, one page, "Authorization: Token". Two lists in one answer: `stt` transcribes, `tts`
 * speaks.
 *
 * Odd about it: only the list tells the type: "general" and "phonecall" are transcribers. A transcriber has a row for
 * each language, so rows of one id are made into one: the languages of all rows, a flag that one of them has, and any
 * other member only if no row contradicts it (versions and architectures do), whatever their order. `canonical_name` is
 * the id, older rows have only `name`; for a voice `name` is the voice. flux-* is served only over a websocket, which
 * no row says: it transcribes, and has the capability realtime. `batch` and `streaming` mean recordings and live sound,
 * not cheaper or piecewise answers, and stay metadata.
 */
#include "sources/rows.h"

#include <stdlib.h>
#include <string.h>

/* A member and its position among all: qsort does not keep the order of equal keys. */
typedef struct {
    rlm_value *member;
    size_t place;
} placed;

/* What a row leaves for `complete`. */
typedef struct {
    rlm_value rest;      /* an object: members that no other row has contradicted; contradicted ones are null */
    rlm_slice languages; /* as equivalents are: sorted, each followed by a line feed */
} leftover;

static bool
wants(rlm_slice group)
{
    return rlm_slice_is(group, "stt") || rlm_slice_is(group, "tts");
}

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    return rlm_request_setting(request, "Authorization", "Token", "deepgram_api_key", error);
}

/* ---- Values that outlive their row ---- */

static void
append(rlm_value *parent, rlm_value *child)
{
    child->next = NULL;
    if (parent->last != NULL) parent->last->next = child;
    else parent->first = child;
    parent->last = child;
}

static rlm_status
append_copy(rlm_arena *arena, rlm_value *parent, const rlm_value *value)
{
    rlm_value *copy = rlm_arena_allocate(arena, 1, sizeof *copy);

    if (copy == NULL) return RLM_OUT_OF_MEMORY;
    *copy = (rlm_value){.kind = value->kind, .truth = value->truth};
    RLM_TRY(rlm_text_copy(arena, value->key, &copy->key));
    RLM_TRY(rlm_text_copy(arena, value->text, &copy->text));
    RLM_EACH (child, value) RLM_TRY(append_copy(arena, copy, child));
    append(parent, copy);
    return RLM_OK;
}

static bool
equal(const rlm_value *left, const rlm_value *right)
{
    const rlm_value *other = right->first;

    if (left->kind != right->kind || left->truth != right->truth) return false;
    if (!rlm_slice_equal(left->text, right->text)) return false;
    RLM_EACH (child, left) {
        if (other == NULL || !rlm_slice_equal(child->key, other->key) || !equal(child, other)) return false;
        other = other->next;
    }
    return other == NULL;
}

static rlm_value *
find(const rlm_value *object, rlm_slice key)
{
    RLM_EACH (member, object) {
        if (rlm_slice_equal(member->key, key)) return member;
    }
    return NULL;
}

/* ---- One row ---- */

static rlm_status
keep_members(rlm_arena *arena, rlm_value *rest, const rlm_value *object)
{
    if (object == NULL || object->kind != RLM_OBJECT) return RLM_OK;
    RLM_EACH (member, object) {
        if (member->taken || member->kind == RLM_NULL || find(rest, member->key) != NULL) continue;
        RLM_TRY(append_copy(arena, rest, member));
    }
    return RLM_OK;
}

static rlm_status
keep_languages(rlm_arena *arena, const rlm_value *list, rlm_slice *kept)
{
    size_t count = 0, codes = 0;
    rlm_slice *ids;

    RLM_EACH (language, list) count++;
    ids = rlm_arena_allocate(arena, count, sizeof *ids);
    if (ids == NULL) return RLM_OUT_OF_MEMORY;
    RLM_EACH (language, list) {
        rlm_slice code = rlm_value_text(language);

        if (code.length > 0 && memchr(code.bytes, '\n', code.length) == NULL) ids[codes++] = code;
    }
    return rlm_id_list(arena, ids, codes, codes, kept);
}

static rlm_status
keep_aside(const rlm_value *row, rlm_record *model)
{
    leftover *left = rlm_arena_allocate(model->arena, 1, sizeof *left);
    rlm_value *details = rlm_value_get(row, "metadata"), *languages = rlm_value_get(row, "languages");

    if (left == NULL) return RLM_OUT_OF_MEMORY;
    *left = (leftover){.rest = {.kind = RLM_OBJECT}};
    if (details != NULL && details->kind == RLM_OBJECT) rlm_value_take(details); /* its members are kept one by one */
    if (languages != NULL && languages->kind == RLM_ARRAY) rlm_value_take(languages);
    RLM_TRY(keep_languages(model->arena, languages, &left->languages));
    rlm_value_drop(row, "uuid"); /* of the row, not of the model */
    RLM_TRY(keep_members(model->arena, &left->rest, row));
    RLM_TRY(keep_members(model->arena, &left->rest, details));
    model->aside = left;
    return RLM_OK;
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    bool listens = rlm_slice_is(model->group, "stt");
    rlm_value *name = rlm_value_get(row, "name"), *id = rlm_value_get(row, "canonical_name");

    if (rlm_value_text(id).length == 0) id = name;
    RLM_TRY(rlm_record_identify(model, id, NULL, error));
    if (name != NULL && rlm_slice_equal(rlm_value_text(name), model->id)) rlm_value_take(name);
    if (name != NULL && !listens) name->key = RLM_SLICE("voice");

    rlm_record_state_type(model, listens ? RLM_TYPE_TRANSCRIPTION : RLM_TYPE_AUDIO);
    rlm_flags_state(&model->input, listens ? RLM_MODALITY_AUDIO : RLM_MODALITY_TEXT, true);
    rlm_flags_state(&model->input, listens ? RLM_MODALITY_TEXT : RLM_MODALITY_AUDIO, false);
    rlm_flags_state(&model->capabilities, listens ? RLM_CAPABILITY_TRANSCRIPTION : RLM_CAPABILITY_SPEECH_GENERATION,
                    true);
    if (listens && rlm_slice_starts_with(model->id, "flux"))
        rlm_flags_state(&model->capabilities, RLM_CAPABILITY_REALTIME, true);
    return keep_aside(row, model);
}

/* ---- All rows of one id ---- */

static int
by_group_and_id(const void *left, const void *right)
{
    const rlm_record *a = left, *b = right;
    int order = rlm_slice_compare(a->group, b->group);

    return order != 0 ? order : rlm_slice_compare(a->id, b->id);
}

static leftover *
left_of(const rlm_record *model)
{
    return (leftover *) (uintptr_t) model->aside;
}

static int
by_key(const void *left, const void *right)
{
    const placed *a = left, *b = right;
    int order = rlm_slice_compare(a->member->key, b->member->key);

    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

/* What two rows say of one member. */
static void
unite_member(rlm_value *known, const rlm_value *member)
{
    if (known->kind == RLM_BOOLEAN && member->kind == RLM_BOOLEAN) known->truth = known->truth || member->truth;
    else if (!equal(known, member)) *known = (rlm_value){.kind = RLM_NULL, .key = known->key};
}

/*
 * The members of all rows, by key and then in the order of the rows, so that each is looked at once, however many there
 * are.
 */
static rlm_status
unite_members(rlm_record *models, size_t count)
{
    size_t total = 0, next = 0;
    placed *all;

    for (size_t i = 0; i < count; i++)
        RLM_EACH (member, &left_of(&models[i])->rest) total++;
    all = rlm_memory_allocate(total * sizeof *all);
    if (all == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        RLM_EACH (member, &left_of(&models[i])->rest) {
            all[next] = (placed){member, next};
            next++;
        }
    }
    if (total > 1) qsort(all, total, sizeof *all, by_key);
    left_of(models)->rest = (rlm_value){.kind = RLM_OBJECT};
    for (size_t i = 0; i < total; i++) {
        rlm_value *known = left_of(models)->rest.last;

        if (known != NULL && rlm_slice_equal(known->key, all[i].member->key)) unite_member(known, all[i].member);
        else append(&left_of(models)->rest, all[i].member);
    }
    rlm_memory_free(all);
    return RLM_OK;
}

static rlm_status
unite_languages(rlm_record *models, size_t count)
{
    size_t total = 0, next = 0;
    rlm_slice *codes, code;
    rlm_status status;

    for (size_t i = 0; i < count; i++) {
        for (rlm_slice rest = left_of(&models[i])->languages; rlm_id_list_next(&rest, &code);) total++;
    }
    codes = rlm_memory_allocate((total + 1) * sizeof *codes);
    if (codes == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        for (rlm_slice rest = left_of(&models[i])->languages; rlm_id_list_next(&rest, &codes[next]);) next++;
    }
    status = rlm_id_list(models->arena, codes, total, total, &left_of(models)->languages);
    rlm_memory_free(codes);
    return status;
}

static rlm_status
write_metadata(rlm_record *model)
{
    leftover *left = left_of(model);
    rlm_value languages = {.kind = RLM_ARRAY, .key = RLM_SLICE("languages")};
    rlm_slice rest = left->languages, code;

    while (rlm_id_list_next(&rest, &code)) {
        rlm_value *language = rlm_arena_allocate(model->arena, 1, sizeof *language);

        if (language == NULL) return RLM_OUT_OF_MEMORY;
        *language = (rlm_value){.kind = RLM_STRING, .text = code};
        append(&languages, language);
    }
    if (languages.first != NULL) append(&left->rest, &languages);
    return rlm_record_keep_rest(model, &left->rest, NULL);
}

static rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    size_t kept = 0;
    rlm_status status = RLM_OK;

    (void) settings;
    qsort(rows->records, rows->count, sizeof *rows->records, by_group_and_id);
    for (size_t first = 0, count; first < rows->count && status == RLM_OK; first += count) {
        rlm_record *models = &rows->records[first];

        for (count = 1; first + count < rows->count && by_group_and_id(models, &models[count]) == 0;) count++;
        if (count > 1) status = unite_languages(models, count);
        if (count > 1 && status == RLM_OK) status = unite_members(models, count);
        rows->records[kept++] = *models;
    }
    for (size_t i = 0; i < kept && status == RLM_OK; i++) status = write_metadata(&rows->records[i]);
    rows->count = kept;
    return status == RLM_OK ? RLM_OK : rlm_error_set(error, status, NULL);
}

const rlm_source rlm_source_deepgram = {
    .slug = "deepgram",
    .name = "Deepgram",
    .auth = "`Authorization: Token`",
    .states = "name, languages, whether it hears or speaks",
    .base_url = "https://api.deepgram.com",
    .settings = {{"deepgram_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"deepgram_api_base", RLM_SETTING_BASE_URL}},
    .preference = 180,
    .listings = {{.path = "v1/models", .rows = "*[]", .wants = wants, .read_row = read_row}},
    /* For ids that only a metadata source states: aura's are voices; everything else transcribes. */
    .types = {{"aura", RLM_TYPE_AUDIO}, {"", RLM_TYPE_TRANSCRIPTION}},
    .authorize = authorize,
    .complete = complete,
};
