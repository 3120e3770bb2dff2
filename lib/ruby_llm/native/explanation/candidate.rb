# frozen_string_literal: true

require_relative "../value"

module RubyLLM
  module Native
    class Explanation
      # A model that matches the name.
      #
      # `how` is :exact, :profile (Bedrock's inference profile for the region), :stated (a source states that both ids
      # are the same model), :snapshot (the newest dated id), :namespace (short for its id) or :variant (OpenRouter's id
      # without the suffix).
      Candidate = Struct.new(:model, :how, :configured, :reason) do
        include Value::ToJson

        # @return [Boolean] whether its provider is configured
        def configured?
          configured
        end
      end
    end
  end
end
