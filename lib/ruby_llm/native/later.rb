# frozen_string_literal: true

module RubyLLM
  module Native
    # What a program that only looks models up never needs: it is loaded on first use, or by `RubyLLM.configure`, since
    # programs that configure something will mostly refresh. Each file that is loaded beside busy threads waits for the
    # interpreter's lock several times, of up to 100 ms for each of them.
    #
    # Nothing here is used by what Ractors share, since only the main Ractor can load files. On Ruby 3.1 all is loaded
    # at once: there, a fiber scheduler is asked to read the files, and async cannot.
    #
    # @api private
    module Later
      FILES = {
        Context: "context", Endpoint: "endpoint", Endpoints: "endpoints", Outcome: "outcome",
        PriceFiles: "price_files", Progress: "progress", Proxies: "proxies", Refresher: "refresher",
        RegistryFile: "registry_file", Report: "report", RequestGuard: "request_guard", Selection: "selection"
      }.freeze
      # What few refreshes need: who does requires it.
      LIBRARIES = %w[ipaddr uri].freeze
      private_constant :FILES, :LIBRARIES

      module_function

      # @return [void]
      def register
        FILES.each { |name, file| Native.autoload(name, "#{__dir__}/#{file}") }
      end

      # @return [Boolean]
      def at_once?
        RUBY_VERSION < "3.2"
      end

      # Load what a refresh needs.
      #
      # @return [void]
      def load!
        FILES.each_key { |name| Native.const_get(name) }
      end

      # Load all of it, which Rails does before a server forks, so that its workers share it.
      #
      # @return [Class]
      def eager_load!
        load!
        LIBRARIES.each { |name| require name }
        Stores::ActiveRecord
      end
    end
    private_constant :Later

    Later.register
  end
end
