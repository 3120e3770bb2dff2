/*
 * Ollama: GET {base}/models on the user's own machine, one page; a key only if a proxy in front of it wants one.
 *
 * Odd about it: the base URL is always the user's, and ends in /v1. A server without models answers "data": null. The
 * date is that of the local file, or in the year 1 if there is none.
 */
#include "sources/source.h"

const rlm_source rlm_source_ollama = {
    .slug = "ollama",
    .name = "Ollama",
    .auth = "none, or bearer key",
    .states = "date, and what OpenAI-compatible servers state",
    .settings = {{"ollama_api_base", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL},
                 {"ollama_api_key", RLM_SETTING_SECRET}},
    .flags = RLM_SOURCE_LOCAL,
    .preference = 150,
    .listings = {RLM_OPENAI_LISTING("models", rlm_compatible_read_row, RLM_LISTING_NULL_IS_EMPTY)},
    .ignore = {"object"},
    .types = {{"embed", RLM_TYPE_EMBEDDING}},
    .authorize = rlm_source_bearer,
};
