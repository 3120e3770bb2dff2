/* What the fuzz targets do with a block that opens: read all of it, and hold it to what block.h and merge.h say. */
#ifndef RLM_FUZZ_LOOK_H
#define RLM_FUZZ_LOOK_H

#include "base/caps.h"
#include "block/diff.h"
#include "export/export.h"
#include "lookup/resolve.h"
#include "model/origins.h"
#include "registry/merge.h"
#include "registry/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                    \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

static volatile unsigned char seen; /* so that no read is left out */

static void
look_at_text(rlm_slice text)
{
    MUST(rlm_text_valid(text));
    for (size_t i = 0; i < text.length; i++) seen ^= (unsigned char) text.bytes[i];
}

static void
look_at_amount(int64_t coefficient, int16_t exponent)
{
    char text[RLM_DECIMAL_TEXT];

    seen ^= (unsigned char) text[rlm_decimal_write((rlm_decimal){coefficient, exponent}, text) - 1];
}

#define SOME_TIME 1767225600

/* A price that is found holds; nothing is promised of which one it is where the set is not sorted. */
static void
look_at_prices(const rlm_price_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *price = &set->list[i];

        look_at_amount(price->coefficient, price->exponent);
        look_at_text(rlm_price_word(set->words, price->size));
        look_at_text(rlm_price_word(set->words, price->quality));
        look_at_text(rlm_price_word(set->words, price->origin));
    }
    for (int meter = 0; meter < RLM_METER_COUNT; meter++) {
        for (int tier = 0; tier < RLM_TIER_COUNT; tier++) {
            const rlm_price_query query = {.meter = (rlm_meter) meter,
                                           .tier = (rlm_price_tier) tier,
                                           .tokens = (int64_t) meter * 10000,
                                           .at = SOME_TIME,
                                           .region = tier % 2 == 0 ? RLM_SLICE("") : RLM_SLICE("us")};
            const rlm_price *found = rlm_prices_find(set, &query);

            if (found == NULL) continue;
            MUST(found >= set->list && found < set->list + set->count);
            MUST(found->tier == tier && (found->region != 0) == (tier % 2 != 0) && rlm_price_is_open(found, SOME_TIME));
        }
    }
    MUST(rlm_prices_equal(set, set));
}

static void
look_at_row(const rlm_block *block, size_t index, const rlm_record *record)
{
    char digits[RLM_HASH_DIGITS];
    rlm_buffer out;
    rlm_status status;

    rlm_row_fingerprint(block, index, SOME_TIME, digits);
    MUST(rlm_row_is_of(block, index, (rlm_slice){NULL, 0}, (rlm_slice){digits, sizeof digits}, SOME_TIME));
    rlm_buffer_init(&out, RLM_CAP_ROW);
    status = rlm_row_write(record, SOME_TIME, &out);
    MUST(status == RLM_OK || status == RLM_TOO_LARGE);
    if (status == RLM_OK) look_at_text((rlm_slice){out.bytes, out.length});
    rlm_buffer_free(&out);
}

static void
look_at_record(const rlm_block *block, size_t index)
{
    rlm_record record;
    rlm_slice provider, id, equivalents;
    size_t first, count;
    bool listed = false;

    rlm_block_record(block, index, &record);
    look_at_text(record.provider);
    look_at_text(record.id);
    look_at_text(record.name);
    look_at_text(record.family);
    look_at_text(record.license);
    look_at_text(record.pattern);
    look_at_text(record.metadata);
    for (rlm_slice rest = record.equivalents; rlm_id_list_next(&rest, &equivalents);) look_at_text(equivalents);
    for (rlm_slice rest = record.endpoints; rlm_id_list_next(&rest, &equivalents);) look_at_text(equivalents);
    for (rlm_slice rest = record.replacements; rlm_id_list_next(&rest, &equivalents);) look_at_text(equivalents);
    for (rlm_slice rest = record.data_regions; rlm_id_list_next(&rest, &equivalents);) look_at_text(equivalents);
    for (int field = 0; field < RLM_FIELD_COUNT; field++) look_at_text(rlm_origin_of(&record, (rlm_field) field));
    look_at_prices(&record.prices);
    for (uint32_t i = 0; i < record.bound_count; i++) {
        const rlm_bound *bound = &record.bounds[i];

        look_at_amount(bound->coefficient, bound->exponent);
        MUST(rlm_record_bound(&record, (rlm_bounded) bound->of, (rlm_bound_kind) bound->kind) != NULL);
    }
    look_at_row(block, index, &record);
    seen ^= *rlm_block_fingerprint(block, index);

    rlm_block_key(block, index, &provider, &id);
    MUST(rlm_slice_equal(provider, record.provider) && rlm_slice_equal(id, record.id));
    MUST(rlm_block_type(block, index) == (rlm_type) record.type &&
         rlm_block_standing(block, index) == (rlm_standing) record.standing);
    MUST(rlm_block_find(block, provider, id) == index);
    rlm_block_provider(block, provider, &first, &count);
    MUST(first <= index && index - first < count);
    if (block->kind == RLM_BLOCK_SHEET) return;
    rlm_block_find_id(block, id, &first, &count);
    for (size_t place = first; place < first + count; place++) listed |= rlm_block_by_id(block, place) == index;
    MUST(listed);
}

/*
 * Each record is at exactly one place of its type, and of its family if it has one: before `shown` or after it as its
 * standing says.
 */
static bool
holds(const rlm_block *block, const uint32_t *index, size_t count, size_t shown, size_t wanted)
{
    const bool unlisted = rlm_block_standing(block, wanted) == RLM_STANDING_UNLISTED;

    MUST(shown <= count && count <= block->count);
    for (size_t low = unlisted ? shown : 0, high = unlisted ? count : shown; low < high;) {
        size_t middle = low + (high - low) / 2;

        if (index[middle] == wanted) return true;
        if (index[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    return false;
}

static void
look_at_indexes(const rlm_block *block)
{
    size_t total = 0, shown_total = 0, count, shown;

    for (int type = 0; type < RLM_TYPE_COUNT; type++) {
        (void) rlm_block_of_type(block, (rlm_type) type, &count, &shown);
        total += count;
        shown_total += shown;
    }
    MUST(total == block->count && shown_total == rlm_block_shown(block));
    for (size_t i = 0; i < block->count; i++) {
        rlm_record record;
        const uint32_t *index = rlm_block_of_type(block, rlm_block_type(block, i), &count, &shown);

        MUST(holds(block, index, count, shown, i));
        rlm_block_record(block, i, &record);
        index = rlm_block_of_family(block, record.family, &count, &shown);
        MUST(record.family.length == 0 ? count == 0 : holds(block, index, count, shown, i));
        seen ^= rlm_block_superseded(block, i);
    }
}

static void
look_at_aliases(const rlm_block *block)
{
    for (size_t place = 0; place < rlm_block_alias_count(block); place++) {
        rlm_slice alias;
        uint8_t kind;
        size_t first, count, record = rlm_block_alias(block, place, &alias, &kind);

        look_at_text(alias);
        MUST(record < block->count && kind < RLM_ALIAS_KIND_COUNT && alias.length > 0);
        rlm_block_find_alias(block, alias, &first, &count);
        MUST(first <= place && place - first < count);
    }
}

static void
look_at_stamp(const rlm_block *block)
{
    look_at_text(block->stamp.source);
    look_at_text(block->stamp.api);
    look_at_text(block->stamp.provider);
    look_at_text(block->stamp.documented);
    look_at_text(block->stamp.url);
    look_at_text(block->stamp.etag);
}

/* The block in memory that is aligned as an opener's must be; freed by the caller. */
static inline char *
aligned_copy(const void *bytes, size_t size)
{
    char *copy = calloc(1, size == 0 ? 1 : size);

    if (copy == NULL) exit(2);
    if (size > 0) memcpy(copy, bytes, size);
    return copy;
}

/* What a name finds: each model once, none outside, and none of another provider than the wanted one. */
static size_t
look_up(const rlm_block *block, rlm_slice name, rlm_slice provider, rlm_slice region, const rlm_members *members)
{
    static const rlm_slice order[] = {RLM_SLICE("openrouter"), RLM_SLICE("bedrock")};
    const rlm_query query = {name, provider, region, order, 2, members};
    rlm_candidate best[3];
    rlm_slice its_provider, id;
    size_t found = rlm_resolve(block, &query, best, 3);

    MUST(found <= 3);
    for (size_t i = 0; i < found; i++) {
        MUST(best[i].record < block->count && best[i].match < RLM_MATCH_COUNT);
        for (size_t other = 0; other < i; other++) MUST(best[other].record != best[i].record);
        rlm_block_key(block, best[i].record, &its_provider, &id);
        MUST(provider.length == 0 || rlm_slice_equal(provider, its_provider));
    }
    return found;
}

/* Every model answers to its own id; of aliases and suffixes nothing is promised but that they stay inside. */
static void
look_at_names(const rlm_block *block, const rlm_members *all)
{
    const rlm_slice nowhere = {NULL, 0}, there = RLM_SLICE("eu-west-1");
    rlm_slice provider, id, alias;
    char name[RLM_CAP_ID + sizeof ":online"];

    for (size_t i = 0; i < block->count; i += 1 + block->count / 256) {
        rlm_block_key(block, i, &provider, &id);
        if (id.length > RLM_CAP_ID) continue;
        MUST(look_up(block, id, provider, there, NULL) > 0);
        MUST(look_up(block, id, nowhere, nowhere, all) > 0);
        (void) snprintf(name, sizeof name, "%.*s:online", (int) id.length, id.bytes);
        (void) look_up(block, rlm_slice_of(name), nowhere, there, NULL);
    }
    for (size_t place = 0; place < rlm_block_alias_count(block); place += 1 + rlm_block_alias_count(block) / 256) {
        (void) rlm_block_alias(block, place, &alias, NULL);
        (void) look_up(block, alias, nowhere, there, NULL);
    }
}

/* By the indexes the same ones are chosen as one by one, and from members the same as from the whole. */
static void
look_at_choice(const rlm_block *block, const rlm_filter *filter, const rlm_members *all, uint32_t *out)
{
    size_t matching = 0, shown_matching = 0, count, shown;

    for (size_t i = 0; i < block->count; i++) {
        bool matches = rlm_filter_matches(block, i, filter);

        matching += matches;
        shown_matching += matches && rlm_block_standing(block, i) != RLM_STANDING_UNLISTED;
    }
    rlm_filter_select(block, filter, NULL, out, &count, &shown);
    MUST(count == matching && shown == shown_matching);
    for (size_t i = 0; i < count; i++) MUST(out[i] < block->count && rlm_filter_matches(block, out[i], filter));
    rlm_filter_select(block, filter, all, out, &count, &shown);
    MUST(count == matching && shown == shown_matching);
}

static void
look_at_choices(const rlm_block *block, const rlm_members *all, uint32_t *out)
{
    const rlm_filter cheap = {.has_max_input_price = true, .max_input_price = {1, 0}, .without_superseded = true};

    look_at_choice(block, &cheap, all, out);
    for (size_t i = 0; i < block->count; i += 1 + block->count / 8) {
        rlm_slice family = rlm_block_family(block, i), provider, id;
        const rlm_filter of_type = {.by_type = true, .types = RLM_BIT(rlm_block_type(block, i))};
        const rlm_filter of_family = {.by_family = true, .families = &family, .family_count = 1, .min_context = 1000};
        const rlm_filter of_provider = {.by_provider = true, .providers = &provider, .provider_count = 1};

        rlm_block_key(block, i, &provider, &id);
        look_at_choice(block, &of_type, all, out);
        look_at_choice(block, &of_family, all, out);
        if (provider.length > 0) look_at_choice(block, &of_provider, all, out);
    }
}

/* Choosing without a condition leaves none out; in another order they are all there, too. */
static void
look_at_lookups(const rlm_block *block)
{
    uint32_t *whole = calloc(block->count + 1, sizeof *whole), *out = calloc(block->count + 1, sizeof *out);
    const rlm_filter everything = {0};
    rlm_members all = {whole, 0, 0};
    uint64_t sum = 0;

    if (whole == NULL || out == NULL) exit(2);
    rlm_filter_select(block, &everything, NULL, whole, &all.count, &all.shown);
    MUST(all.count == block->count && all.shown == rlm_block_shown(block));
    MUST(rlm_filter_cheapest(block, &all, NULL, 0, SOME_TIME) <= block->count);
    MUST(rlm_filter_newest_first(block, &all, out) == RLM_OK);
    for (size_t i = 0; i < all.count; i++) sum += out[i];
    MUST(block->count == 0 || sum == (uint64_t) block->count * (block->count - 1) / 2);
    look_at_names(block, &all);
    look_at_choices(block, &all, out);
    free(whole);
    free(out);
}

/* What is written as text reads as a registry; what no text can say is refused, by name. */
static void
write_out(const rlm_block *catalog, const rlm_block *sheets, size_t count)
{
    rlm_buffer text, blocks;
    rlm_arena arena;
    rlm_export_part *parts;
    rlm_error error;
    size_t part_count;

    rlm_error_clear(&error);
    rlm_arena_init(&arena, RLM_CAP_BLOCK);
    rlm_buffer_init(&text, RLM_CAP_BLOCK);
    rlm_buffer_init(&blocks, RLM_CAP_BLOCK);
    if (rlm_export_write(catalog, sheets, count, &text, &error) == RLM_OK) {
        rlm_status status =
            rlm_export_read((rlm_slice){text.bytes, text.length}, &arena, &blocks, &parts, &part_count, &error);

        if (status != RLM_OK) fprintf(stderr, "%s\n", error.message);
        MUST(status == RLM_OK && part_count == 1 + count);
    } else {
        MUST(error.status == RLM_BAD_BLOCK && rlm_text_valid(rlm_slice_of(error.message)));
    }
    rlm_arena_free(&arena);
    rlm_buffer_free(&text);
    rlm_buffer_free(&blocks);
}

static void
look_at_block(const rlm_block *block)
{
    rlm_difference none;

    look_at_stamp(block);
    for (size_t i = 0; i < block->count; i++) look_at_record(block, i);
    if (block->kind == RLM_BLOCK_CATALOG) {
        look_at_indexes(block);
        look_at_aliases(block);
        look_at_lookups(block);
    }
    none = rlm_diff(block, block, (rlm_diff_scope){.rest = true});
    MUST(none.added == 0 && none.removed == 0 && none.changed == 0);
}

/*
 * A sheet that opens merges into a catalog that opens, and into the same one again; both can be written out, or are
 * refused.
 */
static void
merge_alone(const rlm_block *sheet)
{
    rlm_buffer once, again;
    rlm_block catalog;
    rlm_error error;

    rlm_error_clear(&error);
    rlm_buffer_init(&once, RLM_CAP_BLOCK);
    rlm_buffer_init(&again, RLM_CAP_BLOCK);
    MUST(rlm_merge(sheet, 1, RLM_DOCUMENTED_ALL, &once, &error) == RLM_OK);
    MUST(rlm_block_open(once.bytes, once.length, &catalog, &error) == RLM_OK);
    look_at_block(&catalog);
    write_out(&catalog, sheet, 1);
    MUST(rlm_merge(sheet, 1, RLM_DOCUMENTED_ALL, &again, &error) == RLM_OK);
    MUST(once.length == again.length && memcmp(once.bytes, again.bytes, once.length) == 0);
    rlm_buffer_free(&once);
    rlm_buffer_free(&again);
}

#endif
