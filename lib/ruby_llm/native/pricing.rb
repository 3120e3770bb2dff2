# frozen_string_literal: true

require_relative "price"
require_relative "pricing_category"
require_relative "value"

module RubyLLM
  module Native
    # A model's price list. The categories have what ruby_llm has: the prices in US dollars per million tokens that hold
    # now, as the Floats nearest to what is stated. {#list} has every price, whatever it counts.
    #
    # @example
    #   model.pricing.text_tokens.standard.input_per_million  # => 0.15
    #   pp model.pricing                                      # every price with its conditions
    class Pricing
      include Enumerable
      include Value::ByContent

      # The kinds of token that have prices.
      CATEGORIES = %i[text_tokens images audio_tokens embeddings].freeze

      # The keys for pattern matching.
      FACTS = [*CATEGORIES, :list].freeze

      # @return [Array<Price>]
      attr_reader :list

      # @api private
      # @param steps [Array<Array>] {Model#price_steps}
      # @param list [Array<Array>] {Model#price_list}
      def initialize(steps, list)
        by_category = steps.group_by(&:first)
        @categories = CATEGORIES.to_h { |category| [category, PricingCategory.of(by_category[category])] }.freeze
        @list = list.map { |row| Price.new(row) }.freeze
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

      # @yieldparam price [Price]
      # @return [self, Enumerator]
      def each(&block)
        return to_enum unless block

        list.each(&block)
        self
      end

      # @return [Boolean] whether no price is stated
      def empty? = list.empty?

      # @return [Hash{Symbol => Hash}] as ruby_llm has it, without what no source states
      def to_h
        @categories.transform_values(&:to_h).reject { |_, tiers| tiers.empty? }
      end

      # @return [String] one line
      # @example
      #   model.pricing  # => #<RubyLLM::Native::Pricing text_tokens: $2.0 input, $8.0 output per million tokens>
      def inspect
        "#<#{self.class.name} #{in_words}>"
      end

      # Every price, one a line, under who states it.
      #
      # @api private
      def pretty_print(printer)
        printer.text(inspect) if empty?
        list.group_by { |price| [price.origin, price.stated_at] }.each_with_index do |((origin, date), prices), index|
          printer.breakable("\n") if index.positive?
          printer.text("#{origin}#{", #{date}" if date}:")
          prices.each { |price| printer.text("\n  #{price}") }
        end
      end

      private

      def in_words
        stated = @categories.reject { |_, category| category.to_h.empty? }
          .map { |name, category| "#{name}: #{category}" }
        return "#{stated.join("; ")} per million tokens" if stated.any?

        empty? ? "unknown" : list.first(4).join("; ")
      end
    end
  end
end
