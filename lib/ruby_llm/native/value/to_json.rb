# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    module Value
      # JSON for anything with a `to_h`, with and without ActiveSupport.
      module ToJson
        # @param options [Hash, nil] `only` and `except`: names of the facts to keep or to leave out
        # @return [Object] only strings, numbers, booleans, nil, and Arrays and Hashes of these: times as ISO 8601,
        #   amounts of money as exact strings
        # @example
        #   model.as_json(only: %i[id name])  # => {"id" => "gpt-4.1", "name" => "GPT-4.1"}
        def as_json(options = nil)
          only, except = [:only, :except].map { |name| options && options[name] && Array(options[name]).map(&:to_s) }
          Value.select(Value.plain(json_facts, &:to_s), only, except)
        end

        # @param options [Hash, JSON::State, nil] options of {#as_json} and of JSON
        # @return [String]
        def to_json(options = nil, *)
          return as_json.to_json(*options) unless options.is_a?(Hash)

          as_json(options).to_json(options.except(:only, :except))
        end

        private

        def json_facts
          to_h
        end
      end
    end
  end
end
