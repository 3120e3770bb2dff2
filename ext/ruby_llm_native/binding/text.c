/* Texts, bytes and names: from the core's slices to Ruby's objects, and names back to their positions. */
#include "binding.h"

rlm_slice
native_slice(VALUE string)
{
    Check_Type(string, T_STRING);
    return (rlm_slice){RSTRING_PTR(string), (size_t) RSTRING_LEN(string)};
}

VALUE
native_text(rlm_slice text)
{
    return text.length == 0 ? Qnil : rb_utf8_str_new(text.bytes, (long) text.length);
}

VALUE
native_interned_text(rlm_slice text)
{
    return text.length == 0 ? Qnil : rb_enc_interned_str(text.bytes, (long) text.length, rb_utf8_encoding());
}

VALUE
native_bytes(const char *bytes, size_t length)
{
    return rb_str_freeze(rb_str_new(bytes, (long) length));
}

VALUE
native_hex(const uint8_t hash[RLM_HASH_SIZE])
{
    char text[RLM_HASH_DIGITS];

    rlm_hash_write(hash, text);
    return rb_str_freeze(rb_usascii_str_new(text, sizeof text));
}

VALUE
native_amount(const rlm_price *price)
{
    char amount[RLM_DECIMAL_TEXT];
    size_t length = rlm_decimal_write((rlm_decimal){price->coefficient, price->exponent}, amount);

    return rb_str_freeze(rb_utf8_str_new(amount, (long) length));
}

VALUE
native_name_symbol(const char *name)
{
    return *name == '\0' ? Qnil : ID2SYM(rb_intern(name));
}

NORETURN(static void raise_unknown(const char *const *names, int count, VALUE symbol, const char *what));

static void
raise_unknown(const char *const *names, int count, VALUE symbol, const char *what)
{
    VALUE known = rb_ary_new();

    for (int i = 0; i < count; i++) {
        if (names[i][0] != '\0') rb_ary_push(known, rb_str_new_cstr(names[i]));
    }
    rb_raise(rb_eArgError, "Unknown %s: %+" PRIsVALUE " (known: %" PRIsVALUE ")", what, symbol,
             rb_ary_join(known, rb_str_new_cstr(", ")));
}

int
native_name_position(const char *const *names, int count, VALUE symbol, const char *what)
{
    VALUE name;
    int position = -1;

    if (NIL_P(symbol)) {
        position = rlm_name_position(names, count, (rlm_slice){NULL, 0});
    } else {
        Check_Type(symbol, T_SYMBOL);
        name = rb_sym2str(symbol);
        if (RSTRING_LEN(name) > 0) position = rlm_name_position(names, count, native_slice(name));
        RB_GC_GUARD(name);
    }
    if (position < 0) raise_unknown(names, count, symbol, what);
    return position;
}
