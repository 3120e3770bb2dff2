# frozen_string_literal: true

require "json"
require "time"

module RubyLLM
  module Native
    # What a registry holds now, and where it came from: its storage, its parent, or nowhere; later from a replacement,
    # or from another process that has stored something newer.
    #
    # Reads take no lock. One assignment replaces everything, so no reader sees the catalog of one refresh with the
    # report of another.
    class RegistryState
      # `sheets` is nil while only the stored catalog has been read. Unless `imported`, the catalog is the merge of the
      # sheets. `stored` is the stamp under which the store has all this.
      Contents = Struct.new(:catalog, :sheets, :source, :last_refresh, :imported, :stored, keyword_init: true)

      # The slug under which the sheet of a registry file is kept.
      FILE = "file"

      # The metadata sources: a context shares theirs.
      CATALOGUES = SOURCES.select { |source| source[:catalogue] && source[:askable] }
        .map { |source| source[:slug].to_s }.freeze

      # The sheets a context shares with its parent: those of the metadata sources, and the one that replaces them.
      SHARED = [*CATALOGUES, Seed::BUNDLE].freeze
      private_constant :SHARED

      # @param sheets [Hash{String => String}]
      # @return [Hash{String => String}] without the sheet that the merge no longer uses, which need not be kept
      def self.heard(sheets)
        (CATALOGUES & sheets.keys).any? ? sheets.except(Seed::BUNDLE).freeze : sheets
      end

      # @param storage [Storage, nil] where it is loaded from and stored; nil: it starts empty and stays in memory
      # @param parent [RegistryState, nil] the state whose metadata sources it shares
      # @param configuration [#call] returns the current configuration
      def initialize(storage, parent, configuration)
        @storage = storage
        @parent = parent
        @configuration = configuration
        @lock = Mutex.new
        forget!
      end

      # @return [Contents] frozen
      def contents
        @contents || @lock.synchronize { @contents ||= begin_with.freeze }
      end

      # @return [Contents] with its sheets and the parent's newer ones; the catalog is the merge of them
      def full_contents
        whole = with_sheets(@contents || @lock.synchronize { @contents ||= begin_with(sheets: true).freeze })
        replace(whole) unless whole.equal?(@contents)
        newer = newer_of_parent(whole.sheets)
        return whole if newer.empty? && !whole.imported

        sheets = whole.sheets.merge(newer).freeze
        Contents.new(**whole.to_h, catalog: Catalog.merge(sheets.values), sheets: sheets).freeze
      end

      # @param contents [Contents]
      # @return [Contents]
      def replace(contents)
        @lock.synchronize { @contents = contents.freeze }
      end

      # Store what a refresh brought. The storage logs failures.
      #
      # @return [String, nil] the store's stamp
      def keep(catalog, sheets, report)
        return unless storage

        previous = @contents
        same = previous.stored && catalog.equal?(previous.catalog) && sheets == previous.sheets &&
          report.same_results?(previous.last_refresh)
        same ? storage.touch(catalog) : storage.keep(catalog, sheets, report)
      end

      # @return [void]
      # @raise [StandardError] what the store raises
      def save
        raise Error, "No storage is configured. Pass a path" unless storage

        contents = full_contents
        stamp = storage.keep!(contents.catalog, contents.sheets, contents.last_refresh)
        replace(Contents.new(**contents.to_h, stored: stamp))
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
      # @return [Boolean] whether another process had stored other models
      def catch_up(force: false)
        return false if storage.nil? || @contents.nil? || !(force || due?) || !@lock.try_lock

        begin
          look_again
        ensure
          @lock.unlock
        end
      end

      # @return [Contents, nil] nil before the first use
      def checkpoint
        @contents
      end

      # @param checkpoint [Contents, nil] of this registry or another; what is stored now does not replace it
      # @return [void]
      def restore(checkpoint)
        return forget! unless checkpoint

        replace(Contents.new(**checkpoint.to_h, stored: checkpoint.stored || stored_now))
      end

      # @return [void]
      def forget!
        @contents = @check_at = @on_lookup = nil
      end

      private

      # In a test with stubbed sources nothing is read from the storage, and nothing is written to it.
      def storage
        @storage unless Plan.answers
      end

      # ---- First use ----

      # @param sheets [Boolean] whether they will be needed at once
      def begin_with(sheets: false)
        @on_lookup = storage&.shared?
        @check_at = next_check
        stored(sheets) || parents || base || Contents.new(catalog: Catalog.empty, sheets: {}.freeze, source: nothing)
      end

      def stored(with_sheets = false)
        catalog, stamp, sheets, report = (storage&.everything if with_sheets) || storage&.catalog
        catalog && Contents.new(catalog: catalog, sheets: sheets, last_refresh: report, stored: stamp,
          source: RegistrySource.new(:store, storage.description, time_in(stamp)))
      end

      def parents
        shared = @parent&.full_contents or return

        sheets = shared.sheets.slice(*SHARED).freeze
        Contents.new(catalog: Catalog.merge(sheets.values), sheets: sheets,
          source: RegistrySource.new(:parent, "the metadata that all configurations share", shared.source.at))
      end

      def base
        base = storage&.base or return

        source = RegistrySource.new(base.kind, base.description, base.at)
        Contents.new(catalog: base.catalog, sheets: base.sheets, source: source)
      end

      def nothing
        RegistrySource.new(:empty, "nothing yet: call refresh!, or load a saved registry")
      end

      def time_in(stamp)
        stamp && Time.iso8601(stamp[/\A\S+/].to_s).utc
      rescue ArgumentError
        nil
      end

      # Sheets are read when they are needed, together with their catalog: another process may have stored others since.
      def with_sheets(contents)
        return contents if contents.sheets

        catalog, stamp, sheets, report = @storage.everything(known: contents.catalog)
        return Contents.new(**contents.to_h, sheets: stand_in(contents.catalog), imported: true).freeze unless catalog

        Contents.new(**contents.to_h, catalog: catalog, sheets: sheets, stored: stamp,
          last_refresh: contents.last_refresh || report).freeze
      end

      # When the sheets can no longer be read, the models of the catalog stay until their provider answers, like those
      # of a registry file.
      def stand_in(catalog)
        json = JSON.generate(View.new(catalog).map(&:to_registry_h))
        {FILE => Native.read_sheet(FILE, json, Time.now.to_i).first}.freeze
      end

      def newer_of_parent(sheets)
        return {} unless @parent

        shared = (CATALOGUES & sheets.keys).any? ? CATALOGUES : SHARED
        @parent.full_contents.sheets.slice(*shared).reject do |slug, sheet|
          sheets[slug] && fetched_at(sheets[slug]) >= fetched_at(sheet)
        end
      end

      def fetched_at(sheet)
        Native.block_head(sheet)[:fetched_at]
      end

      # ---- Freshness ----

      def due?
        @check_at && Process.clock_gettime(Process::CLOCK_MONOTONIC) >= @check_at
      end

      def next_check
        interval = @configuration.call.registry_check_interval
        interval && (Process.clock_gettime(Process::CLOCK_MONOTONIC) + interval)
      end

      def look_again
        @check_at = next_check
        stamp = storage.stamp
        return false if stamp.nil? || stamp == @contents.stored || outdated?(stamp)

        newer = stored or return false
        same = newer.catalog.content_hash == @contents.catalog.content_hash
        newer.catalog = @contents.catalog if same
        @contents = newer.freeze
        !same
      end

      # What this process has refreshed since, but could not store, is not given up for something older.
      def outdated?(stamp)
        return false unless @contents.stored.nil? && @contents.source.kind == :refresh

        stored_at = time_in(stamp)
        !stored_at.nil? && stored_at < @contents.source.at
      end
    end
  end
end
