# frozen_string_literal: true

module RubyLLM
  module Native
    # Numbers as words, for people.
    #
    # @api private
    module Phrases
      UNITS = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]].freeze
      private_constant :UNITS

      module_function

      # @param number [Integer]
      # @param noun [String] in the singular
      # @return [String]
      # @example
      #   Phrases.count(2, "row")  # => "2 rows"
      def count(number, noun)
        (number == 1) ? "1 #{noun}" : "#{number} #{noun}s"
      end

      # @param amount [BigDecimal]
      # @return [String] all digits, with at least one after the point
      # @example
      #   Phrases.amount(BigDecimal("0.15"))  # => "0.15"
      def amount(amount)
        amount.to_s("F")
      end

      # @param number [Integer]
      # @return [String]
      # @example
      #   Phrases.thousands(1_047_576)  # => "1,047,576"
      def thousands(number)
        number.to_s.gsub(/(?<=\d)(?=(\d{3})+\z)/, ",")
      end

      # @param seconds [Numeric]
      # @return [String] whole units of the largest one that fits
      # @example
      #   Phrases.duration(10_812)  # => "3 hours"
      def duration(seconds)
        size, unit = UNITS.find { |unit_size, _| seconds >= unit_size } || UNITS.last
        count((seconds / size).floor, unit)
      end
    end
    private_constant :Phrases
  end
end
