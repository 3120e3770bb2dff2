/*
 * DeepSeek: GET {base}/models, one page, bearer key.
 *
 * Odd about it: the base URL has no version, and the API states nothing but the id, no date either. Read as any server
 * of OpenAI's format, in case the base URL is another's.
 */
#include "sources/source.h"

const rlm_source rlm_source_deepseek = {
    .slug = "deepseek",
    .name = "DeepSeek",
    .auth = "bearer key",
    .states = "nothing but the id",
    .base_url = "https://api.deepseek.com",
    .settings = {{"deepseek_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"deepseek_api_base", RLM_SETTING_BASE_URL}},
    .listings = {RLM_OPENAI_LISTING("models", rlm_compatible_read_row, 0)},
    .ignore = {"object", "owned_by"},
    .authorize = rlm_source_bearer,
};
