/* MemoryTransport: what one source answers in place of the network. For RubyLLM::Native::Testing. */
#include "transport.h"

#include "fetch/memory_transport.h"

static void
transport_dfree(void *data)
{
    rlm_memory_transport_free(data);
    xfree(data);
}

static size_t
transport_dsize(const void *data)
{
    const rlm_memory_transport *memory = data;

    return sizeof *memory + memory->arena.used;
}

static const rb_data_type_t transport_type = {
    .wrap_struct_name = "RubyLLM::Native::MemoryTransport",
    .function = {.dfree = transport_dfree, .dsize = transport_dsize},
    .flags = NATIVE_TYPED_FREE | RUBY_TYPED_WB_PROTECTED,
};

void
native_transport_apply(VALUE transport, rlm_source_request *request)
{
    const rlm_memory_transport *memory = rb_check_typeddata(transport, &transport_type);

    if (memory->source == NULL) rb_raise(native_error_class, "the transport was never finished");
    if (strcmp(memory->source->slug, request->source->slug) != 0) {
        rb_raise(rb_eArgError, "transport must answer for %s, got one for %s", request->source->slug,
                 memory->source->slug);
    }
    request->source = memory->source;
    request->transport = &memory->transport;
}

/* Read one reply, and leave its body, which is nobody's copy yet. */
static rlm_reply
read_reply(VALUE reply, VALUE *body)
{
    static const char *const keys[] = {"listing", "status", "body"};
    VALUE given[3];
    rlm_reply read = {0};

    native_check_type(reply, "a reply", T_HASH);
    native_keywords(reply, keys, 3, 0, given);
    read.listing = (size_t) native_integer(given[0], keys[0], 0, RLM_SOURCE_LISTINGS - 1);
    read.http_status = (int) native_integer(given[1], keys[1], 0, 999);
    native_check_type(given[2], keys[2], T_STRING);
    *body = given[2];
    return read;
}

/*
 * @overload new(source:, replies:, format: nil)
 *   @param source [String] a slug
 *   @param replies [Array<Hash>] `{listing:, status:, body:}` each: the position of the listing, the HTTP status (0: no
 *     answer comes, and the body says why), the body. Each listing gives its replies in their order; one without
 *     any has no rows
 *   @param format [String, nil] the slug of the source in whose format the bodies are; nil: the source's own
 *   @return [MemoryTransport] frozen
 *   @raise [ArgumentError, TypeError] names the keyword that is missing, unknown or of the wrong type
 *   @raise [SourceError] for an unknown source
 */
static VALUE
transport_s_new(int argc, VALUE *argv, VALUE class)
{
    static const char *const keys[] = {"source", "replies", "format"};
    rlm_memory_transport *memory;
    native_scratch *scratch;
    VALUE self = TypedData_Make_Struct(class, rlm_memory_transport, &transport_type, memory);
    VALUE guard = native_scratch_new(&scratch), given[3], options, body;
    const rlm_source *source, *format;
    rlm_reply *replies;
    rlm_error error;
    long count;

    rb_scan_args(argc, argv, ":", &options);
    native_keywords(options, keys, 2, 1, given);
    source = native_source_find(given[0], keys[0]);
    format = NIL_P(given[2]) ? NULL : native_source_find(given[2], keys[2]);
    native_check_type(given[1], keys[1], T_ARRAY);
    count = RARRAY_LEN(given[1]);
    replies = native_scratch_array(scratch, (size_t) count, sizeof *replies);
    for (long i = 0; i < count; i++) {
        replies[i] = read_reply(RARRAY_AREF(given[1], i), &body);
        replies[i].body = native_scratch_copy(scratch, body);
    }
    rlm_error_clear(&error);
    native_check(rlm_memory_transport_open(memory, source, format, replies, (size_t) count), &error);
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    return rb_obj_freeze(self);
}

/*
 * Document-class: RubyLLM::Native::MemoryTransport
 *
 * What one source answers in place of the network.
 *
 * @api private
 */
void
native_init_transport(VALUE native)
{
    VALUE class = rb_define_class_under(native, "MemoryTransport", rb_cObject);

    rb_undef_alloc_func(class);
    rb_define_singleton_method(class, "new", transport_s_new, -1);
    rb_funcall(native, rb_intern("private_constant"), 1, NATIVE_SYMBOL("MemoryTransport"));
}
