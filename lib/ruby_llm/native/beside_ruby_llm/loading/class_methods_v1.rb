# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Loading
        # In 1.16: where `RubyLLM::Models` loads its models from.
        module ClassMethodsV1
          def load_models(*file)
            EntryList.wrap(load_models_of_ruby_llm(*file))
          end

          def read_from_json(file = RubyLLM.config.model_registry_file)
            list = (file == Loading.bundled_path) ? Loading.bundle(file) : Loading.file(file)
            list || read_from_json_of_ruby_llm(file)
          end

          def filter_models(models)
            models.is_a?(EntryList) ? models : filter_models_of_ruby_llm(models)
          end
        end
        private_constant :ClassMethodsV1
      end
    end
  end
end
