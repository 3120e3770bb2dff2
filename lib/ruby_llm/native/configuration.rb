# frozen_string_literal: true

require_relative "configuration/shorthands"

module RubyLLM
  module Native
    # Everything the user can set, as plain accessors. Each refresh reads them afresh.
    #
    # The providers' options come from {SOURCES}. Options that only ruby_llm's chats use are accepted and kept for that
    # gem. No key is read from the environment unless `endpoints_from_environment` is called. Setting an option that
    # does not exist raises {UnknownOption}.
    #
    # @example
    #   RubyLLM.configure { |c| c.openai_api_key = ENV["OPENAI_API_KEY"] }
    class Configuration
      # Options of the refresh and of the registry, with their defaults. Times are in seconds.
      REFRESH = {
        refresh_timeout: 60, refresh_request_timeout: 30, refresh_connect_timeout: 5, refresh_retries: 3,
        http_proxy: nil, ca_file: nil, ca_path: nil, models_dev_url: "https://models.dev/api.json", logger: nil,
        refresh_connections: 128, documented_providers: nil, price_files: [].freeze,
        model_registry_file: nil, registry_path: nil, catalog_store: nil, registry_check_interval: 30, offline: false,
        refresh_on_miss: false, refresh_on_miss_interval: 60, allow_real_requests: nil
      }.freeze

      # Options of the lookup, with their defaults.
      LOOKUP = {model_aliases: {}.freeze}.freeze

      # What `endpoint` has defined, by name. Always frozen: a copy of the configuration has the same.
      ENDPOINTS = {defined_endpoints: {}.freeze}.freeze

      # Options of the ruby_llm gem that do not affect a refresh, so that an existing configure block works unchanged.
      CHATS = {
        request_timeout: 300, max_retries: 3, retry_interval: 0.1, retry_backoff_factor: 2,
        retry_interval_randomness: 0.5, retry_max_interval: 30,
        **%i[
          default_model default_embedding_model default_image_model default_moderation_model
          default_transcription_model default_speech_model default_rerank_model
          model_registry_class model_registry_source model_registry_store use_new_acts_as
          log_file log_level log_stream_debug log_regexp_timeout
          faraday_adapter instrumenter deprecation_behavior tool_concurrency
          vertexai_service_account_key azure_deployments bedrock_credential_provider openai_use_system_role
        ].to_h { |name| [name, nil] }
      }.freeze

      SETTINGS = SOURCES.flat_map { |source| source[:settings] }.freeze
      PROVIDERS = SETTINGS.to_h { |setting| [setting[:name].to_sym, nil] }.freeze
      DEFAULTS = {**PROVIDERS, **CHATS, **REFRESH, **LOOKUP, **ENDPOINTS}.freeze
      SECRETS = SETTINGS.select { |setting| setting[:secret] }.map { |setting| setting[:name].to_sym }.freeze
      SECRET_NAMES = /_(id|key|secret|token|credential_provider)\z/
      SECONDS = %i[
        refresh_timeout refresh_request_timeout refresh_connect_timeout refresh_on_miss_interval registry_check_interval
      ].freeze
      WHOLE_NUMBERS = {refresh_retries: 0, refresh_connections: 1}.freeze # and the least of each
      private_constant :REFRESH, :LOOKUP, :ENDPOINTS, :CHATS, :SETTINGS, :PROVIDERS, :DEFAULTS, :SECRETS,
        :SECRET_NAMES, :SECONDS, :WHOLE_NUMBERS

      include Shorthands

      class_eval(DEFAULTS.each_key.map { |name| "def #{name} = @values[:#{name}]" }.join("\n"), __FILE__, __LINE__)
      DEFAULTS.each_key do |name|
        define_method(:"#{name}=") do |value|
          @values[name] = self.class.accept(name, value)
          @version += 1
          value
        end
      end

      # @return [Array<Symbol>] the names of all options
      # @example
      #   RubyLLM::Native::Configuration.options.include?(:openai_api_key)  # => true
      def self.options
        DEFAULTS.keys - ENDPOINTS.keys
      end

      class << self
        # The registry's own options and their defaults, to be added to ruby_llm's configuration where it lacks them.
        #
        # @api private
        # @return [Hash{Symbol => Object}]
        def own_options
          fetched = {bedrock_credential_provider: nil, vertexai_service_account_key: nil}
          {**PROVIDERS, **fetched, **REFRESH, **LOOKUP, **ENDPOINTS}
        end

        # @api private
        # @return [Object] the value as stored: blank text becomes nil, and nil becomes the default of a number
        # @raise [ConfigurationError] when the option cannot have that value
        def accept(name, value)
          value = nil if value.is_a?(String) && value.strip.empty?
          return nil if value.nil? && name == :registry_check_interval # nil turns the check off
          return value.nil? ? DEFAULTS[name] : seconds(name, value) if SECONDS.include?(name)
          return value.nil? ? DEFAULTS[name] : whole_number(name, value) if WHOLE_NUMBERS.key?(name)
          return aliases(value || DEFAULTS[name]) if name == :model_aliases
          return value && providers(value) if name == :documented_providers
          return value.nil? ? DEFAULTS[name] : PriceFiles.accept(value) if name == :price_files
          return value.to_h.freeze if name == :defined_endpoints

          value
        end

        # An option's value for display: secrets are hidden, and addresses lose user, password and query.
        #
        # @api private
        # @param name [Symbol]
        # @return [String]
        def show(name, value)
          return "[hidden]" if SECRETS.include?(name) || name.match?(SECRET_NAMES)
          return value.inspect if name == :price_files
          return "#<#{value.class}>" unless [String, Numeric, Symbol, NilClass].any? { |type| value.is_a?(type) }
          return value.inspect unless value.is_a?(String)

          proxy = name == :http_proxy
          return value.inspect unless proxy || name.match?(Redactor::ADDRESSES)

          Redactor.address(value, proxy: proxy).inspect
        end

        private

        # @return [Hash{String => Array(String, String)}] names to ids and, where given, providers
        def aliases(value)
          aliases = value.to_h { |name, (id, provider)| [-name.to_s, [-id.to_s, provider && -provider.to_s].freeze] }
          aliases.each do |name, (id, _)|
            next unless name.empty? || id.empty?

            raise ConfigurationError, "A model alias needs a name and an id, got #{name.inspect} and #{id.inspect}"
          end
          aliases.freeze
        end

        def seconds(name, value)
          number = Float(value, exception: false)
          return number if number&.positive? && number.finite?

          raise ConfigurationError, "#{name} must be a positive number of seconds, got #{value.inspect}"
        end

        def whole_number(name, value)
          least = WHOLE_NUMBERS[name]
          number = Integer(value, exception: false)
          return number if number && number >= least

          raise ConfigurationError, "#{name} must be a whole number, #{least} or more, got #{value.inspect}"
        end

        # @return [Symbol, Array<String>] :all, or slugs
        def providers(value)
          return :all if value.to_s == "all"

          unless value.is_a?(Array) && value.all? { |name| [String, Symbol].any? { |type| name.is_a?(type) } }
            raise ConfigurationError,
              "documented_providers must be :all, or an Array of providers, got #{value.inspect}"
          end
          value.map { |name| KnownEndpoints.slug(name) }.freeze
        end
      end

      # @api private
      # @return [Credentials] the settings that have to be fetched, with these options
      attr_reader :credentials

      # @api private
      # @return [Configuration, nil] which this one is a copy of
      attr_reader :copied_from

      # @return [Integer] grows whenever an option is set; anything derived from the options holds as long as it stays
      # @example
      #   RubyLLM.config.version  # => 3
      attr_reader :version

      def initialize
        @values = DEFAULTS.dup
        @version = 0
        @credentials = Credentials.new(self)
      end

      # @api private
      # @return [Hash{Symbol => Object}] what differs from the defaults
      def changed
        @values.reject { |name, value| value == DEFAULTS[name] }
      end

      # Shows what differs from the defaults. Secrets show only that they are set.
      #
      # @return [String]
      # @example
      #   RubyLLM.config.inspect
      #   # => "#<RubyLLM::Native::Configuration openai_api_key: [hidden], refresh_timeout: 20.0>"
      def inspect
        parts = shown.map { |name, text| "#{name}: #{text}" }.join(", ")
        "#<#{[self.class.name, parts].reject(&:empty?).join(" ")}>"
      end
      alias_method :to_s, :inspect

      # What {#inspect} shows, as JSON.
      #
      # @return [Hash{String => String}]
      def as_json(*)
        shown.transform_keys(&:to_s)
      end

      # What {#inspect} shows, as YAML that cannot be loaded again.
      #
      # @return [void]
      def encode_with(coder)
        coder.represent_map(nil, as_json)
      end

      # @return [void]
      # @raise [TypeError] always, since it holds credentials
      def marshal_dump
        raise TypeError, "A configuration cannot be marshalled: it holds credentials"
      end

      private

      def shown
        options = changed
        defined = options.delete(:defined_endpoints)
        shown = options.to_h { |name, value| [name, self.class.show(name, value)] }
        defined ? {**shown, endpoints: "[#{defined.keys.join(", ")}]"} : shown
      end

      def initialize_copy(other)
        super
        @copied_from = other
        @values = @values.dup
        @credentials = Credentials.new(self)
      end

      def method_missing(name, *)
        option = name.to_s.delete_suffix("=")
        raise UnknownOption.new("There is no option #{option}. #{instead_of(option)}", name)
      end

      # Known endpoints have no options of their own: who writes `groq_api_key` means that of `config.endpoint :groq`.
      def instead_of(option)
        endpoint, setting = option.match(/\A(.+)_(api_key|api_base|base_url)\z/)&.captures
        if endpoint && KnownEndpoints.find(endpoint)
          setting = setting.sub("api_base", "base_url")
          return "Define an endpoint: config.endpoint #{endpoint.to_sym.inspect}, #{setting}: …"
        end

        likely = Suggestions.spelled(option, self.class.options).first
        likely ? "Did you mean #{likely}?" : "RubyLLM::Native::Configuration.options lists them"
      end

      def respond_to_missing?(*)
        false
      end
    end
  end
end
