/*
 * Hetzner: GET {base}/models, one page, bearer key.
 *
 * Odd about it: no answer of it has been seen; it is documented to be in OpenAI's shape, so an id and a date are all that is read.
 */
#include "../source.h"

const rlm_source rlm_source_hetzner = {
    .slug = "hetzner",
    .name = "Hetzner",
    .auth = "bearer key",
    .states = "date",
    .base_url = "https://inference.hetzner.com/api/v1",
    .settings = {{"hetzner_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET}, {"hetzner_api_base", RLM_SETTING_BASE_URL}},
    .listings = {{.path = "models", .rows = "data[]", .read_row = rlm_source_read_dated}},
    .ignore = {"object"},
    .types = {{"embed", RLM_TYPE_EMBEDDING}},
    .authorize = rlm_source_bearer,
};
