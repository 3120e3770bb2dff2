/* What refresh.c and run_open.c share: one refresh in progress, as a Ruby object. */
#ifndef NATIVE_RUN_H
#define NATIVE_RUN_H

#include "binding.h"

#include "registry/refresh.h"

#include <sys/types.h>

typedef struct {
    rlm_refresh *refresh;       /* NULL: closed */
    size_t count;               /* of requests */
    bool told[RLM_CAP_SOURCES]; /* the requests whose end step has told */
    pid_t pid;
    bool busy; /* a thread is inside; only changed with the GVL */
    bool finished;
} native_run;

extern const rb_data_type_t native_run_type;

VALUE
native_run_s_open(int argc, VALUE *argv, VALUE class);

#endif
