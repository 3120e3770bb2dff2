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

        # Digits of an amount that no decimal number is, such as a price per minute for a second.
        DIGITS = 34

        # The powers of ten among the numbers that units stand for.
        PLACES = PRICE_UNITS.transform_values { |per| per.to_s.size - 1 if per.to_s.match?(/\A10*\z/) }.freeze
        private_constant :DIGITS, :PLACES

        # @return [Symbol] what was counted, one of {METERS}
        attr_reader :meter

        # @return [Numeric] how many of it
        attr_reader :count

        # @api private
        # @return [Integer, nil] nil where the amount is not this number times a power of ten
        attr_reader :digits

        # @api private
        # @return [Integer, nil] that power
        attr_reader :exponent

        # @api private
        # @param row [Array, nil] of {Model#prices_for}
        def initialize(meter, count, row)
          @meter = meter
          @count = count
          @row = row
          places = PLACES[row[1]] if row && count.is_a?(Integer)
          if places
            minimum = row[13]
            @digits = row[2] * ((minimum && minimum > count) ? minimum : count)
            @exponent = row[17] - places
          end
          freeze
        end

        # @return [BigDecimal, nil] US dollars: exact, to 34 digits where no decimal number is; nil where the price is
        #   unknown
        def amount
          return unless priced?
          return BigDecimal("#{digits}e#{exponent}") if digits

          billed = [count, @row[13] || 0].max
          BigDecimal(stated.amount.to_r * billed.to_r / PRICE_UNITS.fetch(@row[1]), DIGITS)
        end

        # @return [Price, nil] the stated price; nil where there is none
        def stated = @row && Price.new(@row)

        # @return [Boolean]
        def priced? = !@row.nil?

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
      end
    end
  end
end
