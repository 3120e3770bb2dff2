/*
 * The border to Ruby. The binding decides nothing: it checks arguments, releases the GVL, wraps and raises.
 *
 * Two rules hold everywhere. A C resource belongs to a TypedData before any Ruby function that may raise is called, so
 * that a jump frees it. Pointers into Ruby strings are held only while no Ruby function is called: the GC may move the
 * bytes.
 */
#ifndef NATIVE_BINDING_H
#define NATIVE_BINDING_H

#include <ruby.h>
#include <ruby/encoding.h>
#include <ruby/thread.h>
#include <stdatomic.h>

#include "base/caps.h"
#include "base/regular_file.h"
#include "registry/merge.h"

#ifdef RUBY_TYPED_THREAD_SAFE_FREE
#define NATIVE_TYPED_FREE (RUBY_TYPED_FREE_IMMEDIATELY | RUBY_TYPED_THREAD_SAFE_FREE)
#else
#define NATIVE_TYPED_FREE RUBY_TYPED_FREE_IMMEDIATELY
#endif

/*
 * For small structs: they stand in the object's slot, so that to make one writes no memory elsewhere, which a forked
 * process would then have to copy. Only rb_check_typeddata knows where. Since Ruby 3.3.
 */
#ifdef TYPED_DATA_EMBEDDED
#define NATIVE_TYPED_EMBEDDED RUBY_TYPED_EMBEDDABLE
#else
#define NATIVE_TYPED_EMBEDDED 0
#endif

/* The symbol of a literal; each place looks it up once. */
#define NATIVE_SYMBOL(literal) ID2SYM(rb_intern(literal))
#define NATIVE_SET(hash, key, value) rb_hash_aset((hash), NATIVE_SYMBOL(key), (value))

/* ---- gvl.c ---- */

/*
 * Run `work` without the GVL. Never jumps: no interrupt is handled. False, without running `work`, when an interrupt
 * was pending. `wake` may be NULL.
 */
bool
native_without_gvl(void *(*work)(void *), void *argument, rb_unblock_function_t *wake, void *wake_argument);

/* Run `work` for certain, handling pending interrupts first: may jump before `work` runs, never after. */
void
native_without_gvl_always(void *(*work)(void *), void *argument);

/* ---- scratch.c ---- */

/* C memory that native_scratch_free frees, or the GC after a jump. */
typedef struct {
    rlm_arena arena;
    rlm_buffer buffer;
} native_scratch;

/* Hidden from Ruby. RB_GC_GUARD it. */
VALUE
native_scratch_new(native_scratch **scratch);

void
native_scratch_free(native_scratch *scratch);

/* A copy of the string's bytes, aligned for a block. Raises TypeError, NoMemoryError. */
rlm_slice
native_scratch_copy(native_scratch *scratch, VALUE string);

/* A zeroed array in the arena. Raises NoMemoryError. */
void *
native_scratch_array(native_scratch *scratch, size_t count, size_t size);

/* ---- text.c ---- */

/* The bytes of a String. TypeError. Valid while no Ruby function is called. */
rlm_slice
native_slice(VALUE string);

/* UTF-8 texts: a new string, or the one frozen string of that text. nil for the empty slice. */
VALUE
native_text(rlm_slice text);

VALUE
native_interned_text(rlm_slice text);

/* Frozen and binary. */
VALUE
native_bytes(const char *bytes, size_t length);

VALUE
native_hex(const uint8_t hash[RLM_HASH_SIZE]);

/* The amount as a decimal, frozen. `price` is read before Ruby is called. */
VALUE
native_amount(const rlm_price *price);

/* The symbol of a name; nil for the empty name. */
VALUE
native_name_symbol(const char *name);

/* The position of a symbol among the names; nil is the empty name. ArgumentError when it is not among them. */
int
native_name_position(const char *const *names, int count, VALUE symbol, const char *what);

/* ---- price.c ---- */

/* Time.now of Ruby, which tests may move, in seconds since 1970. */
int64_t
native_now(void);

/* ---- keywords.c ---- */

/*
 * The values of these keys, first the required and then the optional ones, which are nil when they are not given.
 * TypeError unless `hash` is a Hash or nil; ArgumentError when a key is missing or unknown.
 */
void
native_keywords(VALUE hash, const char *const *keys, int required, int optional, VALUE *values);

/* TypeError that names the key, unless the value is of that type. */
void
native_check_type(VALUE value, const char *key, enum ruby_value_type type);

/* The same for a String; ArgumentError when it has a NUL byte, at which C's strings end. */
void
native_check_text(VALUE value, const char *key);

/* An Integer from `least` to `most`. TypeError, ArgumentError, or RangeError for one that no long long holds. */
long long
native_integer(VALUE value, const char *key, long long least, long long most);

/* The source of that slug. TypeError, ArgumentError, or SourceError when there is none. */
const rlm_source *
native_source_find(VALUE slug, const char *key);

/* ---- errors.c ---- */

extern VALUE native_error_class;

/* The only place that turns a failure of the core into an exception. */
NORETURN(void native_raise(const rlm_error *error));

/* native_raise, unless `status` is RLM_OK. */
void
native_check(rlm_status status, const rlm_error *error);

/* The failure's message as valid UTF-8; its position in bytes, or nil. */
VALUE
native_error_message(const rlm_error *error);

/* What was not read of an answer, by the names of Outcome. */
void
native_set_tallies(VALUE hash, const rlm_row_tallies *tallies);

VALUE
native_error_byte(const rlm_error *error);

void
native_init_errors(VALUE native);

/* ---- catalog.c ---- */

/* A list of providers, nil for all, as rlm_merge takes it; in the scratch's arena. TypeError. */
rlm_slice
native_documented(native_scratch *scratch, VALUE providers);

typedef struct {
    rlm_buffer buffer;              /* owns the bytes, unless `string` has them */
    VALUE string;                   /* frozen, and pinned: an embedded one would move. Or 0 */
    rlm_block block;                /* opened over the bytes; without any: not finished yet */
    _Atomic(_Atomic(VALUE) *) made; /* owns what models.c keeps in it; NULL before the first object */
} native_catalog;

/*
 * An empty catalog, for the core to fill and open; native_catalog_finish comes next. Nothing else may see it before.
 */
VALUE
native_catalog_new(native_catalog **catalog);

/* Freeze it and tell the GC its size. Returns `self`. */
VALUE
native_catalog_finish(VALUE self, native_catalog *catalog);

/* TypeError, or Error for one that was never finished. */
native_catalog *
native_catalog_get(VALUE self);

const rlm_block *
native_catalog_block(VALUE self);

/*
 * A catalog of those models alone, and their positions in it: [Catalog, packed]. `packed` holds indexes of models in
 * `self`, without repetitions. Raises as native_members_check does, and when memory runs out.
 */
VALUE
native_catalog_excerpt(VALUE self, VALUE packed);

void
native_init_catalog(VALUE native);

/* ---- blocks.c ---- */

void
native_init_blocks(VALUE native);

/* ---- lookup.c ---- */

/* Raises TypeError, ArgumentError or IndexError unless `packed` is a String of indexes of models in the catalog. */
void
native_members_check(VALUE catalog, VALUE packed);

void
native_init_lookup(VALUE catalog_class);

/* ---- models.c ---- */

/* The object of the model at `index`, below the catalog's count; its id and provider. May raise NoMemoryError. */
VALUE
native_catalog_model(VALUE self, size_t index);

VALUE
native_catalog_id(VALUE self, size_t index);

VALUE
native_catalog_provider(VALUE self, size_t index);

/* For the TypedData of a native_catalog. */
void
native_models_mark(void *data);

void
native_models_compact(void *data);

size_t
native_models_size(const native_catalog *catalog);

/* ---- lookup_cache.c ---- */

void
native_init_lookup_cache(VALUE native);

/* ---- model.c ---- */

/* For models.c alone. */
VALUE
native_model_new(VALUE catalog, size_t index);

/* Its texts and prices are the catalog's: RB_GC_GUARD the model. */
rlm_record
native_model_record(VALUE self);

void
native_init_model(VALUE native);

/* ---- refresh.c ---- */

void
native_init_refresh(VALUE native);

/* ---- memory_transport.c ---- */

void
native_init_transport(VALUE native);

/* ---- export.c ---- */

void
native_init_export(VALUE native);

/* ---- row.c ---- */

void
native_init_row(VALUE native);

void
native_init_price(VALUE native);

void
native_init_controls(VALUE native);

/* ---- files.c ---- */

/* A path as a String that no other thread can change. TypeError, ArgumentError. */
VALUE
native_path(VALUE path);

/*
 * Raise what a call of base/regular_file.h has returned, unless it is 0. Its check keeps the GVL: to wait for it again
 * takes longer than the look, and often there is no file to read.
 */
void
native_check_file(int code, const rlm_file_read *result, VALUE path);

void
native_init_files(VALUE native);

/* ---- redact.c ---- */

void
native_init_redact(VALUE native);

#endif
