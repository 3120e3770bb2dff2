/* xAI: prices in its own units, models that are sold by the image, and speech models that it does not list. */
#include "stated.h"
#include "world.h"

TEST
is_asked_with_its_key(void)
{
    ASSERT_TEXT("https://api.x.ai/v1/models|Authorization: Bearer xai_api_key",
                request_to(&rlm_source_xai, only_keys, NULL));
    PASS();
}

TEST
prices_are_cents_for_a_hundred_million(void)
{
    READ(xai, {"data": [{
        "id": "grok-4-0709", "created": 1752000001, "object": "model", "owned_by": "xai", "aliases": ["grok-4"],
        "context_length": 256000, "prompt_text_token_price": 30000, "cached_prompt_text_token_price": 7500,
        "completion_text_token_price": 150000, "prompt_image_token_price": 0, "image_price": null,
        "prompt_text_token_price_long_context": 60000, "completion_text_token_price_long_context": 300000,
        "long_context_threshold": 128000
    }]});
    ASSERT_TEXT("grok-4\n", model.equivalents);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 256000);
    ASSERT_SAID("3", token_price(RLM_METER_INPUT));
    ASSERT_SAID("0.75", token_price(RLM_METER_CACHE_READ));
    ASSERT_SAID("15", token_price(RLM_METER_OUTPUT));
    ASSERT_SAID("6", long_price(RLM_METER_INPUT, 128000));
    ASSERT_SAID("30", long_price(RLM_METER_OUTPUT, 128000));
    for (uint32_t i = 0; i < model.prices.count; i++)
        ASSERT(model.prices.list[i].step == (model.prices.list[i].threshold > 0 ? RLM_STEP_FROM : RLM_STEP_ABOVE));
    ASSERT(model.prices.count == 5);
    ASSERT(model.metadata.length == 0);
    PASS();
}

TEST
sells_images_by_the_piece(void)
{
    READ(xai, {"data": [{
        "id": "grok-imagine-image", "prompt_text_token_price": 0, "completion_text_token_price": 0, "image_price": 2
    }]});
    ASSERT(model.prices.count == 1);
    ASSERT_SAID("0.02", price_above(RLM_METER_IMAGE, RLM_UNIT_IMAGE, RLM_TIER_STANDARD, 0));
    READ(xai, {"data": [{"id": "grok-free", "prompt_text_token_price": 0, "image_price": null}]});
    ASSERT_SAID("0", token_price(RLM_METER_INPUT));
    PASS();
}

TEST
states_modalities_in_richer_rows(void)
{
    READ(xai, {"data": [{
        "id": "g", "input_modalities": ["text", "image"], "output_modalities": ["text"], "max_prompt_length": 65536,
        "context_length": null, "prompt_text_token_price_long_context": 6666, "long_context_threshold": 0
    }]});
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_INPUT("no", AUDIO);
    ASSERT_OUTPUT("no", IMAGE);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 65536);
    ASSERT(model.prices.count == 0);
    PASS();
}

TEST
catalogues_its_speech_models(void)
{
    READ_SHEET(xai, {"data": [{"id": "grok-4"}]});
    ASSERT(sheet.count == 3 && find("grok-4") && model.standing == RLM_STANDING_LISTED);
    ASSERT(find("grok-stt") && model.standing == RLM_STANDING_DOCUMENTED && model.prices.count == 0);
    ASSERT_TYPE("transcription");
    ASSERT_INPUT("yes", AUDIO);
    ASSERT(find("grok-tts"));
    ASSERT_TYPE("audio");
    PASS();
}

TEST
models_that_are_sold_by_the_image_make_images(void)
{
    world all;

    start(&all);
    ADD(xai, {"data": [
        {"id": "grok-7-image-0101"},
        {"id": "aurora", "image_price": 700},
        {"id": "sees", "image_price": 0},
        {"id": "tells", "image_price": 700, "output_modalities": ["text"]}
    ]});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_MERGED_TYPE("image", "xai", "grok-7-image-0101");
    ASSERT_MERGED_TYPE("image", "xai", "aurora");
    ASSERT(says(merged(&all, "xai", "aurora"), RLM_FIELD_TYPE, "xai"));
    ASSERT_MERGED_TYPE("chat", "xai", "sees");
    ASSERT_MERGED_TYPE("chat", "xai", "tells");
    finish(&all);
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(xai, JSON({"data": [{"id": "a"}]}));
    PASS();
}

TEST
searches_have_a_price(void)
{
    READ(xai, {"data": [{
        "id": "g", "prompt_text_token_price": 30000, "search_price": 250000000, "generated_image_token_price": 70000
    }]});
    ASSERT_SAID("0.025", price_at(RLM_METER_WEB_SEARCH, RLM_TIER_STANDARD, 1, 0));
    ASSERT_SAID("7", price_at(RLM_METER_IMAGE_OUTPUT, RLM_TIER_STANDARD, 1, 0));
    READ(xai, {"data": [{"id": "g", "prompt_text_token_price": 30000, "search_price": 25000}]});
    ASSERT_SAID("unknown", price_at(RLM_METER_WEB_SEARCH, RLM_TIER_STANDARD, 1, 0));
    ASSERT_JSON(model.metadata, {"search_price": 25000});
    READ(xai, {"data": [{"id": "g", "prompt_text_token_price": 30000, "search_price": 0}]});
    ASSERT(model.prices.count == 1);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_asked_with_its_key);
    RUN(prices_are_cents_for_a_hundred_million);
    RUN(sells_images_by_the_piece);
    RUN(states_modalities_in_richer_rows);
    RUN(catalogues_its_speech_models);
    RUN(models_that_are_sold_by_the_image_make_images);
    RUN(survives_a_lack_of_memory);
    RUN(searches_have_a_price);
    answer_free();
    return REPORT("xai");
}
