# frozen_string_literal: true

require_relative "../database/bulk_writer"
require_relative "../database/contention"
require_relative "write_outcome"

module RubyLLM
  module Native
    module Persistence
      # Writes what differs, in one transaction. What the database refuses affects nothing else: the value is left out
      # if the row can be written without it, or else the row is. What it stored differently from what was written, for
      # example because of a trigger, is read back and reported.
      #
      # @api private
      class Writer
        # Columns that tell when a row was written.
        WRITTEN_AT = %w[updated_at last_synced_at].freeze
        NOT_KEPT = "the database did not keep the value that was written"
        private_constant :WRITTEN_AT, :NOT_KEPT

        # @param table [Table] with its class and columns
        # @param guard [Proc] called first in the transaction
        def initialize(table, connection, guard)
          @table = table
          @record = table.record
          @columns = table.columns
          @cells = table.cells
          @connection = connection
          @guard = guard
          @inserted = @columns.except("is_default", "unavailable_since")
          @updated = @columns.except(*Database::KEY, "is_default", "created_at")
        end

        # @param changes [Table::Changes]
        # @return [WriteOutcome]
        def write(changes)
          Database::Contention.ride_out(@connection) do
            @outcome = WriteOutcome.new
            @bulk = Database::BulkWriter.new(@record, @connection, @inserted.values)
            @record.transaction do
              @guard.call
              changes.rows.each_slice(Database::BulkWriter::SLICE) { |rows| put(rows) }
              [false, true].each do |available|
                mark(available, changes.marks.select { |row| !row["available"] == available })
              end
            end
          end
          @outcome
        end

        private

        def put(rows)
          new, known = rows.partition(&:new?)
          insert(new.select { |row| key_fits?(row) })
          update(known)
        end

        def key_fits?(row)
          Database::KEY.each { |column| @cells.fact(row, column) }
          return true if row.notes.empty?

          column, reason = row.notes.slice(*Database::KEY).first
          @outcome.leave_out(row.key, column, reason) if column
          column.nil?
        end

        def insert(rows)
          error = @bulk.failure { write_batch(rows) } or return
          rows -= take_over(rows) if error.is_a?(::ActiveRecord::RecordNotUnique)
          write_each(rows)
        end

        # Rows that another writer has inserted since the table was read: they are read now and updated. Rows that this
        # class cannot read, such as a sibling's, are not written.
        #
        # @return [Array<Row>] of `rows`
        def take_over(rows)
          found = look_up(rows, [*Database::KEY, *(%w[available is_default] & @columns.keys)], lock: true)
          update(found.map { |row, values| @table.row(row.model, values) })
          found.keys
        end

        def update(rows)
          write_each(lock(rows), slice: Database::BulkWriter::UPDATE_SLICE)
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

        def write_each(rows, **slice)
          @bulk.write(rows, method(:write_batch), **slice) { |row, error| save(row, error) }
        end

        # @param rows [Array<Row>] all of them new, or none
        def write_batch(rows)
          send_batch(rows)
          look_at(rows)
        end

        def send_batch(rows)
          return if rows.empty?
          if rows.first.new?
            names = @inserted.keys
            return @bulk.insert(rows) { |row| names.map { |ours| text_of(row, ours) } }
          end

          @bulk.update(rows.to_h do |row|
            [row.found["id"], @updated.to_h { |ours, theirs| [theirs, text_of(row, ours)] }.compact]
          end)
        end

        # ---- What the database refuses ----

        # Saves what can be written of a refused row: without its optional values at first, then with each one that the
        # database accepts.
        def save(row, error)
          reason = Database::RowErrors.reason(error)
          row.without = optional(row)
          return give_up(row, reason) if error.is_a?(::ActiveRecord::RecordNotUnique) || !possible?(row)

          row.without.each do |column|
            tried = row.without
            row.without = tried - [column]
            row.without = tried unless possible?(row)
          end
          blame(row, reason)
          error = @bulk.failure { write_batch([row]) }
          give_up(row, Database::RowErrors.reason(error)) if error
        end

        def optional(row)
          facts = (@table.facts - ["name"]).reject { |column| @cells.fact(row, column).nil? }
          facts + (@columns.key?("metadata") ? %w[metadata stated] : [])
        end

        def possible?(row)
          @bulk.possible? { send_batch([row]) }
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

          stored = look_up(rows, @table.compared)
          altered = rows.select { |row| look_at_row(row, stored[row]) == :altered }
          remember(altered, stored) if altered.any? && !@columns.key?("fingerprint") && @columns.key?("metadata")
        end

        def look_at_row(row, stored)
          return @outcome.leave_out(row.key, nil, NOT_KEPT) unless stored && kept?(row, stored)

          differing = @table.differing(row, stored)
          return @outcome.wrote(row) if differing.empty?

          @outcome.alter(row.key, differing)
          @outcome.wrote(row) unless !row.new? && stored.slice(*row.found.keys) == row.found # nothing was changed
          :altered
        end

        def kept?(row, stored)
          !stored.key?("fingerprint") || stored["fingerprint"] == @table.fingerprint(row.model)
        end

        # Without a column for the fingerprint, the row's metadata says that this is how the database stores it.
        def remember(rows, stored)
          texts = rows.filter_map do |row|
            metadata = row.metadata(stored[row]["metadata"], @table.fingerprint(row.model))
            [stored[row]["id"], {@columns["metadata"] => text("metadata", metadata)}] if metadata
          end
          @bulk.update(texts.to_h)
        end

        # @return [Hash{Row => Hash}] those of these rows that the table has and this class can read, as they are there
        def look_up(rows, names, lock: false)
          scope = rows.group_by { |row| row.key.first }.map do |provider, same|
            @record.where(@columns["provider"] => provider, @columns["model_id"] => same.map { |row| row.key.last })
          end.reduce(:or)
          scope = scope.order(@record.primary_key).lock if lock
          found = @table.rows_in(scope, names)
          rows.to_h { |row| [row, found.take(*row.key)] }.compact.transform_values { |values| found.row(values) }
        end

        # ---- Rows of which only the availability changes ----

        def mark(available, rows)
          @bulk.write(rows.sort_by { |row| row["id"] }, ->(batch) { mark_all(available, batch) }) do |row, error|
            @outcome.leave_out(row.values_at(*Database::KEY), "available", Database::RowErrors.reason(error))
          end
        end

        def mark_all(available, rows)
          texts = texts_of_mark(available)
          marked = @bulk.update(rows.to_h { |row| [row["id"], texts] })
          kept = (marked == rows.size) ? rows : kept_marks(available, rows)
          kept.each { |row| @outcome.count(available ? :restored : :made_unavailable, row) }
        end

        # The same for all rows.
        def texts_of_mark(available)
          @columns.slice("available", "unavailable_since", *WRITTEN_AT).to_h do |column, theirs|
            next [theirs, text(column, available)] if column == "available"

            [theirs, (available && column == "unavailable_since") ? "NULL" : time(column)]
          end
        end

        # Rows that were deleted meanwhile are not mentioned.
        def kept_marks(available, rows)
          key = @record.primary_key
          now = @record.where(key => rows.map { |row| row["id"] }).pluck(key, @columns["available"]).to_h
          kept, others = rows.partition { |row| now[row["id"]] == available }
          others.select { |row| now.key?(row["id"]) }.each do |row|
            @outcome.leave_out(row.values_at(*Database::KEY), "available", NOT_KEPT)
          end
          kept
        end

        # ---- Values, quoted ----

        # @return [String, nil] nil: the column stays as it is
        def text_of(row, column)
          case column
          when "available" then text(column, row.available)
          when "fingerprint" then text(column, @table.fingerprint(row.model))
          when "created_at", "updated_at", "last_synced_at" then time(column) # a splat of WRITTEN_AT would be slow
          when "unavailable_since" then {made_unavailable: time(column), restored: "NULL"}[row.change]
          when "metadata" then text_of_metadata(row)
          else @cells.text_of(row, column, @connection)
          end
        end

        def text_of_metadata(row)
          metadata = row.metadata(row.new? ? default_metadata : row.kept) unless row.without?("metadata")
          metadata ||= default_metadata || {} if row.new?
          text("metadata", metadata) if metadata
        end

        # Only asked for when a row is new: making the first object of a class takes longer than writing a few rows.
        def default_metadata
          @default_metadata ||= [@record.new[@columns["metadata"]]]
          @default_metadata.first
        end

        def text(column, value)
          @cells.text(column, value, @connection)
        end

        def time(column)
          @bulk.time(@columns.fetch(column))
        end
      end
      private_constant :Writer
    end
  end
end
