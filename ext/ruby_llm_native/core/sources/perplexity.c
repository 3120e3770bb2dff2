/*
 * Perplexity: GET {base}/v1/models, one page, bearer key.
 *
 * Odd about it: it lists other vendors' models, as "vendor/model", and leaves out its own, which its documentation
 * describes. They are added as documented, once it has answered, and every source outvotes them. `created` is always 0.
 * Prices name their unit; in an unknown unit they stay metadata.
 */
#include "sources/rows.h"

static const rlm_price_key prices[] = {
    RLM_PRICE_OF_ALL("input", INPUT, 0),
    RLM_PRICE("output", OUTPUT, 0),
    RLM_PRICE_OF_ALL("cache_read", CACHE_READ, 0),
    RLM_PRICE("cache_write", CACHE_WRITE, 0),
    RLM_PRICE_END,
};

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    const rlm_value *pricing = rlm_value_get(row, "pricing");

    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created"));
    if (rlm_slice_is(rlm_value_text(rlm_value_get(pricing, "unit")), "usd_per_1m_tokens")) {
        pricing = rlm_value_get(row, "pricing");
        rlm_value_take_with_prices(rlm_value_get(pricing, "unit"));
        RLM_TRY(rlm_record_state_prices(model, pricing, prices, RLM_ANY_LENGTH, true));
    }
    return rlm_record_keep_rest(model, row, rlm_source_perplexity.ignore);
}

/* A documented price, in US dollars for a million tokens; NULL: it has none. */
static rlm_status
state_price(rlm_record *model, rlm_meter meter, const char *dollars)
{
    rlm_value amount = {.kind = RLM_STRING, .text = rlm_slice_of(dollars)};

    return rlm_record_state_price(model, (rlm_price){.meter = (uint8_t) meter}, &amount, 0);
}

/* What the documentation states of Perplexity's own models. */
static rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    static const struct {
        const char *id;
        rlm_type type;
        int64_t context;
        const char *input, *output, *reasoning;
    } own[] = {
        {"sonar", RLM_TYPE_CHAT, 128000, "1", "1", NULL},
        {"sonar-pro", RLM_TYPE_CHAT, 200000, "3", "15", NULL},
        {"sonar-reasoning-pro", RLM_TYPE_CHAT, 128000, "2", "8", NULL},
        {"sonar-deep-research", RLM_TYPE_CHAT, 128000, "2", "8", "3"},
        {"pplx-embed-v1-0.6b", RLM_TYPE_EMBEDDING, 32768, "0.004", NULL, NULL},
        {"pplx-embed-v1-4b", RLM_TYPE_EMBEDDING, 32768, "0.03", NULL, NULL},
    };

    (void) settings;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        rlm_value id = {.kind = RLM_STRING, .text = rlm_slice_of(own[i].id)};
        rlm_record *model;

        RLM_TRY(rlm_rows_new(rows, &model));
        model->standing = RLM_STANDING_DOCUMENTED;
        RLM_TRY(rlm_record_identify(model, &id, NULL, error));
        rlm_record_state_type(model, own[i].type);
        model->limits[RLM_LIMIT_CONTEXT] = own[i].context;
        RLM_TRY(state_price(model, RLM_METER_INPUT, own[i].input));
        RLM_TRY(state_price(model, RLM_METER_OUTPUT, own[i].output));
        RLM_TRY(state_price(model, RLM_METER_REASONING, own[i].reasoning));
    }
    return RLM_OK;
}

const rlm_source rlm_source_perplexity = {
    .slug = "perplexity",
    .name = "Perplexity",
    .auth = "bearer key",
    .states = "prices",
    .base_url = "https://api.perplexity.ai",
    .settings = {{"perplexity_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"perplexity_api_base", RLM_SETTING_BASE_URL}},
    .flags = RLM_SOURCE_MAKER,
    .preference = 70,
    .listings = {RLM_OPENAI_LISTING("v1/models", read_row, 0)},
    .ignore = {"object"},
    .authorize = rlm_source_bearer,
    .complete = complete,
};
