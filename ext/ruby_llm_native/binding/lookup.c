/*
 * Catalog's methods for finding and choosing models. A set of models is a packed String: their indexes as native 32-bit
 * numbers, of which the first so many are shown. Read members_of first: every such String comes in through it.
 */
#include "binding.h"

#include "lookup/resolve.h"
#include "model/life.h"

/*
 * @api private
 * @param provider [String]
 * @param id [String]
 * @return [Integer, nil] the model's index
 */
static VALUE
catalog__find(VALUE self, VALUE provider, VALUE id)
{
    const rlm_block *block = native_catalog_block(self);
    size_t index = rlm_block_find(block, native_slice(provider), native_slice(id));

    return index == block->count ? Qnil : SIZET2NUM(index);
}

/*
 * @api private
 * @param index [Integer]
 * @return [Model]
 * @raise [IndexError]
 */
static VALUE
catalog__model(VALUE self, VALUE index)
{
    size_t position = NUM2SIZET(index);

    if (position >= native_catalog_block(self)->count)
        rb_raise(rb_eIndexError, "there is no model at %" PRIuSIZE, position);
    return native_catalog_model(self, position);
}

/*
 * Packed members as Ruby holds them; valid as long as no Ruby function is called. Whoever made them, they stay inside
 * the block. No Ruby code is run here, not even to make a number of `shown`: callers have made room for as many as
 * `packed` had before.
 */
static rlm_members
members_of(const rlm_block *block, VALUE packed, VALUE shown)
{
    rlm_members members;

    Check_Type(packed, T_STRING);
    Check_Type(shown, T_FIXNUM);
    members.shown = FIX2ULONG(shown);
    members.indexes = (const uint32_t *) (const void *) RSTRING_PTR(packed);
    members.count = (size_t) RSTRING_LEN(packed) / sizeof *members.indexes;
    if ((size_t) RSTRING_LEN(packed) % sizeof *members.indexes != 0 ||
        (uintptr_t) members.indexes % sizeof *members.indexes != 0 || members.shown > members.count) {
        rb_raise(rb_eArgError, "packed must hold whole indexes of models");
    }
    for (size_t i = 0; i < members.count; i++) {
        if (members.indexes[i] >= block->count) rb_raise(rb_eIndexError, "there is no model at %u", members.indexes[i]);
    }
    return members;
}

void
native_members_check(VALUE catalog, VALUE packed)
{
    members_of(native_catalog_block(catalog), packed, INT2FIX(0));
}

/* The model at that place of members that have been checked. */
static VALUE
member_model(VALUE self, VALUE packed, size_t place)
{
    uint32_t index;

    memcpy(&index, RSTRING_PTR(packed) + place * sizeof index, sizeof index);
    return native_catalog_model(self, index);
}

/*
 * @api private
 * @param packed [String] indexes of models
 * @param shown [Integer] how many of them count
 * @return [Array<Model>]
 * @raise [IndexError, ArgumentError] when `packed` holds anything else
 */
static VALUE
catalog__models(VALUE self, VALUE packed, VALUE shown)
{
    rlm_members members = members_of(native_catalog_block(self), packed, shown);
    VALUE models = rb_ary_new_capa((long) members.shown);

    for (size_t i = 0; i < members.shown; i++) rb_ary_push(models, member_model(self, packed, i));
    RB_GC_GUARD(packed);
    return models;
}

/*
 * @api private
 * @param packed [String] indexes of models
 * @param shown [Integer] how many of them count
 * @yieldparam model [Model]
 * @return [self]
 * @raise [IndexError, ArgumentError] when `packed` holds anything else
 */
static VALUE
catalog__each_model(VALUE self, VALUE packed, VALUE shown)
{
    size_t count;

    Check_Type(packed, T_STRING);
    packed = rb_str_new_frozen(packed); /* whatever the block does, these members stay as they were checked */
    count = members_of(native_catalog_block(self), packed, shown).shown;
    for (size_t i = 0; i < count; i++) rb_yield(member_model(self, packed, i));
    RB_GC_GUARD(packed);
    return self;
}

/* ---- Filters ---- */

/* What a criterion of that name is; Qundef when there is none. */
static VALUE
criterion(VALUE criteria, VALUE name)
{
    return rb_hash_lookup2(criteria, name, Qundef);
}

/* A bit for each of the symbols in the list. */
static bool
read_bits(VALUE list, const char *const *names, int count, const char *what, uint32_t *bits)
{
    if (list == Qundef) return false;
    Check_Type(list, T_ARRAY);
    for (long i = 0; i < RARRAY_LEN(list); i++)
        *bits |= RLM_BIT(native_name_position(names, count, RARRAY_AREF(list, i), what));
    return true;
}

/* The strings' bytes, copied. */
static bool
read_texts(VALUE list, native_scratch *scratch, const rlm_slice **texts, size_t *count)
{
    rlm_slice *copies;

    if (list == Qundef) return false;
    Check_Type(list, T_ARRAY);
    *count = (size_t) RARRAY_LEN(list);
    *texts = copies = native_scratch_array(scratch, *count, sizeof *copies);
    for (size_t i = 0; i < *count; i++) copies[i] = native_scratch_copy(scratch, rb_ary_entry(list, (long) i));
    return true;
}

/* A whole number for each of the symbols. */
static void
read_least(VALUE least, rlm_filter *filter)
{
    if (least == Qundef) return;
    Check_Type(least, T_HASH);
    for (int of = 0; of < RLM_BOUNDED_COUNT; of++) {
        VALUE number = rb_hash_lookup2(least, ID2SYM(rb_intern(rlm_bounded_names[of])), Qundef);

        if (number == Qundef) continue;
        filter->bounded |= RLM_BIT(of);
        filter->least[of] = NUM2LL(number);
    }
}

/* What is stated of controls and of life, beside what read_filter reads. */
static void
read_more(VALUE criteria, native_scratch *scratch, rlm_filter *filter)
{
    VALUE ends_by = criterion(criteria, NATIVE_SYMBOL("ends_by"));

    read_bits(criterion(criteria, NATIVE_SYMBOL("accepts")), rlm_parameter_names, RLM_PARAMETER_COUNT, "parameter",
              &filter->accepts);
    read_bits(criterion(criteria, NATIVE_SYMBOL("reasoning_effort")), rlm_effort_names, RLM_EFFORT_COUNT,
              "reasoning effort", &filter->efforts);
    read_bits(criterion(criteria, NATIVE_SYMBOL("traits")), rlm_trait_names, RLM_TRAIT_COUNT, "trait", &filter->traits);
    read_bits(criterion(criteria, NATIVE_SYMBOL("denied")), rlm_trait_names, RLM_TRAIT_COUNT, "trait", &filter->denied);
    read_bits(criterion(criteria, NATIVE_SYMBOL("lives")), rlm_life_names, RLM_LIFE_COUNT, "state", &filter->lives);
    filter->by_data_region = read_texts(criterion(criteria, NATIVE_SYMBOL("data_region")), scratch,
                                        &filter->data_regions, &filter->data_region_count);
    filter->by_license =
        read_texts(criterion(criteria, NATIVE_SYMBOL("license")), scratch, &filter->licenses, &filter->license_count);
    read_least(criterion(criteria, NATIVE_SYMBOL("least")), filter);
    filter->has_ends_by = ends_by != Qundef;
    if (filter->has_ends_by) filter->ends_by = NUM2LL(ends_by);
    if (filter->has_ends_by || filter->lives != 0) filter->now = native_now();
}

static void
read_filter(VALUE criteria, native_scratch *scratch, rlm_filter *filter)
{
    VALUE min_context = criterion(criteria, NATIVE_SYMBOL("min_context")),
          max_price = criterion(criteria, NATIVE_SYMBOL("max_input_price"));

    filter->by_type =
        read_bits(criterion(criteria, NATIVE_SYMBOL("type")), rlm_type_names, RLM_TYPE_COUNT, "type", &filter->types);
    read_bits(criterion(criteria, NATIVE_SYMBOL("or_output")), rlm_modality_names, RLM_MODALITY_COUNT, "modality",
              &filter->or_output);
    read_bits(criterion(criteria, NATIVE_SYMBOL("input")), rlm_modality_names, RLM_MODALITY_COUNT, "modality",
              &filter->input);
    read_bits(criterion(criteria, NATIVE_SYMBOL("output")), rlm_modality_names, RLM_MODALITY_COUNT, "modality",
              &filter->output);
    read_bits(criterion(criteria, NATIVE_SYMBOL("capabilities")), rlm_capability_names, RLM_CAPABILITY_COUNT,
              "capability", &filter->capabilities);
    read_bits(criterion(criteria, NATIVE_SYMBOL("standing")), rlm_standing_names, RLM_STANDING_COUNT, "standing",
              &filter->standings);
    filter->by_provider = read_texts(criterion(criteria, NATIVE_SYMBOL("provider")), scratch, &filter->providers,
                                     &filter->provider_count);
    filter->by_family =
        read_texts(criterion(criteria, NATIVE_SYMBOL("family")), scratch, &filter->families, &filter->family_count);
    filter->without_superseded = RTEST(rb_hash_lookup(criteria, NATIVE_SYMBOL("without_superseded")));
    read_more(criteria, scratch, filter);
    if (min_context != Qundef) filter->min_context = NUM2LL(min_context);
    if (max_price != Qundef) {
        filter->now = native_now();
        filter->has_max_input_price = true;
        if (rlm_decimal_parse(native_slice(max_price), &filter->max_input_price) != RLM_OK) {
            rb_raise(rb_eArgError, "max_input_price must be a decimal number of at least 0, got %+" PRIsVALUE,
                     max_price);
        }
    }
}

/* A string with room for that many indexes, and what fills it. */
static VALUE
packed_new(size_t count)
{
    return rb_str_new(NULL, (long) (count * sizeof(uint32_t)));
}

static uint32_t *
packed_room(VALUE packed)
{
    return (uint32_t *) (void *) RSTRING_PTR(packed);
}

static VALUE
packed_finish(VALUE packed, size_t count)
{
    return rb_str_freeze(rb_str_resize(packed, (long) (count * sizeof(uint32_t))));
}

/*
 * @api private
 * @param packed [String, nil] indexes of models; nil: the whole catalog
 * @param shown [Integer] how many of them are shown
 * @param criteria [Hash] any of `{provider:, family:, type:, or_output:, input:, output:, capabilities:, standing:}` as
 *   Arrays, `{min_context:}` in tokens, `{max_input_price:}` in US dollars per million tokens as a decimal, and
 *   `{without_superseded:}`; `{accepts:, reasoning_effort:, traits:, denied:, data_region:, license:, lives:}` as
 *   Arrays, `{least:}` as a Hash of what has bounds, and `{ends_by:}` in seconds since 1970
 * @return [Array(String, Integer)] indexes of the models that meet all of them, and how many of those are shown
 * @raise [ArgumentError] when a word is unknown; the message lists the known ones
 */
static VALUE
catalog__select(VALUE self, VALUE packed, VALUE shown, VALUE criteria)
{
    const rlm_block *block = native_catalog_block(self);
    native_scratch *scratch;
    rlm_filter filter = {0};
    rlm_members members;
    size_t count, shown_count;
    VALUE guard, chosen;

    Check_Type(criteria, T_HASH);
    guard = native_scratch_new(&scratch);
    read_filter(criteria, scratch, &filter);
    if (NIL_P(packed)) {
        chosen = packed_new(block->count);
        rlm_filter_select(block, &filter, NULL, packed_room(chosen), &count, &shown_count);
    } else {
        Check_Type(packed, T_STRING);
        chosen = packed_new((size_t) RSTRING_LEN(packed) / sizeof(uint32_t));
        members = members_of(block, packed, shown);
        rlm_filter_select(block, &filter, &members, packed_room(chosen), &count, &shown_count);
    }
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    RB_GC_GUARD(packed);
    RB_GC_GUARD(self);
    return rb_assoc_new(packed_finish(chosen, count), SIZET2NUM(shown_count));
}

/*
 * @api private
 * @param packed [String] indexes of models
 * @param shown [Integer] how many of them are shown
 * @return [String] the same indexes, newest first by creation date, unknown dates last; those not shown stay at the end
 */
static VALUE
catalog__newest_first(VALUE self, VALUE packed, VALUE shown)
{
    const rlm_block *block = native_catalog_block(self);
    rlm_members members;
    rlm_error error;
    VALUE sorted;

    Check_Type(packed, T_STRING);
    sorted = packed_new((size_t) RSTRING_LEN(packed) / sizeof(uint32_t));
    members = members_of(block, packed, shown);
    rlm_error_clear(&error);
    if (rlm_filter_newest_first(block, &members, packed_room(sorted)) != RLM_OK)
        native_check(rlm_error_set(&error, RLM_OUT_OF_MEMORY, NULL), &error);
    RB_GC_GUARD(packed);
    RB_GC_GUARD(self);
    return packed_finish(sorted, members.count);
}

/*
 * @api private
 * @param packed [String] indexes of models
 * @param shown [Integer] how many of them count
 * @return [Array<String>] the slug of each run of models of one provider
 */
static VALUE
catalog__providers(VALUE self, VALUE packed, VALUE shown)
{
    const rlm_block *block = native_catalog_block(self);
    rlm_members members = members_of(block, packed, shown);
    VALUE slugs = rb_ary_new();
    rlm_slice last = {NULL, 0}, provider, id;

    for (size_t i = 0; i < members.shown; i++) {
        uint32_t index;

        memcpy(&index, RSTRING_PTR(packed) + i * sizeof index, sizeof index);
        rlm_block_key(block, index, &provider, &id);
        if (i > 0 && rlm_slice_equal(provider, last)) continue;
        rb_ary_push(slugs, native_interned_text(provider));
        last = provider;
    }
    RB_GC_GUARD(packed);
    RB_GC_GUARD(self);
    return slugs;
}

/* ---- From a name to a model ---- */

/* Slices of the strings in a list of providers; valid until the next call of a Ruby function. */
static size_t
read_order(VALUE order, rlm_slice slices[RLM_CAP_SOURCES])
{
    Check_Type(order, T_ARRAY);
    if (RARRAY_LEN(order) > RLM_CAP_SOURCES)
        rb_raise(rb_eArgError, "at most %d providers can be ordered", RLM_CAP_SOURCES);
    for (long i = 0; i < RARRAY_LEN(order); i++) slices[i] = native_slice(RARRAY_AREF(order, i));
    return (size_t) RARRAY_LEN(order);
}

/*
 * @api private
 * @param packed [String] indexes of models
 * @param shown [Integer] how many of them count
 * @param order [Array<String>] providers, the preferred ones first, for equal prices
 * @return [Integer, nil] the index of the model with the smallest sum of its standard input and output prices
 */
static VALUE
catalog__cheapest(VALUE self, VALUE packed, VALUE shown, VALUE order)
{
    const rlm_block *block = native_catalog_block(self);
    rlm_slice slices[RLM_CAP_SOURCES];
    rlm_members members = members_of(block, packed, shown);
    size_t count, index;
    int64_t now = native_now();

    count = read_order(order, slices);
    index = rlm_filter_cheapest(block, &members, slices, count, now);
    RB_GC_GUARD(packed);
    RB_GC_GUARD(order);
    return index == block->count ? Qnil : SIZET2NUM(index);
}

#define CANDIDATES 100 /* as many as are explained; no id is known to have more */

typedef struct {
    rlm_slice order[RLM_CAP_SOURCES];
    rlm_members members;
    rlm_query query;
} querying;

/* A string's bytes; of nil, the empty slice. */
static rlm_slice
slice_or_none(VALUE string)
{
    return NIL_P(string) ? (rlm_slice){NULL, 0} : native_slice(string);
}

static void
read_query(VALUE self, VALUE *arguments, querying *read)
{
    read->query = (rlm_query){
        .id = slice_or_none(arguments[0]),
        .provider = slice_or_none(arguments[1]),
        .order = read->order,
        .order_count = read_order(arguments[2], read->order),
        .region = slice_or_none(arguments[3]),
    };
    if (NIL_P(arguments[4])) return;
    read->members = members_of(native_catalog_block(self), arguments[4], INT2FIX(0));
    read->query.members = &read->members;
}

/*
 * @api private
 * @overload resolve(id, provider, order, region, packed)
 *   @param id [String] an id, an alias or a name that means a model
 *   @param provider [String, nil] only models of this one
 *   @param order [Array<String>] providers, the preferred ones first
 *   @param region [String, nil] of Bedrock's, whose inference profile is preferred
 *   @param packed [String, nil] only these models
 *   @return [Integer, nil] the index of the best candidate
 */
static VALUE
catalog__resolve(int count, VALUE *arguments, VALUE self)
{
    const rlm_block *block = native_catalog_block(self);
    rlm_candidate best;
    querying read;

    rb_check_arity(count, 5, 5);
    read_query(self, arguments, &read);
    if (rlm_resolve(block, &read.query, &best, 1) == 0) return Qnil;
    RB_GC_GUARD(self);
    return SIZET2NUM(best.record);
}

/*
 * @api private
 * @overload candidates(id, provider, order, region, packed)
 *   @return [Array<Array(Integer, Symbol)>] indexes and how each was found, the best first; the arguments are those of
 *     {#resolve}
 */
static VALUE
catalog__candidates(int count, VALUE *arguments, VALUE self)
{
    const rlm_block *block = native_catalog_block(self);
    rlm_candidate best[CANDIDATES];
    VALUE candidates = rb_ary_new();
    querying read;
    size_t found;

    rb_check_arity(count, 5, 5);
    read_query(self, arguments, &read);
    found = rlm_resolve(block, &read.query, best, CANDIDATES);
    for (size_t i = 0; i < found; i++) {
        rb_ary_push(candidates,
                    rb_assoc_new(SIZET2NUM(best[i].record), native_name_symbol(rlm_match_names[best[i].match])));
    }
    RB_GC_GUARD(self);
    return candidates;
}

/*
 * @api private
 * @return [Array<String>] the names, other than ids, that find a model; a name occurs once for each model it finds
 */
static VALUE
catalog__aliases(VALUE self)
{
    const rlm_block *block = native_catalog_block(self);
    size_t count = rlm_block_alias_count(block);
    VALUE aliases = rb_ary_new_capa((long) count);

    for (size_t i = 0; i < count; i++) {
        rlm_slice alias;

        rlm_block_alias(block, i, &alias, NULL);
        rb_ary_push(aliases, native_text(alias));
    }
    RB_GC_GUARD(self);
    return aliases;
}

void
native_init_lookup(VALUE catalog_class)
{
    rb_define_method(catalog_class, "find", catalog__find, 2);
    rb_define_method(catalog_class, "model", catalog__model, 1);
    rb_define_method(catalog_class, "models", catalog__models, 2);
    rb_define_method(catalog_class, "each_model", catalog__each_model, 2);
    rb_define_method(catalog_class, "select", catalog__select, 3);
    rb_define_method(catalog_class, "newest_first", catalog__newest_first, 2);
    rb_define_method(catalog_class, "providers", catalog__providers, 2);
    rb_define_method(catalog_class, "cheapest", catalog__cheapest, 3);
    rb_define_method(catalog_class, "resolve", catalog__resolve, -1);
    rb_define_method(catalog_class, "candidates", catalog__candidates, -1);
    rb_define_method(catalog_class, "aliases", catalog__aliases, 0);
}
