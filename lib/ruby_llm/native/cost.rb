# frozen_string_literal: true

require "bigdecimal"
require "bigdecimal/util"
require_relative "cost/line"
require_relative "usage"
require_relative "value"

module RubyLLM
  module Native
    # What something costs, in US dollars, line by line. Sums are nil where the price of something that was used is
    # unknown: a missing price is never counted as 0.
    #
    # @example
    #   cost = model.cost_for(input: 1_000, output: 500)
    #   cost.total               # => 0.006
    #   cost.total(exact: true)  # => 0.6e-2
    #   cost.lines.first         # => #<RubyLLM::Native::Cost::Line 1000 input at $2.0 per million tokens: $0.002>
    class Cost
      include Value::ByContent

      # The keys for pattern matching.
      FACTS = %i[input output cache_read cache_write total lines unpriced_meters].freeze

      # What is counted on which side of a model; everything else is on neither.
      SIDES = {input: Usage::Meters::INPUT, output: Usage::Meters::OUTPUT}.freeze

      POWERS = (0..22).map { |power| Float("1e#{power}") }.freeze
      private_constant :POWERS

      # @return [Array<Line>] one for each meter that something was counted of, in the order of {METERS}; where prices
      #   are marginal, one for each price
      attr_reader :lines

      # @api private
      # @param model [Model]
      # @param usage [Usage]
      # @return [Cost]
      def self.of(model, usage, tier: nil, region: nil, at: nil, size: nil, quality: nil)
        tier = tier.to_sym if tier.is_a?(String)
        named = tier || usage.tier || :standard
        known = !tier.nil? || PRICE_TIERS.include?(named) # what a provider names may be newer than this gem
        conditions =
          Money.conditions(known ? named : :standard, usage.length.to_i, at, region || usage.region, size, quality)
        new(Bill.new(model, conditions, known).lines(usage), usage, named, conditions)
      end

      private_class_method :new

      # @api private
      def initialize(lines, usage, tier, conditions)
        @lines = lines.freeze
        @counted = usage.stated.any?
        @asked = [tier, *conditions.drop(1)].freeze
        freeze
      end

      # @return [Hash{Symbol => Object}] under which prices were looked for: tier, tokens, at, region, size, quality
      def conditions
        tier, tokens, seconds, region, size, quality = @asked
        {tier: tier, tokens: tokens, at: Time.at(seconds).utc, region: region, size: size, quality: quality}.compact
      end

      # @param exact [Boolean] return a BigDecimal instead of the nearest Float
      # @return [Float, BigDecimal, nil] nil when a used meter has no price, or nothing was counted
      def total(exact: false)
        sum(lines, exact) if @counted
      end

      # What one side of the model costs: all tokens of input with those from and to the cache, or all tokens of output.
      #
      # @param side [Symbol] :input or :output
      # @param exact [Boolean] return a BigDecimal instead of the nearest Float
      # @return [Float, BigDecimal, nil] nil when one of its meters has no price, or nothing was counted
      # @example
      #   cost.side(:input)  # => 0.002
      def side(side, exact: false)
        meters = SIDES.fetch(side) do
          raise ArgumentError, "Unknown side: #{side.inspect} (known: #{SIDES.keys.join(", ")})"
        end
        sum(lines.select { |line| meters.include?(line.meter) }, exact) if @counted
      end

      # @return [Float, nil] for tokens of text that were neither read from nor written to the cache
      def input = amount_of(:input)

      # @return [Float, nil] for tokens of text, without those of reasoning
      def output = amount_of(:output)

      # @return [Float, nil]
      def cache_read = amount_of(:cache_read)

      # @return [Float, nil]
      def cache_write = amount_of(:cache_write)

      # @return [Boolean] whether anything was counted, be it 0
      def counted? = @counted

      # @return [Boolean] whether everything that was used has a price
      def complete? = unpriced_meters.empty?

      # @return [Array<Symbol>] what was used and has no price
      # @example
      #   cost.unpriced_meters  # => [:web_search]
      def unpriced_meters
        lines.reject(&:priced?).map(&:meter).uniq
      end

      # @return [Hash{Symbol => Float, nil}] by meter, with the total
      def to_h
        meters = (%i[input output cache_read cache_write] | lines.map(&:meter))
        meters.to_h { |meter| [meter, amount_of(meter)] }.merge(total: total)
      end

      # @return [String] one line
      # @example
      #   model.cost_for(input: 1_000, output: 500)  # => #<RubyLLM::Native::Cost $0.006: $0.002 input, $0.004 output>
      def inspect
        parts = lines.map { |line| line.priced? ? "$#{line.amount.to_f} #{line.name}" : "unknown #{line.name}" }
        "#<#{self.class.name} #{[total ? "$#{total}" : "unknown", *(parts.join(", ") if parts.any?)].join(": ")}>"
      end

      private

      def amount_of(meter)
        of = lines.select { |line| line.meter == meter }
        sum(of, false) if of.any?
      end

      def sum(lines, exact)
        return unless lines.all?(&:priced?)

        exponent = lowest_exponent(lines)
        unless exponent
          amount = lines.sum(BigDecimal(0), &:amount)
          return exact ? amount : amount.to_f
        end
        digits = 0
        lines.each { |line| digits += line.digits * 10**(line.exponent - exponent) }
        exact ? BigDecimal("#{digits}e#{exponent}") : nearest(digits, exponent)
      end

      # nil when an amount is not a whole number times a power of ten.
      def lowest_exponent(lines)
        lowest = 0
        lines.each do |line|
          exponent = line.exponent or return nil
          lowest = exponent if exponent < lowest
        end
        lowest
      end

      # Both numbers are exact as Floats, so that their quotient is the nearest one.
      def nearest(digits, exponent)
        return digits / POWERS[-exponent] if exponent.between?(-22, 0) && digits < 2**53

        BigDecimal("#{digits}e#{exponent}").to_f
      end
    end
  end
end

require_relative "cost/bill"
