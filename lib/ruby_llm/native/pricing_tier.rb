# frozen_string_literal: true

require "bigdecimal"
require_relative "value"

module RubyLLM
  module Native
    # Prices that apply together: US dollars per million tokens, nil where unknown.
    #
    # @example
    #   tier.to_h  # => {input_per_million: 2.0, output_per_million: 8.0}
    class PricingTier
      include Value::ByContent

      # The prices of a tier, which are also methods.
      ATTRIBUTES = %i[
        input_per_million output_per_million cache_read_input_per_million cache_write_input_per_million
        reasoning_output_per_million
      ].freeze

      # The keys for pattern matching.
      FACTS = ATTRIBUTES

      def initialize(prices)
        @stated = prices.to_h { |price| [price[1], price[4]] }.freeze
        @amounts = ATTRIBUTES.filter_map { |name| [name, Float(@stated[name])] if @stated[name] }.to_h.freeze
        freeze
      end

      # @!method input_per_million
      #   @return [Float, nil] US dollars
      # @!method output_per_million
      #   @return [Float, nil] US dollars
      # @!method cache_read_input_per_million
      #   @return [Float, nil] US dollars, for input that is read from the provider's cache
      # @!method cache_write_input_per_million
      #   @return [Float, nil] US dollars, for input that is written to the provider's cache
      # @!method reasoning_output_per_million
      #   @return [Float, nil] US dollars, where reasoning has a price of its own
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
  end
end
