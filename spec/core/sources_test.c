/*
 * What each source's reader makes of a row. The rows are made by hand, in the shapes that the APIs are documented to
 * send or were seen sending; each test reads one answer and looks at its first model.
 */
#include "request_text.h"
#include "test.h"

#include "base/caps.h"
#include "sources/source.h"
#include "json/json.h"

#include <string.h>

static rlm_arena arena;
static rlm_record model;
static rlm_slice page;

typedef struct {
    const rlm_source *source;
    int count;
} reading;

static rlm_status
read_first(void *context, rlm_slice group, rlm_value *row, rlm_error *error)
{
    reading *at = context;
    const char *provider = at->source->provider != NULL ? at->source->provider(group) : at->source->slug;

    if (at->count++ > 0) return RLM_OK;
    rlm_record_init(&model, &arena, rlm_slice_of(provider));
    model.listing = &at->source->listings[0];
    model.group = group;
    return model.listing->read_row(row, &model, error);
}

/*
 * Read an answer of that source: `model` is its first row, `page` the token of its next page. Both last until the
 * next call.
 */
static rlm_status
answer(const rlm_source *source, const char *text)
{
    reading at = {source, 0};
    const rlm_listing *listing = &source->listings[0];
    const rlm_json_rows rows = {.rows = listing->rows, .context = &at, .row = read_first};
    rlm_json *json = NULL;
    rlm_value *envelope = NULL;
    rlm_error error;
    bool found;
    rlm_status status;

    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_record_init(&model, &arena, (rlm_slice){NULL, 0});
    page = (rlm_slice){NULL, 0};
    rlm_error_clear(&error);
    status = rlm_json_open(&rows, &json);
    if (status == RLM_OK) status = rlm_json_feed(json, text, strlen(text), &error);
    if (status == RLM_OK) status = rlm_json_finish(json, &envelope, &found, &error);
    if (status == RLM_OK && listing->next_page != NULL)
        status = rlm_text_copy(&arena, listing->next_page(envelope), &page);
    if (json != NULL) rlm_json_free(json);
    return status;
}

static const char *
timestamp(rlm_timestamp stated)
{
    static char text[RLM_TIMESTAMP_TEXT];

    return stated.precision == RLM_PRECISION_NONE ? "unknown" : (rlm_timestamp_write(stated, text), text);
}

/* "yes", "no" or "unknown". */
static const char *
said(rlm_flags flags, int position)
{
    if (flags.yes & RLM_BIT(position)) return flags.no & RLM_BIT(position) ? "both" : "yes";
    return flags.no & RLM_BIT(position) ? "no" : "unknown";
}

/* The only price for that, written; "unknown" or "twice". */
static const char *
price_above(int category, int direction, int unit, int tier, int64_t threshold)
{
    static char text[RLM_DECIMAL_TEXT];
    int found = 0;

    for (uint32_t i = 0; i < model.price_count; i++) {
        const rlm_price *price = &model.prices[i];

        if (price->category != category || price->direction != direction || price->unit != unit) continue;
        if (price->tier != tier || price->threshold != threshold) continue;
        rlm_decimal_write((rlm_decimal){price->coefficient, price->exponent}, text);
        found++;
    }
    return found == 0 ? "unknown" : found == 1 ? text : "twice";
}

static const char *
text_price(int direction)
{
    return price_above(RLM_PRICE_TEXT, direction, RLM_UNIT_MILLION_TOKENS, RLM_TIER_STANDARD, 0);
}

static const char *
long_price(int direction, int64_t threshold)
{
    return price_above(RLM_PRICE_TEXT, direction, RLM_UNIT_MILLION_TOKENS, RLM_TIER_STANDARD, threshold);
}

#define ASSERT_SAID(expected, text) ASSERT_TEXT(expected, rlm_slice_of(text))
#define ASSERT_CAPABILITY(expected, name) ASSERT_SAID(expected, said(model.capabilities, RLM_CAPABILITY_##name))
#define ASSERT_INPUT(expected, name) ASSERT_SAID(expected, said(model.input, RLM_MODALITY_##name))
#define ASSERT_OUTPUT(expected, name) ASSERT_SAID(expected, said(model.output, RLM_MODALITY_##name))
#define ASSERT_TYPE(expected) ASSERT_SAID(expected, rlm_type_names[model.type])

/* ---- Requests ---- */

static const char *
every_setting(void *context, const char *name)
{
    (void) context;
    if (strcmp(name, "openai_organization_id") == 0) return "org-1";
    if (strcmp(name, "openrouter_app_name") == 0) return "Acme";
    return strstr(name, "_api_key") != NULL ? name : NULL;
}

TEST
asks_each_api_in_its_own_way(void)
{
    ASSERT_TEXT("https://api.openai.com/v1/models|Authorization: Bearer openai_api_key|OpenAI-Organization: org-1",
                request_to(&rlm_source_openai, every_setting, NULL));
    ASSERT_TEXT(
        "https://api.anthropic.com/v1/models?limit=1000|x-api-key: anthropic_api_key|anthropic-version: 2023-06-01",
        request_to(&rlm_source_anthropic, every_setting, NULL));
    ASSERT_TEXT("https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000|x-goog-api-key: gemini_api_key",
                request_to(&rlm_source_gemini, every_setting, NULL));
    ASSERT_TEXT("https://api.mistral.ai/v1/models|Authorization: Bearer mistral_api_key",
                request_to(&rlm_source_mistral, every_setting, NULL));
    ASSERT_TEXT("https://api.deepseek.com/models|Authorization: Bearer deepseek_api_key",
                request_to(&rlm_source_deepseek, every_setting, NULL));
    ASSERT_TEXT("https://openrouter.ai/api/v1/models|Authorization: Bearer openrouter_api_key|X-OpenRouter-Title: Acme",
                request_to(&rlm_source_openrouter, every_setting, NULL));
    ASSERT_TEXT("https://api.x.ai/v1/models|Authorization: Bearer xai_api_key",
                request_to(&rlm_source_xai, every_setting, NULL));
    ASSERT_TEXT("https://models.dev/api.json", request_to(&rlm_source_models_dev, every_setting, NULL));
    ASSERT_TEXT("", request_to(&rlm_source_ollama, every_setting, NULL)); /* only the user knows where it is */
    PASS();
}

/* ---- OpenAI ---- */

TEST
openai_states_an_id_and_dates(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_openai,
                                 "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-4.1\",\"object\":\"model\","
                                 "\"created\":1744316542,\"owned_by\":\"system\",\"shutdown_date\":\"2026-10-23\"}]}"));
    ASSERT_TEXT("gpt-4.1", model.id);
    ASSERT_TEXT("openai", model.provider);
    ASSERT_SAID("2025-04-10T20:22:22Z", timestamp(model.created_at));
    ASSERT_SAID("2026-10-23", timestamp(model.retires_at));
    ASSERT_TEXT("{\"owned_by\":\"system\"}", model.metadata);
    ASSERT(model.name.length == 0 && model.price_count == 0 && model.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT(model.type == RLM_TYPE_UNKNOWN && model.capabilities.yes == 0 && model.capabilities.no == 0);
    PASS();
}

static const char *
openai_type(const char *id)
{
    return rlm_type_names[rlm_source_type_of_id(&rlm_source_openai, rlm_slice_of(id))];
}

TEST
openai_ids_tell_types(void)
{
    ASSERT_SAID("embedding", openai_type("text-embedding-3-small"));
    ASSERT_SAID("moderation", openai_type("omni-moderation-latest"));
    ASSERT_SAID("transcription", openai_type("gpt-4o-mini-transcribe"));
    ASSERT_SAID("transcription", openai_type("whisper-1"));
    ASSERT_SAID("audio", openai_type("gpt-4o-mini-tts"));
    ASSERT_SAID("realtime", openai_type("gpt-4o-realtime-preview"));
    ASSERT_SAID("image", openai_type("chatgpt-image-latest"));
    ASSERT_SAID("image", openai_type("dall-e-3"));
    ASSERT_SAID("video", openai_type("sora-2"));
    ASSERT_SAID("", openai_type("gpt-4.1"));
    PASS();
}

TEST
openai_needs_an_id(void)
{
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_openai, "{\"data\":[{\"created\":1744316542}]}"));
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_openai, "{\"data\":[{\"id\":12}]}"));
    PASS();
}

/* ---- Anthropic ---- */

TEST
anthropic_states_limits_and_capabilities(void)
{
    ASSERT_STATUS(
        RLM_OK,
        answer(&rlm_source_anthropic,
               "{\"data\":[{\"type\":\"model\",\"id\":\"claude-x\",\"display_name\":\"Claude "
               "X\",\"created_at\":\"2025-11-24T00:00:00Z\","
               "\"max_input_tokens\":200000,\"max_tokens\":64000,\"capabilities\":{\"batch\":{\"supported\":true},"
               "\"citations\":{\"supported\":false},\"code_execution\":{\"supported\":true},\"image_input\":{"
               "\"supported\":true},"
               "\"pdf_input\":{\"supported\":false},\"structured_outputs\":{\"supported\":true},"
               "\"thinking\":{\"supported\":true,\"types\":{\"adaptive\":{\"supported\":true}}}}}],\"has_more\":false,"
               "\"last_id\":\"claude-x\"}"));
    ASSERT_TEXT("claude-x", model.id);
    ASSERT_TEXT("Claude X", model.name);
    ASSERT_SAID("2025-11-24T00:00:00Z", timestamp(model.created_at));
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 200000 && model.limits[RLM_LIMIT_OUTPUT] == 64000);
    ASSERT_CAPABILITY("yes", BATCH);
    ASSERT_CAPABILITY("no", CITATIONS);
    ASSERT_CAPABILITY("yes", STRUCTURED_OUTPUT);
    ASSERT_CAPABILITY("yes", REASONING);
    ASSERT_CAPABILITY("yes", VISION);
    ASSERT_CAPABILITY("unknown", FUNCTION_CALLING);
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_INPUT("no", PDF);
    ASSERT_TYPE("chat");
    ASSERT_INPUT("yes", TEXT);
    ASSERT_OUTPUT("yes", TEXT);
    ASSERT_TEXT("{\"capabilities\":{\"code_execution\":{\"supported\":true},\"thinking\":{\"types\":{\"adaptive\":{"
                "\"supported\":true}}}}}",
                model.metadata);
    PASS();
}

TEST
anthropic_says_nothing_in_an_older_row(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_anthropic,
                                 "{\"data\":[{\"type\":\"model\",\"id\":\"claude-y\",\"max_tokens\":null,"
                                 "\"capabilities\":null,\"created_at\":\"1970-01-01T00:00:00Z\"}]}"));
    ASSERT_SAID("unknown", timestamp(model.created_at));
    ASSERT(model.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN && model.capabilities.yes == 0 && model.capabilities.no == 0);
    ASSERT_INPUT("unknown", IMAGE);
    ASSERT(model.metadata.length == 0);
    PASS();
}

/* ---- Gemini ---- */

TEST
gemini_states_limits_and_methods(void)
{
    ASSERT_STATUS(
        RLM_OK, answer(&rlm_source_gemini,
                       "{\"models\":[{\"name\":\"models/gemini-2.5-pro\",\"version\":\"2.5\",\"displayName\":\"Gemini "
                       "2.5 Pro\",\"inputTokenLimit\":1048576,"
                       "\"outputTokenLimit\":65536.0,\"supportedGenerationMethods\":[\"generateContent\","
                       "\"createCachedContent\"],\"topK\":64,"
                       "\"thinking\":true}],\"nextPageToken\":\"more\"}"));
    ASSERT_TEXT("gemini-2.5-pro", model.id);
    ASSERT_TEXT("Gemini 2.5 Pro", model.name);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1048576 && model.limits[RLM_LIMIT_OUTPUT] == 65536);
    ASSERT_CAPABILITY("yes", REASONING);
    ASSERT_CAPABILITY("yes", CACHING);
    ASSERT_CAPABILITY("no", BATCH);
    ASSERT_CAPABILITY("no", REALTIME);
    ASSERT_TYPE("");
    ASSERT_OUTPUT("unknown", TEXT);
    ASSERT_TEXT("{\"supportedGenerationMethods\":[\"generateContent\",\"createCachedContent\"],\"topK\":64,\"version\":"
                "\"2.5\"}",
                model.metadata);
    ASSERT_TEXT("more", page);
    PASS();
}

static const char *
gemini_type(const char *methods)
{
    char text[256];

    (void) snprintf(text, sizeof text, "{\"models\":[{\"name\":\"models/x\",\"supportedGenerationMethods\":[%s]}]}",
                    methods);
    return answer(&rlm_source_gemini, text) == RLM_OK ? rlm_type_names[model.type] : "failed";
}

TEST
gemini_methods_tell_types(void)
{
    ASSERT_SAID("embedding", gemini_type("\"embedContent\",\"asyncBatchEmbedContent\""));
    ASSERT_CAPABILITY("yes", BATCH);
    ASSERT_OUTPUT("yes", EMBEDDINGS);
    ASSERT_OUTPUT("no", TEXT);
    ASSERT_SAID("embedding", gemini_type("\"embedText\",\"countTextTokens\""));
    ASSERT_SAID("image", gemini_type("\"predict\""));
    ASSERT_SAID("video", gemini_type("\"predictLongRunning\""));
    ASSERT_SAID("realtime", gemini_type("\"bidiGenerateContent\",\"countTokens\""));
    ASSERT_SAID("", gemini_type("\"bidiGenerateContent\",\"generateContent\""));
    ASSERT_SAID("other", gemini_type("\"generateAnswer\""));
    ASSERT_SAID("other", gemini_type("\"countTokens\",\"createCachedContent\""));
    ASSERT_SAID("", gemini_type("\"createThings\""));
    PASS();
}

TEST
gemini_says_nothing_by_leaving_out(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_gemini, "{\"models\":[{\"name\":\"models/x\",\"inputTokenLimit\":0}]}"));
    ASSERT_CAPABILITY("unknown", REASONING);
    ASSERT_CAPABILITY("unknown", CACHING);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT_TEXT("", page);
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_gemini, "{\"models\":[{\"name\":\"models/\"}]}"));
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_gemini, "{}"));
    PASS();
}

/* ---- Mistral ---- */

/* One row with these flags and other members. */
static rlm_status
mistral(const char *flags, const char *others)
{
    char text[2048];

    (void) snprintf(text, sizeof text,
                    "{\"object\":\"list\",\"data\":[{\"object\":\"model\",\"created\":1790000000,"
                    "\"owned_by\":\"mistralai\",\"capabilities\":{%s},%s}]}",
                    flags, others);
    return answer(&rlm_source_mistral, text);
}

TEST
mistral_states_a_chat_model(void)
{
    ASSERT_STATUS(
        RLM_OK,
        mistral("\"completion_chat\":true,\"function_calling\":true,\"completion_fim\":false,\"fine_tuning\":false,"
                "\"vision\":true,\"ocr\":false,\"classification\":false,\"moderation\":false,\"audio\":false",
                "\"id\":\"mistral-large-latest\",\"name\":\"mistral-large-2411\",\"description\":\"Large.\","
                "\"max_context_length\":131072,\"aliases\":[\"mistral-large-2411\",\"mistral-large-latest\"],"
                "\"deprecation\":\"2026-05-31T12:00:00Z\",\"deprecation_replacement_model\":\"mistral-large-2512\","
                "\"default_model_temperature\":null,\"type\":\"base\""));
    ASSERT_TEXT("mistral-large-latest", model.id);
    ASSERT_TEXT("mistral-large-2411", model.name);
    ASSERT_TEXT("mistral-large-2411\n", model.equivalents);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 131072);
    ASSERT_SAID("unknown", timestamp(model.created_at));
    ASSERT_SAID("2026-05-31T12:00:00Z", timestamp(model.retires_at));
    ASSERT_SAID("deprecated", rlm_model_status_names[model.status]);
    ASSERT_TEXT("mistral-large-2512", model.replacement);
    ASSERT_TYPE("chat");
    ASSERT_CAPABILITY("yes", FUNCTION_CALLING);
    ASSERT_CAPABILITY("yes", VISION);
    ASSERT_CAPABILITY("no", FINE_TUNING);
    ASSERT_CAPABILITY("no", OCR);
    ASSERT_CAPABILITY("unknown", REASONING);
    ASSERT_INPUT("yes", TEXT);
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_INPUT("no", AUDIO);
    ASSERT_OUTPUT("yes", TEXT);
    ASSERT_TEXT("{\"capabilities\":{\"classification\":false,\"completion_fim\":false},\"description\":\"Large.\","
                "\"type\":\"base\"}",
                model.metadata);
    PASS();
}

TEST
mistral_embeds_where_all_flags_are_false(void)
{
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":false,\"function_calling\":false,\"vision\":false",
                                  "\"id\":\"codestral-x\""));
    ASSERT_TYPE("embedding");
    ASSERT_OUTPUT("yes", EMBEDDINGS);
    ASSERT_STATUS(RLM_OK, mistral("", "\"id\":\"codestral-x\""));
    ASSERT_TYPE("");
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":false,\"vision\":null", "\"id\":\"codestral-x\""));
    ASSERT_TYPE("other");
    PASS();
}

/*
 * Seen: voxtral-mini-2507 twice, once to chat with about sound, once named as the transcriber, with the chat flag
 * both times.
 */
TEST
mistral_tells_transcribers_by_either_name(void)
{
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":true,\"audio\":true",
                                  "\"id\":\"voxtral-mini-2507\",\"name\":\"voxtral-mini-2507\""));
    ASSERT_TYPE("chat");
    ASSERT_INPUT("yes", AUDIO);
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":true,\"audio\":false",
                                  "\"id\":\"voxtral-mini-2507\",\"name\":\"voxtral-mini-transcribe-2507\""));
    ASSERT_TYPE("transcription");
    ASSERT_INPUT("yes", AUDIO);
    ASSERT_INPUT("unknown", TEXT);
    ASSERT_OUTPUT("yes", TEXT);
    ASSERT_OUTPUT("no", AUDIO);
    PASS();
}

TEST
mistral_has_types_beside_chat(void)
{
    ASSERT_STATUS(RLM_OK,
                  mistral("\"completion_chat\":false,\"classification\":true,\"moderation\":true", "\"id\":\"m\""));
    ASSERT_TYPE("moderation");
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":false,\"vision\":true,\"ocr\":true", "\"id\":\"m\""));
    ASSERT_TYPE("ocr");
    ASSERT_CAPABILITY("yes", OCR);
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":true,\"ocr\":true", "\"id\":\"m\""));
    ASSERT_TYPE("chat");
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":false,\"audio_transcription\":true", "\"id\":\"m\""));
    ASSERT_TYPE("transcription");
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":false,\"audio_speech\":true", "\"id\":\"m\""));
    ASSERT_TYPE("audio");
    ASSERT_CAPABILITY("yes", SPEECH_GENERATION);
    /* Seen: ministral-3b-2410, of which only `classification` was true. */
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":false,\"classification\":true", "\"id\":\"m\""));
    ASSERT_TYPE("other");
    ASSERT_STATUS(RLM_OK, mistral("\"completion_chat\":false,\"completion_fim\":true", "\"id\":\"m\""));
    ASSERT_TYPE("completion");
    ASSERT_STATUS(RLM_OK, mistral("\"classification\":true", "\"id\":\"m\""));
    ASSERT_TYPE("");
    PASS();
}

/* ---- DeepSeek, Ollama ---- */

TEST
deepseek_states_the_id_alone(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_deepseek,
                                 "{\"object\":\"list\",\"data\":[{\"id\":\"deepseek-chat\",\"object\":\"model\","
                                 "\"owned_by\":\"deepseek\"}]}"));
    ASSERT_TEXT("deepseek-chat", model.id);
    ASSERT(model.metadata.length == 0 && model.price_count == 0 && model.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    PASS();
}

TEST
ollama_states_the_id_and_a_date(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_ollama,
                                 "{\"data\":[{\"id\":\"qwen3:8b\",\"object\":\"model\",\"created\":1746500000,"
                                 "\"owned_by\":\"library\"}]}"));
    ASSERT_TEXT("qwen3:8b", model.id);
    ASSERT_SAID("2025-05-06T02:53:20Z", timestamp(model.created_at));
    ASSERT_TEXT("{\"owned_by\":\"library\"}", model.metadata);
    ASSERT_SAID("embedding",
                rlm_type_names[rlm_source_type_of_id(&rlm_source_ollama, RLM_SLICE("nomic-embed-text:latest"))]);
    PASS();
}

TEST
ollama_knows_no_year_one(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_ollama, "{\"data\":[{\"id\":\"x\",\"created\":-62135596800}]}"));
    ASSERT_SAID("unknown", timestamp(model.created_at));
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_ollama, "{\"object\":\"list\",\"data\":null}"));
    ASSERT(model.id.length == 0);
    PASS();
}

/* ---- xAI ---- */

TEST
xai_prices_are_cents_for_a_hundred_million(void)
{
    ASSERT_STATUS(
        RLM_OK,
        answer(&rlm_source_xai,
               "{\"data\":[{\"id\":\"grok-4-0709\",\"created\":1752000001,\"object\":\"model\",\"owned_by\":\"xai\","
               "\"aliases\":[\"grok-4\"],"
               "\"context_length\":256000,\"prompt_text_token_price\":30000,\"cached_prompt_text_token_price\":7500,"
               "\"completion_text_token_price\":150000,\"prompt_image_token_price\":0,\"image_price\":null,"
               "\"prompt_text_token_price_long_context\":60000,\"completion_text_token_price_long_context\":300000,"
               "\"long_context_threshold\":128000}]}"));
    ASSERT_TEXT("grok-4\n", model.equivalents);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 256000);
    ASSERT_SAID("3", text_price(RLM_DIRECTION_INPUT));
    ASSERT_SAID("0.75", text_price(RLM_DIRECTION_CACHE_READ));
    ASSERT_SAID("15", text_price(RLM_DIRECTION_OUTPUT));
    /* At 128000 and above is above 127999. */
    ASSERT_SAID("6", long_price(RLM_DIRECTION_INPUT, 127999));
    ASSERT_SAID("30", long_price(RLM_DIRECTION_OUTPUT, 127999));
    ASSERT(model.price_count == 5);
    ASSERT(model.metadata.length == 0);
    PASS();
}

TEST
xai_sells_images_by_the_piece(void)
{
    ASSERT_STATUS(RLM_OK,
                  answer(&rlm_source_xai, "{\"data\":[{\"id\":\"grok-imagine-image\",\"prompt_text_token_price\":0,"
                                          "\"completion_text_token_price\":0,\"image_price\":2}]}"));
    ASSERT(model.price_count == 1);
    ASSERT_SAID("0.02", price_above(RLM_PRICE_IMAGE, RLM_DIRECTION_OUTPUT, RLM_UNIT_IMAGE, RLM_TIER_STANDARD, 0));
    ASSERT_STATUS(RLM_OK,
                  answer(&rlm_source_xai,
                         "{\"data\":[{\"id\":\"grok-free\",\"prompt_text_token_price\":0,\"image_price\":null}]}"));
    ASSERT_SAID("0", text_price(RLM_DIRECTION_INPUT));
    PASS();
}

TEST
xai_states_modalities_in_richer_rows(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_xai,
                                 "{\"data\":[{\"id\":\"g\",\"input_modalities\":[\"text\",\"image\"],"
                                 "\"output_modalities\":[\"text\"],\"max_prompt_length\":65536,\"context_length\":null,"
                                 "\"prompt_text_token_price_long_context\":6666,\"long_context_threshold\":0}]}"));
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_INPUT("no", AUDIO);
    ASSERT_OUTPUT("no", IMAGE);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 65536);
    ASSERT(model.price_count == 0);
    PASS();
}

/* ---- OpenRouter ---- */

TEST
openrouter_states_a_whole_model(void)
{
    ASSERT_STATUS(
        RLM_OK,
        answer(&rlm_source_openrouter,
               "{\"data\":[{\"id\":\"openai/gpt-4.1\",\"canonical_slug\":\"openai/"
               "gpt-4.1-2025-04-14\",\"name\":\"OpenAI: GPT-4.1\","
               "\"created\":1744651385,\"context_length\":1047576,\"architecture\":{\"modality\":\"text+image->text\","
               "\"input_modalities\":[\"image\",\"text\",\"file\"],\"output_modalities\":[\"text\"]},"
               "\"pricing\":{\"prompt\":\"0.000002\",\"completion\":\"0.000008\",\"request\":\"0\",\"image\":\"0\","
               "\"web_search\":\"0.01\","
               "\"internal_reasoning\":\"0\",\"input_cache_read\":\"0.0000005\",\"discount\":0},"
               "\"top_provider\":{\"context_length\":1047576,\"max_completion_tokens\":32768,\"is_moderated\":true},"
               "\"supported_parameters\":[\"tools\",\"response_format\"],\"expiration_date\":\"2027-01-31\","
               "\"knowledge_cutoff\":\"2024-06\","
               "\"links\":{\"details\":\"/x\"}}]}"));
    ASSERT_TEXT("openai", model.family);
    ASSERT_TEXT("openai/gpt-4.1-2025-04-14\n", model.equivalents);
    ASSERT_TEXT("OpenAI: GPT-4.1", model.name);
    ASSERT_SAID("2025-04-14T17:23:05Z", timestamp(model.created_at));
    ASSERT_SAID("2024-06", timestamp(model.knowledge_cutoff));
    ASSERT_SAID("2027-01-31", timestamp(model.retires_at));
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1047576 && model.limits[RLM_LIMIT_OUTPUT] == 32768);
    ASSERT_INPUT("yes", FILE);
    ASSERT_INPUT("no", AUDIO);
    ASSERT_CAPABILITY("yes", FUNCTION_CALLING);
    ASSERT_CAPABILITY("no", TOOL_CHOICE);
    ASSERT_CAPABILITY("no", STRUCTURED_OUTPUT);
    ASSERT_CAPABILITY("yes", JSON_MODE);
    ASSERT_CAPABILITY("no", REASONING);
    ASSERT_CAPABILITY("yes", VISION);
    ASSERT_SAID("2", text_price(RLM_DIRECTION_INPUT));
    ASSERT_SAID("8", text_price(RLM_DIRECTION_OUTPUT));
    ASSERT_SAID("0.5", text_price(RLM_DIRECTION_CACHE_READ));
    ASSERT_SAID("0.01", price_above(RLM_PRICE_WEB_SEARCH, RLM_DIRECTION_INPUT, RLM_UNIT_REQUEST, RLM_TIER_STANDARD, 0));
    ASSERT(model.price_count == 4);
    ASSERT_TEXT("{\"architecture\":{\"modality\":\"text+image->text\"},\"pricing\":{\"discount\":0},"
                "\"supported_parameters\":[\"tools\",\"response_format\"],\"top_provider\":{\"context_length\":1047576,"
                "\"is_moderated\":true}}",
                model.metadata);
    PASS();
}

TEST
openrouter_loses_no_digit_and_keeps_free_prices(void)
{
    ASSERT_STATUS(RLM_OK,
                  answer(&rlm_source_openrouter,
                         "{\"data\":[{\"id\":\"q/w:free\",\"pricing\":{\"prompt\":\"0.00000008333333333333334\","
                         "\"completion\":\"0\"},\"supported_parameters\":[]}]}"));
    ASSERT_SAID("0.08333333333333334", text_price(RLM_DIRECTION_INPUT));
    ASSERT_SAID("0", text_price(RLM_DIRECTION_OUTPUT));
    ASSERT_CAPABILITY("unknown", FUNCTION_CALLING);
    ASSERT_CAPABILITY("unknown", VISION);
    PASS();
}

TEST
openrouter_knows_no_price_of_a_router(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_openrouter,
                                 "{\"data\":[{\"id\":\"openrouter/auto\",\"pricing\":{\"prompt\":\"-1\","
                                 "\"completion\":\"-1\",\"web_search\":\"0.01\"}}]}"));
    ASSERT(model.price_count == 0);
    ASSERT_TEXT("{\"pricing\":{\"completion\":\"-1\",\"prompt\":\"-1\",\"web_search\":\"0.01\"}}", model.metadata);
    PASS();
}

TEST
openrouter_prices_long_requests(void)
{
    ASSERT_STATUS(
        RLM_OK,
        answer(
            &rlm_source_openrouter,
            "{\"data\":[{\"id\":\"g/"
            "p\",\"pricing\":{\"prompt\":\"0.00000125\",\"overrides\":[{\"min_prompt_tokens\":200000,"
            "\"prompt\":\"0.0000025\"},{\"min_prompt_tokens\":300000,\"utc_start\":\"01:00\",\"prompt\":\"0\"}]}}]}"));
    ASSERT_SAID("1.25", text_price(RLM_DIRECTION_INPUT));
    ASSERT_SAID("2.5", long_price(RLM_DIRECTION_INPUT, 200000));
    ASSERT(model.price_count == 2);
    PASS();
}

TEST
openrouter_has_words_of_its_own_for_outputs(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_openrouter,
                                 "{\"data\":[{\"id\":\"a/tts\",\"architecture\":{\"input_modalities\":[\"text\"],"
                                 "\"output_modalities\":[\"speech\"]}}]}"));
    ASSERT_OUTPUT("yes", AUDIO);
    ASSERT_OUTPUT("no", TEXT);
    ASSERT_CAPABILITY("no", VISION);
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_openrouter,
                                 "{\"data\":[{\"id\":\"a/stt\",\"architecture\":{\"input_modalities\":[\"audio\"],"
                                 "\"output_modalities\":[\"transcription\"]}}]}"));
    ASSERT_TYPE("transcription");
    ASSERT_OUTPUT("yes", TEXT);
    PASS();
}

/* ---- models.dev ---- */

TEST
models_dev_states_a_whole_model(void)
{
    ASSERT_STATUS(RLM_OK,
                  answer(&rlm_source_models_dev,
                         "{\"google\":{\"id\":\"google\",\"models\":{\"gemini-2.5-pro\":{\"id\":\"gemini-2.5-pro\","
                         "\"name\":\"Gemini 2.5 Pro\","
                         "\"family\":\"gemini-pro\",\"attachment\":true,\"reasoning\":true,\"reasoning_options\":[{"
                         "\"type\":\"toggle\"}],\"tool_call\":true,"
                         "\"structured_output\":false,\"temperature\":true,\"knowledge\":\"2025-01\",\"release_date\":"
                         "\"2025-03-20\",\"last_updated\":\"2025-06-05\","
                         "\"modalities\":{\"input\":[\"text\",\"video\",\"pdf\"],\"output\":[\"text\"]},\"open_"
                         "weights\":false,\"status\":\"deprecated\","
                         "\"limit\":{\"context\":1048576,\"output\":0},\"cost\":{\"input\":1.25,\"output\":10,\"cache_"
                         "read\":0.31,\"input_audio\":3,"
                         "\"tiers\":[{\"input\":2.5,\"output\":15,\"tier\":{\"type\":\"context\",\"size\":200000}},"
                         "{\"input\":5,\"tier\":{\"type\":\"context\",\"size\":512000}}],\"context_over_200k\":{"
                         "\"input\":2.5,\"output\":15}}}}}}"));
    ASSERT_TEXT("gemini", model.provider);
    ASSERT_TEXT("gemini-2.5-pro", model.id);
    ASSERT_TEXT("gemini-pro", model.family);
    ASSERT_SAID("2025-03-20", timestamp(model.created_at));
    ASSERT_SAID("2025-01", timestamp(model.knowledge_cutoff));
    ASSERT_SAID("retired", rlm_model_status_names[model.status]);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1048576 && model.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN);
    ASSERT_CAPABILITY("yes", FUNCTION_CALLING);
    ASSERT_CAPABILITY("no", STRUCTURED_OUTPUT);
    ASSERT_CAPABILITY("yes", REASONING);
    ASSERT_CAPABILITY("yes", VISION);
    ASSERT_CAPABILITY("yes", VIDEO);
    ASSERT_INPUT("yes", PDF);
    ASSERT_INPUT("no", IMAGE);
    ASSERT_SAID("1.25", text_price(RLM_DIRECTION_INPUT));
    ASSERT_SAID("0.31", text_price(RLM_DIRECTION_CACHE_READ));
    ASSERT_SAID("3", price_above(RLM_PRICE_AUDIO, RLM_DIRECTION_INPUT, RLM_UNIT_MILLION_TOKENS, RLM_TIER_STANDARD, 0));
    ASSERT_SAID("15", long_price(RLM_DIRECTION_OUTPUT, 200000));
    ASSERT_SAID("5", long_price(RLM_DIRECTION_INPUT, 512000));
    ASSERT(model.price_count == 7);
    ASSERT_TEXT("{\"attachment\":true,\"last_updated\":\"2025-06-05\",\"open_weights\":false,\"reasoning_options\":[{"
                "\"type\":\"toggle\"}],"
                "\"temperature\":true}",
                model.metadata);
    PASS();
}

TEST
models_dev_embeddings_put_out_no_text(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_models_dev,
                                 "{\"openai\":{\"models\":{\"text-embedding-3-small\":{\"last_updated\":\"2024-01\","
                                 "\"modalities\":{\"input\":[\"text\"],\"output\":[\"text\"]},"
                                 "\"cost\":{\"input\":0.02,\"output\":0}}}}}"));
    ASSERT_TYPE("embedding");
    ASSERT_OUTPUT("yes", EMBEDDINGS);
    ASSERT_OUTPUT("no", TEXT);
    ASSERT_CAPABILITY("no", VISION);
    ASSERT_SAID("unknown", timestamp(model.created_at)); /* the day of the last change is not that of the release */
    ASSERT_TEXT("{\"last_updated\":\"2024-01\"}", model.metadata);
    ASSERT_SAID("0", text_price(RLM_DIRECTION_OUTPUT));
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_models_dev,
                                 "{\"openai\":{\"models\":{\"chatgpt-image-latest\":{\"family\":\"gpt-image\"}}}}"));
    ASSERT_TYPE("image");
    PASS();
}

TEST
models_dev_knows_our_providers_by_its_names(void)
{
    ASSERT_SAID("vertexai", rlm_source_models_dev.provider(RLM_SLICE("google-vertex")));
    ASSERT_SAID("bedrock", rlm_source_models_dev.provider(RLM_SLICE("amazon-bedrock")));
    ASSERT_SAID("perplexity", rlm_source_models_dev.provider(RLM_SLICE("perplexity-agent")));
    ASSERT_SAID("ollama_cloud", rlm_source_models_dev.provider(RLM_SLICE("ollama-cloud")));
    ASSERT_SAID("azure", rlm_source_models_dev.provider(RLM_SLICE("azure")));
    ASSERT_SAID("hetzner", rlm_source_models_dev.provider(RLM_SLICE("hetzner")));
    ASSERT(rlm_source_models_dev.provider(RLM_SLICE("groq")) == NULL);
    PASS();
}

TEST
models_dev_keeps_tiers_that_it_does_not_understand(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_models_dev,
                                 "{\"xai\":{\"models\":{\"g\":{\"status\":\"fading\",\"cost\":{\"input\":1,"
                                 "\"tiers\":[{\"input\":2,\"tier\":{\"type\":\"hour\",\"size\":3}}]}}}}}"));
    ASSERT(model.price_count == 1);
    ASSERT_TEXT("{\"cost\":{\"tiers\":[{\"input\":2,\"tier\":{\"size\":3,\"type\":\"hour\"}}]},\"status\":\"fading\"}",
                model.metadata);
    PASS();
}

/* ---- Registry files ---- */

TEST
file_is_read_back_whole(void)
{
    ASSERT_STATUS(
        RLM_OK,
        answer(
            &rlm_source_file,
            "[{\"id\":\"gemini-2.5-pro\",\"name\":\"Gemini 2.5 Pro\",\"provider\":\"gemini\",\"family\":\"gemini-pro\","
            "\"created_at\":\"2025-06-05 00:00:00 "
            "UTC\",\"context_window\":1048576,\"max_output_tokens\":65536,\"knowledge_cutoff\":\"2025-01-01\","
            "\"modalities\":{\"input\":[\"text\",\"image\"],\"output\":[\"text\"]},\"capabilities\":[\"function_"
            "calling\",\"flying\"],"
            "\"pricing\":{\"text_tokens\":{\"standard\":{\"input_per_million\":1.25,\"cached_input_per_million\":0.31},"
            "\"batch\":{\"output_per_million\":5},\"long_context\":{\"input_per_million\":2.5},\"long_context_"
            "threshold\":200000},"
            "\"images\":{\"standard\":{\"input_per_million\":0}}},\"metadata\":{\"source\":\"models.dev\",\"knowledge_"
            "cutoff\":\"2025-01\"}}]"));
    ASSERT_TEXT("gemini", model.provider);
    ASSERT_TEXT("gemini-2.5-pro", model.id);
    ASSERT_TEXT("gemini-pro", model.family);
    ASSERT_SAID("2025-06-05T00:00:00Z", timestamp(model.created_at));
    ASSERT_SAID("2025-01", timestamp(model.knowledge_cutoff));
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1048576 && model.limits[RLM_LIMIT_OUTPUT] == 65536);
    ASSERT_INPUT("yes", IMAGE);
    ASSERT_CAPABILITY("yes", FUNCTION_CALLING);
    ASSERT_CAPABILITY("unknown", REASONING);
    ASSERT_TYPE("");
    ASSERT_SAID("1.25", text_price(RLM_DIRECTION_INPUT));
    ASSERT_SAID("0.31", text_price(RLM_DIRECTION_CACHE_READ));
    ASSERT_SAID("5", price_above(RLM_PRICE_TEXT, RLM_DIRECTION_OUTPUT, RLM_UNIT_MILLION_TOKENS, RLM_TIER_BATCH, 0));
    ASSERT_SAID("2.5", long_price(RLM_DIRECTION_INPUT, 200000));
    ASSERT_SAID("0", price_above(RLM_PRICE_IMAGE, RLM_DIRECTION_INPUT, RLM_UNIT_MILLION_TOKENS, RLM_TIER_STANDARD, 0));
    ASSERT(model.price_count == 5);
    ASSERT_TEXT("{\"source\":\"models.dev\"}", model.metadata);
    PASS();
}

TEST
file_rows_need_a_provider(void)
{
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_file, "[{\"id\":\"x\"}]"));
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_file, "[{\"id\":\"x\",\"provider\":null}]"));
    ASSERT_STATUS(RLM_BAD_ROW, answer(&rlm_source_file, "[{\"provider\":\"xai\"}]"));
    PASS();
}

TEST
file_tells_types_and_what_is_unlisted(void)
{
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_file,
                                 "[{\"id\":\"x\",\"provider\":\"xai\",\"type\":\"realtime\","
                                 "\"unlisted_at\":\"2026-08-19 06:00:00 UTC\",\"knowledge_cutoff\":\"2025-01-01\","
                                 "\"metadata\":{\"knowledge_cutoff\":\"early\"}}]"));
    ASSERT_TYPE("realtime");
    ASSERT(model.standing == RLM_STANDING_UNLISTED);
    ASSERT_SAID("2026-08-19T06:00:00Z", timestamp(model.unlisted_at));
    ASSERT_SAID("2025-01-01", timestamp(model.knowledge_cutoff));
    ASSERT_TEXT("{\"knowledge_cutoff\":\"early\"}", model.metadata);
    ASSERT_STATUS(RLM_OK, answer(&rlm_source_file, "[{\"id\":\"x\",\"provider\":\"xai\",\"type\":\"oracle\"}]"));
    ASSERT_TYPE("");
    PASS();
}

/* ---- All of them ---- */

static rlm_status
read_with_every_source(void *context)
{
    static const char *const texts[] = {
        "{\"data\":[{\"id\":\"a/"
        "b\",\"name\":\"A\",\"aliases\":[\"c\"],\"pricing\":{\"prompt\":\"1\"},\"image_price\":1,\"more\":{\"x\":[1]}}]"
        "}",
        "{\"models\":[{\"name\":\"models/a\",\"displayName\":\"A\",\"topK\":1}]}",
        "{\"xai\":{\"models\":{\"a\":{\"name\":\"A\",\"cost\":{\"input\":1},\"more\":true}}}}",
        "[{\"id\":\"a\",\"provider\":\"p\",\"pricing\":{\"text_tokens\":{\"standard\":{\"input_per_million\":1}}},"
        "\"metadata\":{\"x\":1}}]",
    };

    (void) context;
    for (int i = 0; i <= rlm_source_position(&rlm_source_file); i++) { /* those after it have files of their own */
        const char *rows = rlm_sources[i]->listings[0].rows;
        int text = strcmp(rows, "data[]") == 0     ? 0
                   : strcmp(rows, "models[]") == 0 ? 1
                   : strcmp(rows, "[]") == 0       ? 3
                                                   : 2;

        RLM_TRY(answer(rlm_sources[i], texts[text]));
        if (model.id.length == 0) return RLM_BAD_ROW;
    }
    return RLM_OK;
}

TEST
every_source_survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(read_with_every_source, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    RUN(asks_each_api_in_its_own_way);
    RUN(openai_states_an_id_and_dates);
    RUN(openai_ids_tell_types);
    RUN(openai_needs_an_id);
    RUN(anthropic_states_limits_and_capabilities);
    RUN(anthropic_says_nothing_in_an_older_row);
    RUN(gemini_states_limits_and_methods);
    RUN(gemini_methods_tell_types);
    RUN(gemini_says_nothing_by_leaving_out);
    RUN(mistral_states_a_chat_model);
    RUN(mistral_embeds_where_all_flags_are_false);
    RUN(mistral_tells_transcribers_by_either_name);
    RUN(mistral_has_types_beside_chat);
    RUN(deepseek_states_the_id_alone);
    RUN(ollama_states_the_id_and_a_date);
    RUN(ollama_knows_no_year_one);
    RUN(xai_prices_are_cents_for_a_hundred_million);
    RUN(xai_sells_images_by_the_piece);
    RUN(xai_states_modalities_in_richer_rows);
    RUN(openrouter_states_a_whole_model);
    RUN(openrouter_loses_no_digit_and_keeps_free_prices);
    RUN(openrouter_knows_no_price_of_a_router);
    RUN(openrouter_prices_long_requests);
    RUN(openrouter_has_words_of_its_own_for_outputs);
    RUN(models_dev_states_a_whole_model);
    RUN(models_dev_embeddings_put_out_no_text);
    RUN(models_dev_knows_our_providers_by_its_names);
    RUN(models_dev_keeps_tiers_that_it_does_not_understand);
    RUN(file_is_read_back_whole);
    RUN(file_rows_need_a_provider);
    RUN(file_tells_types_and_what_is_unlisted);
    RUN(every_source_survives_a_lack_of_memory);
    rlm_arena_free(&arena);
    return REPORT("sources");
}
