/*
 * The parts of the reader of OpenAI's format that other files need. They state facts in a record, as record.h says,
 * from any object that holds them: a row, or a member of one.
 */
#ifndef RLM_COMPATIBLE_H
#define RLM_COMPATIBLE_H

#include "sources/source.h"

/* Like rlm_compatible_read_row, but the keys in `ignore`, ended by NULL, are no facts. */
RLM_NODISCARD rlm_status
rlm_compatible_read_without(const char *const *ignore, const rlm_value *row, rlm_record *model, rlm_error *error);

/* In compatible_facts.c, with the two below. What it is for, in one word: `type`, `mode`, `task`, `model_type` or
 * `api`. */
void
rlm_compatible_state_type(const rlm_value *object, rlm_record *model);

/* Limits, modalities, and what it can. */
void
rlm_compatible_state_facts(const rlm_value *object, rlm_record *model);

/* What the words of a list say that it can; the list stays in the rest, because it has more. */
void
rlm_compatible_state_features(const rlm_value *list, rlm_record *model);

/* In compatible_controls.c: parameters, reasoning, dimensions, data policy, license. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_compatible_state_controls(const rlm_value *object, rlm_record *model);

/*
 * In compatible_prices.c: the prices of a row, wherever they stand in it, if their unit is clear. After the type, which
 * says what some of them are the prices of. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_compatible_read_prices(const rlm_value *row, rlm_record *model);

/*
 * The number or boolean under `path` ("pricing.input"; one dot at most) of the offers in a list, if each of those that
 * are live has it and all agree; else a null value. It is a copy: the offers stay in the rest whole, whatever is taken
 * of it.
 */
rlm_value
rlm_compatible_agreed(const rlm_value *offers, const char *path);

#endif
