# frozen_string_literal: true

module RubyLLM
  module Native
    # Inserts many rows with one INSERT that contains their values: what ActiveRecord does with each value of an
    # `insert_all` costs more than the database does.
    module BatchedInsert
      module_function

      # @param record [Class] an ActiveRecord class
      # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] of that class
      # @param columns [Array<String>]
      # @param rows [Array<Object>]
      # @yieldparam row [Object] each row
      # @yieldreturn [Array<String>] its values in the order of the columns, quoted for the database
      # @return [void]
      # @raise [ActiveRecord::ActiveRecordError] such as RecordNotUnique: nothing is rescued here
      def call(record, connection, columns, rows)
        names = columns.map { |name| connection.quote_column_name(name) }.join(", ")
        values = rows.map { |row| "(#{yield(row).join(", ")})" }.join(", ")
        table = record.quoted_table_name
        connection.exec_insert_all("INSERT INTO #{table} (#{names}) VALUES #{values}", "#{record.name} Insert")
      end
    end
  end
end
