/* The facts that need more than an order of sources: a model's type, what the type implies, and its name. */
#include "registry/statement.h"

#include <stdlib.h>

rlm_slice
rlm_statement_origin(const rlm_statement *said, rlm_field field)
{
    rlm_slice own = rlm_origin_of(&said->record, field);

    if (own.length > 0) return own;
    return said->rank == RLM_RANK_BUILTIN ? RLM_SLICE(RLM_ORIGIN_BUILTIN) : said->name;
}

/* ---- Types ---- */

/*
 * The type that modalities imply. A model that writes text is a chat model even if it also paints or speaks, unless it
 * takes only audio and gives none.
 */
static rlm_type
type_of_modalities(rlm_flags input, rlm_flags output)
{
    static const struct {
        rlm_modality modality;
        rlm_type type;
    } by_output[] = {
        {RLM_MODALITY_EMBEDDINGS, RLM_TYPE_EMBEDDING},
        {RLM_MODALITY_MODERATION, RLM_TYPE_MODERATION},
        {RLM_MODALITY_RERANK, RLM_TYPE_RERANK},
        {RLM_MODALITY_JUDGMENT, RLM_TYPE_JUDGMENT},
        {RLM_MODALITY_TEXT, RLM_TYPE_CHAT},
        {RLM_MODALITY_IMAGE, RLM_TYPE_IMAGE},
        {RLM_MODALITY_VIDEO, RLM_TYPE_VIDEO},
        {RLM_MODALITY_AUDIO, RLM_TYPE_AUDIO},
    };
    const uint32_t audio = RLM_BIT(RLM_MODALITY_AUDIO);

    for (size_t i = 0; i < sizeof by_output / sizeof *by_output; i++) {
        if ((output.yes & RLM_BIT(by_output[i].modality)) == 0) continue;
        if (by_output[i].type == RLM_TYPE_CHAT && input.yes == audio && (output.yes & audio) == 0)
            return RLM_TYPE_TRANSCRIPTION;
        return by_output[i].type;
    }
    return RLM_TYPE_UNKNOWN;
}

/*
 * Modalities say what a model takes and gives, not how it is called: one that transcribes, moderates or talks over a
 * socket also gives text. For these the id is the better guide.
 */
static bool
hides_behind_text(rlm_type type)
{
    return type == RLM_TYPE_REALTIME || type == RLM_TYPE_TRANSCRIPTION || type == RLM_TYPE_MODERATION ||
           type == RLM_TYPE_OCR || type == RLM_TYPE_COMPLETION;
}

/*
 * Stated; else implied by stated modalities; else implied by the id; else chat, which is what these APIs serve when
 * they state nothing. A source that says only that the model does not chat leaves the type to others, but no source
 * after it can make the model chat.
 */
void
rlm_merge_decide_type(rlm_merged_model *of)
{
    rlm_record *record = &of->record;
    rlm_type by_id = rlm_source_type_of_id(rlm_source_find(record->provider), record->id);
    const rlm_statement *denies = NULL;

    for (size_t i = 0; i < of->count; i++) {
        const rlm_record *said = &of->statements[i].record;
        rlm_type type =
            said->type != RLM_TYPE_UNKNOWN ? (rlm_type) said->type : type_of_modalities(said->input, said->output);

        if (type == RLM_TYPE_OTHER && denies == NULL) denies = &of->statements[i];
        if (type == RLM_TYPE_UNKNOWN || type == RLM_TYPE_OTHER || (type == RLM_TYPE_CHAT && denies != NULL)) continue;
        if (said->type == RLM_TYPE_UNKNOWN && type == RLM_TYPE_CHAT && hides_behind_text(by_id)) break;
        record->type = (uint8_t) type;
        of->origins.of[RLM_FIELD_TYPE] = rlm_statement_origin(&of->statements[i], RLM_FIELD_TYPE);
        return;
    }
    if (denies != NULL && (by_id == RLM_TYPE_UNKNOWN || by_id == RLM_TYPE_CHAT)) {
        record->type = RLM_TYPE_OTHER;
        of->origins.of[RLM_FIELD_TYPE] = rlm_statement_origin(denies, RLM_FIELD_TYPE);
        return;
    }
    record->type = (uint8_t) (by_id != RLM_TYPE_UNKNOWN ? by_id : RLM_TYPE_CHAT);
    of->origins.of[RLM_FIELD_TYPE] = RLM_SLICE(RLM_ORIGIN_ID);
}

void
rlm_merge_imply_capability(rlm_merged_model *of)
{
    static const struct {
        rlm_type type;
        rlm_capability capability;
    } implied[] = {
        {RLM_TYPE_TRANSCRIPTION, RLM_CAPABILITY_TRANSCRIPTION}, {RLM_TYPE_AUDIO, RLM_CAPABILITY_SPEECH_GENERATION},
        {RLM_TYPE_IMAGE, RLM_CAPABILITY_IMAGE_GENERATION},      {RLM_TYPE_MODERATION, RLM_CAPABILITY_MODERATION},
        {RLM_TYPE_REALTIME, RLM_CAPABILITY_REALTIME},           {RLM_TYPE_OCR, RLM_CAPABILITY_OCR},
        {RLM_TYPE_JUDGMENT, RLM_CAPABILITY_JUDGMENT},
    };
    rlm_record *record = &of->record;
    rlm_slice *origin = &of->origins.of[RLM_FIELD_CAPABILITIES];

    for (size_t i = 0; i < sizeof implied / sizeof *implied; i++) {
        uint32_t bit = RLM_BIT(implied[i].capability);

        if (implied[i].type != (rlm_type) record->type || (record->capabilities.no & bit) != 0) continue;
        record->capabilities.yes |= bit;
        if (origin->length == 0) *origin = of->origins.of[RLM_FIELD_TYPE];
    }
}

/* ---- Names ---- */

static int
compare_models(const void *left, const void *right)
{
    return rlm_record_compare(&((const rlm_merged_model *) left)->record, &((const rlm_merged_model *) right)->record);
}

static rlm_merged_model *
find(const rlm_merging *all, rlm_slice provider, rlm_slice id)
{
    rlm_merged_model key;

    key.record.provider = provider;
    key.record.id = id;
    return bsearch(&key, all->models, all->model_count, sizeof key, compare_models);
}

void
rlm_merge_decide_name(const rlm_merging *all, rlm_merged_model *of)
{
    rlm_record *record = &of->record;

    for (size_t i = 0; i < of->count; i++) {
        rlm_slice name = of->statements[i].record.name;

        if (name.length == 0) continue;
        /* An id is not a name, except in ruby_llm's bundle: programs know the model by that name. */
        if (of->statements[i].rank != RLM_RANK_BUNDLE && find(all, record->provider, name) != NULL) continue;
        record->name = name;
        of->origins.of[RLM_FIELD_NAME] = rlm_statement_origin(&of->statements[i], RLM_FIELD_NAME);
        return;
    }
    record->name = record->id;
    of->origins.of[RLM_FIELD_NAME] = RLM_SLICE(RLM_ORIGIN_ID);
}
