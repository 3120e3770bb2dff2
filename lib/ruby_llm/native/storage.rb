# frozen_string_literal: true

module RubyLLM
  module Native
    # Where the process's registry comes from and where it is kept: the store that is configured, and the {Seed}
    # behind it.
    #
    # Nothing here raises on account of what is stored, or cannot be: it is logged, and the registry lives in memory.
    class Storage
      # @param configuration [#call] gives the configuration that holds now
      def initialize(&configuration)
        @configuration = configuration
        @warned = {}
      end

      # @return [#read, nil] the store that holds now; nil: memory only
      def store
        configuration.catalog_store || file_store
      end

      # Whether other processes' writes are to be looked for during lookups: not in a folder that nobody chose.
      #
      # @return [Boolean]
      def shared?
        chosen = configuration.catalog_store || configuration.registry_path || Location.rails
        store = self.store if chosen
        !store.nil? && (!store.respond_to?(:check_on_lookup?) || store.check_on_lookup?)
      end

      # @return [Array(Catalog, String), nil] what is stored, and its stamp
      def catalog
        attempt("read") do |store|
          stamp = store.stamp
          bytes = store.respond_to?(:read_catalog) ? store.read_catalog : store.read
          bytes && [Catalog.load(bytes.byteslice(0, StoredFile.size_of_first(bytes))), stamp]
        end
      end

      # @param known [Catalog, nil] is not read again
      # @return [Array(Catalog, String, Hash, Report), nil] the same, the sheets and what the last refresh did
      def everything(known: nil)
        attempt("read") do |store|
          stamp = store.stamp
          bytes = store.read or next
          catalog, sheets, report = StoredFile.load(bytes, known: known)
          [catalog, stamp, sheets, report]
        end
      end

      # @return [String, nil] the stamp of what is stored now
      def stamp
        attempt("read", &:stamp)
      end

      # @return [String, nil] the stamp under which it is now stored; nil when it is not
      def keep(catalog, sheets, report)
        attempt("written") { |store| write(store, catalog, sheets, report) }
      end

      # Everything was asked anew and nothing is new: only the time of what is stored changes.
      #
      # @return [String, nil]
      def touch(catalog)
        attempt("written") { |store| store.respond_to?(:touch) ? store.touch(stamp_for(catalog)) : store.stamp }
      end

      # @return [String, nil] as {#keep}
      # @raise [StandardError] whatever the store raises
      # @raise [Error] when there is no store
      def keep!(catalog, sheets, report)
        write(store || raise(Error, "There is nowhere to save the registry to: set registry_path"), catalog, sheets, report)
      end

      # @return [Seed::Beginning, nil]
      def base
        Seed.open { |warning| warn(warning) }
      end

      # @return [String]
      def description
        store ? store.description : "memory alone"
      end

      private

      def configuration
        @configuration.call
      end

      def file_store
        return if configuration.registry_path == false

        path = Location.file(configuration.registry_path)
        if path && Location.in_gem?(path)
          warn("#{path} is in the folder of this gem, where nothing may be written: the registry is kept in memory. Set registry_path.")
          return
        end
        path && ((@file_store&.path == path) ? @file_store : @file_store = Stores::File.new(path))
      end

      def write(store, catalog, sheets, report)
        stamp = stamp_for(catalog)
        store.write(StoredFile.dump(catalog, sheets, report), stamp) || stamp
      end

      def stamp_for(catalog)
        "#{Time.now.utc.strftime("%FT%T.%9NZ")} #{catalog.content_hash}"
      end

      # An exception that another thread raises here, as a deadline does, is not the store's: it comes when the store
      # has answered.
      def attempt(what)
        store = self.store or return
        Thread.handle_interrupt(StandardError => :never) do
          yield store
        rescue => error
          # Other processes miss each write to a store that somebody chose: that is said each time.
          reason = [store.description, what, error.class] unless what == "written" && configuration.catalog_store
          warn("The registry in #{store.description} cannot be #{what}: #{error.message.lines.first&.chomp} (#{error.class})", reason)
          nil
        end
      end

      # Once for each reason: some messages differ each time. Without one each time.
      def warn(text, reason = text)
        return if reason && @warned.key?(reason)

        @warned[reason] = true if reason
        configuration.logger ? configuration.logger.warn(text) : Kernel.warn("ruby_llm_native: #{text}")
      end
    end
  end
end
