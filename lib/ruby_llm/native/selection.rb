# frozen_string_literal: true

module RubyLLM
  module Native
    # Which endpoints a user means who names some: an endpoint of that name that lacks nothing, or else all those
    # of that provider.
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
        slug = KnownEndpoints.slug(name)
        named = [KnownEndpoints.normalise(name), slug].find { |spelled| @endpoints.key?(spelled) }
        return [named] if named && (@endpoints[named].missing.nil? || Plan.transport.stubbed.include?(named))

        # There is always an endpoint of each provider's name: where only others are configured, they are meant.
        others = @endpoints.select { |other, endpoint| endpoint.provider.to_s == slug && other != named }.keys
        others.empty? ? [named].compact : others
      end

      def sentence(unknown)
        text = "Unknown source: #{unknown.join(", ")} (known: #{@endpoints.keys.join(", ")})"
        known = unknown.find { |name| KnownEndpoints.find(name) }
        return "#{text}. Define it with config.endpoint #{known.to_sym.inspect}, api_key: …" if known

        likely = unknown.flat_map { |name| Suggestions.spelled(name, @endpoints.keys).first(1) }
        likely.empty? ? text : "#{text}. Did you mean #{likely.join(", ")}?"
      end
    end
    private_constant :Selection
  end
end
