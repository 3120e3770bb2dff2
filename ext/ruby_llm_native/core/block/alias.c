/*
 * Aliases: candidates of each rule first (stated, snapshots, namespaces, spellings), then `settle`, which keeps those
 * that count.
 *
 * If several rules find records at one provider under one alias, the earlier rule counts: what a source states is not
 * mixed with what dates tell. Variants get no alias, because nobody may be sent unasked to an offer beside the model
 * itself.
 */
#include "block/alias.h"

#include "base/caps.h"
#include "model/id.h"
#include "sources/source.h"

#include <stdlib.h>
#include <string.h>

#define UNDATED 99999999 /* later than any date: an id without one stands for itself */

#define X(name, text) text,
const char *const rlm_alias_kind_names[] = {RLM_ALIAS_KINDS(X)};
#undef X

/* One of those whose id is `base` except for a date or a version. */
typedef struct {
    rlm_slice base;
    uint32_t record, provider; /* the latter: the first record of its provider */
    int date, version;
    bool unlisted, latest; /* the latter: "base-latest" means the newest one, too */
} snapshot;

/* How the maker of a model spells its id, found by the spelling without dots. */
typedef struct {
    rlm_slice plain, spelling;
} spelling;

typedef struct {
    const rlm_record *records;
    size_t count;
    uint32_t *providers;        /* by record: the first of its provider, which stands for it */
    const rlm_source **sources; /* by record: its provider, or NULL if that is unknown */
    rlm_arena *arena;
    rlm_alias *found;
    size_t found_count, capacity;
    snapshot *snapshots;
    size_t snapshot_count;
    spelling *spellings;
    size_t spelling_count;
} search;

static bool
knows(const search *all, rlm_slice provider, rlm_slice id)
{
    rlm_record key;

    key.provider = provider;
    key.id = id;
    return bsearch(&key, all->records, all->count, sizeof key, rlm_record_compare) != NULL;
}

static bool
unlisted(const rlm_record *record)
{
    return record->standing == RLM_STANDING_UNLISTED;
}

static rlm_status
add(search *all, rlm_slice alias, uint32_t record, rlm_alias_kind kind)
{
    if (alias.length == 0) return RLM_OK;
    if (all->found_count == all->capacity) {
        size_t capacity = all->capacity == 0 ? 256 : 2 * all->capacity;
        rlm_alias *grown = rlm_arena_allocate(all->arena, capacity, sizeof *grown);

        if (grown == NULL) return RLM_OUT_OF_MEMORY;
        if (all->found_count > 0) memcpy(grown, all->found, all->found_count * sizeof *grown);
        all->found = grown;
        all->capacity = capacity;
    }
    all->found[all->found_count++] = (rlm_alias){alias, record, (uint8_t) kind};
    return RLM_OK;
}

/* ---- What ids are made of ---- */

static const rlm_source_ids *
spelling_at(const search *all, size_t record)
{
    return rlm_source_ids_of(all->sources[record]);
}

static bool
is_variant(const search *all, size_t record)
{
    const rlm_source_ids *ids = spelling_at(all, record);

    return ids->is_variant != NULL && ids->is_variant(all->records[record].id);
}

/* What follows the namespace, or nothing if the id has none. */
static rlm_slice
without_namespace(const search *all, size_t record)
{
    const rlm_source_ids *ids = spelling_at(all, record);
    rlm_slice id = all->records[record].id;

    if (ids->without_namespace != NULL) return ids->without_namespace(id);
    for (size_t end = id.length; end > 0; end--) { /* "publishers/google/models/gemini" */
        if (id.bytes[end - 1] == '/') return (rlm_slice){id.bytes + end, id.length - end};
    }
    return (rlm_slice){NULL, 0};
}

/* ---- Snapshots ---- */

static int
compare_snapshots(const void *left, const void *right)
{
    const snapshot *a = left, *b = right;
    int order;

    if (a->provider != b->provider) return a->provider < b->provider ? -1 : 1;
    order = rlm_slice_compare(a->base, b->base);
    if (order != 0) return order;
    if (a->unlisted != b->unlisted)
        return a->unlisted - b->unlisted; /* what is gone is not the newest one, unless all are gone */
    if (a->date != b->date) return a->date > b->date ? -1 : 1;
    if (a->version != b->version) return a->version > b->version ? -1 : 1;
    return (a->record > b->record) - (a->record < b->record);
}

static bool
same_base(const snapshot *left, const snapshot *right)
{
    return left->provider == right->provider && rlm_slice_equal(left->base, right->base);
}

static void
sort_snapshots(search *all)
{
    if (all->snapshot_count > 1) qsort(all->snapshots, all->snapshot_count, sizeof *all->snapshots, compare_snapshots);
}

/* The end of the sorted snapshots of that base. */
static size_t
end_of_base(const search *all, size_t first)
{
    size_t end = first + 1;

    while (end < all->snapshot_count && same_base(&all->snapshots[first], &all->snapshots[end])) end++;
    return end;
}

static void
add_snapshot(search *all, size_t record, rlm_slice base, int date, int version, bool latest)
{
    all->snapshots[all->snapshot_count++] = (snapshot){
        .base = base,
        .record = (uint32_t) record,
        .provider = all->providers[record],
        .date = date,
        .version = version,
        .unlisted = unlisted(&all->records[record]),
        .latest = latest,
    };
}

/* Those with a date in their own id. */
static void
collect_dated(search *all)
{
    all->snapshot_count = 0;
    for (size_t i = 0; i < all->count; i++) {
        const rlm_record *record = &all->records[i];
        rlm_dated dated;
        int version;

        if (is_variant(all, i) || !rlm_id_dated(record->id, &dated)) continue;
        (void) rlm_id_unversioned(record->id, &version);
        add_snapshot(all, i, dated.base, dated.date, version, true);
    }
    sort_snapshots(all);
}

static rlm_status
with_latest(search *all, rlm_slice base, rlm_slice *out)
{
    static const char end[] = "-latest";
    char *bytes = rlm_arena_allocate(all->arena, base.length + sizeof end - 1, 1);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    memcpy(bytes, base.bytes, base.length);
    memcpy(bytes + base.length, end, sizeof end - 1);
    *out = (rlm_slice){bytes, base.length + sizeof end - 1};
    return RLM_OK;
}

/* The newest of the snapshots from `first` on, which all have one base: under the base, and under "base-latest". */
static rlm_status
add_newest(search *all, size_t first, size_t end, rlm_alias_kind kind)
{
    const snapshot *newest = &all->snapshots[first];
    rlm_slice latest = {NULL, 0};

    if (newest->latest) RLM_TRY(with_latest(all, newest->base, &latest));
    for (size_t i = first; i < end; i++) {
        const snapshot *each = &all->snapshots[i];

        if (each->unlisted != newest->unlisted || each->date != newest->date || each->version != newest->version) break;
        RLM_TRY(add(all, newest->base, each->record, kind));
        RLM_TRY(add(all, latest, each->record, kind));
    }
    return RLM_OK;
}

static rlm_status
find_snapshots(search *all)
{
    collect_dated(all);
    for (size_t first = 0, end; first < all->snapshot_count; first = end) {
        const snapshot *newest = &all->snapshots[first];

        end = end_of_base(all, first);
        if (knows(all, all->records[newest->record].provider, newest->base)) continue;
        RLM_TRY(add_newest(all, first, end, RLM_ALIAS_SNAPSHOT));
    }
    return RLM_OK;
}

/* ---- Stated ---- */

static rlm_status
find_stated(search *all)
{
    for (size_t i = 0; i < all->count; i++) {
        rlm_slice id;

        if (is_variant(all, i)) continue;
        for (rlm_slice rest = all->records[i].equivalents; rlm_id_list_next(&rest, &id);)
            RLM_TRY(add(all, id, (uint32_t) i, RLM_ALIAS_STATED));
    }
    return RLM_OK;
}

/* ---- Namespaces ---- */

/*
 * The forms of what follows the namespace: itself, without its version, without its date. The whole form is also a
 * snapshot, and beats the dated one.
 */
static void
collect_forms(search *all, size_t record, rlm_slice name)
{
    const rlm_source_ids *ids = spelling_at(all, record);
    int version = 0;
    rlm_slice unversioned = ids->without_version != NULL ? ids->without_version(name, &version) : name;
    rlm_dated dated;

    add_snapshot(all, record, name, UNDATED, 0, false);
    if (unversioned.length < name.length) add_snapshot(all, record, unversioned, UNDATED, version, false);
    if (rlm_id_dated(name, &dated)) add_snapshot(all, record, dated.base, dated.date, version, true);
}

static rlm_status
find_in_namespaces(search *all)
{
    all->snapshot_count = 0;
    for (size_t i = 0; i < all->count; i++) {
        const rlm_source_ids *ids = spelling_at(all, i);
        rlm_slice name = without_namespace(all, i);

        if (name.length == 0 || is_variant(all, i)) continue;
        collect_forms(all, i, name);
        if (ids->without_region == NULL) continue;
        RLM_TRY(add(all, ids->without_region(all->records[i].id), (uint32_t) i, RLM_ALIAS_NAMESPACE));
    }
    sort_snapshots(all);
    for (size_t first = 0, end; first < all->snapshot_count; first = end) {
        end = end_of_base(all, first);
        RLM_TRY(add_newest(all, first, end, RLM_ALIAS_NAMESPACE));
    }
    return RLM_OK;
}

/* ---- Spellings ---- */

static bool
is_of_maker(const search *all, size_t record)
{
    return all->sources[record] != NULL && (all->sources[record]->flags & RLM_SOURCE_MAKER) != 0;
}

/* "claude-opus-4.5" and "claude-opus-4-5" are "claude-opus-4-5". */
static rlm_status
without_dots(search *all, rlm_slice text, rlm_slice *out)
{
    char *bytes;

    *out = text;
    if (text.length == 0 || memchr(text.bytes, '.', text.length) == NULL) return RLM_OK;
    bytes = rlm_arena_allocate(all->arena, text.length, 1);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < text.length; i++) bytes[i] = (char) (text.bytes[i] == '.' ? '-' : text.bytes[i]);
    *out = (rlm_slice){bytes, text.length};
    return RLM_OK;
}

static int
compare_spellings(const void *left, const void *right)
{
    const spelling *a = left, *b = right;
    int order = rlm_slice_compare(a->plain, b->plain);

    return order != 0 ? order : rlm_slice_compare(a->spelling, b->spelling);
}

static rlm_status
add_spelling(search *all, rlm_slice text)
{
    spelling *next = &all->spellings[all->spelling_count++];

    next->spelling = text;
    return without_dots(all, text, &next->plain);
}

/* All ids and aliases so far of providers that make models. */
static rlm_status
collect_spellings(search *all)
{
    all->spellings = rlm_arena_allocate(all->arena, all->count + all->found_count, sizeof *all->spellings);
    if (all->spellings == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->count; i++) {
        if (is_of_maker(all, i)) RLM_TRY(add_spelling(all, all->records[i].id));
    }
    for (size_t i = 0; i < all->found_count; i++) {
        if (is_of_maker(all, all->found[i].record)) RLM_TRY(add_spelling(all, all->found[i].alias));
    }
    if (all->spelling_count > 1) qsort(all->spellings, all->spelling_count, sizeof *all->spellings, compare_spellings);
    return RLM_OK;
}

/* What was found without its namespace, in its maker's spelling. */
static rlm_status
find_spellings(search *all, size_t first)
{
    const size_t end = all->found_count;

    for (size_t i = first; i < end; i++) {
        const rlm_alias found = all->found[i];
        spelling key = {.spelling = {NULL, 0}};
        size_t low = 0, high = all->spelling_count;

        RLM_TRY(without_dots(all, found.alias, &key.plain));
        while (low < high) {
            size_t middle = low + (high - low) / 2;

            if (compare_spellings(&all->spellings[middle], &key) < 0) low = middle + 1;
            else high = middle;
        }
        high = all->spelling_count - low < RLM_CAP_SPELLINGS ? all->spelling_count : low + RLM_CAP_SPELLINGS;
        for (; low < high && rlm_slice_equal(all->spellings[low].plain, key.plain); low++) {
            if (!rlm_slice_equal(all->spellings[low].spelling, found.alias)) {
                RLM_TRY(add(all, all->spellings[low].spelling, found.record, RLM_ALIAS_NAMESPACE));
            }
        }
    }
    return RLM_OK;
}

/* ---- All of it ---- */

static int
compare_aliases(const void *left, const void *right)
{
    const rlm_alias *a = left, *b = right;
    int order = rlm_slice_compare(a->alias, b->alias);

    if (order != 0) return order;
    return (a->record > b->record) - (a->record < b->record);
}

/*
 * For one alias at one provider, only the best kind, each record once, and nothing if the provider has that exact id.
 */
static void
settle(search *all)
{
    rlm_alias *found = all->found;
    size_t kept = 0;

    if (all->found_count > 1) qsort(found, all->found_count, sizeof *found, compare_aliases);
    for (size_t first = 0, end; first < all->found_count; first = end) {
        const uint32_t provider = all->providers[found[first].record];
        uint8_t best = found[first].kind;

        for (end = first + 1; end < all->found_count && all->providers[found[end].record] == provider &&
                              rlm_slice_equal(found[end].alias, found[first].alias);
             end++) {
            if (found[end].kind < best) best = found[end].kind;
        }
        if (knows(all, all->records[provider].provider, found[first].alias)) continue;
        for (size_t i = first, last = UINT32_MAX; i < end; i++) {
            if (found[i].kind != best || found[i].record == last) continue;
            last = found[i].record;
            found[kept++] = found[i];
        }
    }
    all->found_count = kept;
}

static rlm_status
search_open(search *all, const rlm_record *records, size_t count, rlm_arena *arena)
{
    *all = (search){.records = records, .count = count, .arena = arena};
    all->providers = rlm_arena_allocate(arena, count, sizeof *all->providers);
    all->sources = rlm_arena_allocate(arena, count, sizeof *all->sources);
    all->snapshots =
        rlm_arena_allocate(arena, 3 * count, sizeof *all->snapshots); /* as many forms as collect_forms knows */
    if (all->providers == NULL || all->sources == NULL || all->snapshots == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && rlm_slice_equal(records[i - 1].provider, records[i].provider);

        all->providers[i] = same ? all->providers[i - 1] : (uint32_t) i;
        all->sources[i] = same ? all->sources[i - 1] : rlm_source_find(records[i].provider);
    }
    return RLM_OK;
}

rlm_status
rlm_alias_derive(const rlm_record *records, size_t count, rlm_arena *arena, rlm_alias **aliases, size_t *alias_count)
{
    search all;
    size_t first;

    RLM_TRY(search_open(&all, records, count, arena));
    RLM_TRY(find_stated(&all));
    RLM_TRY(find_snapshots(&all));
    RLM_TRY(collect_spellings(&all));
    first = all.found_count;
    RLM_TRY(find_in_namespaces(&all));
    RLM_TRY(find_spellings(&all, first));
    settle(&all);
    *aliases = all.found;
    *alias_count = all.found_count;
    return RLM_OK;
}

rlm_status
rlm_alias_superseded(const rlm_record *records, size_t count, rlm_arena *arena, unsigned char **superseded)
{
    search all;

    RLM_TRY(search_open(&all, records, count, arena));
    *superseded = rlm_arena_allocate(arena, count, 1);
    if (*superseded == NULL) return RLM_OUT_OF_MEMORY;
    collect_dated(&all);
    for (size_t first = 0, end; first < all.snapshot_count; first = end) {
        const snapshot *newest = &all.snapshots[first];
        rlm_record key = {.provider = records[newest->record].provider, .id = newest->base};
        const rlm_record *undated = bsearch(&key, records, count, sizeof key, rlm_record_compare);

        end = end_of_base(&all, first);
        for (size_t i = first; i < end; i++) {
            bool newer = !newest->unlisted && newest->date > all.snapshots[i].date;

            (*superseded)[all.snapshots[i].record] = newer || (undated != NULL && !unlisted(undated));
        }
    }
    return RLM_OK;
}
