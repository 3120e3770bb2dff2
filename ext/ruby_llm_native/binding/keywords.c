/* Keywords at the border: each is named when it is missing, unknown or of the wrong type. */
#include "binding.h"

#define MOST_KEYWORDS 16

void
native_keywords(VALUE hash, const char *const *keys, int required, int optional, VALUE *values)
{
    ID ids[MOST_KEYWORDS];

    if (required + optional > MOST_KEYWORDS) rb_bug("native_keywords: more than %d", MOST_KEYWORDS);
    for (int i = 0; i < required + optional; i++) ids[i] = rb_intern(keys[i]);
    if (!NIL_P(hash)) Check_Type(hash, T_HASH);
    hash = NIL_P(hash) ? rb_hash_new() : rb_hash_dup(hash); /* rb_get_kwargs takes them out */
    rb_get_kwargs(hash, ids, required, optional, values);
    for (int i = required; i < required + optional; i++) {
        if (values[i] == Qundef) values[i] = Qnil;
    }
}

NORETURN(static void refuse(VALUE value, const char *key, const char *needed));

static void
refuse(VALUE value, const char *key, const char *needed)
{
    rb_raise(rb_eTypeError, "%s must be %s, got %" PRIsVALUE, key, needed, rb_obj_class(value));
}

void
native_check_type(VALUE value, const char *key, enum ruby_value_type type)
{
    if (RB_TYPE_P(value, type)) return;
    switch (type) {
    case T_ARRAY:
        refuse(value, key, "an Array");
    case T_FLOAT:
        refuse(value, key, "a number");
    case T_HASH:
        refuse(value, key, "a Hash");
    default:
        refuse(value, key, "a String");
    }
}

void
native_check_text(VALUE value, const char *key)
{
    native_check_type(value, key, T_STRING);
    if (RSTRING_LEN(value) > 0 && memchr(RSTRING_PTR(value), '\0', (size_t) RSTRING_LEN(value)) != NULL)
        rb_raise(rb_eArgError, "%s must not contain a NUL byte", key);
    StringValueCStr(value); /* ends it with a NUL */
}

long long
native_integer(VALUE value, const char *key, long long least, long long most)
{
    long long number;

    if (!RB_INTEGER_TYPE_P(value)) refuse(value, key, "an Integer");
    number = NUM2LL(value);
    if (number < least || number > most)
        rb_raise(rb_eArgError, "%s must be between %lld and %lld, got %lld", key, least, most, number);
    return number;
}

const rlm_source *
native_source_find(VALUE slug, const char *key)
{
    const rlm_source *source;
    rlm_error error;

    native_check_text(slug, key);
    source = rlm_source_find(native_slice(slug));
    if (source != NULL) return source;
    rlm_error_clear(&error);
    rlm_error_set(&error, RLM_UNKNOWN_SOURCE, "unknown source \"%s\"", RSTRING_PTR(slug));
    native_raise(&error);
}
