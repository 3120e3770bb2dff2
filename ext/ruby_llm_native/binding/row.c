/* Rows of a database: what they are made of, and which of them are right. Both would be slow in Ruby. */
#include "binding.h"

#include "registry/row.h"
#include "json/plain.h"

/*
 * @api private
 * @return [String] the facts in a row's `metadata`, as JSON without the braces
 */
static VALUE
model__row_json(VALUE self)
{
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), text;
    rlm_record record = native_model_record(self);
    rlm_error error;

    rlm_error_clear(&error);
    native_check(rlm_row_write(&record, native_now(), &scratch->buffer), &error);
    text = rb_utf8_str_new(scratch->buffer.bytes, (long) scratch->buffer.length);
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    RB_GC_GUARD(self);
    return text;
}

/*
 * @api private
 * @param text [String] valid JSON
 * @param longest [Integer] bytes of a number
 * @return [Boolean] whether it has no escape of U+0000 or of a surrogate, and no number that has an exponent or is
 *   longer
 */
static VALUE
native_s_plain_json_p(VALUE module, VALUE text, VALUE longest)
{
    size_t most = NUM2SIZET(longest);

    return rlm_json_is_plain(native_slice(text), most) ? Qtrue : Qfalse;
}

/* ---- Which rows are right ---- */

enum { AT_PROVIDER, AT_ID, AT_FINGERPRINT, AT_AVAILABLE, PLACES };

/* What the block answered. */
typedef struct {
    rlm_standing standing;
    rlm_model_status status;
    VALUE available; /* never an object on the heap, so that the GC need not know of it */
    bool right;
} answer;

typedef struct {
    VALUE catalog;
    long places[PLACES]; /* of values in a row */
    bool *waiting;       /* for each model of the catalog: it is to have a row, and none was found right yet */
    int64_t now;
    rlm_slice provider; /* whose models the answers are about */
    answer answers[32];
    size_t answered;
} comparison;

/* The value, if it is text as the core has it. Valid while no Ruby function is called. */
static bool
text_at(VALUE row, long place, rlm_slice *text)
{
    VALUE value = rb_ary_entry(row, place);

    if (!RB_TYPE_P(value, T_STRING)) return false;
    if (rb_enc_get_index(value) != rb_utf8_encindex() && !rb_enc_str_asciionly_p(value)) return false;
    *text = native_slice(value);
    return true;
}

/* Asks the block once for all rows that it must answer alike. */
static bool
is_available_as_it_should(comparison *compared, size_t index, VALUE row)
{
    VALUE available = rb_ary_entry(row, compared->places[AT_AVAILABLE]);
    rlm_record record;
    bool right;

    rlm_block_record(native_catalog_block(compared->catalog), index, &record);
    if (!rlm_slice_equal(record.provider, compared->provider)) compared->answered = 0;
    compared->provider = record.provider;
    for (size_t i = 0; i < compared->answered; i++) {
        const answer *known = &compared->answers[i];

        if (known->standing == record.standing && known->status == record.status && known->available == available)
            return known->right;
    }
    right = RTEST(rb_yield_values(2, native_catalog_model(compared->catalog, index), row));
    if (RB_SPECIAL_CONST_P(available) && compared->answered < sizeof compared->answers / sizeof(answer))
        compared->answers[compared->answered++] = (answer){record.standing, record.status, available, right};
    return right;
}

static bool
is_right(comparison *compared, VALUE row, VALUE layout)
{
    const rlm_block *block = native_catalog_block(compared->catalog);
    rlm_slice provider, id, fingerprint;
    size_t index;

    if (!text_at(row, compared->places[AT_PROVIDER], &provider) || !text_at(row, compared->places[AT_ID], &id) ||
        !text_at(row, compared->places[AT_FINGERPRINT], &fingerprint))
        return false;
    index = rlm_block_find(block, provider, id);
    if (index == block->count || !compared->waiting[index]) return false;
    if (!rlm_row_is_of(block, index, native_slice(layout), fingerprint, compared->now)) return false;
    if (!is_available_as_it_should(compared, index, row)) return false;
    compared->waiting[index] = false;
    return true;
}

/*
 * @api private
 * @overload unmatched(packed, rows, places, layout)
 *   @param packed [String] indexes of models
 *   @param rows [Array<Array>] as a driver returns them
 *   @param places [Array<Integer>] of the provider, the model's id, the fingerprint and the availability in a row
 *   @param layout [String] what a right fingerprint begins with
 *   @yieldparam model [Model]
 *   @yieldparam row [Array] of this model, with the right fingerprint
 *   @yieldreturn [Boolean] whether it is right. This may depend on the model's provider, standing and status, and on
 *     the row's availability; the block is not called for each
 *   @return [Array(String, Array<Array>)] the models without a right row, and the other rows, in their order
 *   @raise [IndexError, ArgumentError, TypeError]
 */
static VALUE
catalog__unmatched(VALUE self, VALUE packed, VALUE rows, VALUE places, VALUE layout)
{
    comparison compared = {.catalog = self, .now = native_now()};
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), others = rb_ary_new(), left;
    rlm_slice copy;
    size_t count;

    Check_Type(rows, T_ARRAY);
    Check_Type(places, T_ARRAY);
    Check_Type(layout, T_STRING);
    layout = rb_str_new_frozen(layout);
    for (long i = 0; i < PLACES; i++) compared.places[i] = NUM2LONG(rb_ary_entry(places, i));
    compared.waiting = native_scratch_array(scratch, native_catalog_block(self)->count, sizeof(bool));
    native_members_check(self, packed); /* no Ruby code runs from here to the copy */
    copy = native_scratch_copy(scratch, packed);
    count = copy.length / sizeof(uint32_t);
    for (size_t i = 0; i < count; i++) compared.waiting[((const uint32_t *) (const void *) copy.bytes)[i]] = true;
    for (long i = 0; i < RARRAY_LEN(rows); i++) {
        VALUE row = RARRAY_AREF(rows, i);

        Check_Type(row, T_ARRAY);
        if (!is_right(&compared, row, layout)) rb_ary_push(others, row);
    }
    left = rb_str_buf_new(0);
    for (size_t i = 0; i < count; i++) {
        const char *index = copy.bytes + i * sizeof(uint32_t);

        if (compared.waiting[*(const uint32_t *) (const void *) index]) rb_str_cat(left, index, sizeof(uint32_t));
    }
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    RB_GC_GUARD(layout);
    RB_GC_GUARD(rows);
    return rb_assoc_new(rb_str_freeze(left), others);
}

void
native_init_row(VALUE native)
{
    rb_define_method(rb_const_get(native, rb_intern("Catalog")), "unmatched", catalog__unmatched, 4);
    rb_define_method(rb_const_get(native, rb_intern("Model")), "row_json", model__row_json, 0);
    rb_define_module_function(native, "plain_json?", native_s_plain_json_p, 2);
}
