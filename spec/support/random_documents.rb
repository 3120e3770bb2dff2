# frozen_string_literal: true

require "json"

# Random answers of sources, the same for the same seed: of the right shape at the top, of any below. Real names are
# mixed with nonsense, so that readers find something to take; numbers, texts and nesting go to the edges of what JSON
# can say.
#
# @example
#   RandomDocuments.new(1).to_h["openai"]  # => "{\"data\":[…]}"
class RandomDocuments
  # Where each source's rows stand, and what the id of a row is called there.
  SHAPES = {
    "openai" => %w[data id], "anthropic" => %w[data id],
    "mistral" => %w[data id], "openrouter" => %w[data id], "xai" => %w[data id],
    "perplexity" => %w[data id], "ollama" => %w[data id],
    "gemini" => %w[models name], "cohere" => %w[models name], "azure" => %w[data id],
    "bedrock" => %w[modelSummaries modelId], "vertexai" => %w[publisherModels name], "elevenlabs" => [nil, "model_id"],
    "file" => [nil, "id"], "published" => [nil, "id"], "models_dev" => %w[* id]
  }.freeze
  NAMES = %w[
    id name family display_name displayName created created_at context_length context_window max_context_length
    inputTokenLimit outputTokenLimit max_output_tokens max_tokens limit context input output cost pricing prompt
    completion cache_read input_cache_read image request tiers tier size type capabilities supported_parameters
    features modalities architecture input_modalities output_modalities endpoints aliases canonical_slug
    deprecation deprecation_replacement_model knowledge knowledge_cutoff release_date last_updated tool_call
    reasoning attachment status metadata unlisted_at provider lifecycle modelLifecycle inputModalities
    outputModalities top_provider standard text_tokens images input_per_million output_per_million long_context
    long_context_threshold batch audio_tokens cached_input_per_million description source open_weights
  ].freeze
  TEXTS = ["text", "image", "audio", "embeddings", "tools", "reasoning",
    "streaming", "vision", "batch", "chat", "embed", "active", "LEGACY", "TEXT",
    "2025", "2025-06", "2025-06-30", "2025-06-30T12:00:00.5+02:00",
    "1969-12-31", "0001-01-01", "9999-12-31T23:59:59Z", "0.08333333333333334",
    "0.00000015", "0", "-1", "1e-300", "123456789012345678", "0.1", "openai",
    "models.dev", "", " ", "\u2028 \u{1f600}", "a\nb\u0001\u007f", "q\"\\/",
    "gpt-4.1", "gpt-4.1-2025-04-14", "context"].freeze
  NUMBERS = %w[
    0 1 -1 200000 1.5 0.1 1.50 -0 0.0 1E+5 1e-300 1e999 -1e999 1700000000 253402300799 9223372036854775807
    9223372036854775808 0.08333333333333334 123456789012345678 1234567890123456789 3e-7 1e400 5e-400 1e-400
  ].freeze

  DATES = [
    "2025", "2025-06", "2025-06-30", "2025-06-30T12:00:00.5+02:00", "1969-12-31", "0001-01-01", "9999-12-31T23:59:59Z"
  ].freeze
  # Numbers of tokens, and amounts of money as far as a price can tell them.
  TOKENS = %w[1 128000 1048576 8.192e3 999999999999999999 9e18 0 -1].freeze
  AMOUNTS = %w[
    0 2 0.1 1.50 0.08333333333333334 3e-7 123456789012345678 0.000000000000000123 5e-400 1e400 1e-300 -1 2500000
  ].freeze
  KINDS = %w[text image audio pdf video file embeddings moderation rerank judgment].freeze
  ABILITIES = %w[
    streaming function_calling structured_output batch reasoning vision citations tools response_format tool_choice
  ].freeze

  TIER = ->(from) { from.object(%w[input_per_million output_per_million cached_input_per_million], AMOUNTS) }
  TIERS = ->(from) { from.object(%w[standard batch long_context long_context_threshold]) }
  AMOUNT = ->(from) { JSON.generate(from.pick(AMOUNTS)) }
  DATE = ->(from) { JSON.generate(from.pick(DATES)) }
  LIMIT = ->(from) { from.pick(TOKENS) }

  # What a reader looks for under a name.
  FACTS = {
    "cost" => ->(from) { from.steps(%w[input output cache_read cache_write reasoning input_audio]) },
    "pricing" => lambda do |from|
      from.object(from.pick([%w[prompt completion image request input output], %w[text_tokens images audio_tokens]]))
    end,
    "text_tokens" => TIERS, "images" => TIERS, "audio_tokens" => TIERS,
    "standard" => TIER, "batch" => TIER, "long_context" => TIER,
    "prompt" => AMOUNT, "completion" => AMOUNT, "image" => AMOUNT, "request" => AMOUNT,
    "limit" => ->(from) { from.object(%w[context input output], TOKENS) },
    "long_context_threshold" => LIMIT, "context_length" => LIMIT,
    "context_window" => LIMIT, "max_context_length" => LIMIT, "max_output_tokens" => LIMIT, "inputTokenLimit" => LIMIT,
    "modalities" => ->(from) { "{\"input\":#{from.list(KINDS)},\"output\":#{from.list(KINDS)}}" },
    "architecture" =>
      ->(from) { "{\"input_modalities\":#{from.list(KINDS)},\"output_modalities\":#{from.list(KINDS)}}" },
    "capabilities" => ->(from) { from.pick([from.list(ABILITIES), from.object(ABILITIES, %w[true false])]) },
    "supported_parameters" => ->(from) { from.list(ABILITIES) },
    "aliases" => ->(from) { from.list(Array.new(20) { |number| "gpt-#{number}" }) },
    "deprecation_replacement_model" => ->(from) { JSON.generate("gpt-#{from.pick(%w[1 2 3])}") },
    "family" => ->(from) { JSON.generate(from.pick(%w[gpt embed claude])) },
    "created_at" => DATE, "knowledge" => DATE, "knowledge_cutoff" => DATE,
    "release_date" => DATE, "deprecation" => DATE, "unlisted_at" => DATE
  }.freeze

  # @return [Integer] when they were fetched: seconds, before 1970 too
  attr_reader :time

  def initialize(seed)
    @random = Random.new(seed)
    @time = @random.rand(-1_000_000..2_000_000_000)
  end

  # @return [Hash{String => String}]
  def to_h
    SHAPES.to_h { |slug, (key, id)| [slug, document(key, id)] }
  end

  def pick(list)
    list[@random.rand(list.size)]
  end

  # Some of the names, each with what it stands for, or with one of the values.
  def object(names, values = nil)
    "{#{members(names, values).join(",")}}"
  end

  def list(words)
    JSON.generate(words.select { rand(4).zero? })
  end

  # Prices, and sometimes others for longer requests.
  def steps(names)
    step = "{#{[*members(names, AMOUNTS), "\"tier\":{\"type\":\"context\",\"size\":#{pick(TOKENS)}}"].join(",")}}"
    "{#{[*members(names, AMOUNTS), "\"tiers\":[#{step if rand(2).zero?}]"].join(",")}}"
  end

  private

  def members(names, values)
    names.select { rand(3).positive? }.map { |name| "#{JSON.generate(name)}:#{values ? pick(values) : fact(name, 1)}" }
  end

  # Mostly what belongs under that name.
  def fact(name, depth)
    (FACTS.key?(name) && rand(4).positive?) ? FACTS[name][self] : value(depth)
  end

  def document(key, id)
    rows = Array.new(rand(5..40)) { row(id) }
    case key
    when nil then "[#{rows.join(",")}]"
    when "*"
      pairs = rows.each_with_index.map { |row, at| "#{JSON.generate("m#{at}")}:#{row}" }
      "{\"openai\":{\"models\":{#{pairs.join(",")}}}}"
    else "{#{JSON.generate(key)}:[#{rows.join(",")}]}"
    end
  end

  # The id last, where it counts if the key comes twice.
  def row(id)
    members = Array.new(rand(0..20)) { pick(NAMES).then { |name| "#{JSON.generate(name)}:#{fact(name, 4)}" } }
    members << "\"provider\":#{JSON.generate(pick(%w[openai xai local]))}"
    members << "#{JSON.generate(id)}:#{JSON.generate("#{pick(%w[gpt m models/x a/b])}-#{rand(60)}")}"
    "{#{members.join(",")}}"
  end

  def value(depth)
    case rand(depth.zero? ? 7 : 12)
    when 0 then "null"
    when 1, 2 then pick(%w[true false])
    when 3, 4 then pick(NUMBERS)
    when 5, 6 then JSON.generate(pick(TEXTS))
    when 7 then "[#{Array.new(rand(5)) { JSON.generate(pick(TEXTS)) }.join(",")}]"
    when 8, 9 then "[#{Array.new(rand(4)) { value(depth - 1) }.join(",")}]"
    else
      pairs = Array.new(rand(5)) do
        "#{JSON.generate(rand(6).zero? ? pick(TEXTS) : pick(NAMES))}:#{value(depth - 1)}"
      end
      "{#{pairs.join(",")}}"
    end
  end

  def rand(range)
    @random.rand(range)
  end
end
