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

static const rlm_price_key per_million[] = {
    RLM_PRICE_OF_ALL("input", INPUT, 0),
    RLM_PRICE("output", OUTPUT, 0),
    RLM_PRICE_OF_ALL("cached_input", CACHE_READ, 0),
    RLM_PRICE_END,
};

static const rlm_price_key named_per_million[] = {
    RLM_PRICE_OF_ALL("input_per_1m", INPUT, 0),
    RLM_PRICE("output_per_1m", OUTPUT, 0),
    RLM_PRICE_END,
};

/* As Vercel's gateway does. */
static const rlm_price_key input_per_token[] = {
    RLM_PRICE_OF_ALL("input", INPUT, 6),
    RLM_PRICE("output", OUTPUT, 6),
    RLM_PRICE_OF_ALL("input_cache_read", CACHE_READ, 6),
    RLM_PRICE("input_cache_write", CACHE_WRITE, 6),
    RLM_PRICE_END,
};

static const rlm_price_key deepinfra[] = {
    RLM_PRICE_OF_ALL("input_tokens", INPUT, 0),
    RLM_PRICE("output_tokens", OUTPUT, 0),
    RLM_PRICE_OF_ALL("cache_read_tokens", CACHE_READ, 0),
    RLM_PRICE_END,
};

static const rlm_price_key requesty[] = {
    RLM_PRICE_OF_ALL("input_price", INPUT, 6),
    RLM_PRICE("output_price", OUTPUT, 6),
    RLM_PRICE_OF_ALL("cached_price", CACHE_READ, 6),
    RLM_PRICE("caching_price", CACHE_WRITE, 6),
    RLM_PRICE_END,
};

/* In ten-thousandths of a dollar for a million. */
static const rlm_price_key novita[] = {
    RLM_PRICE_OF_ALL("input_token_price_per_m", INPUT, -4),
    RLM_PRICE("output_token_price_per_m", OUTPUT, -4),
    RLM_PRICE_END,
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
        RLM_PRICE_OF_ALL("input_tiers", INPUT, 6),
        RLM_PRICE("output_tiers", OUTPUT, 6),
        RLM_PRICE_OF_ALL("input_cache_read_tiers", CACHE_READ, 6),
        RLM_PRICE("input_cache_write_tiers", CACHE_WRITE, 6),
        RLM_PRICE_END,
    };

    for (const rlm_price_key *key = lists; key->key != NULL; key++) {
        rlm_value *list = rlm_value_get(pricing, key->key);

        if (!are_tiers(list)) continue;
        for (rlm_value *before = list->first; before->next != NULL; before = before->next) {
            rlm_price price = {.meter = key->meter, .covers = key->covers};
            int64_t max;

            if (!rlm_value_integer(rlm_value_get(before, "max"), &max) || !rlm_price_above(max, &price)) continue;
            RLM_TRY(rlm_record_state_price(model, price, rlm_value_get(before->next, "cost"), key->shift));
        }
        rlm_value_take_with_prices(list);
    }
    return RLM_OK;
}

/* ---- Venice ---- */

static rlm_status
state_usd(rlm_record *model, const rlm_value *pricing, const rlm_price_key *keys, rlm_price conditions)
{
    for (; keys->key != NULL; keys++) {
        rlm_price price = conditions;
        rlm_value *usd = rlm_value_get(rlm_value_get(pricing, keys->key), "usd");

        price.meter = keys->meter;
        price.covers = keys->covers;
        price.unit = (uint8_t) rlm_meter_units[keys->meter];
        if (usd != NULL && usd->kind == RLM_NUMBER) RLM_TRY(rlm_record_state_price(model, price, usd, keys->shift));
    }
    return RLM_OK;
}

/* `{usd, diem}` for each meter. What it meters depends on the type: `input` of a voice counts characters. */
static rlm_status
read_venice(const rlm_value *pricing, rlm_record *model)
{
    static const rlm_price_key tokens[] = {
        RLM_PRICE_OF_ALL("input", INPUT, 0),
        RLM_PRICE("output", OUTPUT, 0),
        RLM_PRICE_OF_ALL("cache_input", CACHE_READ, 0),
        RLM_PRICE("cache_write", CACHE_WRITE, 0),
        RLM_PRICE_END,
    };
    static const rlm_price_key images[] = {
        RLM_PRICE("generation", IMAGE, 0),
        RLM_PRICE_END,
    };
    const rlm_value *extended = rlm_value_get(pricing, "extended");
    rlm_value *above = rlm_value_get(extended, "context_token_threshold");
    rlm_price conditions = RLM_ANY_LENGTH;
    int64_t threshold;

    if (model->type == RLM_TYPE_IMAGE) return state_usd(model, pricing, images, RLM_ANY_LENGTH);
    if (model->type != RLM_TYPE_CHAT && model->type != RLM_TYPE_EMBEDDING && model->type != RLM_TYPE_JUDGMENT)
        return RLM_OK;
    RLM_TRY(state_usd(model, pricing, tokens, RLM_ANY_LENGTH));
    if (!rlm_value_integer(above, &threshold) || !rlm_price_above(threshold, &conditions)) return RLM_OK;
    rlm_value_take_with_prices(above);
    return state_usd(model, extended, tokens, conditions);
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
    return rlm_record_state_prices(model, &pricing, per_million, RLM_ANY_LENGTH, true);
}

static rlm_status
read_pricing(const rlm_value *row, const rlm_value *pricing, rlm_record *model)
{
    static const char *const others[] = {"unit", "unit_type", "currency"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (rlm_value_says_something(rlm_value_get(pricing, others[i]))) return RLM_OK;
    }
    if (has_unit(pricing, per_million, RLM_NUMBER))
        return rlm_record_state_prices(model, pricing, per_million, RLM_ANY_LENGTH, true);
    if (has_unit(pricing, named_per_million, RLM_NUMBER))
        return rlm_record_state_prices(model, pricing, named_per_million, RLM_ANY_LENGTH, true);
    if (rlm_value_text(rlm_value_get(pricing, "prompt")).length > 0 &&
        has_unit(pricing, rlm_openrouter_token_prices, RLM_STRING))
        return rlm_openrouter_read_prices(pricing, model);
    if (rlm_value_get(row, "sn_metadata") != NULL && has_unit(pricing, rlm_openrouter_token_prices, RLM_NUMBER))
        return rlm_record_state_prices(model, pricing, rlm_openrouter_token_prices, RLM_ANY_LENGTH, true);
    if (!has_unit(pricing, input_per_token, RLM_STRING)) return RLM_OK;
    RLM_TRY(rlm_record_state_prices(model, pricing, input_per_token, RLM_ANY_LENGTH, true));
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
    if (has_unit(metadata, deepinfra, RLM_NUMBER))
        return rlm_record_state_prices(model, metadata, deepinfra, RLM_ANY_LENGTH, false);
    if (rlm_value_get(row, "context_size") != NULL && has_unit(row, novita, RLM_NUMBER))
        return rlm_record_state_prices(model, row, novita, RLM_ANY_LENGTH, true);
    if (rlm_value_get(row, "cached_price") != NULL && has_unit(row, requesty, RLM_NUMBER))
        return rlm_record_state_prices(model, row, requesty, RLM_ANY_LENGTH, false);
    return read_offers(rlm_value_get(row, "providers"), model);
}
