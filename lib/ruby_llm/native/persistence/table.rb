# frozen_string_literal: true

require "securerandom"

module RubyLLM
  module Native
    module Persistence
      # The table of one ActiveRecord class, for one sync: reads it once, writes what differs. Runs on the calling thread only.
      class Table
        # Rows a statement: far below what any database allows of text or placeholders.
        SLICE = 500

        OURS = [*Row::KEY, "available", *Row::FACTS, "metadata"].freeze
        TIMESTAMPS = {created: %w[created_at created_on], updated: %w[updated_at updated_on last_synced_at]}.freeze

        # @param record [Class] an ActiveRecord class that `acts_as_llm_model`
        def initialize(record)
          @record = record
          @columns = OURS & record.column_names
          @now = Time.now.utc
        end

        # Write these models and nothing else.
        #
        # @param models [Enumerable<Model>]
        # @return [SyncResult]
        def save(models)
          @availability = Availability.new
          in_transaction { |connection| SyncResult.new(**write(connection, rows_of(models, read))) }
        end

        # Write the selected models, and bring the availability of all others in line with the registry.
        #
        # @param selected [Enumerable<Model>]
        # @param known [Array<Model>] all models of the registry, unlisted ones included
        # @param report [Report] of the refresh before
        # @return [SyncResult]
        def sync(selected, known, report)
          @availability = Availability.new(report)
          in_transaction do |connection|
            found = read
            rows = rows_of(selected, found)
            written = write(connection, rows)
            marked = mark(known, found.except(*rows.map(&:key)))
            SyncResult.new(report: report, **written.merge(marked) { |_, count, more| count + more })
          end
        end

        private

        # The application's default scope must neither hide rows from us nor write into them.
        def in_transaction
          @record.connection_pool.with_connection do |connection|
            @record.unscoped { @record.transaction { yield connection } }
          end
        end

        # @return [Hash{Array(String, String)=>Hash}] every row by provider and model id
        def read
          columns = [@record.primary_key, *@columns]
          rows = @record.uncached { @record.pluck(*columns) }
          rows.map { |values| columns.zip(values).to_h }.to_h { |row| [row.values_at(*Row::KEY), row] }
        end

        # In the order of their keys: two writers that lock rows in one order cannot wait for each other.
        def rows_of(models, found)
          models.to_h { |model| [[model.provider.to_s, model.id], model] }.sort_by(&:first).filter_map do |key, model|
            row = found[key]
            next if row && @availability.silent?(model.provider)

            Row.new(model, available: @availability.of(model, row), columns: @columns, found: row)
          end
        end

        # @return [Hash{Symbol=>Integer}] how many rows changed in which way
        def write(connection, rows)
          rows.reject { |row| row.change == :unchanged }.each_slice(SLICE) { |slice| upsert(connection, slice.map(&:values)) }
          rows.map(&:change).tally
        end

        # Only our columns are updated; a row that is there keeps its id, the time of its birth and all that is the application's.
        def upsert(connection, values)
          written = values.first.keys - Row::KEY + stamps(:updated).keys
          @record.upsert_all(
            values.map { |row| {**new_id, **row, **stamps(:created), **stamps(:updated)} },
            update_only: written, record_timestamps: false, returning: false,
            **(connection.supports_insert_conflict_target? ? {unique_by: Row::KEY} : {})
          )
        end

        # Rows that were not written but whose model has come or gone.
        #
        # @return [Hash{Symbol=>Integer}]
        def mark(known, rows)
          models = known.to_h { |model| [[model.provider.to_s, model.id], model] }
          changed = rows.filter_map do |key, row|
            available = availability_of(models[key], row)
            [available, row.fetch(@record.primary_key)] unless !available == !row["available"]
          end
          changed.group_by(&:first).to_h do |available, marks|
            marks.map(&:last).sort.each_slice(SLICE) do |ids|
              @record.where(@record.primary_key => ids).update_all("available" => available, **stamps(:updated))
            end
            [available ? :restored : :made_unavailable, marks.size]
          end
        end

        # A row without a model may be of a time before this process: its provider's answer is all there is to judge by.
        def availability_of(model, row)
          provider = row["provider"]
          return row["available"] if @availability.silent?(provider) || (model.nil? && !@availability.answered?(provider))

          model ? @availability.of(model, row) : false
        end

        def stamps(kind)
          @stamps ||= TIMESTAMPS.transform_values { |names| (names & @record.column_names).to_h { |name| [name, @now] } }
          @stamps.fetch(kind)
        end

        # `upsert_all` runs no callbacks: a key that the database does not make has to be made here. Rows that are there keep theirs.
        def new_id
          key = @record.columns_hash.fetch(@record.primary_key)
          made_by_database = key.type == :integer || key.default || key.default_function
          made_by_database ? {} : {key.name => SecureRandom.uuid}
        end
      end
    end
  end
end
