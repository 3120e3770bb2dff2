/* A model in an export: every fact comes back as it was, and what is no fact is refused by name. */
#include "exported.h"

TEST
is_read_like_a_list_of_facts(void)
{
    /* clang-format off */
    static const char expected[] =
        "{\n"
        "  \"format\": {\"name\": \"ruby_llm_native\", \"version\": 3},\n"
        "  \"catalog\": {\n"
        "    \"documented\": [\"groq\", \"openai\"],\n"
        "    \"models\": [\n"
        "      {\n"
        "        \"capabilities\": {\n"
        "          \"no\": [\"batch\"],\n"
        "          \"yes\": [\"streaming\", \"vision\"]\n"
        "        },\n"
        "        \"context_window\": 1047576,\n"
        "        \"id\": \"gpt-x\",\n"
        "        \"knowledge_cutoff\": \"2024-07\",\n"
        "        \"metadata\": {\n"
        "          \"a\": [1, 2.50],\n"
        "          \"b\": [\n"
        "            {\"c\": true}\n"
        "          ]\n"
        "        },\n"
        "        \"prices\": [\n"
        "          {\"amount\": \"0.08333333333333334\", \"meter\": \"input\", \"tier\": \"standard\", "
        "\"unit\": \"million_tokens\"},\n"
        "          {\"amount\": \"2\", \"meter\": \"input\", \"threshold\": 200000, \"tier\": \"standard\", "
        "\"unit\": \"million_tokens\"}\n"
        "        ],\n"
        "        \"provider\": \"openai\",\n"
        "        \"standing\": \"listed\"\n"
        "      }\n"
        "    ]\n"
        "  },\n"
        "  \"acme\": {\n"
        "    \"stamp\": {\n"
        "      \"api\": \"openai\",\n"
        "      \"etag\": \"W/\\\"a\\\\b\\\"\",\n"
        "      \"fetched_at\": -7,\n"
        "      \"provider\": \"groq\",\n"
        "      \"url\": \"https://llm.acme.example/v1/models\"\n"
        "    },\n"
        "    \"models\": [\n";
    /* clang-format on */
    rlm_record record = record_of("openai", "gpt-x");
    trip all;

    record.limits[RLM_LIMIT_CONTEXT] = 1047576;
    record.knowledge_cutoff = (rlm_timestamp){1719792000, RLM_PRECISION_MONTH};
    record.capabilities =
        (rlm_flags){RLM_BIT(RLM_CAPABILITY_STREAMING) | RLM_BIT(RLM_CAPABILITY_VISION), RLM_BIT(RLM_CAPABILITY_BATCH)};
    record.metadata = RLM_SLICE("{\"a\":[1,2.50],\"b\":[{\"c\":true}]}");
    record.prices = (rlm_price_set){.list = two_prices, .count = 2};
    trip_init(&all);
    ASSERT_STATUS(RLM_OK, to_text(&all, &record, 1));
    ASSERT(all.text.length > sizeof expected && memcmp(all.text.bytes, expected, sizeof expected - 1) == 0);
    ASSERT(memcmp(all.text.bytes + all.text.length - 13, "\n    ]\n  }\n}\n", 13) == 0);
    trip_free(&all);
    ASSERT(comes_back(&record, 1));
    PASS();
}

/* Also numbers that no reader makes: with zeros at the end, or out of reach. */
static const rlm_bound all_bounds[] = {
    {.coefficient = 0, .of = RLM_BOUNDED_TEMPERATURE, .kind = RLM_BOUND_MIN},
    {.coefficient = 2, .of = RLM_BOUNDED_TEMPERATURE, .kind = RLM_BOUND_MAX},
    {.coefficient = 10, .exponent = -1, .of = RLM_BOUNDED_TEMPERATURE, .kind = RLM_BOUND_DEFAULT},
    {.coefficient = 999999999999999999, .exponent = -18, .of = RLM_BOUNDED_TOP_P, .kind = RLM_BOUND_MAX},
    {.coefficient = 1, .exponent = 424, .of = RLM_BOUNDED_DIMENSIONS, .kind = RLM_BOUND_MAX},
    {.coefficient = INT64_MAX, .exponent = -424, .of = RLM_BOUNDED_CHARACTERS, .kind = RLM_BOUND_DEFAULT},
};

TEST
gives_back_every_fact_at_its_edges(void)
{
    rlm_record records[] = {record_of("openai", "a"), record_of("openai", "b \" \\ \xE2\x80\xA8"),
                            record_of("xai", "c")};
    rlm_record *full = &records[0];

    full->name = RLM_SLICE("a\nname\x7f\x01 \xF0\x9F\x98\x80");
    full->family = RLM_SLICE("/");
    full->replacements = RLM_SLICE("fallback \"a\"\nsuccessor b\nsuccessor b c\n");
    full->license = RLM_SLICE("a licence\n\xE2\x80\xA8");
    full->data_regions = RLM_SLICE("EU\neu\n");
    full->pattern = RLM_SLICE("0\ncontains gpt-x\n");
    full->deprecated_at = (rlm_timestamp){1735689600, RLM_PRECISION_MONTH};
    full->parameters = (rlm_flags){RLM_BIT(RLM_PARAMETER_COUNT) - 1, 0};
    full->efforts = (rlm_flags){RLM_BIT(RLM_EFFORT_NONE) | RLM_BIT(RLM_EFFORT_MAX), RLM_BIT(RLM_EFFORT_LOW)};
    full->traits = (rlm_flags){RLM_BIT(RLM_TRAIT_FIXED_RETIREMENT), RLM_BIT(RLM_TRAIT_COUNT - 1) - 1};
    full->default_effort = RLM_EFFORT_COUNT;
    full->bounds = all_bounds;
    full->bound_count = sizeof all_bounds / sizeof *all_bounds;
    full->equivalents = RLM_SLICE("A\nb\nb c\n");
    full->metadata = RLM_SLICE("{\"\":0,\"1\":-0,\"2\":1E+5,\"3\":1e-999,\"4\":\"1e999\",\"5\":[[],{},\"\",null],\"6\":"
                               "0.10,\"7\":\"\\u0007\"}");
    full->created_at = (rlm_timestamp){-62135596800, RLM_PRECISION_SECOND};
    full->knowledge_cutoff = (rlm_timestamp){1735689600, RLM_PRECISION_YEAR};
    full->retires_at = (rlm_timestamp){253402214400, RLM_PRECISION_DAY};
    full->unlisted_at = (rlm_timestamp){253402300799, RLM_PRECISION_SECOND};
    full->limits[RLM_LIMIT_CONTEXT] = INT64_MAX;
    full->limits[RLM_LIMIT_INPUT] = 0;
    full->capabilities = (rlm_flags){RLM_BIT(RLM_CAPABILITY_COUNT) - 1, 0};
    full->input = (rlm_flags){0, RLM_BIT(RLM_MODALITY_COUNT) - 1};
    full->output = (rlm_flags){RLM_BIT(RLM_MODALITY_TEXT), RLM_BIT(RLM_MODALITY_VIDEO)};
    full->type = RLM_TYPE_JUDGMENT;
    full->status = RLM_MODEL_STATUS_RETIRED;
    full->standing = RLM_STANDING_UNLISTED;
    full->origins = RLM_SLICE("id\n\nacme\n\n\n\n\n\n\n\n\n\n\n\nmodels_dev\n");
    full->endpoints = RLM_SLICE("acme\nacme_eu\n");
    records[1].standing = RLM_STANDING_DOCUMENTED;
    ASSERT(comes_back(records, 3));
    ASSERT(comes_back(records, 0));
    PASS();
}

/* The deepest that a source's reader lets through, under the key that the merge puts above it. */
TEST
gives_back_metadata_as_deep_as_an_answer_may_be(void)
{
    char json[4 * RLM_CAP_DEPTH + 16] = "{\"openai\":";
    rlm_record record = record_of("openai", "a");

    for (int i = 1; i < RLM_CAP_DEPTH; i++) strcat(json, "[");
    strcat(json, "1");
    for (int i = 1; i < RLM_CAP_DEPTH; i++) strcat(json, "]");
    strcat(json, "}");
    record.metadata = rlm_slice_of(json);
    ASSERT(comes_back(&record, 1));
    PASS();
}

TEST
writes_nothing_that_would_come_back_otherwise(void)
{
    static const rlm_price unsorted[] = {{.meter = RLM_METER_OUTPUT}, {.meter = RLM_METER_INPUT}},
                           far_too_many[RLM_CAP_MERGED_PRICES + 1];
    static const rlm_bound bounds_twice[2];
    static const struct {
        rlm_record record;
        const char *message;
    } bad[] = {
        {{.metadata = {"{\"b\":1,\"a\":2}", 13}}, "openai a: metadata: must be JSON in canonical form"},
        {{.metadata = {"[1]", 3}}, "openai a: metadata: must be JSON in canonical form"},
        {{.metadata = {"{", 1}}, "openai a: metadata: must be JSON"},
        {{.equivalents = {"b\na\n", 4}}, "openai a: kin: ids must be sorted, without control characters"},
        {{.equivalents = {"b\nc", 3}}, "openai a: kin: the list of ids is cut off"},
        {{.equivalents = {"b\tc\n", 4}}, "openai a: kin: ids must be sorted, without control characters"},
        {{.prices = {.list = unsorted, .count = 2}}, "openai a: prices: prices must be sorted"},
        {{.prices = {.list = unsorted, .count = 1, .words = {"a\tb\n", 4}}},
         "openai a: prices: ids must be sorted, without control characters"},
        {{.prices = {.list = far_too_many, .count = RLM_CAP_MERGED_PRICES + 1}}, "openai a: prices: too many prices"},
        {{.bounds = bounds_twice, .bound_count = 2}, "openai a: bounds: bounds must be sorted, each kind once"},
        {{.id = {"a\x7f", 2}}, "openai a\x7f: id: must be valid UTF-8 without control characters"},
        {{.created_at = {1719792001, RLM_PRECISION_MONTH}},
         "openai a: created_at: must be the first second of its period"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rlm_record record = bad[i].record;
        trip all;

        record.provider = RLM_SLICE("openai");
        if (record.id.length == 0) record.id = RLM_SLICE("a");
        trip_init(&all);
        ASSERT_STATUS(RLM_BAD_BLOCK, to_text(&all, &record, 1));
        ASSERT_TEXT(bad[i].message, rlm_slice_of(all.error.message));
        trip_free(&all);
    }
    PASS();
}

TEST
says_which_model_and_fact_is_wrong(void)
{
    /* clang-format off */
    static const refused cases[] = {
        {MODEL("colour": 1), "catalog: openai a: colour: unknown fact \"colour\""},
        {MODEL("name": null), "catalog: openai a: name: must be a string of valid UTF-8"},
        {MODEL_TEXT("\"name\":\"\\u0000\""), "catalog: openai a: name: must be a string of valid UTF-8"},
        {MODEL("type": "smell"),
         "catalog: openai a: type: unknown value \"smell\" (known: chat, embedding, image, video, audio, "
         "transcription, moderation, rerank, realtime, ocr, judgment, completion, other)"},
        {MODEL("type": 1), "catalog: openai a: type: must be a string"},
        {MODEL("context_window": 1.0),
         "catalog: openai a: context_window: must be a whole number of tokens, 0 or more"},
        {MODEL("context_window": -1), "catalog: openai a: context_window: must be a whole number of tokens, 0 or more"},
        {MODEL("context_window": 9223372036854775808),
         "catalog: openai a: context_window: must be a whole number of tokens, 0 or more"},
        {MODEL("created_at": "2025-02-30"), "catalog: openai a: created_at: must be a date or a time"},
        {MODEL("created_at": 1), "catalog: openai a: created_at: must be a date or a time"},
        {MODEL("capabilities": []),
         "catalog: openai a: capabilities: must be an object with the lists \"no\" and \"yes\""},
        {MODEL("capabilities": {"yes": ["batch"], "no": ["batch"]}),
         "catalog: openai a: capabilities: stated both yes and no: \"batch\""},
        {MODEL("capabilities": {"maybe": []}), "catalog: openai a: capabilities: unknown member \"maybe\""},
        {MODEL("capabilities": {"yes": 1}),
         "catalog: openai a: capabilities: \"no\" and \"yes\" must be lists of words"},
        {MODEL("capabilities": {"yes": ["smell"]}),
         "catalog: openai a: capabilities: unknown value \"smell\" (known: streaming, function_calling, "
         "tool_choice, parallel_tool_calls, structured_output, predicted_outputs, distillation, …)"},
        {MODEL("kin": 1), "catalog: openai a: kin: must be a list of ids"},
        {MODEL_TEXT("\"kin\":[\"a\\nb\"]"),
         "catalog: openai a: kin: an id must be valid UTF-8 without control characters"},
        {MODEL("kin": ["b", "a"]), "catalog: openai a: kin: ids must be sorted by bytes, without duplicates: \"a\""},
        {MODEL("origins": 1), "catalog: openai a: origins: must be an object of facts and their sources"},
        {MODEL("origins": {"colour": "id"}), "catalog: openai a: origins: unknown fact \"colour\""},
        {MODEL("origins": {"name": ""}), "catalog: openai a: origins: must be the name of an endpoint or a source"},
        {MODEL("origins": {"name": 72}), "catalog: openai a: origins: must be the name of an endpoint or a source"},
        {MODEL("endpoints": "acme"), "catalog: openai a: endpoints: must be a list of ids"},
        {MODEL("traits": {"yes": ["kind"]}),
         "catalog: openai a: traits: unknown value \"kind\" (known: reasoning_mandatory, reasoning_toggle, "
         "reasoning_default, reasoning_budget, zero_data_retention, training, open_weights, …)"},
        {MODEL("default_reasoning_effort": "most"),
         "catalog: openai a: default_reasoning_effort: unknown value \"most\" (known: none, minimal, low, medium, "
         "high, xhigh, max)"},
        {MODEL("replacements": "b"), "catalog: openai a: replacements: must be a list of ids"},
        {MODEL("replacement": ["b"]), "catalog: openai a: replacement: must be a string of valid UTF-8"},
        {MODEL("replacement": ""), "catalog: openai a: replacement: must be an id without control characters"},
        {MODEL("bounds": []), "catalog: openai a: bounds: must be an object of what is bounded"},
        {MODEL("bounds": {"width": {}}), "catalog: openai a: bounds: unknown name \"width\""},
        {MODEL("bounds": {"top_p": 1}), "catalog: openai a: bounds: must be an object: \"top_p\""},
        {MODEL("bounds": {"top_p": {"least": "1"}}), "catalog: openai a: bounds: unknown bound \"least\""},
        {MODEL("bounds": {"top_p": {"max": 1}}),
         "catalog: openai a: bounds: amount must be a decimal number in quotes"},
        {MODEL("bounds": {"top_p": {"max": "-1"}}), "catalog: openai a: bounds: amount is out of range"},
        {MODEL("metadata": "{}"), "catalog: openai a: metadata: must be an object"},
    };
    /* clang-format on */

    ASSERT_REFUSED(RLM_BAD_SHAPE, cases);
    PASS();
}

TEST
says_where_in_the_text_a_model_is_wrong(void)
{
    static const char text[] = GROUP_TEXT("\"xai\":{\"models\":[{\"id\":1}]}");
    trip all;

    trip_init(&all);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&all.text, text, sizeof text - 1));
    ASSERT_STATUS(RLM_BAD_SHAPE, from_text(&all));
    ASSERT(all.error.byte == (int64_t) (strstr(text, "]}}") - text)); /* after the model */
    trip_free(&all);
    PASS();
}

/* The only model of a text. */
static bool
read_one(trip *all, const char *text, rlm_block *block, rlm_record *record)
{
    if (rlm_buffer_append(&all->text, text, strlen(text)) != RLM_OK || from_text(all) != RLM_OK) return false;
    if (rlm_block_open(all->again.bytes, all->parts[0].size, block, &all->error) != RLM_OK || block->count != 1)
        return false;
    rlm_block_record(block, 0, record);
    return true;
}

/* clang-format off */
#define FORMER(version)                                                                                                \
    "{\"format\":{\"name\":\"ruby_llm_native\",\"version\":" version "},\"catalog\":{\"models\":["                     \
    JSON({"provider": "openai", "id": "a", "standing": "listed", "replacement": "b-2", "prices": [                     \
        {"amount": "7", "category": "images", "direction": "output", "tier": "standard", "unit": "image"},             \
        {"amount": "0.5", "category": "text_tokens", "direction": "input", "threshold": 200000, "tier": "batch",       \
         "unit": "million_tokens"}                                                                                     \
    ]}) "]}}"
/* clang-format on */

TEST
reads_what_versions_1_and_2_wrote(void)
{
    static const char *const texts[] = {FORMER("1"), FORMER("2")};

    for (size_t i = 0; i < 2; i++) {
        rlm_record record;
        rlm_block block;
        trip all;

        trip_init(&all);
        ASSERT(read_one(&all, texts[i], &block, &record));
        ASSERT_TEXT("successor b-2\n", record.replacements);
        ASSERT(record.prices.count == 2);
        ASSERT(record.prices.list[0].meter == RLM_METER_INPUT && record.prices.list[0].tier == RLM_TIER_BATCH);
        ASSERT(record.prices.list[0].threshold == 200000 && record.prices.list[0].unit == RLM_UNIT_MILLION_TOKENS);
        ASSERT(record.prices.list[0].coefficient == 5 && record.prices.list[0].exponent == -1);
        ASSERT(record.prices.list[1].meter == RLM_METER_IMAGE && record.prices.list[1].unit == RLM_UNIT_IMAGE);
        trip_free(&all);
    }
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_read_like_a_list_of_facts);
    RUN(gives_back_every_fact_at_its_edges);
    RUN(gives_back_metadata_as_deep_as_an_answer_may_be);
    RUN(writes_nothing_that_would_come_back_otherwise);
    RUN(says_which_model_and_fact_is_wrong);
    RUN(says_where_in_the_text_a_model_is_wrong);
    RUN(reads_what_versions_1_and_2_wrote);
    return REPORT("export_record");
}
