/*
 * SipHash-2-4 of Aumasson and Bernstein, in both widths, and the two keys it runs under.
 *
 * Read siphash first; it is the paper's, byte order fixed, so that a block written on one machine is known on another.
 * The key for content is the one the published vectors use: it is no secret, and this way the vectors test the function
 * as it is used. Then the table key: drawn once, kept over a fork, because tables made before it go on living after it.
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

static uint64_t
read_word(const uint8_t *bytes)
{
    uint64_t word = 0;

    for (int i = 7; i >= 0; i--) word = word << 8 | bytes[i];
    return word;
}

static void
write_word(uint8_t *bytes, uint64_t word)
{
    for (int i = 0; i < 8; i++, word >>= 8) bytes[i] = (uint8_t) (word & 0xFF);
}

static uint64_t
rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void
mix(uint64_t v[4], int rounds)
{
    while (rounds-- > 0) {
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
}

/* `size` is 8 or 16: the two widths differ in more than their length, so that neither tells the other. */
static void
siphash(const uint8_t key[KEY_SIZE], const void *bytes, size_t length, uint8_t *hash, size_t size)
{
    const uint64_t low = read_word(key), high = read_word(key + 8);
    const uint8_t *next = bytes;
    uint64_t v[4] = {low ^ 0x736f6d6570736575, high ^ 0x646f72616e646f6d, low ^ 0x6c7967656e657261,
                     high ^ 0x7465646279746573};
    uint64_t word;
    uint8_t tail[8] = {0};

    if (size == 16) v[1] ^= 0xEE;
    for (size_t left = length; left >= 8; left -= 8, next += 8) {
        word = read_word(next);
        v[3] ^= word;
        mix(v, 2);
        v[0] ^= word;
    }
    if (length % 8 > 0) memcpy(tail, next, length % 8);
    tail[7] = (uint8_t) (length & 0xFF);
    word = read_word(tail);
    v[3] ^= word;
    mix(v, 2);
    v[0] ^= word;
    v[2] ^= size == 16 ? 0xEE : 0xFF;
    mix(v, 4);
    write_word(hash, v[0] ^ v[1] ^ v[2] ^ v[3]);
    if (size == 8) return;
    v[1] ^= 0xDD;
    mix(v, 4);
    write_word(hash + 8, v[0] ^ v[1] ^ v[2] ^ v[3]);
}

void
rlm_hash_content(const void *bytes, size_t length, uint8_t hash[RLM_HASH_SIZE])
{
    siphash(content_key, bytes, length, hash, RLM_HASH_SIZE);
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
    /* A kernel or sandbox without it: where the loader put us and when is still more than an outsider knows. */
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
    uint8_t hash[8];

    pthread_once(&table_key_drawn, draw_table_key);
    siphash(table_key, bytes, length, hash, sizeof(hash));
    return read_word(hash);
}
