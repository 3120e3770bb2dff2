# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Refresh
        # In 1.16: `refresh` and `refresh!` of `RubyLLM.models`.
        module InstanceMethodsV1
          def refresh!(**options, &progress)
            self.class.refresh!(**options, &progress)
          end

          def refresh(**options, &progress)
            refresh!(**options, &progress)
          end
        end
        private_constant :InstanceMethodsV1
      end
    end
  end
end
