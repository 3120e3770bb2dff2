# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    # All known models: what `RubyLLM.models` returns. Only the registry changes; everything it returns is immutable.
    #
    # Reads use the current {View} and take no lock. {#refresh!} and the loading methods replace that view as a whole,
    # one at a time. On first use the process's registry loads what is stored, or the {Seed}; a refresh stores what it
    # brought. Any other registry (`Registry.new { configuration }`, or a context's) is kept only in memory.
    #
    # @example
    #   RubyLLM.models.refresh!.chat_models.first.id
    class Registry
      include Enumerable

      # @!method all
      #   @return [Array<Model>] see {View#all}
      # @!method chat_models
      #   @return [View] see {View#chat_models}
      class_eval(%i[
        chat_models embedding_models audio_models image_models listed unlisted configured newest_first
        without_snapshots unpriced deprecated
      ].map { |name| "def #{name} = current.part(:#{name})" }.join("\n"), __FILE__, __LINE__)
      class_eval(%i[
        all to_a entries each count size length empty? by_provider by_family where supporting cheapest cheapest_for
        latest retiring group_by_provider options_for_select explain suggestions preferences as_json to_json deconstruct
      ].map { |name| "def #{name}(...) = view.#{name}(...)" }.join("\n"), __FILE__, __LINE__)

      # @param storage [Storage, nil] where it is loaded from and stored; nil: it starts empty and stays in memory
      # @param parent [Registry, nil] the registry whose metadata sources it shares
      # @yieldreturn [Configuration] read afresh at each refresh; without a block, RubyLLM's
      def initialize(storage: nil, parent: nil, &configuration)
        @configuration = configuration
        @state = RegistryState.new(storage, parent&.state, configuration || -> { RubyLLM.config })
        @cache = @state.cache
        @flight = SingleFlight.new
        @missing = Mutex.new
        forget!
      end

      # Ask all configured endpoints and metadata sources at once and merge their answers. Meanwhile other threads keep
      # reading the old models.
      #
      # A second call with the same plan joins the first; one with another plan waits until it ends. A source that fails
      # or returns no models keeps those of its last answer. The result is stored; if that fails, it is logged.
      #
      # @param only [Symbol, String, Array, nil] ask only these: a configured endpoint or metadata source of that name,
      #   or else all endpoints of that provider
      # @param remote_only [Boolean] skip local endpoints, such as Ollama's
      # @param strict [Boolean] raise when any source failed, unless it is optional, or none could be asked; the other
      #   answers are merged anyway
      # @param timeout [Numeric, nil] seconds for the whole refresh; nil: the configured `refresh_timeout`
      # @yieldparam progress [Progress] called for each source that has ended, at most every 100 ms, on the calling
      #   thread; if the block raises, nothing changes. A call that joins one without a block hears of all at the end
      # @return [self]
      # @raise [RefreshError] when every provider that was asked failed; with `strict`, when any source failed
      # @raise [NobodyToAsk] with `strict`, when no source was asked
      # @raise [OfflineError] after `config.offline!`
      # @raise [ArgumentError] when `only` names nothing that can be asked
      # @raise [ReentrantRefresh] when called from inside the block of a refresh
      # @example
      #   RubyLLM.models.refresh!(only: %i[openai anthropic], timeout: 10)
      def refresh!(only: nil, remote_only: false, strict: false, timeout: nil, &progress)
        raise OfflineError if configuration.offline

        plan = Plan.new(configuration, only: only, remote_only: remote_only, timeout: timeout)
        report = @flight.run(plan.key, progress) { |notify, heard| carry_out(plan, heard, notify) }
        raise RefreshError.of(report) if report.all_failed? || (strict && (report.failed? || report.nobody_asked?))

        self
      end
      alias_method :refresh, :refresh!

      # @return [Report] of the last refresh that finished, in this process or in the one that stored the registry; an
      #   empty report before the first
      # @example
      #   puts RubyLLM.models.last_refresh
      def last_refresh
        contents.last_refresh || @state.full_contents.last_refresh || Report.new
      end

      # @return [RegistrySource] where the models come from, and how old they are
      # @example
      #   RubyLLM.models.source.age  # => 10_812.4 (seconds)
      def source
        contents.source
      end

      # @return [View] the models as they are now; later refreshes do not change it
      # @example
      #   RubyLLM.models.view.size
      def view
        current.view
      end
      # A view never changes, and it resolves names by the configuration as it is now: it can be passed to a Ractor.
      alias_method :snapshot, :view

      # @return [Catalog] the data behind {#view}
      # @example
      #   RubyLLM.models.catalog.content_hash
      def catalog
        contents.catalog
      end

      # The model of that id: see {View#find}. With `config.refresh_on_miss = true` the sources are asked once before
      # this gives up.
      #
      # @return [Model]
      # @raise [RubyLLM::ModelNotFoundError]
      # @example
      #   RubyLLM.models.find("gpt-4.1", provider: :openai)
      def find(id = nil, provider_name = nil, provider: nil, &block)
        return view.find(id, &block) if block

        provider ||= provider_name
        configuration = @configuration ? @configuration.call : RubyLLM.config
        found = @cache.answer(id, provider, configuration, configuration.version)
        return found if found

        found = current.answer(id, provider) if found.nil?
        return found if found

        asked = (@cache.last || current).view # or a newer one, if another thread has just made it
        raise ModelNotFoundError.new(asked, id, provider) unless configuration.refresh_on_miss

        refresh_for_miss(asked)
        view.find(id, provider: provider)
      end

      # @param id [String, Symbol]
      # @param provider [String, Symbol, nil]
      # @return [Model, nil] see {View#[]}
      # @example
      #   RubyLLM.models["gpt-4.1"]&.name  # => "GPT-4.1"
      def [](id, provider: nil)
        configuration = @configuration ? @configuration.call : RubyLLM.config
        found = @cache.answer(id, provider, configuration, configuration.version)
        found = current.answer(id, provider) if found.nil?
        found || nil
      end

      # Refresh because a model was not found: at most once in `refresh_on_miss_interval` seconds, whichever model that
      # is. Other threads that miss a model meanwhile wait.
      #
      # @api private
      # @param looked_at [View] the view that does not have the model
      # @return [Boolean] whether to look again
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

      # Load what another process has stored since: checked at most once in `registry_check_interval` seconds, and not
      # while another check runs. Lookups do this by themselves, except with stores whose `check_on_lookup?` is false.
      #
      # @param force [Boolean] check now
      # @return [Boolean] whether there was something newer
      # @example
      #   RubyLLM.models.catch_up(force: true)
      def catch_up(force: false)
        @state.catch_up(force: force)
      end

      # @api private
      # @return [Boolean] whether the current contents are stored
      def stored?
        !contents.stored.nil?
      end

      # @api private
      # @return [RegistryContents]
      def contents
        @state.contents
      end

      # @api private
      # @return [LookupCache]
      attr_reader :cache

      # @api private
      # @return [Boolean] whether a lookup should {#catch_up} first
      def stale?
        @state.stale?
      end

      # Write the registry to its store, or to a file.
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

      # Write all listed and documented models as a registry file of the ruby_llm gem. The file is replaced atomically.
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

      # Replace all models by those of a registry file, written by this gem or by ruby_llm.
      #
      # @param path [String, Pathname] default: the configured `model_registry_file`
      # @return [self]
      # @raise [Native::Error] when the file is missing or is not a registry; the models then stay as they are
      # @example
      #   RubyLLM.models.load_from_json("config/llm_models.json").find("gpt-4.1")
      def load_from_json(path = configuration.model_registry_file)
        path = path_of(path)
        @flight.run(Object.new) do
          file = RegularFile.parse(path) { |bytes| RegistryFile.new(bytes) }
          logger&.warn("#{path}: #{file.rejected} entries were rejected") if file.rejected.positive?
          source = RegistrySource.new(:file, "the registry file #{path}", File.mtime(path).utc)
          replace(RegistryContents.of(file.sheets, source: source))
        end
        self
      end
      alias_method :load_from_json!, :load_from_json

      # The whole registry as lossless JSON: see docs/how-to/export.md.
      #
      # @param path [String, Pathname, nil] a file to write atomically
      # @return [String] the JSON
      # @raise [SystemCallError] when it cannot be written
      # @example
      #   RubyLLM.models.export_json("config/registry.json")
      def export_json(path = nil)
        contents = @state.full_contents
        text = Export.dump(contents.catalog, contents.sheets)
        AtomicFile.write(path.to_s, text) if path
        text
      end

      # Replace all models, and all that is known of the sources, by an exported registry. The next refresh continues
      # from it.
      #
      # @param source [String, Pathname] a path, or the JSON itself
      # @return [self]
      # @raise [Native::Error] says what is wrong and where; the models then stay as they are
      # @example
      #   RubyLLM.models.import_json("config/registry.json")
      def import_json(source)
        @flight.run(Object.new) do
          catalog, sheets = Export.load(source)
          name = Export.text?(source) ? "an exported registry" : "the exported registry #{source}"
          source = RegistrySource.new(:import, name)
          replace(RegistryContents.new(catalog: catalog, sheets: sheets, source: source, imported: true))
        end
        self
      end

      # Give up what an endpoint has stated, after you have taken it out of the configuration: until then its models
      # stay as it last listed them. The result is stored.
      #
      # @param name [Symbol, String] of the endpoint, in any spelling
      # @return [self]
      # @raise [ArgumentError] when no endpoint of that name has answered; the message names those that have
      # @example
      #   RubyLLM.models.forget_endpoint!(:acme)
      def forget_endpoint!(name)
        @flight.run(Object.new) do
          whole = @state.full_contents
          known = whole.sheets.select { |_, sheet| Native.block_head(sheet)[:provider] }.keys
          slug = KnownEndpoints.spellings(name).find { |spelled| known.include?(spelled) }
          answered = known.empty? ? "none has" : "those that have: #{known.sort.join(", ")}"
          raise ArgumentError, "No endpoint #{name} has answered (#{answered})" unless slug

          @state.replace_and_store(
            RegistryContents.of(whole.sheets.except(slug), documented: DocumentedProviders.of(configuration),
              source: whole.source, last_refresh: whole.last_refresh)
          )
        end
        self
      end

      # Reset to what a new process has, without a refresh: for tests.
      #
      # @return [self]
      # @example
      #   before { RubyLLM.models.forget! }
      def forget!
        @state.forget!
        @miss_at = nil
        self
      end

      # The current contents: for tests, to be passed to {#restore}.
      #
      # @api private
      # @return [Object]
      # @example
      #   before = RubyLLM.models.checkpoint
      def checkpoint
        @state.checkpoint
      end

      # @api private
      # @param checkpoint [Object] from {#checkpoint}, of this registry or another
      # @return [self]
      # @example
      #   RubyLLM.models.restore(before)
      def restore(checkpoint)
        @state.restore(checkpoint)
        self
      end

      # @return [String] like {View#inspect}
      def inspect
        view.inspect.sub(View.name, self.class.name)
      end
      alias_method :to_s, :inspect

      # @return [void]
      def pretty_print(printer)
        TableColumns.pretty_print(printer, inspect)
      end

      # @api private
      # @return [Configuration] as it is now
      def configuration
        @configuration ? @configuration.call : RubyLLM.config
      end

      # @api private
      # @return [Logger, nil]
      def logger
        configuration.logger
      end

      # A registry changes and holds locks, so only its view can be dumped.
      #
      # @api private
      # @raise [TypeError]
      def marshal_dump
        raise TypeError, "A registry cannot be marshalled. Marshal its view instead: Marshal.dump(RubyLLM.models.view)"
      end

      protected

      # For a context's registry.
      attr_reader :state

      private

      # {#find} and {#[]} ask the cache themselves: a call takes as long as the lookup.
      def current
        configuration = self.configuration
        @cache.current(configuration, configuration.version) || brought_up_to_date
      end

      def brought_up_to_date
        catch_up if stale?
        contents = self.contents
        configuration = self.configuration
        version = configuration.version
        current = @cache.last
        unless current&.made_from?(contents.catalog, configuration, version)
          current = CurrentView.new(contents.catalog, configuration, version)
        end
        @cache.hold(current, contents, configuration, version)
      end

      # ---- Refreshing ----

      def carry_out(plan, heard, notify)
        started_at = Time.now
        clock = now
        @state.catch_up(force: true, sheets: true) # start from what another process has stored meanwhile
        before = @state.full_contents
        refresher = Refresher.new(plan, catalog: before.catalog, sheets: before.sheets, now: started_at)
        result = refresher.call(live: heard, &notify)
        report = report_of(plan, result, started_at, now - clock, life_cycle_changes(before, result, started_at))
        take_in(before, result, report)
        Native.refreshed(report, self)
        report
      end

      # When nobody answered, everything is as old as before, and so is what is stored.
      def take_in(before, result, report)
        if report.none? { |outcome| outcome.answered? && !PriceFiles.name?(outcome.source.name) }
          return @state.replace(before.with(last_refresh: report))
        end

        source = RegistrySource.new(:refresh, "a refresh of this process", report.started_at)
        @state.replace_and_store(
          RegistryContents.new(catalog: result.catalog, sheets: result.sheets, source: source, last_refresh: report)
        )
      end

      def report_of(plan, result, started_at, duration, changes)
        asked = result.outcomes.to_h { |facts| [facts[:source].to_s, facts] }
        outcomes = plan.endpoints.map do |name, endpoint|
          facts = asked[name] || not_asked(plan, name, endpoint, result)
          Outcome.new(endpoint.marks.empty? ? facts : facts.merge(endpoint.marks))
        end
        outcomes += @state.price_outcomes
        Report.new(started_at: started_at, duration: duration, outcomes: outcomes, life_cycle_changes: changes)
      end

      # Time has passed since the refresh before, too. Without one there is nothing to compare with.
      def life_cycle_changes(before, result, started_at)
        then_at = before.last_refresh&.started_at or return []

        result.catalog.life_changes(before.catalog, then_at.to_i, started_at.to_i)
          .map { |index, from, to| LifeCycleChange.of(result.catalog.model(index), from, to) }
      end

      def not_asked(plan, name, endpoint, result)
        sheet = result.sheets[name]
        stated = sheet ? Native.block_head(sheet)[:count] : 0
        count = endpoint.source[:catalogue] ? stated : count_of(endpoint, result.catalog)
        {source: name, count: count, kept: stated, **plan.why_not_asked(name)}
      end

      # All models of its provider are an endpoint's that is named after it; any other one's are those that it lists.
      def count_of(endpoint, catalog)
        of_provider = {provider: [endpoint.provider.to_s]}
        members, count = catalog.select(nil, 0, of_provider)
        return count if endpoint.name == endpoint.provider

        catalog.models(members, count).count { |model| model.endpoints.include?(endpoint.name) }
      end

      # Keeps the current stamp: the contents stay until another process stores something newer.
      def replace(contents)
        @state.replace(contents.with(last_refresh: self.contents.last_refresh, stored: @state.stored_now))
      end

      def now
        Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end

      # ---- Files ----

      def path_of(path)
        raise ArgumentError, "No path was given. Pass one, or configure model_registry_file" if path.nil?

        path.to_s
      end
    end
  end
end
