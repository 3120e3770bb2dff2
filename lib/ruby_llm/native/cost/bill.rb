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
          meters += [:request] unless usage.stated.key?(:request) || usage.format == :plain # an answer is of one request
          rows = @known ? @model.prices_for(meters, @conditions) : []
          meters.zip(rows).flat_map { |meter, row|
            next [] if row.nil? && !counts.key?(meter) # nobody charges for the request itself

            lines_of(meter, counts.fetch(meter, 1), row)
          }
        end

        private

        def lines_of(meter, count, row)
          return [Line.new(meter, count, row)] unless row && row[5] == :marginal && count > row[4]

          [*below(meter, row[4]), Line.new(meter, count - row[4], row)]
        end

        # The tokens up to the threshold, at the prices of such a request.
        def below(meter, threshold)
          conditions = @conditions.dup
          conditions[1] = threshold
          row, = @model.prices_for([meter], conditions)
          lines_of(meter, threshold, row)
        end
      end
    end
  end
end
