/*
 * Where a model is in its life. Providers state dates and words; a state is what follows from them at a time, so
 * whoever asks on another day gets another answer, without a new statement.
 */
#ifndef RLM_LIFE_H
#define RLM_LIFE_H

#include "model/record.h"

/* The states: those of rlm_model_status, and this one. Its end has passed, and its provider still lists it. */
#define RLM_LIFE_OVERDUE ((uint8_t) RLM_MODEL_STATUS_COUNT)
#define RLM_LIFE_COUNT (RLM_MODEL_STATUS_COUNT + 1)

/* "deprecated", "overdue", …; "" for the unknown. */
extern const char *const rlm_life_names[RLM_LIFE_COUNT];

/*
 * The state of a merged record at that time, in seconds since 1970. `now` is the time of the statements: only until
 * then is it known whether the provider lists the model; later it is assumed to keep its word. A stated day has come
 * when it begins. An end that is stated as "no sooner than" alone retires nothing.
 */
uint8_t
rlm_life_at(const rlm_record *record, int64_t at, int64_t now);

/* Whether it is deprecated, overdue or retired: what an application should know of. */
bool
rlm_life_ends(uint8_t life);

#endif
