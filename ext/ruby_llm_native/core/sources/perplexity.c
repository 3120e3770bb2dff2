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

/* A documented price, in US dollars for the unit of the meter; NULL: it has none. */
static rlm_status
state_price(rlm_record *model, rlm_meter meter, const char *size, const char *dollars)
{
    rlm_value amount = {.kind = RLM_STRING, .text = rlm_slice_of(dollars)};
    const rlm_price price = {.meter = (uint8_t) meter, .unit = (uint8_t) rlm_meter_units[meter]};

    return rlm_record_state_price_for(model, price, &(rlm_price_words){.size = rlm_slice_of(size)}, &amount, 0);
}

/* Each request has a price that depends on how much of the web it reads. Those that do not say read little. */
static rlm_status
state_request_prices(rlm_record *model, const char *low, const char *medium, const char *high)
{
    RLM_TRY(state_price(model, RLM_METER_REQUEST, NULL, low));
    RLM_TRY(state_price(model, RLM_METER_REQUEST, "low", low));
    RLM_TRY(state_price(model, RLM_METER_REQUEST, "medium", medium));
    return state_price(model, RLM_METER_REQUEST, "high", high);
}

/* What the documentation states of Perplexity's own models. */
static rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    static const struct {
        const char *id;
        rlm_type type;
        int64_t context;
        const char *input, *output, *reasoning, *citation, *search, *low, *medium, *high;
    } own[] = {
        {"sonar", RLM_TYPE_CHAT, 128000, "1", "1", NULL, NULL, NULL, "0.005", "0.008", "0.012"},
        {"sonar-pro", RLM_TYPE_CHAT, 200000, "3", "15", NULL, NULL, NULL, "0.006", "0.01", "0.014"},
        {"sonar-reasoning-pro", RLM_TYPE_CHAT, 128000, "2", "8", NULL, NULL, NULL, "0.006", "0.01", "0.014"},
        {"sonar-deep-research", RLM_TYPE_CHAT, 128000, "2", "8", "3", "2", "0.005", NULL, NULL, NULL},
        {"pplx-embed-v1-0.6b", RLM_TYPE_EMBEDDING, 32768, "0.004", NULL, NULL, NULL, NULL, NULL, NULL, NULL},
        {"pplx-embed-v1-4b", RLM_TYPE_EMBEDDING, 32768, "0.03", NULL, NULL, NULL, NULL, NULL, NULL, NULL},
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
        RLM_TRY(state_price(model, RLM_METER_INPUT, NULL, own[i].input));
        RLM_TRY(state_price(model, RLM_METER_OUTPUT, NULL, own[i].output));
        RLM_TRY(state_price(model, RLM_METER_REASONING, NULL, own[i].reasoning));
        RLM_TRY(state_price(model, RLM_METER_CITATION, NULL, own[i].citation));
        RLM_TRY(state_price(model, RLM_METER_WEB_SEARCH, NULL, own[i].search));
        RLM_TRY(state_request_prices(model, own[i].low, own[i].medium, own[i].high));
    }
    return RLM_OK;
}

const rlm_source rlm_source_perplexity = {
    .slug = "perplexity",
    .name = "Perplexity",
    .auth = "bearer key",
    .states = "prices; of its own models also those of requests by how much they search",
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
