/*
 * Runs a fuzz target without a fuzzing engine: each seed as it is, then mutations of the seeds until the time is up.
 *
 *   <target> SECONDS SEED FILE...
 *
 * The mutations of one SEED are the same on every machine; the time only decides how many of them are run. Before each
 * one the input is written to the file named by the variable FUZZ_INPUT, so that what crashed the target is there
 * afterwards. To look at it again, run the target on that file with 0 seconds.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LONGEST (1u << 20) /* bytes of one input */

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

typedef struct {
    uint8_t *bytes;
    size_t size;
} input;

static uint64_t state;

/* xorshift64*: small, and the same everywhere. */
static uint64_t
draw(uint64_t below)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return below == 0 ? 0 : (state * 0x2545F4914F6CDD1DULL >> 16) % below;
}

static input
load(const char *path)
{
    input loaded = {NULL, 0};
    FILE *file = fopen(path, "rb");

    loaded.bytes = malloc(LONGEST);
    if (file == NULL || loaded.bytes == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    loaded.size = fread(loaded.bytes, 1, LONGEST, file);
    fclose(file);
    return loaded;
}

/*
 * The bytes stand at the end of memory of exactly their size, so that a sanitizer sees the first one read past them.
 */
static void
run(const uint8_t *bytes, size_t size, FILE *trace)
{
    uint8_t *exact = malloc(size == 0 ? 1 : size);

    if (exact == NULL) exit(2);
    memcpy(exact, bytes, size);
    if (trace != NULL) {
        rewind(trace);
        fwrite(bytes, 1, size, trace);
        fflush(trace);
    }
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static size_t
replace(uint8_t *bytes, size_t size, size_t at, size_t cut, const void *with, size_t length)
{
    if (cut > size - at) cut = size - at;
    if (size - cut + length > LONGEST) return size;
    memmove(bytes + at + length, bytes + at + cut, size - at - cut);
    memcpy(bytes + at, with, length);
    return size - cut + length;
}

static size_t
mutate_once(uint8_t *bytes, size_t size, const input *other)
{
    static const char *const words[] = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "null",
        "true",
        "\"\"",
        "\\ud800",
        "\\u0000",
        "\\ud83d\\u0041",
        "\xC0\x80",
        "\xED\xA0\x80",
        "-1",
        "0",
        "1e999",
        "1e-400",
        "9223372036854775808",
        "0.00000008333333333333334",
        "\"id\":",
        "[[[[[[[[[[[[[[[[",
    };
    static const uint64_t numbers[] = {
        0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, INT64_MAX, (uint64_t) INT64_MIN, UINT64_MAX,
    };
    size_t at = (size_t) draw(size + 1);

    switch (draw(8)) {
    case 0: /* one bit */
        if (at < size) bytes[at] ^= (uint8_t) (1u << draw(8));
        return size;
    case 1: /* one byte */
        if (at < size) bytes[at] = (uint8_t) draw(256);
        return size;
    case 2: /* cut something out */
        return replace(bytes, size, at, (size_t) draw(draw(8) == 0 ? size + 1 : 17), "", 0);
    case 3: { /* twice the same */
        uint8_t copy[256];
        size_t length = size - at;

        if (length > sizeof copy) length = sizeof copy;
        length = (size_t) draw(length + 1);
        memcpy(copy, bytes + at, length);
        return replace(bytes, size, at, 0, copy, length);
    }
    case 4: { /* a word of the format */
        const char *word = words[draw(sizeof words / sizeof *words)];

        return replace(bytes, size, at, draw(2) == 0 ? 0 : strlen(word), word, strlen(word));
    }
    case 5: { /* a number at the edge, at an even place */
        uint64_t number = numbers[draw(sizeof numbers / sizeof *numbers)];
        size_t width = (size_t) 1 << draw(4);

        at &= ~(width - 1);
        return at + width <= size ? replace(bytes, size, at, width, &number, width) : size;
    }
    case 6: { /* a piece of another seed */
        size_t from = (size_t) draw(other->size + 1), length = (size_t) draw(other->size - from + 1);

        return replace(bytes, size, at, draw(2) == 0 ? 0 : length, other->bytes + from, length);
    }
    default: /* cut short */
        return draw(4) == 0 ? at : size;
    }
}

int
main(int count, char **arguments)
{
    static uint8_t bytes[LONGEST + 1];
    const char *trace_path = getenv("FUZZ_INPUT");
    FILE *trace = trace_path == NULL ? NULL : fopen(trace_path, "w+b");
    size_t seeds = count < 4 ? 0 : (size_t) count - 3;
    unsigned long long runs = 0;
    input *loaded;
    time_t end;

    if (seeds == 0) {
        fprintf(stderr, "usage: %s SECONDS SEED FILE...\n", arguments[0]);
        return 2;
    }
    state = strtoull(arguments[2], NULL, 10) | 1;
    loaded = malloc(seeds * sizeof *loaded);
    if (loaded == NULL) return 2;
    for (size_t i = 0; i < seeds; i++) {
        loaded[i] = load(arguments[i + 3]);
        run(loaded[i].bytes, loaded[i].size, trace);
    }
    end = time(NULL) + strtol(arguments[1], NULL, 10);
    while (time(NULL) < end) {
        const input *seed = &loaded[draw(seeds)];
        size_t size = seed->size;

        memcpy(bytes, seed->bytes, size);
        for (uint64_t left = 1 + draw(8); left > 0; left--) size = mutate_once(bytes, size, &loaded[draw(seeds)]);
        if (trace != NULL && ftell(trace) > (long) size) trace = freopen(trace_path, "w+b", trace);
        run(bytes, size, trace);
        runs++;
    }
    printf("%s: %zu seeds and %llu mutations, no flaw found\n", arguments[0], seeds, runs);
    for (size_t i = 0; i < seeds; i++) free(loaded[i].bytes);
    free(loaded);
    if (trace != NULL) fclose(trace);
    return 0;
}
