# frozen_string_literal: true

require_relative "value"

module RubyLLM
  module Native
    # What some tokens cost, in US dollars: Floats, nil where the price or the number of tokens is unknown.
    #
    # @example
    #   model.cost_for(input: 1_000, output: 500).total  # => 0.006
    class Cost
      include Value::ByContent

      # The keys for pattern matching.
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

      # @api private
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
