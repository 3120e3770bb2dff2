/* What a reader's helpers understand: only that is a fact, and everything else stays in the metadata. */
#include "test.h"

#include "record_row.h"

#include <string.h>

TEST
reads_whole_numbers_however_they_are_written(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        int64_t limit;
        const char *rest;
    } cases[] = {
        {JSON({"n": 4096}), 4096, ""},
        {JSON({"n": "131072"}), 131072, ""},
        {JSON({"n": "2.5e4"}), 25000, ""},
        {JSON({"n": 32768.0}), 32768, ""},
        {JSON({"n": 0}), RLM_UNKNOWN, ""}, /* how many servers say that they do not know */
        {JSON({"n": -1}), RLM_UNKNOWN, ""},
        {JSON({"n": "64k"}), RLM_UNKNOWN, JSON({"n": "64k"})},
        {JSON({"n": 1024.5}), RLM_UNKNOWN, JSON({"n": 1024.5})},
        {JSON({"n": [8192]}), RLM_UNKNOWN, JSON({"n": [8192]})},
        {JSON({"n": {"max": 8192}}), RLM_UNKNOWN, JSON({"n": {"max": 8192}})},
        {JSON({"n": true}), RLM_UNKNOWN, JSON({"n": true})},
        {JSON({"n": null}), RLM_UNKNOWN, ""},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT(begin(cases[i].json));
        rlm_record_state_limit(&model, RLM_LIMIT_OUTPUT, MEMBER("n"));
        if (model.limits[RLM_LIMIT_OUTPUT] != cases[i].limit)
            FAIL("%s is %lld", cases[i].json, (long long) model.limits[RLM_LIMIT_OUTPUT]);
        ASSERT_JSON_TEXT(cases[i].rest, rest());
    }
    PASS();
}

TEST
keeps_the_first_of_two_limits_and_shows_the_other(void)
{
    BEGIN({"a": 8192, "b": 8192, "c": 16384});
    rlm_record_state_limit(&model, RLM_LIMIT_CONTEXT, MEMBER("a"));
    rlm_record_state_limit(&model, RLM_LIMIT_CONTEXT, MEMBER("b"));
    rlm_record_state_limit(&model, RLM_LIMIT_CONTEXT, MEMBER("c"));
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 8192);
    ASSERT_JSON(rest(), {"c": 16384});
    PASS();
}

TEST
reads_booleans_however_they_are_written(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        char said; /* y, n or - */
        const char *rest;
    } cases[] = {
        {JSON({"f": true}), 'y', ""},
        {JSON({"f": "true"}), 'y', ""},
        {JSON({"f": "False"}), 'n', ""},
        {JSON({"f": 1}), 'y', ""},
        {JSON({"f": "0"}), 'n', ""},
        {JSON({"f": 2}), '-', JSON({"f": 2})},
        {JSON({"f": "beta"}), '-', JSON({"f": "beta"})},
        {JSON({"f": {"supported": true}}), '-', JSON({"f": {"supported": true}})},
        {JSON({"f": []}), '-', ""},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool yes, no;

        ASSERT(begin(cases[i].json));
        rlm_record_state_capability(&model, RLM_CAPABILITY_BATCH, MEMBER("f"));
        yes = (model.capabilities.yes & RLM_BIT(RLM_CAPABILITY_BATCH)) != 0;
        no = (model.capabilities.no & RLM_BIT(RLM_CAPABILITY_BATCH)) != 0;
        if (yes != (cases[i].said == 'y') || no != (cases[i].said == 'n')) FAIL("%s", cases[i].json);
        ASSERT_JSON_TEXT(cases[i].rest, rest());
    }
    PASS();
}

TEST
reads_dates_or_leaves_them_as_they_were_written(void)
{
    /* clang-format off */
    static const struct {
        const char *json, *date, *rest;
    } cases[] = {
        {JSON({"d": 1735689600}), "2025-01-01T00:00:00Z", ""},
        {JSON({"d": "1735689600"}), "2025-01-01T00:00:00Z", ""},
        {JSON({"d": "2025"}), "2025", ""},
        {JSON({"d": "2025-03"}), "2025-03", ""},
        {JSON({"d": 0}), "", ""},
        {JSON({"d": -62135596800}), "", ""},
        {JSON({"d": "1970-01-01T00:00:00Z"}), "", ""},
        {JSON({"d": "0001-01-01T00:00:00Z"}), "", ""},
        {JSON({"d": "1 March 2025"}), "", JSON({"d": "1 March 2025"})},
        {JSON({"d": "03/04/2025"}), "", JSON({"d": "03/04/2025"})},
        {JSON({"d": "2025-02-30"}), "", JSON({"d": "2025-02-30"})},
        {JSON({"d": 1735689600000}), "", JSON({"d": 1735689600000})},
        {JSON({"d": {"day": "2025-03-01"}}), "", JSON({"d": {"day": "2025-03-01"}})},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[RLM_TIMESTAMP_TEXT];

        ASSERT(begin(cases[i].json));
        rlm_record_state_timestamp(&model.created_at, MEMBER("d"));
        rlm_timestamp_write(model.created_at, text);
        if (strcmp(text, cases[i].date) != 0) FAIL("%s is %s", cases[i].json, text);
        ASSERT_JSON_TEXT(cases[i].rest, rest());
    }
    PASS();
}

TEST
reads_modalities_beside_words_of_a_newer_vocabulary(void)
{
    static const rlm_word own[] = {{"SPEECH", RLM_MODALITY_AUDIO}, {NULL, 0}};
    /* clang-format off */
    static const struct {
        const char *json;
        uint32_t yes;
        const char *rest;
    } cases[] = {
        {JSON({"m": ["text", "image"]}), RLM_BIT(RLM_MODALITY_TEXT) | RLM_BIT(RLM_MODALITY_IMAGE), ""},
        {JSON({"m": ["SPEECH"]}), RLM_BIT(RLM_MODALITY_AUDIO), ""},
        {JSON({"m": ["text", "odour"]}), RLM_BIT(RLM_MODALITY_TEXT), JSON({"m": ["text", "odour"]})},
        {JSON({"m": ["odour", "touch"]}), 0, JSON({"m": ["odour", "touch"]})},
        {JSON({"m": "text"}), 0, JSON({"m": "text"})},
        {JSON({"m": [{"type": "text"}]}), 0, JSON({"m": [{"type": "text"}]})},
        {JSON({"m": ["text", 7]}), 0, JSON({"m": ["text", 7]})},
        {JSON({"m": []}), 0, ""},
    };
    /* clang-format on */
    const uint32_t all = RLM_BIT(RLM_MODALITY_COUNT) - 1;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT(begin(cases[i].json));
        rlm_record_state_modalities(&model.input, MEMBER("m"), own);
        if (model.input.yes != cases[i].yes) FAIL("%s", cases[i].json);
        ASSERT(model.input.no == (cases[i].yes == 0 ? 0 : all & ~cases[i].yes));
        ASSERT_JSON_TEXT(cases[i].rest, rest());
    }
    PASS();
}

/* A list denies what it leaves out, if it is one that we can read. */
TEST
enumerates_only_with_words_that_are_known(void)
{
    static const rlm_word words[] = {
        {"calls", RLM_CAPABILITY_FUNCTION_CALLING},
        {"thinks", RLM_CAPABILITY_REASONING},
        {"thinking", RLM_CAPABILITY_REASONING},
        {"heat", RLM_NO_FLAG},
        {NULL, 0},
    };
    const uint32_t calls = RLM_BIT(RLM_CAPABILITY_FUNCTION_CALLING), thinks = RLM_BIT(RLM_CAPABILITY_REASONING);
    /* clang-format off */
    const struct {
        const char *json;
        uint32_t yes, no;
    } cases[] = {
        {JSON({"can": ["calls"]}), calls, thinks},
        {JSON({"can": ["thinking", "sings"]}), thinks, calls},
        {JSON({"can": ["heat"]}), 0, calls | thinks},
        {JSON({"can": ["sings", "dances"]}), 0, 0},
        {JSON({"can": [{"id": "calls"}]}), 0, 0},
        {JSON({"can": ["calls", null]}), 0, 0},
        {JSON({"can": {"calls": true}}), 0, 0},
        {JSON({"can": "calls"}), 0, 0},
        {JSON({"can": []}), 0, 0},
        {"{}", 0, 0},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT(begin(cases[i].json));
        rlm_record_state_enumerated(&model, MEMBER("can"), words);
        if (model.capabilities.yes != cases[i].yes || model.capabilities.no != cases[i].no) FAIL("%s", cases[i].json);
    }
    PASS();
}

TEST
takes_ids_and_no_list_that_is_written_as_a_text(void)
{
    /* clang-format off */
    static const struct {
        const char *json, *equivalents, *rest;
    } cases[] = {
        {JSON({"ids": ["b", "a"]}), "a\nb\n", ""},
        {JSON({"ids": "a"}), "a\n", ""},
        {JSON({"ids": "a,b"}), "", JSON({"ids": "a,b"})},
        {JSON({"ids": "a b"}), "", JSON({"ids": "a b"})},
        {JSON({"ids": ["a", 7]}), "a\n", JSON({"ids": ["a", 7]})},
        {JSON({"ids": [{"id": "a"}]}), "", JSON({"ids": [{"id": "a"}]})},
        {JSON({"ids": {"latest": "a"}}), "", JSON({"ids": {"latest": "a"}})},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT(begin(cases[i].json));
        ASSERT_STATUS(RLM_OK, rlm_record_state_equivalents(&model, MEMBER("ids")));
        ASSERT_TEXT(cases[i].equivalents, model.equivalents);
        ASSERT_JSON_TEXT(cases[i].rest, rest());
    }
    PASS();
}

static const rlm_price_key keys[] = {
    RLM_PRICE("in", INPUT, 0),
    RLM_PRICE("out", OUTPUT, 0),
    RLM_PRICE_END,
};

TEST
has_a_whole_set_of_prices_or_none(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        uint32_t count;
        const char *unread, *rest;
    } cases[] = {
        {JSON({"in": 1, "out": "2.5"}), 2, "", ""},
        {JSON({"in": 1, "out": null}), 1, "", ""},
        {JSON({"in": 1, "out": ""}), 1, "", ""},
        {JSON({"in": 1, "out": -1}), 1, "", JSON({"out": -1})},
        {JSON({"in": 1, "out": "2 USD"}), 0, "out must be a number, got \"2 USD\"", JSON({"in": 1, "out": "2 USD"})},
        {JSON({"in": "free", "out": 2}), 0, "in must be a number, got \"free\"", JSON({"in": "free", "out": 2})},
        {JSON({"in": 1, "out": {"usd": 2}}), 0, "out must be a number, got an object",
         JSON({"in": 1, "out": {"usd": 2}})},
        {JSON({"in": true, "out": [2]}), 0, "in must be a number, got a boolean", JSON({"in": true, "out": [2]})},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT(begin(cases[i].json));
        ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&model, row, keys, RLM_ANY_LENGTH, true));
        if (model.prices.count != cases[i].count) FAIL("%s has %u prices", cases[i].json, model.prices.count);
        ASSERT_TEXT(cases[i].unread, model.unread_price);
        ASSERT_JSON_TEXT(cases[i].rest, rest());
    }
    PASS();
}

TEST
gives_back_what_belonged_to_prices_that_were_not_read(void)
{
    BEGIN({"in": 1, "step": 200, "long": {"in": 2, "out": "?"}, "name": "A"});
    ASSERT_STATUS(RLM_OK, rlm_record_state_name(&model, MEMBER("name")));
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&model, row, keys, RLM_ANY_LENGTH, true));
    rlm_value_take_with_prices(MEMBER("step"));
    ASSERT_STATUS(RLM_OK, rlm_record_state_prices(&model, MEMBER("long"), keys, (rlm_price){.threshold = 200}, true));
    ASSERT(model.prices.count == 0);
    ASSERT_JSON(rest(), {"in": 1, "long": {"in": 2, "out": "?"}, "step": 200});
    PASS();
}

TEST
identifies_by_clean_text_that_is_no_pattern(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        rlm_status status;
        const char *message;
    } cases[] = {
        {JSON({"id": "acme/a-1:free"}), RLM_OK, ""},
        {JSON({"id": "acme/*"}), RLM_LEFT_OUT, "\"acme/*\" is a pattern, not a model"},
        {JSON({"id": "*"}), RLM_LEFT_OUT, "\"*\" is a pattern, not a model"},
        {JSON({"id": "bedrock/us.*.haiku"}), RLM_LEFT_OUT, "\"bedrock/us.*.haiku\" is a pattern, not a model"},
        {JSON({"id": 7}), RLM_BAD_ROW, "id must be a string, got a number"},
        {JSON({"id": {}}), RLM_BAD_ROW, "id must be a string, got an object"},
        {JSON({"id": null}), RLM_BAD_ROW, "id must be a string, got null"},
        {JSON({"name": "A"}), RLM_BAD_ROW, "a row must have an id"},
        {JSON({"id": ""}), RLM_BAD_ROW, "id must be valid UTF-8 of 1 to 512 bytes, without control characters"},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rlm_error error;

        ASSERT(begin(cases[i].json));
        rlm_error_clear(&error);
        ASSERT_STATUS(cases[i].status, rlm_record_identify(&model, MEMBER("id"), NULL, &error));
        ASSERT_TEXT(cases[i].message, rlm_slice_of(error.message));
    }
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(reads_whole_numbers_however_they_are_written);
    RUN(keeps_the_first_of_two_limits_and_shows_the_other);
    RUN(reads_booleans_however_they_are_written);
    RUN(reads_dates_or_leaves_them_as_they_were_written);
    RUN(reads_modalities_beside_words_of_a_newer_vocabulary);
    RUN(enumerates_only_with_words_that_are_known);
    RUN(takes_ids_and_no_list_that_is_written_as_a_text);
    RUN(has_a_whole_set_of_prices_or_none);
    RUN(gives_back_what_belonged_to_prices_that_were_not_read);
    RUN(identifies_by_clean_text_that_is_no_pattern);
    parsed_free();
    rlm_arena_free(&arena);
    return REPORT("record");
}
