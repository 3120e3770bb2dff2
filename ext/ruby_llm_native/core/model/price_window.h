/*
 * The hours and weekdays for which lists state prices, as conditions of a price.
 */
#ifndef RLM_PRICE_WINDOW_H
#define RLM_PRICE_WINDOW_H

#include "model/record.h"

/* The most windows of one model that are read: each is one more price of each meter. */
#define RLM_PRICE_WINDOWS 32

/*
 * Read "16:30-00:30", UTC: from the first minute until the other, past midnight if the first is later; "24:00" is the
 * end of the day. False, and `*conditions` untouched, for anything else, also for a window without an end.
 */
bool
rlm_price_hours(rlm_slice text, rlm_price *conditions);

/*
 * Windows, each a price with nothing but hours and weekdays: those of `hours`, a text or a list of texts, on the days
 * of `weekdays`, a list of numbers of ISO 8601 (1 is Monday, 7 Sunday) or of English names; NULL: on all days. What is
 * left of a window after midnight belongs to its own weekday, so such a window of some weekdays becomes two. They are
 * added to `windows`, which has room for RLM_PRICE_WINDOWS. False if one of them cannot be read, or they are too many.
 */
bool
rlm_price_windows(const rlm_value *hours, const rlm_value *weekdays, rlm_price *windows, size_t *count);

#endif
