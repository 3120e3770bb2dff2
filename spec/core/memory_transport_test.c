/* Replies from memory instead of answers: they take the way of answers, and nothing is sent. */
#include "base/caps.h"
#include "fetch/memory_transport.h"
#include "fetched.h"

#include <pthread.h>

/* A source with pages, each of which names the next one. */
static rlm_slice
next_page(const rlm_value *envelope)
{
    return rlm_value_text(rlm_value_get(envelope, "next"));
}

static const rlm_source paged = {
    .slug = "paged",
    .name = "Paged",
    .listings = {{.path = "first", .rows = "data[]", .page = "after", .next_page = next_page, .read_row = read_row}},
};

/* Fetch that source from these replies. There is no set of transfers: a request would be a NULL read. */
static rlm_status
tell_to(const rlm_source *asked, const rlm_source *format, const rlm_reply *replies, size_t count)
{
    static const rlm_pair settings[] = {{"test_region", "here"}, {NULL, NULL}};
    static rlm_memory_transport memory;
    rlm_redactor redactor;
    rlm_answer_memory memory_left = {.cap = RLM_CAP_REFRESH};
    const rlm_fetch_context terms = {
        .retries = 3, .deadline = INT64_MAX, .redactor = &redactor, .memory = &memory_left};
    rlm_error error;
    rlm_status status = rlm_memory_transport_open(&memory, asked, format, replies, count);

    rlm_redactor_init(&redactor);
    if (status == RLM_OK) {
        const rlm_source_request request = {
            .source = memory.source, .settings = settings, .transport = &memory.transport};

        status = rlm_source_fetch_open(&fetch, &request, &terms, &error);
    }
    if (status == RLM_OK) rlm_source_fetch_send(&fetch, rlm_http_clock());
    if (status == RLM_OK) status = rlm_source_fetch_finish(&fetch, 1000, &error);
    rlm_redactor_free(&redactor);
    rlm_memory_transport_free(&memory);
    return status;
}

static rlm_status
tell(const rlm_reply *replies, size_t count)
{
    return tell_to(&source, NULL, replies, count);
}

TEST
replies_from_memory_are_read_as_answers(void)
{
    const rlm_reply replies[] = {{2, 200, RLM_SLICE("{\"data\":[{\"id\":\"c\"}]}")},
                                 {0, 200, RLM_SLICE("{\"data\":[{\"id\":\"a\"}]}")}};

    ASSERT_STATUS(RLM_OK, tell(replies, 2)); /* nothing for the second listing: it has no rows */
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED && fetch.outcome.http_status == 200);
    ASSERT(fetch.outcome.attempts == 2 && fetch.outcome.rows == 2 && fetch.outcome.bytes == 42);
    ASSERT_TEXT("a=:listed c=:listed static=:catalogued ", models());
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
replies_from_memory_fail_at_once(void)
{
    ASSERT_STATUS(RLM_OK, tell((rlm_reply[]){{0, 503, RLM_SLICE("{\"error\":\"closed\"}")}}, 1));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && fetch.outcome.attempts == 1);
    ASSERT_TEXT("HTTP 503: closed", rlm_slice_of(fetch.outcome.error.message));
    rlm_source_fetch_free(&fetch);

    ASSERT_STATUS(RLM_OK, tell((rlm_reply[]){{0, 0, RLM_SLICE("no route")}}, 1));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && fetch.outcome.error.status == RLM_NETWORK &&
           fetch.outcome.http_status == 0);
    ASSERT_TEXT("no route", rlm_slice_of(fetch.outcome.error.message));
    rlm_source_fetch_free(&fetch);

    ASSERT_STATUS(RLM_OK, tell((rlm_reply[]){{0, 200, RLM_SLICE("{\"data\":[")}}, 1));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && fetch.outcome.error.status == RLM_ENDED_EARLY);
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
replies_in_the_format_of_a_registry_file_are_not_completed(void)
{
    const rlm_reply reply = {0, 200, RLM_SLICE("[{\"id\":\"a\",\"provider\":\"test\",\"name\":\"A\"}]")};

    ASSERT_STATUS(RLM_OK, tell_to(&source, &rlm_source_file, &reply, 1));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED);
    ASSERT_TEXT("a=A:listed ", models());
    rlm_source_fetch_free(&fetch);
    PASS();
}

static void *
tell_pages(void *status)
{
    static char bodies[RLM_CAP_PAGES][64];
    static rlm_reply replies[RLM_CAP_PAGES];

    for (int i = 0; i < RLM_CAP_PAGES; i++) {
        const char *format =
            i + 1 < RLM_CAP_PAGES ? "{\"data\":[{\"id\":\"m%d\"}],\"next\":\"%d\"}" : "{\"data\":[{\"id\":\"m%d\"}]}";
        int length = snprintf(bodies[i], sizeof *bodies, format, i, i);

        replies[i] = (rlm_reply){0, 200, {bodies[i], (size_t) length}};
    }
    *(rlm_status *) status = tell_to(&paged, NULL, replies, RLM_CAP_PAGES);
    return NULL;
}

/* A Ruby fiber has half a megabyte of stack, for everything in it. */
TEST
pages_from_memory_need_the_stack_of_one(void)
{
    rlm_status status = RLM_NETWORK;
    pthread_attr_t small;
    pthread_t thread;

    ASSERT(pthread_attr_init(&small) == 0 && pthread_attr_setstacksize(&small, 256 << 10) == 0);
    ASSERT(pthread_create(&thread, &small, tell_pages, &status) == 0 && pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&small);
    ASSERT_STATUS(RLM_OK, status);
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED);
    ASSERT(fetch.outcome.rows == RLM_CAP_PAGES && fetch.outcome.attempts == RLM_CAP_PAGES);
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
nothing_is_sent_where_nothing_is_told(void)
{
    ASSERT_STATUS(RLM_OK, tell((rlm_reply[]){{0, 200, RLM_SLICE("")}}, 0));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_EMPTY && fetch.outcome.attempts == 0);
    rlm_source_fetch_free(&fetch);
    PASS();
}

static rlm_status
open_memory(void *unused)
{
    static rlm_memory_transport memory;
    rlm_status status = rlm_memory_transport_open(&memory, &source, NULL,
                                                  (rlm_reply[]){{0, 200, RLM_SLICE("{}")}, {1, 404, RLM_SLICE("")}}, 2);

    (void) unused;
    rlm_memory_transport_free(&memory);
    return status;
}

TEST
survives_without_memory(void)
{
    ASSERT_SURVIVES_TORTURE(open_memory, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(replies_from_memory_are_read_as_answers);
    RUN(replies_from_memory_fail_at_once);
    RUN(replies_in_the_format_of_a_registry_file_are_not_completed);
    RUN(pages_from_memory_need_the_stack_of_one);
    RUN(nothing_is_sent_where_nothing_is_told);
    RUN(survives_without_memory);
    return REPORT("memory_transport");
}
