/* Opening blocks: no damaged one is opened, however well its checksum fits. */
#include "blocks.h"

#include <stdlib.h>

static uint64_t
read_text(rlm_slice text)
{
    uint64_t sum = 0;

    for (size_t n = 0; n < text.length; n++) sum += (unsigned char) text.bytes[n];
    return sum;
}

/* What every question about prices finds, whatever the words are and whether they are sorted or not. */
static uint64_t
read_prices(const rlm_price_set *set)
{
    uint64_t sum = 0;

    for (uint32_t p = 0; p < set->count; p++) {
        sum += (uint64_t) set->list[p].coefficient + read_text(rlm_price_word(set->words, set->list[p].region));
        sum += read_text(rlm_price_word(set->words, set->list[p].origin));
    }
    for (int meter = 0; meter < RLM_METER_COUNT; meter++) {
        const rlm_price_query query = {.meter = (rlm_meter) meter, .tokens = 300000, .region = RLM_SLICE("eu")};
        const rlm_price *found = rlm_prices_find(set, &query);

        if (found != NULL) sum += found->unit;
    }
    return sum;
}

/* Look at everything in it, so that AddressSanitizer sees every byte being read. */
static uint64_t
read_all(const rlm_block *block)
{
    uint64_t sum = block->count;
    size_t count, shown;

    for (size_t r = 0; r < block->count; r++) {
        rlm_record record;
        const uint32_t *index;

        rlm_block_record(block, r, &record);
        sum += read_text(record.name) + read_text(record.metadata) + read_text(record.replacements);
        sum += read_text(record.license) + read_text(record.data_regions) + read_text(record.pattern);
        sum += read_prices(&record.prices);
        for (uint32_t b = 0; b < record.bound_count; b++) sum += (uint64_t) record.bounds[b].coefficient;
        index = rlm_block_of_family(block, record.family, &count, &shown);
        for (size_t i = 0; i < count; i++) sum += index[i];
        index = rlm_block_of_type(block, (rlm_type) record.type, &count, &shown);
        for (size_t i = 0; i < count; i++) sum += rlm_block_standing(block, index[i]);
    }
    for (size_t place = 0; place < rlm_block_alias_count(block); place++) {
        rlm_slice alias;

        sum += rlm_block_type(block, rlm_block_alias(block, place, &alias, NULL));
        for (size_t n = 0; n < alias.length; n++) sum += (unsigned char) alias.bytes[n];
    }
    return sum;
}

TEST
refuses_a_block_cut_at_any_byte_or_with_any_byte_changed(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_error error;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    for (size_t length = 0; length < out.length; length++) {
        ASSERT_STATUS(RLM_BAD_BLOCK, rlm_block_open(out.bytes, length, &block, &error));
    }
    for (size_t i = 0; i < out.length; i++) {
        const char whole = out.bytes[i];

        for (int other = 0; other < 256; other++) {
            out.bytes[i] = (char) other;
            if (out.bytes[i] != whole)
                ASSERT_STATUS(RLM_BAD_BLOCK, rlm_block_open(out.bytes, out.length, &block, &error));
        }
        out.bytes[i] = whole;
    }
    rlm_buffer_free(&out);
    PASS();
}

/* Give the block the checksum that its bytes have. */
static void
sign(char *bytes, size_t size)
{
    uint64_t checksum = rlm_block_checksum(bytes, size);

    memcpy(bytes + offsetof(stored_header, checksum), &checksum, sizeof checksum);
}

/* A hostile block has a right checksum: then only the checks of its offsets protect the reader. */
TEST
never_reads_outside_a_block_whose_checksum_is_right(void)
{
    rlm_buffer out;
    rlm_error error;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    for (size_t i = 0; i < out.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *copy = malloc(out.length); /* exactly its size, so that AddressSanitizer sees a step outside */
            rlm_block block;

            ASSERT(copy != NULL);
            memcpy(copy, out.bytes, out.length);
            copy[i] = (char) (copy[i] ^ (1 << bit));
            sign(copy, out.length);
            if (rlm_block_open(copy, out.length, &block, &error) == RLM_OK) ASSERT(read_all(&block) > 0);
            free(copy);
        }
    }
    rlm_buffer_free(&out);
    PASS();
}

/* Why the block, changed and with a new checksum, is refused; "" if it is not. It is unchanged afterwards. */
static rlm_slice
refusal(rlm_buffer *out, void *place, const void *bytes, size_t length)
{
    static char message[RLM_ERROR_MESSAGE];
    static const char start[] = "unusable registry block: ";
    char before[64];
    rlm_block block;
    rlm_error error;
    rlm_status status;

    memcpy(before, place, length);
    memcpy(place, bytes, length);
    sign(out->bytes, out->length);
    rlm_error_clear(&error);
    status = rlm_block_open(out->bytes, out->length, &block, &error);
    memcpy(place, before, length);
    sign(out->bytes, out->length);
    if (status == RLM_OK) return RLM_SLICE("");
    memcpy(message, error.message, sizeof message);
    return rlm_slice_of(message + (strncmp(message, start, sizeof start - 1) == 0 ? sizeof start - 1 : 0));
}

#define ASSERT_REFUSED(reason, place, value) ASSERT_TEXT(reason, refusal(&out, &(place), &(value), sizeof(place)))

TEST
refuses_parts_that_do_not_add_up(void)
{
    rlm_buffer out;
    stored_header *head;
    const uint32_t more = 1000, past = 0xFFFFFFFF;
    const uint64_t longer = 1 << 20;
    const stored_run run = {0, 5, 6}, gap = {1, 3, 2};
    const stored_text outside = {0, 0xFFFFFFFF};
    const uint16_t kind = 3, format = 1;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    head = (void *) out.bytes;
    ASSERT_REFUSED("its parts do not add up to its size", head->count, more);
    ASSERT_REFUSED("its parts do not add up to its size", head->count, past);
    ASSERT_REFUSED("its parts do not add up to its size", head->texts, past);
    ASSERT_REFUSED("its parts do not add up to its size", head->alias_count, past);
    ASSERT_REFUSED("its parts do not add up to its size", head->family_count, past);
    ASSERT_REFUSED("its parts do not add up to its size", head->text_bytes, past);
    ASSERT_REFUSED("it is cut off", head->size, longer);
    ASSERT_REFUSED("its stamp points outside, or is not UTF-8", head->etag, outside);
    ASSERT_REFUSED("its types do not add up", head->types[RLM_TYPE_CHAT], run);
    ASSERT_REFUSED("its types do not add up", head->types[RLM_TYPE_CHAT], gap);
    ASSERT_REFUSED("its kind is unknown", head->kind, kind);
    ASSERT_REFUSED("its format has another version", head->format, format);
    ASSERT_TEXT("", refusal(&out, &head->count, &head->count, sizeof head->count));
    rlm_buffer_free(&out);
    PASS();
}

TEST
refuses_indexes_that_are_out_of_range_or_order(void)
{
    rlm_buffer out;
    rlm_block block;
    stored_header *head;
    stored_family *families;
    stored_alias *aliases;
    uint32_t *by_id, *by_type, *by_family;
    const uint32_t outside = 5, far = 0xFFFFFFFF;
    const stored_run long_run = {0, 0xFFFFFFFF, 0}, late_run = {0xFFFFFFFF, 2, 1}, shown_run = {0, 2, 2};
    const stored_text text = {0, 0};
    uint32_t swapped[2];

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, NULL));
    head = (void *) out.bytes;
    by_id = (void *) (out.bytes + head->by_id);
    by_type = (void *) (out.bytes + head->by_type);
    by_family = (void *) (out.bytes + head->by_family);
    families = (void *) (out.bytes + head->families);
    aliases = (void *) (out.bytes + head->aliases);

    ASSERT_REFUSED("its index by id points outside", by_id[1], outside);
    ASSERT_REFUSED("its index by id points outside", by_id[1], far);
    ASSERT_REFUSED("its index by id is not sorted", by_id[1], by_id[0]);
    ASSERT_REFUSED("its index by type is wrong", by_type[0], far);
    ASSERT_REFUSED("its index by type is wrong", by_type[0], by_type[1]);
    swapped[0] = by_family[1], swapped[1] = by_family[0];
    ASSERT_TEXT("its index by family is wrong", refusal(&out, by_family, swapped, sizeof swapped));
    ASSERT_REFUSED("its index by family is wrong", by_family[0], far);
    ASSERT_REFUSED("its families do not add up", families[0].run, long_run);
    ASSERT_REFUSED("its families do not add up", families[0].run, late_run);
    ASSERT_REFUSED("its index by family is wrong", families[0].run, shown_run);
    ASSERT_REFUSED("a family has no name", families[0].name, text);
    ASSERT_REFUSED("its families are not sorted", families[1].name, families[0].name);
    ASSERT_REFUSED("an alias is out of range", aliases[0].record, outside);
    ASSERT_REFUSED("an alias is out of range", aliases[0].kind, far);
    ASSERT_REFUSED("an alias is out of range", aliases[0].alias, text);
    ASSERT_REFUSED("an alias is out of range", aliases[0].alias.length, far);
    ASSERT_REFUSED("its aliases are not sorted", aliases[1], aliases[0]);
    rlm_buffer_free(&out);
    PASS();
}

TEST
refuses_records_that_are_out_of_range_or_order(void)
{
    rlm_buffer out;
    stored_header *head;
    stored_record *records;
    rlm_price *prices;
    const uint32_t far = 0xFFFFFFFF;
    const uint8_t two = 2, many = 255;
    const int64_t below = -2;
    const char broken = '\xFF';

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    head = (void *) out.bytes;
    records = (void *) (out.bytes + sizeof *head);
    prices = (void *) (out.bytes + head->prices);
    ASSERT_REFUSED("a record is out of range", records[1].texts[METADATA].length, far);
    ASSERT_REFUSED("a record is out of range", records[1].texts[NAME].offset, far);
    ASSERT_REFUSED("a record is out of range", records[1].type, many);
    ASSERT_REFUSED("a record is out of range", records[1].superseded, two);
    ASSERT_REFUSED("a record is out of range", records[1].limits[0], below);
    ASSERT_REFUSED("a record is out of range", records[1].prices, far);
    ASSERT_REFUSED("a record is out of range", records[1].price_count, far);
    ASSERT_REFUSED("its records are not sorted", records[1].texts[ID], records[0].texts[ID]);
    ASSERT_REFUSED("a price is out of range", prices[0].tier, many);
    ASSERT_REFUSED("its texts are not UTF-8", out.bytes[head->texts], broken);
    rlm_buffer_free(&out);
    PASS();
}

/* records[2] of write_family: has prices 2 and 3, and both bounds. */
TEST
refuses_prices_and_bounds_that_are_out_of_range(void)
{
    rlm_buffer out;
    stored_header *head;
    stored_record *records;
    rlm_price *price;
    rlm_bound *bound;
    const uint32_t far = 0xFFFFFFFF, one_more = 1;
    const uint16_t minute = 1441;
    const int16_t small = -425, large = 425;
    const int32_t below = -1;
    const int64_t negative = -1;
    const uint8_t meters = RLM_METER_COUNT, units = RLM_UNIT_COUNT, tiers = RLM_TIER_COUNT, steps = RLM_STEP_COUNT,
                  covers = RLM_COVERS_ALL + 1, weekdays = 128, bounded = RLM_BOUNDED_COUNT, kinds = RLM_BOUND_COUNT,
                  efforts = RLM_EFFORT_COUNT + 1;
    const rlm_flags unknown = {RLM_BIT(RLM_PARAMETER_COUNT), 0}, both = {1, 1}, traits = {0, RLM_BIT(RLM_TRAIT_COUNT)};

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    head = (void *) out.bytes;
    records = (void *) (out.bytes + sizeof *head);
    price = (rlm_price *) (void *) (out.bytes + head->prices) + records[2].prices;
    bound = (rlm_bound *) (void *) (out.bytes + head->bounds) + records[2].bounds;
    ASSERT(records[2].price_count == 2 && records[2].bound_count == 2 && head->bound_count == 2);
    ASSERT_REFUSED("a price is out of range", price->meter, meters);
    ASSERT_REFUSED("a price is out of range", price->unit, units);
    ASSERT_REFUSED("a price is out of range", price->tier, tiers);
    ASSERT_REFUSED("a price is out of range", price->step, steps);
    ASSERT_REFUSED("a price is out of range", price->covers, covers);
    ASSERT_REFUSED("a price is out of range", price->threshold, below);
    ASSERT_REFUSED("a price is out of range", price->from_minute, minute);
    ASSERT_REFUSED("a price is out of range", price->until_minute, minute);
    ASSERT_REFUSED("a price is out of range", price->weekdays, weekdays);
    ASSERT_REFUSED("a price is out of range", price->coefficient, negative);
    ASSERT_REFUSED("a price is out of range", price->exponent, small);
    ASSERT_REFUSED("a price is out of range", price->exponent, large);
    ASSERT_REFUSED("a bound is out of range", bound->of, bounded);
    ASSERT_REFUSED("a bound is out of range", bound->kind, kinds);
    ASSERT_REFUSED("a bound is out of range", bound->coefficient, negative);
    ASSERT_REFUSED("a bound is out of range", bound->exponent, small);
    ASSERT_REFUSED("a bound is out of range", bound->exponent, large);
    ASSERT_REFUSED("a record is out of range", records[2].bounds, one_more);
    ASSERT_REFUSED("a record is out of range", records[2].bounds, far);
    ASSERT_REFUSED("a record is out of range", records[2].bound_count, far);
    ASSERT_REFUSED("a record is out of range", records[2].default_effort, efforts);
    ASSERT_REFUSED("a record is out of range", records[2].flags[PARAMETERS], unknown);
    ASSERT_REFUSED("a record is out of range", records[2].flags[EFFORTS], both);
    ASSERT_REFUSED("a record is out of range", records[2].flags[TRAITS], traits);
    ASSERT_REFUSED("a record is out of range", records[2].texts[PRICE_WORDS].length, far);
    ASSERT_REFUSED("its parts do not add up to its size", head->bound_count, far);
    ASSERT_REFUSED("its parts do not add up to its size", head->bounds, far);
    rlm_buffer_free(&out);
    PASS();
}

/* They are no danger, and looking for each would cost time. */
TEST
opens_prices_that_lack_their_words_or_their_order(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_record record;
    rlm_error error;
    stored_record *records;
    rlm_price *price, first;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    records = (void *) (out.bytes + sizeof(stored_header));
    price = (rlm_price *) (void *) (out.bytes + ((stored_header *) (void *) out.bytes)->prices) + records[2].prices;
    price->size = 255;
    price[1].origin = 3;
    first = price[0];
    price[0] = price[1];
    price[1] = first;
    records[2].texts[PRICE_WORDS].length--; /* the last word has no end */
    sign(out.bytes, out.length);
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, &error));
    rlm_block_record(&block, 2, &record);
    ASSERT_TEXT("", rlm_price_word(record.prices.words, 255));
    ASSERT_TEXT("", rlm_price_word(record.prices.words, 2));
    ASSERT_TEXT("eu", rlm_price_word(record.prices.words, 1));
    ASSERT(read_all(&block) > 0);
    rlm_buffer_free(&out);
    PASS();
}

/* A sheet has no index, and its head says how many models of each type it has. */
TEST
refuses_a_sheet_that_is_not_one(void)
{
    const stored_run run = {0, 1, 0};
    rlm_record records[] = {record_of("openai", "a"), record_of("openai", "b")};
    rlm_buffer out;
    rlm_block block;
    stored_header *head;

    records[1].standing = RLM_STANDING_UNLISTED;
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, rlm_block_write(RLM_BLOCK_SHEET, records, 2, NULL, &out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, NULL));
    head = (void *) out.bytes;
    ASSERT(head->by_id == head->families && rlm_block_shown(&block) == 1);
    ASSERT_REFUSED("its types do not add up", head->types[RLM_TYPE_CHAT], run);
    ASSERT_REFUSED("its types do not add up", head->types[RLM_TYPE_CHAT].shown, (uint32_t){2});
    ASSERT_REFUSED("its parts do not add up to its size", head->kind, (uint16_t){RLM_BLOCK_CATALOG});
    rlm_buffer_free(&out);
    PASS();
}

/* ---- The head alone ---- */

TEST
peeks_at_the_first_of_several_blocks(void)
{
    const rlm_stamp stamp = {.source = RLM_SLICE("acme"),
                             .api = RLM_SLICE("openai"),
                             .provider = RLM_SLICE("groq"),
                             .url = RLM_SLICE("https://llm.acme.example/v1/models"),
                             .etag = RLM_SLICE("\"1\""),
                             .fetched_at = 1700000000,
                             .answers = RLM_SLICE("7 0123")};
    rlm_record record = record_of("openai", "a");
    rlm_buffer out;
    rlm_block block;
    size_t first;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, rlm_block_write(RLM_BLOCK_SHEET, &record, 1, &stamp, &out));
    first = out.length;
    ASSERT(first % 8 == 0);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_peek(out.bytes, out.length, &block, NULL));
    ASSERT(block.kind == RLM_BLOCK_SHEET && block.size == first && block.count == 1 && rlm_block_shown(&block) == 1);
    ASSERT_TEXT("acme", block.stamp.source);
    ASSERT_TEXT("openai", block.stamp.api);
    ASSERT_TEXT("groq", block.stamp.provider);
    ASSERT_TEXT("https://llm.acme.example/v1/models", block.stamp.url);
    ASSERT_TEXT("7 0123", block.stamp.answers);
    ASSERT_TEXT("\"1\"", block.stamp.etag);
    ASSERT(block.stamp.fetched_at == 1700000000 && rlm_block_intact(&block));
    ASSERT_STATUS(RLM_BAD_BLOCK, rlm_block_open(out.bytes, out.length, &block, NULL));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, first, &block, NULL));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes + first, out.length - first, &block, NULL));
    ASSERT(block.kind == RLM_BLOCK_CATALOG && block.count == 5);
    rlm_buffer_free(&out);
    PASS();
}

TEST
peeks_at_no_block_that_is_cut_and_knows_a_damaged_one(void)
{
    rlm_buffer out;
    rlm_block block;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    for (size_t length = 0; length < out.length; length++)
        ASSERT_STATUS(RLM_BAD_BLOCK, rlm_block_peek(out.bytes, length, &block, NULL));
    for (size_t i = 0; i < out.length; i++) {
        out.bytes[i] = (char) (out.bytes[i] ^ 0x41);
        if (rlm_block_peek(out.bytes, out.length, &block, NULL) == RLM_OK) ASSERT(!rlm_block_intact(&block));
        out.bytes[i] = (char) (out.bytes[i] ^ 0x41);
    }
    rlm_buffer_free(&out);
    PASS();
}

TEST
knows_how_a_block_begins(void)
{
    rlm_buffer out;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    ASSERT(rlm_block_begins(out.bytes, out.length) && rlm_block_begins(out.bytes, 4));
    ASSERT(!rlm_block_begins(out.bytes, 3) && !rlm_block_begins(out.bytes + 1, 4) && !rlm_block_begins("", 0));
    rlm_buffer_free(&out);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(refuses_a_block_cut_at_any_byte_or_with_any_byte_changed);
    RUN(never_reads_outside_a_block_whose_checksum_is_right);
    RUN(refuses_parts_that_do_not_add_up);
    RUN(refuses_indexes_that_are_out_of_range_or_order);
    RUN(refuses_records_that_are_out_of_range_or_order);
    RUN(refuses_prices_and_bounds_that_are_out_of_range);
    RUN(opens_prices_that_lack_their_words_or_their_order);
    RUN(refuses_a_sheet_that_is_not_one);
    RUN(peeks_at_the_first_of_several_blocks);
    RUN(peeks_at_no_block_that_is_cut_and_knows_a_damaged_one);
    RUN(knows_how_a_block_begins);
    return REPORT("block_open");
}
