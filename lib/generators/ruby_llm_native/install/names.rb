# frozen_string_literal: true

require "active_support/core_ext/string/inflections"

module RubyLLM
  module Native
    module Generators
      # What everything is called that the install generator writes, from the one name that the user gives.
      #
      # Constants are spelled as the user spells them, files as Rails looks for them. Where the app's inflections
      # would make another constant of a file's name, {#inflections} says which.
      #
      # @example
      #   names = Names.new("AI::LLMModel")
      #   names.job       # => "AI::SyncLLMModelsJob"
      #   names.registry  # => "AI::LLMRegistry"
      #   names.table     # => "ai_llm_models"
      class Names
        PATTERN = /\A[A-Za-z]\w*((::|\/)[A-Za-z]\w*)*\z/
        private_constant :PATTERN

        # @param name [String] a class, as `AI::LLMModel`, or a path, as `ai/llm_model`
        # @param pluralize [Boolean] whether the app's tables are in the plural
        # @raise [ArgumentError] when no class can be called so
        def initialize(name, pluralize: true)
          raise ArgumentError, "#{name.inspect} is no name of a class" unless PATTERN.match?(name)

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

        # @return [String] what the schedule's entry is called
        def task
          [*@parts[0...-1].map(&:underscore), "sync", last.underscore.pluralize].join("_")
        end

        # @return [Boolean] whether the classes are in a module
        def nested?
          @parts.size > 1
        end

        # @return [String] the models' table, without the app's own prefix and suffix
        def table
          table_of(model)
        end

        # @return [String] the registry's table, likewise
        def registry_table
          table_of(registry)
        end

        # @param constant [String]
        # @return [String] the file that Rails loads it from, without folder of the root and `.rb`
        def file(constant)
          constant.underscore
        end

        # @return [String] the file of the models' fixtures, without its folder and `.yml`
        def fixtures
          @pluralize ? file(model).pluralize : file(model)
        end

        # @return [Boolean] whether Rails finds the models' class by the name of a table, an association, a fixture or
        #   a factory
        def derived?
          file(model).camelize == model
        end

        # @return [Hash{String => String}] names of files and folders whose constants the app's inflections would
        #   spell otherwise
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
