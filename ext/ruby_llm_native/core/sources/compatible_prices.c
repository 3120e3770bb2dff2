/*
 * Prices in rows of OpenAI's format. They have no standard: the same key holds dollars per token, per thousand or
 * per million tokens, or ten-thousandths of a dollar. So a price is read only where its unit is certain, from the key
 * that names it or from what else stands in the row, and where nobody would ask so much or so little in that unit. All
 * other prices stay metadata.
 *
 * What is known: numbers under `input` and `output` are dollars per million (Together, Hugging Face), as are those
 * under keys that say so. Strings are dollars per token (OpenRouter and its imitators, Vercel). Numbers under `prompt`
 * and `completion` are any of the three units; they are dollars per token where SambaNova's mark stands beside them.
 */
#include "sources/compatible.h"

#define OF(what, which) .category = RLM_PRICE_##what, .direction = RLM_DIRECTION_##which

static const rlm_price_key per_million[] = {
    {"input", {OF(TEXT, INPUT)}, 0},
    {"output", {OF(TEXT, OUTPUT)}, 0},
    {"cached_input", {OF(TEXT, CACHE_READ)}, 0},
    {NULL, {0}, 0},
};

static const rlm_price_key named_per_million[] = {
    {"input_per_1m", {OF(TEXT, INPUT)}, 0},
    {"output_per_1m", {OF(TEXT, OUTPUT)}, 0},
    {NULL, {0}, 0},
};

/* As OpenRouter does. */
static const rlm_price_key prompt_per_token[] = {
    {"prompt", {OF(TEXT, INPUT)}, 6},
    {"completion", {OF(TEXT, OUTPUT)}, 6},
    {"input_cache_read", {OF(TEXT, CACHE_READ)}, 6},
    {"input_cache_write", {OF(TEXT, CACHE_WRITE)}, 6},
    {NULL, {0}, 0},
};

/* As Vercel's gateway does. */
static const rlm_price_key input_per_token[] = {
    {"input", {OF(TEXT, INPUT)}, 6},
    {"output", {OF(TEXT, OUTPUT)}, 6},
    {"input_cache_read", {OF(TEXT, CACHE_READ)}, 6},
    {"input_cache_write", {OF(TEXT, CACHE_WRITE)}, 6},
    {NULL, {0}, 0},
};

static const rlm_price_key deepinfra[] = {
    {"input_tokens", {OF(TEXT, INPUT)}, 0},
    {"output_tokens", {OF(TEXT, OUTPUT)}, 0},
    {"cache_read_tokens", {OF(TEXT, CACHE_READ)}, 0},
    {NULL, {0}, 0},
};

static const rlm_price_key requesty[] = {
    {"input_price", {OF(TEXT, INPUT)}, 6},
    {"output_price", {OF(TEXT, OUTPUT)}, 6},
    {"cached_price", {OF(TEXT, CACHE_READ)}, 6},
    {"caching_price", {OF(TEXT, CACHE_WRITE)}, 6},
    {NULL, {0}, 0},
};

/* In ten-thousandths of a dollar for a million. */
static const rlm_price_key novita[] = {
    {"input_token_price_per_m", {OF(TEXT, INPUT)}, -4},
    {"output_token_price_per_m", {OF(TEXT, OUTPUT)}, -4},
    {NULL, {0}, 0},
};

/*
 * Nobody charges more than ten thousand dollars for a million tokens, or less than a hundredth of a cent: such a price
 * has another unit.
 */
static bool
is_plausible(rlm_decimal dollars)
{
    static const rlm_decimal most = {1, 4}, least = {1, -4};

    return dollars.coefficient == 0 ||
           (rlm_decimal_compare(dollars, most) <= 0 && rlm_decimal_compare(dollars, least) >= 0);
}

/*
 * Whether the members under the keys are prices in that unit: of one kind, plausible, and not all zero where zeros tell
 * nothing.
 */
static bool
has_unit(const rlm_value *pricing, const rlm_price_key *keys, rlm_kind kind)
{
    bool some = false;

    for (; keys->key != NULL; keys++) {
        const rlm_value *amount = rlm_value_get(pricing, keys->key);
        rlm_decimal dollars;

        if (!rlm_value_says_something(amount)) continue;
        if (amount->kind != kind) return false;
        if (!rlm_value_decimal(amount, &dollars)) {
            some = true; /* rlm_record_state_price reports it */
            continue;
        }
        if (rlm_decimal_is_negative(dollars) || !is_plausible(rlm_decimal_shift(dollars, keys->shift))) return false;
        if (kind == RLM_STRING || dollars.coefficient != 0)
            some = true; /* Together writes 0 for what it does not sell by the token */
    }
    return some;
}

/* ---- Vercel's tiers ---- */

/* Whether they are prices per token, each from where the one before it ends. */
static bool
are_tiers(const rlm_value *list)
{
    const rlm_value *before = NULL;

    if (list == NULL || list->kind != RLM_ARRAY || list->first == NULL) return false;
    RLM_EACH (tier, list) {
        rlm_decimal cost;
        int64_t end;

        if (!rlm_value_decimal(rlm_value_get(tier, "cost"), &cost)) return false;
        if (rlm_decimal_is_negative(cost) || !is_plausible(rlm_decimal_shift(cost, 6))) return false;
        if (before != NULL && (!rlm_value_integer(rlm_value_get(before, "max"), &end) || end <= 0)) return false;
        before = tier;
    }
    return true;
}

/* The first tier is the price that stands beside the list. */
static rlm_status
read_tiers(const rlm_value *pricing, rlm_record *model)
{
    static const rlm_price_key lists[] = {
        {"input_tiers", {OF(TEXT, INPUT)}, 6},
        {"output_tiers", {OF(TEXT, OUTPUT)}, 6},
        {"input_cache_read_tiers", {OF(TEXT, CACHE_READ)}, 6},
        {"input_cache_write_tiers", {OF(TEXT, CACHE_WRITE)}, 6},
        {NULL, {0}, 0},
    };

    for (const rlm_price_key *key = lists; key->key != NULL; key++) {
        rlm_value *list = rlm_value_get(pricing, key->key);

        if (!are_tiers(list)) continue;
        for (rlm_value *before = list->first; before->next != NULL; before = before->next) {
            rlm_price price = key->price;

            if (!rlm_value_integer(rlm_value_get(before, "max"), &price.threshold)) continue;
            RLM_TRY(rlm_record_state_price(model, price, rlm_value_get(before->next, "cost"), key->shift));
        }
        rlm_value_take_with_prices(list);
    }
    return RLM_OK;
}

/* ---- Venice ---- */

static rlm_status
state_usd(rlm_record *model, const rlm_value *pricing, const rlm_price_key *keys, int64_t threshold)
{
    for (; keys->key != NULL; keys++) {
        rlm_price price = keys->price;
        rlm_value *usd = rlm_value_get(rlm_value_get(pricing, keys->key), "usd");

        price.threshold = threshold;
        if (usd != NULL && usd->kind == RLM_NUMBER) RLM_TRY(rlm_record_state_price(model, price, usd, keys->shift));
    }
    return RLM_OK;
}

/* `{usd, diem}` for each meter. What it meters depends on the type: `input` of a voice counts characters. */
static rlm_status
read_venice(const rlm_value *pricing, rlm_record *model)
{
    static const rlm_price_key tokens[] = {
        {"input", {OF(TEXT, INPUT)}, 0},
        {"output", {OF(TEXT, OUTPUT)}, 0},
        {"cache_input", {OF(TEXT, CACHE_READ)}, 0},
        {"cache_write", {OF(TEXT, CACHE_WRITE)}, 0},
        {NULL, {0}, 0},
    };
    static const rlm_price_key images[] = {
        {"generation", {OF(IMAGE, OUTPUT), .unit = RLM_UNIT_IMAGE}, 0},
        {NULL, {0}, 0},
    };
    const rlm_value *extended = rlm_value_get(pricing, "extended");
    rlm_value *above = rlm_value_get(extended, "context_token_threshold");
    int64_t threshold;

    if (model->type == RLM_TYPE_IMAGE) return state_usd(model, pricing, images, 0);
    if (model->type != RLM_TYPE_CHAT && model->type != RLM_TYPE_EMBEDDING && model->type != RLM_TYPE_JUDGMENT)
        return RLM_OK;
    RLM_TRY(state_usd(model, pricing, tokens, 0));
    if (!rlm_value_integer(above, &threshold) || threshold <= 0) return RLM_OK;
    rlm_value_take_with_prices(above);
    return state_usd(model, extended, tokens, threshold);
}

/* ---- Any row ---- */

/* Hugging Face's router: what all hosts ask. */
static rlm_status
read_offers(const rlm_value *hosts, rlm_record *model)
{
    rlm_value input = rlm_compatible_agreed(hosts, "pricing.input");
    rlm_value output = rlm_compatible_agreed(hosts, "pricing.output");
    rlm_value pricing = {.kind = RLM_OBJECT, .first = &input};

    if (input.kind != RLM_NUMBER || output.kind != RLM_NUMBER) return RLM_OK;
    input.next = &output;
    output.next = NULL;
    if (!has_unit(&pricing, per_million, RLM_NUMBER)) return RLM_OK;
    return rlm_record_state_prices(model, &pricing, per_million, 0, true);
}

static rlm_status
read_pricing(const rlm_value *row, const rlm_value *pricing, rlm_record *model)
{
    static const char *const others[] = {"unit", "unit_type", "currency"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (rlm_value_says_something(rlm_value_get(pricing, others[i]))) return RLM_OK;
    }
    if (has_unit(pricing, per_million, RLM_NUMBER))
        return rlm_record_state_prices(model, pricing, per_million, 0, true);
    if (has_unit(pricing, named_per_million, RLM_NUMBER))
        return rlm_record_state_prices(model, pricing, named_per_million, 0, true);
    if (rlm_value_text(rlm_value_get(pricing, "prompt")).length > 0 && has_unit(pricing, prompt_per_token, RLM_STRING))
        return rlm_openrouter_read_prices(pricing, model);
    if (rlm_value_get(row, "sn_metadata") != NULL && has_unit(pricing, prompt_per_token, RLM_NUMBER))
        return rlm_record_state_prices(model, pricing, prompt_per_token, 0, true);
    if (!has_unit(pricing, input_per_token, RLM_STRING)) return RLM_OK;
    RLM_TRY(rlm_record_state_prices(model, pricing, input_per_token, 0, true));
    return read_tiers(pricing, model);
}

rlm_status
rlm_compatible_read_prices(const rlm_value *row, rlm_record *model)
{
    const rlm_value *pricing = rlm_value_get(row, "pricing");
    const rlm_value *metadata = rlm_value_get(rlm_value_get(row, "metadata"), "pricing");
    const rlm_value *spec = rlm_value_get(rlm_value_get(row, "model_spec"), "pricing");

    if (rlm_value_says_something(pricing)) return read_pricing(row, pricing, model);
    if (spec != NULL) return read_venice(spec, model);
    if (has_unit(metadata, deepinfra, RLM_NUMBER)) return rlm_record_state_prices(model, metadata, deepinfra, 0, false);
    if (rlm_value_get(row, "context_size") != NULL && has_unit(row, novita, RLM_NUMBER))
        return rlm_record_state_prices(model, row, novita, 0, true);
    if (rlm_value_get(row, "cached_price") != NULL && has_unit(row, requesty, RLM_NUMBER))
        return rlm_record_state_prices(model, row, requesty, 0, false);
    return read_offers(rlm_value_get(row, "providers"), model);
}
