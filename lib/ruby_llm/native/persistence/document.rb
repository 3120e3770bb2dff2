# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # The type of `metadata`: JSON on every database, also where the column is a text (MariaDB), and texts that are JSON already.
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

        # @return [String, nil]
        def serialize(value)
          value.is_a?(Ready) ? value.text : super
        end
      end
    end
  end
end
