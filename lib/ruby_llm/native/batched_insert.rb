# frozen_string_literal: true

module RubyLLM
  module Native
    # Many rows by one INSERT whose values stand in its text: what ActiveRecord does to each value of an `insert_all`
    # costs more than the database does.
    module BatchedInsert
      module_function

      # @param record [Class] an ActiveRecord class
      # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] the class's own
      # @param columns [Array<String>]
      # @param rows [Array<Object>]
      # @yieldparam row [Object] each of them
      # @yieldreturn [Array<String>] its values in the order of the columns, quoted for that database
      # @return [void]
      # @raise [ActiveRecord::ActiveRecordError] nothing is handled here: RecordNotUnique, for one
      def call(record, connection, columns, rows)
        names = columns.map { |name| connection.quote_column_name(name) }.join(", ")
        values = rows.map { |row| "(#{yield(row).join(", ")})" }.join(", ")
        connection.exec_insert_all("INSERT INTO #{record.quoted_table_name} (#{names}) VALUES #{values}", "#{record.name} Insert")
      end
    end
  end
end
