# frozen_string_literal: true

module RubyLLM
  module Native
    # What the registry of a program has before anything was fetched or stored: the snapshot packaged with this gem,
    # else the registry file of an installed ruby_llm gem, of which prices and limits are believed where they say
    # where they are from.
    #
    # A base states what there was when it was made: its models are catalogued, never listed. ruby_llm's file is one
    # more sheet for the merge, which hears it last of all, and no longer when a metadata catalogue has answered.
    module Seed
      SNAPSHOT = ::File.expand_path("../../ruby_llm_native/snapshot-v#{FORMAT_VERSION}.rlm", __dir__)

      # The source that reads ruby_llm's registry file.
      BUNDLE = "bundle"

      # One thing to begin with: `catalog`, `sheets`, `kind`, `description`, `at` (Time).
      Beginning = Struct.new(:catalog, :sheets, :kind, :description, :at, keyword_init: true)

      module_function

      # @yieldparam warning [String] why something that is there cannot be used
      # @return [Beginning, nil]
      def open(&warn)
        attempt(SNAPSHOT, warn) { snapshot } || attempt(ruby_llm_file, warn) { |path| ruby_llm(path) }
      end

      def attempt(path, warn)
        yield path if path && ::File.exist?(path)
      rescue SystemCallError, Error => error
        warn.call("#{path} cannot be used: #{error.message}")
        nil
      end
      private_class_method :attempt

      def snapshot
        catalog, sheets = StoredFile.load(RegularFile.read(SNAPSHOT))
        at = sheets.values.map { |sheet| Native.block_head(sheet)[:fetched_at] }.max
        Beginning.new(catalog: catalog, sheets: sheets, kind: :snapshot, description: "the snapshot of this gem", at: at && Time.at(at).utc)
      end
      private_class_method :snapshot

      def ruby_llm(path)
        at = ::File.mtime(path)
        sheet, = Native.read_sheet(BUNDLE, RegularFile.read(path), at.to_i)
        Beginning.new(catalog: Catalog.merge([sheet]), sheets: {BUNDLE => sheet}.freeze, kind: :ruby_llm,
          description: "the registry file of ruby_llm #{ruby_llm_version}", at: at.utc)
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

      # Under Bundler only what the bundle has; else the newest that is installed.
      def ruby_llm_gem
        Gem.loaded_specs["ruby_llm"] || Gem::Specification.find_by_name("ruby_llm")
      rescue Gem::MissingSpecError
        nil
      end
      private_class_method :ruby_llm_gem
    end
  end
end
