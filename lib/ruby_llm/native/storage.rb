# frozen_string_literal: true

module RubyLLM
  module Native
    # Where the process's registry is loaded from and stored: the configured store, with the {Seed} behind it.
    #
    # No error of a store is raised here: it is logged, and the registry stays in memory.
    class Storage
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

      # @return [Array(Catalog, String), nil] the stored catalog and its stamp
      def catalog
        attempt("read") do |store|
          stamp = store.stamp
          bytes = store.respond_to?(:read_catalog) ? store.read_catalog : store.read
          bytes && [Catalog.load(bytes.byteslice(0, StoredFile.size_of_first(bytes))), stamp]
        end
      end

      # @param known [Catalog, nil] a catalog that need not be read again
      # @return [Array(Catalog, String, Hash, Report), nil] also the sheets and the report of the last refresh
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

      # @return [String, nil] the stamp under which it is now stored; nil when it could not be
      def keep(catalog, sheets, report)
        attempt("written") { |store| write(store, catalog, sheets, report) }
      end

      # All sources were asked and nothing changed: only the time in the stamp is renewed.
      #
      # @return [String, nil]
      def touch(catalog)
        attempt("written") { |store| store.respond_to?(:touch) ? store.touch(stamp_for(catalog)) : store.stamp }
      end

      # @return [String, nil] like {#keep}
      # @raise [StandardError] whatever the store raises
      # @raise [Error] when there is no store
      def keep!(catalog, sheets, report)
        store = self.store or raise Error, "There is nowhere to save the registry. Set registry_path"
        write(store, catalog, sheets, report)
      end

      # @return [Seed::Beginning, nil]
      def base
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
            "Set registry_path to store it.")
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
  end
end
