/*
 * A set of transfers on one multi handle: started, stepped, ended. What arrives in between is transfer.c.
 *
 * Runs without the GVL, so libcurl must never read the environment (proxies are always set, if only to "") and never
 * send a signal. Read set_options first: each line that is not obvious says why. Then rlm_http_step, and end_transfer,
 * where a CURLcode becomes an rlm_status. libcurl reports an answer that a callback refused as CURLE_WRITE_ERROR; the
 * callback's own status is kept beside it and wins.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L /* clock_gettime, under -std=c11 */
#endif

#include "fetch/transfer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define OLDEST_LIBCURL 0x074400        /* 7.68.0: curl_multi_wakeup */
#define FIRST_TO_SIGN 0x074b00         /* 7.75.0: CURLOPT_AWS_SIGV4 */
#define FIRST_TO_SIGN_HEADERS 0x075700 /* 7.87.0: before it, host and date alone were signed [measured with 7.88.1] */
#define FIRST_TO_LOSE_PLUS 0x080e00    /* 8.14.0: signs "%2B" in a query as a space [measured with 8.14.1] */
#define FIRST_TO_KEEP_PLUS 0x081300    /* 8.19.0: fixed, according to libcurl's developers */
#define LONGEST_WAIT_MS 250            /* bounds the harm of a lost wakeup */
#define GRACE_MS 100                   /* lets libcurl's own timeout come first: its message says more */

struct rlm_http {
    CURLM *multi;
    rlm_transfer *transfers; /* the newest first */
    long connections;        /* 0: any number */
    long count, running;     /* transfers; the others wait for their turn */
    atomic_bool woken;
};

/* ---- The library ---- */

rlm_status
rlm_http_load(rlm_error *error)
{
    const curl_version_info_data *library;

    /* Counted by libcurl, and never undone: other threads may still be inside it when the process ends. */
    if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
        return rlm_error_set(error, RLM_NETWORK, "libcurl cannot be initialized");
    library = curl_version_info(CURLVERSION_NOW);
    if (library->version_num < OLDEST_LIBCURL) {
        return rlm_error_set(error, RLM_NETWORK, "libcurl must be 7.68.0 or newer, got %s", library->version);
    }
    if ((library->features & CURL_VERSION_SSL) == 0)
        return rlm_error_set(error, RLM_NETWORK, "libcurl %s was built without TLS", library->version);
    return RLM_OK;
}

const char *
rlm_http_library(bool *thread_safe)
{
    *thread_safe = false;
#ifdef CURL_VERSION_THREADSAFE
    *thread_safe = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_THREADSAFE) != 0;
#endif
    return curl_version();
}

int64_t
rlm_http_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- The set ---- */

rlm_status
rlm_http_open(long connections, rlm_http **http)
{
    rlm_http *opened = rlm_memory_allocate(sizeof *opened);

    *http = NULL;
    if (opened == NULL) return RLM_OUT_OF_MEMORY;
    opened->transfers = NULL;
    opened->connections = connections;
    opened->count = opened->running = 0;
    atomic_init(&opened->woken, false);
    opened->multi = curl_multi_init();
    if (opened->multi == NULL) {
        rlm_memory_free(opened);
        return RLM_OUT_OF_MEMORY;
    }
    curl_multi_setopt(opened->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
#if LIBCURL_VERSION_NUM >= 0x081400
    curl_multi_setopt(opened->multi, CURLMOPT_QUICK_EXIT, 1L);
#endif
    *http = opened;
    return RLM_OK;
}

/* Its connection is for others. */
static void
leave(rlm_transfer *ended)
{
    if (!ended->running) return;
    curl_multi_remove_handle(ended->http->multi, ended->easy);
    ended->running = false;
    ended->http->running--;
}

static void
take_out(rlm_transfer *ended)
{
    rlm_transfer **place = &ended->http->transfers;

    while (*place != ended) place = &(*place)->next;
    *place = ended->next;
    ended->http->count--;
}

/* The caller has taken `ended` out of its list. */
static void
free_transfer(rlm_transfer *ended)
{
    leave(ended);
    if (ended->easy != NULL) curl_easy_cleanup(ended->easy);
    rlm_memory_free(ended->lines);
    rlm_memory_free(ended);
}

void
rlm_http_cancel(rlm_http *http)
{
    while (http->transfers != NULL) {
        rlm_transfer *first = http->transfers;

        take_out(first);
        free_transfer(first);
    }
}

void
rlm_http_free(rlm_http *http)
{
    if (http == NULL) return;
    rlm_http_cancel(http);
    curl_multi_cleanup(http->multi);
    rlm_memory_free(http);
}

void
rlm_http_wake(rlm_http *http)
{
    atomic_store(&http->woken, true);
    curl_multi_wakeup(http->multi); /* if it fails, the wait still ends within LONGEST_WAIT_MS */
}

/* ---- Starting ---- */

/*
 * The list that libcurl reads, with our own nodes: curl_slist_append would leave copies of keys behind in freed memory.
 */
static rlm_status
line_up_headers(rlm_transfer *transfer)
{
    rlm_slice headers = transfer->request.headers;
    size_t count = 0, line = 0;

    for (size_t i = 0; i < headers.length; i++) count += headers.bytes[i] == '\0';
    if (count == 0) return RLM_OK;
    transfer->lines = rlm_memory_allocate(count * sizeof *transfer->lines);
    if (transfer->lines == NULL) return RLM_OUT_OF_MEMORY;
    for (const char *text = headers.bytes; line < count; text += strlen(text) + 1, line++) {
        transfer->lines[line].data =
            (char *) (uintptr_t) text; /* libcurl only reads it; its type is older than const */
        transfer->lines[line].next = line + 1 < count ? &transfer->lines[line + 1] : NULL;
    }
    return RLM_OK;
}

#define SET(option, value)                                                                                             \
    do {                                                                                                               \
        if (code == CURLE_OK) code = curl_easy_setopt(transfer->easy, (option), (value));                              \
    } while (0)

static bool
loses_plus(unsigned version, const char *url)
{
    const char *query = strchr(url, '?');

    return version >= FIRST_TO_LOSE_PLUS && version < FIRST_TO_KEEP_PLUS && query != NULL &&
           strstr(query, "%2B") != NULL;
}

/*
 * The headers that this was compiled with must know the option, and the library that runs must sign what is to be
 * signed.
 */
static rlm_status
check_signing(const rlm_http_request *request, rlm_error *error)
{
    unsigned version = curl_version_info(CURLVERSION_NOW)->version_num;

    if (request->sigv4 == NULL) return RLM_OK;
    if (LIBCURL_VERSION_NUM < FIRST_TO_SIGN || version < FIRST_TO_SIGN) {
        return rlm_error_set(error, RLM_BAD_SETTING, "libcurl must be 7.75 or newer to sign requests to Bedrock");
    }
    if (request->signs_headers && version < FIRST_TO_SIGN_HEADERS) {
        return rlm_error_set(error, RLM_BAD_SETTING,
                             "libcurl must be 7.87 or newer to sign requests to Bedrock with a session token");
    }
    if (loses_plus(version, request->url)) {
        return rlm_error_set(
            error, RLM_BAD_SETTING,
            "libcurl 8.14 to 8.18 sign a plus sign in a query wrongly: this page of Bedrock cannot be requested");
    }
    return RLM_OK;
}

static CURLcode
set_options(rlm_transfer *transfer)
{
    const rlm_http_request *request = &transfer->request;
    CURLcode code = CURLE_OK;

    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_HTTPHEADER, transfer->lines);
    SET(CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl can decode */
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long) (CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    SET(CURLOPT_PROXY, request->proxy != NULL ? request->proxy : ""); /* always set, or libcurl asks getenv */
    SET(CURLOPT_NOPROXY, "");
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* a proxy's headers are not the answer's */
    SET(CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
    SET(CURLOPT_FOLLOWLOCATION, 0L); /* the caller decides, and keys must not go along to another host */
    SET(CURLOPT_UNRESTRICTED_AUTH, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS,
        request->connect_timeout_ms > 0 ? request->connect_timeout_ms : 1L);     /* 0 means libcurl's 300 s */
    SET(CURLOPT_TIMEOUT_MS, request->timeout_ms > 0 ? request->timeout_ms : 1L); /* 0 means for ever */
    if (request->ca_file != NULL) SET(CURLOPT_CAINFO, request->ca_file);
    /* With the user's own file, the built-in folder is not read as well, which GnuTLS would do for each connection. */
    if (request->ca_path != NULL || request->ca_file != NULL) SET(CURLOPT_CAPATH, request->ca_path);
    if (request->user_agent != NULL) SET(CURLOPT_USERAGENT, request->user_agent);
#if LIBCURL_VERSION_NUM >= FIRST_TO_SIGN
    if (request->sigv4 != NULL) {
        SET(CURLOPT_AWS_SIGV4, request->sigv4);
        SET(CURLOPT_USERNAME, request->user); /* not CURLOPT_USERPWD, which would cut a key at its first colon */
        SET(CURLOPT_PASSWORD, request->password);
    }
#endif
    SET(CURLOPT_HEADERFUNCTION, rlm_transfer_take_header);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_WRITEFUNCTION, rlm_transfer_take_body);
    SET(CURLOPT_WRITEDATA, transfer);
    SET(CURLOPT_XFERINFOFUNCTION, rlm_transfer_take_progress);
    SET(CURLOPT_XFERINFODATA, transfer);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_ERRORBUFFER, transfer->text);
    SET(CURLOPT_PRIVATE, transfer);
    /* Two wishes that a library may refuse: it may be built without HTTP/2, or older than the headers. */
    curl_easy_setopt(transfer->easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_2TLS);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(transfer->easy, CURLOPT_QUICK_EXIT, 1L); /* a resolver that hangs must not hold up the teardown */
#endif
    return code;
}

static rlm_status
multi_failure(CURLMcode code, rlm_error *error)
{
    return rlm_error_set(error, code == CURLM_OUT_OF_MEMORY ? RLM_OUT_OF_MEMORY : RLM_NETWORK, "libcurl: %s",
                         curl_multi_strerror(code));
}

/* Some TLS libraries do not say which file is missing, or that one is. */
static rlm_status
check_authorities(const rlm_http_request *request, rlm_error *error)
{
    FILE *file;

    if (request->ca_file == NULL || !curl_strnequal(request->url, "https://", 8)) return RLM_OK;
    file = fopen(request->ca_file, "rb");
    if (file != NULL) {
        fclose(file);
        return RLM_OK;
    }
    if (error != NULL) error->curl_code = CURLE_SSL_CACERT_BADFILE;
    return rlm_error_set(error, RLM_NETWORK,
                         "ca_file, or the environment's SSL_CERT_FILE, must be a readable file, got \"%s\"",
                         request->ca_file);
}

/* Whether one more transfer may run. */
static bool
has_turn(const rlm_http *http)
{
    return http->connections == 0 || http->running < http->connections;
}

/*
 * Let it run. Left to libcurl, those that wait for a connection would spend their timeouts on that [measured with
 * 7.88.1].
 */
static rlm_status
join(rlm_transfer *transfer, rlm_error *error)
{
    const rlm_http_request *request = &transfer->request;
    CURLMcode added = curl_multi_add_handle(transfer->http->multi, transfer->easy);

    if (added != CURLM_OK) return multi_failure(added, error);
    transfer->due = rlm_http_clock() + request->timeout_ms + GRACE_MS;
    if (request->deadline > 0 && request->deadline < transfer->due) transfer->due = request->deadline;
    transfer->running = true;
    transfer->http->running++;
    return RLM_OK;
}

static rlm_status
prepare(rlm_transfer *transfer, rlm_error *error)
{
    CURLcode code;

    RLM_TRY(check_signing(&transfer->request, error));
    RLM_TRY(check_authorities(&transfer->request, error));
    if (line_up_headers(transfer) != RLM_OK) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    code = set_options(transfer);
    if (code != CURLE_OK) {
        if (error != NULL) error->curl_code = (int) code;
        return rlm_error_set(error, code == CURLE_OUT_OF_MEMORY ? RLM_OUT_OF_MEMORY : RLM_NETWORK, "libcurl: %s",
                             curl_easy_strerror(code));
    }
    return RLM_OK;
}

rlm_status
rlm_http_start(rlm_http *http, const rlm_http_request *request, rlm_error *error)
{
    rlm_transfer *started = rlm_memory_allocate(sizeof *started);
    rlm_status status;

    if (started == NULL) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    *started = (rlm_transfer){.http = http, .request = *request};
    status = prepare(started, error);
    if (status == RLM_OK && has_turn(http)) status = join(started, error);
    if (status != RLM_OK) {
        free_transfer(started);
        return status;
    }
    started->next = http->transfers;
    http->transfers = started;
    http->count++;
    return RLM_OK;
}

/* ---- Ending ---- */

static rlm_status
status_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return RLM_OK;
    case CURLE_OUT_OF_MEMORY:
        return RLM_OUT_OF_MEMORY;
    case CURLE_OPERATION_TIMEDOUT:
        return RLM_TIMED_OUT;
    default:
        return RLM_NETWORK;
    }
}

static bool
is_transient(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR: /* the handshake broke; a certificate that is refused is
                                     CURLE_PEER_FAILED_VERIFICATION */
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return true;
    default:
        return false;
    }
}

/* Error texts may quote the URL, and its query may hold a secret. */
static void
cut_query(char *text, const char *url)
{
    const char *query = strchr(url, '?');
    size_t length = query != NULL ? strlen(query) : 0;
    char *found;

    if (length < 2) return;
    while ((found = strstr(text, query)) != NULL) memmove(found, found + length, strlen(found + length) + 1);
}

/* Let those that have waited longest run, as many as may. One that cannot run ends. */
static void
run_waiting(rlm_http *http)
{
    while (http->running < http->count && has_turn(http)) {
        rlm_transfer *next = NULL;
        rlm_error error;
        rlm_status status;

        for (rlm_transfer *each = http->transfers; each != NULL; each = each->next) {
            if (!each->running) next = each;
        }
        rlm_error_clear(&error);
        status = join(next, &error);
        if (status == RLM_OK) continue;
        take_out(next);
        next->request.end(next->request.context, &(rlm_http_answer){.status = status, .text = error.message});
        free_transfer(next);
    }
}

static void
end_transfer(rlm_transfer *ended, CURLcode code)
{
    rlm_http_answer answer = {.status = status_of(code), .transient = is_transient(code), .curl_code = (int) code};
    long http_status = 0;
    curl_off_t retry_after = 0, bytes = 0;
    char *redirect = NULL;

    take_out(ended);
    leave(ended); /* first: its connection may be for a transfer that `end` starts */

    curl_easy_getinfo(ended->easy, CURLINFO_RESPONSE_CODE, &http_status);
    curl_easy_getinfo(ended->easy, CURLINFO_RETRY_AFTER, &retry_after);
    curl_easy_getinfo(ended->easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    curl_easy_getinfo(ended->easy, CURLINFO_REDIRECT_URL, &redirect);
    if (ended->refusal != RLM_OK) {
        answer.status = ended->refusal;
        answer.transient = false;
        answer.curl_code = 0;
    }
    if (code != CURLE_OK && ended->text[0] == '\0')
        snprintf(ended->text, sizeof ended->text, "%s", curl_easy_strerror(code));
    cut_query(ended->text, ended->request.url);
    if (ended->reason[0] != '\0') snprintf(ended->text, sizeof ended->text, "%s", ended->reason);
    answer.http_status = (int) http_status;
    answer.etag = (rlm_slice){ended->etag, ended->etag_length};
    answer.retry_after = retry_after <= 0 ? 0 : retry_after > INT32_MAX ? INT32_MAX : (long) retry_after;
    answer.redirect = http_status / 100 == 3 ? redirect : NULL;
    answer.bytes = bytes > 0 ? (uint64_t) bytes : 0;
    answer.text = ended->text;
    curl_easy_setopt(ended->easy, CURLOPT_HTTPHEADER, NULL); /* `end` may free them */
    ended->request.end(ended->request.context, &answer);
    free_transfer(ended);
}

rlm_status
rlm_http_step(rlm_http *http, int64_t wait_ms, bool *woken, rlm_error *error)
{
    int running = 0, left = 0;
    bool ended = false;
    CURLMsg *message;
    CURLMcode code;

    run_waiting(http);
    code = curl_multi_perform(http->multi, &running);
    while (code == CURLM_OK && (message = curl_multi_info_read(http->multi, &left)) != NULL) {
        rlm_transfer *done = NULL;

        if (message->msg != CURLMSG_DONE) continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **) &done);
        end_transfer(done, message->data.result);
        ended = true;
    }
    if (wait_ms > LONGEST_WAIT_MS) wait_ms = LONGEST_WAIT_MS;
    if (code == CURLM_OK && !ended && wait_ms > 0 && !atomic_load(&http->woken)) {
        code = curl_multi_poll(http->multi, NULL, 0, (int) wait_ms, NULL);
    }
    *woken = atomic_exchange(&http->woken, false);
    return code == CURLM_OK ? RLM_OK : multi_failure(code, error);
}
