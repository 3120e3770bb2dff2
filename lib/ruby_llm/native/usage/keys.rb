# frozen_string_literal: true

module RubyLLM
  module Native
    class Usage
      # Strings and Symbols as keys of what a provider states: both are read alike.
      #
      # @api private
      module Keys
        DEPTH = 5 # levels of a usage object; none that is known has more than 4
        private_constant :DEPTH

        module_function

        # @param object [Hash]
        # @param key [String]
        # @return [Object, nil]
        def fetch(object, key)
          object.fetch(key) { object.fetch(key.to_sym, nil) }
        end

        # @param object [Object]
        # @return [Object] with Strings as the keys of all Hashes in it that are read
        # @example
        #   Keys.plain({input_tokens: 3})  # => {"input_tokens" => 3}
        def plain(object, depth = DEPTH)
          return object if depth.zero?

          case object
          when Hash
            named = object.each_key.any?(Symbol) ? object.transform_keys { |key| name(key) } : object
            nested?(named.each_value) ? named.transform_values { |value| plain(value, depth - 1) } : named
          when Array then nested?(object) ? object.map { |value| plain(value, depth - 1) } : object
          else object
          end
        end

        def nested?(values)
          values.any? { |value| Hash === value || Array === value }
        end

        def name(key)
          (Symbol === key) ? key.name : key
        end
        private_class_method :nested?, :name
      end
      private_constant :Keys
    end
  end
end
