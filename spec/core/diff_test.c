/* What changed between two blocks: which models came, went and changed, and which facts most of them lost. */
#include "answer.h"
#include "block/diff.h"

#define OF(slug) ((rlm_diff_scope){.provider = RLM_SLICE(slug), .rest = true})

static rlm_buffer before_bytes, after_bytes;
static rlm_block before, after;

/* Two answers of a source, as the sheets that they give. */
static rlm_status
read_both(const char *slug, const char *earlier, const char *later)
{
    rlm_error error;

    rlm_error_clear(&error);
    RLM_TRY(read_sheet(slug, earlier));
    rlm_buffer_clear(&before_bytes);
    RLM_TRY(rlm_buffer_append(&before_bytes, sheet_bytes.bytes, sheet_bytes.length));
    RLM_TRY(rlm_block_open(before_bytes.bytes, before_bytes.length, &before, &error));
    RLM_TRY(read_sheet(slug, later));
    rlm_buffer_clear(&after_bytes);
    RLM_TRY(rlm_buffer_append(&after_bytes, sheet_bytes.bytes, sheet_bytes.length));
    return rlm_block_open(after_bytes.bytes, after_bytes.length, &after, &error);
}

static bool
is(rlm_difference got, size_t count, size_t added, size_t removed, size_t changed)
{
    return got.count == count && got.added == added && got.removed == removed && got.changed == changed;
}

TEST
counts_models_that_came_went_and_changed(void)
{
    static const char earlier[] = JSON({"data": [{"id": "a"}, {"id": "b", "owned_by": "x"}, {"id": "c"}]});
    static const char later[] = JSON({"data": [{"id": "b", "owned_by": "y"}, {"id": "c"}, {"id": "d"}]});

    ASSERT_STATUS(RLM_OK, read_both("openai", earlier, later));
    ASSERT(is(rlm_diff(&before, &after, OF("openai")), 3, 1, 1, 1));
    ASSERT(is(rlm_diff(&before, &after, (rlm_diff_scope){.rest = true}), 3, 1, 1, 1)); /* of all providers */
    ASSERT(is(rlm_diff(&before, &after, OF("mistral")), 0, 0, 0, 0));
    ASSERT(is(rlm_diff(&before, &before, OF("openai")), 3, 0, 0, 0));
    ASSERT(is(rlm_diff(NULL, &after, OF("openai")), 3, 3, 0, 0));
    PASS();
}

TEST
counts_each_provider_of_a_metadata_source_alone(void)
{
    static const char earlier[] = JSON({"openai": {"models": {"a": {"name": "A"}}}});
    static const char later[] =
        JSON({"openai": {"models": {"a": {"name": "B"}}}, "xai": {"models": {"g": {"name": "G"}}}});

    ASSERT_STATUS(RLM_OK, read_both("models_dev", earlier, later));
    ASSERT(is(rlm_diff(&before, &after, OF("openai")), 1, 0, 0, 1));
    ASSERT(is(rlm_diff(&before, &after, OF("xai")), 1, 1, 0, 0));
    ASSERT(is(rlm_diff(&before, &after, (rlm_diff_scope){.rest = true}), 2, 1, 0, 1));
    PASS();
}

#define LOST(name) ((uint64_t) 1 << RLM_FIELD_##name)

TEST
tells_what_more_than_half_of_the_models_lost(void)
{
    static const char both[] = JSON({"data": [{"id": "a", "created": 5}, {"id": "b", "created": 6}]});

    ASSERT_STATUS(RLM_OK, read_both("openai", both, JSON({"data": [{"id": "a"}, {"id": "b"}]})));
    ASSERT(rlm_diff_lost(&before, &after) == LOST(CREATED_AT));
    ASSERT(rlm_diff_lost(&after, &before) == 0); /* what is new is not lost */
    ASSERT_STATUS(RLM_OK, read_both("openai", both, JSON({"data": [{"id": "a"}, {"id": "b", "created": 6}]})));
    ASSERT(rlm_diff_lost(&before, &after) == 0); /* half */
    ASSERT_STATUS(RLM_OK, read_both("openai", both, JSON({"data": [{"id": "c"}]})));
    ASSERT(rlm_diff_lost(&before, &after) == 0); /* no model is in both */
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_buffer_init(&before_bytes, RLM_CAP_BLOCK);
    rlm_buffer_init(&after_bytes, RLM_CAP_BLOCK);
    RUN(counts_models_that_came_went_and_changed);
    RUN(counts_each_provider_of_a_metadata_source_alone);
    RUN(tells_what_more_than_half_of_the_models_lost);
    rlm_buffer_free(&before_bytes);
    rlm_buffer_free(&after_bytes);
    answer_free();
    return REPORT("diff");
}
