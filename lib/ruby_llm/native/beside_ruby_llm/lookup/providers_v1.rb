# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Lookup
        # In 1.16: which providers have a say in what an id means.
        module ProvidersV1
          # Providers whose ids 1.16 turns into those of its region.
          REGIONAL = SOURCES.select { |source| source[:regional_ids] }.map { |source| source[:slug] }.freeze
          private_constant :REGIONAL

          private

          def native_plain_provider?(provider)
            !REGIONAL.include?(provider.to_s)
          end
        end
        private_constant :ProvidersV1
      end
    end
  end
end
