# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Loading
        # In 2.x: `RubyLLM.models` loads a store or a file.
        module InstanceMethodsV2
          def load_from_store
            load_from_store_of_ruby_llm
            replace_native(EntryList.wrap(all_including_unlisted))
          end

          def load_from_database!
            load_from_store
          end

          def load_from_json!(*file)
            load_from_json(*file)
          end
        end
        private_constant :InstanceMethodsV2
      end
    end
  end
end
