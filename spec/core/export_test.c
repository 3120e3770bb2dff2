/*
 * The text of a registry: what goes in comes out byte by byte, and anything else is refused with the place of the
 * error.
 */
#include "exported.h"

TEST
writes_no_source_twice(void)
{
    rlm_record record = record_of("openai", "a");
    rlm_block sheets[2];
    rlm_buffer out;
    trip all;

    trip_init(&all);
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, to_text(&all, &record, 1));
    sheets[0] = sheets[1] = all.blocks[1];
    ASSERT_STATUS(RLM_BAD_BLOCK, rlm_export_write(&all.blocks[0], sheets, 2, &out, &all.error));
    ASSERT_TEXT("two sheets of one source", rlm_slice_of(all.error.message));
    rlm_buffer_free(&out);
    trip_free(&all);
    PASS();
}

TEST
says_which_group_is_wrong(void)
{
    /* clang-format off */
    static const refused cases[] = {
        {GROUP("xai": {"stamp": {"fetched_at": 1}, "models": [{"provider": "p", "id": "i"}]}),
         "xai: p i: standing: missing"},
        {GROUP("xai": {"models": [1]}), "xai: a model must be an object"},
        {GROUP_TEXT("\"xai\":{\"models\":[{\"id\":\"\\u0007\"}]}"),
         "xai:  \x07: id: must be valid UTF-8 without control characters"},
        {GROUP("xai": 1), "xai: must be an object"},
        {GROUP("xai": {}), "xai: models: must be a list"},
        {GROUP("xai": {"models": []}), "xai: stamp: must be an object"},
        {GROUP("xai": {"models": [], "stamp": {"url": 1}}), "xai: stamp: must be a string of valid UTF-8: \"url\""},
        {GROUP("xai": {"models": [], "stamp": {"url": ""}}), "xai: stamp: fetched_at: must be a whole number"},
        {GROUP("xai": {"models": [], "stamp": {"colour": 1}}), "xai: stamp: unknown member \"colour\""},
        {GROUP("xai": {"models": [], "colour": 1}), "xai: unknown member \"colour\""},
        {GROUP("catalog": {"models": []}), "catalog: duplicate or empty name"},
        {GROUP("": {"models": []}), ": duplicate or empty name"},
        {"{" FORMAT "}", "the document has no catalog"},
        {"[]", "not an exported registry: its \"format\" does not say so"},
        {"{\"catalog\":{\"models\":[]}}", "not an exported registry: its \"format\" does not say so"},
        {"{\"format\":{\"name\":\"ruby_llm_native\",\"version\":4},\"catalog\":{\"models\":[5]}}",
         "the export must have version 1 to 3 of the format, got another"},
        {"{\"format\":{\"colour\":1}}", "format: unknown member \"colour\""},
    };
    /* clang-format on */

    ASSERT_REFUSED(RLM_BAD_SHAPE, cases);
    PASS();
}

TEST
refuses_what_is_not_json(void)
{
    static const refused case_0[] = {{"{,", "not JSON at byte 2: parse error: invalid object key (must be a string)"}};
    static const refused case_1[] = {{"{", "the answer ended early, at byte 1"}};

    ASSERT_REFUSED(RLM_BAD_JSON, case_0);
    ASSERT_REFUSED(RLM_ENDED_EARLY, case_1);
    PASS();
}

TEST
refuses_a_model_that_comes_twice(void)
{
    static const char text[] =
        "{" FORMAT ",\"catalog\":{\"models\":[{\"provider\":\"p\",\"id\":\"i\",\"standing\":\"listed\"},"
        "{\"provider\":\"p\",\"id\":\"i\",\"standing\":\"unlisted\"}]}}";
    trip all;

    trip_init(&all);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, text, sizeof text - 1));
    ASSERT_STATUS(RLM_BAD_SHAPE, from_text(&all));
    ASSERT_TEXT("catalog: duplicate model \"i\"", rlm_slice_of(all.error.message));
    trip_free(&all);
    PASS();
}

TEST
refuses_more_sheets_than_there_may_be_sources(void)
{
    char sheet[64];
    trip all;

    trip_init(&all);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, "{" FORMAT ",\"catalog\":{\"models\":[]}",
                                            strlen("{" FORMAT ",\"catalog\":{\"models\":[]}")));
    for (int i = 0; i <= RLM_CAP_SOURCES; i++) {
        int length = snprintf(sheet, sizeof sheet, ",\"s%d\":{\"stamp\":{\"fetched_at\":1},\"models\":[]}", i);

        ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, sheet, (size_t) length));
    }
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, "}", 1));
    ASSERT_STATUS(RLM_TOO_LARGE, from_text(&all));
    ASSERT_TEXT("s1024: more than 1024 sheets", rlm_slice_of(all.error.message));
    trip_free(&all);
    PASS();
}

TEST
takes_members_and_groups_in_any_order(void)
{
    static const char text[] = "{\"xai\":{\"models\":[{\"standing\":\"listed\",\"id\":\"i\",\"provider\":\"p\"}],"
                               "\"stamp\":{\"fetched_at\":3}},"
                               "\"catalog\":{\"models\":[]}," FORMAT "}";
    rlm_block block;
    trip all;

    trip_init(&all);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, text, sizeof text - 1));
    ASSERT_STATUS(RLM_OK, from_text(&all));
    ASSERT(all.count == 2 && all.parts[0].source.length == 0 && all.parts[1].offset % 8 == 0);
    ASSERT_STATUS(RLM_OK, rlm_block_open(all.again.bytes + all.parts[1].offset, all.parts[1].size, &block, &all.error));
    ASSERT(block.kind == RLM_BLOCK_SHEET && block.count == 1 && block.stamp.fetched_at == 3);
    ASSERT_TEXT("xai", block.stamp.source);
    trip_free(&all);
    PASS();
}

TEST
refuses_a_text_that_is_cut_anywhere(void)
{
    rlm_record record = record_of("openai", "a");
    size_t length;
    trip all;

    trip_init(&all);
    record.prices = (rlm_price_set){.list = two_prices, .count = 2};
    ASSERT_STATUS(RLM_OK, to_text(&all, &record, 1));
    length = all.text.length;
    for (all.text.length = 0; all.text.length < length - 1;
         all.text.length++) { /* the last byte is the end of its line */
        rlm_error_clear(&all.error);
        all.again.length = 0;
        ASSERT_STATUS(RLM_ENDED_EARLY, from_text(&all));
    }
    trip_free(&all);
    PASS();
}

static rlm_status
go_and_come_back(void *context)
{
    rlm_record record = record_of("openai", "a");
    rlm_status status;
    trip all;

    (void) context;
    record.prices = (rlm_price_set){.list = two_prices, .count = 2};
    record.metadata = RLM_SLICE("{\"a\":[1]}");
    record.equivalents = RLM_SLICE("b\n");
    record.origins = RLM_SLICE("id\n");
    record.endpoints = RLM_SLICE("openai\n");
    record.created_at = (rlm_timestamp){1719792000, RLM_PRECISION_MONTH};
    trip_init(&all);
    status = to_text(&all, &record, 1);
    if (status == RLM_OK) status = from_text(&all);
    trip_free(&all);
    return status;
}

TEST
survives_every_failing_allocation(void)
{
    ASSERT_SURVIVES_TORTURE(go_and_come_back, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(writes_no_source_twice);
    RUN(says_which_group_is_wrong);
    RUN(refuses_what_is_not_json);
    RUN(refuses_a_model_that_comes_twice);
    RUN(refuses_more_sheets_than_there_may_be_sources);
    RUN(takes_members_and_groups_in_any_order);
    RUN(refuses_a_text_that_is_cut_anywhere);
    RUN(survives_every_failing_allocation);
    return REPORT("export");
}
