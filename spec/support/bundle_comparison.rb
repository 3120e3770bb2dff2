# frozen_string_literal: true

require "json"
require "open3"
require "rbconfig"

# What the entries of `RubyLLM.models` say before anybody was asked, field by field beside ruby_llm alone. Each side
# is a process of its own.
module BundleComparison
  FIELDS = %w[
    name family created_at knowledge_cutoff context_window max_output_tokens
    input output capabilities pricing type reasoning_options metadata
  ].freeze

  module_function

  # @param gem [String] "ruby_llm" or "ruby_llm_native"
  # @return [Hash{Array(String, String) => Hash}] by provider and id
  def entries(gem)
    out, error, status = Open3.capture3(RbConfig.ruby, "-Ilib", "spec/beside/programs/entries.rb", gem)
    raise error unless status.success?

    JSON.parse(out.lines.last).to_h do |entry|
      [entry.values_at("provider", "id"), entry.merge(entry.delete("modalities"))]
    end
  end

  # @return [Array<Difference>] one for each field of each model that says something else
  def differences(plain = entries("ruby_llm"), ours = entries("ruby_llm_native"))
    plain.flat_map do |key, theirs|
      mine = ours.fetch(key)
      FIELDS.filter_map { |field| Difference.new(field, theirs, mine) unless same?(theirs[field], mine[field]) }
    end
  end

  def same?(left, right)
    sorted(left) == sorted(right)
  end
  private_class_method :same?

  # Capabilities and modalities have no order.
  def sorted(value)
    (value.is_a?(Array) && value.all?(String)) ? value.sort : value
  end
  private_class_method :sorted

  # A field of one model that says another thing here than in ruby_llm alone.
  class Difference
    # Each is a heading in docs/reference/beside-ruby_llm.md.
    REASONS = {
      unstated: "What nobody states is unknown",
      zero: "Zero is a price, not a limit", more: "What a source states is kept",
      kin: "Equivalent ids share what they state", type: "A type is what the model does", exact: "Prices are exact",
      metadata: "Metadata holds what has no field of its own", words: "The published catalogue's guesses are left out"
    }.freeze

    # What only a provider's own listing says of its models, beside the limits that it states.
    MARKS = {
      "gemini" => %w[supported_generation_methods], "bedrock" => %w[model_arn], "mistral" => %w[aliases description]
    }.freeze
    BELIEVED = %w[openrouter cohere].freeze
    LIMITS = {"context_window" => "context", "max_output_tokens" => "output"}.freeze
    private_constant :MARKS, :BELIEVED, :LIMITS

    # @return [String]
    attr_reader :field

    def initialize(field, theirs, ours)
      @field, @plain, @entry = field, theirs, ours
      @theirs, @ours = theirs[field], ours[field]
      @metadata = theirs["metadata"]
    end

    # @return [Symbol, nil] nil: there is none
    def reason
      case field
      when "knowledge_cutoff" then :more if @theirs.nil? && "#{@metadata["knowledge"]}-01" == @ours
      when "context_window", "max_output_tokens" then of_limit
      when "pricing" then of_prices
      when "type" then :type
      when "input", "output", "capabilities" then :more if (@theirs - @ours).empty?
      when "metadata" then :metadata if told(@theirs) == told(@ours)
      end
    end

    def to_s
      "#{@plain.values_at("provider", "id").join("/")} #{field}: #{@theirs.inspect} is #{@ours.inspect} here"
    end

    private

    def of_limit
      return :zero if @theirs == 0 && @ours.nil?
      return :kin if lent? && !stated_limit?

      :unstated if @ours.nil? && !stated_limit?
    end

    def of_prices
      return :exact if same_prices?
      return :words if models_dev? && @metadata["cost"] && @entry["origins"][field] == "bundle"
      return :kin if lent? && !stated_prices?

      :unstated if @ours.empty? && !stated_prices?
    end

    def lent?
      @entry["origins"][field] == "alias"
    end

    def models_dev?
      @metadata["source"] == "models.dev"
    end

    def stated_limit?
      return @metadata.dig("limit", LIMITS[field]).to_i.positive? if models_dev?
      return !@theirs.nil? if BELIEVED.include?(@plain["provider"])

      !@theirs.nil? && MARKS.fetch(@plain["provider"], []).any? { |key| @metadata.key?(key) }
    end

    def stated_prices?
      return !@metadata["cost"].nil? if models_dev?

      @theirs.any? && (BELIEVED.include?(@plain["provider"]) || passed_on?)
    end

    # Perplexity's list has prices for the models of other makers alone.
    def passed_on?
      @plain["provider"] == "perplexity" && @plain["id"].include?("/")
    end

    # What became a field, and what says nothing, is not told again.
    def told(metadata)
      bare(metadata.except("cost", "limit", "knowledge", "reasoning_options")) || {}
    end

    def bare(value)
      value = value.transform_values { |inner| bare(inner) }.compact if value.is_a?(Hash)
      value = value.filter_map { |inner| bare(inner) } if value.is_a?(Array) && value.any?(Hash)
      value unless value.respond_to?(:empty?) && value.empty?
    end

    def same_prices?
      left, right = flat(@theirs), flat(@ours)
      left.keys.sort == right.keys.sort && left.all? { |key, price| (price - right[key]).abs <= 1e-9 * price.abs }
    end

    def flat(prices, path = "")
      prices.flat_map { |key, value|
        value.is_a?(Hash) ? flat(value, "#{path}/#{key}").to_a : [["#{path}/#{key}", value]]
      }.to_h
    end
  end

  # The table of counts in docs/reference/beside-ruby_llm.md: a line for each field and reason, a column for each
  # version of ruby_llm.
  module Table
    PLACE = /(?<=<!-- bundle -->\n).*(?=\n<!-- end -->)/m

    module_function

    # @return [Hash{Array(String, String) => Integer}] by field and reason
    def count(plain, differences)
      counts = differences.map { |one| ["`#{one.field}`", Difference::REASONS.fetch(one.reason)] }.tally
      {["models", ""] => plain.size, **counts}
    end

    # @param text [String] of the document
    # @return [Hash{String => Hash}] by version, as {count} gives them
    def read(text)
      head, _, *lines = text[PLACE].lines.map { |line| cells(line.chomp) }
      head.drop(2).each_with_index.to_h do |version, at|
        counts = lines.to_h { |field, reason, *numbers| [[field, reason], numbers[at].delete(",").to_i] }
        [version, counts.reject { |_, number| number.zero? }]
      end
    end

    def cells(line)
      line.delete_prefix("| ").delete_suffix(" |").split(" | ", -1).map(&:strip)
    end

    # @return [String] the document with those counts of that version, in the place of another one of its line
    def write(text, version, counts)
      minor = version[/\A\d+\.\d+/]
      all = read(text).reject { |other, _| other.start_with?("#{minor}.") }.merge(version => counts).sort.to_h
      keys = all.values.flat_map(&:keys).uniq.sort_by { |field, reason| [order(field), reason] }
      rows = keys.map { |key| [*key, *all.values.map { |counts| group(counts[key].to_i) }] }
      lines = [["field", "reason", *all.keys], ["---"] * (all.size + 2), *rows]
      text.sub(PLACE) { lines.map { |cells| "| #{cells.join(" | ")} |" }.join("\n") }
    end

    def order(field)
      ["models", *FIELDS.map { |name| "`#{name}`" }].index(field)
    end

    def group(number)
      number.to_s.reverse.scan(/\d{1,3}/).join(",").reverse
    end
  end
end
