/* What models lend one another: nothing between offers, nothing from an id that moves to one that does not. */
#include "model/id.h"
#include "world.h"

#define MODELS_DEV(provider, id, limit, price)                                                                         \
    "{\"" provider "\":{\"models\":{\"" id "\":{\"name\":\"N\",\"limit\":{\"output\":" limit                           \
    "},\"cost\":{\"input\":" price "}}}}}"

/* Whether the model has the price and the output limit that models.dev states, borrowed. */
static bool
borrowed(const world *all, const char *provider, const char *id)
{
    rlm_record record = merged(all, provider, id);

    return says(record, RLM_FIELD_PRICES, RLM_ORIGIN_EQUIVALENT) &&
           says(record, RLM_FIELD_MAX_OUTPUT_TOKENS, RLM_ORIGIN_EQUIVALENT);
}

static bool
has_neither(const world *all, const char *provider, const char *id)
{
    rlm_record record = merged(all, provider, id);

    return record.id.length > 0 && record.prices.count == 0 && record.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN;
}

TEST
offers_of_one_model_lend_each_other_nothing(void)
{
    world all;
    rlm_record plain, free;

    start(&all);
    ADD(openrouter, {"data": [
        {"id": "lab/one", "canonical_slug": "lab/one", "context_length": 8000},
        {
            "id": "lab/one:free", "canonical_slug": "lab/one", "context_length": 4000,
            "pricing": {"prompt": "0", "completion": "0"}, "top_provider": {"max_completion_tokens": 100}
        },
        {"id": "lab/one:exacto", "canonical_slug": "lab/one"},
        {"id": "lab/two:thinking", "canonical_slug": "lab/two-20250102"},
        {"id": "lab/two-20250102", "canonical_slug": "lab/two-20250102", "context_length": 9000}
    ]});
    ASSERT_STATUS(RLM_OK, join(&all));
    plain = merged(&all, "openrouter", "lab/one");
    free = merged(&all, "openrouter", "lab/one:free");
    ASSERT(plain.prices.count == 0 && plain.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN && plain.equivalents.length == 0);
    ASSERT(free.prices.count == 2 && free.limits[RLM_LIMIT_CONTEXT] == 4000 && free.equivalents.length == 0);
    ASSERT_JSON(free.metadata, {"openrouter": {"canonical_slug": "lab/one"}});
    ASSERT(has_neither(&all, "openrouter", "lab/one:exacto"));
    ASSERT(merged(&all, "openrouter", "lab/one:exacto").limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT(merged(&all, "openrouter", "lab/two:thinking").limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    finish(&all);
    PASS();
}

/* Whichever of them says that they are the same. */
TEST
no_source_makes_two_offers_one(void)
{
    world all;

    start(&all);
    ADD(mistral, {"data": [
        {"id": "m", "aliases": ["m:batch", "m-x"]},
        {"id": "m:batch", "max_context_length": 5},
        {"id": "m-x", "max_context_length": 7}
    ]});
    ADD(xai, {"data": [{"id": "g:fast", "aliases": ["g"], "context_length": 6}, {"id": "g"}]});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_TEXT("m-x\n", merged(&all, "mistral", "m").equivalents);
    ASSERT(merged(&all, "mistral", "m").limits[RLM_LIMIT_CONTEXT] == 7); /* with both it would be unknown */
    ASSERT(merged(&all, "xai", "g").limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    finish(&all);
    PASS();
}

TEST
what_is_said_of_a_moving_id_stays_there(void)
{
    world all;

    start(&all);
    ADD(mistral, {"data": [
        {"id": "tiny-2601", "aliases": ["tiny-latest", "tiny-now-latest"]},
        {"id": "tiny-latest"},
        {"id": "tiny-now-latest"},
        {"id": "open-tiny", "aliases": ["tiny-latest"]}
    ]});
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", MODELS_DEV("mistral", "tiny-latest", "50", "0.04")));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "mistral", "tiny-latest").prices.count == 1);
    ASSERT(has_neither(&all, "mistral", "tiny-2601"));
    ASSERT(has_neither(&all, "mistral", "open-tiny")); /* an id without a date need not be the newest model, either */
    ASSERT(has_neither(&all, "mistral", "tiny-now-latest")); /* nobody says that it is tiny-latest */
    ASSERT_TEXT("open-tiny\ntiny-2601\n", merged(&all, "mistral", "tiny-latest").equivalents);

    finish(&all);
    start(&all);
    ADD(xai, {"data": [{"id": "g-9-0101", "aliases": ["g-9-latest", "g-9"]}, {"id": "g-9-latest"}, {"id": "g-9"}]});
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", MODELS_DEV("xai", "g-9-latest", "50", "0.04")));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(has_neither(&all, "xai", "g-9-0101") && has_neither(&all, "xai", "g-9"));
    finish(&all);
    PASS();
}

/* It has meant several of the models that its provider has. */
TEST
an_undated_id_with_several_dates_moves(void)
{
    world all;

    start(&all);
    ADD(mistral, {"data": [
        {"id": "mid-2505"},
        {"id": "mid-2511", "aliases": ["mid", "mid-latest"]},
        {"id": "mid"},
        {"id": "mid-latest", "aliases": ["mid"]},
        {"id": "solo-2511", "aliases": ["solo"]},
        {"id": "solo"}
    ]});
    ADD(models_dev, {"mistral": {"models": {
        "mid": {"limit": {"output": 50}, "cost": {"input": 1}},
        "solo": {"limit": {"output": 60}, "cost": {"input": 2}}
    }}});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(has_neither(&all, "mistral", "mid-2511") && has_neither(&all, "mistral", "mid-2505"));
    ASSERT(borrowed(&all, "mistral", "mid-latest")); /* both move, and the provider says that they are the same today */
    ASSERT(borrowed(&all, "mistral", "solo-2511"));
    finish(&all);
    PASS();
}

/* Today's meaning of a moving id is stated. */
TEST
a_dated_id_lends_to_the_moving_one_that_means_it(void)
{
    world all;

    start(&all);
    ADD(mistral, {"data": [
        {"id": "mid-2505"},
        {"id": "mid-2511", "aliases": ["mid-latest", "mid"]},
        {"id": "mid-latest"},
        {"id": "mid"}
    ]});
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", MODELS_DEV("mistral", "mid-2511", "50", "0.04")));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(borrowed(&all, "mistral", "mid-latest") && borrowed(&all, "mistral", "mid"));
    finish(&all);
    PASS();
}

TEST
reads_ids(void)
{
    ASSERT(rlm_id_same_offer(RLM_SLICE("a/b"), RLM_SLICE("a/c")));
    ASSERT(rlm_id_same_offer(RLM_SLICE("us.a.b-v1:0"), RLM_SLICE("a.b-v1:0")));
    ASSERT(!rlm_id_same_offer(RLM_SLICE("a.b-v1:0"), RLM_SLICE("a.b-v1:0:20k")));
    ASSERT(!rlm_id_same_offer(RLM_SLICE("a/b:free"), RLM_SLICE("a/b")));
    ASSERT(rlm_id_moves(RLM_SLICE("a-latest")) && !rlm_id_moves(RLM_SLICE("a-latest-2")) &&
           !rlm_id_moves(RLM_SLICE("latest")));
    ASSERT_TEXT("mid", rlm_id_without_digits(RLM_SLICE("mid-2505")));
    ASSERT_TEXT("mid", rlm_id_without_digits(RLM_SLICE("mid-20250501")));
    ASSERT(rlm_id_without_digits(RLM_SLICE("mid-123")).length == 0 &&
           rlm_id_without_digits(RLM_SLICE("mid-123456789")).length == 0);
    ASSERT(rlm_id_without_digits(RLM_SLICE("-2505")).length == 0 &&
           rlm_id_without_digits(RLM_SLICE("2505")).length == 0);
    ASSERT(rlm_id_without_digits(RLM_SLICE("mid2505")).length == 0 && rlm_id_without_digits(RLM_SLICE("")).length == 0);
    PASS();
}

/* A documented price is as old as this gem, one of the bundle as ruby_llm: whatever an equivalent id states is newer.
 */
TEST
what_an_equivalent_states_beats_what_is_compiled_in(void)
{
    world all;

    start(&all);
    ADD(perplexity, {"data": [{"id": "openai/gpt-x"}]}); /* the documented models come with it: sonar costs 1 */
    ADD(models_dev, {"perplexity": {"models": {
        "sonar-20250102": {"cost": {"input": 7}}, "sonar-pro-20250102": {"limit": {"output": 50}}
    }}});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(says(merged(&all, "perplexity", "sonar"), RLM_FIELD_PRICES, RLM_ORIGIN_EQUIVALENT));
    ASSERT(merged(&all, "perplexity", "sonar").prices.count == 1);
    ASSERT(merged(&all, "perplexity", "sonar").prices.list[0].coefficient == 7);
    /* It stays where no equivalent states any, and is lent to one without a price. */
    ASSERT(says(merged(&all, "perplexity", "sonar-pro"), RLM_FIELD_PRICES, RLM_ORIGIN_BUILTIN));
    ASSERT(merged(&all, "perplexity", "sonar-pro").prices.list[0].coefficient == 3);
    ASSERT(says(merged(&all, "perplexity", "sonar-pro-20250102"), RLM_FIELD_PRICES, RLM_ORIGIN_EQUIVALENT));
    ASSERT(merged(&all, "perplexity", "sonar-pro-20250102").prices.list[0].coefficient == 3);
    finish(&all);
    PASS();
}

#define BUNDLED(id, price)                                                                                             \
    "{\"id\":\"" id "\",\"name\":\"N\",\"provider\":\"openrouter\",\"pricing\":{\"text_tokens\":{\"standard\":{"       \
    "\"input_per_million\":" price "}}},\"metadata\":{}}"

TEST
what_an_equivalent_states_beats_the_bundle(void)
{
    world all;

    start(&all);
    ADD(openrouter, {"data": [
        {"id": "lab/one", "canonical_slug": "lab/one-20250102"},
        {"id": "lab/one-20250102", "pricing": {"prompt": "0.000003"}},
        {"id": "lab/two"},
        {"id": "lab/three", "canonical_slug": "lab/three-20250102"},
        {"id": "lab/three-20250102"},
        {"id": "lab/four", "canonical_slug": "lab/four-20250102"},
        {"id": "lab/four-20250102"},
        {"id": "lab/quatre", "canonical_slug": "lab/four", "pricing": {"prompt": "0.000006"}},
        {"id": "lab/five", "canonical_slug": "lab/five-20250102"},
        {"id": "lab/five-20250102", "pricing": {"prompt": "0.000006"}},
        {"id": "lab/cinq", "canonical_slug": "lab/five", "pricing": {"prompt": "0.000007"}},
        {"id": "lab/funf", "canonical_slug": "lab/five"}
    ]});
    ASSERT_STATUS(RLM_OK, add(&all, "bundle",
                              "[" BUNDLED("lab/one", "5") "," BUNDLED("lab/two", "4") "," BUNDLED(
                                  "lab/three-20250102", "2") "," BUNDLED("lab/four-20250102",
                                                                         "9") "," BUNDLED("lab/funf", "8") "]"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(says(merged(&all, "openrouter", "lab/one"), RLM_FIELD_PRICES, RLM_ORIGIN_EQUIVALENT));
    ASSERT(merged(&all, "openrouter", "lab/one").prices.list[0].coefficient == 3);
    ASSERT(says(merged(&all, "openrouter", "lab/two"), RLM_FIELD_PRICES, "bundle"));
    ASSERT(merged(&all, "openrouter", "lab/two").prices.list[0].coefficient == 4);
    ASSERT(merged(&all, "openrouter", "lab/three-20250102").prices.list[0].coefficient == 2);
    /* Without a price of its own, and without one that is stated, the bundle's is better than none. */
    ASSERT(says(merged(&all, "openrouter", "lab/three"), RLM_FIELD_PRICES, RLM_ORIGIN_EQUIVALENT));
    ASSERT(merged(&all, "openrouter", "lab/three").prices.list[0].coefficient == 2);
    /* A stated price is lent although the bundle has another one for another equivalent; two stated ones must agree. */
    ASSERT(merged(&all, "openrouter", "lab/four").prices.list[0].coefficient == 6);
    ASSERT(merged(&all, "openrouter", "lab/five").prices.count == 0);
    finish(&all);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(offers_of_one_model_lend_each_other_nothing);
    RUN(no_source_makes_two_offers_one);
    RUN(what_is_said_of_a_moving_id_stays_there);
    RUN(an_undated_id_with_several_dates_moves);
    RUN(a_dated_id_lends_to_the_moving_one_that_means_it);
    RUN(reads_ids);
    RUN(what_an_equivalent_states_beats_what_is_compiled_in);
    RUN(what_an_equivalent_states_beats_the_bundle);
    return REPORT("equivalents");
}
