# frozen_string_literal: true

require_relative "pricing_category"
require_relative "value"

module RubyLLM
  module Native
    # A model's prices in US dollars per million tokens, as the Floats nearest to what is stated.
    #
    # @example
    #   model.pricing.text_tokens.standard.input_per_million  # => 0.15
    class Pricing
      include Value::ByContent

      # The kinds of token that have prices.
      CATEGORIES = %i[text_tokens images audio_tokens embeddings].freeze

      # The keys for pattern matching.
      FACTS = CATEGORIES

      # @param list [Array<Array>] category, direction, tier, threshold, unit and amount of each price
      def initialize(list)
        per_million = list.select { |price| price[4] == :million_tokens }.group_by(&:first)
        @categories = CATEGORIES.to_h { |category| [category, PricingCategory.of(per_million[category])] }.freeze
        freeze
      end

      # @!method text_tokens
      #   @return [PricingCategory] empty when nothing is stated
      # @!method images
      #   @return [PricingCategory] empty when nothing is stated
      # @!method audio_tokens
      #   @return [PricingCategory] empty when nothing is stated
      # @!method embeddings
      #   @return [PricingCategory] empty when nothing is stated
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
  end
end
