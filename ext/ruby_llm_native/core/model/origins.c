/* Lines in, lines out. */
#include "model/origins.h"

/* Take the next line off the text. */
static rlm_slice
next_line(rlm_slice *text)
{
    const char *end = text->length > 0 ? memchr(text->bytes, '\n', text->length) : NULL;
    rlm_slice line = {text->bytes, end != NULL ? (size_t) (end - text->bytes) : text->length};
    size_t taken = line.length + (end != NULL);

    if (taken > 0) *text = (rlm_slice){text->bytes + taken, text->length - taken};
    return line;
}

rlm_slice
rlm_origin_of(const rlm_record *record, rlm_field field)
{
    rlm_slice text = record->origins, line = next_line(&text);

    for (int i = 0; i < (int) field; i++) line = next_line(&text);
    return line;
}

void
rlm_origins_read(const rlm_record *record, rlm_origins *origins)
{
    rlm_slice text = record->origins;

    for (int i = 0; i < RLM_FIELD_COUNT; i++) origins->of[i] = next_line(&text);
}

rlm_status
rlm_origins_write(const rlm_origins *origins, rlm_arena *arena, rlm_slice *text)
{
    size_t lines = 0, length = 0;
    char *bytes;

    *text = (rlm_slice){NULL, 0};
    for (size_t i = 0; i < RLM_FIELD_COUNT; i++) {
        if (origins->of[i].length > 0) lines = i + 1;
    }
    if (lines == 0) return RLM_OK;
    for (size_t i = 0; i < lines; i++) length += origins->of[i].length + 1;
    bytes = rlm_arena_allocate(arena, length, 1);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    *text = (rlm_slice){bytes, length};
    for (size_t i = 0; i < lines; i++) {
        rlm_slice line = origins->of[i];

        if (line.length > 0) memcpy(bytes, line.bytes, line.length);
        bytes[line.length] = '\n';
        bytes += line.length + 1;
    }
    return RLM_OK;
}

rlm_status
rlm_origin_set(rlm_record *record, rlm_field field, rlm_slice origin, rlm_arena *arena)
{
    rlm_origins origins;

    rlm_origins_read(record, &origins);
    origins.of[field] = origin;
    return rlm_origins_write(&origins, arena, &record->origins);
}
