# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # What a sync did, in rows, each counted once. Rows that were left alone, such as those of a failed provider, are
      # not counted.
      #
      # @example
      #   puts LLMModel.sync!
      class SyncResult
        include Value::ByContent

        # The kinds of change that are counted.
        COUNTS = %i[inserted updated unchanged restored made_unavailable].freeze

        # The keys for pattern matching.
        FACTS = [*COUNTS, :lost_defaults, :report].freeze

        # @return [Integer] new rows
        attr_reader :inserted

        # @return [Integer] rows whose facts changed, but not their availability
        attr_reader :updated

        # @return [Integer] rows that were already right and were not written
        attr_reader :unchanged

        # @return [Integer] rows that are available again
        attr_reader :restored

        # @return [Integer] rows that are no longer available
        attr_reader :made_unavailable

        # @return [Array<Hash{Symbol => String}>] provider and model id of each default that became unavailable: choose
        #   another one
        attr_reader :lost_defaults

        # What the table could not hold. A value is left out of its row; a row that cannot be written without the value
        # is left out itself, and tried again by each sync.
        #
        # @return [Array<Hash{Symbol => String, nil}>] `provider`, `model_id`, `column` (our name; nil: the row) and
        #   `reason`
        # @example
        #   LLMModel.sync!.left_out.first
        #   # => {provider: "openai", model_id: "gpt-9", column: "context_window",
        #   #     reason: "4000000000 does not fit integer"}
        attr_reader :left_out

        # Rows that the database stored differently from what was written, for example because of a trigger. They stay
        # as they are until a fact changes.
        #
        # @return [Array<Hash{Symbol => Object}>] `provider`, `model_id` and `columns` (Array of String, our names)
        attr_reader :altered

        # @return [Report, nil] of the refresh; nil when this process made none
        attr_reader :report

        # @param how [Symbol] :done, :joined or :skipped
        def initialize(how = :done, report: nil, lost_defaults: [], left_out: [], altered: [], **counts)
          @how = how
          @report = report
          @lost_defaults = lost_defaults.map(&:freeze).freeze
          @left_out = left_out.map(&:freeze).freeze
          @altered = altered.map(&:freeze).freeze
          COUNTS.each { |name| instance_variable_set(:"@#{name}", counts.fetch(name, 0)) }
          freeze
        end

        # @return [Boolean] whether this process waited for another one and uses what that one has stored; all counts
        #   are 0
        def joined?
          @how == :joined
        end

        # @return [Boolean] whether another process was syncing, and this one did nothing
        def skipped?
          @how == :skipped
        end

        # @return [Boolean] whether any row was written
        def changed?
          (COUNTS - [:unchanged]).any? { |name| public_send(name).positive? }
        end

        # @return [Hash{Symbol=>Integer}] the counts, without the report
        def to_h
          COUNTS.to_h { |name| [name, public_send(name)] }
        end

        # @return [String] the report's table, if there is a report, and a line of counts
        def to_s
          [*report&.to_s, *("" if report), summary].join("\n")
        end

        # @return [String]
        def inspect
          "#<#{self.class}\n#{self}>"
        end

        # @return [Array<String>] a sentence for each reason why something is not in the table as stated
        # @example
        #   LLMModel.sync!.remarks  # => ["left out context_window of openai/gpt-9: 4000000000 does not fit integer"]
        def remarks
          left = left_out.group_by { |each| each.values_at(:column, :reason) }.map do |(column, reason), all|
            "left out #{"#{column} of " if column}#{names(all)}: #{reason}"
          end
          left + altered.group_by { |each| each[:columns] }.map do |columns, all|
            "the database changed #{columns.join(", ")} of #{names(all)}"
          end
        end

        private

        NAMED = 5
        private_constant :NAMED

        def names(all)
          names = all.first(NAMED).map { |each| each.values_at(:provider, :model_id).join("/") }
          names << "#{all.size - NAMED} more" if all.size > NAMED
          names.join(", ")
        end

        def summary
          return "Not synced: another process is syncing" if skipped?
          return "Synced by another process" if joined?

          counts = to_h.map { |what, count| "#{count} #{what.to_s.tr("_", " ")}" }.join(", ")
          lost = "defaults that are no longer available: #{names(lost_defaults)}" if lost_defaults.any?
          [counts, *lost, *remarks].join("; ")
        end
      end
    end
  end
end
