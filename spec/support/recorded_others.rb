# frozen_string_literal: true

require_relative "recorded"

# The recorded answers that {Recorded} does not read: those of another day, and of sources with several listings.
#
# Shares no line with the code under test. A fact that nobody states is not in the Hash; models are keyed by their id.
#
# @example
#   others = RecordedOthers.new("2026-01-13") { |path| File.read(path) }
#   others.bedrock["us.amazon.nova-2-lite-v1:0"][:context_window]  # => 1000000
class RecordedOthers < Recorded
  MANTLE = "2026-08-19/bedrock_mantle.json"
  PERPLEXITY = "2026-08-10/perplexity.json"
  EMPTY_PROFILES = '{"inferenceProfileSummaries": []}'

  MODALITIES = {
    "TEXT" => "text", "IMAGE" => "image", "SPEECH" => "audio", "VIDEO" => "video", "EMBEDDING" => "embeddings"
  }.freeze
  LIVES = {"ACTIVE" => :active, "LEGACY" => :deprecated, "GA" => :active, "PUBLIC_PREVIEW" => :preview}.freeze
  PERPLEXITY_PRICES = {
    "input" => :input, "output" => :output, "cache_read" => :cache_read, "cache_write" => :cache_write
  }.freeze

  attr_reader :date

  # @param date [String] of the day on which they were recorded
  def initialize(date, &read)
    super(&read)
    @date = date
  end

  # @return [String] the answer as it came
  def body(source)
    case source
    when "mantle" then @read.call(MANTLE)
    when "perplexity" then @read.call(PERPLEXITY)
    when "models_dev" then super
    else @read.call("#{date}/#{source}.json")
    end
  end

  # @return [Array<Hash>] the rows of an answer as they stand
  def rows(source)
    answer = parse(source)
    %w[data models modelSummaries publisherModels items].filter_map { |key| answer[key] }.first
  end

  # @return [Hash{String => Array<String>}] every fact that the rows have by name ("pricing.input"), down to two levels
  def names(source)
    rows(source).flat_map { |row|
      row.flat_map do |name, value|
        (value.is_a?(Hash) && !value.empty?) ? value.keys.map { |inner| "#{name}.#{inner}" } : [name]
      end
    }.uniq
  end

  # Without any inference profile: in us-west-2 a model that is served through one only is called "us.…".
  #
  # @return [Hash{String => Hash}] what both of Bedrock's lists state
  def bedrock
    @bedrock ||= begin
      foundation = rows("bedrock").to_h { |row| [bedrock_id(row), bedrock_row(row).compact] }
      foundation.merge(mantle) { |_, stated, mantle| mantle.merge(stated) }
    end
  end

  # @return [Hash{String => Hash}] what Bedrock's second catalogue states
  def mantle
    rows("mantle").to_h { |row| [row["id"], {created_at: Time.at(row["created"]).utc}] }
  end

  # @return [Array<Hash>] the rows of models that are served through an inference profile only
  def bedrock_by_profile
    rows("bedrock").select do |row|
      (row["inferenceTypesSupported"] & %w[INFERENCE_PROFILE ON_DEMAND]) == ["INFERENCE_PROFILE"]
    end
  end

  # @return [Hash{String => Hash}]
  def perplexity
    rows("perplexity").to_h do |row|
      raise "another unit: #{row["pricing"]["unit"]}" unless row["pricing"]["unit"] == "usd_per_1m_tokens"

      [row["id"], {prices: sorted(PERPLEXITY_PRICES.filter_map { |key, meter|
        [meter, 0, :million_tokens, BigDecimal(row["pricing"][key].to_s)] if row["pricing"][key]
      })}]
    end
  end

  # Cards of models that are served: Google's own are Geminis and embeddings.
  #
  # @return [Hash{String => Hash}]
  def vertexai
    served = rows("vertexai").select { |row| row["name"].split("/").last.match?(/\Agemini|embedding/) }
    served.to_h do |row|
      [row["name"].split("/").last, {status: LIVES[row["launchStage"]], version: row["versionId"]}.compact]
    end
  end

  # @return [Hash{String => Hash}]
  def gpustack
    rows("gpustack").to_h do |row|
      meta = row["meta"]
      capabilities = {"support_tool_calls" => "function_calling",
                      "support_parallel_tool_calls" => "parallel_tool_calls",
                      "support_reasoning" => "reasoning", "support_vision" => "vision"}
      [row["name"], {created_at: Time.iso8601(row["created_at"]), context_window: meta["n_ctx"],
                     capabilities: capabilities.filter_map { |flag, name| name if meta[flag] }.sort}]
    end
  end

  # @return [Hash{Array<String> => Hash}] the dates of models.dev, each with how exactly it is stated
  def catalogued_dates
    parse("models_dev").slice(*NAMES.keys).flat_map { |name, provider|
      provider["models"].map do |id, row|
        cutoff, precision = moment(row["knowledge"])
        [[NAMES[name], id], {created_at: moment(row["release_date"]),
                             knowledge_cutoff: cutoff && [cutoff, precision]}.compact]
      end
    }.to_h
  end

  private

  def bedrock_id(row)
    bedrock_by_profile_ids.include?(row["modelId"]) ? "us.#{row["modelId"]}" : row["modelId"]
  end

  def bedrock_by_profile_ids
    @bedrock_by_profile_ids ||= bedrock_by_profile.map { |row| row["modelId"] }
  end

  def bedrock_row(row)
    documents = row.dig("converse", "userDocumentTypesSupported") || []
    {
      name: row["modelName"], family: row["modelFamily"] || row["providerName"].downcase,
      created_at: row.dig("description", "releaseDate")&.then { |text| Time.iso8601(text) },
      context_window: size(row.dig("description", "maxContextWindow")) || size(row["modelId"][/:\d+:(\d+k?)\z/, 1]),
      max_output_tokens: row.dig("converse", "maxTokensMaximum"), status: LIVES.fetch(row["modelLifecycle"]["status"]),
      retires_at: row["modelLifecycle"]["endOfLifeTime"],
      input: [*words(row["inputModalities"]), *("pdf" if documents.include?("pdf"))].sort,
      output: row["modelId"].include?("rerank") ? ["rerank"] : words(row["outputModalities"]),
      capabilities: bedrock_capabilities(row)
    }
  end

  def bedrock_capabilities(row)
    {
      "streaming" => row["responseStreamingSupported"],
      "reasoning" => row.dig("converse", "reasoningSupported", "embedded"),
      "caching" => row.dig("explicitPromptCaching", "isSupported"),
      "batch" => row.dig("batchSupported", "baseModelSupported"),
      "fine_tuning" => row["customizationsSupported"]&.include?("FINE_TUNING"),
      "distillation" => row["customizationsSupported"]&.include?("DISTILLATION"),
      "image_generation" => row["outputModalities"] == ["IMAGE"],
      "realtime" => row["modelId"].include?("sonic")
    }.select { |_, stated| stated == true }.keys.sort
  end

  def words(modalities)
    modalities.map { |word| MODALITIES.fetch(word) }.sort
  end

  # "200K", "1M", "163,840": K is a thousand.
  def size(text)
    return unless text

    text.delete(",").to_i * {"k" => 1000, "m" => 1_000_000}.fetch(text[-1].downcase, 1)
  end
end
