# frozen_string_literal: true

require "json"

module Bench
  # Made-up models, the same in every run, as the ruby_llm gem's registry files have them: any number of them.
  class MadeUpModels
    include Enumerable

    PROVIDERS = %w[
      openai anthropic gemini mistral deepseek cohere perplexity xai vertexai bedrock openrouter azure
    ].freeze
    FAMILIES = %w[gpt claude gemini mistral llama qwen command sonar].freeze
    OUTPUTS = ([%w[text]] * 7 + [%w[embeddings], %w[image], %w[audio]]).freeze
    CAPABILITIES = %w[function_calling structured_output vision reasoning streaming batch].freeze

    # @return [String] of that model
    def self.id(number)
      "#{FAMILIES[number % FAMILIES.size]}-model-#{number}"
    end

    def initialize(count)
      @count = count
    end

    def each
      random = Random.new(42)
      @count.times { |number| yield model(self.class.id(number), random) }
    end

    private

    def model(id, random)
      provider, output = [PROVIDERS, OUTPUTS].map { |list| list.sample(random: random) }
      price = random.rand(1..400) / 20.0
      {
        id: id, name: id.split("-").map(&:capitalize).join(" "), provider: provider, family: id[/\A[^-]+/],
        created_at: Time.at(1_680_000_000 + random.rand(80_000_000)).utc.to_s, context_window: 2**random.rand(12..20),
        max_output_tokens: 2**random.rand(10..16),
        knowledge_cutoff: format("20%02d-%02d-01", random.rand(23..25), random.rand(1..12)),
        modalities: {input: (output == %w[text]) ? %w[text image] : %w[text], output: output},
        capabilities: CAPABILITIES.sample(3, random: random),
        pricing: {text_tokens: {standard: {
          input_per_million: price, output_per_million: price * 4, cache_read_input_per_million: price / 10
        }}},
        metadata: {
          source: "models.dev", open_weights: random.rand(2).zero?, status: "active", owned_by: provider,
          object: "model"
        }
      }
    end
  end
end
