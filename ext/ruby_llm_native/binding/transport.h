/* What memory_transport.c and run_open.c share. */
#ifndef NATIVE_TRANSPORT_H
#define NATIVE_TRANSPORT_H

#include "binding.h"

#include "fetch/plan.h"

/*
 * Let that MemoryTransport answer the request, whose source then has the transport's format. Both must live as long as
 * the run. TypeError, ArgumentError when it belongs to another source, or Error for one that was never finished.
 */
void
native_transport_apply(VALUE transport, rlm_source_request *request);

#endif
