/* Texts of Ruby's without the credentials of a configuration, for what leaves by another way than a refresh. */
#include "redact/redact.h"

#include "binding.h"

typedef struct {
    rlm_redactor redactor;
    VALUE text, credentials, addresses, proxies;
} redacting;

static void
check(rlm_status status)
{
    rlm_error error;

    rlm_error_clear(&error);
    native_check(status, &error);
}

static VALUE
redact_body(VALUE argument)
{
    redacting *work = (redacting *) argument;
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), redacted;
    rlm_slice text = native_slice(work->text);
    size_t size = text.length * 8 + 1; /* a credential is longer than one byte: more than enough */
    char *out = native_scratch_array(scratch, size, 1);

    Check_Type(work->credentials, T_ARRAY);
    Check_Type(work->addresses, T_ARRAY);
    Check_Type(work->proxies, T_ARRAY);
    for (long i = 0; i < RARRAY_LEN(work->credentials); i++) {
        check(rlm_redactor_add_header(&work->redactor, native_slice(RARRAY_AREF(work->credentials, i))));
    }
    for (long i = 0; i < RARRAY_LEN(work->addresses); i++) {
        check(rlm_redactor_add_url(&work->redactor, native_slice(RARRAY_AREF(work->addresses, i)), false));
    }
    for (long i = 0; i < RARRAY_LEN(work->proxies); i++) {
        check(rlm_redactor_add_url(&work->redactor, native_slice(RARRAY_AREF(work->proxies, i)), true));
    }
    rlm_redact(&work->redactor, native_slice(work->text), out, size);
    redacted = native_text(rlm_slice_of(out));
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    return redacted;
}

static VALUE
forget(VALUE argument)
{
    rlm_redactor_free(&((redacting *) argument)->redactor);
    return Qnil;
}

/*
 * @api private
 * @param text [String]
 * @param credentials [Array<String>] found in every encoding; those of headers also without their scheme
 * @param addresses [Array<String>] whose logins are secrets
 * @param proxies [Array<String>] the same; all before the last @ is a login
 * @return [String, nil] UTF-8 without control characters; nil for ""
 */
static VALUE
native_s_redact(VALUE module, VALUE text, VALUE credentials, VALUE addresses, VALUE proxies)
{
    redacting work = {.text = text, .credentials = credentials, .addresses = addresses, .proxies = proxies};

    rlm_redactor_init(&work.redactor);
    return rb_ensure(redact_body, (VALUE) &work, forget, (VALUE) &work);
}

/*
 * @api private
 * @param address [String]
 * @param proxy [Boolean] whether all before the last @ is a login
 * @return [String] with "[secret]@" in place of its login
 */
static VALUE
native_s_hide_login(VALUE module, VALUE address, VALUE proxy)
{
    rlm_slice text = native_slice(address);
    size_t scheme, login;
    VALUE hidden = rb_enc_str_new(NULL, 0, rb_enc_get(address));

    rlm_redact_login(text, RTEST(proxy), &scheme, &login);
    if (login == 0) return address;
    rb_str_buf_cat(hidden, text.bytes, (long) scheme);
    rb_str_buf_cat(hidden, "[secret]@", 9);
    rb_str_buf_cat(hidden, text.bytes + scheme + login, (long) (text.length - scheme - login));
    RB_GC_GUARD(address);
    return hidden;
}

void
native_init_redact(VALUE native)
{
    rb_define_module_function(native, "redact", native_s_redact, 4);
    rb_define_module_function(native, "hide_login", native_s_hide_login, 2);
}
