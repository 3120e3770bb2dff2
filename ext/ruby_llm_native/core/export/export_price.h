/* One price as an object of the export: {"amount": "0.15", "meter": "input", …}. */
#ifndef RLM_EXPORT_PRICE_H
#define RLM_EXPORT_PRICE_H

#include "model/record.h"
#include "json/value.h"

/*
 * An exact number of at least 0: plain if that is short and reads back as the same coefficient and exponent; otherwise
 * "coefficient e exponent", which is read as it stands. NULL: memory is out.
 */
rlm_value *
rlm_export_amount(rlm_arena *arena, rlm_decimal amount);

/* RLM_BAD_SHAPE with the reason. */
RLM_NODISCARD rlm_status
rlm_export_read_amount(const rlm_value *value, rlm_decimal *amount, rlm_error *error);

/* Append a price of the set to the array `list`. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_export_write_price(const rlm_price_set *set, const rlm_price *price, rlm_arena *arena, rlm_value *list);

/* The price that `object` holds; `price` and `words` must be zeroed. RLM_BAD_SHAPE with the reason. */
RLM_NODISCARD rlm_status
rlm_export_read_price(const rlm_value *object, rlm_price *price, rlm_price_words *words, rlm_error *error);

#endif
