# frozen_string_literal: true

require_relative "persistence/columns"
require_relative "persistence/key"

module RubyLLM
  module Native
    # What a new row needs beyond the columns that are written anyway: the class's defaults, its type when several
    # classes share the table, and a key if the database does not generate one.
    class NewRow
      # @param record [Class] an ActiveRecord class
      # @param ours [Array<String>] the columns that are written anyway
      def initialize(record, ours)
        @record = record
        @columns = record.columns.reject { |column| Persistence::Columns.generated?(column) }.map(&:name) - ours
        first, second = Array.new(2) { made }
        @each = first != second # no two rows are alike, as with keys generated in Ruby
        @first = first
      end

      # @return [Array<String>]
      def columns
        @first.keys
      end

      # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] of that class
      # @return [Array<String>] the quoted values of one row, in the order of the columns
      def texts(connection)
        return text_of(made, connection) if @each

        @texts ||= text_of(@first, connection)
      end

      private

      def made
        {**Persistence::Key.of_new(@record), **@record.new.attributes.slice(*@columns).compact}
      end

      def text_of(values, connection)
        columns.map { |name| connection.quote(@record.type_for_attribute(name).serialize(values[name])) }
      end
    end
    private_constant :NewRow
  end
end
