# frozen_string_literal: true

require_relative "../database/contention"
require_relative "../database/existing_rows"
require_relative "cells"
require_relative "requirements"
require_relative "writer"

module RubyLLM
  module Native
    module Persistence
      # The table of one ActiveRecord class, for one sync: reads it once and compares; {Writer} writes what differs.
      # Runs only on the calling thread.
      #
      # One SELECT, no transaction. A row is right when it has the model's fingerprint and the availability that follows
      # from the model's standing; a table without a `fingerprint` is compared column by column.
      #
      # @api private
      class Table
        # What has to be done. `rows` are written whole; for `marks` (rows as read) only the availability changes.
        Changes = Struct.new(:rows, :marks, :unchanged) do
          def none?
            rows.empty? && marks.empty?
          end
        end

        # @return [Class]
        attr_reader :record

        # @return [Hash{String => String}] our name => the table's
        attr_reader :columns

        # @return [Cells]
        attr_reader :cells

        # @return [Array<String>] the {Row::FACTS} that the table has
        attr_reader :facts

        # @param record [Class] an ActiveRecord class that `acts_as_llm_model`
        # @param configured_only [Boolean] leave out models of providers that are not configured
        # @param guard [Proc] called first in the transaction
        # @raise [Error] when the table lacks something required
        def initialize(record, configured_only: false, guard: -> {})
          @record = record
          @columns = record.connection_pool.with_connection do |connection|
            record.llm_columns.in(record).tap { |columns| Requirements.new(record, columns, connection).check }
          end
          @cells = Cells.new(record, @columns)
          @layout = Database.layout(Row::LAYOUT, Row::METADATA, @cells.shape)
          @facts = @columns.keys & Row::FACTS
          @configured_only = configured_only
          @guard = guard
          @amounts = Hash.new { |amounts, text| amounts[text] = text && BigDecimal(text) }
        end

        # Write only these models.
        #
        # @param models [Enumerable<Model>]
        # @return [SyncResult]
        def save(models)
          @availability = Availability.new
          Database.use_table(@record) { |connection| carry_out(compare(models, read(connection)), connection) }
        end

        # Write the selected models, and bring the availability of all others in line with the registry.
        #
        # @param selected [Enumerable<Model>]
        # @param known [Enumerable<Model>] all models of the registry, unlisted ones included
        # @param report [Report] of the preceding refresh
        # @return [SyncResult]
        def sync(selected, known, report)
          @availability = Availability.new(report)
          Database.use_table(@record) do |connection|
            found = read(connection)
            changes = compare(selected, found)
            mark(changes, known, found)
            carry_out(changes, connection, report)
          end
        end

        # ---- For the writer ----

        # @param found [Hash{String => Object}, nil] the row as it was read
        # @return [Row]
        def row(model, found)
          was = found ? found["available"] : :new
          available = @availability.of(model, model.provider, was)
          Row.new(model, available: available, found: found, amounts: @amounts)
        end

        # @return [String] the fingerprint of a row that is right
        def fingerprint(model)
          "#{@layout}#{model.row_fingerprint}"
        end

        # @return [Array<String>] columns that identify a row or are compared
        def compared
          @compared ||= @columns.keys & [*Database::KEY, "available", *Row::FACTS, known_by]
        end

        # Values are compared as the column would store them, such as a price with the column's decimals. Hashes are
        # compared by content: a database may reorder their keys, and return 2.0 as 2.
        #
        # @param stored [Hash{String => Object}] as the database has them
        # @return [Array<String>] columns that differ
        def differing(row, stored)
          names = @facts.reject { |column| stored[column] == @cells.expected(row, column) }
          return names unless stored.key?("metadata") && !row.without?("metadata")

          metadata = row.metadata(stored["metadata"])
          (metadata.nil? || stored["metadata"] == metadata.value) ? names : [*names, "metadata"]
        end

        # @return [Database::ExistingRows] with our names, and "id"
        def rows_in(scope, names)
          Database::ExistingRows.read(scope, @columns.slice(*names))
        end

        private

        # ---- Reading ----

        def read(connection)
          names = (known_by == "fingerprint") ? [*Database::KEY, "available", known_by] : compared
          names |= @columns.keys & ["is_default"]
          Database::Contention.ride_out(connection) { rows_in(@record, names) }
        end

        def known_by
          @columns.key?("fingerprint") ? "fingerprint" : "metadata"
        end

        # Takes the rows it has looked at out of `found`.
        #
        # Rows are written in the order of their keys, so that two writers cannot deadlock.
        def compare(models, found)
          changes = Changes.new([], [], 0)
          each_once(without_right(models, found, changes)) do |model|
            provider = model.provider
            values = found.take(provider, model.id)
            add(changes, model, found, values) unless left_alone?(provider, values)
          end
          changes.rows.sort_by!(&:key)
          changes
        end

        # Most rows are right, and for a view all of these are found at once.
        #
        # @return [Enumerable<Model>] the models that have to be looked at one by one
        def without_right(models, found, changes)
          models = models.view if models.is_a?(Registry)
          return BesideRubyLLM.models_of(models) unless models.is_a?(View)
          return models unless known_by == "fingerprint"

          rest = found.take_right(models, @layout) do |model, values|
            !left_alone?(model.provider, values) && available_as_it_should?(model, found, values)
          end
          changes.unchanged = models.size - rest.size
          rest
        end

        # A view contains no model twice.
        def each_once(models, &block)
          return models.each(&block) if models.is_a?(View)

          models.to_h { |model| [[model.provider, model.id], model] }.each_value(&block)
        end

        def left_alone?(provider, values)
          (values && @availability.silent?(provider)) || (@configured_only && !@availability.configured?(provider))
        end

        def add(changes, model, found, values)
          return changes.unchanged += 1 if values && right?(model, found, values)

          row = row(model, values && found.row(values))
          if values.nil? || !same?(row) then changes.rows << row
          elsif row.change == :updated then changes.unchanged += 1
          else changes.marks << row.found
          end
        end

        # Finds out without making a Row.
        def right?(model, found, values)
          known_by == "fingerprint" && found.value(values, "fingerprint") == fingerprint(model) &&
            available_as_it_should?(model, found, values)
        end

        def available_as_it_should?(model, found, values)
          was = found.value(values, "available")
          !was == !@availability.of(model, model.provider, was)
        end

        def same?(row)
          found = row.found
          return found["fingerprint"] == fingerprint(row.model) if known_by == "fingerprint"

          metadata = found["metadata"]
          (metadata.is_a?(Hash) && metadata["fingerprint"] == fingerprint(row.model)) || differing(row, found).empty?
        end

        # Rows that are not written, but whose model came or went. A row without a model may be older than this process,
        # so only the answer of its provider counts.
        def mark(changes, known, found)
          known.each do |model|
            break if found.empty?

            values = found.take(model.provider, model.id)
            mark_row(changes, model, found.row(values)) if values
          end
          found.each { |row| mark_row(changes, nil, row) }
        end

        def mark_row(changes, model, row)
          was = row["available"]
          changes.marks << row unless !was == !@availability.of(model, row["provider"], was)
        end

        # ---- Writing ----

        def carry_out(changes, connection, report = nil)
          outcome = changes.none? ? WriteOutcome.new : Writer.new(self, connection, @guard).write(changes)
          LostDefaults.report(@record, outcome.lost_defaults)
          SyncResult.new(report: report, unchanged: changes.unchanged, lost_defaults: outcome.lost_defaults,
            left_out: outcome.left_out, altered: outcome.altered, **outcome.counts).tap { |result| instrument(result) }
        end

        # Nobody sees the result of a job, so its remarks are logged.
        def instrument(result)
          logger = RubyLLM.config.logger || @record.logger
          result.remarks.each { |remark| logger.warn("#{@record.name}: #{remark}") } if logger
        end
      end
      private_constant :Table
    end
  end
end
