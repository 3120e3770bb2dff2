/*
 * Whole refreshes from memory: what one source is told, answers or costs is its own failure, and the others are taken
 * in.
 */
#include "base/caps.h"
#include "registry/refresh.h"
#include "test.h"

#include <string.h>

static const rlm_pair no_settings[] = {{NULL, NULL}};
static const rlm_reply good = {0, 200, {"{\"data\":[{\"id\":\"good-1\"}]}", 26}};

/* deepseek answers well, mistral as the test says. */
typedef struct {
    rlm_source_request requests[2];
    rlm_reply reply;
    rlm_refresh *refresh;
    rlm_buffer catalog;
    rlm_error error;
} trial;

static rlm_status
run(trial *of, rlm_slice body, const rlm_pair *settings, size_t catalog_cap)
{
    rlm_plan plan = {.requests = of->requests,
                     .request_count = 2,
                     .timeout_ms = 5000,
                     .request_timeout_ms = 5000,
                     .connect_timeout_ms = 500,
                     .now = 1000};
    size_t running = 2;
    bool unchanged;

    memset(of, 0, sizeof *of);
    of->reply = (rlm_reply){0, 200, body};
    of->requests[0] = (rlm_source_request){
        .source = &rlm_source_mistral, .settings = settings, .replies = &of->reply, .reply_count = 1};
    of->requests[1] = (rlm_source_request){
        .source = &rlm_source_deepseek, .settings = no_settings, .replies = &good, .reply_count = 1};
    rlm_buffer_init(&of->catalog, catalog_cap);
    RLM_TRY(rlm_refresh_open(&plan, &of->refresh, &of->error));
    while (running > 0) RLM_TRY(rlm_refresh_step(of->refresh, &running, &of->error));
    return rlm_refresh_finish(of->refresh, &of->catalog, &unchanged, &of->error);
}

static void
end(trial *of)
{
    rlm_refresh_free(of->refresh);
    rlm_buffer_free(&of->catalog);
}

#define ASSERT_FAILED_ALONE(of, status_, message_)                                                                     \
    do {                                                                                                               \
        const rlm_outcome *failed_ = rlm_refresh_outcome((of)->refresh, 0);                                            \
        rlm_block block_;                                                                                              \
        ASSERT(failed_->status == RLM_OUTCOME_FAILED && failed_->error.status == status_);                             \
        ASSERT_TEXT(message_, rlm_slice_of(failed_->error.message));                                                   \
        ASSERT(rlm_refresh_outcome((of)->refresh, 1)->status == RLM_OUTCOME_REFRESHED);                                \
        ASSERT_STATUS(RLM_OK, rlm_block_open((of)->catalog.bytes, (of)->catalog.length, &block_, NULL));               \
        ASSERT(block_.count == 1 && rlm_block_find(&block_, RLM_SLICE("deepseek"), RLM_SLICE("good-1")) == 0);         \
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

/* Three rows of one id that name what no arena of this source's could hold if each copied the others. */
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

/* Two hundred models that leave no room for the one of the other source. */
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
    ASSERT_FAILED_ALONE(&of, RLM_TOO_LARGE, "its models, of 0 MB, do not fit into the registry with all others");
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
    return REPORT("refresh");
}
