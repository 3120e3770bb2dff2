# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Refresh
        # In 2.x: `RubyLLM::Models.refresh` and `refresh!`.
        module ClassMethodsV2
          def refresh(**options, &progress)
            instance.refresh(**options, &progress)
          end

          def refresh!(**options, &progress)
            instance.refresh(**options, &progress)
          end
        end
        private_constant :ClassMethodsV2
      end
    end
  end
end
