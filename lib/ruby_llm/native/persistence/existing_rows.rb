# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # The rows of a table as they were read. Each stays an Array until its values are needed: most rows only have to
      # be found right.
      class ExistingRows
        include Enumerable

        # @param names [Array<String>] of the values, including "provider" and "model_id"
        # @param rows [Array<Array>]
        def initialize(names, rows)
          @names = names
          @places = names.each_with_index.to_h
          provider, id = @places.values_at(*Columns::KEY)
          @left = Hash.new { |left, name| left[name] = {} }
          rows.each { |values| @left[values[provider]][values[id]] = values }
        end

        # Removes that row.
        #
        # @return [Array, nil] its values
        def take(provider, id)
          return unless (rows = @left.fetch(provider, nil))

          values = rows.delete(id)
          @left.delete(provider) if rows.empty?
          values
        end

        # @param values [Array] of one row
        # @return [Object]
        def value(values, name)
          values[@places.fetch(name)]
        end

        # @param values [Array] of one row
        # @return [Hash{String => Object}] by name
        def row(values)
          @names.zip(values).to_h
        end

        # @return [Boolean] whether every row was taken
        def empty?
          @left.empty?
        end

        # @yieldparam row [Hash{String => Object}] each row that is left
        def each
          @left.each_value { |rows| rows.each_value { |values| yield row(values) } }
        end
      end
      private_constant :ExistingRows
    end
  end
end
