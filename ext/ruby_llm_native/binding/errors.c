/*
 * Failures of the core as Ruby exceptions.
 *
 *   Error < StandardError     #status (Symbol), #byte (Integer or nil: where in the document)
 *     CatalogError            stored bytes that are no catalog, or no sheet
 *     SourceError             a document that cannot be read as its source's
 *
 * A setting that cannot be used is an ArgumentError, memory that is out a NoMemoryError: Ruby has those already.
 */
#include "binding.h"

VALUE native_error_class;
static VALUE catalog_error_class, source_error_class;

static VALUE
class_of_status(rlm_status status)
{
    switch (status) {
    case RLM_OUT_OF_MEMORY:
        return rb_eNoMemError;
    case RLM_BAD_SETTING:
        return rb_eArgError;
    case RLM_BAD_BLOCK:
        return catalog_error_class;
    case RLM_NETWORK:
    case RLM_TIMED_OUT:
    case RLM_CANCELLED:
        return native_error_class;
    default:
        return source_error_class;
    }
}

VALUE
native_error_message(const rlm_error *error)
{
    const char *text = error->message[0] != '\0' ? error->message : rlm_status_sentence(error->status);
    VALUE message = rb_utf8_str_new_cstr(text);
    VALUE scrubbed = rb_str_scrub(message, Qnil);

    return NIL_P(scrubbed) ? message : scrubbed;
}

VALUE
native_error_byte(const rlm_error *error)
{
    return error->byte < 0 ? Qnil : LL2NUM(error->byte);
}

void
native_raise(const rlm_error *error)
{
    VALUE exception = rb_exc_new_str(class_of_status(error->status), native_error_message(error));

    if (RTEST(rb_obj_is_kind_of(exception, native_error_class))) {
        rb_iv_set(exception, "@status", native_name_symbol(rlm_status_name(error->status)));
        rb_iv_set(exception, "@byte", native_error_byte(error));
    }
    rb_exc_raise(exception);
}

void
native_check(rlm_status status, const rlm_error *error)
{
    rlm_error described;

    if (status == RLM_OK) return;
    if (error->status == status) native_raise(error);
    rlm_error_set(&described, status, NULL); /* some failures, such as of memory, are told by the status alone */
    native_raise(&described);
}

void
native_init_errors(VALUE native)
{
    native_error_class = rb_define_class_under(native, "Error", rb_eStandardError);
    rb_define_attr(native_error_class, "status", 1, 0);
    rb_define_attr(native_error_class, "byte", 1, 0);
    catalog_error_class = rb_define_class_under(native, "CatalogError", native_error_class);
    source_error_class = rb_define_class_under(native, "SourceError", native_error_class);
    rb_gc_register_mark_object(native_error_class);
    rb_gc_register_mark_object(catalog_error_class);
    rb_gc_register_mark_object(source_error_class);
}
