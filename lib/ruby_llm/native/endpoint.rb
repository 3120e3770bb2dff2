# frozen_string_literal: true

require_relative "value"

module RubyLLM
  module Native
    # Who is asked: a name, the API that it speaks, where it is, and the provider whose models it lists. Immutable, and
    # says nothing secret.
    #
    # @example
    #   RubyLLM.config.endpoints[:groq].base_url  # => "https://api.groq.com/openai/v1"
    class Endpoint
      include Value

      # The keys for pattern matching.
      FACTS = %i[name provider api base_url].freeze

      # What of its options a request is made with as it stands.
      PASSED = %i[headers ca_file request_timeout connect_timeout].freeze
      NONE = {}.freeze
      private_constant :PASSED, :NONE

      # @return [Symbol]
      attr_reader :name

      # @return [Symbol] the slug of the provider whose models these are
      attr_reader :provider

      # @return [Symbol] the provider that has defined the API
      attr_reader :api

      # @return [String, nil] without login and query; nil: where it is depends on a setting
      def base_url
        address = @address || (source[:base_url] unless source[:regional_host])
        address && -Redactor.address(address)
      end

      # @api private
      # @return [Symbol, nil] the first option that it still lacks; nil when it is configured
      attr_reader :missing

      # @api private
      # @param definition [Definition]
      # @param configuration [Configuration] has the settings of the endpoints that are named after a provider
      def initialize(definition, configuration)
        @definition = definition
        @name = definition.name.to_sym
        @provider = definition.provider.to_sym
        @api = definition.api.to_sym
        @settings = definition.settings(configuration)
        @address = definition.address(configuration)
        @supply = definition.supply(configuration)
        @missing = definition.missing(configuration)
        freeze
      end

      # @return [Boolean] whether it is on the user's own machines, so that `remote_only` leaves it out
      def local?
        local = @definition.local
        local.nil? ? source[:local] : local
      end

      # @return [Boolean] whether a refresh is a success although it fails
      def optional?
        @definition.options[:optional] || false
      end

      # @return [Hash{Symbol => Object}]
      # @example
      #   RubyLLM.config.endpoints[:groq].to_h  # => {name: :groq, provider: :groq, api: :openai, …}
      def to_h
        {**deconstruct_keys(nil), local: local?, optional: optional?}
      end

      # @return [String]
      def inspect
        "#<#{[self.class.name, "#{name}:", provider, "at", base_url || api].join(" ")}>"
      end

      # @api private
      # @return [Hash] one of {SOURCES}: how its API speaks
      def source
        @definition.source
      end

      # @api private
      # @return [String] its name for people
      def title
        (source[:name] if source[:slug] == name.to_s) || KnownEndpoints.find(name)&.name || name.to_s
      end

      # @api private
      # @return [Object, nil] what fetches its credentials
      attr_reader :supply

      # @api private
      # @return [String] the option that says what fetches its credentials
      def supply_option
        @definition.supply_option
      end

      # @api private
      # @param name [String] "openai_api_key"
      # @return [String, nil]
      def setting(name)
        @settings[name]
      end

      # @api private
      # @return [Boolean] whether what could be fetched is not needed, because a setting stands for it
      def supplied_otherwise?
        source[:settings].any? { |each| each[:instead] && setting(each[:name].to_s) }
      end

      # @api private
      # @return [String, nil] the region of an API in which ids depend on it
      def region
        setting("#{api}_region") if source[:regional_ids]
      end

      # @api private
      # @return [Array<String, nil>] a URL on each host that is asked; nil for a host that depends on a setting
      def hosts
        by_default = source[:base_url] unless source[:regional_host]
        others = source[:settings].select { |each| !each[:base_url] && each[:name].end_with?("_api_base") }
        [@address, *others.map { |each| setting(each[:name].to_s) }].map { |url| url || by_default }
      end

      # What a request to it needs: the keywords of Run.open, but for its sheet and its transport. What is as the API
      # has it is left out.
      #
      # @api private
      # @param proxies [Proxies] of the configuration
      # @param found [Hash{String => String, nil}] the settings that were fetched
      # @return [Hash{Symbol => Object}]
      def request(proxies, found)
        options = @definition.options
        named_after_api = name == api && provider == api
        {
          **(named_after_api ? {} : {api: api.to_s, provider: provider.to_s}),
          base_url: with_query(@address), settings: @settings.merge(found).compact, proxy: proxy(proxies),
          **options.slice(*PASSED), **{local: @definition.local}.compact
        }
      end

      # What reports say of it beyond its name.
      #
      # @api private
      # @return [Hash{Symbol => Object}] facts of an {Outcome}
      def marks
        return NONE if provider == name && !optional?

        {provider: (provider unless provider == name), optional: optional? || nil}.compact
      end

      # @return [void]
      # @raise [TypeError] always, since it holds credentials
      def marshal_dump
        raise TypeError, "An endpoint cannot be marshalled: it holds credentials"
      end

      # What {#to_h} says, as YAML that cannot be loaded again.
      #
      # @return [void]
      def encode_with(coder)
        coder.represent_map(nil, as_json)
      end

      private

      # The core moves the query of a base URL behind each path.
      def with_query(address)
        query = @definition.options[:query] or return address

        require "uri" # which few need
        address = (address || source[:base_url])[/[^#]*/]
        "#{address}#{address.include?("?") ? "&" : "?"}#{URI.encode_www_form(query)}"
      end

      # One of its own is used as it is said, whatever NO_PROXY says.
      def proxy(proxies)
        own = @definition.options[:proxy]
        own.nil? ? proxies.for(@address || source[:base_url]) : (own || nil)
      end
    end
  end
end

require_relative "endpoint/names"
require_relative "endpoint/options"
require_relative "endpoint/definition"
