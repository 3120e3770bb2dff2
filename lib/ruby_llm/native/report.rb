# frozen_string_literal: true

require "time"
require_relative "life_cycle_change"
require_relative "outcome"
require_relative "value"

module RubyLLM
  module Native
    # What one refresh did, by source. Immutable and Enumerable.
    #
    # @example
    #   puts RubyLLM.models.refresh!.last_refresh
    class Report
      include Enumerable
      include Value::ByContent

      # The keys for pattern matching.
      FACTS = %i[started_at duration outcomes failures life_cycle_changes].freeze

      COLUMNS = %w[source status models added removed changed kept rejected received seconds].freeze

      # A table of more lines is grouped. There are as many without any endpoint of one's own.
      LINES = 20

      # What a grouped table says of those without a line of their own.
      SUMS = {refreshed: "refreshed without news", unchanged: "unchanged", skipped: "skipped"}.freeze
      private_constant :COLUMNS, :LINES, :SUMS

      # @return [Time, nil] UTC; nil before the first refresh
      attr_reader :started_at

      # @return [Float] seconds, including the merge
      attr_reader :duration

      # @return [Array<Outcome>] frozen, in the order of the sources
      attr_reader :outcomes
      alias_method :deconstruct, :outcomes

      # @return [Array<LifeCycleChange>] frozen; listed models that are deprecated, overdue or retired since the refresh
      #   before, or no longer are; by provider and id, at most 1,000
      # @example
      #   report.life_cycle_changes.map { |change| [change.id, change.to] }  # => [["gpt-4", :deprecated]]
      attr_reader :life_cycle_changes

      # @api private
      # @param facts [Hash{Symbol => Object}] from {#to_h}, possibly by way of JSON
      # @return [Report]
      # @example
      #   Report.of(JSON.parse(text, symbolize_names: true))
      def self.of(facts)
        started_at = facts[:started_at] && Time.iso8601(facts[:started_at])
        outcomes = facts.fetch(:sources).map { |outcome| Outcome.new(outcome) }
        changes = facts.fetch(:life_cycle, []).map { |change| LifeCycleChange.read(change) }
        new(started_at: started_at, duration: facts[:duration], outcomes: outcomes, life_cycle_changes: changes)
      end

      # @param outcomes [Array<Outcome>]
      # @param life_cycle_changes [Array<LifeCycleChange>]
      def initialize(started_at: nil, duration: 0.0, outcomes: [], life_cycle_changes: [])
        @started_at = started_at&.getutc
        @duration = duration
        @outcomes = outcomes.dup.freeze
        @life_cycle_changes = life_cycle_changes.dup.freeze
        freeze
      end

      # @yieldparam outcome [Outcome]
      # @return [self, Enumerator]
      def each(&block)
        return @outcomes.each unless block

        @outcomes.each(&block)
        self
      end

      # @param source [Symbol, String] a slug
      # @return [Outcome, nil]
      # @example
      #   report[:openai].count  # => 103
      def [](source)
        @outcomes.find { |outcome| outcome.source.to_s == source.to_s }
      end

      # @return [Array<Outcome>] of the sources that failed, without the optional ones
      def failures
        @outcomes.select { |outcome| outcome.failed? && !outcome.optional? }
      end

      # @return [Array<Outcome>] of the optional endpoints that failed
      def optional_failures
        @outcomes.select { |outcome| outcome.failed? && outcome.optional? }
      end

      # @return [Boolean] whether any source failed that is not optional
      def failed?
        failures.any?
      end

      # @api private
      # @param other [Report, nil]
      # @return [Boolean] whether every source had the same result, apart from times and numbers; :refreshed and
      #   :unchanged count as the same
      def same_results?(other)
        results == other&.results
      end

      # @return [Boolean] whether a refresh ran and asked no source: none is configured, or the call excluded them all
      def nobody_asked?
        @outcomes.any? && @outcomes.none?(&:asked?)
      end

      # Whether providers were asked and all of them failed. Metadata sources count only when nothing else was asked;
      # where all are optional, nothing has failed.
      #
      # @return [Boolean]
      def all_failed?
        asked = @outcomes.select(&:asked?)
        providers = asked.reject(&:metadata_source?)
        providers = asked if providers.empty?
        providers.all?(&:failed?) && !providers.all?(&:optional?)
      end

      # For logs; JSON-safe.
      #
      # @return [Hash{Symbol => Object}] `{started_at: "2026-01-13T09:00:00.000Z", duration: 0.412, sources: [{source:
      #   "openai", …}, …]}`; with changes of life cycles also `life_cycle: [{provider: "openai", id: "gpt-4", to:
      #   "deprecated", …}, …]`
      # @example
      #   logger.info(report.to_h.to_json)
      def to_h
        facts = {started_at: started_at&.iso8601(3), duration: duration.to_f.round(3), sources: @outcomes.map(&:to_h)}
        life_cycle_changes.empty? ? facts : facts.merge(life_cycle: life_cycle_changes.map(&:to_plain_h))
      end

      # A table for the console, one line per source. The last line names the sources that were not asked and have
      # nothing to show.
      #
      # Of more than 20 sources, those that failed come first, then those that have changed something or are worth a
      # remark. All others are summed, in one line per status.
      #
      # @return [String]
      def to_s
        return "No refresh yet" if @outcomes.empty?

        shown, silent = @outcomes.partition { |outcome| outcome.asked? || outcome.kept.positive? }
        shown, summed = (shown.size > LINES) ? grouped(shown) : [shown, []]
        unasked = silent + summed.reject(&:asked?)
        paragraphs = [[summary], table(shown), sums(summed), not_asked(unasked)]
        paragraphs.reject(&:empty?).map { |lines| lines.join("\n") }.join("\n\n")
      end

      # One line for a log: how many sources were asked, how long it took and which ones failed; or what to configure
      # when none could be asked.
      #
      # @return [String]
      # @example
      #   report.summary  # => "9 sources asked in 0.30 s, 1 failed (mistral)"
      def summary
        return "No refresh yet" if @outcomes.empty?
        return "No source was asked: #{why_nobody}" if nobody_asked?

        asked = @outcomes.select(&:asked?)
        parts = [Phrases.count(asked.size, "source") + " asked in #{format("%.2f", duration)} s"]
        parts << "#{failures.size} failed (#{failures.map(&:source).join(", ")})" if failed?
        optional = optional_failures.map(&:source)
        parts << "#{optional.size} optional failed (#{optional.join(", ")})" if optional.any?
        parts << "no provider is configured" if asked.all?(&:metadata_source?) && unset.any?
        parts.join(", ")
      end

      # @return [String] including the table
      def inspect
        "#<#{self.class.name} #{self}>"
      end

      # @return [void]
      def pretty_print(printer)
        TableColumns.pretty_print(printer, inspect)
      end

      protected

      def results
        map { |outcome| [outcome.source, (outcome.status == :unchanged) ? :refreshed : outcome.status, outcome.error] }
      end

      private

      # The sources that were not asked because a setting is missing.
      def unset
        @outcomes.select { |outcome| outcome.status == :skipped && outcome.reason != :excluded }
      end

      def why_nobody
        return "the call excluded every configured source" if unset.empty?

        "none is configured; set one of #{settings(unset)}"
      end

      # Those of endpoints that the app has defined come first: somebody meant them to be asked.
      def settings(outcomes)
        outcomes.map { |outcome| [outcome.lacking, outcome.reason.to_s] }.uniq
          .partition { |lacking, option| lacking != option }.flatten(1).map(&:first).join(", ")
      end

      # @return [Array(Array<Outcome>, Array<Outcome>)] those with a line of their own, in order, and the others
      def grouped(outcomes)
        shown, others = outcomes.partition do |outcome|
          outcome.asked? && (outcome.metadata_source? || !outcome.answered? || outcome.news?)
        end
        [failures | optional_failures | shown, others]
      end

      def sums(outcomes)
        outcomes.group_by(&:status).sort_by { |status, _| SUMS.keys.index(status) }.map do |status, all|
          asked = status != :skipped
          models = all.sum(&(asked ? :count : :kept))
          numbers = "#{Phrases.thousands(models)} #{(models == 1) ? "model" : "models"}"
          "#{all.size} #{SUMS[status]}: #{numbers}#{asked ? ", #{size(all.sum(&:bytes))}" : " kept"}"
        end
      end

      def table(outcomes)
        return [] if outcomes.empty?

        rows = outcomes.map { |outcome| [*cells(outcome), outcome.note.to_s] }
        TableColumns.lines([[*COLUMNS, ""], *rows], right: 2...COLUMNS.size)
      end

      def not_asked(outcomes)
        return [] if outcomes.empty? || nobody_asked?

        excluded, unset = outcomes.partition { |outcome| outcome.reason == :excluded }
        lines = []
        lines << "Not asked, because these are not set: #{settings(unset)}" if unset.any?
        lines << "Not asked, because the call excluded them: #{first_names(excluded)}" if excluded.any?
        lines
      end

      def first_names(outcomes)
        more = outcomes.size - LINES
        [*outcomes.first(LINES).map(&:source), *("#{more} more" if more.positive?)].join(", ")
      end

      def cells(outcome)
        numbers = %i[added removed changed kept rejected].map { |name| outcome.public_send(name) }
          .map { |number| number.zero? ? "" : number.to_s }
        traffic = outcome.asked? ? [size(outcome.bytes), format("%.2f", outcome.duration)] : ["", ""]
        [outcome.source.to_s, outcome.status.to_s, outcome.count.to_s, *numbers, *traffic]
      end

      def size(bytes)
        return "#{bytes} B" if bytes < 1000

        (bytes < 1_000_000) ? format("%.1f kB", bytes / 1e3) : format("%.1f MB", bytes / 1e6)
      end
    end
  end
end
