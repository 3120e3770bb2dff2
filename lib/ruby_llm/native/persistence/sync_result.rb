# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # What a sync did, in rows, each counted once. Rows that were left alone, as those of a provider that failed, are not counted.
      #
      # @example
      #   puts LLMModel.sync!
      class SyncResult
        include Value::ByContent

        COUNTS = %i[inserted updated unchanged restored made_unavailable].freeze

        FACTS = [*COUNTS, :lost_defaults, :report].freeze

        # @return [Integer] rows that are new
        attr_reader :inserted

        # @return [Integer] rows whose facts changed, but not their availability
        attr_reader :updated

        # @return [Integer] rows that were right already and were not written
        attr_reader :unchanged

        # @return [Integer] rows that were unavailable and are available again
        attr_reader :restored

        # @return [Integer] rows that were available and no longer are
        attr_reader :made_unavailable

        # @return [Array<Hash{Symbol => String}>] provider and model id of each default that was made unavailable: choose another
        attr_reader :lost_defaults

        # @return [Report, nil] of the refresh, nil when this process made none
        attr_reader :report

        # @param how [Symbol] :done, :joined or :skipped
        def initialize(how = :done, report: nil, lost_defaults: [], **counts)
          @how = how
          @report = report
          @lost_defaults = lost_defaults.map(&:freeze).freeze
          COUNTS.each { |name| instance_variable_set(:"@#{name}", counts.fetch(name, 0)) }
          freeze
        end

        # @return [Boolean] whether another process was at it, and this one waited and uses what that one has stored. The counts are then 0
        def joined?
          @how == :joined
        end

        # @return [Boolean] whether another process was at it, and this one did nothing
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

        # @return [String] the report's table, if there is one, and a line of counts
        def to_s
          [*report&.to_s, *("" if report), summary].join("\n")
        end

        # @return [String]
        def inspect
          "#<#{self.class}\n#{self}>"
        end

        private

        def summary
          return "Not synced: another process is at it" if skipped?
          return "Synced by another process" if joined?

          lost = lost_defaults.map { |default| default.values_at(:provider, :model_id).join("/") }
          [to_h.map { |what, count| "#{count} #{what.to_s.tr("_", " ")}" }.join(", "),
           *("defaults that are no longer available: #{lost.join(", ")}" if lost.any?)].join("; ")
        end
      end
    end
  end
end
