# frozen_string_literal: true

require_relative "line"

module RubyLLM
  module Native
    class Cost
      # The lines of a bill: for each meter of a usage the price that holds.
      #
      # @api private
      class Bill
        # @param model [Model]
        # @param conditions [Array] of {Model#prices_for}
        # @param known [Boolean] whether there can be prices of this tier
        def initialize(model, conditions, known)
          @model = model
          @conditions = conditions
          @known = known
        end

        # @param usage [Usage]
        # @return [Array<Line>]
        def lines(usage)
          counts = usage.counts
          meters = counts.keys
          # An answer is of one request, which few models have a price for.
          meters << :request unless usage.format == :plain || usage.stated.key?(:request)
          rows = @known ? @model.prices_for(meters, @conditions) : []
          lines = []
          meters.each_with_index do |meter, place|
            row = rows[place]
            count = counts[meter] || (row ? 1 : next)
            (row && row[5] == :marginal) ? lines.concat(steps(meter, count, row)) : lines << Line.new(meter, count, row)
          end
          lines
        end

        private

        # The tokens up to the threshold at the prices of such a request, and those above it.
        def steps(meter, count, row)
          threshold = row[4]
          return [Line.new(meter, count, row)] unless row[5] == :marginal && count > threshold

          conditions = @conditions.dup
          conditions[1] = threshold
          below, = @model.prices_for([meter], conditions)
          [*(below ? steps(meter, threshold, below) : [Line.new(meter, threshold, nil)]),
            Line.new(meter, count - threshold, row)]
        end
      end
    end
  end
end
