/* Price files in the format of llm_cost_tracker: what their keys mean, and what they state of all models. */
#include "answer.h"
#include "told.h"
#include "world.h"

static rlm_row_tallies tallies;

static rlm_status
read_file(const char *text, rlm_error *error)
{
    rlm_error_clear(error);
    rlm_buffer_free(&sheet_bytes);
    rlm_buffer_init(&sheet_bytes, RLM_CAP_BLOCK);
    RLM_TRY(rlm_sheet_read_as(RLM_SLICE("prices.json"), RLM_SLICE("llm_cost_tracker"), rlm_slice_of(text), 1768300000,
                              &sheet_bytes, &tallies, error));
    return rlm_block_open(sheet_bytes.bytes, sheet_bytes.length, &sheet, error);
}

/* The model "acme/m" of a file with that row. */
static rlm_status
read_row(const char *row)
{
    char text[16384];
    rlm_error error;

    (void) snprintf(text, sizeof text, "{\"models\": {\"acme/m\": %s}}", row);
    RLM_TRY(read_file(text, &error));
    return find("m") ? RLM_OK : RLM_BAD_ROW;
}

#define ASSERT_ROW(expected, ...)                                                                                      \
    do {                                                                                                               \
        ASSERT_STATUS(RLM_OK, read_row(#__VA_ARGS__));                                                                 \
        ASSERT_TEXT(expected, told(&model));                                                                           \
    } while (0)

#define ASSERT_HOLE(expected, ...)                                                                                     \
    do {                                                                                                               \
        ASSERT_STATUS(RLM_OK, read_row(#__VA_ARGS__));                                                                 \
        ASSERT(model.prices.count == 0 && model.metadata.length > 0 && tallies.unread_prices.count == 1);              \
        ASSERT_SAID(expected, tallies.unread_prices.first.message);                                                    \
    } while (0)

/* clang-format off */
TEST
names_are_providers_and_ids(void)
{
    rlm_error error;

    ASSERT_STATUS(RLM_OK, read_file(JSON({"models": {
        "google/a": {"input": 1}, "Open-Router/acme/b": {"input": 1}, "openai/c": {"input": 1}, "d": {"input": 1},
        "/e": {"input": 1}, "openai/": {"input": 1}
    }}), &error));
    ASSERT(sheet.count == 3 && tallies.rejected.count == 3);
    ASSERT(rlm_block_find(&sheet, RLM_SLICE("gemini"), RLM_SLICE("a")) == 0);
    ASSERT(rlm_block_find(&sheet, RLM_SLICE("open_router"), RLM_SLICE("acme/b")) == 1);
    ASSERT(rlm_block_find(&sheet, RLM_SLICE("openai"), RLM_SLICE("c")) == 2);
    ASSERT_SAID("a model must be named \"provider/id\", got \"d\"", tallies.rejected.first.message);
    ASSERT_TEXT("prices.json", sheet.stamp.source);
    ASSERT_TEXT("llm_cost_tracker", sheet.stamp.api);
    PASS();
}

TEST
each_meter_has_its_unit(void)
{
    ASSERT_ROW("-; price input* 1; price output 2; price cache_read* 0; price cache_write 4; price "
               "cache_write_extended 5; price audio_input 6; price audio_output 7; price audio_cache_read 8; price "
               "audio_cache_write 9; price image_input 10; price image_output 11; price image_cache_read 12; price "
               "video_input 13; price video_output 14; price video_cache_read 15; price transcription per minute for "
               "at least 10 0.006; price character per million_characters 17; price page per thousand_pages 18; price "
               "search_unit per thousand_requests 19; price maps_grounding per thousand_requests 21; price grounding "
               "per thousand_requests 20; price cache_storage per million_token_hours 22",
               {"input": 1, "output": 2, "cache_read_input": 0.0, "cache_write_input": 4,
                "cache_write_extended_input": 5, "audio_input": 6, "audio_output": 7, "audio_cache_read_input": 8,
                "audio_cache_write_input": 9, "image_input": 10, "image_output": 11, "image_cache_read_input": 12,
                "video_input": 13, "video_output": 14, "video_cache_read_input": 15, "transcription_minute": 0.006,
                "_minimum_billed_seconds": 10, "text_to_speech_character": 17, "ocr_page": 18,
                "rerank_search_unit": 19, "grounding_request": 20, "maps_grounding_request": 21,
                "cache_storage_token_hour": 22});
    PASS();
}

/* Anthropic's extended cache is the one of an hour. */
TEST
the_longer_cache_is_anthropics_hour(void)
{
    rlm_error error;

    ASSERT_STATUS(RLM_OK,
                  read_file(JSON({"models": {"anthropic/m": {"batch_cache_write_extended_input": 6}}}), &error));
    ASSERT(find("m"));
    ASSERT_TEXT("-; price cache_write_1h batch 6", told(&model));
    PASS();
}

TEST
conditions_come_in_any_order(void)
{
    ASSERT_ROW("-; price input* 1; price input* above 200000 in * 4; price input* batch in * 3; "
               "price input* flex above 200000 6; price input* priority 2; price output fast above 200000 in * 8; "
               "price output ultrafast 5; price output on_demand 7; price audio_input batch 9; rest "
               "{\"_source\":\"acme\"}",
               {"input": 1, "priority_input": 2, "batch_data_residency_input": 3, "data_residency_batch_input": 3.0,
                "data_residency_above_context_input": 4, "ultrafast_output": 5, "above_context_flex_input": 6,
                "on_demand_output": 7, "above_context_fast_data_residency_output": 8, "batch_audio_input": 9,
                "_context_price_threshold_tokens": 200000, "_source": "acme"});
    PASS();
}

/* 2027-01-01 follows 2026-12-01; the price without a day ends where the first of them begins. */
TEST
days_end_what_was_before(void)
{
    ASSERT_ROW("-; price input* until 2026-12-01 1; price input* since 2026-12-01 until 2027-01-01 2; "
               "price input* since 2027-01-01 3; price input* batch in * since 2026-12-01 5; price output 9",
               {"input_from_2027-01-01": 3, "input": 1, "input_from_2026-12-01": 2, "output": 9,
                "batch_data_residency_input_from_2026-12-01": 5, "data_residency_batch_input_from_2026-12-01": 5});
    PASS();
}

/* Monday to Friday are the bits 2 to 32, Saturday and Sunday 64 and 1. */
TEST
off_peak_prices_hold_in_each_window(void)
{
    ASSERT_ROW("-; price input* 2; price input* on weekdays 62 at 0-60 1; price input* on weekdays 62 at 600-1440 1; "
               "price input* on weekdays 65 at 0-1440 1",
               {"input": 2, "off_peak_input": 1, "_off_peak_windows": [
                   {"hours_utc": ["00:00-01:00", "10:00-24:00"], "weekdays": [1, 2, 3, 4, 5]},
                   {"hours_utc": ["00:00-24:00"], "weekdays": [6, 7]}
               ]});
    PASS();
}

TEST
what_is_not_known_leaves_no_price(void)
{
    ASSERT_HOLE("m: turbo_input must be a known kind of price", {"input": 1, "turbo_input": 2});
    ASSERT_HOLE("m: thoughts must be a known kind of price", {"thoughts": 2, "input": 1});
    ASSERT_HOLE("m: batch_flex_input must be a known kind of price", {"batch_flex_input": 2});
    ASSERT_HOLE("m: image_ocr_page must be a known kind of price", {"image_ocr_page": 2});
    ASSERT_HOLE("m: image_cache_write_input must be a known kind of price", {"image_cache_write_input": 2});
    ASSERT_HOLE("m: input_from_2027-02-30 must be a known kind of price", {"input_from_2027-02-30": 2});
    ASSERT_HOLE("m: input must be a number, got \"dear\"", {"output": 1, "input": "dear"});
    ASSERT_HOLE("m: above_context_input must have a _context_price_threshold_tokens of 1 or more beside it",
                {"above_context_input": 1});
    ASSERT_HOLE("m: above_context_input must have a _context_price_threshold_tokens of 1 or more beside it",
                {"above_context_input": 1, "_context_price_threshold_tokens": "many"});
    ASSERT_HOLE("m: off_peak_input must have _off_peak_windows beside it that can be read",
                {"off_peak_input": 1, "_off_peak_windows": [
                    {"hours_utc": ["00:00-01:00"], "weekdays": [1]}, {"hours_utc": ["1-2"], "weekdays": [1]}]});
    ASSERT_HOLE("m: data_residency_batch_input must be the same as under its other name",
                {"batch_data_residency_input": 1, "data_residency_batch_input": 2});
    PASS();
}

static const char charged[] = JSON({
    "service_charges": {
        "openai": {"web_search_request": 10.0, "file_search_call": 2.5, "grounding_request": 9, "moon_request": 1},
        "acme": {"code_execution_hour": 0.05, "maps_grounding_request": 14}, "odd": 7
    },
    "models": {
        "openai/a": {"input": 1, "grounding_request": 3, "_source": "x"}, "openai/b": {"turbo_input": 1},
        "acme/c": {"input": 2}, "other/d": {"input": 3}
    },
    "metadata": {"currency": "USD", "unit": "1M tokens", "updated_at": "2026-10-28", "absent_since": {"a": "x"}}
});

TEST
charges_are_of_all_models_of_their_provider(void)
{
    rlm_error error;

    ASSERT_STATUS(RLM_OK, read_file(charged, &error));
    ASSERT(find("a"));
    ASSERT_TEXT("-; price input* 1 stated 2026-10-28; price web_search per thousand_requests 10 stated 2026-10-28; "
                "price file_search per thousand_requests 2.5 stated 2026-10-28; "
                "price grounding per thousand_requests 3 stated 2026-10-28; "
                "rest {\"_source\":\"x\",\"service_charges\":{\"moon_request\":1}}", told(&model));
    ASSERT(find("b"));
    ASSERT_TEXT("-; rest {\"service_charges\":{\"moon_request\":1},\"turbo_input\":1}", told(&model));
    ASSERT(find("c"));
    ASSERT_TEXT("-; price input* 2 stated 2026-10-28; price maps_grounding per thousand_requests 14 stated 2026-10-28; "
                "price code_execution per hour 0.05 stated 2026-10-28", told(&model));
    ASSERT(find("d"));
    ASSERT_TEXT("-; price input* 3 stated 2026-10-28", told(&model));
    ASSERT(tallies.left_out.count == 1);
    ASSERT_SAID("moon_request of openai is charged for something that has no meter", tallies.left_out.first.message);
    PASS();
}

TEST
other_units_and_shapes_are_refused(void)
{
    static const struct {
        const char *text, *message;
    } wrong[] = {
        {JSON({"models": {"a/b": {"input": 1}}, "metadata": {"currency": "EUR"}}),
         "metadata.currency must be \"USD\", got \"EUR\""},
        {JSON({"models": {"a/b": {"input": 1}}, "metadata": {"unit": 1}}),
         "metadata.unit must be \"1M tokens\", got \"1\""},
        {JSON({"models": {"a/b": {"input": 1}}, "service_charges": {"a": {"file_search_call": "x"}}}),
         "service_charges.a.file_search_call must be a number, got a string"},
        {JSON({"models": [1]}), "models must be an object, got a list"},
        {JSON({}), "no models.* in the answer"},
        {JSON([]), "no models.* in the answer"},
    };
    rlm_error error;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ASSERT_STATUS(RLM_BAD_SHAPE, read_file(wrong[i].text, &error));
        ASSERT_SAID(wrong[i].message, error.message);
    }
    PASS();
}
/* clang-format on */

TEST
a_row_with_too_many_prices_has_none(void)
{
    char row[16384] = "{\"input\": 1";

    for (int i = 0; i < RLM_CAP_PRICES; i++)
        (void) snprintf(row + strlen(row), sizeof row - strlen(row), ",\"input_from_%d-01-01\":1", 2000 + i % 90);
    strcat(row, "}");
    ASSERT_STATUS(RLM_OK, read_row(row));
    ASSERT(model.prices.count == 0);
    ASSERT_SAID("m: m must not have more than 512 prices", tallies.unread_prices.first.message);
    PASS();
}

/* ---- Several files ---- */

static rlm_status
add_file(world *all, const char *name, const char *text)
{
    size_t at = all->count++;
    rlm_error error;

    rlm_error_clear(&error);
    RLM_TRY(rlm_sheet_read_as(rlm_slice_of(name), RLM_SLICE("llm_cost_tracker"), rlm_slice_of(text), 1, &all->bytes[at],
                              &tallies, &error));
    return rlm_block_open(all->bytes[at].bytes, all->bytes[at].length, &all->sheets[at], &error);
}

/* clang-format off */
TEST
the_first_of_several_files_has_precedence(void)
{
    static const char *const names[] = {"b.json", "a.json", "b.json"};

    for (int first = 0; first < 2; first++) {
        world all;

        start(&all);
        ADD(openai, {"data": [{"id": "m"}]});
        for (int i = first; i < first + 2; i++) {
            const char *text = *names[i] == 'a' ? JSON({"models": {"openai/m": {"input": 1, "_a": 1}}})
                                                : JSON({"models": {"openai/m": {"input": 2, "_b": 2}}});

            ASSERT_STATUS(RLM_OK, add_file(&all, names[i], text));
        }
        ASSERT_STATUS(RLM_OK, join(&all));
        model = merged(&all, "openai", "m");
        ASSERT_TEXT(names[first], rlm_origin_of(&model, RLM_FIELD_PRICES));
        ASSERT(model.prices.count == 1 && model.prices.list->coefficient == 2 - first);
        ASSERT_JSON(model.metadata, {"a.json": {"_a": 1}, "b.json": {"_b": 2}});
        finish(&all);
    }
    PASS();
}

TEST
files_come_before_fetched_price_lists(void)
{
    ASSERT(rlm_source_position(&rlm_source_llm_cost_tracker) < rlm_source_position(&rlm_source_genai_prices));
    ASSERT(rlm_source_position(&rlm_source_genai_prices) < rlm_source_position(&rlm_source_litellm_prices));
    ASSERT(rlm_source_llm_cost_tracker.auth == NULL);
    PASS();
}
/* clang-format on */

static rlm_status
read_charged(void *context)
{
    rlm_error error;

    (void) context;
    return read_file(charged, &error);
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(read_charged, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(names_are_providers_and_ids);
    RUN(each_meter_has_its_unit);
    RUN(the_longer_cache_is_anthropics_hour);
    RUN(conditions_come_in_any_order);
    RUN(days_end_what_was_before);
    RUN(off_peak_prices_hold_in_each_window);
    RUN(what_is_not_known_leaves_no_price);
    RUN(charges_are_of_all_models_of_their_provider);
    RUN(other_units_and_shapes_are_refused);
    RUN(a_row_with_too_many_prices_has_none);
    RUN(the_first_of_several_files_has_precedence);
    RUN(files_come_before_fetched_price_lists);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("llm_cost_tracker");
}
