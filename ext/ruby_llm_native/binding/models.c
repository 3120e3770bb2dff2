/*
 * The objects of a catalog's models, their ids and providers: each is made once, when it is first asked for, and lives
 * as long as the catalog.
 *
 * Ractors share the catalog and take no lock: of two that make the same object at once, one uses the other's.
 */
#include "binding.h"

/* What is kept, each for all models, one after the other. */
enum { KEPT_MODEL, KEPT_ID, KEPT_PROVIDER, KEPT };

void
native_models_mark(void *data)
{
    const native_catalog *catalog = data;
    _Atomic(VALUE) *made = atomic_load(&catalog->made);

    for (size_t i = 0; made != NULL && i < KEPT * catalog->block.count; i++) rb_gc_mark_movable(atomic_load(&made[i]));
}

void
native_models_compact(void *data)
{
    native_catalog *catalog = data;
    _Atomic(VALUE) *made = atomic_load(&catalog->made);

    for (size_t i = 0; made != NULL && i < KEPT * catalog->block.count; i++)
        atomic_store(&made[i], rb_gc_location(atomic_load(&made[i])));
}

size_t
native_models_size(const native_catalog *catalog)
{
    return atomic_load(&catalog->made) == NULL ? 0 : KEPT * catalog->block.count * sizeof(VALUE);
}

/* Room for all objects, none of which is made yet. */
static _Atomic(VALUE) *
room_for(native_catalog *catalog)
{
    _Atomic(VALUE) *made = atomic_load(&catalog->made), *fresh;

    if (made != NULL) return made;
    fresh = calloc(KEPT * catalog->block.count, sizeof *fresh);
    if (fresh == NULL) rb_memerror();
    if (!atomic_compare_exchange_strong(&catalog->made, &made, fresh)) {
        free(fresh);
        return made;
    }
    rb_gc_adjust_memory_usage((ssize_t) native_models_size(catalog));
    return fresh;
}

/* Keep `object` unless another Ractor has been faster; returns the one that is kept. */
static VALUE
keep(VALUE self, _Atomic(VALUE) *place, VALUE object)
{
    VALUE other = 0;

    if (!atomic_compare_exchange_strong(place, &other, object)) return other;
    RB_OBJ_WRITTEN(self, Qundef, object);
    return object;
}

VALUE
native_catalog_model(VALUE self, size_t index)
{
    native_catalog *catalog = native_catalog_get(self);
    _Atomic(VALUE) *place = &room_for(catalog)[KEPT_MODEL * catalog->block.count + index];
    VALUE model = atomic_load(place);

    return model != 0 ? model : keep(self, place, native_model_new(self, index));
}

static VALUE
key_of(VALUE self, size_t index, size_t kind)
{
    native_catalog *catalog = native_catalog_get(self);
    _Atomic(VALUE) *place = &room_for(catalog)[kind * catalog->block.count + index];
    VALUE text = atomic_load(place);
    rlm_slice provider, id;

    if (text != 0) return text;
    rlm_block_key(&catalog->block, index, &provider, &id);
    return keep(self, place, native_interned_text(kind == KEPT_ID ? id : provider));
}

VALUE
native_catalog_id(VALUE self, size_t index)
{
    return key_of(self, index, KEPT_ID);
}

VALUE
native_catalog_provider(VALUE self, size_t index)
{
    return key_of(self, index, KEPT_PROVIDER);
}
