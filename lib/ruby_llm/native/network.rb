# frozen_string_literal: true

module RubyLLM
  module Native
    # How endpoints are asked: over the network, and what they answer may be stored. Testing replaces this by
    # {Testing::Answers}, which answer the same questions.
    #
    # @example
    #   Plan.transport.for(endpoint, configured: true)  # => nil: over the network
    #
    # @api private
    module Network
      module_function

      # @return [Array<String>] the names of endpoints that are asked although they may not be defined
      def stubbed
        []
      end

      # @param endpoint [Endpoint]
      # @param configured [Boolean] whether it would be asked anyway
      # @return [MemoryTransport, nil] what answers in place of the network
      def for(endpoint, configured:)
        nil
      end

      # @param endpoint [Endpoint]
      # @param configuration [Configuration]
      # @return [String, nil] why it must not be asked over the network; nil when it may be
      def refusal(endpoint, configuration)
        RequestGuard.new(configuration).refusal(endpoint)
      end

      # @return [Boolean] whether registries are read from their storage, and stored
      def stored?
        true
      end
    end
    private_constant :Network
  end
end
