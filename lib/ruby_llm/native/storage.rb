# frozen_string_literal: true

module RubyLLM
  module Native
    # Where the process's registry is loaded from and stored: the configured store, with the {Seed} behind it.
    #
    # No error of a store is raised here: it is logged, and the registry stays in memory.
    #
    # @api private
    class Storage
      # As Time.iso8601 reads it. Loading "time" takes as long as opening a registry, and every process opens one.
      TIME = /\A(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)?(?=\s|\z)/i
      private_constant :TIME

      # @param stamp [String, nil]
      # @return [Time, nil] UTC; nil when the stamp does not begin with the time
      def self.time_of(stamp)
        *start, seconds, zone = stamp.to_s.match(TIME)&.captures
        Time.new(*start, seconds.to_r, zone&.upcase).utc if seconds
      rescue ArgumentError
        nil
      end

      # @param configuration [#call] returns the current configuration
      def initialize(&configuration)
        @configuration = configuration
        @warned = {}
      end

      # @return [#read, nil] the current store; nil: memory only
      def store
        configuration.catalog_store || file_store
      end

      # Whether lookups check for other processes' writes: not in a folder that nobody has chosen.
      #
      # @return [Boolean]
      def shared?
        chosen = configuration.catalog_store || configuration.registry_path || Location.rails
        store = self.store if chosen
        !store.nil? && (!store.respond_to?(:check_on_lookup?) || store.check_on_lookup?)
      end

      # @return [RegistryContents, nil] without sheets, which a lookup does not need
      def read_catalog
        attempt("read") do |store|
          stamp = store.stamp
          catalog = load_catalog(store)
          catalog ? stored(store, stamp, catalog: catalog) : renewed(store)
        end
      end

      # @param known [Catalog, nil] a catalog that need not be read again
      # @return [RegistryContents, nil]
      def read(known: nil)
        attempt("read") do |store|
          stamp = store.stamp
          bytes = store.read or next renewed(store)
          catalog, sheets, report = StoredFile.load(bytes, known: known)
          stored(store, stamp, catalog: catalog, sheets: sheets, last_refresh: report)
        end
      end

      # @return [String, nil] the stamp of what is stored now
      def stamp
        attempt("read", &:stamp)
      end

      # @param contents [RegistryContents] with its sheets
      # @return [String, nil] the stamp under which it is now stored; nil when it could not be
      def write(contents)
        attempt("written") { |store| write_to(store, contents) }
      end

      # All sources were asked and nothing changed: only the time in the stamp is renewed.
      #
      # @param contents [RegistryContents]
      # @return [String, nil]
      def touch(contents)
        attempt("written") { |store| store.respond_to?(:touch) ? store.touch(stamp_for(contents)) : store.stamp }
      end

      # @return [String, nil] like {#write}
      # @raise [StandardError] whatever the store raises
      # @raise [Error] when there is no store
      def write!(contents)
        store = self.store or raise Error, "There is nowhere to save the registry. Set registry_path"
        write_to(store, contents)
      end

      # @return [RegistryContents, nil] of the {Seed}
      def seed
        Seed.open { |warning| warn(warning) }
      end

      # @return [String]
      def description
        store ? store.description : "memory"
      end

      private

      def configuration
        @configuration.call
      end

      def file_store
        return if configuration.registry_path == false

        path = Location.file(configuration.registry_path)
        if path && Location.in_gem?(path)
          warn("#{path} is inside this gem's folder, so nothing is written there. The registry stays in memory. " \
            "Set registry_path to store it")
          return
        end
        path && ((@file_store&.path == path) ? @file_store : @file_store = Stores::File.new(path))
      end

      def load_catalog(store)
        return store.load_catalog if store.instance_of?(Stores::File) # a subclass may read otherwise

        bytes = store.respond_to?(:read_catalog) ? store.read_catalog : store.read
        bytes && StoredFile.load_catalog(bytes)
      end

      # What the version of this gem before has stored is stored anew once.
      def renewed(store)
        bytes = store.read_older if store.respond_to?(:read_older)
        return unless bytes

        catalog, sheets, report = StoredFile.load(bytes)
        contents = stored(store, nil, catalog: catalog, sheets: sheets, last_refresh: report)
        contents.with(stored: write(contents))
      end

      def stored(store, stamp, **facts)
        RegistryContents.new(**facts, stored: stamp,
          source: RegistrySource.new(:store, store.description, -stamp.to_s))
      end

      def write_to(store, contents)
        stamp = stamp_for(contents)
        store.write(StoredFile.dump(contents.catalog, contents.sheets, contents.last_refresh), stamp) || stamp
      end

      def stamp_for(contents)
        "#{Time.now.utc.strftime("%FT%T.%9NZ")} #{contents.catalog.content_hash}"
      end

      # An exception from another thread, such as a deadline, is not the store's: it waits until the store has answered.
      def attempt(what)
        store = self.store or return
        Thread.handle_interrupt(StandardError => :never) do
          yield store
        rescue => error
          # A failed write to a configured store is logged every time, since other processes miss that write.
          reason = [store.description, what, error.class] unless what == "written" && configuration.catalog_store
          cause = "#{error.message.lines.first&.chomp} (#{error.class})"
          warn("The registry in #{store.description} cannot be #{what}: #{cause}", reason)
          nil
        end
      end

      # Logs once for each reason, since some texts differ each time; with nil, every time.
      def warn(text, reason = text)
        return if reason && @warned.key?(reason)

        @warned[reason] = true if reason
        configuration.logger ? configuration.logger.warn(text) : Kernel.warn("ruby_llm_native: #{text}")
      end
    end
    private_constant :Storage
  end
end
