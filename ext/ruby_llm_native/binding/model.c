/*
 * Model: a small frozen view {catalog, index}. Nothing is copied until it is asked for; each method decodes the record
 * anew, which costs less than keeping it. Only id and provider are kept: models.c.
 */
#include "binding.h"

#include "model/origins.h"
#include "registry/row.h"

typedef struct {
    VALUE catalog;
    size_t index;
} native_model;

static VALUE model_class;

static void
model_dmark(void *data)
{
    rb_gc_mark_movable(((native_model *) data)->catalog);
}

static void
model_dcompact(void *data)
{
    native_model *model = data;

    model->catalog = rb_gc_location(model->catalog);
}

static size_t
model_dsize(const void *data)
{
    return NATIVE_TYPED_EMBEDDED ? 0 : sizeof(native_model);
}

static const rb_data_type_t model_type = {
    .wrap_struct_name = "RubyLLM::Native::Model",
    .function = {.dmark = model_dmark,
                 .dfree = RUBY_TYPED_DEFAULT_FREE,
                 .dsize = model_dsize,
                 .dcompact = model_dcompact},
    .flags = NATIVE_TYPED_FREE | NATIVE_TYPED_EMBEDDED | RUBY_TYPED_WB_PROTECTED | RUBY_TYPED_FROZEN_SHAREABLE,
};

VALUE
native_model_new(VALUE catalog, size_t index)
{
    native_model *model;
    VALUE self = TypedData_Make_Struct(model_class, native_model, &model_type, model);

    model->index = index;
    RB_OBJ_WRITE(self, &model->catalog, catalog);
    return rb_obj_freeze(self);
}

/* The block is alive as long as `self`, which each caller therefore guards. */
static const rlm_block *
model_block(VALUE self, size_t *index)
{
    const native_model *model = rb_check_typeddata(self, &model_type);

    *index = model->index;
    return native_catalog_block(model->catalog);
}

rlm_record
native_model_record(VALUE self)
{
    rlm_record record;
    size_t index;
    const rlm_block *block = model_block(self, &index);

    rlm_block_record(block, index, &record);
    return record;
}

/* ---- Identity ---- */

static const uint8_t *
model_fingerprint(VALUE self)
{
    size_t index;
    const rlm_block *block = model_block(self, &index);

    return rlm_block_fingerprint(block, index);
}

/*
 * @api private
 * @return [String] 32 hexadecimal digits; equal for equal facts, in every process
 */
static VALUE
model__fingerprint(VALUE self)
{
    VALUE hex = native_hex(model_fingerprint(self));

    RB_GC_GUARD(self);
    return hex;
}

/*
 * @return [Boolean] whether it is a model of the same provider, id and facts, in whichever catalog
 * @example
 *   model == Marshal.load(Marshal.dump(model))  # => true
 */
static VALUE
model__equal_p(VALUE self, VALUE other)
{
    rlm_slice provider, id, other_provider, other_id;
    const rlm_block *block, *other_block;
    size_t index, other_index;

    if (self == other) return Qtrue;
    if (!rb_typeddata_is_kind_of(other, &model_type)) return Qfalse;
    block = model_block(self, &index);
    other_block = model_block(other, &other_index);
    rlm_block_key(block, index, &provider, &id);
    rlm_block_key(other_block, other_index, &other_provider, &other_id);
    return rlm_slice_equal(provider, other_provider) && rlm_slice_equal(id, other_id) &&
                   memcmp(rlm_block_fingerprint(block, index), rlm_block_fingerprint(other_block, other_index),
                          RLM_HASH_SIZE) == 0
               ? Qtrue
               : Qfalse;
}

/*
 * @api private
 * @return [Catalog] of this model alone
 */
static VALUE
model__alone(VALUE self)
{
    const native_model *model = rb_check_typeddata(self, &model_type);
    uint32_t index = (uint32_t) model->index;
    VALUE catalog = model->catalog, packed = rb_str_new((const char *) &index, sizeof index);

    return rb_ary_entry(native_catalog_excerpt(catalog, packed), 0);
}

/*
 * @api private
 * @return [String] what a row of this model is recognized by now: see table.rb
 */
static VALUE
model__row_fingerprint(VALUE self)
{
    char digits[RLM_HASH_DIGITS];
    size_t index;
    const rlm_block *block = model_block(self, &index);

    rlm_row_fingerprint(block, index, native_now(), digits);
    RB_GC_GUARD(self);
    return rb_obj_freeze(rb_usascii_str_new(digits, sizeof digits));
}

/*
 * @return [Integer] equal for equal facts
 */
static VALUE
model__hash(VALUE self)
{
    return ST2FIX(rb_memhash(model_fingerprint(self), RLM_HASH_SIZE));
}

/* ---- Texts ---- */

static VALUE
interned(VALUE self, rlm_slice text)
{
    VALUE string = native_interned_text(text);

    RB_GC_GUARD(self);
    return string;
}

/*
 * @return [String] the slug of the provider that serves it
 * @example
 *   model.provider  # => "openai"
 */
static VALUE
model__provider(VALUE self)
{
    const native_model *model = rb_check_typeddata(self, &model_type);

    return native_catalog_provider(model->catalog, model->index);
}

/*
 * @return [String] the id under which its provider knows the model
 * @example
 *   model.id  # => "gpt-4.1"
 */
static VALUE
model__id(VALUE self)
{
    const native_model *model = rb_check_typeddata(self, &model_type);

    return native_catalog_id(model->catalog, model->index);
}

/*
 * @return [String, nil]
 * @example
 *   model.family  # => "gpt"
 */
static VALUE
model__family(VALUE self)
{
    return interned(self, native_model_record(self).family);
}

/*
 * @return [String] the name to show to people; the id where no source states a name
 * @example
 *   model.name  # => "GPT-4.1"
 */
static VALUE
model__name(VALUE self)
{
    VALUE text = native_text(native_model_record(self).name);

    RB_GC_GUARD(self);
    return text;
}

/*
 * @api private
 * @return [String, nil] what sources say that is not a fact: a JSON object, by the slug of the source
 */
static VALUE
model__metadata_json(VALUE self)
{
    VALUE text = native_text(native_model_record(self).metadata);

    RB_GC_GUARD(self);
    return text;
}

/*
 * @return [Array<String>] other ids of the same model at its provider
 * @example
 *   model.equivalents  # => ["gpt-4.1-2025-04-14"]
 */
static VALUE
model__equivalents(VALUE self)
{
    VALUE ids = rb_ary_new();
    rlm_slice rest = native_model_record(self).equivalents, id;

    while (rlm_id_list_next(&rest, &id)) rb_ary_push(ids, native_interned_text(id));
    RB_GC_GUARD(self);
    return ids;
}

/* ---- Names, limits and sets ---- */

/*
 * @return [Symbol] what it is for: :chat, :embedding, …, or :other
 * @example
 *   model.type  # => :chat
 */
static VALUE
model__type(VALUE self)
{
    return native_name_symbol(rlm_type_names[native_model_record(self).type]);
}

/*
 * @return [Symbol] :listed (in its provider's last complete answer), :catalogued (only documented) or :unlisted
 * @example
 *   model.standing  # => :listed
 */
static VALUE
model__standing(VALUE self)
{
    return native_name_symbol(rlm_standing_names[native_model_record(self).standing]);
}

/*
 * @api private
 * @return [Symbol, nil] as stated: :active, :preview, :alpha, :beta, :deprecated or :retired
 */
static VALUE
model__stated_status(VALUE self)
{
    return native_name_symbol(rlm_model_status_names[native_model_record(self).status]);
}

static VALUE
limit_of(VALUE self, rlm_limit limit)
{
    int64_t tokens = native_model_record(self).limits[limit];

    return tokens == RLM_UNKNOWN ? Qnil : LL2NUM(tokens);
}

/*
 * @return [Integer, nil] tokens
 * @example
 *   model.context_window  # => 1047576
 */
static VALUE
model__context_window(VALUE self)
{
    return limit_of(self, RLM_LIMIT_CONTEXT);
}

/*
 * @return [Integer, nil] tokens
 * @example
 *   model.max_input_tokens  # => 1014808
 */
static VALUE
model__max_input_tokens(VALUE self)
{
    return limit_of(self, RLM_LIMIT_INPUT);
}

/*
 * @return [Integer, nil] tokens
 * @example
 *   model.max_output_tokens  # => 32768
 */
static VALUE
model__max_output_tokens(VALUE self)
{
    return limit_of(self, RLM_LIMIT_OUTPUT);
}

static VALUE
names_of_bits(uint32_t bits, const char *const *names, int count)
{
    VALUE array = rb_ary_new();

    for (int i = 0; i < count; i++) {
        if ((bits & RLM_BIT(i)) != 0) rb_ary_push(array, native_interned_text(rlm_slice_of(names[i])));
    }
    return array;
}

/*
 * @return [Array<String>] empty where no source states them
 * @example
 *   model.input_modalities  # => ["text", "image"]
 */
static VALUE
model__input_modalities(VALUE self)
{
    return names_of_bits(native_model_record(self).input.yes, rlm_modality_names, RLM_MODALITY_COUNT);
}

/*
 * @return [Array<String>] empty where no source states them
 * @example
 *   model.output_modalities  # => ["text"]
 */
static VALUE
model__output_modalities(VALUE self)
{
    return names_of_bits(native_model_record(self).output.yes, rlm_modality_names, RLM_MODALITY_COUNT);
}

/*
 * @return [Array<String>] those that a source states it has
 * @example
 *   model.capabilities  # => ["function_calling", "structured_output"]
 */
static VALUE
model__capabilities(VALUE self)
{
    return names_of_bits(native_model_record(self).capabilities.yes, rlm_capability_names, RLM_CAPABILITY_COUNT);
}

/*
 * @return [Array<String>] those that a source states it lacks; any other is unknown
 * @example
 *   model.denied_capabilities  # => ["reasoning"]
 */
static VALUE
model__denied_capabilities(VALUE self)
{
    return names_of_bits(native_model_record(self).capabilities.no, rlm_capability_names, RLM_CAPABILITY_COUNT);
}

/* ---- Timestamps and origins ---- */

static VALUE
precision_symbol(uint8_t precision)
{
    switch (precision) {
    case RLM_PRECISION_YEAR:
        return NATIVE_SYMBOL("year");
    case RLM_PRECISION_MONTH:
        return NATIVE_SYMBOL("month");
    case RLM_PRECISION_DAY:
        return NATIVE_SYMBOL("day");
    default:
        return NATIVE_SYMBOL("second");
    }
}

/*
 * @api private
 * @param name [Symbol] :created_at, :knowledge_cutoff, :retires_at, :unlisted_at or :deprecated_at
 * @return [Array(Integer, Symbol), nil] seconds since 1970, and the precision: :year, :month, :day or :second
 */
static VALUE
model__timestamp(VALUE self, VALUE name)
{
    static const char *const names[] = {"created_at", "knowledge_cutoff", "retires_at", "unlisted_at", "deprecated_at"};
    rlm_record record = native_model_record(self);
    const rlm_timestamp timestamps[] = {record.created_at, record.knowledge_cutoff, record.retires_at,
                                        record.unlisted_at, record.deprecated_at};
    rlm_timestamp timestamp = timestamps[native_name_position(names, 5, name, "timestamp")];

    if (timestamp.precision == RLM_PRECISION_NONE) return Qnil;
    return rb_assoc_new(LL2NUM(timestamp.seconds), precision_symbol(timestamp.precision));
}

/*
 * Who stated a fact.
 *
 * @param field [Symbol] :context_window, :name, …
 * @return [Symbol, nil] the name of an endpoint or a metadata source, or :alias (an equivalent id), :id (derived from
 *   it) or :builtin; nil where the fact is unknown
 * @raise [ArgumentError] for a field without an origin; the message lists those with one
 * @example
 *   model.origin(:context_window)  # => :models_dev
 */
static VALUE
model__origin(VALUE self, VALUE field)
{
    rlm_field known = (rlm_field) native_name_position(rlm_field_names, RLM_FIELD_COUNT, field, "field with an origin");
    const rlm_record record = native_model_record(self);
    rlm_slice origin = rlm_origin_of(&record, known);
    VALUE symbol = origin.length > 0 ? rb_str_intern(native_text(origin)) : Qnil;

    RB_GC_GUARD(self);
    return symbol;
}

/*
 * The endpoints that list it.
 *
 * @return [Array<Symbol>] their names; empty for a model that is unlisted or only documented
 * @example
 *   model.endpoints  # => [:azure, :azure_eu]
 */
static VALUE
model__endpoints(VALUE self)
{
    rlm_slice rest = native_model_record(self).endpoints, name;
    VALUE names = rb_ary_new();

    while (rlm_id_list_next(&rest, &name)) rb_ary_push(names, rb_str_intern(native_text(name)));
    RB_GC_GUARD(self);
    return rb_obj_freeze(names);
}

void
native_init_model(VALUE native)
{
    model_class = rb_define_class_under(native, "Model", rb_cObject);
    rb_gc_register_mark_object(model_class);
    rb_undef_alloc_func(model_class);
    rb_define_method(model_class, "provider", model__provider, 0);
    rb_define_method(model_class, "id", model__id, 0);
    rb_define_method(model_class, "name", model__name, 0);
    rb_define_method(model_class, "family", model__family, 0);
    rb_define_method(model_class, "type", model__type, 0);
    rb_define_method(model_class, "standing", model__standing, 0);
    rb_define_method(model_class, "stated_status", model__stated_status, 0);
    rb_define_method(model_class, "context_window", model__context_window, 0);
    rb_define_method(model_class, "max_input_tokens", model__max_input_tokens, 0);
    rb_define_method(model_class, "max_output_tokens", model__max_output_tokens, 0);
    rb_define_method(model_class, "input_modalities", model__input_modalities, 0);
    rb_define_method(model_class, "output_modalities", model__output_modalities, 0);
    rb_define_method(model_class, "capabilities", model__capabilities, 0);
    rb_define_method(model_class, "denied_capabilities", model__denied_capabilities, 0);
    rb_define_method(model_class, "equivalents", model__equivalents, 0);
    rb_define_method(model_class, "metadata_json", model__metadata_json, 0);
    rb_define_method(model_class, "fingerprint", model__fingerprint, 0);
    rb_define_method(model_class, "row_fingerprint", model__row_fingerprint, 0);
    rb_define_method(model_class, "==", model__equal_p, 1);
    rb_define_method(model_class, "eql?", model__equal_p, 1);
    rb_define_method(model_class, "hash", model__hash, 0);
    rb_define_private_method(model_class, "alone", model__alone, 0);
    rb_define_private_method(model_class, "timestamp", model__timestamp, 1);
    rb_define_method(model_class, "origin", model__origin, 1);
    rb_define_method(model_class, "endpoints", model__endpoints, 0);
}
