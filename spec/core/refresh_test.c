/*
 * Whole refreshes from memory: a source's settings, answers and costs can fail that source only, and the others are
 * taken in.
 */
#include "base/caps.h"
#include "fetch/memory_transport.h"
#include "registry/refresh.h"
#include "test.h"

#include <string.h>

static const rlm_pair no_settings[] = {{NULL, NULL}};
static const rlm_reply good = {0, 200, {"{\"data\":[{\"id\":\"good-1\"}]}", 26}};

/* The second source, deepseek, answers well; the first as the test says. */
typedef struct {
    rlm_source_request requests[2];
    rlm_memory_transport memories[2];
    rlm_refresh *refresh;
    rlm_buffer bytes;
    rlm_block catalog;
    rlm_error error;
} trial;

/* How often a block was opened, and so checked completely. The linker puts this function before the core's. */
static size_t opened;

rlm_status
__real_rlm_block_open(const char *bytes, size_t size, rlm_block *block, rlm_error *error);

rlm_status
__wrap_rlm_block_open(const char *bytes, size_t size, rlm_block *block, rlm_error *error);

rlm_status
__wrap_rlm_block_open(const char *bytes, size_t size, rlm_block *block, rlm_error *error)
{
    opened++;
    return __real_rlm_block_open(bytes, size, block, error);
}

/* Request a source that answers from memory. */
static rlm_status
answer(trial *of, int position, const rlm_source *source, rlm_reply reply, const rlm_pair *settings)
{
    rlm_memory_transport *memory = &of->memories[position];

    of->requests[position] =
        (rlm_source_request){.source = source, .settings = settings, .transport = &memory->transport};
    return rlm_memory_transport_open(memory, source, NULL, &reply, 1);
}

static rlm_status
open_refresh(trial *of, rlm_plan *plan, size_t catalog_cap)
{
    plan->requests = of->requests;
    plan->request_count = 2;
    plan->timeout_ms = plan->request_timeout_ms = 5000;
    plan->connect_timeout_ms = 500;
    plan->now = 1000;
    RLM_TRY(answer(of, 1, &rlm_source_deepseek, good, no_settings));
    rlm_buffer_init(&of->bytes, catalog_cap);
    return rlm_refresh_open(plan, &of->refresh, &of->error);
}

static rlm_status
drive(trial *of, rlm_plan *plan, size_t catalog_cap)
{
    size_t running = 2;

    RLM_TRY(open_refresh(of, plan, catalog_cap));
    while (running > 0) RLM_TRY(rlm_refresh_step(of->refresh, &running, &of->error));
    opened = 0;
    return rlm_refresh_finish(of->refresh, &of->bytes, &of->catalog, &of->error);
}

static rlm_status
run(trial *of, rlm_slice body, const rlm_pair *settings, size_t catalog_cap)
{
    rlm_plan plan = {.documented = RLM_DOCUMENTED_ALL};

    memset(of, 0, sizeof *of);
    RLM_TRY(answer(of, 0, &rlm_source_mistral, (rlm_reply){0, 200, body}, settings));
    return drive(of, &plan, catalog_cap);
}

static void
end(trial *of)
{
    rlm_refresh_free(of->refresh);
    for (int i = 0; i < 2; i++) rlm_memory_transport_free(&of->memories[i]);
    rlm_buffer_free(&of->bytes);
}

#define ASSERT_FAILED_ALONE(of, status_, message_)                                                                     \
    do {                                                                                                               \
        const rlm_outcome *failed_ = rlm_refresh_outcome((of)->refresh, 0);                                            \
        ASSERT(failed_->status == RLM_OUTCOME_FAILED && failed_->error.status == status_);                             \
        ASSERT_TEXT(message_, rlm_slice_of(failed_->error.message));                                                   \
        ASSERT(rlm_refresh_outcome((of)->refresh, 1)->status == RLM_OUTCOME_REFRESHED);                                \
        ASSERT((of)->catalog.count == 1);                                                                              \
        ASSERT(rlm_block_find(&(of)->catalog, RLM_SLICE("deepseek"), RLM_SLICE("good-1")) == 0);                       \
    } while (0)

TEST
a_setting_that_cannot_be_used_fails_its_source_alone(void)
{
    static char key[RLM_CAP_ERROR_BODY + 2];
    const rlm_pair settings[] = {{"mistral_api_key", key}, {NULL, NULL}};
    trial of;

    memset(key, 'k', sizeof key - 1);
    ASSERT_STATUS(RLM_OK, run(&of, good.body, settings, RLM_CAP_BLOCK));
    ASSERT_FAILED_ALONE(&of, RLM_BAD_SETTING, "a setting of Mistral is too long");
    end(&of);
    PASS();
}

/*
 * Three rows of one id that name so many ids that this source's arena could not hold them if each row copied the
 * others'.
 */
TEST
many_equivalents_of_one_id_cost_what_they_are(void)
{
    static char body[4 << 20];
    size_t length = (size_t) sprintf(body, "{\"data\":[");
    const rlm_outcome *outcome;
    trial of;

    for (int row = 0; row < 3; row++) {
        length += (size_t) sprintf(body + length, "%s{\"id\":\"m\",\"aliases\":[\"x\"", row > 0 ? "," : "");
        for (int i = 0; i < 1000; i++) length += (size_t) sprintf(body + length, ",\"%0500d\"", row * 1000 + i);
        length += (size_t) sprintf(body + length, "]}");
    }
    length += (size_t) sprintf(body + length, "]}");
    ASSERT_STATUS(RLM_OK, run(&of, (rlm_slice){body, length}, no_settings, RLM_CAP_BLOCK));
    outcome = rlm_refresh_outcome(of.refresh, 0);
    ASSERT(outcome->status == RLM_OUTCOME_REFRESHED && outcome->rows == 3 && outcome->difference.count == 1);
    end(&of);
    PASS();
}

/* Two hundred models that leave no room for the other source's one model. */
TEST
what_does_not_fit_into_the_registry_fails_alone(void)
{
    static char body[64 << 10];
    size_t length = (size_t) sprintf(body, "{\"data\":[{\"id\":\"m\"}");
    trial of;

    for (int i = 0; i < 200; i++)
        length += (size_t) sprintf(body + length, ",{\"id\":\"m-%d\",\"note\":\"%0100d\"}", i, i);
    length += (size_t) sprintf(body + length, "]}");
    ASSERT_STATUS(RLM_OK, run(&of, (rlm_slice){body, length}, no_settings, 8 << 10));
    ASSERT_FAILED_ALONE(&of, RLM_TOO_LARGE, "its models, of 0 MB, do not fit into the registry beside the others");
    end(&of);
    PASS();
}

/* What it has written itself it looks at, and does not check. */
TEST
only_blocks_of_others_are_checked(void)
{
    trial of;

    ASSERT_STATUS(RLM_OK, run(&of, good.body, no_settings, RLM_CAP_BLOCK));
    ASSERT(opened == 0);
    ASSERT(of.catalog.bytes == of.bytes.bytes && of.catalog.size == of.bytes.length);
    ASSERT(of.catalog.kind == RLM_BLOCK_CATALOG && of.catalog.count == 2);
    end(&of);
    PASS();
}

/*
 * A registry that begins with ruby_llm's file: `models_dev` is the status with which that source answers. deepseek then
 * lists good-1.
 */
static rlm_status
refresh_bundle(trial *of, int models_dev, rlm_buffer *bundle, rlm_buffer *merged)
{
    static const char *const file = JSON([{"provider": "deepseek", "id": "old", "name": "Old"}]);
    static const char *const metadata = JSON({"mistral": {"models": {"m": {"id": "m", "name": "M"}}}});
    rlm_block sheet, before;
    rlm_slice held;
    rlm_plan plan = {.held = &held, .held_count = 1, .before = &before, .documented = RLM_DOCUMENTED_ALL};
    size_t rejected;

    memset(of, 0, sizeof *of);
    RLM_TRY(rlm_sheet_read(RLM_SLICE("bundle"), rlm_slice_of(file), 900, bundle, &rejected, &of->error));
    RLM_TRY(rlm_block_open(bundle->bytes, bundle->length, &sheet, &of->error));
    RLM_TRY(rlm_merge(&sheet, 1, RLM_DOCUMENTED_ALL, merged, &of->error));
    RLM_TRY(rlm_block_open(merged->bytes, merged->length, &before, &of->error));
    held = (rlm_slice){bundle->bytes, bundle->length};
    RLM_TRY(answer(of, 0, &rlm_source_models_dev, (rlm_reply){0, models_dev, rlm_slice_of(metadata)}, no_settings));
    return drive(of, &plan, RLM_CAP_BLOCK);
}

#define ASSERT_DIFFERENCE(of, count_, added_, removed_, changed_)                                                      \
    do {                                                                                                               \
        const rlm_difference difference_ = rlm_refresh_outcome((of)->refresh, 1)->difference;                          \
        ASSERT(difference_.count == count_ && difference_.added == added_);                                            \
        ASSERT(difference_.removed == removed_ && difference_.changed == changed_);                                    \
    } while (0)

/* The counts are those of the registry as it is: with ruby_llm's file until a metadata source has answered. */
TEST
the_bundle_is_counted_as_long_as_it_counts(void)
{
    rlm_buffer bundle, merged;
    trial of;

    rlm_buffer_init(&bundle, RLM_CAP_BLOCK);
    rlm_buffer_init(&merged, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, refresh_bundle(&of, 404, &bundle, &merged));
    ASSERT(opened == 1); /* the bundle, whose sheet was given */
    ASSERT(of.catalog.count == 2);
    ASSERT(rlm_block_find(&of.catalog, RLM_SLICE("deepseek"), RLM_SLICE("old")) == 1);
    ASSERT_DIFFERENCE(&of, 2, 1, 0, 0);
    end(&of);

    rlm_buffer_clear(&bundle);
    rlm_buffer_clear(&merged);
    ASSERT_STATUS(RLM_OK, refresh_bundle(&of, 200, &bundle, &merged));
    ASSERT(of.catalog.count == 2);
    ASSERT(rlm_block_find(&of.catalog, RLM_SLICE("deepseek"), RLM_SLICE("old")) == 2);
    ASSERT(rlm_block_find(&of.catalog, RLM_SLICE("mistral"), RLM_SLICE("m")) == 1);
    ASSERT_DIFFERENCE(&of, 1, 1, 1, 0);
    end(&of);
    rlm_buffer_free(&bundle);
    rlm_buffer_free(&merged);
    PASS();
}

TEST
one_run_goes_to_the_end(void)
{
    rlm_plan plan = {.documented = RLM_DOCUMENTED_ALL};
    size_t running;
    trial of;

    memset(&of, 0, sizeof of);
    ASSERT_STATUS(RLM_OK, answer(&of, 0, &rlm_source_mistral, (rlm_reply){0, 401, RLM_SLICE("{}")}, no_settings));
    ASSERT_STATUS(RLM_OK, open_refresh(&of, &plan, RLM_CAP_BLOCK));
    ASSERT_STATUS(RLM_OK, rlm_refresh_run(of.refresh, &running, &of.error));
    ASSERT(running == 0);
    ASSERT_STATUS(RLM_OK, rlm_refresh_finish(of.refresh, &of.bytes, &of.catalog, &of.error));
    ASSERT_FAILED_ALONE(&of, RLM_HTTP_STATUS, "HTTP 401");
    end(&of);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(a_setting_that_cannot_be_used_fails_its_source_alone);
    RUN(many_equivalents_of_one_id_cost_what_they_are);
    RUN(what_does_not_fit_into_the_registry_fails_alone);
    RUN(the_bundle_is_counted_as_long_as_it_counts);
    RUN(only_blocks_of_others_are_checked);
    RUN(one_run_goes_to_the_end);
    return REPORT("refresh");
}
