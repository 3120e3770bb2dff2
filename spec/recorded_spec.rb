# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/recorded_answers"

# What providers really answered one day, over HTTP, fact by fact against a second reader that shares no line with ours.
RSpec.describe "the recorded answers", :payloads do
  include_context "with the recorded answers"

  # Where the registry says other than what is stated. `compared` guards against comparing nothing.
  def differences(facts, field, compared:)
    stated = facts.filter_map { |key, fact| [key, fact[field]] if fact.key?(field) }
    expect(stated.size).to eq(compared)
    stated.filter_map do |key, expected|
      shown = yield(models.fetch(key))
      {model: key.join("/"), stated: expected, shown: shown} unless shown == expected
    end
  end

  # Of the standard tier: recorded_controls_spec.rb has the others.
  def exact_prices(model)
    model.prices.select { |price| price.origin == model.origin(:pricing) && price.tier == :standard }
      .map { |price| [price.meter, price.threshold || 0, price.unit, price.amount] }
      .sort_by { |price| price.first(3).map(&:to_s) }
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
        openai: 118, anthropic: 9, gemini: 50, mistral: 66, deepseek: 2, openrouter: 348, ollama: 3, models_dev: 5276
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

    it "are equivalent to mistral's aliases of them" do
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

    it "has no price, or an equivalent id's" do
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
