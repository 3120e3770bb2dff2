/*
 * The vectors of 128 bits are those that SipHash's authors publish (github.com/veorq/SipHash, vectors.h): key
 * 00 01 .. 0f, message 00 01 .. of each length. Those of 64 bits are Rust's, for SipHash-1-3 of the same key and
 * messages (library/core/tests/hash/sip.rs). The table's hash hides its key, so it is tested through `hash_table`
 * itself, in a copy of hash.c under other names.
 */
#define rlm_hash_content copied_hash_content
#define rlm_hasher_init copied_hasher_init
#define rlm_hasher_add copied_hasher_add
#define rlm_hasher_finish copied_hasher_finish
#define rlm_hash_write copied_hash_write
#define rlm_hash_table copied_hash_table
#include "base/hash.c"
#undef rlm_hash_content
#undef rlm_hasher_init
#undef rlm_hasher_add
#undef rlm_hasher_finish
#undef rlm_hash_write
#undef rlm_hash_table

#include "test.h"

void
rlm_hash_content(const void *bytes, size_t length, uint8_t hash[RLM_HASH_SIZE]);

void
rlm_hasher_init(rlm_hasher *hasher);

void
rlm_hasher_add(rlm_hasher *hasher, const void *bytes, size_t length);

void
rlm_hasher_finish(const rlm_hasher *hasher, uint8_t hash[RLM_HASH_SIZE]);

void
rlm_hash_write(const uint8_t hash[RLM_HASH_SIZE], char text[RLM_HASH_DIGITS]);

uint64_t
rlm_hash_table(const void *bytes, size_t length);

/* 0, 1, 2, ..: the message of every vector is its beginning. */
static const uint8_t *
message(void)
{
    static uint8_t bytes[64];

    for (size_t i = 0; i < sizeof(bytes); i++) bytes[i] = (uint8_t) i;
    return bytes;
}

static rlm_slice
hex(const uint8_t *bytes, size_t length)
{
    static char text[2 * RLM_HASH_SIZE];

    for (size_t i = 0; i < length; i++) {
        text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    return (rlm_slice){text, 2 * length};
}

static rlm_slice
narrow(size_t length)
{
    uint8_t hash[8];

    write_word(hash, hash_table(content_key, message(), length));
    return hex(hash, sizeof(hash));
}

static rlm_slice
wide(size_t length)
{
    uint8_t hash[RLM_HASH_SIZE];

    rlm_hash_content(message(), length, hash);
    return hex(hash, sizeof(hash));
}

TEST
matches_the_published_vectors_in_64_bits(void)
{
    ASSERT_TEXT("dcc40f055801acab", narrow(0));
    ASSERT_TEXT("93ca577df39bf4c9", narrow(1));
    ASSERT_TEXT("4011b19b987d92d3", narrow(7));
    ASSERT_TEXT("8e9a298d11959036", narrow(8));
    ASSERT_TEXT("e43d066cb38ea425", narrow(9));
    ASSERT_TEXT("5699512a6dd820d3", narrow(15));
    ASSERT_TEXT("668b907d1add4fcc", narrow(16));
    ASSERT_TEXT("a8b3bbb76290199d", narrow(63));
    PASS();
}

TEST
matches_the_published_vectors_in_128_bits(void)
{
    ASSERT_TEXT("a3817f04ba25a8e66df67214c7550293", wide(0));
    ASSERT_TEXT("da87c1d86b99af44347659119b22fc45", wide(1));
    ASSERT_TEXT("a1f1ebbed8dbc153c0b84aa61ff08239", wide(7));
    ASSERT_TEXT("3b62a9ba6258f5610f83e264f31497b4", wide(8));
    ASSERT_TEXT("264499060ad9baabc47f8b02bb6d71ed", wide(9));
    ASSERT_TEXT("5493e99933b0a8117e08ec0f97cfc3d9", wide(15));
    ASSERT_TEXT("6ee2a4ca67b054bbfd3315bf85230577", wide(16));
    ASSERT_TEXT("5150d1772f50834a503e069a973fbd7c", wide(63));
    PASS();
}

/* 63 bytes, cut in two at every place, and byte by byte. */
TEST
hashes_parts_like_the_whole(void)
{
    uint8_t hash[RLM_HASH_SIZE];
    rlm_hasher hasher;

    for (size_t cut = 0; cut <= 63; cut++) {
        rlm_hasher_init(&hasher);
        rlm_hasher_add(&hasher, message(), cut);
        rlm_hasher_add(&hasher, NULL, 0);
        rlm_hasher_add(&hasher, message() + cut, 63 - cut);
        rlm_hasher_finish(&hasher, hash);
        ASSERT_TEXT("5150d1772f50834a503e069a973fbd7c", hex(hash, sizeof(hash)));
    }
    rlm_hasher_init(&hasher);
    for (size_t i = 0; i < 63; i++) rlm_hasher_add(&hasher, message() + i, 1);
    rlm_hasher_finish(&hasher, hash);
    ASSERT_TEXT("5150d1772f50834a503e069a973fbd7c", hex(hash, sizeof(hash)));
    PASS();
}

TEST
hashes_nothing_at_no_address(void)
{
    uint8_t hash[RLM_HASH_SIZE];

    rlm_hash_content(NULL, 0, hash);
    ASSERT_TEXT("a3817f04ba25a8e66df67214c7550293", hex(hash, sizeof(hash)));
    ASSERT(rlm_hash_table(NULL, 0) == rlm_hash_table("", 0));
    PASS();
}

TEST
is_written_in_hexadecimal_digits(void)
{
    static const uint8_t hash[RLM_HASH_SIZE] = {0x00, 0x9A, 0xFF, [15] = 0x0E};
    char text[RLM_HASH_DIGITS];

    rlm_hash_write(hash, text);
    ASSERT_TEXT("009aff0000000000000000000000000e", ((rlm_slice){text, sizeof text}));
    PASS();
}

TEST
keeps_its_table_key_for_the_process(void)
{
    ASSERT(rlm_hash_table("gpt-4.1", 7) == rlm_hash_table("gpt-4.1", 7));
    ASSERT(rlm_hash_table("gpt-4.1", 7) != rlm_hash_table("gpt-4.2", 7));
    PASS();
}

/* The copy draws its own key, as two processes would. */
TEST
draws_another_table_key_each_time(void)
{
    ASSERT(copied_hash_table("gpt-4.1", 7) != rlm_hash_table("gpt-4.1", 7));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(matches_the_published_vectors_in_64_bits);
    RUN(matches_the_published_vectors_in_128_bits);
    RUN(hashes_parts_like_the_whole);
    RUN(hashes_nothing_at_no_address);
    RUN(is_written_in_hexadecimal_digits);
    RUN(keeps_its_table_key_for_the_process);
    RUN(draws_another_table_key_each_time);
    return REPORT("hash");
}
