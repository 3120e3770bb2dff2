# frozen_string_literal: true

require_relative "../batched_insert"
require_relative "key"

module RubyLLM
  module Native
    module Persistence
      # The table of one ActiveRecord class, for one sync: reads it once, writes what differs. Runs on the calling thread only.
      #
      # First {#sync} looks: one SELECT, no transaction. A row is right when its fingerprint is that of the model, and its availability what
      # the model's standing says; a table without a `fingerprint` is compared column by column. Only then, if anything differs, a
      # transaction writes it.
      class Table
        # Rows a statement: far below what any database allows of text or placeholders.
        SLICE = 500

        STAMPS = {created: %w[created_at], updated: %w[updated_at last_synced_at]}.freeze
        private_constant :STAMPS

        # What is to be done. `rows` are written whole; `marks` are rows (as read) whose availability alone changes.
        Changes = Struct.new(:rows, :marks, :unchanged) do
          def none?
            rows.empty? && marks.empty?
          end

          # @return [Hash{Symbol => Integer}]
          def counts
            marked = marks.map { |row| row["available"] ? :made_unavailable : :restored }
            {unchanged: unchanged, **(rows.map(&:change) + marked).tally}
          end

          # @return [Array<Hash{String => Object}>] rows, as read, that are no longer available
          def gone
            rows.select { |row| row.change == :made_unavailable }.map(&:found) + marks.select { |row| row["available"] }
          end
        end
        private_constant :Changes

        # @param record [Class] an ActiveRecord class that `acts_as_llm_model`
        # @param configured_only [Boolean] leave out models of providers that are not ours to call
        # @param guard [Proc] called first in the transaction
        def initialize(record, configured_only: false, guard: -> {})
          @record = record
          @columns = record.connection_pool.with_connection { record.llm_columns.in(record) }
          @layout = Row.layout(@columns.keys) if @columns.key?("fingerprint")
          @facts = @columns.keys & Row::FACTS
          @configured_only = configured_only
          @guard = guard
        end

        # Write these models and nothing else.
        #
        # @param models [Enumerable<Model>]
        # @return [SyncResult]
        def save(models)
          @availability = Availability.new
          with_connection { carry_out(compare(models, read)) }
        end

        # Write the selected models, and bring the availability of all others in line with the registry.
        #
        # @param selected [Enumerable<Model>]
        # @param known [Array<Model>] all models of the registry, unlisted ones included
        # @param report [Report] of the refresh before
        # @return [SyncResult]
        def sync(selected, known, report)
          @availability = Availability.new(report)
          with_connection do
            found = read
            changes = compare(selected, found)
            changes.marks.concat(marks(known, found))
            carry_out(changes, report)
          end
        end

        private

        # The application's default scope must neither hide rows from us nor write into them.
        def with_connection
          @now = Time.now.utc
          @record.connection_pool.with_connection do |connection|
            @connection = connection
            @record.unscoped { @record.uncached { yield } }
          end
        end

        # ---- Looking ----

        # @return [Hash{Array(String, String) => Hash}] every row by provider and model id; our names, and "id"
        def read
          wanted = @columns.slice(*Columns::KEY, "available", "is_default", *(@layout ? ["fingerprint"] : [*@facts, "metadata"]))
          rows = Contention.ride_out(@connection) { @record.pluck(@record.primary_key, *wanted.values) }
          names = ["id", *wanted.keys]
          rows.to_h { |values| [[values[1], values[2]], names.zip(values).to_h] }
        end

        # Takes out of `found` what it has looked at.
        #
        # Rows are written in the order of their keys: two writers that lock rows in one order cannot wait for each other.
        def compare(models, found)
          changes = Changes.new([], [], 0)
          BesideRubyLLM.models_of(models).to_h { |model| [[model.provider, model.id], model] }.each do |key, model|
            row = found.delete(key)
            add(changes, model, row) unless left_alone?(key.first, row)
          end
          changes.rows.sort_by!(&:key)
          changes
        end

        def left_alone?(provider, row)
          (row && @availability.silent?(provider)) || (@configured_only && !@availability.configured?(provider))
        end

        def add(changes, model, found)
          row = Row.new(model, available: @availability.of(model, found, model.provider), found: found)
          if found.nil? || !same?(row) then changes.rows << row
          elsif row.change == :updated then changes.unchanged += 1
          else changes.marks << found
          end
        end

        # Values are compared as the column would take them: a price with as many decimals as it has. Hashes as what they say: a database may
        # give their keys back in an order of its own, and 2.0 as 2.
        def same?(row)
          return row.found["fingerprint"] == fingerprint(row.model) if @layout

          @facts.all? { |column| row.found[column] == @record.type_for_attribute(@columns[column]).cast(fact(row, column)) } &&
            (!@columns.key?("metadata") || row.found["metadata"] == row.metadata(row.found["metadata"]).value)
        end

        def fingerprint(model)
          "#{@layout}#{model.fingerprint}"
        end

        # Texts are cut where the column would refuse them.
        def fact(row, column)
          value = row.fact(column)
          limits.key?(column) && value ? value[0, limits[column]] : value
        end

        def limits
          @limits ||= @facts.to_h { |column| [column, @record.columns_hash.fetch(@columns[column])] }
                            .select { |_, column| column.type == :string && column.limit }.transform_values(&:limit)
        end

        # Rows that are not written but whose model has come or gone. A row without a model may be of a time before this process: its provider's
        # answer is all there is to judge by.
        def marks(known, found)
          return [] if found.empty?

          models = known.to_h { |model| [[model.provider, model.id], model] }
          found.filter_map { |key, row| row unless !row["available"] == !@availability.of(models[key], row, key.first) }
        end

        # ---- Writing ----

        def carry_out(changes, report = nil)
          lost = changes.gone.select { |row| row["is_default"] }.map { |row| {provider: row["provider"], model_id: row["model_id"]} }
          write(changes) unless changes.none?
          LostDefaults.tell(@record, lost)
          SyncResult.new(report: report, lost_defaults: lost, **changes.counts)
        end

        def write(changes)
          Contention.ride_out(@connection) do
            @record.transaction do
              @guard.call
              changes.rows.each_slice(SLICE) { |rows| put(rows) }
              changes.marks.group_by { |row| !row["available"] }.sort_by { |available, _| available ? 1 : 0 }.each { |marks| mark(*marks) }
            end
          end
        end

        def put(rows)
          new, known = rows.partition { |row| row.found.nil? }
          insert(new) if new.any?
          upsert(known) if known.any?
        end

        # Where another writer was first they are no longer new: nothing of this statement is left then, also on PostgreSQL, where only a
        # savepoint saves the transaction.
        def insert(rows)
          @record.transaction(requires_new: true) { insert_all_new(rows) }
        rescue ::ActiveRecord::RecordNotUnique
          upsert(rows)
        end

        def insert_all_new(rows)
          target # says that the index is missing, without which nobody would notice a row that is there
          types = values_of(rows.first, {}).to_h { |name, _| [name, @record.type_for_attribute(name)] }
          BatchedInsert.call(@record, @connection, types.keys, rows) do |row|
            values_of(row, {}).map { |name, value| literal?(value) ? value : @connection.quote(types[name].serialize(value)) }
          end
        end

        def literal?(value)
          value.is_a?(::Arel::Nodes::SqlLiteral)
        end

        # Only our columns are updated; a row that is there keeps its id, the time of its birth and all that is the application's.
        def upsert(rows)
          kept = kept_of(rows)
          @record.upsert_all(
            rows.map { |row| values_of(row, kept) }, update_only: written.except(*Columns::KEY, "created_at").values,
            record_timestamps: false, returning: false, **target
          )
        end

        # What of a row that is about to be written is the application's, or stays: read under a lock, so that nothing written since is lost.
        #
        # @return [Hash{Object => Array}] metadata and unavailable_since by id
        def kept_of(rows)
          ids = rows.filter_map { |row| row.found&.fetch("id") }
          return {} if ids.empty?

          wanted = @columns.values_at("metadata", "unavailable_since").map { |name| name || @record.primary_key }
          @record.where(@record.primary_key => ids).order(@record.primary_key).lock.pluck(@record.primary_key, *wanted)
                 .to_h { |id, metadata, since| [id, [metadata, since]] }
        end

        # @return [Hash{String => Object}] by the columns' own names
        def values_of(row, kept)
          metadata, since = row.found && kept[row.found["id"]]
          written.each_with_object({**Key.of_new(@record), **kind}) do |(column, theirs), values|
            values[theirs] =
              case column
              when "available" then row.available
              when "metadata" then row.metadata(metadata)
              when "unavailable_since" then since_of(row, since)
              when "fingerprint" then fingerprint(row.model)
              else literal_stamps[column] || fact(row, column)
              end
          end
        end

        # Where several classes share the table.
        def kind
          @kind ||= @record.descends_from_active_record? ? {} : {@record.inheritance_column => @record.sti_name}
        end

        # @return [Hash{String => String}] our name => the column's, of those that a sync writes
        def written
          @written ||= @columns.except("is_default")
        end

        # A model that never was available has no such time.
        def since_of(row, since)
          {made_unavailable: @now, updated: since}[row.change]
        end

        def mark(available, rows)
          values = {"available" => available, **stamps(:updated)}
          values["unavailable_since"] = available ? nil : @now if @columns.key?("unavailable_since")
          rows.map { |row| row["id"] }.sort.each_slice(SLICE) do |ids|
            @record.where(@record.primary_key => ids).update_all(values.transform_keys { |column| @columns.fetch(column) })
          end
        end

        def stamps(kind)
          (STAMPS.fetch(kind) & @columns.keys).to_h { |column| [column, @now] }
        end

        # The same three times in every row: quoted once.
        def literal_stamps
          @literal_stamps ||= stamps(:created).merge(stamps(:updated)).to_h do |column, time|
            [column, ::Arel.sql(@connection.quote(@record.type_for_attribute(@columns[column]).serialize(time)))]
          end
        end

        # The unique index on provider and model id, in whatever order it has them. MySQL finds it by itself, but it must be there.
        def target
          @target ||= begin
            key = @columns.values_at(*Columns::KEY).sort
            indexes = @connection.schema_cache.indexes(@record.table_name)
            index = indexes.find { |each| each.unique && each.where.nil? && Array(each.columns).sort == key }
            raise Error, "#{@record.table_name} needs a unique index on #{key.join(" and ")}" unless index

            @connection.supports_insert_conflict_target? ? {unique_by: index.name} : {}
          end
        end
      end
    end
  end
end
