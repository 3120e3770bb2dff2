/* Registry files: what a row says, and what it needs. */
#include "answer.h"

TEST
is_read_back_whole(void)
{
    READ(file, [{
        "id": "gemini-2.5-pro", "name": "Gemini 2.5 Pro", "provider": "gemini", "family": "gemini-pro",
        "created_at": "2025-06-05 00:00:00 UTC", "context_window": 1048576, "max_output_tokens": 65536,
        "knowledge_cutoff": "2025-01-01", "modalities": {"input": ["text", "image"], "output": ["text"]},
        "capabilities": ["function_calling", "flying"],
        "pricing": {
            "text_tokens": {
                "standard": {"input_per_million": 1.25, "cached_input_per_million": 0.31},
                "batch": {"output_per_million": 5}, "long_context": {"input_per_million": 2.5},
                "long_context_threshold": 200000
            },
            "images": {"standard": {"input_per_million": 0}}
        },
        "metadata": {"source": "models.dev", "knowledge_cutoff": "2025-01"}
    }]);
    ASSERT_TEXT("gemini", model.provider);
    ASSERT_TEXT("gemini-2.5-pro", model.id);
    ASSERT_TEXT("gemini-pro", model.family);
    ASSERT_SAID("2025-06-05T00:00:00Z", timestamp(model.created_at));
    ASSERT_SAID("2025-01", timestamp(model.knowledge_cutoff));
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1048576 && model.limits[RLM_LIMIT_OUTPUT] == 65536);
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_CAPABILITY("yes", FUNCTION_CALLING);
    ASSERT_CAPABILITY("unknown", REASONING);
    ASSERT_TYPE("");
    ASSERT_SAID("1.25", token_price(RLM_METER_INPUT));
    ASSERT_SAID("0.31", token_price(RLM_METER_CACHE_READ));
    ASSERT_SAID("5", price_above(RLM_METER_OUTPUT, RLM_UNIT_MILLION_TOKENS, RLM_TIER_BATCH, 0));
    ASSERT_SAID("2.5", long_price(RLM_METER_INPUT, 200000));
    ASSERT_SAID("0", price_above(RLM_METER_IMAGE_INPUT, RLM_UNIT_MILLION_TOKENS, RLM_TIER_STANDARD, 0));
    ASSERT(model.prices.count == 5);
    ASSERT_JSON(model.metadata, {"source": "models.dev"});
    PASS();
}

TEST
rows_need_a_provider(void)
{
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_file, JSON([{"id": "x"}])));
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_file, JSON([{"id": "x", "provider": null}])));
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_file, JSON([{"provider": "xai"}])));
    PASS();
}

TEST
tells_types_and_what_is_unlisted(void)
{
    READ(file, [{
        "id": "x", "provider": "xai", "type": "realtime", "unlisted_at": "2026-08-19 06:00:00 UTC",
        "knowledge_cutoff": "2025-01-01", "metadata": {"knowledge_cutoff": "early"}
    }]);
    ASSERT_TYPE("realtime");
    ASSERT(model.standing == RLM_STANDING_UNLISTED);
    ASSERT_SAID("2026-08-19T06:00:00Z", timestamp(model.unlisted_at));
    ASSERT_SAID("2025-01-01", timestamp(model.knowledge_cutoff));
    ASSERT_JSON(model.metadata, {"knowledge_cutoff": "early"});
    READ(file, [{"id": "x", "provider": "xai", "type": "oracle"}]);
    ASSERT_TYPE("");
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_read_back_whole);
    RUN(rows_need_a_provider);
    RUN(tells_types_and_what_is_unlisted);
    answer_free();
    return REPORT("file");
}
