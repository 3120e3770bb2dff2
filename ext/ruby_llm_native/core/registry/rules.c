/*
 * Records with a pattern become statements about the models whose ids match it. They make no model of the catalog.
 *
 * Of the rules that one sheet has for a provider, the first that matches an id speaks of it, unless the sheet states
 * the very id. Rules and statements are sorted by provider, so each id is only compared with the rules of its provider.
 */
#include "registry/statement.h"

#include "base/caps.h"
#include "model/pattern.h"

#include <stdlib.h>
#include <string.h>

rlm_status
rlm_merge_keep_rule(rlm_merging *all, const rlm_rule *rule)
{
    if (all->rule_count == all->rule_capacity) {
        size_t capacity = all->rule_capacity + rule->sheet->count - rule->record;
        rlm_rule *rules = rlm_arena_allocate(&all->arena, capacity, sizeof *rules);

        if (rules == NULL) return RLM_OUT_OF_MEMORY;
        if (all->rule_count > 0) memcpy(rules, all->rules, all->rule_count * sizeof *rules);
        all->rules = rules;
        all->rule_capacity = capacity;
    }
    all->rules[all->rule_count++] = *rule;
    return RLM_OK;
}

/* By provider, by sheet, and then by their places in the list. */
static int
compare_rules(const void *left, const void *right)
{
    const rlm_rule *a = left, *b = right;
    int order = rlm_slice_compare(a->provider, b->provider);

    if (order == 0) order = rlm_source_position(a->source) - rlm_source_position(b->source);
    if (order == 0) order = rlm_slice_compare(a->sheet->stamp.source, b->sheet->stamp.source);
    return order != 0 ? order : rlm_slice_compare(a->pattern, b->pattern);
}

/* A model and a rule that speaks of it. */
typedef struct {
    size_t first; /* of the model's statements */
    const rlm_rule *rule;
} hit;

/* The statements of one model, from `first` on. */
static size_t
end_of_model(const rlm_merging *all, size_t first)
{
    size_t end = first + 1;

    while (end < all->statement_count &&
           rlm_record_compare(&all->statements[first].record, &all->statements[end].record) == 0)
        end++;
    return end;
}

static bool
is_stated(const rlm_merging *all, size_t first, const rlm_rule *rule)
{
    const rlm_slice name = rule->sheet->stamp.source;

    for (size_t i = first, end = end_of_model(all, first); i < end; i++) {
        if (all->statements[i].source == rule->source && rlm_slice_equal(all->statements[i].name, name)) return true;
    }
    return false;
}

/* Of each sheet, the first of the rules of the model's provider that matches. */
static rlm_status
match_model(const rlm_merging *all, size_t first, const rlm_rule *rules, size_t count, rlm_buffer *hits)
{
    char bytes[RLM_CAP_ID];
    const rlm_slice subject = rlm_pattern_subject(all->statements[first].record.id, bytes);
    const rlm_block *spoken = NULL;

    for (size_t i = 0; i < count; i++) {
        if (rules[i].sheet == spoken || !rlm_pattern_matches(rules[i].pattern, subject)) continue;
        spoken = rules[i].sheet;
        if (is_stated(all, first, &rules[i])) continue;
        RLM_TRY(rlm_buffer_append(hits, &(hit){first, &rules[i]}, sizeof(hit)));
    }
    return RLM_OK;
}

static rlm_status
match_all(const rlm_merging *all, rlm_buffer *hits)
{
    size_t from = 0, until = 0; /* the rules of the provider whose turn it is */

    for (size_t first = 0; first < all->statement_count; first = end_of_model(all, first)) {
        const rlm_slice provider = all->statements[first].record.provider;

        if (until == 0 || !rlm_slice_equal(all->rules[until - 1].provider, provider)) {
            for (from = until; from < all->rule_count; from++) {
                if (rlm_slice_compare(all->rules[from].provider, provider) >= 0) break;
            }
            for (until = from; until < all->rule_count; until++) {
                if (!rlm_slice_equal(all->rules[until].provider, provider)) break;
            }
        }
        RLM_TRY(match_model(all, first, &all->rules[from], until - from, hits));
    }
    return RLM_OK;
}

/* What the rule says of that model; its name and its other ids are those of the rule. */
static void
state(const rlm_rule *rule, const rlm_record *model, rlm_statement *said)
{
    rlm_block_record(rule->sheet, rule->record, &said->record);
    said->record.provider = model->provider;
    said->record.id = model->id;
    said->record.name = said->record.pattern = said->record.equivalents = (rlm_slice){NULL, 0};
    said->name = rule->sheet->stamp.source;
    said->source = rule->source;
    said->rank = rule->source->rank;
    said->undocumented = true;
}

/* Move the last of these statements to its place among those of its model. */
static void
settle(rlm_statement *statements, size_t first, size_t last)
{
    const rlm_statement moved = statements[last];

    for (; last > first && rlm_statement_compare(&statements[last - 1], &moved) > 0; last--)
        statements[last] = statements[last - 1];
    statements[last] = moved;
}

/* The statements, with those of the hits in their places: each model's are few, so nothing is sorted again. */
static rlm_status
insert(rlm_merging *all, const hit *hits, size_t count)
{
    rlm_statement *statements = rlm_arena_allocate(&all->arena, all->statement_count + count, sizeof *statements);
    size_t written = 0, taken = 0;

    if (statements == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t first = 0, end; first < all->statement_count; first = end) {
        size_t begun = written;

        end = end_of_model(all, first);
        memcpy(&statements[written], &all->statements[first], (end - first) * sizeof *statements);
        written += end - first;
        for (; taken < count && hits[taken].first == first; taken++) {
            state(hits[taken].rule, &all->statements[first].record, &statements[written]);
            settle(statements, begun, written++);
        }
    }
    all->statements = statements;
    all->statement_count = written;
    return RLM_OK;
}

rlm_status
rlm_merge_apply_rules(rlm_merging *all)
{
    rlm_buffer hits;
    rlm_status status;

    qsort(all->rules, all->rule_count, sizeof *all->rules, compare_rules);
    rlm_buffer_init(&hits, RLM_CAP_BLOCK);
    status = match_all(all, &hits);
    if (status == RLM_OK && hits.length > 0)
        status = insert(all, (const hit *) (const void *) hits.bytes, hits.length / sizeof(hit));
    rlm_buffer_free(&hits);
    return status;
}
