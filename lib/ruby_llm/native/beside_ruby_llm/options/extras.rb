# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Options
        # What the registry needs of a configuration beyond its options.
        module Extras
          include Configuration::Shorthands

          # @return [Credentials] fetched with these options; a copy of the configuration has its own
          def credentials
            @credentials = Credentials.new(self) unless @credentials&.belong_to?(self)
            @credentials
          end

          # @return [RubyLLM::Configuration, nil] which this one is a copy of: ruby_llm copies only the program's own
          def copied_from
            RubyLLM.config unless RubyLLM.config.equal?(self)
          end

          # 1.16 would show its keys; 2.x has an `inspect` that does not.
          def inspect
            shown = instance_variables.map do |name|
              value = instance_variable_get(name)
              option = name.to_s.delete_prefix("@").to_sym
              "#{name}=#{value.is_a?(String) ? Configuration.show(option, value) : value.inspect}"
            end
            "#<#{self.class.name} #{shown.join(", ")}>"
          end
        end
      end
    end
  end
end
