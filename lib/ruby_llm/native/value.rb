# frozen_string_literal: true

require "bigdecimal"
require "date"
require_relative "value/to_json"

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
      include ToJson

      # @api private
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

      # @api private
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
    end
  end
end

require_relative "value/by_content"
