/*
 * Ollama: GET {base}/models on the user's own machine, one page; a key only where a proxy in front of it wants one.
 *
 * Odd about it: there is no base URL but the user's, which ends in /v1. A server without models answers "data": null.
 * The date is that of the local file, and the year 1 when there is none.
 */
#include "sources/source.h"

const rlm_source rlm_source_ollama = {
    .slug = "ollama",
    .name = "Ollama",
    .auth = "none, or bearer key",
    .states = "date, and what servers of OpenAI's format state",
    .settings = {{"ollama_api_base", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL},
                 {"ollama_api_key", RLM_SETTING_SECRET}},
    .flags = RLM_SOURCE_LOCAL,
    .listings = {RLM_OPENAI_LISTING("models", rlm_compatible_read_row, RLM_LISTING_NULL_IS_EMPTY)},
    .ignore = {"object"},
    .types = {{"embed", RLM_TYPE_EMBEDDING}},
    .authorize = rlm_source_bearer,
};
