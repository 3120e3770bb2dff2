# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Loading
        # In 2.x: where `RubyLLM::Models` loads its models from.
        module ClassMethodsV2
          def load_models
            base = models_from_store(RubyLLM.config.model_registry_store) ||
              models_from_file(RubyLLM.config.model_registry_file) || models_from_bundle
            shipped = models_from_provider_gems
            EntryList.wrap(shipped.empty? ? base : merge_models(shipped, base))
          end

          def models_from_file(file)
            Loading.file(file) || models_from_file_of_ruby_llm(file)
          end

          def models_from_bundle
            Loading.bundle(bundled_registry_file) || models_from_bundle_of_ruby_llm
          end
        end
        private_constant :ClassMethodsV2
      end
    end
  end
end
