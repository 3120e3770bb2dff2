/* What refresh.c and run_open.c share: one refresh in progress, as a Ruby object. */
#ifndef NATIVE_RUN_H
#define NATIVE_RUN_H

#include "binding.h"

#include "registry/refresh.h"

#include <sys/types.h>

typedef struct {
    rlm_refresh *refresh; /* NULL: closed */
    size_t count;         /* of requests */
    uint64_t told;        /* the requests whose end step has told, a bit each */
    pid_t pid;
    bool busy; /* a thread is inside; only changed with the GVL */
    bool finished;
} native_run;

_Static_assert(RLM_CAP_SOURCES <= 64, "native_run.told has a bit a request");

extern const rb_data_type_t native_run_type;

VALUE
native_run_s_open(int argc, VALUE *argv, VALUE class);

#endif
