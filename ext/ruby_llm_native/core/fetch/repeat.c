/*
 * In a stamp, answers are words: the number of rows, then for each listing the checksum of its answer, or MISSING where
 * the server has no such listing. Read add_circumstances for what it is of besides the body.
 */
#include "fetch/repeat.h"

#include "base/caps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DIGITS 16 /* of a checksum */
#define MISSING "-"

static rlm_slice
content(const rlm_buffer *buffer)
{
    return (rlm_slice){buffer->bytes, buffer->length};
}

/* ---- The words of a stamp ---- */

/* Take the first word off the text. */
static rlm_slice
next_word(rlm_slice *text)
{
    const char *space = text->length > 0 ? memchr(text->bytes, ' ', text->length) : NULL;
    rlm_slice word = {text->bytes, space != NULL ? (size_t) (space - text->bytes) : text->length};
    size_t taken = word.length + (space != NULL);

    *text = taken > 0 ? (rlm_slice){text->bytes + taken, text->length - taken} : *text;
    return word;
}

/* What the stamp says of the fetch's listing; empty: nothing. */
static rlm_slice
last_word(const rlm_listing_fetch *fetch)
{
    rlm_slice text = fetch->common->answers, word = next_word(&text); /* the number of rows */
    ptrdiff_t position = fetch->listing - fetch->common->settings->source->listings;

    if (position < 0 || position >= RLM_SOURCE_LISTINGS) return (rlm_slice){NULL, 0};
    for (ptrdiff_t i = 0; i <= position; i++) word = next_word(&text);
    return word;
}

static rlm_slice
write_sum(const rlm_listing_fetch *fetch, char digits[DIGITS + 1])
{
    snprintf(digits, DIGITS + 1, "%016" PRIx64, rlm_checksum_finish(&fetch->sum));
    return (rlm_slice){digits, DIGITS};
}

/* ---- One answer ---- */

static void
add_text(rlm_checksum *sum, rlm_slice text)
{
    uint64_t length = text.length;

    rlm_checksum_add(sum, &length, sizeof length);
    rlm_checksum_add(sum, text.bytes, text.length);
}

/*
 * Rows depend on more than the body: on the version of this gem, which its user agent names, on where they were asked
 * for, and on settings such as a region. No credential gets into the checksum.
 */
static void
add_circumstances(rlm_listing_fetch *fetch)
{
    const rlm_settings *settings = fetch->common->settings;
    const rlm_setting *known = settings->source->settings;

    add_text(&fetch->sum, rlm_slice_of(fetch->common->shared->user_agent));
    add_text(&fetch->sum, content(&fetch->first_url));
    for (size_t i = 0; i < RLM_SOURCE_SETTINGS && known[i].name != NULL; i++) {
        bool url = rlm_slice_ends_with(rlm_slice_of(known[i].name), "_api_base");

        if (url || (known[i].flags & (RLM_SETTING_SECRET | RLM_SETTING_BASE_URL)) != 0) continue;
        add_text(&fetch->sum, content(&settings->values[i]));
    }
}

void
rlm_repeat_begin(rlm_listing_fetch *fetch)
{
    rlm_buffer_clear(&fetch->held);
    fetch->summed = fetch->page.length == 0;
    fetch->holds = fetch->summed && last_word(fetch).length == DIGITS;
    rlm_checksum_init(&fetch->sum, 0, 0);
    if (fetch->summed) add_circumstances(fetch);
}

rlm_status
rlm_repeat_take(rlm_listing_fetch *fetch, const char *bytes, size_t length, rlm_error *error)
{
    if (fetch->summed) rlm_checksum_add(&fetch->sum, bytes, length);
    if (fetch->holds && length <= RLM_CAP_HELD - fetch->held.length)
        return rlm_buffer_append(&fetch->held, bytes, length);
    RLM_TRY(rlm_repeat_read(fetch, error));
    return rlm_json_feed(fetch->json, bytes, length, error);
}

bool
rlm_repeat_found(rlm_listing_fetch *fetch)
{
    char digits[DIGITS + 1];

    fetch->repeats = fetch->holds && rlm_slice_equal(last_word(fetch), write_sum(fetch, digits));
    return fetch->repeats;
}

rlm_status
rlm_repeat_read(rlm_listing_fetch *fetch, rlm_error *error)
{
    rlm_status status = RLM_OK;

    if (fetch->holds) status = rlm_json_feed(fetch->json, fetch->held.bytes, fetch->held.length, error);
    fetch->holds = fetch->repeats = false;
    rlm_buffer_free(&fetch->held);
    return status;
}

/* ---- All answers of a source ---- */

/* Whether the server has no such listing, and need not have it: the source has not failed. */
static bool
is_missing(const rlm_listing_fetch *fetch)
{
    if (fetch->error.status != RLM_OK) return rlm_listing_fetch_is_missing(fetch);
    return fetch->pages == 0 && fetch->http_status == 0;
}

bool
rlm_repeat_all(const rlm_listing_fetch *fetches, size_t count, size_t *rows)
{
    rlm_slice text = fetches[0].common->answers, number = next_word(&text);

    *rows = 0;
    for (size_t i = 0; i < number.length; i++) {
        if (number.bytes[i] < '0' || number.bytes[i] > '9' || *rows > RLM_CAP_ROWS) return false;
        *rows = *rows * 10 + (size_t) (number.bytes[i] - '0');
    }
    for (size_t i = 0; i < count; i++) {
        if (!fetches[i].repeats && !(is_missing(&fetches[i]) && rlm_slice_is(last_word(&fetches[i]), MISSING)))
            return false;
    }
    return *rows > 0;
}

rlm_status
rlm_repeat_describe(const rlm_listing_fetch *fetches, size_t count, size_t rows, rlm_buffer *answers)
{
    char text[32];

    rlm_buffer_clear(answers);
    for (size_t i = 0; i < count; i++) {
        bool known = fetches[i].error.status == RLM_OK && fetches[i].summed && fetches[i].pages == 1;

        if (!known && !is_missing(&fetches[i])) return RLM_OK;
    }
    RLM_TRY(rlm_buffer_append(answers, text, (size_t) snprintf(text, sizeof text, "%zu", rows)));
    for (size_t i = 0; i < count; i++) {
        char digits[DIGITS + 1];
        rlm_slice word = is_missing(&fetches[i]) ? RLM_SLICE(MISSING) : write_sum(&fetches[i], digits);

        RLM_TRY(rlm_buffer_append(answers, " ", 1));
        RLM_TRY(rlm_buffer_append(answers, word.bytes, word.length));
    }
    return RLM_OK;
}
