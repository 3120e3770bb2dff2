/*
 * Texts without credentials. search.c finds those that were added; in URLs and queries, others are recognized by their
 * position.
 */
#include "redact/redact.h"

#include "base/caps.h"
#include "redact/login.h"
#include "redact/search.h"
#include "redact/spelling.h"

#include <string.h>

#define SHORTEST_IN_ROWS 8

static const char hidden[] = "[secret]";

static const rlm_search in_messages = {RLM_SPELLING_SHORTEST, true}, in_texts = {RLM_SPELLING_SHORTEST, false},
                        in_rows = {SHORTEST_IN_ROWS, false};

bool
rlm_redactor_finds(const rlm_redactor *redactor, rlm_slice text)
{
    return rlm_redactor_search(redactor, text, in_texts);
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
 * How many bytes follow "?name=" at the start of the text, if that name is a credential's; `*before` is the length of
 * the name.
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

/* Write what the text begins with and return how many of its bytes that was; 0: there is no room. */
static size_t
put_next(const rlm_redactor *redactor, rlm_slice text, bool inside, bool valid, rlm_search wanted, target *out)
{
    size_t secret = rlm_redactor_secret_length(redactor, text, inside, wanted), before = 0, taken;
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
redact(const rlm_redactor *redactor, rlm_slice text, rlm_search wanted, target *out)
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

    url = rlm_spelling_trim(url);
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

    if (!rlm_redactor_search(redactor, *text, in_rows)) return RLM_OK;
    copy = rlm_arena_allocate(arena, size, 1);
    if (copy == NULL) return RLM_OUT_OF_MEMORY;
    out = (target){copy, size, 0};
    redact(redactor, *text, in_rows, &out);
    *text = (rlm_slice){copy, out.length};
    return RLM_OK;
}

/* `shortest`: of the texts that may contain a credential. */
static rlm_status
redact_value(const rlm_redactor *redactor, size_t shortest, rlm_value *value, rlm_arena *arena)
{
    if (value->key.length >= shortest) RLM_TRY(redact_text(redactor, &value->key, arena));
    if (value->kind == RLM_STRING && value->text.length >= shortest)
        RLM_TRY(redact_text(redactor, &value->text, arena));
    RLM_EACH (child, value)
        RLM_TRY(redact_value(redactor, shortest, child, arena)); /* as deep as JSON may be: RLM_CAP_DEPTH */
    return RLM_OK;
}

rlm_status
rlm_redact_value(const rlm_redactor *redactor, rlm_value *value, rlm_arena *arena)
{
    size_t shortest = rlm_redactor_shortest(redactor, in_rows.shortest);

    return shortest < SIZE_MAX ? redact_value(redactor, shortest, value, arena) : RLM_OK;
}
