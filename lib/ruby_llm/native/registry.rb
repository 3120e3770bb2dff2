# frozen_string_literal: true

require "forwardable"
require "json"
require "time"

module RubyLLM
  module Native
    # The models known now: what `RubyLLM.models` returns. The one thing that changes; everything it gives out does not.
    #
    # Reading goes to the current {View}, without a lock. {#refresh!} and the loading methods replace that view whole, one at a time. The
    # process's registry begins with what is stored, or with the {Base}, at the first look, and a refresh stores what it brought. A registry
    # of one's own (`Registry.new { configuration }`, or a context's) is in memory alone.
    #
    # @example
    #   RubyLLM.models.refresh!.chat_models.first.id
    class Registry
      include Enumerable
      extend Forwardable

      # `sheets` is nil as long as only the stored catalog was read; the catalog is what they give, unless it was `imported`. `stored` is the
      # store's stamp of all this.
      State = Struct.new(:catalog, :sheets, :source, :last_refresh, :imported, :stored, keyword_init: true)

      # The view that was made of a catalog and the options as they were then.
      Seen = Struct.new(:catalog, :configuration, :version, :view) do
        def of?(catalog, configuration, version)
          self.catalog.equal?(catalog) && self.configuration.equal?(configuration) && self.version == version
        end
      end
      private_constant :State, :Seen

      # The source under which the sheet of a registry file is kept.
      FILE = "file"
      CATALOGUES = SOURCES.select { |source| source[:catalogue] && source[:askable] }.map { |source| source[:slug].to_s }.freeze
      private_constant :FILE, :CATALOGUES

      # @!method all
      #   @return [Array<Model>] see {View#all}
      # @!method chat_models
      #   @return [View] see {View#chat_models}
      def_delegators :view, :all, :to_a, :entries, :each, :count, :[], :size, :length, :empty?, :chat_models, :embedding_models,
        :audio_models, :image_models, :by_provider, :by_family, :listed, :unlisted, :where, :supporting, :configured, :cheapest, :latest,
        :newest_first, :without_snapshots, :group_by_provider, :options_for_select, :explain, :suggestions, :preferences

      # @param home [Home, nil] where it begins and is kept; nil: empty, and in memory
      # @param parent [Registry, nil] whose metadata catalogues it shares
      # @yieldreturn [Configuration] read anew at each refresh; without a block that of RubyLLM
      def initialize(home: nil, parent: nil, &configuration)
        @configuration = configuration || -> { RubyLLM.config }
        @home = home
        @parent = parent
        @flight = SingleFlight.new
        @lock = Mutex.new
        @missing = Mutex.new
        forget!
      end

      # Ask all configured sources at once and take in what they say. Other threads go on meanwhile, and read the old models until the end.
      #
      # A second call with the same plan joins the first, one with another plan waits for its end. A source that fails or has no model to
      # tell keeps the models of its last answer. What came of it is stored; that it cannot be is logged.
      #
      # @param only [Symbol, String, Array, nil] ask these sources alone
      # @param remote_only [Boolean] leave out sources on the user's own machines
      # @param strict [Boolean] raise when any source failed; what the others said is taken in all the same
      # @param timeout [Numeric, nil] seconds for all of it; nil: the configured `refresh_timeout`
      # @yieldparam progress [Progress] as each source ends, on the calling thread; if the block raises, nothing has changed
      # @return [self]
      # @raise [RefreshError] when every provider asked failed, or with `strict` any source
      # @raise [OfflineError] after `config.offline!`
      # @raise [ArgumentError] when `only` names an unknown source
      # @raise [ReentrantRefresh] when called from inside the block of a refresh
      # @example
      #   RubyLLM.models.refresh!(only: %i[openai anthropic], timeout: 10)
      def refresh!(only: nil, remote_only: false, strict: false, timeout: nil, &progress)
        raise OfflineError if configuration.offline

        plan = Plan.new(configuration, only: only, remote_only: remote_only, timeout: timeout)
        report = @flight.run(plan.key, progress) { |tell| carry_out(plan, tell) }
        raise RefreshError.of(report) if report.all_failed? || (strict && report.failed?)

        self
      end
      alias_method :refresh, :refresh!

      # @return [Report] of the last refresh that ran to its end in this process; an empty one before the first
      # @example
      #   puts RubyLLM.models.last_refresh
      def last_refresh
        @state&.last_refresh || Report.new
      end

      # @return [RegistrySource] what is in use, and how old
      # @example
      #   RubyLLM.models.source.age  # => 10_812.4 (seconds)
      def source
        state.source
      end

      # @return [View] the models as they are now; stays as it is when a refresh comes
      # @example
      #   RubyLLM.models.view.size
      def view
        catch_up if @check_at && now >= @check_at
        state = self.state
        configuration = self.configuration
        version = configuration.version
        seen = @seen
        return seen.view if seen&.of?(state.catalog, configuration, version)

        (@seen = Seen.new(state.catalog, configuration, version, View.new(state.catalog, Preferences.of(configuration))).freeze).view
      end
      # What {#view} gives is what can be handed to a Ractor: it never changes, and resolves by the configuration of now.
      alias_method :snapshot, :view

      # @return [Catalog] the block behind {#view}
      # @example
      #   RubyLLM.models.catalog.content_hash
      def catalog
        state.catalog
      end

      # The model of that id: see {View#find}. After `config.refresh_on_miss = true` the sources are asked once before giving up.
      #
      # @return [Model]
      # @raise [RubyLLM::ModelNotFoundError]
      # @example
      #   RubyLLM.models.find("gpt-4.1", provider: :openai)
      def find(id = nil, provider_name = nil, provider: nil, &block)
        looked_at = view
        looked_at.find(id, provider_name, provider: provider, &block)
      rescue ModelNotFoundError
        raise unless looked_at && refresh_for_miss(looked_at)

        view.find(id, provider_name, provider: provider)
      end

      # Look whether another process has stored something newer, and take it in whole: at most once in `registry_check_interval` seconds, and
      # not during another look. Lookups do this by themselves, but for stores that say `check_on_lookup?` false.
      #
      # @param force [Boolean] look now
      # @return [Boolean] whether there was
      # @example
      #   RubyLLM.models.catch_up(force: true)
      def catch_up(force: false)
        return false if @home.nil? || @state.nil? || (!force && !due?)

        return false unless @lock.try_lock

        begin
          look_again
        ensure
          @lock.unlock
        end
      end

      # Write the registry as it is now where it is kept, or into a file.
      #
      # @param path [String, Pathname, nil] default: the configured store or `registry_path`
      # @return [self]
      # @raise [SystemCallError, Error] when it cannot be written
      # @example
      #   RubyLLM.models.save
      def save(path = nil)
        state = with_sheets(self.state)
        if path
          Stores::File.new(path).write(Bundle.dump(state.catalog, state.sheets), nil)
        else
          stamp = (@home || raise(Error, "This registry is kept in memory: give a path")).keep!(state.catalog, state.sheets)
          take_in(State.new(**state.to_h, stored: stamp))
        end
        self
      end

      # Write all listed and catalogued models as a registry file of the ruby_llm gem. Readers see the old file or the new one, never half.
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
          replace(Catalog.merge([sheet]), {FILE => sheet}.freeze, RegistrySource.new(:file, "the registry file #{path}", File.mtime(path).utc))
        end
        self
      end
      alias_method :load_from_json!, :load_from_json

      # Back to what a new process has, and no refresh: for tests.
      #
      # @return [self]
      # @example
      #   before { RubyLLM.models.forget! }
      def forget!
        @state = @seen = @check_at = @miss_at = nil
        self
      end

      # @return [String] as {View#inspect}
      def inspect
        view.inspect.sub(View.name, self.class.name)
      end
      alias_method :to_s, :inspect

      protected

      # For a context's registry.
      def shared
        with_sheets(state)
      end

      private

      def configuration
        @configuration.call
      end

      # ---- What holds now ----

      def state
        @state || @lock.synchronize { @state ||= begin_with.freeze }
      end

      def begin_with
        @check_at = next_check if @home&.shared?
        stored || parents || base || State.new(catalog: Catalog.empty, sheets: {}.freeze, source: nothing)
      end

      def stored
        catalog, stamp = @home&.catalog
        catalog && State.new(catalog: catalog, stored: stamp, source: RegistrySource.new(:store, @home.description, time_in(stamp)))
      end

      def parents
        shared = @parent&.shared or return

        sheets = shared.sheets.slice(*CATALOGUES).freeze
        State.new(catalog: Catalog.merge(sheets.values), sheets: sheets,
          source: RegistrySource.new(:parent, "the metadata that all configurations share", shared.source.at))
      end

      def base
        base = @home&.base or return

        State.new(catalog: base.catalog, sheets: base.sheets, source: RegistrySource.new(base.kind, base.description, base.at))
      end

      def nothing
        RegistrySource.new(:empty, "nothing yet: call refresh!, or load a saved registry")
      end

      def time_in(stamp)
        stamp && Time.iso8601(stamp[/\A\S+/].to_s).utc
      rescue ArgumentError
        nil
      end

      # The sheets are read when they are needed, with the catalog that they belong to: another process may have stored others since.
      def with_sheets(state)
        return state if state.sheets

        catalog, sheets, stamp = @home.everything(known: state.catalog)
        return State.new(**state.to_h, sheets: stand_in(state.catalog), imported: true) unless catalog

        State.new(**state.to_h, catalog: catalog, sheets: sheets, stored: stamp)
      end

      # The sheets cannot be read any more: the models of the catalog stay, as those of a registry file would, until their provider answers.
      def stand_in(catalog)
        {FILE => Native.read_sheet(FILE, JSON.generate(View.new(catalog).map(&:to_registry_h)), Time.now.to_i).first}.freeze
      end

      # ---- Freshness ----

      def due?
        @check_at.nil? || now >= @check_at
      end

      def next_check
        interval = configuration.registry_check_interval
        interval && (now + interval)
      end

      def look_again
        @check_at = next_check if @check_at
        stamp = @home.stamp
        return false if stamp.nil? || stamp == @state.stored

        newer = stored or return false
        same = newer.catalog.content_hash == @state.catalog.content_hash
        newer.catalog = @state.catalog if same
        newer.last_refresh = @state.last_refresh
        @state = newer.freeze
        !same
      end

      # ---- Refreshing ----

      def carry_out(plan, tell)
        started_at = Time.now
        clock = now
        state = starting_point(plan)
        result = Refresher.new(plan, catalog: state.catalog, sheets: state.sheets, now: started_at).call(&tell)
        report = report_of(plan, result, started_at, now - clock)
        catalog, sheets = with_spare(@state.sheets, result)
        stamp = keep(catalog, sheets, unchanged: catalog.equal?(@state.catalog) && sheets == @state.sheets)
        take_in(State.new(catalog: catalog, sheets: sheets, last_refresh: report, stored: stamp,
          source: RegistrySource.new(:refresh, "a refresh of this process", started_at.utc)))
        log(report)
        Native.refreshed(report)
        report
      end

      # What another process has stored meanwhile is what this one goes on from, a context from its parent's metadata when that is newer. The
      # base is left aside when a metadata catalogue is asked that could replace it. The catalog is always the merge of the sheets.
      def starting_point(plan)
        catch_up(force: true)
        whole = with_sheets(state)
        take_in(whole)
        sheets = whole.sheets.merge(newer_of_parent(whole.sheets))
        sheets = sheets.except(*spare(sheets)) if (CATALOGUES & plan.asked).any?
        return whole if sheets == whole.sheets && !whole.imported

        State.new(**whole.to_h, catalog: Catalog.merge(sheets.values), sheets: sheets.freeze)
      end

      def newer_of_parent(sheets)
        return {} unless @parent

        @parent.shared.sheets.slice(*CATALOGUES).reject { |slug, sheet| sheets[slug] && fetched_at(sheets[slug]) >= fetched_at(sheet) }
      end

      def fetched_at(sheet)
        Native.block_head(sheet)[:fetched_at]
      end

      # The sheet of a metadata catalogue that nobody ever asked: a base's, read from a file.
      def spare(sheets)
        CATALOGUES.select { |slug| sheets[slug] && Native.block_head(sheets[slug])[:url].nil? }
      end

      # The base comes back when no metadata catalogue has answered.
      def with_spare(sheets_before, result)
        return [result.catalog, result.sheets] if (CATALOGUES & result.sheets.keys).any?

        spare = sheets_before.slice(*spare(sheets_before))
        return [result.catalog, result.sheets] if spare.empty?

        sheets = spare.merge(result.sheets).freeze
        [Catalog.merge(sheets.values), sheets]
      end

      def keep(catalog, sheets, unchanged:)
        return unless @home

        unchanged && @state.stored ? @home.touch(catalog) : @home.keep(catalog, sheets)
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

      # One assignment: no reader sees a catalog of one refresh with the report of another.
      def take_in(state)
        @lock.synchronize { @state = state.freeze }
      end

      # With the stamp of what is stored: it is left alone until somebody stores something newer.
      def replace(catalog, sheets, source, **rest)
        take_in(State.new(catalog: catalog, sheets: sheets, source: source, last_refresh: last_refresh, stored: @home&.stamp, **rest))
      end

      # Once in `refresh_on_miss_interval` seconds, whoever misses what; who misses something meanwhile waits. Whether to look again.
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

      def log(report)
        logger = configuration.logger or return

        report.failures.each { |outcome| logger.warn("Refresh of #{outcome.source} failed: #{outcome.error}") }
        logger.info("Refreshed #{report.count(&:asked?)} sources in #{format("%.2f", report.duration)} s: #{size} models")
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
        Native.read_sheet(FILE, File.binread(path), Time.now.to_i)
      rescue SystemCallError, Error => error
        raise Error, "The registry file #{path} cannot be read: #{error.message}"
      end
    end
  end
end
