/*
 * The published catalogue: GET the URL that the user has set, a list in the format of registry files, with an ETag. Off
 * unless it is set.
 *
 * Odd about it: it states much that nobody stated to it. For years its makers filled in prices, limits, capabilities
 * and names from tables by id. So a row is read by the reader of registry files, but only after everything without
 * provenance has been taken out. What is believed:
 *
 *   rows from models.dev   everything (metadata.source says so). Prices, limits and the knowledge date are read from
 *                          `cost`, `limit` and `knowledge` in the metadata, which repeat models.dev exactly: the row's
 *                          own mix them with tables, and lose the dates of a month. The time of day is padding: dates
 *                          are days.
 *   openrouter             prices, limits, dates, capabilities, modalities, name: its API states them. Not
 *                          predicted_outputs and streaming, which were deduced.
 *   cohere                 limits, capabilities, modalities. Its dates were read in some time zone.
 *   mistral                modalities. Its dates are like cohere's; limits and capabilities came from tables.
 *   deepgram               only the id and metadata: eleven transcribers are listed as voices.
 *   azure                  the modalities of rows of its own list. Their prices, limits and capabilities were those of
 *                          OpenAI's ids, whatever the model.
 *   all others             dates and modalities. The prices and limits of openai, gemini, deepseek and perplexity came
 *                          from tables; xai's prices were never read.
 *
 * Rows with a mark of the provider's own listing are believed what that listing states beside it: the limits of gemini,
 * bedrock and mistral, and the prices of the models that perplexity passes on.
 *
 * All of Bedrock's rows had function_calling: it is believed for models from models.dev that give text.
 *
 * Prices of rows that are not from models.dev were multiplied by a million as doubles: 0.7999999999999999 is 0.8.
 */
#include "sources/source.h"

#include <string.h>

enum { PRICES = 1, LIMITS = 2, DATES = 4, CAPABILITIES = 8, MODALITIES = 16, NAMES = 32, ALL = 63 };

static unsigned
believed(rlm_slice provider)
{
    static const struct {
        const char *provider;
        unsigned facts;
    } others[] = {
        {"openrouter", ALL},     {"cohere", LIMITS | CAPABILITIES | MODALITIES},
        {"mistral", MODALITIES}, {"azure", MODALITIES},
        {"deepgram", 0},
    };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (rlm_slice_is(provider, others[i].provider)) return others[i].facts;
    }
    return DATES | MODALITIES;
}

/*
 * A double is exact to fifteen digits. If those end in zeros and more digits follow, the rest is what the
 * multiplication left; a price that needs all digits, such as one divided by three, stays as it is.
 */
static rlm_price
without_noise(rlm_price price)
{
    const int64_t sure = 999999999999999;
    int64_t coefficient = price.coefficient, power = 1;
    int dropped = 0;

    while (coefficient / power > sure) {
        power *= 10;
        dropped++;
    }
    if (dropped == 0) return price;
    coefficient = coefficient / power + (coefficient % power >= power / 2);
    if (coefficient % 100 != 0) return price;
    for (; coefficient % 10 == 0; dropped++) coefficient /= 10; /* it is not zero: it has fifteen digits */
    price.coefficient = coefficient;
    price.exponent = (int16_t) (price.exponent + dropped);
    return price;
}

static rlm_status
round_prices(rlm_record *model)
{
    const rlm_price_set noisy = model->prices;

    model->prices = (rlm_price_set){.words = noisy.words};
    for (uint32_t i = 0; i < noisy.count; i++)
        RLM_TRY(rlm_prices_add(&model->prices, without_noise(noisy.list[i]), model->arena));
    return RLM_OK;
}

/* The numbers that a row has from its provider's listing, which has left its mark in the metadata. */
static unsigned
stated_by_listing(const rlm_value *row, rlm_slice provider)
{
    static const struct {
        const char *provider, *mark;
    } limits[] = {
        {"gemini", "supported_generation_methods"},
        {"bedrock", "model_arn"},
        {"mistral", "aliases"},
        {"mistral", "description"},
    };
    const rlm_value *metadata = rlm_value_get(row, "metadata");
    rlm_slice id = rlm_value_text(rlm_value_get(row, "id"));

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (!rlm_slice_is(provider, limits[i].provider)) continue;
        if (rlm_value_get(metadata, limits[i].mark) != NULL) return LIMITS;
    }
    if (!rlm_slice_is(provider, "perplexity") || id.length == 0) return 0;
    return memchr(id.bytes, '/', id.length) != NULL ? PRICES : 0;
}

static void
drop_word(const rlm_value *list, const char *word)
{
    if (list == NULL || list->kind != RLM_ARRAY) return;
    RLM_EACH (element, list) {
        if (rlm_slice_is(rlm_value_text(element), word)) element->kind = RLM_NULL;
    }
}

static void
drop_capabilities(const rlm_value *row, rlm_slice provider, bool models_dev)
{
    const rlm_value *capabilities = rlm_value_get(row, "capabilities");
    bool writes = rlm_value_contains(rlm_value_get(rlm_value_get(row, "modalities"), "output"), "text");

    if (rlm_slice_is(provider, "openrouter")) {
        drop_word(capabilities, "predicted_outputs");
        drop_word(capabilities, "streaming");
    }
    if (rlm_slice_is(provider, "bedrock") && !(models_dev && writes)) drop_word(capabilities, "function_calling");
}

static void
drop_unfounded(const rlm_value *row, unsigned facts)
{
    static const struct {
        unsigned fact;
        const char *key;
    } keys[] = {
        {PRICES, "pricing"},
        {LIMITS, "context_window"},
        {LIMITS, "max_input_tokens"},
        {LIMITS, "max_output_tokens"},
        {DATES, "created_at"},
        {DATES, "knowledge_cutoff"},
        {CAPABILITIES, "capabilities"},
        {MODALITIES, "modalities"},
        {MODALITIES, "type"},
        {NAMES, "name"},
        {NAMES, "family"},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if ((facts & keys[i].fact) == 0) rlm_value_drop(row, keys[i].key);
    }
    rlm_value_drop(row, "unlisted_at"); /* to somebody else */
}

/* What models.dev said, word for word. */
static rlm_status
read_models_dev(const rlm_value *metadata, rlm_record *model)
{
    const rlm_value *limit = rlm_value_get(metadata, "limit");

    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(limit, "context"));
    rlm_record_state_limit(model, RLM_LIMIT_INPUT, rlm_value_get(limit, "input"));
    rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, rlm_value_get(limit, "output"));
    rlm_models_dev_read_status(metadata, model);
    RLM_TRY(rlm_models_dev_read_controls(metadata, model));
    return rlm_models_dev_read_prices(metadata, model);
}

static void
cut_padding(rlm_timestamp *timestamp)
{
    if (timestamp->precision == RLM_PRECISION_SECOND && timestamp->seconds % 86400 == 0)
        timestamp->precision = RLM_PRECISION_DAY;
}

rlm_status
rlm_published_read(const rlm_value *row, bool unfounded, rlm_record *model, rlm_error *error)
{
    const rlm_value *metadata = rlm_value_get(row, "metadata");
    rlm_slice provider = rlm_value_text(rlm_value_get(row, "provider"));
    bool models_dev = rlm_slice_is(rlm_value_text(rlm_value_get(metadata, "source")), "models.dev");
    unsigned facts = models_dev ? ALL & ~(unsigned) (PRICES | LIMITS) : believed(provider);

    if (!models_dev) facts |= stated_by_listing(row, provider);
    if (unfounded) facts |= ALL & ~(unsigned) (PRICES | LIMITS);
    else drop_capabilities(row, provider, models_dev);
    drop_unfounded(row, facts);
    if (models_dev) RLM_TRY(read_models_dev(metadata, model));
    RLM_TRY(rlm_file_read_row(row, model, error));
    if (models_dev) cut_padding(&model->created_at);
    else if (model->prices.count > 0) RLM_TRY(round_prices(model));
    return RLM_OK;
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    return rlm_published_read(row, false, model, error);
}

const rlm_source rlm_source_published = {
    .slug = "published",
    .name = "the published catalogue",
    .auth = "none",
    .states = "facts that name their source: prices of models.dev's rows, limits, dates",
    .settings = {{"published_models_url", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL}},
    .rank = RLM_RANK_PUBLISHED,
    .flags = RLM_SOURCE_SHARED,
    .listings = {{.rows = "[]", .read_row = read_row}},
};
