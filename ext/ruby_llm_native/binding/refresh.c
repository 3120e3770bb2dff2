/*
 * Run: one refresh under way. Ruby opens it, steps as long as somebody listens, finishes, and always closes it, in an
 * ensure.
 *
 * An interrupt is not a cancellation: between two steps Ruby may run signal handlers, which changes nothing, or raise,
 * which leaves the run as it is, whole, for the ensure to close. Whatever is missed the GC frees. Read run_get, then
 * run__step.
 */
#include "run.h"

#include <unistd.h>

static VALUE run_class;

/* After a fork the connections are still the parent's: to close them here would end them there. */
static rlm_refresh *
run_release(native_run *run)
{
    rlm_refresh *refresh = run->pid == getpid() ? run->refresh : NULL;

    run->refresh = NULL;
    return refresh;
}

static void
run_dfree(void *data)
{
    rlm_refresh_free(run_release(data));
    xfree(data);
}

static size_t
run_dsize(const void *data)
{
    return sizeof(native_run);
}

const rb_data_type_t native_run_type = {
    .wrap_struct_name = "RubyLLM::Native::Run",
    .function = {.dfree = run_dfree, .dsize = run_dsize},
    .flags = RUBY_TYPED_FREE_IMMEDIATELY | RUBY_TYPED_WB_PROTECTED,
};

/* The one way to a run: Error when it is closed, another process's, or another thread is inside. */
static native_run *
run_get(VALUE self)
{
    native_run *run = rb_check_typeddata(self, &native_run_type);

    if (run->refresh == NULL) rb_raise(native_error_class, "the run is closed");
    if (run->pid != getpid()) rb_raise(native_error_class, "the run belongs to the process that opened it");
    if (run->busy) rb_raise(native_error_class, "another thread is using this run");
    return run;
}

/* ---- Going on ---- */

typedef struct {
    native_run *run;
    VALUE self;
    native_catalog *catalog; /* for finish */
    bool merged;             /* by finish, or that failed */
    rlm_status status;
    rlm_error error;
} driving;

static void *
step_work(void *argument)
{
    driving *drive = argument;
    size_t running;

    drive->status = rlm_refresh_step(drive->run->refresh, &running, &drive->error);
    return NULL;
}

static void
wake(void *refresh)
{
    rlm_refresh_wake(refresh);
}

/* The requests that have ended since this was last asked. */
static VALUE
ended_positions(native_run *run)
{
    VALUE positions = rb_ary_new();

    for (size_t i = 0; i < run->count; i++) {
        if (run->told[i] || rlm_refresh_outcome(run->refresh, i)->status == RLM_OUTCOME_RUNNING) continue;
        rb_ary_push(positions, SIZET2NUM(i));
        run->told[i] = true;
    }
    return positions;
}

static bool
all_ended(const native_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        if (rlm_refresh_outcome(run->refresh, i)->status == RLM_OUTCOME_RUNNING) return false;
    }
    return true;
}

static VALUE
step_body(VALUE argument)
{
    driving *drive = (driving *) argument;
    VALUE positions = ended_positions(drive->run);

    while (RARRAY_LEN(positions) == 0) {
        if (all_ended(drive->run)) return Qnil;
        native_without_gvl(step_work, drive, wake, drive->run->refresh);
        native_check(drive->status, &drive->error);
        rb_thread_check_ints();
        positions = ended_positions(drive->run);
    }
    return positions;
}

static void *
finish_work(void *argument)
{
    driving *drive = argument;
    rlm_refresh *refresh = drive->run->refresh;
    size_t running;

    drive->status = rlm_refresh_run(refresh, &running, &drive->error);
    if (drive->status != RLM_OK || running > 0) return NULL;
    drive->merged = true;
    drive->status = rlm_refresh_finish(refresh, &drive->catalog->buffer, &drive->catalog->block, &drive->error);
    return NULL;
}

static VALUE
finish_body(VALUE argument)
{
    driving *drive = (driving *) argument;
    native_run *run = drive->run;
    VALUE catalog = native_catalog_new(&drive->catalog), given = rb_ivar_get(drive->self, rb_intern("sheets"));
    VALUE sheets = rb_ary_new_capa((long) run->count);

    while (!drive->merged) {
        native_without_gvl(finish_work, drive, wake, run->refresh);
        run->finished = drive->merged;
        native_check(drive->status, &drive->error);
        if (!drive->merged) rb_thread_check_ints();
    }
    if (drive->catalog->block.bytes == NULL) catalog = rb_ivar_get(drive->self, rb_intern("before"));
    else native_catalog_finish(catalog, drive->catalog);
    for (size_t i = 0; i < run->count; i++) {
        bool kept;
        rlm_slice sheet = rlm_refresh_sheet(run->refresh, i, &kept);

        if (kept) rb_ary_push(sheets, RARRAY_AREF(given, (long) i));
        else rb_ary_push(sheets, sheet.length == 0 ? Qnil : native_bytes(sheet.bytes, sheet.length));
    }
    return rb_assoc_new(catalog, sheets);
}

static VALUE
leave(VALUE argument)
{
    ((driving *) argument)->run->busy = false;
    return Qnil;
}

static VALUE
drive_run(VALUE self, native_run *run, VALUE (*body)(VALUE))
{
    driving drive = {.run = run, .self = self};
    VALUE result;

    rlm_error_clear(&drive.error);
    run->busy = true;
    result = rb_ensure(body, (VALUE) &drive, leave, (VALUE) &drive);
    RB_GC_GUARD(self);
    return result;
}

/*
 * Go on until sources have ended, without the GVL.
 *
 * @return [Array<Integer>, nil] the positions of requests that have ended since; nil when all have
 * @raise [Error] when libcurl itself fails, the run is closed, or another thread uses it
 */
static VALUE
run__step(VALUE self)
{
    return drive_run(self, run_get(self), step_body);
}

/*
 * Go on until all sources have ended, and merge what has come, without the GVL: it is taken back at the end, every two
 * seconds before it, and for interrupts. Once; {#step} may have been called before.
 *
 * @return [Array(Catalog, Array<String, nil>)] the catalog, which is the very one that was given when nothing is new,
 *   and the sheet of each request: the very one that was given when it has not changed, nil when there is none
 * @raise [Error] when libcurl itself fails, or the run is finished or closed
 */
static VALUE
run__finish(VALUE self)
{
    native_run *run = run_get(self);

    if (run->finished) rb_raise(native_error_class, "the run is already finished");
    return drive_run(self, run, finish_body);
}

/* ---- Outcomes ---- */

static VALUE
outcome_symbol(rlm_outcome_status status)
{
    switch (status) {
    case RLM_OUTCOME_RUNNING:
        return NATIVE_SYMBOL("running");
    case RLM_OUTCOME_REFRESHED:
        return NATIVE_SYMBOL("refreshed");
    case RLM_OUTCOME_UNCHANGED:
        return NATIVE_SYMBOL("unchanged");
    case RLM_OUTCOME_EMPTY:
        return NATIVE_SYMBOL("empty");
    case RLM_OUTCOME_FAILED:
        return NATIVE_SYMBOL("failed");
    }
    return Qnil;
}

static VALUE
nil_for_zero(int number)
{
    return number == 0 ? Qnil : INT2NUM(number);
}

static VALUE
message_or_nil(const rlm_error *error)
{
    return error->status == RLM_OK ? Qnil : native_error_message(error);
}

/* The names of what was lost, by the bits of rlm_diff_lost. */
static VALUE
lost_fields(uint64_t lost)
{
    VALUE names = rb_ary_new();

    for (int fact = 0; fact < RLM_FIELD_COUNT + RLM_CAPABILITY_COUNT; fact++) {
        if ((lost >> fact & 1) == 0) continue;
        rb_ary_push(names, native_name_symbol(fact < RLM_FIELD_COUNT ? rlm_field_names[fact]
                                                                     : rlm_capability_names[fact - RLM_FIELD_COUNT]));
    }
    return names;
}

/*
 * @param position [Integer] of the request
 * @return [Hash] what the source did, by the names of {Outcome}
 * @raise [IndexError] when no request has this position
 */
static VALUE
run__outcome(VALUE self, VALUE position)
{
    size_t index = NUM2SIZET(position);
    native_run *run = run_get(self);
    const rlm_outcome *outcome;
    bool failed;
    VALUE hash = rb_hash_new();

    if (index >= run->count) rb_raise(rb_eIndexError, "there is no request at %" PRIuSIZE, index);
    outcome = rlm_refresh_outcome(run->refresh, index);
    failed = outcome->error.status != RLM_OK;
    NATIVE_SET(hash, "source", native_interned_text(rlm_slice_of(outcome->name)));
    NATIVE_SET(hash, "status", outcome_symbol(outcome->status));
    NATIVE_SET(hash, "http_status", nil_for_zero(outcome->http_status));
    NATIVE_SET(hash, "error", message_or_nil(&outcome->error));
    NATIVE_SET(hash, "error_status", failed ? native_name_symbol(rlm_status_name(outcome->error.status)) : Qnil);
    NATIVE_SET(hash, "byte", failed ? native_error_byte(&outcome->error) : Qnil);
    NATIVE_SET(hash, "curl_code", failed ? nil_for_zero(outcome->error.curl_code) : Qnil);
    NATIVE_SET(hash, "attempts", INT2NUM(outcome->attempts));
    NATIVE_SET(hash, "rows", SIZET2NUM(outcome->rows));
    native_set_tallies(hash, &outcome->tallies);
    NATIVE_SET(hash, "lost_fields", lost_fields(outcome->lost));
    NATIVE_SET(hash, "remark", message_or_nil(&outcome->remark));
    NATIVE_SET(hash, "kept", SIZET2NUM(outcome->kept));
    NATIVE_SET(hash, "forgotten", SIZET2NUM(outcome->forgotten));
    NATIVE_SET(hash, "bytes", ULL2NUM(outcome->bytes));
    NATIVE_SET(hash, "duration", DBL2NUM(outcome->seconds));
    NATIVE_SET(hash, "count", SIZET2NUM(outcome->difference.count));
    NATIVE_SET(hash, "added", SIZET2NUM(outcome->difference.added));
    NATIVE_SET(hash, "removed", SIZET2NUM(outcome->difference.removed));
    NATIVE_SET(hash, "changed", SIZET2NUM(outcome->difference.changed));
    RB_GC_GUARD(self);
    return hash;
}

/* ---- Closing ---- */

static void *
free_work(void *refresh)
{
    rlm_refresh_free(refresh);
    return NULL;
}

/*
 * Cancel what is under way and free everything. May be called again.
 *
 * @return [nil]
 * @raise [Error] when another thread uses it
 */
static VALUE
run__close(VALUE self)
{
    native_run *run = rb_check_typeddata(self, &native_run_type);
    rlm_refresh *refresh;
    bool idle;

    if (run->busy && run->pid == getpid()) rb_raise(native_error_class, "another thread is using this run");
    idle = run->refresh != NULL && all_ended(run); /* nothing to cut off: not worth a wait for the lock afterwards */
    refresh = run_release(run);
    if (refresh != NULL && (idle || !native_without_gvl(free_work, refresh, NULL, NULL))) rlm_refresh_free(refresh);
    return Qnil;
}

/*
 * Document-class: RubyLLM::Native::Run
 *
 * One refresh in progress.
 *
 * @api private
 */
void
native_init_refresh(VALUE native)
{
    run_class = rb_define_class_under(native, "Run", rb_cObject);
    rb_gc_register_mark_object(run_class);
    rb_undef_alloc_func(run_class);
    rb_define_singleton_method(run_class, "open", native_run_s_open, -1);
    rb_define_method(run_class, "step", run__step, 0);
    rb_define_method(run_class, "outcome", run__outcome, 1);
    rb_define_method(run_class, "finish", run__finish, 0);
    rb_define_method(run_class, "close", run__close, 0);
    rb_funcall(native, rb_intern("private_constant"), 1, NATIVE_SYMBOL("Run"));
}
