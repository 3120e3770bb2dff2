/*
 * Resolution. Read rlm_resolve at the end: each of the ways offers records, and `offer` keeps the best ones in order.
 * With a capacity of 1 that is the whole search, without a list of candidates.
 */
#include "lookup/resolve.h"

#include "base/caps.h"
#include "model/id.h"
#include "sources/bedrock.h"

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

/* The newest first; one whose date nobody states is older than all. */
static int
compare_dates(const rlm_block *block, size_t left, size_t right)
{
    rlm_timestamp date = rlm_block_created_at(block, left), other = rlm_block_created_at(block, right);
    bool known = date.precision != RLM_PRECISION_NONE, other_known = other.precision != RLM_PRECISION_NONE;

    if (known != other_known) return known ? -1 : 1;
    if (!known || date.seconds == other.seconds) return 0;
    return date.seconds > other.seconds ? -1 : 1;
}

/* The very id, an alias, or an id without its suffix. */
static int
kind_of(rlm_match how)
{
    if (how <= RLM_MATCH_EXACT) return 0;
    return how < RLM_MATCH_VARIANT ? 1 : 2;
}

/* 0 for two that are as good: then the one that was offered first stays first. */
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

/* ---- Bedrock ---- */

#define BEDROCK RLM_SLICE("bedrock")
#define OPENROUTER RLM_SLICE("openrouter")

/* The record of "{prefix}.{base}" at Bedrock, or the block's count. */
static size_t
find_profile(const rlm_block *block, rlm_slice prefix, rlm_slice base)
{
    char id[RLM_CAP_ID + 1];
    size_t length = prefix.length + 1 + base.length;

    if (prefix.length == 0 || length > RLM_CAP_ID) return block->count;
    memcpy(id, prefix.bytes, prefix.length);
    id[prefix.length] = '.';
    memcpy(id + prefix.length + 1, base.bytes, base.length);
    return rlm_block_find(block, BEDROCK, (rlm_slice){id, length});
}

#define PROFILES 3

/*
 * The profiles under which the caller's region may have the model, best first; those that the catalog does not have
 * are the block's count.
 */
static void
find_profiles(const search *this, rlm_slice base, size_t profiles[PROFILES])
{
    rlm_bedrock_place at = rlm_bedrock_place_of(this->query->region);
    const rlm_slice prefixes[PROFILES] = {at.country, at.geography, RLM_SLICE("global")};

    for (size_t i = 0; i < PROFILES; i++) profiles[i] = find_profile(this->block, prefixes[i], base);
}

/*
 * Those, then the id as it stands. Who says no region gets what was asked for, prefix and all, where that is known.
 */
static void
offer_at_bedrock(search *this, rlm_slice id)
{
    rlm_slice base = rlm_id_without_geography(id);
    size_t exact = rlm_block_find(this->block, BEDROCK, id), profiles[PROFILES];

    if (exact == this->block->count || base.length == id.length || this->query->region.length > 0) {
        find_profiles(this, base, profiles);
        for (size_t i = 0; i < PROFILES; i++) {
            if (profiles[i] < this->block->count)
                offer(this, profiles[i], profiles[i] == exact ? RLM_MATCH_EXACT : RLM_MATCH_PROFILE);
        }
    }
    if (exact < this->block->count) offer(this, exact, RLM_MATCH_EXACT);
}

/*
 * An alias finds one model at Bedrock under the ids of many regions, and variants that need a contract of their own:
 * the first are one candidate, the others none.
 */
static void
offer_alias_at_bedrock(search *this, size_t record, rlm_slice id, rlm_match how)
{
    size_t profiles[PROFILES];

    if (rlm_bedrock_is_sized(id)) return;
    find_profiles(this, rlm_id_without_geography(id), profiles);
    for (size_t i = 0; i < PROFILES; i++) {
        if (profiles[i] == this->block->count || rlm_block_standing(this->block, profiles[i]) == RLM_STANDING_UNLISTED)
            continue;
        if (!is_member(this->query->members, profiles[i])) continue;
        record = profiles[i];
        break;
    }
    offer(this, record, how);
}

/* ---- All ways ---- */

static bool
asks(const search *this, rlm_slice provider)
{
    return this->query->provider.length == 0 || rlm_slice_equal(this->query->provider, provider);
}

static void
offer_exact(search *this)
{
    const rlm_block *block = this->block;
    rlm_slice id = this->query->id, wanted = this->query->provider, provider, its_id;
    size_t first, count;

    if (asks(this, BEDROCK)) offer_at_bedrock(this, id);
    if (wanted.length > 0) {
        size_t record = rlm_block_find(block, wanted, id);

        if (record < block->count && !rlm_slice_equal(wanted, BEDROCK)) offer(this, record, RLM_MATCH_EXACT);
        return;
    }
    rlm_block_find_id(block, id, &first, &count);
    for (size_t place = first; place < first + count; place++) {
        size_t record = rlm_block_by_id(block, place);

        rlm_block_key(block, record, &provider, &its_id);
        if (!rlm_slice_equal(provider, BEDROCK)) offer(this, record, RLM_MATCH_EXACT);
    }
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
        rlm_match how = (rlm_match) (RLM_MATCH_STATED + kind);

        rlm_block_key(this->block, record, &provider, &id);
        if (!asks(this, provider)) continue;
        if (rlm_slice_equal(provider, BEDROCK)) offer_alias_at_bedrock(this, record, id, how);
        else offer(this, record, how);
    }
}

/* "openai/gpt-4.1:online": the id without that suffix, or the empty slice. */
static rlm_slice
without_suffix(rlm_slice id)
{
    static const char *const suffixes[] = {":free", ":nitro", ":online", ":floor", ":thinking", ":extended"};

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (rlm_slice_ends_with(id, suffixes[i])) return (rlm_slice){id.bytes, id.length - strlen(suffixes[i])};
    }
    return (rlm_slice){NULL, 0};
}

static void
offer_variant(search *this)
{
    rlm_slice base = without_suffix(this->query->id), provider, id;
    size_t record, first, count;

    if (base.length == 0 || !asks(this, OPENROUTER)) return;
    record = rlm_block_find(this->block, OPENROUTER, base);
    if (record < this->block->count) offer(this, record, RLM_MATCH_VARIANT);
    rlm_block_find_alias(this->block, base, &first, &count);
    for (size_t place = first; place < first + count; place++) {
        record = rlm_block_alias(this->block, place, NULL, NULL);
        rlm_block_key(this->block, record, &provider, &id);
        if (rlm_slice_equal(provider, OPENROUTER)) offer(this, record, RLM_MATCH_VARIANT);
    }
}

size_t
rlm_resolve(const rlm_block *block, const rlm_query *query, rlm_candidate *out, size_t capacity)
{
    search this = {block, query, out, 0, capacity};

    if (query->id.length == 0 || query->id.length > RLM_CAP_ID) return 0;
    offer_exact(&this);
    offer_aliases(&this);
    offer_variant(&this);
    return this.count;
}
