# frozen_string_literal: true

module RubyLLM
  module Native
    # Which endpoints a user means who names some: an endpoint of that name, or else all those of that provider.
    #
    # @api private
    class Selection
      # @param configuration [Configuration]
      # @return [Selection] among what a refresh would ask
      def self.of(configuration)
        new(Endpoints.of(configuration, Plan.transport.stubbed))
      end

      # @param endpoints [Hash{String => Endpoint}] those that there are, by name
      def initialize(endpoints)
        @endpoints = endpoints
      end

      # @param only [Symbol, String, Array] as the user names them, in any spelling
      # @return [Array<String>]
      # @raise [ArgumentError] for a name that no endpoint and no provider has
      def names(only)
        found = Array(only).to_h { |name| [name.to_s, of(name)] }
        unknown = found.select { |_, names| names.empty? }.keys
        raise ArgumentError, sentence(unknown) if unknown.any?

        found.values.flatten.uniq
      end

      private

      def of(name)
        usual = KnownEndpoints.normalise(name)
        return [usual] if @endpoints.key?(usual)

        slug = KnownEndpoints.slug(name)
        @endpoints.key?(slug) ? [slug] : @endpoints.select { |_, endpoint| endpoint.provider.to_s == slug }.keys
      end

      def sentence(unknown)
        known = unknown.find { |name| KnownEndpoints.find(name) }
        text = "Unknown source: #{unknown.join(", ")} (known: #{@endpoints.keys.join(", ")})"
        known ? "#{text}. Define it with config.endpoint #{known.to_sym.inspect}, api_key: …" : text
      end
    end
    private_constant :Selection
  end
end
