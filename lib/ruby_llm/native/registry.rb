# frozen_string_literal: true

require "forwardable"
require "json"

module RubyLLM
  module Native
    # The models known now: what `RubyLLM.models` returns. The one thing that changes; everything it gives out does not.
    #
    # Reading goes to the current {View}, without a lock. {#refresh!} and the loading methods replace that view whole,
    # one at a time. The process's registry begins with what is stored, or with the {Seed}, at the first look, and a
    # refresh stores what it brought. A registry of one's own (`Registry.new { configuration }`, or a context's) is in
    # memory alone.
    #
    # @example
    #   RubyLLM.models.refresh!.chat_models.first.id
    class Registry
      include Enumerable
      extend Forwardable

      # The view that was made of a catalog and the options as they were then.
      Seen = Struct.new(:catalog, :configuration, :version, :view) do
        def of?(catalog, configuration, version)
          self.catalog.equal?(catalog) && self.configuration.equal?(configuration) && self.version == version
        end
      end
      private_constant :Seen

      # @!method all
      #   @return [Array<Model>] see {View#all}
      # @!method chat_models
      #   @return [View] see {View#chat_models}
      def_delegators :view, :all, :to_a, :entries, :each, :count, :[], :size, :length, :empty?, :chat_models, :embedding_models,
        :audio_models, :image_models, :by_provider, :by_family, :listed, :unlisted, :where, :supporting, :configured, :cheapest, :latest,
        :newest_first, :without_snapshots, :group_by_provider, :options_for_select, :explain, :suggestions, :preferences, :as_json,
        :to_json, :deconstruct

      # @param storage [Storage, nil] where it begins and is kept; nil: empty, and in memory
      # @param parent [Registry, nil] whose metadata catalogues it shares
      # @yieldreturn [Configuration] read anew at each refresh; without a block that of RubyLLM
      def initialize(storage: nil, parent: nil, &configuration)
        @configuration = configuration || -> { RubyLLM.config }
        @state = RegistryState.new(storage, parent&.state, @configuration)
        @flight = SingleFlight.new
        @missing = Mutex.new
        forget!
      end

      # Ask all configured sources at once and take in what they say. Other threads go on meanwhile, and read the old
      # models until the end.
      #
      # A second call with the same plan joins the first, one with another plan waits for its end. A source that fails
      # or has no model to tell keeps the models of its last answer. What came of it is stored; that it cannot be is
      # logged.
      #
      # @param only [Symbol, String, Array, nil] ask these sources alone
      # @param remote_only [Boolean] leave out sources on the user's own machines
      # @param strict [Boolean] raise when any source failed, or when nobody could be asked; what the others said is
      #   taken in all the same
      # @param timeout [Numeric, nil] seconds for all of it; nil: the configured `refresh_timeout`
      # @yieldparam progress [Progress] as each source ends, on the calling thread; if the block raises, nothing has
      #   changed
      # @return [self]
      # @raise [RefreshError] when every provider asked failed, or with `strict` any source
      # @raise [NobodyToAsk] with `strict` when no source was asked
      # @raise [OfflineError] after `config.offline!`
      # @raise [ArgumentError] when `only` names an unknown source
      # @raise [ReentrantRefresh] when called from inside the block of a refresh
      # @example
      #   RubyLLM.models.refresh!(only: %i[openai anthropic], timeout: 10)
      def refresh!(only: nil, remote_only: false, strict: false, timeout: nil, &progress)
        raise OfflineError if configuration.offline

        plan = Plan.new(configuration, only: only, remote_only: remote_only, timeout: timeout)
        report = @flight.run(plan.key, progress) { |tell| carry_out(plan, tell) }
        raise RefreshError.of(report) if report.all_failed? || (strict && (report.failed? || report.nobody_asked?))

        self
      end
      alias_method :refresh, :refresh!

      # @return [Report] of the last refresh that ran to its end: in this process, or in the one that stored the
      #   registry; an empty one before the first
      # @example
      #   puts RubyLLM.models.last_refresh
      def last_refresh
        contents.last_refresh || @state.full_contents.last_refresh || Report.new
      end

      # @return [RegistrySource] what is in use, and how old
      # @example
      #   RubyLLM.models.source.age  # => 10_812.4 (seconds)
      def source
        contents.source
      end

      # @return [View] the models as they are now; stays as it is when a refresh comes
      # @example
      #   RubyLLM.models.view.size
      def view
        catch_up if stale?
        contents = self.contents
        configuration = self.configuration
        version = configuration.version
        seen = @seen
        return seen.view if seen&.of?(contents.catalog, configuration, version)

        (@seen = Seen.new(contents.catalog, configuration, version, View.new(contents.catalog, Preferences.of(configuration))).freeze).view
      end
      # What {#view} gives is what can be handed to a Ractor: it never changes, and resolves by the configuration of
      # now.
      alias_method :snapshot, :view

      # @return [Catalog] the block behind {#view}
      # @example
      #   RubyLLM.models.catalog.content_hash
      def catalog
        contents.catalog
      end

      # The model of that id: see {View#find}. After `config.refresh_on_miss = true` the sources are asked once before
      # giving up.
      #
      # @return [Model]
      # @raise [RubyLLM::ModelNotFoundError]
      # @example
      #   RubyLLM.models.find("gpt-4.1", provider: :openai)
      def find(id = nil, provider_name = nil, provider: nil, &block)
        refresh_for_miss(view) if !block && configuration.refresh_on_miss && self[id, provider: provider || provider_name].nil?
        view.find(id, provider_name, provider: provider, &block)
      end

      # @api private
      # Once in `refresh_on_miss_interval` seconds, whoever misses what; who misses something meanwhile waits. Whether
      # to look again.
      #
      # @param looked_at [View] where it was looked for
      # @return [Boolean]
      def refresh_for_miss(looked_at)
        return false if !configuration.refresh_on_miss || configuration.offline || @missing.owned?

        @missing.synchronize do
          next true unless view.equal?(looked_at)
          next false if @miss_at && now < @miss_at

          @miss_at = now + configuration.refresh_on_miss_interval
          refresh!
          true
        end
      rescue RefreshError, ReentrantRefresh
        false
      end

      # Look whether another process has stored something newer, and take it in whole: at most once in
      # `registry_check_interval` seconds, and not during another look. Lookups do this by themselves, but for stores
      # that say `check_on_lookup?` false.
      #
      # @param force [Boolean] look now
      # @return [Boolean] whether there was
      # @example
      #   RubyLLM.models.catch_up(force: true)
      def catch_up(force: false)
        @state.catch_up(force: force)
      end

      # @api private
      # @return [Boolean] whether all there is now is also where it is kept
      def stored?
        !contents.stored.nil?
      end

      # @api private
      # @return [Boolean] whether a lookup is to {#catch_up} first
      def stale?
        @state.stale?
      end

      # Write the registry as it is now where it is kept, or into a file.
      #
      # @param path [String, Pathname, nil] default: the configured store or `registry_path`
      # @return [self]
      # @raise [SystemCallError, Error] when it cannot be written
      # @example
      #   RubyLLM.models.save
      def save(path = nil)
        return tap { @state.save } unless path

        contents = @state.full_contents
        Stores::File.new(path).write(StoredFile.dump(contents.catalog, contents.sheets, contents.last_refresh), nil)
        self
      end

      # Write all listed and catalogued models as a registry file of the ruby_llm gem. Readers see the old file or the
      # new one, never half.
      #
      # @param path [String, Pathname] default: the configured `model_registry_file`
      # @return [self]
      # @raise [SystemCallError] when it cannot be written
      # @example
      #   RubyLLM.models.save_to_json("config/llm_models.json")
      def save_to_json(path = configuration.model_registry_file)
        AtomicFile.write(path_of(path), "#{JSON.pretty_generate(view.map(&:to_registry_h))}\n")
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
          replace(Catalog.merge([sheet]), {RegistryState::FILE => sheet}.freeze, RegistrySource.new(:file, "the registry file #{path}", File.mtime(path).utc))
        end
        self
      end
      alias_method :load_from_json!, :load_from_json

      # The whole registry as JSON, without loss: see docs/how-to/export.md.
      #
      # @param path [String, Pathname, nil] written there, whole or not at all
      # @return [String] the text
      # @raise [SystemCallError] when it cannot be written
      # @example
      #   RubyLLM.models.export_json("config/registry.json")
      def export_json(path = nil)
        contents = @state.full_contents
        text = Export.dump(contents.catalog, contents.sheets)
        AtomicFile.write(path.to_s, text) if path
        text
      end

      # Replace all models, and all that is remembered of the sources, by an exported registry. The next refresh goes
      # on from it.
      #
      # @param source [String, Pathname] a file, or the text itself
      # @return [self]
      # @raise [Native::Error] which says what is wrong where; the models then stay as they are
      # @example
      #   RubyLLM.models.import_json("config/registry.json")
      def import_json(source)
        @flight.run(Object.new) do
          catalog, sheets = Export.load(source)
          name = Export.text?(source) ? "an exported registry" : "the exported registry #{source}"
          replace(catalog, sheets, RegistrySource.new(:import, name), imported: true)
        end
        self
      end

      # Back to what a new process has, and no refresh: for tests.
      #
      # @return [self]
      # @example
      #   before { RubyLLM.models.forget! }
      def forget!
        @state.forget!
        @seen = @miss_at = nil
        self
      end

      # What is in use now, whole: for tests, and for {#restore} alone.
      #
      # @return [Object]
      # @example
      #   before = RubyLLM.models.checkpoint
      def checkpoint
        @state.checkpoint
      end

      # @param checkpoint [Object] what {#checkpoint} gave, here or in another registry
      # @return [self]
      # @example
      #   RubyLLM.models.restore(before)
      def restore(checkpoint)
        @state.restore(checkpoint)
        self
      end

      # @return [String] as {View#inspect}
      def inspect
        view.inspect.sub(View.name, self.class.name)
      end
      alias_method :to_s, :inspect

      # @return [void]
      def pretty_print(printer)
        TableColumns.pretty_print(printer, inspect)
      end

      # A registry changes and has locks: what can be dumped is what it holds now.
      #
      # @api private
      # @raise [TypeError]
      def marshal_dump
        raise TypeError, "a registry cannot be dumped; dump its view: Marshal.dump(RubyLLM.models.view)"
      end

      protected

      # For a context's registry.
      attr_reader :state

      private

      def configuration
        @configuration.call
      end

      def contents
        @state.contents
      end

      # ---- Refreshing ----

      def carry_out(plan, tell)
        started_at = Time.now
        clock = now
        catch_up(force: true) # what another process has stored meanwhile is what this one goes on from
        before = @state.full_contents
        result = Refresher.new(plan, catalog: before.catalog, sheets: before.sheets, now: started_at).call(&tell)
        report = report_of(plan, result, started_at, now - clock)
        take_in(before, result, report)
        log(report)
        Native.refreshed(report)
        report
      end

      # Where nobody answered everything is as old as it was, and so is what is stored.
      def take_in(before, result, report)
        return @state.replace(RegistryState::Contents.new(**before.to_h, last_refresh: report)) if report.none?(&:answered?)

        catalog, sheets = result.catalog, RegistryState.heard(result.sheets)
        @state.replace(RegistryState::Contents.new(catalog: catalog, sheets: sheets, last_refresh: report, stored: @state.keep(catalog, sheets, report),
          source: RegistrySource.new(:refresh, "a refresh of this process", report.started_at)))
      end

      def report_of(plan, result, started_at, duration)
        outcomes = result.outcomes.map { |facts| Outcome.new(facts) } +
          plan.skipped.map { |slug, reason| not_asked(slug, result, status: :skipped, reason: reason) } +
          plan.failed.map { |slug, error| not_asked(slug, result, status: :failed, error: error, error_status: :bad_setting) }
        order = Plan::KNOWN.keys
        Report.new(started_at: started_at, duration: duration, outcomes: outcomes.sort_by { |outcome| order.index(outcome.source.to_s) })
      end

      def not_asked(slug, result, **facts)
        sheet = result.sheets[slug]
        stated = sheet ? Native.block_head(sheet)[:count] : 0
        count = Plan::KNOWN[slug][:catalogue] ? stated : result.catalog.select(nil, 0, {provider: [slug]}).last
        Outcome.new(source: slug, count: count, kept: stated, **facts)
      end

      # With the stamp of what is stored: it is left alone until somebody stores something newer.
      def replace(catalog, sheets, source, **rest)
        @state.replace(RegistryState::Contents.new(catalog: catalog, sheets: sheets, source: source, last_refresh: contents.last_refresh,
          stored: @state.stored_now, **rest))
      end

      def log(report)
        logger = configuration.logger or return

        report.failures.each { |outcome| logger.warn("Refresh of #{outcome.source} failed: #{outcome.error}") }
        return logger.error("The refresh failed: #{report.summary}. The registry keeps its #{Phrases.count(size, "model")}") if report.all_failed?
        return logger.warn(report.summary) if report.nobody_asked?

        logger.info("Refreshed: #{report.summary}; the registry has #{Phrases.count(size, "model")}")
      end

      def now
        Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end

      # ---- Files ----

      def path_of(path)
        raise ArgumentError, "No path: give one, or configure model_registry_file" if path.nil?

        path.to_s
      end

      def read_file(path)
        Native.read_sheet(RegistryState::FILE, RegularFile.read(path), Time.now.to_i)
      rescue SystemCallError, Error => error
        raise Error, "The registry file #{path} cannot be read: #{error.message}"
      end
    end
  end
end
