/*
 * Failures of the core as Ruby exceptions.
 *
 *   Error < StandardError     #status (Symbol), #byte (Integer or nil: where in the document)
 *     CatalogError            stored bytes that are no catalog, or no sheet
 *     SourceError             a document that cannot be read as its source's
 *
 * Which failure raises which class is stated in core/base/status.h. A class that Ruby does not have is defined here: it
 * is looked up while the extension loads, before lib/. A setting that cannot be used is an ArgumentError,
 * memory that is out a NoMemoryError: Ruby has those already.
 */
#include "binding.h"

VALUE native_error_class;

/* The exception of each status. */
static VALUE classes[RLM_STATUS_COUNT];

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
    VALUE exception = rb_exc_new_str(classes[error->status], native_error_message(error));

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

/*
 * Document-class: RubyLLM::Native::Error
 *
 * A failure that this gem describes. Others are of Ruby's own classes.
 */
void
native_init_errors(VALUE native)
{
    static const char *const names[] = {
#define X(name, word, class, sentence) #class,
        RLM_STATUSES(X)
#undef X
    };

    native_error_class = rb_define_class_under(native, "Error", rb_eStandardError);
    /* @return [Symbol, nil] which kind of failure it is: see docs/reference/errors.md */
    rb_define_attr(native_error_class, "status", 1, 0);
    /* @return [Integer, nil] where in the document it was found */
    rb_define_attr(native_error_class, "byte", 1, 0);
    /* Stored bytes that are damaged, of another version, or not what they must be. */
    rb_define_class_under(native, "CatalogError", native_error_class);
    /* A document that cannot be read as its source's. */
    rb_define_class_under(native, "SourceError", native_error_class);
    rb_gc_register_mark_object(native_error_class);
    for (int status = RLM_OK; status < RLM_STATUS_COUNT; status++) {
        classes[status] = rb_const_get(native, rb_intern(names[status])); /* one of ours, or else Ruby's own */
        rb_gc_register_mark_object(classes[status]);
    }
}

static VALUE
first_or_nil(const rlm_tally *tally)
{
    return tally->count == 0 ? Qnil : native_error_message(&tally->first);
}

void
native_set_tallies(VALUE hash, const rlm_row_tallies *tallies)
{
    NATIVE_SET(hash, "rejected", SIZET2NUM(tallies->rejected.count));
    NATIVE_SET(hash, "rejection", first_or_nil(&tallies->rejected));
    NATIVE_SET(hash, "left_out", SIZET2NUM(tallies->left_out.count));
    NATIVE_SET(hash, "left_out_reason", first_or_nil(&tallies->left_out));
    NATIVE_SET(hash, "unread_prices", SIZET2NUM(tallies->unread_prices.count));
    NATIVE_SET(hash, "unread_price", first_or_nil(&tallies->unread_prices));
}
