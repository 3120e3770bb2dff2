# frozen_string_literal: true

module RubyLLM
  module Native
    module Generators
      # A table of models that the app already has, and what it lacks.
      #
      # @api private
      class ExistingTable
        COLUMNS = {
          "available" => ":boolean, null: false, default: false",
          "is_default" => ":boolean, null: false, default: false",
          "last_synced_at" => ":datetime",
          "context_window" => ":bigint",
          "max_output_tokens" => ":bigint",
          "metadata" => "postgresql? ? :jsonb : :json, **empty",
          "family" => ":string",
          "model_type" => ":string",
          "input_price" => ":decimal, precision: 28, scale: 18",
          "output_price" => ":decimal, precision: 28, scale: 18",
          "unavailable_since" => ":datetime",
          "fingerprint" => ":string, limit: 64"
        }.freeze
        INDEXES = {
          %w[provider model_id] => ", unique: true",
          %w[available model_type] => "",
          %w[metadata] => ", using: :gin if postgresql?"
        }.freeze
        private_constant :COLUMNS, :INDEXES

        # @return [String] the table's name with the app's prefix and suffix
        def self.full_name(table)
          base = ::ActiveRecord::Base
          "#{base.table_name_prefix}#{table}#{base.table_name_suffix}"
        end

        # @param table [String] without the app's prefix and suffix
        # @param database [String, nil] nil: the primary one
        def initialize(table, database: nil)
          @table = table
          @columns, @indexes = look(self.class.full_name(table), database)
          @indexes << %w[metadata] if @columns["metadata"] == "json" # PostgreSQL cannot index that type
        end

        # @return [Boolean] also false when the database cannot be queried
        def exists?
          @columns.any?
        end

        # @return [Array<String>] lines of a migration
        def missing
          columns = COLUMNS.except(*@columns.keys).map { |name, type| "add_column :#{@table}, :#{name}, #{type}" }
          indexes = INDEXES.except(*@indexes).map do |names, rest|
            list = names.one? ? ":#{names.first}" : "%i[#{names.join(" ")}]"
            "add_index :#{@table}, #{list}#{rest}"
          end
          columns + indexes
        end

        private

        def look(table, database)
          connected(database) do |connection|
            next [{}, []] unless connection.table_exists?(table)

            columns = connection.columns(table).to_h { |column| [column.name, column.sql_type] }
            [columns, connection.indexes(table).map { |index| Array(index.columns).map(&:to_s) }]
          end
        rescue ::ActiveRecord::ActiveRecordError
          [{}, []]
        end

        def connected(database, &block)
          return ::ActiveRecord::Base.connection_pool.with_connection(&block) unless database

          record = elsewhere
          record.establish_connection(database.to_sym)
          record.connection_pool.with_connection(&block)
        ensure
          record&.remove_connection
        end

        # A separate class, for a separate connection.
        def elsewhere
          Class.new(::ActiveRecord::Base) do
            self.abstract_class = true
            def self.name
              "RubyLLM::Native::Generators::Elsewhere"
            end
          end
        end
      end
    end
  end
end
