# frozen_string_literal: true

module RubyLLM
  module Native
    # How sources are asked: over the network, and what they answer may be stored. Testing replaces this by
    # {Testing::Answers}, which answer the same questions.
    #
    # @example
    #   Plan.transport.for("openai", configured: true)  # => nil: over the network
    #
    # @api private
    module Network
      module_function

      # @param slug [String] of a source
      # @param configured [Boolean] whether the source would be asked anyway
      # @return [MemoryTransport, nil] what answers in place of the network
      def for(slug, configured:)
        nil
      end

      # @param source [Hash] one of {SOURCES}
      # @param configuration [Configuration]
      # @return [String, nil] why the source must not be asked over the network; nil when it may be
      def refusal(source, configuration)
        RequestGuard.new(configuration).refusal(source)
      end

      # @return [Boolean] whether registries are read from their storage, and stored
      def stored?
        true
      end
    end
    private_constant :Network
  end
end
