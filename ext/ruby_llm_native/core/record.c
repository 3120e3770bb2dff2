/*
 * Records: the names of the enumerations, what readers may state, then how two rows of one id unite.
 *
 * A reader states facts without checking them first; every check a fact needs before it may be kept is here, once.
 */
#include "record.h"

#include "id.h"
#include "limits.h"

#include <stdlib.h>
#include <string.h>

#define X(name, text) text,
const char *const rlm_capability_names[] = {RLM_CAPABILITIES(X)};
const char *const rlm_modality_names[] = {RLM_MODALITIES(X)};
const char *const rlm_type_names[] = {RLM_TYPES(X)};
const char *const rlm_life_names[] = {RLM_LIFES(X)};
const char *const rlm_standing_names[] = {RLM_STANDINGS(X)};
const char *const rlm_price_category_names[] = {RLM_PRICE_CATEGORIES(X)};
const char *const rlm_price_direction_names[] = {RLM_PRICE_DIRECTIONS(X)};
const char *const rlm_price_tier_names[] = {RLM_PRICE_TIERS(X)};
const char *const rlm_price_unit_names[] = {RLM_PRICE_UNITS(X)};
const char *const rlm_field_names[] = {RLM_FIELDS(X)};
#undef X

int
rlm_name_position(const char *const *names, int count, rlm_slice text)
{
    for (int i = 0; i < count; i++) {
        if (names[i][0] != '\0' && rlm_slice_is(text, names[i])) return i;
    }
    return -1;
}

void
rlm_record_init(rlm_record *record, rlm_arena *arena, rlm_slice provider)
{
    memset(record, 0, sizeof *record);
    record->arena = arena;
    record->provider = provider;
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) record->limits[i] = RLM_UNSAID;
}

int
rlm_record_compare(const void *left, const void *right)
{
    const rlm_record *a = left, *b = right;
    int order = rlm_slice_compare(a->provider, b->provider);

    return order != 0 ? order : rlm_slice_compare(a->id, b->id);
}

/* ---- Texts ---- */

bool
rlm_has_control_characters(rlm_slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char) text.bytes[i] < 0x20 || text.bytes[i] == 0x7f) return true;
    }
    return false;
}

static bool
usable_id(const rlm_value *value)
{
    rlm_slice text = rlm_value_text(value);

    return text.length > 0 && text.length <= RLM_LIMIT_ID && !value->damaged && !rlm_has_control_characters(text);
}

rlm_status
rlm_record_identify(rlm_record *record, const rlm_value *id, const char *prefix, rlm_error *error)
{
    rlm_slice text = rlm_value_text(id);

    if (id == NULL) return rlm_error_set(error, RLM_BAD_ROW, "a row without an id");
    if (id->kind != RLM_STRING) return rlm_error_set(error, RLM_BAD_ROW, "a row whose id is no text");
    if (!usable_id(id)) {
        return rlm_error_set(error, RLM_BAD_ROW, "a row whose id is empty, too long, or not clean text");
    }
    if (prefix != NULL && rlm_slice_starts_with(text, prefix)) {
        text.bytes += strlen(prefix);
        text.length -= strlen(prefix);
        if (text.length == 0) return rlm_error_set(error, RLM_BAD_ROW, "a row whose id is only \"%s\"", prefix);
    }
    return rlm_text_copy(record->arena, text, &record->id);
}

static rlm_status
keep_text(rlm_record *record, rlm_slice *field, const rlm_value *value)
{
    rlm_slice text = rlm_value_text(value);

    return text.length == 0 ? RLM_OK : rlm_text_copy(record->arena, text, field);
}

rlm_status
rlm_record_state_name(rlm_record *record, const rlm_value *name)
{
    return keep_text(record, &record->name, name);
}

rlm_status
rlm_record_state_family(rlm_record *record, const rlm_value *family)
{
    return keep_text(record, &record->family, family);
}

rlm_status
rlm_record_state_replacement(rlm_record *record, const rlm_value *id)
{
    return keep_text(record, &record->replacement, id);
}

/* ---- Numbers, moments, flags ---- */

void
rlm_record_state_limit(rlm_record *record, rlm_limit limit, const rlm_value *tokens)
{
    int64_t count;

    if (rlm_value_integer(tokens, &count) && count > 0) record->limits[limit] = count;
}

void
rlm_record_state_moment(rlm_moment *moment, const rlm_value *value)
{
    int64_t seconds;

    if (rlm_value_integer(value, &seconds)) (void) rlm_moment_from_unix(seconds, moment);
    else (void) rlm_moment_parse(rlm_value_text(value), moment);
}

void
rlm_record_say(rlm_flags *flags, int position, bool yes)
{
    uint32_t bit = RLM_BIT(position);

    flags->yes = yes ? flags->yes | bit : flags->yes & ~bit;
    flags->no = yes ? flags->no & ~bit : flags->no | bit;
}

void
rlm_record_state_flag(rlm_flags *flags, int position, const rlm_value *flag)
{
    if (flag != NULL && flag->kind == RLM_BOOLEAN) rlm_record_say(flags, position, flag->truth);
}

void
rlm_record_state_capability(rlm_record *record, rlm_capability capability, const rlm_value *flag)
{
    rlm_record_state_flag(&record->capabilities, (int) capability, flag);
}

void
rlm_record_state_listed(rlm_record *record, rlm_capability capability, const rlm_value *list, const char *word, const char *other)
{
    if (list == NULL || list->kind != RLM_ARRAY || list->first == NULL) return;
    rlm_record_say(&record->capabilities, (int) capability, rlm_value_lists(list, word) || (other != NULL && rlm_value_lists(list, other)));
}

void
rlm_record_state_modalities(rlm_flags *flags, const rlm_value *list)
{
    uint32_t yes = 0;

    if (list == NULL || list->kind != RLM_ARRAY || list->first == NULL) return;
    RLM_EACH (word, list) {
        int position = rlm_name_position(rlm_modality_names, RLM_MODALITY_COUNT, rlm_value_text(word));

        if (position >= 0) yes |= RLM_BIT(position);
    }
    if (yes == 0) return; /* words of a newer vocabulary only: it says nothing that we understand */
    flags->yes = yes;
    flags->no = (RLM_BIT(RLM_MODALITY_COUNT) - 1) & ~yes;
}

void
rlm_record_state_type(rlm_record *record, rlm_type type)
{
    static const struct {
        rlm_type type;
        rlm_modality output;
    } only[] = {
        {RLM_TYPE_EMBEDDING, RLM_MODALITY_EMBEDDINGS}, {RLM_TYPE_IMAGE, RLM_MODALITY_IMAGE},   {RLM_TYPE_VIDEO, RLM_MODALITY_VIDEO},
        {RLM_TYPE_AUDIO, RLM_MODALITY_AUDIO},          {RLM_TYPE_RERANK, RLM_MODALITY_RERANK}, {RLM_TYPE_MODERATION, RLM_MODALITY_MODERATION},
        {RLM_TYPE_TRANSCRIPTION, RLM_MODALITY_TEXT},
    };

    record->type = (uint8_t) type;
    for (size_t i = 0; i < sizeof only / sizeof *only; i++) {
        if (only[i].type != type) continue;
        record->output.yes = RLM_BIT(only[i].output);
        record->output.no = (RLM_BIT(RLM_MODALITY_COUNT) - 1) & ~record->output.yes;
    }
}

/* ---- Prices ---- */

static int
price_order(const void *left, const void *right)
{
    const rlm_price *a = left, *b = right;

    if (a->category != b->category) return a->category < b->category ? -1 : 1;
    if (a->tier != b->tier) return a->tier < b->tier ? -1 : 1;
    if (a->threshold != b->threshold) return a->threshold < b->threshold ? -1 : 1;
    if (a->direction != b->direction) return a->direction < b->direction ? -1 : 1;
    if (a->unit != b->unit) return a->unit < b->unit ? -1 : 1;
    if (a->coefficient != b->coefficient) return a->coefficient < b->coefficient ? -1 : 1;
    if (a->exponent != b->exponent) return a->exponent < b->exponent ? -1 : 1;
    return 0;
}

void
rlm_prices_sort(rlm_price *prices, size_t count)
{
    if (count > 1) qsort(prices, count, sizeof *prices, price_order);
}

bool
rlm_prices_equal(const rlm_price *left, size_t left_count, const rlm_price *right, size_t right_count)
{
    if (left_count != right_count) return false;
    for (size_t i = 0; i < left_count; i++) {
        if (price_order(&left[i], &right[i]) != 0) return false;
    }
    return true;
}

rlm_status
rlm_record_state_price(rlm_record *record, rlm_price price, const rlm_value *amount, int shift)
{
    rlm_decimal decimal;
    rlm_price *prices;

    if (!rlm_value_decimal(amount, &decimal) || rlm_decimal_is_negative(decimal)) return RLM_OK;
    if (record->price_count >= RLM_LIMIT_PRICES) return RLM_OK;
    decimal = rlm_decimal_shift(decimal, shift);
    price.coefficient = decimal.coefficient;
    price.exponent = decimal.exponent;

    /* Few prices a model: a new array each time is simpler than one with room. */
    prices = rlm_arena_allocate(record->arena, record->price_count + 1u, sizeof *prices);
    if (prices == NULL) return RLM_OUT_OF_MEMORY;
    if (record->price_count > 0) memcpy(prices, record->prices, record->price_count * sizeof *prices);
    prices[record->price_count++] = price;
    rlm_prices_sort(prices, record->price_count);
    record->prices = prices;
    return RLM_OK;
}

rlm_status
rlm_record_state_prices(rlm_record *record, const rlm_value *object, const rlm_price_key *keys, int64_t threshold, bool zeros)
{
    for (; keys->key != NULL; keys++) {
        const rlm_value *amount = rlm_value_take(object, keys->key);
        rlm_price price = keys->price;
        rlm_decimal decimal;

        if (!zeros && rlm_value_decimal(amount, &decimal) && decimal.coefficient == 0) continue;
        price.threshold = threshold;
        RLM_TRY(rlm_record_state_price(record, price, amount, keys->shift));
    }
    return RLM_OK;
}

/* ---- Kin ---- */

bool
rlm_kin_next(rlm_slice *rest, rlm_slice *id)
{
    const char *end;

    if (rest->length == 0) return false;
    end = memchr(rest->bytes, '\n', rest->length);
    if (end == NULL) return false;
    *id = (rlm_slice) {rest->bytes, (size_t) (end - rest->bytes)};
    rest->length -= id->length + 1;
    rest->bytes = end + 1;
    return true;
}

static void
append_kin(rlm_slice *list, char *bytes, rlm_slice id)
{
    if (id.length > 0) memcpy(bytes + list->length, id.bytes, id.length);
    bytes[list->length + id.length] = '\n';
    list->length += id.length + 1;
}

static int
by_text(const void *left, const void *right)
{
    return rlm_slice_compare(*(const rlm_slice *) left, *(const rlm_slice *) right);
}

rlm_status
rlm_kin_list(rlm_arena *arena, rlm_slice *ids, size_t count, size_t most, rlm_slice *out)
{
    size_t total = 0, kept = 0;
    char *bytes;

    if (count > 1) qsort(ids, count, sizeof *ids, by_text);
    for (size_t i = 0; i < count && kept < most; i++) {
        if (kept > 0 && rlm_slice_equal(ids[kept - 1], ids[i])) continue;
        ids[kept++] = ids[i];
        total += ids[i].length + 1;
    }
    bytes = rlm_arena_allocate(arena, total, 1);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    *out = (rlm_slice) {bytes, 0};
    for (size_t i = 0; i < kept; i++) append_kin(out, bytes, ids[i]);
    return RLM_OK;
}

rlm_status
rlm_kin_unite(rlm_arena *arena, rlm_slice left, rlm_slice right, rlm_slice *out)
{
    char *bytes = rlm_arena_allocate(arena, left.length + right.length, 1);
    rlm_slice one, other, united = {bytes, 0};
    bool has_one = rlm_kin_next(&left, &one), has_other = rlm_kin_next(&right, &other);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    while (has_one || has_other) {
        int order = !has_other ? -1 : !has_one ? 1 : rlm_slice_compare(one, other);

        append_kin(&united, bytes, order <= 0 ? one : other);
        if (order <= 0) has_one = rlm_kin_next(&left, &one);
        if (order >= 0) has_other = rlm_kin_next(&right, &other);
    }
    *out = united;
    return RLM_OK;
}

rlm_status
rlm_kin_add(rlm_arena *arena, rlm_slice sorted, rlm_slice id, rlm_slice *out)
{
    rlm_slice rest = sorted, each;
    size_t before = 0;
    char *bytes;

    *out = sorted;
    while (rlm_kin_next(&rest, &each)) {
        int order = rlm_slice_compare(each, id);

        if (order == 0) return RLM_OK;
        if (order > 0) break;
        before = sorted.length - rest.length;
    }
    bytes = rlm_arena_allocate(arena, sorted.length + id.length + 1, 1);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    if (before > 0) memcpy(bytes, sorted.bytes, before);
    memcpy(bytes + before, id.bytes, id.length);
    bytes[before + id.length] = '\n';
    if (sorted.length > before) memcpy(bytes + before + id.length + 1, sorted.bytes + before, sorted.length - before);
    *out = (rlm_slice) {bytes, sorted.length + id.length + 1};
    return RLM_OK;
}

static bool
names_kin(const rlm_record *record, const rlm_value *id)
{
    return usable_id(id) && !rlm_slice_equal(id->text, record->id) && rlm_id_same_offer(id->text, record->id);
}

/* The ids of a list that name kin, which are `*count`. */
static rlm_status
collect_kin(const rlm_record *record, const rlm_value *list, rlm_slice **ids, size_t *count)
{
    size_t left = 0;

    RLM_EACH (id, list) left++;
    if (left > RLM_LIMIT_KIN) left = RLM_LIMIT_KIN;
    *ids = rlm_arena_allocate(record->arena, left, sizeof **ids);
    *count = 0;
    if (*ids == NULL) return RLM_OUT_OF_MEMORY;
    RLM_EACH (id, list) {
        if (left-- == 0) break;
        if (names_kin(record, id)) (*ids)[(*count)++] = id->text;
    }
    return RLM_OK;
}

rlm_status
rlm_record_state_kin(rlm_record *record, const rlm_value *ids)
{
    rlm_slice *stated, listed;
    size_t count;

    if (ids != NULL && ids->kind == RLM_STRING) {
        if (!names_kin(record, ids)) return RLM_OK;
        return rlm_kin_add(record->arena, record->kin, ids->text, &record->kin);
    }
    if (ids == NULL || ids->first == NULL) return RLM_OK;
    RLM_TRY(collect_kin(record, ids, &stated, &count));
    RLM_TRY(rlm_kin_list(record->arena, stated, count, RLM_LIMIT_KIN, &listed));
    return rlm_kin_unite(record->arena, record->kin, listed, &record->kin);
}

/* ---- The rest ---- */

bool
rlm_value_lists(const rlm_value *list, const char *text)
{
    if (list == NULL || list->kind != RLM_ARRAY) return false;
    RLM_EACH (element, list) {
        if (rlm_slice_is(rlm_value_text(element), text)) return true;
    }
    return false;
}

void
rlm_value_drop(const rlm_value *object, const char *key)
{
    rlm_value *member = rlm_value_take(object, key);

    if (member != NULL) member->kind = RLM_NULL; /* a taken object would still be asked for its members */
}

rlm_status
rlm_record_keep_rest(rlm_record *record, const rlm_value *row, const char *const *ignore)
{
    rlm_buffer json;
    bool some;
    rlm_status status;

    for (; ignore != NULL && *ignore != NULL; ignore++) rlm_value_drop(row, *ignore);
    rlm_buffer_init(&json, RLM_LIMIT_ROW);
    status = rlm_value_write(row, true, record->arena, &json, &some);
    if (status == RLM_OK && some) status = rlm_text_copy(record->arena, (rlm_slice) {json.bytes, json.length}, &record->metadata);
    rlm_buffer_free(&json);
    return status;
}

/* ---- Two rows of one id ---- */

/* The earlier text in byte order: no row comes first by itself, and an empty text is none. */
static rlm_slice
either(rlm_slice left, rlm_slice right)
{
    if (left.length == 0) return right;
    if (right.length == 0) return left;
    return rlm_slice_compare(left, right) <= 0 ? left : right;
}

static rlm_moment
earlier(rlm_moment left, rlm_moment right)
{
    if (left.precision == RLM_PRECISION_NONE) return right;
    if (right.precision == RLM_PRECISION_NONE) return left;
    if (left.seconds != right.seconds) return left.seconds < right.seconds ? left : right;
    return left.precision >= right.precision ? left : right;
}

static void
unite_flags(rlm_flags *flags, rlm_flags other)
{
    flags->yes |= other.yes;
    flags->no = (flags->no | other.no) & ~flags->yes;
}

static uint8_t
stronger_type(uint8_t left, uint8_t right)
{
    if (left == RLM_TYPE_UNSAID) return right;
    if (right == RLM_TYPE_UNSAID) return left;
    return left < right ? left : right; /* chat is the first of them */
}

static size_t
count_kin(const rlm_record *records, size_t count)
{
    size_t total = 0;
    rlm_slice id;

    for (size_t i = 0; i < count; i++) {
        for (rlm_slice rest = records[i].kin; rlm_kin_next(&rest, &id);) total++;
    }
    return total;
}

/* The kin of all rows, sorted once: one row after the other would copy what is there already as often as there are rows. */
static rlm_status
unite_kin(rlm_record *records, size_t count, rlm_arena *arena)
{
    size_t total = count_kin(records, count), next = 0;
    rlm_slice *ids;
    rlm_status status;

    if (total == count_kin(records, 1)) return RLM_OK; /* nobody else names any */
    ids = rlm_memory_allocate(total * sizeof *ids);
    if (ids == NULL) return RLM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        for (rlm_slice rest = records[i].kin; rlm_kin_next(&rest, &ids[next]);) next++;
    }
    status = rlm_kin_list(arena, ids, total, RLM_LIMIT_KIN, &records[0].kin);
    rlm_memory_free(ids);
    return status;
}

static void
unite_facts(rlm_record *record, const rlm_record *other)
{
    record->name = either(record->name, other->name);
    record->family = either(record->family, other->family);
    record->replacement = either(record->replacement, other->replacement);
    record->metadata = either(record->metadata, other->metadata);
    record->created_at = earlier(record->created_at, other->created_at);
    record->knowledge_cutoff = earlier(record->knowledge_cutoff, other->knowledge_cutoff);
    record->retires_at = earlier(record->retires_at, other->retires_at);
    for (int i = 0; i < RLM_LIMIT_COUNT; i++) {
        if (other->limits[i] > record->limits[i]) record->limits[i] = other->limits[i];
    }
    unite_flags(&record->capabilities, other->capabilities);
    unite_flags(&record->input, other->input);
    unite_flags(&record->output, other->output);
    record->type = stronger_type(record->type, other->type);
    if (other->life > record->life) record->life = other->life;

    /* Prices are a set: one row's, never a mixture. The longer set says more; of two equally long ones the order of their bytes decides. */
    if (other->price_count > record->price_count ||
        (other->price_count == record->price_count && other->price_count > 0 &&
         memcmp(other->prices, record->prices, other->price_count * sizeof *other->prices) < 0)) {
        record->prices = other->prices;
        record->price_count = other->price_count;
    }
}

rlm_status
rlm_record_unite(rlm_record *records, size_t count, rlm_arena *arena)
{
    for (size_t i = 1; i < count; i++) unite_facts(&records[0], &records[i]);
    return unite_kin(records, count, arena);
}
