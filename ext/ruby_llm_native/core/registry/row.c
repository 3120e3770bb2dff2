/* The members one after the other. The order is a part of the format: two texts of equal facts are equal. */
#include "registry/row.h"

#include "registry/precedence.h"
#include "sources/source.h"
#include "json/value.h"

#include <string.h>

bool
rlm_row_is_of(const rlm_block *block, size_t index, rlm_slice layout, rlm_slice stored)
{
    char digits[RLM_HASH_DIGITS];

    if (stored.length != layout.length + sizeof digits) return false;
    if (layout.length > 0 && memcmp(stored.bytes, layout.bytes, layout.length) != 0) return false;
    rlm_hash_write(rlm_block_fingerprint(block, index), digits);
    return memcmp(stored.bytes + layout.length, digits, sizeof digits) == 0;
}

#define APPEND(literal) rlm_buffer_append(out, literal, sizeof(literal) - 1)

static rlm_status
write_text(rlm_slice text, rlm_buffer *out)
{
    return text.length == 0 ? APPEND("null") : rlm_value_write_text(text, out);
}

static rlm_status
write_flags(uint32_t bits, const char *const *names, int count, rlm_buffer *out)
{
    bool first = true;

    RLM_TRY(APPEND("["));
    for (int i = 0; i < count; i++) {
        if ((bits & RLM_BIT(i)) == 0) continue;
        if (!first) RLM_TRY(APPEND(","));
        RLM_TRY(rlm_value_write_text(rlm_slice_of(names[i]), out));
        first = false;
    }
    return APPEND("]");
}

/* Nothing where the fact is unknown, or said by a source that this version does not know. */
static rlm_status
write_origin(const rlm_record *record, rlm_field field, bool *first, rlm_buffer *out)
{
    const char *origin = rlm_origin_name(record->origins[field]);

    if (origin == NULL) return RLM_OK;
    if (!*first) RLM_TRY(APPEND(","));
    *first = false;
    RLM_TRY(rlm_value_write_text(rlm_slice_of(rlm_field_names[field]), out));
    RLM_TRY(APPEND(":"));
    return rlm_value_write_text(rlm_slice_of(origin), out);
}

static rlm_status
write_origins(const rlm_record *record, rlm_buffer *out)
{
    size_t count;
    const rlm_precedence *rules = rlm_merge_precedence(&count);
    bool first = true;

    RLM_TRY(APPEND("{"));
    RLM_TRY(write_origin(record, RLM_FIELD_NAME, &first, out));
    RLM_TRY(write_origin(record, RLM_FIELD_TYPE, &first, out));
    for (size_t i = 0; i < count; i++) RLM_TRY(write_origin(record, rules[i].field, &first, out));
    return APPEND("}");
}

rlm_status
rlm_row_write(const rlm_record *record, rlm_slice pricing, rlm_buffer *out)
{
    RLM_TRY(APPEND("\"family\":"));
    RLM_TRY(write_text(record->family, out));
    RLM_TRY(APPEND(",\"type\":"));
    RLM_TRY(write_text(rlm_slice_of(rlm_type_names[record->type]), out));
    RLM_TRY(APPEND(",\"modalities\":{\"input\":"));
    RLM_TRY(write_flags(record->input.yes, rlm_modality_names, RLM_MODALITY_COUNT, out));
    RLM_TRY(APPEND(",\"output\":"));
    RLM_TRY(write_flags(record->output.yes, rlm_modality_names, RLM_MODALITY_COUNT, out));
    RLM_TRY(APPEND("},\"capabilities\":"));
    RLM_TRY(write_flags(record->capabilities.yes, rlm_capability_names, RLM_CAPABILITY_COUNT, out));
    RLM_TRY(APPEND(",\"pricing\":"));
    RLM_TRY(rlm_buffer_append(out, pricing.bytes, pricing.length));
    RLM_TRY(APPEND(",\"status\":"));
    RLM_TRY(write_text(rlm_slice_of(rlm_model_status_names[record->status]), out));
    RLM_TRY(APPEND(",\"origins\":"));
    return write_origins(record, out);
}
