# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module RecordsHook
        # The table of 1.16: the application's own class. Its rows are never deleted.
        module ClassMethodsV1
          def save_to_database
            models = RubyLLM.models.all
            Records.new(self).save(models) || save_to_database_of_ruby_llm
            models
          end

          def refresh
            refresh!
          end
        end
        private_constant :ClassMethodsV1
      end
    end
  end
end
