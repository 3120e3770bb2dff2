/* What readers state of how a model is steered: lists of words, bounds, replacements, a licence. */
#include "record_row.h"

#define EFFORT(name) RLM_BIT(RLM_EFFORT_##name)
#define ALL_EFFORTS (RLM_BIT(RLM_EFFORT_COUNT) - 1)

TEST
a_list_of_efforts_denies_the_others(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        uint32_t yes;
        const char *rest;
    } cases[] = {
        {JSON({"efforts": ["low", "high"]}), EFFORT(LOW) | EFFORT(HIGH), ""},
        {JSON({"efforts": ["none", "minimal", "low", "medium", "high", "xhigh", "max"]}), ALL_EFFORTS, ""},
        {JSON({"efforts": ["low", "enormous"]}), EFFORT(LOW), JSON({"efforts": ["low", "enormous"]})},
        {JSON({"efforts": ["low", 7]}), EFFORT(LOW), JSON({"efforts": ["low", 7]})},
        {JSON({"efforts": ["enormous"]}), 0, JSON({"efforts": ["enormous"]})},
        {JSON({"efforts": []}), 0, ""},
        {JSON({"efforts": "low"}), 0, JSON({"efforts": "low"})},
        {JSON({"efforts": {"low": true}}), 0, JSON({"efforts": {"low": true}})},
        {JSON({"efforts": null}), 0, ""},
        {JSON({}), 0, ""},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT(begin(cases[i].json));
        rlm_record_state_efforts(&model, MEMBER("efforts"));
        if (model.efforts.yes != cases[i].yes ||
            model.efforts.no != (cases[i].yes == 0 ? 0 : ALL_EFFORTS & ~cases[i].yes))
            FAIL("%s: %x %x", cases[i].json, model.efforts.yes, model.efforts.no);
        ASSERT_JSON_TEXT(cases[i].rest, rest());
    }
    PASS();
}

TEST
a_list_of_parameters_denies_the_others(void)
{
    BEGIN({"parameters": ["temperature", "system_messages", "stop"]});
    rlm_record_state_parameters(&model, MEMBER("parameters"));
    ASSERT(model.parameters.yes ==
           (RLM_BIT(RLM_PARAMETER_TEMPERATURE) | RLM_BIT(RLM_PARAMETER_SYSTEM_MESSAGES) | RLM_BIT(RLM_PARAMETER_STOP)));
    ASSERT((model.parameters.yes ^ model.parameters.no) == RLM_BIT(RLM_PARAMETER_COUNT) - 1);
    ASSERT_TEXT("", rest());
    PASS();
}

TEST
keeps_one_default_effort(void)
{
    BEGIN({"effort": "none", "other": "huge", "again": "high", "same": "none"});
    ASSERT(model.default_effort == 0);
    rlm_record_state_default_effort(&model, MEMBER("other"));
    rlm_record_state_default_effort(&model, NULL);
    ASSERT(model.default_effort == 0);
    rlm_record_state_default_effort(&model, MEMBER("effort"));
    rlm_record_state_default_effort(&model, MEMBER("again"));
    rlm_record_state_default_effort(&model, MEMBER("same"));
    ASSERT(model.default_effort == RLM_EFFORT_NONE + 1);
    ASSERT_JSON(rest(), {"again": "high", "other": "huge"});
    PASS();
}

static bool
is_bound(uint32_t at, rlm_bounded of, rlm_bound_kind kind, const char *number)
{
    const rlm_bound *bound = &model.bounds[at];
    char text[RLM_DECIMAL_TEXT];

    rlm_decimal_write((rlm_decimal){bound->coefficient, bound->exponent}, text);
    return at < model.bound_count && bound->of == of && bound->kind == kind && strcmp(text, number) == 0 &&
           rlm_record_bound(&model, of, kind) == bound;
}

#define STATE_BOUND(what, which, key)                                                                                  \
    ASSERT_STATUS(RLM_OK, rlm_record_state_bound(&model, RLM_BOUNDED_##what, RLM_BOUND_##which, MEMBER(key)))

TEST
sorts_bounds_and_keeps_the_first_of_a_kind(void)
{
    BEGIN({"max": 2, "again": 3, "min": "0", "default": 1.50, "size": 3072, "below": -1, "word": "many", "none": null});
    STATE_BOUND(DIMENSIONS, MAX, "size");
    STATE_BOUND(TEMPERATURE, DEFAULT, "default");
    STATE_BOUND(TEMPERATURE, MAX, "max");
    STATE_BOUND(TEMPERATURE, MIN, "min");
    STATE_BOUND(TEMPERATURE, MAX, "again");
    STATE_BOUND(TOP_P, MIN, "below");
    STATE_BOUND(TOP_P, MAX, "word");
    STATE_BOUND(TOP_K, MAX, "none");
    STATE_BOUND(TOP_K, MIN, "missing");
    ASSERT(model.bound_count == 4);
    ASSERT(is_bound(0, RLM_BOUNDED_TEMPERATURE, RLM_BOUND_MIN, "0"));
    ASSERT(is_bound(1, RLM_BOUNDED_TEMPERATURE, RLM_BOUND_MAX, "2"));
    ASSERT(is_bound(2, RLM_BOUNDED_TEMPERATURE, RLM_BOUND_DEFAULT, "1.5"));
    ASSERT(is_bound(3, RLM_BOUNDED_DIMENSIONS, RLM_BOUND_MAX, "3072"));
    ASSERT(rlm_record_bound(&model, RLM_BOUNDED_TOP_P, RLM_BOUND_MIN) == NULL);
    ASSERT(rlm_record_bound(&model, RLM_BOUNDED_DIMENSIONS, RLM_BOUND_DEFAULT) == NULL);
    ASSERT_JSON(rest(), {"again": 3, "below": -1, "word": "many"});
    PASS();
}

TEST
names_replacements_by_their_kind(void)
{
    BEGIN({"next": "b", "more": ["c", "a", "c", 7, "", null], "same": "b", "broken": "\ud800"});
    ASSERT_STATUS(RLM_OK, rlm_record_state_replacement(&model, RLM_REPLACEMENT_SUCCESSOR, MEMBER("next")));
    RLM_EACH (id, MEMBER("more"))
        ASSERT_STATUS(RLM_OK, rlm_record_state_replacement(&model, RLM_REPLACEMENT_FALLBACK, id));
    ASSERT_STATUS(RLM_OK, rlm_record_state_replacement(&model, RLM_REPLACEMENT_FALLBACK, MEMBER("same")));
    ASSERT_STATUS(RLM_OK, rlm_record_state_replacement(&model, RLM_REPLACEMENT_FALLBACK, MEMBER("broken")));
    ASSERT_STATUS(RLM_OK, rlm_record_state_replacement(&model, RLM_REPLACEMENT_FALLBACK, MEMBER("missing")));
    ASSERT_TEXT("fallback a\nfallback b\nfallback c\nsuccessor b\n", model.replacements);
    PASS();
}

TEST
takes_no_replacement_that_is_no_id(void)
{
    char json[RLM_CAP_ID + 32] = "{\"a\":\"x\\ny\",\"b\":\"";

    for (int i = 0; i <= RLM_CAP_ID; i++) strcat(json, "b");
    strcat(json, "\"}");
    ASSERT(begin(json));
    ASSERT_STATUS(RLM_OK, rlm_record_state_replacement(&model, RLM_REPLACEMENT_SUCCESSOR, MEMBER("a")));
    ASSERT_STATUS(RLM_OK, rlm_record_state_replacement(&model, RLM_REPLACEMENT_SUCCESSOR, MEMBER("b")));
    ASSERT(model.replacements.length == 0 && !MEMBER("a")->taken && !MEMBER("b")->taken);
    PASS();
}

TEST
keeps_the_first_licence(void)
{
    BEGIN({"none": "", "number": 7, "license": "apache-2.0", "other": "mit"});
    ASSERT_STATUS(RLM_OK, rlm_record_state_license(&model, MEMBER("none")));
    ASSERT_STATUS(RLM_OK, rlm_record_state_license(&model, MEMBER("number")));
    ASSERT_STATUS(RLM_OK, rlm_record_state_license(&model, MEMBER("license")));
    ASSERT_STATUS(RLM_OK, rlm_record_state_license(&model, MEMBER("other")));
    ASSERT_TEXT("apache-2.0", model.license);
    ASSERT_JSON(rest(), {"number": 7, "other": "mit"});
    PASS();
}

static rlm_status
state_all(void *context)
{
    rlm_value number = {.kind = RLM_STRING, .text = RLM_SLICE("1")}, id = {.kind = RLM_STRING, .text = RLM_SLICE("b")};

    (void) context;
    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_record_init(&model, &arena, RLM_SLICE("acme"));
    RLM_TRY(rlm_record_state_bound(&model, RLM_BOUNDED_TOP_P, RLM_BOUND_MAX, &number));
    RLM_TRY(rlm_record_state_bound(&model, RLM_BOUNDED_TOP_P, RLM_BOUND_MIN, &number));
    RLM_TRY(rlm_record_state_replacement(&model, RLM_REPLACEMENT_FALLBACK, &id));
    return rlm_record_state_license(&model, &id);
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(state_all, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    RUN(a_list_of_efforts_denies_the_others);
    RUN(a_list_of_parameters_denies_the_others);
    RUN(keeps_one_default_effort);
    RUN(sorts_bounds_and_keeps_the_first_of_a_kind);
    RUN(names_replacements_by_their_kind);
    RUN(takes_no_replacement_that_is_no_id);
    RUN(keeps_the_first_licence);
    RUN(survives_a_lack_of_memory);
    rlm_arena_free(&arena);
    parsed_free();
    return REPORT("controls");
}
