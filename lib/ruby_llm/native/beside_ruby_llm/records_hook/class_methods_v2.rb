# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module RecordsHook
        # The table of 2.x: ruby_llm's own class. ruby_llm itself deletes or unlists what the registry no longer has.
        module ClassMethodsV2
          def save_to_database(registry = RubyLLM.models)
            Records.new(self).save(registry.all) { |kept| unlist(kept) } || save_to_database_of_ruby_llm(registry)
            nil
          end

          def refresh!
            refresh
          end
        end
        private_constant :ClassMethodsV2
      end
    end
  end
end
