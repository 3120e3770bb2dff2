/* Sheets in, catalog out: precedence, equivalents, types and standing; and only the facts decide the bytes. */
#include "world.h"

/* clang-format off */
#define MODELS_DEV_GPT JSON({"openai": {"models": { \
    "gpt-x": { \
        "id": "gpt-x", "name": "GPT X", "family": "gpt", "release_date": "2025-06", \
        "modalities": {"input": ["text"], "output": ["text"]}, "limit": {"context": 1000, "output": 0}, \
        "cost": {"input": 0.15, "output": 0} \
    }, \
    "gpt-y": {"id": "gpt-y", "name": "GPT Y", "limit": {"context": 2000, "output": 5}} \
}}})
/* clang-format on */

TEST
joins_what_the_provider_and_the_catalogue_state(void)
{
    world all;
    rlm_record gpt;

    start(&all);
    ADD(openai, {"data": [{"id": "gpt-x", "created": 1700000000, "owned_by": "system"}]});
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", MODELS_DEV_GPT));
    ASSERT_STATUS(RLM_OK, join(&all));
    gpt = merged(&all, "openai", "gpt-x");
    ASSERT_TEXT("GPT X", gpt.name);
    ASSERT_TEXT("gpt", gpt.family);
    ASSERT(gpt.created_at.seconds == 1700000000 && says(gpt, RLM_FIELD_CREATED_AT, "openai"));
    ASSERT(gpt.limits[RLM_LIMIT_CONTEXT] == 1000 && says(gpt, RLM_FIELD_CONTEXT_WINDOW, "models_dev"));
    ASSERT(gpt.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN);                  /* 0 means unknown there */
    ASSERT(gpt.prices.count == 2 && gpt.prices.list[1].coefficient == 0); /* free output is a price */
    ASSERT_JSON(gpt.metadata, {"openai": {"owned_by": "system"}});
    ASSERT(gpt.standing == RLM_STANDING_LISTED);
    ASSERT(merged(&all, "openai", "gpt-y").standing == RLM_STANDING_DOCUMENTED);
    finish(&all);
    PASS();
}

TEST
gives_the_same_bytes_whatever_the_order_of_sheets(void)
{
    world one, other;

    start(&one);
    start(&other);
    ASSERT_STATUS(RLM_OK, add(&one, "openai", JSON({"data": [{"id": "gpt-x"}, {"id": "gpt-z"}]})));
    ASSERT_STATUS(RLM_OK, add(&one, "models_dev", MODELS_DEV_GPT));
    ASSERT_STATUS(RLM_OK, add(&other, "models_dev", MODELS_DEV_GPT));
    ASSERT_STATUS(RLM_OK, add(&other, "openai", JSON({"data": [{"id": "gpt-z"}, {"id": "gpt-x"}]})));
    ASSERT_STATUS(RLM_OK, join(&one));
    ASSERT_STATUS(RLM_OK, join(&other));
    ASSERT(one.catalog.length == other.catalog.length);
    ASSERT(memcmp(one.catalog.bytes, other.catalog.bytes, one.catalog.length) == 0);
    finish(&one);
    finish(&other);
    PASS();
}

TEST
lends_a_limit_and_prices_to_the_one_dated_sibling(void)
{
    world all;
    rlm_record dated;

    start(&all);
    ADD(openai, {"data": [{"id": "gpt-x-2025-08-07"}, {"id": "gpt-x-0613"}]});
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", MODELS_DEV_GPT));
    ASSERT_STATUS(RLM_OK, join(&all));
    dated = merged(&all, "openai", "gpt-x-2025-08-07");
    ASSERT(dated.limits[RLM_LIMIT_CONTEXT] == 1000 && says(dated, RLM_FIELD_CONTEXT_WINDOW, RLM_ORIGIN_EQUIVALENT));
    ASSERT(dated.prices.count == 2 && says(dated, RLM_FIELD_PRICES, RLM_ORIGIN_EQUIVALENT));
    ASSERT_TEXT("gpt-x\n", dated.equivalents);
    /* Four digits are not a date. */
    ASSERT(merged(&all, "openai", "gpt-x-0613").limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    finish(&all);
    PASS();
}

TEST
lends_nothing_when_there_are_two_dated_siblings(void)
{
    world all;

    start(&all);
    ADD(openai, {"data": [{"id": "gpt-x-2025-08-07"}, {"id": "gpt-x-20250101"}]});
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", MODELS_DEV_GPT));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "openai", "gpt-x-2025-08-07").limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT(merged(&all, "openai", "gpt-x-20250101").prices.count == 0);
    finish(&all);
    PASS();
}

TEST
lends_nothing_when_equivalents_disagree(void)
{
    world all;

    start(&all);
    ADD(mistral, {"data": [
        {"id": "a", "max_context_length": 1, "aliases": ["c"]},
        {"id": "b", "max_context_length": 2, "aliases": ["c"]},
        {"id": "c"}
    ]});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "mistral", "c").limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT_TEXT("a\nb\n", merged(&all, "mistral", "c").equivalents);
    finish(&all);
    PASS();
}

TEST
takes_no_id_for_a_name(void)
{
    world all;

    start(&all);
    ADD(mistral, {"data": [{"id": "small-2506", "name": "small-2506"}, {"id": "small", "name": "small-2506"}]});
    ADD(models_dev, {"mistral": {"models": {"small-2506": {"id": "small-2506", "name": "Small 3.2"}}}});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_TEXT("Small 3.2", merged(&all, "mistral", "small-2506").name);
    ASSERT_TEXT("small", merged(&all, "mistral", "small").name);
    finish(&all);
    PASS();
}

TEST
unites_two_rows_of_one_id_in_any_order(void)
{
    static const char *const orders[] = {JSON({"data": [
            {"id": "v", "max_context_length": 16384, "capabilities": {"completion_chat": true, "audio": false}},
            {"id": "v", "max_context_length": 32768, "capabilities": {"completion_chat": true, "audio": true}}
        ]}),
        JSON({"data": [
            {"id": "v", "max_context_length": 32768, "capabilities": {"completion_chat": true, "audio": true}},
            {"id": "v", "max_context_length": 16384, "capabilities": {"completion_chat": true, "audio": false}}
        ]})};
    uint8_t hashes[2][RLM_HASH_SIZE];

    for (int i = 0; i < 2; i++) {
        world all;
        rlm_record united;

        start(&all);
        ASSERT_STATUS(RLM_OK, add(&all, "mistral", orders[i]));
        ASSERT_STATUS(RLM_OK, join(&all));
        united = merged(&all, "mistral", "v");
        ASSERT(all.block.count == 1);
        ASSERT(united.limits[RLM_LIMIT_CONTEXT] == 32768);
        ASSERT((united.input.yes & RLM_BIT(RLM_MODALITY_AUDIO)) != 0);
        ASSERT(united.type == RLM_TYPE_CHAT);
        memcpy(hashes[i], all.block.hash, RLM_HASH_SIZE);
        finish(&all);
    }
    ASSERT(memcmp(hashes[0], hashes[1], RLM_HASH_SIZE) == 0);
    PASS();
}

TEST
lets_a_registry_file_speak_only_where_nobody_else_does(void)
{
    world all;

    start(&all);
    ADD(file, [
        {"id": "gpt-old", "provider": "openai", "name": "Old"},
        {"id": "local", "provider": "ollama", "name": "Local", "metadata": {"ollama": {"x": 1}}}
    ]);
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", MODELS_DEV_GPT));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "openai", "gpt-old").id.length == 0);
    ASSERT_TEXT("Local", merged(&all, "ollama", "local").name);
    ASSERT_JSON(merged(&all, "ollama", "local").metadata, {"ollama": {"x": 1}});
    finish(&all);
    PASS();
}

TEST
tells_types_from_statements_then_modalities_then_ids(void)
{
    world all;

    start(&all);
    ADD(openai, {"data": [
        {"id": "text-embedding-3-large"},
        {"id": "whisper-1"},
        {"id": "tts-1"},
        {"id": "gpt-x"},
        {"id": "gpt-realtime"},
        {"id": "dall-e-3"},
        {"id": "sora-2"},
        {"id": "omni-moderation-latest"}
    ]});
    ADD(models_dev, {
        "openai": {"models": {
            "tts-1": {"id": "tts-1", "name": "T", "modalities": {"input": ["text"], "output": ["text", "image"]}},
            "gpt-realtime": {
                "id": "gpt-realtime", "modalities": {"input": ["text", "audio"], "output": ["text", "audio"]}
            }
        }},
        "google": {"models": {"g-image": {
            "id": "g-image", "name": "G", "modalities": {"input": ["text"], "output": ["image"]}
        }}}
    });
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "openai", "text-embedding-3-large").type == RLM_TYPE_EMBEDDING);
    ASSERT(merged(&all, "openai", "whisper-1").type == RLM_TYPE_TRANSCRIPTION);
    ASSERT(merged(&all, "openai", "tts-1").type == RLM_TYPE_CHAT); /* stated, so the id is not asked */
    ASSERT(merged(&all, "openai", "gpt-x").type == RLM_TYPE_CHAT);
    ASSERT(merged(&all, "openai", "gpt-realtime").type == RLM_TYPE_REALTIME); /* which no modality tells */
    ASSERT(merged(&all, "openai", "dall-e-3").type == RLM_TYPE_IMAGE);
    ASSERT(merged(&all, "openai", "sora-2").type == RLM_TYPE_VIDEO);
    ASSERT(merged(&all, "openai", "omni-moderation-latest").type == RLM_TYPE_MODERATION);
    ASSERT(merged(&all, "gemini", "g-image").type == RLM_TYPE_IMAGE);
    finish(&all);
    PASS();
}

#define ROWS 300
#define ALIASES 999

/* "{"data":[{"id":"m000","aliases":["m998", … down to "m000", and "m998" again]}, …]}" */
static rlm_status
append_models_of_many_names(rlm_buffer *json)
{
    char text[64];

    for (int row = 0; row < ROWS; row++) {
        int length = snprintf(text, sizeof text, "%s{\"id\":\"m%03d\",\"aliases\":[\"m%03d\"",
                              row == 0 ? "{\"data\":[" : "]},", row, ALIASES - 1);

        RLM_TRY(rlm_buffer_append(json, text, (size_t) length));
        for (int alias = ALIASES - 1; alias >= 0; alias--) {
            length = snprintf(text, sizeof text, ",\"m%03d\"", alias);
            RLM_TRY(rlm_buffer_append(json, text, (size_t) length));
        }
    }
    return rlm_buffer_append(json, "]}]}", sizeof "]}]}");
}

/* Copying a list for each name that is added to it takes more memory than there may be. */
TEST
models_may_have_many_names(void)
{
    rlm_slice rest, id;
    rlm_buffer json;
    world all;
    int next = 0;

    rlm_buffer_init(&json, RLM_CAP_RESPONSE);
    start(&all);
    ASSERT_STATUS(RLM_OK, append_models_of_many_names(&json));
    ASSERT_STATUS(RLM_OK, add(&all, "mistral", json.bytes));
    ASSERT_STATUS(RLM_OK, join(&all));
    for (rest = merged(&all, "mistral", "m001").equivalents; rlm_id_list_next(&rest, &id); next++) {
        char expected[16];

        next += next == 1;
        snprintf(expected, sizeof expected, "m%03d", next);
        ASSERT_TEXT(expected, id);
    }
    ASSERT(next == ALIASES && rest.length == 0);
    rlm_buffer_free(&json);
    finish(&all);
    PASS();
}

/* "us.a.x" is how "a.x" is called; nobody lists "us.a.y". */
TEST
hides_an_id_that_its_provider_lists_by_region_only(void)
{
    world all;

    start(&all);
    ADD(bedrock, {"modelSummaries": [{"modelId": "us.a.x"}, {"modelId": "a.z"}, {"modelId": "eu.a.z"}]});
    ADD(models_dev, {
        "amazon-bedrock": {"models": {"a.x": {"name": "X"}, "a.y": {"name": "Y"}, "us.a.y": {"name": "Y"}}},
        "xai": {"models": {"a.x": {"name": "X"}}}
    });
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "bedrock", "a.x").standing == RLM_STANDING_UNLISTED);
    ASSERT(merged(&all, "bedrock", "us.a.x").standing == RLM_STANDING_LISTED);
    ASSERT(merged(&all, "bedrock", "a.y").standing == RLM_STANDING_DOCUMENTED);
    ASSERT(merged(&all, "bedrock", "a.z").standing == RLM_STANDING_LISTED);
    ASSERT(merged(&all, "xai", "a.x").standing == RLM_STANDING_DOCUMENTED);
    finish(&all);
    PASS();
}

static rlm_status
everything(void *context)
{
    world all;
    rlm_status status;

    (void) context;
    start(&all);
    status = add(&all, "mistral",
                 JSON({"data": [{"id": "a", "aliases": ["b"]}, {"id": "b", "description": "x"}, {"id": "b"}]}));
    if (status == RLM_OK) status = add(&all, "models_dev", MODELS_DEV_GPT);
    if (status == RLM_OK) status = join(&all);
    finish(&all);
    return status;
}

TEST
survives_every_failing_allocation(void)
{
    ASSERT_SURVIVES_TORTURE(everything, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(joins_what_the_provider_and_the_catalogue_state);
    RUN(gives_the_same_bytes_whatever_the_order_of_sheets);
    RUN(lends_a_limit_and_prices_to_the_one_dated_sibling);
    RUN(lends_nothing_when_there_are_two_dated_siblings);
    RUN(lends_nothing_when_equivalents_disagree);
    RUN(takes_no_id_for_a_name);
    RUN(unites_two_rows_of_one_id_in_any_order);
    RUN(lets_a_registry_file_speak_only_where_nobody_else_does);
    RUN(tells_types_from_statements_then_modalities_then_ids);
    RUN(models_may_have_many_names);
    RUN(hides_an_id_that_its_provider_lists_by_region_only);
    RUN(survives_every_failing_allocation);
    return REPORT("merge");
}
