# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Lookup
        # In 1.16: the rules for finding a model.
        module InstanceMethodsV1
          private

          def find_with_provider(model_id, provider)
            resolved = LoadedVersion.aliases.resolve(model_id, provider)
            resolved = resolve_bedrock_region_id(resolved) unless native_plain_provider?(provider)
            native_at(provider, resolved, model_id) || raise_model_not_found(model_id, provider: provider)
          end

          def find_without_provider(model_id)
            found = native_of_id(model_id)
            found = native_of_id(LoadedVersion.aliases.resolve(model_id)) if found.empty?
            found.empty? ? raise_model_not_found(model_id) : preferred_match(found)
          end
        end
        private_constant :InstanceMethodsV1
      end
    end
  end
end
