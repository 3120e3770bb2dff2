/* The table of sources. */
#include "sources/source.h"

const rlm_source *const rlm_sources[] = {
    &rlm_source_openai,
    &rlm_source_anthropic,
    &rlm_source_gemini,
    &rlm_source_mistral,
    &rlm_source_deepseek,
    &rlm_source_openrouter,
    &rlm_source_xai,
    &rlm_source_ollama,
    &rlm_source_models_dev,
    &rlm_source_file,
    &rlm_source_bedrock,
    &rlm_source_vertexai,
    &rlm_source_elevenlabs,
    &rlm_source_deepgram,
    &rlm_source_published,
    &rlm_source_azure,
    &rlm_source_cohere,
    &rlm_source_perplexity,
    &rlm_source_ollama_cloud,
    &rlm_source_gpustack,
    &rlm_source_hetzner,
    &rlm_source_bundle,
    NULL,
};

const char *
rlm_origin_name(int origin)
{
#define X(name, text) text,
    static const char *const names[] = { RLM_ORIGINS(X) };
#undef X

    if (origin > RLM_ORIGIN_UNKNOWN && origin < (int) (sizeof names / sizeof *names)) return names[origin];
    for (int i = 0; i <= origin - RLM_ORIGIN_SOURCE && rlm_sources[i] != NULL; i++) {
        if (i == origin - RLM_ORIGIN_SOURCE) return rlm_sources[i]->slug;
    }
    return NULL;
}

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
