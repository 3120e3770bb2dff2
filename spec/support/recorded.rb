# frozen_string_literal: true

require "bigdecimal"
require "date"
require "json"
require "time"

# Recorded answers of the providers, read a second time in plain Ruby: what the registry's facts are held against.
#
# Nothing here knows the code under test; what each field means is the providers' documentation. A fact that nobody
# states is not in the Hash. Models are keyed by provider and id.
#
# @example
#   recorded = Recorded.new { |path| File.read(path) }
#   recorded.listed[%w[openrouter openai/gpt-4o-mini]][:context_window]  # => 128000
class Recorded
  DATE = "2026-01-13"
  PROVIDERS = %w[openai anthropic gemini mistral deepseek openrouter ollama].freeze
  MODELS_DEV = "models_dev/2026-07-02.json"

  # What models.dev calls the providers that the registry knows.
  NAMES = {
    "openai" => "openai", "anthropic" => "anthropic", "google" => "gemini",
    "google-vertex" => "vertexai", "google-vertex-anthropic" => "vertexai",
    "amazon-bedrock" => "bedrock",
    "azure" => "azure", "cohere" => "cohere", "deepseek" => "deepseek",
    "mistral" => "mistral", "openrouter" => "openrouter",
    "ollama-cloud" => "ollama_cloud", "perplexity" => "perplexity", "perplexity-agent" => "perplexity", "xai" => "xai"
  }.freeze

  # OpenRouter's prices: texts in dollars for one token, or for one image, request or search. What a model does not do
  # costs "0" there.
  TOKEN_PRICES = {
    "prompt" => :input, "completion" => :output,
    "input_cache_read" => :cache_read, "input_cache_write" => :cache_write
  }.freeze
  OTHER_PRICES = {
    "internal_reasoning" => [:reasoning, :million_tokens], "audio" => [:audio_input, :million_tokens],
    "image" => %i[image_read image], "request" => %i[request request], "web_search" => %i[web_search request]
  }.freeze

  # models.dev's prices: numbers in dollars for a million tokens.
  COSTS = {
    "input" => :input, "output" => :output, "cache_read" => :cache_read, "cache_write" => :cache_write,
    "reasoning" => :reasoning, "input_audio" => :audio_input, "output_audio" => :audio_output
  }.freeze

  # @yieldparam path [String] of a recorded answer
  # @yieldreturn [String] its bytes
  def initialize(&read)
    @read = read
  end

  # @return [String] the answer as it came
  def body(source)
    @read.call((source == "models_dev") ? MODELS_DEV : "#{DATE}/#{source}.json")
  end

  # @return [Array<Hash>] the rows of a provider's answer as they stand
  def rows(source)
    answer = parse(source)
    answer["data"] || answer["models"]
  end

  # @return [Hash{Array<String> => Hash}] what each provider states of its models
  def listed
    @listed ||= PROVIDERS.each_with_object({}) do |source, facts|
      rows(source).each do |row|
        id, stated = send(source, row)
        facts[[source, id]] = unite(facts[[source, id]], stated.compact)
      end
    end
  end

  # @return [Hash{Array<String> => Hash}] what models.dev states of the models of the providers in {NAMES}
  def catalogued
    @catalogued ||= parse("models_dev").slice(*NAMES.keys).flat_map { |name, provider|
      provider["models"].map { |id, row| [[NAMES[name], id], models_dev(id, row).compact] }
    }.to_h
  end

  # @return [Array<Array<String>>] all models, whichever source states them
  def keys
    listed.keys | catalogued.keys
  end

  # The provider speaks first.
  #
  # @return [Object, nil] what is stated of that field
  def stated(key, field)
    listed.dig(key, field) || catalogued.dig(key, field)
  end

  private

  def parse(source)
    JSON.parse(body(source), decimal_class: BigDecimal)
  end

  def openai(row)
    [row["id"], {created_at: Time.at(row["created"]).utc}]
  end

  def ollama(row)
    [row["id"], {created_at: Time.at(row["created"]).utc}]
  end

  def deepseek(row)
    [row["id"], {}]
  end

  def anthropic(row)
    [row["id"], {name: row["display_name"], created_at: Time.iso8601(row["created_at"])}]
  end

  def gemini(row)
    [row["name"].delete_prefix("models/"), {
      name: row["displayName"], context_window: tokens(row["inputTokenLimit"]),
      max_output_tokens: tokens(row["outputTokenLimit"])
    }]
  end

  # `created` is the time of the request.
  def mistral(row)
    [row["id"], {
      context_window: tokens(row["max_context_length"]), aliases: row["aliases"],
      retires_at: row["deprecation"] && Time.iso8601(row["deprecation"]),
      replacement: row["deprecation_replacement_model"]
    }]
  end

  def openrouter(row)
    [row["id"], {
      name: row["name"], created_at: Time.at(row["created"]).utc, context_window: tokens(row["context_length"]),
      max_output_tokens: tokens(row["top_provider"]["max_completion_tokens"]),
      prices: openrouter_prices(row["pricing"]),
      input: row["architecture"]["input_modalities"].sort, output: row["architecture"]["output_modalities"].sort
    }]
  end

  # A price of -1 is that of a router, which has none of its own.
  def openrouter_prices(pricing)
    return if pricing["prompt"] == "-1"

    prices = TOKEN_PRICES.filter_map do |key, meter|
      [meter, 0, :million_tokens, BigDecimal(pricing[key]) * 1_000_000] if pricing[key]
    end
    prices += OTHER_PRICES.filter_map do |key, (meter, unit)|
      amount = BigDecimal(pricing.fetch(key, "0"))
      [meter, 0, unit, (unit == :million_tokens) ? amount * 1_000_000 : amount] unless amount.zero?
    end
    sorted(prices)
  end

  def models_dev(id, row)
    limit = row["limit"]
    {
      context_window: tokens(limit["context"]), max_input_tokens: tokens(limit["input"]),
      max_output_tokens: tokens(limit["output"]),
      created_at: moment(row["release_date"])&.first,
      knowledge_cutoff: cutoff(row["knowledge"]), prices: models_dev_prices(row["cost"]),
      input: row["modalities"]["input"].sort, output: models_dev_output(id, row)
    }
  end

  # The vectors of embedding models are called text there, and so is the JSON round an image.
  def models_dev_output(id, row)
    return ["embeddings"] if "#{row["family"]} #{id}".include?("embed")
    return ["image"] if row["family"] == "gpt-image"

    (row["modalities"]["output"] - %w[pdf file]).sort # nothing writes files of these kinds: a slip for input
  end

  def models_dev_prices(cost)
    return unless cost

    steps = [[cost, 0]] + cost.fetch("tiers", []).map { |tier| [tier, tier["tier"]["size"]] }
    sorted(steps.flat_map { |prices, threshold|
      COSTS.filter_map do |key, meter|
        [meter, threshold, :million_tokens, BigDecimal(prices[key].to_s)] if prices[key]
      end
    })
  end

  def sorted(prices)
    prices.sort_by { |price| price.first(3).map(&:to_s) }
  end

  # Zero stands for a limit that nobody knows.
  def tokens(number)
    number if number&.positive?
  end

  def cutoff(text)
    time, precision = moment(text)
    [time.to_date, precision] if time
  end

  def moment(text)
    return if text.nil? || text.empty?

    parts = text.split("-").map(&:to_i)
    [Time.utc(*parts), %i[year month day][parts.size - 1]] if Date.valid_date?(*parts, *([1] * (3 - parts.size)))
  end

  # A listing may have an id twice.
  def unite(one, other)
    return other unless one

    one.merge(other) do |field, left, right|
      case field
      when :aliases then left | right
      when :context_window then [left, right].max
      else left
      end
    end
  end
end
