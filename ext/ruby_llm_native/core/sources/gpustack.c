/*
 * GPUStack: GET {base}/models on the user's own machines, a key only if the server wants one.
 *
 * Odd about it: the same path has two shapes. Newer servers answer {data: […]}, whose rows do not say what a model is
 * for, so each category is asked for separately. Older ones answer {items: […]}, in pages, whose rows name their
 * categories, and whose `id` is a number of their database. Each listing reads one of the two shapes and passes over
 * the other, so whichever the server is, its models come once. The content of the answer tells the two apart, not a
 * status: if one of the listings exists, all do. `env` may hold passwords, and is never kept.
 */
#include "sources/compatible.h"
#include "sources/rows.h"

#include <stdio.h>

/* In the order of the listings. */
static const struct {
    const char *category;
    rlm_type type;
} categories[] = {
    {"llm", RLM_TYPE_CHAT},        {"embedding", RLM_TYPE_EMBEDDING},          {"image", RLM_TYPE_IMAGE},
    {"reranker", RLM_TYPE_RERANK}, {"speech_to_text", RLM_TYPE_TRANSCRIPTION}, {"text_to_speech", RLM_TYPE_AUDIO},
    {"unknown", RLM_TYPE_UNKNOWN},
};

#define UNKNOWN 6
#define OLDER 7

/* Pages of the older shape are numbered. */
static rlm_slice
next_page(const rlm_value *envelope)
{
    static _Thread_local char number[24];
    const rlm_value *pagination = rlm_value_get(envelope, "pagination");
    int64_t page, last;

    if (!rlm_value_integer(rlm_value_get(pagination, "page"), &page) ||
        !rlm_value_integer(rlm_value_get(pagination, "totalPage"), &last)) {
        return (rlm_slice){NULL, 0};
    }
    if (page < 1 || page >= last) return (rlm_slice){NULL, 0};
    (void) snprintf(number, sizeof number, "%lld", (long long) page + 1);
    return rlm_slice_of(number);
}

static void
state_type(rlm_record *model, rlm_type type)
{
    rlm_record_state_type(model, type);
    if (type == RLM_TYPE_CHAT) rlm_flags_state(&model->output, RLM_MODALITY_TEXT, true);
    if (type == RLM_TYPE_TRANSCRIPTION) rlm_flags_state(&model->input, RLM_MODALITY_AUDIO, true);
    else if (type != RLM_TYPE_UNKNOWN) rlm_flags_state(&model->input, RLM_MODALITY_TEXT, true);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    return rlm_compatible_read_without(rlm_source_gpustack.ignore, row, model, error);
}

static rlm_status
read_older_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    const rlm_value *listed = rlm_value_get(row, "categories");

    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "name"), NULL, error));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created_at"));
    for (size_t i = 0; i < UNKNOWN; i++) {
        if (!rlm_value_contains(listed, categories[i].category)) continue;
        state_type(model, categories[i].type);
        break;
    }
    rlm_compatible_state_facts(rlm_value_get(row, "meta"), model);
    rlm_value_drop(row, "id");
    return rlm_record_keep_rest(model, row, rlm_source_gpustack.ignore);
}

/*
 * A model of the category `unknown` has no other category: if one of them is also in another list, the server is too
 * old to know the filter, and lists everything each time.
 */
static bool
filters(const rlm_rows *rows, const rlm_listing *unknown)
{
    const rlm_record *first = NULL;

    for (size_t i = 0; first == NULL && i < rows->count; i++) {
        if (rows->records[i].listing == unknown) first = &rows->records[i];
    }
    for (size_t i = 0; first != NULL && i < rows->count; i++) {
        if (rows->records[i].listing < unknown && rlm_slice_equal(rows->records[i].id, first->id)) return false;
    }
    return true;
}

/* The listing a row was in tells its type. */
static rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    const rlm_listing *listings = rlm_source_gpustack.listings;

    (void) settings;
    (void) error;
    if (!filters(rows, &listings[UNKNOWN])) return RLM_OK;
    for (size_t i = 0; i < rows->count; i++) {
        rlm_record *model = &rows->records[i];

        if (model->listing != &listings[OLDER]) state_type(model, categories[model->listing - listings].type);
    }
    return RLM_OK;
}

#define CATEGORY(name)                                                                                                 \
    {                                                                                                                  \
        .path = "models?with_meta=true&categories=" name, .rows = "data[]", .flags = RLM_LISTING_ROWS_OPTIONAL,        \
        .read_row = read_row                                                                                           \
    }

const rlm_source rlm_source_gpustack = {
    .slug = "gpustack",
    .name = "GPUStack",
    .auth = "none, or bearer key",
    .states = "date, context, capabilities, category",
    .settings = {{"gpustack_api_base", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL},
                 {"gpustack_api_key", RLM_SETTING_SECRET}},
    .flags = RLM_SOURCE_LOCAL,
    .preference = 160,
    .listings = {CATEGORY("llm"),
                 CATEGORY("embedding"),
                 CATEGORY("image"),
                 CATEGORY("reranker"),
                 CATEGORY("speech_to_text"),
                 CATEGORY("text_to_speech"),
                 CATEGORY("unknown"),
                 {.path = "models?perPage=100",
                  .rows = "items[]",
                  .page = "page",
                  .flags = RLM_LISTING_ROWS_OPTIONAL,
                  .next_page = next_page,
                  .read_row = read_older_row}},
    .ignore = {"object", "owned_by", "env", "replicas", "ready_replicas", "updated_at"},
    .authorize = rlm_source_bearer,
    .complete = complete,
};
