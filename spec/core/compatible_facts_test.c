/*
 * The words of servers of OpenAI's format for types, capabilities, modalities and limits. The rows are made by hand;
 * ids and numbers are invented.
 */
#include "test.h"

#include "compatible_row.h"

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
        {JSON({"id": "a", "context_window": 8192, "max_tokens": 4096}), 8192, -1, -1, JSON({"max_tokens": 4096})},
        {JSON({"id": "a", "type": "language", "context_window": 8192, "max_tokens": 4096}), 8192, -1, 4096, ""},
        {JSON({"id": "a", "limits": {"max_input_tokens": 8192, "max_output_tokens": 4096}}), -1, 8192, 4096, ""},
        {JSON({"id": "a", "type": "model", "context_window": 8192, "max_tokens": 4096}), 8192, -1, -1,
         JSON({"max_tokens": 4096, "type": "model"})},
        {JSON({"id": "a", "limits": [8192]}), -1, -1, -1, JSON({"limits": [8192]})},
        {JSON({"id": "a", "context_length": 8192, "top_provider": {"context_length": 4096}}), 8192, -1, -1,
         JSON({"top_provider": {"context_length": 4096}})},
        {JSON({"id": "a", "max_model_len": null, "context_window": "8k"}), -1, -1, -1, JSON({"context_window": "8k"})},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ASSERT_STATUS(RLM_OK, read_row(cases[i].json));
        if (model.limits[RLM_LIMIT_CONTEXT] != cases[i].context || model.limits[RLM_LIMIT_INPUT] != cases[i].input ||
            model.limits[RLM_LIMIT_OUTPUT] != cases[i].output)
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
        {JSON({"id": "a", "type": "language", "context_window": 1}), RLM_TYPE_CHAT, ""},
        {JSON({"id": "a", "type": "text"}), RLM_TYPE_UNKNOWN, JSON({"type": "text"})},
        {JSON({"id": "a", "type": "text", "model_spec": {}}), RLM_TYPE_CHAT, ""},
        {JSON({"id": "a", "type": "upscale", "model_spec": {}}), RLM_TYPE_OTHER, ""},
        {JSON({"id": "a", "type": "decision", "model_spec": {}}), RLM_TYPE_JUDGMENT, ""},
        {JSON({"id": "a", "type": "asr"}), RLM_TYPE_TRANSCRIPTION, ""},
        {JSON({"id": "a", "model_type": "chat"}), RLM_TYPE_CHAT, ""},
        {JSON({"id": "a", "api": "embedding"}), RLM_TYPE_EMBEDDING, ""},
        {JSON({"id": "a", "supports_chat": true}), RLM_TYPE_CHAT, ""},
        {JSON({"id": "a", "supports_chat": false}), RLM_TYPE_OTHER, ""},
        {JSON({"id": "a", "supports_chat": "perhaps"}), RLM_TYPE_UNKNOWN, JSON({"supports_chat": "perhaps"})},
        {JSON({"id": "a", "type": "image", "supports_chat": false}), RLM_TYPE_IMAGE, JSON({"supports_chat": false})},
        {JSON({"id": "a", "capabilities": {"completion_chat": true}}), RLM_TYPE_CHAT, ""},
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

    READ({"id": "a", "capabilities": {"supportsFunctionCalling": true, "supportsVision": false, "URL": true}});
    ASSERT(can(RLM_CAPABILITY_FUNCTION_CALLING) && cannot(RLM_CAPABILITY_VISION));
    ASSERT_JSON(model.metadata, {"capabilities": {"URL": true}});

    READ({"id": "a", "support_tool_use": true, "supports_a_thing_that_has_a_very_long_name_indeed": true});
    ASSERT(can(RLM_CAPABILITY_FUNCTION_CALLING));

    READ({"id": "a", "tags": ["tool-use"], "type": "chat"}); /* what is advertised is no feature */
    ASSERT(model.capabilities.yes == 0);
    READ({"id": "a", "tags": ["tool-use"], "type": "language", "context_window": 1});
    ASSERT(can(RLM_CAPABILITY_FUNCTION_CALLING));
    READ({"id": "a", "metadata": {"tags": ["vision"]}});
    ASSERT(can(RLM_CAPABILITY_VISION));

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
    READ({"id": "a", "supported_input_modalities": ["text", "image"], "supported_output_modalities": ["embeddings"]});
    ASSERT(model.input.yes == (text | image) && model.output.yes == RLM_BIT(RLM_MODALITY_EMBEDDINGS));
    PASS();
}

TEST
reads_modalities_that_are_written_as_an_arrow(void)
{
    /* clang-format off */
    static const struct {
        const char *modality;
        uint32_t input, output;
    } cases[] = {
        {"text->text", RLM_BIT(RLM_MODALITY_TEXT), RLM_BIT(RLM_MODALITY_TEXT)},
        {"text+image->text", RLM_BIT(RLM_MODALITY_TEXT) | RLM_BIT(RLM_MODALITY_IMAGE), RLM_BIT(RLM_MODALITY_TEXT)},
        {"text->embedding", RLM_BIT(RLM_MODALITY_TEXT), RLM_BIT(RLM_MODALITY_EMBEDDINGS)},
        {"text+smell->text", 0, 0}, {"text->", 0, 0}, {"->text", 0, 0}, {"text", 0, 0}, {"->", 0, 0}, {"", 0, 0},
        {"text+->text", RLM_BIT(RLM_MODALITY_TEXT), RLM_BIT(RLM_MODALITY_TEXT)}, {"text->text->text", 0, 0},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char json[128];

        (void) snprintf(json, sizeof json, "{\"id\": \"a\", \"architecture\": {\"modality\": \"%s\"}}",
                        cases[i].modality);
        ASSERT_STATUS(RLM_OK, read_row(json));
        if (model.input.yes != cases[i].input || model.output.yes != cases[i].output) FAIL("%s", json);
        if ((model.metadata.length == 0) != (cases[i].input != 0 || cases[i].modality[0] == '\0')) FAIL("%s", json);
    }
    READ({"id": "a", "architecture": {"modality": "text->text", "input_modalities": ["text", "image"]}});
    ASSERT(model.input.yes == (RLM_BIT(RLM_MODALITY_TEXT) | RLM_BIT(RLM_MODALITY_IMAGE)) && model.output.yes == 0);
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
    RUN(reads_modalities_that_are_written_as_an_arrow);
    row_free();
    return REPORT("compatible_facts");
}
