/*
 * Five fixed workloads of the core, each counted by callgrind alone: see rakelib/instructions.rake.
 *
 *   workloads < LISTINGS
 *
 * Each line of LISTINGS is a source's slug, a tab and its whole answer, which the source gives from memory. What
 * prepares a workload is not counted. Every workload must do what it is named after, or the program fails.
 */
#define _POSIX_C_SOURCE 200809L /* getline */

#include "base/caps.h"
#include "fetch/memory_transport.h"
#include "lookup/resolve.h"
#include "registry/refresh.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

#define MOST 16
#define FINDS 1000
#define NOW 1700000000

/* What the workloads share: everything that a process would have after its first refresh. */
/* As a registry without endpoints of its own has it. */
#define DOCUMENTED                                                                                                     \
    RLM_SLICE(                                                                                                         \
        "anthropic\nazure\nbedrock\ncohere\ndeepgram\ndeepseek\nelevenlabs\ngemini\ngpustack\nhetzner\nmistral\n"      \
        "ollama\nollama_cloud\nopenai\nopenrouter\nperplexity\nvertexai\nxai\n")

static rlm_source_request requests[MOST];
static rlm_memory_transport memories[MOST];
static rlm_buffer sheet_bytes[MOST], catalog_bytes, merged_bytes;
static rlm_block sheets[MOST], catalog;
static size_t count;

static const rlm_pair settings[] = {
    {"openai_api_key", "no-real-key-of-openai"},
    {"anthropic_api_key", "no-real-key-of-anthropic"},
    {"mistral_api_key", "no-real-key-of-mistral"},
    {"openrouter_api_key", "no-real-key-of-openrouter"},
    {NULL, NULL},
};

static void
require(bool done, const char *what)
{
    if (done) return;
    fprintf(stderr, "not so: %s\n", what);
    exit(1);
}

#define REQUIRE(condition) require((condition), #condition)

/* ---- Preparing ---- */

static void
read_listings(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    while ((length = getline(&line, &room, stdin)) > 0) {
        char *tab = memchr(line, '\t', (size_t) length);
        const rlm_source *source;
        rlm_reply reply = {.listing = 0, .http_status = 200};

        REQUIRE(tab != NULL && count < MOST);
        source = rlm_source_find((rlm_slice){line, (size_t) (tab - line)});
        REQUIRE(source != NULL);
        reply.body = (rlm_slice){tab + 1, (size_t) (line + length - tab - 1)};
        REQUIRE(rlm_memory_transport_open(&memories[count], source, NULL, &reply, 1) == RLM_OK);
        requests[count] =
            (rlm_source_request){.source = source, .settings = settings, .transport = &memories[count].transport};
        rlm_buffer_init(&sheet_bytes[count], RLM_CAP_BLOCK);
        count++;
    }
    free(line);
    REQUIRE(count > 0);
}

/* What that refresh gave is what the next one begins with. */
static void
keep_sheets(const rlm_refresh *refresh)
{
    for (size_t i = 0; i < count; i++) {
        const rlm_outcome *outcome = rlm_refresh_outcome(refresh, i);
        bool kept;
        rlm_slice bytes = rlm_refresh_sheet(refresh, i, &kept);
        rlm_buffer *copy = &sheet_bytes[i];

        require(outcome->status == RLM_OUTCOME_REFRESHED, outcome->error.message);
        REQUIRE(outcome->tallies.rejected.count == 0);
        REQUIRE(rlm_buffer_append(copy, bytes.bytes, bytes.length) == RLM_OK);
        REQUIRE(rlm_block_open(copy->bytes, copy->length, &sheets[i], NULL) == RLM_OK);
        requests[i].sheet = (rlm_slice){copy->bytes, copy->length};
    }
}

/* ---- The workloads ---- */

static rlm_refresh *
refresh_all(const rlm_block *before, rlm_buffer *bytes, rlm_block *opened)
{
    const rlm_plan plan = {.requests = requests,
                           .documented = DOCUMENTED,
                           .request_count = count,
                           .before = before,
                           .timeout_ms = 600000,
                           .request_timeout_ms = 600000,
                           .connect_timeout_ms = 600000,
                           .now = NOW};
    rlm_refresh *refresh;
    rlm_error error;
    size_t running;

    REQUIRE(rlm_refresh_open(&plan, &refresh, &error) == RLM_OK);
    REQUIRE(rlm_refresh_run(refresh, &running, &error) == RLM_OK && running == 0);
    REQUIRE(rlm_refresh_finish(refresh, bytes, opened, &error) == RLM_OK);
    return refresh;
}

/* Everything is new to a process that knows nothing. */
static void
refresh_new(void)
{
    rlm_refresh *refresh;

    CALLGRIND_TOGGLE_COLLECT;
    refresh = refresh_all(NULL, &catalog_bytes, &catalog);
    CALLGRIND_TOGGLE_COLLECT;
    keep_sheets(refresh);
    rlm_refresh_free(refresh);
    REQUIRE(catalog.count > FINDS / 10);
}

/* Answers of 200 whose bodies are those of the last time. */
static void
refresh_equal(void)
{
    rlm_refresh *refresh;
    rlm_block opened;

    CALLGRIND_TOGGLE_COLLECT;
    refresh = refresh_all(&catalog, &merged_bytes, &opened);
    CALLGRIND_TOGGLE_COLLECT;
    rlm_refresh_free(refresh);
    REQUIRE(opened.bytes == NULL);
}

static void
merge(void)
{
    rlm_error error;
    rlm_status status;

    CALLGRIND_TOGGLE_COLLECT;
    status = rlm_merge(sheets, count, DOCUMENTED, &merged_bytes, &error);
    CALLGRIND_TOGGLE_COLLECT;
    REQUIRE(status == RLM_OK && merged_bytes.length == catalog_bytes.length);
}

static void
open_catalog(void)
{
    rlm_block opened;
    rlm_status status;

    CALLGRIND_TOGGLE_COLLECT;
    status = rlm_block_open(catalog_bytes.bytes, catalog_bytes.length, &opened, NULL);
    CALLGRIND_TOGGLE_COLLECT;
    REQUIRE(status == RLM_OK && opened.count == catalog.count);
}

/* From all over the catalog: ids with their provider and without, aliases, and ids that no model has. */
static void
find(void)
{
    const rlm_slice order[] = {RLM_SLICE("openai"), RLM_SLICE("anthropic"), RLM_SLICE("mistral"),
                               RLM_SLICE("openrouter")};
    static rlm_query queries[FINDS];
    size_t found = 0;

    for (size_t i = 0; i < FINDS; i++) {
        rlm_query *query = &queries[i];
        rlm_slice provider;

        rlm_block_key(&catalog, i * 7919 % catalog.count, &provider, &query->id);
        query->order = order;
        query->order_count = sizeof order / sizeof *order;
        if (i % 4 == 0) query->provider = provider;
        if (i % 4 == 2) rlm_block_alias(&catalog, i % rlm_block_alias_count(&catalog), &query->id, NULL);
        if (i % 4 == 3) query->id.length--;
    }
    CALLGRIND_TOGGLE_COLLECT;
    for (size_t i = 0; i < FINDS; i++) {
        rlm_candidate best;

        found += rlm_resolve(&catalog, &queries[i], &best, 1);
    }
    CALLGRIND_TOGGLE_COLLECT;
    REQUIRE(found > FINDS / 2 && found < FINDS);
}

/* Dumping what was counted also sets the counters to zero. */
#define COUNT(workload, name)                                                                                          \
    do {                                                                                                               \
        workload();                                                                                                    \
        CALLGRIND_DUMP_STATS_AT(name);                                                                                 \
    } while (0)

int
main(void)
{
    rlm_error error;

    REQUIRE(rlm_refresh_load(&error) == RLM_OK);
    rlm_buffer_init(&catalog_bytes, RLM_CAP_BLOCK);
    rlm_buffer_init(&merged_bytes, RLM_CAP_BLOCK);
    read_listings();
    COUNT(refresh_new, "refresh new");
    COUNT(refresh_equal, "refresh equal");
    COUNT(merge, "merge");
    COUNT(open_catalog, "open");
    COUNT(find, "find");
    rlm_buffer_free(&catalog_bytes);
    rlm_buffer_free(&merged_bytes);
    for (size_t i = 0; i < count; i++) {
        rlm_memory_transport_free(&memories[i]);
        rlm_buffer_free(&sheet_bytes[i]);
    }
    return 0;
}
