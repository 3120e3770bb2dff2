/*
 * Reading JSON: rows at their place, at every split of the bytes, and every way it can be refused, with the byte at
 * which it happened.
 */
#include "json_rows.h"

#include <time.h>

TEST
gives_the_rows_of_a_list_at_every_split(void)
{
    ASSERT_ROWS("{\"id\":\"a\"}{\"id\":\"b\",\"n\":1.50}", "data[]",
                "{\"object\":\"list\",\"data\":[{\"id\":\"a\"},{\"n\":1.50,\"id\":\"b\"}],\"has_more\":false}");
    PASS();
}

TEST
gives_the_rows_of_a_bare_array(void)
{
    ASSERT_ROWS("{\"id\":\"a\"}17\"b\"", "[]", "[{\"id\":\"a\"}, 17, \"b\", null]");
    PASS();
}

TEST
gives_rows_whose_keys_are_data_and_skips_whole_groups(void)
{
    ASSERT_ROWS("onea{\"x\":1}oneb{\"x\":2}twoc{\"x\":3}", "*.models.*",
                "{\"one\":{\"id\":\"one\",\"models\":{\"a\":{\"x\":1},\"b\":{\"x\":2}}},"
                "\"skipped\":{\"models\":{\"z\":{\"deep\":[[{}]]}}},\"two\":{\"models\":{\"c\":{\"x\":3}}}}");
    PASS();
}

/*
 * Deepgram: one list for each kind of model. Beside them, an object is not a list and is skipped; strings are kept,
 * because they may report an error.
 */
TEST
gives_the_rows_of_a_list_in_each_group(void)
{
    ASSERT_ROWS("a{\"x\":1}a{\"x\":2}b{\"x\":3}", "*.models[]",
                "{\"a\":{\"models\":[{\"x\":1},{\"x\":2}],\"stamp\":{\"models\":[{\"x\":4}]}},\"b\":{\"models\":[{"
                "\"x\":3}]},\"c\":5}");
    PASS();
}

/*
 * genai-prices: a list of providers, each with its id before its models. What is beside them is skipped, unless it is
 * wanted.
 */
TEST
gives_the_rows_of_a_list_in_each_object_of_a_list(void)
{
    ASSERT_ROWS("a{\"x\":1}a{\"x\":2}b{\"id\":\"m\"}", "[].models[]",
                "[{\"id\":\"a\",\"skipped\":[{\"models\":[{\"x\":9}]}],\"models\":[{\"x\":1},{\"x\":2}]},"
                "{\"skipped\":{\"id\":\"no\"},\"id\":\"b\",\"models\":[{\"id\":\"m\"}],\"models2\":[{}]},7]");
    ASSERT_ROWS("{\"x\":1}b{\"x\":2}{\"x\":3}{\"x\":4}", "[].models[]", /* without an id before them */
                "[{\"models\":[{\"x\":1}],\"id\":\"a\"},{\"id\":\"b\",\"models\":[{\"x\":2}]},"
                "{\"models\":[{\"x\":3}]},{\"id\":5,\"models\":[{\"x\":4}]}]");
    ASSERT_ROWS("", "[].models[]", "[{\"id\":\"a\"},[{\"id\":\"b\"}],{\"id\":\"c\",\"models\":{\"d\":{}}}]");
    PASS();
}

TEST
holds_a_document_to_its_own_caps(void)
{
    const rlm_json_caps caps = {RLM_CAP_EXPORT_DEPTH, RLM_CAP_ROW, 2, RLM_CAP_VALUES};
    char deep[RLM_CAP_EXPORT_DEPTH + 1];
    rlm_error error;

    for (int levels = RLM_CAP_EXPORT_DEPTH; levels <= RLM_CAP_EXPORT_DEPTH + 1; levels++) {
        rlm_json *json;

        memset(deep, '[', (size_t) levels);
        ASSERT_STATUS(RLM_OK, rlm_json_open_with(&(rlm_json_rows){.rows = NULL}, &caps, &json));
        ASSERT_STATUS(levels > RLM_CAP_EXPORT_DEPTH ? RLM_TOO_DEEP : RLM_OK,
                      rlm_json_feed(json, deep, (size_t) levels, &error));
        rlm_json_free(json);
    }
    for (int rows = 2; rows <= 3; rows++) {
        heard all = {.unwanted = NULL};
        rlm_json *json;

        rlm_buffer_init(&all.text, RLM_CAP_RESPONSE);
        ASSERT_STATUS(RLM_OK,
                      rlm_json_open_with(&(rlm_json_rows){.rows = "[]", .context = &all, .row = hear}, &caps, &json));
        ASSERT_STATUS(rows > 2 ? RLM_TOO_MANY_ROWS : RLM_OK,
                      rlm_json_feed(json, "[1,2,3,", (size_t) (2 * rows) + 1, &error));
        rlm_json_free(json);
        rlm_buffer_free(&all.text);
    }
    PASS();
}

TEST
shows_the_envelope_also_after_a_failure(void)
{
    static const char document[] = "{\"a\":{\"b\":1},\"c\":}";
    rlm_error error;
    rlm_json *json;

    ASSERT_STATUS(RLM_OK, rlm_json_open(&(rlm_json_rows){.rows = "c[]"}, &json));
    ASSERT(rlm_json_envelope(json) == NULL);
    ASSERT_STATUS(RLM_BAD_JSON, rlm_json_feed(json, document, sizeof document - 1, &error));
    ASSERT_TEXT("1", rlm_value_get(rlm_value_get(rlm_json_envelope(json), "a"), "b")->text);
    rlm_json_free(json);
    PASS();
}

TEST
gives_the_rows_of_every_list(void)
{
    ASSERT_ROWS("stt{\"name\":\"a\"}stt{\"name\":\"b\"}tts{\"name\":\"c\"}", "*[]",
                "{\"stt\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"languages\":{\"en\":\"English\",\"x\":[1,{}]},"
                "\"skipped\":[{\"name\":\"d\"}],"
                "\"err_msg\":\"none\",\"tts\":[{\"name\":\"c\"}]}");
    PASS();
}

TEST
finds_rows_only_at_their_own_place(void)
{
    ASSERT_ROWS("{\"id\":\"a\"}", "data[]",
                "{\"meta\":{\"data\":[1,2]},\"data\":[{\"id\":\"a\"}],\"more\":[{\"data\":[3]}]}");
    PASS();
}

/* null is not a list; only the source knows whether it means that there are no rows. */
TEST
tells_an_empty_list_from_none(void)
{
    static const struct {
        const char *rows, *document;
        bool found;
    } cases[] = {{"data[]", "{\"data\":null}", false},
                 {"data[]", "{\"data\":[]}", true},
                 {"data[]", "{\"error\":{}}", false},
                 {"data[]", "{\"data\":{}}", false},
                 {"[]", "{\"error\":\"no\"}", false},
                 {"[]", "[]", true},
                 {"*[]", "{\"err_msg\":\"no\"}", false},
                 {"*[]", "{\"stt\":[]}", true},
                 {"*[]", "{\"languages\":{}}", false},
                 {"*.models.*", "{\"a\":{}}", false},
                 {"*.models.*", "{\"a\":{\"models\":{}}}", true}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heard all = {.unwanted = NULL};
        bool found = !cases[i].found;
        rlm_error error;

        ASSERT_STATUS(RLM_OK, read_split(cases[i].rows, cases[i].document, 0, &all, &found, &error));
        if (found != cases[i].found) FAIL("%s in %s", cases[i].rows, cases[i].document);
        rlm_buffer_free(&all.text);
    }
    PASS();
}

TEST
makes_all_text_clean(void)
{
    /* An overlong slash: yajl lets it through. */
    ASSERT_ROWS("\"\xEF\xBF\xBD\xEF\xBF\xBD\"", "[]", "[\"\xC0\x80\"]");
    PASS();
}

/* What breaks off inside an escape, or is not one, is refused as before. */
TEST
refuses_documents_that_end_in_an_escape(void)
{
    ASSERT_REFUSED(RLM_ENDED_EARLY, 2, NULL, "[\"");
    ASSERT_REFUSED(RLM_ENDED_EARLY, 8, NULL, "[\"\\uD83D");
    ASSERT_REFUSED(RLM_ENDED_EARLY, 10, NULL, "[\"\\uD83D\\u");
    ASSERT_REFUSED(RLM_ENDED_EARLY, 3, NULL, "[\"\\");
    PASS();
}

/* Beyond 64 bits, and beyond a double: the text is kept, and no reader gets infinity. */
TEST
keeps_numbers_as_they_were_written(void)
{
    ASSERT_ROWS("0.00000008333333333333334", "[]", "[0.00000008333333333333334]");
    ASSERT_ROWS("-9223372036854775809", "[]", "[-9223372036854775809]");
    ASSERT_ROWS("\"1e999\"", "[]", "[1e999]");
    PASS();
}

TEST
says_at_which_byte_it_stopped(void)
{
    ASSERT_REFUSED(RLM_ENDED_EARLY, 11, "data[]", "{\"data\": [{");
    ASSERT_REFUSED(RLM_ENDED_EARLY, 0, "data[]", "");
    ASSERT_REFUSED(RLM_BAD_JSON, 6, "[]", "[{}] x");
    ASSERT_REFUSED(RLM_BAD_JSON, 2, "[]", "[NaN]");
    PASS();
}

TEST
stops_at_the_depth_cap(void)
{
    char document[2 * RLM_CAP_DEPTH + 3];

    memset(document, '[', RLM_CAP_DEPTH + 1);
    memset(document + RLM_CAP_DEPTH + 1, ']', RLM_CAP_DEPTH + 1);
    document[2 * RLM_CAP_DEPTH + 2] = '\0';
    ASSERT_REFUSED(RLM_TOO_DEEP, RLM_CAP_DEPTH + 1, NULL, document);
    PASS();
}

TEST
stops_at_the_cap_of_one_token(void)
{
    rlm_json *json;
    rlm_error error;
    rlm_status status = RLM_OK;
    char chunk[16384];
    int fed = 0;

    memset(chunk, 'x', sizeof chunk);
    chunk[0] = '[';
    chunk[1] = '"';
    ASSERT_STATUS(RLM_OK, rlm_json_open(&(rlm_json_rows){.rows = NULL}, &json));
    while (status == RLM_OK && fed++ < 1000) {
        status = rlm_json_feed(json, chunk, sizeof chunk, &error);
        chunk[0] = chunk[1] = 'x';
    }
    rlm_json_free(json);
    ASSERT(status == RLM_TOO_LARGE);
    ASSERT(fed <= (int) (RLM_CAP_TOKEN / sizeof chunk) + 2);
    PASS();
}

TEST
holds_a_row_and_an_envelope_to_a_number_of_values(void)
{
    static const char *const starts[] = {"{\"data\":[{\"x\":[0", "{\"more\":[0", "{\"data\":[[{}]"};
    static char document[4 * RLM_CAP_VALUES + 64];

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t length = strlen(strcpy(document, starts[i]));
        rlm_error error;
        bool found;
        heard all = {.unwanted = NULL};

        for (int value = 0; value < RLM_CAP_VALUES; value++)
            length += (size_t) sprintf(document + length, i == 2 ? ",{}" : ",0");
        ASSERT_STATUS(i == 2 ? RLM_ENDED_EARLY : RLM_TOO_LARGE,
                      read_split("data[]", document, 0, &all, &found, &error));
        if (i != 2)
            ASSERT_TEXT("one row, or the envelope around the rows, holds more than 10000 values",
                        rlm_slice_of(error.message));
        rlm_buffer_free(&all.text);
    }
    PASS();
}

/* One text in pieces of one byte, two, a few: yajl reads a split token from its start each time. */
TEST
reads_a_token_in_linear_time_however_it_is_cut(void)
{
    static char document[RLM_CAP_TOKEN];
    static const size_t pieces[] = {1, 2, 7, 100, 1400};

    memset(document, 'x', sizeof document);
    memcpy(document, "[\"", 2);
    memcpy(document + sizeof document - 2, "\"]", 2);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        clock_t started = clock();
        rlm_value *envelope;
        rlm_json *json;
        rlm_error error;
        bool found;

        ASSERT_STATUS(RLM_OK, rlm_json_open(&(rlm_json_rows){.rows = NULL}, &json));
        for (size_t at = 0; at < sizeof document; at += pieces[i]) {
            size_t length = sizeof document - at < pieces[i] ? sizeof document - at : pieces[i];

            ASSERT_STATUS(RLM_OK, rlm_json_feed(json, document + at, length, &error));
        }
        ASSERT_STATUS(RLM_OK, rlm_json_finish(json, &envelope, &found, &error));
        ASSERT(envelope->first->text.length == sizeof document - 4);
        rlm_json_free(json);
        ASSERT(clock() - started < 2 * CLOCKS_PER_SEC);
    }
    PASS();
}

static rlm_status
read_all(void *context)
{
    heard all = {.unwanted = NULL};
    bool found;
    rlm_error error;
    rlm_status status = read_split("data[]", context, 7, &all, &found, &error);

    rlm_buffer_free(&all.text);
    return status;
}

TEST
survives_every_failing_allocation(void)
{
    static char document[] = "{\"data\":[{\"id\":\"a\",\"list\":[1,2,{\"x\":null}]},{\"id\":\"b\"}],\"more\":true}";

    ASSERT_SURVIVES_TORTURE(read_all, document);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(gives_the_rows_of_a_list_at_every_split);
    RUN(gives_the_rows_of_a_bare_array);
    RUN(gives_rows_whose_keys_are_data_and_skips_whole_groups);
    RUN(gives_the_rows_of_a_list_in_each_group);
    RUN(gives_the_rows_of_a_list_in_each_object_of_a_list);
    RUN(holds_a_document_to_its_own_caps);
    RUN(shows_the_envelope_also_after_a_failure);
    RUN(gives_the_rows_of_every_list);
    RUN(finds_rows_only_at_their_own_place);
    RUN(tells_an_empty_list_from_none);
    RUN(makes_all_text_clean);
    RUN(refuses_documents_that_end_in_an_escape);
    RUN(keeps_numbers_as_they_were_written);
    RUN(says_at_which_byte_it_stopped);
    RUN(stops_at_the_depth_cap);
    RUN(stops_at_the_cap_of_one_token);
    RUN(holds_a_row_and_an_envelope_to_a_number_of_values);
    RUN(reads_a_token_in_linear_time_however_it_is_cut);
    RUN(survives_every_failing_allocation);
    return REPORT("json");
}
