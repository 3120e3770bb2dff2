# frozen_string_literal: true

require "ruby_llm/native/persistence"

module RubyLLM
  module Native
    # Finds the classes of an app that `acts_as_llm_model`. They make themselves known when they are loaded, which in
    # development and in rake tasks nobody has done yet.
    #
    # Files that mention the macro are loaded first. Only where that does not explain every one of them (a module that
    # calls the macro for others, or none at all) all other files are loaded, too. What cannot be loaded stops
    # nothing.
    #
    # @example
    #   ModelClasses.new.names  # => ["LLMModel"]
    class ModelClasses
      MACRO = /^[^#]*\bacts_as_llm_model\b/
      private_constant :MACRO

      # @return [Hash{String => Exception}] files that could not be loaded, below the app's folder, and why
      attr_reader :failures

      # @param loader [Zeitwerk::Loader] the app's
      def initialize(loader = ::Rails.autoloaders.main)
        @loader = loader
        @failures = {}
      end

      # @return [Array<String>]
      def names
        mentioning = files.select { |path| ::File.binread(path).match?(MACRO) }
        load_each(mentioning)
        load_each(files - mentioning) if mentioning.empty? || Persistence.models.size < mentioning.size
        Persistence.models
      end

      private

      def files
        @files ||= @loader.dirs.flat_map { |folder| Dir[::File.join(folder, "**", "*.rb")] }.uniq.sort
      end

      def load_each(paths)
        paths.each do |path|
          @loader.load_file(path)
        rescue StandardError, ScriptError => error
          @failures[path.delete_prefix("#{::Rails.root}/")] = error unless error.instance_of?(Zeitwerk::Error) # not the loader's to load
        end
      end
    end
  end
end
