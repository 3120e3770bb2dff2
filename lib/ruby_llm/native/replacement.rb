# frozen_string_literal: true

require_relative "value"

module RubyLLM
  module Native
    # A model that a source names in place of another. Frozen.
    #
    # A :successor is what its maker recommends from now on. A :fallback may answer a single request that the model
    # itself declines.
    #
    # @example
    #   model.replacements.first.to_h  # => {id: "gpt-5.4", kind: :successor, provider: "openai"}
    Replacement = Struct.new(:id, :kind, :provider, keyword_init: true) do
      include Value::ToJson

      # @!attribute [r] id
      #   @return [String] as the source spells it; {View#find} finds it if the registry knows it
      # @!attribute [r] kind
      #   @return [Symbol] :successor or :fallback
      # @!attribute [r] provider
      #   @return [String] the slug
    end
  end
end
