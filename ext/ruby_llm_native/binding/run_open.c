/*
 * Run.open: Ruby's plan becomes the core's.
 *
 * The plan is walked twice. The first walk checks everything and may raise. The second only takes pointers into Ruby's
 * strings; it allocates no Ruby object and calls no Ruby code, so the pointers hold until rlm_refresh_open has copied
 * what they point to. Secrets are thus copied once, to memory that is zeroed later.
 */
#include "run.h"

#include <limits.h>
#include <math.h>
#include <unistd.h>

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
        native_check(rlm_error_set(&error, RLM_UNKNOWN_SOURCE, "unknown source \"%s\"", RSTRING_PTR(slug)), &error);
    }
    return source;
}

static long
check_number(VALUE number, long below)
{
    Check_Type(number, T_FIXNUM); /* what is none would be asked for one, in Ruby code */
    if (FIX2LONG(number) < 0 || FIX2LONG(number) >= below)
        rb_raise(rb_eArgError, "must be between 0 and %ld, got %ld", below - 1, FIX2LONG(number));
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
        if (RARRAY_LEN(reply) != REPLY_PARTS) rb_raise(rb_eArgError, "a reply must have %d parts", REPLY_PARTS);
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
    if (RARRAY_LEN(request) != REQUEST_PARTS) rb_raise(rb_eArgError, "a request must have %d parts", REQUEST_PARTS);
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
        rb_raise(rb_eArgError, "%s must be a positive number of seconds, got %g", name, seconds);
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

VALUE
native_run_s_open(VALUE class, VALUE requests, VALUE held, VALUE before, VALUE options)
{
    native_run *run;
    native_scratch *scratch;
    VALUE self = TypedData_Make_Struct(class, native_run, &native_run_type, run), guard = native_scratch_new(&scratch);
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
        rb_raise(rb_eArgError, "retries must be between 0 and %d, got %d", RLM_CAP_RETRIES, plan.retries);

    Check_Type(requests, T_ARRAY);
    Check_Type(held, T_ARRAY);
    run->count = plan.request_count = (size_t) RARRAY_LEN(requests);
    plan.held_count = (size_t) RARRAY_LEN(held);
    if (plan.request_count > RLM_CAP_SOURCES)
        rb_raise(rb_eArgError, "at most %d requests are possible, got %" PRIuSIZE, RLM_CAP_SOURCES, plan.request_count);
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
