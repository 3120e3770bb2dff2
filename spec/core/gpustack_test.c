/* GPUStack: pages, at an address that only the user knows. */
#include "answer.h"
#include "parsed.h"

TEST
has_no_address_unless_the_user_gives_one(void)
{
    ASSERT_TEXT("", request_to(&rlm_source_gpustack, only_keys, NULL));
    PASS();
}

/* A page number that cannot be the next one ends the listing. */
TEST
counts_pages(void)
{
    /* clang-format off */
    static const struct {
        const char *envelope, *page;
    } cases[] = {
        {JSON({"pagination": {"page": 1, "totalPage": 2}}), "2"},
        {JSON({"pagination": {"page": 2, "totalPage": 2}}), ""},
        {JSON({"pagination": {"page": 0, "totalPage": 2}}), ""},
        {JSON({"pagination": {"page": "x"}}), ""},
        {JSON({"pagination": null}), ""},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_TEXT(cases[i].page, rlm_source_gpustack.listings[7].next_page(parsed(cases[i].envelope)));
    }
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(gpustack, JSON({"data": [{"id": "a", "meta": {"n_ctx": 1}}]}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(has_no_address_unless_the_user_gives_one);
    RUN(counts_pages);
    RUN(survives_a_lack_of_memory);
    answer_free();
    parsed_free();
    return REPORT("gpustack");
}
