# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # What one attempt to write a table has done so far. A row counts once the database has it.
      #
      # @api private
      class WriteOutcome
        # @return [Hash{Symbol => Integer}] rows by kind of change
        attr_reader :counts

        # @return [Array<Hash>] what was not written: `provider`, `model_id`, `column` (nil: the row) and `reason`
        attr_reader :left_out

        # @return [Array<Hash>] what the database stored differently from what was written: `provider`, `model_id` and
        #   `columns`
        attr_reader :altered

        # @return [Array<Hash{Symbol => String}>] provider and model id of defaults that are no longer available
        attr_reader :lost_defaults

        def initialize
          @counts = Hash.new(0)
          @left_out = []
          @altered = []
          @lost_defaults = []
        end

        # @param row [Row] that was written
        # @return [void]
        def wrote(row)
          count(row.change, row.found)
          row.notes.each { |column, reason| leave_out(row.key, column, reason) }
        end

        # @param change [Symbol] one of {SyncResult::COUNTS}
        # @param found [Hash, nil] the row as it was read
        # @return [void]
        def count(change, found)
          @counts[change] += 1
          return unless change == :made_unavailable && found["is_default"]

          @lost_defaults << {provider: found["provider"], model_id: found["model_id"]}
        end

        # @param key [Array(String, String)] provider and model id
        # @param column [String, nil] nil: the whole row
        # @return [void]
        def leave_out(key, column, reason)
          @left_out << {provider: key.first, model_id: key.last, column: column, reason: reason}
        end

        # @return [void]
        def alter(key, columns)
          @altered << {provider: key.first, model_id: key.last, columns: columns}
        end
      end
      private_constant :WriteOutcome
    end
  end
end
