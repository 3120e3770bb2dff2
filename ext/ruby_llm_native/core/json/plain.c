/* One pass: strings are looked at for escapes, everything between them for numbers. */
#include "json/plain.h"

#include <string.h>

/* Whether an escape, of which `text` begins behind the backslash, is of U+0000 or a surrogate. */
static bool
is_suspect(rlm_slice text)
{
    if (text.length < 5 || text.bytes[0] != 'u') return false;
    if (memcmp(text.bytes + 1, "0000", 4) == 0) return true;
    return (text.bytes[1] == 'd' || text.bytes[1] == 'D') && strchr("89abcdefABCDEF", text.bytes[2]) != NULL;
}

/* The position behind a string that begins at `at`, or the text's length + 1 if it has a suspect escape. */
static size_t
skip_string(rlm_slice text, size_t at)
{
    for (at++; at < text.length && text.bytes[at] != '"'; at++) {
        if (text.bytes[at] != '\\') continue;
        at++;
        if (at < text.length && is_suspect((rlm_slice){text.bytes + at, text.length - at})) return text.length + 1;
    }
    return at < text.length ? at + 1 : text.length;
}

bool
rlm_json_is_plain(rlm_slice text, size_t longest)
{
    size_t at = 0, start;

    while (at < text.length) {
        char byte = text.bytes[at];

        if (byte == '"') {
            at = skip_string(text, at);
            continue;
        }
        start = at++;
        if (byte != '-' && (byte < '0' || byte > '9')) continue;
        while (at < text.length && ((text.bytes[at] >= '0' && text.bytes[at] <= '9') || text.bytes[at] == '.')) at++;
        if (at - start > longest) return false;
        if (at < text.length && (text.bytes[at] == 'e' || text.bytes[at] == 'E')) return false;
    }
    return at == text.length;
}
