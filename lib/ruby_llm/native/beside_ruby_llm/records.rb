# frozen_string_literal: true

require "json"
require_relative "../database/bulk_writer"
require_relative "../database/existing_rows"
require_relative "../database/storable_json"
require_relative "customizations"
require_relative "saved_rows"

module RubyLLM
  module Native
    module BesideRubyLLM
      # Writes entries to ruby_llm's table of models like ruby_llm, but with few statements: reads all rows with one,
      # inserts new ones in batches, updates those that differ, and leaves the others alone. ruby_llm reads and
      # validates each row by itself.
      #
      # The rows are the same afterwards. A row that the database refuses is left out and logged, and the others are
      # written. When the class has callbacks, validations or writers of the application's, this cannot be guaranteed,
      # and every row is left to ruby_llm.
      class Records
        JSON_COLUMNS = %w[modalities capabilities pricing metadata].freeze
        COLUMNS = [
          *Database::KEY, "name", "family", "model_created_at", "context_window", "max_output_tokens",
          "knowledge_cutoff", *JSON_COLUMNS
        ].freeze

        # Columns whose fact has another name in an entry.
        FACTS = {"model_id" => :id, "model_created_at" => :created_at}.freeze

        # The times that Rails sets in a row that is inserted, and in one that is updated.
        INSERTED_AT = %w[created_at created_on updated_at updated_on].freeze
        UPDATED_AT = %w[updated_at updated_on].freeze
        private_constant :JSON_COLUMNS, :COLUMNS, :FACTS, :INSERTED_AT, :UPDATED_AT

        # @param record [Class] ruby_llm's, or the application's that calls `acts_as_model`
        def initialize(record)
          @record = record
          @columns = COLUMNS + (record.column_names & %w[unlisted_at])
          @inserted_at = INSERTED_AT & record.column_names
          @updated_at = UPDATED_AT & record.column_names
        end

        # @param models [Array] entries
        # @yieldparam kept [Array] the primary keys of their rows; called when the table has other rows
        # @return [Boolean] false: nothing was done, and this class's rows have to be written one by one
        # @raise [ActiveRecord::ActiveRecordError] the errors that ruby_llm would raise
        def save(models, &others)
          return false unless Customizations.new(@record, @columns, JSON_COLUMNS).none?

          Database.use_table(@record) do |connection|
            @connection = connection
            saved = SavedRows.new(@record, connection, @columns, models)
            @record.transaction do
              next true if saved.unchanged?
              next false unless models.all? { |model| valid?(model) }

              write(models, &others)
              saved.remember unless @refused
              true
            end
          end
        end

        private

        def valid?(model)
          [model.id, model.provider, model.name].none? { |text| text.to_s.strip.empty? }
        end

        def write(models, &others)
          @refused = false
          @bulk = Database::BulkWriter.new(@record, @connection, [*@columns, *@inserted_at])
          found = Database::ExistingRows.read(@record, @columns.to_h { |column| [column, column] })
          rows = models.to_h { |model| [[model.provider, model.id], row_of(model)] }
          new, known = rows.map { |key, row| [row, found.take(*key)] }.partition { |_, values| values.nil? }
          update(known.filter_map { |row, values| change(row, found.row(values)) })
          insert(new.map(&:first))
          return if others.nil? || found.empty?

          gone = found.map { |row| row["id"] }
          yield @record.pluck(@record.primary_key) - gone
        end

        # @return [Hash{String => Object}] column => value
        def row_of(model)
          facts = {**Entry.to_h(model), unlisted_at: nil} # models in the registry are listed
          @columns.to_h { |column| [column, facts[FACTS.fetch(column, column.to_sym)]] }
        end

        # @return [Array(Hash, Hash), nil] the row as it was read, and the values that differ; nil when none do
        def change(row, found)
          differing = row.reject { |column, value| same?(column, found[column], value) }
          [found, differing] unless differing.empty?
        end

        def same?(column, stored, value)
          stored == (JSON_COLUMNS.include?(column) ? JSON.parse(json_of(value)) : value)
        end

        def insert(rows)
          times = @inserted_at.map { |column| @bulk.time(column) }
          insert = ->(batch) { @bulk.insert(batch) { |row| row.map { |column, value| text(column, value) } + times } }
          @bulk.write(rows, insert) { |row, error| leave_out(row, error) }
        end

        def update(changes)
          times = @updated_at.to_h { |column| [column, @bulk.time(column)] }
          update = lambda do |batch|
            @bulk.update(batch.to_h do |found, differing|
              [found["id"], differing.to_h { |column, value| [column, text(column, value)] }.merge(times)]
            end)
          end
          slice = Database::BulkWriter::UPDATE_SLICE
          @bulk.write(changes, update, slice: slice) { |(found, _), error| leave_out(found, error) }
        end

        # @return [String] quoted for the database
        def text(column, value)
          @connection.quote(JSON_COLUMNS.include?(column) ? json_of(value) : value)
        end

        # JSON that every database accepts. Infinity, which is how Ruby reads 1e999, becomes null, as in Rails.
        def json_of(value)
          Database::StorableJson.of(JSON.generate(value))
        rescue JSON::GeneratorError
          Database::StorableJson.of(::ActiveSupport::JSON.encode(value))
        end

        def leave_out(row, error)
          @refused = true
          name = row.values_at(*Database::KEY).join("/")
          @record.logger&.warn("#{@record.name}: left out #{name}: #{Database::RowErrors.reason(error)}")
        end
      end
      private_constant :Records
    end
  end
end
