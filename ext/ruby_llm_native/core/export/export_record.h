/*
 * One record as an object of JSON, and back: its facts by the names they have in Ruby, what is unknown left out. For
 * export.c.
 */
#ifndef RLM_EXPORT_RECORD_H
#define RLM_EXPORT_RECORD_H

#include "model/record.h"
#include "json/json.h"

/* The caps of a document of export.h. */
extern const rlm_json_caps rlm_export_caps;

/*
 * Append the record, `indent` steps to the right; what is needed for a timestamp comes from the arena. RLM_BAD_BLOCK,
 * with an error that names the model, when it holds what no reader of a source makes and this text cannot say;
 * RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_export_write_record(const rlm_record *record, int indent, rlm_arena *arena, rlm_buffer *out, rlm_error *error);

/*
 * Fill `record`, fresh from rlm_record_init; all is copied into its arena. RLM_BAD_SHAPE, with an error that names the
 * model and the fact, for unknown facts and words and for values of the wrong kind or out of range; RLM_TOO_LARGE,
 * RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_export_read_record(const rlm_value *row, rlm_record *record, rlm_error *error);

#endif
