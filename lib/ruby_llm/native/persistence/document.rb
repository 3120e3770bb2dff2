# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # The type of `metadata`: JSON on every database, also where the column is a text (MariaDB), and texts that are
      # JSON already.
      class Document < ::ActiveRecord::Type::Json
        # A text that is JSON.
        Ready = Struct.new(:text) do
          # @return [Object] what it says
          def value
            JSON.parse(text, max_nesting: false)
          end
        end

        # @return [Object]
        def cast(value)
          value.is_a?(Ready) ? value : super
        end

        # @return [Object] a text that is not JSON is given as it is: it is not ours to lose
        def deserialize(value)
          found = super
          return found unless found.nil? && value.is_a?(String) && !value.strip.empty?

          JSON.parse(value, max_nesting: false)
        rescue JSON::ParserError
          value
        end

        # @return [String, nil]
        def serialize(value)
          value.is_a?(Ready) ? value.text : super
        end
      end
    end
  end
end
