/*
 * DeepSeek: GET {base}/models, one page, bearer key.
 *
 * Odd about it: the base URL has no version, and the API states nothing but the id, no date either.
 */
#include "../source.h"

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    return rlm_record_keep_rest(model, row, rlm_source_deepseek.ignore);
}

const rlm_source rlm_source_deepseek = {
    .slug = "deepseek",
    .name = "DeepSeek",
    .auth = "bearer key",
    .states = "nothing but the id",
    .base_url = "https://api.deepseek.com",
    .settings = {{"deepseek_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET}, {"deepseek_api_base", RLM_SETTING_BASE_URL}},
    .listings = {{.path = "models", .rows = "data[]", .read_row = read_row}},
    .ignore = {"object", "owned_by"},
    .authorize = rlm_source_bearer,
};
