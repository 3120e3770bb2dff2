/*
 * A registry file as the ruby_llm gem writes it: a list of finished records of many providers, read from disk, never
 * fetched.
 *
 * Odd about it: its dates are whole days, even if only the month was stated. The statement itself, if it is kept,
 * stands in the metadata and is better, unless it names another day: then the day is the provider's own word.
 * Capabilities are the known ones, so an absent one says nothing. Its metadata is ours as it stands; keys that the
 * format does not have are ignored.
 */
#include "sources/source.h"

#include <stdio.h>
#include <string.h>

static rlm_status
read_provider(const rlm_value *provider, rlm_record *model, rlm_error *error)
{
    rlm_slice text = rlm_value_text(provider);

    if (text.length == 0 || provider->damaged) return rlm_error_set(error, RLM_BAD_ROW, "a row must have a provider");
    return rlm_text_copy(model->arena, text, &model->provider);
}

static void
read_capabilities(const rlm_value *list, rlm_record *model)
{
    if (list == NULL || list->kind != RLM_ARRAY) return;
    RLM_EACH (word, list) {
        int capability = rlm_name_position(rlm_capability_names, RLM_CAPABILITY_COUNT, rlm_value_text(word));

        if (capability >= 0) rlm_flags_state(&model->capabilities, capability, true);
    }
}

/* One tier of one category. The parts of `price` that the position of the tier tells are set. */
static bool
is_said(const rlm_value *amount)
{
    return amount != NULL && amount->kind != RLM_NULL;
}

static rlm_status
read_tier(const rlm_value *tier, const char *category, rlm_price price, rlm_record *model)
{
    static const struct {
        const char *attribute, *other; /* the gem's versions differ */
    } others[] = {
        {"cache_read_input", "cached_input_per_million"},
        {"cache_write_input", "cache_creation_input_per_million"},
    };

    for (int meter = 0; meter < RLM_METER_COUNT; meter++) {
        char key[64];
        rlm_value *amount;

        if (strcmp(rlm_meter_categories[meter], category) != 0) continue;
        (void) snprintf(key, sizeof key, "%s_per_million", rlm_meter_attributes[meter]);
        amount = rlm_value_get(tier, key);
        for (size_t i = 0; i < sizeof others / sizeof *others && !is_said(amount); i++) {
            if (strcmp(rlm_meter_attributes[meter], others[i].attribute) == 0)
                amount = rlm_value_get(tier, others[i].other);
        }
        price.meter = (uint8_t) meter;
        price.covers = meter == RLM_METER_INPUT || meter == RLM_METER_CACHE_READ ? RLM_COVERS_MEDIA : 0;
        RLM_TRY(rlm_record_state_price(model, price, amount, 0));
    }
    return RLM_OK;
}

static rlm_status
read_prices(const rlm_value *pricing, rlm_record *model)
{
    static const char *const categories[] = {"text_tokens", "images", "audio_tokens", "embeddings"};

    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
        const rlm_value *tiers = rlm_value_get(pricing, categories[i]);
        rlm_price price = RLM_ANY_LENGTH;
        int64_t threshold;

        for (uint8_t tier = RLM_TIER_STANDARD; tier <= RLM_TIER_BATCH; tier++) {
            price.tier = tier;
            RLM_TRY(read_tier(rlm_value_get(tiers, rlm_price_tier_names[tier]), categories[i], price, model));
        }
        price.tier = RLM_TIER_STANDARD;
        if (rlm_value_integer(rlm_value_get(tiers, "long_context_threshold"), &threshold) &&
            rlm_price_above(threshold, &price))
            RLM_TRY(read_tier(rlm_value_get(tiers, "long_context"), categories[i], price, model));
    }
    return RLM_OK;
}

static rlm_status
read_metadata(const rlm_value *metadata, rlm_record *model)
{
    rlm_timestamp stated = {0, RLM_PRECISION_NONE}, day = model->knowledge_cutoff;

    if (metadata == NULL || metadata->kind != RLM_OBJECT) return RLM_OK;
    rlm_record_state_timestamp(&stated, rlm_value_get(metadata, "knowledge")); /* models.dev's word for it */
    rlm_record_state_timestamp(&stated, rlm_value_get(metadata, "knowledge_cutoff"));
    if (stated.precision != RLM_PRECISION_NONE &&
        (day.precision == RLM_PRECISION_NONE || day.seconds == stated.seconds)) {
        model->knowledge_cutoff = stated;
        rlm_value_drop(metadata, "knowledge");
        rlm_value_drop(metadata, "knowledge_cutoff");
    }
    return rlm_record_keep_rest(model, metadata, NULL);
}

rlm_status
rlm_file_read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    const rlm_value *modalities = rlm_value_get(row, "modalities");
    int type = rlm_name_position(rlm_type_names, RLM_TYPE_COUNT, rlm_value_text(rlm_value_get(row, "type")));

    RLM_TRY(read_provider(rlm_value_get(row, "provider"), model, error));
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "name")));
    RLM_TRY(rlm_record_state_family(model, rlm_value_get(row, "family")));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created_at"));
    rlm_record_state_timestamp(&model->knowledge_cutoff, rlm_value_get(row, "knowledge_cutoff"));
    rlm_record_state_timestamp(&model->unlisted_at, rlm_value_get(row, "unlisted_at"));
    if (model->unlisted_at.precision != RLM_PRECISION_NONE) model->standing = RLM_STANDING_UNLISTED;
    for (int limit = 0; limit < RLM_LIMIT_COUNT; limit++) {
        static const char *const keys[RLM_LIMIT_COUNT] = {"context_window", "max_input_tokens", "max_output_tokens"};

        rlm_record_state_limit(model, (rlm_limit) limit, rlm_value_get(row, keys[limit]));
    }
    rlm_record_state_modalities(&model->input, rlm_value_get(modalities, "input"), NULL);
    rlm_record_state_modalities(&model->output, rlm_value_get(modalities, "output"), NULL);
    read_capabilities(rlm_value_get(row, "capabilities"), model);
    if (type > 0) model->type = (uint8_t) type; /* beside its modalities, which are stated */
    RLM_TRY(read_prices(rlm_value_get(row, "pricing"), model));
    return read_metadata(rlm_value_get(row, "metadata"), model);
}

const rlm_source rlm_source_file = {
    .slug = "file",
    .name = "registry file",
    .rank = RLM_RANK_STAND_IN,
    .listings = {{.rows = "[]", .read_row = rlm_file_read_row}},
};
