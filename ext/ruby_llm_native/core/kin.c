/*
 * Kin: the pairs first, stated ones and those by date, then what a model borrows. Pairs are indexes into the records, sorted, each both ways.
 */
#include "kin.h"

#include "id.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t from, to; /* records that are kin */
} kinship;

/* Of the ids that are this one with a date: how many there are, and the last one. */
typedef struct {
    const rlm_record *last;
    size_t dated, numbered; /* the latter: with four to eight digits, which may be a version */
} siblings;

typedef struct {
    rlm_record *records;
    siblings *siblings; /* by record */
    size_t count;
    kinship *kinships;
    size_t kinship_count;
    rlm_arena *arena;
} family;

static rlm_record *
find(const family *all, rlm_slice provider, rlm_slice id)
{
    rlm_record key;

    key.provider = provider;
    key.id = id;
    return bsearch(&key, all->records, all->count, sizeof key, rlm_record_compare);
}

static int
compare_kinships(const void *left, const void *right)
{
    const kinship *a = left, *b = right;

    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    if (a->to != b->to) return a->to < b->to ? -1 : 1;
    return 0;
}

static void
link(family *all, const rlm_record *one, const rlm_record *other)
{
    size_t from = (size_t) (one - all->records), to = (size_t) (other - all->records);

    if (from == to) return;
    all->kinships[all->kinship_count++] = (kinship) {from, to};
    all->kinships[all->kinship_count++] = (kinship) {to, from};
}

/* Look for the models whose ids are another's with a date at its end. */
static rlm_status
count_siblings(family *all)
{
    all->siblings = rlm_arena_allocate(all->arena, all->count, sizeof *all->siblings);
    if (all->siblings == NULL) return RLM_OUT_OF_MEMORY;
    memset(all->siblings, 0, all->count * sizeof *all->siblings);
    for (size_t i = 0; i < all->count; i++) {
        const rlm_record *record = &all->records[i];
        rlm_dated id;
        bool dated = rlm_id_dated(record->id, &id) && id.plain;
        const rlm_record *undated = find(all, record->provider, dated ? id.base : rlm_id_without_digits(record->id));
        siblings *known;

        if (undated == NULL) continue;
        known = &all->siblings[undated - all->records];
        if (dated) known->last = record;
        if (dated) known->dated++;
        else known->numbered++;
    }
    return RLM_OK;
}

/* An undated id with exactly one dated sibling is its kin; with two nobody knows which one it means. */
static void
link_dated(family *all)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->siblings[i].dated == 1) link(all, &all->records[i], all->siblings[i].last);
    }
}

/* An id that means one model today and meant another before: it says so, or its provider has the models it has meant. */
static bool
moves(const family *all, size_t record)
{
    const siblings *known = &all->siblings[record];

    return rlm_id_moves(all->records[record].id) || known->dated > 1 || known->numbered > 1;
}

/* What is said of an id that moves may have been said of an earlier model. */
static bool
may_lend(const family *all, const kinship *pair)
{
    return !moves(all, pair->to) || moves(all, pair->from);
}

/* Each record's kin are also those that it is linked with. */
static rlm_status
name_kin(family *all)
{
    rlm_slice *ids = rlm_arena_allocate(all->arena, all->kinship_count, sizeof *ids), listed;

    if (ids == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->kinship_count; i++) ids[i] = all->records[all->kinships[i].to].id;
    for (size_t first = 0, end; first < all->kinship_count; first = end) {
        rlm_record *record = &all->records[all->kinships[first].from];

        for (end = first + 1; end < all->kinship_count && all->kinships[end].from == all->kinships[first].from;) end++;
        RLM_TRY(rlm_kin_list(all->arena, &ids[first], end - first, end - first, &listed));
        RLM_TRY(rlm_kin_unite(all->arena, record->kin, listed, &record->kin));
    }
    return RLM_OK;
}

static rlm_status
link_kin(family *all)
{
    size_t stated = 0, kept = 0;
    rlm_slice id;

    for (size_t i = 0; i < all->count; i++) {
        for (rlm_slice rest = all->records[i].kin; rlm_kin_next(&rest, &id);) stated++;
    }
    all->kinships = rlm_arena_allocate(all->arena, 2 * (stated + all->count), sizeof *all->kinships);
    if (all->kinships == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->count; i++) {
        for (rlm_slice rest = all->records[i].kin; rlm_kin_next(&rest, &id);) {
            const rlm_record *other = find(all, all->records[i].provider, id);

            if (other != NULL) link(all, &all->records[i], other);
        }
    }
    link_dated(all);
    if (all->kinship_count > 1) qsort(all->kinships, all->kinship_count, sizeof *all->kinships, compare_kinships);
    for (size_t i = 0; i < all->kinship_count; i++) {
        if (kept == 0 || compare_kinships(&all->kinships[kept - 1], &all->kinships[i]) != 0) all->kinships[kept++] = all->kinships[i];
    }
    all->kinship_count = kept;
    return name_kin(all);
}

/* The limit on which all kin that state one agree; when they do not, nobody states it for this model. */
static int64_t
limit_of_kin(const family *all, const kinship *first, size_t count, int limit, rlm_field field)
{
    int64_t agreed = RLM_UNSAID;

    for (size_t i = 0; i < count; i++) {
        const rlm_record *kin = &all->records[first[i].to];

        if (kin->limits[limit] == RLM_UNSAID || kin->origins[field] == RLM_ORIGIN_ALIAS || !may_lend(all, &first[i])) continue;
        if (agreed != RLM_UNSAID && agreed != kin->limits[limit]) return RLM_UNSAID;
        agreed = kin->limits[limit];
    }
    return agreed;
}

static const rlm_record *
priced_kin(const family *all, const kinship *first, size_t count)
{
    const rlm_record *agreed = NULL;

    for (size_t i = 0; i < count; i++) {
        const rlm_record *kin = &all->records[first[i].to];

        if (kin->price_count == 0 || kin->origins[RLM_FIELD_PRICES] == RLM_ORIGIN_ALIAS || !may_lend(all, &first[i])) continue;
        if (agreed != NULL && !rlm_prices_equal(agreed->prices, agreed->price_count, kin->prices, kin->price_count)) return NULL;
        agreed = kin;
    }
    return agreed;
}

static void
borrow_from_kin(const family *all, rlm_record *record, const kinship *first, size_t count)
{
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) {
        if (record->limits[i] != RLM_UNSAID) continue;
        record->limits[i] = limit_of_kin(all, first, count, i, rlm_limit_fields[i]);
        if (record->limits[i] != RLM_UNSAID) record->origins[rlm_limit_fields[i]] = RLM_ORIGIN_ALIAS;
    }
    if (record->price_count == 0) {
        const rlm_record *kin = priced_kin(all, first, count);

        if (kin == NULL) return;
        record->prices = kin->prices;
        record->price_count = kin->price_count;
        record->origins[RLM_FIELD_PRICES] = RLM_ORIGIN_ALIAS;
    }
}

rlm_status
rlm_kin_join(rlm_record *records, size_t count, rlm_arena *arena)
{
    family all = {.records = records, .count = count, .arena = arena};
    size_t next = 0;

    RLM_TRY(count_siblings(&all));
    RLM_TRY(link_kin(&all));
    for (size_t i = 0; i < count; i++) {
        size_t first = next;

        while (next < all.kinship_count && all.kinships[next].from == i) next++;
        borrow_from_kin(&all, &records[i], &all.kinships[first], next - first);
    }
    return RLM_OK;
}
