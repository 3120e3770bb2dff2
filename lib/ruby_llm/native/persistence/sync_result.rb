# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # What a sync did, in rows, each counted once. Rows that were left alone, as those of a provider that failed, are not counted.
      #
      # @example
      #   LLMModel.sync!.to_s  # => "2 inserted, 1 updated, 808 unchanged, 0 restored, 1 made unavailable"
      class SyncResult
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

        # @return [Report, nil] of the refresh, nil when there was none
        attr_reader :report

        def initialize(report: nil, inserted: 0, updated: 0, unchanged: 0, restored: 0, made_unavailable: 0)
          @inserted = inserted
          @updated = updated
          @unchanged = unchanged
          @restored = restored
          @made_unavailable = made_unavailable
          @report = report
          freeze
        end

        # @return [Boolean] whether any row was written
        def changed?
          [inserted, updated, restored, made_unavailable].any?(&:positive?)
        end

        # @return [Hash{Symbol=>Integer}] the counts, without the report
        def to_h
          {inserted: inserted, updated: updated, unchanged: unchanged, restored: restored, made_unavailable: made_unavailable}
        end

        def to_s
          to_h.map { |what, count| "#{count} #{what.to_s.tr("_", " ")}" }.join(", ")
        end

        def inspect
          "#<#{self.class} #{self}>"
        end
      end
    end
  end
end
