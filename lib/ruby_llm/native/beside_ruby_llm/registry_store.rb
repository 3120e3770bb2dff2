# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # The one thing of ruby_llm that is made to be plugged into: where its registry reads models from. For versions
      # that are not known well enough to plug in more; what such a version fetches by itself is not written anywhere.
      class RegistryStore
        # @return [Array] entries of our registry's models; empty when it has none, and ruby_llm then reads its own file
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
