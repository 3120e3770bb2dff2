/*
 * Merge: collect the statements of all sheets, group them by model, join each group into one record.
 *
 * Which source wins a field is precedence.c; types and names are decide.c; equivalent ids are equivalents.c; records
 * that speak of many ids are rules.c. Statements are sorted by model and, within a model, by the rank of their source,
 * so the order of sheets cannot matter, except that of several price files: what comes first has precedence.
 */
#include "registry/merge.h"

#include "base/caps.h"
#include "model/equivalents.h"
#include "registry/precedence.h"
#include "registry/statement.h"

#include <stdlib.h>
#include <string.h>

/* The statement whose turn it is: the metadata source's comes before the endpoints' where it is to speak first. */
static const rlm_statement *
speaker(const rlm_merged_model *of, size_t turn, bool metadata_first)
{
    size_t first = of->providers;

    if (!metadata_first || first == 0 || first == of->count || of->statements[first].rank != RLM_RANK_METADATA)
        return &of->statements[turn];
    return turn == 0 ? &of->statements[first] : turn <= first ? &of->statements[turn - 1] : &of->statements[turn];
}

static void
join_fields(rlm_merged_model *of)
{
    size_t count;
    const rlm_precedence *precedence = rlm_merge_precedence(&count);

    for (size_t i = 0; i < count; i++) {
        for (size_t turn = 0; turn < of->count; turn++) {
            const rlm_statement *said = speaker(of, turn, precedence[i].metadata_first);
            rlm_slice *origin = &of->origins.of[precedence[i].field];

            if (!precedence[i].take(&of->record, &said->record)) continue;
            if (origin->length == 0) *origin = rlm_statement_origin(said, precedence[i].field);
            if (!precedence[i].united) break;
        }
    }
}

/* A model that its provider lists is still served, whatever other sources say. */
static void
decide_status(rlm_record *record, const rlm_record *provider)
{
    if (record->status == RLM_MODEL_STATUS_RETIRED && record->standing == RLM_STANDING_LISTED &&
        provider->status == RLM_MODEL_STATUS_UNKNOWN) {
        record->status = RLM_MODEL_STATUS_DEPRECATED;
    }
}

/* The next statement with metadata after `last`, by name: keys are sorted in all JSON that we write. NULL: none. */
static const rlm_statement *
next_by_name(const rlm_merged_model *of, const rlm_statement *last)
{
    const rlm_statement *next = NULL;

    for (size_t i = 0; i < of->count; i++) {
        const rlm_statement *said = &of->statements[i];

        if (said->record.metadata.length == 0 || (last != NULL && rlm_slice_compare(said->name, last->name) <= 0))
            continue;
        if (next == NULL || rlm_slice_compare(said->name, next->name) < 0) next = said;
    }
    return next;
}

/* {"models_dev":{…},"openai":{…}}; a stand-in's metadata is already in this form and is kept as it is. */
static rlm_status
join_metadata(rlm_merging *all, rlm_merged_model *of)
{
    rlm_buffer json;
    rlm_status status = RLM_OK;

    if (of->statements[0].rank == RLM_RANK_STAND_IN) {
        of->record.metadata = of->statements[0].record.metadata;
        return RLM_OK;
    }
    rlm_buffer_init(&json, RLM_CAP_SOURCE);
    for (const rlm_statement *said = next_by_name(of, NULL); said != NULL && status == RLM_OK;
         said = next_by_name(of, said)) {
        status = rlm_buffer_append(&json, json.length > 0 ? "," : "{", 1);
        if (status == RLM_OK) status = rlm_value_write_text(said->name, &json);
        if (status == RLM_OK) status = rlm_buffer_append(&json, ":", 1);
        if (status == RLM_OK)
            status = rlm_buffer_append(&json, said->record.metadata.bytes, said->record.metadata.length);
    }
    if (status == RLM_OK && json.length > 0) status = rlm_buffer_append(&json, "}", 1);
    if (status == RLM_OK)
        status = rlm_text_copy(&all->arena, (rlm_slice){json.bytes, json.length}, &of->record.metadata);
    rlm_buffer_free(&json);
    return status;
}

/* Every id that any source states for this model. */
static rlm_status
unite_equivalents(rlm_merging *all, rlm_merged_model *of)
{
    for (size_t i = 0; i < of->count; i++) {
        RLM_TRY(rlm_id_list_unite(&all->arena, of->record.equivalents, of->statements[i].record.equivalents,
                                  &of->record.equivalents));
    }
    return RLM_OK;
}

/*
 * Endpoints of one provider: those that list the model, then those that dropped it last; the one that is named after
 * the provider, then the others by name.
 */
static int
compare_endpoints(const rlm_statement *a, const rlm_statement *b)
{
    const rlm_slice provider = a->record.provider;
    bool main = rlm_slice_equal(a->name, provider);

    if (a->record.standing != b->record.standing) return a->record.standing - b->record.standing;
    if (a->record.unlisted_at.seconds != b->record.unlisted_at.seconds)
        return a->record.unlisted_at.seconds > b->record.unlisted_at.seconds ? -1 : 1;
    if (main != rlm_slice_equal(b->name, provider)) return main ? -1 : 1;
    return rlm_slice_compare(a->name, b->name);
}

int
rlm_statement_compare(const void *left, const void *right)
{
    const rlm_statement *a = left, *b = right;
    int order = rlm_record_compare(&a->record, &b->record);

    if (order != 0) return order;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    if (a->source->rank == RLM_RANK_PROVIDER) return compare_endpoints(a, b);
    if (a->source != b->source) return rlm_source_position(a->source) - rlm_source_position(b->source);
    return a->order < b->order ? -1 : a->order > b->order;
}

/* A model in a provider's own sheet that its listing lacks comes from the compiled-in table. */
static rlm_rank
rank_of(const rlm_source *source, const rlm_record *record)
{
    bool builtin = source->rank == RLM_RANK_PROVIDER && record->standing == RLM_STANDING_DOCUMENTED;

    return builtin ? RLM_RANK_BUILTIN : source->rank;
}

static const rlm_source *
source_of(const rlm_block *sheet)
{
    return rlm_source_find(sheet->stamp.api);
}

/* Whether a source of a lower rank has models of that provider. A price list has none, whatever it speaks of. */
static bool
spoken_for(const rlm_block *sheets, size_t count, rlm_slice provider, rlm_rank rank)
{
    for (size_t i = 0; i < count; i++) {
        const rlm_source *source = source_of(&sheets[i]);
        size_t first, models;

        if (source == NULL || source->rank >= rank || source->rank == RLM_RANK_PRICES) continue;
        rlm_block_provider(&sheets[i], provider, &first, &models);
        if (models > 0) return true;
    }
    return false;
}

static bool
is_documented(rlm_slice documented, rlm_slice provider)
{
    return rlm_slice_equal(documented, RLM_DOCUMENTED_ALL) || rlm_id_list_has(documented, provider);
}

bool
rlm_merge_replaces(const rlm_source *other, const rlm_source *source)
{
    return source->rank == RLM_RANK_BUNDLE && (other->rank == RLM_RANK_METADATA || other->rank == RLM_RANK_PUBLISHED);
}

static bool
is_replaced(const rlm_source *source, const rlm_block *sheets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const rlm_source *other = source_of(&sheets[i]);

        if (other != NULL && rlm_merge_replaces(other, source)) return true;
    }
    return false;
}

/* What a source's models of one provider count for. */
typedef struct {
    rlm_slice provider;
    bool silent, undocumented;
} hearing;

static hearing
hear(const rlm_merging *all, const rlm_block *sheets, size_t count, const rlm_source *source, rlm_slice provider)
{
    bool documented = is_documented(all->documented, provider),
         listed = spoken_for(sheets, count, provider, RLM_RANK_METADATA);
    hearing heard = {.provider = provider};

    if (source->rank == RLM_RANK_STAND_IN)
        heard.silent = listed || (documented && spoken_for(sheets, count, provider, RLM_RANK_STAND_IN));
    else if (rlm_source_is_metadata(source)) {
        heard.silent = !documented && !listed;
        heard.undocumented = !documented || source->rank == RLM_RANK_PRICES;
    }
    return heard;
}

static rlm_status
collect_sheet(rlm_merging *all, const rlm_block *sheets, size_t count, const rlm_block *sheet)
{
    const rlm_source *source = source_of(sheet);
    hearing heard = {.silent = false};

    for (size_t r = 0; r < sheet->count; r++) {
        rlm_statement *said = &all->statements[all->statement_count];
        rlm_slice provider, id;

        rlm_block_key(sheet, r, &provider, &id);
        if (r == 0 || !rlm_slice_equal(heard.provider, provider)) heard = hear(all, sheets, count, source, provider);
        if (heard.silent) continue;
        rlm_block_record(sheet, r, &said->record);
        if (said->record.pattern.length > 0) {
            RLM_TRY(rlm_merge_keep_rule(all, &(rlm_rule){provider, said->record.pattern, sheet, source, r}));
            continue;
        }
        said->name = sheet->stamp.source;
        said->source = source;
        said->rank = rank_of(source, &said->record);
        said->order = (size_t) (sheet - sheets);
        said->undocumented = heard.undocumented;
        all->statement_count++;
    }
    return RLM_OK;
}

/*
 * Of the sorted statements, those that count: a model needs one that is not undocumented, and an endpoint that dropped
 * a model is silent where another one lists it.
 */
static void
sift(rlm_merging *all)
{
    size_t kept = 0;

    for (size_t first = 0, end; first < all->statement_count; first = end) {
        const bool listed = all->statements[first].rank == RLM_RANK_PROVIDER &&
                            all->statements[first].record.standing == RLM_STANDING_LISTED;
        bool known = false;

        for (end = first; end < all->statement_count &&
                          rlm_record_compare(&all->statements[first].record, &all->statements[end].record) == 0;
             end++)
            known = known || !all->statements[end].undocumented;
        for (size_t i = first; known && i < end; i++) {
            const rlm_statement *said = &all->statements[i];

            if (listed && said->rank == RLM_RANK_PROVIDER && said->record.standing == RLM_STANDING_UNLISTED) continue;
            all->statements[kept++] = *said;
        }
    }
    all->statement_count = kept;
}

static rlm_status
collect(rlm_merging *all, const rlm_block *sheets, size_t count)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++) total += sheets[i].count;
    all->statements = rlm_arena_allocate(&all->arena, total, sizeof *all->statements);
    if (all->statements == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const rlm_source *source = source_of(&sheets[i]);

        /* NULL: written by a newer version, which knows more */
        if (source != NULL && !is_replaced(source, sheets, count))
            RLM_TRY(collect_sheet(all, sheets, count, &sheets[i]));
    }
    if (all->statement_count > 1)
        qsort(all->statements, all->statement_count, sizeof *all->statements, rlm_statement_compare);
    sift(all);
    return all->rule_count > 0 ? rlm_merge_apply_rules(all) : RLM_OK;
}

static rlm_status
group(rlm_merging *all)
{
    all->models = rlm_arena_allocate(&all->arena, all->statement_count, sizeof *all->models);
    if (all->models == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->statement_count; i++) {
        const rlm_statement *said = &all->statements[i];
        rlm_merged_model *last = all->model_count == 0 ? NULL : &all->models[all->model_count - 1];

        if (last == NULL || rlm_record_compare(&last->record, &said->record) != 0) {
            last = &all->models[all->model_count++]; /* zeroed */
            rlm_record_init(&last->record, NULL, said->record.provider);
            last->record.id = said->record.id;
            /* The first statement decides: a model that only metadata sources state is documented. */
            last->record.standing = said->record.standing;
            last->record.unlisted_at = said->record.unlisted_at;
            last->statements = said;
        }
        last->count++;
        last->providers += said->rank == RLM_RANK_PROVIDER;
    }
    return RLM_OK;
}

/* ---- Names of sources ---- */

static rlm_status
write_origins(rlm_merging *all, rlm_merged_model *of)
{
    bool same = all->last_origins_text.length > 0;

    for (int i = 0; same && i < RLM_FIELD_COUNT; i++)
        same = rlm_slice_equal(of->origins.of[i], all->last_origins.of[i]);
    if (!same) RLM_TRY(rlm_origins_write(&of->origins, &all->arena, &all->last_origins_text));
    all->last_origins = of->origins;
    of->record.origins = all->last_origins_text;
    return RLM_OK;
}

/* Those that list the model: its first statements. */
static rlm_status
write_endpoints(rlm_merging *all, rlm_merged_model *of)
{
    rlm_slice *names;
    size_t count = 0;

    while (count < of->providers && of->statements[count].record.standing == RLM_STANDING_LISTED) count++;
    if (count == 0) return RLM_OK;
    if (count == 1 && rlm_slice_equal(of->statements[0].name, all->last_endpoint)) {
        of->record.endpoints = all->last_endpoint_text;
        return RLM_OK;
    }
    names = rlm_arena_allocate(&all->arena, count, sizeof *names);
    if (names == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) names[i] = of->statements[i].name;
    RLM_TRY(rlm_id_list(&all->arena, names, count, count, &of->record.endpoints));
    if (count > 1) return RLM_OK;
    all->last_endpoint = of->statements[0].name;
    all->last_endpoint_text = of->record.endpoints;
    return RLM_OK;
}

/* ---- All together ---- */

/*
 * A provider lists "us.x" instead of "x" if "x" cannot be called by itself. The "x" that other sources state can still
 * be found, but is not offered.
 */
static void
hide_behind_regions(rlm_record *records, size_t count)
{
    const rlm_source_ids *spelling = NULL;

    for (size_t i = 0; i < count; i++) {
        rlm_record key = {.provider = records[i].provider}, *base;

        if (i == 0 || !rlm_slice_equal(records[i - 1].provider, key.provider))
            spelling = rlm_source_ids_of(rlm_source_find(key.provider));
        if (spelling->without_region == NULL || records[i].standing != RLM_STANDING_LISTED) continue;
        key.id = spelling->without_region(records[i].id);
        if (key.id.length == records[i].id.length) continue;
        base = bsearch(&key, records, count, sizeof key, rlm_record_compare);
        if (base != NULL && base->standing == RLM_STANDING_DOCUMENTED) base->standing = RLM_STANDING_UNLISTED;
    }
}

static rlm_status
merge_all(rlm_merging *all, const rlm_block *sheets, size_t count, rlm_buffer *out)
{
    const rlm_stamp stamp = {.documented = all->documented};
    rlm_record *records;

    RLM_TRY(collect(all, sheets, count));
    RLM_TRY(group(all));
    for (size_t i = 0; i < all->model_count; i++) {
        join_fields(&all->models[i]);
        RLM_TRY(rlm_merge_complete_prices(all, &all->models[i]));
        RLM_TRY(rlm_merge_join_bounds(all, &all->models[i]));
        decide_status(&all->models[i].record, &all->models[i].statements[0].record);
        RLM_TRY(join_metadata(all, &all->models[i]));
        rlm_merge_decide_type(&all->models[i]);
        rlm_merge_imply_capability(&all->models[i]);
        rlm_merge_decide_name(all, &all->models[i]);
        RLM_TRY(write_origins(all, &all->models[i]));
        RLM_TRY(write_endpoints(all, &all->models[i]));
        RLM_TRY(unite_equivalents(all, &all->models[i]));
    }
    records = rlm_arena_allocate(&all->arena, all->model_count, sizeof *records);
    if (records == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->model_count; i++) records[i] = all->models[i].record;
    RLM_TRY(rlm_equivalents_join(records, all->model_count, &all->arena));
    hide_behind_regions(records, all->model_count);
    return rlm_block_write(RLM_BLOCK_CATALOG, records, all->model_count, &stamp, out);
}

rlm_status
rlm_merge(const rlm_block *sheets, size_t count, rlm_slice documented, rlm_buffer *out, rlm_error *error)
{
    rlm_merging all;
    rlm_status status;

    memset(&all, 0, sizeof all);
    all.documented = documented;
    rlm_arena_init(&all.arena, RLM_CAP_BLOCK);
    status = rlm_arena_status(&all.arena, merge_all(&all, sheets, count, out));
    rlm_arena_free(&all.arena);
    return status == RLM_OK ? RLM_OK : rlm_error_set(error, status, NULL);
}
