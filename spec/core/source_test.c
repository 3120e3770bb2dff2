/* What the table of sources says about each of them, apart from how it is asked and read. */
#include "answer.h"

/* ---- Ranks ---- */

TEST
every_source_is_a_provider_but_seven(void)
{
    size_t others = 0;

    for (int i = 0; rlm_sources[i] != NULL; i++) others += rlm_source_is_metadata(rlm_sources[i]);
    ASSERT(others == 7);
    ASSERT(rlm_source_models_dev.rank == RLM_RANK_METADATA);
    ASSERT(rlm_source_genai_prices.rank == RLM_RANK_PRICES);
    ASSERT(rlm_source_litellm_prices.rank == RLM_RANK_PRICES);
    ASSERT(rlm_source_published.rank == RLM_RANK_PUBLISHED);
    ASSERT(rlm_source_file.rank == RLM_RANK_STAND_IN);
    ASSERT(rlm_source_bundle.rank == RLM_RANK_BUNDLE);
    PASS();
}

/* ---- Preference ---- */

/* Metadata sources have none; those that make models come before those that resell them. */
TEST
each_provider_has_a_preference_of_its_own(void)
{
    for (int i = 0; rlm_sources[i] != NULL; i++) {
        const rlm_source *source = rlm_sources[i];

        ASSERT(rlm_source_is_metadata(source) == (source->preference == 0));
        for (int other = 0; other < i; other++)
            ASSERT(source->preference == 0 || source->preference != rlm_sources[other]->preference);
        if ((source->flags & RLM_SOURCE_MAKER) != 0) ASSERT(source->preference < rlm_source_openrouter.preference);
    }
    PASS();
}

/* ---- Settings ---- */

static size_t
count_supplied(const rlm_source *source)
{
    size_t count = 0;

    for (size_t i = 0; i < RLM_SOURCE_SETTINGS && source->settings[i].name != NULL; i++)
        count += (source->settings[i].flags & RLM_SETTING_SUPPLIED) != 0;
    return count;
}

/* AWS gives three keys, in this order; Google one token. */
TEST
two_suppliers_fetch_settings(void)
{
    const rlm_setting *bedrock = rlm_source_bedrock.settings;

    for (int i = 0; rlm_sources[i] != NULL; i++) {
        const rlm_source *source = rlm_sources[i];
        bool supplied = source == &rlm_source_bedrock || source == &rlm_source_vertexai;

        ASSERT((source->supplier != NULL) == supplied);
        ASSERT(supplied || count_supplied(source) == 0);
        ASSERT(((source->flags & RLM_SOURCE_REGIONAL_HOST) != 0) ==
               supplied); /* the hosts of both depend on a setting */
        ASSERT(((source->flags & RLM_SOURCE_PARTNERS) != 0) == (source == &rlm_source_vertexai)); /* "…-maas" */
    }
    ASSERT_TEXT("aws_credentials", rlm_slice_of(rlm_source_bedrock.supplier));
    ASSERT(count_supplied(&rlm_source_bedrock) == 3 && (bedrock[1].flags & RLM_SETTING_SUPPLIED) != 0);
    ASSERT_TEXT("bedrock_api_key", rlm_slice_of(bedrock[1].name));
    ASSERT_TEXT("bedrock_secret_key", rlm_slice_of(bedrock[2].name));
    ASSERT_TEXT("bedrock_session_token", rlm_slice_of(bedrock[3].name));
    ASSERT_TEXT("google_token", rlm_slice_of(rlm_source_vertexai.supplier));
    ASSERT(count_supplied(&rlm_source_vertexai) == 1);
    PASS();
}

/* ---- Ids ---- */

static const rlm_source_ids *
ids_of(const char *provider)
{
    return rlm_source_ids_of(rlm_source_find(rlm_slice_of(provider)));
}

TEST
ids_have_no_rules_where_a_provider_states_none(void)
{
    static const char *const plain[] = {"openai", "vertexai", "nobody", ""};

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        const rlm_source_ids *ids = ids_of(plain[i]);

        ASSERT(ids->is_variant == NULL && ids->suffixes[0] == NULL && ids->without_namespace == NULL &&
               ids->without_version == NULL && ids->without_region == NULL && ids->in_region == NULL);
    }
    PASS();
}

/* ---- What ids tell of types, where no source says it ---- */

TEST
ids_tell_types_by_words_that_mean_one_thing(void)
{
    /* clang-format off */
    static const struct {
        const char *id, *type;
    } cases[] = {
        {"acme/Acme-Embedding-8B", "embedding"}, {"acme-embed-text:latest", "embedding"}, {"hub/bge-acme", "embedding"},
        {"e5-acme", "embedding"}, {"acme/gte-large", "embedding"}, {"bge-reranker-acme", "rerank"},
        {"acme/rerank-3", "rerank"}, {"acme-Whisper-v9", "transcription"}, {"acme-4-transcribe", "transcription"},
        {"acme-asr", "transcription"}, {"acme-stt-2", "transcription"}, {"tts-9-hd", "audio"}, {"acme.TTS2", "audio"},
        {"acme-moderation-latest", "moderation"}, {"acme-realtime-mini", "realtime"}, {"dall-e-9", "image"},
        {"acme/gpt-image-9", "image"}, {"chatgpt-image-latest", "image"}, {"stable-diffusion-9", "image"},
        {"imagen-9", "image"}, {"sora-9", "video"}, {"acme/veo9", "video"}, {"davinci-002", "completion"},
        /* parts of other words, and what is called like a chat model */
        {"acme-7b", ""}, {"membedded", ""}, {"fe5-acme", ""}, {"phrase5-large", ""}, {"dasr", ""}, {"ttsm-7b", ""},
        {"sorafenib-7b", ""}, {"imagenius", ""}, {"acme-guard-8b", ""}, {"acme-ocr", ""}, {"acme-image-vl", ""},
        {"acme-turbo-instruct", ""}, {"acme-speech-understanding", ""}, {"", ""}, {"tt", ""},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *type = type_of_id(NULL, cases[i].id);

        if (strcmp(type, cases[i].type) != 0) FAIL("%s is \"%s\"", cases[i].id, type);
    }
    PASS();
}

TEST
eight_providers_make_the_models_that_they_serve(void)
{
    static const char *const makers[] = {"openai",   "anthropic", "gemini", "mistral",
                                         "deepseek", "xai",       "cohere", "perplexity"};
    size_t count = 0;

    for (int i = 0; rlm_sources[i] != NULL; i++) count += (rlm_sources[i]->flags & RLM_SOURCE_MAKER) != 0;
    ASSERT(count == 8);
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        ASSERT((rlm_source_find(rlm_slice_of(makers[i]))->flags & RLM_SOURCE_MAKER) != 0);
    PASS();
}

/* A lookup looks for suffixes only where there is a variant. */
TEST
suffixes_make_variants(void)
{
    size_t count = 0;

    for (int i = 0; rlm_sources[i] != NULL; i++) {
        const rlm_source_ids *ids = rlm_source_ids_of(rlm_sources[i]);

        for (size_t s = 0; s < RLM_SOURCE_SUFFIXES && ids->suffixes[s] != NULL; s++, count++)
            ASSERT(ids->is_variant != NULL && ids->is_variant(rlm_slice_of(ids->suffixes[s])));
    }
    ASSERT(count == 6); /* OpenRouter's */
    PASS();
}

/* ---- Memory ---- */

static rlm_status
read_with_every_source(void *context)
{
    /* clang-format off */
    static const struct { const char *rows, *text; } answers[] = {
        {"data[]", JSON({"data": [{
            "id": "a/b", "name": "A", "aliases": ["c"], "pricing": {"prompt": "1"}, "image_price": 1, "more": {"x": [1]}
        }]})},
        {"models[]", JSON({"models": [{"name": "models/a", "displayName": "A", "topK": 1}]})},
        {"*.models.*", JSON({"xai": {"models": {"a": {"name": "A", "cost": {"input": 1}, "more": true}}}})},
        {"[]", JSON([{
            "id": "a", "provider": "p", "pricing": {"text_tokens": {"standard": {"input_per_million": 1}}},
            "metadata": {"x": 1}
        }])},
        {"modelSummaries[]", JSON({"modelSummaries": [{"modelId": "a.b-v1:0", "modelName": "B", "more": {"x": [1]}}]})},
        {"publisherModels[]", JSON({"publisherModels": [{
            "name": "publishers/meta/models/llama-maas", "versionId": "1", "launchStage": "GA", "more": {"x": [1]}
        }]})},
    };
    /* clang-format on */

    (void) context;
    for (int i = 0; i <= rlm_source_position(&rlm_source_vertexai); i++) { /* those after it have tests of their own */
        size_t kind = 0;

        while (strcmp(rlm_sources[i]->listings[0].rows, answers[kind].rows) != 0) kind++;
        RLM_TRY(answer(rlm_sources[i], answers[kind].text));
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

    RUN(every_source_is_a_provider_but_seven);
    RUN(each_provider_has_a_preference_of_its_own);
    RUN(two_suppliers_fetch_settings);
    RUN(ids_have_no_rules_where_a_provider_states_none);
    RUN(ids_tell_types_by_words_that_mean_one_thing);
    RUN(eight_providers_make_the_models_that_they_serve);
    RUN(suffixes_make_variants);
    RUN(every_source_survives_a_lack_of_memory);
    answer_free();
    return REPORT("source");
}
