# frozen_string_literal: true

module RubyLLM
  module Native
    # The providers whose models a registry has although no endpoint lists them to it: `config.documented_providers`.
    #
    # @example
    #   DocumentedProviders.of(RubyLLM.config).include?("openai")  # => true
    #
    # @api private
    module DocumentedProviders
      # Those with options of their own.
      DEFAULT = SOURCES.reject { |source| source[:catalogue] }.map { |source| source[:slug].to_s }.sort.freeze

      module_function

      # @param configuration [Configuration]
      # @return [Array<String>, nil] slugs, sorted, the configured providers among them; nil: all
      def of(configuration)
        chosen = configuration.documented_providers || (DEFAULT | BesideRubyLLM.callable)
        (chosen | Preferences.of(configuration).configured).sort unless chosen == :all
      end
    end
    private_constant :DocumentedProviders
  end
end
