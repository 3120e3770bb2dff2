/* LiteLLM's cost map: whose models its ids are of, and the rows that add conditions to a model's prices. */
#include "answer.h"
#include "told.h"

static bool
has(const char *provider, const char *id)
{
    return rlm_block_find(&sheet, rlm_slice_of(provider), rlm_slice_of(id)) < sheet.count;
}

/* `model` is that one. */
static bool
find_at(const char *provider, const char *id)
{
    size_t index = rlm_block_find(&sheet, rlm_slice_of(provider), rlm_slice_of(id));

    if (index < sheet.count) rlm_block_record(&sheet, index, &model);
    return index < sheet.count;
}

TEST
is_off_unless_its_address_is_set(void)
{
    ASSERT_TEXT("", request_to(&rlm_source_litellm_prices, only_keys, NULL));
    ASSERT_TEXT("https://acme.example/map.json",
                request_to(&rlm_source_litellm_prices, only_keys, "https://acme.example/map.json"));
    ASSERT(rlm_source_litellm_prices.rank == RLM_RANK_PRICES);
    PASS();
}

/* clang-format off */
TEST
ids_lose_the_word_for_their_provider(void)
{
    READ_SHEET(litellm_prices, {
        "sample_spec": {"litellm_provider": "one of them"},
        "a": {"litellm_provider": "openai"},
        "gemini/b": {"litellm_provider": "gemini"},
        "c": {"litellm_provider": "vertex_ai-language-models"},
        "vertex_ai/d": {"litellm_provider": "vertex_ai-anthropic_models"},
        "e.f-v1:0": {"litellm_provider": "bedrock_converse"},
        "openrouter/acme/g": {"litellm_provider": "openrouter"},
        "acme/h": {"litellm_provider": "together_ai"},
        "together_ai/acme/i": {"litellm_provider": "together_ai"},
        "text-completion-codestral/j": {"litellm_provider": "text-completion-codestral"},
        "cohere_chat/k": {"litellm_provider": "cohere_chat"},
        "New.Host-1/l": {"litellm_provider": "New.Host-1"},
        "open/m": {"litellm_provider": "openai"}
    });
    ASSERT(sheet.count == 12);
    ASSERT(rejected == 1);
    ASSERT(has("openai", "a") && has("gemini", "b") && has("vertexai", "c") && has("vertexai", "d"));
    ASSERT(has("bedrock", "e.f-v1:0") && has("openrouter", "acme/g") && has("togetherai", "acme/h"));
    ASSERT(has("togetherai", "acme/i") && has("mistral", "j") && has("cohere", "k") && has("new_host_1", "l"));
    ASSERT(has("openai", "open/m"));
    PASS();
}

TEST
rows_without_a_provider_are_none(void)
{
    READ_SHEET(litellm_prices, {
        "a": {"litellm_provider": "openai"}, "b": {"litellm_provider": "openai"}, "c": {"litellm_provider": "openai"},
        "d": {"litellm_provider": "openai"}, "e": {"mode": "chat"}, "f": {"litellm_provider": 7}, "g": 7,
        "openai/*": {"litellm_provider": "openai"}
    });
    ASSERT(sheet.count == 4);
    ASSERT(rejected == 4);
    PASS();
}

TEST
regions_before_a_name_are_conditions_of_its_prices(void)
{
    READ_SHEET(litellm_prices, {
        "bedrock/us-gov-west-1/a": {"litellm_provider": "bedrock", "input_cost_per_token": 3e-06, "rpm": 1},
        "bedrock/us-gov-west-1/1-month-commitment/a": {"litellm_provider": "bedrock", "input_cost_per_second": 1},
        "a": {"litellm_provider": "bedrock_converse", "input_cost_per_token": 2e-06, "max_input_tokens": 9},
        "bedrock/ap-x/a": {"litellm_provider": "bedrock", "input_cost_per_token": 1e-06},
        "azure/eu/b": {"litellm_provider": "azure", "input_cost_per_token": 1.1e-06},
        "azure/b": {"litellm_provider": "azure", "input_cost_per_token": 1e-06},
        "azure/global-standard/b": {"litellm_provider": "azure", "input_cost_per_token": 1e-06},
        "azure/us/c": {"litellm_provider": "azure", "input_cost_per_token": 1.2e-06}
    });
    ASSERT(sheet.count == 4);
    ASSERT(find_at("bedrock", "a"));
    ASSERT_TEXT("-; input 9; price input* 2; price input* in us-gov-west-1 3; rest {\"rpm\":1}", told(&model));
    ASSERT(has("bedrock", "ap-x/a"));
    ASSERT(find_at("azure", "b"));
    ASSERT_TEXT("-; price input* 1; price input* in eu 1.1", told(&model));
    ASSERT(find_at("azure", "c"));
    ASSERT_TEXT("-; price input* in us 1.2", told(&model));
    PASS();
}

TEST
sizes_and_qualities_of_images_are_conditions(void)
{
    READ_SHEET(litellm_prices, {
        "hd/1024-x-1792/draw": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_image": 0.12},
        "azure/low/512x512/draw": {"litellm_provider": "azure", "mode": "image_generation",
                                   "output_cost_per_image": 0.02},
        "standard/1024-x-1024/draw": {"litellm_provider": "openai", "mode": "image_generation",
                                      "input_cost_per_image": 0.04},
        "draw": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_token": 5e-06},
        "512-x-512/50-steps/paint": {"litellm_provider": "bedrock", "mode": "image_generation",
                                     "output_cost_per_image": 0.018},
        "hd/chat": {"litellm_provider": "openai", "mode": "chat"},
        "1024-x/draw": {"litellm_provider": "openai", "mode": "image_generation"}
    });
    ASSERT(sheet.count == 5);
    ASSERT(find_at("openai", "draw"));
    ASSERT_TEXT("image; gives image; price input* 5; "
                "price image per image size 1024x1024 quality standard 0.04; "
                "price image per image size 1024x1792 quality hd 0.12", told(&model));
    ASSERT(find_at("azure", "draw"));
    ASSERT_TEXT("image; gives image; price image per image size 512x512 quality low 0.02", told(&model));
    ASSERT(find_at("bedrock", "paint"));
    ASSERT_TEXT("image; gives image; price image per image size 512x512 quality 50-steps 0.018", told(&model));
    ASSERT(has("openai", "hd/chat") && has("openai", "1024-x/draw"));
    PASS();
}

/* A set with a hole is none, whoever would add to it. */
TEST
a_price_that_cannot_be_read_leaves_none(void)
{
    READ_SHEET(litellm_prices, {
        "azure/a": {"litellm_provider": "azure", "input_cost_per_token": "dear"},
        "azure/eu/a": {"litellm_provider": "azure", "input_cost_per_token": 1e-06}
    });
    ASSERT(find_at("azure", "a"));
    ASSERT(model.prices.count == 0);
    PASS();
}
/* clang-format on */

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        litellm_prices, JSON({"azure/eu/a": {"litellm_provider": "azure", "input_cost_per_token": 1e-06},
                              "azure/a": {"litellm_provider": "azure", "input_cost_per_token": 2e-06},
                              "hd/1-x-1/b": {"litellm_provider": "x", "mode": "image_edit",
                                             "output_cost_per_image": 1}}));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(is_off_unless_its_address_is_set);
    RUN(ids_lose_the_word_for_their_provider);
    RUN(rows_without_a_provider_are_none);
    RUN(regions_before_a_name_are_conditions_of_its_prices);
    RUN(sizes_and_qualities_of_images_are_conditions);
    RUN(a_price_that_cannot_be_read_leaves_none);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("litellm_prices");
}
