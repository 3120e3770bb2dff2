/*
 * Resolution. Read rlm_resolve at the end: each of the ways offers records, and `offer` keeps the best ones in order.
 * With a capacity of 1 that is the whole search, without a list of candidates.
 */
#include "lookup/resolve.h"

#include "base/caps.h"
#include "sources/source.h"

#include <assert.h>
#include <string.h>

#define X(name, text) text,
const char *const rlm_match_names[RLM_MATCH_COUNT] = {RLM_MATCHES(X)};
#undef X

static_assert((int) RLM_MATCH_STATED + (int) RLM_ALIAS_SNAPSHOT == RLM_MATCH_SNAPSHOT &&
                  (int) RLM_MATCH_STATED + (int) RLM_ALIAS_NAMESPACE == RLM_MATCH_NAMESPACE &&
                  (int) RLM_MATCH_STATED + (int) RLM_ALIAS_KIND_COUNT == RLM_MATCH_VARIANT,
              "the kinds of aliases, in their order");

typedef struct {
    const rlm_block *block;
    const rlm_query *query;
    rlm_candidate *best;
    size_t count, capacity;
    const rlm_source **sources; /* those of the query's providers whose ids have rules of their own */
    size_t source_count;
} search;

/* ---- Which one is better ---- */

static int
compare_sizes(size_t left, size_t right)
{
    return (left > right) - (left < right);
}

static int
compare_providers(const rlm_block *block, size_t left, size_t right)
{
    rlm_slice provider, other, id;

    rlm_block_key(block, left, &provider, &id);
    rlm_block_key(block, right, &other, &id);
    return rlm_slice_compare(provider, other);
}

/* The newest first; one whose date nobody states counts as older than all. */
static int
compare_dates(const rlm_block *block, size_t left, size_t right)
{
    rlm_timestamp date = rlm_block_created_at(block, left), other = rlm_block_created_at(block, right);
    bool known = date.precision != RLM_PRECISION_NONE, other_known = other.precision != RLM_PRECISION_NONE;

    if (known != other_known) return known ? -1 : 1;
    if (!known || date.seconds == other.seconds) return 0;
    return date.seconds > other.seconds ? -1 : 1;
}

/* The exact id, an alias, or an id without its suffix. */
static int
kind_of(rlm_match how)
{
    if (how <= RLM_MATCH_EXACT) return 0;
    return how < RLM_MATCH_VARIANT ? 1 : 2;
}

/* 0 if two are equally good: then the one that was offered first stays first. */
static int
compare(const rlm_block *block, const rlm_candidate *left, const rlm_candidate *right)
{
    int kind = kind_of(left->match), order;

    if (left->unlisted != right->unlisted) return left->unlisted ? 1 : -1;
    if ((order = compare_sizes(left->rank, right->rank)) != 0) return order;
    if ((order = compare_providers(block, left->record, right->record)) != 0) return order;
    if (kind != kind_of(right->match)) return kind < kind_of(right->match) ? -1 : 1;
    if (kind != 1) return 0;
    if (left->documented != right->documented) return left->documented ? 1 : -1;
    if (left->match != right->match) return left->match < right->match ? -1 : 1;
    return compare_dates(block, left->record, right->record);
}

static bool
is_member(const rlm_members *members, size_t record)
{
    if (members == NULL) return true;
    for (size_t i = 0; i < members->count; i++) {
        if (members->indexes[i] == record) return true;
    }
    return false;
}

static void
offer(search *this, size_t record, rlm_match how)
{
    rlm_standing standing = rlm_block_standing(this->block, record);
    rlm_candidate candidate = {record, how, 0, standing == RLM_STANDING_UNLISTED, standing == RLM_STANDING_DOCUMENTED};
    rlm_slice provider, id;
    size_t place = 0;

    if (!is_member(this->query->members, record)) return;
    rlm_block_key(this->block, record, &provider, &id);
    candidate.rank = rlm_slice_position(this->query->order, this->query->order_count, provider);

    for (size_t i = 0; i < this->count; i++) { /* the same model in another way: the better one counts */
        if (this->best[i].record != record) continue;
        if (compare(this->block, &this->best[i], &candidate) <= 0) return;
        memmove(&this->best[i], &this->best[i + 1], (--this->count - i) * sizeof *this->best);
    }
    while (place < this->count && compare(this->block, &this->best[place], &candidate) <= 0) place++;
    if (place == this->capacity) return;
    if (this->count < this->capacity) this->count++;
    memmove(&this->best[place + 1], &this->best[place], (this->count - 1 - place) * sizeof *this->best);
    this->best[place] = candidate;
}

/* ---- Ids that name a region ---- */

static bool
asks(const search *this, rlm_slice provider)
{
    return this->query->provider.length == 0 || rlm_slice_equal(this->query->provider, provider);
}

static void
find_sources(search *this)
{
    for (int i = 0; rlm_sources[i] != NULL; i++) {
        if (rlm_sources[i]->ids != NULL && asks(this, rlm_slice_of(rlm_sources[i]->slug)))
            this->sources[this->source_count++] = rlm_sources[i];
    }
}

/* How the provider spells ids for callers in some region, or NULL: its ids name no region, or it is not asked for. */
static const rlm_source_ids *
regional(const search *this, rlm_slice provider)
{
    for (size_t i = 0; i < this->source_count; i++) {
        if (this->sources[i]->ids->in_region != NULL && rlm_slice_is(provider, this->sources[i]->slug))
            return this->sources[i]->ids;
    }
    return NULL;
}

/*
 * The ids for the caller's region, best first, then the id as it stands. A caller without a region gets what was asked
 * for, region and all, if that is known.
 */
static void
offer_in_region(search *this, const rlm_source *source)
{
    rlm_slice id = this->query->id, base = source->ids->without_region(id), provider = rlm_slice_of(source->slug);
    size_t exact = rlm_block_find(this->block, provider, id);
    rlm_region_ids in_region;

    in_region.count = 0;
    if (exact == this->block->count || base.length == id.length || this->query->region.length > 0)
        source->ids->in_region(base, this->query->region, &in_region);
    for (size_t i = 0; i < in_region.count; i++) {
        size_t record = rlm_block_find(this->block, provider, in_region.ids[i]);

        if (record < this->block->count) offer(this, record, record == exact ? RLM_MATCH_EXACT : RLM_MATCH_PROFILE);
    }
    if (exact < this->block->count) offer(this, exact, RLM_MATCH_EXACT);
}

/* An alias finds one model under the ids of many regions: they are one candidate, the best one for the caller. */
static size_t
best_in_region(const search *this, const rlm_source_ids *ids, size_t record)
{
    rlm_region_ids in_region;
    rlm_slice provider, id;

    rlm_block_key(this->block, record, &provider, &id);
    ids->in_region(ids->without_region(id), this->query->region, &in_region);
    for (size_t i = 0; i < in_region.count; i++) {
        size_t other = rlm_block_find(this->block, provider, in_region.ids[i]);

        if (other == this->block->count || rlm_block_standing(this->block, other) == RLM_STANDING_UNLISTED) continue;
        if (is_member(this->query->members, other)) return other;
    }
    return record;
}

/* ---- All ways ---- */

/* What was offered for a region comes up here again, and stays in its place. */
static void
offer_exact(search *this)
{
    const rlm_block *block = this->block;
    size_t first, count;

    for (size_t i = 0; i < this->source_count; i++) {
        if (this->sources[i]->ids->in_region != NULL) offer_in_region(this, this->sources[i]);
    }
    if (this->query->provider.length > 0) {
        size_t record = rlm_block_find(block, this->query->provider, this->query->id);

        if (record < block->count) offer(this, record, RLM_MATCH_EXACT);
        return;
    }
    rlm_block_find_id(block, this->query->id, &first, &count);
    for (size_t place = first; place < first + count; place++)
        offer(this, rlm_block_by_id(block, place), RLM_MATCH_EXACT);
}

static void
offer_aliases(search *this)
{
    rlm_slice provider, id;
    size_t first, count;
    uint8_t kind;

    rlm_block_find_alias(this->block, this->query->id, &first, &count);
    for (size_t place = first; place < first + count; place++) {
        size_t record = rlm_block_alias(this->block, place, NULL, &kind);
        const rlm_source_ids *ids;

        rlm_block_key(this->block, record, &provider, &id);
        if (!asks(this, provider)) continue;
        ids = regional(this, provider);
        if (ids != NULL) record = best_in_region(this, ids, record);
        offer(this, record, (rlm_match) (RLM_MATCH_STATED + kind));
    }
}

/* "openai/gpt-4.1:online": the id without that suffix, or the empty slice. */
static rlm_slice
without_suffix(rlm_slice id, const rlm_source_ids *ids)
{
    if (ids->suffixes[0] == NULL || !ids->is_variant(id)) return (rlm_slice){NULL, 0};
    for (size_t i = 0; i < RLM_SOURCE_SUFFIXES && ids->suffixes[i] != NULL; i++) {
        const char *suffix = ids->suffixes[i];

        if (rlm_slice_ends_with(id, suffix)) return (rlm_slice){id.bytes, id.length - strlen(suffix)};
    }
    return (rlm_slice){NULL, 0};
}

static void
offer_variant(search *this, const rlm_source *source)
{
    rlm_slice base = without_suffix(this->query->id, source->ids), provider, id;
    size_t record, first, count;

    if (base.length == 0) return;
    record = rlm_block_find(this->block, rlm_slice_of(source->slug), base);
    if (record < this->block->count) offer(this, record, RLM_MATCH_VARIANT);
    rlm_block_find_alias(this->block, base, &first, &count);
    for (size_t place = first; place < first + count; place++) {
        record = rlm_block_alias(this->block, place, NULL, NULL);
        rlm_block_key(this->block, record, &provider, &id);
        if (rlm_slice_is(provider, source->slug)) offer(this, record, RLM_MATCH_VARIANT);
    }
}

size_t
rlm_resolve(const rlm_block *block, const rlm_query *query, rlm_candidate *out, size_t capacity)
{
    const rlm_source *sources[RLM_SOURCE_COUNT];
    search this = {.block = block, .query = query, .best = out, .capacity = capacity, .sources = sources};

    if (query->id.length == 0 || query->id.length > RLM_CAP_ID) return 0;
    find_sources(&this);
    offer_exact(&this);
    offer_aliases(&this);
    for (size_t i = 0; i < this.source_count; i++) offer_variant(&this, this.sources[i]);
    return this.count;
}
