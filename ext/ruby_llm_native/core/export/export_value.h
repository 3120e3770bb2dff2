/*
 * The JSON values that the text form of a registry is made of: making them and taking them apart. For export.c and
 * export_record.c.
 */
#ifndef RLM_EXPORT_VALUE_H
#define RLM_EXPORT_VALUE_H

#include "json/value.h"

/* Fresh values in the arena, or NULL if memory is out. The text is borrowed. */
rlm_value *
rlm_export_text(rlm_arena *arena, rlm_slice text);

rlm_value *
rlm_export_number(rlm_arena *arena, int64_t number);

rlm_value *
rlm_export_container(rlm_arena *arena, rlm_kind kind);

/*
 * Add a fresh value to the end of a list, or to an object in the order of its keys. RLM_OUT_OF_MEMORY if the value is
 * NULL.
 */
RLM_NODISCARD rlm_status
rlm_export_append(rlm_value *list, rlm_value *element);

RLM_NODISCARD rlm_status
rlm_export_insert(rlm_value *object, const char *key, rlm_value *member);

/* RLM_BAD_SHAPE with that reason; `word`, or its beginning, follows it in quotes. */
RLM_NODISCARD rlm_status
rlm_export_refuse(rlm_error *error, const char *reason);

RLM_NODISCARD rlm_status
rlm_export_refuse_word(rlm_error *error, const char *reason, rlm_slice word);

/* The beginning of a text, cut between two characters for a message; never NULL. */
rlm_slice
rlm_export_excerpt(rlm_slice text);

/* A string in which nothing had to be replaced; NULL is not one. */
bool
rlm_export_is_text(const rlm_value *value);

/*
 * An optional sign and digits, and nothing else, within the range of an int64_t. False, and `*out` untouched, for
 * anything else.
 */
bool
rlm_export_digits(rlm_slice text, int64_t *out);

/* A number without fraction or exponent. The same. */
bool
rlm_export_integer(const rlm_value *value, int64_t *out);

/* The position of the word among the names, or RLM_BAD_SHAPE and `*position` untouched. */
RLM_NODISCARD rlm_status
rlm_export_word(const char *const *names, int count, const rlm_value *value, uint8_t *position, rlm_error *error);

#endif
