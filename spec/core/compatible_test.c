/*
 * Whole rows of the servers of OpenAI's format, and everything that is read from each. They are made by hand, in the
 * shapes that these servers are documented to send; ids and numbers are invented.
 */
#include "test.h"

#include "compatible_row.h"
#include "told.h"

typedef struct {
    const char *server, *json, *expected;
} server_case;

static bool
read_servers(const server_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ASSERT_STATUS(RLM_OK, read_row(cases[i].json));
        if (!rlm_slice_is(told(&model), cases[i].expected)) {
            FAIL("%s: expected\n    %s\n  got\n    %.*s", cases[i].server, cases[i].expected, (int) told_length,
                 told_text);
        }
    }
    PASS();
}

#define READ_SERVERS(cases) return read_servers(cases, sizeof cases / sizeof *cases)

/* clang-format off */

/* On one's own machines. */
TEST
reads_servers_that_one_runs_oneself(void)
{
    static const server_case cases[] = {
        {"vLLM", JSON({"id": "acme/a-7b", "object": "model", "created": 1796000001, "owned_by": "vllm",
            "root": "/models/a-7b", "parent": null, "max_model_len": 24576, "permission": [{"id": "modelperm-1"}]}),
         "-; context 24576; rest {\"owned_by\":\"vllm\",\"root\":\"/models/a-7b\"}"},
        {"SGLang", JSON({"id": "acme/a-7b", "object": "model", "created": 1796000001, "owned_by": "sglang",
            "root": "acme/a-7b", "max_model_len": 40960}),
         "-; context 40960; rest {\"owned_by\":\"sglang\",\"root\":\"acme/a-7b\"}"},
        {"llama.cpp", JSON({"id": "a-7b.gguf", "object": "model", "created": 1796000001, "owned_by": "llamacpp",
            "aliases": ["a-7b"], "tags": ["vision"], "meta": {"n_ctx": 8192, "n_ctx_train": 131072, "n_vocab": 32000}}),
         "-; also a-7b; context 8192; rest {\"meta\":{\"n_ctx_train\":131072,\"n_vocab\":32000},"
         "\"owned_by\":\"llamacpp\",\"tags\":[\"vision\"]}"},
        {"llama.cpp, router", JSON({"id": "acme/a-7b:Q4", "object": "model", "created": 1796000001,
            "owned_by": "llamacpp", "in_cache": true, "status": {"value": "loaded", "args": ["llama-server",
            "--api-key", "k"]},
            "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]}}),
         "-; takes text image; gives text; rest {\"in_cache\":true,\"owned_by\":\"llamacpp\"}"},
        {"LM Studio", JSON({"id": "a-vl-7b", "object": "model", "type": "vlm", "publisher": "acme", "arch": "a_vl",
            "state": "loaded", "max_context_length": 32768, "loaded_context_length": 4096,
            "capabilities": ["tool_use"]}),
         "chat; context 4096; takes text image; gives text; can function_calling vision; rest {\"arch\":\"a_vl\","
         "\"capabilities\":[\"tool_use\"],\"max_context_length\":32768,\"publisher\":\"acme\",\"state\":\"loaded\"}"},
        {"LM Studio, own API", JSON({"type": "llm", "publisher": "acme", "key": "acme/a-7b", "display_name": "A 7B",
            "architecture": "a7", "loaded_instances": [{"id": "acme/a-7b", "config": {"context_length": 4096}}],
            "max_context_length": 32768, "capabilities": {"vision": false, "trained_for_tool_use": true}}),
         "chat; named A 7B; context 4096; takes text; takes no image; gives text; can function_calling; cannot vision; "
         "rest {\"architecture\":\"a7\",\"loaded_instances\":[{\"config\":{\"context_length\":4096},"
         "\"id\":\"acme/a-7b\"}],\"max_context_length\":32768,\"publisher\":\"acme\"}"},
        {"LocalAI", JSON({"id": "a-7b", "object": "model"}), "-"},
        {"NVIDIA", JSON({"id": "acme/a-7b", "object": "model", "created": 735790403, "owned_by": "acme"}),
         "-; rest {\"owned_by\":\"acme\"}"},
    };

    READ_SERVERS(cases);
}

/* Who serves open models for money. */
TEST
reads_hosts(void)
{
    static const server_case cases[] = {
        {"Groq", JSON({"id": "a-70b", "object": "model", "created": 1733447754, "owned_by": "Acme", "active": true,
            "context_window": 131072, "max_completion_tokens": 32768, "public_apps": null}),
         "-; context 131072; output 32768; created 2024-12-06T01:15:54Z; rest {\"active\":true,\"owned_by\":\"Acme\"}"},
        {"Together", JSON({"id": "acme/a-70b", "object": "model", "created": 1733447754, "type": "chat",
            "display_name": "A 70B", "organization": "Acme", "context_length": 131072,
            "pricing": {"hourly": 0, "input": 0.88, "output": 0.88, "cached_input": 0.44, "base": 0, "finetune": 0}}),
         "chat; named A 70B; context 131072; takes text; gives text; price input* 0.88; price "
         "output 0.88; price cache_read* 0.44; created 2024-12-06T01:15:54Z; "
         "rest {\"organization\":\"Acme\",\"pricing\":{\"base\":0,\"finetune\":0,\"hourly\":0}}"},
        {"Fireworks", JSON({"id": "accounts/acme/models/a", "object": "model", "owned_by": "acme",
            "created": 1733447754, "kind": "HF_BASE_MODEL", "supports_chat": true, "supports_image_input": false,
            "supports_tools": true, "context_length": 131072}),
         "chat; context 131072; takes text; takes no image; gives text; can function_calling; cannot vision; "
         "created 2024-12-06T01:15:54Z; rest {\"kind\":\"HF_BASE_MODEL\",\"owned_by\":\"acme\"}"},
        {"DeepInfra", JSON({"id": "acme/a", "object": "model", "created": 1733447754, "owned_by": "deepinfra",
            "root": "acme/a", "metadata": {"description": "d", "context_length": 131072, "max_tokens": 131072,
            "pricing": {"input_tokens": 0.23, "output_tokens": 0.4, "cache_read_tokens": 0.1},
            "tags": ["vision", "prompt_cache", "new"]}}),
         "-; context 131072; takes image; can caching vision; price input* 0.23; price output "
         "0.4; price cache_read* 0.1; created 2024-12-06T01:15:54Z; rest {\"metadata\":"
         "{\"description\":\"d\",\"max_tokens\":131072,\"tags\":[\"vision\",\"prompt_cache\",\"new\"]},"
         "\"owned_by\":\"deepinfra\",\"root\":\"acme/a\"}"},
        {"Nebius", JSON({"id": "acme/a", "name": "A", "created": 1733447754, "object": "model",
            "context_length": 131072, "architecture": {"modality": "text+image->text", "tokenizer": "Other"},
            "pricing": {"prompt": "0.0000005", "completion": "0.0000015", "image": "0", "request": "0"},
            "supported_features": ["tools", "structured_outputs", "reasoning"]}),
         "-; named A; context 131072; takes text image; gives text; can function_calling structured_output reasoning; "
         "price input* 0.5; price output 1.5; created 2024-12-06T01:15:54Z; rest "
         "{\"architecture\":{\"tokenizer\":\"Other\"},\"supported_features\":[\"tools\",\"structured_outputs\","
         "\"reasoning\"]}"},
        {"SambaNova", JSON({"id": "A-70B", "object": "model", "owned_by": "acme", "context_length": 131072,
            "max_completion_tokens": 4096, "pricing": {"prompt": "0.00000060", "completion": "0.00000120",
            "duration_per_hour": "0"}, "sn_metadata": {"x": 1}}),
         "-; context 131072; output 4096; price input* 0.6; price output 1.2; rest "
         "{\"owned_by\":\"acme\",\"pricing\":{\"duration_per_hour\":\"0\"},\"sn_metadata\":{\"x\":1}}"},
        {"Novita", JSON({"id": "acme/a-70b", "object": "model", "created": 1733560109, "title": "A 70B",
            "context_size": 131072, "input_token_price_per_m": 3900, "output_token_price_per_m": 39000,
            "model_type": "chat", "features": ["function-calling"], "max_output_tokens": 8192}),
         "chat; named A 70B; context 131072; output 8192; takes text; gives text; can function_calling; price "
         "input* 0.39; price output 3.9; created 2024-12-07T08:28:29Z; rest "
         "{\"features\":[\"function-calling\"]}"},
        {"Chutes", JSON({"id": "acme/a", "created": 1733447754, "context_length": 131072, "max_model_len": 131072,
            "max_output_length": 65536, "input_modalities": ["text"], "output_modalities": ["text"],
            "supported_features": ["tools", "json_mode"], "pricing": {"prompt": 0.2, "completion": 0.8}}),
         "-; context 131072; output 65536; takes text; gives text; can function_calling json_mode; "
         "created 2024-12-06T01:15:54Z; rest {\"pricing\":{\"completion\":0.8,\"prompt\":0.2},"
         "\"supported_features\":[\"tools\",\"json_mode\"]}"},
        {"Moonshot", JSON({"id": "a-2", "object": "model", "created": 1733447754, "owned_by": "moonshot",
            "context_length": 262144, "supports_image_in": true, "supports_video_in": false,
            "supports_reasoning": true}),
         "-; context 262144; takes image; takes no video; can reasoning vision; created 2024-12-06T01:15:54Z; rest "
         "{\"owned_by\":\"moonshot\"}"},
        {"Mistral's format", JSON({"id": "a-latest", "object": "model", "created": 1733447754, "type": "base",
            "capabilities": {"completion_chat": true, "function_calling": true, "vision": false, "fine_tuning": false},
            "name": "a-2512", "max_context_length": 131072, "aliases": ["a-2512"],
            "deprecation": "2027-05-31T12:00:00Z", "deprecation_replacement_model": "b-latest"}),
         "chat; named a-2512; also a-2512; context 131072; takes text; takes no image; gives text; can "
         "function_calling; cannot fine_tuning vision; created 2024-12-06T01:15:54Z; retires 2027-05-31T12:00:00Z; is "
         "deprecated; then successor b-latest; rest {\"type\":\"base\"}"},
    };

    READ_SERVERS(cases);
}

TEST
reads_venice(void)
{
    static const server_case cases[] = {
        {"text", JSON({"id": "a", "created": 1733447754, "object": "model", "owned_by": "venice.ai", "type": "text",
            "model_spec": {"name": "A", "availableContextTokens": 200000, "maxCompletionTokens": 24000, "beta": true,
            "capabilities": {"supportsVision": true, "supportsFunctionCalling": true, "supportsReasoning": false,
                             "supportsResponseSchema": true, "supportsAudioInput": false, "quantization": "fp8"},
            "pricing": {"input": {"usd": 0.15, "diem": 0.15}, "output": {"usd": 0.6}, "cache_input": {"usd": 0.03},
                        "extended": {"context_token_threshold": 128000, "input": {"usd": 0.3}, "output": {"usd": 1}}},
            "deprecation": {"date": "2027-03-01T00:00:00.000Z"}, "offline": false}}),
         "chat; named A; context 200000; output 24000; takes text image; takes no audio; gives text; can "
         "function_calling structured_output vision; cannot reasoning; price input* 0.15; price input* above "
         "128000 0.3; price output 0.6; price output above 128000 1; price cache_read* 0.03; created "
         "2024-12-06T01:15:54Z; retires 2027-03-01T00:00:00Z; is beta; rest "
         "{\"model_spec\":{\"capabilities\":{\"quantization\":\"fp8\"},\"offline\":false,"
         "\"pricing\":{\"input\":{\"diem\":0.15}}},\"owned_by\":\"venice.ai\"}"},
        {"image", JSON({"id": "b", "type": "image", "model_spec": {"pricing": {"generation": {"usd": 0.01}}}}),
         "image; gives image; price image per image 0.01"},
        {"embedding", JSON({"id": "c", "type": "embedding", "model_spec": {"maxInputTokens": 8192,
            "pricing": {"input": {"usd": 0.15}}}}),
         "embedding; input 8192; gives embeddings; price input* 0.15"},
        {"tts", JSON({"id": "d", "type": "tts", "model_spec": {"pricing": {"input": {"usd": 3.5}}}}),
         "audio; gives audio; rest {\"model_spec\":{\"pricing\":{\"input\":{\"usd\":3.5}}}}"},
    };

    READ_SERVERS(cases);
}

/* Who passes requests on. */
TEST
reads_gateways(void)
{
    static const server_case cases[] = {
        {"GitHub Models", JSON({"id": "acme/a-4.1", "name": "A 4.1", "publisher": "Acme", "registry": "acme",
            "version": "2025-04-14", "capabilities": ["streaming", "tool-calling"], "rate_limit_tier": "high",
            "limits": {"max_input_tokens": 1048576, "max_output_tokens": 32768}, "tags": ["reasoning"],
            "supported_input_modalities": ["text", "image", "audio"], "supported_output_modalities": ["text"]}),
         "-; named A 4.1; input 1048576; output 32768; takes text image audio; gives text; can streaming "
         "function_calling; rest {\"capabilities\":[\"streaming\",\"tool-calling\"],\"publisher\":\"Acme\","
         "\"rate_limit_tier\":\"high\",\"registry\":\"acme\",\"tags\":[\"reasoning\"],\"version\":\"2025-04-14\"}"},
        {"Hugging Face", JSON({"id": "acme/a", "object": "model", "created": 1733447754, "owned_by": "acme",
            "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]}, "providers": [
            {"provider": "x", "status": "live", "context_length": 131072, "pricing": {"input": 0.1, "output": 0.4},
             "supports_tools": true, "supports_structured_output": false, "throughput": 81.5},
            {"provider": "y", "status": "live", "context_length": 131072, "pricing": {"input": 0.2, "output": 0.4},
             "supports_tools": true, "supports_structured_output": true, "first_token_latency_ms": 211.5},
            {"provider": "z", "status": "error"}]}),
         "-; context 131072; takes text; gives text; can function_calling; created 2024-12-06T01:15:54Z; rest "
         "{\"owned_by\":\"acme\",\"providers\":[{\"context_length\":131072,\"pricing\":{\"input\":0.1,\"output\":0.4},"
         "\"provider\":\"x\",\"status\":\"live\",\"supports_structured_output\":false,\"supports_tools\":true},"
         "{\"context_length\":131072,\"pricing\":{\"input\":0.2,\"output\":0.4},\"provider\":\"y\",\"status\":\"live\","
         "\"supports_structured_output\":true,\"supports_tools\":true},{\"provider\":\"z\",\"status\":\"error\"}]}"},
        {"Vercel", JSON({"id": "acme/a", "object": "model", "created": 1755815280, "released": 1733447754,
            "owned_by": "acme", "name": "A", "type": "language", "context_window": 200000, "max_tokens": 64000,
            "tags": ["tool-use", "vision", "file-input", "explicit-caching"], "pricing": {"input": "0.000003",
            "output": "0.000015", "input_cache_read": "0.0000003", "input_cache_write": "0.00000375",
            "input_tiers": [{"cost": "0.000003", "min": 0, "max": 200000}, {"cost": "0.000006", "min": 200000}]}}),
         "chat; named A; context 200000; output 64000; takes text image file; gives text; can function_calling caching "
         "vision; price input* 3; price input* above 200000 6; price output 15; price cache_read* 0.3; price "
         "cache_write 3.75; created 2024-12-06T01:15:54Z; rest "
         "{\"created\":1755815280,\"owned_by\":\"acme\",\"tags\":[\"tool-use\","
         "\"vision\",\"file-input\",\"explicit-caching\"]}"},
        {"Requesty", JSON({"id": "acme/a", "object": "model", "created": 1733447754, "api": "chat",
            "input_price": 0.000003, "output_price": 0.000015, "cached_price": 0.0000003, "caching_price": 0.00000375,
            "context_window": 200000, "max_output_tokens": 64000, "supports_caching": true, "supports_vision": true,
            "supports_reasoning": false, "supports_tool_calling": true, "supports_output_json_schema": true}),
         "chat; context 200000; output 64000; takes text image; gives text; can function_calling structured_output "
         "caching vision; cannot reasoning; price input* 3; price output 15; price "
         "cache_read* 0.3; price cache_write 3.75; created 2024-12-06T01:15:54Z"},
        {"an imitator of OpenRouter", JSON({"id": "acme/a", "name": "Acme: A", "created": 1733447754,
            "context_length": 131072, "architecture": {"modality": "text->text", "input_modalities": ["text"],
            "output_modalities": ["text"], "tokenizer": "Other"}, "pricing": {"prompt": "0.0000005",
            "completion": "0.0000015", "request": "0", "image": "0", "input_cache_read": "0.00000005"},
            "top_provider": {"context_length": 131072, "max_completion_tokens": 16384, "is_moderated": false},
            "supported_parameters": ["tools", "include_reasoning"], "expiration_date": "2027-01-31"}),
         "-; named Acme: A; context 131072; output 16384; takes text; gives text; can function_calling reasoning; "
         "price input* 0.5; price output 1.5; price cache_read* 0.05; created "
         "2024-12-06T01:15:54Z; retires 2027-01-31; rest {\"architecture\":{\"modality\":\"text->text\","
         "\"tokenizer\":\"Other\"},\"supported_parameters\":[\"tools\",\"include_reasoning\"],"
         "\"top_provider\":{\"is_moderated\":false}}"},
        {"Cloudflare, in OpenRouter's form", JSON({"id": "@cf/acme/a", "name": "A", "created": 1733447754,
            "hugging_face_id": "", "context_length": 32768, "max_output_length": 4096, "input_modalities": ["text"],
            "output_modalities": ["text"], "pricing": {"prompt": "0.0000003", "completion": "0.0000009"},
            "supported_features": ["tools"]}),
         "-; named A; context 32768; output 4096; takes text; gives text; can function_calling; price "
         "input* 0.3; price output 0.9; created 2024-12-06T01:15:54Z; rest "
         "{\"supported_features\":[\"tools\"]}"},
    };

    READ_SERVERS(cases);
}

/* clang-format on */

TEST
leaves_out_what_is_not_active(void)
{
    ASSERT_STATUS(RLM_LEFT_OUT, read_row(JSON({"id": "a", "active": false})));
    READ({"id": "a", "active": null});
    ASSERT_STATUS(RLM_BAD_ROW, read_row(JSON({"key": 1})));
    ASSERT_STATUS(RLM_BAD_ROW, read_row(JSON({"id": 7, "key": "a"})));
    PASS();
}

TEST
reads_names_dates_and_aliases(void)
{
    READ({
        "id": "acme/a-7b", "display_name": "Acme 7B", "created": 1735689600, "owned_by": "acme", "aliases": ["a-7b"],
        "deprecation_date": "2027-01-31", "deprecated": true
    });
    ASSERT_TEXT("-; named Acme 7B; also a-7b; created 2025-01-01T00:00:00Z; retires 2027-01-31; is deprecated; "
                "rest {\"owned_by\":\"acme\"}",
                told(&model));
    READ({"id": "a", "created": 0, "deprecation": "soon"});
    ASSERT_TEXT("-; rest {\"deprecation\":\"soon\"}", told(&model));
    PASS();
}

/* The rows of one server hold few members as a rule; one may not know the other's. */
TEST
takes_nothing_from_members_of_another_kind(void)
{
    READ({
        "id": "a", "meta": 1, "metadata": [], "limits": "none", "model_spec": null, "top_provider": ["x"],
        "architecture": "b", "loaded_instances": [1], "providers": "c", "capabilities": 2, "pricing": [3],
        "tags": {"vision": true}, "status": "loaded", "deprecation": true, "aliases": {"b": "c"}
    });
    ASSERT_TEXT("-; rest {\"aliases\":{\"b\":\"c\"},\"architecture\":\"b\",\"capabilities\":2,\"deprecation\":true,"
                "\"limits\":\"none\",\"loaded_instances\":[1],\"meta\":1,\"pricing\":[3],\"providers\":\"c\","
                "\"status\":\"loaded\",\"tags\":{\"vision\":true},\"top_provider\":[\"x\"]}",
                told(&model));
    PASS();
}

static rlm_status
read_a_whole_row(void *context)
{
    return read_row(context);
}

TEST
survives_a_lack_of_memory(void)
{
    char json[] = JSON({"id": "a", "name": "A", "aliases": ["b"], "providers": [{"pricing": {"input": 1, "output": 2}}],
                        "deprecation_replacement_model": "c", "x": 1});

    ASSERT_SURVIVES_TORTURE(read_a_whole_row, json);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(reads_servers_that_one_runs_oneself);
    RUN(reads_hosts);
    RUN(reads_venice);
    RUN(reads_gateways);
    RUN(leaves_out_what_is_not_active);
    RUN(reads_names_dates_and_aliases);
    RUN(takes_nothing_from_members_of_another_kind);
    RUN(survives_a_lack_of_memory);
    row_free();
    return REPORT("compatible");
}
