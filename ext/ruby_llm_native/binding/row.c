/* What rows of a database are made of, and would be slow to make in Ruby. */
#include "binding.h"

#include "registry/row.h"
#include "json/plain.h"

/*
 * @api private
 * @param pricing [String] JSON
 * @return [String] the facts in a row's `metadata`, as JSON without the braces
 */
static VALUE
model__row_json(VALUE self, VALUE pricing)
{
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), text;
    rlm_record record = native_model_record(self);
    rlm_error error;

    rlm_error_clear(&error);
    native_check(rlm_row_write(&record, native_slice(pricing), &scratch->buffer), &error);
    text = rb_utf8_str_new(scratch->buffer.bytes, (long) scratch->buffer.length);
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    RB_GC_GUARD(self);
    RB_GC_GUARD(pricing);
    return text;
}

/*
 * @api private
 * @param text [String] valid JSON
 * @param longest [Integer] bytes of a number
 * @return [Boolean] whether it has no escape of U+0000 or of a surrogate, and no number that has an exponent or is
 *   longer
 */
static VALUE
native_s_plain_json_p(VALUE module, VALUE text, VALUE longest)
{
    size_t most = NUM2SIZET(longest);

    return rlm_json_is_plain(native_slice(text), most) ? Qtrue : Qfalse;
}

void
native_init_row(VALUE native)
{
    rb_define_method(rb_const_get(native, rb_intern("Model")), "row_json", model__row_json, 1);
    rb_define_module_function(native, "plain_json?", native_s_plain_json_p, 2);
}
