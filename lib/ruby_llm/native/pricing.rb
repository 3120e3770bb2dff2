# frozen_string_literal: true

require "bigdecimal"
require_relative "value"

module RubyLLM
  module Native
    # One stated price. `category`, `direction`, `tier` and `unit` are Symbols, `amount` is a BigDecimal in US dollars
    # per unit (:million_tokens, :image, :request). It applies to requests of more than `threshold` tokens.
    Price = Struct.new(:category, :direction, :tier, :threshold, :unit, :amount, keyword_init: true) do
      include Value::ToJson
    end

    # A model's prices in US dollars per million tokens, as the Floats nearest to what is stated.
    #
    # @example
    #   model.pricing.text_tokens.standard.input_per_million  # => 0.15
    class Pricing
      include Value::ByContent

      CATEGORIES = %i[text_tokens images audio_tokens embeddings].freeze
      FACTS = CATEGORIES

      # @param list [Array<Array>] category, direction, tier, threshold, unit and amount of each price
      def initialize(list)
        per_million = list.select { |price| price[4] == :million_tokens }.group_by(&:first)
        @categories = CATEGORIES.to_h { |category| [category, PricingCategory.of(per_million[category])] }.freeze
        freeze
      end

      # @!method text_tokens
      #   @return [PricingCategory] empty when nothing is stated. Likewise `images`, `audio_tokens` and `embeddings`
      # Defined from source code, because a method defined by a block cannot be called in another Ractor.
      CATEGORIES.each { |category| class_eval "def #{category} = @categories[:#{category}]", __FILE__, __LINE__ }

      # @return [Hash{Symbol => Hash}] without what no source states
      def to_h
        @categories.transform_values(&:to_h).reject { |_, tiers| tiers.empty? }
      end

      # @return [String] one line
      # @example
      #   model.pricing  # => #<RubyLLM::Native::Pricing text_tokens: $2.0 input, $8.0 output per million tokens>
      def inspect
        stated = @categories.reject { |_, category| category.to_h.empty? }
          .map { |name, category| "#{name}: #{category}" }
        "#<#{self.class.name} #{stated.empty? ? "unknown" : "#{stated.join("; ")} per million tokens"}>"
      end
    end

    # The prices of one kind of token.
    #
    # @example
    #   model.pricing.text_tokens.tier_for(300_000).input_per_million  # => 5.0
    class PricingCategory
      include Value::ByContent

      FACTS = %i[standard batch long_context long_context_threshold].freeze

      # @return [PricingTier, nil] nil when nothing is stated
      attr_reader :standard, :batch

      # @return [PricingTier, nil] for requests of more than {#long_context_threshold} tokens, the lowest threshold
      attr_reader :long_context

      # @return [Integer, nil] tokens
      attr_reader :long_context_threshold

      # Most models have one category, so all others share one empty object.
      #
      # @param prices [Array<Array>, nil]
      # @return [PricingCategory]
      def self.of(prices)
        prices ? new(prices) : EMPTY
      end

      def initialize(prices)
        batch, standard = prices.partition { |price| price[2] == :batch }
        steps = standard.group_by { |price| price[3] }.sort.to_h
        @prices = steps.values.flatten(1).freeze
        @standard = PricingTier.new(steps[0]) if steps[0]
        @batch = PricingTier.new(batch) if batch.any?
        @long_context_threshold, step = steps.find { |threshold, _| threshold.positive? }
        @long_context = PricingTier.new(step) if step
        freeze
      end

      # The prices for a request of that size. A price that a threshold does not change stays as it is below it.
      #
      # @param tokens [Integer] in the whole request
      # @return [PricingTier, nil]
      def tier_for(tokens)
        holding = @prices.select { |price| price[3].zero? || tokens > price[3] }
        PricingTier.new(holding) if holding.any?
      end

      def input = standard&.input_per_million
      def output = standard&.output_per_million
      def cache_read_input = standard&.cache_read_input_per_million
      def cache_write_input = standard&.cache_write_input_per_million
      def reasoning_output = standard&.reasoning_output_per_million
      alias_method :cached_input, :cache_read_input
      alias_method :cache_creation_input, :cache_write_input

      # @return [Hash{Symbol => Hash, Integer}]
      def to_h
        {
          standard: standard&.to_h, batch: batch&.to_h, long_context: long_context&.to_h,
          long_context_threshold: long_context_threshold
        }.compact
      end

      # @return [String] the amounts
      # @example
      #   model.pricing.text_tokens.to_s  # => "$2.0 input, $8.0 output, above 200000 tokens: $4.0 input, $12.0 output"
      def to_s
        parts = {nil => standard, "above #{long_context_threshold} tokens: " => long_context, "batch: " => batch}
        parts.compact.map { |label, tier| "#{label}#{tier}" }.join(", ")
      end

      # @return [String] one line
      def inspect
        "#<#{self.class.name} #{self}>"
      end

      EMPTY = Ractor.make_shareable(new([]))
      private_constant :EMPTY
    end

    # Prices that apply together: US dollars per million tokens, nil where unknown.
    #
    # @example
    #   tier.to_h  # => {input_per_million: 2.0, output_per_million: 8.0}
    class PricingTier
      include Value::ByContent

      ATTRIBUTES = %i[
        input_per_million output_per_million cache_read_input_per_million cache_write_input_per_million
        reasoning_output_per_million
      ].freeze

      FACTS = ATTRIBUTES

      # By the direction of a price.
      NAMES = ATTRIBUTES.to_h { |name| [name.name.delete_suffix("_per_million").to_sym, name] }.freeze
      private_constant :NAMES

      def initialize(prices)
        @stated = prices.to_h { |price| [NAMES.fetch(price[1]), price[5]] }.freeze
        amounts = {}
        NAMES.each_value { |name| amounts[name] = Float(@stated[name]) if @stated[name] }
        @amounts = amounts.freeze
        freeze
      end

      # @!method input_per_million
      #   @return [Float, nil]
      ATTRIBUTES.each { |name| class_eval "def #{name} = @amounts[:#{name}]", __FILE__, __LINE__ }
      alias_method :cached_input_per_million, :cache_read_input_per_million
      alias_method :cache_creation_input_per_million, :cache_write_input_per_million

      # @param name [Symbol] one of {ATTRIBUTES}
      # @return [BigDecimal, nil] exactly as stated
      # @example
      #   tier.exact(:input_per_million)  # => 0.15e0
      def exact(name)
        text = @stated[name]
        BigDecimal(text) if text
      end

      # @return [Hash{Symbol => Float}] without unknown prices
      def to_h
        @amounts.dup
      end

      # @return [String] the amounts as stated
      # @example
      #   tier.to_s  # => "$2.0 input, $8.0 output"
      def to_s
        @stated.map { |name, text|
          "$#{Phrases.amount(BigDecimal(text))} #{name.name.delete_suffix("_per_million").tr("_", " ")}"
        }.join(", ")
      end

      # @return [String] one line
      def inspect
        "#<#{self.class.name} #{self}>"
      end
    end

    # What some tokens cost, in US dollars: Floats, nil where the price or the number of tokens is unknown.
    #
    # @example
    #   model.cost_for(input: 1_000, output: 500).total  # => 0.006
    class Cost
      include Value::ByContent

      FACTS = %i[input output cache_read cache_write total].freeze

      # The attribute with each price, and the names under which tokens are counted, newer ones first.
      COUNTS = {
        input: [:input_per_million, %i[input input_tokens]],
        output: [:output_per_million, %i[output output_tokens]],
        cache_read: [:cache_read_input_per_million, %i[cache_read cached cached_tokens]],
        cache_write: [:cache_write_input_per_million, %i[cache_write cache_creation cache_creation_tokens]]
      }.freeze
      private_constant :COUNTS

      # @return [Float, nil]
      attr_reader :input, :output, :cache_read, :cache_write

      # @param tokens [Object, Hash] see {Model#cost_for}
      # @param category [PricingCategory]
      # @param tier [Symbol] :standard or :batch
      # @return [Cost]
      # @raise [ArgumentError] for an unknown tier
      def self.of(tokens, category, tier)
        counts = COUNTS.transform_values { |(_, names)| names.filter_map { |name| count(tokens, name) }.first }
        length = counts.except(:output).values.compact.sum
        prices = {standard: category.tier_for(length), batch: category.batch}
        raise ArgumentError, "Unknown tier: #{tier.inspect} (known: #{prices.keys.join(", ")})" unless prices.key?(tier)

        new(counts, prices[tier])
      end

      def self.count(tokens, name)
        return tokens[name] || tokens[name.to_s] if tokens.is_a?(Hash)

        tokens.public_send(name) if tokens.respond_to?(name)
      end
      private_class_method :count, :new

      def initialize(counts, prices)
        @counted = counts.select { |_, count| count&.positive? }.keys
        @any = counts.values.any?
        counts.each do |kind, count|
          price = prices&.public_send(COUNTS.fetch(kind).first)
          instance_variable_set(:"@#{kind}", price && count && count * price / 1_000_000)
        end
        freeze
      end

      # @return [Float, nil] nil when any of the prices is unknown
      def total
        parts = @counted.map { |kind| public_send(kind) }
        parts.sum(0.0) if @any && parts.all?
      end

      # @return [Hash{Symbol => Float, nil}]
      def to_h
        {input: input, output: output, cache_read: cache_read, cache_write: cache_write, total: total}
      end

      # @return [String] one line
      # @example
      #   model.cost_for(input: 1_000, output: 500)  # => #<RubyLLM::Native::Cost $0.006: $0.002 input, $0.004 output>
      def inspect
        parts = COUNTS.keys.filter_map { |kind| "$#{public_send(kind)} #{kind.name.tr("_", " ")}" if public_send(kind) }
        "#<#{self.class.name} #{[total ? "$#{total}" : "unknown", *(parts.join(", ") if parts.any?)].join(": ")}>"
      end
    end
  end
end
