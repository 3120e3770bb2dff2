/*
 * Run: one refresh under way. Ruby opens it, steps until nil, finishes, and always closes it, in an ensure.
 *
 * An interrupt is not a cancellation: between two steps Ruby may run signal handlers, which changes nothing, or raise,
 * which leaves the run as it is, whole, for the ensure to close. Whatever is missed the GC frees. Read run_get, then
 * run__step.
 */
#include "registry/refresh.h"

#include "binding.h"

#include <limits.h>
#include <math.h>
#include <unistd.h>

typedef struct {
    rlm_refresh *refresh; /* NULL: closed */
    size_t count;         /* of requests */
    uint64_t told;        /* the requests whose end step has told, a bit each */
    pid_t pid;
    bool busy; /* a thread is inside; only changed with the GVL */
    bool finished;
} native_run;

_Static_assert(RLM_CAP_SOURCES <= 64, "native_run.told has a bit a request");

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

static const rb_data_type_t run_type = {
    .wrap_struct_name = "RubyLLM::Native::Run",
    .function = {.dfree = run_dfree, .dsize = run_dsize},
    .flags = RUBY_TYPED_FREE_IMMEDIATELY | RUBY_TYPED_WB_PROTECTED,
};

/* The one way to a run: Error when it is closed, another process's, or another thread is inside. */
static native_run *
run_get(VALUE self)
{
    native_run *run = rb_check_typeddata(self, &run_type);

    if (run->refresh == NULL) rb_raise(native_error_class, "the run is closed");
    if (run->pid != getpid()) rb_raise(native_error_class, "the run belongs to the process that opened it");
    if (run->busy) rb_raise(native_error_class, "another thread is in this run");
    return run;
}

/* ---- Opening ----
 *
 * The plan is walked twice. The first walk checks everything and may raise. The second only takes pointers into Ruby's
 * strings, allocates nothing of Ruby's and calls no Ruby code, so that they hold until rlm_refresh_open has copied what
 * they point to. That way secrets are copied once, to where they are zeroed.
 */

enum { REQUEST_SLUG, REQUEST_BASE_URL, REQUEST_SETTINGS, REQUEST_SHEET, REQUEST_REPLIES, REQUEST_PROXY, REQUEST_PARTS };
enum { REPLY_LISTING, REPLY_STATUS, REPLY_BODY, REPLY_PARTS };

static void
check_text(VALUE text)
{
    Check_Type(text, T_STRING);
    StringValueCStr(text);
}

static void
check_text_or_nil(VALUE text)
{
    if (!NIL_P(text)) check_text(text);
}

static int
check_setting(VALUE name, VALUE value, VALUE unused)
{
    check_text(name);
    check_text(value);
    return ST_CONTINUE;
}

static const rlm_source *
check_source(VALUE slug)
{
    const rlm_source *source;
    rlm_error error;

    check_text(slug);
    source = rlm_source_find((rlm_slice){RSTRING_PTR(slug), (size_t) RSTRING_LEN(slug)});
    if (source == NULL) {
        rlm_error_clear(&error);
        native_check(rlm_error_set(&error, RLM_UNKNOWN_SOURCE, "no source is called \"%s\"", RSTRING_PTR(slug)),
                     &error);
    }
    return source;
}

static long
check_number(VALUE number, long below)
{
    Check_Type(number, T_FIXNUM); /* what is none would be asked for one, in Ruby code */
    if (FIX2LONG(number) < 0 || FIX2LONG(number) >= below)
        rb_raise(rb_eArgError, "not 0 to %ld: %ld", below - 1, FIX2LONG(number));
    return FIX2LONG(number);
}

/*
 * What a source answers from memory: [whether it is a registry file, [[position of the listing, HTTP status, body],
 * …]], or nil.
 */
static void
check_replies(native_scratch *scratch, VALUE answers, rlm_source_request *checked)
{
    rlm_reply *replies;
    VALUE list;

    if (NIL_P(answers)) return;
    Check_Type(answers, T_ARRAY);
    checked->records = RTEST(rb_ary_entry(answers, 0));
    Check_Type(list = rb_ary_entry(answers, 1), T_ARRAY);
    checked->reply_count = (size_t) RARRAY_LEN(list);
    checked->replies = replies =
        native_scratch_array(scratch, checked->reply_count + 1, sizeof *replies); /* not NULL, which is the network */
    for (size_t i = 0; i < checked->reply_count; i++) {
        VALUE reply = RARRAY_AREF(list, (long) i);

        Check_Type(reply, T_ARRAY);
        if (RARRAY_LEN(reply) != REPLY_PARTS) rb_raise(rb_eArgError, "a reply has %d parts", REPLY_PARTS);
        replies[i].listing = (size_t) check_number(RARRAY_AREF(reply, REPLY_LISTING), RLM_SOURCE_LISTINGS);
        replies[i].http_status = (int) check_number(RARRAY_AREF(reply, REPLY_STATUS), 1000);
        Check_Type(RARRAY_AREF(reply, REPLY_BODY), T_STRING);
    }
}

/* Checks one request, and makes room for its settings. */
static void
check_request(native_scratch *scratch, VALUE request, rlm_source_request *checked)
{
    VALUE settings, sheet;

    Check_Type(request, T_ARRAY);
    if (RARRAY_LEN(request) != REQUEST_PARTS) rb_raise(rb_eArgError, "a request has %d parts", REQUEST_PARTS);
    checked->source = check_source(RARRAY_AREF(request, REQUEST_SLUG));
    check_text_or_nil(RARRAY_AREF(request, REQUEST_BASE_URL));
    check_text_or_nil(RARRAY_AREF(request, REQUEST_PROXY));
    sheet = RARRAY_AREF(request, REQUEST_SHEET);
    if (!NIL_P(sheet)) Check_Type(sheet, T_STRING);
    check_replies(scratch, RARRAY_AREF(request, REQUEST_REPLIES), checked);
    settings = RARRAY_AREF(request, REQUEST_SETTINGS);
    Check_Type(settings, T_HASH);
    rb_hash_foreach(settings, check_setting, Qnil);
    checked->settings = native_scratch_array(scratch, (size_t) RHASH_SIZE(settings) + 1, sizeof(rlm_pair));
}

static const char *
take_text(VALUE text)
{
    return NIL_P(text) ? NULL : RSTRING_PTR(text);
}

static rlm_slice
take_bytes(VALUE bytes)
{
    if (NIL_P(bytes)) return (rlm_slice){NULL, 0};
    return (rlm_slice){RSTRING_PTR(bytes), (size_t) RSTRING_LEN(bytes)};
}

static int
take_setting(VALUE name, VALUE value, VALUE cursor)
{
    rlm_pair **pair = (rlm_pair **) cursor;

    *(*pair)++ = (rlm_pair){RSTRING_PTR(name), RSTRING_PTR(value)};
    return ST_CONTINUE;
}

static void
take_request(VALUE request, rlm_source_request *taken)
{
    rlm_pair *cursor = (rlm_pair *) taken->settings;
    rlm_reply *replies = (rlm_reply *) taken->replies;

    for (size_t i = 0; i < taken->reply_count; i++) {
        VALUE list = RARRAY_AREF(RARRAY_AREF(request, REQUEST_REPLIES), 1);

        replies[i].body = take_bytes(RARRAY_AREF(RARRAY_AREF(list, (long) i), REPLY_BODY));
    }

    taken->base_url = take_text(RARRAY_AREF(request, REQUEST_BASE_URL));
    taken->proxy = take_text(RARRAY_AREF(request, REQUEST_PROXY));
    taken->sheet = take_bytes(RARRAY_AREF(request, REQUEST_SHEET));
    rb_hash_foreach(RARRAY_AREF(request, REQUEST_SETTINGS), take_setting, (VALUE) &cursor);
}

static VALUE
option(VALUE options, const char *name)
{
    return rb_hash_lookup(options, ID2SYM(rb_intern(name)));
}

static long
milliseconds(VALUE options, const char *name)
{
    double seconds = NUM2DBL(option(options, name));

    if (!(seconds > 0) || seconds > INT_MAX / 1000)
        rb_raise(rb_eArgError, "%s: no number of seconds: %g", name, seconds);
    return (long) ceil(seconds * 1000);
}

/*
 * What the run gives back as it was given: the catalog, whose block it also reads, and the sheets. No Ruby code sees
 * these.
 */
static void
keep_given(VALUE self, VALUE requests, VALUE before)
{
    VALUE sheets = rb_ary_new_capa(RARRAY_LEN(requests));

    for (long i = 0; i < RARRAY_LEN(requests); i++) {
        VALUE sheet = RARRAY_AREF(RARRAY_AREF(requests, i), REQUEST_SHEET);

        rb_ary_push(sheets, NIL_P(sheet) ? Qnil : rb_str_new_frozen(sheet));
    }
    rb_ivar_set(self, rb_intern("before"), before);
    rb_ivar_set(self, rb_intern("sheets"), sheets);
}

static VALUE
run_s_open(VALUE class, VALUE requests, VALUE held, VALUE before, VALUE options)
{
    native_run *run;
    native_scratch *scratch;
    VALUE self = TypedData_Make_Struct(class, native_run, &run_type, run), guard = native_scratch_new(&scratch);
    VALUE ca_file, ca_path, user_agent;
    rlm_source_request *asked;
    rlm_slice *sheets;
    rlm_plan plan = {0};
    rlm_error error;
    rlm_status status;

    run->pid = getpid();
    Check_Type(options, T_HASH);
    plan.timeout_ms = milliseconds(options, "timeout");
    plan.request_timeout_ms = milliseconds(options, "request_timeout");
    plan.connect_timeout_ms = milliseconds(options, "connect_timeout");
    plan.retries = NUM2INT(option(options, "retries"));
    plan.now = NUM2LL(option(options, "now"));
    check_text_or_nil(ca_file = option(options, "ca_file"));
    check_text_or_nil(ca_path = option(options, "ca_path"));
    check_text_or_nil(user_agent = option(options, "user_agent"));
    if (plan.retries < 0 || plan.retries > RLM_CAP_RETRIES)
        rb_raise(rb_eArgError, "retries: not 0 to %d", RLM_CAP_RETRIES);

    Check_Type(requests, T_ARRAY);
    Check_Type(held, T_ARRAY);
    run->count = plan.request_count = (size_t) RARRAY_LEN(requests);
    plan.held_count = (size_t) RARRAY_LEN(held);
    if (plan.request_count > RLM_CAP_SOURCES) rb_raise(rb_eArgError, "more than %d requests", RLM_CAP_SOURCES);
    plan.requests = asked = native_scratch_array(scratch, plan.request_count, sizeof *asked);
    plan.held = sheets = native_scratch_array(scratch, plan.held_count, sizeof *sheets);
    for (size_t i = 0; i < plan.request_count; i++) check_request(scratch, RARRAY_AREF(requests, (long) i), &asked[i]);
    for (size_t i = 0; i < plan.held_count; i++) Check_Type(RARRAY_AREF(held, (long) i), T_STRING);
    if (!NIL_P(before)) {
        plan.before = native_catalog_block(before);
    }

    for (size_t i = 0; i < plan.request_count; i++) take_request(RARRAY_AREF(requests, (long) i), &asked[i]);
    for (size_t i = 0; i < plan.held_count; i++) sheets[i] = take_bytes(RARRAY_AREF(held, (long) i));
    plan.ca_file = take_text(ca_file);
    plan.ca_path = take_text(ca_path);
    plan.user_agent = take_text(user_agent);
    rlm_error_clear(&error);
    status = rlm_refresh_open(&plan, &run->refresh, &error);

    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    RB_GC_GUARD(requests);
    RB_GC_GUARD(held);
    RB_GC_GUARD(before);
    RB_GC_GUARD(options);
    native_check(status, &error);
    keep_given(self, requests, before);
    return self;
}

/* ---- Going on ---- */

typedef struct {
    native_run *run;
    VALUE self;
    native_catalog *catalog; /* for finish */
    bool unchanged;          /* the same */
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
        if ((run->told >> i & 1) != 0 || rlm_refresh_outcome(run->refresh, i)->status == RLM_OUTCOME_RUNNING) continue;
        rb_ary_push(positions, SIZET2NUM(i));
        run->told |= (uint64_t) 1 << i;
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

    drive->status = rlm_refresh_finish(drive->run->refresh, &drive->catalog->buffer, &drive->unchanged, &drive->error);
    if (drive->status == RLM_OK && !drive->unchanged)
        drive->status = native_catalog_open(drive->catalog, &drive->error);
    return NULL;
}

static VALUE
finish_body(VALUE argument)
{
    driving *drive = (driving *) argument;
    native_run *run = drive->run;
    VALUE catalog = native_catalog_new(&drive->catalog), given = rb_ivar_get(drive->self, rb_intern("sheets"));
    VALUE sheets = rb_ary_new_capa((long) run->count);

    native_without_gvl_always(finish_work, drive);
    run->finished = true;
    native_check(drive->status, &drive->error);
    if (drive->unchanged) catalog = rb_ivar_get(drive->self, rb_intern("before"));
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

static VALUE
run__step(VALUE self)
{
    return drive_run(self, run_get(self), step_body);
}

static VALUE
run__finish(VALUE self)
{
    native_run *run = run_get(self);

    if (run->finished) rb_raise(native_error_class, "the run is finished");
    if (!all_ended(run)) rb_raise(native_error_class, "the run has sources under way");
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

static VALUE
first_or_nil(const rlm_tally *tally)
{
    return tally->count == 0 ? Qnil : native_error_message(&tally->first);
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

static VALUE
run__outcome(VALUE self, VALUE position)
{
    size_t index = NUM2SIZET(position);
    native_run *run = run_get(self);
    const rlm_outcome *outcome;
    bool failed;
    VALUE hash = rb_hash_new();

    if (index >= run->count) rb_raise(rb_eIndexError, "no request at %" PRIuSIZE, index);
    outcome = rlm_refresh_outcome(run->refresh, index);
    failed = outcome->error.status != RLM_OK;
    NATIVE_SET(hash, "source", native_interned_text(rlm_slice_of(outcome->source->slug)));
    NATIVE_SET(hash, "status", outcome_symbol(outcome->status));
    NATIVE_SET(hash, "http_status", nil_for_zero(outcome->http_status));
    NATIVE_SET(hash, "error", message_or_nil(&outcome->error));
    NATIVE_SET(hash, "error_status", failed ? native_name_symbol(rlm_status_name(outcome->error.status)) : Qnil);
    NATIVE_SET(hash, "byte", failed ? native_error_byte(&outcome->error) : Qnil);
    NATIVE_SET(hash, "curl_code", failed ? nil_for_zero(outcome->error.curl_code) : Qnil);
    NATIVE_SET(hash, "attempts", INT2NUM(outcome->attempts));
    NATIVE_SET(hash, "rows", SIZET2NUM(outcome->rows));
    NATIVE_SET(hash, "rejected", SIZET2NUM(outcome->tallies.rejected.count));
    NATIVE_SET(hash, "rejection", first_or_nil(&outcome->tallies.rejected));
    NATIVE_SET(hash, "left_out", SIZET2NUM(outcome->tallies.left_out.count));
    NATIVE_SET(hash, "left_out_reason", first_or_nil(&outcome->tallies.left_out));
    NATIVE_SET(hash, "unread_prices", SIZET2NUM(outcome->tallies.unread_prices.count));
    NATIVE_SET(hash, "unread_price", first_or_nil(&outcome->tallies.unread_prices));
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

static VALUE
run__close(VALUE self)
{
    native_run *run = rb_check_typeddata(self, &run_type);
    rlm_refresh *refresh;
    bool idle;

    if (run->busy && run->pid == getpid()) rb_raise(native_error_class, "another thread is in this run");
    idle = run->refresh != NULL && all_ended(run); /* nothing to cut off: not worth a wait for the lock afterwards */
    refresh = run_release(run);
    if (refresh != NULL && (idle || !native_without_gvl(free_work, refresh, NULL, NULL))) rlm_refresh_free(refresh);
    return Qnil;
}

void
native_init_refresh(VALUE native)
{
    run_class = rb_define_class_under(native, "Run", rb_cObject);
    rb_gc_register_mark_object(run_class);
    rb_undef_alloc_func(run_class);
    rb_define_singleton_method(run_class, "open", run_s_open, 4);
    rb_define_method(run_class, "step", run__step, 0);
    rb_define_method(run_class, "outcome", run__outcome, 1);
    rb_define_method(run_class, "finish", run__finish, 0);
    rb_define_method(run_class, "close", run__close, 0);
}
