# frozen_string_literal: true

require_relative "value"

module RubyLLM
  module Native
    # A model's input and output modalities.
    #
    # @example
    #   model.modalities.to_h  # => {input: ["text", "image"], output: ["text"]}
    class Modalities
      include Value::ByContent

      # The keys for pattern matching.
      FACTS = %i[input output].freeze

      # @return [Array<String>]
      attr_reader :input, :output

      def initialize(input, output)
        @input = input
        @output = output
        freeze
      end

      # @return [Hash{Symbol => Array<String>}]
      def to_h
        {input: input, output: output}
      end

      # @return [String] one line
      def inspect
        "#<#{self.class.name} #{input.join(", ")} -> #{output.join(", ")}>"
      end
    end
  end
end
