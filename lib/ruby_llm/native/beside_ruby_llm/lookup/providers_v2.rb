# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Lookup
        # In 2.x: which providers have a say in what an id means.
        module ProvidersV2
          # The methods that a provider overrides for that. 2.0 has only the first.
          HOOKS = %i[resolve_registry_id deployed_model_id].select { |name| RubyLLM::Provider.respond_to?(name) }.freeze

          # Class of a provider => whether it overrides none of them.
          PLAIN = {}.compare_by_identity
          private_constant :HOOKS, :PLAIN

          private

          def native_plain_provider?(provider)
            known = RubyLLM::Provider.providers[provider.to_sym] or return true
            plain = PLAIN[known]
            plain.nil? ? PLAIN[known] = native_overrides_none?(known) : plain
          end

          def native_overrides_none?(provider)
            HOOKS.all? { |name| provider.method(name).owner.equal?(RubyLLM::Provider.singleton_class) }
          rescue NameError # a stand-in
            false
          end
        end
        private_constant :ProvidersV2
      end
    end
  end
end
