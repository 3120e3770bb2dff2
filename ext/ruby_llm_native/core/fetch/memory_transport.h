/*
 * One source's answers from memory: nothing is sent, and everything behind the network is real. For the test suites of
 * apps.
 */
#ifndef RLM_MEMORY_TRANSPORT_H
#define RLM_MEMORY_TRANSPORT_H

#include "fetch/transport.h"
#include "sources/source.h"

/* One page of a listing, or its failure. */
typedef struct {
    size_t listing;  /* its position among the source's */
    int http_status; /* 0: no answer comes, and `body` says why */
    rlm_slice body;
} rlm_reply;

/* Immutable between opening and freeing, so that several threads may use it. */
typedef struct {
    rlm_transport transport;  /* first, so that one points to the other */
    const rlm_source *source; /* for rlm_source_request.source: the source, in the format of the replies */
    rlm_source variant;
    rlm_arena arena; /* of the replies and their bodies */
    rlm_reply *replies;
    size_t count;
} rlm_memory_transport;

/*
 * Copy the replies, which each listing gives in their order. A listing without replies has no rows. `format`: the
 * source whose format they are written in, if it is not this source's own; else NULL. The caller frees, also after a
 * failure; it must not move afterwards. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_memory_transport_open(rlm_memory_transport *memory, const rlm_source *source, const rlm_source *format,
                          const rlm_reply *replies, size_t count);

void
rlm_memory_transport_free(rlm_memory_transport *memory);

#endif
