/*
 * Azure (AI Foundry, Azure OpenAI): GET {resource}/openai/v1/models?api-version=V, one page, its own key header or a
 * bearer token. Read form_url for what people call a base URL here.
 *
 * Odd about it: it lists what the resource could deploy, not what is deployed, and an id may come twice. Newer answers,
 * in plain OpenAI objects, call `created_at` `created`; both are read. The date on which a model retires stays as it
 * was stated, past or not: a reader has no clock. A model that neither completes nor embeds has no flag at all; only
 * its id tells what it is for.
 */
#include "sources/source.h"

#include <string.h>

/* Where the host begins and ends, without the login in it. */
static rlm_slice
host_of(const char *url)
{
    const char *start = strstr(url, "://"), *end, *colon;

    start = start != NULL ? start + 3 : url;
    end = start + strcspn(start, "/?#");
    for (const char *at = start; at < end; at++) {
        if (*at == '@') start = at + 1;
    }
    colon = memchr(start, ':', (size_t) (end - start));
    return (rlm_slice){start, (size_t) ((colon != NULL ? colon : end) - start)};
}

/* A host that serves one model, and takes the key as a token. Hosts are compared without case. */
static bool
serves_one_model(rlm_slice host)
{
    static const char suffix[] = ".models.ai.azure.com";
    const size_t length = sizeof suffix - 1;

    return host.length > length && rlm_ascii_alike(host.bytes + host.length - length, suffix, length);
}

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    const char *key = request->setting(request->context, "azure_api_key");

    if (key == NULL) return rlm_request_setting(request, "Authorization", "Bearer", "azure_ai_auth_token", error);
    if (serves_one_model(host_of(request->url.bytes)))
        return rlm_request_header(request, "Authorization", "Bearer", key, error);
    return rlm_request_header(request, "api-key", NULL, key, error);
}

/* The value of api-version in the base URL's query, encoded as it stands there; empty: it has none. */
static rlm_slice
version_of(const char *query)
{
    static const char name[] = "api-version=";

    while (*query != '\0' && *query != '#') {
        size_t length = strcspn(++query, "&#"); /* after the ? or the & */

        if (strncmp(query, name, sizeof name - 1) == 0)
            return (rlm_slice){query + sizeof name - 1, length - (sizeof name - 1)};
        query += length;
    }
    return (rlm_slice){NULL, 0};
}

/*
 * How much of the path is the resource's own: what follows /models or /openai is the URL of a call. `base` has no
 * query.
 */
static size_t
root_length(rlm_slice base, size_t path)
{
    static const char *const tails[] = {"/models", "/openai", "/chat/completions"};

    for (size_t at = path; at < base.length; at++) {
        for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
            size_t end = at + strlen(tails[i]);

            if (end > base.length || strncmp(base.bytes + at, tails[i], strlen(tails[i])) != 0) continue;
            if (end == base.length || base.bytes[end] == '/') return at;
        }
    }
    return base.length;
}

/*
 * The base URL may be the root of the resource, its /openai/v1, or the whole URL of a call, with /chat/completions or
 * with a deployment in it and the API version in the query: each leads to the same list.
 */
static rlm_status
form_url(rlm_request *request, const rlm_listing *listing, const char *base_url, rlm_error *error)
{
    rlm_slice base, host, version;
    bool below_v1;

    if (base_url == NULL) return rlm_error_set(error, RLM_BAD_SETTING, "Azure has no default URL; set azure_api_base");
    base = (rlm_slice){base_url, strcspn(base_url, "?#")};
    host = host_of(base_url);
    version = version_of(base_url + base.length);
    below_v1 = rlm_slice_contains(base, "/openai/v1") && !rlm_slice_contains(base, "/chat/completions");
    if (!below_v1) base.length = root_length(base, (size_t) (host.bytes + host.length - base_url));
    while (base.length > 0 && base.bytes[base.length - 1] == '/') base.length--;

    RLM_TRY(rlm_buffer_append(&request->url, base.bytes, base.length));
    RLM_TRY(rlm_request_append(request, below_v1 ? "/" : "/openai/v1/"));
    RLM_TRY(rlm_request_append(request, listing->path));
    RLM_TRY(rlm_request_append(request, "?api-version="));
    if (version.length == 0) return rlm_request_append(request, "preview");
    return rlm_buffer_append(&request->url, version.bytes, version.length);
}

static rlm_type
type_of(const rlm_value *can)
{
    rlm_value *chat = rlm_value_get(can, "chat_completion");
    bool embeds = rlm_value_take_true(rlm_value_get(can, "embeddings"));
    bool completes = rlm_value_take_true(rlm_value_get(can, "completion"));
    bool chats = false;

    if (!rlm_value_truth(chat, &chats))
        return embeds ? RLM_TYPE_EMBEDDING : completes ? RLM_TYPE_COMPLETION : RLM_TYPE_UNKNOWN;
    (void) rlm_value_take_true(chat);
    return chats ? RLM_TYPE_CHAT : embeds ? RLM_TYPE_EMBEDDING : completes ? RLM_TYPE_COMPLETION : RLM_TYPE_OTHER;
}

static void
read_capabilities(const rlm_value *can, rlm_record *model)
{
    rlm_type type = type_of(can);
    bool writes = type == RLM_TYPE_CHAT || type == RLM_TYPE_COMPLETION;

    rlm_record_state_capability(model, RLM_CAPABILITY_FINE_TUNING, rlm_value_get(can, "fine_tune"));
    rlm_record_state_type(model, type);
    if (writes) rlm_flags_state(&model->output, RLM_MODALITY_TEXT, true);
    if (writes || type == RLM_TYPE_EMBEDDING) rlm_flags_state(&model->input, RLM_MODALITY_TEXT, true);
}

static void
read_model_status(const rlm_value *row, rlm_record *model)
{
    static const struct {
        const char *word;
        rlm_model_status status;
    } lives[] = {{"generally-available", RLM_MODEL_STATUS_ACTIVE},
                 {"preview", RLM_MODEL_STATUS_PREVIEW},
                 {"deprecated", RLM_MODEL_STATUS_DEPRECATED}};
    rlm_value *status = rlm_value_get(row, "lifecycle_status");

    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        if (!rlm_slice_is(rlm_value_text(status), lives[i].word)) continue;
        model->status = (uint8_t) lives[i].status;
        rlm_value_take(status);
    }
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created_at"));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created"));
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(rlm_value_get(row, "deprecation"), "inference"));
    read_capabilities(rlm_value_get(row, "capabilities"), model);
    read_model_status(row, model);
    return rlm_record_keep_rest(model, row, rlm_source_azure.ignore);
}

const rlm_source rlm_source_azure = {
    .slug = "azure",
    .name = "Azure",
    .auth = "`api-key`, or bearer token",
    .states = "date, kind, life cycle, end of life",
    .settings = {{"azure_api_base", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL},
                 {"azure_api_key", RLM_SETTING_EITHER | RLM_SETTING_SECRET},
                 {"azure_ai_auth_token", RLM_SETTING_EITHER | RLM_SETTING_SECRET}},
    .preference = 120,
    .listings = {RLM_OPENAI_LISTING("models", read_row, 0)},
    .ignore = {"object"},
    .types = {{"embed", RLM_TYPE_EMBEDDING}, RLM_SOURCE_OPENAI_TYPES},
    .form_url = form_url,
    .authorize = authorize,
};
