/*
 * OpenAI: GET {base}/models, one page, bearer key.
 *
 * Odd about it: the API states only an id, a date and an owner; limits, prices and capabilities are left to metadata
 * sources. But many servers use its format, and stand behind its base URL, so what they state beside the id is read,
 * too (compatible.c). What the id tells about the type is kept apart, because it is only a reading of a name.
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
    .states = "dates; from compatible servers also limits, type, prices, capabilities, names",
    .base_url = "https://api.openai.com/v1",
    .settings = {{"openai_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"openai_api_base", RLM_SETTING_BASE_URL},
                 {"openai_organization_id", 0},
                 {"openai_project_id", 0}},
    .flags = RLM_SOURCE_MAKER,
    .preference = 10,
    .listings = {RLM_OPENAI_LISTING("models", rlm_compatible_read_row, 0)},
    .ignore = {"object"},
    .types = {{"embedding", RLM_TYPE_EMBEDDING}, {"moderation", RLM_TYPE_MODERATION}, RLM_SOURCE_OPENAI_TYPES},
    .authorize = authorize,
};
