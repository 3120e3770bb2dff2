# frozen_string_literal: true

require "ruby_llm/native/persistence"

module RubyLLM
  module Native
    # Finds an app's classes that call `acts_as_llm_model`. A class registers itself when it is loaded, which in
    # development and in rake tasks has not happened yet.
    #
    # Files that mention the macro are loaded first. All others are loaded only if that does not account for every
    # class: a module may call the macro for other classes. Files that cannot be loaded are skipped.
    #
    # @example
    #   ModelClasses.new.names  # => ["LLMModel"]
    #
    # @api private
    class ModelClasses
      MACRO = /^[^#]*\bacts_as_llm_model\b/
      private_constant :MACRO

      # @return [Hash{String => Exception}] files that could not be loaded, relative to the app's folder, and why
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
          next if error.instance_of?(Zeitwerk::Error) # the loader does not manage that file

          @failures[path.delete_prefix("#{::Rails.root}/")] = error
        end
      end
    end
  end
end
