/*
 * DeepSeek: GET {base}/models, one page, bearer key.
 *
 * Odd about it: the base URL has no version, and the API states only the id, not even a date. It is read like any
 * server of OpenAI's format, in case the base URL is another's.
 */
#include "sources/compatible.h"

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    return rlm_compatible_read_without(rlm_source_deepseek.ignore, row, model, error);
}

const rlm_source rlm_source_deepseek = {
    .slug = "deepseek",
    .name = "DeepSeek",
    .auth = "bearer key",
    .states = "only the id",
    .base_url = "https://api.deepseek.com",
    .settings = {{"deepseek_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"deepseek_api_base", RLM_SETTING_BASE_URL}},
    .flags = RLM_SOURCE_MAKER,
    .preference = 40,
    .listings = {RLM_OPENAI_LISTING("models", read_row, 0)},
    .ignore = {"object", "owned_by"},
    .authorize = rlm_source_bearer,
};
