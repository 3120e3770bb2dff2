/*
 * What LiteLLM states of a model, in the words of its cost map: for that map and for the proxy, which repeats it.
 */
#ifndef RLM_LITELLM_FACTS_H
#define RLM_LITELLM_FACTS_H

#include "sources/source.h"

/* In litellm_facts.c: everything of such an object, with its prices. `words` are those of each price.
 * RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_litellm_read_facts(const rlm_value *info, const rlm_price_words *words, rlm_record *model);

/* In litellm_cost.c: the prices alone. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_litellm_read_prices(const rlm_value *info, const rlm_price_words *words, rlm_record *model);

#endif
