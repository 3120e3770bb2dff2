/* The keys of LiteLLM's prices, and what multiplies them. */
#include "answer.h"
#include "parsed.h"
#include "sources/litellm_facts.h"
#include "told.h"

static rlm_arena arena;

static rlm_status
read_all(const char *json, rlm_price_words words)
{
    rlm_value *row = parsed(json);

    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_record_init(&model, &arena, RLM_SLICE("acme"));
    if (row == NULL) return RLM_OUT_OF_MEMORY;
    RLM_TRY(rlm_litellm_read_facts(row, &words, &model));
    return rlm_record_keep_rest(&model, row, NULL);
}

#define ASSERT_READ(expected, ...)                                                                                     \
    do {                                                                                                               \
        ASSERT_STATUS(RLM_OK, read_all(#__VA_ARGS__, (rlm_price_words){.region = {NULL, 0}}));                         \
        ASSERT_TEXT(expected, told(&model));                                                                           \
    } while (0)

/* clang-format off */
TEST
suffixes_come_in_any_order(void)
{
    ASSERT_READ("-; price input* 2; price input* above 128000 3; price input* above 200000 4; price input* batch 1; "
                "price input* flex above 272000 2; price input* priority above 200000 7.2; "
                "price cache_write 2.5; price cache_write priority 5; price cache_write_1h 4; "
                "price cache_write_1h above 200000 8; price cache_write_1h above 272000 9",
                {"input_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens": 4e-06,
                 "input_cost_per_token_above_128000_tokens": 3e-06,
                 "input_cost_per_token_batches": 1e-06, "input_cost_per_token_above_200k_tokens_priority": 7.2e-06,
                 "input_cost_per_token_flex_above_272k_tokens": 2e-06, "cache_creation_input_token_cost": 2.5e-06,
                 "cache_creation_input_token_cost_priority": 5e-06,
                 "cache_creation_input_token_cost_above_1hr": 4e-06,
                 "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 8e-06,
                 "cache_creation_input_token_cost_above_272k_tokens_above_1hr": 9e-06});
    PASS();
}

TEST
what_is_not_understood_stays_in_the_rest(void)
{
    ASSERT_READ("-; price input* 2; rest {\"input_cost_per_token_above_1hr\":1,"
                "\"input_cost_per_token_above_200k_words\":1,\"input_cost_per_token_above_k_tokens\":1,"
                "\"input_cost_per_token_batches_flex\":1,\"input_cost_per_token_fleximax\":1,"
                "\"input_cost_per_video_per_second_above_8s_interval\":1,\"xinput_cost_per_token\":1}",
                {"input_cost_per_token": 2e-06, "input_cost_per_token_above_1hr": 1,
                 "input_cost_per_token_above_200k_words": 1, "input_cost_per_token_above_k_tokens": 1,
                 "input_cost_per_token_batches_flex": 1, "input_cost_per_token_fleximax": 1,
                 "input_cost_per_video_per_second_above_8s_interval": 1, "xinput_cost_per_token": 1});
    ASSERT_STATUS(RLM_OK, read_all(JSON({"input_cost_per_token": 1e-06, "output_cost_per_token_flex": "dear"}),
                                   (rlm_price_words){.region = {NULL, 0}}));
    ASSERT_TEXT("output_cost_per_token_flex must be a number, got \"dear\"", model.unread_price);
    ASSERT(model.prices.count == 0);
    PASS();
}

TEST
nothing_is_free(void)
{
    ASSERT_READ("embedding; gives embeddings; price input* 0.15",
                {"mode": "embedding", "input_cost_per_token": 1.5e-07, "output_cost_per_token": 0,
                 "input_cost_per_token_batches": 0.0, "search_context_cost_per_query": {"search_context_size_low": 0}});
    PASS();
}

/* "output_cost_per_second" of a transcriber is the same price once more, and no contradiction is hidden. */
TEST
the_mode_says_what_is_counted(void)
{
    ASSERT_READ("transcription; gives text; price transcription per second 0.0001",
                {"mode": "audio_transcription", "input_cost_per_second": 0.0001, "output_cost_per_second": 0.0001});
    ASSERT_READ("transcription; gives text; price transcription per second 0.0001; rest "
                "{\"output_cost_per_second\":0.0002}",
                {"mode": "audio_transcription", "output_cost_per_second": 0.0002, "input_cost_per_second": 0.0001});
    ASSERT_READ("audio; gives audio; price speech per second 0.00025; price character per million_characters 15; rest "
                "{\"input_cost_per_second\":1}",
                {"mode": "audio_speech", "output_cost_per_second": 0.00025, "input_cost_per_character": 1.5e-05,
                 "input_cost_per_second": 1});
    ASSERT_READ("rerank; gives rerank; price search_unit per request 0.002",
                {"mode": "rerank", "input_cost_per_query": 0.002});
    ASSERT_READ("ocr; price page per thousand_pages 1.5", {"mode": "ocr", "ocr_cost_per_page": 0.0015});
    ASSERT_READ("chat; takes text; gives text; price request per request 0.005; rest "
                "{\"input_cost_per_character\":2,\"input_cost_per_image\":5e-06,\"input_cost_per_query\":3,"
                "\"output_cost_per_image\":0.00012,\"output_cost_per_second\":4}",
                {"mode": "chat", "input_cost_per_image": 5e-06, "output_cost_per_image": 0.00012,
                 "input_cost_per_character": 2, "input_cost_per_query": 3, "output_cost_per_second": 4,
                 "input_cost_per_request": 0.005});
    PASS();
}

TEST
the_other_prices_of_an_image_say_which_one_it_is(void)
{
    ASSERT_READ("image; gives image; price image per image 0.134; price image_read per image 0.0011",
                {"mode": "image_generation", "input_cost_per_image": 0.0011, "output_cost_per_image": 0.134});
    ASSERT_READ("image; gives image; price image per image 0.011",
                {"mode": "image_generation", "input_cost_per_image": 0.011});
    ASSERT_READ("image; gives image; price input* 5; price image_output 40; price image_read per image 0.011",
                {"mode": "image_edit", "input_cost_per_image": 0.011, "input_cost_per_token": 5e-06,
                 "output_cost_per_image_token": 4e-05});
    ASSERT_READ("embedding; gives embeddings; price image_read per image 0.00012; price transcription per second "
                "0.00016; price video_read per second 0.00079",
                {"mode": "embedding", "input_cost_per_image": 0.00012, "input_cost_per_audio_per_second": 0.00016,
                 "input_cost_per_video_per_second": 0.00079});
    PASS();
}

TEST
searches_depend_on_their_size_only_where_it_matters(void)
{
    ASSERT_READ("-; price web_search per request 0.01",
                {"search_context_cost_per_query": {"search_context_size_low": 0.01, "search_context_size_medium": 0.01,
                                                   "search_context_size_high": 1e-2}});
    ASSERT_READ("-; price web_search per request size high 0.05; price web_search per request size low 0.03; "
                "price web_search per request size medium 0.035",
                {"search_context_cost_per_query": {"search_context_size_low": 0.03, "search_context_size_high": 0.05,
                                                   "search_context_size_medium": 0.035}});
    PASS();
}

/* 2 x 1.1 = 2.2, 2 x 6 = 12, 2 x 6 x 1.1 = 13.2; the batch price has no fast one. */
TEST
multipliers_hold_for_all_prices_of_tokens(void)
{
    ASSERT_READ("-; price input* 2; price input* in us 2.2; price input* batch 1; price input* batch in us 1.1; "
                "price input* fast 12; price input* fast in us 13.2; price cache_read* 0.2; "
                "price cache_read* in us 0.22; price cache_read* fast 1.2; price cache_read* fast in us 1.32; "
                "price web_search per request size low 3; rest {\"provider_specific_entry\":{\"moon\":7}}",
                {"input_cost_per_token": 2e-06, "input_cost_per_token_batches": 1e-06,
                 "cache_read_input_token_cost": 2e-07, "provider_specific_entry": {"us": 1.1, "fast": 6.0, "moon": 7},
                 "search_context_cost_per_query": {"search_context_size_low": 3}});
    ASSERT_READ("-; price input* 2; price input* in * 2.4; price input* in eu 2.2; price input* in us 3; "
                "rest {\"regional_processing_uplift_multiplier_us\":1.1}",
                {"input_cost_per_token": 2e-06, "regional_processing_uplift_multiplier_eu": 1.1,
                 "provider_specific_entry": {"us": 1.5}, "regional_processing_uplift_multiplier_us": 1.1,
                 "regional_endpoint_uplift_multiplier": 1.2});
    ASSERT_READ("-; rest {\"provider_specific_entry\":{\"eu\":0,\"us\":\"x\"}}",
                {"provider_specific_entry": {"us": "x", "eu": 0}});
    PASS();
}

TEST
prices_of_a_region_are_not_multiplied(void)
{
    ASSERT_STATUS(RLM_OK, read_all(JSON({"input_cost_per_token": 2e-06, "provider_specific_entry": {"us": 1.1}}),
                                   (rlm_price_words){.region = RLM_SLICE("us-east-1")}));
    ASSERT_TEXT("-; price input* in us-east-1 2; rest {\"provider_specific_entry\":{\"us\":1.1}}", told(&model));
    PASS();
}

/* A request of exactly 32,000 tokens is in the lower step. xAI charges the higher one from the threshold on. */
TEST
steps_are_read_from_both_of_their_forms(void)
{
    ASSERT_READ("-; price input* 1; price input* above 32000 2; price output 3; price output above 32000 6",
                {"tiered_pricing": [
                    {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 3e-06},
                    {"range": [32e3, 128000], "input_cost_per_token": 2e-06, "output_cost_per_token": 6e-06}
                ]});
    ASSERT_READ("-; rest {\"input_cost_per_token\":5e-06,\"tiered_pricing\":[{"
                "\"input_cost_per_token\":1e-06,\"range\":[0,1]},{\"input_cost_per_token\":2e-06}]}",
                {"input_cost_per_token": 5e-06, "tiered_pricing": [
                    {"range": [0, 1], "input_cost_per_token": 1e-06}, {"input_cost_per_token": 2e-06}]});
    ASSERT_READ("-; price input* 1; price input* from 200000 2; rest {\"litellm_provider\":\"xai\"}",
                {"litellm_provider": "xai", "input_cost_per_token": 1e-06,
                 "input_cost_per_token_above_200k_tokens": 2e-06});
    PASS();
}

/* 16:30 is minute 990. In the window the price does not depend on the length, so it is stated for both. */
TEST
off_peak_hours_hold_for_any_length(void)
{
    ASSERT_READ("-; price input* 2; price input* at 990-30 1; price input* above 200000 4; "
                "price input* above 200000 at 990-30 1; price output 3",
                {"input_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens": 4e-06,
                 "output_cost_per_token": 3e-06,
                 "off_peak_pricing": {"hours_utc": "16:30-00:30", "input_cost_per_token": 1e-06}});
    ASSERT_READ("-; price input* 2; price input* on weekdays 65 at 0-1440 1",
                {"input_cost_per_token": 2e-06, "off_peak_pricing": {
                    "windows": [{"hours_utc": ["00:00-24:00"], "weekdays": ["sat", 7]}], "weekday_timezone": "UTC",
                    "input_cost_per_token": 1e-06}});
    ASSERT_READ("-; price input* 2; rest {\"off_peak_pricing\":{\"input_cost_per_token\":1e-06,"
                "\"weekday_timezone\":\"Asia/Shanghai\",\"windows\":[{\"hours_utc\":\"00:00-01:00\"}]}}",
                {"input_cost_per_token": 2e-06, "off_peak_pricing": {
                    "windows": [{"hours_utc": "00:00-01:00"}], "weekday_timezone": "Asia/Shanghai",
                    "input_cost_per_token": 1e-06}});
    PASS();
}

/* ---- Other facts ---- */

TEST
max_tokens_is_the_output_only_beside_another_input(void)
{
    ASSERT_READ("-; input 8; output 4", {"max_tokens": 4, "max_input_tokens": 8, "max_output_tokens": 4});
    ASSERT_READ("-; input 8; output 4", {"max_tokens": 4, "max_input_tokens": 8});
    ASSERT_READ("-; input 8", {"max_tokens": 8, "max_input_tokens": 8});
    ASSERT_READ("-; rest {\"max_tokens\":8}", {"max_tokens": 8});
    ASSERT_READ("-; input 8; output 4; rest {\"max_tokens\":8}",
                {"max_tokens": 8, "max_input_tokens": 8, "max_output_tokens": 4});
    PASS();
}

TEST
states_what_a_model_can_and_how_it_is_steered(void)
{
    ASSERT_READ("completion; takes text; gives text; can function_calling; cannot web_search computer_use; "
                "retires 2027-01-31; accepts assistant_prefill system_messages; accepts no temperature top_p top_k; "
                "efforts none xhigh; no efforts low; dimensions max 3072; rest {\"rpm\":10,"
                "\"supports_url_context\":true}",
                {"mode": "completion", "supports_function_calling": true, "supports_web_search": false,
                 "supports_computer_use": false, "supports_assistant_prefill": true, "supports_system_messages": true,
                 "supports_sampling_params": false, "supports_none_reasoning_effort": true,
                 "supports_xhigh_reasoning_effort": true, "supports_low_reasoning_effort": false, "rpm": 10,
                 "output_vector_size": 3072, "deprecation_date": "2027-01-31", "supports_url_context": true});
    PASS();
}
/* clang-format on */

static rlm_status
read_much(void *context)
{
    (void) context;
    return read_all(JSON({
        "input_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens": 4e-06,
        "provider_specific_entry": {"us": 1.1, "fast": 6.0},
        "off_peak_pricing": {"hours_utc": "16:30-00:30", "input_cost_per_token": 1e-06}
    }),
                           (rlm_price_words){.region = {NULL, 0}});
}

/* Each multiplier doubles the prices, so there is an end to them. */
TEST
survives_a_lack_of_memory_and_room(void)
{
    char many[16384] = "{\"provider_specific_entry\": {\"us\": 1.1, \"eu\": 1.2}";

    for (int i = 1; i <= RLM_CAP_PRICES / 2 + 1; i++)
        (void) snprintf(many + strlen(many), sizeof many - strlen(many), ",\"input_cost_per_token_above_%dk_tokens\":1",
                        i);
    strcat(many, "}");
    ASSERT_STATUS(RLM_OK, read_all(many, (rlm_price_words){.region = {NULL, 0}}));
    ASSERT(model.prices.count == RLM_CAP_PRICES / 2 + 1);
    ASSERT(rlm_slice_contains(model.metadata, "provider_specific_entry"));
    ASSERT_SURVIVES_TORTURE(read_much, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(suffixes_come_in_any_order);
    RUN(what_is_not_understood_stays_in_the_rest);
    RUN(nothing_is_free);
    RUN(the_mode_says_what_is_counted);
    RUN(the_other_prices_of_an_image_say_which_one_it_is);
    RUN(searches_depend_on_their_size_only_where_it_matters);
    RUN(multipliers_hold_for_all_prices_of_tokens);
    RUN(prices_of_a_region_are_not_multiplied);
    RUN(steps_are_read_from_both_of_their_forms);
    RUN(off_peak_hours_hold_for_any_length);
    RUN(max_tokens_is_the_output_only_beside_another_input);
    RUN(states_what_a_model_can_and_how_it_is_steered);
    RUN(survives_a_lack_of_memory_and_room);
    rlm_arena_free(&arena);
    parsed_free();
    answer_free();
    return REPORT("litellm_cost");
}
