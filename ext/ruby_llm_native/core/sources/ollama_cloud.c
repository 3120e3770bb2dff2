/*
 * Ollama's cloud: GET {base}/models, one page, bearer key.
 *
 * Odd about it: its rows are as odd as those of ollama.c; unlike Ollama, it is remote and needs a key.
 */
#include "sources/source.h"

const rlm_source rlm_source_ollama_cloud = {
    .slug = "ollama_cloud",
    .name = "Ollama Cloud",
    .auth = "bearer key",
    .states = "date, and what OpenAI-compatible servers state",
    .base_url = "https://ollama.com/v1",
    .settings = {{"ollama_cloud_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"ollama_cloud_api_base", RLM_SETTING_BASE_URL}},
    .preference = 140,
    .listings = {RLM_OPENAI_LISTING("models", rlm_compatible_read_row, RLM_LISTING_NULL_IS_EMPTY)},
    .ignore = {"object"},
    .types = {{"embed", RLM_TYPE_EMBEDDING}},
    .authorize = rlm_source_bearer,
};
