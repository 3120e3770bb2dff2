/* The table of sources. */
#include "sources/source.h"

#include <string.h>

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

/*
 * What ids tell where no source says how they are to be read: only words that mean the same wherever they stand at the
 * beginning of a part of an id. The first one that is found counts, so that "bge-reranker" reranks. Guards, OCR and
 * instruct models are not among them, because they are called like chat models.
 */
static const struct {
    const char *word;
    bool whole; /* the part ends with it, or goes on with a digit */
    rlm_type type;
} general[] = {
    {"rerank", false, RLM_TYPE_RERANK},
    {"embed", false, RLM_TYPE_EMBEDDING},
    {"bge-", false, RLM_TYPE_EMBEDDING},
    {"gte-", false, RLM_TYPE_EMBEDDING},
    {"e5-", false, RLM_TYPE_EMBEDDING},
    {"whisper", false, RLM_TYPE_TRANSCRIPTION},
    {"transcribe", false, RLM_TYPE_TRANSCRIPTION},
    {"asr", true, RLM_TYPE_TRANSCRIPTION},
    {"stt", true, RLM_TYPE_TRANSCRIPTION},
    {"tts", true, RLM_TYPE_AUDIO},
    {"moderation", true, RLM_TYPE_MODERATION},
    {"realtime", true, RLM_TYPE_REALTIME},
    {"dall-e", true, RLM_TYPE_IMAGE},
    {"gpt-image", true, RLM_TYPE_IMAGE},
    {"chatgpt-image", true, RLM_TYPE_IMAGE},
    {"stable-diffusion", true, RLM_TYPE_IMAGE},
    {"imagen", true, RLM_TYPE_IMAGE},
    {"sora", true, RLM_TYPE_VIDEO},
    {"veo", true, RLM_TYPE_VIDEO},
    {"davinci-002", true, RLM_TYPE_COMPLETION},
    {"babbage-002", true, RLM_TYPE_COMPLETION},
};

static bool
is_letter(char byte)
{
    char lower = rlm_ascii_lower(byte);

    return lower >= 'a' && lower <= 'z';
}

static bool
has_word(rlm_slice id, const char *word, bool whole)
{
    size_t length = strlen(word);

    for (size_t at = 0; at + length <= id.length; at++) {
        if (at > 0 && (is_letter(id.bytes[at - 1]) || (id.bytes[at - 1] >= '0' && id.bytes[at - 1] <= '9'))) continue;
        if (!rlm_ascii_alike(id.bytes + at, word, length)) continue;
        if (!whole || at + length == id.length || !is_letter(id.bytes[at + length])) return true;
    }
    return false;
}

static rlm_type
general_type_of_id(rlm_slice id)
{
    for (size_t i = 0; i < sizeof general / sizeof *general; i++) {
        if (has_word(id, general[i].word, general[i].whole)) return general[i].type;
    }
    return RLM_TYPE_UNKNOWN;
}

rlm_type
rlm_source_type_of_id(const rlm_source *source, rlm_slice id)
{
    if (source == NULL || (source->flags & RLM_SOURCE_ANYONES) != 0) return general_type_of_id(id);
    for (int i = 0; i < RLM_SOURCE_TYPES && source->types[i].text != NULL; i++) {
        if (rlm_slice_contains(id, source->types[i].text)) return source->types[i].type;
    }
    return RLM_TYPE_UNKNOWN;
}
