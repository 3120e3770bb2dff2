/*
 * LiteLLM's proxy: GET {base}/models and {base}/model/info, each one page, a bearer key if the proxy wants one. The
 * base URL may end in /v1 or not: both paths exist with it and without.
 *
 * The first list has the names that the key may use. The second one has what the proxy knows of the deployments behind
 * each name, and is optional, because not every key may read it.
 *
 * Odd about it: in the first list the date is the same for all models, and their owner is always OpenAI. The second one
 * has a row for each deployment, and requests go to any of those of one name: what they do not have in common is no
 * fact about the name. So prices that differ are none, the lowest limit holds, and what one of them cannot, the name
 * cannot. A price of 0 may be one that the proxy does not know, so it is none. `max_tokens` is the output or the input,
 * and is not read. `litellm_params` and parts of `model_info` tell of hosts, people and teams, and are never kept.
 */
#include "sources/compatible.h"
#include "sources/litellm_facts.h"
#include "sources/rows.h"

#include <stdlib.h>
#include <string.h>

static rlm_status
read_name(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    rlm_value_drop(row, "created");
    return rlm_compatible_read_without(rlm_source_litellm.ignore, row, model, error);
}

static rlm_status
read_deployment(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    static const char *const theirs[] = {
        "id",         "db_model",      "created_at",          "created_by",    "updated_at", "updated_by", "team_id",
        "team_alias", "direct_access", "access_via_team_ids", "access_groups", "blocked",    "tags",
    };
    const rlm_value *info = rlm_value_get(row, "model_info");

    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "model_name"), NULL, error));
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) rlm_value_drop(info, theirs[i]);
    rlm_value_drop(row, "litellm_params");
    RLM_TRY(rlm_litellm_read_facts(info, &(rlm_price_words){.region = {NULL, 0}}, model));
    return rlm_record_keep_rest(model, row, rlm_source_litellm.ignore);
}

/* ---- The deployments of one name ---- */

static int
by_id(const void *left, const void *right)
{
    const rlm_record *a = *(rlm_record *const *) left, *b = *(rlm_record *const *) right;

    return rlm_slice_compare(a->id, b->id);
}

static void
deny(rlm_flags *flags, const rlm_flags *other)
{
    flags->no |= other->no;
    flags->yes &= ~flags->no;
}

static bool
same_bounds(const rlm_record *left, const rlm_record *right)
{
    return left->bound_count == right->bound_count &&
           (left->bound_count == 0 ||
            memcmp(left->bounds, right->bounds, left->bound_count * sizeof *left->bounds) == 0);
}

/* Leave in `model` what also holds for `other`. */
static void
agree(rlm_record *model, const rlm_record *other)
{
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) {
        bool lower = other->limits[i] != RLM_UNKNOWN && other->limits[i] < model->limits[i];

        if (lower || model->limits[i] == RLM_UNKNOWN) model->limits[i] = other->limits[i];
    }
    deny(&model->capabilities, &other->capabilities);
    deny(&model->input, &other->input);
    deny(&model->parameters, &other->parameters);
    deny(&model->efforts, &other->efforts);
    if (!same_bounds(model, other)) model->bound_count = 0;
    if (!rlm_prices_equal(&model->prices, &other->prices)) model->prices = (rlm_price_set){.list = NULL};
}

/* The same for all rows of a name, so that uniting them changes nothing more. */
static void
settle(rlm_record **deployments, size_t count)
{
    for (size_t i = 1; i < count; i++) agree(deployments[0], deployments[i]);
    for (size_t i = 1; i < count; i++) agree(deployments[i], deployments[0]);
}

static rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    rlm_record **deployments = rlm_memory_allocate(rows->count * sizeof *deployments);
    size_t count = 0, next;

    (void) settings;
    if (deployments == NULL) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->records[i].listing == &rlm_source_litellm.listings[1]) deployments[count++] = &rows->records[i];
    }
    if (count > 1) qsort(deployments, count, sizeof *deployments, by_id);
    for (size_t first = 0; first < count; first = next) {
        for (next = first + 1; next < count && by_id(&deployments[first], &deployments[next]) == 0;) next++;
        settle(deployments + first, next - first);
    }
    rlm_memory_free(deployments);
    return RLM_OK;
}

const rlm_source rlm_source_litellm = {
    .slug = "litellm",
    .name = "LiteLLM",
    .auth = "none, or bearer key",
    .states =
        "type, limits, modalities, capabilities, parameters, reasoning efforts, prices by tier, region and length",
    .settings = {{"litellm_api_base", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL},
                 {"litellm_api_key", RLM_SETTING_SECRET}},
    .flags = RLM_SOURCE_ANYONES,
    .preference = 165,
    .listings = {RLM_OPENAI_LISTING("models", read_name, 0),
                 {.path = "model/info",
                  .rows = "data[]",
                  .flags = RLM_LISTING_OPTIONAL | RLM_LISTING_MISSING_OK,
                  .read_row = read_deployment}},
    .ignore = {"object", "owned_by"},
    .authorize = rlm_source_bearer,
    .complete = complete,
};
