# frozen_string_literal: true

module RubyLLM
  module Native
    # The criteria of {View#where}, in the form that C reads.
    #
    # @api private
    module Criteria
      KNOWN = %i[
        provider type family input output min_context max_input_price capabilities
        accepts reasoning_effort reasoning_toggle reasoning_mandatory min_dimensions request_limits
        open_weights license zero_data_retention training data_region
      ].freeze

      # Which are true or false of a model.
      TRAITS = %i[reasoning_toggle reasoning_mandatory open_weights zero_data_retention training].freeze
      # Which are numbers that the model must reach.
      LEAST = %i[min_dimensions request_limits].freeze
      private_constant :TRAITS, :LEAST

      module_function

      # @param criteria [Hash{Symbol => Object}] as for {View#where}; nil values are ignored
      # @return [Hash{Symbol => Object}] for {Catalog#select}
      # @raise [ArgumentError] for an unknown criterion or an invalid value
      def read(criteria)
        unknown = criteria.keys - KNOWN
        if unknown.any?
          raise ArgumentError, "Unknown criterion: #{unknown.join(", ")} (known: #{KNOWN.join(", ")})"
        end

        criteria = criteria.compact
        read = criteria.except(:accepts, *TRAITS, *LEAST).to_h { |name, value| [name, value_of(name, value)] }
        read = with_least(read, **criteria.slice(*LEAST))
        with_traits(with_parameters(read, criteria[:accepts]), criteria.slice(*TRAITS))
      end

      # Some parameters are known by what the model can.
      def with_parameters(read, names)
        return read unless names

        names = Array(names).map { |name| Controls.parameter(name) }
        by_capability, parameters = names.partition { |name| Controls::BY_CAPABILITY.key?(name) }
        capabilities = by_capability.map { |name| Controls::BY_CAPABILITY[name] }
        read.merge(accepts: parameters, capabilities: (read[:capabilities] || []) | capabilities)
      end

      def with_least(read, min_dimensions: nil, request_limits: {})
        limits = Controls.request_limits(request_limits)
        least = limits.to_h { |name, value| [name, whole("request_limits[:#{name}]", value, "a whole number")] }
        least[:dimensions] = whole(:min_dimensions, min_dimensions, "a whole number") if min_dimensions
        least.empty? ? read : read.merge(least: least)
      end

      def with_traits(read, values)
        return read if values.empty?

        wrong = values.find { |_, value| value != true && value != false }
        raise ArgumentError, "#{wrong.first} must be true or false, got #{wrong.last.inspect}" if wrong

        read.merge(traits: values.select { |_, value| value }.keys, denied: values.reject { |_, value| value }.keys)
      end

      def value_of(name, value)
        case name
        when :provider then Array(value).flat_map { |name| KnownEndpoints.spellings(name) }
        when :family, :data_region, :license then Array(value).map(&:to_s)
        when :min_context then whole(name, value, "a whole number of tokens")
        when :max_input_price then price(value)
        else Array(value).map(&:to_sym)
        end
      end

      def whole(name, value, what)
        number = Integer(value, exception: false)
        return number if number&.between?(0, (2**63) - 1)

        raise ArgumentError, "#{name} must be #{what}, got #{value.inspect}"
      end

      # A Float stands for the decimal that it is written as.
      def price(value)
        value = value.to_f if value.is_a?(Rational)
        return value.to_s if value.is_a?(Numeric) && value.real? && value.finite?

        raise ArgumentError, "max_input_price must be US dollars per million tokens, got #{value.inspect}"
      end

      private_class_method :value_of, :with_parameters, :with_least, :with_traits, :whole, :price
    end
    private_constant :Criteria
  end
end
