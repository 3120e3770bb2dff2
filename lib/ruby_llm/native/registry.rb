# frozen_string_literal: true

require "forwardable"
require "json"
require "securerandom"

module RubyLLM
  module Native
    # The models known now: what `RubyLLM.models` returns. The one thing that changes; everything it gives out does not.
    #
    # Reading goes to the current {View}, without a lock. {#refresh!} and {#load_from_json} replace that view whole, one at a time.
    #
    # @example
    #   RubyLLM.models.refresh!.chat_models.first.id
    class Registry
      include Enumerable
      extend Forwardable

      State = Struct.new(:catalog, :sheets, :view, :last_refresh, keyword_init: true)
      private_constant :State

      # The source under which the sheet of a registry file is kept.
      FILE = "file"
      private_constant :FILE

      # @!method all
      #   @return [Array<Model>] see {View#all}
      # @!method find(id, provider = nil)
      #   @return [Model] see {View#find}
      # @!method chat_models
      #   @return [View] see {View#chat_models}
      def_delegators :view, :all, :to_a, :entries, :each, :find, :[], :size, :length, :empty?, :chat_models, :embedding_models, :audio_models,
        :image_models, :by_provider, :by_family, :listed, :unlisted

      # @yieldreturn [Configuration] read anew at each refresh; without a block that of RubyLLM
      def initialize(&configuration)
        @configuration = configuration || -> { RubyLLM.config }
        @flight = SingleFlight.new
        forget!
      end

      # Ask all configured sources at once and take in what they say. Other threads go on meanwhile, and read the old models until the end.
      #
      # A second call with the same plan joins the first, one with another plan waits for its end. A source that fails or has no model to
      # tell keeps the models of its last answer.
      #
      # @param only [Symbol, String, Array, nil] ask these sources alone
      # @param remote_only [Boolean] leave out sources on the user's own machines
      # @param strict [Boolean] raise when any source failed; what the others said is taken in all the same
      # @param timeout [Numeric, nil] seconds for all of it; nil: the configured `refresh_timeout`
      # @yieldparam progress [Progress] as each source ends, on the calling thread; if the block raises, nothing has changed
      # @return [self]
      # @raise [RefreshError] when every provider asked failed, or with `strict` any source
      # @raise [ArgumentError] when `only` names an unknown source
      # @raise [ReentrantRefresh] when called from inside the block of a refresh
      # @example
      #   RubyLLM.models.refresh!(only: %i[openai anthropic], timeout: 10)
      def refresh!(only: nil, remote_only: false, strict: false, timeout: nil, &progress)
        plan = Plan.new(configuration, only: only, remote_only: remote_only, timeout: timeout)
        report = @flight.run(plan.key, progress) { |tell| carry_out(plan, tell) }
        raise RefreshError.of(report) if report.all_failed? || (strict && report.failed?)

        self
      end
      alias_method :refresh, :refresh!

      # @return [Report] of the last refresh that ran to its end; an empty one before the first
      # @example
      #   puts RubyLLM.models.last_refresh
      def last_refresh
        @state.last_refresh
      end

      # @return [View] the models as they are now; stays as it is when a refresh comes
      # @example
      #   RubyLLM.models.view.size
      def view
        @state.view
      end

      # @return [Catalog] the block behind {#view}
      # @example
      #   RubyLLM.models.catalog.content_hash
      def catalog
        @state.catalog
      end

      # Write all listed and catalogued models as a registry file of the ruby_llm gem. Readers see the old file or the new one, never half.
      #
      # @param path [String, Pathname] default: the configured `model_registry_file`
      # @return [self]
      # @raise [SystemCallError] when it cannot be written
      # @example
      #   RubyLLM.models.save_to_json("config/llm_models.json")
      def save_to_json(path = configuration.model_registry_file)
        replace_file(path_of(path), "#{JSON.pretty_generate(view.map(&:to_registry_h))}\n")
        self
      end

      # Replace all models by those of a registry file of ours or of the ruby_llm gem.
      #
      # @param path [String, Pathname] default: the configured `model_registry_file`
      # @return [self]
      # @raise [Native::Error] when there is no such file or it is no registry; the models then stay as they are
      # @example
      #   RubyLLM.models.load_from_json("config/llm_models.json").find("gpt-4.1")
      def load_from_json(path = configuration.model_registry_file)
        path = path_of(path)
        @flight.run(Object.new) do
          sheet, rejected = read_file(path)
          configuration.logger&.warn("#{path}: #{rejected} entries are no models and were left out") if rejected.positive?
          take_in(Catalog.merge([sheet]), {FILE => sheet}.freeze, last_refresh)
        end
        self
      end
      alias_method :load_from_json!, :load_from_json

      # Back to no models and no refresh, as in a new process: for tests.
      #
      # @return [self]
      # @example
      #   before { RubyLLM.models.forget! }
      def forget!
        take_in(Catalog.empty, {}.freeze, Report.new)
        self
      end

      # @return [String] as {View#inspect}
      def inspect
        view.inspect.sub(View.name, self.class.name)
      end
      alias_method :to_s, :inspect

      private

      def configuration
        @configuration.call
      end

      def carry_out(plan, tell)
        started_at = Time.now
        clock = now
        result = Refresher.new(plan, catalog: catalog, sheets: @state.sheets, now: started_at).call(&tell)
        outcomes = result.outcomes.map { |facts| Outcome.new(facts) } +
          plan.skipped.map { |slug, reason| not_asked(slug, result, status: :skipped, reason: reason) } +
          plan.failed.map { |slug, error| not_asked(slug, result, status: :failed, error: error, error_status: :bad_setting) }
        order = Plan::KNOWN.keys
        report = Report.new(started_at: started_at, duration: now - clock, outcomes: outcomes.sort_by { |outcome| order.index(outcome.source.to_s) })
        take_in(result.catalog, result.sheets, report)
        log(report)
        Native.refreshed(report)
        report
      end

      def not_asked(slug, result, **facts)
        sheet = result.sheets[slug]
        stated = sheet ? Native.block_head(sheet)[:count] : 0
        count = Plan::KNOWN[slug][:catalogue] ? stated : result.catalog.select(nil, slug, nil, false).size
        Outcome.new(source: slug, count: count, kept: stated, **facts)
      end

      # One assignment: no reader sees a view of one refresh with the report of another.
      def take_in(catalog, sheets, report)
        @state = State.new(catalog: catalog, sheets: sheets, view: View.new(catalog), last_refresh: report).freeze
      end

      def log(report)
        logger = configuration.logger or return

        report.failures.each { |outcome| logger.warn("Refresh of #{outcome.source} failed: #{outcome.error}") }
        logger.info("Refreshed #{report.count(&:asked?)} sources in #{format("%.2f", report.duration)} s: #{size} models")
      end

      def now
        Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end

      def path_of(path)
        raise ArgumentError, "No path: give one, or configure model_registry_file" if path.nil?

        path.to_s
      end

      def read_file(path)
        Native.read_sheet(FILE, File.binread(path), Time.now.to_i)
      rescue SystemCallError, Error => error
        raise Error, "The registry file #{path} cannot be read: #{error.message}"
      end

      def replace_file(path, text)
        draft = "#{path}.#{SecureRandom.hex(6)}.tmp"
        File.open(draft, File::WRONLY | File::CREAT | File::EXCL, 0o666) do |file|
          file.chmod(File.stat(path).mode & 0o777) if File.exist?(path)
          file.write(text)
          file.fsync
        end
        File.rename(draft, path)
      ensure
        File.unlink(draft) if File.exist?(draft)
      end
    end
  end
end
