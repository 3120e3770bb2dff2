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

        # @param object [Hash] with Strings or Symbols as keys
        # @param key [String]
        # @return [Object, nil]
        def self.fetch(object, key)
          object.fetch(key) { object.fetch(key.to_sym, nil) }
        end

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

        # @param object [Hash]
        # @return [Integer, Rational, Float, nil] nil when it is not there
        # @raise [ArgumentError] when what is there cannot be a count
        def read(object)
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
            count = walk(object, steps, path)
            return count if count
          end
          nil
        end

        def walk(object, steps, path)
          (key, label, values), *rest = steps
          return Count.of(object, path) if key.nil?
          return unless Hash === object

          inner = self.class.fetch(object, key)
          label ? sum(selected(inner, label, values)) { |each| walk(each, rest, path) } : walk(inner, rest, path)
        end

        def selected(list, label, values)
          return [] unless Array === list

          list.select { |each| Hash === each && values.include?(self.class.fetch(each, label)) }
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
