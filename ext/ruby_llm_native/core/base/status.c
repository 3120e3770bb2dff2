/*
 * Statuses and errors: the texts of the one list in status.h, and the only place where a message is formatted.
 *
 * The list itself has the names in lower case, because the preprocessor cannot make them so, and a table filled at the
 * first call would be state. Read rlm_error_set; cut_at_border exists because Ruby and databases refuse a message that
 * ends in half a character.
 */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
#define X(name, word, class, sentence) #word,
    RLM_STATUSES(X)
#undef X
};

static const char *const sentences[] = {
#define X(name, word, class, sentence) sentence,
    RLM_STATUSES(X)
#undef X
};

const char *
rlm_status_name(rlm_status status)
{
    return (unsigned) status < RLM_STATUS_COUNT ? names[status] : "unknown";
}

const char *
rlm_status_sentence(rlm_status status)
{
    return (unsigned) status < RLM_STATUS_COUNT ? sentences[status] : "unknown failure";
}

void
rlm_error_clear(rlm_error *error)
{
    *error = (rlm_error){.status = RLM_OK, .byte = -1};
}

/* How many of the `length` bytes remain without a character that was cut at the end. */
static size_t
cut_at_border(const char *text, size_t length)
{
    size_t lead = length;
    size_t needed = 1;
    unsigned char byte;

    while (lead > 0 && length - lead < 4) {
        byte = (unsigned char) text[--lead];
        if ((byte & 0xC0) == 0x80) continue;
        if (byte >= 0xF0) needed = 4;
        else if (byte >= 0xE0) needed = 3;
        else if (byte >= 0xC0) needed = 2;
        return needed > length - lead ? lead : length;
    }
    return length;
}

rlm_status
rlm_error_set(rlm_error *error, rlm_status status, const char *format, ...)
{
    char message[RLM_ERROR_MESSAGE]; /* apart, so that the old message may be one of the arguments */
    va_list arguments;
    int written = -1;

    if (error == NULL) return status;
    if (format != NULL) {
        va_start(arguments, format);
        written = vsnprintf(message, sizeof(message), format, arguments);
        va_end(arguments);
    }
    if (written < 0) written = snprintf(message, sizeof(message), "%s", rlm_status_sentence(status));
    if (written >= (int) sizeof(message)) message[cut_at_border(message, sizeof(message) - 1)] = '\0';
    error->status = status;
    memcpy(error->message, message, strlen(message) + 1);
    return status;
}
