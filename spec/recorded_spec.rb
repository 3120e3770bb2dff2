# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/recorded"
require_relative "support/refreshing"

# What providers really answered one day, over HTTP, fact by fact against a second reader that shares no line with ours.
RSpec.describe "the recorded answers", :payloads do
  include ReplayServer::Answers

  before(:context) do
    next unless Payloads.there?

    @recorded = Recorded.new { |path| Payloads.payload(path) }
    server = ReplayServer.start
    sources = [*Recorded::PROVIDERS, "models_dev"]
    sources.each { |source| server.on(source, ReplayServer::Answer.json(@recorded.body(source), gzip: true)) }
    server.on("gemini", lambda do |request|
      ReplayServer::Answer.json(request.query.key?("pageToken") ? "{}" : @recorded.body("gemini"))
    end)
    server.on("openrouter", lambda do |request|
      # The list that was recorded, and no other.
      next ReplayServer::Answer.status(404) unless request.path == "/openrouter/models" && request.query.empty?

      ReplayServer::Answer.json(@recorded.body("openrouter"), gzip: true)
    end)
    @registry = RubyLLM::Native::Registry.new { Refreshing.configuration(server, only: sources) }
    @registry.refresh!(strict: true)
    @models = @registry.to_h { |model| [[model.provider, model.id], model] }
  ensure
    server&.stop
  end

  attr_reader :recorded, :registry, :models

  # Where the registry says other than what is stated. `compared` guards against comparing nothing.
  def differences(facts, field, compared:)
    stated = facts.filter_map { |key, fact| [key, fact[field]] if fact.key?(field) }
    expect(stated.size).to eq(compared)
    stated.filter_map do |key, expected|
      shown = yield(models.fetch(key))
      {model: key.join("/"), stated: expected, shown: shown} unless shown == expected
    end
  end

  def exact_prices(model)
    model.prices.map { |price| [price.category, price.direction, price.threshold, price.unit, price.amount] }
      .sort_by { |price| price.first(4).map(&:to_s) }
  end

  # What models.dev states and the provider does not.
  def left_to_the_catalogue
    recorded.catalogued.to_h { |key, facts| [key, facts.reject { |field, _| recorded.listed.dig(key, field) }] }
  end

  def unlisted_facts
    recorded.catalogued.reject { |key, _| recorded.listed.key?(key) }
  end

  describe "in number" do
    it "are those of the answers, ids that come twice counted once" do
      expect(registry.listed.group_by(&:provider).transform_values(&:size)).to eq(
        "openai" => 118, "anthropic" => 9, "gemini" => 50, "mistral" => 64,
        "deepseek" => 2, "openrouter" => 348, "ollama" => 3
      )
      expect(registry.listed.map { |model| [model.provider, model.id] }).to match_array(recorded.listed.keys)
    end

    it "are, with those that models.dev alone states, all that anybody states" do
      expect(models.keys).to match_array(recorded.keys)
      expect(registry.reject(&:listed?).map(&:standing).uniq).to eq([:catalogued])
    end

    it "are in the report, with the two rows that mistral has twice" do
      report = registry.last_refresh.map { |outcome| [outcome.source, outcome.rows] }.to_h

      expect(report).to include(
        openai: 118, anthropic: 9, gemini: 50, mistral: 66, deepseek: 2, openrouter: 348, ollama: 3, models_dev: 805
      )
      expect(registry.last_refresh.sum(&:rejected)).to eq(0)
      expect(registry.last_refresh[:gemini].attempts).to eq(2)
    end
  end

  describe "as each provider states them" do
    it "have their context windows" do
      expect(differences(recorded.listed, :context_window, compared: 50 + 64 + 348, &:context_window)).to be_empty
    end

    it "have their output limits" do
      missing = recorded.rows("openrouter").count { |row| row["top_provider"]["max_completion_tokens"].nil? }

      expect(differences(recorded.listed, :max_output_tokens, compared: 50 + 348 - missing, &:max_output_tokens))
        .to be_empty
    end

    it "have their creation dates" do
      expect(differences(recorded.listed, :created_at, compared: 118 + 9 + 348 + 3, &:created_at)).to be_empty
    end

    it "have openrouter's prices, to the last digit" do
      expect(differences(recorded.listed, :prices, compared: 346) { |model| exact_prices(model) }).to be_empty
    end

    it "have openrouter's modalities and no others" do
      expect(differences(recorded.listed, :input, compared: 348) { |model| model.modalities.input.sort }).to be_empty
      expect(differences(recorded.listed, :output, compared: 348) { |model| model.modalities.output.sort }).to be_empty
    end

    it "have mistral's dates of retirement and what replaces them" do
      ends = recorded.rows("mistral").count { |row| row["deprecation"] }

      expect(differences(recorded.listed, :retires_at, compared: ends, &:retires_at)).to be_empty
      expect(differences(recorded.listed, :replacement, compared: ends, &:replacement)).to be_empty
    end

    it "are kin to mistral's aliases of them" do
      wrong = recorded.listed.select { |_, facts| facts[:aliases] }.reject do |key, facts|
        (facts[:aliases] - models.fetch(key).kin - [key.last]).empty?
      end

      expect(wrong).to be_empty
    end

    it "have anthropic's, gemini's and openrouter's names" do
      expect(differences(recorded.listed, :name, compared: 9 + 50 + 348, &:name)).to be_empty
    end
  end

  describe "as models.dev states them, where the provider does not" do
    it "have their context windows" do
      compared = left_to_the_catalogue.count { |_, facts| facts[:context_window] }

      expect(differences(left_to_the_catalogue, :context_window, compared: compared, &:context_window)).to be_empty
      expect(compared).to be > 400
    end

    it "have their limits of input" do
      expect(differences(recorded.catalogued, :max_input_tokens, compared: 54, &:max_input_tokens)).to be_empty
    end

    it "have their output limits" do
      compared = left_to_the_catalogue.count { |_, facts| facts[:max_output_tokens] }

      expect(differences(left_to_the_catalogue, :max_output_tokens, compared: compared, &:max_output_tokens))
        .to be_empty
      expect(compared).to be > 450
    end

    it "have their prices with all steps, to the last digit" do
      compared = left_to_the_catalogue.count { |_, facts| facts[:prices] }

      expect(differences(left_to_the_catalogue, :prices, compared: compared) { |model| exact_prices(model) })
        .to be_empty
      expect(compared).to be > 400
    end

    it "have their dates of release" do
      compared = left_to_the_catalogue.count { |_, facts| facts[:created_at] }

      expect(differences(left_to_the_catalogue, :created_at, compared: compared, &:created_at)).to be_empty
      expect(compared).to be > 500
    end

    it "have their knowledge cutoffs, whether of a month or of a day" do
      expect(differences(recorded.catalogued, :knowledge_cutoff, compared: 568) { |model|
        [model.knowledge_cutoff, model.knowledge_cutoff_precision]
      }).to be_empty
      expect(recorded.catalogued.each_value.filter_map { |facts| facts.dig(:knowledge_cutoff, 1) }.tally)
        .to eq(month: 264, day: 304)
    end

    it "have their modalities, when no provider lists them" do
      facts = unlisted_facts

      expect(differences(facts, :input, compared: facts.size) { |model| model.modalities.input.sort }).to be_empty
      expect(differences(facts, :output, compared: facts.size) { |model| model.modalities.output.sort }).to be_empty
    end
  end

  describe "what nobody states" do
    it "is unknown, or a kin's and marked so" do
      wrong = %i[context_window max_input_tokens max_output_tokens].flat_map do |field|
        recorded.keys.reject { |key| recorded.stated(key, field) }.filter_map do |key|
          model = models.fetch(key)
          shown = model.public_send(field)
          of_kin = model.kin.map { |id| recorded.stated([model.provider, id], field) }
          [key, field, shown] if shown && !(model.send(:origin, field) == :alias && of_kin.include?(shown))
        end
      end

      expect(wrong).to be_empty
    end

    it "has no price, or a kin's" do
      wrong = recorded.keys.reject { |key| recorded.stated(key, :prices) }.filter_map do |key|
        model = models.fetch(key)
        of_kin = model.kin.map { |id| recorded.stated([model.provider, id], :prices) }
        if model.prices.any? && !(model.send(:origin, :pricing) == :alias && of_kin.include?(exact_prices(model)))
          [key, exact_prices(model)]
        end
      end

      expect(wrong).to be_empty
    end

    it "has no date" do
      wrong = recorded.keys.reject { |key| recorded.stated(key, :created_at) }.select do |key|
        models.fetch(key).created_at
      end

      expect(wrong).to be_empty
    end

    it "has no knowledge cutoff" do
      wrong = recorded.keys.reject { |key| recorded.stated(key, :knowledge_cutoff) }.select do |key|
        models.fetch(key).knowledge_cutoff
      end

      expect(wrong).to be_empty
    end
  end

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
      expect(mini.prices).to include(have_attributes(category: :images, unit: :image, amount: BigDecimal("0.000217")))
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
        .to include(have_attributes(category: :web_searches, amount: BigDecimal("0.01"), unit: :request))
      expect(five.capabilities)
        .to include("function_calling", "tool_choice", "structured_output", "reasoning", "vision")
      expect(five.denied_capabilities).to include("parallel_tool_calls")
    end

    it "has deepseek-chat, of which deepseek states but the id" do
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

  describe "as chat models" do
    # What the ids of these providers tell a person. Not read by the code under test in this form.
    other_than_chat = {
      "openai" => /embedding|tts|whisper|transcribe|dall-e|image|sora|moderation|realtime/,
      "gemini" => /embedding|tts|imagen|veo|live|native-audio/,
      "mistral" => /embed|moderation|ocr|transcribe/
    }

    other_than_chat.each do |provider, pattern|
      it "are none of #{provider}'s for embeddings, speech, transcription, images, video, moderation or realtime" do
        chat = registry.chat_models.by_provider(provider).listed.map(&:id)
        others = recorded.listed.keys.filter_map { |of, id| id if of == provider && id.match?(pattern) }
        others -= %w[gemini-2.5-flash-image gemini-2.5-flash-image-preview gemini-3-pro-image-preview]

        expect(others.size).to be > 10
        expect(chat & others).to be_empty
      end
    end

    it "are none whose stated output has no text" do
      silent = recorded.keys.select { |key| (output = recorded.stated(key, :output)) && !output.include?("text") }

      expect(silent.size).to be > 10
      expect(registry.chat_models.map { |model| [model.provider, model.id] } & silent).to be_empty
    end

    it "are all of openrouter's, anthropic's and deepseek's lists" do
      chat = registry.chat_models.listed

      expect(chat.group_by(&:provider).transform_values(&:size))
        .to include("openrouter" => 348, "anthropic" => 9, "deepseek" => 2, "ollama" => 3)
    end

    it "are those that write, also when they hear, speak, paint or search" do
      expect(registry.chat_models.map(&:id)).to include(
        "gpt-4.1", "gpt-4o-audio-preview", "gpt-audio", "gpt-5-search-api",
        "o3-deep-research", "gemini-2.5-pro", "gemini-2.5-flash-image",
        "gemma-3-27b-it", "voxtral-small-2507", "codestral-2508", "pixtral-large-2411"
      )
    end
  end
end
