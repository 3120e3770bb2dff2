# frozen_string_literal: true

require "bigdecimal"
require "date"
require "json"

module RubyLLM
  module Native
    # What a Ruby programmer expects of an immutable value: pattern matching, JSON with and without ActiveSupport,
    # copies that cost nothing.
    #
    # The class has the constant FACTS: the public methods that pattern matching may ask for.
    #
    # @example
    #   case RubyLLM.models.last_refresh[:openai]
    #   in {status: :failed, http_status: 401} then rotate_key
    #   end
    module Value
      # JSON of what has a `to_h`, with and without ActiveSupport.
      module ToJson
        # @param options [Hash, nil] `only` and `except`: names of the facts to keep or to leave out
        # @return [Object] texts, numbers, booleans, nil, Arrays and Hashes of texts only: times as ISO 8601, amounts
        #   of money as exact texts
        # @example
        #   model.as_json(only: %i[id name])  # => {"id" => "gpt-4.1", "name" => "GPT-4.1"}
        def as_json(options = nil)
          only, except = [:only, :except].map { |name| options && options[name] && Array(options[name]).map(&:to_s) }
          Value.select(Value.plain(json_facts, &:to_s), only, except)
        end

        # @param options [Hash, JSON::State, nil] those of {#as_json}, and those of JSON
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
      # @yieldparam key [Object] of a Hash; what it gives is the new one
      # @return [Object] the same in the types that JSON has
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
      # @return [Hash, Array] with these keys alone
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

      # It never changes, so a copy would be no other.
      #
      # @return [self]
      def dup
        self
      end

      # @return [self] frozen, whatever is asked for
      def clone(freeze: true)
        self
      end

      # A value whose content is its instance variables: equal by it, and Marshal restores it frozen.
      module ByContent
        include Value

        # @return [Boolean] whether it is of the same class and says the same
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
