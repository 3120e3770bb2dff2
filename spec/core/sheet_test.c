/* Sheets: what a whole answer means for the models that are missing from it, and what changed between two of them. */
#include "base/caps.h"
#include "block/diff.h"
#include "block/sheet.h"
#include "test.h"
#include "json/json.h"

#include <string.h>

#define OF(slug) ((rlm_diff_scope){.provider = RLM_SLICE(slug), .rest = true})

/* The sheet of an answer that follows `previous` (NULL: none), opened; the caller owns its bytes. */
static rlm_status
answer(const char *source, const char *json, const rlm_block *previous, int64_t now, rlm_buffer *bytes,
       rlm_block *sheet)
{
    rlm_slice slug = rlm_slice_of(source);
    rlm_stamp stamp = {.source = slug,
                       .api = slug,
                       .provider = slug,
                       .url = RLM_SLICE("https://api.example/models"),
                       .etag = RLM_SLICE("W/\"1\""),
                       .fetched_at = now};
    const rlm_source *asked = rlm_source_find(slug);
    rlm_arena arena;
    rlm_rows rows;
    rlm_json *reader = NULL;
    rlm_value *envelope;
    rlm_error error;
    bool found;
    rlm_status status;

    rlm_buffer_init(bytes, RLM_CAP_BLOCK);
    rlm_error_clear(&error);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_rows_init(&rows, asked, &asked->listings[0], &arena);
    status = rlm_json_open(
        &(rlm_json_rows){.rows = rows.listing->rows, .context = &rows, .wants = rlm_rows_wants, .row = rlm_rows_add},
        &reader);
    if (status == RLM_OK) status = rlm_json_feed(reader, json, strlen(json), &error);
    if (status == RLM_OK) status = rlm_json_finish(reader, &envelope, &found, &error);
    if (status == RLM_OK) status = rlm_sheet_write(&rows, previous, &stamp, now, bytes, &error);
    if (status == RLM_OK) status = rlm_block_open(bytes->bytes, bytes->length, sheet, &error);
    rlm_json_free(reader);
    rlm_rows_free(&rows);
    rlm_arena_free(&arena);
    return status;
}

static rlm_record
model(const rlm_block *sheet, const char *provider, const char *id)
{
    size_t index = rlm_block_find(sheet, rlm_slice_of(provider), rlm_slice_of(id));
    rlm_record record;

    memset(&record, 0, sizeof record);
    if (index < sheet->count) rlm_block_record(sheet, index, &record);
    return record;
}

TEST
keeps_a_listed_model_that_went_as_unlisted_since_then(void)
{
    rlm_buffer first_bytes, second_bytes, third_bytes;
    rlm_block first, second, third;
    rlm_record gone;

    ASSERT_STATUS(RLM_OK,
                  answer("openai", JSON({"data": [{"id": "a"}, {"id": "b"}]}), NULL, 1000, &first_bytes, &first));
    ASSERT_STATUS(RLM_OK, answer("openai", JSON({"data": [{"id": "a"}]}), &first, 2000, &second_bytes, &second));
    gone = model(&second, "openai", "b");
    ASSERT(gone.standing == RLM_STANDING_UNLISTED && gone.unlisted_at.seconds == 2000);
    ASSERT(model(&second, "openai", "a").standing == RLM_STANDING_LISTED);

    ASSERT_STATUS(RLM_OK, answer("openai", JSON({"data": [{"id": "a"}]}), &second, 3000, &third_bytes, &third));
    ASSERT(model(&third, "openai", "b").unlisted_at.seconds == 2000); /* since it went, not since the last look */
    rlm_buffer_free(&third_bytes);

    ASSERT_STATUS(RLM_OK,
                  answer("openai", JSON({"data": [{"id": "a"}, {"id": "b"}]}), &second, 3000, &third_bytes, &third));
    ASSERT(model(&third, "openai", "b").standing == RLM_STANDING_LISTED);
    ASSERT(model(&third, "openai", "b").unlisted_at.precision == RLM_PRECISION_NONE);
    rlm_buffer_free(&first_bytes);
    rlm_buffer_free(&second_bytes);
    rlm_buffer_free(&third_bytes);
    PASS();
}

/* `count` models called "<name><number>", a list in OpenAI's format; each with a note of `length` bytes. */
static const char *
listing(const char *name, int count, int length)
{
    static char json[32 << 20];
    size_t end = (size_t) sprintf(json, "{\"data\":[");

    for (int i = 0; i < count; i++) {
        end += (size_t) sprintf(json + end, "%s{\"id\":\"%s%05d\",\"note\":\"%0*d\"}", i > 0 ? "," : "", name, i,
                                length, 1);
    }
    sprintf(json + end, "]}");
    return json;
}

/* How many models of that name and standing a sheet has. */
static size_t
count_of(const rlm_block *sheet, const char *name, uint8_t standing)
{
    size_t count = 0;

    for (size_t i = 0; i < sheet->count; i++) {
        rlm_record record;

        rlm_block_record(sheet, i, &record);
        count += rlm_slice_starts_with(record.id, name) && record.standing == standing;
    }
    return count;
}

/* A source of new ids each time: what went first is forgotten first, and the sheet does not grow. */
TEST
forgets_what_went_longest_ago(void)
{
    static const struct {
        int listed, length;
        size_t first, second; /* after three answers, what is kept of the second, and of the first */
    } cases[] = {
        {600, 1, 600, 400},
        {1500, 1, 1500, 0},
        {10, 1, 10, 10},
        {11000, 1, 10000, 0},
        {2000, 5000, RLM_CAP_UNLISTED_BYTES / (sizeof(rlm_record) + sizeof "b00000{\"note\":\"\"}" - 1 + 5000), 0},
    };
    static const char *const names[] = {"a", "b", "c"};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rlm_buffer bytes[3];
        rlm_block sheets[3];
        size_t first;

        for (int j = 0; j < 3; j++) {
            const char *json = listing(names[j], cases[i].listed, cases[i].length);

            ASSERT_STATUS(RLM_OK,
                          answer("openai", json, j > 0 ? &sheets[j - 1] : NULL, 1000 * (j + 1), &bytes[j], &sheets[j]));
        }
        ASSERT(count_of(&sheets[2], "c", RLM_STANDING_LISTED) == (size_t) cases[i].listed);
        first = count_of(&sheets[2], "b", RLM_STANDING_UNLISTED);
        ASSERT(first == cases[i].first);
        ASSERT(count_of(&sheets[2], "a", RLM_STANDING_UNLISTED) == cases[i].second);
        ASSERT(sheets[2].count == (size_t) cases[i].listed + first + cases[i].second);
        for (int j = 0; j < 3; j++) rlm_buffer_free(&bytes[j]);
    }
    PASS();
}

/* A metadata source lists nothing, so what it drops was never listed. */
TEST
forgets_what_a_catalogue_drops(void)
{
    rlm_buffer first_bytes, second_bytes;
    rlm_block first, second;

    ASSERT_STATUS(RLM_OK,
                  answer("models_dev", JSON({
                                     "openai": {"models": {"a": {"name": "A"}, "b": {"name": "B"}}},
                                     "No-body.x": {"models": {"c": {"name": "C"}}}
                                 }),
                                                         NULL, 1000, &first_bytes, &first));
    ASSERT(first.count == 3);
    ASSERT(model(&first, "no_body_x", "c").standing == RLM_STANDING_DOCUMENTED); /* spelled as slugs are here */
    ASSERT(model(&first, "openai", "a").standing == RLM_STANDING_DOCUMENTED);
    ASSERT_STATUS(RLM_OK, answer("models_dev", JSON({"openai": {"models": {"a": {"name": "A"}}}}), &first, 2000,
                                                    &second_bytes, &second));
    ASSERT(second.count == 1);
    rlm_buffer_free(&first_bytes);
    rlm_buffer_free(&second_bytes);
    PASS();
}

#define FIELD(name) ((uint64_t) 1 << RLM_FIELD_##name)
#define CAPABILITY(name) ((uint64_t) 1 << ((int) RLM_FIELD_COUNT + (int) RLM_CAPABILITY_##name))

/* More than half of the models that both have: what a single model loses does not count. */
TEST
tells_what_most_models_no_longer_state(void)
{
    /* clang-format off */
    static const struct {
        const char *source, *before, *after;
        uint64_t lost;
    } cases[] = {
        {"openai", JSON({"data": [{"id": "a", "context_window": 1}, {"id": "b", "context_window": 2}, {"id": "c"}]}),
         JSON({"data": [{"id": "a", "contextSize": 1}, {"id": "b", "contextSize": 2}, {"id": "c"}]}),
         FIELD(CONTEXT_WINDOW)},
        {"openai", JSON({"data": [{"id": "a", "created": 5}, {"id": "b", "created": 6}]}),
         JSON({"data": [{"id": "a"}, {"id": "b", "created": 6}]}), 0},
        {"openai", JSON({"data": [{"id": "a", "created": 5}, {"id": "b", "created": 6}]}),
         JSON({"data": [{"id": "c"}, {"id": "d"}]}), 0},
        {"mistral", JSON({"data": [{"id": "a", "capabilities": {"vision": true, "reasoning": true}}]}),
         JSON({"data": [{"id": "a", "capabilities": {"vision": true, "thinking": true}}]}), CAPABILITY(REASONING)},
        {"mistral", JSON({"data": [{"id": "a", "name": "A", "capabilities": {"vision": true}}]}),
         JSON({"data": [{"id": "a", "capabilities": ["vision"]}]}), FIELD(NAME) | FIELD(CAPABILITIES) | FIELD(INPUT)},
        {"models_dev", JSON({"xai": {"models": {"a": {"cost": {"input": 1}}, "b": {"cost": {"input": 2}}}}}),
         JSON({"xai": {"models": {"a": {"cost": {"input": "$1"}}, "b": {"cost": {"in": 2}}}}}), FIELD(PRICES)},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rlm_buffer before_bytes, after_bytes;
        rlm_block before, after;

        ASSERT_STATUS(RLM_OK, answer(cases[i].source, cases[i].before, NULL, 1000, &before_bytes, &before));
        ASSERT_STATUS(RLM_OK, answer(cases[i].source, cases[i].after, &before, 2000, &after_bytes, &after));
        if (rlm_diff_lost(&before, &after) != cases[i].lost)
            FAIL("case %zu loses %llx", i, (unsigned long long) rlm_diff_lost(&before, &after));
        rlm_buffer_free(&before_bytes);
        rlm_buffer_free(&after_bytes);
    }
    PASS();
}

TEST
keeps_where_and_when_it_was_asked(void)
{
    rlm_buffer bytes;
    rlm_block sheet;

    ASSERT_STATUS(RLM_OK, answer("openai", JSON({"data": []}), NULL, 1000, &bytes, &sheet));
    ASSERT_TEXT("openai", sheet.stamp.source);
    ASSERT_TEXT("https://api.example/models", sheet.stamp.url);
    ASSERT_TEXT("W/\"1\"", sheet.stamp.etag);
    ASSERT(sheet.stamp.fetched_at == 1000);
    rlm_buffer_free(&bytes);
    PASS();
}

TEST
counts_what_came_went_and_changed(void)
{
    rlm_buffer before_bytes, after_bytes;
    rlm_block before, after;
    rlm_difference difference;

    ASSERT_STATUS(RLM_OK, answer("openai", JSON({"data": [{"id": "a"}, {"id": "b", "owned_by": "x"}, {"id": "c"}]}),
                                                          NULL, 1, &before_bytes, &before));
    ASSERT_STATUS(
        RLM_OK, answer("openai", JSON({"data": [{"id": "b", "owned_by": "y"}, {"id": "c"}, {"id": "d"}, {"id": "e"}]}),
                                                 &before, 2, &after_bytes, &after));
    difference = rlm_diff(&before, &after, OF("openai"));
    ASSERT(difference.count == 4 && difference.added == 2 && difference.removed == 1 && difference.changed == 1);
    difference = rlm_diff(NULL, &after, (rlm_diff_scope){.rest = true});
    ASSERT(difference.count == 4 && difference.added == 4 && difference.removed == 0 && difference.changed == 0);
    difference = rlm_diff(&before, &after, OF("mistral"));
    ASSERT(difference.count == 0 && difference.added == 0 && difference.removed == 0);
    rlm_buffer_free(&before_bytes);
    rlm_buffer_free(&after_bytes);
    PASS();
}

TEST
rejects_rows_that_are_no_models_one_by_one_and_an_answer_of_them_whole(void)
{
    rlm_buffer bytes;
    rlm_error error;
    size_t rejected;
    rlm_block sheet;

    rlm_buffer_init(&bytes, RLM_CAP_BLOCK);
    rlm_error_clear(&error);
    ASSERT_STATUS(RLM_OK, rlm_sheet_read(RLM_SLICE("openai"),
                                         RLM_SLICE(JSON({"data": [{"id": "a"}, {"id": "b"}, 7, {"id": null}]})), 1,
                                                        &bytes, &rejected, &error));
    ASSERT_STATUS(RLM_OK, rlm_block_open(bytes.bytes, bytes.length, &sheet, &error));
    ASSERT(sheet.count == 2 && rejected == 2);
    rlm_buffer_clear(&bytes);
    ASSERT_STATUS(RLM_BAD_ANSWER, rlm_sheet_read(RLM_SLICE("openai"), RLM_SLICE(JSON({"data": [
        {"id": "a"}, {}, 7
    ]})),
                                                                                1, &bytes, &rejected, &error));
    ASSERT(strstr(error.message, "2 of 3 rows") != NULL);
    ASSERT_STATUS(RLM_BAD_SHAPE,
                  rlm_sheet_read(RLM_SLICE("openai"), RLM_SLICE(JSON({"rows": []})), 1, &bytes, &rejected, &error));
    ASSERT_STATUS(RLM_UNKNOWN_SOURCE,
                  rlm_sheet_read(RLM_SLICE("nobody"), RLM_SLICE("{}"), 1, &bytes, &rejected, &error));
    rlm_buffer_free(&bytes);
    PASS();
}

/* Read rows as that source's into `rows`; the caller owns the records. */
static rlm_status
read_rows(const char *source, const char *json, rlm_arena *arena, rlm_rows *rows)
{
    const rlm_source *asked = rlm_source_find(rlm_slice_of(source));
    rlm_json *reader = NULL;
    rlm_error error;
    rlm_status status;

    rlm_arena_init(arena, RLM_CAP_SOURCE);
    rlm_rows_init(rows, asked, &asked->listings[0], arena);
    status = rlm_json_open(
        &(rlm_json_rows){.rows = rows->listing->rows, .context = rows, .wants = rlm_rows_wants, .row = rlm_rows_add},
        &reader);
    if (status == RLM_OK) status = rlm_json_feed(reader, json, strlen(json), &error);
    rlm_json_free(reader);
    return status;
}

TEST
counts_what_it_does_not_take_in_by_its_kind(void)
{
    /* clang-format off */
    static const struct {
        const char *source, *json;
        size_t models, rejected, left_out, unread;
        const char *said; /* of the first of them */
    } cases[] = {
        {"openai", JSON({"data": [{"id": "a"}, {"id": "*"}, {"id": "acme/*"}]}), 1, 0, 2, 0,
         "\"*\" is a pattern, not a model"},
        {"hetzner", JSON({"data": [{"id": "a"}, {}, [], {"id": "b*"}]}), 1, 2, 1, 0,
         "a row must not be empty, got {}"},
        {"mistral", JSON({"data": [{"id": 7}, "b"]}), 0, 2, 0, 0, "id must be a string, got a number"},
        {"models_dev", JSON({"xai": {"models": {"a": {}, "b": [], "c": {"name": "C"}}}}), 1, 2, 0, 0,
         "a row must not be empty, got {}"},
        {"vertexai",
         JSON({"publisherModels": [
             {"name": "publishers/google/models/imagen-9"},
             {"name": "publishers/google/models/gemini-9"}
         ]}),
         1, 0, 1, 0, "imagen-9 is not served by its publisher's API"},
        {"openrouter", JSON({"data": [{"id": "v/a", "pricing": {"prompt": "ask us", "completion": "0.1"}}]}), 1, 0, 0,
         1, "v/a: prompt must be a number, got \"ask us\""},
        {"models_dev", JSON({"xai": {"models": {"c": {"cost": {"input": 1, "output": {"usd": 2}}}}}}), 1, 0, 0, 1,
         "c: output must be a number, got an object"},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const rlm_row_tallies *tallies;
        rlm_arena arena;
        rlm_rows rows;

        ASSERT_STATUS(RLM_OK, read_rows(cases[i].source, cases[i].json, &arena, &rows));
        tallies = &rows.tallies;
        if (rows.count != cases[i].models || tallies->rejected.count != cases[i].rejected ||
            tallies->left_out.count != cases[i].left_out || tallies->unread_prices.count != cases[i].unread) {
            FAIL("%s: %zu models, %zu rejected, %zu left out, %zu without prices", cases[i].json, rows.count,
                 tallies->rejected.count, tallies->left_out.count, tallies->unread_prices.count);
        }
        ASSERT_TEXT(cases[i].said, rlm_slice_of((cases[i].rejected > 0   ? tallies->rejected
                                                 : cases[i].left_out > 0 ? tallies->left_out
                                                                         : tallies->unread_prices)
                                                    .first.message));
        rlm_rows_free(&rows);
        rlm_arena_free(&arena);
    }
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(keeps_a_listed_model_that_went_as_unlisted_since_then);
    RUN(forgets_what_went_longest_ago);
    RUN(forgets_what_a_catalogue_drops);
    RUN(counts_what_it_does_not_take_in_by_its_kind);
    RUN(tells_what_most_models_no_longer_state);
    RUN(keeps_where_and_when_it_was_asked);
    RUN(counts_what_came_went_and_changed);
    RUN(rejects_rows_that_are_no_models_one_by_one_and_an_answer_of_them_whole);
    return REPORT("sheet");
}
