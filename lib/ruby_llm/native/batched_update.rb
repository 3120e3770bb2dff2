# frozen_string_literal: true

module RubyLLM
  module Native
    # Updates many rows with one UPDATE that gives each its own values, in SQL that PostgreSQL, MySQL, MariaDB and
    # SQLite share.
    #
    # Unlike an upsert it inserts nothing, changes only the rows and columns it names, and does not depend on any other
    # column.
    module BatchedUpdate
      # Rows per statement: the database compares each row with all of them, column by column.
      SLICE = 100

      module_function

      # @param record [Class] an ActiveRecord class with a primary key of one column
      # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] of that class
      # @param rows [Hash{String => Hash{String => String}}] quoted primary key => column => quoted value
      # @return [void]
      # @raise [ActiveRecord::ActiveRecordError]
      def call(record, connection, rows)
        return if rows.empty?

        key = connection.quote_column_name(record.primary_key)
        columns = rows.values.flat_map(&:keys).uniq
        sets = columns.map do |column|
          assignment(connection.quote_column_name(column), key, rows.transform_values { |row| row[column] })
        end
        sets << version_assignment(record, connection) if record.locking_enabled?
        connection.update(
          "UPDATE #{record.quoted_table_name} SET #{sets.join(", ")} WHERE #{key} IN (#{rows.keys.join(", ")})",
          "#{record.name} Update"
        )
      end

      # @return [String] the next value of the locking column, which makes the application's copies of a row stale
      def next_number(record, connection)
        "COALESCE(#{connection.quote_column_name(record.locking_column)}, 0) + 1"
      end

      def version_assignment(record, connection)
        "#{connection.quote_column_name(record.locking_column)} = #{next_number(record, connection)}"
      end

      # A row without a value keeps the one it has. The ELSE also gives the literals the column's type.
      def assignment(name, key, values)
        return "#{name} = #{values.first.last}" if values.values.uniq.one? && values.first.last

        branches = values.filter_map { |id, value| "WHEN #{id} THEN #{value}" if value }
        "#{name} = CASE #{key} #{branches.join(" ")} ELSE #{name} END"
      end
      private_class_method :version_assignment, :assignment
    end
    private_constant :BatchedUpdate
  end
end
