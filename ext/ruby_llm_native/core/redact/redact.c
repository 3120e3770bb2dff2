/*
 * Finding credentials again: spelling.c finds one at one place, secret_length all of them, rlm_redact does a whole
 * text.
 *
 * A pattern is a credential, or what base64 makes of one: three texts, for it may begin at any of the three bytes that
 * four letters stand for. The letters at both ends, which its neighbours change, are left out of them, and the whole
 * word in base64 around them is replaced.
 */
#include "redact/redact.h"

#include "base/caps.h"
#include "redact/login.h"
#include "redact/spelling.h"

#include <string.h>

#define SHORTEST_IN_ROWS 8
#define SHORTEST_VALUE 8 /* of a query, where the name says nothing */
#define SHORTEST_USER 8  /* of a user's name alone: shorter ones are words */

static const char hidden[] = "[secret]";

/*
 * What is looked for: credentials of so many bytes, and whether also the beginning of one that the end of the text
 * has cut.
 */
typedef struct {
    size_t shortest;
    bool cut;
} search;

static const search in_messages = {RLM_SPELLING_SHORTEST, true}, in_texts = {RLM_SPELLING_SHORTEST, false},
                    in_rows = {SHORTEST_IN_ROWS, false};

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
base64_length(const rlm_redactor *redactor, rlm_slice text, bool inside, search wanted)
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
plain_length(const rlm_redactor *redactor, rlm_slice text, search wanted)
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

/* How many bytes at the start of the text are a credential, or a word that says one in base64; 0: they are none. */
static size_t
secret_length(const rlm_redactor *redactor, rlm_slice text, bool inside, search wanted)
{
    size_t word = base64_length(redactor, text, inside, wanted), plain = plain_length(redactor, text, wanted);

    return word > plain ? word : plain;
}

/* ---- Passing over what nothing begins with ---- */

#define BEGINNING 4 /* bytes: as many as the shortest credential has */

_Static_assert(BEGINNING <= RLM_SPELLING_SHORTEST && BEGINNING <= RLM_SPELLING_SHORTEST_BASE64,
               "every pattern has a beginning");

static bool
is_escape(char byte)
{
    return byte == '%' || byte == '\\' || byte == '&' || byte == '+';
}

/* The byte, the same in any case and in either alphabet of base64. */
static unsigned char
folded(char byte)
{
    return (unsigned char) (byte == '-' ? '+' : byte == '_' ? '/' : rlm_spelling_lower(byte));
}

/* A number below 65,536 for four folded bytes. */
static unsigned
beginning_of(uint32_t bytes)
{
    return (uint32_t) (bytes * UINT32_C(0x9E3779B1)) >> 16;
}

static void
mark_beginning(rlm_redactor *redactor, const char *text)
{
    uint32_t bytes = 0;
    unsigned beginning;

    for (int i = 0; i < BEGINNING; i++) bytes = bytes << 8 | folded(text[i]);
    beginning = beginning_of(bytes);
    redactor->beginnings[beginning / 64] |= UINT64_C(1) << beginning % 64;
}

static bool
begins_base64(const rlm_redactor *redactor, rlm_slice text, search wanted)
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
 * Each byte is looked at once, and once more where a pattern may begin: where the beginning is one of theirs, or has
 * an escape.
 */
static bool
finds(const rlm_redactor *redactor, rlm_slice text, search wanted)
{
    size_t escaped = 0; /* up to there a beginning may be any */
    uint32_t bytes = 0;

    if (pattern_count(redactor) == 0) return false;
    for (size_t end = 0; end < text.length; end++) {
        size_t start = end + 1 - BEGINNING;
        unsigned beginning;

        bytes = bytes << 8 | redactor->folded[(unsigned char) text.bytes[end]];
        if (redactor->escapes[(unsigned char) text.bytes[end]]) escaped = end + BEGINNING;
        beginning = beginning_of(bytes);
        if (end + 1 < BEGINNING ||
            (end >= escaped && (redactor->beginnings[beginning / 64] >> beginning % 64 & 1) == 0))
            continue;
        if (plain_length(redactor, rlm_spelling_skip(text, start), wanted) > 0) return true;
        if (begins_base64(redactor, rlm_spelling_skip(text, start), wanted)) return true;
    }
    return false;
}

bool
rlm_redactor_finds(const rlm_redactor *redactor, rlm_slice text)
{
    return finds(redactor, text, in_texts);
}

/* ---- Adding ---- */

void
rlm_redactor_init(rlm_redactor *redactor)
{
    rlm_buffer_init(&redactor->texts, RLM_CAP_SECRETS);
    rlm_buffer_init(&redactor->patterns, RLM_CAP_SECRETS);
    memset(redactor->beginnings, 0, sizeof redactor->beginnings);
    for (int byte = 0; byte < 256; byte++) {
        redactor->folded[byte] = folded((char) byte);
        redactor->escapes[byte] = is_escape((char) byte);
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
    mark_beginning(redactor, text.bytes);
    return RLM_OK;
}

/* What base64 makes of the credential behind `before` bytes, without the letters that its neighbours change. */
static rlm_status
add_base64(rlm_redactor *redactor, rlm_slice credential, size_t before)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
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

static rlm_slice
trim(rlm_slice text)
{
    while (text.length > 0 && (unsigned char) text.bytes[0] <= ' ') text = rlm_spelling_skip(text, 1);
    while (text.length > 0 && (unsigned char) text.bytes[text.length - 1] <= ' ') text.length--;
    return text;
}

rlm_status
rlm_redactor_add(rlm_redactor *redactor, rlm_slice credential)
{
    credential = trim(credential);
    if (credential.length < RLM_SPELLING_SHORTEST) return RLM_OK;
    RLM_TRY(add_pattern(redactor, credential, credential.length, false));
    for (size_t before = 0; before < 3; before++) RLM_TRY(add_base64(redactor, credential, before));
    return RLM_OK;
}

/*
 * A part of a URL: what it says percent-decoded, as it is sent in a header. As it is written it is then found, too.
 */
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

/* Whole, for a header has it so; the name; and the password, whichever colon is the one before it. */
static rlm_status
add_user(rlm_redactor *redactor, rlm_slice user)
{
    size_t name = rlm_login_find(user, ":"), last = user.length;

    if (name == user.length && name < SHORTEST_USER) return RLM_OK;
    RLM_TRY(add_decoded(redactor, user));
    if (name >= SHORTEST_USER) RLM_TRY(add_decoded(redactor, (rlm_slice){user.bytes, name}));
    if (name == user.length) return RLM_OK;
    while (user.bytes[last - 1] != ':') last--;
    RLM_TRY(add_decoded(redactor, rlm_spelling_skip(user, name + 1)));
    return add_decoded(redactor, rlm_spelling_skip(user, last));
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

    url = trim(url);
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

/* ---- Texts without them ---- */

static size_t
character_length(rlm_slice text)
{
    unsigned char lead = (unsigned char) text.bytes[0];
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;

    return length <= text.length ? length : 1;
}

static bool
is_control(rlm_slice text)
{
    unsigned char lead = (unsigned char) text.bytes[0];

    return lead < 0x20 || lead == 0x7f || (lead == 0xC2 && text.length > 1 && (unsigned char) text.bytes[1] < 0xA0);
}

/* How many bytes at the start of the text, which follows "://", are a URL's user and password. */
static size_t
shown_user_length(rlm_slice text)
{
    text.length = rlm_login_find(text, " \t\r\n\"'<>");
    return rlm_login_length(text);
}

/*
 * How many bytes follow "?name=" at the start of the text, if that name is a credential's; `*before` is how many
 * bytes the name takes.
 */
static size_t
shown_value_length(rlm_slice text, size_t *before)
{
    rlm_slice name;

    if (text.bytes[0] != '?' && text.bytes[0] != '&') return 0;
    name = rlm_spelling_skip(text, 1);
    name.length = rlm_login_find(name, "= \t\r\n&\"'<>");
    *before = name.length + 2;
    if (*before > text.length || text.bytes[*before - 1] != '=' || !rlm_login_names_secret(name)) return 0;
    return rlm_login_find(rlm_spelling_skip(text, *before), " \t\r\n&#\"'<>");
}

/* A text that is being written, as far as there is room. */
typedef struct {
    char *bytes;
    size_t size, length;
} target;

static bool
put(target *out, rlm_slice piece)
{
    if (piece.length >= out->size - out->length) return false;
    memcpy(out->bytes + out->length, piece.bytes, piece.length);
    out->length += piece.length;
    return true;
}

/* Write what the text begins with, and tell how many bytes of it that was; 0: there is no room. */
static size_t
put_next(const rlm_redactor *redactor, rlm_slice text, bool inside, bool valid, search wanted, target *out)
{
    size_t secret = secret_length(redactor, text, inside, wanted), before = 0, taken;
    rlm_slice piece;

    if (secret > 0) return put(out, rlm_slice_of(hidden)) ? secret : 0;
    if (rlm_slice_starts_with(text, "://") && (secret = shown_user_length(rlm_spelling_skip(text, 3))) > 0) {
        return put(out, RLM_SLICE("://")) && put(out, rlm_slice_of(hidden)) && put(out, RLM_SLICE("@")) ? 3 + secret
                                                                                                        : 0;
    }
    secret = shown_value_length(text, &before);
    if (secret > 0)
        return put(out, (rlm_slice){text.bytes, before}) && put(out, rlm_slice_of(hidden)) ? before + secret : 0;
    taken = valid ? character_length(text) : 1;
    piece = (rlm_slice){text.bytes, taken};
    if (is_control(text)) piece = RLM_SLICE(" ");
    else if (!valid && (unsigned char) *text.bytes >= 0x80) piece = RLM_SLICE("?");
    return put(out, piece) ? taken : 0;
}

static void
redact(const rlm_redactor *redactor, rlm_slice text, search wanted, target *out)
{
    bool valid = rlm_text_valid(text), inside = false;

    while (text.length > 0) {
        size_t taken = put_next(redactor, text, inside, valid, wanted, out);

        if (taken == 0) break;
        inside = rlm_spelling_letter(text.bytes[taken - 1]);
        text = rlm_spelling_skip(text, taken);
    }
    out->bytes[out->length] = '\0';
}

void
rlm_redact(const rlm_redactor *redactor, rlm_slice text, char *out, size_t size)
{
    target written = {out, size, 0};

    redact(redactor, text, in_messages, &written);
}

rlm_status
rlm_redact_url(const rlm_redactor *redactor, rlm_slice url, rlm_buffer *out)
{
    char text[RLM_CAP_URL];
    size_t scheme;

    url = trim(url);
    scheme = rlm_login_scheme(url);
    rlm_buffer_clear(out);
    RLM_TRY(rlm_buffer_append(out, url.bytes, scheme));
    url = rlm_spelling_skip(url, scheme);
    rlm_redact(redactor, rlm_spelling_skip(url, rlm_login_within_host(url)), text, sizeof text - scheme);
    return rlm_buffer_append(out, text, strlen(text));
}

void
rlm_redact_login(rlm_slice url, bool proxy, size_t *scheme, size_t *login)
{
    size_t blanks = 0;

    while (blanks < url.length && (unsigned char) url.bytes[blanks] <= ' ') blanks++;
    *scheme = blanks + rlm_login_scheme(rlm_spelling_skip(url, blanks));
    url = rlm_spelling_skip(url, *scheme);
    *login = proxy ? rlm_login_last(url) : rlm_login_length(url);
}

void
rlm_redact_error(const rlm_redactor *redactor, const rlm_error *error, rlm_error *kept)
{
    const char *said = error->message[0] != '\0' ? error->message : rlm_status_sentence(error->status);
    char message[RLM_ERROR_MESSAGE];

    rlm_redact(redactor, rlm_slice_of(said), message, sizeof message);
    *kept = *error;
    memcpy(kept->message, message, strlen(message) + 1);
}

/* ---- Rows ---- */

static rlm_status
redact_text(const rlm_redactor *redactor, rlm_slice *text, rlm_arena *arena)
{
    size_t size =
        text->length * sizeof hidden + 1; /* a credential is longer than one byte, so this is more than enough */
    char *copy;
    target out;

    if (text->length < SHORTEST_IN_ROWS || !finds(redactor, *text, in_rows)) return RLM_OK;
    copy = rlm_arena_allocate(arena, size, 1);
    if (copy == NULL) return RLM_OUT_OF_MEMORY;
    out = (target){copy, size, 0};
    redact(redactor, *text, in_rows, &out);
    *text = (rlm_slice){copy, out.length};
    return RLM_OK;
}

rlm_status
rlm_redact_value(const rlm_redactor *redactor, rlm_value *value, rlm_arena *arena)
{
    if (pattern_count(redactor) == 0) return RLM_OK;
    RLM_TRY(redact_text(redactor, &value->key, arena));
    if (value->kind == RLM_STRING) RLM_TRY(redact_text(redactor, &value->text, arena));
    RLM_EACH (child, value)
        RLM_TRY(rlm_redact_value(redactor, child, arena)); /* as deep as JSON may be: RLM_CAP_DEPTH */
    return RLM_OK;
}
