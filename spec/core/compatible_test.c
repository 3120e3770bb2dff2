/*
 * What servers of OpenAI's format state beside an id. The rows are made by hand, in the shapes that these servers are
 * documented to send; the ids and numbers are invented.
 */
#include "test.h"

#include "base/caps.h"
#include "parsed.h"
#include "sources/source.h"

#include <string.h>

static rlm_arena arena;
static rlm_record model;

static rlm_status
read_row(const char *json)
{
    rlm_error error;

    rlm_arena_free(&arena);
    rlm_arena_init(&arena, RLM_CAP_SOURCE);
    rlm_record_init(&model, &arena, RLM_SLICE("openai"));
    return rlm_compatible_read_row(parsed(json), &model, &error);
}

static bool
can(int capability)
{
    return (model.capabilities.yes & RLM_BIT(capability)) != 0;
}

static bool
cannot(int capability)
{
    return (model.capabilities.no & RLM_BIT(capability)) != 0;
}

/* The only price of text in that direction, written; "unknown". */
static rlm_slice
price(int direction)
{
    static char text[RLM_DECIMAL_TEXT];

    for (uint32_t i = 0; i < model.price_count; i++) {
        if (model.prices[i].direction != direction) continue;
        rlm_decimal_write((rlm_decimal){model.prices[i].coefficient, model.prices[i].exponent}, text);
        return rlm_slice_of(text);
    }
    return RLM_SLICE("unknown");
}

#define READ(...) ASSERT_STATUS(RLM_OK, read_row(#__VA_ARGS__))
#define CONTEXT model.limits[RLM_LIMIT_CONTEXT]
#define OUTPUT model.limits[RLM_LIMIT_OUTPUT]

TEST
reads_limits_in_the_words_of_each_server(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        int64_t context, input, output;
        const char *rest;
    } cases[] = {
        {JSON({"id": "a", "max_model_len": 24576, "root": "/models/a"}), 24576, -1, -1, JSON({"root": "/models/a"})},
        {JSON({"id": "a", "context_window": 131072, "max_completion_tokens": 32768, "active": true}), 131072, -1, 32768,
         JSON({"active": true})},
        {JSON({"id": "a", "context_length": 65536, "max_output_length": 16384}), 65536, -1, 16384, ""},
        {JSON({"id": "a", "max_context_length": 40960, "loaded_context_length": 4096}), 4096, -1, -1,
         JSON({"max_context_length": 40960})},
        {JSON({"id": "a", "max_input_tokens": 100000, "max_output_tokens": "8192"}), -1, 100000, 8192, ""},
        {JSON({"id": "a", "meta": {"n_ctx": 8192, "n_ctx_train": 40960, "n_vocab": 50}}), 8192, -1, -1,
         JSON({"meta": {"n_ctx_train": 40960, "n_vocab": 50}})},
        {JSON({"id": "a", "max_tokens": 4096}), -1, -1, -1, JSON({"max_tokens": 4096})}, /* nobody says what of */
        {JSON({"id": "a", "max_model_len": null, "context_window": "8k"}), -1, -1, -1, JSON({"context_window": "8k"})},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_STATUS(RLM_OK, read_row(cases[i].json));
        if (CONTEXT != cases[i].context || OUTPUT != cases[i].output || model.limits[RLM_LIMIT_INPUT] != cases[i].input)
            FAIL("%s", cases[i].json);
        ASSERT_JSON_TEXT(cases[i].rest, model.metadata);
    }
    PASS();
}

TEST
reads_what_a_model_is_for(void)
{
    /* clang-format off */
    static const struct {
        const char *json;
        rlm_type type;
        const char *rest;
    } cases[] = {
        {JSON({"id": "a", "type": "chat"}), RLM_TYPE_CHAT, ""},
        {JSON({"id": "a", "type": "llm", "arch": "x"}), RLM_TYPE_CHAT, JSON({"arch": "x"})},
        {JSON({"id": "a", "type": "embeddings"}), RLM_TYPE_EMBEDDING, ""},
        {JSON({"id": "a", "type": "transcribe"}), RLM_TYPE_TRANSCRIPTION, ""},
        {JSON({"id": "a", "mode": "image_generation"}), RLM_TYPE_IMAGE, ""},
        {JSON({"id": "a", "task": "text-to-speech"}), RLM_TYPE_AUDIO, ""},
        {JSON({"id": "a", "type": "rerank"}), RLM_TYPE_RERANK, ""},
        {JSON({"id": "a", "type": "language"}), RLM_TYPE_UNKNOWN, JSON({"type": "language"})},
        {JSON({"id": "a", "type": "model", "mode": "embedding"}), RLM_TYPE_EMBEDDING, JSON({"type": "model"})},
        {JSON({"id": "a", "type": ["chat"]}), RLM_TYPE_UNKNOWN, JSON({"type": ["chat"]})},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_STATUS(RLM_OK, read_row(cases[i].json));
        if (model.type != cases[i].type) FAIL("%s is \"%s\"", cases[i].json, rlm_type_names[model.type]);
        ASSERT_JSON_TEXT(cases[i].rest, model.metadata);
    }
    READ({"id": "a", "type": "vlm"});
    ASSERT(model.type == RLM_TYPE_CHAT && can(RLM_CAPABILITY_VISION) &&
           (model.input.yes & RLM_BIT(RLM_MODALITY_IMAGE)) != 0);
    PASS();
}

TEST
reads_what_a_model_can(void)
{
    READ({"id": "a", "capabilities": ["tool_use", "vision", "juggling"]});
    ASSERT(can(RLM_CAPABILITY_FUNCTION_CALLING) && can(RLM_CAPABILITY_VISION) && model.capabilities.no == 0);
    ASSERT_JSON(model.metadata, {"capabilities": ["tool_use", "vision", "juggling"]});

    READ({"id": "a", "capabilities": {"vision": false, "function_calling": true, "juggling": true}});
    ASSERT(can(RLM_CAPABILITY_FUNCTION_CALLING) && cannot(RLM_CAPABILITY_VISION) &&
           (model.input.no & RLM_BIT(RLM_MODALITY_IMAGE)) != 0);
    ASSERT_JSON(model.metadata, {"capabilities": {"juggling": true}});

    READ({"id": "a", "capabilities": {"thinking": {"supported": true, "levels": 3}}});
    ASSERT(can(RLM_CAPABILITY_REASONING));
    ASSERT_JSON(model.metadata, {"capabilities": {"thinking": {"levels": 3}}});

    READ({"id": "a", "supports_response_schema": true, "supports_pdf_input": "false", "supports_juggling": true});
    ASSERT(can(RLM_CAPABILITY_STRUCTURED_OUTPUT) && (model.input.no & RLM_BIT(RLM_MODALITY_PDF)) != 0);
    ASSERT_JSON(model.metadata, {"supports_juggling": true});

    READ({"id": "a", "supported_parameters": ["response_format", "temperature"], "supported_features": ["tools"]});
    ASSERT(can(RLM_CAPABILITY_JSON_MODE) && can(RLM_CAPABILITY_FUNCTION_CALLING) &&
           !can(RLM_CAPABILITY_STRUCTURED_OUTPUT));

    READ({"id": "a", "capabilities": [{"name": "tools"}], "features": "tools"});
    ASSERT(model.capabilities.yes == 0 && model.capabilities.no == 0);
    PASS();
}

TEST
reads_modalities(void)
{
    const uint32_t text = RLM_BIT(RLM_MODALITY_TEXT), image = RLM_BIT(RLM_MODALITY_IMAGE);

    READ({"id": "a", "input_modalities": ["text", "image"], "output_modalities": ["text"]});
    ASSERT(model.input.yes == (text | image) && model.output.yes == text);
    READ({"id": "a", "modalities": {"input": ["text"], "output": ["image", "text"]}});
    ASSERT(model.input.yes == text && model.output.yes == (text | image));
    READ({"id": "a", "architecture": {"input_modalities": ["image", "smell"], "tokenizer": "x"}});
    ASSERT(model.input.yes == image && model.output.yes == 0);
    ASSERT_JSON(model.metadata, {"architecture": {"input_modalities": ["image", "smell"], "tokenizer": "x"}});
    READ({"id": "a", "modalities": ["text", "image"]}); /* in or out? */
    ASSERT(model.input.yes == 0 && model.output.yes == 0);
    PASS();
}

TEST
reads_prices_whose_unit_is_clear(void)
{
    /* clang-format off */
    static const struct {
        const char *json, *input, *output;
        bool kept; /* as metadata */
    } cases[] = {
        {JSON({"id": "a", "pricing": {"input": 0.18, "output": 0.59}}), "0.18", "0.59", false},
        /* the price of an hour */
        {JSON({"id": "a", "pricing": {"input": 0.02, "output": 0, "hourly": 0}}), "0.02", "0", true},
        {JSON({"id": "a", "pricing": {"prompt": "0.0000008", "completion": "0.0000024"}}), "0.8", "2.4", false},
        {JSON({"id": "a", "pricing": {"input": "0.000003", "output": "0.000015"}}), "3", "15", false},
        {JSON({"id": "a", "pricing": {"prompt": "0", "completion": "0"}}), "0", "0", false},
        {JSON({"id": "a", "pricing": {"input": 0, "output": 0}}), "unknown", "unknown", true},
        {JSON({"id": "a", "pricing": {"input": 0.00000018, "output": 0.00000059}}), "unknown", "unknown", true},
        {JSON({"id": "a", "pricing": {"prompt": 0.2, "completion": 0.8}}), "unknown", "unknown", true},
        {JSON({"id": "a", "pricing": {"input": "0.18", "output": "0.59"}}), "unknown", "unknown", true},
        {JSON({"id": "a", "pricing": {"input": 1, "output": "2"}}), "unknown", "unknown", true},
        {JSON({"id": "a", "pricing": {"input": 1, "output": 2, "currency": "EUR"}}), "unknown", "unknown", true},
        {JSON({"id": "a", "pricing": {"prompt": "0.0000008", "completion": "on request"}}), "unknown", "unknown", true},
        {JSON({"id": "a", "pricing": "free"}), "unknown", "unknown", true},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_STATUS(RLM_OK, read_row(cases[i].json));
        ASSERT_TEXT(cases[i].input, price(RLM_DIRECTION_INPUT));
        ASSERT_TEXT(cases[i].output, price(RLM_DIRECTION_OUTPUT));
        if ((model.metadata.length > 0) != cases[i].kept) FAIL("%s", cases[i].json);
    }
    PASS();
}

TEST
reads_names_dates_and_aliases(void)
{
    READ({
        "id": "acme/a-7b", "display_name": "Acme 7B", "created": 1735689600, "owned_by": "acme", "aliases": ["a-7b"],
        "deprecation_date": "2027-01-31", "deprecated": true
    });
    ASSERT_TEXT("Acme 7B", model.name);
    ASSERT_TEXT("a-7b\n", model.equivalents);
    ASSERT(model.created_at.seconds == 1735689600 && model.retires_at.precision == RLM_PRECISION_DAY &&
           model.status == RLM_MODEL_STATUS_DEPRECATED);
    ASSERT_JSON(model.metadata, {"owned_by": "acme"});

    READ({"id": "a", "created": 1735689600, "owned_by": "vllm", "permission": [{"id": "modelperm-1"}]});
    ASSERT(model.created_at.precision == RLM_PRECISION_NONE); /* the time of the request */
    ASSERT_JSON(model.metadata, {"owned_by": "vllm"});
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(reads_limits_in_the_words_of_each_server);
    RUN(reads_what_a_model_is_for);
    RUN(reads_what_a_model_can);
    RUN(reads_modalities);
    RUN(reads_prices_whose_unit_is_clear);
    RUN(reads_names_dates_and_aliases);
    parsed_free();
    rlm_arena_free(&arena);
    return REPORT("compatible");
}
