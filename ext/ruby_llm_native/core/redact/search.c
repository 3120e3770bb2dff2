/*
 * The credentials of a redactor: added as patterns, then found again. spelling.c compares one pattern at one place.
 *
 * A pattern is a credential as it is, or in base64. Base64 needs three patterns, because a credential may begin at any
 * of the three bytes that four letters encode. The letters at both ends depend on its neighbours and are left out; the
 * whole base64 word around a match is replaced.
 */
#include "redact/search.h"

#include "base/caps.h"
#include "redact/login.h"
#include "redact/spelling.h"

#include <string.h>

#define SHORTEST_VALUE 8 /* of a query's value, if its name does not tell */
#define SHORTEST_USER 8  /* of a user name alone: shorter ones are words */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

typedef struct {
    size_t offset, length; /* in the texts */
    size_t of;             /* bytes of the credential */
    bool base64;
} pattern;

static size_t
pattern_count(const rlm_redactor *redactor)
{
    return redactor == NULL ? 0 : redactor->patterns.length / sizeof(pattern);
}

static const pattern *
pattern_at(const rlm_redactor *redactor, size_t index)
{
    return (const pattern *) (const void *) redactor->patterns.bytes + index;
}

static rlm_slice
text_of(const rlm_redactor *redactor, const pattern *known)
{
    return (rlm_slice){redactor->texts.bytes + known->offset, known->length};
}

/*
 * The length of the word at the start of the text, if a credential stands in it in base64; else 0. `inside`: the text
 * begins inside a word.
 */
static size_t
base64_length(const rlm_redactor *redactor, rlm_slice text, bool inside, rlm_search wanted)
{
    size_t length = inside ? 0 : rlm_spelling_word(text);
    bool cut = wanted.cut && length == text.length;

    if (length < RLM_SPELLING_SHORTEST_BASE64) return 0;
    text.length = length;
    for (size_t i = 0; i < pattern_count(redactor); i++) {
        const pattern *known = pattern_at(redactor, i);

        if (!known->base64 || known->of < wanted.shortest) continue;
        for (size_t at = 0; at < length; at++) {
            if (rlm_spelling_base64(rlm_spelling_skip(text, at), text_of(redactor, known), cut) > 0) return length;
        }
    }
    return 0;
}

static size_t
plain_length(const rlm_redactor *redactor, rlm_slice text, rlm_search wanted)
{
    size_t longest = 0;

    for (size_t i = 0; i < pattern_count(redactor); i++) {
        const pattern *known = pattern_at(redactor, i);
        size_t escaped, plain;

        if (known->base64 || known->of < wanted.shortest) continue;
        escaped = rlm_spelling_plain(text, text_of(redactor, known), true, wanted.cut);
        plain = rlm_spelling_plain(text, text_of(redactor, known), false, wanted.cut);
        if (escaped > longest) longest = escaped;
        if (plain > longest) longest = plain;
    }
    return longest;
}

/* How many bytes at the start of the text are a credential, or a base64 word that contains one; 0: they are not. */
size_t
rlm_redactor_secret_length(const rlm_redactor *redactor, rlm_slice text, bool inside, rlm_search wanted)
{
    size_t word = base64_length(redactor, text, inside, wanted), plain = plain_length(redactor, text, wanted);

    return word > plain ? word : plain;
}

/* ---- Passing over what contains none ---- */

#define PIECE 4  /* bytes: as many as the shortest credential has */
#define PIECES 5 /* of a pattern that are known, the first of them at its beginning, each a byte behind the other */

_Static_assert(PIECE <= RLM_SPELLING_SHORTEST && PIECE <= RLM_SPELLING_SHORTEST_BASE64, "every pattern has a piece");

static const char escapes[] = "%\\&+"; /* what they begin with */

/* The byte, the same in any case and in either base64 alphabet. */
static unsigned char
folded(char byte)
{
    return (unsigned char) (byte == '-' ? '+' : byte == '_' ? '/' : rlm_ascii_lower(byte));
}

/* A number below 65,536 for four folded bytes. */
static unsigned
number_of(uint32_t bytes)
{
    return (uint32_t) (bytes * UINT32_C(0x9E3779B1)) >> 16;
}

static bool
is_known(const rlm_redactor *redactor, uint32_t bytes)
{
    unsigned number = number_of(bytes);

    return (redactor->pieces[number / 64] >> number % 64 & 1) != 0;
}

static uint32_t
piece_at(const rlm_redactor *redactor, const char *text)
{
    uint32_t bytes = 0;

    for (int i = 0; i < PIECE; i++) bytes = bytes << 8 | redactor->folded[(unsigned char) text[i]];
    return bytes;
}

static void
mark_pieces(rlm_redactor *redactor, rlm_slice text)
{
    size_t count = text.length - PIECE + 1;

    if (count > PIECES) count = PIECES;
    for (size_t i = 0; i < count; i++) {
        unsigned number = number_of(piece_at(redactor, text.bytes + i));

        redactor->pieces[number / 64] |= UINT64_C(1) << number % 64;
    }
    if (count < redactor->stride) redactor->stride = count;
}

static bool
has_escape(rlm_slice text)
{
    for (const char *escape = escapes; *escape != '\0'; escape++) {
        if (memchr(text.bytes, *escape, text.length) != NULL) return true;
    }
    return false;
}

/*
 * False only if no whole pattern is in the text. Without escapes, one of a pattern's known pieces would stand at a
 * multiple of the stride, which no pattern has fewer of.
 */
static bool
may_contain(const rlm_redactor *redactor, rlm_slice text)
{
    if (text.length < PIECE) return false;
    if (has_escape(text)) return true;
    for (size_t at = 0; at + PIECE <= text.length; at += redactor->stride) {
        if (is_known(redactor, piece_at(redactor, text.bytes + at))) return true;
    }
    return false;
}

static bool
begins_base64(const rlm_redactor *redactor, rlm_slice text, rlm_search wanted)
{
    for (size_t i = 0; i < pattern_count(redactor); i++) {
        const pattern *known = pattern_at(redactor, i);

        if (known->base64 && known->of >= wanted.shortest &&
            rlm_spelling_base64(text, text_of(redactor, known), false) > 0)
            return true;
    }
    return false;
}

/*
 * Each byte is looked at once, and again where a pattern may begin: where the text has a known piece or an escape.
 */
bool
rlm_redactor_search(const rlm_redactor *redactor, rlm_slice text, rlm_search wanted)
{
    size_t escaped = 0; /* up to there a piece may be any */
    uint32_t bytes = 0;

    if (pattern_count(redactor) == 0 || (!wanted.cut && !may_contain(redactor, text))) return false;
    for (size_t end = 0; end < text.length; end++) {
        size_t start = end + 1 - PIECE;

        bytes = bytes << 8 | redactor->folded[(unsigned char) text.bytes[end]];
        if (redactor->escapes[(unsigned char) text.bytes[end]]) escaped = end + PIECE;
        if (end + 1 < PIECE || (end >= escaped && !is_known(redactor, bytes))) continue;
        if (plain_length(redactor, rlm_spelling_skip(text, start), wanted) > 0) return true;
        if (begins_base64(redactor, rlm_spelling_skip(text, start), wanted)) return true;
    }
    return false;
}

size_t
rlm_redactor_shortest(const rlm_redactor *redactor, size_t shortest)
{
    size_t length = SIZE_MAX;

    for (size_t i = 0; i < pattern_count(redactor); i++) {
        const pattern *known = pattern_at(redactor, i);

        if (known->of >= shortest && known->length < length) length = known->length;
    }
    return length;
}

/* ---- Adding ---- */

void
rlm_redactor_init(rlm_redactor *redactor)
{
    rlm_buffer_init(&redactor->texts, RLM_CAP_SECRETS);
    rlm_buffer_init(&redactor->patterns, RLM_CAP_SECRETS);
    memset(redactor->pieces, 0, sizeof redactor->pieces);
    redactor->stride = PIECES;
    for (int byte = 0; byte < 256; byte++) {
        redactor->folded[byte] = folded((char) byte);
        redactor->escapes[byte] = byte != '\0' && strchr(escapes, byte) != NULL;
    }
}

void
rlm_redactor_free(rlm_redactor *redactor)
{
    rlm_buffer_free_secret(&redactor->texts);
    rlm_buffer_free_secret(&redactor->patterns);
}

static rlm_status
add_pattern(rlm_redactor *redactor, rlm_slice text, size_t of, bool base64)
{
    const pattern added = {redactor->texts.length, text.length, of, base64};

    for (size_t i = 0; i < pattern_count(redactor); i++) {
        const pattern *known = pattern_at(redactor, i);

        if (known->base64 == base64 && rlm_slice_equal(text_of(redactor, known), text)) return RLM_OK;
    }
    RLM_TRY(rlm_buffer_append(&redactor->texts, text.bytes, text.length));
    RLM_TRY(rlm_buffer_append(&redactor->patterns, &added, sizeof added));
    mark_pieces(redactor, text);
    return RLM_OK;
}

/* The credential in base64 after `before` bytes, without the letters that its neighbours change. */
static rlm_status
add_base64(rlm_redactor *redactor, rlm_slice credential, size_t before)
{
    size_t first = (before * 8 + 5) / 6, end = (before + credential.length) * 8 / 6;
    rlm_buffer letters;
    rlm_status status = RLM_OK;

    rlm_buffer_init(&letters, RLM_CAP_SECRETS);
    for (size_t letter = first; status == RLM_OK && letter < end; letter++) {
        unsigned bits = 0;

        for (size_t bit = letter * 6; bit < letter * 6 + 6; bit++) {
            unsigned byte = (unsigned char) credential.bytes[bit / 8 - before];

            bits = bits << 1 | (byte >> (7 - bit % 8) & 1u);
        }
        status = rlm_buffer_append(&letters, &alphabet[bits], 1);
    }
    if (status == RLM_OK && letters.length >= RLM_SPELLING_SHORTEST_BASE64) {
        status = add_pattern(redactor, (rlm_slice){letters.bytes, letters.length}, credential.length, true);
    }
    rlm_buffer_free_secret(&letters);
    return status;
}

rlm_status
rlm_redactor_add(rlm_redactor *redactor, rlm_slice credential)
{
    credential = rlm_spelling_trim(credential);
    if (credential.length < RLM_SPELLING_SHORTEST) return RLM_OK;
    RLM_TRY(add_pattern(redactor, credential, credential.length, false));
    for (size_t before = 0; before < 3; before++) RLM_TRY(add_base64(redactor, credential, before));
    return RLM_OK;
}

/* A part of a URL: percent-decoded, as it is sent in a header. It is then also found as it was written. */
static rlm_status
add_decoded(rlm_redactor *redactor, rlm_slice part)
{
    rlm_buffer decoded;
    rlm_status status = RLM_OK;

    rlm_buffer_init(&decoded, part.length);
    while (status == RLM_OK && part.length > 0) {
        long code = part.bytes[0] == '%' ? rlm_spelling_hex(rlm_spelling_skip(part, 1), 2) : -1;
        char byte = code < 0 ? part.bytes[0] : (char) code;

        status = rlm_buffer_append(&decoded, &byte, 1);
        part = rlm_spelling_skip(part, code < 0 ? 1 : 3);
    }
    if (status == RLM_OK) status = rlm_redactor_add(redactor, (rlm_slice){decoded.bytes, decoded.length});
    rlm_buffer_free_secret(&decoded);
    return status;
}

/* The whole login, the user name, and the password. `add` knows how they are written. */
static rlm_status
add_login(rlm_redactor *redactor, rlm_slice login, rlm_status (*add)(rlm_redactor *, rlm_slice))
{
    size_t name = rlm_login_find(login, ":");

    if (name == login.length && name < SHORTEST_USER) return RLM_OK;
    RLM_TRY(add(redactor, login));
    if (name >= SHORTEST_USER) RLM_TRY(add(redactor, (rlm_slice){login.bytes, name}));
    return name == login.length ? RLM_OK : add(redactor, rlm_spelling_skip(login, name + 1));
}

/* That of a URL, where people write colons unescaped: the password may follow the last one, too. */
static rlm_status
add_user(rlm_redactor *redactor, rlm_slice user)
{
    size_t last = user.length;

    RLM_TRY(add_login(redactor, user, add_decoded));
    while (last > 0 && user.bytes[last - 1] != ':') last--;
    return last == 0 ? RLM_OK : add_decoded(redactor, rlm_spelling_skip(user, last));
}

/* What the letters of base64 at the start of the text say: "user:password". */
static rlm_status
decode_base64(rlm_slice letters, rlm_buffer *out)
{
    unsigned bits = 0, count = 0;

    for (; letters.length > 0; letters = rlm_spelling_skip(letters, 1)) {
        const char *letter = memchr(alphabet, letters.bytes[0], sizeof alphabet - 1);

        if (letter == NULL) break;
        bits = (bits << 6 | (unsigned) (letter - alphabet)) & 0xFFFFu;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        RLM_TRY(rlm_buffer_append(out, &(char){(char) (bits >> count & 0xFFu)}, 1));
    }
    return RLM_OK;
}

rlm_status
rlm_redactor_add_header(rlm_redactor *redactor, rlm_slice value)
{
    size_t scheme;
    rlm_buffer login;
    rlm_status status;

    value = rlm_spelling_trim(value);
    RLM_TRY(rlm_redactor_add(redactor, value));
    scheme = rlm_login_find(value, " ");
    if (scheme == value.length) return RLM_OK;
    RLM_TRY(rlm_redactor_add(redactor, rlm_spelling_skip(value, scheme)));
    if (scheme != strlen("Basic") || !rlm_ascii_alike(value.bytes, "basic", scheme)) return RLM_OK;
    rlm_buffer_init(&login, value.length);
    status = decode_base64(rlm_spelling_trim(rlm_spelling_skip(value, scheme)), &login);
    if (status == RLM_OK) status = add_login(redactor, (rlm_slice){login.bytes, login.length}, rlm_redactor_add);
    rlm_buffer_free_secret(&login);
    return status;
}

static rlm_status
add_parameter(rlm_redactor *redactor, rlm_slice parameter)
{
    size_t equals = rlm_login_find(parameter, "=");
    rlm_slice name = {parameter.bytes, equals},
              value = equals < parameter.length ? rlm_spelling_skip(parameter, equals + 1) : parameter;

    if (equals < parameter.length && rlm_login_names_none(name)) return RLM_OK;
    if (value.length < SHORTEST_VALUE && !rlm_login_names_secret(name)) return RLM_OK;
    return add_decoded(redactor, value);
}

rlm_status
rlm_redactor_add_url(rlm_redactor *redactor, rlm_slice url, bool proxy)
{
    size_t scheme, user;

    url = rlm_spelling_trim(url);
    rlm_redact_login(url, proxy, &scheme, &user);
    url = rlm_spelling_skip(url, scheme);
    if (user > 1) RLM_TRY(add_user(redactor, (rlm_slice){url.bytes, user - 1}));
    url = rlm_spelling_skip(url, user);
    url = rlm_spelling_skip(url, rlm_login_find(url, "?#"));
    while (url.length > 0) {
        size_t length;

        url = rlm_spelling_skip(url, 1); /* the delimiter */
        length = rlm_login_find(url, "?#&;");
        RLM_TRY(add_parameter(redactor, (rlm_slice){url.bytes, length}));
        url = rlm_spelling_skip(url, length);
    }
    return RLM_OK;
}
