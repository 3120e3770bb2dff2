/*
 * genai-prices: GET the address that the user has set, a list of providers, each with its models. A price list, kept by
 * the makers of Pydantic and their users. Off unless it is set.
 *
 * Odd about it: a row speaks of all ids that its `match` matches, the first row of a provider that matches counts, and
 * the row's own id and name are of the list, not of a model. A provider sells other makers' models at their prices, if
 * it has no row for them: `fallback_model_providers`, which goes no further than one step. `google` stands for the
 * Gemini API and for Vertex AI. `huggingface_…` are what Hugging Face's router passes on to one company: that company
 * is no part of the ids that the router lists, so these rows speak of nothing that is known here, and keep their names.
 *
 * A row that is not understood is left out, as the list's own library does; another row may then match its ids. One
 * whose prices are not understood still speaks, and says no price. {} says none, too: some of those models are free,
 * and of others nobody has written down the price.
 */
#include "model/pattern.h"
#include "sources/genai_cases.h"
#include "sources/rows.h"

#include <string.h>

#define DAY 86400

/* Those that are not spelled as their slugs here. */
static const char *
provider(rlm_slice group)
{
    static const struct {
        const char *theirs, *ours;
    } providers[] = {
        {"aws", "bedrock"},      {"fireworks", "fireworks_ai"}, {"google", "gemini"},
        {"novita", "novita_ai"}, {"together", "togetherai"},    {"x-ai", "xai"},
    };

    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++) {
        if (rlm_slice_is(group, providers[i].theirs)) return providers[i].ours;
    }
    return NULL;
}

/* The other provider of ours that it also stands for; empty: none. */
static rlm_slice
second_provider(rlm_slice group)
{
    return rlm_slice_is(group, "google") ? RLM_SLICE("vertexai") : (rlm_slice){NULL, 0};
}

/* What is needed of a provider; how to read usage and how to recognize it by an address are no facts about models. */
static bool
wants(rlm_slice key)
{
    return rlm_slice_is(key, "id") || rlm_slice_is(key, "fallback_model_providers") || rlm_slice_is(key, "models");
}

/* ---- Rows ---- */

/* The day on which somebody looked at the prices, where it is stated. */
static uint16_t
day_of(rlm_value *date)
{
    rlm_timestamp checked = {0, RLM_PRECISION_NONE};

    rlm_record_state_timestamp(&checked, date);
    return (uint16_t) (checked.seconds / DAY <= UINT16_MAX ? checked.seconds / DAY : 0);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    uint16_t checked = day_of(rlm_value_get(row, "prices_checked"));

    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    RLM_TRY(rlm_pattern_compile(rlm_value_get(row, "match"), model->arena, &model->pattern, error));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(row, "context_window"));
    if (rlm_value_take_true(rlm_value_get(row, "deprecated"))) model->status = RLM_MODEL_STATUS_DEPRECATED;
    RLM_TRY(rlm_genai_read_prices(rlm_value_get(row, "prices"), checked, model));
    return rlm_record_keep_rest(model, row, rlm_source_genai_prices.ignore);
}

/* ---- All of them ---- */

/* Their work together is capped, because every id of a provider is compared with every row of it. */
typedef struct {
    rlm_rows *rows;
    size_t own; /* as many are the list's own rows, in its order */
    size_t work, fallbacks;
    rlm_error *error;
} whole;

static rlm_status
place(whole *all, rlm_record *record, uint32_t at, rlm_slice expression)
{
    rlm_status status = rlm_pattern_at(at, expression, all->rows->arena, &record->pattern);

    if (status != RLM_OK) return rlm_rows_fail(all->rows, status, all->error);
    all->work += rlm_pattern_work(expression);
    if (all->work <= RLM_CAP_PATTERN_WORK) return RLM_OK;
    return rlm_error_set(all->error, RLM_TOO_LARGE, "its patterns of ids take more than %d steps to be compared",
                         RLM_CAP_PATTERN_WORK);
}

/* An id of its own for a row that is repeated for another provider: no id of the list has a blank. */
static rlm_status
rename_row(rlm_record *record, rlm_arena *arena)
{
    rlm_slice group = record->group, id = record->id;
    char *bytes = rlm_arena_bytes(arena, group.length + 1 + id.length);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    memcpy(bytes, group.bytes, group.length);
    bytes[group.length] = ' ';
    memcpy(bytes + group.length + 1, id.bytes, id.length);
    record->id = (rlm_slice){bytes, group.length + 1 + id.length};
    return RLM_OK;
}

/* The rows of that group once more, as rows of that provider of ours, after all that it has. */
static rlm_status
repeat_rows(whole *all, rlm_slice group, rlm_slice provider, bool rename)
{
    for (size_t i = 0; i < all->own; i++) {
        rlm_record copy = all->rows->records[i];
        rlm_slice expression = rlm_pattern_expression(copy.pattern);
        rlm_status status = RLM_OK;

        if (!rlm_slice_equal(copy.group, group) || (rename && copy.id.length + group.length >= RLM_CAP_ID)) continue;
        copy.provider = provider;
        if (rename) status = rename_row(&copy, all->rows->arena);
        if (status == RLM_OK) status = rlm_rows_append(all->rows, &copy);
        if (status != RLM_OK) return rlm_rows_fail(all->rows, status, all->error);
        RLM_TRY(place(all, &all->rows->records[all->rows->count - 1], (uint32_t) all->rows->count, expression));
    }
    return RLM_OK;
}

static rlm_status
add_fallbacks(whole *all, const rlm_value *list, rlm_slice provider)
{
    if (list == NULL || list->kind != RLM_ARRAY || provider.length == 0) return RLM_OK;
    RLM_EACH (each, list) {
        if (++all->fallbacks > RLM_CAP_FALLBACKS)
            return rlm_error_set(all->error, RLM_TOO_LARGE, "more than %d fallback_model_providers", RLM_CAP_FALLBACKS);
        if (rlm_value_text(each).length > 0) RLM_TRY(repeat_rows(all, each->text, provider, true));
    }
    return RLM_OK;
}

static rlm_status
complete_provider(whole *all, const rlm_value *stated)
{
    rlm_slice group = rlm_value_text(rlm_value_get(stated, "id")), first, second = second_provider(group);
    const rlm_value *fallbacks = rlm_value_get(stated, "fallback_model_providers");
    rlm_status status;

    if (second.length > 0) RLM_TRY(repeat_rows(all, group, second, false));
    if (fallbacks == NULL) return RLM_OK;
    status = rlm_rows_provider(all->rows, group, &first);
    if (status != RLM_OK) return rlm_rows_fail(all->rows, status, all->error);
    RLM_TRY(add_fallbacks(all, fallbacks, first));
    return add_fallbacks(all, fallbacks, second);
}

static rlm_status
read_envelope(const rlm_value *envelope, rlm_rows *rows, rlm_error *error)
{
    whole all = {.rows = rows, .own = rows->count, .error = error};

    for (size_t i = 0; i < rows->count; i++)
        RLM_TRY(place(&all, &rows->records[i], (uint32_t) i, rows->records[i].pattern));
    RLM_EACH (stated, envelope) RLM_TRY(complete_provider(&all, stated));
    return RLM_OK;
}

const rlm_source rlm_source_genai_prices = {
    .slug = "genai_prices",
    .name = "genai-prices",
    .auth = "none",
    .states = "prices by patterns of ids, with thresholds, dates and hours; context windows, deprecations",
    .settings = {{"genai_prices_url", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL}},
    .rank = RLM_RANK_PRICES,
    .flags = RLM_SOURCE_SHARED,
    .listings = {{.rows = "[].models[]", .wants = wants, .read_row = read_row, .read_envelope = read_envelope}},
    .ignore = {"id", "name", "match"},
    .provider = provider,
};
