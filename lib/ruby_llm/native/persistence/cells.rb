# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # The facts of rows, as the columns of one table can hold them. A value that does not fit its column is left out
      # and noted in its row. Many rows have the same values, so what is found out about a value is remembered.
      #
      # @api private
      class Cells
        TEXTS = %i[string text].freeze
        private_constant :TEXTS

        # @param record [Class]
        # @param columns [Hash{String => String}] our name => the table's
        def initialize(record, columns)
          @record = record
          @definitions = columns.transform_values { |theirs| record.columns_hash.fetch(theirs) }
          @types = columns.transform_values { |theirs| record.type_for_attribute(theirs) }
          # column => value => what is known of it
          @reasons = @types.to_h { |column, _| [column, Hash.new { |all, value| all[value] = problem(column, value) }] }
          @expected = columns.transform_values { {} }
          @texts = columns.transform_values { {} }
        end

        # @param row [Row]
        # @param column [String] one of {Row::FACTS}, "provider" or "model_id"
        # @return [Object, nil] as it may be written; a value that is left out is noted in the row
        def fact(row, column)
          value = row.fact(column)
          return substitute(column) if value.nil? || row.without?(column)

          value = cut(column, value) if column == "name"
          reason = @reasons[column][value] or return value
          row.note(column, reason)
          substitute(column)
        end

        # @param row [Row]
        # @param column [String]
        # @return [Object] {#fact} as it would read back
        def expected(row, column)
          known(@expected, row, column) { |value| @types[column].cast(value) }
        end

        # @param row [Row]
        # @param column [String]
        # @return [String] {#fact}, quoted for the database
        def text_of(row, column, connection)
          known(@texts, row, column) { |value| text(column, value, connection) }
        end

        # The database refused this value: from now on it is left out everywhere.
        #
        # @return [void]
        def refuse(column, value, reason)
          return unless value.is_a?(String) && column != "name"

          @reasons[column][value] = reason
          [@expected, @texts].each { |memory| memory[column].delete(value) }
        end

        # @return [String] quoted for the database
        def text(column, value, connection)
          connection.quote(@types[column].serialize(value))
        end

        # @return [Array] a description of our columns: when it changes, they may be able to hold other values
        def shape
          @definitions.sort.map do |column, definition|
            [column, definition.sql_type, definition.null, @record.defined_enums[definition.name]]
          end
        end

        private

        # @param memory [Hash] column => value as stated => what the block makes of {#fact}, unless a note is due
        def known(memory, row, column)
          return yield(fact(row, column)) if row.without?(column)

          stated = row.fact(column)
          memory[column].fetch(stated) do
            made = yield(fact(row, column))
            memory[column][stated] = made unless row.notes.key?(column)
            made
          end
        end

        # For a missing value: null, or the column's default.
        def substitute(column)
          definition = @definitions[column]
          definition.null ? nil : @types[column].deserialize(definition.default)
        end

        # @return [String, nil]
        def problem(column, value)
          return if fits?(value, @definitions[column], @types[column])

          enum = @record.defined_enums[@definitions[column].name]
          what = enum ? "the enum #{enum.keys.join(", ")}" : @definitions[column].sql_type
          "#{shown(value)} does not fit #{what}"
        rescue => error # the application's own type may raise anything
          "#{shown(value)} does not fit #{@definitions[column].sql_type}: #{error.message.lines.first&.chomp}"
        end

        def fits?(value, definition, type)
          case value
          when String then text?(value) && !too_long?(value, definition) && word?(value, type)
          when BigDecimal then within?(value, definition) && (value.zero? || !free?(type.cast(value)))
          else !type.serialize(value).nil?
          end
        rescue ::RangeError
          false
        end

        def text?(value)
          value.valid_encoding? && !value.include?("\0")
        end

        # For an unknown word an enum gives null, or a number that the text only begins with.
        def word?(value, type)
          stored = type.serialize(value)
          return !stored.nil? unless type.is_a?(::ActiveRecord::Enum::EnumType) || stored.is_a?(Integer)

          type.deserialize(stored) == type.cast(value)
        end

        def within?(value, definition)
          return true unless definition.type == :decimal && definition.precision

          scale = definition.scale.to_i
          room = definition.precision - scale # for digits before the point
          value.exponent < room || (value.exponent == room && value.round(scale).exponent == room)
        end

        # A price that the column would round to zero.
        def free?(held)
          held.respond_to?(:zero?) && held.zero?
        end

        # MySQL limits texts in bytes, other columns in characters. An integer's limit means something else.
        def too_long?(value, definition)
          return false unless definition.limit && TEXTS.include?(definition.type)

          ((definition.type == :text) ? value.bytesize : value.size) > definition.limit
        end

        def cut(column, value)
          definition = @definitions[column]
          return value unless too_long?(value, definition)

          (definition.type == :text) ? value.byteslice(0, definition.limit).scrub("") : value[0, definition.limit]
        end

        def shown(value)
          return value.to_s if value.is_a?(Integer)

          text = value.is_a?(BigDecimal) ? value.to_s("F").delete_suffix(".0") : value.inspect
          (text.size > 60) ? "#{text[0, 60]}…" : text
        end
      end
      private_constant :Cells
    end
  end
end
