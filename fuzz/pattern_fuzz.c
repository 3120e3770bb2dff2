/*
 * Any bytes as a pattern of ids, as a regular expression, and as what a price list says how to match. The first byte
 * says where the id ends and the other begins. Whatever compiles is not broken, and matches as it is written.
 */
#include "look.h"

#include "model/pattern.h"
#include "model/regex.h"
#include "json/json.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
read_as_tree(rlm_slice text, rlm_slice subject)
{
    const rlm_json_rows no_rows = {.rows = NULL};
    rlm_json *json;
    rlm_value *tree;
    rlm_slice expression, pattern;
    rlm_arena arena;
    rlm_error error;
    bool found;

    MUST(rlm_json_open(&no_rows, &json) == RLM_OK);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_error_clear(&error);
    if (rlm_json_feed(json, text.bytes, text.length, &error) == RLM_OK &&
        rlm_json_finish(json, &tree, &found, &error) == RLM_OK && tree != NULL &&
        rlm_pattern_compile(tree, &arena, &expression, &error) == RLM_OK) {
        MUST(rlm_pattern_work(expression) > 0 && expression.length <= RLM_CAP_PATTERN);
        MUST(rlm_pattern_at(7, expression, &arena, &pattern) == RLM_OK);
        MUST(rlm_slice_equal(rlm_pattern_expression(pattern), expression));
        seen ^= rlm_pattern_matches(pattern, subject);
    }
    rlm_arena_free(&arena);
    rlm_json_free(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char lower[RLM_CAP_ID], *copy;
    size_t cut;
    rlm_slice id, text, subject;

    if (size == 0) return 0;
    copy = aligned_copy(bytes, size);
    cut = 1 + (uint8_t) copy[0] % 64;
    if (cut > size) cut = size;
    id = (rlm_slice){copy + 1, cut - 1};
    text = (rlm_slice){copy + cut, size - cut};
    subject = rlm_pattern_subject(id, lower);
    if (rlm_pattern_work(rlm_pattern_expression(text)) == 0) MUST(!rlm_pattern_matches(text, subject));
    else seen ^= rlm_pattern_matches(text, subject);
    MUST(rlm_regex_steps(text) <= RLM_CAP_REGEX_STEPS);
    if (rlm_regex_steps(text) == 0) MUST(!rlm_regex_found(text, id));
    else seen ^= rlm_regex_found(text, id);
    read_as_tree(text, subject);
    free(copy);
    return 0;
}
