# frozen_string_literal: true

require_relative "lookup/instance_methods"
require_relative "lookup/instance_methods_v1"
require_relative "lookup/instance_methods_v2"
require_relative "lookup/indexed"
require_relative "lookup/providers_v1"
require_relative "lookup/providers_v2"

module RubyLLM
  module Native
    module BesideRubyLLM
      # How `RubyLLM.models.find` works: by the rules of the loaded version of ruby_llm, in both of its forms, without
      # scanning all models.
      module Lookup
        module_function

        # @return [void]
        def install
          BesideRubyLLM.reopen(RubyLLM::Models, InstanceMethods)
          BesideRubyLLM.reopen(RubyLLM::Models, rules)
          BesideRubyLLM.reopen(RubyLLM::Models, LoadedVersion.v2? ? ProvidersV2 : ProvidersV1)
        end

        def rules
          return Indexed if indexed?

          LoadedVersion.v2? ? InstanceMethodsV2 : InstanceMethodsV1
        end
        private_class_method :rules

        # 2.1 has its own index, which does not see entries added after the first lookup.
        def indexed?
          RubyLLM::Models.private_method_defined?(:models_by_id)
        end
        private_class_method :indexed?
      end
    end
  end
end
