/* The table of sources. */
#include "sources/source.h"

const rlm_source *const rlm_sources[] = {
#define X(slug) &rlm_source_##slug,
    RLM_SOURCES(X)
#undef X
        NULL,
};

const rlm_source *
rlm_source_find(rlm_slice slug)
{
    for (int i = 0; rlm_sources[i] != NULL; i++) {
        if (rlm_slice_is(slug, rlm_sources[i]->slug)) return rlm_sources[i];
    }
    return NULL;
}

int
rlm_source_position(const rlm_source *source)
{
    int position = 0;

    while (rlm_sources[position] != NULL && rlm_sources[position] != source) position++;
    return position;
}

bool
rlm_source_is_metadata(const rlm_source *source)
{
    return source->rank != RLM_RANK_PROVIDER;
}

const rlm_source_ids *
rlm_source_ids_of(const rlm_source *source)
{
    static const rlm_source_ids plain;

    return source != NULL && source->ids != NULL ? source->ids : &plain;
}

size_t
rlm_source_listing_count(const rlm_source *source)
{
    size_t count = 0;

    while (count < RLM_SOURCE_LISTINGS && source->listings[count].rows != NULL) count++;
    return count;
}

rlm_type
rlm_source_type_of_id(const rlm_source *source, rlm_slice id)
{
    if (source == NULL) return RLM_TYPE_UNKNOWN;
    for (int i = 0; i < RLM_SOURCE_TYPES && source->types[i].text != NULL; i++) {
        if (rlm_slice_contains(id, source->types[i].text)) return source->types[i].type;
    }
    return RLM_TYPE_UNKNOWN;
}
