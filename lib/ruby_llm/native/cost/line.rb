# frozen_string_literal: true

require "bigdecimal"
require_relative "../price"
require_relative "../value"

module RubyLLM
  module Native
    class Cost
      # One line of a bill: how much of one meter was used, and what that costs.
      #
      # @example
      #   cost.lines.map { |line| [line.meter, line.count, line.amount] }  # => [[:input, 1_000, 0.2e-2]]
      class Line
        include Value::ByContent

        # The keys for pattern matching.
        FACTS = %i[meter count unit price amount conditions origin].freeze

        # Decimals of an amount that no decimal number is, such as a price per minute for a second.
        DIGITS = 34
        private_constant :DIGITS

        # @return [Symbol] what was counted, one of {METERS}
        attr_reader :meter

        # @return [Numeric] how many of it
        attr_reader :count

        # @return [Price, nil] the stated price; nil where there is none
        attr_reader :stated

        # @return [BigDecimal, nil] US dollars: exact, to 34 digits where no decimal number is; nil where the price is
        #   unknown
        attr_reader :amount

        # @api private
        def initialize(meter, count, row)
          @meter = meter
          @count = count
          @stated = row && Price.new(row)
          @amount = row && (count.zero? ? BigDecimal(0) : charge(row))
          freeze
        end

        # @return [Boolean]
        def priced? = !stated.nil?

        # @return [Symbol, nil] per how many
        def unit = stated&.unit

        # @return [BigDecimal, nil] US dollars per unit
        def price = stated&.amount

        # @return [Hash{Symbol => Object}] of the price
        def conditions = stated ? stated.conditions : {}

        # @return [Symbol, nil] who states the price
        def origin = stated&.origin

        # @api private
        # @return [String]
        def name = meter.name.tr("_", " ")

        # @return [Hash{Symbol => Object}]
        def to_h
          FACTS.to_h { |fact| [fact, public_send(fact)] }
        end

        # @return [String] one line
        def inspect
          "#<#{self.class.name} #{count} #{name} #{stated ? "at #{stated}: $#{amount.to_f}" : "without a price"}>"
        end

        private

        def charge(row)
          billed = [count, row[13] || 0].max
          per = PRICE_UNITS.fetch(row[1])
          scale = SCALES[per]
          return BigDecimal(row[2]) * billed * scale if scale && billed.is_a?(Integer)

          BigDecimal(BigDecimal(row[2]).to_r * billed.to_r / per, DIGITS)
        end

        # What to multiply with in place of a division, which would round.
        SCALES = PRICE_UNITS.values.uniq.select { |per| per.to_s.match?(/\A10*\z/) }
          .to_h { |per| [per, BigDecimal(1).mult(BigDecimal("1e-#{per.to_s.size - 1}"), 0)] }.freeze
        private_constant :SCALES
      end
    end
  end
end
