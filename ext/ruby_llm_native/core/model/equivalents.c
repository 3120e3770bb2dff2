/*
 * Equivalent ids: first the pairs, stated ones and those by date, then what a model borrows. Pairs are indexes into the
 * records, sorted, each in both directions.
 */
#include "model/equivalents.h"

#include "model/id.h"
#include "model/origins.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t from, to; /* records that are equivalents */
} equivalence;

/* Among the ids that are this one with a date: how many there are, and the last one. */
typedef struct {
    const rlm_record *last;
    size_t dated, numbered; /* the latter: with four to eight digits, which may be a version */
} siblings;

typedef struct {
    rlm_record *records;
    siblings *siblings; /* by record */
    size_t count;
    equivalence *equivalences;
    size_t equivalence_count;
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
compare_equivalences(const void *left, const void *right)
{
    const equivalence *a = left, *b = right;

    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    if (a->to != b->to) return a->to < b->to ? -1 : 1;
    return 0;
}

static void
link(family *all, const rlm_record *one, const rlm_record *other)
{
    size_t from = (size_t) (one - all->records), to = (size_t) (other - all->records);

    if (from == to) return;
    all->equivalences[all->equivalence_count++] = (equivalence){from, to};
    all->equivalences[all->equivalence_count++] = (equivalence){to, from};
}

/* Look for the models whose ids are another's id with a date at the end. */
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

/* An undated id and its only dated sibling are equivalent; with two siblings, nobody knows which one it means. */
static void
link_dated(family *all)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->siblings[i].dated == 1) link(all, &all->records[i], all->siblings[i].last);
    }
}

/*
 * An id that means one model today and meant another before: the id says so, or its provider has the models it has
 * meant.
 */
static bool
moves(const family *all, size_t record)
{
    const siblings *known = &all->siblings[record];

    return rlm_id_moves(all->records[record].id) || known->dated > 1 || known->numbered > 1;
}

/* What is said of an id that moves may have been said of an earlier model. */
static bool
may_lend(const family *all, const equivalence *pair)
{
    return !moves(all, pair->to) || moves(all, pair->from);
}

/* Add to each record's equivalents those that it is linked with. */
static rlm_status
name_equivalents(family *all)
{
    rlm_slice *ids = rlm_arena_allocate(all->arena, all->equivalence_count, sizeof *ids), listed;

    if (ids == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->equivalence_count; i++) ids[i] = all->records[all->equivalences[i].to].id;
    for (size_t first = 0, end; first < all->equivalence_count; first = end) {
        rlm_record *record = &all->records[all->equivalences[first].from];

        for (end = first + 1;
             end < all->equivalence_count && all->equivalences[end].from == all->equivalences[first].from;)
            end++;
        RLM_TRY(rlm_id_list(all->arena, &ids[first], end - first, end - first, &listed));
        RLM_TRY(rlm_id_list_unite(all->arena, record->equivalents, listed, &record->equivalents));
    }
    return RLM_OK;
}

static rlm_status
link_equivalents(family *all)
{
    size_t stated = 0, kept = 0;
    rlm_slice id;

    for (size_t i = 0; i < all->count; i++) {
        for (rlm_slice rest = all->records[i].equivalents; rlm_id_list_next(&rest, &id);) stated++;
    }
    all->equivalences = rlm_arena_allocate(all->arena, 2 * (stated + all->count), sizeof *all->equivalences);
    if (all->equivalences == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < all->count; i++) {
        for (rlm_slice rest = all->records[i].equivalents; rlm_id_list_next(&rest, &id);) {
            const rlm_record *other = find(all, all->records[i].provider, id);

            if (other != NULL) link(all, &all->records[i], other);
        }
    }
    link_dated(all);
    if (all->equivalence_count > 1)
        qsort(all->equivalences, all->equivalence_count, sizeof *all->equivalences, compare_equivalences);
    for (size_t i = 0; i < all->equivalence_count; i++) {
        if (kept == 0 || compare_equivalences(&all->equivalences[kept - 1], &all->equivalences[i]) != 0)
            all->equivalences[kept++] = all->equivalences[i];
    }
    all->equivalence_count = kept;
    return name_equivalents(all);
}

static bool
is_lent(const rlm_record *record, rlm_field field)
{
    return rlm_slice_is(rlm_origin_of(record, field), RLM_ORIGIN_EQUIVALENT);
}

/* The limit on which all equivalents that state one agree; if they disagree, nobody states it for this model. */
static int64_t
limit_of_equivalents(const family *all, const equivalence *first, size_t count, int limit, rlm_field field)
{
    int64_t agreed = RLM_UNKNOWN;

    for (size_t i = 0; i < count; i++) {
        const rlm_record *equivalents = &all->records[first[i].to];

        if (equivalents->limits[limit] == RLM_UNKNOWN || is_lent(equivalents, field) || !may_lend(all, &first[i]))
            continue;
        if (agreed != RLM_UNKNOWN && agreed != equivalents->limits[limit]) return RLM_UNKNOWN;
        agreed = equivalents->limits[limit];
    }
    return agreed;
}

/* What is compiled in or comes with ruby_llm is older than what an equivalent id states. */
enum { NO_PRICES, OLD_PRICES, STATED_PRICES };

static int
age_of_prices(const rlm_record *record)
{
    const rlm_slice origin = rlm_origin_of(record, RLM_FIELD_PRICES);

    if (record->prices.count == 0) return NO_PRICES;
    return rlm_slice_is(origin, RLM_ORIGIN_BUILTIN) || rlm_slice_is(origin, "bundle") ? OLD_PRICES : STATED_PRICES;
}

/* The prices on which all equivalents agree that have newer ones than the model. Old ones are lent if none are stated.
 */
static const rlm_record *
priced_equivalents(const family *all, const equivalence *first, size_t count)
{
    const int own = age_of_prices(&all->records[first->from]);
    const rlm_record *best = NULL;
    bool agreed = true;

    for (size_t i = 0; i < count; i++) {
        const rlm_record *other = &all->records[first[i].to];
        const int age = age_of_prices(other), newest = best == NULL ? own : age_of_prices(best);

        if (age < newest || age <= own || is_lent(other, RLM_FIELD_PRICES) || !may_lend(all, &first[i])) continue;
        if (age > newest) agreed = true;
        else agreed = agreed && rlm_prices_equal(&best->prices, &other->prices);
        best = other;
    }
    return agreed ? best : NULL;
}

static rlm_status
borrow_from_equivalents(const family *all, rlm_record *record, const equivalence *first, size_t count)
{
    const rlm_slice lent = RLM_SLICE(RLM_ORIGIN_EQUIVALENT);

    for (int i = 0; i < RLM_LIMIT_COUNT; i++) {
        if (record->limits[i] != RLM_UNKNOWN) continue;
        record->limits[i] = limit_of_equivalents(all, first, count, i, rlm_limit_fields[i]);
        if (record->limits[i] != RLM_UNKNOWN) RLM_TRY(rlm_origin_set(record, rlm_limit_fields[i], lent, all->arena));
    }
    if (count > 0 && age_of_prices(record) != STATED_PRICES) {
        const rlm_record *equivalents = priced_equivalents(all, first, count);

        if (equivalents == NULL) return RLM_OK;
        record->prices = equivalents->prices;
        RLM_TRY(rlm_origin_set(record, RLM_FIELD_PRICES, lent, all->arena));
    }
    return RLM_OK;
}

rlm_status
rlm_equivalents_join(rlm_record *records, size_t count, rlm_arena *arena)
{
    family all = {.records = records, .count = count, .arena = arena};
    size_t next = 0;

    RLM_TRY(count_siblings(&all));
    RLM_TRY(link_equivalents(&all));
    for (size_t i = 0; i < count; i++) {
        size_t first = next;

        while (next < all.equivalence_count && all.equivalences[next].from == i) next++;
        RLM_TRY(borrow_from_equivalents(&all, &records[i], &all.equivalences[first], next - first));
    }
    return RLM_OK;
}
