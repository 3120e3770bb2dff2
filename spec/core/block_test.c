/* Blocks: what goes in comes out, equal facts are equal bytes, and no damaged block is opened. */
#include "base/caps.h"
#include "block/layout.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static rlm_price cheap = {
    .coefficient = 15, .exponent = -2, .category = RLM_PRICE_TEXT, .direction = RLM_DIRECTION_INPUT};

static rlm_record
record_of(const char *provider, const char *id)
{
    rlm_record record;

    rlm_record_init(&record, NULL, rlm_slice_of(provider));
    record.id = rlm_slice_of(id);
    record.name = rlm_slice_of("A name");
    record.limits[RLM_LIMIT_CONTEXT] = 128000;
    record.created_at = (rlm_timestamp){1700000000, RLM_PRECISION_SECOND};
    record.type = RLM_TYPE_CHAT;
    record.prices = &cheap;
    record.price_count = 1;
    return record;
}

/* Three models of two providers, in no order. */
static rlm_status
write_three(rlm_buffer *out)
{
    rlm_record records[] = {record_of("openai", "b"), record_of("anthropic", "b"), record_of("openai", "a")};

    return rlm_block_write(RLM_BLOCK_CATALOG, records, 3, NULL, out);
}

/*
 * Five models: of two families, of two types, one of each unlisted, one with an alias of each kind.
 */
static rlm_status
write_family(rlm_buffer *out)
{
    rlm_record records[] = {record_of("openai", "gpt-x"), record_of("openai", "gpt-x-2025-01-31"),
                            record_of("openai", "gpt-y-2025-01-31"), record_of("openrouter", "openai/gpt-x"),
                            record_of("openrouter", "openai/embed")};

    for (size_t i = 0; i < 4; i++) records[i].family = RLM_SLICE("gpt");
    records[1].standing = records[4].standing = RLM_STANDING_UNLISTED;
    records[2].family = RLM_SLICE("gpt-y");
    records[3].family = (rlm_slice){NULL, 0};
    records[3].equivalents = RLM_SLICE("openai/gpt-x-2025\n");
    records[4].family = RLM_SLICE("embed");
    records[4].type = RLM_TYPE_EMBEDDING;
    records[4].metadata = RLM_SLICE("{\"a\":\"\xC3\xA9\"}");
    return rlm_block_write(RLM_BLOCK_CATALOG, records, 5, NULL, out);
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
        for (size_t n = 0; n < record.name.length; n++) sum += (unsigned char) record.name.bytes[n];
        for (size_t n = 0; n < record.metadata.length; n++) sum += (unsigned char) record.metadata.bytes[n];
        for (uint32_t p = 0; p < record.price_count; p++) sum += (uint64_t) record.prices[p].coefficient;
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
gives_back_what_was_written(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_record record;
    rlm_error error;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, &error));
    ASSERT(block.count == 3);
    rlm_block_record(&block, rlm_block_find(&block, RLM_SLICE("openai"), RLM_SLICE("a")), &record);
    ASSERT_TEXT("A name", record.name);
    ASSERT(record.limits[RLM_LIMIT_CONTEXT] == 128000);
    ASSERT(record.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN);
    ASSERT(record.created_at.seconds == 1700000000);
    ASSERT(record.price_count == 1 && record.prices[0].coefficient == 15 && record.prices[0].exponent == -2);
    rlm_buffer_free(&out);
    PASS();
}

TEST
finds_an_id_at_every_provider(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_slice provider, id;
    rlm_error error;
    size_t first, count;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, &error));
    rlm_block_find_id(&block, RLM_SLICE("b"), &first, &count);
    ASSERT(count == 2);
    rlm_block_key(&block, rlm_block_by_id(&block, first), &provider, &id);
    ASSERT_TEXT("anthropic", provider);
    rlm_block_find_id(&block, RLM_SLICE("c"), &first, &count);
    ASSERT(count == 0);
    rlm_block_provider(&block, RLM_SLICE("openai"), &first, &count);
    ASSERT(first == 1 && count == 2);
    ASSERT(rlm_block_find(&block, RLM_SLICE("openai"), RLM_SLICE("c")) == block.count);
    rlm_buffer_free(&out);
    PASS();
}

TEST
gives_equal_bytes_for_equal_facts_in_any_order(void)
{
    rlm_record backwards[] = {record_of("openai", "a"), record_of("openai", "b"), record_of("anthropic", "b")};
    rlm_buffer one, other;

    rlm_buffer_init(&one, RLM_CAP_BLOCK);
    rlm_buffer_init(&other, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_three(&one));
    ASSERT_STATUS(RLM_OK, rlm_block_write(RLM_BLOCK_CATALOG, backwards, 3, NULL, &other));
    ASSERT(one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0);
    rlm_buffer_free(&one);
    rlm_buffer_free(&other);
    PASS();
}

/* The indexes of a run, with a bar before those that are unlisted. */
static rlm_slice
run(const uint32_t *index, size_t count, size_t shown)
{
    static char text[64];
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; i <= count; i++) {
        if (i == shown) length += (size_t) snprintf(text + length, sizeof text - length, "|");
        if (i < count) length += (size_t) snprintf(text + length, sizeof text - length, "%u ", (unsigned) index[i]);
    }
    return rlm_slice_of(text);
}

TEST
tells_the_models_of_a_type_and_of_a_family(void)
{
    rlm_buffer out;
    rlm_block block;
    const uint32_t *index;
    size_t count, shown;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, NULL));
    ASSERT(rlm_block_shown(&block) == 3);
    index = rlm_block_of_type(&block, RLM_TYPE_CHAT, &count, &shown);
    ASSERT_TEXT("0 2 4 |1 ", run(index, count, shown));
    index = rlm_block_of_type(&block, RLM_TYPE_EMBEDDING, &count, &shown);
    ASSERT_TEXT("|3 ", run(index, count, shown));
    index = rlm_block_of_type(&block, RLM_TYPE_IMAGE, &count, &shown);
    ASSERT_TEXT("|", run(index, count, shown));
    index = rlm_block_of_family(&block, RLM_SLICE("gpt"), &count, &shown);
    ASSERT_TEXT("0 |1 ", run(index, count, shown));
    index = rlm_block_of_family(&block, RLM_SLICE("embed"), &count, &shown);
    ASSERT_TEXT("|3 ", run(index, count, shown));
    rlm_block_of_family(&block, RLM_SLICE("gp"), &count, &shown);
    ASSERT(count == 0 && shown == 0);
    rlm_block_of_family(&block, (rlm_slice){NULL, 0}, &count, &shown);
    ASSERT(count == 0 && shown == 0);
    rlm_buffer_free(&out);
    PASS();
}

TEST
finds_by_alias_and_knows_superseded_snapshots(void)
{
    rlm_buffer out;
    rlm_block block;
    rlm_slice alias;
    uint8_t kind;
    size_t first, count;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    ASSERT_STATUS(RLM_OK, rlm_block_open(out.bytes, out.length, &block, NULL));
    rlm_block_find_alias(&block, RLM_SLICE("gpt-y"), &first, &count);
    ASSERT(count == 1 && rlm_block_alias(&block, first, &alias, &kind) == 2 && kind == RLM_ALIAS_SNAPSHOT);
    ASSERT_TEXT("gpt-y", alias);
    rlm_block_find_alias(&block, RLM_SLICE("gpt-x"), &first, &count);
    ASSERT(count == 1 && rlm_block_alias(&block, first, NULL, &kind) == 4 && kind == RLM_ALIAS_NAMESPACE);
    rlm_block_find_alias(&block, RLM_SLICE("openai/gpt-x-2025"), &first, &count);
    ASSERT(count == 1 && rlm_block_alias(&block, first, NULL, &kind) == 4 && kind == RLM_ALIAS_STATED);
    rlm_block_find_alias(&block, RLM_SLICE("gpt"), &first, &count);
    ASSERT(count == 0);
    ASSERT(!rlm_block_superseded(&block, 0) && rlm_block_superseded(&block, 1) && !rlm_block_superseded(&block, 2));
    rlm_buffer_free(&out);
    PASS();
}

/* ---- Damage and malice ---- */

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

/* A hostile block has a right checksum: then only the checks of its offsets stand between it and the reader. */
TEST
never_reads_outside_a_block_whose_checksum_is_right(void)
{
    rlm_buffer out;
    rlm_error error;

    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    ASSERT_STATUS(RLM_OK, write_family(&out));
    for (size_t i = 0; i < out.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *copy = malloc(out.length); /* of its very size, so that AddressSanitizer sees a step outside */
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

/* Why the block, changed and signed anew, is refused; it is as before afterwards. "" when it is not. */
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
    ASSERT_REFUSED("it is cut", head->size, longer);
    ASSERT_REFUSED("its stamp points outside, or is not UTF-8", head->etag, outside);
    ASSERT_REFUSED("its types do not add up", head->types[RLM_TYPE_CHAT], run);
    ASSERT_REFUSED("its types do not add up", head->types[RLM_TYPE_CHAT], gap);
    ASSERT_REFUSED("it is of an unknown kind", head->kind, kind);
    ASSERT_REFUSED("it is of another format version", head->format, format);
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
    ASSERT_REFUSED("a record is out of range", records[1].origins[0], many);
    ASSERT_REFUSED("its records are not sorted", records[1].texts[ID], records[0].texts[ID]);
    ASSERT_REFUSED("a price is out of range", prices[0].tier, many);
    ASSERT_REFUSED("its texts are not UTF-8", out.bytes[head->texts], broken);
    rlm_buffer_free(&out);
    PASS();
}

/* ---- The head alone ---- */

TEST
peeks_at_the_first_of_several_blocks(void)
{
    const rlm_stamp stamp = {RLM_SLICE("openai"), RLM_SLICE("https://api.openai.com/v1/models"), RLM_SLICE("\"1\""),
                             1700000000};
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
    ASSERT_TEXT("openai", block.stamp.source);
    ASSERT_TEXT("https://api.openai.com/v1/models", block.stamp.url);
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

/* ---- Memory ---- */

static rlm_status
write_and_drop(void *context)
{
    rlm_buffer out;
    rlm_status status;

    (void) context;
    rlm_buffer_init(&out, RLM_CAP_BLOCK);
    status = write_family(&out);
    rlm_buffer_free(&out);
    return status;
}

TEST
survives_every_failing_allocation(void)
{
    ASSERT_SURVIVES_TORTURE(write_and_drop, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(gives_back_what_was_written);
    RUN(finds_an_id_at_every_provider);
    RUN(gives_equal_bytes_for_equal_facts_in_any_order);
    RUN(tells_the_models_of_a_type_and_of_a_family);
    RUN(finds_by_alias_and_knows_superseded_snapshots);
    RUN(refuses_a_block_cut_at_any_byte_or_with_any_byte_changed);
    RUN(never_reads_outside_a_block_whose_checksum_is_right);
    RUN(refuses_parts_that_do_not_add_up);
    RUN(refuses_indexes_that_are_out_of_range_or_order);
    RUN(refuses_records_that_are_out_of_range_or_order);
    RUN(peeks_at_the_first_of_several_blocks);
    RUN(peeks_at_no_block_that_is_cut_and_knows_a_damaged_one);
    RUN(survives_every_failing_allocation);
    return REPORT("block");
}
