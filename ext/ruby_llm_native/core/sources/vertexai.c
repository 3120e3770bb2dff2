/*
 * Vertex AI: GET {base}/publishers/{publisher}/models, one listing for each publisher, paged, with an OAuth2 access
 * token, which Ruby fetches.
 *
 * Odd about it: the host depends on the location. A row is a card of the Model Garden, not always a model that can be
 * called: models that one deploys oneself, deprecated models, and families that need another API are left out, and
 * counted. The id is the end of `name`, with the publisher before it for models as a service ("-maas"). No limit, price
 * or date is stated. A partner's empty list is left out of the answer.
 *
 * Google's own listing must answer: it shows bad credentials, a missing project and a wrong location. Another publisher
 * may be refused, for a project or a location, without hiding everybody else's models; that leaves a remark, and what
 * it listed before stays. Google has models that no listing names; none is added here, because nothing about them is
 * stated.
 */
#include "sources/source.h"

static bool
says(const rlm_value *actions, const char *action)
{
    const rlm_value *value = rlm_value_get(actions, action);

    return value != NULL && value->kind != RLM_NULL;
}

static bool
starts_with_any(rlm_slice id, const char *const *families)
{
    for (; *families != NULL; families++) {
        if (rlm_slice_starts_with(id, *families)) return true;
    }
    return false;
}

/* Whether the card is a model that is served, and by the publisher's own API. */
static bool
is_served(const rlm_value *row, rlm_slice publisher, rlm_slice id)
{
    static const char *const mistral[] = {"mistral", "ministral", "codestral", "magistral", "mathstral",
                                          "pixtral", "devstral",  "voxtral",   NULL};
    const rlm_value *actions = rlm_value_get(row, "supportedActions");

    if (rlm_slice_is(rlm_value_text(rlm_value_get(row, "launchStage")), "DEPRECATED")) return false;
    if (says(actions, "deploy") || says(actions, "multiDeployVertex") || says(actions, "deployGke")) return false;
    if (rlm_slice_ends_with(id, "-maas")) return true;
    if (rlm_slice_is(publisher, "google"))
        return rlm_slice_starts_with(id, "gemini") || rlm_slice_contains(id, "embedding");
    if (rlm_slice_is(publisher, "mistralai")) return starts_with_any(id, mistral);
    return rlm_slice_is(publisher, "anthropic");
}

/* "publishers/{publisher}/models/{id}", taken apart. If the name has another form, all of it is the id. */
static void
split_name(rlm_slice name, rlm_slice *publisher, rlm_slice *id)
{
    const rlm_slice head = RLM_SLICE("publishers/"), middle = RLM_SLICE("/models/");

    *publisher = (rlm_slice){NULL, 0};
    *id = name;
    if (!rlm_slice_starts_with(name, head.bytes)) return;
    for (size_t at = head.length; at + middle.length < name.length; at++) {
        if (!rlm_slice_starts_with((rlm_slice){name.bytes + at, name.length - at}, middle.bytes)) continue;
        *publisher = (rlm_slice){name.bytes + head.length, at - head.length};
        *id = (rlm_slice){name.bytes + at + middle.length, name.length - at - middle.length};
        return;
    }
}

/* `left`, `separator` and `right` as one text. */
static rlm_status
join(rlm_arena *arena, rlm_slice left, char separator, rlm_slice right, rlm_slice *joined)
{
    rlm_buffer text;
    rlm_status status;

    rlm_buffer_init(&text, left.length + right.length + 1);
    status = rlm_buffer_append(&text, left.bytes, left.length);
    if (status == RLM_OK) status = rlm_buffer_append(&text, &separator, 1);
    if (status == RLM_OK) status = rlm_buffer_append(&text, right.bytes, right.length);
    if (status == RLM_OK) status = rlm_text_copy(arena, (rlm_slice){text.bytes, text.length}, joined);
    rlm_buffer_free(&text);
    return status;
}

/* "{id}@{version}" calls the same model; metadata sources spell it so. */
static rlm_status
read_version(const rlm_value *row, rlm_record *model, rlm_slice id)
{
    rlm_value versioned = {.kind = RLM_STRING};
    rlm_slice version = rlm_value_text(rlm_value_get(row, "versionId"));

    if (version.length == 0) return RLM_OK;
    RLM_TRY(join(model->arena, id, '@', version, &versioned.text));
    return rlm_record_state_equivalents(model, &versioned);
}

static rlm_model_status
status_of_stage(rlm_slice stage)
{
    if (rlm_slice_is(stage, "GA")) return RLM_MODEL_STATUS_ACTIVE;
    if (rlm_slice_is(stage, "PUBLIC_PREVIEW") || rlm_slice_is(stage, "PRIVATE_PREVIEW"))
        return RLM_MODEL_STATUS_PREVIEW;
    return RLM_MODEL_STATUS_UNKNOWN; /* "EXPERIMENTAL" is not one of ours, and stays as metadata */
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    rlm_slice publisher, id;
    rlm_value whole = {.kind = RLM_STRING}, *name = rlm_value_get(row, "name");

    RLM_TRY(rlm_record_identify(model, name, NULL, error));
    rlm_value_keep(name); /* it has the publisher, too */
    split_name(model->id, &publisher, &id);
    whole.text = id;
    if (rlm_slice_ends_with(id, "-maas") && publisher.length > 0)
        RLM_TRY(join(model->arena, publisher, '/', id, &whole.text));
    RLM_TRY(rlm_record_identify(model, &whole, NULL, error));
    if (!is_served(row, publisher, id)) {
        return rlm_error_set(error, RLM_LEFT_OUT, "%.*s is not served by its publisher's API", (int) model->id.length,
                             model->id.bytes);
    }
    model->status = (uint8_t) status_of_stage(rlm_value_text(rlm_value_get(row, "launchStage")));
    RLM_TRY(read_version(row, model, model->id));
    return rlm_record_keep_rest(model, row, rlm_source_vertexai.ignore);
}

static rlm_slice
next_page(const rlm_value *envelope)
{
    return rlm_value_written(rlm_value_get(envelope, "nextPageToken"));
}

/* The base URL that the struct has is that of the location "global", and tells Ruby what to choose a proxy for. */
static rlm_status
form_url(rlm_request *request, const rlm_listing *listing, const char *base_url, rlm_error *error)
{
    const char *location = request->setting(request->context, "vertexai_location");

    if (base_url != rlm_source_vertexai.base_url || rlm_slice_is(rlm_slice_of(location), "global")) {
        return rlm_request_append_path(request, base_url, listing->path);
    }
    RLM_TRY(rlm_request_append(request, "https://"));
    RLM_TRY(rlm_request_append_label(request, "vertexai_location", error));
    RLM_TRY(rlm_request_append(request, "-aiplatform.googleapis.com/v1beta1/"));
    return rlm_request_append(request, listing->path);
}

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    if (request->setting(request->context, "vertexai_access_token") == NULL) {
        return rlm_error_set(error, RLM_BAD_SETTING, "Vertex AI needs an access token; set vertexai_access_token");
    }
    RLM_TRY(rlm_request_setting(request, "Authorization", "Bearer", "vertexai_access_token", error));
    return rlm_request_setting(request, "x-goog-user-project", NULL, "vertexai_project_id", error);
}

#define LISTING(publisher, more)                                                                                       \
    {                                                                                                                  \
        .path = "publishers/" publisher "/models?pageSize=100", .rows = "publisherModels[]", .page = "pageToken",      \
        .flags = (more), .read_row = read_row, .next_page = next_page,                                                 \
    }
#define PARTNER (RLM_LISTING_OPTIONAL | RLM_LISTING_MISSING_OK | RLM_LISTING_ROWS_OPTIONAL)

const rlm_source rlm_source_vertexai = {
    .slug = "vertexai",
    .name = "Vertex AI",
    .auth = "bearer OAuth 2 token",
    .states = "release stage",
    .base_url = "https://aiplatform.googleapis.com/v1beta1",
    .settings = {{"vertexai_project_id", RLM_SETTING_REQUIRED},
                 {"vertexai_location", RLM_SETTING_REQUIRED},
                 {"vertexai_access_token", RLM_SETTING_SECRET | RLM_SETTING_SUPPLIED},
                 {"vertexai_api_base", RLM_SETTING_BASE_URL}},
    .supplier = "google_token",
    .flags = RLM_SOURCE_REGIONAL_HOST | RLM_SOURCE_PARTNERS,
    .preference = 90,
    .listings = {LISTING("google", 0), LISTING("anthropic", PARTNER), LISTING("mistralai", PARTNER),
                 LISTING("meta", PARTNER), LISTING("deepseek-ai", PARTNER), LISTING("qwen", PARTNER),
                 LISTING("openai", PARTNER), LISTING("moonshotai", PARTNER), LISTING("zai-org", PARTNER)},
    .types = {{"embedding", RLM_TYPE_EMBEDDING},
              {"-tts", RLM_TYPE_AUDIO},
              {"native-audio", RLM_TYPE_REALTIME},
              {"-live", RLM_TYPE_REALTIME}},
    .form_url = form_url,
    .authorize = authorize,
};
