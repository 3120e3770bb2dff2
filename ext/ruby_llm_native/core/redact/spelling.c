/* See spelling.h. Read rlm_spelling_plain. */
#include "redact/spelling.h"

#include <string.h>

rlm_slice
rlm_spelling_skip(rlm_slice text, size_t length)
{
    return length > 0 ? (rlm_slice){text.bytes + length, text.length - length}
                      : text; /* which may have no bytes at all */
}

/* ---- Characters ---- */

rlm_slice
rlm_spelling_trim(rlm_slice text)
{
    while (text.length > 0 && (unsigned char) text.bytes[0] <= ' ') text = rlm_spelling_skip(text, 1);
    while (text.length > 0 && (unsigned char) text.bytes[text.length - 1] <= ' ') text.length--;
    return text;
}

static int
hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9') return byte - '0';
    byte = rlm_ascii_lower(byte);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

long
rlm_spelling_hex(rlm_slice text, size_t count)
{
    long number = 0;

    if (text.length < count) return -1;
    for (size_t i = 0; i < count; i++) {
        int digit = hex_digit(text.bytes[i]);

        if (digit < 0) return -1;
        number = number * 16 + digit;
    }
    return number;
}

/* What one character of a text stands for: up to four bytes. */
typedef struct {
    char bytes[4];
    size_t count, taken; /* bytes it stands for, and of the text */
} unit;

static unit
one_byte(char byte, size_t taken)
{
    return (unit){{byte}, 1, taken};
}

/* As UTF-8. */
static unit
code_point(long code, size_t taken)
{
    if (code < 0x80) return one_byte((char) code, taken);
    if (code < 0x800) return (unit){{(char) (0xC0 | code >> 6), (char) (0x80 | (code & 0x3F))}, 2, taken};
    if (code < 0x10000) {
        return (unit){
            {(char) (0xE0 | code >> 12), (char) (0x80 | (code >> 6 & 0x3F)), (char) (0x80 | (code & 0x3F))}, 3, taken};
    }
    return (unit){{(char) (0xF0 | code >> 18), (char) (0x80 | (code >> 12 & 0x3F)), (char) (0x80 | (code >> 6 & 0x3F)),
                   (char) (0x80 | (code & 0x3F))},
                  4,
                  taken};
}

/* An escape of JSON, after its backslash. */
static unit
json_escape(rlm_slice text)
{
    static const char names[] = "nrtbf", bytes[] = "\n\r\t\b\f";
    const char *name = memchr(names, text.bytes[1], sizeof names - 1);
    long code, low;

    if (name != NULL) return one_byte(bytes[name - names], 2);
    if (text.bytes[1] != 'u') return one_byte(text.bytes[1], 2);
    code = rlm_spelling_hex(rlm_spelling_skip(text, 2), 4);
    if (code < 0) return one_byte('\\', 1);
    if (code < 0xD800 || code > 0xDBFF || text.length < 12 || text.bytes[6] != '\\' || text.bytes[7] != 'u')
        return code_point(code, 6);
    low = rlm_spelling_hex(rlm_spelling_skip(text, 8), 4);
    return low < 0xDC00 || low > 0xDFFF ? code_point(code, 6)
                                        : code_point(0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00, 12);
}

static unit
html_escape(rlm_slice text)
{
    static const struct {
        const char *name;
        char byte;
    } names[] = {{"&amp;", '&'},   {"&lt;", '<'},    {"&gt;", '>'},  {"&quot;", '"'}, {"&#39;", '\''},
                 {"&#x27;", '\''}, {"&apos;", '\''}, {"&#34;", '"'}, {"&#x2F;", '/'}, {"&#47;", '/'},
                 {"&#x3D;", '='},  {"&#43;", '+'},   {"&#x2B;", '+'}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i].name);

        if (text.length >= length && rlm_ascii_alike(text.bytes, names[i].name, length))
            return one_byte(names[i].byte, length);
    }
    return one_byte('&', 1);
}

static unit
decode(rlm_slice text)
{
    long code;

    switch (text.bytes[0]) {
    case '%':
        code = rlm_spelling_hex(rlm_spelling_skip(text, 1), 2);
        return code < 0 ? one_byte('%', 1) : one_byte((char) code, 3);
    case '\\':
        return text.length < 2 ? one_byte('\\', 1) : json_escape(text);
    case '&':
        return html_escape(text);
    default:
        return one_byte(text.bytes[0], 1);
    }
}

/* An escape that is cut off at the end of the text. */
static bool
is_cut_escape(rlm_slice text)
{
    return (text.bytes[0] == '%' && text.length < 3) || (text.bytes[0] == '\\' && text.length < 6) ||
           (text.bytes[0] == '&' && text.length < 6);
}

/* ---- Matching ---- */

size_t
rlm_spelling_plain(rlm_slice text, rlm_slice secret, bool escaped, bool cut)
{
    size_t at = 0, done = 0;
    bool exact = true;

    while (done < secret.length && at < text.length) {
        rlm_slice rest = rlm_spelling_skip(text, at);
        unit next = escaped ? decode(rest) : one_byte(rest.bytes[0], 1);
        bool same = next.count <= secret.length - done && rlm_ascii_alike(next.bytes, secret.bytes + done, next.count);

        if (same && memcmp(next.bytes, secret.bytes + done, next.count) != 0) exact = false;
        if (!same && escaped && rest.bytes[0] == '+' && secret.bytes[done] == ' ') same = true;
        if (!same && escaped && is_cut_escape(rest)) at = text.length;
        else if (!same) return 0;
        else {
            at += next.taken;
            done += next.count;
        }
    }
    return done == secret.length || (cut && exact && done >= RLM_SPELLING_SHORTEST) ? at : 0;
}

/* Letters of base64, in the URL alphabet or the standard one. */
static bool
same_base64(char left, char right)
{
    if (left == '-') left = '+';
    if (left == '_') left = '/';
    return left == right;
}

size_t
rlm_spelling_base64(rlm_slice text, rlm_slice letters, bool cut)
{
    size_t at = 0, done = 0;

    while (done < letters.length && at < text.length) {
        unit next = decode(rlm_spelling_skip(text, at));

        if (next.count != 1 || !same_base64(next.bytes[0], letters.bytes[done])) return 0;
        at += next.taken;
        done++;
    }
    return done == letters.length || (cut && done > RLM_SPELLING_SHORTEST_BASE64) ? at : 0;
}

bool
rlm_spelling_letter(char byte)
{
    return (byte >= '0' && byte <= '9') || (rlm_ascii_lower(byte) >= 'a' && rlm_ascii_lower(byte) <= 'z') ||
           (byte != '\0' && strchr("+/-_", byte) != NULL);
}

size_t
rlm_spelling_word(rlm_slice text)
{
    size_t length = 0;

    while (length < text.length) {
        unit next = decode(rlm_spelling_skip(text, length));

        if (next.count != 1 || !rlm_spelling_letter(next.bytes[0])) break;
        length += next.taken;
    }
    for (int signs = 0; length > 0 && length < text.length && signs < 2; signs++) {
        unit next = decode(rlm_spelling_skip(text, length));

        if (next.count != 1 || next.bytes[0] != '=') break;
        length += next.taken;
    }
    return length;
}
