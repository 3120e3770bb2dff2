# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Lookup
        # In 2.0: the rules for finding a model.
        module InstanceMethodsV2
          private

          def find_with_provider(model_id, provider, config = nil)
            resolved = resolve_provider_registry_id(LoadedVersion.aliases.resolve(model_id, provider), provider, config)
            native_at(provider, resolved, model_id) || raise_model_not_found(model_id, provider: provider)
          end

          def find_without_provider(model_id)
            found = [model_id, LoadedVersion.aliases.resolve(model_id)].uniq.flat_map { |id| native_of_id(id) }
            preferred_match(found) || raise_model_not_found(model_id)
          end
        end
        private_constant :InstanceMethodsV2
      end
    end
  end
end
