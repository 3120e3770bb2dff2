/*
 * Amazon Bedrock: the models of one region, signed with AWS Signature Version 4. Read `complete` for how its three
 * listings become one answer.
 *
 * Odd about it: foundation models are the list. Those that are only served through an inference profile are called by
 * the profile's id
 * ("us.anthropic…"), which the second listing has; without it the id is made of the geography and the model's. It is
 * asked for without its filter `type`: the query of a signed request must be sorted, and the token of its next page is
 * added at the end; profiles of the user's own tell themselves by their row. The third listing, another service on
 * another host, has models by their ids alone; what it also lists is marked. Limits are written for people ("200K",
 * "163,840"), K being a thousand. Rerankers are said to put out text. That a model can be talked to through one API or
 * another says nothing about tools, so function calling stays unknown.
 */
#include "sources/bedrock.h"

#include "base/caps.h"
#include "block/sheet.h"
#include "model/id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOUNDATION_MODELS, INFERENCE_PROFILES, MANTLE };

/* What `complete` must know of a foundation model. */
typedef struct {
    bool by_profile;  /* served through an inference profile only */
    rlm_slice marked; /* its metadata, when the mantle lists it too */
} foundation;

/* And of an inference profile. */
typedef struct {
    bool system;     /* defined by Bedrock, not by the user */
    bool names_base; /* its models are stated to be the one that its id ends in */
} profile;

static bool
comes_from(const rlm_record *record, int listing)
{
    return record->listing == &rlm_source_bedrock.listings[listing];
}

/* ---- Texts ---- */

static rlm_status
lower(rlm_arena *arena, rlm_slice text, rlm_slice *lowered)
{
    char *bytes = rlm_arena_allocate(arena, text.length + 1, 1);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < text.length; i++) {
        bytes[i] = (char) (text.bytes[i] >= 'A' && text.bytes[i] <= 'Z' ? text.bytes[i] - 'A' + 'a' : text.bytes[i]);
    }
    *lowered = (rlm_slice){bytes, text.length};
    return RLM_OK;
}

#define MOST_SORTED 100

static int
by_text(const void *left, const void *right)
{
    return rlm_slice_compare(*(const rlm_slice *) left, *(const rlm_slice *) right);
}

/* Their order is not always the same, and means nothing. A list that is none of a few texts stays as it is. */
static void
sort_texts(const rlm_value *list)
{
    rlm_slice texts[MOST_SORTED];
    size_t count = 0, next = 0;

    if (list == NULL || list->kind != RLM_ARRAY) return;
    RLM_EACH (one, list) {
        if (one->kind != RLM_STRING || count == MOST_SORTED) return;
        texts[count++] = one->text;
    }
    if (count > 1) qsort(texts, count, sizeof *texts, by_text);
    RLM_EACH (one, list) one->text = texts[next++];
}

/* The text after the last `mark`, or all of it. */
static rlm_slice
after_last(rlm_slice text, char mark)
{
    size_t start = text.length;

    while (start > 0 && text.bytes[start - 1] != mark) start--;
    return (rlm_slice){text.bytes + start, text.length - start};
}

/* ---- Limits ---- */

/* "200K", "1M", "1.5M", "128000", "163,840": a comma separates thousands, and nothing else does. */
static bool
read_size(rlm_slice text, int64_t *size)
{
    char digits[32];
    size_t length = 0, since_comma = 3;
    bool commas = false;
    int shift = 0;
    rlm_decimal number;

    if (text.length == 0) return false;
    switch (text.bytes[text.length - 1]) {
    case 'k':
    case 'K':
        shift = 3;
        text.length--;
        break;
    case 'm':
    case 'M':
        shift = 6;
        text.length--;
        break;
    default:
        break;
    }
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];

        if (byte == ',') {
            if (commas ? since_comma != 3 : length == 0 || length > 3) return false;
            commas = true;
            since_comma = 0;
            continue;
        }
        if (!((byte >= '0' && byte <= '9') || (byte == '.' && !commas)) || length + 1 >= sizeof digits) return false;
        digits[length++] = byte;
        since_comma++;
    }
    if (commas && since_comma != 3) return false;
    if (rlm_decimal_parse((rlm_slice){digits, length}, &number) != RLM_OK) return false;
    return rlm_decimal_integer(rlm_decimal_shift(number, shift), size) && *size > 0;
}

bool
rlm_bedrock_is_sized(rlm_slice id)
{
    int colons = 0;

    for (size_t i = 0; i < id.length; i++) colons += id.bytes[i] == ':';
    return colons >= 2;
}

/* "amazon.nova-premier-v1:0:20k": what follows the second colon is the size of the context; ":mm" is none. */
static bool
size_of_id(rlm_slice id, int64_t *size)
{
    return rlm_bedrock_is_sized(id) && read_size(after_last(id, ':'), size);
}

static void
read_limits(const rlm_value *row, rlm_record *model)
{
    const rlm_value *description = rlm_value_get(row, "description");
    rlm_value *window = rlm_value_get(description, "maxContextWindow");
    int64_t size;

    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, window); /* seen as texts only, but a number would be clear */
    if (model->limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN && read_size(rlm_value_text(window), &size)) {
        model->limits[RLM_LIMIT_CONTEXT] = size;
        rlm_value_take(window);
    } else if (model->limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN && size_of_id(model->id, &size)) {
        model->limits[RLM_LIMIT_CONTEXT] = size;
        model->origins[RLM_FIELD_CONTEXT_WINDOW] = RLM_ORIGIN_ID;
    }
    /* maxTokensDefault is what is taken when the request says nothing: no limit. */
    rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, rlm_value_get(rlm_value_get(row, "converse"), "maxTokensMaximum"));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(description, "releaseDate"));
}

/* ---- A foundation model ---- */

static const rlm_word modalities[] = {
    {"TEXT", RLM_MODALITY_TEXT},
    {"IMAGE", RLM_MODALITY_IMAGE},
    {"SPEECH", RLM_MODALITY_AUDIO},
    {"AUDIO", RLM_MODALITY_AUDIO},
    {"VIDEO", RLM_MODALITY_VIDEO},
    {"EMBEDDING", RLM_MODALITY_EMBEDDINGS},
    {NULL, 0},
};

static const rlm_word customizations[] = {
    {"FINE_TUNING", RLM_CAPABILITY_FINE_TUNING},
    {"DISTILLATION", RLM_CAPABILITY_DISTILLATION},
    {"CONTINUED_PRE_TRAINING", RLM_NO_FLAG},
    {NULL, 0},
};

static void
read_capabilities(const rlm_value *row, rlm_record *model)
{
    const rlm_value *converse = rlm_value_get(row, "converse");

    rlm_record_state_capability(model, RLM_CAPABILITY_STREAMING, rlm_value_get(row, "responseStreamingSupported"));
    rlm_record_state_capability(model, RLM_CAPABILITY_REASONING,
                                rlm_value_get(rlm_value_get(converse, "reasoningSupported"), "embedded"));
    rlm_record_state_capability(model, RLM_CAPABILITY_CACHING,
                                rlm_value_get(rlm_value_get(row, "explicitPromptCaching"), "isSupported"));
    rlm_record_state_capability(model, RLM_CAPABILITY_BATCH,
                                rlm_value_get(rlm_value_get(row, "batchSupported"), "baseModelSupported"));
    rlm_record_state_enumerated(model, rlm_value_get(row, "customizationsSupported"), customizations);
    rlm_record_state_modalities(&model->input, rlm_value_get(row, "inputModalities"), modalities);
    rlm_record_state_modalities(&model->output, rlm_value_get(row, "outputModalities"), modalities);
    if (rlm_value_contains(rlm_value_get(converse, "userDocumentTypesSupported"), "pdf")) {
        rlm_flags_state(&model->input, RLM_MODALITY_PDF, true);
    }
    if (rlm_slice_contains(model->id, ".rerank")) rlm_record_state_type(model, RLM_TYPE_RERANK);
}

static void
read_model_status(const rlm_value *row, rlm_record *model)
{
    const rlm_value *life = rlm_value_get(row, "modelLifecycle");
    rlm_value *status = rlm_value_get(life, "status");

    if (rlm_slice_is(rlm_value_text(status), "ACTIVE")) model->status = RLM_MODEL_STATUS_ACTIVE;
    else if (rlm_slice_is(rlm_value_text(status), "LEGACY")) model->status = RLM_MODEL_STATUS_DEPRECATED;
    if (model->status != RLM_MODEL_STATUS_UNKNOWN) rlm_value_take(status);
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(life, "endOfLifeTime"));
}

static rlm_status
read_family(const rlm_value *row, rlm_record *model)
{
    RLM_TRY(rlm_record_state_family(model, rlm_value_get(row, "modelFamily")));
    if (model->family.length > 0) return RLM_OK;
    return lower(model->arena, rlm_value_text(rlm_value_get(row, "providerName")), &model->family);
}

/* Put {"endpoint": "mantle"} into the row: what tells that the model is called there. */
static rlm_status
mark(const rlm_value *row, rlm_arena *arena)
{
    rlm_value *endpoint = rlm_arena_allocate(arena, 1, sizeof *endpoint);

    if (endpoint == NULL) return RLM_OUT_OF_MEMORY;
    *endpoint = (rlm_value){.kind = RLM_STRING, .key = RLM_SLICE("endpoint"), .text = RLM_SLICE("mantle")};
    ((rlm_value *) row)->last->next = endpoint; /* the row is ours, and has an id at least */
    ((rlm_value *) row)->last = endpoint;
    return RLM_OK;
}

static rlm_status
read_foundation_model(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    const rlm_value *types = rlm_value_get(row, "inferenceTypesSupported");
    foundation *aside = rlm_arena_allocate(model->arena, 1, sizeof *aside);
    rlm_slice unmarked;

    if (aside == NULL) return RLM_OUT_OF_MEMORY;
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "modelId"), NULL, error));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "modelName")));
    RLM_TRY(read_family(row, model));
    read_limits(row, model);
    read_capabilities(row, model);
    read_model_status(row, model);
    sort_texts(types);
    aside->by_profile = rlm_value_contains(types, "INFERENCE_PROFILE") && !rlm_value_contains(types, "ON_DEMAND");
    model->aside = aside;

    RLM_TRY(rlm_record_keep_rest(model, row, rlm_source_bedrock.ignore));
    unmarked = model->metadata;
    RLM_TRY(mark(row, model->arena));
    RLM_TRY(rlm_record_keep_rest(model, row, NULL));
    aside->marked = model->metadata;
    model->metadata = unmarked;
    return RLM_OK;
}

/* ---- The other listings ---- */

/* "us.anthropic.claude-…": what follows the prefix, or nothing. */
static rlm_slice
base_of_profile(rlm_slice id)
{
    const char *dot = id.length > 0 ? memchr(id.bytes, '.', id.length) : NULL;

    return dot == NULL ? (rlm_slice){NULL, 0} : (rlm_slice){dot + 1, id.length - (size_t) (dot + 1 - id.bytes)};
}

static rlm_status
read_profile(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    profile *aside = rlm_arena_allocate(model->arena, 1, sizeof *aside);

    if (aside == NULL) return RLM_OUT_OF_MEMORY;
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "inferenceProfileId"), NULL, error));
    *aside = (profile){.system = !rlm_slice_is(rlm_value_text(rlm_value_get(row, "type")), "APPLICATION")};
    RLM_EACH (each, rlm_value_get(row, "models")) {
        rlm_slice arn = rlm_value_text(rlm_value_get(each, "modelArn"));

        if (rlm_slice_equal(after_last(arn, '/'), base_of_profile(model->id))) aside->names_base = true;
    }
    model->aside = aside;
    return RLM_OK;
}

static rlm_slice
next_page(const rlm_value *envelope)
{
    return rlm_value_written(rlm_value_get(envelope, "nextToken"));
}

static rlm_status
read_mantle_model(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created"));
    sort_texts(rlm_value_get(rlm_value_get(row, "data_retention"), "allowed_modes"));
    RLM_TRY(mark(row, model->arena));
    return rlm_record_keep_rest(model, row, rlm_source_bedrock.ignore);
}

/* ---- All of them together ---- */

typedef struct {
    rlm_slice key;
    rlm_record *record;
} entry;

typedef struct {
    entry *entries; /* sorted by key, then by id */
    size_t count;
} directory;

static int
compare_entries(const void *left, const void *right)
{
    const entry *a = left, *b = right;
    int order = rlm_slice_compare(a->key, b->key);

    return order != 0 ? order : rlm_slice_compare(a->record->id, b->record->id);
}

/* The records of one listing: profiles by the model they serve, mantle models by their id. */
static rlm_status
open_directory(const rlm_rows *rows, int listing, directory *all)
{
    *all = (directory){rlm_arena_allocate(rows->arena, rows->count, sizeof *all->entries), 0};
    if (all->entries == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < rows->count; i++) {
        rlm_record *record = &rows->records[i];

        if (!comes_from(record, listing)) continue;
        if (listing == INFERENCE_PROFILES && !((const profile *) record->aside)->system) continue;
        all->entries[all->count++] =
            (entry){listing == INFERENCE_PROFILES ? base_of_profile(record->id) : record->id, record};
    }
    if (all->count > 1) qsort(all->entries, all->count, sizeof *all->entries, compare_entries);
    return RLM_OK;
}

/* The first entry of that key and of that id, or of a later one. */
static size_t
seek(const directory *all, rlm_slice key, rlm_slice id)
{
    size_t low = 0, high = all->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        int order = rlm_slice_compare(all->entries[middle].key, key);

        if (order < 0 || (order == 0 && rlm_slice_compare(all->entries[middle].record->id, id) < 0)) low = middle + 1;
        else high = middle;
    }
    return low;
}

bool
rlm_bedrock_is_under(rlm_slice id, rlm_slice prefix)
{
    return id.length > prefix.length && id.bytes[prefix.length] == '.' &&
           memcmp(id.bytes, prefix.bytes, prefix.length) == 0;
}

rlm_bedrock_place
rlm_bedrock_place_of(rlm_slice region)
{
    static const struct {
        const char *region, *country;
    } countries[] = {
        {"ap-northeast-1", "jp"}, {"ap-northeast-3", "jp"}, {"ap-southeast-2", "au"}, {"ap-southeast-4", "au"}};
    rlm_bedrock_place found = {{NULL, 0}, {region.bytes, 0}};

    if (region.length == 0) return (rlm_bedrock_place){{NULL, 0}, RLM_SLICE("us")};
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++) {
        if (rlm_slice_is(region, countries[i].region)) found.country = rlm_slice_of(countries[i].country);
    }
    while (found.geography.length < region.length && region.bytes[found.geography.length] != '-')
        found.geography.length++;
    if (rlm_slice_is(found.geography, "ap")) found.geography = RLM_SLICE("apac");
    if (rlm_slice_starts_with(region, "us-gov")) found.geography = RLM_SLICE("us-gov");
    return found;
}

/* The entry at that position, if it is there and of that key; else NULL. */
static const rlm_record *
entry_of(const directory *all, size_t position, rlm_slice key)
{
    if (position >= all->count || !rlm_slice_equal(all->entries[position].key, key)) return NULL;
    return all->entries[position].record;
}

/* The profile that serves the model in that place, or NULL. */
static const rlm_record *
choose_profile(const directory *profiles, rlm_slice base, rlm_bedrock_place at)
{
    const rlm_slice wanted[] = {at.country, at.geography, RLM_SLICE("global")};
    char under[64];

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const rlm_record *record;
        int length = snprintf(under, sizeof under, "%.*s.", (int) wanted[i].length, wanted[i].bytes);

        if (wanted[i].length == 0 || length < 0 || (size_t) length >= sizeof under) continue;
        record = entry_of(profiles, seek(profiles, base, rlm_slice_of(under)), base);
        if (record != NULL && rlm_bedrock_is_under(record->id, wanted[i])) return record;
    }
    return entry_of(profiles, seek(profiles, base, (rlm_slice){NULL, 0}), base);
}

static rlm_status
join_id(rlm_arena *arena, rlm_slice prefix, rlm_slice base, rlm_slice *id)
{
    char *bytes = rlm_arena_allocate(arena, prefix.length + 1 + base.length, 1);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    memcpy(bytes, prefix.bytes, prefix.length);
    bytes[prefix.length] = '.';
    memcpy(bytes + prefix.length + 1, base.bytes, base.length);
    *id = (rlm_slice){bytes, prefix.length + 1 + base.length};
    return RLM_OK;
}

/*
 * Give a model that is only served through a profile the id by which it is called. The two ids are equivalents where
 * the profile states so.
 */
static rlm_status
rename_by_region(rlm_record *model, const directory *profiles, rlm_bedrock_place at)
{
    rlm_slice listed = model->id, base = rlm_id_without_geography(listed);
    const rlm_record *chosen = choose_profile(profiles, base, at);

    if (chosen == NULL) return join_id(model->arena, at.geography, base, &model->id);
    model->id = chosen->id;
    if (!((const profile *) chosen->aside)->names_base || rlm_slice_equal(listed, model->id)) return RLM_OK;
    return rlm_id_list_add(model->arena, model->equivalents, listed, &model->equivalents);
}

/* The mantle lists it too: the mark, and the date if there is none. Its own rows of that id are no longer needed. */
static void
join_mantle(rlm_record *model, const directory *mantle)
{
    size_t first = seek(mantle, model->id, (rlm_slice){NULL, 0});

    for (size_t i = first; entry_of(mantle, i, model->id) != NULL; i++) {
        rlm_record *other = mantle->entries[i].record;
        bool joined = other->aside != NULL;

        model->metadata = ((const foundation *) model->aside)->marked;
        if (model->created_at.precision == RLM_PRECISION_NONE) model->created_at = other->created_at;
        other->aside = model->aside; /* any will do: it has been joined */
        if (joined) return; /* all of them, with another row of this id, which has left the date in the first */
        mantle->entries[first].record->created_at = model->created_at;
    }
}

static rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    rlm_bedrock_place at = rlm_bedrock_place_of(rlm_slice_of(settings->setting(settings->context, "bedrock_region")));
    directory profiles, mantle;
    size_t kept = 0;

    (void) error;
    RLM_TRY(open_directory(rows, INFERENCE_PROFILES, &profiles));
    RLM_TRY(open_directory(rows, MANTLE, &mantle));
    for (size_t i = 0; i < rows->count; i++) {
        rlm_record *model = &rows->records[i];

        if (!comes_from(model, FOUNDATION_MODELS)) continue;
        if (((const foundation *) model->aside)->by_profile) RLM_TRY(rename_by_region(model, &profiles, at));
        join_mantle(model, &mantle);
    }
    for (size_t i = 0; i < rows->count; i++) {
        const rlm_record *record = &rows->records[i];

        if (comes_from(record, INFERENCE_PROFILES) || (comes_from(record, MANTLE) && record->aside != NULL)) continue;
        rows->records[kept++] = *record;
    }
    rows->count = kept;
    return RLM_OK;
}

/* ---- Requests ---- */

static bool
is_mantle(const rlm_listing *listing)
{
    return listing == &rlm_source_bedrock.listings[MANTLE];
}

/* https://{service}.{region}.{domain} */
static rlm_status
append_host(rlm_request *request, const char *service, const char *domain, rlm_error *error)
{
    RLM_TRY(rlm_request_append(request, service));
    RLM_TRY(rlm_request_append_label(request, "bedrock_region", error));
    return rlm_request_append(request, domain);
}

/* The base URL that the struct has only tells Ruby what to choose a proxy for. */
static rlm_status
form_url(rlm_request *request, const rlm_listing *listing, const char *base_url, rlm_error *error)
{
    const char *mantle = request->setting(request->context, "bedrock_mantle_api_base");

    if (is_mantle(listing) && mantle != NULL) {
        /* [?] whether users write it with the version: both are taken. */
        bool versioned =
            rlm_slice_ends_with(rlm_slice_of(mantle), "/v1") || rlm_slice_ends_with(rlm_slice_of(mantle), "/v1/");

        return rlm_request_append_path(request, mantle, versioned ? "models" : listing->path);
    }
    if (!is_mantle(listing) && base_url != rlm_source_bedrock.base_url)
        return rlm_request_append_path(request, base_url, listing->path);
    if (is_mantle(listing)) RLM_TRY(append_host(request, "https://bedrock-mantle.", ".api.aws/", error));
    else RLM_TRY(append_host(request, "https://bedrock.", ".amazonaws.com/", error));
    return rlm_request_append(request, listing->path);
}

static const char *
setting(const rlm_request *request, const char *name)
{
    return request->setting(request->context, name);
}

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    return rlm_request_sign(request, setting(request, "bedrock_region"),
                            is_mantle(request->listing) ? "bedrock-mantle" : "bedrock",
                            setting(request, "bedrock_api_key"), setting(request, "bedrock_secret_key"),
                            setting(request, "bedrock_session_token"), error);
}

const rlm_source rlm_source_bedrock = {
    .slug = "bedrock",
    .name = "Amazon Bedrock",
    .auth = "AWS Signature Version 4",
    .states = "name, dates, modalities, limits, capabilities, life cycle",
    .base_url = "https://bedrock.us-east-1.amazonaws.com",
    .settings = {{"bedrock_region", RLM_SETTING_REQUIRED},
                 {"bedrock_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"bedrock_secret_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"bedrock_session_token", RLM_SETTING_SECRET},
                 {"bedrock_api_base", RLM_SETTING_BASE_URL},
                 {"bedrock_mantle_api_base", 0}},
    .listings = {{.path = "foundation-models", .rows = "modelSummaries[]", .read_row = read_foundation_model},
                 {.path = "inference-profiles?maxResults=1000",
                  .rows = "inferenceProfileSummaries[]",
                  .page = "nextToken",
                  .flags = RLM_LISTING_OPTIONAL,
                  .read_row = read_profile,
                  .next_page = next_page},
                 {.path = "v1/models", .rows = "data[]", .read_row = read_mantle_model}},
    .ignore = {"object", "owned_by", "consoleIDEMetadata"},
    .types = {{"sonic", RLM_TYPE_REALTIME}}, /* speech to speech, over a two-way stream only */
    .form_url = form_url,
    .authorize = authorize,
    .complete = complete,
};
