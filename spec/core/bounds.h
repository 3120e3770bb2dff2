/* The bounds of a record, as texts. */
#ifndef RLM_BOUNDS_H
#define RLM_BOUNDS_H

#include "model/record.h"

/* "min", "max" or "default" of it, written; "unknown". */
static inline const char *
bound_of(const rlm_record *record, int of, int kind)
{
    static char text[RLM_DECIMAL_TEXT];
    const rlm_bound *found = rlm_record_bound(record, (rlm_bounded) of, (rlm_bound_kind) kind);

    if (found == NULL) return "unknown";
    rlm_decimal_write((rlm_decimal){found->coefficient, found->exponent}, text);
    return text;
}

#endif
