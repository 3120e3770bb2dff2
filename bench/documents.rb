# frozen_string_literal: true

require "json"
require_relative "made_up_models"
require_relative "../spec/support/payloads"
require_relative "../spec/support/recorded"
require_relative "../spec/support/replay_server"

module Bench
  # What is measured with: the recorded documents where they are, else made-up ones of the same size.
  module Documents
    PUBLISHED = "published/2026-08-19.json"
    COUNT = 1637 # models in it
    RECORDED = [*Recorded::PROVIDERS, "models_dev"].freeze
    SOURCES = ReplayServer::PATHS.keys.freeze

    # Names that apps ask for, of models that the published list has; some have one provider, others several.
    NAMES = [
      %w[gpt-4.1-mini openai], %w[gpt-4o openai], %w[gpt-5 openai], %w[claude-haiku-4-5 anthropic],
      %w[claude-sonnet-4-6 anthropic], %w[gemini-2.5-flash gemini], %w[deepseek-chat deepseek],
      %w[mistral-small-latest mistral], %w[grok-4.3 xai], %w[sonar perplexity]
    ].freeze

    module_function

    def kind
      Payloads.there? ? "recorded" : "made up"
    end

    # @return [Array<Hash>] as in a registry file of the ruby_llm gem
    def models
      return JSON.parse(Payloads.payload(PUBLISHED)) if Payloads.there?

      MadeUpModels.new(COUNT).map { |model| JSON.parse(JSON.generate(model)) }
    end

    # The models, or so many of them and of copies of them.
    #
    # @param change [Integer] how many get another price
    def write_registry(path, count = COUNT, change: 0)
      rows = models.cycle.first(count).each_with_index.map do |model, number|
        (number < COUNT) ? model : model.merge("id" => "#{model["id"]}-copy-#{number / COUNT}")
      end
      rows.first(change).each { |model| model["context_window"] = model["context_window"].to_i + 1 }
      File.write(path, JSON.generate(rows))
    end

    # The models that {names} may mean, and no others.
    def write_named(path)
      ids = names.map(&:first)
      File.write(path, JSON.generate(models.select { |model| ids.include?(model["id"]) }))
    end

    # @return [Array<Array<String>>] ids, each with a provider
    def names
      return NAMES if Payloads.there?

      models.first(NAMES.size).map { |model| model.values_at("id", "provider") }
    end

    # @return [Array<String>] those of {names} that one provider has alone
    def single_names
      providers = models.group_by { |model| model["id"] }
      names.map(&:first).select { |id| providers.fetch(id).size == 1 }
    end

    # What a source answers to its first request. It names no further page: the delay of that one would be added.
    #
    # @return [String]
    def answer(source)
      return published if source == "published"
      return unpaged(Recorded.new { |path| Payloads.payload(path) }.body(source)) if recorded?(source)

      name = %w[good page_2].find { |each| File.exist?(File.join(ReplayServer::FIXTURES, source, "#{each}.json")) }
      text = ReplayServer::Answer.fixture("#{source}/#{name}")
      (source == "models_dev") ? JSON.generate(grown(JSON.parse(text))) : text
    end

    def recorded?(source)
      Payloads.there? && RECORDED.include?(source)
    end

    def published
      Payloads.there? ? Payloads.payload(PUBLISHED) : JSON.generate(models)
    end

    def unpaged(text)
      text.include?('"nextPageToken"') ? JSON.generate(JSON.parse(text).except("nextPageToken")) : text
    end

    # The fixture of models.dev with 240 of each model, some 5,000.
    def grown(document)
      document.transform_values do |provider|
        copies = provider.fetch("models").values.product(Array(1..240)).to_h do |model, number|
          id = "#{model["id"]}-copy-#{number}"
          [id, model.merge("id" => id)]
        end
        provider.merge("models" => copies)
      end
    end
    private_class_method :recorded?, :published, :unpaged, :grown
  end
end
