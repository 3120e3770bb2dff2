/*
 * LiteLLM's cost map: GET the URL that the user has set, an object of ids and rows, with an ETag. Off unless it is set.
 *
 * Odd about it: it is kept by many hands. Some rows are years old, some were never right, so it comes after all other
 * price lists, and speaks only of models that others state. Which provider a row is of stands in `litellm_provider`; an
 * id may begin with a word of that, which is cut off as LiteLLM itself does it, and go on with conditions of its
 * prices: a region ("bedrock/us-east-1/…", "azure/eu/…"), or the size and quality of images ("hd/1024-x-1024/…"). Such
 * rows add their prices to those of the id without them. Rows for capacity that is booked by the month price no
 * request.
 */
#include "base/caps.h"
#include "sources/litellm_facts.h"
#include "sources/rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- Providers ---- */

/* LiteLLM's words, or beginnings of them that end before a "-" or "_", which are not spelled as our slugs. */
static const struct {
    const char *theirs, *ours;
} providers[] = {
    {"vertex_ai", "vertexai"},
    {"bedrock", "bedrock"},
    {"azure", "azure"},
    {"cohere", "cohere"},
    {"ollama", "ollama"},
    {"fireworks_ai", "fireworks_ai"},
    {"text-completion-openai", "openai"},
    {"text-completion-codestral", "mistral"},
    {"codestral", "mistral"},
    {"together_ai", "togetherai"},
    {"moonshot", "moonshotai"},
    {"zhipu", "zhipuai"},
    {"dashscope", "alibaba"},
    {"cloudflare", "cloudflare_workers_ai"},
    {"featherless_ai", "featherless"},
    {"friendliai", "friendli"},
    {"meta_llama", "llama"},
    {"novita", "novita_ai"},
    {"nvidia_nim", "nvidia"},
    {"snowflake", "snowflake_cortex"},
    {"vercel_ai_gateway", "vercel"},
    {"amazon_nova", "nova"},
};

/* Whether a provider of theirs is that one, or a kind of it: "vertex_ai-language-models", "bedrock_converse". */
static bool
is_kind_of(rlm_slice provider, rlm_slice word)
{
    if (word.length == 0 || provider.length < word.length || memcmp(provider.bytes, word.bytes, word.length) != 0)
        return false;
    return provider.length == word.length || strchr("-_", provider.bytes[word.length]) != NULL;
}

static rlm_status
read_provider(rlm_value *provider, rlm_record *model, rlm_error *error)
{
    rlm_slice text = rlm_value_text(provider);

    if (text.length == 0 || provider->damaged)
        return rlm_error_set(error, RLM_BAD_ROW, "a row must have a litellm_provider");
    rlm_value_take(provider);
    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++) {
        if (!is_kind_of(text, rlm_slice_of(providers[i].theirs))) continue;
        model->provider = rlm_slice_of(providers[i].ours);
        return RLM_OK;
    }
    return rlm_rows_slug(model->arena, text, &model->provider, error);
}

/* ---- Ids ---- */

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* "us-east-1", "us-gov-west-1". */
static bool
is_region(rlm_slice part)
{
    int dashes = 0;

    for (size_t i = 0; i < part.length; i++) {
        char byte = part.bytes[i];

        dashes += byte == '-';
        if (byte != '-' && !is_digit(byte) && (byte < 'a' || byte > 'z')) return false;
    }
    return dashes >= 2 && part.length > 4 && part.bytes[2] == '-' && is_digit(part.bytes[part.length - 1]);
}

/* "1024-x-1024" is "1024x1024". */
static bool
read_size(rlm_slice part, rlm_arena *arena, rlm_slice *size, rlm_status *status)
{
    const char *cross = part.length > 0 ? memchr(part.bytes, 'x', part.length) : NULL;
    char *bytes;

    if (cross == NULL || !is_digit(part.bytes[0]) || !is_digit(part.bytes[part.length - 1])) return false;
    for (size_t i = 0; i < part.length; i++) {
        if (!is_digit(part.bytes[i]) && part.bytes[i] != '-' && part.bytes + i != cross) return false;
    }
    bytes = rlm_arena_allocate(arena, part.length, 1);
    if (bytes == NULL) {
        *status = RLM_OUT_OF_MEMORY;
        return true;
    }
    *size = (rlm_slice){bytes, 0};
    for (size_t i = 0; i < part.length; i++) {
        if (part.bytes[i] != '-') bytes[size->length++] = part.bytes[i];
    }
    return true;
}

static bool
is_quality(rlm_slice part)
{
    static const char *const words[] = {"standard", "hd", "low", "medium", "high", "auto"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (rlm_slice_is(part, words[i])) return true;
    }
    return rlm_slice_ends_with(part, "-steps");
}

/* What is before the first slash; the empty slice if there is none. */
static rlm_slice
first_part(rlm_slice id)
{
    const char *slash = id.length > 0 ? memchr(id.bytes, '/', id.length) : NULL;

    return (rlm_slice){id.bytes, slash != NULL ? (size_t) (slash - id.bytes) : 0};
}

/* Whether a part before the name is a condition, which then is in `words`. */
static bool
read_condition(rlm_slice part, const rlm_record *model, bool images, rlm_price_words *words, rlm_status *status)
{
    bool azure = rlm_slice_is(model->provider, "azure");

    if (azure && (rlm_slice_is(part, "global") || rlm_slice_is(part, "global-standard"))) return true; /* as without */
    if ((azure && (rlm_slice_is(part, "us") || rlm_slice_is(part, "eu"))) ||
        (rlm_slice_is(model->provider, "bedrock") && is_region(part))) {
        words->region = part;
        return true;
    }
    if (!images) return false;
    if (read_size(part, model->arena, &words->size, status)) return true;
    if (!is_quality(part)) return false;
    words->quality = part;
    return true;
}

/* The id without the provider's word and the conditions. */
static rlm_status
read_id(const rlm_value *row, rlm_record *model, rlm_price_words *words, rlm_error *error)
{
    const rlm_slice theirs = rlm_value_text(rlm_value_get(row, "litellm_provider"));
    const bool images = rlm_slice_starts_with(rlm_value_text(rlm_value_get(row, "mode")), "image");
    rlm_value id = {.kind = RLM_STRING, .text = row->key};
    rlm_slice part = first_part(id.text);
    rlm_status status = RLM_OK;

    if (is_kind_of(theirs, part)) {
        id.text.bytes += part.length + 1;
        id.text.length -= part.length + 1;
    }
    for (part = first_part(id.text); part.length > 0; part = first_part(id.text)) {
        if (rlm_slice_ends_with(part, "-month-commitment"))
            return rlm_error_set(error, RLM_LEFT_OUT, "prices of capacity that is booked by the month");
        if (!read_condition(part, model, images, words, &status)) break;
        RLM_TRY(status);
        id.text.bytes += part.length + 1;
        id.text.length -= part.length + 1;
    }
    return rlm_record_identify(model, &id, NULL, error);
}

static bool
has_words(const rlm_price_words *words)
{
    return words->region.length + words->size.length + words->quality.length > 0;
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    static const char conditional;
    rlm_price_words words = {.region = {NULL, 0}};

    if (rlm_slice_is(row->key, "sample_spec")) return rlm_error_set(error, RLM_LEFT_OUT, "the example of a row");
    RLM_TRY(read_provider(rlm_value_get(row, "litellm_provider"), model, error));
    RLM_TRY(read_id(row, model, &words, error));
    RLM_TRY(rlm_litellm_read_facts(row, &words, model));
    if (has_words(&words)) model->aside = &conditional;
    return rlm_record_keep_rest(model, row, rlm_source_litellm_prices.ignore);
}

/* ---- Rows of one id ---- */

/* Those without conditions first. */
static int
by_model(const void *left, const void *right)
{
    const rlm_record *a = *(rlm_record *const *) left, *b = *(rlm_record *const *) right;
    int order = rlm_record_compare(a, b);

    return order != 0 ? order : (a->aside != NULL) - (b->aside != NULL);
}

/*
 * The prices of a row with conditions go to the first row of its id; nothing, if that has no prices because of a hole.
 * Too many are none.
 */
static rlm_status
give_prices(rlm_record *to, rlm_record *from, rlm_rows *rows)
{
    for (uint32_t i = 0; i < from->prices.count; i++) {
        const rlm_price *price = &from->prices.list[i];
        const rlm_slice of = from->prices.words;
        const rlm_price_words words = {rlm_price_word(of, price->region), rlm_price_word(of, price->size),
                                       rlm_price_word(of, price->quality), rlm_price_word(of, price->origin)};
        rlm_status status = RLM_OK;

        if (to->unread_price.length > 0) break;
        status = to->prices.count >= RLM_CAP_PRICES
                     ? RLM_TOO_LARGE
                     : rlm_prices_add_with_words(&to->prices, *price, &words, rows->arena);
        if (status == RLM_TOO_LARGE) {
            to->arena = rows->arena;
            RLM_TRY(rlm_record_give_up_prices(to, "more prices by size and region than a model may have"));
            rlm_rows_count_unread_price(rows, to);
            break;
        }
        RLM_TRY(status);
    }
    from->prices = (rlm_price_set){.list = NULL};
    return RLM_OK;
}

static rlm_status
complete(rlm_rows *rows, const rlm_request *settings, rlm_error *error)
{
    rlm_record **records = rlm_memory_allocate(rows->count * sizeof *records), *first = NULL;
    rlm_status status = RLM_OK;

    (void) settings;
    if (records == NULL) return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < rows->count; i++) records[i] = &rows->records[i];
    if (rows->count > 1) qsort(records, rows->count, sizeof *records, by_model);
    for (size_t i = 0; i < rows->count && status == RLM_OK; i++) {
        if (first == NULL || rlm_record_compare(first, records[i]) != 0) first = records[i];
        else if (records[i]->aside != NULL) status = give_prices(first, records[i], rows);
    }
    rlm_memory_free(records);
    return status;
}

const rlm_source rlm_source_litellm_prices = {
    .slug = "litellm_prices",
    .name = "LiteLLM's cost map",
    .auth = "none",
    .states =
        "type, limits, modalities, capabilities, parameters, reasoning efforts, dimensions, retirement, prices by "
        "service tier, region, request length and hour",
    .settings = {{"litellm_prices_url", RLM_SETTING_REQUIRED | RLM_SETTING_BASE_URL}},
    .rank = RLM_RANK_PRICES,
    .flags = RLM_SOURCE_SHARED,
    .listings = {{.rows = "*", .read_row = read_row}},
    .complete = complete,
};
