/* What follows from a status, two dates and a standing. Read rlm_life_at. */
#include "model/life.h"

#define X(name, text) text,
const char *const rlm_life_names[] = {RLM_MODEL_STATUSES(X) "overdue"};
#undef X

bool
rlm_life_ends(uint8_t life)
{
    return life == RLM_MODEL_STATUS_DEPRECATED || life == RLM_LIFE_OVERDUE || life == RLM_MODEL_STATUS_RETIRED;
}

static bool
has_come(rlm_timestamp day, int64_t at)
{
    return day.precision != RLM_PRECISION_NONE && at >= day.seconds;
}

static bool
is_to_come(rlm_timestamp day, int64_t at)
{
    return day.precision != RLM_PRECISION_NONE && at < day.seconds;
}

/* After the end that is stated. */
static uint8_t
after_end(const rlm_record *record, int64_t at, int64_t now)
{
    bool no_sooner = (record->traits.no & RLM_BIT(RLM_TRAIT_FIXED_RETIREMENT)) != 0;

    if (record->standing == RLM_STANDING_LISTED && at <= now) return RLM_LIFE_OVERDUE;
    return no_sooner && record->standing != RLM_STANDING_UNLISTED ? RLM_MODEL_STATUS_DEPRECATED
                                                                  : RLM_MODEL_STATUS_RETIRED;
}

uint8_t
rlm_life_at(const rlm_record *record, int64_t at, int64_t now)
{
    bool retired = record->status == RLM_MODEL_STATUS_RETIRED;

    if (retired && (at >= now || !is_to_come(record->retires_at, at))) return RLM_MODEL_STATUS_RETIRED;
    if (has_come(record->retires_at, at)) return after_end(record, at, now);
    if (has_come(record->deprecated_at, at)) return RLM_MODEL_STATUS_DEPRECATED;
    if (record->status != RLM_MODEL_STATUS_DEPRECATED && !retired) return record->status;
    return is_to_come(record->deprecated_at, at) ? RLM_MODEL_STATUS_ACTIVE : RLM_MODEL_STATUS_DEPRECATED;
}
