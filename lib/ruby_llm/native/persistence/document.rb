# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # The type of `metadata`: JSON on every database, even in a text column (MariaDB), and also text that is JSON
      # already.
      #
      # @api private
      class Document < ::ActiveRecord::Type::Json
        # Text that is JSON already.
        Ready = Struct.new(:text) do
          # @return [Object] the parsed JSON
          def value
            JSON.parse(text, max_nesting: false)
          end
        end

        # @return [Object]
        def cast(value)
          value.is_a?(Ready) ? value : super
        end

        # @return [Object] text that is not JSON is returned as it is, so that it is not lost
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
