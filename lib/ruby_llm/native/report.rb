# frozen_string_literal: true

require "time"
require_relative "value"
require_relative "http_errors"

module RubyLLM
  module Native
    # What one source did in one refresh. Immutable.
    #
    # @example
    #   RubyLLM.models.last_refresh[:openai].status  # => :failed
    class Outcome
      include Value::ByContent

      # The names of all facts, in the order of {#to_h}.
      FIELDS = %i[
        source status reason count added removed changed kept forgotten rows rejected rejection left_out left_out_reason
        unread_prices unread_price lost_fields
        remark duration bytes attempts http_status error error_class error_status curl_code byte
      ].freeze
      FACTS = FIELDS
      COUNTS = %i[count added removed changed kept forgotten rows rejected left_out unread_prices bytes attempts].freeze
      private_constant :COUNTS

      # @return [Symbol] the source's slug
      attr_reader :source

      # @return [Symbol] :refreshed, :unchanged (304), :skipped (not asked), :failed or :empty
      attr_reader :status

      # @return [Symbol, nil] why it was skipped: the name of the missing setting, or :excluded by the call
      attr_reader :reason

      # @return [Integer] the provider's models in the registry after the refresh, whoever stated them; for a metadata
      #   source, the models it states
      attr_reader :count

      # @return [Integer] models that are new, gone, or different since the last refresh
      attr_reader :added, :removed, :changed

      # @return [Integer] models of its last complete answer that are kept because it did not answer this time
      attr_reader :kept

      # @return [Integer] models that it once listed and that are dropped, because too many others have gone since
      attr_reader :forgotten

      # @return [Integer] models read from the answer
      attr_reader :rows

      # @return [Integer] rows of the answer that could not be read as models
      attr_reader :rejected

      # @return [String, nil] why the first of them was rejected
      attr_reader :rejection

      # @return [Integer] rows of the answer that are valid but are not models to offer: a proxy's patterns
      #   (`openai/*`), or cards of models that have to be deployed first
      attr_reader :left_out

      # @return [String, nil] why the first of them was left out
      attr_reader :left_out_reason

      # @return [Integer] models without prices from this source, because one of their prices could not be read; the raw
      #   prices stay in the models' metadata
      attr_reader :unread_prices

      # @return [String, nil] the first of them, and what is wrong with its price
      attr_reader :unread_price

      # @return [Array<Symbol>] facts of {Model}, and single capabilities, that the source's last answer stated and that
      #   more than half of its models no longer state. Often the source has renamed something
      # @example
      #   outcome.lost_fields  # => [:max_output_tokens, :function_calling]
      attr_reader :lost_fields

      # @return [String, nil] how an optional listing failed; models that it would have described stay as they were
      attr_reader :remark

      # @return [Float] seconds from the first byte sent to the last byte read, retries included
      attr_reader :duration

      # @return [Integer] bytes received, as they came over the network
      attr_reader :bytes

      # @return [Integer] requests sent, pages and retries included
      attr_reader :attempts

      # @return [Integer, nil] the status of the last answer; nil when there was none
      attr_reader :http_status

      # @return [String, nil] what went wrong; contains no secrets
      attr_reader :error

      # @return [Class, nil] the ruby_llm gem's error for its HTTP status, such as RubyLLM::UnauthorizedError
      def error_class
        HttpErrors.class_of(http_status, error) if failed?
      end

      # @return [Symbol, nil] the kind of failure: :http_status, :timed_out, :network, :bad_json, …
      attr_reader :error_status

      # @return [Integer, nil] libcurl's code when the transfer itself failed
      attr_reader :curl_code

      # @return [Integer, nil] where in the answer it went wrong, in bytes from its start
      attr_reader :byte

      # @param facts [Hash{Symbol => Object}] by the names in {FIELDS}; missing ones are 0 or nil
      def initialize(facts)
        @source = facts.fetch(:source).to_sym
        @status = facts.fetch(:status).to_sym
        @reason = facts[:reason]&.to_sym
        @error_status = facts[:error_status]&.to_sym
        @duration = facts[:duration].to_f
        COUNTS.each { |name| instance_variable_set(:"@#{name}", facts[name].to_i) }
        %i[http_status curl_code].each { |name| instance_variable_set(:"@#{name}", facts[name]&.nonzero?) }
        @byte = facts[:byte] unless facts[:byte]&.negative?
        %i[rejection left_out_reason unread_price remark].each do |name|
          instance_variable_set(:"@#{name}", facts[name])
        end
        @lost_fields = Array(facts[:lost_fields]).map(&:to_sym).freeze
        @error = with_position(facts[:error])
        freeze
      end

      # @return [Boolean]
      def failed?
        status == :failed
      end

      # @return [Boolean] whether it gave a complete answer, even if nothing was new
      def answered?
        %i[refreshed unchanged].include?(status)
      end

      # @return [Boolean] whether the provider refused its credentials or demands payment
      def refused?
        [UnauthorizedError, PaymentRequiredError, ForbiddenError].include?(error_class)
      end

      # @return [Boolean] whether any request was made to it
      def asked?
        status != :skipped
      end

      # @return [Boolean] whether the source is a metadata source rather than a provider
      def metadata_source?
        SOURCES.any? { |known| known[:slug].to_s == source.to_s && known[:catalogue] }
      end
      alias_method :catalogue?, :metadata_source?

      # For logs: strings, numbers and lists of strings. nil and empty lists are left out.
      #
      # @return [Hash{Symbol => String, Integer, Float, Array<String>}]
      # @example
      #   outcome.to_h  # => {source: "openai", status: "refreshed", count: 103, …}
      def to_h
        FIELDS.to_h { |name| [name, public_send(name)] }.reject { |_, value| value.nil? || value == [] }
          .transform_values { |value| for_logs(value) }.merge(duration: duration.round(3))
      end

      # What is worth knowing beyond the numbers.
      #
      # @return [String] empty when there is nothing to add
      def note
        case status
        when :skipped then (reason == :excluded) ? "excluded" : "#{reason} is not set"
        when :failed then (attempts > 1) ? "#{error} (#{attempts} requests)" : error.to_s
        when :empty then ["answered without any models", *remarks].join("; ")
        else remarks.join("; ")
        end
      end

      # @return [String]
      def inspect
        "#<#{self.class.name} #{[source, status, note].reject { |part| part.to_s.empty? }.join(" ")}>"
      end

      private

      def for_logs(value)
        case value
        when Symbol, Module then value.to_s
        when Array then value.map(&:to_s)
        else value
        end
      end

      def remarks
        prices = "#{Phrases.count(unread_prices, "model")} without prices, first: #{unread_price}" if unread_prices > 0
        [remark,
          ("most models no longer state #{lost_fields.join(", ")}" if lost_fields.any?),
          ("first rejected row: #{rejection}" unless rejected.zero?),
          ("#{Phrases.count(left_out, "row")} left out, first: #{left_out_reason}" unless left_out.zero?),
          prices,
          ("#{Phrases.count(forgotten, "long-gone model")} forgotten" unless forgotten.zero?)].compact
      end

      def with_position(error)
        return error if error.nil? || byte.nil? || error.include?("at byte")

        "#{error}, at byte #{byte}"
      end
    end

    # What one refresh did, by source. Immutable and Enumerable.
    #
    # @example
    #   puts RubyLLM.models.refresh!.last_refresh
    class Report
      include Enumerable
      include Value::ByContent

      FACTS = %i[started_at duration outcomes failures].freeze

      COLUMNS = %w[source status models added removed changed kept rejected received seconds].freeze
      private_constant :COLUMNS

      # @return [Time, nil] UTC; nil before the first refresh
      attr_reader :started_at

      # @return [Float] seconds, including the merge
      attr_reader :duration

      # @return [Array<Outcome>] frozen, in the order of the sources
      attr_reader :outcomes
      alias_method :deconstruct, :outcomes

      # @param facts [Hash{Symbol => Object}] from {#to_h}, possibly by way of JSON
      # @return [Report]
      # @example
      #   Report.of(JSON.parse(text, symbolize_names: true))
      def self.of(facts)
        started_at = facts[:started_at] && Time.iso8601(facts[:started_at])
        outcomes = facts.fetch(:sources).map { |outcome| Outcome.new(outcome) }
        new(started_at: started_at, duration: facts[:duration], outcomes: outcomes)
      end

      # @param outcomes [Array<Outcome>]
      def initialize(started_at: nil, duration: 0.0, outcomes: [])
        @started_at = started_at&.getutc
        @duration = duration
        @outcomes = outcomes.dup.freeze
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

      # @return [Array<Outcome>] of the sources that failed
      def failures
        @outcomes.select(&:failed?)
      end

      # @return [Boolean] whether any source failed
      def failed?
        @outcomes.any?(&:failed?)
      end

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

      # Whether providers were asked and all of them failed. Metadata sources count only when nothing else was asked.
      #
      # @return [Boolean]
      def all_failed?
        asked = @outcomes.select(&:asked?)
        providers = asked.reject(&:metadata_source?)
        providers = asked if providers.empty?
        providers.any? && providers.all?(&:failed?)
      end

      # For logs; JSON-safe.
      #
      # @return [Hash{Symbol => Object}] `{started_at: "2026-01-13T09:00:00.000Z", duration: 0.412, sources: [{source:
      #   "openai", …}, …]}`
      # @example
      #   logger.info(report.to_h.to_json)
      def to_h
        {started_at: started_at&.iso8601(3), duration: duration.to_f.round(3), sources: @outcomes.map(&:to_h)}
      end

      # A table for the console, one line per source. The last line names the sources that were not asked and have
      # nothing to show.
      #
      # @return [String]
      def to_s
        return "No refresh yet." if @outcomes.empty?

        shown, silent = @outcomes.partition { |outcome| outcome.asked? || outcome.kept.positive? }
        [summary, *("" if shown.any?), *table(shown), *not_asked(silent)].join("\n")
      end

      # One line for a log: how many sources were asked, how long it took and which ones failed; or what to configure
      # when none could be asked.
      #
      # @return [String]
      # @example
      #   report.summary  # => "9 sources asked in 0.30 s, 1 failed (mistral)"
      def summary
        return "No refresh yet." if @outcomes.empty?
        return "No source was asked: #{why_nobody}." if nobody_asked?

        asked = @outcomes.select(&:asked?)
        parts = [Phrases.count(asked.size, "source") + " asked in #{format("%.2f", duration)} s"]
        parts << "#{failures.size} failed (#{failures.map(&:source).join(", ")})" if failed?
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

        "none is configured; set one of #{unset.map(&:reason).uniq.join(", ")}"
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
        lines << "Not asked, because these are not set: #{unset.map(&:reason).join(", ")}" if unset.any?
        lines << "Not asked, because the call excluded them: #{excluded.map(&:source).join(", ")}" if excluded.any?
        ["", *lines]
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
