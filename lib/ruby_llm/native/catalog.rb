# frozen_string_literal: true

require_relative "value"

module RubyLLM
  module Native
    # All models as one immutable block of bytes, the same in memory, in a file and in a column. {View} and {Model} read
    # it.
    #
    # @example
    #   RubyLLM.models.catalog == Marshal.load(Marshal.dump(RubyLLM.models.catalog))  # => true
    class Catalog
      include Value

      # The keys for pattern matching.
      FACTS = %i[size bytesize content_hash].freeze

      # @return [Boolean] whether it is a catalog with the same models
      def ==(other)
        equal?(other) || (other.is_a?(Catalog) && content_hash == other.content_hash)
      end
      alias_method :eql?, :==

      # @return [Integer]
      def hash
        content_hash.hash
      end

      # @return [Hash{Symbol => Object}]
      def to_h
        deconstruct_keys(nil)
      end

      # @api private
      def _dump(_level)
        bytes
      end

      # @api private
      def self._load(bytes)
        load(bytes)
      end
    end
  end
end
