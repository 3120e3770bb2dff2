# frozen_string_literal: true

module RubyLLM
  module Native
    module Value
      # A value whose content is its instance variables: equal by content, and Marshal restores it frozen.
      module ByContent
        include Value

        # @return [Boolean] whether it has the same class and content
        def ==(other)
          equal?(other) || (other.instance_of?(self.class) && content == other.content)
        end
        alias_method :eql?, :==

        # @return [Integer]
        def hash
          [self.class, content].hash
        end

        # @api private
        def marshal_dump
          content
        end

        # @api private
        def marshal_load(content)
          content.each { |name, value| instance_variable_set(name, value) }
          freeze
        end

        protected

        def content
          instance_variables.to_h { |name| [name, instance_variable_get(name)] }
        end
      end
    end
  end
end
