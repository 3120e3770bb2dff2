/*
 * Run.open: Ruby's plan becomes the core's.
 *
 * The plan is walked twice. The first walk reads all keywords into structs on the stack, checks everything, and may
 * raise. The second only takes pointers into Ruby's strings; it allocates no Ruby object and calls no Ruby code, so the
 * pointers hold until rlm_refresh_open has copied what they point to. Secrets are thus copied once, to memory that is
 * zeroed later.
 */
#include "run.h"
#include "transport.h"

#include <limits.h>
#include <math.h>
#include <unistd.h>

/* The keywords of one request. Where the GC sees them and moves none: on the stack, or in a buffer of Ruby's. */
typedef struct {
    VALUE source, settings, api, provider, base_url, headers, proxy, ca_file, request_timeout, connect_timeout, local,
        sheet, transport;
} request_keywords;

/* Those of Run.open. */
typedef struct {
    VALUE requests, held, before, now, timeout, request_timeout, connect_timeout, retries, ca_file, ca_path, user_agent,
        connections, documented;
} open_keywords;

/* ---- Checking ---- */

static void
check_text_or_nil(VALUE text, const char *key)
{
    if (!NIL_P(text)) native_check_text(text, key);
}

static int
check_setting(VALUE name, VALUE value, VALUE unused)
{
    native_check_text(name, "the name of a setting");
    native_check_text(value, RSTRING_PTR(name));
    RB_GC_GUARD(name);
    return ST_CONTINUE;
}

static void
read_request(VALUE request, request_keywords *read)
{
    static const char *const keys[] = {"source",  "settings", "api",      "provider",        "base_url",
                                       "headers", "proxy",    "ca_file",  "request_timeout", "connect_timeout",
                                       "local",   "sheet",    "transport"};
    VALUE given[13];

    native_check_type(request, "a request", T_HASH);
    native_keywords(request, keys, 2, 11, given);
    *read = (request_keywords){given[0], given[1], given[2], given[3],  given[4],  given[5], given[6],
                               given[7], given[8], given[9], given[10], given[11], given[12]};
}

/* The name of an endpoint, or the slug of a provider. */
static void
check_name(VALUE name, const char *key)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

    native_check_text(name, key);
    if (RSTRING_LEN(name) > 0 && RSTRING_LEN(name) <= RLM_CAP_NAME &&
        RSTRING_PTR(name)[strspn(RSTRING_PTR(name), allowed)] == '\0')
        return;
    rb_raise(rb_eArgError, "%s must have 1 to %d characters of a-z, 0-9 and _, got %+" PRIsVALUE, key, RLM_CAP_NAME,
             name);
}

/* A name that stands for a metadata source stands for nothing else. */
static void
check_source(const request_keywords *read, const rlm_source *api)
{
    const rlm_source *named = rlm_source_find(native_slice(read->source));

    if (named == api) return;
    if (named != NULL && rlm_source_is_metadata(named))
        rb_raise(rb_eArgError, "source must not be %+" PRIsVALUE ", which is a metadata source", read->source);
    if (rlm_source_is_metadata(api)) rb_raise(rb_eArgError, "api must be a provider's, got %+" PRIsVALUE, read->api);
}

static long
milliseconds(VALUE value, const char *key)
{
    double seconds;

    if (!RB_INTEGER_TYPE_P(value)) native_check_type(value, key, T_FLOAT);
    seconds = NUM2DBL(value);
    if (!(seconds > 0) || seconds > INT_MAX / 1000)
        rb_raise(rb_eArgError, "%s must be a positive number of seconds, got %g", key, seconds);
    return (long) ceil(seconds * 1000);
}

static long
milliseconds_or_zero(VALUE value, const char *key)
{
    return NIL_P(value) ? 0 : milliseconds(value, key);
}

/* A Hash of texts, and room for it. */
static rlm_pair *
check_pairs(native_scratch *scratch, VALUE pairs, const char *key)
{
    native_check_type(pairs, key, T_HASH);
    rb_hash_foreach(pairs, check_setting, Qnil);
    return native_scratch_array(scratch, (size_t) RHASH_SIZE(pairs) + 1, sizeof(rlm_pair));
}

/* Reads and checks one request, and makes room for its settings. */
static void
check_request(native_scratch *scratch, VALUE request, request_keywords *read, rlm_source_request *checked)
{
    read_request(request, read);
    check_name(read->source, "source");
    checked->source =
        NIL_P(read->api) ? native_source_find(read->source, "source") : native_source_find(read->api, "api");
    check_source(read, checked->source);
    if (!NIL_P(read->provider)) check_name(read->provider, "provider");
    checked->settings = check_pairs(scratch, read->settings, "settings");
    if (!NIL_P(read->headers)) checked->headers = check_pairs(scratch, read->headers, "headers");
    check_text_or_nil(read->base_url, "base_url");
    check_text_or_nil(read->proxy, "proxy");
    check_text_or_nil(read->ca_file, "ca_file");
    checked->request_timeout_ms = milliseconds_or_zero(read->request_timeout, "request_timeout");
    checked->connect_timeout_ms = milliseconds_or_zero(read->connect_timeout, "connect_timeout");
    checked->local = NIL_P(read->local) ? (checked->source->flags & RLM_SOURCE_LOCAL) != 0 : RTEST(read->local);
    if (!NIL_P(read->sheet)) native_check_type(read->sheet, "sheet", T_STRING);
    if (!NIL_P(read->transport)) native_transport_apply(read->transport, checked);
}

static void
read_options(VALUE options, open_keywords *read)
{
    static const char *const keys[] = {
        "requests", "held",    "before",  "now",        "timeout",     "request_timeout", "connect_timeout",
        "retries",  "ca_file", "ca_path", "user_agent", "connections", "documented"};
    VALUE given[13];

    native_keywords(options, keys, 8, 5, given);
    *read = (open_keywords){given[0], given[1], given[2], given[3],  given[4],  given[5], given[6],
                            given[7], given[8], given[9], given[10], given[11], given[12]};
}

static void
check_options(const open_keywords *read, rlm_plan *plan)
{
    native_check_type(read->requests, "requests", T_ARRAY);
    native_check_type(read->held, "held", T_ARRAY);
    plan->request_count = (size_t) RARRAY_LEN(read->requests);
    plan->held_count = (size_t) RARRAY_LEN(read->held);
    if (plan->request_count > RLM_CAP_SOURCES) {
        rb_raise(rb_eArgError,
                 "a refresh can ask at most %d sources, got %" PRIuSIZE ". Choose some with only:", RLM_CAP_SOURCES,
                 plan->request_count);
    }
    for (size_t i = 0; i < plan->held_count; i++) {
        native_check_type(RARRAY_AREF(read->held, (long) i), "a held sheet", T_STRING);
    }
    if (!NIL_P(read->before)) plan->before = native_catalog_block(read->before);
    plan->now = native_integer(read->now, "now", 0, INT64_MAX);
    plan->timeout_ms = milliseconds(read->timeout, "timeout");
    plan->request_timeout_ms = milliseconds(read->request_timeout, "request_timeout");
    plan->connect_timeout_ms = milliseconds(read->connect_timeout, "connect_timeout");
    plan->retries = (int) native_integer(read->retries, "retries", 0, RLM_CAP_RETRIES);
    check_text_or_nil(read->ca_file, "ca_file");
    check_text_or_nil(read->ca_path, "ca_path");
    check_text_or_nil(read->user_agent, "user_agent");
    if (!NIL_P(read->connections))
        plan->connections = (long) native_integer(read->connections, "connections", 1, INT_MAX);
}

/* ---- Taking ---- */

static const char *
take_text(VALUE text)
{
    return NIL_P(text) ? NULL : RSTRING_PTR(text);
}

static rlm_slice
take_bytes(VALUE bytes)
{
    return NIL_P(bytes) ? (rlm_slice){NULL, 0} : native_slice(bytes);
}

static int
take_setting(VALUE name, VALUE value, VALUE cursor)
{
    rlm_pair **pair = (rlm_pair **) cursor;

    *(*pair)++ = (rlm_pair){RSTRING_PTR(name), RSTRING_PTR(value)};
    return ST_CONTINUE;
}

static void
take_pairs(VALUE pairs, const rlm_pair *taken)
{
    rlm_pair *cursor = (rlm_pair *) taken;

    rb_hash_foreach(pairs, take_setting, (VALUE) &cursor);
}

static void
take_request(const request_keywords *read, rlm_source_request *taken)
{
    taken->name = take_text(read->source);
    taken->provider = take_text(read->provider);
    taken->ca_file = take_text(read->ca_file);
    taken->base_url = take_text(read->base_url);
    taken->proxy = take_text(read->proxy);
    taken->sheet = take_bytes(read->sheet);
    take_pairs(read->settings, taken->settings);
    if (taken->headers != NULL) take_pairs(read->headers, taken->headers);
}

static void
take_options(const open_keywords *read, rlm_plan *plan)
{
    plan->ca_file = take_text(read->ca_file);
    plan->ca_path = take_text(read->ca_path);
    plan->user_agent = take_text(read->user_agent);
}

/* ---- Opening ---- */

/*
 * Keep what the run reads or gives back: the catalog, the sheets and the transports. The objects must live as long as
 * the run. Ruby code cannot see these instance variables, whose names have no @.
 */
static void
keep_given(VALUE self, const request_keywords *read, size_t count, VALUE before)
{
    VALUE sheets = rb_ary_new_capa((long) count), transports = rb_ary_new();

    for (size_t i = 0; i < count; i++) {
        rb_ary_push(sheets, NIL_P(read[i].sheet) ? Qnil : rb_str_new_frozen(read[i].sheet));
        if (!NIL_P(read[i].transport)) rb_ary_push(transports, read[i].transport);
    }
    rb_ivar_set(self, rb_intern("before"), before);
    rb_ivar_set(self, rb_intern("sheets"), sheets);
    rb_ivar_set(self, rb_intern("transports"), transports);
}

/*
 * @overload open(requests:, held:, before:, now:, timeout:, request_timeout:, connect_timeout:, retries:, **files)
 *   @param requests [Array<Hash>] `{source: name, settings: {name => value}}` each, with any of `{api:, provider:}`
 *     (slugs; the source's name), `{base_url:, proxy:, ca_file:, request_timeout:, connect_timeout:}`, `{headers:}`
 *     (names and values), `{local:}`, `{sheet:}` (the source's last one, bytes) and `{transport:}` (a MemoryTransport)
 *   @param held [Array<String>] the sheets of the sources that are not asked
 *   @param before [Catalog, nil] the merge of all these sheets; nil: merge even if no source has anything new
 *   @param now [Integer] seconds since 1970
 *   @param timeout [Float] seconds for all of it
 *   @param request_timeout [Float] seconds for one request
 *   @param connect_timeout [Float] seconds to connect
 *   @param retries [Integer] of one request
 *   @param files [Hash] any of `{ca_file:, ca_path:}` (nil: libcurl's own), `{user_agent:}`, `{connections:}` (at
 *     once) and `{documented:}` (see Catalog.merge)
 *   @return [Run]
 *   @raise [ArgumentError, TypeError] names the keyword that is missing, unknown or of the wrong type
 *   @raise [SourceError] for an unknown source
 */
VALUE
native_run_s_open(int argc, VALUE *argv, VALUE class)
{
    native_run *run;
    native_scratch *scratch;
    VALUE self = TypedData_Make_Struct(class, native_run, &native_run_type, run), guard = native_scratch_new(&scratch);
    VALUE options, buffer = 0;
    open_keywords read;
    request_keywords *requests;
    rlm_source_request *asked;
    rlm_slice *sheets;
    rlm_plan plan = {0};
    rlm_error error;
    rlm_status status;

    rb_scan_args(argc, argv, ":", &options);
    read_options(options, &read);
    check_options(&read, &plan);
    plan.documented = native_documented(scratch, read.documented);
    requests = ALLOCV_N(request_keywords, buffer, plan.request_count + 1);
    run->pid = getpid();
    run->count = plan.request_count;
    plan.requests = asked = native_scratch_array(scratch, plan.request_count, sizeof *asked);
    plan.held = sheets = native_scratch_array(scratch, plan.held_count, sizeof *sheets);
    for (size_t i = 0; i < plan.request_count; i++)
        check_request(scratch, RARRAY_AREF(read.requests, (long) i), &requests[i], &asked[i]);

    for (size_t i = 0; i < plan.request_count; i++) take_request(&requests[i], &asked[i]);
    for (size_t i = 0; i < plan.held_count; i++) sheets[i] = take_bytes(RARRAY_AREF(read.held, (long) i));
    take_options(&read, &plan);
    rlm_error_clear(&error);
    status = rlm_refresh_open(&plan, &run->refresh, &error);

    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    RB_GC_GUARD(options);
    native_check(status, &error);
    keep_given(self, requests, plan.request_count, read.before);
    ALLOCV_END(buffer);
    return self;
}
