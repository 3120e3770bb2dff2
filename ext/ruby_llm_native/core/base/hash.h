/*
 * SipHash, for two jobs: 128 bits of SipHash-2-4 under a fixed key recognize equal content (blocks, records); 64 bits
 * of SipHash-1-3 under the process's own key place text in hash tables, so that nobody outside can choose collisions.
 */
#ifndef RLM_HASH_H
#define RLM_HASH_H

#include <stddef.h>
#include <stdint.h>

#define RLM_HASH_SIZE 16
#define RLM_HASH_DIGITS ((size_t) 2 * RLM_HASH_SIZE)

/* The same bytes give the same hash on every machine and in every process. Any thread. */
void
rlm_hash_content(const void *bytes, size_t length, uint8_t hash[RLM_HASH_SIZE]);

/* The same hash of bytes that come in parts. A plain struct: copied freely, freed by nobody. */
typedef struct {
    uint64_t v[4], length;
    uint8_t tail[8]; /* the bytes after the last whole word */
} rlm_hasher;

void
rlm_hasher_init(rlm_hasher *hasher);

void
rlm_hasher_add(rlm_hasher *hasher, const void *bytes, size_t length);

/* The hash of everything so far; more may be added. */
void
rlm_hasher_finish(const rlm_hasher *hasher, uint8_t hash[RLM_HASH_SIZE]);

/* As hexadecimal digits, in lower case and without a NUL byte. */
void
rlm_hash_write(const uint8_t hash[RLM_HASH_SIZE], char text[RLM_HASH_DIGITS]);

/* For tables that live only in this process. The key is drawn at the first call and never changes. Any thread. */
uint64_t
rlm_hash_table(const void *bytes, size_t length);

#endif
