/*
 * Bedrock's three listings become one: a foundation model takes the id of the profile that serves this region, and what
 * the mantle states about it. Read rlm_bedrock_complete first.
 */
#include "sources/bedrock_join.h"

#include "sources/rows.h"

#include <stdlib.h>
#include <string.h>

static bool
comes_from(const rlm_record *record, int listing)
{
    return record->listing == &rlm_source_bedrock.listings[listing];
}

rlm_slice
rlm_bedrock_base_of_profile(rlm_slice id)
{
    const char *dot = id.length > 0 ? memchr(id.bytes, '.', id.length) : NULL;

    return dot == NULL ? (rlm_slice){NULL, 0} : (rlm_slice){dot + 1, id.length - (size_t) (dot + 1 - id.bytes)};
}

typedef struct {
    rlm_slice key;
    rlm_record *record;
} entry;

typedef struct {
    entry *entries; /* sorted by key, then by id */
    size_t count;
} directory;

static int
compare_entries(const void *left, const void *right)
{
    const entry *a = left, *b = right;
    int order = rlm_slice_compare(a->key, b->key);

    return order != 0 ? order : rlm_slice_compare(a->record->id, b->record->id);
}

/* The records of one listing: profiles by the model they serve, mantle models by their id. */
static rlm_status
open_directory(const rlm_rows *rows, int listing, directory *all)
{
    *all = (directory){rlm_arena_allocate(rows->arena, rows->count, sizeof *all->entries), 0};
    if (all->entries == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < rows->count; i++) {
        rlm_record *record = &rows->records[i];

        if (!comes_from(record, listing)) continue;
        if (listing == RLM_BEDROCK_INFERENCE_PROFILES && !((const rlm_bedrock_profile *) record->aside)->system)
            continue;
        all->entries[all->count++] = (entry){
            listing == RLM_BEDROCK_INFERENCE_PROFILES ? rlm_bedrock_base_of_profile(record->id) : record->id, record};
    }
    if (all->count > 1) qsort(all->entries, all->count, sizeof *all->entries, compare_entries);
    return RLM_OK;
}

/* The position of the first entry that does not sort before that key and id. */
static size_t
seek(const directory *all, rlm_slice key, rlm_slice id)
{
    size_t low = 0, high = all->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        int order = rlm_slice_compare(all->entries[middle].key, key);

        if (order < 0 || (order == 0 && rlm_slice_compare(all->entries[middle].record->id, id) < 0)) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* The record at that position, if it has that key; else NULL. */
static const rlm_record *
entry_of(const directory *all, size_t position, rlm_slice key)
{
    if (position >= all->count || !rlm_slice_equal(all->entries[position].key, key)) return NULL;
    return all->entries[position].record;
}

/* The profile that serves the model in that region, or NULL. */
static const rlm_record *
choose_profile(const directory *profiles, rlm_slice base, rlm_slice region)
{
    rlm_region_ids wanted;

    rlm_bedrock_ids.in_region(base, region, &wanted);
    for (size_t i = 0; i < wanted.count; i++) {
        const rlm_record *record = entry_of(profiles, seek(profiles, base, wanted.ids[i]), base);

        if (record != NULL && rlm_slice_equal(record->id, wanted.ids[i])) return record;
    }
    return entry_of(profiles, seek(profiles, base, (rlm_slice){NULL, 0}), base);
}

static rlm_status
join_id(rlm_arena *arena, rlm_slice prefix, rlm_slice base, rlm_slice *id)
{
    char *bytes = rlm_arena_allocate(arena, prefix.length + 1 + base.length, 1);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    memcpy(bytes, prefix.bytes, prefix.length);
    bytes[prefix.length] = '.';
    memcpy(bytes + prefix.length + 1, base.bytes, base.length);
    *id = (rlm_slice){bytes, prefix.length + 1 + base.length};
    return RLM_OK;
}

/*
 * Give a model that is only served through a profile the id by which it is called. The two ids are equivalent if the
 * profile states so.
 */
static rlm_status
rename_by_region(rlm_record *model, const directory *profiles, rlm_slice region)
{
    rlm_slice listed = model->id, base = rlm_bedrock_without_geography(listed);
    const rlm_record *chosen = choose_profile(profiles, base, region);

    if (chosen == NULL) return join_id(model->arena, rlm_bedrock_geography_of(region), base, &model->id);
    model->id = chosen->id;
    if (!((const rlm_bedrock_profile *) chosen->aside)->names_base || rlm_slice_equal(listed, model->id)) return RLM_OK;
    return rlm_id_list_add(model->arena, model->equivalents, listed, &model->equivalents);
}

/*
 * If the mantle lists the model too, mark it and take a missing date and what is kept of requests. The mantle's own row
 * is no longer needed.
 */
static void
join_mantle(rlm_record *model, const directory *mantle)
{
    size_t first = seek(mantle, model->id, (rlm_slice){NULL, 0});

    for (size_t i = first; entry_of(mantle, i, model->id) != NULL; i++) {
        rlm_record *other = mantle->entries[i].record;
        bool joined = other->aside != NULL;

        model->metadata = ((const rlm_bedrock_foundation *) model->aside)->marked;
        if (model->created_at.precision == RLM_PRECISION_NONE) model->created_at = other->created_at;
        model->traits.yes |= other->traits.yes;
        model->traits.no = (model->traits.no | other->traits.no) & ~model->traits.yes;
        other->aside = model->aside; /* not NULL: joined */
        if (joined) return;          /* with another row of this id, which has left the facts in the first entry */
        mantle->entries[first].record->created_at = model->created_at;
        mantle->entries[first].record->traits = model->traits;
    }
}

rlm_status
rlm_bedrock_complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    rlm_slice region = rlm_slice_of(settings->setting(settings->context, "bedrock_region"));
    directory profiles, mantle;
    size_t kept = 0;

    (void) error;
    RLM_TRY(open_directory(rows, RLM_BEDROCK_INFERENCE_PROFILES, &profiles));
    RLM_TRY(open_directory(rows, RLM_BEDROCK_MANTLE, &mantle));
    for (size_t i = 0; i < rows->count; i++) {
        rlm_record *model = &rows->records[i];

        if (!comes_from(model, RLM_BEDROCK_FOUNDATION_MODELS)) continue;
        if (((const rlm_bedrock_foundation *) model->aside)->by_profile)
            RLM_TRY(rename_by_region(model, &profiles, region));
        join_mantle(model, &mantle);
    }
    for (size_t i = 0; i < rows->count; i++) {
        const rlm_record *record = &rows->records[i];

        if (comes_from(record, RLM_BEDROCK_INFERENCE_PROFILES) ||
            (comes_from(record, RLM_BEDROCK_MANTLE) && record->aside != NULL))
            continue;
        rows->records[kept++] = *record;
    }
    rows->count = kept;
    return RLM_OK;
}
