/* What all sources of a refresh hold of their answers is counted together: the one for which it is too much fails. */
#include "base/caps.h"
#include "fetch/listing_answer.h"
#include "fetched.h"

static rlm_answer_memory memory;
static rlm_redactor redactor;
static const rlm_fetch_context terms = {.deadline = INT64_MAX, .redactor = &redactor, .memory = &memory};
static rlm_source_fetch other;

static rlm_status
send_nothing(const rlm_transport *transport, rlm_listing_fetch *listing_fetch, rlm_error *error)
{
    (void) transport, (void) error;
    listing_fetch->state = RLM_LISTING_FETCH_SENT;
    return rlm_listing_fetch_expect(listing_fetch);
}

static const rlm_transport silent = {.send = send_nothing};

static rlm_status
open_one(rlm_source_fetch *opened, rlm_slice sheet)
{
    static const rlm_pair settings[] = {{"test_region", "here"}, {NULL, NULL}};
    const rlm_source_request request = {.source = &source, .settings = settings, .sheet = sheet, .transport = &silent};
    rlm_error error;

    RLM_TRY(rlm_source_fetch_open(opened, &request, &terms, &error));
    rlm_source_fetch_send(opened, 0);
    return RLM_OK;
}

/* Two sources that have been asked, in that memory. */
static rlm_status
open_both(size_t cap)
{
    memory = (rlm_answer_memory){.cap = cap};
    rlm_redactor_init(&redactor);
    RLM_TRY(open_one(&fetch, (rlm_slice){NULL, 0}));
    return open_one(&other, (rlm_slice){NULL, 0});
}

static void
free_both(void)
{
    rlm_source_fetch_free(&fetch);
    rlm_source_fetch_free(&other);
    rlm_redactor_free(&redactor);
}

/* So many rows arrive, in an answer that goes on. */
static rlm_status
take(rlm_source_fetch *taking, int listing, int rows)
{
    rlm_status status =
        rlm_listing_fetch_take_body(&taking->listing_fetches[listing], 200, "{\"data\":[{\"id\":\"0\"}", 19);
    char row[32];

    for (int i = 1; i < rows && status == RLM_OK; i++) {
        int length = snprintf(row, sizeof row, ",{\"id\":\"%d\"}", i);

        status = rlm_listing_fetch_take_body(&taking->listing_fetches[listing], 200, row, (size_t) length);
    }
    return status;
}

static void
finish(rlm_source_fetch *taking, int listing, rlm_status status)
{
    rlm_listing_fetch *ended = &taking->listing_fetches[listing];

    if (status == RLM_OK) status = rlm_listing_fetch_take_body(ended, 200, "]}", 2);
    rlm_listing_fetch_answered(ended, &(rlm_http_answer){.status = status, .http_status = 200, .text = ""});
}

#define TOGETHER "the answers of this refresh take more than 1 MB of memory together"

TEST
the_source_with_too_much_fails_and_the_others_go_on(void)
{
    rlm_error error;

    ASSERT_STATUS(RLM_OK, open_both(1 << 20));
    ASSERT_STATUS(RLM_OK, take(&other, 0, 1000));
    ASSERT(memory.held > 300000 && memory.held == other.held);
    ASSERT_STATUS(RLM_OK, take(&fetch, 1, 1));
    ASSERT_STATUS(RLM_TOO_LARGE, take(&fetch, 0, 5000));
    ASSERT(memory.held == other.held); /* at once, before its transfers have ended */
    ASSERT_STATUS(RLM_OK, take(&other, 1, 10));
    ASSERT_STATUS(RLM_TOO_LARGE, take(&fetch, 2, 1));
    finish(&fetch, 0, RLM_TOO_LARGE);
    ASSERT(fetch.common.failed && fetch.arena.chunks == NULL && fetch.listing_fetches[1].rows.records == NULL);
    finish(&fetch, 1, RLM_OK);
    finish(&fetch, 2, RLM_TOO_LARGE);
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && fetch.outcome.error.status == RLM_TOO_LARGE);
    ASSERT_TEXT(TOGETHER, rlm_slice_of(fetch.outcome.error.message));

    for (int i = 0; i < 3; i++) finish(&other, i, i < 2 ? RLM_OK : take(&other, i, 1));
    ASSERT(other.outcome.status == RLM_OUTCOME_REFRESHED && memory.held == other.held && memory.held > 0);
    ASSERT_STATUS(RLM_OK, rlm_source_fetch_finish(&other, 1000, &error));
    ASSERT(memory.held == 0 && rlm_source_fetch_sheet(&other)->count == 1001);
    free_both();
    PASS();
}

/* Its failure alone would be a remark; but what was counted no more must be given back. */
TEST
too_much_in_an_optional_listing_fails_the_source(void)
{
    ASSERT_STATUS(RLM_OK, open_both(1 << 20));
    finish(&fetch, 0, take(&fetch, 0, 1));
    finish(&fetch, 2, take(&fetch, 2, 1));
    finish(&fetch, 1, take(&fetch, 1, 5000));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && memory.held == 0);
    ASSERT_TEXT(TOGETHER, rlm_slice_of(fetch.outcome.error.message));
    free_both();
    PASS();
}

/* An answer that may be the last one again is held as it came, which counts as well. */
TEST
a_body_that_is_held_counts(void)
{
    static char blanks[RLM_CAP_HELD / 4];
    rlm_source_fetch before;
    rlm_error error;

    memset(blanks, ' ', sizeof blanks);
    ASSERT_STATUS(RLM_OK, open_both(1 << 20));
    for (int i = 0; i < 3; i++) finish(&fetch, i, take(&fetch, i, 1));
    ASSERT_STATUS(RLM_OK, rlm_source_fetch_finish(&fetch, 1000, &error));
    ASSERT(memory.held == 0);
    before = fetch;
    ASSERT_STATUS(RLM_OK, open_one(&fetch, (rlm_slice){before.new_sheet.bytes, before.new_sheet.length}));
    ASSERT_STATUS(RLM_OK, rlm_listing_fetch_take_body(&fetch.listing_fetches[0], 200, blanks, 1000));
    ASSERT(memory.held >= 1000);
    ASSERT_STATUS(RLM_TOO_LARGE, rlm_listing_fetch_take_body(&fetch.listing_fetches[0], 200, blanks, sizeof blanks));
    ASSERT(memory.held == 0);
    rlm_source_fetch_free(&before);
    free_both();
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(the_source_with_too_much_fails_and_the_others_go_on);
    RUN(too_much_in_an_optional_listing_fails_the_source);
    RUN(a_body_that_is_held_counts);
    return REPORT("source_fetch_memory");
}
