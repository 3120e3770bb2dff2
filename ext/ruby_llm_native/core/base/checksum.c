/*
 * Words are mixed into four lanes in turn, so that the processor multiplies for one while the product of another is
 * still pending; at the end the lanes are mixed with one another.
 */
#include "base/checksum.h"

#include <stdbool.h>
#include <string.h>

#define LANES RLM_CHECKSUM_LANES

static uint64_t
word_at(const uint8_t *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof word);
    return word;
}

/* One to one in the word for any state, and in the state for any word: a change within one word is always seen. */
static inline uint64_t
mix(uint64_t state, uint64_t word)
{
    state ^= word;
    state = state << 29 | state >> 35; /* a product carries changes upwards only */
    return state * UINT64_C(0x9E3779B97F4A7C15);
}

void
rlm_checksum_init(rlm_checksum *sum, uint64_t word, uint64_t length)
{
    *sum = (rlm_checksum){.lanes = {mix(1, word), 2, 3, 4}, .length = length};
}

/* As many whole turns of the lanes as there are; returns where the rest begins. */
static const uint8_t *
mix_turns(uint64_t lanes[LANES], const uint8_t *bytes, size_t length)
{
    uint64_t state[LANES];

    memcpy(state, lanes, sizeof state);
    for (; length >= sizeof state; length -= sizeof state, bytes += sizeof state) {
        for (size_t lane = 0; lane < LANES; lane++)
            state[lane] = mix(state[lane], word_at(bytes + lane * sizeof *state));
    }
    memcpy(lanes, state, sizeof state);
    return bytes;
}

void
rlm_checksum_add(rlm_checksum *sum, const void *bytes, size_t length)
{
    const uint8_t *next = bytes, *end = next + length;

    sum->length += length;
    if (sum->pending > 0) {
        size_t room = sizeof sum->rest - sum->pending, taken = length < room ? length : room;

        if (taken > 0) memcpy(sum->rest + sum->pending, next, taken);
        sum->pending += taken;
        if (sum->pending < sizeof sum->rest) return;
        mix_turns(sum->lanes, sum->rest, sizeof sum->rest);
        sum->pending = 0;
        next += taken;
    }
    next = mix_turns(sum->lanes, next, (size_t) (end - next));
    sum->pending = (size_t) (end - next);
    if (sum->pending > 0) memcpy(sum->rest, next, sum->pending);
}

uint64_t
rlm_checksum_finish(const rlm_checksum *sum)
{
    uint8_t rest[sizeof sum->rest] = {0};
    uint64_t all = sum->length;

    memcpy(rest, sum->rest, sum->pending);
    for (size_t lane = 0; lane < LANES; lane++) {
        bool used = lane * sizeof(uint64_t) < sum->pending;
        uint64_t state = sum->lanes[lane];

        if (used) state = mix(state, word_at(rest + lane * sizeof(uint64_t)));
        all = mix(all, state);
    }
    return all ^ all >> 32;
}
