/*
 * How the pages of a listing are asked for: over the network, or from memory in the test suites of apps.
 *
 * A transport is a constant that any number of fetches share. It holds nothing of them.
 */
#ifndef RLM_TRANSPORT_H
#define RLM_TRANSPORT_H

#include "base/status.h"

typedef struct rlm_listing_fetch rlm_listing_fetch; /* listing_fetch.h */

typedef struct rlm_transport rlm_transport;
struct rlm_transport {
    /*
     * Ask for the page of a waiting fetch, and count the attempt. The answer goes to rlm_listing_fetch_take_body and
     * rlm_listing_fetch_answered, before this returns or in a later step. If a page is waiting after that, it is asked
     * for, too. Any status but RLM_OK: the fetch cannot go on.
     */
    rlm_status (*send)(const rlm_transport *transport, rlm_listing_fetch *fetch, rlm_error *error);

    /* Send fetch->request to the URL of a redirect, which it holds, and count the attempt. NULL: no redirects. */
    rlm_status (*follow)(const rlm_transport *transport, rlm_listing_fetch *fetch, rlm_error *error);
};

/* HTTP, through the set of transfers that all fetches of a refresh share. */
extern const rlm_transport rlm_network_transport;

#endif
