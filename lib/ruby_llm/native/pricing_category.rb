# frozen_string_literal: true

require_relative "pricing_tier"
require_relative "value"

module RubyLLM
  module Native
    # The prices of one kind of token.
    #
    # @example
    #   model.pricing.text_tokens.tier_for(300_000).input_per_million  # => 5.0
    class PricingCategory
      include Value::ByContent

      # The keys for pattern matching.
      FACTS = %i[standard batch long_context long_context_threshold].freeze

      # @return [PricingTier, nil] nil when nothing is stated
      attr_reader :standard, :batch

      # @return [PricingTier, nil] for requests of more than {#long_context_threshold} tokens, the lowest threshold
      attr_reader :long_context

      # @return [Integer, nil] tokens
      attr_reader :long_context_threshold

      # Most models have one category, so all others share one empty object.
      #
      # @api private
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

      # @return [Float, nil] US dollars per million input tokens, standard tier, below any threshold
      # @example
      #   model.pricing.text_tokens.input  # => 2.0
      def input = standard&.input_per_million

      # @return [Float, nil] US dollars per million output tokens, standard tier, below any threshold
      def output = standard&.output_per_million

      # @return [Float, nil] US dollars per million input tokens that are read from the provider's cache
      def cache_read_input = standard&.cache_read_input_per_million

      # @return [Float, nil] US dollars per million input tokens that are written to the provider's cache
      def cache_write_input = standard&.cache_write_input_per_million

      # @return [Float, nil] US dollars per million output tokens of reasoning, where they have a price of their own
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
  end
end
