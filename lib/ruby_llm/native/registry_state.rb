# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    # The {RegistryContents} of a registry, and where they come from: its storage, its parent, or nowhere; later from a
    # replacement, or from another process that has stored something newer.
    #
    # Reads take no lock. One assignment replaces everything, so no reader sees the catalog of one refresh with the
    # report of another.
    #
    # A context's catalog is the merge of its sheets: only the last {RECENT} keep theirs, the others merge again.
    #
    # @api private
    class RegistryState
      # The sheets that a context shares with its parent.
      SHARED = SOURCES.select { |source| source[:shared] }.map { |source| source[:slug].to_s }.freeze

      # The contexts that keep their catalogs.
      RECENT = RecentCatalogs.new(16)
      private_constant :SHARED, :RECENT

      # @param storage [Storage, nil] where it is loaded from and stored; nil: it starts empty and stays in memory
      # @param parent [RegistryState, nil] the state whose metadata sources it shares
      # @param configuration [#call] returns the current configuration
      def initialize(storage, parent, configuration)
        @storage = storage
        @parent = parent
        @configuration = configuration
        @lock = Mutex.new
        @cache = LookupCache.new
        forget!
      end

      # @return [LookupCache] which is told of whatever ends an answer
      attr_reader :cache

      # @return [RegistryContents] with the prices of the configured files as they were at the last look
      def contents
        contents = @cache.contents || loaded
        files = @configuration.call.price_files
        return contents if files.equal?(@priced_for) || (files.empty? && @priced_for.nil?)

        @priced_for = files
        schedule_check
        contents.imported ? contents : with_price_files(contents)
      end

      # @return [Array<Outcome>] of the configured price files
      def price_outcomes
        last = @cache.contents&.last_refresh
        price_files.map { |file| file.outcome(last&.started_at && (last.started_at + last.duration)) }
      end

      # @return [RegistryContents] with its sheets and the parent's newer ones; the catalog is the merge of them
      def full_contents
        whole = with_sheets(@cache.contents || loaded(sheets: true))
        replace(whole) unless whole.equal?(@cache.contents)
        newer = newer_of_parent(whole.sheets)
        sheets = PriceFiles.apply(newer.empty? ? whole.sheets : whole.sheets.merge(newer), price_files)
        return whole if sheets.equal?(whole.sheets) && !whole.imported

        RegistryContents.of(sheets, documented: documented, **whole.to_h)
      end

      # What the contexts of this registry begin with. It is merged once for all of them, and held once.
      #
      # @return [RegistryContents] of the shared sheets alone
      def shared_contents
        whole = full_contents
        sheets = whole.sheets.select { |name, _| SHARED.include?(name) || PriceFiles.name?(name) }
        shared = @shared
        shared = @shared = RegistryContents.of(sheets, documented: documented) unless shared && shared.sheets == sheets
        shared.with(
          source: RegistrySource.new(:parent, "the metadata that all configurations share", whole.source.at)
        )
      end

      # The sheets of a context, with the very strings of this registry, or of another context, where they say the same.
      #
      # @param sheets [Hash{String => String}]
      # @return [Hash{String => String}]
      def share(sheets)
        own = full_contents.sheets
        sheets.to_h { |name, sheet| [name, SHARED.include?(name) ? shared(name, sheet, own[name]) : sheet] }.freeze
      end

      # @param contents [RegistryContents]
      # @return [RegistryContents] the same
      def replace(contents)
        @lock.synchronize do
          @dropped = @priced_for = nil
          @cache.contents = contents
        end
        RECENT.add(self) if @parent && !contents.imported
        contents
      end

      # Views and models that were given keep their catalog.
      #
      # @return [void]
      def drop_catalog
        @lock.synchronize do
          contents = @cache.contents
          next if contents.nil? || contents.imported

          @dropped = {**contents.to_h.except(:catalog), documented: contents.catalog.documented}
          @cache.contents = nil
          @cache.release
        end
      end

      # Store what a refresh brought, and take it. The storage logs failures.
      #
      # @param contents [RegistryContents]
      # @return [RegistryContents] what it is now
      def replace_and_store(contents)
        contents = contents.with(sheets: @parent.share(contents.sheets)) if @parent
        replace(contents.with(stored: store(contents)))
      end

      # @return [void]
      # @raise [StandardError] what the store raises
      def save
        raise Error, "No storage is configured. Pass a path" unless storage

        contents = full_contents
        replace(contents.with(stored: storage.write!(contents)))
      end

      # @return [String, nil] the stamp of what is stored now
      def stored_now
        storage&.stamp
      end

      # @return [Boolean] whether a lookup should {#catch_up} first
      def stale?
        @on_lookup && due?
      end

      # @param force [Boolean] check even before the interval is over
      # @param sheets [Boolean] whether they will be needed at once
      # @return [Boolean] whether another process had stored other models
      def catch_up(force: false, sheets: false)
        return false if @cache.contents.nil? || !(force || due?) || !@lock.try_lock

        begin
          @priced_for = nil # {#contents} looks at the files again
          read_newer(sheets)
        ensure
          @lock.unlock
        end
      end

      # @return [RegistryContents, nil] nil before the first use
      def checkpoint
        @dropped ? contents : @cache.contents
      end

      # @param checkpoint [RegistryContents, nil] of this registry or another; what is stored now does not replace it
      # @return [void]
      def restore(checkpoint)
        return forget! unless checkpoint

        replace(checkpoint.with(stored: checkpoint.stored || stored_now))
      end

      # @return [void]
      def forget!
        @cache.contents = @cache.check_at = @shared = @check_at = @on_lookup = @dropped = @priced_for = nil
        @cache.release
        @latest = {}
      end

      private

      # In a test with stubbed sources nothing is read from the storage, and nothing is written to it.
      def storage
        @storage if Plan.transport.stored?
      end

      # ---- First use ----

      # @param sheets [Boolean] whether they will be needed at once
      def loaded(sheets: false)
        again = nil
        contents = @lock.synchronize do
          again = @dropped
          @cache.contents ||= again ? merged(**again) : first_contents(sheets)
        end
        RECENT.add(self) if again
        contents
      end

      def merged(sheets:, **facts)
        RegistryContents.of(sheets, **facts)
      end

      # @param sheets [Boolean] whether they will be needed at once
      def first_contents(sheets)
        schedule_check
        read(sheets) || @parent&.shared_contents || storage&.seed || nothing
      end

      # @param sheets [Boolean] whether to read them, too, unless they are damaged
      # @param known [Catalog, nil] a catalog that need not be read again
      def read(sheets, known: nil)
        (storage&.read(known: known) if sheets) || storage&.read_catalog
      end

      def nothing
        RegistryContents.new(catalog: Catalog.empty, sheets: {}.freeze,
          source: RegistrySource.new(:empty, "nothing yet: call refresh!, or load a saved registry"))
      end

      # ---- Price files ----

      # @return [Array<PriceFiles::PriceFile>]
      def price_files
        PriceFiles.of(@configuration.call)
      end

      def with_price_files(contents)
        whole = with_sheets(contents)
        sheets = PriceFiles.apply(whole.sheets, price_files)
        return contents if sheets.equal?(whole.sheets) || whole.imported

        files = @priced_for
        replace(RegistryContents.of(sheets, documented: documented, **whole.to_h)).tap { @priced_for = files }
      end

      # ---- Sheets ----

      # Sheets are read when they are needed, together with their catalog: another process may have stored others since.
      def with_sheets(contents)
        return contents if contents.sheets

        stored = @storage.read(known: contents.catalog)
        return contents.with(sheets: sheets_of(contents.catalog), imported: true) unless stored

        stored.with(source: contents.source, last_refresh: contents.last_refresh || stored.last_refresh)
      end

      # When the sheets can no longer be read, the models of the catalog stay until their provider answers, like those
      # of a registry file.
      def sheets_of(catalog)
        RegistryFile.new(JSON.generate(View.new(catalog).map(&:to_registry_h))).sheets
      end

      def newer_of_parent(sheets)
        return {} unless @parent

        newer = @parent.full_contents.sheets.slice(*SHARED).reject do |slug, sheet|
          sheets[slug] && fetched_at(sheets[slug]) >= fetched_at(sheet)
        end
        newer.except(*Native.replaced_sources(sheets.keys | newer.keys))
      end

      def fetched_at(sheet)
        Native.block_head(sheet)[:fetched_at]
      end

      # Of what contexts have, only the latest of each source is looked at.
      def shared(name, sheet, own)
        known = [own, @latest[name]].compact
        same = known.find { |other| other.equal?(sheet) || Native.same_facts?(other, sheet) }
        return same if same

        @latest = @latest.merge(name => sheet)
        sheet
      end

      def documented
        DocumentedProviders.of(@configuration.call)
      end

      # ---- Storing ----

      def store(contents)
        return unless storage

        unchanged?(contents) ? storage.touch(contents) : storage.write(contents)
      end

      def unchanged?(contents)
        previous = @cache.contents
        previous.stored && contents.catalog.equal?(previous.catalog) && contents.sheets == previous.sheets &&
          contents.last_refresh.same_results?(previous.last_refresh)
      end

      # ---- Other processes ----

      def due?
        @check_at && Process.clock_gettime(Process::CLOCK_MONOTONIC) >= @check_at
      end

      def schedule_check
        configuration = @configuration.call
        interval = configuration.registry_check_interval
        @on_lookup = storage&.shared? || !configuration.price_files.empty?
        @check_at = interval && (Process.clock_gettime(Process::CLOCK_MONOTONIC) + interval)
        @cache.check_at = (@check_at if @on_lookup)
      end

      def read_newer(sheets)
        schedule_check
        stamp = storage&.stamp
        return false if stamp.nil? || stamp == @cache.contents.stored || outdated?(stamp)

        newer = read(sheets, known: @cache.contents.catalog) or return false
        same = newer.catalog.content_hash == @cache.contents.catalog.content_hash
        @cache.contents = same ? newer.with(catalog: @cache.contents.catalog) : newer
        !same
      end

      # What this process has refreshed since, but could not store, is not given up for something older.
      def outdated?(stamp)
        contents = @cache.contents
        return false unless contents.stored.nil? && contents.source.kind == :refresh

        stored_at = Storage.time_of(stamp)
        !stored_at.nil? && stored_at < contents.source.at
      end
    end
    private_constant :RegistryState
  end
end
