# frozen_string_literal: true

module RubyLLM
  module Native
    class Diff
      # A model that is in both registries.
      #
      # @!attribute [r] before
      #   @return [Model]
      # @!attribute [r] after
      #   @return [Model]
      # @!attribute [r] fields
      #   @return [Hash{Symbol => Array(Object, Object)}] the old and the new value of each of {FIELDS} that differs
      Change = Struct.new(:before, :after, :fields, keyword_init: true) do
        include Value::ToJson
      end
    end
  end
end
