# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/recorded_answers"

RSpec.describe "the recorded answers", :payloads do
  include_context "with the recorded answers"

  # Read from the files by eye.
  describe "one by one" do
    def model(provider, id)
      models.fetch([provider, id])
    end

    it "has gpt-4.1 with openai's date and models.dev's limits, prices and cutoff" do
      expect(model("openai", "gpt-4.1")).to have_attributes(
        name: "GPT-4.1", family: "gpt", type: :chat,
        created_at: Time.utc(2025, 4, 10, 20, 22, 22), context_window: 1_047_576,
        max_output_tokens: 32_768, knowledge_cutoff: Date.new(2024, 4, 1), knowledge_cutoff_precision: :month,
        input_price_per_million: 2.0, output_price_per_million: 8.0, cache_read_input_price_per_million: 0.5
      )
    end

    it "has whisper-1 with a date and without a context window" do
      expect(model("openai", "whisper-1")).to have_attributes(
        created_at: Time.utc(2023, 2, 27, 21, 13, 4), context_window: nil,
        max_output_tokens: nil, prices: [], knowledge_cutoff: nil
      )
    end

    it "has gpt-4.1's dated sibling with what is stated of the undated" do
      expect(model("openai", "gpt-4.1-2025-04-14"))
        .to have_attributes(context_window: 1_047_576, input_price_per_million: 2.0)
    end

    it "has gpt-5.4, which openai did not list yet, with its price above 272,000 tokens" do
      text = model("openai", "gpt-5.4").pricing.text_tokens

      expect(model("openai", "gpt-5.4"))
        .to have_attributes(standing: :catalogued, max_input_tokens: 922_000, created_at: Time.utc(2026, 3, 5))
      expect(text.tier_for(272_000).input_per_million).to eq(2.5)
      expect(text.tier_for(272_001).to_h)
        .to eq(input_per_million: 5.0, output_per_million: 22.5, cache_read_input_per_million: 0.5)
    end

    it "has azure's claude-haiku-4-5 without a cutoff: there is no 31st of February" do
      expect(model("azure", "claude-haiku-4-5"))
        .to have_attributes(knowledge_cutoff: nil, knowledge_cutoff_precision: nil)
    end

    it "has text-embedding-3-small as what it is, at two cents, its output free" do
      expect(model("openai", "text-embedding-3-small")).to have_attributes(
        type: :embedding, output_modalities: ["embeddings"], context_window: 8191,
        input_price_per_million: 0.02, output_price_per_million: 0.0
      )
    end

    it "has gpt-image-1 without the limits of zero that models.dev writes" do
      expect(model("openai", "gpt-image-1"))
        .to have_attributes(context_window: nil, max_output_tokens: nil, type: :image)
    end

    it "has claude-opus-4-5-20251101 with anthropic's name and date and models.dev's prices" do
      expect(model("anthropic", "claude-opus-4-5-20251101")).to have_attributes(
        name: "Claude Opus 4.5", created_at: Time.utc(2025, 11, 24), context_window: 200_000, max_output_tokens: 64_000,
        input_price_per_million: 5.0, cache_write_input_price_per_million: 6.25,
        knowledge_cutoff: Date.new(2025, 3, 31),
        knowledge_cutoff_precision: :day
      )
    end

    it "has gemini-2.5-pro with gemini's limits and methods and models.dev's steps of prices" do
      pro = model("gemini", "gemini-2.5-pro")

      expect(pro).to have_attributes(
        context_window: 1_048_576, max_output_tokens: 65_536,
        created_at: Time.utc(2025, 6, 17), input_price_per_million: 1.25
      )
      expect(pro.capabilities).to include("reasoning", "caching", "batch", "function_calling")
      expect(pro.pricing.text_tokens)
        .to have_attributes(long_context_threshold: 200_000, long_context: have_attributes(output_per_million: 15.0))
    end

    it "has gemini-2.5-flash with its price of audio" do
      expect(model("gemini", "gemini-2.5-flash").pricing.audio_tokens.input).to eq(1.0)
    end

    it "has imagen-4.0-generate-001 for images" do
      expect(model("gemini", "imagen-4.0-generate-001")).to have_attributes(
        type: :image, context_window: 480,
        metadata: include(gemini: include(description: "Vertex served Imagen 4.0 model"))
      )
    end

    it "has codestral-2412 as an alias that will end in January" do
      expect(model("mistral", "codestral-2412")).to have_attributes(
        context_window: 256_000, status: :deprecated,
        retires_at: Time.utc(2026, 1, 31, 12), replacement: "codestral-latest",
        kin: include("codestral-2501", "codestral-2411-rc5")
      )
    end

    it "has mistral-large-latest without a date from mistral, whose dates are those of the request" do
      expect(model("mistral", "mistral-large-latest")).to have_attributes(
        name: "Mistral Large (latest)", context_window: 262_144,
        created_at: Time.utc(2024, 11, 1), output_price_per_million: 1.5
      )
      expect(model("mistral", "mistral-vibe-cli-latest").created_at).to be_nil
    end

    it "has voxtral-mini-2507, which comes twice, as a chat model with the larger window that hears" do
      expect(model("mistral", "voxtral-mini-2507"))
        .to have_attributes(type: :chat, context_window: 32_768, input_modalities: include("text", "audio"))
      expect(model("mistral", "voxtral-mini-transcribe-2507"))
        .to have_attributes(type: :transcription, context_window: 16_384)
    end

    it "has openai/gpt-4o-mini at openrouter at 0.15, not at 0.15000000000000002" do
      mini = model("openrouter", "openai/gpt-4o-mini")

      expect(mini).to have_attributes(
        created_at: Time.utc(2024, 7, 18), context_window: 128_000,
        max_output_tokens: 16_384, input_price_per_million: 0.15,
        output_price_per_million: 0.6, cache_read_input_price_per_million: 0.075, family: "gpt-mini"
      )
      expect(mini.price(:input, exact: true)).to eq(BigDecimal("0.15"))
      expect(mini.prices).to include(have_attributes(meter: :image_read, unit: :image, amount: BigDecimal("0.000217")))
    end

    it "has google/gemma-3-4b-it at openrouter with all digits of its price" do
      expect(model("openrouter", "google/gemma-3-4b-it").price(:input, exact: true)).to eq(BigDecimal("0.01703012"))
      expect(model("openrouter", "google/gemma-3-4b-it").price(:output)).to eq(0.0681536)
    end

    it "has the free llama at openrouter for nothing, which is a price" do
      expect(model("openrouter", "meta-llama/llama-3.3-70b-instruct:free")).to have_attributes(
        input_price_per_million: 0.0, output_price_per_million: 0.0, input_modalities: ["text"]
      )
    end

    it "has openrouter's routers without a price" do
      expect([model("openrouter", "openrouter/auto"), model("openrouter", "openrouter/bodybuilder")]).to all(
        have_attributes(prices: [], input_price_per_million: nil, pricing: have_attributes(to_h: {}))
      )
    end

    it "has openrouter's gpt-5.2 with its price for a web search and what it can do" do
      five = model("openrouter", "openai/gpt-5.2")

      expect(five.prices)
        .to include(have_attributes(meter: :web_search, amount: BigDecimal("0.01"), unit: :request))
      expect(five.capabilities)
        .to include("function_calling", "tool_choice", "structured_output", "reasoning", "vision")
      expect(five.denied_capabilities).to include("parallel_tool_calls")
    end

    it "has deepseek-chat, of which deepseek states only the id" do
      expect(model("deepseek", "deepseek-chat")).to have_attributes(
        context_window: 1_000_000, max_output_tokens: 384_000,
        cache_read_input_price_per_million: 0.0028, created_at: Time.utc(2025, 12, 1),
        knowledge_cutoff: Date.new(2025, 9, 1), knowledge_cutoff_precision: :month
      )
    end

    it "has what runs on the user's own machine with a date and no more" do
      expect(model("ollama", "gpt-oss:latest")).to have_attributes(
        created_at: Time.utc(2025, 11, 1, 16, 49, 24), context_window: nil, prices: [], capabilities: []
      )
    end
  end
end
