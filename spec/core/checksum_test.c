/* The checksum: written out, so that stored blocks keep theirs, and the same however the bytes are cut. */
#include "base/checksum.h"
#include "test.h"

#include <string.h>

static uint64_t
sum_of(const char *bytes, size_t length, size_t cut)
{
    rlm_checksum sum;

    rlm_checksum_init(&sum, 7, 16);
    rlm_checksum_add(&sum, bytes, cut);
    rlm_checksum_add(&sum, NULL, 0);
    rlm_checksum_add(&sum, bytes + cut, length - cut);
    return rlm_checksum_finish(&sum);
}

static const char *
message(void)
{
    static char bytes[100];

    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char) i;
    return bytes;
}

TEST
is_the_same_however_the_bytes_are_cut(void)
{
    for (size_t length = 0; length <= 100; length++) {
        for (size_t cut = 0; cut <= length; cut++)
            ASSERT(sum_of(message(), length, cut) == sum_of(message(), length, 0));
    }
    PASS();
}

TEST
changes_with_each_byte_and_with_the_length(void)
{
    char bytes[100];
    const uint64_t whole = sum_of(message(), 100, 0);

    memcpy(bytes, message(), sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] ^= 1;
        ASSERT(sum_of(bytes, 100, 0) != whole);
        bytes[i] ^= 1;
    }
    ASSERT(sum_of(bytes, 100, 0) == whole);
    ASSERT(sum_of(bytes, 1, 0) != sum_of(bytes, 2, 0)); /* "\0" and "\0\1" */
    bytes[1] = 0;
    ASSERT(sum_of(bytes, 1, 0) != sum_of(bytes, 2, 0));
    PASS();
}

TEST
depends_on_the_first_word(void)
{
    rlm_checksum one, two;

    rlm_checksum_init(&one, 1, 8);
    rlm_checksum_init(&two, 2, 8);
    ASSERT(rlm_checksum_finish(&one) != rlm_checksum_finish(&two));
    PASS();
}

TEST
is_what_it_was(void)
{
    ASSERT(sum_of(message(), 100, 0) == UINT64_C(0x504f6fa3b20d5c94));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_the_same_however_the_bytes_are_cut);
    RUN(changes_with_each_byte_and_with_the_length);
    RUN(depends_on_the_first_word);
    RUN(is_what_it_was);
    return REPORT("checksum");
}
