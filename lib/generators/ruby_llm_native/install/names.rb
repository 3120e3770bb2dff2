# frozen_string_literal: true

require "active_support/core_ext/string/inflections"

module RubyLLM
  module Native
    module Generators
      # The names of everything that the install generator writes, derived from the one name that the user gives.
      #
      # Constants are spelled as the user spells them, files as Rails expects them. Where the app's inflections would
      # derive another constant from a file's name, {#inflections} says which one.
      #
      # @example
      #   names = Names.new("AI::LLMModel")
      #   names.job       # => "AI::SyncLLMModelsJob"
      #   names.registry  # => "AI::LLMRegistry"
      #   names.table     # => "ai_llm_models"
      #
      # @api private
      class Names
        PATTERN = /\A[A-Za-z]\w*((::|\/)[A-Za-z]\w*)*\z/
        private_constant :PATTERN

        # @param name [String] a class, such as `AI::LLMModel`, or a path, such as `ai/llm_model`
        # @param pluralize [Boolean] whether the app's tables have plural names
        # @raise [ArgumentError] when it is not a valid class name
        def initialize(name, pluralize: true)
          unless PATTERN.match?(name)
            raise ArgumentError, "The name must be the name of a class, such as LLMModel, got #{name.inspect}"
          end

          @parts = name.split(%r{::|/}).map { |part| part.match?(/\A[A-Z]/) ? part : part.camelize }
          @pluralize = pluralize
        end

        # @return [String] the class of the models' table
        def model
          @parts.join("::")
        end

        # @return [String] the class of the registry's table
        def registry
          within("#{last.delete_suffix("Model")}Registry")
        end

        # @return [String] the class of the job
        def job
          within("Sync#{last.pluralize}Job")
        end

        # @return [String] the name of the schedule's entry
        def task
          [*@parts[0...-1].map(&:underscore), "sync", last.underscore.pluralize].join("_")
        end

        # @return [Boolean] whether the classes are in a module
        def nested?
          @parts.size > 1
        end

        # @return [String] the models' table, without the app's prefix and suffix
        def table
          table_of(model)
        end

        # @return [String] the registry's table, likewise
        def registry_table
          table_of(registry)
        end

        # @param constant [String]
        # @return [String] the file from which Rails loads it, relative to its root folder and without `.rb`
        def file(constant)
          constant.underscore
        end

        # @return [String] the file of the models' fixtures, without its folder and `.yml`
        def fixtures
          @pluralize ? file(model).pluralize : file(model)
        end

        # @return [Boolean] whether Rails derives the models' class from the name of a table, association, fixture or
        #   factory
        def derived?
          file(model).camelize == model
        end

        # @return [Hash{String => String}] names of files and folders whose constants the app's inflections would spell
        #   differently
        def inflections
          [model, registry, job].flat_map { |constant| constant.split("::") }.uniq
            .to_h { |part| [part.underscore, part] }.reject { |file, part| file.camelize == part }
        end

        private

        def last
          @parts.last
        end

        def within(name)
          [*@parts[0...-1], name].join("::")
        end

        def table_of(constant)
          name = constant.underscore.tr("/", "_")
          @pluralize ? name.pluralize : name
        end
      end
    end
  end
end
