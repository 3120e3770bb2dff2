/*
 * Answers that are the last ones again: equal bytes, read by the same version of this gem with the same settings, give
 * an equal sheet, so they are not read a second time.
 *
 * The stamp of a sheet keeps a checksum of each listing's answer (rlm_stamp.answers). If it has one, the listing's next
 * answer is held unread until its end, when the checksum tells. If all answers of a source are the last ones again, its
 * sheet stays; otherwise those that were held are read as well. A forged checksum can only keep a sheet as it is, and
 * whoever can choose an answer can choose its facts as well.
 *
 * Only answers of one page, up to RLM_CAP_HELD bytes, whose rows were all read: of rows that cannot be read the report
 * tells each time.
 */
#ifndef RLM_REPEAT_H
#define RLM_REPEAT_H

#include "fetch/listing_answer.h"

/* The next answer begins: the page has been chosen, and the URL of the first page is known. */
void
rlm_repeat_begin(rlm_listing_fetch *fetch);

/* The next bytes of its body: held or read. RLM_OUT_OF_MEMORY or the statuses of rlm_json_feed. */
RLM_NODISCARD rlm_status
rlm_repeat_take(rlm_listing_fetch *fetch, const char *bytes, size_t length, rlm_error *error);

/* The body has ended: whether it is that of the last answer. It is then still held. */
bool
rlm_repeat_found(rlm_listing_fetch *fetch);

/* Read what is held, if anything is. The statuses of rlm_json_feed. */
RLM_NODISCARD rlm_status
rlm_repeat_read(rlm_listing_fetch *fetch, rlm_error *error);

/* Whether these ended listings, all those of a source, answered as the last time; `*rows` is how many were read then.
 */
bool
rlm_repeat_all(const rlm_listing_fetch *fetches, size_t count, size_t *rows);

/* The answers of these listings, whose rows were all read, for a stamp; nothing if one cannot be recognized. */
RLM_NODISCARD rlm_status
rlm_repeat_describe(const rlm_listing_fetch *fetches, size_t count, size_t rows, rlm_buffer *answers);

#endif
