/* Reading blocks: by key, by id, by type, by family and by alias. */
#include "blocks.h"

TEST
gives_back_what_was_written(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_record record;
    rlm_error error;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, &error));
    ASSERT(block.count == 3);
    rlm_block_record(&block, rlm_block_find(&block, RLM_SLICE("openai"), RLM_SLICE("a")), &record);
    ASSERT_TEXT("A name", record.name);
    ASSERT(record.limits[RLM_LIMIT_CONTEXT] == 128000);
    ASSERT(record.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN);
    ASSERT(record.created_at.seconds == 1700000000);
    ASSERT(record.prices.count == 1 && record.prices.list[0].coefficient == 15 && record.prices.list[0].exponent == -2);
    rlm_buffer_free(&out);
    PASS();
}

TEST
finds_an_id_at_every_provider(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_slice provider, id;
    rlm_error error;
    size_t first, count;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, &error));
    rlm_block_find_id(&block, RLM_SLICE("b"), &first, &count);
    ASSERT(count == 2);
    rlm_block_key(&block, rlm_block_by_id(&block, first), &provider, &id);
    ASSERT_TEXT("anthropic", provider);
    rlm_block_find_id(&block, RLM_SLICE("c"), &first, &count);
    ASSERT(count == 0);
    rlm_block_provider(&block, RLM_SLICE("openai"), &first, &count);
    ASSERT(first == 1 && count == 2);
    ASSERT(rlm_block_find(&block, RLM_SLICE("openai"), RLM_SLICE("c")) == block.count);
    rlm_buffer_free(&out);
    PASS();
}

/* The indexes of a run, with a bar before those that are unlisted. */
static rlm_slice
run(const uint32_t *index, size_t count, size_t shown)
{
    static char text[64];
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; i <= count; i++) {
        if (i == shown) length += (size_t) snprintf(text + length, sizeof text - length, "|");
        if (i < count) length += (size_t) snprintf(text + length, sizeof text - length, "%u ", (unsigned) index[i]);
    }
    return rlm_slice_of(text);
}

TEST
tells_the_models_of_a_type_and_of_a_family(void)
{
    rlm_buffer out;
    rlm_block block;
    const uint32_t *index;
    size_t count, shown;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, NULL));
    ASSERT(rlm_block_shown(&block) == 3);
    index = rlm_block_of_type(&block, RLM_TYPE_CHAT, &count, &shown);
    ASSERT_TEXT("0 2 4 |1 ", run(index, count, shown));
    index = rlm_block_of_type(&block, RLM_TYPE_EMBEDDING, &count, &shown);
    ASSERT_TEXT("|3 ", run(index, count, shown));
    index = rlm_block_of_type(&block, RLM_TYPE_IMAGE, &count, &shown);
    ASSERT_TEXT("|", run(index, count, shown));
    index = rlm_block_of_family(&block, RLM_SLICE("gpt"), &count, &shown);
    ASSERT_TEXT("0 |1 ", run(index, count, shown));
    index = rlm_block_of_family(&block, RLM_SLICE("embed"), &count, &shown);
    ASSERT_TEXT("|3 ", run(index, count, shown));
    rlm_block_of_family(&block, RLM_SLICE("gp"), &count, &shown);
    ASSERT(count == 0 && shown == 0);
    rlm_block_of_family(&block, (rlm_slice){NULL, 0}, &count, &shown);
    ASSERT(count == 0 && shown == 0);
    rlm_buffer_free(&out);
    PASS();
}

TEST
finds_by_alias_and_knows_superseded_snapshots(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_slice alias;
    uint8_t kind;
    size_t first, count;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, NULL));
    rlm_block_find_alias(&block, RLM_SLICE("gpt-y"), &first, &count);
    ASSERT(count == 1 && rlm_block_alias(&block, first, &alias, &kind) == 2 && kind == RLM_ALIAS_SNAPSHOT);
    ASSERT_TEXT("gpt-y", alias);
    rlm_block_find_alias(&block, RLM_SLICE("gpt-x"), &first, &count);
    ASSERT(count == 1 && rlm_block_alias(&block, first, NULL, &kind) == 4 && kind == RLM_ALIAS_NAMESPACE);
    rlm_block_find_alias(&block, RLM_SLICE("openai/gpt-x-2025"), &first, &count);
    ASSERT(count == 1 && rlm_block_alias(&block, first, NULL, &kind) == 4 && kind == RLM_ALIAS_STATED);
    rlm_block_find_alias(&block, RLM_SLICE("gpt"), &first, &count);
    ASSERT(count == 0);
    ASSERT(!rlm_block_superseded(&block, 0) && rlm_block_superseded(&block, 1) && !rlm_block_superseded(&block, 2));
    rlm_buffer_free(&out);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(gives_back_what_was_written);
    RUN(finds_an_id_at_every_provider);
    RUN(tells_the_models_of_a_type_and_of_a_family);
    RUN(finds_by_alias_and_knows_superseded_snapshots);
    return REPORT("block");
}
