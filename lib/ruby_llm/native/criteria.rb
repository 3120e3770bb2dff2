# frozen_string_literal: true

module RubyLLM
  module Native
    # The criteria of {View#where}, in the form that C reads.
    #
    # @api private
    module Criteria
      KNOWN = %i[provider type family input output min_context max_input_price capabilities].freeze

      module_function

      # @param criteria [Hash{Symbol => Object}] as for {View#where}; nil values are ignored
      # @return [Hash{Symbol => Object}] for {Catalog#select}
      # @raise [ArgumentError] for an unknown criterion or an invalid value
      def read(criteria)
        unknown = criteria.keys - KNOWN
        if unknown.any?
          raise ArgumentError, "Unknown criterion: #{unknown.join(", ")} (known: #{KNOWN.join(", ")})"
        end

        criteria.compact.to_h { |name, value| [name, value_of(name, value)] }
      end

      def value_of(name, value)
        case name
        when :provider then Array(value).flat_map { |name| KnownEndpoints.spellings(name) }
        when :family then Array(value).map(&:to_s)
        when :min_context then tokens(value)
        when :max_input_price then price(value)
        else Array(value).map(&:to_sym)
        end
      end

      def tokens(value)
        number = Integer(value, exception: false)
        return number if number&.between?(0, (2**63) - 1)

        raise ArgumentError, "min_context must be a whole number of tokens, got #{value.inspect}"
      end

      # A Float stands for the decimal that it is written as.
      def price(value)
        value = value.to_f if value.is_a?(Rational)
        return value.to_s if value.is_a?(Numeric) && value.real? && value.finite?

        raise ArgumentError, "max_input_price must be US dollars per million tokens, got #{value.inspect}"
      end

      private_class_method :value_of, :tokens, :price
    end
    private_constant :Criteria
  end
end
