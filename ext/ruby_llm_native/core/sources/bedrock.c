/*
 * Amazon Bedrock: the models of one region, signed with AWS Signature Version 4. bedrock_join.c makes one listing of
 * its three.
 *
 * Odd about it: foundation models are the list. A model that is only served through an inference profile is called by
 * the profile's id ("us.anthropic…"), which the second listing has; without it the id is made of the geography and the
 * model's id. The second listing is requested without its filter `type`: the query of a signed request must be sorted,
 * and the next page's token is added at the end. The user's own profiles are recognized by their rows. The third
 * listing, another service on another host, only states ids; a model that it lists too is marked. Limits are written
 * for people ("200K", "163,840"), K being a thousand. Rerankers claim to put out text. The API through which a model
 * can be called says nothing about tools, so function calling stays unknown.
 */
#include "sources/bedrock_join.h"

#include "base/caps.h"
#include "model/origins.h"

#include <stdlib.h>
#include <string.h>

/* ---- Texts ---- */

static rlm_status
lower(rlm_arena *arena, rlm_slice text, rlm_slice *lowered)
{
    char *bytes = rlm_arena_allocate(arena, text.length + 1, 1);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < text.length; i++) bytes[i] = rlm_ascii_lower(text.bytes[i]);
    *lowered = (rlm_slice){bytes, text.length};
    return RLM_OK;
}

#define MOST_SORTED 100

static int
by_text(const void *left, const void *right)
{
    return rlm_slice_compare(*(const rlm_slice *) left, *(const rlm_slice *) right);
}

/* Their order varies and means nothing. A list with anything but strings, or with too many, stays as it is. */
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

/* "amazon.nova-premier-v1:0:20k": the size of the context follows the second colon; ":mm" is not one. */
static bool
size_of_id(rlm_slice id, int64_t *size)
{
    return rlm_bedrock_is_sized(id) && read_size(after_last(id, ':'), size);
}

static rlm_status
read_limits(const rlm_value *row, rlm_record *model)
{
    const rlm_value *description = rlm_value_get(row, "description");
    rlm_value *window = rlm_value_get(description, "maxContextWindow");
    int64_t size;

    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, window); /* seen as text only, but a number would be clear */
    if (model->limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN && read_size(rlm_value_text(window), &size)) {
        model->limits[RLM_LIMIT_CONTEXT] = size;
        rlm_value_take(window);
    } else if (model->limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN && size_of_id(model->id, &size)) {
        model->limits[RLM_LIMIT_CONTEXT] = size;
        RLM_TRY(rlm_origin_set(model, RLM_FIELD_CONTEXT_WINDOW, RLM_SLICE(RLM_ORIGIN_ID), model->arena));
    }
    /* maxTokensDefault is not a limit: it applies when the request sets none. */
    rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, rlm_value_get(rlm_value_get(row, "converse"), "maxTokensMaximum"));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(description, "releaseDate"));
    return RLM_OK;
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
    rlm_record_state_flag(&model->parameters, RLM_PARAMETER_SYSTEM_MESSAGES,
                          rlm_value_get(converse, "systemRoleSupported"));
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
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(life, "startOfLifeTime"));
    rlm_record_state_timestamp(&model->deprecated_at, rlm_value_get(life, "legacyTime"));
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(life, "endOfLifeTime"));
    if (model->retires_at.precision != RLM_PRECISION_NONE) /* "no sooner than" */
        rlm_flags_state(&model->traits, RLM_TRAIT_FIXED_RETIREMENT, false);
}

static rlm_status
read_family(const rlm_value *row, rlm_record *model)
{
    RLM_TRY(rlm_record_state_family(model, rlm_value_get(row, "modelFamily")));
    if (model->family.length > 0) return RLM_OK;
    return lower(model->arena, rlm_value_text(rlm_value_get(row, "providerName")), &model->family);
}

/* Add "endpoint": "mantle" to the row: the model is called there. */
static rlm_status
mark(const rlm_value *row, rlm_arena *arena)
{
    rlm_value *endpoint = rlm_arena_allocate(arena, 1, sizeof *endpoint);

    if (endpoint == NULL) return RLM_OUT_OF_MEMORY;
    *endpoint = (rlm_value){.kind = RLM_STRING, .key = RLM_SLICE("endpoint"), .text = RLM_SLICE("mantle")};
    ((rlm_value *) row)->last->next = endpoint; /* the row is ours and has at least an id */
    ((rlm_value *) row)->last = endpoint;
    return RLM_OK;
}

static rlm_status
read_foundation_model(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    const rlm_value *types = rlm_value_get(row, "inferenceTypesSupported");
    rlm_bedrock_foundation *aside = rlm_arena_allocate(model->arena, 1, sizeof *aside);
    rlm_slice unmarked;

    if (aside == NULL) return RLM_OUT_OF_MEMORY;
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "modelId"), NULL, error));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "modelName")));
    RLM_TRY(read_family(row, model));
    RLM_TRY(read_limits(row, model));
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

static rlm_status
read_profile(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    rlm_bedrock_profile *aside = rlm_arena_allocate(model->arena, 1, sizeof *aside);

    if (aside == NULL) return RLM_OUT_OF_MEMORY;
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "inferenceProfileId"), NULL, error));
    *aside = (rlm_bedrock_profile){.system = !rlm_slice_is(rlm_value_text(rlm_value_get(row, "type")), "APPLICATION")};
    RLM_EACH (each, rlm_value_get(row, "models")) {
        rlm_slice arn = rlm_value_text(rlm_value_get(each, "modelArn"));

        if (rlm_slice_equal(after_last(arn, '/'), rlm_bedrock_base_of_profile(model->id))) aside->names_base = true;
    }
    model->aside = aside;
    return RLM_OK;
}

static rlm_slice
next_page(const rlm_value *envelope)
{
    return rlm_value_written(rlm_value_get(envelope, "nextToken"));
}

/* Whether it can be had without that anything is kept: "none" must be allowed, and is asked for. */
static void
read_data_policy(const rlm_value *modes, rlm_record *model)
{
    if (modes == NULL || modes->kind != RLM_ARRAY || modes->first == NULL) return;
    rlm_flags_state(&model->traits, RLM_TRAIT_ZERO_DATA_RETENTION, rlm_value_contains(modes, "none"));
}

static rlm_status
read_mantle_model(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    rlm_value *modes = rlm_value_get(rlm_value_get(row, "data_retention"), "allowed_modes");

    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created"));
    sort_texts(modes);
    read_data_policy(modes, model);
    RLM_TRY(mark(row, model->arena));
    return rlm_record_keep_rest(model, row, rlm_source_bedrock.ignore);
}

/* ---- Requests ---- */

static bool
is_mantle(const rlm_listing *listing)
{
    return listing == &rlm_source_bedrock.listings[RLM_BEDROCK_MANTLE];
}

/* https://{service}.{region}.{domain} */
static rlm_status
append_host(rlm_request *request, const char *service, const char *domain, rlm_error *error)
{
    RLM_TRY(rlm_request_append(request, service));
    RLM_TRY(rlm_request_append_label(request, "bedrock_region", error));
    return rlm_request_append(request, domain);
}

static const char *
setting(const rlm_request *request, const char *name)
{
    return request->setting(request->context, name);
}

static rlm_status
form_url(rlm_request *request, const rlm_listing *listing, const char *base_url, rlm_error *error)
{
    const char *mantle = setting(request, "bedrock_mantle_api_base");

    if (is_mantle(listing) && mantle != NULL) {
        /* Users may write it with or without the version. */
        bool versioned =
            rlm_slice_ends_with(rlm_slice_of(mantle), "/v1") || rlm_slice_ends_with(rlm_slice_of(mantle), "/v1/");

        return rlm_request_append_path(request, mantle, versioned ? "models" : listing->path);
    }
    if (is_mantle(listing) && base_url != rlm_source_bedrock.base_url && setting(request, "bedrock_bearer_token")) {
        return rlm_error_set(error, RLM_BAD_SETTING,
                             "bedrock_mantle_api_base must be given beside bedrock_api_base and bedrock_bearer_token, "
                             "or else the token would go to AWS. Set it to the gateway's address, too");
    }
    if (!is_mantle(listing) && base_url != rlm_source_bedrock.base_url)
        return rlm_request_append_path(request, base_url, listing->path);
    if (is_mantle(listing)) RLM_TRY(append_host(request, "https://bedrock-mantle.", ".api.aws/", error));
    else RLM_TRY(append_host(request, "https://bedrock.", ".amazonaws.com/", error));
    return rlm_request_append(request, listing->path);
}

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    if (setting(request, "bedrock_bearer_token") != NULL)
        return rlm_request_setting(request, "Authorization", "Bearer", "bedrock_bearer_token", error);
    return rlm_request_sign(request, setting(request, "bedrock_region"),
                            is_mantle(request->listing) ? "bedrock-mantle" : "bedrock",
                            setting(request, "bedrock_api_key"), setting(request, "bedrock_secret_key"),
                            setting(request, "bedrock_session_token"), error);
}

const rlm_source rlm_source_bedrock = {
    .slug = "bedrock",
    .name = "Amazon Bedrock",
    .auth = "AWS Signature Version 4, or bearer token",
    .states = "name, dates, modalities, limits, capabilities, life cycle, data retention",
    .base_url = "https://bedrock.us-east-1.amazonaws.com",
    .settings = {{"bedrock_region", RLM_SETTING_REQUIRED},
                 {"bedrock_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET | RLM_SETTING_SUPPLIED},
                 {"bedrock_secret_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET | RLM_SETTING_SUPPLIED},
                 {"bedrock_session_token", RLM_SETTING_SECRET | RLM_SETTING_SUPPLIED},
                 {"bedrock_bearer_token", RLM_SETTING_SECRET | RLM_SETTING_INSTEAD}, /* an API key of Bedrock's own */
                 {"bedrock_api_base", RLM_SETTING_BASE_URL},
                 {"bedrock_mantle_api_base", 0}},
    .supplier = "aws_credentials",
    .flags = RLM_SOURCE_REGIONAL_HOST,
    .preference = 100,
    .listings =
        {{.path = "foundation-models", .rows = "modelSummaries[]", .read_row = read_foundation_model},
         {.path = "inference-profiles?maxResults=1000",
          .rows = "inferenceProfileSummaries[]",
          .page = "nextToken",
          .flags = RLM_LISTING_OPTIONAL,
          .read_row = read_profile,
          .next_page = next_page},
         {.path = "v1/models", .rows = "data[]", .flags = RLM_LISTING_MISSING_OK, .read_row = read_mantle_model}},
    .ignore = {"object", "owned_by", "consoleIDEMetadata"},
    .types = {{"sonic", RLM_TYPE_REALTIME}}, /* speech to speech, over a two-way stream only */
    .ids = &rlm_bedrock_ids,
    .form_url = form_url,
    .authorize = authorize,
    .complete = rlm_bedrock_complete,
};
