/* Running the core without the GVL. */
#include "binding.h"

typedef struct {
    void *(*work)(void *);
    void *argument;
    bool ran;
} job;

static void *
job_run(void *argument)
{
    job *this = argument;

    this->ran = true;
    return this->work(this->argument);
}

bool
native_without_gvl(void *(*work)(void *), void *argument, rb_unblock_function_t *wake, void *wake_argument)
{
    job this = {work, argument, false};
    int flags = RB_NOGVL_INTR_FAIL;

    /* Not RB_NOGVL_PENDING_INTR_FAIL: it fails for masked interrupts too, and waiting for those never ends. */
#ifdef RB_NOGVL_OFFLOAD_SAFE
    if (wake != NULL) flags |= RB_NOGVL_OFFLOAD_SAFE;
#endif
    rb_nogvl(job_run, &this, wake, wake_argument, flags);
    return this.ran;
}

void
native_without_gvl_always(void *(*work)(void *), void *argument)
{
    while (!native_without_gvl(work, argument, NULL, NULL)) rb_thread_check_ints();
}
