/*
 * Our own few lines of test harness: a test is a function named as a sentence, main runs them one by one.
 *
 * A failed ASSERT prints where and what and leaves its test; the other tests still run. A test that main forgot to RUN
 * is an unused static function, which does not compile with -Werror.
 */
#ifndef RLM_TEST_H
#define RLM_TEST_H

#include "base/arena.h"
#include "base/decimal.h"
#include "base/status.h"
#include "base/text.h"

#include <stdio.h>

#define TEST static bool

#define PASS() return true

#define FAIL(...)                                                                                                      \
    do {                                                                                                               \
        printf("%s:%d: %s: ", __FILE__, __LINE__, __func__);                                                           \
        printf(__VA_ARGS__);                                                                                           \
        printf("\n");                                                                                                  \
        return false;                                                                                                  \
    } while (0)

#define ASSERT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) FAIL("not so: %s", #condition);                                                              \
    } while (0)

#define ASSERT_STATUS(expected, call)                                                                                  \
    do {                                                                                                               \
        rlm_status got_ = (call);                                                                                      \
        if (got_ != (expected)) FAIL("%s gives %s, not %s", #call, rlm_status_name(got_), rlm_status_name(expected));  \
    } while (0)

/* `expected` is NUL-terminated text, `slice` an rlm_slice. */
#define ASSERT_TEXT(expected, slice)                                                                                   \
    do {                                                                                                               \
        rlm_slice got_ = (slice);                                                                                      \
        if (!rlm_slice_is(got_, (expected)))                                                                           \
            FAIL("%s is \"%.*s\", not \"%s\"", #slice, (int) got_.length, got_.length > 0 ? got_.bytes : "",           \
                 (expected));                                                                                          \
    } while (0)

/*
 * JSON as one writes it; clang-format leaves it alone (see .clang-format), except for tables, which need it off. A line
 * break becomes a blank. Escapes that C strings write as \\u or \\n cannot be written so.
 */
#define JSON(...) #__VA_ARGS__

/* `slice` is that JSON as the core writes it: without the blanks that `expected` may have outside its strings. */
#define ASSERT_JSON_TEXT(expected, slice)                                                                              \
    do {                                                                                                               \
        rlm_slice got_ = (slice);                                                                                      \
        if (!test_is_json(got_, (expected)))                                                                           \
            FAIL("%s is %.*s, not %s", #slice, (int) got_.length, got_.length > 0 ? got_.bytes : "", (expected));      \
    } while (0)

#define ASSERT_JSON(slice, ...) ASSERT_JSON_TEXT(#__VA_ARGS__, slice)

static inline bool
test_is_json(rlm_slice got, const char *expected)
{
    size_t at = 0;
    bool inside = false;

    for (; *expected != '\0'; expected++) {
        if (*expected == ' ' && !inside) continue;
        if (*expected == '"') inside = !inside;
        if (at == got.length || got.bytes[at++] != *expected) return false;
    }
    return at == got.length;
}

#define ASSERT_DECIMAL(expected, decimal)                                                                              \
    do {                                                                                                               \
        char text_[RLM_DECIMAL_TEXT];                                                                                  \
        rlm_decimal_write((decimal), text_);                                                                           \
        if (!rlm_slice_is(rlm_slice_of(text_), (expected))) FAIL("%s is %s, not %s", #decimal, text_, (expected));     \
    } while (0)

/*
 * Run `call(context)` with the first allocation failing, then the second, until a run needs no more. Each earlier run
 * must return RLM_OUT_OF_MEMORY and free what it had (AddressSanitizer checks that). A call that never allocates proves
 * nothing, and fails.
 */
#define ASSERT_SURVIVES_TORTURE(call, context)                                                                         \
    do {                                                                                                               \
        rlm_status status_;                                                                                            \
        long failed_ = test_torture((call), (context), &status_);                                                      \
        if (status_ != RLM_OK)                                                                                         \
            FAIL("%s gives %s when allocation %ld fails", #call, rlm_status_name(status_), failed_ + 1);               \
        if (failed_ == 0) FAIL("%s allocates nothing", #call);                                                         \
    } while (0)

/* How many allocations failed one after the other; `*last` is the status that ended it: RLM_OK, or a wrong one. */
static inline long
test_torture(rlm_status (*call)(void *context), void *context, rlm_status *last)
{
    long nth = 0;

    do {
        rlm_memory_fail_at(++nth);
        *last = call(context);
        rlm_memory_fail_at(0);
    } while (*last == RLM_OUT_OF_MEMORY && nth < 1000000);
    return nth - 1;
}

/* In main: `int tests = 0, failures = 0;`, a RUN for each test, and `return REPORT("name");`. */
#define RUN(test)                                                                                                      \
    do {                                                                                                               \
        tests++;                                                                                                       \
        if (!test()) failures++;                                                                                       \
        rlm_memory_fail_at(0); /* a failed test may have left it on */                                                 \
    } while (0)

#define REPORT(name) (printf("%s: %d tests, %d failures\n", (name), tests, failures), failures > 0)

#endif
