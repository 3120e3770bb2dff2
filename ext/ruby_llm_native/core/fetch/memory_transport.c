/*
 * Replies instead of answers. Read send_from_memory: a reply takes the way of an answer from the network.
 *
 * A source in another's format, such as models in the format of a registry file, is a copy of the source with the
 * other's listings. Such rows are finished, so the source has nothing to complete.
 */
#include "fetch/memory_transport.h"

#include "fetch/listing_answer.h"

#include <stdint.h>
#include <string.h>

/* A listing gets each of its replies once, and nothing is tried again: as many attempts as replies. */
static const rlm_reply *
next_reply(const rlm_memory_transport *memory, const rlm_listing_fetch *fetch)
{
    int given = 0;

    for (size_t i = 0; i < memory->count; i++) {
        if (&memory->source->listings[memory->replies[i].listing] != fetch->listing) continue;
        if (given++ == fetch->attempts) return &memory->replies[i];
    }
    return NULL;
}

static rlm_status
give(const rlm_reply *reply, rlm_listing_fetch *fetch)
{
    rlm_http_answer answer = {.status = RLM_OK, .http_status = reply->http_status, .final = true, .text = ""};

    RLM_TRY(rlm_listing_fetch_expect(fetch));
    fetch->attempts++;
    if (reply->http_status == 0) {
        answer.status = RLM_NETWORK;
        answer.text = reply->body.bytes;
    } else {
        answer.bytes = reply->body.length;
        answer.status = rlm_listing_fetch_take_body(fetch, reply->http_status, reply->body.bytes, reply->body.length);
    }
    rlm_listing_fetch_answered(fetch, &answer);
    return RLM_OK;
}

static rlm_status
send_from_memory(const rlm_transport *transport, rlm_listing_fetch *fetch, rlm_error *error)
{
    const rlm_memory_transport *memory = (const rlm_memory_transport *) transport;

    do { /* if each page asked for the next one itself, the stack would grow with the number of pages */
        const rlm_reply *reply = next_reply(memory, fetch);

        if (reply == NULL && fetch->pages > 0) {
            return rlm_error_set(error, RLM_BAD_SETTING, "page %d names a next page, which is not stubbed",
                                 fetch->pages);
        }
        if (reply == NULL) {
            fetch->rows.found = true;
            rlm_listing_fetch_end(fetch);
            return RLM_OK;
        }
        RLM_TRY(give(reply, fetch));
    } while (fetch->state == RLM_LISTING_FETCH_WAITING);
    return RLM_OK;
}

static rlm_status
copy_replies(rlm_memory_transport *memory, const rlm_reply *replies, size_t count)
{
    memory->replies = rlm_arena_allocate(&memory->arena, count, sizeof *replies);
    if (memory->replies == NULL) return RLM_OUT_OF_MEMORY;
    for (; memory->count < count; memory->count++) {
        rlm_slice body = replies[memory->count].body;
        char *copy = rlm_arena_allocate(&memory->arena, body.length + 1, 1); /* zeroed: ended by a NUL */

        if (copy == NULL) return RLM_OUT_OF_MEMORY;
        if (body.length > 0) memcpy(copy, body.bytes, body.length);
        memory->replies[memory->count] = replies[memory->count];
        memory->replies[memory->count].body.bytes = copy;
    }
    return RLM_OK;
}

rlm_status
rlm_memory_transport_open(rlm_memory_transport *memory, const rlm_source *source, const rlm_source *format,
                          const rlm_reply *replies, size_t count)
{
    *memory = (rlm_memory_transport){.transport = {.send = send_from_memory}, .source = source};
    if (format != NULL) {
        memory->variant = *source;
        memcpy(memory->variant.listings, format->listings, sizeof format->listings);
        memory->variant.complete = NULL;
        memory->source = &memory->variant;
    }
    rlm_arena_init(&memory->arena, SIZE_MAX);
    return copy_replies(memory, replies, count);
}

void
rlm_memory_transport_free(rlm_memory_transport *memory)
{
    rlm_arena_free(&memory->arena);
}
