# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Refresh
        # In 1.16: `RubyLLM::Models.refresh` and `refresh!`.
        module ClassMethodsV1
          def refresh!(remote_only: false, **options, &progress)
            return refresh_by_ruby_llm(remote_only) unless Options.settings.native_refresh

            RubyLLM.instrument("models.refresh.ruby_llm", remote_only: remote_only) do |payload|
              list = Refresh.ask(instance, remote_only: remote_only, **options, &progress)
              payload[:model_count] = list.size
              @instance = new(list).replace_native(list)
            end
          end

          def refresh(**options, &progress)
            refresh!(**options, &progress)
          end

          private

          def refresh_by_ruby_llm(remote_only)
            refresh_of_ruby_llm!(remote_only: remote_only)
            instance.replace_native(EntryList.wrap(instance.native_entries))
          end
        end
        private_constant :ClassMethodsV1
      end
    end
  end
end
