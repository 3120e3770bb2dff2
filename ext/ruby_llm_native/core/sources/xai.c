/*
 * xAI: GET {base}/models, one page, bearer key.
 *
 * Odd about it: prices are whole numbers of US cents for 100 million tokens, those of an image cents for one. Prices of long requests hold at
 * the threshold and above it; ours hold above it, so ours is one less. Older answers state none of this.
 */
#include "../source.h"

/* Cents for 10^8 tokens are dollars for 10^10: four places from the price per million. */
#define PER_MILLION (-4)

static const rlm_price_key text_prices[] = {
    {"prompt_text_token_price", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_INPUT}, PER_MILLION},
    {"cached_prompt_text_token_price", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_CACHE_READ}, PER_MILLION},
    {"completion_text_token_price", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_OUTPUT}, PER_MILLION},
    {NULL, {0}, 0},
};

static const rlm_price_key long_prices[] = {
    {"prompt_text_token_price_long_context", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_INPUT}, PER_MILLION},
    {"cached_prompt_text_token_price_long_context", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_CACHE_READ}, PER_MILLION},
    {"completion_text_token_price_long_context", {.category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_OUTPUT}, PER_MILLION},
    {NULL, {0}, 0},
};

static const rlm_price_key image_prices[] = {
    {"prompt_image_token_price", {.category = RLM_PRICE_IMAGE, .direction = RLM_DIRECTION_INPUT}, PER_MILLION},
    {"image_price", {.category = RLM_PRICE_IMAGE, .direction = RLM_DIRECTION_OUTPUT, .unit = RLM_UNIT_IMAGE}, -2},
    {NULL, {0}, 0},
};

static rlm_status
read_prices(const rlm_value *row, rlm_record *model)
{
    rlm_decimal image;
    bool sells_images = rlm_value_decimal(rlm_value_get(row, "image_price"), &image) && image.coefficient > 0;
    int64_t threshold;

    /* A model sold by the image has 0 for the price of its text, and one sold by the token 0 for that of an image: no such price. */
    RLM_TRY(rlm_record_state_prices(model, row, text_prices, 0, !sells_images));
    RLM_TRY(rlm_record_state_prices(model, row, image_prices, 0, false));
    if (!rlm_value_integer(rlm_value_get(row, "long_context_threshold"), &threshold) || threshold <= 1) return RLM_OK;
    rlm_value_drop(row, "long_context_threshold");
    return rlm_record_state_prices(model, row, long_prices, threshold - 1, false);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_take(row, "id"), NULL, error));
    rlm_record_state_moment(&model->created_at, rlm_value_take(row, "created"));
    RLM_TRY(rlm_record_state_kin(model, rlm_value_take(row, "aliases")));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_take(row, "max_prompt_length"));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_take(row, "context_length"));
    rlm_record_state_modalities(&model->input, rlm_value_take(row, "input_modalities"));
    rlm_record_state_modalities(&model->output, rlm_value_take(row, "output_modalities"));
    RLM_TRY(read_prices(row, model));
    return rlm_record_keep_rest(model, row, rlm_source_xai.ignore);
}

const rlm_source rlm_source_xai = {
    .slug = "xai",
    .name = "xAI",
    .base_url = "https://api.x.ai/v1",
    .settings = {{"xai_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET}, {"xai_api_base", RLM_SETTING_BASE_URL}},
    .path = "models",
    .rows = "data[]",
    .ignore = {"object", "owned_by"},
    .types = {{"imagine-image", RLM_TYPE_IMAGE}, {"imagine-video", RLM_TYPE_VIDEO}, {"embed", RLM_TYPE_EMBEDDING}},
    .authorize = rlm_source_bearer,
    .read_row = read_row,
};
