/*
 * How a model is steered, what may be done with it, and where it is in its life, as lib/ruby_llm/native/controls.rb and
 * life_cycle.rb read it.
 */
#include "binding.h"

#include "model/life.h"

static VALUE
three_valued(rlm_flags flags, int position)
{
    if ((flags.yes & RLM_BIT(position)) != 0) return Qtrue;
    return (flags.no & RLM_BIT(position)) != 0 ? Qfalse : Qnil;
}

static VALUE
symbols(uint32_t bits, const char *const *names, int count)
{
    VALUE array = rb_ary_new();

    for (int i = 0; i < count; i++) {
        if ((bits & RLM_BIT(i)) != 0) rb_ary_push(array, native_name_symbol(names[i]));
    }
    return rb_obj_freeze(array);
}

/*
 * @api private
 * @param trait [Symbol] :open_weights, :training, …
 * @return [Boolean, nil] nil where no source states it
 */
static VALUE
model__trait(VALUE self, VALUE trait)
{
    int position = native_name_position(rlm_trait_names, RLM_TRAIT_COUNT, trait, "trait");
    VALUE value = three_valued(native_model_record(self).traits, position);

    RB_GC_GUARD(self);
    return value;
}

/*
 * @api private
 * @return [Array(Array<Symbol>, Array<Symbol>)] the parameters that it accepts, and those that it does not
 */
static VALUE
model__parameter_names(VALUE self)
{
    rlm_flags flags = native_model_record(self).parameters;

    RB_GC_GUARD(self);
    return rb_assoc_new(symbols(flags.yes, rlm_parameter_names, RLM_PARAMETER_COUNT),
                        symbols(flags.no, rlm_parameter_names, RLM_PARAMETER_COUNT));
}

/*
 * @api private
 * @return [Array(Array<Symbol>, Array<Symbol>, Symbol)] the efforts that it has, those that it has not, and the default
 *   or nil
 */
static VALUE
model__efforts(VALUE self)
{
    const rlm_record record = native_model_record(self);
    VALUE names = rb_ary_new_from_args(
        3, symbols(record.efforts.yes, rlm_effort_names, RLM_EFFORT_COUNT),
        symbols(record.efforts.no, rlm_effort_names, RLM_EFFORT_COUNT),
        record.default_effort == 0 ? Qnil : native_name_symbol(rlm_effort_names[record.default_effort - 1]));

    RB_GC_GUARD(self);
    return names;
}

/*
 * @api private
 * @return [Array<Array(Symbol, Symbol, String)>] each bound: of what, :min, :max or :default, and the number
 */
static VALUE
model__bound_list(VALUE self)
{
    const rlm_record record = native_model_record(self);
    VALUE bounds = rb_ary_new_capa((long) record.bound_count);

    for (uint32_t i = 0; i < record.bound_count; i++) {
        const rlm_bound bound = record.bounds[i];
        const rlm_price number = {.coefficient = bound.coefficient, .exponent = bound.exponent};

        rb_ary_push(bounds,
                    rb_ary_new_from_args(3, native_name_symbol(rlm_bounded_names[bound.of]),
                                         native_name_symbol(rlm_bound_names[bound.kind]), native_amount(&number)));
    }
    RB_GC_GUARD(self);
    return bounds;
}

static VALUE
lines(rlm_slice list)
{
    VALUE array = rb_ary_new();
    rlm_slice line;

    while (rlm_id_list_next(&list, &line)) rb_ary_push(array, native_interned_text(line));
    return rb_obj_freeze(array);
}

/*
 * @api private
 * @return [Array<String>] the kind of each replacement, a blank and its id
 */
static VALUE
model__replacement_list(VALUE self)
{
    VALUE list = lines(native_model_record(self).replacements);

    RB_GC_GUARD(self);
    return list;
}

/*
 * @return [Array<String>] the regions in which its provider keeps data, as it names them; empty where nobody states it
 * @example
 *   model.data_regions  # => ["eu", "us"]
 */
static VALUE
model__data_regions(VALUE self)
{
    VALUE list = lines(native_model_record(self).data_regions);

    RB_GC_GUARD(self);
    return list;
}

/*
 * @return [String, nil] the licence of its weights, as its source names it
 * @example
 *   model.license  # => "apache-2.0"
 */
static VALUE
model__license(VALUE self)
{
    VALUE text = native_interned_text(native_model_record(self).license);

    RB_GC_GUARD(self);
    return text;
}

/* ---- Life ---- */

/*
 * @api private
 * @param at [Integer] seconds since 1970
 * @return [Symbol, nil] :active, …, :deprecated, :overdue or :retired
 */
static VALUE
model__life(VALUE self, VALUE at)
{
    const int64_t seconds = NUM2LL(at), now = native_now();
    const rlm_record record = native_model_record(self);
    VALUE name = native_name_symbol(rlm_life_names[rlm_life_at(&record, seconds, now)]);

    RB_GC_GUARD(self);
    return name;
}

/* As many changes of life are told of. */
#define MOST_CHANGES 1000

/*
 * @api private
 * @param before [Catalog] the former one
 * @param then [Integer] when that was looked at last, in seconds since 1970
 * @param now [Integer] likewise
 * @return [Array<Array(Integer, Symbol, Symbol)>] the index of each listed model, or one that was, whose state is or
 *   was an end; the former state, and the new one. No more than 1,000
 */
static VALUE
catalog__life_changes(VALUE self, VALUE before, VALUE then, VALUE now)
{
    const rlm_block *block = native_catalog_block(self), *old = native_catalog_block(before);
    const int64_t was = NUM2LL(then), is = NUM2LL(now);
    VALUE changes = rb_ary_new();

    for (size_t i = 0; i < block->count && RARRAY_LEN(changes) < MOST_CHANGES; i++) {
        rlm_record record, former;
        size_t place;
        uint8_t from, to;

        rlm_block_record(block, i, &record);
        place = rlm_block_find(old, record.provider, record.id);
        if (place == old->count) continue;
        rlm_block_record(old, place, &former);
        if (record.standing != RLM_STANDING_LISTED && former.standing != RLM_STANDING_LISTED) continue;
        from = rlm_life_at(&former, was, was);
        to = rlm_life_at(&record, is, is);
        if (from == to || !(rlm_life_ends(from) || rlm_life_ends(to))) continue;
        rb_ary_push(changes, rb_ary_new_from_args(3, SIZET2NUM(i), native_name_symbol(rlm_life_names[from]),
                                                  native_name_symbol(rlm_life_names[to])));
    }
    RB_GC_GUARD(self);
    RB_GC_GUARD(before);
    return changes;
}

void
native_init_controls(VALUE native)
{
    VALUE model_class = rb_const_get(native, rb_intern("Model"));

    /* What a request may set, as {Model#accepts?} and {Model#parameters} name it. */
    rb_define_const(native, "PARAMETERS", symbols(UINT32_MAX, rlm_parameter_names, RLM_PARAMETER_COUNT));
    /* The efforts of {Model#reasoning}, the least first. */
    rb_define_const(native, "REASONING_EFFORTS", symbols(UINT32_MAX, rlm_effort_names, RLM_EFFORT_COUNT));
    rb_define_method(model_class, "life", model__life, 1);
    rb_define_method(rb_const_get(native, rb_intern("Catalog")), "life_changes", catalog__life_changes, 3);
    rb_define_method(model_class, "trait", model__trait, 1);
    rb_define_method(model_class, "parameter_names", model__parameter_names, 0);
    rb_define_method(model_class, "efforts", model__efforts, 0);
    rb_define_method(model_class, "bound_list", model__bound_list, 0);
    rb_define_method(model_class, "replacement_list", model__replacement_list, 0);
    rb_define_method(model_class, "data_regions", model__data_regions, 0);
    rb_define_method(model_class, "license", model__license, 0);
}
