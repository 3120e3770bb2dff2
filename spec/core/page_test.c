/* Whether an answer is whole, where its rows are, and which page follows it. */
#include "test.h"

#include "base/caps.h"
#include "sources/page.h"

#include <string.h>

static rlm_arena arena;
static rlm_rows rows;
static rlm_json *json;
static rlm_page page;
static rlm_error error;

/* The answer of the source's first listing, or the page after another page. */
static rlm_status
answer(const rlm_source *source, const char *text, bool first)
{
    rlm_status status;

    rlm_json_free(json);
    rlm_rows_free(&rows);
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_rows_init(&rows, source, &source->listings[0], &arena);
    rlm_error_clear(&error);
    page = (rlm_page){{NULL, 0}, {NULL, 0}};
    RLM_TRY(rlm_page_open(&rows, &json));
    status = rlm_json_feed(json, text, strlen(text), &error);
    return status == RLM_OK ? rlm_page_close(json, &rows, first, &page, &error) : status;
}

TEST
reads_the_list_wherever_servers_of_openai_s_format_put_it(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        size_t count;
    } cases[] = {
        {JSON({"object": "list", "data": [{"id": "a"}, {"id": "b"}]}), 2},
        {JSON([{"id": "a"}, {"id": "b"}, {"id": "c"}]), 3},
        {JSON({"models": [{"id": "a"}]}), 1},
        /* llama.cpp has both */
        {JSON({"models": [{"name": "a.gguf"}], "object": "list", "data": [{"id": "a"}, {"id": "b"}]}), 2},
        {"[]", 0},
        {JSON({"data": []}), 0},
        {JSON({"models": []}), 0},
    };
    /* clang-format on */
    const rlm_source *const sources[] = {&rlm_source_openai, &rlm_source_deepseek, &rlm_source_hetzner,
                                         &rlm_source_ollama_cloud, &rlm_source_mistral};

    for (size_t at = 0; at < sizeof sources / sizeof *sources; at++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            ASSERT_STATUS(RLM_OK, answer(sources[at], cases[i].json, true));
            if (rows.count != cases[i].count || !rows.found)
                FAIL("%s: %zu of %s", sources[at]->slug, rows.count, cases[i].json);
        }
    }
    PASS();
}

TEST
is_no_answer_without_a_list(void)
{
    /* clang-format off */
    static const struct {
        const rlm_source *source;
        const char *json, *message, *said;
    } cases[] = {
        {&rlm_source_openai, JSON({"data": null}), "no data[] in the answer", ""},
        {&rlm_source_openai, "{}", "no data[] in the answer", ""},
        {&rlm_source_openai, JSON({"data": {"id": "a"}}), "data must be a list, got an object", ""},
        {&rlm_source_openai, JSON({"data": "soon"}), "data must be a list, got a string", ""},
        {&rlm_source_openai, JSON({"message": "closed"}), "no data[] in the answer", "closed"},
        {&rlm_source_mistral, "\"ok\"", "no data[] in the answer", ""},
        {&rlm_source_gemini, JSON({"error": {"code": 503, "message": "overloaded"}}), "the answer reports an error",
         "overloaded"},
        {&rlm_source_gemini, "{}", "no models[] in the answer", ""},
        {&rlm_source_gemini, "[]", "no models[] in the answer", ""},
        {&rlm_source_gemini, JSON({"models": 7}), "models must be a list, got a number", ""},
        {&rlm_source_vertexai, JSON({"error": "gone"}), "the answer reports an error", "gone"},
        {&rlm_source_vertexai, "{}", "no publisherModels[] in the answer", ""},
        {&rlm_source_gpustack, JSON({"error": {"message": "not now"}}), "the answer reports an error", "not now"},
        {&rlm_source_gpustack, JSON({"data": 7}), "data must be a list, got a number", ""},
        {&rlm_source_gpustack, "[]", "no data[] in the answer", ""},
        {&rlm_source_cohere, JSON({"models": null}), "no models[] in the answer", ""},
        {&rlm_source_anthropic, JSON({"data": [], "error": {"message": "later"}}), "the answer reports an error",
         "later"},
        {&rlm_source_openrouter, JSON({"data": [{"id": "a/b"}], "error": {"message": "cut"}}),
         "the answer reports an error", "cut"},
        {&rlm_source_elevenlabs, JSON({"detail": "no key"}), "the answer must be a list, got an object", "no key"},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (answer(cases[i].source, cases[i].json, true) != RLM_BAD_SHAPE)
            FAIL("%s: %s", cases[i].source->slug, cases[i].json);
        ASSERT_TEXT(cases[i].message, rlm_slice_of(error.message));
        ASSERT_TEXT(cases[i].said, page.said);
    }
    PASS();
}

TEST
may_be_empty_in_a_source_s_own_way(void)
{
    /* clang-format off */
    static const struct {
        const rlm_source *source;
        const char *json;
        bool first, found;
    } cases[] = {
        {&rlm_source_ollama, JSON({"object": "list", "data": null}), true, true},
        {&rlm_source_gemini, "{}", false, false}, /* a last page */
        /* an older server: another listing reads it */
        {&rlm_source_gpustack, JSON({"items": [{"name": "a"}]}), true, false},
        {&rlm_source_openai, JSON({"data": [], "error": null}), true, true},
        {&rlm_source_openai, JSON({"data": [], "error": false}), true, true},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (answer(cases[i].source, cases[i].json, cases[i].first) != RLM_OK)
            FAIL("%s: %s", cases[i].source->slug, error.message);
        ASSERT(rows.count == 0 && rows.found == cases[i].found && page.token.length == 0);
    }
    PASS();
}

TEST
goes_on_after_the_last_row_while_there_is_more(void)
{
    /* clang-format off */
    static const struct {
        const rlm_source *source;
        const char *json, *token;
    } cases[] = {
        {&rlm_source_anthropic, JSON({"data": [{"id": "a"}], "has_more": true, "last_id": "a-9"}), "a-9"},
        {&rlm_source_anthropic, JSON({"data": [{"id": "a"}, {"id": "b"}], "has_more": true, "last_id": null}), "b"},
        {&rlm_source_anthropic, JSON({"data": [{"id": "a"}], "has_more": false, "last_id": "a"}), ""},
        {&rlm_source_openai, JSON({"data": [{"id": "a"}, {"id": "acme/*"}], "has_more": true}), "acme/*"},
        {&rlm_source_openai, JSON({"has_more": "true", "last_id": "c", "data": [{"id": "a"}]}), "c"},
        {&rlm_source_openai, JSON({"has_more": 1, "last_id": 42, "data": [{"id": "a"}]}), "42"},
        {&rlm_source_openai, JSON({"data": [{"id": "a"}]}), ""},
        {&rlm_source_hetzner, JSON({"models": [{"id": "m"}], "has_more": true}), "m"},
        {&rlm_source_gemini, JSON({"models": [{"name": "models/g"}], "nextPageToken": 17}), "17"},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_STATUS(RLM_OK, answer(cases[i].source, cases[i].json, true));
        ASSERT_TEXT(cases[i].token, page.token);
    }
    PASS();
}

TEST
is_not_whole_when_nothing_leads_to_the_rest(void)
{
    ASSERT_STATUS(RLM_BAD_ANSWER,
                  answer(&rlm_source_anthropic, JSON({"data": [], "has_more": true, "last_id": null}), true));
    ASSERT_STATUS(RLM_BAD_ANSWER,
                  answer(&rlm_source_openai, JSON({"data": [{"id": "a"}, {"id": 7}], "has_more": true}), true));
    ASSERT_STATUS(RLM_BAD_ANSWER, answer(&rlm_source_deepseek,
                                         JSON({"data": [{"id": "a"}, {}], "has_more": true, "last_id": ""}), true));
    ASSERT_TEXT("the answer has more pages (has_more), but neither a last_id nor an id in its last row",
                rlm_slice_of(error.message));
    PASS();
}

static rlm_status
read_two_rows(void *unused)
{
    (void) unused;
    return answer(&rlm_source_openai,
                  JSON({"models": [{"id": "a", "max_model_len": 1}, {"id": "*"}], "has_more": true}), true);
}

TEST
survives_want_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(read_two_rows, NULL);
    ASSERT(rows.count == 1);
    ASSERT_TEXT("*", page.token);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(reads_the_list_wherever_servers_of_openai_s_format_put_it);
    RUN(is_no_answer_without_a_list);
    RUN(may_be_empty_in_a_source_s_own_way);
    RUN(goes_on_after_the_last_row_while_there_is_more);
    RUN(is_not_whole_when_nothing_leads_to_the_rest);
    RUN(survives_want_of_memory);
    rlm_json_free(json);
    rlm_rows_free(&rows);
    rlm_arena_free(&arena);
    return REPORT("page");
}
