# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # A store that ruby_llm's registry reads its models from: ruby_llm's official extension point, used with versions
      # whose internals are not known. What such a version fetches by itself is not written anywhere.
      class RegistryStore
        # @return [Array] entries for the registry's models; when empty, ruby_llm reads its own file
        def read
          Native.registry.view.map { |model| LoadedVersion.entry_class.new(Entry.facts(model)) }
        end

        # @return [void]
        def write(_models)
        end

        # @return [String]
        def description
          "RubyLLM::Native.registry"
        end
      end
    end
  end
end
