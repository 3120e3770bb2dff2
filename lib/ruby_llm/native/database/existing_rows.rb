# frozen_string_literal: true

require_relative "../database"

module RubyLLM
  module Native
    module Database
      # The rows of a table of models as they were read. Each stays an Array of what the driver returns until its values
      # are needed: most rows only have to be found right.
      class ExistingRows
        include Enumerable

        # What these types make of a text is the same text.
        TEXT = [::ActiveModel::Type::String, ::ActiveModel::Type::ImmutableString, ::ActiveRecord::Type::Text].freeze
        private_constant :TEXT

        # Reads them with one SELECT.
        #
        # @param scope [Class, ActiveRecord::Relation]
        # @param columns [Hash{String => String}] the name of each value, including "provider" and "model_id" => its
        #   column. The primary key is added as "id"
        # @return [ExistingRows]
        def self.read(scope, columns)
          record = scope.all.klass
          columns = {"id" => record.primary_key, **columns}
          selected = columns.values.uniq # the primary key may be one of ours
          rows = record.connection_pool.with_connection do |connection|
            connection.select_rows(scope.select(*selected).arel, "#{record.name} Pluck")
          end
          types = selected.map { |column| record.type_for_attribute(column) }
          new(columns.transform_values { |column| selected.index(column) }, types, rows)
        end

        # @param places [Hash{String => Integer}] where in a row each value stands, including "provider" and "model_id"
        # @param types [Array<ActiveModel::Type::Value>] by place
        # @param rows [Array<Array>] as the driver returns them
        def initialize(places, types, rows)
          @places = places
          @types = types
          @values = types.map { |type| values_of(type) }
          @rows = rows
        end

        # Removes the rows that are right, before any other is taken.
        #
        # @param view [View]
        # @param layout [String]
        # @yield as {Catalog#unmatched}
        # @return [View] the models without a right row
        def take_right(view, layout, &right)
          places = @places.values_at(*KEY, "fingerprint", "available")
          return view unless places.first(3).all? { |place| text?(@types[place]) }

          view, @rows = view.unmatched(@rows, places, layout, &right)
          view
        end

        # Removes that row.
        #
        # @return [Array, nil] for {#value} and {#row}
        def take(provider, id)
          return unless (rows = left.fetch(provider, nil))

          values = rows.delete(id)
          left.delete(provider) if rows.empty?
          values
        end

        # @param values [Array] of one row
        # @return [Object]
        def value(values, name)
          place = @places.fetch(name)
          @values[place][values[place]]
        end

        # @param values [Array] of one row
        # @return [Hash{String => Object}] by name
        def row(values)
          @places.transform_values { |place| @values[place][values[place]] }
        end

        # @return [Boolean] whether every row was taken
        def empty?
          left.empty?
        end

        # @yieldparam row [Hash{String => Object}] each row that is left
        def each
          left.each_value { |rows| rows.each_value { |values| yield row(values) } }
        end

        private

        # @return [Hash{Object => Hash{Object => Array}}] provider => model id => row
        def left
          @left ||= Hash.new { |left, name| left[name] = {} }.tap do |left|
            provider, id = @places.values_at(*KEY)
            @rows.each { |row| left[@values[provider][row[provider]]][@values[id][row[id]]] = row }
          end
        end

        def text?(type)
          TEXT.include?(type.class)
        end

        # Rows share many values, and ActiveRecord's types take longer than a Hash.
        #
        # @return [#[]] as the driver returns it => as ActiveRecord does
        def values_of(type)
          return Hash.new { |values, value| values[value] = type.deserialize(value) } unless text?(type)

          ->(value) { value.is_a?(::String) ? value : type.deserialize(value) }
        end
      end
    end
  end
end
