# frozen_string_literal: true

require "bigdecimal"

module RubyLLM
  module Native
    class Usage
      # One number of something.
      #
      # @api private
      module Count
        SHOWN = 40 # characters of a wrong value in an error
        private_constant :SHOWN

        module_function

        # @param value [Object]
        # @param field [String, Symbol] where it stands, for the error
        # @return [Integer, Rational, Float, nil] an Integer if it is whole; nil for nil, which is "not counted"
        # @raise [ArgumentError] unless it is a finite number, 0 or more
        # @example
        #   Count.of(12.0, :output)  # => 12
        def of(value, field)
          return value if NilClass === value || (Integer === value && value >= 0)

          unless Numeric === value && value.real? && value.finite? && value >= 0
            raise ArgumentError, "#{field} must be a number, 0 or more, got #{show(value)}"
          end

          value = value.to_r if BigDecimal === value
          (value == value.to_i) ? value.to_i : value
        end

        # The class alone of what is neither a number nor a text: it may be large, or say what is secret.
        def show(value)
          case value
          when Numeric, String, Symbol, true, false then value.inspect[0, SHOWN]
          when Object then value.class.to_s
          else "a BasicObject"
          end
        end
      end
      private_constant :Count
    end
  end
end
