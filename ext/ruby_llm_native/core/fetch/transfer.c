/* The callbacks of a running transfer, and its bounds: the deadline, the cap on size, and at most one coding. */
#include "fetch/transfer.h"

#include <stdio.h>
#include <string.h>

/* Stop the transfer: the value that a callback then returns is an error to libcurl. */
static bool
refuse(rlm_transfer *transfer, rlm_status status, const char *reason)
{
    transfer->refusal = status;
    snprintf(transfer->reason, sizeof transfer->reason, "%s", reason);
    return false;
}

static bool
refuse_size(rlm_transfer *transfer)
{
    refuse(transfer, RLM_TOO_LARGE, "");
    snprintf(transfer->reason, sizeof transfer->reason, "the answer is larger than %u bytes", RLM_CAP_RESPONSE);
    return false;
}

/* Whether there is time left. libcurl looks at its clock between two reads, and decoding one read can take minutes. */
static bool
in_time(rlm_transfer *transfer)
{
    return rlm_http_clock() < transfer->due || refuse(transfer, RLM_TIMED_OUT, rlm_status_sentence(RLM_TIMED_OUT));
}

/* Count what arrived; past the cap nothing more is accepted. */
static bool
within_cap(rlm_transfer *transfer, size_t length)
{
    if (length > RLM_CAP_RESPONSE - transfer->received) return refuse_size(transfer);
    transfer->received += length;
    return true;
}

/* What comes over the network, which decoding may turn into nothing: empty blocks without an end. */
int
rlm_transfer_take_progress(void *context, curl_off_t expected, curl_off_t received, curl_off_t to_send, curl_off_t sent)
{
    rlm_transfer *transfer = context;

    (void) expected, (void) to_send, (void) sent;
    if (received > (curl_off_t) RLM_CAP_RESPONSE) return !refuse_size(transfer);
    return !in_time(transfer);
}

size_t
rlm_transfer_take_body(char *bytes, size_t size, size_t count, void *context)
{
    rlm_transfer *transfer = context;
    size_t length = size * count;
    long http_status = 0;

    if (length == 0) return 0;
    if (!within_cap(transfer, length) || !in_time(transfer)) return 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &http_status);
    transfer->refusal = transfer->request.body(transfer->request.context, (int) http_status, bytes, length);
    return transfer->refusal == RLM_OK ? length : 0;
}

static bool
starts_with_name(const char *line, size_t length, const char *name)
{
    size_t size = strlen(name);

    return length >= size && rlm_ascii_alike(line, name, size);
}

/* An ETag goes back into a header and into a sheet, so one with control characters or damaged text does not count. */
static void
keep_etag(rlm_transfer *transfer, const char *value, size_t length)
{
    transfer->etag_length = 0;
    while (length > 0 && rlm_ascii_is_blank(value[0])) {
        value++;
        length--;
    }
    while (length > 0 && rlm_ascii_is_blank(value[length - 1])) length--;
    if (length > RLM_CAP_ETAG || !rlm_text_valid((rlm_slice){value, length})) return;
    if (rlm_slice_has_control_characters((rlm_slice){value, length})) return;
    memcpy(transfer->etag, value, length);
    transfer->etag_length = length;
}

/* How many of a list of codings change the body. */
static int
count_codings(const char *list, size_t length)
{
    int count = 0;

    for (size_t at = 0, end; at < length; at = end + 1) {
        for (end = at; end < length && list[end] != ',';) end++;
        while (at < end && rlm_ascii_is_blank(list[at])) at++;
        if (at == end || starts_with_name(list + at, end - at, "identity") ||
            starts_with_name(list + at, end - at, "chunked"))
            continue;
        count++;
    }
    return count;
}

/*
 * libcurl undoes up to five codings, one inside the other: a hundred kilobytes can hold gigabytes of work, all of it
 * inside one call. Nobody needs two. The codings of an earlier answer count too, because libcurl adds them.
 */
static bool
has_one_coding(rlm_transfer *transfer, const char *line, size_t length)
{
    static const char *const names[] = {"content-encoding:", "transfer-encoding:"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!starts_with_name(line, length, names[i])) continue;
        transfer->codings += count_codings(line + strlen(names[i]), length - strlen(names[i]));
    }
    return transfer->codings <= 1 || refuse(transfer, RLM_NETWORK, "the answer must be compressed at most once");
}

size_t
rlm_transfer_take_header(char *line, size_t size, size_t count, void *context)
{
    static const char name[] = "etag:";
    rlm_transfer *transfer = context;
    size_t length = size * count;

    if (!within_cap(transfer, length) || !has_one_coding(transfer, line, length)) return 0;
    if (starts_with_name(line, length, "http/"))
        transfer->etag_length = 0; /* an answer that came before this one, a 103 */
    if (starts_with_name(line, length, name)) keep_etag(transfer, line + sizeof name - 1, length - (sizeof name - 1));
    return length;
}
