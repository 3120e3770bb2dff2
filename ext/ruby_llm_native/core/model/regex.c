/*
 * An expression is a row of items: characters, and how often they may come. From the places of the text that are
 * reached before an item follow those that are reached after it; nothing else is kept, and no place is tried twice.
 */
#include "model/regex.h"

#include "base/caps.h"

#include <string.h>

#define UNLIMITED UINT32_MAX

typedef struct {
    uint64_t ascii[2]; /* a bit for each character */
    bool others;       /* those beyond ASCII */
} characters;

typedef struct {
    characters of;
    uint32_t least, most;
} item;

typedef struct {
    rlm_slice rest;
    bool broken;
} reader;

/* ---- Reading ---- */

static void
add(characters *of, unsigned char character)
{
    of->ascii[character >> 6] |= (uint64_t) 1 << (character & 63);
}

static void
add_range(characters *of, unsigned char first, unsigned char last)
{
    for (unsigned each = first; each <= last; each++) add(of, (unsigned char) each);
}

static void
invert(characters *of)
{
    of->ascii[0] = ~of->ascii[0];
    of->ascii[1] = ~of->ascii[1];
    of->others = !of->others;
}

static void
unite(characters *of, const characters *other)
{
    of->ascii[0] |= other->ascii[0];
    of->ascii[1] |= other->ascii[1];
    of->others = of->others || other->others;
}

static bool
is_punctuation(unsigned char byte)
{
    return byte > ' ' && byte < 0x7f && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", byte) != NULL;
}

/* The next byte, which must be ASCII; 0 breaks the expression. */
static unsigned char
take(reader *in)
{
    unsigned char byte = in->rest.length > 0 ? (unsigned char) *in->rest.bytes : 0;

    if (byte == 0 || byte >= 0x80) {
        in->broken = true;
        return 0;
    }
    in->rest.bytes++;
    in->rest.length--;
    return byte;
}

static bool
next_is(const reader *in, char byte)
{
    return in->rest.length > 0 && *in->rest.bytes == byte;
}

/* What follows a backslash. `*single`: the character, if it is only one; else 0. */
static void
read_escape(reader *in, characters *of, unsigned char *single)
{
    unsigned char byte = take(in);
    characters class = {{0, 0}, false};

    *single = 0;
    switch (rlm_ascii_lower((char) byte)) {
    case 'd':
        add_range(&class, '0', '9');
        break;
    case 'w':
        add_range(&class, '0', '9');
        add_range(&class, 'a', 'z');
        add_range(&class, 'A', 'Z');
        add(&class, '_');
        break;
    case 's':
        add_range(&class, '\t', '\r');
        add(&class, ' ');
        break;
    default:
        if (!is_punctuation(byte)) in->broken = true;
        else add(&class, *single = byte);
        unite(of, &class);
        return;
    }
    if (byte >= 'A' && byte <= 'Z') invert(&class);
    unite(of, &class);
}

/* One character of a class, or an escape that stands for several: then 0. */
static unsigned char
read_member(reader *in, characters *of)
{
    unsigned char byte = take(in), single;

    if (byte == '[') in->broken = true; /* some readers of expressions see a class in the class */
    if (byte != '\\') {
        add(of, byte);
        return byte;
    }
    read_escape(in, of, &single);
    return single;
}

/* After "[". */
static void
read_class(reader *in, characters *of)
{
    bool opposite = next_is(in, '^');

    if (opposite) take(in);
    if (next_is(in, ']')) in->broken = true; /* empty, or a member, depending on the reader */
    while (!in->broken && !next_is(in, ']')) {
        unsigned char first = read_member(in, of), last;

        if (!next_is(in, '-') || in->rest.length < 2 || in->rest.bytes[1] == ']') continue;
        take(in);
        last = read_member(in, of);
        if (first == 0 || last < first) in->broken = true;
        else add_range(of, first, last);
    }
    take(in);
    if (opposite) invert(of);
}

static uint32_t
read_number(reader *in)
{
    uint32_t number = 0;
    bool some = false;

    for (; in->rest.length > 0 && *in->rest.bytes >= '0' && *in->rest.bytes <= '9'; some = true) {
        number = number * 10 + (uint32_t) (take(in) - '0');
        if (number > RLM_CAP_REGEX_STEPS) in->broken = true;
        if (in->broken) return 0;
    }
    if (!some) in->broken = true;
    return number;
}

/* After "{". */
static void
read_counts(reader *in, item *of)
{
    of->least = of->most = read_number(in);
    if (next_is(in, ',')) {
        take(in);
        of->most = next_is(in, '}') ? UNLIMITED : read_number(in);
    }
    if (take(in) != '}' || of->most < of->least) in->broken = true;
}

static void
read_quantifier(reader *in, item *of)
{
    of->least = of->most = 1;
    if (in->rest.length == 0 || strchr("?*+{", *in->rest.bytes) == NULL) return;
    switch (take(in)) {
    case '?':
        of->least = 0;
        break;
    case '*':
        of->least = 0;
        of->most = UNLIMITED;
        break;
    case '+':
        of->most = UNLIMITED;
        break;
    default:
        read_counts(in, of);
    }
    if (in->rest.length > 0 && strchr("?*+{", *in->rest.bytes) != NULL) in->broken = true; /* lazy, possessive */
}

static void
read_item(reader *in, item *of)
{
    unsigned char byte = take(in), single;

    memset(of, 0, sizeof *of);
    if (byte == '\\') {
        read_escape(in, &of->of, &single);
    } else if (byte == '[') {
        read_class(in, &of->of);
    } else if (byte == '.') {
        add(&of->of, '\n');
        invert(&of->of);
    } else {
        if (byte == 0 || strchr("()|^$?*+{}]", byte) != NULL) in->broken = true;
        add(&of->of, byte);
    }
    read_quantifier(in, of);
}

/* Cut the anchors off. */
static reader
begin(rlm_slice regex, bool *from_start, bool *to_end)
{
    size_t escapes = 0;

    *from_start = regex.length > 0 && regex.bytes[0] == '^';
    if (*from_start) regex = (rlm_slice){regex.bytes + 1, regex.length - 1};
    *to_end = regex.length > 0 && regex.bytes[regex.length - 1] == '$';
    if (*to_end) {
        while (escapes + 1 < regex.length && regex.bytes[regex.length - 2 - escapes] == '\\') escapes++;
        *to_end = escapes % 2 == 0;
        if (*to_end) regex.length--;
    }
    return (reader){regex, false};
}

size_t
rlm_regex_steps(rlm_slice regex)
{
    bool from_start, to_end;
    size_t steps = 1;
    reader in = begin(regex, &from_start, &to_end);

    if (regex.length > RLM_CAP_REGEX) return 0;
    while (in.rest.length > 0) {
        item each;

        read_item(&in, &each);
        if (in.broken) return 0;
        steps += each.most == UNLIMITED ? each.least + 1 : each.most;
        if (steps > RLM_CAP_REGEX_STEPS) return 0;
    }
    return steps;
}

/* ---- Matching ---- */

typedef struct {
    bool at[RLM_CAP_ID + 1]; /* before each byte of the text, and at its end */
} places;

static bool
is_among(const characters *of, unsigned char byte)
{
    return byte < 0x80 ? (of->ascii[byte >> 6] >> (byte & 63) & 1) != 0 : of->others;
}

/* The place after the character there. */
static size_t
after(rlm_slice text, size_t place)
{
    if ((unsigned char) text.bytes[place++] < 0x80) return place;
    while (place < text.length && ((unsigned char) text.bytes[place] & 0xc0) == 0x80) place++;
    return place;
}

/*
 * From each place one character further; false if no place is left. In one pass from the end to the beginning, because
 * what is reached lies behind.
 */
static bool
step(rlm_slice text, const characters *of, places *reached)
{
    bool some = false;

    reached->at[text.length] = false;
    for (size_t place = text.length; place-- > 0;) {
        bool goes = reached->at[place] && is_among(of, (unsigned char) text.bytes[place]);

        reached->at[place] = false;
        if (goes) some = reached->at[after(text, place)] = true;
    }
    return some;
}

/* As often as it goes. */
static void
step_on(rlm_slice text, const characters *of, places *reached)
{
    for (size_t place = 0; place < text.length; place++) {
        if (reached->at[place] && is_among(of, (unsigned char) text.bytes[place]))
            reached->at[after(text, place)] = true;
    }
}

static bool
pass(rlm_slice text, const item *over, places *reached)
{
    places further;
    bool some = true;

    for (uint32_t i = 0; some && i < over->least; i++) some = step(text, &over->of, reached);
    if (!some || over->most == over->least) return some;
    if (over->most == UNLIMITED) {
        step_on(text, &over->of, reached);
        return true;
    }
    memcpy(further.at, reached->at, text.length + 1);
    for (uint32_t i = over->least; i < over->most && step(text, &over->of, &further); i++) {
        for (size_t place = 0; place <= text.length; place++)
            reached->at[place] = reached->at[place] || further.at[place];
    }
    return true;
}

bool
rlm_regex_found(rlm_slice regex, rlm_slice text)
{
    places reached;
    bool from_start, to_end, some = true;
    reader in = begin(regex, &from_start, &to_end);

    if (text.length > RLM_CAP_ID || rlm_regex_steps(regex) == 0) return false;
    for (size_t place = 0; place <= text.length; place++) {
        bool inside = place < text.length && ((unsigned char) text.bytes[place] & 0xc0) == 0x80;

        reached.at[place] = from_start ? place == 0 : !inside;
    }
    while (some && in.rest.length > 0) {
        item each;

        read_item(&in, &each);
        some = pass(text, &each, &reached);
    }
    return some && (!to_end || reached.at[text.length]);
}
