# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # What a table of models needs beside its columns. Checked before any source is asked, since the error of the
      # first INSERT would come too late.
      #
      # A table that has passed is not asked about again as long as its class keeps what it knows of the columns: until
      # `reset_column_information`, as ActiveRecord's own cache of indexes.
      #
      # @api private
      class Requirements
        PASSED = :@llm_requirements_passed
        private_constant :PASSED

        # @param record [Class] an ActiveRecord class that `acts_as_llm_model`
        # @param columns [Hash{String => String}] our name => the table's
        # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] of that class
        def initialize(record, columns, connection)
          @record = record
          @key = columns.values_at(*Database::KEY).sort
          @connection = connection
        end

        # @return [void]
        # @raise [Error] saying in one sentence what is missing
        def check
          check_primary_key
          return if passed?

          check_unique_index
          @record.instance_variable_set(PASSED, [@record.columns_hash, *table_itself])
        end

        private

        # After it was reset, a class makes another Hash of its columns, even if they are equal.
        def passed?
          columns, *table = @record.instance_variable_get(PASSED)
          columns.equal?(@record.columns_hash) && table == table_itself
        end

        def table_itself
          [@connection.pool, @record.table_name, @key]
        end

        def check_primary_key
          key = @record.primary_key
          raise Error, "#{table} must have a primary key of one column, got none" if key.nil?
          return unless key.is_a?(Array)

          raise Error, "#{table} must have a primary key of one column, got one of #{key.size}: " \
            "#{key.join(", ")}. Add a column id as primary key, and a unique index on #{@key.join(" and ")}"
        end

        def check_unique_index
          indexes = unique_indexes.select { |index| covers?(index.columns) }
          raise Error, needed(nearest) if indexes.empty?

          whole = indexes.select { |index| index.where.nil? }
          raise Error, needed("#{indexes.first.name} is partial: it has a WHERE") if whole.empty?

          deferrable = deferrable_constraints
          return unless whole.all? { |index| deferrable.include?(index.name) }

          reason = "it would refuse rows only at the end of the transaction"
          raise Error, needed("#{whole.first.name} is DEFERRABLE: #{reason}")
        end

        def unique_indexes
          @connection.schema_cache.indexes(@record.table_name).select(&:unique)
        end

        # In any order. For an index on an expression, `columns` is a String.
        def covers?(columns)
          columns.is_a?(Array) && columns.sort == @key
        end

        def needed(reason)
          ["#{table} needs a unique index on #{@key.join(" and ")}", *reason].join("; ")
        end

        # @return [String, nil] why an existing unique index does not suffice
        def nearest
          index = unique_indexes.find { |each| (@key - Array(each.columns)).empty? }
          "#{index.name} is on #{index.columns.join(", ")}" if index
        end

        # @return [Array<String>] names, on PostgreSQL
        def deferrable_constraints
          return [] unless @connection.respond_to?(:unique_constraints) && @connection.adapter_name.match?(/postg/i)

          @connection.unique_constraints(@record.table_name).select(&:deferrable).map(&:name)
        end

        def table
          @record.table_name
        end
      end
      private_constant :Requirements
    end
  end
end
