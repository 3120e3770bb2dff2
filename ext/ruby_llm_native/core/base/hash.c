/*
 * SipHash of Aumasson and Bernstein, and the two keys it runs under.
 *
 * Read mix and begin first; they are the paper's, with a fixed byte order, so that a block written on one machine is
 * recognized on another. The key for content is the one that the published vectors use: it is not a secret, and this
 * way the vectors test the function as it is used. The table key is drawn once and kept over a fork, because tables
 * made before the fork live on after it. A table is content with fewer rounds, as those of Python, Ruby and Rust are.
 */
#define _DEFAULT_SOURCE /* getentropy */

#include "base/hash.h"

#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

#define KEY_SIZE 16

static const uint8_t content_key[KEY_SIZE] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static uint8_t table_key[KEY_SIZE];
static pthread_once_t table_key_drawn = PTHREAD_ONCE_INIT;

/* Little-endian; compilers make one load of it. */
static inline uint64_t
read_word(const uint8_t *bytes)
{
    return (uint64_t) bytes[0] | (uint64_t) bytes[1] << 8 | (uint64_t) bytes[2] << 16 | (uint64_t) bytes[3] << 24 |
           (uint64_t) bytes[4] << 32 | (uint64_t) bytes[5] << 40 | (uint64_t) bytes[6] << 48 |
           (uint64_t) bytes[7] << 56;
}

static void
write_word(uint8_t *bytes, uint64_t word)
{
    for (int i = 0; i < 8; i++, word >>= 8) bytes[i] = (uint8_t) (word & 0xFF);
}

static inline uint64_t
rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void
mix(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static void
begin(uint64_t v[4], const uint8_t key[KEY_SIZE])
{
    const uint64_t low = read_word(key), high = read_word(key + 8);

    v[0] = low ^ 0x736f6d6570736575;
    v[1] = high ^ 0x646f72616e646f6d;
    v[2] = low ^ 0x6c7967656e657261;
    v[3] = high ^ 0x7465646279746573;
}

/* What is left of `length` bytes after the last whole word, and the length. */
static uint64_t
last_word(const uint8_t *rest, uint64_t length)
{
    uint8_t tail[8] = {0};

    if (length % sizeof tail > 0) memcpy(tail, rest, length % sizeof tail);
    tail[7] = (uint8_t) (length & 0xFF);
    return read_word(tail);
}

/* ---- Content: SipHash-2-4 in 128 bits ---- */

static inline void
absorb_content(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    mix(v);
    mix(v);
    v[0] ^= word;
}

static uint64_t
end_content(uint64_t v[4])
{
    for (int i = 0; i < 4; i++) mix(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void
rlm_hasher_init(rlm_hasher *hasher)
{
    *hasher = (rlm_hasher){.length = 0};
    begin(hasher->v, content_key);
    hasher->v[1] ^= 0xEE;
}

void
rlm_hasher_add(rlm_hasher *hasher, const void *bytes, size_t length)
{
    uint64_t v[4] = {hasher->v[0], hasher->v[1], hasher->v[2], hasher->v[3]};
    size_t pending = hasher->length % sizeof hasher->tail;
    const uint8_t *next = bytes;

    hasher->length += length;
    if (pending > 0) {
        size_t missing = sizeof hasher->tail - pending, taken = length < missing ? length : missing;

        if (taken > 0) memcpy(hasher->tail + pending, next, taken);
        if (taken < missing) return;
        absorb_content(v, read_word(hasher->tail));
        next += taken;
        length -= taken;
    }
    for (; length >= 8; length -= 8, next += 8) absorb_content(v, read_word(next));
    if (length > 0) memcpy(hasher->tail, next, length);
    memcpy(hasher->v, v, sizeof v);
}

void
rlm_hasher_finish(const rlm_hasher *hasher, uint8_t hash[RLM_HASH_SIZE])
{
    uint64_t v[4] = {hasher->v[0], hasher->v[1], hasher->v[2], hasher->v[3]};

    absorb_content(v, last_word(hasher->tail, hasher->length));
    v[2] ^= 0xEE;
    write_word(hash, end_content(v));
    v[1] ^= 0xDD;
    write_word(hash + 8, end_content(v));
}

void
rlm_hash_content(const void *bytes, size_t length, uint8_t hash[RLM_HASH_SIZE])
{
    rlm_hasher hasher;

    rlm_hasher_init(&hasher);
    rlm_hasher_add(&hasher, bytes, length);
    rlm_hasher_finish(&hasher, hash);
}

/* ---- Tables: SipHash-1-3 in 64 bits ---- */

static inline void
absorb_table(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    mix(v);
    v[0] ^= word;
}

void
rlm_hash_write(const uint8_t hash[RLM_HASH_SIZE], char text[RLM_HASH_DIGITS])
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < RLM_HASH_SIZE; i++) {
        *text++ = digits[hash[i] >> 4];
        *text++ = digits[hash[i] & 15];
    }
}

static uint64_t
hash_table(const uint8_t key[KEY_SIZE], const void *bytes, size_t length)
{
    const uint8_t *next = bytes;
    uint64_t v[4];

    begin(v, key);
    for (size_t left = length; left >= 8; left -= 8, next += 8) absorb_table(v, read_word(next));
    absorb_table(v, last_word(next, length));
    v[2] ^= 0xFF;
    for (int i = 0; i < 3; i++) mix(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static void
draw_table_key(void)
{
    struct {
        struct timespec time;
        const void *stack, *text;
        long process;
    } last_resort;

    if (getentropy(table_key, sizeof(table_key)) == 0) return;
    /* For a kernel or sandbox without it: where the loader put us, and when, is still more than an outsider knows. */
    memset(&last_resort, 0, sizeof(last_resort));
    timespec_get(&last_resort.time, TIME_UTC);
    last_resort.stack = &last_resort;
    last_resort.text = table_key;
    last_resort.process = (long) getpid();
    rlm_hash_content(&last_resort, sizeof(last_resort), table_key);
}

uint64_t
rlm_hash_table(const void *bytes, size_t length)
{
    pthread_once(&table_key_drawn, draw_table_key);
    return hash_table(table_key, bytes, length);
}
