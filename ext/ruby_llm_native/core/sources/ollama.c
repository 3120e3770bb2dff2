/*
 * Ollama: GET {base}/models on the user's own machine, one page; a key only where a proxy in front of it wants one.
 *
 * Odd about it: there is no base URL but the user's, which ends in /v1. A server without models answers "data": null. The date is that of
 * the local file, and the year 1 when there is none.
 */
#include "../source.h"

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_take(row, "id"), NULL, error));
    rlm_record_state_moment(&model->created_at, rlm_value_take(row, "created"));
    return rlm_record_keep_rest(model, row, rlm_source_ollama.ignore);
}

const rlm_source rlm_source_ollama = {
    .slug = "ollama",
    .name = "Ollama",
    .settings = {{"ollama_api_base", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL}, {"ollama_api_key", RLM_SETTING_SECRET}},
    .flags = RLM_SOURCE_LOCAL,
    .path = "models",
    .rows = "data[]",
    .ignore = {"object"},
    .types = {{"embed", RLM_TYPE_EMBEDDING}},
    .authorize = rlm_source_bearer,
    .read_row = read_row,
};
