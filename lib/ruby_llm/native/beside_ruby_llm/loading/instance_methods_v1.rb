# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Loading
        # In 1.16: `RubyLLM.models` loads a table or a file, and writes a file.
        module InstanceMethodsV1
          def load_from_database!
            @models = EntryList.wrap(load_from_database_of_ruby_llm!)
          end

          def load_from_store
            load_from_database!
            self
          end

          def load_from_json(*file)
            load_from_json!(*file)
            self
          end

          # Includes what the file had and this version does not show.
          def save_to_json(*file)
            hidden = @models.is_a?(EntryList) ? @models.hidden : []
            return save_to_json_of_ruby_llm(*file) if hidden.empty?

            whole = RubyLLM::Models.allocate
            whole.instance_variable_set(:@models, [*@models, *hidden])
            whole.save_to_json_of_ruby_llm(*file)
          end

          def listed
            all.dup
          end

          # 1.16 does not know unlisted models, so no other list has them.
          def unlisted
            Native.registry.unlisted.map { |model| Entry.of(model) }
          end
        end
        private_constant :InstanceMethodsV1
      end
    end
  end
end
