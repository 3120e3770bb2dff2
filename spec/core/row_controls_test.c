/* The JSON of a row: what only some models have. */
#include "base/caps.h"
#include "registry/row.h"
#include "test.h"

#include <string.h>

static rlm_buffer out;

static rlm_slice
written(const rlm_record *record)
{
    rlm_buffer_free(&out);
    rlm_buffer_init(&out, RLM_CAP_ROW);
    return rlm_row_write_controls(record, &out) == RLM_OK ? (rlm_slice){out.bytes, out.length} : RLM_SLICE("failed");
}

TEST
what_nobody_states_is_not_there(void)
{
    rlm_record record;

    rlm_record_init(&record, NULL, RLM_SLICE("acme"));
    ASSERT(written(&record).length == 0);
    PASS();
}

static const rlm_bound bounds[] = {
    {.coefficient = 5, .exponent = -1, .of = RLM_BOUNDED_TEMPERATURE, .kind = RLM_BOUND_DEFAULT},
    {.coefficient = 1024, .of = RLM_BOUNDED_REASONING_BUDGET, .kind = RLM_BOUND_MIN},
    {.coefficient = 3072, .of = RLM_BOUNDED_DIMENSIONS, .kind = RLM_BOUND_MAX},
    {.coefficient = 2, .exponent = 1, .of = RLM_BOUNDED_IMAGES, .kind = RLM_BOUND_MAX},
};

static rlm_record
full_record(void)
{
    rlm_record record;

    rlm_record_init(&record, NULL, RLM_SLICE("acme"));
    record.deprecated_at = (rlm_timestamp){1772323200, RLM_PRECISION_DAY};
    record.retires_at = (rlm_timestamp){1788220800, RLM_PRECISION_SECOND};
    record.replacements = RLM_SLICE("fallback b\nsuccessor \"c\"\n");
    record.efforts.yes = RLM_BIT(RLM_EFFORT_LOW) | RLM_BIT(RLM_EFFORT_MAX);
    record.default_effort = RLM_EFFORT_LOW + 1;
    record.parameters.yes = RLM_BIT(RLM_PARAMETER_TEMPERATURE) | RLM_BIT(RLM_PARAMETER_SEED);
    record.parameters.no = RLM_BIT(RLM_PARAMETER_TOP_P);
    record.traits.yes = RLM_BIT(RLM_TRAIT_REASONING_MANDATORY) | RLM_BIT(RLM_TRAIT_ZERO_DATA_RETENTION);
    record.traits.no = RLM_BIT(RLM_TRAIT_TRAINING) | RLM_BIT(RLM_TRAIT_OPEN_WEIGHTS) |
                       RLM_BIT(RLM_TRAIT_FIXED_RETIREMENT) | RLM_BIT(RLM_TRAIT_REASONING_TOGGLE);
    record.data_regions = RLM_SLICE("eu\nus\n");
    record.license = RLM_SLICE("mit");
    record.bounds = bounds;
    record.bound_count = sizeof bounds / sizeof *bounds;
    return record;
}

/* clang-format off */
#define FULL                                                                                                           \
    ",\"life_cycle\":{\"deprecated_at\":\"2026-03-01\",\"retires_at\":\"2026-09-01T00:00:00Z\",\"fixed\":false,"       \
    "\"replacements\":[{\"kind\":\"fallback\",\"id\":\"b\"},{\"kind\":\"successor\",\"id\":\"\\\"c\\\"\"}]},"          \
    "\"reasoning\":{\"efforts\":[\"low\",\"max\"],\"default\":\"low\",\"mandatory\":true,"                             \
    "\"toggle\":false,\"budget\":{\"min\":1024}},"                                                                     \
    "\"parameters\":{\"temperature\":{\"default\":0.5},\"seed\":{}},"                                                  \
    "\"dimensions\":{\"max\":3072},\"request_limits\":{\"images\":{\"max\":20}},"                                      \
    "\"data_policy\":{\"zero_data_retention\":true,\"training\":false,\"regions\":[\"eu\",\"us\"]},"                   \
    "\"open_weights\":false,\"license\":\"mit\""
/* clang-format on */

TEST
every_fact_has_its_name(void)
{
    const rlm_record record = full_record();

    ASSERT_TEXT(FULL, written(&record));
    PASS();
}

TEST
a_budget_is_bounded_or_not_or_impossible(void)
{
    rlm_record record;

    rlm_record_init(&record, NULL, RLM_SLICE("acme"));
    rlm_flags_state(&record.traits, RLM_TRAIT_REASONING_BUDGET, true);
    ASSERT_TEXT(",\"reasoning\":{\"budget\":{}}", written(&record));
    rlm_flags_state(&record.traits, RLM_TRAIT_REASONING_BUDGET, false);
    ASSERT_TEXT(",\"reasoning\":{\"budget\":false}", written(&record));
    PASS();
}

TEST
there_is_an_end_to_a_row(void)
{
    const rlm_record record = full_record();

    for (size_t cap = 0; cap < sizeof FULL - 1; cap++) {
        rlm_buffer_free(&out);
        rlm_buffer_init(&out, cap);
        ASSERT_STATUS(RLM_TOO_LARGE, rlm_row_write_controls(&record, &out));
    }
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(what_nobody_states_is_not_there);
    RUN(every_fact_has_its_name);
    RUN(a_budget_is_bounded_or_not_or_impossible);
    RUN(there_is_an_end_to_a_row);
    rlm_buffer_free(&out);
    return REPORT("row_controls");
}
