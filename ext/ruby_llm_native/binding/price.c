/* Prices of a model, as arrays that lib/ruby_llm/native/price.rb reads. */
#include "binding.h"

#include "model/origins.h"

#include <ruby/ractor.h>

#define DAY 86400

/* What a bill asks for: interned once. */
static ID meter_ids[RLM_METER_COUNT], unit_ids[RLM_UNIT_COUNT], tier_ids[RLM_TIER_COUNT];

static void
intern_all(ID *ids, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) ids[i] = rb_intern(names[i]);
}

/* As native_name_position, for names that are interned. */
static int
position_of(const ID *ids, const char *const *names, int count, VALUE symbol, const char *what)
{
    ID id = SYMBOL_P(symbol) ? SYM2ID(symbol) : 0;

    for (int i = 0; i < count; i++) {
        if (ids[i] == id) return i;
    }
    return native_name_position(names, count, symbol, what); /* which raises */
}

int64_t
native_now(void)
{
    VALUE now = rb_funcall(rb_cTime, rb_intern("now"), 0);

    return NUM2LL(rb_funcall(now, rb_intern("to_i"), 0));
}

static VALUE
day_or_nil(uint16_t day)
{
    return day == 0 ? Qnil : LL2NUM((int64_t) day * DAY);
}

static VALUE
word_or_nil(rlm_slice words, uint8_t position)
{
    return native_interned_text(rlm_price_word(words, position));
}

static VALUE covers_nothing;

static VALUE
covered(uint8_t covers)
{
    VALUE kinds;

    if (covers == 0) return covers_nothing;
    kinds = rb_ary_new();
    if ((covers & RLM_COVERS_MEDIA) != 0) rb_ary_push(kinds, NATIVE_SYMBOL("media"));
    if ((covers & RLM_COVERS_CACHE) != 0) rb_ary_push(kinds, NATIVE_SYMBOL("cache"));
    return rb_obj_freeze(kinds);
}

static VALUE
weekdays_or_nil(uint8_t weekdays)
{
    VALUE days = rb_ary_new();

    if (weekdays == 0) return Qnil;
    for (int day = 0; day < 7; day++) {
        if ((weekdays >> day & 1) != 0) rb_ary_push(days, INT2FIX(day));
    }
    return rb_obj_freeze(days);
}

/* The price is a copy, and the words stand in the block, which the caller guards. */
static VALUE
price_array(const rlm_record *record, rlm_price price, VALUE origin)
{
    const rlm_slice words = record->prices.words, own = rlm_price_word(words, price.origin);
    const bool hours = price.from_minute != price.until_minute;

    if (own.length > 0) origin = rb_str_intern(native_text(own));
    return rb_obj_freeze(rb_ary_new_from_args(
        18, ID2SYM(meter_ids[price.meter]), ID2SYM(unit_ids[price.unit]), LL2NUM(price.coefficient),
        ID2SYM(tier_ids[price.tier]), price.threshold == 0 ? Qnil : INT2NUM(price.threshold),
        price.threshold == 0 ? Qnil : native_name_symbol(rlm_price_step_names[price.step]),
        word_or_nil(words, price.region), word_or_nil(words, price.size), word_or_nil(words, price.quality),
        day_or_nil(price.from_day), day_or_nil(price.until_day),
        hours ? rb_obj_freeze(rb_assoc_new(INT2FIX(price.from_minute), INT2FIX(price.until_minute))) : Qnil,
        weekdays_or_nil(price.weekdays), price.minimum == 0 ? Qnil : INT2FIX(price.minimum), covered(price.covers),
        origin, day_or_nil(price.stated_day), INT2FIX(price.exponent)));
}

static VALUE
origin_of_prices(const rlm_record *record)
{
    rlm_slice origin = rlm_origin_of(record, RLM_FIELD_PRICES);

    return origin.length > 0 ? rb_str_intern(native_text(origin)) : Qnil;
}

/*
 * @api private
 * @return [Array<Array>] each price: meter, unit, the digits of the amount in US dollars, tier, threshold, step,
 * region, size, quality, from and until in seconds since 1970, hours as two minutes of the day, weekdays, minimum,
 * kinds of meters that it covers, origin, and the date of the price list in seconds since 1970; nil where there is
 * none; at last the power of ten that the digits are multiplied with
 */
static VALUE
model__price_list(VALUE self)
{
    const rlm_record record = native_model_record(self);
    VALUE prices = rb_ary_new_capa((long) record.prices.count), origin = origin_of_prices(&record);

    for (uint32_t i = 0; i < record.prices.count; i++)
        rb_ary_push(prices, price_array(&record, record.prices.list[i], origin));
    RB_GC_GUARD(self);
    return prices;
}

/* Of a condition that may be nil. */
static rlm_slice
text_or_none(VALUE text)
{
    return NIL_P(text) ? (rlm_slice){NULL, 0} : native_slice(text);
}

/*
 * @api private
 * @param meters [Array<Symbol>]
 * @param conditions [Array] the tier (Symbol), the tokens of the whole request, the time in seconds since 1970, and the
 *   region, size and quality (String or nil)
 * @return [Array<Array, nil>] for each meter the price that holds, as in {#price_list}, or nil
 * @raise [ArgumentError] for an unknown meter or tier; the message lists the known ones
 */
static VALUE
model__prices_for(VALUE self, VALUE meters, VALUE conditions)
{
    const rlm_record record = native_model_record(self);
    VALUE prices, origin = origin_of_prices(&record);
    rlm_price_query query;

    Check_Type(meters, T_ARRAY);
    Check_Type(conditions, T_ARRAY);
    query = (rlm_price_query){
        .tier = (rlm_price_tier) native_name_position(rlm_price_tier_names, RLM_TIER_COUNT, rb_ary_entry(conditions, 0),
                                                      "tier"),
        .tokens = NUM2LL(rb_ary_entry(conditions, 1)),
        .at = NUM2LL(rb_ary_entry(conditions, 2)),
        .region = text_or_none(rb_ary_entry(conditions, 3)),
        .size = text_or_none(rb_ary_entry(conditions, 4)),
        .quality = text_or_none(rb_ary_entry(conditions, 5)),
    };
    prices = rb_ary_new_capa(RARRAY_LEN(meters));
    for (long i = 0; i < RARRAY_LEN(meters); i++) {
        const rlm_price *found;

        query.meter =
            (rlm_meter) position_of(meter_ids, rlm_meter_names, RLM_METER_COUNT, rb_ary_entry(meters, i), "meter");
        found = rlm_prices_find(&record.prices, &query);
        rb_ary_push(prices, found == NULL ? Qnil : price_array(&record, *found, origin));
    }
    RB_GC_GUARD(conditions);
    RB_GC_GUARD(self);
    return prices;
}

/*
 * @api private
 * @param meter [Symbol] :input, :output, …
 * @param tier [Symbol] :standard, :batch, …
 * @return [String, nil] US dollars per million tokens now, in short requests, as a decimal; without the meters that
 *   another one covers
 */
static VALUE
model__shown_price(VALUE self, VALUE meter, VALUE tier)
{
    const rlm_record record = native_model_record(self);
    const rlm_price_query query = {
        .meter = (rlm_meter) native_name_position(rlm_meter_names, RLM_METER_COUNT, meter, "meter"),
        .tier = (rlm_price_tier) native_name_position(rlm_price_tier_names, RLM_TIER_COUNT, tier, "tier"),
        .at = rlm_prices_timed(&record.prices) ? native_now() : 0,
    };
    const rlm_price *price = rlm_prices_own(&record.prices, &query);
    VALUE text = price == NULL ? Qnil : native_amount(price);

    RB_GC_GUARD(self);
    return text;
}

/* Of a meter in one tier: each price that holds now for requests of some length. */
static void
push_steps(VALUE steps, const rlm_price_set *set, rlm_meter meter, rlm_price_tier tier, int64_t now)
{
    VALUE category = native_name_symbol(rlm_meter_categories[meter]);

    for (uint32_t i = 0; i < set->count; i++) {
        const rlm_price *price = &set->list[i];
        const int64_t below = rlm_price_most_below(price), length = price->threshold == 0 ? 0 : below + 1;
        const rlm_price_query query = {.meter = meter, .tier = tier, .tokens = length, .at = now};

        if (price->meter != meter || price->tier != tier || rlm_prices_own(set, &query) != price) continue;
        rb_ary_push(steps, rb_obj_freeze(rb_ary_new_from_args(
                               5, category, rb_str_intern(rb_sprintf("%s_per_million", rlm_meter_attributes[meter])),
                               native_name_symbol(rlm_price_tier_names[tier]), LL2NUM(length == 0 ? 0 : below),
                               native_amount(price))));
    }
}

/*
 * @api private
 * @return [Array<Array(Symbol, Symbol, Symbol, Integer, String)>] the prices that ruby_llm has a place for and that
 * hold now: category, name, tier, threshold in tokens (0: none) and the amount in US dollars as a decimal
 */
static VALUE
model__price_steps(VALUE self)
{
    static const rlm_price_tier tiers[] = {RLM_TIER_STANDARD, RLM_TIER_BATCH};
    const rlm_record record = native_model_record(self);
    const int64_t now = rlm_prices_timed(&record.prices) ? native_now() : 0;
    VALUE steps = rb_ary_new();

    for (int meter = 0; meter < RLM_METER_COUNT; meter++) {
        for (size_t i = 0; i < sizeof tiers / sizeof *tiers && *rlm_meter_categories[meter] != '\0'; i++)
            push_steps(steps, &record.prices, (rlm_meter) meter, tiers[i], now);
    }
    RB_GC_GUARD(self);
    return steps;
}

static VALUE
names_array(const char *const *names, int count)
{
    VALUE array = rb_ary_new();

    for (int i = 0; i < count; i++) rb_ary_push(array, native_name_symbol(names[i]));
    return rb_ractor_make_shareable(array);
}

static VALUE
units_hash(void)
{
    VALUE units = rb_hash_new();

    for (int i = 0; i < RLM_UNIT_COUNT; i++)
        rb_hash_aset(units, native_name_symbol(rlm_price_unit_names[i]), UINT2NUM(rlm_price_unit_sizes[i]));
    return rb_ractor_make_shareable(units);
}

void
native_init_price(VALUE native)
{
    VALUE model_class = rb_const_get(native, rb_intern("Model"));

    intern_all(meter_ids, rlm_meter_names, RLM_METER_COUNT);
    intern_all(unit_ids, rlm_price_unit_names, RLM_UNIT_COUNT);
    intern_all(tier_ids, rlm_price_tier_names, RLM_TIER_COUNT);
    covers_nothing = rb_obj_freeze(rb_ary_new());
    rb_gc_register_mark_object(covers_nothing);
    rb_define_method(model_class, "price_list", model__price_list, 0);
    rb_define_method(model_class, "prices_for", model__prices_for, 2);
    rb_define_method(model_class, "price_steps", model__price_steps, 0);
    rb_define_method(model_class, "shown_price", model__shown_price, 2);
    /* What is counted and priced, in their order. */
    rb_define_const(native, "METERS", names_array(rlm_meter_names, RLM_METER_COUNT));
    /* The service tiers that prices are stated for. */
    rb_define_const(native, "PRICE_TIERS", names_array(rlm_price_tier_names, RLM_TIER_COUNT));
    /* Each unit of a price with the number of what is counted. */
    rb_define_const(native, "PRICE_UNITS", units_hash());
}
