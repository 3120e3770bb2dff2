/*
 * A checksum at the speed of memory: whether bytes are the ones that they were. It guards against damage and chance,
 * not against malice, as rlm_hash_content would: whoever chooses the bytes can choose their checksum.
 */
#ifndef RLM_CHECKSUM_H
#define RLM_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#define RLM_CHECKSUM_LANES 4

/* Of bytes that come in parts. A plain struct: copied freely, freed by nobody. */
typedef struct {
    uint64_t lanes[RLM_CHECKSUM_LANES];
    uint64_t length;
    size_t pending; /* bytes of the rest */
    uint8_t rest[RLM_CHECKSUM_LANES * sizeof(uint64_t)];
} rlm_checksum;

/* Begin with one word, which counts as `length` bytes. */
void
rlm_checksum_init(rlm_checksum *sum, uint64_t word, uint64_t length);

void
rlm_checksum_add(rlm_checksum *sum, const void *bytes, size_t length);

/* That of everything so far; more may be added. */
uint64_t
rlm_checksum_finish(const rlm_checksum *sum);

#endif
