/*
 * A source of several listings, asked on the loopback interface: a thread of this test answers each path as its test
 * says. What is proved here is what the listings' ends together mean for the source; how one listing is read, the Ruby
 * specs try with the real sources.
 */
#define _POSIX_C_SOURCE 200809L

#include "base/caps.h"
#include "block/layout.h"
#include "fetch/source_fetch.h"
#include "test.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GIVE_UP_MS 10000

/* ---- The server ---- */

static struct {
    const char *first, *second, *third; /* status line and body of /first, /second and /third */
    int listener, port;
    atomic_bool stop;
    atomic_int requests, conditional; /* the latter: those with If-None-Match: "1" */
} server;

static void
answer(int connection)
{
    char request[4096] = "", text[1024];
    const char *said = server.third, *body;
    size_t length = 0;
    ssize_t got;

    while (strstr(request, "\r\n\r\n") == NULL &&
           (got = recv(connection, request + length, sizeof request - 1 - length, 0)) > 0) {
        length += (size_t) got;
        request[length] = '\0';
    }
    if (strstr(request, "GET /first ") != NULL) said = server.first;
    if (strstr(request, "GET /second") != NULL) said = server.second;
    atomic_fetch_add(&server.requests, 1);
    if (strstr(request, "\r\nIf-None-Match: \"1\"\r\n") != NULL) atomic_fetch_add(&server.conditional, 1);
    body = strchr(said, '\n') + 1;
    snprintf(text, sizeof text, "HTTP/1.1 %.*s\r\nETag: \"1\"\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
             (int) (body - 1 - said), said, strlen(body), body);
    send(connection, text, strlen(text), MSG_NOSIGNAL);
}

static void *
serve(void *unused)
{
    struct pollfd ready = {.fd = server.listener, .events = POLLIN};

    (void) unused;
    while (!atomic_load(&server.stop)) {
        int connection = poll(&ready, 1, 20) > 0 ? accept(server.listener, NULL, NULL) : -1;

        if (connection < 0) continue;
        answer(connection);
        close(connection);
    }
    return NULL;
}

/* One port for all tests: a sheet's ETag holds for its URL alone. */
static bool
server_listen(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    server.listener = socket(AF_INET, SOCK_STREAM, 0);
    if (server.listener < 0 || bind(server.listener, (struct sockaddr *) &address, size) != 0) return false;
    if (listen(server.listener, 8) != 0 || getsockname(server.listener, (struct sockaddr *) &address, &size) != 0)
        return false;
    server.port = ntohs(address.sin_port);
    return true;
}

static bool
server_start(pthread_t *thread)
{
    atomic_store(&server.stop, false);
    atomic_store(&server.requests, 0);
    atomic_store(&server.conditional, 0);
    return pthread_create(thread, NULL, serve, NULL) == 0;
}

/* ---- The source ---- */

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    return rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error);
}

/* What its documentation lists and its API leaves out, and a name for what came from the second listing. */
static rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    rlm_record *record;
    rlm_error unused;

    (void) error;
    for (size_t i = 0; i < rows->count; i++) {
        if (strcmp(rows->records[i].listing->path, "second") == 0) rows->records[i].name = RLM_SLICE("second");
    }
    RLM_TRY(rlm_rows_new(rows, &record));
    record->standing = RLM_STANDING_DOCUMENTED;
    RLM_TRY(rlm_record_identify(record, &(rlm_value){.kind = RLM_STRING, .text = RLM_SLICE("static")}, NULL, &unused));
    if (settings->setting(settings->context, "test_region") == NULL) return RLM_BAD_SETTING;
    return RLM_OK;
}

static const rlm_source source = {
    .slug = "test",
    .name = "Test",
    .settings = {{"test_region", 0}},
    .listings = {{.path = "first", .rows = "data[]", .read_row = read_row},
                 {.path = "second?x=1", .rows = "data[]", .flags = RLM_LISTING_OPTIONAL, .read_row = read_row},
                 {.path = "third", .rows = "data[]", .flags = RLM_LISTING_MISSING_OK, .read_row = read_row}},
    .complete = complete,
};

/* One of one listing, whose ETag stands for all of it. */
static const rlm_source single = {
    .slug = "single",
    .name = "Single",
    .settings = {{"single_key", RLM_SETTING_SECRET}},
    .listings = {{.path = "first", .rows = "data[]", .read_row = read_row}},
};

/* One of pages, each of which names the next one. */
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

static rlm_source_fetch fetch;

/*
 * Ask that source as that user ("name:password@", or ""), with the sheet of an earlier time (empty: none); what came of
 * it is in `fetch`, to be freed.
 */
static rlm_status
ask_as(const rlm_source *asked, const char *user, rlm_slice sheet)
{
    static const rlm_pair of_test[] = {{"test_region", "here"}, {NULL, NULL}},
                          of_single[] = {{"single_key", "no-real-key"}, {NULL, NULL}};
    const rlm_pair *settings = asked == &single ? of_single : of_test;
    int64_t give_up = rlm_http_clock() + GIVE_UP_MS;
    rlm_redactor redactor;
    rlm_fetch_context terms = {
        .request_timeout_ms = 5000, .connect_timeout_ms = 2000, .deadline = give_up, .redactor = &redactor};
    char url[128];
    pthread_t thread;
    rlm_error error;
    bool woken;
    rlm_status status;

    if (!server_start(&thread)) return RLM_NETWORK;
    snprintf(url, sizeof url, "http://%s127.0.0.1:%d", user, server.port);
    rlm_redactor_init(&redactor);
    status = rlm_http_open(&terms.http);
    if (status == RLM_OK) {
        const rlm_source_request request = {.source = asked, .base_url = url, .settings = settings, .sheet = sheet};

        status = rlm_source_fetch_open(&fetch, &request, &terms, &error);
    }
    while (status == RLM_OK && fetch.outcome.status == RLM_OUTCOME_RUNNING && rlm_http_clock() < give_up) {
        rlm_source_fetch_send(&fetch, rlm_http_clock());
        status = rlm_http_step(terms.http, 50, &woken, &error);
    }
    rlm_http_free(terms.http);
    if (status == RLM_OK) status = rlm_source_fetch_finish(&fetch, 1000, &error);
    atomic_store(&server.stop, true);
    pthread_join(thread, NULL);
    rlm_redactor_free(&redactor);
    return status;
}

static rlm_status
ask(rlm_slice sheet)
{
    return ask_as(&source, "", sheet);
}

/* The same from memory. There is no set of transfers: a request would be a NULL read. */
static rlm_status
tell_to(const rlm_source *asked, const rlm_reply *replies, size_t count, bool records)
{
    static const rlm_pair settings[] = {{"test_region", "here"}, {NULL, NULL}};
    const rlm_source_request request = {
        .source = asked, .settings = settings, .replies = replies, .reply_count = count, .records = records};
    rlm_redactor redactor;
    const rlm_fetch_context terms = {.retries = 3, .deadline = INT64_MAX, .redactor = &redactor};
    rlm_error error;
    rlm_status status;

    rlm_redactor_init(&redactor);
    status = rlm_source_fetch_open(&fetch, &request, &terms, &error);
    if (status == RLM_OK) rlm_source_fetch_send(&fetch, rlm_http_clock());
    if (status == RLM_OK) status = rlm_source_fetch_finish(&fetch, 1000, &error);
    rlm_redactor_free(&redactor);
    return status;
}

static rlm_status
tell(const rlm_reply *replies, size_t count, bool records)
{
    return tell_to(&source, replies, count, records);
}

/* "id=name:standing" of all models in its sheet, each followed by a space. */
static rlm_slice
models(void)
{
    static char text[512];
    const rlm_block *sheet = rlm_source_fetch_sheet(&fetch);
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; sheet != NULL && i < sheet->count; i++) {
        rlm_record record;

        rlm_block_record(sheet, i, &record);
        length +=
            (size_t) snprintf(text + length, sizeof text - length, "%.*s=%.*s:%s ", (int) record.id.length,
                              record.id.bytes, (int) record.name.length,
                              record.name.length > 0 ? record.name.bytes : "", rlm_standing_names[record.standing]);
    }
    return rlm_slice_of(text);
}

#define A "200 OK\n{\"data\":[{\"id\":\"a\"}]}"
#define B "200 OK\n{\"data\":[{\"id\":\"b\"}]}"
#define C "200 OK\n{\"data\":[{\"id\":\"c\"}]}"
#define NOTHING "200 OK\n{\"data\":[]}"

/* ---- Tests ---- */

TEST
makes_one_answer_of_all_listings(void)
{
    server.first = A;
    server.second = "200 OK\n{\"data\":[{\"id\":\"b\"},{\"id\":\"a\"}]}";
    server.third = C;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){NULL, 0}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED);
    ASSERT(fetch.outcome.attempts == 3 && fetch.outcome.rows == 4);
    ASSERT_TEXT("a=:listed b=:listed c=:listed static=:catalogued ", models());
    ASSERT_TEXT("", rlm_source_fetch_sheet(&fetch)->stamp.etag); /* of three answers none stands for all */
    rlm_source_fetch_free(&fetch);
    PASS();
}

/* An older server has no third listing; the optional one failed, so nobody knows whether "b" is gone. */
TEST
an_optional_listing_fails_alone(void)
{
    rlm_source_fetch before;

    server.first = A;
    server.second = B;
    server.third = C;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){NULL, 0}));
    before = fetch; /* only its sheet is read from here on */
    server.second = "500 No\n{\"error\":\"broken\"}";
    server.third = "404 Not Found\n{}";
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){before.new_sheet.bytes, before.new_sheet.length}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED);
    ASSERT_TEXT("second?x=1: HTTP 500: broken", rlm_slice_of(fetch.outcome.remark.message));
    ASSERT(fetch.outcome.http_status == 200 && fetch.outcome.kept == 2);
    ASSERT_TEXT("a=:listed b=:listed c=:listed static=:catalogued ", models());
    rlm_source_fetch_free(&fetch);

    server.second =
        "404 Not Found\n{\"error\":\"no such list\"}"; /* what does not exist lists nothing, and keeps nothing */
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){before.new_sheet.bytes, before.new_sheet.length}));
    ASSERT_TEXT("second?x=1: HTTP 404: no such list", rlm_slice_of(fetch.outcome.remark.message));
    ASSERT(fetch.outcome.kept == 0);
    ASSERT_TEXT("a=:listed b=:unlisted c=:unlisted static=:catalogued ", models());
    rlm_source_fetch_free(&fetch);

    server.second = NOTHING;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){before.new_sheet.bytes, before.new_sheet.length}));
    ASSERT(fetch.outcome.remark.status == RLM_OK);
    ASSERT_TEXT("a=:listed b=:unlisted c=:unlisted static=:catalogued ", models());
    rlm_source_fetch_free(&fetch);
    rlm_source_fetch_free(&before);
    PASS();
}

TEST
a_required_listing_fails_the_source(void)
{
    server.first = "401 Unauthorized\n{\"error\":\"bad key\"}";
    server.second = B;
    server.third = C;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){NULL, 0}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED);
    ASSERT(fetch.outcome.http_status == 401 && fetch.outcome.error.http_status == 401);
    ASSERT_TEXT("HTTP 401: bad key", rlm_slice_of(fetch.outcome.error.message));
    ASSERT(fetch.outcome.rows == 0 && rlm_source_fetch_sheet(&fetch) == NULL);
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
what_is_only_static_is_no_answer(void)
{
    server.first = server.second = server.third = NOTHING;
    ASSERT_STATUS(RLM_OK, ask((rlm_slice){NULL, 0}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_EMPTY);
    ASSERT(rlm_source_fetch_sheet(&fetch) == NULL);
    rlm_source_fetch_free(&fetch);
    PASS();
}

/* ---- The sheet that it is asked with ---- */

/* The sheet of a first answer, in `bytes`. */
static rlm_status
first_sheet(rlm_buffer *bytes)
{
    rlm_status status;

    server.first = A;
    rlm_buffer_init(bytes, RLM_CAP_BLOCK);
    status = ask_as(&single, "", (rlm_slice){NULL, 0});
    if (status == RLM_OK) status = rlm_buffer_append(bytes, fetch.new_sheet.bytes, fetch.new_sheet.length);
    rlm_source_fetch_free(&fetch);
    server.first = "304 Not Modified\n";
    return status;
}

static rlm_slice
bytes_of(const rlm_buffer *buffer)
{
    return (rlm_slice){buffer->bytes, buffer->length};
}

TEST
looks_at_no_more_than_the_head_of_a_sheet_that_stays(void)
{
    rlm_buffer sheet;

    ASSERT_STATUS(RLM_OK, first_sheet(&sheet));
    ASSERT_STATUS(RLM_OK, ask_as(&single, "", bytes_of(&sheet)));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_UNCHANGED && atomic_load(&server.conditional) == 1);
    ASSERT(!fetch.opened);
    ASSERT(rlm_source_fetch_sheet(&fetch)->size == sheet.length);
    ASSERT(rlm_source_fetch_open_sheet(&fetch) == rlm_source_fetch_sheet(&fetch) && fetch.opened);
    ASSERT_TEXT("a=:listed ", models());
    rlm_source_fetch_free(&fetch);
    rlm_buffer_free(&sheet);
    PASS();
}

/* The sheet in `bytes` with another ETag, in `out`. */
static rlm_status
with_etag(const rlm_buffer *bytes, rlm_slice etag, rlm_buffer *out)
{
    rlm_record record;
    rlm_block block;
    rlm_stamp stamp;

    rlm_buffer_init(out, RLM_CAP_BLOCK);
    RLM_TRY(rlm_block_open(bytes->bytes, bytes->length, &block, NULL));
    rlm_block_record(&block, 0, &record);
    stamp = block.stamp;
    stamp.etag = etag;
    return rlm_block_write(RLM_BLOCK_SHEET, &record, block.count, &stamp, out);
}

/* Whoever wrote the sheet: a source that could not be asked for it would be without an answer for good. */
TEST
asks_without_an_etag_that_is_no_header(void)
{
    static char long_etag[RLM_CAP_URL + 1];
    const rlm_slice etags[] = {RLM_SLICE("a\r\nX-Injected: 1"), {long_etag, sizeof long_etag}};
    rlm_buffer sheet, other;

    memset(long_etag, 'a', sizeof long_etag);
    ASSERT_STATUS(RLM_OK, first_sheet(&sheet));
    server.first = A;
    for (size_t i = 0; i < sizeof etags / sizeof *etags; i++) {
        ASSERT_STATUS(RLM_OK, with_etag(&sheet, etags[i], &other));
        ASSERT_STATUS(RLM_OK, ask_as(&single, "", bytes_of(&other)));
        ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED && atomic_load(&server.conditional) == 0);
        ASSERT_TEXT("\"1\"", rlm_source_fetch_sheet(&fetch)->stamp.etag);
        rlm_source_fetch_free(&fetch);
        rlm_buffer_free(&other);
    }
    rlm_buffer_free(&sheet);
    PASS();
}

TEST
asks_anew_for_what_a_damaged_sheet_had(void)
{
    rlm_buffer sheet;

    ASSERT_STATUS(RLM_OK, first_sheet(&sheet));
    sheet.bytes[sheet.length - 1] ^= 1;
    server.first = B;
    ASSERT_STATUS(RLM_OK, ask_as(&single, "", bytes_of(&sheet)));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED && atomic_load(&server.conditional) == 0);
    ASSERT_TEXT("b=:listed ", models());
    rlm_source_fetch_free(&fetch);
    rlm_buffer_free(&sheet);
    PASS();
}

/*
 * Its checksum is right and its records are not: only a look at all of it tells, and a 304 asks for none until there
 * is something to merge.
 */
TEST
fails_when_the_sheet_that_stays_cannot_be_used(void)
{
    rlm_buffer sheet;
    stored_header head;
    stored_record record;

    ASSERT_STATUS(RLM_OK, first_sheet(&sheet));
    memcpy(&record, sheet.bytes + sizeof head, sizeof record);
    record.texts[NAME].offset = UINT32_MAX;
    memcpy(sheet.bytes + sizeof head, &record, sizeof record);
    memcpy(&head, sheet.bytes, sizeof head);
    head.checksum = rlm_block_checksum(sheet.bytes, sheet.length);
    memcpy(sheet.bytes, &head, sizeof head);
    ASSERT_STATUS(RLM_OK, ask_as(&single, "", bytes_of(&sheet)));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_UNCHANGED);
    ASSERT(rlm_source_fetch_open_sheet(&fetch) == NULL);
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && fetch.outcome.error.status == RLM_BAD_BLOCK);
    rlm_source_fetch_free(&fetch);
    rlm_buffer_free(&sheet);
    PASS();
}

/* The ETag holds for the URL without them: whoever asks next may have another password. */
TEST
stamps_no_user_no_password_and_no_secret(void)
{
    char expected[64];
    rlm_buffer sheet;

    server.first = A;
    rlm_buffer_init(&sheet, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, ask_as(&single, "somebody:pass%40word@", (rlm_slice){NULL, 0}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED);
    snprintf(expected, sizeof expected, "http://127.0.0.1:%d/first", server.port);
    ASSERT_TEXT(expected, rlm_source_fetch_sheet(&fetch)->stamp.url);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&sheet, fetch.new_sheet.bytes, fetch.new_sheet.length));
    rlm_source_fetch_free(&fetch);
    ASSERT(!rlm_slice_contains(bytes_of(&sheet), "pass%40word"));

    server.first = "304 Not Modified\n";
    ASSERT_STATUS(RLM_OK, ask_as(&single, "other:secret@", bytes_of(&sheet)));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_UNCHANGED && atomic_load(&server.conditional) == 1);
    rlm_source_fetch_free(&fetch);
    rlm_buffer_free(&sheet);
    PASS();
}

TEST
replies_from_memory_are_read_as_answers(void)
{
    const rlm_reply replies[] = {{2, 200, RLM_SLICE("{\"data\":[{\"id\":\"c\"}]}")},
                                 {0, 200, RLM_SLICE("{\"data\":[{\"id\":\"a\"}]}")}};

    ASSERT_STATUS(RLM_OK, tell(replies, 2, false)); /* nothing for the second listing: it has no rows */
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED && fetch.outcome.http_status == 200);
    ASSERT(fetch.outcome.attempts == 2 && fetch.outcome.rows == 2 && fetch.outcome.bytes == 42);
    ASSERT_TEXT("a=:listed c=:listed static=:catalogued ", models());
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
replies_from_memory_fail_at_once(void)
{
    ASSERT_STATUS(RLM_OK, tell((rlm_reply[]){{0, 503, RLM_SLICE("{\"error\":\"closed\"}")}}, 1, false));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && fetch.outcome.attempts == 1);
    ASSERT_TEXT("HTTP 503: closed", rlm_slice_of(fetch.outcome.error.message));
    rlm_source_fetch_free(&fetch);

    ASSERT_STATUS(RLM_OK, tell((rlm_reply[]){{0, 0, RLM_SLICE("no route")}}, 1, false));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && fetch.outcome.error.status == RLM_NETWORK &&
           fetch.outcome.http_status == 0);
    ASSERT_TEXT("no route", rlm_slice_of(fetch.outcome.error.message));
    rlm_source_fetch_free(&fetch);

    ASSERT_STATUS(RLM_OK, tell((rlm_reply[]){{0, 200, RLM_SLICE("{\"data\":[")}}, 1, false));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_FAILED && fetch.outcome.error.status == RLM_ENDED_EARLY);
    rlm_source_fetch_free(&fetch);
    PASS();
}

TEST
replies_of_finished_records_are_not_completed(void)
{
    const rlm_reply reply = {0, 200, RLM_SLICE("[{\"id\":\"a\",\"provider\":\"test\",\"name\":\"A\"}]")};

    ASSERT_STATUS(RLM_OK, tell(&reply, 1, true));
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
    *(rlm_status *) status = tell_to(&paged, replies, RLM_CAP_PAGES, false);
    return NULL;
}

/* A fiber of Ruby's has half a megabyte of it, for all that is in it. */
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
    ASSERT_STATUS(RLM_OK, tell((rlm_reply[]){{0, 200, RLM_SLICE("")}}, 0, false));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_EMPTY && fetch.outcome.attempts == 0);
    rlm_source_fetch_free(&fetch);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;
    rlm_error error;

    if (!server_listen()) return 1;
    if (rlm_http_load(&error) != RLM_OK) {
        printf("%s\n", error.message);
        return 1;
    }
    RUN(makes_one_answer_of_all_listings);
    RUN(an_optional_listing_fails_alone);
    RUN(a_required_listing_fails_the_source);
    RUN(what_is_only_static_is_no_answer);
    RUN(looks_at_no_more_than_the_head_of_a_sheet_that_stays);
    RUN(asks_without_an_etag_that_is_no_header);
    RUN(asks_anew_for_what_a_damaged_sheet_had);
    RUN(fails_when_the_sheet_that_stays_cannot_be_used);
    RUN(stamps_no_user_no_password_and_no_secret);
    close(server.listener);
    RUN(replies_from_memory_are_read_as_answers);
    RUN(replies_from_memory_fail_at_once);
    RUN(replies_of_finished_records_are_not_completed);
    RUN(pages_from_memory_need_the_stack_of_one);
    RUN(nothing_is_sent_where_nothing_is_told);
    return REPORT("request");
}
