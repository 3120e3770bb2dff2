# frozen_string_literal: true

require_relative "../database"
require_relative "new_row"
require_relative "row_errors"

module RubyLLM
  module Native
    module Database
      # Writes many rows of one table with few statements, in SQL that PostgreSQL, MySQL, MariaDB and SQLite share. A
      # transaction of the table's connection must be open.
      #
      # A row that the database refuses affects no other: a batch that fails is halved until the refused rows are alone.
      # Every attempt has a savepoint, so that a failed one leaves nothing behind and the transaction goes on.
      class BulkWriter
        # Rows per statement: far below any database's limits on text or placeholders.
        SLICE = 500

        # Rows per UPDATE that gives each its own values: the database compares each row with all of them, column by
        # column.
        UPDATE_SLICE = 100

        # Statements that may fail. A table that refuses more does not fit the rows: what is left of a failing batch is
        # then refused as a whole.
        FAILURES = 4_000
        private_constant :FAILURES

        # @param record [Class] an ActiveRecord class
        # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] of that class
        # @return [String] the next value of the locking column, which makes the application's copies of a row stale
        def self.next_version(record, connection)
          "COALESCE(#{connection.quote_column_name(record.locking_column)}, 0) + 1"
        end

        # @param record [Class] an ActiveRecord class with a primary key of one column
        # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] of that class
        # @param columns [Array<String>] that {#insert} is given values for
        # @param failures [Integer]
        def initialize(record, connection, columns, failures: FAILURES)
          @record = record
          @connection = connection
          @columns = columns
          @failures = failures
          @time = Time.now.utc
          @times = {}
        end

        # ---- One statement: all rows or none, and errors are raised ----

        # One INSERT that contains the values: what ActiveRecord does with each value of an `insert_all` costs more than
        # the database does. {NewRow} adds what the class wants beyond the columns.
        #
        # @param rows [Array<Object>]
        # @yieldparam row [Object] each row
        # @yieldreturn [Array<String>] its values in the order of the columns, quoted for the database
        # @return [void]
        # @raise [ActiveRecord::ActiveRecordError] such as RecordNotUnique
        def insert(rows)
          return if rows.empty?

          @new_row ||= NewRow.new(@record, @columns)
          names = [*@columns, *@new_row.columns].map { |name| @connection.quote_column_name(name) }.join(", ")
          values = rows.map { |row| "(#{yield(row).concat(@new_row.texts(@connection)).join(", ")})" }.join(", ")
          table = @record.quoted_table_name
          @connection.exec_insert_all("INSERT INTO #{table} (#{names}) VALUES #{values}", "#{@record.name} Insert")
        end

        # One UPDATE. Unlike an upsert it inserts nothing, changes only the rows and columns it names, and does not
        # depend on any other column.
        #
        # @param rows [Hash{Object => Hash{String => String}}] primary key => column => value, quoted for the database
        # @return [Integer] how many of these rows the table has
        # @raise [ActiveRecord::ActiveRecordError]
        def update(rows)
          return 0 if rows.empty?

          key = @connection.quote_column_name(@record.primary_key)
          rows = rows.transform_keys { |id| quote(@record.primary_key, id) }
          sets = rows.values.flat_map(&:keys).uniq.map do |column|
            assignment(@connection.quote_column_name(column), key, rows.transform_values { |row| row[column] })
          end
          sets << version_assignment if @record.locking_enabled?
          table = @record.quoted_table_name
          @connection.update("UPDATE #{table} SET #{sets.join(", ")} WHERE #{key} IN (#{rows.keys.join(", ")})",
            "#{@record.name} Update")
        end

        # @param column [String] of a time
        # @return [String] when this writer was made, quoted for the database
        def time(column)
          @times[column] ||= quote(column, @time)
        end

        # ---- Rows that the database may refuse ----

        # Writes rows in batches, in their order.
        #
        # @param rows [Array<Object>]
        # @param write [#to_proc] called with some of them: writes all or nothing
        # @param slice [Integer] rows per batch
        # @yieldparam row [Object] each row that the database refused, when its batch is done
        # @yieldparam error [ActiveRecord::StatementInvalid]
        # @return [void]
        # @raise [ActiveRecord::ActiveRecordError] an error that is not about a row
        def write(rows, write, slice: SLICE, &refused)
          rows.each_slice(slice) { |batch| refusals(batch, &write).each(&refused) }
        end

        # @yield writes all or nothing
        # @return [ActiveRecord::StatementInvalid, nil] why it failed; nil when it succeeded
        # @raise [ActiveRecord::ActiveRecordError] an error that is not about a row
        def failure(&write)
          @record.transaction(requires_new: true, &write)
          nil
        rescue ::ActiveRecord::StatementInvalid => error
          raise unless RowErrors.include?(error)

          @failures -= 1
          error
        end

        # @yield is only tried: nothing of it remains
        # @return [Boolean] whether the database would accept it
        # @raise [ActiveRecord::ActiveRecordError] an error that is not about a row
        def possible?
          return false if @failures <= 0

          failure do
            yield
            raise ::ActiveRecord::Rollback
          end.nil?
        end

        private

        # @return [Array<Array(Object, ActiveRecord::StatementInvalid)>]
        def refusals(rows, &write)
          error = failure { write.call(rows) } or return []
          return rows.map { |row| [row, error] } if rows.size == 1 || @failures <= 0

          rows.each_slice((rows.size + 1) / 2).flat_map { |half| refusals(half, &write) }
        end

        # A row without a value keeps the one it has. The ELSE also gives the literals the column's type.
        def assignment(name, key, values)
          same, *others = values.values.uniq
          return "#{name} = #{same}" if same && others.empty?

          branches = values.filter_map { |id, value| "WHEN #{id} THEN #{value}" if value }
          "#{name} = CASE #{key} #{branches.join(" ")} ELSE #{name} END"
        end

        def version_assignment
          "#{@connection.quote_column_name(@record.locking_column)} = #{BulkWriter.next_version(@record, @connection)}"
        end

        def quote(column, value)
          @connection.quote(@record.type_for_attribute(column).serialize(value))
        end
      end
    end
  end
end
