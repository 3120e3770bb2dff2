/*
 * The border to Ruby. What stands in front of it decides nothing: it checks arguments, lets go of the GVL, wraps and
 * raises.
 *
 * Two rules hold everywhere. A C resource belongs to a TypedData before any Ruby function that may raise is called, so
 * a jump frees it. And pointers into Ruby strings are held only while no Ruby function is called: the GC may move them.
 */
#ifndef NATIVE_BINDING_H
#define NATIVE_BINDING_H

#include <ruby.h>
#include <ruby/encoding.h>
#include <ruby/thread.h>

#include "base/caps.h"
#include "registry/merge.h"

#ifdef RUBY_TYPED_THREAD_SAFE_FREE
#define NATIVE_TYPED_FREE (RUBY_TYPED_FREE_IMMEDIATELY | RUBY_TYPED_THREAD_SAFE_FREE)
#else
#define NATIVE_TYPED_FREE RUBY_TYPED_FREE_IMMEDIATELY
#endif

/* The symbol of a literal, looked up once a place. */
#define NATIVE_SYMBOL(literal) ID2SYM(rb_intern(literal))
#define NATIVE_SET(hash, key, value) rb_hash_aset((hash), NATIVE_SYMBOL(key), (value))

/* ---- init.c ---- */

/*
 * Run `work` without the GVL, and nothing else: no interrupt is handled, so nothing jumps. False when one was pending
 * and `work` was not run. `wake` may be NULL.
 */
bool
native_without_gvl(void *(*work)(void *), void *argument, rb_unblock_function_t *wake, void *wake_argument);

/* The same until it has run, handling the interrupts that are in the way: may jump, before `work`. */
void
native_without_gvl_always(void *(*work)(void *), void *argument);

/* C memory that is freed by the GC when a jump leaves it, and by native_scratch_free when nothing does. */
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

/* UTF-8 texts: fresh, or one frozen string for all of equal text. nil for the empty slice. */
VALUE
native_text(rlm_slice text);

VALUE
native_interned_text(rlm_slice text);

/* Frozen and binary. */
VALUE
native_bytes(const char *bytes, size_t length);

VALUE
native_hex(const uint8_t hash[RLM_HASH_SIZE]);

/* The symbol of a name; nil of the empty one. */
VALUE
native_name_symbol(const char *name);

/* The position of a symbol (nil: of the empty name) among the names. ArgumentError when it is none of them. */
int
native_name_position(const char *const *names, int count, VALUE symbol, const char *what);

/* ---- errors.c ---- */

extern VALUE native_error_class;

/* The only place that turns a core's failure into an exception. */
NORETURN(void native_raise(const rlm_error *error));

/* native_raise, unless `status` is RLM_OK. */
void
native_check(rlm_status status, const rlm_error *error);

/* The failure's sentence as valid UTF-8, and its position in bytes or nil. */
VALUE
native_error_message(const rlm_error *error);

VALUE
native_error_byte(const rlm_error *error);

void
native_init_errors(VALUE native);

/* ---- catalog.c ---- */

typedef struct {
    rlm_buffer buffer; /* owns the bytes */
    rlm_block block;   /* opened over them; no bytes: not finished yet */
} native_catalog;

/* A catalog without content, to be filled by the core and then finished. Nobody else has seen it yet. */
VALUE
native_catalog_new(native_catalog **catalog);

/* Any thread: open the block in `buffer`, which must be a catalog's. */
rlm_status
native_catalog_open(native_catalog *catalog, rlm_error *error);

/* Freeze it and tell the GC its size. Returns `self`. */
VALUE
native_catalog_finish(VALUE self, native_catalog *catalog);

/* TypeError, or Error for one that was never finished. */
const rlm_block *
native_catalog_block(VALUE self);

/*
 * A catalog of those models alone, and where each of them is in it: [Catalog, packed]. `packed` has the indexes of
 * models in `self`, none twice. Raises as native_members_check does, and when memory runs out.
 */
VALUE
native_catalog_excerpt(VALUE self, VALUE packed);

void
native_init_catalog(VALUE native);

/* ---- lookup.c ---- */

/* Raises TypeError, ArgumentError or IndexError unless `packed` is a String of indexes of models in the catalog. */
void
native_members_check(VALUE catalog, VALUE packed);

void
native_init_lookup(VALUE catalog_class);

/* ---- model.c ---- */

VALUE
native_model_new(VALUE catalog, size_t index);

void
native_init_model(VALUE native);

/* ---- refresh.c ---- */

void
native_init_refresh(VALUE native);

/* ---- export.c ---- */

void
native_init_export(VALUE native);

/* ---- redact.c ---- */

void
native_init_redact(VALUE native);

#endif
