# frozen_string_literal: true

require "bigdecimal"
require "date"
require "json"

module RubyLLM
  module Native
    # What a Ruby programmer expects of an immutable value: pattern matching, JSON with and without ActiveSupport, and
    # copies that cost nothing.
    #
    # The class defines the constant FACTS: the public methods that are keys for pattern matching.
    #
    # @example
    #   case RubyLLM.models.last_refresh[:openai]
    #   in {status: :failed, http_status: 401} then rotate_key
    #   end
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

      include ToJson

      # @param value [Object]
      # @yieldparam key [Object] of a Hash; the block returns the new key
      # @return [Object] the same value in the types that JSON has
      def self.plain(value, &key)
        case value
        when Symbol then value.to_s
        when Time, Date then value.iso8601
        when BigDecimal then value.to_s("F")
        when Hash then value.to_h { |name, inner| [key ? key.call(name) : name, plain(inner, &key)] }
        when Array then value.map { |inner| plain(inner, &key) }
        when Struct, Value then plain(value.to_h, &key)
        else value
        end
      end

      # @param plain [Hash{String => Object}, Array<Hash>]
      # @return [Hash, Array] with only these keys
      def self.select(plain, only, except)
        return plain.map { |each| select(each, only, except) } if plain.is_a?(Array)

        plain = plain.slice(*only) if only
        except ? plain.except(*except) : plain
      end

      # For `case … in {…}`.
      #
      # @param keys [Array<Symbol>, nil] nil: all
      # @return [Hash{Symbol => Object}]
      def deconstruct_keys(keys)
        facts = self.class::FACTS
        (keys ? facts & keys : facts).to_h { |name| [name, public_send(name)] }
      end

      # A value never changes, so it is its own copy.
      #
      # @return [self]
      def dup
        self
      end

      # @return [self] always frozen
      def clone(freeze: true)
        self
      end

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
