# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Lookup
        # In 2.1: the index in which it looks models up.
        module Indexed
          private

          def models_by_id
            @models.is_a?(EntryList) ? @models.by_id : @models.group_by(&:id)
          end
        end
        private_constant :Indexed
      end
    end
  end
end
