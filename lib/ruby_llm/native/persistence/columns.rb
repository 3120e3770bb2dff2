# frozen_string_literal: true

require_relative "../database/new_row"

module RubyLLM
  module Native
    module Persistence
      # Which columns of a table are ours, and their names there.
      #
      # @api private
      class Columns
        # The columns that every table of models has.
        NEEDED = [*Database::KEY, "name", "available"].freeze

        # All columns that can be ours. Only {Record#make_default!} writes `is_default`.
        OURS = [
          *NEEDED, "is_default", "last_synced_at", "context_window", "max_output_tokens", "metadata", "family",
          "model_type", "input_price", "output_price", "batch_input_price", "batch_output_price", "cache_read_price",
          "unavailable_since", "fingerprint", "created_at", "updated_at"
        ].freeze

        # @param names [Hash{Symbol => Symbol, nil}] of the columns that have other names; nil: not ours
        # @raise [ArgumentError]
        def initialize(names = {})
          names = names.to_h { |ours, theirs| [ours.to_s, theirs&.to_s] }
          unknown = names.keys - OURS
          raise ArgumentError, "Unknown columns: #{unknown.join(", ")} (known: #{OURS.join(", ")})" if unknown.any?

          absent = NEEDED.select { |ours| names.key?(ours) && names[ours].nil? }
          raise ArgumentError, "A table of models needs the columns #{absent.join(", ")}" if absent.any?

          @names = OURS.to_h { |ours| [ours, names.fetch(ours, ours)] }.compact.freeze
          freeze
        end

        # @param ours [String]
        # @return [Symbol, nil] the column's name in the table; nil when it is not ours
        def name_of(ours)
          @names[ours]&.to_sym
        end

        # @param record [Class]
        # @return [Hash{String => String}] our name => the table's, for the columns that exist and can be written
        # @raise [Error] when a required column is missing
        def in(record)
          columns = record.columns_hash
          there = @names.select { |_, theirs| columns.key?(theirs) && !Database::NewRow.computed?(columns[theirs]) }
          missing = NEEDED - there.keys
          return there if missing.empty?

          computed = " that can be written" if columns.key?(@names[missing.first])
          raise Error, "#{record.table_name} has no column #{@names.values_at(*missing).join(", ")}#{computed}. " \
            "Add it, or give its name: acts_as_llm_model columns: {#{missing.first}: :its_name}"
        end
      end
    end
  end
end
