# frozen_string_literal: true

require_relative "expression"
require_relative "meters"

module RubyLLM
  module Native
    class Usage
      # How one API states what a request used.
      #
      # @api private
      class Format
        # @return [Symbol]
        attr_reader :name

        # @param name [Symbol]
        # @param beside [Array<Symbol>] the meters that the API counts beside `input` or `output`; the others it counts
        #   in them
        # @param fields [Hash{Symbol => String, Array<String>}] meter => the terms of an {Expression}
        # @example
        #   Format.new(:acme, input: "in", output: "out", reasoning: "thoughts", beside: %i[reasoning])
        def initialize(name, beside: [], **fields)
          @name = name
          @beside = beside.to_h { |meter| [meter, Meters::INPUT.include?(meter) ? :input : :output] }
          @fields = Meters.sorted(fields).transform_values { |terms| Expression.new(terms) }
          @parts = Meters.parts(@fields.keys)
          Ractor.make_shareable(self)
        end

        # @param usage [Hash] the API's usage object
        # @return [Hash{Symbol => Numeric}] disjoint; only what is stated, zeros included
        # @raise [ArgumentError] when a field cannot be a count
        def read(usage)
          counts = {}
          @fields.each do |meter, expression|
            count = expression.read(usage)
            counts[meter] = count if count
          end
          @beside.each do |meter, total|
            counts[total] = counts.fetch(total, 0) + counts[meter] if counts.key?(meter)
          end
          counts = Meters.sorted(counts) if @beside.any?
          Meters.disjoint(counts, @parts)
        end

        # @return [Array<String>] where it looks
        def paths
          @fields.values.flat_map(&:paths).uniq
        end
      end
      private_constant :Format
    end
  end
end
