# frozen_string_literal: true

module RubyLLM
  module Native
    # What a program's registry has before anything is fetched or stored: the snapshot packaged with this gem, or else
    # the registry file of an installed ruby_llm gem. That file's prices and limits count only where it says where they
    # come from.
    #
    # A seed states what was known when it was made, so its models are documented, never listed. ruby_llm's file is one
    # more sheet for the merge: it ranks last, and is ignored once a metadata source has answered.
    #
    # @api private
    module Seed
      SNAPSHOT = ::File.expand_path("../../ruby_llm_native/snapshot-v#{FORMAT_VERSION}.rlm", __dir__)

      module_function

      # @yieldparam warning [String] why something that exists cannot be used
      # @return [RegistryContents, nil]
      def open(&warn)
        attempt(SNAPSHOT, warn) { snapshot } || attempt(ruby_llm_file, warn) { |path| ruby_llm(path) }
      end

      def attempt(path, warn)
        yield path if path
      rescue Errno::ENOENT, Errno::ENOTDIR
        nil
      rescue SystemCallError, Error => error
        warn.call("#{path} cannot be used: #{error.message}")
        nil
      end
      private_class_method :attempt

      def snapshot
        catalog, sheets = StoredFile.load(RegularFile.read(SNAPSHOT))
        at = sheets.values.map { |sheet| Native.block_head(sheet)[:fetched_at] }.max
        source = RegistrySource.new(:snapshot, "the snapshot of this gem", at && Time.at(at).utc)
        RegistryContents.new(catalog: catalog, sheets: sheets, source: source)
      end
      private_class_method :snapshot

      def ruby_llm(path)
        at = ::File::Stat.new(path).mtime.utc # keeps the interpreter's lock
        file = RegistryFile.new(RegularFile.read(path), source: RegistryFile::BUNDLE, at: at)
        source = RegistrySource.new(:ruby_llm, "the registry file of ruby_llm #{ruby_llm_version}", at)
        RegistryContents.of(file.sheets, source: source)
      end
      private_class_method :ruby_llm

      def ruby_llm_file
        gem = ruby_llm_gem and ::File.join(gem.full_gem_path, "lib", "ruby_llm", "models.json")
      end
      private_class_method :ruby_llm_file

      def ruby_llm_version
        ruby_llm_gem.version
      end
      private_class_method :ruby_llm_version

      # Under Bundler, only the bundle's version; otherwise the newest installed one.
      def ruby_llm_gem
        Gem.loaded_specs["ruby_llm"] || Gem::Specification.find_by_name("ruby_llm")
      rescue Gem::MissingSpecError
        nil
      end
      private_class_method :ruby_llm_gem
    end
    private_constant :Seed
  end
end
