/*
 * One record as a JSON object, and back: its facts by the names they have in Ruby; what is unknown is left out. For
 * export.c.
 */
#ifndef RLM_EXPORT_RECORD_H
#define RLM_EXPORT_RECORD_H

#include "model/record.h"
#include "json/json.h"

/* The caps of a document of export.h. */
extern const rlm_json_caps rlm_export_caps;

/*
 * Append the record, indented by `indent` steps; the text of a timestamp comes from the arena. RLM_BAD_BLOCK, with an
 * error that names the model, if the record holds what no reader of a source makes and this text cannot say;
 * RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_export_write_record(const rlm_record *record, int indent, rlm_arena *arena, rlm_buffer *out, rlm_error *error);

/*
 * Fill `record`, fresh from rlm_record_init; everything is copied into its arena. RLM_BAD_SHAPE, with an error that
 * names the model and the fact, for unknown facts and words and for values of the wrong kind or out of range;
 * RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_export_read_record(const rlm_value *row, rlm_record *record, rlm_error *error);

#endif
