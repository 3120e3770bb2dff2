/*
 * Hetzner: GET {base}/models, one page, bearer key.
 *
 * Odd about it: no answer of it has been seen. It is documented to use OpenAI's format, and is read like all such
 * servers.
 */
#include "sources/source.h"

const rlm_source rlm_source_hetzner = {
    .slug = "hetzner",
    .name = "Hetzner",
    .auth = "bearer key",
    .states = "date, and what OpenAI-compatible servers state",
    .base_url = "https://inference.hetzner.com/api/v1",
    .settings = {{"hetzner_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"hetzner_api_base", RLM_SETTING_BASE_URL}},
    .preference = 130,
    .listings = {RLM_OPENAI_LISTING("models", rlm_compatible_read_row, 0)},
    .ignore = {"object"},
    .types = {{"embed", RLM_TYPE_EMBEDDING}},
    .authorize = rlm_source_bearer,
};
