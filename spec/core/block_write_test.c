/* Writing blocks: equal facts are equal bytes. */
#include "blocks.h"

TEST
gives_equal_bytes_for_equal_facts_in_any_order(void)
{
    rlm_record backwards[] = {record_of("openai", "a"), record_of("openai", "b"), record_of("anthropic", "b")};
    rlm_buffer one, other;

    rlm_buffer_init(&one, RLM_CAP_BLOCK);
    rlm_buffer_init(&other, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&one));
    ASSERT_STATUS(RLM_OK, rlm_block_write(RLM_BLOCK_CATALOG, backwards, 3, NULL, &other));
    ASSERT(one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0);
    rlm_buffer_free(&one);
    rlm_buffer_free(&other);
    PASS();
}

static rlm_status
write_and_drop(void *context)
{
    rlm_buffer out;
    rlm_status status;

    (void) context;
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    status = write_family(&out);
    rlm_buffer_free(&out);
    return status;
}

TEST
survives_every_failing_allocation(void)
{
    ASSERT_SURVIVES_TORTURE(write_and_drop, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(gives_equal_bytes_for_equal_facts_in_any_order);
    RUN(survives_every_failing_allocation);
    return REPORT("block_write");
}
