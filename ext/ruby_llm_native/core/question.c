/*
 * The states of one question: waiting (for its turn, or to try again), exchanging, ended.
 *
 * Read from the bottom up: rlm_question_ask sends a request, take_body hears the answer as it comes, exchange_ended decides what it was (a
 * page, a 304, a redirect, a failure), and what follows is one small function each. Rows of a page that breaks off are dropped before the page
 * is asked again, so nothing is ever counted twice. Every message that is kept passes through `clean`: answers and libraries may quote a key.
 */
#include "question.h"

#include "limits.h"

#include <string.h>

#define FIRST_WAIT_MS 250
#define LONGEST_WAIT_MS 10000
#define LOCAL_CONNECT_MS 1000

static rlm_slice
content(const rlm_buffer *buffer)
{
    return (rlm_slice) {buffer->bytes, buffer->length};
}

/* A text that rlm_question_open kept, or NULL. */
static const char *
text_or_null(const rlm_buffer *buffer)
{
    return buffer->length > 0 ? buffer->bytes : NULL;
}

/* ---- Messages without secrets ---- */

#define SHORTEST_SECRET 4

static const char hidden[] = "[secret]";

/*
 * How many bytes at the start of `text` are a secret, or the beginning of one that was cut at the end of the text; 0: they are none.
 */
static size_t
secret_length(const rlm_asking *asking, rlm_slice text)
{
    size_t longest = 0;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS; i++) {
        size_t length = asking->values[i].length > 0 ? asking->values[i].length - 1 : 0;
        size_t common = length < text.length ? length : text.length;

        if (length < SHORTEST_SECRET || common < SHORTEST_SECRET || common <= longest) continue;
        if ((asking->outcome.source->settings[i].flags & RLM_SETTING_SECRET) == 0) continue;
        if (memcmp(text.bytes, asking->values[i].bytes, common) == 0) longest = common;
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

/* Copy as many whole characters as fit, NUL-terminated: control characters become spaces, secrets "[secret]". */
static void
clean(const rlm_asking *asking, rlm_slice text, char *out, size_t size)
{
    bool valid = rlm_text_valid(text);
    size_t length = 0;

    while (text.length > 0) {
        size_t secret = secret_length(asking, text);
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

static void
keep_error(const rlm_asking *asking, const rlm_error *error, rlm_error *kept)
{
    char message[RLM_ERROR_MESSAGE];

    clean(asking, rlm_slice_of(error->message[0] != '\0' ? error->message : rlm_status_sentence(error->status)), message, sizeof message);
    *kept = *error;
    memcpy(kept->message, message, strlen(message) + 1);
}

/* ---- Opening ---- */

/* Copy a text with its NUL; NULL and "" leave the buffer empty. */
static rlm_status
copy_text(rlm_buffer *buffer, const char *text)
{
    rlm_buffer_clear(buffer);
    return text == NULL || *text == '\0' ? RLM_OK : rlm_buffer_append(buffer, text, strlen(text) + 1);
}

static const char *
setting(void *context, const char *name)
{
    const rlm_asking *asking = context;
    const rlm_setting *settings = asking->outcome.source->settings;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS && settings[i].name != NULL; i++) {
        if (strcmp(settings[i].name, name) == 0) return text_or_null(&asking->values[i]);
    }
    return NULL;
}

static rlm_status
copy_settings(rlm_asking *asking, const rlm_question *question)
{
    const rlm_setting *settings = question->source->settings;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS && settings[i].name != NULL; i++) {
        for (const rlm_pair *pair = question->settings; pair != NULL && pair->name != NULL; pair++) {
            if (strcmp(pair->name, settings[i].name) == 0) RLM_TRY(copy_text(&asking->values[i], pair->value));
        }
        if ((settings[i].flags & RLM_SETTING_BASE_URL) != 0) RLM_TRY(copy_text(&asking->base_url, text_or_null(&asking->values[i])));
    }
    if (question->base_url != NULL) RLM_TRY(copy_text(&asking->base_url, question->base_url));
    return copy_text(&asking->proxy, question->proxy);
}

static rlm_status
copy_sheet(rlm_asking *asking, rlm_slice sheet)
{
    const rlm_block *block = &asking->previous;

    rlm_buffer_init(&asking->old_sheet, sheet.length);
    RLM_TRY(rlm_buffer_append(&asking->old_sheet, sheet.bytes, sheet.length));
    if (sheet.length > 0 && rlm_block_open(asking->old_sheet.bytes, sheet.length, &asking->previous, NULL) == RLM_OK &&
        block->kind == RLM_BLOCK_SHEET && rlm_slice_is(block->stamp.source, asking->outcome.source->slug)) {
        return RLM_OK;
    }
    rlm_buffer_free(&asking->old_sheet);
    asking->previous = (rlm_block) {.bytes = NULL};
    return RLM_OK;
}

rlm_status
rlm_question_open(rlm_asking *asking, const rlm_question *question, const rlm_terms *terms, rlm_error *error)
{
    rlm_status status;

    *asking = (rlm_asking) {.terms = terms, .started = -1, .due = INT64_MIN, .outcome = {.source = question->source}};
    rlm_error_clear(&asking->outcome.error);
    rlm_error_clear(&asking->outcome.rejection);
    rlm_rows_init(&asking->rows, question->source);
    for (size_t i = 0; i < RLM_SOURCE_SETTINGS; i++) rlm_buffer_init(&asking->values[i], RLM_LIMIT_ERROR_BODY);
    rlm_buffer_init(&asking->base_url, RLM_LIMIT_URL);
    rlm_buffer_init(&asking->proxy, RLM_LIMIT_URL);
    rlm_buffer_init(&asking->new_sheet, RLM_LIMIT_BLOCK);
    rlm_buffer_init(&asking->first_url, RLM_LIMIT_URL);
    rlm_buffer_init(&asking->etag, RLM_LIMIT_URL);
    rlm_buffer_init(&asking->page, RLM_LIMIT_URL);
    rlm_buffer_init(&asking->error_body, RLM_LIMIT_ERROR_BODY);
    if (question->source->rows == NULL) return rlm_error_set(error, RLM_BAD_SETTING, "%s cannot be asked over the network", question->source->name);
    status = copy_settings(asking, question);
    if (status == RLM_TOO_LARGE) return rlm_error_set(error, RLM_BAD_SETTING, "a setting of %s is too long", question->source->name);
    if (status == RLM_OK) status = copy_sheet(asking, question->sheet);
    return status == RLM_OK ? RLM_OK : rlm_error_set(error, status, NULL);
}

/* ---- Ending ---- */

static bool
has_flag(const rlm_asking *asking, unsigned flag)
{
    return (asking->outcome.source->flags & flag) != 0;
}

static size_t
count_kept(const rlm_block *sheet)
{
    size_t kept = 0;

    for (size_t i = 0; i < sheet->count; i++) kept += rlm_block_standing(sheet, i) != RLM_STANDING_UNLISTED;
    return kept;
}

static void
end(rlm_asking *asking, rlm_outcome_status status)
{
    rlm_outcome *outcome = &asking->outcome;

    asking->state = RLM_ASKING_ENDED;
    outcome->status = status;
    outcome->seconds = asking->started < 0 ? 0 : (double) (rlm_http_clock() - asking->started) / 1000;
    outcome->rows = status == RLM_OUTCOME_REFRESHED ? asking->rows.count : 0;
    outcome->rejected = asking->rows.rejected;
    if (outcome->rejected > 0) keep_error(asking, &asking->rows.first_rejection, &outcome->rejection);
    if (status == RLM_OUTCOME_FAILED || status == RLM_OUTCOME_EMPTY) outcome->kept = count_kept(&asking->previous);
    if (status != RLM_OUTCOME_REFRESHED) rlm_rows_free(&asking->rows);
    rlm_json_free(asking->json);
    asking->json = NULL;
    rlm_request_free(&asking->request);
    rlm_buffer_free(&asking->error_body);
}

void
rlm_question_fail(rlm_asking *asking, const rlm_error *error)
{
    keep_error(asking, error, &asking->outcome.error);
    end(asking, RLM_OUTCOME_FAILED);
}

static void
fail_with(rlm_asking *asking, const rlm_http_answer *answer, rlm_error *error, rlm_status status)
{
    error->status = status;
    error->http_status = answer->http_status;
    error->curl_code = answer->curl_code;
    rlm_question_fail(asking, error);
}

/* ---- Asking again ---- */

static bool
is_retried_status(int http_status)
{
    static const int statuses[] = {429, 500, 502, 503, 504, 529};

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i] == http_status) return true;
    }
    return false;
}

static bool
is_retried(const rlm_asking *asking, const rlm_http_answer *answer)
{
    if (has_flag(asking, RLM_SOURCE_LOCAL) || asking->tries >= asking->terms->retries) return false;
    if (answer->status == RLM_TIMED_OUT) return asking->timeouts == 0;
    return answer->status == RLM_OK ? is_retried_status(answer->http_status) : answer->transient;
}

/* What the server asked for; else twice as long each time, half as much more or less by chance, so that clients do not come back in step. */
static int64_t
retry_wait_ms(int tries, long retry_after, uint64_t chance)
{
    int64_t wait = FIRST_WAIT_MS;

    if (retry_after > 0) return (int64_t) retry_after * 1000;
    while (tries-- > 0 && wait < LONGEST_WAIT_MS) wait *= 2;
    wait = wait / 2 + (int64_t) (chance % (uint64_t) (wait + 1));
    return wait < LONGEST_WAIT_MS ? wait : LONGEST_WAIT_MS;
}

/* Take back what the page being read has added. */
static void
drop_page(rlm_asking *asking)
{
    asking->rows.count = asking->rows_before;
    asking->rows.rejected = asking->rejected_before;
    if (asking->rejected_before == 0) rlm_error_clear(&asking->rows.first_rejection);
    asking->outcome.rows = asking->rows_before;
}

static void
retry_or_fail(rlm_asking *asking, const rlm_http_answer *answer, rlm_error *error)
{
    int64_t now = rlm_http_clock(), wait;
    struct {
        const void *who;
        int64_t when, which;
    } dice = {asking, now, asking->outcome.attempts};

    if (!is_retried(asking, answer)) {
        fail_with(asking, answer, error, error->status);
        return;
    }
    wait = retry_wait_ms(asking->tries, answer->retry_after, rlm_hash_table(&dice, sizeof dice));
    if (wait >= asking->terms->deadline - now) {
        if (answer->retry_after > 0) {
            rlm_error_set(error, error->status, "%s (asked to wait %ld s, more than is left)", error->message, answer->retry_after);
        }
        fail_with(asking, answer, error, error->status);
        return;
    }
    asking->tries++;
    asking->timeouts += answer->status == RLM_TIMED_OUT;
    drop_page(asking);
    asking->due = now + wait;
    asking->state = RLM_ASKING_WAITING;
}

/* ---- What an answer was ---- */

/* All pages are here. */
static void
listing_ended(rlm_asking *asking, const rlm_http_answer *answer)
{
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    status = rlm_rows_judge(&asking->rows, &error);
    if (status != RLM_OK) fail_with(asking, answer, &error, status);
    else end(asking, asking->rows.count > 0 ? RLM_OUTCOME_REFRESHED : RLM_OUTCOME_EMPTY);
}

/* An ETag stands for one answer: it is kept for listings that are one. */
static rlm_status
keep_etag(rlm_asking *asking, rlm_slice etag)
{
    rlm_buffer_clear(&asking->etag);
    return asking->pages == 1 ? rlm_buffer_append(&asking->etag, etag.bytes, etag.length) : RLM_OK;
}

/* Read the envelope; `*token` is that of the page that follows, valid while the reader is. */
static rlm_status
finish_page(rlm_asking *asking, rlm_slice *token, rlm_error *error)
{
    const rlm_source *source = asking->outcome.source;
    char said[RLM_ERROR_MESSAGE];
    rlm_value *envelope;
    bool found;

    RLM_TRY(rlm_json_finish(asking->json, &envelope, &found, error));
    if (!found && !has_flag(asking, RLM_SOURCE_ROWS_OPTIONAL)) {
        clean(asking, rlm_source_error_message(envelope), said, sizeof said); /* some report errors with a 200 */
        return rlm_error_set(error, RLM_BAD_SHAPE, "no %s in the answer%s%s", source->rows, said[0] != '\0' ? ": " : "", said);
    }
    asking->pages++;
    *token = source->next_page != NULL && source->page != NULL ? source->next_page(envelope) : (rlm_slice) {NULL, 0};
    if (token->length == 0) return RLM_OK;
    if (rlm_slice_equal(*token, content(&asking->page))) return rlm_error_set(error, RLM_TOO_MANY_PAGES, "a page that is followed by itself");
    if (asking->pages >= RLM_LIMIT_PAGES) return rlm_error_set(error, RLM_TOO_MANY_PAGES, "more than %d pages", RLM_LIMIT_PAGES);
    return RLM_OK;
}

static void
page_ended(rlm_asking *asking, const rlm_http_answer *answer)
{
    rlm_error error;
    rlm_slice token;
    rlm_status status;

    rlm_error_clear(&error);
    status = finish_page(asking, &token, &error);
    if (status == RLM_OK) status = keep_etag(asking, answer->etag);
    if (status == RLM_OK && token.length > 0) {
        rlm_buffer_clear(&asking->page);
        status = rlm_buffer_append(&asking->page, token.bytes, token.length);
    }
    if (status != RLM_OK) {
        fail_with(asking, answer, &error, status);
        return;
    }
    if (token.length == 0) {
        listing_ended(asking, answer);
        return;
    }
    asking->rows_before = asking->rows.count;
    asking->rejected_before = asking->rows.rejected;
    asking->tries = asking->timeouts = asking->redirects = 0;
    rlm_question_ask(asking);
}

static rlm_status
send_request(rlm_asking *asking, rlm_error *error);

static void
redirected(rlm_asking *asking, const rlm_http_answer *answer)
{
    char host[RLM_ERROR_MESSAGE / 2];
    rlm_error error;
    rlm_status status;

    rlm_error_clear(&error);
    if (!rlm_http_same_origin(asking->request.url.bytes, answer->redirect)) {
        rlm_http_host(answer->redirect, host, sizeof host);
        status = rlm_error_set(&error, RLM_REDIRECTED, "redirected to %s, which was not followed", host);
    } else if (asking->redirects++ >= RLM_LIMIT_REDIRECTS) {
        status = rlm_error_set(&error, RLM_REDIRECTED, "redirected more than %d times", RLM_LIMIT_REDIRECTS);
    } else {
        status = copy_text(&asking->request.url, answer->redirect);
        if (status == RLM_OK) status = send_request(asking, &error);
    }
    if (status != RLM_OK) fail_with(asking, answer, &error, status);
}

/* What the body of an error says, fit to be shown; "" when it says nothing that can be read. */
static void
read_error_body(const rlm_asking *asking, char *said, size_t size)
{
    const rlm_json_rows none = {.rows = NULL};
    rlm_slice body = content(&asking->error_body);
    rlm_value *envelope;
    rlm_json *json;
    rlm_error error;
    bool found;

    said[0] = '\0';
    if (rlm_json_open(&none, &json) != RLM_OK) return;
    if (rlm_json_feed(json, body.bytes, body.length, &error) == RLM_OK && rlm_json_finish(json, &envelope, &found, &error) == RLM_OK) {
        clean(asking, rlm_source_error_message(envelope), said, size);
    }
    rlm_json_free(json);
}

static void
status_refused(rlm_asking *asking, const rlm_http_answer *answer)
{
    char said[RLM_ERROR_MESSAGE - 80]; /* leaves room for what retry_or_fail adds */
    rlm_error error;

    rlm_error_clear(&error);
    read_error_body(asking, said, sizeof said);
    rlm_error_set(&error, RLM_HTTP_STATUS, "HTTP %d%s%s", answer->http_status, said[0] != '\0' ? ": " : "", said);
    retry_or_fail(asking, answer, &error);
}

static void
exchange_ended(void *context, const rlm_http_answer *answer)
{
    rlm_asking *asking = context;
    rlm_error error;

    asking->outcome.bytes += answer->bytes;
    if (answer->http_status != 0) asking->outcome.http_status = answer->http_status;

    if (answer->status != RLM_OK) {
        rlm_error_clear(&error);
        rlm_error_set(&error, answer->status, "%s", answer->text);
        if (asking->refusal.status != RLM_OK) error = asking->refusal;
        retry_or_fail(asking, answer, &error);
    } else if (answer->http_status == 200) {
        page_ended(asking, answer);
    } else if (answer->http_status == 304 && asking->conditional) {
        end(asking, RLM_OUTCOME_UNCHANGED);
    } else if (answer->redirect != NULL) {
        redirected(asking, answer);
    } else {
        status_refused(asking, answer);
    }
}

static rlm_status
refuse(rlm_asking *asking, rlm_status status)
{
    if (status != RLM_OK) asking->refusal.status = status;
    return status;
}

static rlm_status
take_body(void *context, int http_status, const char *bytes, size_t length)
{
    rlm_asking *asking = context;
    rlm_status status;

    if (http_status != 200) {
        size_t room = RLM_LIMIT_ERROR_BODY - asking->error_body.length;

        return refuse(asking, rlm_buffer_append(&asking->error_body, bytes, length < room ? length : room));
    }
    for (size_t i = 0; i < length && !asking->seen_text; i++) {
        asking->seen_text = strchr(" \t\r\n", bytes[i]) == NULL || bytes[i] == '\0';
        if (bytes[i] == '<') return rlm_error_set(&asking->refusal, RLM_BAD_JSON, "answered with a page of HTML, not JSON");
    }
    status = rlm_json_feed(asking->json, bytes, length, &asking->refusal);
    asking->outcome.rows = asking->rows.count;
    return refuse(asking, status);
}

/* ---- Asking ---- */

/* Send asking->request, for the first time or to where a redirect points. */
static rlm_status
send_request(rlm_asking *asking, rlm_error *error)
{
    const rlm_terms *terms = asking->terms;
    bool fast = has_flag(asking, RLM_SOURCE_LOCAL) && terms->connect_timeout_ms > LOCAL_CONNECT_MS;
    rlm_http_request request = {
        .url = asking->request.url.bytes,
        .headers = content(&asking->request.headers),
        .proxy = text_or_null(&asking->proxy),
        .ca_file = terms->ca_file,
        .ca_path = terms->ca_path,
        .user_agent = terms->user_agent,
        .connect_timeout_ms = fast ? LOCAL_CONNECT_MS : terms->connect_timeout_ms,
        .timeout_ms = terms->request_timeout_ms,
        .context = asking,
        .body = take_body,
        .end = exchange_ended,
    };

    rlm_error_clear(&asking->refusal);
    rlm_buffer_clear(&asking->error_body);
    asking->seen_text = false;
    RLM_TRY(rlm_http_start(terms->http, &request, error));
    asking->outcome.attempts++;
    asking->state = RLM_ASKING_EXCHANGING;
    return RLM_OK;
}

/* If-None-Match, when the old sheet is what this very URL gave. */
static rlm_status
make_conditional(rlm_asking *asking, rlm_error *error)
{
    const rlm_stamp *stamp = &asking->previous.stamp;
    rlm_slice url = {asking->request.url.bytes, asking->request.url.length - 1};
    rlm_buffer etag;
    rlm_status status;

    asking->conditional = false;
    if (asking->page.length > 0) return RLM_OK;
    rlm_buffer_clear(&asking->first_url);
    RLM_TRY(rlm_buffer_append(&asking->first_url, url.bytes, url.length));
    if (stamp->etag.length == 0 || !rlm_slice_equal(stamp->url, url)) return RLM_OK;
    rlm_buffer_init(&etag, RLM_LIMIT_URL);
    status = rlm_buffer_append(&etag, stamp->etag.bytes, stamp->etag.length);
    if (status == RLM_OK) status = rlm_buffer_append(&etag, "", 1);
    if (status == RLM_OK) status = rlm_request_header(&asking->request, "If-None-Match", NULL, etag.bytes, error);
    rlm_buffer_free(&etag);
    asking->conditional = status == RLM_OK;
    return status;
}

/* The request for the page of asking->page, authorized anew, and a reader for its answer. */
static rlm_status
prepare(rlm_asking *asking, rlm_error *error)
{
    const rlm_source *source = asking->outcome.source;
    const rlm_json_rows rows = {
        .rows = source->rows,
        .context = &asking->rows,
        .wants = source->provider != NULL ? rlm_rows_wants : NULL,
        .row = rlm_rows_add,
    };

    rlm_json_free(asking->json);
    asking->json = NULL;
    rlm_request_free(&asking->request);
    asking->request.setting = setting;
    asking->request.context = asking;
    RLM_TRY(rlm_request_begin(&asking->request, source, text_or_null(&asking->base_url), content(&asking->page), error));
    RLM_TRY(make_conditional(asking, error));
    return rlm_json_open(&rows, &asking->json);
}

void
rlm_question_ask(rlm_asking *asking)
{
    rlm_error error;
    rlm_status status;

    if (asking->started < 0) asking->started = rlm_http_clock();
    rlm_error_clear(&error);
    status = prepare(asking, &error);
    if (status == RLM_OK) status = send_request(asking, &error);
    if (status == RLM_OK) return;
    error.status = status;
    rlm_question_fail(asking, &error);
}

/* ---- The sheet ---- */

rlm_status
rlm_question_close(rlm_asking *asking, int64_t now, rlm_error *error)
{
    const rlm_block *previous = asking->previous.bytes != NULL ? &asking->previous : NULL;
    const rlm_stamp stamp = {
        .source = rlm_slice_of(asking->outcome.source->slug),
        .url = content(&asking->first_url),
        .etag = content(&asking->etag),
        .fetched_at = now,
    };
    rlm_error failure;
    rlm_status status;

    if (asking->outcome.status != RLM_OUTCOME_REFRESHED || asking->current.bytes != NULL) return RLM_OK;
    rlm_error_clear(&failure);
    status = rlm_sheet_write(&asking->rows, previous, &stamp, now, &asking->new_sheet);
    if (status == RLM_OK) status = rlm_block_open(asking->new_sheet.bytes, asking->new_sheet.length, &asking->current, &failure);
    if (status == RLM_OK) {
        rlm_rows_free(&asking->rows);
        return RLM_OK;
    }
    asking->current = (rlm_block) {.bytes = NULL};
    rlm_buffer_clear(&asking->new_sheet);
    if (status == RLM_OUT_OF_MEMORY) return rlm_error_set(error, status, NULL);
    failure.status = status;
    failure.http_status = asking->outcome.http_status;
    keep_error(asking, &failure, &asking->outcome.error);
    asking->outcome.status = RLM_OUTCOME_FAILED;
    asking->outcome.rows = 0;
    asking->outcome.kept = count_kept(&asking->previous);
    return RLM_OK;
}

const rlm_block *
rlm_question_sheet(const rlm_asking *asking)
{
    if (asking->current.bytes != NULL) return &asking->current;
    return asking->previous.bytes != NULL ? &asking->previous : NULL;
}

void
rlm_question_free(rlm_asking *asking)
{
    for (size_t i = 0; i < RLM_SOURCE_SETTINGS; i++) rlm_buffer_free_secret(&asking->values[i]);
    rlm_buffer_free_secret(&asking->base_url);
    rlm_buffer_free_secret(&asking->proxy);
    rlm_buffer_free(&asking->old_sheet);
    rlm_buffer_free(&asking->new_sheet);
    rlm_buffer_free(&asking->first_url);
    rlm_buffer_free(&asking->etag);
    rlm_buffer_free(&asking->page);
    rlm_buffer_free(&asking->error_body);
    rlm_request_free(&asking->request);
    rlm_json_free(asking->json);
    rlm_rows_free(&asking->rows);
}
