# frozen_string_literal: true

require_relative "count"

module RubyLLM
  module Native
    class Usage
      # Where a count stands in a provider's object. Of several terms it is the sum of those that are there.
      #
      #     a.b              the value of b in the object that is the value of a
      #     a|b              the first that is there
      #     a[kind=X,Y].b    the sum of b in those objects of the list a whose kind is X or Y
      #
      # What should be an object and is not states nothing: some gateways write an empty object as a list.
      #
      # @api private
      class Expression
        SELECTION = /\A(\w+)\[(\w+)=([\w,]+)\]\z/
        private_constant :SELECTION

        # @param terms [String, Array<String>] see above
        # @example
        #   Expression.new("prompt_tokens_details.cached_tokens|cached_tokens")
        def initialize(terms)
          @terms = Array(terms).map { |term| term.split("|").map { |path| [path, steps(path)] } }
          Ractor.make_shareable(self)
        end

        # @return [Array<String>] where it looks
        def paths
          @terms.flatten(1).map(&:first)
        end

        # @param object [Hash{String => Object}] see {Keys.plain}
        # @return [Integer, Rational, Float, nil] nil when it is not there
        # @raise [ArgumentError] when what is there cannot be a count
        def read(object)
          return first(@terms[0], object) if @terms.one?

          sum(@terms) { |paths| first(paths, object) }
        end

        private

        def steps(path)
          path.split(".").map do |step|
            list, label, values = step.match(SELECTION)&.captures
            list ? [list, label, values.split(",")] : [step]
          end
        end

        def first(paths, object)
          paths.each do |path, steps|
            count = walk(object, steps, 0, path)
            return count if count
          end
          nil
        end

        def walk(object, steps, at, path)
          while at < steps.size
            return unless Hash === object

            key, label, values = steps[at]
            object = object.fetch(key, nil)
            at += 1
            return sum(selected(object, label, values)) { |each| walk(each, steps, at, path) } if label
          end
          Count.of(object, path)
        end

        def selected(list, label, values)
          return [] unless Array === list

          list.select { |each| Hash === each && values.include?(each.fetch(label, nil)) }
        end

        def sum(terms)
          counts = terms.filter_map { |term| yield term }
          counts.sum if counts.any?
        end
      end
      private_constant :Expression
    end
  end
end
