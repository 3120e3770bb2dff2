/*
 * The least that a refresh can do: read the same bytes from the same server. All requests at once by one multi handle,
 * decompressed by libcurl, and every JSON event thrown away.
 *
 *     floor ROUNDS URL…    prints the seconds of CPU of each round, after one that is not counted
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <yajl/yajl_parse.h>

static int
on_null(void *context)
{
    (void) context;
    return 1;
}

static int
on_boolean(void *context, int value)
{
    (void) context;
    (void) value;
    return 1;
}

static int
on_text(void *context, const unsigned char *text, size_t length)
{
    (void) context;
    (void) text;
    (void) length;
    return 1;
}

static int
on_number(void *context, const char *text, size_t length)
{
    (void) context;
    (void) text;
    (void) length;
    return 1;
}

static const yajl_callbacks nothing = {on_null, on_boolean, NULL,    NULL,    on_number, on_text,
                                       on_null, on_text,    on_null, on_null, on_null};

static void
fail(const char *what)
{
    fprintf(stderr, "floor: %s\n", what);
    exit(1);
}

static size_t
read_json(char *bytes, size_t one, size_t count, void *parser)
{
    (void) one;
    if (yajl_parse(parser, (const unsigned char *) bytes, count) != yajl_status_ok) fail("this is not JSON");
    return count;
}

static CURL *
request(const char *url, yajl_handle parser)
{
    CURL *easy = curl_easy_init();

    if (easy == NULL || parser == NULL) fail("out of memory");
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, read_json);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, parser);
    return easy;
}

static void
refresh(char *const *urls, size_t count)
{
    CURLM *multi = curl_multi_init();
    CURL **requests = calloc(count, sizeof(*requests));
    yajl_handle *parsers = calloc(count, sizeof(yajl_handle));
    int running = 1;

    if (multi == NULL || requests == NULL || parsers == NULL) fail("out of memory");
    for (size_t i = 0; i < count; i++) {
        parsers[i] = yajl_alloc(&nothing, NULL, NULL);
        requests[i] = request(urls[i], parsers[i]);
        curl_multi_add_handle(multi, requests[i]);
    }
    while (running) {
        if (curl_multi_perform(multi, &running) != CURLM_OK) fail("curl_multi_perform");
        if (running && curl_multi_poll(multi, NULL, 0, 1000, NULL) != CURLM_OK) fail("curl_multi_poll");
    }
    for (size_t i = 0; i < count; i++) {
        long status = 0;

        curl_easy_getinfo(requests[i], CURLINFO_RESPONSE_CODE, &status);
        if (status != 200) fail("the server did not answer");
        curl_multi_remove_handle(multi, requests[i]);
        curl_easy_cleanup(requests[i]);
        yajl_free(parsers[i]);
    }
    curl_multi_cleanup(multi);
    free(requests);
    free(parsers);
}

static double
cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

int
main(int count, char **arguments)
{
    long rounds = (count < 3) ? 0 : strtol(arguments[1], NULL, 10);

    if (rounds < 1) fail("usage: floor ROUNDS URL…");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    refresh(arguments + 2, (size_t) count - 2);
    for (long i = 0; i < rounds; i++) {
        double from = cpu_seconds();

        refresh(arguments + 2, (size_t) count - 2);
        printf("%.6f\n", cpu_seconds() - from);
    }
    curl_global_cleanup();
    return 0;
}
