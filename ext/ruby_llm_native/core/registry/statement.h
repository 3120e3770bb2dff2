/*
 * What merge.c and decide.c share. A statement is one source's record of one model; a merged model is the record that
 * its statements become. Everything lives in the merge's arena.
 */
#ifndef RLM_STATEMENT_H
#define RLM_STATEMENT_H

#include "base/arena.h"
#include "block/block.h"
#include "model/origins.h"
#include "sources/source.h"

typedef struct {
    rlm_record record;
    rlm_slice name; /* of the endpoint or the metadata source */
    const rlm_source *source;
    rlm_rank rank;     /* of this record: in the order of the provider-first fields */
    size_t order;      /* of its sheet among those that are merged */
    bool undocumented; /* alone it makes no model of the catalog */
} rlm_statement;

typedef struct {
    rlm_record record;
    rlm_origins origins;             /* its origins, until they are written */
    const rlm_statement *statements; /* in order of rank */
    size_t count;
    size_t providers; /* of them, the endpoints' */
} rlm_merged_model;

/* A record of a sheet that speaks of ids which match its pattern, instead of one id. */
typedef struct {
    rlm_slice provider, pattern;
    const rlm_block *sheet;
    const rlm_source *source;
    size_t record;
} rlm_rule;

typedef struct {
    rlm_arena arena;
    rlm_slice documented;
    rlm_statement *statements;
    size_t statement_count;
    rlm_rule *rules;
    size_t rule_count, rule_capacity;
    rlm_merged_model *models;
    size_t model_count;

    /* What was written last, as most models have the same. */
    rlm_origins last_origins;
    rlm_slice last_origins_text, last_endpoint, last_endpoint_text;
} rlm_merging;

/* The origin of that field, if this statement supplies it. */
rlm_slice
rlm_statement_origin(const rlm_statement *said, rlm_field field);

/* By model, then by the rank of the source. For qsort. */
int
rlm_statement_compare(const void *left, const void *right);

/* Keep a rule of that sheet, whose records are at most as many as there are to come. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_merge_keep_rule(rlm_merging *all, const rlm_rule *rule);

/*
 * The statements are sorted, and only those of models of the catalog are left: add those that the rules make of these
 * models. RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_merge_apply_rules(rlm_merging *all);

/* Add to the prices what later statements have under other conditions: see complete.c. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_merge_complete_prices(rlm_merging *all, rlm_merged_model *of);

/* Set the bounds: those of each number are the first source's that states any. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_merge_join_bounds(rlm_merging *all, rlm_merged_model *of);

/* Set the type: stated, implied by modalities, implied by the id, or chat. */
void
rlm_merge_decide_type(rlm_merged_model *of);

/* A type that is a capability under another name states that capability, unless a source denies it. */
void
rlm_merge_imply_capability(rlm_merged_model *of);

/* Set the name: the first stated one that is not another model's id, else the model's own id. */
void
rlm_merge_decide_name(const rlm_merging *all, rlm_merged_model *of);

#endif
