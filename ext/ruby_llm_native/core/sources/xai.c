/*
 * xAI: GET {base}/models and three richer lists, each one page, bearer key.
 *
 * The first list has every model that the key may use. The richer ones add modalities and prices to them, and are
 * optional: one that is missing (404) takes no model away, one that fails leaves a remark. Their rows do not have
 * output modalities in every version [?]: then the list tells the type. The speech models are in no list; their
 * documentation states what they take and give.
 *
 * Odd about it: prices are whole numbers of US cents: for 100 million tokens, or searches, or for one image. Prices of
 * long requests hold at the threshold and above it. Older answers state none of this. Videos are charged by the second,
 * and no list has that price.
 */
#include "sources/rows.h"

#include <string.h>

/* Cents for 10^8 tokens are dollars for 10^10: four places from the price per million. */
#define PER_MILLION (-4)

static const rlm_price_key text_prices[] = {
    RLM_PRICE("prompt_text_token_price", INPUT, PER_MILLION),
    RLM_PRICE("cached_prompt_text_token_price", CACHE_READ, PER_MILLION),
    RLM_PRICE("completion_text_token_price", OUTPUT, PER_MILLION),
    RLM_PRICE_END,
};

static const rlm_price_key long_prices[] = {
    RLM_PRICE("prompt_text_token_price_long_context", INPUT, PER_MILLION),
    RLM_PRICE("cached_prompt_text_token_price_long_context", CACHE_READ, PER_MILLION),
    RLM_PRICE("completion_text_token_price_long_context", OUTPUT, PER_MILLION),
    RLM_PRICE_END,
};

static const rlm_price_key image_prices[] = {
    RLM_PRICE("prompt_image_token_price", IMAGE_INPUT, PER_MILLION),
    RLM_PRICE("generated_image_token_price", IMAGE_OUTPUT, PER_MILLION),
    RLM_PRICE("image_price", IMAGE, -2),
    RLM_PRICE_END,
};

/* Cents for 10^8 searches are dollars for 10^10. */
static const rlm_price_key search_prices[] = {
    RLM_PRICE("search_price", WEB_SEARCH, -10),
    RLM_PRICE_END,
};

static bool
sells_images(const rlm_value *row)
{
    rlm_decimal price;

    return rlm_value_decimal(rlm_value_get(row, "image_price"), &price) && price.coefficient > 0;
}

/*
 * The unit of this price is in no documentation: 250000000 was 2.5 cents. Less than a hundredth of a cent is in another
 * one, and stays metadata.
 */
static bool
sells_searches(const rlm_value *row)
{
    static const rlm_decimal least = {1, 6};
    rlm_decimal price;

    return rlm_value_decimal(rlm_value_get(row, "search_price"), &price) && rlm_decimal_compare(price, least) >= 0;
}

static rlm_status
read_prices(const rlm_value *row, rlm_record *model)
{
    rlm_value *step = rlm_value_get(row, "long_context_threshold");
    rlm_price from = {.step = RLM_STEP_FROM};
    int64_t threshold;

    /*
     * A model sold by the image has 0 as the price of its text, and one sold by the token 0 as that of an image: no
     * such price.
     */
    RLM_TRY(rlm_record_state_prices(model, row, text_prices, RLM_ANY_LENGTH, !sells_images(row)));
    RLM_TRY(rlm_record_state_prices(model, row, image_prices, RLM_ANY_LENGTH, false));
    if (sells_searches(row)) RLM_TRY(rlm_record_state_prices(model, row, search_prices, RLM_ANY_LENGTH, false));
    if (!rlm_value_integer(step, &threshold) || !rlm_price_above(threshold, &from)) return RLM_OK;
    rlm_value_take_with_prices(step);
    return rlm_record_state_prices(model, row, long_prices, from, false);
}

static void
read_type(const rlm_value *row, rlm_record *model)
{
    if (model->output.yes != 0 || model->listing == NULL) return;
    if (sells_images(row)) rlm_record_state_type(model, RLM_TYPE_IMAGE);
    if (strcmp(model->listing->path, "image-generation-models") == 0) rlm_record_state_type(model, RLM_TYPE_IMAGE);
    if (strcmp(model->listing->path, "video-generation-models") == 0) rlm_record_state_type(model, RLM_TYPE_VIDEO);
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created"));
    RLM_TRY(rlm_record_state_equivalents(model, rlm_value_get(row, "aliases")));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(row, "context_length"));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(row, "max_prompt_length"));
    rlm_record_state_modalities(&model->input, rlm_value_get(row, "input_modalities"), NULL);
    rlm_record_state_modalities(&model->output, rlm_value_get(row, "output_modalities"), NULL);
    read_type(row, model);
    RLM_TRY(read_prices(row, model));
    return rlm_record_keep_rest(model, row, rlm_source_xai.ignore);
}

static rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    static const struct {
        const char *id;
        rlm_modality input;
        rlm_type type; /* which states the output */
    } speech[] = {{"grok-tts", RLM_MODALITY_TEXT, RLM_TYPE_AUDIO},
                  {"grok-stt", RLM_MODALITY_AUDIO, RLM_TYPE_TRANSCRIPTION}};

    (void) settings;
    for (size_t i = 0; i < sizeof speech / sizeof *speech; i++) {
        rlm_record *model;
        rlm_status status = rlm_rows_new(rows, &model);

        if (status != RLM_OK) return rlm_error_set(error, status, NULL);
        model->id = rlm_slice_of(speech[i].id);
        model->standing = RLM_STANDING_DOCUMENTED;
        rlm_flags_state(&model->input, (int) speech[i].input, true);
        rlm_record_state_type(model, speech[i].type);
    }
    return RLM_OK;
}

#define RICHER (RLM_LISTING_OPTIONAL | RLM_LISTING_MISSING_OK)

const rlm_source rlm_source_xai = {
    .slug = "xai",
    .name = "xAI",
    .auth = "bearer key",
    .states = "date, aliases; in newer answers limits, modalities, prices by request length",
    .base_url = "https://api.x.ai/v1",
    .settings = {{"xai_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET}, {"xai_api_base", RLM_SETTING_BASE_URL}},
    .flags = RLM_SOURCE_MAKER,
    .preference = 80,
    .listings = {RLM_OPENAI_LISTING("models", read_row, 0),
                 {.path = "language-models", .rows = "models[]", .flags = RICHER, .read_row = read_row},
                 {.path = "image-generation-models", .rows = "models[]", .flags = RICHER, .read_row = read_row},
                 {.path = "video-generation-models", .rows = "models[]", .flags = RICHER, .read_row = read_row}},
    .ignore = {"object", "owned_by"},
    .types = {{"-image", RLM_TYPE_IMAGE},
              {"imagine-video", RLM_TYPE_VIDEO},
              {"embed", RLM_TYPE_EMBEDDING},
              {"grok-tts", RLM_TYPE_AUDIO},
              {"grok-stt", RLM_TYPE_TRANSCRIPTION}},
    .authorize = rlm_source_bearer,
    .complete = complete,
};
