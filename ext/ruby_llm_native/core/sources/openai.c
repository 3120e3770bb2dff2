/*
 * OpenAI: GET {base}/models, one page, bearer key.
 *
 * Odd about it: the API states an id, a date and an owner, and nothing else; limits, prices and what a model can are for a catalogue to say.
 * What the id tells of the type is kept apart, as what it is: a reading of a name.
 */
#include "../source.h"

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    RLM_TRY(rlm_source_bearer(request, error));
    RLM_TRY(rlm_request_setting(request, "OpenAI-Organization", NULL, "openai_organization_id", error));
    return rlm_request_setting(request, "OpenAI-Project", NULL, "openai_project_id", error);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    rlm_record_state_moment(&model->created_at, rlm_value_get(row, "created"));
    rlm_record_state_moment(&model->retires_at, rlm_value_get(row, "shutdown_date"));
    return rlm_record_keep_rest(model, row, rlm_source_openai.ignore);
}

const rlm_source rlm_source_openai = {
    .slug = "openai",
    .name = "OpenAI",
    .auth = "bearer key",
    .states = "dates",
    .base_url = "https://api.openai.com/v1",
    .settings = {{"openai_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"openai_api_base", RLM_SETTING_BASE_URL},
                 {"openai_organization_id", 0},
                 {"openai_project_id", 0}},
    .listings = {{.path = "models", .rows = "data[]", .read_row = read_row}},
    .ignore = {"object"},
    .types = {{"embedding", RLM_TYPE_EMBEDDING}, {"moderation", RLM_TYPE_MODERATION}, RLM_SOURCE_OPENAI_TYPES},
    .authorize = authorize,
};
