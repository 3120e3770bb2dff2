/*
 * SipHash-2-4, for two jobs: 128 bits under a fixed key tell equal content (blocks, records), 64 bits under a key of
 * the process's own place text in hash tables, so that nobody outside can choose collisions.
 */
#ifndef RLM_HASH_H
#define RLM_HASH_H

#include <stddef.h>
#include <stdint.h>

#define RLM_HASH_SIZE 16

/* The same bytes give the same hash on every machine and in every process. Any thread. */
void
rlm_hash_content(const void *bytes, size_t length, uint8_t hash[RLM_HASH_SIZE]);

/*
 * For tables that live in this process only. The key is drawn at the first call and is then never changed; any
 * thread.
 */
uint64_t
rlm_hash_table(const void *bytes, size_t length);

#endif
