/*
 * Merge: the table of precedence first, then how a model's statements become one record, then what needs all
 * models at once: names and types. Kin are equivalents.c.
 *
 * A statement is one source's record of one model. Statements are sorted by model and, within a model, by who speaks
 * first; nothing else about the order of sheets can matter.
 */
#include "registry/merge.h"

#include "base/caps.h"
#include "model/equivalents.h"
#include "model/id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who speaks, in the order of the provider-first fields. */
enum {
    RANK_PROVIDER,
    RANK_METADATA,
    RANK_PUBLISHED, /* repeats what others state */
    RANK_STAND_IN,
    RANK_BUILTIN, /* compiled in: as old as this gem */
    RANK_BUNDLE   /* as old as an installed ruby_llm */
};

typedef struct {
    rlm_record record;
    const rlm_source *source;
    int rank;
} statement;

typedef struct {
    rlm_record record;
    const statement *statements; /* in order of rank */
    size_t count;
} model;

typedef struct {
    rlm_arena arena;
    statement *statements;
    size_t statement_count;
    model *models;
    size_t model_count;
} merge;

/* ---- The table ---- */

static bool
take_text(rlm_slice *into, rlm_slice from)
{
    if (from.length == 0) return false;
    *into = from;
    return true;
}

static bool
take_timestamp(rlm_timestamp *into, rlm_timestamp from)
{
    if (from.precision == RLM_PRECISION_NONE) return false;
    *into = from;
    return true;
}

static bool
take_limit(rlm_record *into, const rlm_record *from, rlm_limit limit)
{
    if (from->limits[limit] == RLM_UNKNOWN) return false;
    into->limits[limit] = from->limits[limit];
    return true;
}

/* Flag by flag: what an earlier speaker said stays. */
static bool
take_flags(rlm_flags *into, rlm_flags from)
{
    uint32_t said = into->yes | into->no;

    into->yes |= from.yes & ~said;
    into->no |= from.no & ~said;
    return from.yes != 0 || from.no != 0;
}

static bool
take_family(rlm_record *into, const rlm_record *from)
{
    return take_text(&into->family, from->family);
}

static bool
take_replacement(rlm_record *into, const rlm_record *from)
{
    return take_text(&into->replacement, from->replacement);
}

static bool
take_created_at(rlm_record *into, const rlm_record *from)
{
    return take_timestamp(&into->created_at, from->created_at);
}

static bool
take_knowledge_cutoff(rlm_record *into, const rlm_record *from)
{
    return take_timestamp(&into->knowledge_cutoff, from->knowledge_cutoff);
}

static bool
take_retires_at(rlm_record *into, const rlm_record *from)
{
    return take_timestamp(&into->retires_at, from->retires_at);
}

static bool
take_context_window(rlm_record *into, const rlm_record *from)
{
    return take_limit(into, from, RLM_LIMIT_CONTEXT);
}

static bool
take_max_input_tokens(rlm_record *into, const rlm_record *from)
{
    return take_limit(into, from, RLM_LIMIT_INPUT);
}

static bool
take_max_output_tokens(rlm_record *into, const rlm_record *from)
{
    return take_limit(into, from, RLM_LIMIT_OUTPUT);
}

static bool
take_status(rlm_record *into, const rlm_record *from)
{
    if (from->status == RLM_MODEL_STATUS_UNKNOWN) return false;
    into->status = from->status;
    return true;
}

static bool
take_input(rlm_record *into, const rlm_record *from)
{
    return take_flags(&into->input, from->input);
}

static bool
take_output(rlm_record *into, const rlm_record *from)
{
    return take_flags(&into->output, from->output);
}

static bool
take_capabilities(rlm_record *into, const rlm_record *from)
{
    return take_flags(&into->capabilities, from->capabilities);
}

/* A set, never a mixture: tiers of two sources do not fit together. */
static bool
take_prices(rlm_record *into, const rlm_record *from)
{
    if (from->price_count == 0) return false;
    into->prices = from->prices;
    into->price_count = from->price_count;
    return true;
}

/*
 * Who speaks first, field by field; rlm_precedence says what the columns mean. Names, types and standing need more than
 * an order; they are below.
 */
static const rlm_precedence precedence[] = {
    {RLM_FIELD_FAMILY, true, false, take_family},
    {RLM_FIELD_CREATED_AT, false, false, take_created_at},
    {RLM_FIELD_CONTEXT_WINDOW, false, false, take_context_window},
    {RLM_FIELD_MAX_INPUT_TOKENS, false, false, take_max_input_tokens},
    {RLM_FIELD_MAX_OUTPUT_TOKENS, false, false, take_max_output_tokens},
    {RLM_FIELD_KNOWLEDGE_CUTOFF, false, false, take_knowledge_cutoff},
    {RLM_FIELD_STATUS, false, false, take_status},
    {RLM_FIELD_RETIRES_AT, false, false, take_retires_at},
    {RLM_FIELD_REPLACEMENT, false, false, take_replacement},
    {RLM_FIELD_INPUT, false, true, take_input},
    {RLM_FIELD_OUTPUT, false, true, take_output},
    {RLM_FIELD_CAPABILITIES, false, true, take_capabilities},
    {RLM_FIELD_PRICES, false, false, take_prices},
};

const rlm_precedence *
rlm_merge_precedence(size_t *count)
{
    *count = sizeof precedence / sizeof *precedence;
    return precedence;
}

static uint8_t
origin_of(const statement *said, rlm_field field)
{
    if (said->record.origins[field] != RLM_ORIGIN_UNKNOWN) return said->record.origins[field];
    if (said->rank == RANK_BUILTIN) return RLM_ORIGIN_BUILTIN;
    return (uint8_t) (RLM_ORIGIN_SOURCE + rlm_source_position(said->source));
}

/* The statement that speaks at that turn. */
static const statement *
speaker(const model *of, size_t turn, bool metadata_first)
{
    bool provider_leads = of->statements[0].rank == RANK_PROVIDER;

    if (!metadata_first || !provider_leads || of->count < 2 || of->statements[1].rank != RANK_METADATA)
        return &of->statements[turn];
    return turn == 0 ? &of->statements[1] : turn == 1 ? &of->statements[0] : &of->statements[turn];
}

static void
join_fields(model *of)
{
    for (size_t i = 0; i < sizeof precedence / sizeof *precedence; i++) {
        for (size_t turn = 0; turn < of->count; turn++) {
            const statement *said = speaker(of, turn, precedence[i].metadata_first);
            uint8_t *origin = &of->record.origins[precedence[i].field];

            if (!precedence[i].take(&of->record, &said->record)) continue;
            if (*origin == RLM_ORIGIN_UNKNOWN) *origin = origin_of(said, precedence[i].field);
            if (!precedence[i].united) break;
        }
    }
}

/* What its provider lists is still served, whatever another source says. */
static void
decide_status(rlm_record *record, const rlm_record *provider)
{
    if (record->status == RLM_MODEL_STATUS_RETIRED && record->standing == RLM_STANDING_LISTED &&
        provider->status == RLM_MODEL_STATUS_UNKNOWN) {
        record->status = RLM_MODEL_STATUS_DEPRECATED;
    }
}

/*
 * Of the statements with metadata the next one by slug, the order of keys in all JSON of ours. NULL after the last.
 */
static const statement *
next_by_slug(const model *of, const statement *last)
{
    const statement *next = NULL;

    for (size_t i = 0; i < of->count; i++) {
        const statement *said = &of->statements[i];

        if (said->record.metadata.length == 0 || (last != NULL && strcmp(said->source->slug, last->source->slug) <= 0))
            continue;
        if (next == NULL || strcmp(said->source->slug, next->source->slug) < 0) next = said;
    }
    return next;
}

/* {"models_dev":{…},"openai":{…}}; a stand-in's metadata came out of such a merge and is kept as it is. */
static rlm_status
join_metadata(merge *all, model *of)
{
    rlm_buffer json;
    rlm_status status = RLM_OK;

    if (of->statements[0].rank == RANK_STAND_IN) {
        of->record.metadata = of->statements[0].record.metadata;
        return RLM_OK;
    }
    rlm_buffer_init(&json, RLM_CAP_SOURCE);
    for (const statement *said = next_by_slug(of, NULL); said != NULL && status == RLM_OK;
         said = next_by_slug(of, said)) {
        char key[64];
        int length = snprintf(key, sizeof key, "%s\"%s\":", json.length > 0 ? "," : "{", said->source->slug);

        status = rlm_buffer_append(&json, key, (size_t) length);
        if (status == RLM_OK)
            status = rlm_buffer_append(&json, said->record.metadata.bytes, said->record.metadata.length);
    }
    if (status == RLM_OK && json.length > 0) status = rlm_buffer_append(&json, "}", 1);
    if (status == RLM_OK)
        status = rlm_text_copy(&all->arena, (rlm_slice){json.bytes, json.length}, &of->record.metadata);
    rlm_buffer_free(&json);
    return status;
}

/* ---- Types ---- */

/*
 * What modalities tell: a model that writes text is a chat model also when it paints or speaks, unless it only
 * listens and only writes.
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
 * Modalities say what a model takes and gives, not how it is reached: one that transcribes, moderates or talks over a
 * socket also gives text. There the id, if it says so, knows more.
 */
static bool
hides_behind_text(rlm_type type)
{
    return type == RLM_TYPE_REALTIME || type == RLM_TYPE_TRANSCRIPTION || type == RLM_TYPE_MODERATION ||
           type == RLM_TYPE_OCR || type == RLM_TYPE_COMPLETION;
}

/*
 * Stated; else told by stated modalities; else told by the id; else chat, which is what these APIs serve when they say
 * nothing. A source that says only that the model does not chat leaves the type to others, but none of those after it
 * can make it chat.
 */
static void
decide_type(model *of)
{
    rlm_record *record = &of->record;
    rlm_type by_id = rlm_source_type_of_id(rlm_source_find(record->provider), record->id);
    const statement *denies = NULL;

    for (size_t i = 0; i < of->count; i++) {
        const rlm_record *said = &of->statements[i].record;
        rlm_type type =
            said->type != RLM_TYPE_UNKNOWN ? (rlm_type) said->type : type_of_modalities(said->input, said->output);

        if (type == RLM_TYPE_OTHER && denies == NULL) denies = &of->statements[i];
        if (type == RLM_TYPE_UNKNOWN || type == RLM_TYPE_OTHER || (type == RLM_TYPE_CHAT && denies != NULL)) continue;
        if (said->type == RLM_TYPE_UNKNOWN && type == RLM_TYPE_CHAT && hides_behind_text(by_id)) break;
        record->type = (uint8_t) type;
        record->origins[RLM_FIELD_TYPE] = origin_of(&of->statements[i], RLM_FIELD_TYPE);
        return;
    }
    if (denies != NULL && (by_id == RLM_TYPE_UNKNOWN || by_id == RLM_TYPE_CHAT)) {
        record->type = RLM_TYPE_OTHER;
        record->origins[RLM_FIELD_TYPE] = origin_of(denies, RLM_FIELD_TYPE);
        return;
    }
    record->type = (uint8_t) (by_id != RLM_TYPE_UNKNOWN ? by_id : RLM_TYPE_CHAT);
    record->origins[RLM_FIELD_TYPE] = RLM_ORIGIN_ID;
}

/* A type that is a capability by another name states it, unless a source denies it. */
static void
imply_capability(rlm_record *record)
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
    uint8_t *origin = &record->origins[RLM_FIELD_CAPABILITIES];

    for (size_t i = 0; i < sizeof implied / sizeof *implied; i++) {
        uint32_t bit = RLM_BIT(implied[i].capability);

        if (implied[i].type != (rlm_type) record->type || (record->capabilities.no & bit) != 0) continue;
        record->capabilities.yes |= bit;
        if (*origin == RLM_ORIGIN_UNKNOWN) *origin = record->origins[RLM_FIELD_TYPE];
    }
}

/* ---- Finding models ---- */

static int
compare_models(const void *left, const void *right)
{
    return rlm_record_compare(&((const model *) left)->record, &((const model *) right)->record);
}

static model *
find(const merge *all, rlm_slice provider, rlm_slice id)
{
    model key;

    key.record.provider = provider;
    key.record.id = id;
    return bsearch(&key, all->models, all->model_count, sizeof key, compare_models);
}

/* ---- Names ---- */

static void
decide_name(const merge *all, model *of)
{
    rlm_record *record = &of->record;

    for (size_t i = 0; i < of->count; i++) {
        rlm_slice name = of->statements[i].record.name;

        if (name.length == 0) continue;
        /* An id is not a name, but the one that programs have from ruby_llm stays. */
        if (of->statements[i].rank != RANK_BUNDLE && find(all, record->provider, name) != NULL) continue;
        record->name = name;
        record->origins[RLM_FIELD_NAME] = origin_of(&of->statements[i], RLM_FIELD_NAME);
        return;
    }
    record->name = record->id;
    record->origins[RLM_FIELD_NAME] = RLM_ORIGIN_ID;
}

/* ---- All together ---- */

/* All ids that any source says are this model. */
static rlm_status
unite_equivalents(merge *all, model *of)
{
    for (size_t i = 0; i < of->count; i++) {
        RLM_TRY(rlm_id_list_unite(&all->arena, of->record.equivalents, of->statements[i].record.equivalents,
                                  &of->record.equivalents));
    }
    return RLM_OK;
}

static int
compare_statements(const void *left, const void *right)
{
    const statement *a = left, *b = right;
    int order = rlm_record_compare(&a->record, &b->record);

    if (order != 0) return order;
    if (a->rank != b->rank) return a->rank - b->rank;
    return rlm_source_position(a->source) - rlm_source_position(b->source);
}

static int
rank_of(const rlm_source *source)
{
    if (source == &rlm_source_bundle) return RANK_BUNDLE;
    if ((source->flags & RLM_SOURCE_STAND_IN) != 0) return RANK_STAND_IN;
    if (source == &rlm_source_published) return RANK_PUBLISHED;
    return (source->flags & RLM_SOURCE_METADATA) != 0 ? RANK_METADATA : RANK_PROVIDER;
}

/* In a provider's own sheet, what no listing states is what its source has compiled in. */
static int
rank_of_record(const rlm_source *source, const rlm_record *record)
{
    int rank = rank_of(source);

    return rank == RANK_PROVIDER && record->standing == RLM_STANDING_DOCUMENTED ? RANK_BUILTIN : rank;
}

/* Whether a source that does not stand in for others speaks for that provider. */
static bool
spoken_for(const rlm_block *sheets, size_t count, rlm_slice provider)
{
    for (size_t i = 0; i < count; i++) {
        const rlm_source *source = rlm_source_find(sheets[i].stamp.source);
        size_t first, models;

        if (source == NULL || rank_of(source) >= RANK_STAND_IN) continue;
        rlm_block_provider(&sheets[i], provider, &first, &models);
        if (models > 0) return true;
    }
    return false;
}

/* Whether a metadata catalogue has answered: then the bundle, which only stands in for one, steps aside whole. */
static bool
has_metadata_source(const rlm_block *sheets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const rlm_source *source = rlm_source_find(sheets[i].stamp.source);
        int rank = source == NULL ? RANK_PROVIDER : rank_of(source);

        if (rank == RANK_METADATA || rank == RANK_PUBLISHED) return true;
    }
    return false;
}

static rlm_status
collect(merge *all, const rlm_block *sheets, size_t count)
{
    bool replaced = has_metadata_source(sheets, count);
    size_t total = 0;

    for (size_t i = 0; i < count; i++) total += sheets[i].count;
    all->statements = rlm_arena_allocate(&all->arena, total, sizeof *all->statements);
    if (all->statements == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const rlm_source *source = rlm_source_find(sheets[i].stamp.source);
        rlm_slice provider = {NULL, 0};
        bool silent = false;

        if (source == NULL) continue; /* a sheet of a version that knows more sources */
        if (rank_of(source) == RANK_BUNDLE && replaced) continue;
        for (size_t r = 0; r < sheets[i].count; r++) {
            statement *said = &all->statements[all->statement_count];

            rlm_block_record(&sheets[i], r, &said->record);
            said->source = source;
            said->rank = rank_of_record(source, &said->record);
            if (said->rank == RANK_STAND_IN && (r == 0 || !rlm_slice_equal(provider, said->record.provider))) {
                provider = said->record.provider;
                silent = spoken_for(sheets, count, provider);
            }
            if (!silent) all->statement_count++;
        }
    }
    if (all->statement_count > 1)
        qsort(all->statements, all->statement_count, sizeof *all->statements, compare_statements);
    return RLM_OK;
}

static rlm_status
group(merge *all)
{
    all->models = rlm_arena_allocate(&all->arena, all->statement_count, sizeof *all->models);
    if (all->models == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->statement_count; i++) {
        const statement *said = &all->statements[i];
        model *last = all->model_count == 0 ? NULL : &all->models[all->model_count - 1];

        if (last != NULL && rlm_record_compare(&last->record, &said->record) == 0) {
            last->count++;
            continue;
        }
        last = &all->models[all->model_count++];
        rlm_record_init(&last->record, NULL, said->record.provider);
        last->record.id = said->record.id;
        /* The provider's own listing alone decides; a model that only catalogues state is catalogued. */
        last->record.standing = said->record.standing;
        last->record.unlisted_at = said->record.unlisted_at;
        last->statements = said;
        last->count = 1;
    }
    return RLM_OK;
}

/*
 * Bedrock lists "us.x" in the place of an "x" that is only served through an inference profile: what others state of
 * "x" stays findable, and is not offered by itself.
 */
static void
hide_behind_profiles(rlm_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        rlm_record key = {.provider = records[i].provider, .id = rlm_id_without_geography(records[i].id)}, *base;

        if (records[i].standing != RLM_STANDING_LISTED || key.id.length == records[i].id.length) continue;
        if (!rlm_slice_is(key.provider, rlm_source_bedrock.slug)) continue;
        base = bsearch(&key, records, count, sizeof key, rlm_record_compare);
        if (base != NULL && base->standing == RLM_STANDING_DOCUMENTED) base->standing = RLM_STANDING_UNLISTED;
    }
}

static rlm_status
merge_all(merge *all, const rlm_block *sheets, size_t count, rlm_buffer *out)
{
    rlm_record *records;

    RLM_TRY(collect(all, sheets, count));
    RLM_TRY(group(all));
    for (size_t i = 0; i < all->model_count; i++) {
        join_fields(&all->models[i]);
        decide_status(&all->models[i].record, &all->models[i].statements[0].record);
        RLM_TRY(join_metadata(all, &all->models[i]));
        decide_type(&all->models[i]);
        imply_capability(&all->models[i].record);
        decide_name(all, &all->models[i]);
        RLM_TRY(unite_equivalents(all, &all->models[i]));
    }
    records = rlm_arena_allocate(&all->arena, all->model_count, sizeof *records);
    if (records == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->model_count; i++) records[i] = all->models[i].record;
    RLM_TRY(rlm_equivalents_join(records, all->model_count, &all->arena));
    hide_behind_profiles(records, all->model_count);
    return rlm_block_write(RLM_BLOCK_CATALOG, records, all->model_count, NULL, out);
}

rlm_status
rlm_merge(const rlm_block *sheets, size_t count, rlm_buffer *out, rlm_error *error)
{
    merge all;
    rlm_status status;

    memset(&all, 0, sizeof all);
    rlm_arena_init(&all.arena, RLM_CAP_BLOCK);
    status = rlm_arena_status(&all.arena, merge_all(&all, sheets, count, out));
    rlm_arena_free(&all.arena);
    return status == RLM_OK ? RLM_OK : rlm_error_set(error, status, NULL);
}
