/*
 * models.dev: GET https://models.dev/api.json, the facts of many providers' models in one document: {provider: {models:
 * {id: …}}}.
 *
 * Odd about it: ids are keys. A limit of 0 means that nobody knows it. Embedding models are said to give text. Price
 * tiers stand in a list; `context_over_200k` repeats one of them for older readers, and is the only threshold in
 * documents from before May 2026. "deprecated" means that the provider no longer serves the model. A mode under
 * `experimental` is a service tier: what the request must say tells which, else the mode's name. `last_updated` is the
 * date of the row, not that of its prices.
 */
#include "sources/source.h"

static const rlm_price_key prices[] = {
    RLM_PRICE_OF_ALL("input", INPUT, 0),           RLM_PRICE("output", OUTPUT, 0),
    RLM_PRICE_OF_ALL("cache_read", CACHE_READ, 0), RLM_PRICE("cache_write", CACHE_WRITE, 0),
    RLM_PRICE("reasoning", REASONING, 0),          RLM_PRICE("input_audio", AUDIO_INPUT, 0),
    RLM_PRICE("output_audio", AUDIO_OUTPUT, 0),    RLM_PRICE_END,
};

/* Those that are not spelled as their slugs here. */
static const char *
provider(rlm_slice group)
{
    static const struct {
        const char *theirs, *ours;
    } providers[] = {
        {"google", "gemini"},
        {"google-vertex", "vertexai"},
        {"google-vertex-anthropic", "vertexai"}, /* until mid-2026 */
        {"amazon-bedrock", "bedrock"},
        {"perplexity-agent", "perplexity"},
    };

    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++) {
        if (rlm_slice_is(group, providers[i].theirs)) return providers[i].ours;
    }
    return NULL;
}

/* The tiers by request length. A tier of another kind is not understood, and keeps the list in the metadata. */
static rlm_status
read_tiers(const rlm_value *cost, rlm_record *model, rlm_price conditions, size_t *understood)
{
    rlm_value *list = rlm_value_get(cost, "tiers");
    size_t tiers = 0;

    *understood = 0;
    RLM_EACH (each, list) {
        const rlm_value *tier = rlm_value_get(each, "tier");
        rlm_price above = conditions;
        int64_t size;

        tiers++;
        if (!rlm_slice_is(rlm_value_text(rlm_value_get(tier, "type")), "context")) continue;
        if (!rlm_value_integer(rlm_value_get(tier, "size"), &size) || !rlm_price_above(size, &above))
            return rlm_record_give_up_prices(model, "size of a tier must be a number of tokens, 1 or more");
        RLM_TRY(rlm_record_state_prices(model, each, prices, above, true));
        ++*understood;
    }
    if (*understood == tiers) rlm_value_take_with_prices(list);
    return RLM_OK;
}

static rlm_status
read_cost(const rlm_value *cost, rlm_record *model, rlm_price conditions)
{
    rlm_value *above = rlm_value_get(cost, "context_over_200k");
    size_t understood;

    RLM_TRY(rlm_record_state_prices(model, cost, prices, conditions, true));
    RLM_TRY(read_tiers(cost, model, conditions, &understood));
    conditions.threshold = 200000;
    if (understood == 0) return rlm_record_state_prices(model, above, prices, conditions, true);
    rlm_value_take_with_prices(above);
    return RLM_OK;
}

/* RLM_TIER_STANDARD: none that we know. */
static int
tier_of(const rlm_value *mode)
{
    const rlm_value *body = rlm_value_get(rlm_value_get(mode, "provider"), "body");
    rlm_slice name = rlm_value_text(rlm_value_get(body, "service_tier"));
    int tier = rlm_name_position(rlm_price_tier_names, RLM_TIER_COUNT, name.length > 0 ? name : mode->key);

    return tier > 0 ? tier : RLM_TIER_STANDARD;
}

/* How to ask for a mode stays in the metadata, and so does all of a mode that is no tier, or the same one again. */
static rlm_status
read_modes(const rlm_value *modes, rlm_record *model)
{
    unsigned seen = RLM_BIT(RLM_TIER_STANDARD);

    if (modes == NULL || modes->kind != RLM_OBJECT) return RLM_OK;
    RLM_EACH (mode, modes) {
        int tier = tier_of(mode);

        if ((seen & RLM_BIT(tier)) != 0) continue;
        seen |= RLM_BIT(tier);
        RLM_TRY(read_cost(rlm_value_get(mode, "cost"), model, (rlm_price){.tier = (uint8_t) tier}));
    }
    return RLM_OK;
}

rlm_status
rlm_models_dev_read_prices(const rlm_value *row, rlm_record *model)
{
    RLM_TRY(read_cost(rlm_value_get(row, "cost"), model, RLM_ANY_LENGTH));
    return read_modes(rlm_value_get(rlm_value_get(row, "experimental"), "modes"), model);
}

static rlm_status
read_reasoning_option(const rlm_value *option, rlm_record *model)
{
    rlm_slice type = rlm_value_text(rlm_value_get(option, "type"));
    rlm_value values = rlm_value_copy(option, "values"), least = rlm_value_copy(option, "min"),
              most = rlm_value_copy(option, "max");

    if (rlm_slice_is(type, "effort")) rlm_record_state_efforts(model, &values);
    if (rlm_slice_is(type, "toggle")) rlm_flags_state(&model->traits, RLM_TRAIT_REASONING_TOGGLE, true);
    if (!rlm_slice_is(type, "budget_tokens")) return RLM_OK;
    rlm_flags_state(&model->traits, RLM_TRAIT_REASONING_BUDGET, true);
    RLM_TRY(rlm_record_state_bound(model, RLM_BOUNDED_REASONING_BUDGET, RLM_BOUND_MIN, &least));
    return rlm_record_state_bound(model, RLM_BOUNDED_REASONING_BUDGET, RLM_BOUND_MAX, &most);
}

rlm_status
rlm_models_dev_read_controls(const rlm_value *row, rlm_record *model)
{
    rlm_value temperature = rlm_value_copy(row, "temperature"), weights = rlm_value_copy(row, "open_weights");

    rlm_record_state_flag(&model->parameters, RLM_PARAMETER_TEMPERATURE, &temperature);
    rlm_record_state_flag(&model->traits, RLM_TRAIT_OPEN_WEIGHTS, &weights);
    RLM_TRY(rlm_record_state_license(model, rlm_value_get(row, "license")));
    RLM_EACH (option, rlm_value_get(row, "reasoning_options")) RLM_TRY(read_reasoning_option(option, model));
    return RLM_OK;
}

void
rlm_models_dev_read_status(const rlm_value *row, rlm_record *model)
{
    int status =
        rlm_name_position(rlm_model_status_names, RLM_MODEL_STATUS_COUNT, rlm_value_text(rlm_value_get(row, "status")));

    if (status > 0)
        model->status = (uint8_t) (status == RLM_MODEL_STATUS_DEPRECATED ? RLM_MODEL_STATUS_RETIRED : status);
}

static void
read_modalities(const rlm_value *modalities, rlm_record *model)
{
    const uint32_t image = RLM_BIT(RLM_MODALITY_IMAGE), video = RLM_BIT(RLM_MODALITY_VIDEO);

    rlm_record_state_modalities(&model->input, rlm_value_get(modalities, "input"), NULL);
    rlm_record_state_modalities(&model->output, rlm_value_get(modalities, "output"), NULL);
    model->output.yes &=
        ~(RLM_BIT(RLM_MODALITY_PDF) | RLM_BIT(RLM_MODALITY_FILE)); /* its lists for images repeat those of the input */
    if (model->input.yes == 0) return;
    rlm_flags_state(&model->capabilities, RLM_CAPABILITY_VISION, (model->input.yes & (image | video)) != 0);
    rlm_flags_state(&model->capabilities, RLM_CAPABILITY_VIDEO, (model->input.yes & video) != 0);
}

/* After the modalities, which it corrects. */
static void
read_type(rlm_record *model)
{
    if (rlm_slice_contains(model->family, "embed") || rlm_slice_contains(model->id, "embed")) {
        rlm_record_state_type(model, RLM_TYPE_EMBEDDING);
    } else if (rlm_slice_is(model->family, "gpt-image")) {
        rlm_record_state_type(model, RLM_TYPE_IMAGE);
    }
}

static bool
says_something(const rlm_value *row)
{
    RLM_EACH (member, row) {
        if (!rlm_slice_is(member->key, "id") && rlm_value_says_something(member)) return true;
    }
    return false;
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    rlm_value id = {.kind = RLM_STRING, .text = row->key};
    const rlm_value *limit = rlm_value_get(row, "limit");

    RLM_TRY(rlm_record_identify(model, &id, NULL, error));
    if (!says_something(row)) return rlm_error_set(error, RLM_BAD_ROW, "a row must have more than its id");
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "name")));
    RLM_TRY(rlm_record_state_family(model, rlm_value_get(row, "family")));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "release_date"));
    rlm_record_state_timestamp(&model->knowledge_cutoff, rlm_value_get(row, "knowledge"));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(limit, "context"));
    rlm_record_state_limit(model, RLM_LIMIT_INPUT, rlm_value_get(limit, "input"));
    rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, rlm_value_get(limit, "output"));
    rlm_record_state_capability(model, RLM_CAPABILITY_FUNCTION_CALLING, rlm_value_get(row, "tool_call"));
    rlm_record_state_capability(model, RLM_CAPABILITY_STRUCTURED_OUTPUT, rlm_value_get(row, "structured_output"));
    rlm_record_state_capability(model, RLM_CAPABILITY_REASONING, rlm_value_get(row, "reasoning"));
    read_modalities(rlm_value_get(row, "modalities"), model);
    read_type(model);
    rlm_models_dev_read_status(row, model);
    if (model->status != RLM_MODEL_STATUS_UNKNOWN) rlm_value_take(rlm_value_get(row, "status"));
    RLM_TRY(rlm_models_dev_read_prices(row, model));
    RLM_TRY(rlm_models_dev_read_controls(row, model));
    return rlm_record_keep_rest(model, row, rlm_source_models_dev.ignore);
}

const rlm_source rlm_source_models_dev = {
    .slug = "models_dev",
    .name = "models.dev",
    .auth = "none",
    .states = "name, family, dates, limits, modalities, capabilities, prices by length and tier, status, reasoning",
    .base_url = "https://models.dev/api.json",
    .settings = {{"models_dev_url", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL}},
    .rank = RLM_RANK_METADATA,
    .flags = RLM_SOURCE_SHARED,
    .listings = {{.rows = "*.models.*", .read_row = read_row}},
    .ignore = {"id"},
    .provider = provider,
};
