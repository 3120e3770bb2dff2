/* The prices of a row of genai-prices: sets for certain days and hours, of which the last that holds counts. */
#ifndef RLM_GENAI_CASES_H
#define RLM_GENAI_CASES_H

#include "model/record.h"

/*
 * State all prices of `prices`, a set or a list of {constraint, prices}, with that `stated_day`. A set that is not
 * understood whole leaves the record without any. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_genai_read_prices(rlm_value *prices, uint16_t stated_day, rlm_record *model);

#endif
