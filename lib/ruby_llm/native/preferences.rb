# frozen_string_literal: true

module RubyLLM
  module Native
    # Which provider's model a name means when several providers have it: those parts of a configuration that a lookup
    # needs. Frozen and shareable; contains no secrets.
    #
    # @example
    #   RubyLLM.models.preferences.order.first  # => "anthropic", if only that is configured
    class Preferences
      include Value::ByContent
      extend FormerNames

      # The keys for pattern matching.
      FACTS = %i[configured order region aliases].freeze

      # The providers that can be configured, in order: those that make models before those that resell them.
      PROVIDERS = Plan::KNOWN.values.reject { |source| source[:catalogue] }.sort_by { |source| source[:preference] }
        .map { |source| source[:slug] }.freeze

      # @return [Array<String>] slugs of the configured providers, in order of preference
      attr_reader :configured

      # @return [Array<String>] slugs of all known providers, configured ones first
      attr_reader :order

      # @return [String, nil] the AWS region from which Bedrock is called
      attr_reader :region

      # @return [Hash{String => Array(String, String)}] the app's own names for models => the id and the provider or nil
      attr_reader :aliases

      # @param configuration [Configuration]
      # @return [Preferences] of the configuration's current values
      # @example
      #   RubyLLM::Native::Preferences.of(RubyLLM.config).configured  # => ["openai"]
      def self.of(configuration)
        defined = configuration.defined_endpoints.empty? ? [] : Endpoints.configured(configuration).values
        configured = PROVIDERS.select { |slug| named?(Plan::KNOWN[slug], configuration) }
        new(
          configured: configured | defined.map { |endpoint| endpoint.provider.to_s },
          region: configuration.bedrock_region || defined.filter_map(&:region).first,
          aliases: configuration.model_aliases
        )
      end

      # Whether the provider's own options configure it. Without this, each new process would make all endpoints.
      def self.named?(source, configuration)
        Plan.missing_setting(source) { |setting|
          configuration.public_send(setting[:name]) || configuration.credentials.supply?(setting[:name])
        }.nil?
      end
      private_class_method :named?

      # @param configured [Array<String, Symbol>] slugs of providers
      # @param region [String, nil]
      # @param aliases [Hash{String => Array(String, String)}]
      def initialize(configured: [], region: nil, aliases: {})
        configured = configured.map(&:to_s)
        @configured = ((PROVIDERS & configured) | configured).map(&:-@).freeze
        @order = (@configured | PROVIDERS).freeze
        @region = region.to_s.empty? ? nil : -region.to_s
        @aliases = Ractor.make_shareable(aliases, copy: true)
        freeze
      end

      # What is actually looked up: an alias of the app's own takes precedence over everything else of that name.
      #
      # @param id [String, Symbol, nil]
      # @param provider [String, Symbol, nil]
      # @return [Array(String, String)] the id, and the provider or nil; frozen for an alias
      # @example
      #   preferences.target("fast", nil)  # => ["gpt-4.1-nano", nil]
      def target(id, provider)
        id = id.to_s
        provider &&= provider.to_s
        target, at = aliases[id]
        return [id, provider] if target.nil? || (at && provider && at != provider)

        [target, at || provider]
      end

      # @return [Boolean]
      # @example
      #   preferences.configured?("openai")  # => true
      def configured?(provider)
        configured.include?(provider.to_s)
      end

      # @return [Hash{Symbol => Object}]
      def to_h
        deconstruct_keys(nil)
      end

      # @return [String]
      def inspect
        parts = {configured: configured.join(", "), region: region.to_s, aliases: aliases.keys.join(", ")}
        parts.reject! { |_, text| text.empty? }
        "#<#{[self.class.name, *parts.map { |name, text| "#{name}: #{text}" }].join(" ")}>"
      end

      # Nothing configured.
      DEFAULT = new
    end
  end
end
