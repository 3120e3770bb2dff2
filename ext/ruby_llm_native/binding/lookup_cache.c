/*
 * LookupCache: what a registry, or ruby_llm's list, answers from as long as nothing has changed. In C because each step
 * of that check, as a method in Ruby, takes as long as the lookup itself. Read still_holds first.
 *
 * Threads share it without a lock: no Ruby code runs between a check and what follows from it, and hold changes all
 * fields at once.
 */
#include "binding.h"

#include <math.h>
#include <time.h>

#ifdef CLOCK_MONOTONIC_COARSE
#define CHEAP_CLOCK CLOCK_MONOTONIC_COARSE /* a quarter of the time, but some milliseconds late */
#else
#define CHEAP_CLOCK CLOCK_MONOTONIC
#endif
#define LATE_BY 1.0 /* seconds, at most */

typedef struct {
    VALUE contents; /* of the registry, now; nil before the first use */
    VALUE held;     /* the contents, the configuration and its version for which `current` and `answers` hold */
    VALUE configuration;
    VALUE version;
    VALUE current;
    VALUE answers;   /* provider => id => answer */
    VALUE anywhere;  /* those of no provider: id => answer */
    double check_at; /* seconds of the monotonic clock; infinite: never */
    bool given;      /* something, since given! */
} lookup_cache;

#define FIELDS 7 /* VALUEs, from the first */

static void
cache_dmark(void *data)
{
    const VALUE *fields = data;

    for (int i = 0; i < FIELDS; i++) rb_gc_mark_movable(fields[i]);
}

static void
cache_dcompact(void *data)
{
    VALUE *fields = data;

    for (int i = 0; i < FIELDS; i++) fields[i] = rb_gc_location(fields[i]);
}

static size_t
cache_dsize(const void *data)
{
    return sizeof(lookup_cache);
}

static const rb_data_type_t cache_type = {
    .wrap_struct_name = "RubyLLM::Native::LookupCache",
    .function = {.dmark = cache_dmark,
                 .dfree = RUBY_TYPED_DEFAULT_FREE,
                 .dsize = cache_dsize,
                 .dcompact = cache_dcompact},
    .flags = NATIVE_TYPED_FREE | RUBY_TYPED_WB_PROTECTED,
};

static void
hold_nothing(lookup_cache *cache)
{
    cache->configuration = cache->version = cache->current = cache->answers = cache->anywhere = Qnil;
    cache->held = Qfalse;
}

static VALUE
cache_s_allocate(VALUE class)
{
    lookup_cache *cache;
    VALUE self = TypedData_Make_Struct(class, lookup_cache, &cache_type, cache);

    cache->contents = Qnil;
    cache->check_at = HUGE_VAL;
    hold_nothing(cache);
    return self;
}

static lookup_cache *
cache_of(VALUE self)
{
    return rb_check_typeddata(self, &cache_type);
}

static double
seconds_of(clockid_t clock)
{
    struct timespec now;

    return clock_gettime(clock, &now) == 0 ? (double) now.tv_sec + (double) now.tv_nsec * 1e-9 : HUGE_VAL;
}

static bool
is_due(double check_at)
{
    return check_at != HUGE_VAL && seconds_of(CHEAP_CLOCK) + LATE_BY >= check_at &&
           seconds_of(CLOCK_MONOTONIC) >= check_at;
}

/* What gives nothing new writes nothing: forked processes share the page. */
static bool
still_holds(lookup_cache *cache, VALUE configuration, VALUE version)
{
    if (cache->contents != cache->held || cache->configuration != configuration || cache->version != version ||
        is_due(cache->check_at))
        return false;
    if (!cache->given) cache->given = true;
    return true;
}

/*
 * @api private
 * @return [RegistryContents, nil] the registry's now
 */
static VALUE
cache__contents(VALUE self)
{
    return cache_of(self)->contents;
}

/*
 * @api private
 * @param contents [RegistryContents, nil] from now on; what is held for others is never given again
 * @return [RegistryContents, nil]
 */
static VALUE
cache__set_contents(VALUE self, VALUE contents)
{
    RB_OBJ_WRITE(self, &cache_of(self)->contents, contents);
    return contents;
}

/*
 * @api private
 * @param contents [RegistryContents, nil]
 * @return [Boolean] whether these are the registry's, and the store need not be looked at
 */
static VALUE
cache__settled_p(VALUE self, VALUE contents)
{
    const lookup_cache *cache = cache_of(self);

    return !NIL_P(contents) && cache->contents == contents && !is_due(cache->check_at) ? Qtrue : Qfalse;
}

/*
 * @api private
 * @param seconds [Float, nil] of the monotonic clock: from then on nothing is given; nil: never
 * @return [Float, nil]
 */
static VALUE
cache__set_check_at(VALUE self, VALUE seconds)
{
    double check_at = NIL_P(seconds) ? HUGE_VAL : NUM2DBL(seconds);

    cache_of(self)->check_at = check_at;
    return seconds;
}

/*
 * @api private
 * @overload hold(current, contents, configuration, version)
 *   @param current [CurrentView] what to give as long as all of the following are the same; if the contents are not
 *     the registry's any more, it is not held
 *   @param contents [RegistryContents]
 *   @param configuration [Configuration]
 *   @param version [Integer] the configuration's
 *   @return [CurrentView]
 */
static VALUE
cache__hold(VALUE self, VALUE current, VALUE contents, VALUE configuration, VALUE version)
{
    lookup_cache *cache = cache_of(self);
    VALUE answers = rb_funcall(current, rb_intern("answers"), 0), anywhere;

    Check_Type(answers, T_HASH);
    anywhere = rb_hash_lookup(answers, Qnil);
    Check_Type(anywhere, T_HASH);
    if (cache->contents != contents) return current;
    RB_OBJ_WRITE(self, &cache->held, contents);
    RB_OBJ_WRITE(self, &cache->configuration, configuration);
    RB_OBJ_WRITE(self, &cache->version, version);
    RB_OBJ_WRITE(self, &cache->current, current);
    RB_OBJ_WRITE(self, &cache->answers, answers);
    RB_OBJ_WRITE(self, &cache->anywhere, anywhere);
    return current;
}

/*
 * @api private
 * @return [CurrentView, nil] what was held last, whether or not it still holds
 */
static VALUE
cache__last(VALUE self)
{
    return cache_of(self)->current;
}

/*
 * Hold nothing any more.
 *
 * @api private
 * @return [nil]
 */
static VALUE
cache__release(VALUE self)
{
    hold_nothing(cache_of(self));
    return Qnil;
}

/*
 * @api private
 * @return [Boolean] whether it has given anything since this was last asked
 */
static VALUE
cache__given(VALUE self)
{
    lookup_cache *cache = cache_of(self);
    bool given = cache->given;

    cache->given = false;
    return given ? Qtrue : Qfalse;
}

/*
 * @api private
 * @param configuration [Configuration] the registry's now
 * @param version [Integer] its version now
 * @return [CurrentView, nil] what was held last, if it still holds
 */
static VALUE
cache__current(VALUE self, VALUE configuration, VALUE version)
{
    lookup_cache *cache = cache_of(self);

    return still_holds(cache, configuration, version) ? cache->current : Qnil;
}

/*
 * @api private
 * @overload answer(id, provider, configuration, version)
 *   @param id [String, Symbol]
 *   @param provider [String, Symbol, nil]
 *   @param configuration [Configuration] the registry's now
 *   @param version [Integer] its version now
 *   @return [Model, false, nil] the answer, false for none; nil when it is not known, or may no longer hold
 */
static VALUE
cache__answer(VALUE self, VALUE id, VALUE provider, VALUE configuration, VALUE version)
{
    lookup_cache *cache = cache_of(self);
    VALUE answers;

    if (!still_holds(cache, configuration, version)) return Qnil;
    answers = NIL_P(provider) ? cache->anywhere : rb_hash_lookup2(cache->answers, provider, Qnil);
    return NIL_P(answers) ? Qnil : rb_hash_lookup2(answers, id, Qnil);
}

/* ---- ruby_llm's list ---- */

static ID id_cache; /* where a list keeps its cache */

static bool
is_plain_hash(VALUE object)
{
    return RB_TYPE_P(object, T_HASH) && RBASIC_CLASS(object) == rb_cHash;
}

static bool
is_plain_string(VALUE object)
{
    return RB_TYPE_P(object, T_STRING) && RBASIC_CLASS(object) == rb_cString;
}

/* rb_str_equal of strings that are mostly equal, without its calls. */
static bool
is_same_text(VALUE one, VALUE other)
{
    return RSTRING_LEN(one) == RSTRING_LEN(other) &&
           memcmp(RSTRING_PTR(one), RSTRING_PTR(other), (size_t) RSTRING_LEN(one)) == 0 &&
           (RB_ENCODING_GET(one) == RB_ENCODING_GET(other) || RTEST(rb_str_equal(one, other)));
}

static int
take_first(VALUE key, VALUE value, VALUE first)
{
    (void) key;
    *(VALUE *) first = value;
    return ST_STOP;
}

/*
 * What ruby_llm's Aliases.resolve makes of an id, by the same steps: nil when there is no alias, Qundef for what only
 * Ruby can tell. A Hash with a default block may run Ruby code.
 */
static VALUE
meaning_of(VALUE names, VALUE id, VALUE provider)
{
    VALUE of_providers, meaning = Qnil;

    if (!is_plain_hash(names) || !(is_plain_string(id) || SYMBOL_P(id))) return Qundef;
    of_providers = rb_hash_aref(names, id);
    if (!RTEST(of_providers)) return Qnil;
    if (!is_plain_hash(of_providers)) return Qundef;
    if (NIL_P(provider)) {
        rb_hash_foreach(of_providers, take_first, (VALUE) &meaning);
    } else if (is_plain_string(provider) || SYMBOL_P(provider)) {
        meaning = rb_hash_aref(of_providers, SYMBOL_P(provider) ? rb_sym2str(provider) : provider);
    } else {
        return Qundef;
    }
    if (!RTEST(meaning)) return Qnil;
    return is_plain_string(meaning) ? meaning : Qundef;
}

/*
 * @api private
 * @overload meaning(names, id, provider)
 *   @param names [Hash] ruby_llm's aliases
 *   @param id [String, Symbol]
 *   @param provider [String, Symbol, nil]
 *   @return [String, nil, false] a frozen copy of the id for which the name stands; nil: it is no alias; false: only
 *     ruby_llm can tell
 */
static VALUE
cache_s_meaning(VALUE class, VALUE names, VALUE id, VALUE provider)
{
    VALUE meaning = meaning_of(names, id, provider);

    (void) class;
    if (meaning == Qundef) return Qfalse;
    return NIL_P(meaning) ? Qnil : rb_str_new_frozen(meaning);
}

/*
 * From answers that are kept as `[meaning, answer]`, each with what the name stood for.
 *
 * @api private
 * @overload answer_in(list, models, id, provider, names, aliases)
 *   @param list [EntryList, Array] with a cache, held for these aliases and the class of these models
 *   @param models [RubyLLM::Models]
 *   @param id [String, Symbol]
 *   @param provider [String, Symbol, nil]
 *   @param names [Hash] ruby_llm's aliases now
 *   @param aliases [Hash] the program's own now
 *   @return [Object, false, nil] the answer, false for none; nil when it is not known, or may no longer hold
 */
static VALUE
cache_s_answer_in(VALUE class, VALUE list, VALUE models, VALUE id, VALUE provider, VALUE names, VALUE aliases)
{
    VALUE meaning = meaning_of(names, id, provider), cache, kept, meant;

    (void) class;
    if (meaning == Qundef || !RB_TYPE_P(list, T_ARRAY)) return Qnil;
    cache = rb_attr_get(list, id_cache);
    if (!rb_typeddata_is_kind_of(cache, &cache_type)) return Qnil;
    kept = cache__answer(cache, id, provider, aliases, rb_obj_class(models));
    if (!RB_TYPE_P(kept, T_ARRAY) || RARRAY_LEN(kept) != 2) return Qnil;
    meant = RARRAY_AREF(kept, 0);
    if (NIL_P(meant) || NIL_P(meaning) ? meant != meaning : !is_same_text(meant, meaning)) return Qnil;
    return RARRAY_AREF(kept, 1);
}

/*
 * Document-class: RubyLLM::Native::LookupCache
 *
 * What a registry answers from as long as nothing has changed.
 *
 * @api private
 */
void
native_init_lookup_cache(VALUE native)
{
    VALUE class = rb_define_class_under(native, "LookupCache", rb_cObject);

    id_cache = rb_intern("@cache");
    rb_define_alloc_func(class, cache_s_allocate);
    rb_undef_method(class, "initialize_copy");
    rb_define_method(class, "contents", cache__contents, 0);
    rb_define_method(class, "contents=", cache__set_contents, 1);
    rb_define_method(class, "settled?", cache__settled_p, 1);
    rb_define_method(class, "check_at=", cache__set_check_at, 1);
    rb_define_method(class, "hold", cache__hold, 4);
    rb_define_method(class, "last", cache__last, 0);
    rb_define_method(class, "release", cache__release, 0);
    rb_define_method(class, "given!", cache__given, 0);
    rb_define_method(class, "current", cache__current, 2);
    rb_define_method(class, "answer", cache__answer, 4);
    rb_define_singleton_method(class, "meaning", cache_s_meaning, 3);
    rb_define_singleton_method(class, "answer_in", cache_s_answer_in, 6);
    rb_funcall(native, rb_intern("private_constant"), 1, NATIVE_SYMBOL("LookupCache"));
}
