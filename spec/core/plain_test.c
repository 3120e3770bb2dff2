/* JSON that every database can store: what may not be, is told from the rest. */
#include "test.h"
#include "json/plain.h"

TEST
tells_what_a_database_might_refuse(void)
{
    static const struct {
        const char *text;
        bool plain;
    } cases[] = {
        {"{\"a\":[1,-2.5,\"b\",true,null]}", true},
        {"{\"a\":\"\\u0001 \\n \\ue000 \\u1234\"}", true},
        {"{\"1e5\":\"2E7, 123456\"}", true}, /* in a string, it is no number */
        {"[\"a\\u0000\"]", false},
        {"{\"\\u0000\":1}", false},
        {"[\"\\\\u0000\",\"\\\\\"]", true}, /* an escaped backslash */
        {"[\"\\\\\\u0000\"]", false},
        {"[\"\\\"\",1e5]", false},
        {"[\"\\ud83d\\ude00\"]", false},
        {"[\"\\uDFFF\"]", false},
        {"[\"\\ud7ff\"]", true},
        {"[1e5]", false},
        {"[1.5E-7]", false},
        {"[12345]", true},
        {"[123456]", false},
        {"[-1.234]", false},
        {"1e5", false},
        {"", true},
        {"[\"a", true}, /* not JSON: no answer is wrong, but nothing past the end is read */
        {"[\"a\\", true},
        {"[\"a\\u00", true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (rlm_json_is_plain(rlm_slice_of(cases[i].text), 5) != cases[i].plain) FAIL("%s", cases[i].text);
    }
    PASS();
}

TEST
reads_nothing_past_the_end(void)
{
    const char text[] = "[\"\\u0000\",1e5]";

    ASSERT(rlm_json_is_plain((rlm_slice){text, 7}, 5));   /* ["\u000 */
    ASSERT(rlm_json_is_plain((rlm_slice){"11e5", 2}, 5)); /* 11 */
    ASSERT(rlm_json_is_plain((rlm_slice){NULL, 0}, 5));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(tells_what_a_database_might_refuse);
    RUN(reads_nothing_past_the_end);
    return REPORT("plain");
}
