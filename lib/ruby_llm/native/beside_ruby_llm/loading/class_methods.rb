# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Loading
        # In all versions: `RubyLLM::Models.instance`.
        module ClassMethods
          def instance
            instance = @instance
            mark = instance&.native_catalog
            return instance if mark && Native.registry.cache.settled?(mark.contents)

            (instance || Loading.begin_anew(-> { @instance }) { instance_of_ruby_llm }).follow_native
          end
        end
        private_constant :ClassMethods
      end
    end
  end
end
