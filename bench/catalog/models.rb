# frozen_string_literal: true

require "json"

# Made-up models, the same in every run: registry files of the ruby_llm gem's format, of any size.
class Models
  PROVIDERS = %w[
    openai anthropic gemini mistral deepseek cohere perplexity xai vertexai bedrock openrouter azure
  ].freeze
  FAMILIES = %w[gpt claude gemini mistral llama qwen command sonar].freeze
  OUTPUTS = ([%w[text]] * 7 + [%w[embeddings], %w[image], %w[audio]]).freeze
  CAPABILITIES = %w[function_calling structured_output vision reasoning streaming batch].freeze
  ALIAS = "claude-haiku-4-5" # in the gem's own list of aliases, for
  ALIASED = "claude-haiku-4-5-20251001"

  def initialize(count, seed: 42)
    @count = count
    @random = Random.new(seed)
  end

  # A model a line, so that no size is ever in memory whole.
  def write(path)
    File.open(path, "w") do |file|
      file.write("[\n", JSON.generate(record(ALIASED, "anthropic", %w[text])))
      (1...@count).each do |number|
        file.write(",\n", JSON.generate(record(id(number), pick(PROVIDERS), pick(OUTPUTS))))
      end
      file.write("\n]\n")
    end
  end

  # @return [Array<String>] ids from all over the file
  def self.some_ids(count, amount, seed: 7)
    random = Random.new(seed)
    Array.new(amount) { id(1 + random.rand(count - 1)) }
  end

  def self.id(number)
    "#{FAMILIES[number % FAMILIES.size]}-model-#{number}"
  end

  private

  def id(number)
    self.class.id(number)
  end

  def pick(list)
    list[@random.rand(list.size)]
  end

  def record(id, provider, output)
    price = @random.rand(1..400) / 20.0
    {
      id: id, name: id.split("-").map(&:capitalize).join(" "), provider: provider, family: id[/\A[^-]+/],
      created_at: Time.at(1_680_000_000 + @random.rand(80_000_000)).utc.to_s, context_window: 2**@random.rand(12..20),
      max_output_tokens: 2**@random.rand(10..16),
      knowledge_cutoff: format("20%02d-%02d-01", @random.rand(23..25), @random.rand(1..12)),
      modalities: {input: (output == %w[text]) ? %w[text image] : %w[text], output: output},
      capabilities: CAPABILITIES.sample(3, random: @random),
      pricing: {text_tokens: {standard: {
        input_per_million: price, output_per_million: price * 4, cache_read_input_per_million: price / 10
      }}},
      metadata: {
        source: "models.dev", open_weights: @random.rand(2).zero?, status: "active", owned_by: provider, object: "model"
      }
    }
  end
end
