/*
 * What a question was told in settings: copied when it is opened, zeroed when it is freed.
 *
 * Every message that is kept passes through rlm_settings_clean: answers and libraries may quote a key. Read secret_length for what counts as one.
 */
#include "settings.h"

#include "limits.h"

#include <string.h>

/* A text that was kept, or NULL. */
static const char *
text_or_null(const rlm_buffer *buffer)
{
    return buffer->length > 0 ? buffer->bytes : NULL;
}

/* ---- Copying ---- */

/* Copy a text with its NUL; NULL and "" leave the buffer empty. */
static rlm_status
copy_text(rlm_buffer *buffer, const char *text)
{
    rlm_buffer_clear(buffer);
    return text == NULL || *text == '\0' ? RLM_OK : rlm_buffer_append(buffer, text, strlen(text) + 1);
}

static rlm_status
copy_settings(rlm_settings *settings, const rlm_question *question)
{
    const rlm_setting *known = settings->source->settings;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS && known[i].name != NULL; i++) {
        for (const rlm_pair *pair = question->settings; pair != NULL && pair->name != NULL; pair++) {
            if (strcmp(pair->name, known[i].name) == 0) RLM_TRY(copy_text(&settings->values[i], pair->value));
        }
        if ((known[i].flags & RLM_SETTING_BASE_URL) != 0) RLM_TRY(copy_text(&settings->base_url, text_or_null(&settings->values[i])));
    }
    if (question->base_url != NULL) RLM_TRY(copy_text(&settings->base_url, question->base_url));
    return copy_text(&settings->proxy, question->proxy);
}

rlm_status
rlm_settings_open(rlm_settings *settings, const rlm_question *question, rlm_error *error)
{
    rlm_status status;

    settings->source = question->source;
    for (size_t i = 0; i < RLM_SOURCE_SETTINGS; i++) rlm_buffer_init(&settings->values[i], RLM_LIMIT_ERROR_BODY);
    rlm_buffer_init(&settings->base_url, RLM_LIMIT_URL);
    rlm_buffer_init(&settings->proxy, RLM_LIMIT_URL);
    status = copy_settings(settings, question);
    if (status != RLM_TOO_LARGE) return status == RLM_OK ? RLM_OK : rlm_error_set(error, status, NULL);
    return rlm_error_set(error, RLM_BAD_SETTING, "a setting of %s is too long", question->source->name);
}

void
rlm_settings_free(rlm_settings *settings)
{
    for (size_t i = 0; i < RLM_SOURCE_SETTINGS; i++) rlm_buffer_free_secret(&settings->values[i]);
    rlm_buffer_free_secret(&settings->base_url);
    rlm_buffer_free_secret(&settings->proxy);
}

const char *
rlm_settings_get(void *context, const char *name)
{
    const rlm_settings *settings = context;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS && settings->source->settings[i].name != NULL; i++) {
        if (strcmp(settings->source->settings[i].name, name) == 0) return text_or_null(&settings->values[i]);
    }
    return NULL;
}

const char *
rlm_settings_base_url(const rlm_settings *settings)
{
    return text_or_null(&settings->base_url);
}

const char *
rlm_settings_proxy(const rlm_settings *settings)
{
    return text_or_null(&settings->proxy);
}

/* ---- Messages without secrets ---- */

#define SHORTEST_SECRET 4

static const char hidden[] = "[secret]";

/*
 * How many bytes at the start of `text` are a secret, or the beginning of one that was cut at the end of the text; 0: they are none.
 */
static size_t
secret_length(const rlm_settings *settings, rlm_slice text)
{
    size_t longest = 0;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS; i++) {
        size_t length = settings->values[i].length > 0 ? settings->values[i].length - 1 : 0;
        size_t common = length < text.length ? length : text.length;

        if (length < SHORTEST_SECRET || common < SHORTEST_SECRET || common <= longest) continue;
        if ((settings->source->settings[i].flags & RLM_SETTING_SECRET) == 0) continue;
        if (memcmp(text.bytes, settings->values[i].bytes, common) == 0) longest = common;
    }
    return longest;
}

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

void
rlm_settings_clean(const rlm_settings *settings, rlm_slice text, char *out, size_t size)
{
    bool valid = rlm_text_valid(text);
    size_t length = 0;

    while (text.length > 0) {
        size_t secret = secret_length(settings, text);
        size_t taken = secret > 0 ? secret : valid ? character_length(text) : 1;
        rlm_slice piece = {text.bytes, taken};

        if (secret > 0) piece = rlm_slice_of(hidden);
        else if (is_control(text)) piece = RLM_SLICE(" ");
        else if (!valid && (unsigned char) *text.bytes >= 0x80) piece = RLM_SLICE("?");
        if (piece.length >= size - length) break;
        memcpy(out + length, piece.bytes, piece.length);
        length += piece.length;
        text.bytes += taken;
        text.length -= taken;
    }
    out[length] = '\0';
}

/* How many bytes of "user:password@" stand at the start of what follows "://". */
static size_t
user_length(rlm_slice rest)
{
    size_t length = 0;

    for (size_t i = 0; i < rest.length && memchr("/?#", rest.bytes[i], 3) == NULL; i++) {
        if (rest.bytes[i] == '@') length = i + 1;
    }
    return length;
}

rlm_status
rlm_settings_clean_url(const rlm_settings *settings, rlm_slice url, rlm_buffer *out)
{
    char text[RLM_LIMIT_URL];
    rlm_slice rest = url;

    rlm_buffer_clear(out);
    while (rest.length > 0 && !rlm_slice_starts_with(rest, "://")) rest = (rlm_slice) {rest.bytes + 1, rest.length - 1};
    if (rest.length > 0) {
        size_t before = (size_t) (rest.bytes + 3 - url.bytes), user;

        rest = (rlm_slice) {url.bytes + before, url.length - before};
        user = user_length(rest);
        RLM_TRY(rlm_buffer_append(out, url.bytes, before));
        url = (rlm_slice) {rest.bytes + user, rest.length - user};
    }
    rlm_settings_clean(settings, url, text, sizeof text);
    return rlm_buffer_append(out, text, strlen(text));
}

void
rlm_settings_keep_error(const rlm_settings *settings, const rlm_error *error, rlm_error *kept)
{
    const char *said = error->message[0] != '\0' ? error->message : rlm_status_sentence(error->status);
    char message[RLM_ERROR_MESSAGE];

    rlm_settings_clean(settings, rlm_slice_of(said), message, sizeof message);
    *kept = *error;
    memcpy(kept->message, message, strlen(message) + 1);
}
