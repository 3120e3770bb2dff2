/* The sheet that a source is asked with: what is read of it, what it saves, and what is stamped on the next one. */
#define _POSIX_C_SOURCE 200809L

#include "block/layout.h"
#include "listing_server.h"

/* A source with one listing, whose ETag stands for the whole answer. */
static const rlm_source single = {
    .slug = "single",
    .name = "Single",
    .settings = {{"single_key", RLM_SETTING_SECRET}},
    .listings = {{.path = "first", .rows = "data[]", .read_row = read_row}},
};

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
    ASSERT(fetch.outcome.status == RLM_OUTCOME_UNCHANGED && server.conditional == 1);
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

/* Whoever wrote the sheet: a source that could not be asked because of it would never answer again. */
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
        ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED && server.conditional == 0);
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
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED && server.conditional == 0);
    ASSERT_TEXT("b=:listed ", models());
    rlm_source_fetch_free(&fetch);
    rlm_buffer_free(&sheet);
    PASS();
}

/*
 * Its checksum is right but its records are not: only a look at all of it tells, and a 304 does not need that until
 * there is something to merge.
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

/* The ETag holds for the URL without them: the next request may have another password. */
TEST
stamps_no_user_no_password_and_no_secret(void)
{
    char expected[64];
    rlm_buffer sheet;

    server.first = A;
    rlm_buffer_init(&sheet, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, ask_as(&single, "somebody:pass%40word@", (rlm_slice){NULL, 0}));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_REFRESHED);
    snprintf(expected, sizeof expected, "http://127.0.0.1:%d/first", server.http.port);
    ASSERT_TEXT(expected, rlm_source_fetch_sheet(&fetch)->stamp.url);
    ASSERT_STATUS(RLM_OK, rlm_buffer_append(&sheet, fetch.new_sheet.bytes, fetch.new_sheet.length));
    rlm_source_fetch_free(&fetch);
    ASSERT(!rlm_slice_contains(bytes_of(&sheet), "pass%40word"));

    server.first = "304 Not Modified\n";
    ASSERT_STATUS(RLM_OK, ask_as(&single, "other:secret@", bytes_of(&sheet)));
    ASSERT(fetch.outcome.status == RLM_OUTCOME_UNCHANGED && server.conditional == 1);
    rlm_source_fetch_free(&fetch);
    rlm_buffer_free(&sheet);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    if (!server_ready()) return 1;
    RUN(looks_at_no_more_than_the_head_of_a_sheet_that_stays);
    RUN(asks_without_an_etag_that_is_no_header);
    RUN(asks_anew_for_what_a_damaged_sheet_had);
    RUN(fails_when_the_sheet_that_stays_cannot_be_used);
    RUN(stamps_no_user_no_password_and_no_secret);
    return REPORT("source_fetch_sheet");
}
