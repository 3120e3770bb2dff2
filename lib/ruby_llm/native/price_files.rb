# frozen_string_literal: true

require_relative "price_files/price_file"

module RubyLLM
  module Native
    # The price files of a configuration: `config.price_files`. Each is a sheet of its own among those of the registry,
    # named after its file, and never stored for anyone who has not configured it.
    #
    # A file is read once in each process, and again when it has changed. Contexts that name the same file share its
    # sheet.
    #
    # @api private
    module PriceFiles
      # The list that the gem of this name brings.
      GEM = :llm_cost_tracker

      # As long as the core keeps.
      NAME = /\A[^[:cntrl:]]{1,64}\z/

      # Of files that this process has read: tenants may have files of their own.
      MOST = 64

      LOCK = Mutex.new
      private_constant :GEM, :NAME, :MOST, :LOCK

      @files = {}.freeze

      module_function

      # What `config.price_files =` does.
      #
      # @param value [Array<Symbol, String, Pathname>, nil]
      # @return [Array<Symbol, String>] :llm_cost_tracker and absolute paths, frozen
      # @raise [ConfigurationError]
      def accept(value)
        unless value.is_a?(Array) && value.all? { |file| file?(file) }
          raise ConfigurationError, "price_files must be an Array of paths and :#{GEM}, got #{value.inspect}"
        end

        files = value.map { |file| file.is_a?(Symbol) ? known(file) : File.expand_path(file.to_s) }
        names = files.map { |file| name(file) }
        twice = names.tally.find { |_, count| count > 1 }&.first
        return files.freeze unless twice

        raise ConfigurationError,
          "price_files: two files are named #{twice}. Rename one: this is the origin of its prices"
      end

      # A file's prices have the origin of this name, such as :"prices.json": no source or endpoint has a dot in its
      # own.
      #
      # @param file [Symbol, String]
      # @return [String]
      # @raise [ConfigurationError]
      def name(file)
        return file.name if file.is_a?(Symbol)

        name = File.basename(file)
        name += ".json" unless name.end_with?(".json")
        return name if name.valid_encoding? && name.match?(NAME)

        raise ConfigurationError,
          "price_files: the name of a file must have up to 64 bytes without control characters, got #{file.inspect}"
      end

      # @param name [String] of a sheet or an outcome
      # @return [Boolean] whether it is a price file's
      def name?(name)
        name.end_with?(".json") || name == GEM.name
      end

      # @param configuration [Configuration]
      # @return [Array<PriceFile>] as they are now, in the order of the configuration
      def of(configuration)
        configuration.price_files.map { |file| current(file, configuration.logger) }
      end

      # @param sheets [Hash{String => String}] of a registry
      # @param files [Array<PriceFile>]
      # @return [Hash{String => String}] with the sheets of these files, and of no others, in their order; one that
      #   cannot be read now keeps its last sheet. The same object if that changes nothing
      def apply(sheets, files)
        held = sheets.select { |name, _| name?(name) }
        wanted = files.to_h { |file| [file.name, file.sheet || held[file.name]] }.compact
        return sheets if held.keys == wanted.keys && held == wanted

        sheets.except(*held.keys).merge(wanted).freeze
      end

      # Forget what was read: for tests.
      #
      # @return [void]
      def forget!
        LOCK.synchronize { @files = {}.freeze }
        @gem_path = nil
      end

      def file?(file)
        [Symbol, String].any? { |type| file.is_a?(type) } || file.respond_to?(:to_path)
      end

      def known(list)
        return list if list == GEM

        raise ConfigurationError, "price_files: there is no list #{list.inspect}. Give :#{GEM}, or the path of a file"
      end

      # Two threads may read the same file; either result will do.
      def current(file, logger)
        path = (file == GEM) ? gem_path : file
        stamp = path && PriceFile.stamp(path)
        before = @files[file]
        return before if before && before.stamp == stamp && before.path == path

        read = PriceFile.read(name(file), path, stamp)
        read.warnings.each { |text| logger ? logger.warn(text) : Kernel.warn("ruby_llm_native: #{text}") }
        LOCK.synchronize { @files = {**@files.except(file).to_a.last(MOST - 1).to_h, file => read}.freeze }
        read
      end

      # Under Bundler, only the bundle's version. The gem is not activated. Its file is where it has always been, or
      # else the first one of its shape.
      #
      # @return [String, nil] nil: the gem is not installed
      def gem_path
        spec = Gem.loaded_specs[GEM.name] || Gem::Specification.find_by_name(GEM.name)
        folder = spec.full_gem_path
        return @gem_path.last if @gem_path&.first == folder

        @gem_path = [folder, price_file_in(folder)].freeze
        @gem_path.last
      rescue Gem::MissingSpecError
        nil
      end

      def price_file_in(folder)
        usual = File.join(folder, "lib", GEM.name, "prices.json")
        return usual if File.file?(usual)

        Dir.glob(File.join(folder, "{lib,config,data}", "**", "*.json")).find { |path| PriceFile.shape?(path) } || usual
      end
      private_class_method :file?, :known, :current, :gem_path, :price_file_in
    end
    private_constant :PriceFiles
  end
end
