/*
 * OpenAI: GET {base}/models, one page, bearer key.
 *
 * Odd about it: the API states an id, a date and an owner, and nothing else; limits, prices and what a model can are
 * for a catalogue to say. But many servers speak its format, and stand behind its base URL: what they state beside the
 * id is read, too (compatible.c). What the id tells of the type is kept apart, as what it is: a reading of a name.
 */
#include "sources/source.h"

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    RLM_TRY(rlm_source_bearer(request, error));
    RLM_TRY(rlm_request_setting(request, "OpenAI-Organization", NULL, "openai_organization_id", error));
    return rlm_request_setting(request, "OpenAI-Project", NULL, "openai_project_id", error);
}

const rlm_source rlm_source_openai = {
    .slug = "openai",
    .name = "OpenAI",
    .auth = "bearer key",
    .states = "dates; with other servers of its format also limits, type, prices, capabilities, names",
    .base_url = "https://api.openai.com/v1",
    .settings = {{"openai_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"openai_api_base", RLM_SETTING_BASE_URL},
                 {"openai_organization_id", 0},
                 {"openai_project_id", 0}},
    .listings = {RLM_OPENAI_LISTING("models", rlm_compatible_read_row, 0)},
    .ignore = {"object"},
    .types = {{"embedding", RLM_TYPE_EMBEDDING}, {"moderation", RLM_TYPE_MODERATION}, RLM_SOURCE_OPENAI_TYPES},
    .authorize = authorize,
};
