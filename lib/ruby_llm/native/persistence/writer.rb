# frozen_string_literal: true

require_relative "../batched_insert"
require_relative "../batched_update"
require_relative "../bisection"
require_relative "../new_row"
require_relative "write_outcome"

module RubyLLM
  module Native
    module Persistence
      # Writes what differs, in one transaction. What the database refuses affects nothing else: the value is left out
      # if the row can be written without it, or else the row is. What it stored differently from what was written, for
      # example because of a trigger, is read back and reported.
      class Writer
        # Rows per statement: far below any database's limits on text or placeholders.
        SLICE = 500

        STAMPS = {created: %w[created_at], updated: %w[updated_at last_synced_at]}.freeze
        NOT_KEPT = "the database did not keep what was written"
        private_constant :STAMPS, :NOT_KEPT

        # @param table [Table] with its class and columns
        # @param guard [Proc] called first in the transaction
        def initialize(table, connection, guard)
          @table = table
          @record = table.record
          @columns = table.columns
          @cells = table.cells
          @connection = connection
          @guard = guard
          @now = Time.now.utc
        end

        # @param changes [Table::Changes]
        # @return [WriteOutcome]
        def write(changes)
          Contention.ride_out(@connection) do
            @outcome = WriteOutcome.new
            @bisection = Bisection.new(@record)
            @record.transaction do
              @guard.call
              changes.rows.each_slice(SLICE) { |rows| put(rows) }
              [false, true].each do |available|
                mark(available, changes.marks.select { |row| !row["available"] == available })
              end
            end
          end
          @outcome
        end

        private

        def put(rows)
          new, known = rows.partition { |row| row.found.nil? }
          insert(new.select { |row| key_fits?(row) })
          update(known)
        end

        def key_fits?(row)
          Columns::KEY.each { |column| @cells.fact(row, column) }
          column, reason = row.notes.slice(*Columns::KEY).first
          @outcome.leave_out(row.key, column, reason) if column
          column.nil?
        end

        # ---- New rows ----

        def insert(rows)
          error = @bisection.failure { create(rows) } or return
          rows -= take_over(rows) if error.is_a?(::ActiveRecord::RecordNotUnique)
          bisect(rows) { |batch| create(batch) }
        end

        def create(rows)
          insert_all(rows)
          look_at(rows)
        end

        def insert_all(rows)
          return if rows.empty?

          ours = @columns.except("is_default", "unavailable_since")
          @new_row ||= NewRow.new(@record, ours.values)
          BatchedInsert.call(@record, @connection, [*ours.values, *@new_row.columns], rows) do |row|
            ours.each_key.map { |column| text_of_new(row, column) }.concat(@new_row.texts(@connection))
          end
        end

        def text_of_new(row, column)
          case column
          when *STAMPS.fetch(:created), *STAMPS.fetch(:updated) then now_for(column)
          when "metadata" then text(column, metadata_of_new(row))
          else text_of(row, column)
          end
        end

        def metadata_of_new(row)
          @first_metadata ||= [@record.new[@columns["metadata"]]]
          (row.metadata(@first_metadata.first) unless row.without?("metadata")) || @first_metadata.first || {}
        end

        # Rows that another writer has inserted since the table was read: they are read now and updated. Rows that this
        # class cannot read, such as a sibling's, are not written.
        #
        # @return [Array<Row>] of `rows`
        def take_over(rows)
          found = by_key(rows, [*Columns::KEY, *(%w[available is_default] & @columns.keys)], lock: true)
          taken = rows.select { |row| found.key?(row.key) }
          update(taken.map { |row| @table.row(row.model, found[row.key]) })
          taken
        end

        # ---- Existing rows ----

        def update(rows)
          lock(rows).each_slice(BatchedUpdate::SLICE) { |slice| bisect(slice) { |batch| change(batch) } }
        end

        # The application's part of them is read under a lock, so that nothing written since is lost.
        #
        # @return [Array<Row>] without the rows that no longer exist
        def lock(rows)
          return [] if rows.empty?

          ids = rows.map { |row| row.found["id"] }
          key = @record.primary_key
          kept = @record.where(key => ids).order(key).lock.pluck(key, @columns.fetch("metadata", key)).to_h
          rows.select { |row| kept.key?(row.found["id"]) }.each { |row| row.kept = kept[row.found["id"]] }
        end

        def change(rows)
          update_all(rows)
          look_at(rows)
        end

        def update_all(rows)
          columns = @columns.except(*Columns::KEY, "is_default", "created_at")
          BatchedUpdate.call(@record, @connection, rows.to_h do |row|
            [id_of(row.found), columns.to_h { |column, theirs| [theirs, text_of_known(row, column)] }.compact]
          end)
        end

        # @return [String, nil] nil: the column stays as it is
        def text_of_known(row, column)
          case column
          when *STAMPS.fetch(:updated) then now_for(column)
          when "unavailable_since" then {made_unavailable: now_for(column), restored: "NULL"}[row.change]
          when "metadata"
            metadata = row.metadata(row.kept) unless row.without?("metadata")
            text(column, metadata) if metadata
          else text_of(row, column)
          end
        end

        # ---- What the database refuses ----

        def bisect(rows, &write)
          return if rows.empty?

          @bisection.call(rows, &write).each { |refusal| save(refusal.row, refusal.error, &write) }
        end

        # Saves what can be written of a refused row: without its optional values at first, then with each one that the
        # database accepts.
        def save(row, error, &write)
          reason = RowErrors.reason(error)
          row.without = optional(row)
          return give_up(row, reason) if error.is_a?(::ActiveRecord::RecordNotUnique) || !possible?(row)

          row.without.each do |column|
            tried = row.without
            row.without = tried - [column]
            row.without = tried unless possible?(row)
          end
          blame(row, reason)
          error = @bisection.failure { write.call([row]) }
          give_up(row, RowErrors.reason(error)) if error
        end

        def optional(row)
          facts = (@table.facts - ["name"]).reject { |column| @cells.fact(row, column).nil? }
          facts + (@columns.key?("metadata") ? %w[metadata stated] : [])
        end

        def possible?(row)
          @bisection.possible? { row.found ? update_all([row]) : insert_all([row]) }
        end

        def blame(row, reason)
          row.without.each do |column|
            row.note((column == "stated") ? "metadata" : column, reason)
            @cells.refuse(column, row.fact(column), reason) if @table.facts.include?(column)
          end
        end

        # The row stays as it was, but its availability may still have to change.
        def give_up(row, reason)
          @outcome.leave_out(row.key, nil, reason)
          mark(row.available, [row.found]) if %i[restored made_unavailable].include?(row.change)
        end

        # ---- What the database has stored ----

        def look_at(rows)
          return if rows.empty?

          stored = by_key(rows, @table.compared)
          altered = rows.select { |row| look_at_row(row, stored[row.key]) == :altered }
          remember(altered, stored) if altered.any? && !@columns.key?("fingerprint") && @columns.key?("metadata")
        end

        def look_at_row(row, stored)
          return @outcome.leave_out(row.key, nil, NOT_KEPT) unless stored && kept?(row, stored)

          differing = @table.differing(row, stored)
          return @outcome.wrote(row) if differing.empty?

          @outcome.alter(row.key, differing)
          @outcome.wrote(row) unless row.found && stored.slice(*row.found.keys) == row.found # nothing was changed
          :altered
        end

        def kept?(row, stored)
          !stored.key?("fingerprint") || stored["fingerprint"] == @table.fingerprint(row.model)
        end

        # Without a column for the fingerprint, the row's metadata says that this is how the database stores it.
        def remember(rows, stored)
          BatchedUpdate.call(@record, @connection, rows.to_h do |row|
            metadata = row.metadata(stored[row.key]["metadata"], @table.fingerprint(row.model))
            [id_of(stored[row.key]), {@columns["metadata"] => (text("metadata", metadata) if metadata)}.compact]
          end.reject { |_, row| row.empty? })
        end

        # @return [Hash{Array(String, String) => Hash}] the rows with these keys that this class can read
        def by_key(rows, names, lock: false)
          scope = rows.group_by { |row| row.key.first }.map do |provider, same|
            @record.where(@columns["provider"] => provider, @columns["model_id"] => same.map { |row| row.key.last })
          end.reduce(:or)
          scope = scope.order(@record.primary_key).lock if lock
          @table.rows_of(scope, names)
        end

        # ---- Rows of which only the availability changes ----

        def mark(available, rows)
          rows.sort_by { |row| row["id"] }.each_slice(SLICE) do |slice|
            @bisection.call(slice) { |batch| mark_all(available, batch) }.each do |refusal|
              @outcome.leave_out(refusal.row.values_at(*Columns::KEY), "available", RowErrors.reason(refusal.error))
            end
          end
        end

        def mark_all(available, rows)
          scope = @record.where(@record.primary_key => rows.map { |row| row["id"] })
          kept = (scope.update_all(values_of_mark(available)) == rows.size) ? rows : kept_marks(scope, available, rows)
          kept.each { |row| @outcome.count(available ? :restored : :made_unavailable, row) }
        end

        def values_of_mark(available)
          stamps = (STAMPS.fetch(:updated) & @columns.keys).to_h { |column| [column, @now] }
          values = {"available" => available, **stamps}
          values["unavailable_since"] = available ? nil : @now if @columns.key?("unavailable_since")
          values.transform_keys! { |column| @columns.fetch(column) }
          return values unless @record.locking_enabled?

          values.merge(@record.locking_column => ::Arel.sql(BatchedUpdate.next_number(@record, @connection)))
        end

        # Rows that were deleted meanwhile are not mentioned.
        def kept_marks(scope, available, rows)
          now = scope.pluck(@record.primary_key, @columns["available"]).to_h
          kept, others = rows.partition { |row| now[row["id"]] == available }
          others.select { |row| now.key?(row["id"]) }.each do |row|
            @outcome.leave_out(row.values_at(*Columns::KEY), "available", NOT_KEPT)
          end
          kept
        end

        # ---- Values, quoted ----

        # @return [String]
        def text_of(row, column)
          case column
          when "available" then text(column, row.available)
          when "fingerprint" then text(column, @table.fingerprint(row.model))
          else text(column, @cells.fact(row, column))
          end
        end

        def text(column, value)
          @cells.text(column, value, @connection)
        end

        # The same in every row, so it is quoted only once.
        def now_for(column)
          @stamps ||= {}
          @stamps[column] ||= text(column, @now)
        end

        def id_of(found)
          @connection.quote(@record.type_for_attribute(@record.primary_key).serialize(found["id"]))
        end
      end
      private_constant :Writer
    end
  end
end
