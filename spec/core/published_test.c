/* The published catalogue: a row is believed as far as it shows who stated it. */
#include "answer.h"
#include "world.h"

TEST
rows_of_models_dev_say_what_it_said(void)
{
    READ_SHEET(
        published, [ {
            "id" : "m",
            "provider" : "openai",
            "created_at" : "2025-02-03 00:00:00 UTC",
            "context_window" : 7,
            "pricing" : {"text_tokens" : {"standard" : {"input_per_million" : 9}, "batch" : {"input_per_million" : 4}}},
            "metadata" : {
                "source" : "models.dev",
                "knowledge" : "2024-08",
                "limit" : {"context" : 1000, "output" : 0},
                "cost" : {"input" : 1.5}
            }
        } ]);
    ASSERT(find("m"));
    ASSERT(model.created_at.precision == RLM_PRECISION_DAY && model.knowledge_cutoff.precision == RLM_PRECISION_MONTH);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1000 && model.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN);
    ASSERT(model.prices.count == 1 && model.prices.list[0].coefficient == 15 && model.prices.list[0].exponent == -1);
    ASSERT(model.standing == RLM_STANDING_DOCUMENTED);
    PASS();
}

TEST
rows_without_provenance_say_little(void)
{
    READ_SHEET(published, [{
        "id": "m", "name": "M", "provider": "azure", "context_window": 4096, "capabilities": ["vision"],
        "pricing": {"text_tokens": {"standard": {"input_per_million": 0.5}}}, "metadata": {}
    }]);
    ASSERT(find("m"));
    ASSERT(model.prices.count == 0 && model.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN && model.name.length == 0);
    ASSERT_CAPABILITY("unknown", VISION);
    PASS();
}

TEST
azures_rows_that_name_their_source_are_believed(void)
{
    world all;
    rlm_record named, unnamed;

    start(&all);
    ADD(published, [
        {
            "provider": "azure", "id": "named", "name": "Named", "family": "f", "created_at": "2026-02-03 00:00:00 UTC",
            "capabilities": ["function_calling"], "context_window": 4096,
            "metadata": {"source": "models.dev", "limit": {"context": 7000}, "cost": {"input": 2}}
        },
        {
            "provider": "azure", "id": "unnamed", "name": "Unnamed", "capabilities": ["function_calling"],
            "context_window": 4096, "metadata": {}
        }
    ]);
    ASSERT_STATUS(RLM_OK, join(&all));
    named = merged(&all, "azure", "named");
    unnamed = merged(&all, "azure", "unnamed");
    ASSERT_TEXT("Named", named.name);
    ASSERT_TEXT("f", named.family);
    ASSERT(named.created_at.precision == RLM_PRECISION_DAY && named.limits[RLM_LIMIT_CONTEXT] == 7000 &&
           named.prices.count == 1);
    ASSERT_MERGED_CAN("yes", "azure", "named", FUNCTION_CALLING);
    ASSERT_TEXT("unnamed", unnamed.name);
    ASSERT(unnamed.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT_MERGED_CAN("unknown", "azure", "unnamed", FUNCTION_CALLING);
    finish(&all);
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(published, JSON([{
        "id": "a", "provider": "openai", "metadata": {"source": "models.dev", "cost": {"input": 1}}
    }]));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(rows_of_models_dev_say_what_it_said);
    RUN(rows_without_provenance_say_little);
    RUN(azures_rows_that_name_their_source_are_believed);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("published");
}
