# frozen_string_literal: true

module RubyLLM
  module Native
    class Endpoint
      # What `config.endpoint` says of one endpoint, checked. Immutable.
      #
      # An endpoint that is named after a provider has that provider's options, such as `openai_api_key`: they are in
      # the configuration, not here.
      #
      # @api private
      class Definition
        # The APIs, by slug: the sources that can be asked and list models.
        APIS = Plan::KNOWN.reject { |_, source| source[:catalogue] }.freeze
        DEFAULT_API = APIS.each_key.first # which most servers speak

        # The option of an endpoint that says how settings are fetched, by their supplier.
        SUPPLIES = {aws_credentials: :credential_provider, google_token: :service_account_key}.freeze
        NONE = {}.freeze
        private_constant :DEFAULT_API, :SUPPLIES, :NONE

        class << self
          # @param name [String]
          # @return [Definition] of one of which nothing is said; the same object for a source
          def bare(name)
            SOURCES_ALONE[name] || new(name: name)
          end

          # @param name [String, Symbol]
          # @param options [Hash{Symbol => Object}] of `config.endpoint`
          # @param owner [Integer, nil] the object_id of the configuration that is told
          # @param place [String, nil] where in the program
          # @return [Definition]
          # @raise [ConfigurationError] says which option of which endpoint is wrong, and no credential
          def read(name, options, owner: nil, place: nil)
            name = Names.read(name)
            said = {
              provider: Names.provider(name, options[:provider]), api: Names.api(name, options[:api])
            }.compact
            definition = new(name: name, options: said, owner: owner, place: place)
            options = Options.new(definition).read(options.except(:provider, :api))
            definition.with(said.merge(options)).placed
          end
        end

        # @return [String]
        attr_reader :name, :provider, :api

        # @return [Hash{Symbol => Object}] frozen; those that are not given are missing
        attr_reader :options

        # @return [Integer, nil] the object_id of the configuration that was told; its copies inherit it
        attr_reader :owner

        # @return [String, nil] where it was first defined, "path:line"
        attr_reader :place

        # @param name [String]
        # @param options [Hash{Symbol => Object}] checked
        def initialize(name:, options: {}.freeze, owner: nil, place: nil)
          @name = -name
          @options = options.freeze
          @provider = -(options[:provider] || name)
          @known = known unless Plan::KNOWN.key?(@provider)
          @api = -(options[:api] || (APIS.key?(@provider) ? @provider : @known&.api || DEFAULT_API))
          @api = name if Plan::KNOWN.key?(name)
          @owner = owner
          @place = place
          freeze
        end

        # @param owner [Integer]
        # @return [Definition] the same, of another configuration
        def owned_by(owner)
          self.class.new(name: name, options: options, owner: owner, place: place)
        end

        # @param options [Hash{Symbol => Object}]
        # @return [Definition] with these instead
        def with(options)
          self.class.new(name: name, options: options, owner: owner, place: place)
        end

        # @return [Hash] one of {SOURCES}
        def source
          Plan::KNOWN[api]
        end

        # @return [Boolean] whether it is named after a provider, whose options are its own
        def builtin?
          name == api
        end

        # @return [Boolean] whether it is neither named after a provider nor a known one
        def own?
          !builtin? && (@known.nil? || provider != name)
        end

        # @return [Array<Symbol>] the options that only endpoints with this API or this base URL have
        def special_options
          provider_options.keys - [:base_url] + variables
        end

        # @return [self]
        # @raise [ConfigurationError] when nobody can say where it is
        def placed
          if options[:query] && options[:base_url].nil? && source[:regional_host]
            raise ConfigurationError, "endpoint #{name}: query needs a base_url. Give both"
          end
          at_provider = provider == api && source[:base_url]
          return self if builtin? || options.key?(:base_url) || known_address || missing_place || at_provider

          likely = KnownEndpoints.suggestions(name).first if provider == name
          hint = ". Did you mean #{likely}?" if likely
          raise ConfigurationError,
            "endpoint #{name}: base_url must be given, since no address of #{provider} is known#{hint}"
        end

        # What an endpoint that is named after a provider says by that provider's options.
        #
        # @return [Hash{Symbol => Object}] options of the configuration
        def assignments
          provider_options.filter_map { |option, name| [name, options[option]] unless options[option].nil? }.to_h
        end

        # @return [Array<Symbol>] the options of the configuration that are the provider's, whose API this is
        def configured_by
          provider_options.values
        end

        # @return [Definition] without what {#assignments} says. A base URL that is blank says nothing there, and stays
        def without_assignments
          with(options.slice(*Options::COMMON).reject { |option, value| option == :base_url && value })
        end

        # What this definition and a later one say together.
        #
        # @param other [Definition] of the same name
        # @return [Definition]
        # @raise [ConfigurationError] when an option is given twice, with different values
        def +(other)
          return self if options == other.options
          raise ConfigurationError, "endpoint #{name} is defined#{earlier}. Define it once" if own?

          with(options.merge(other.options) { |option, old, new| unite(option, old, new) })
        end

        # @param configuration [Configuration]
        # @return [Hash{String => String}] settings of the API
        def settings(configuration)
          settings = NONE # as of most, of which each refresh asks
          source[:settings].each do |setting|
            value = value(setting, configuration) unless setting[:base_url]
            settings = {**settings, setting[:name].name => value} if value
          end
          settings
        end

        # @param configuration [Configuration]
        # @return [String, nil] the base URL; nil: the API's own
        def address(configuration)
          return options[:base_url] || known_address unless builtin?

          setting = source[:settings].find { |each| each[:base_url] && value(each, configuration) }
          setting && value(setting, configuration)
        end

        # @param configuration [Configuration]
        # @return [Object, nil] what fetches settings
        def supply(configuration)
          option = supply_option or return

          builtin? ? configuration.public_send(option) : options[option.to_sym]
        end

        # @return [String, nil] the option that says what
        def supply_option
          option = SUPPLIES[source[:supplier]] and (builtin? ? "#{api}_#{option}" : option.to_s)
        end

        # @param configuration [Configuration]
        # @return [Symbol, nil] the first option that it still lacks: of the configuration if it is named after a
        #   provider, otherwise its own
        def missing(configuration)
          return missing_place unless builtin? || missing_place.nil?
          return provider_options[:base_url] if builtin? && options.key?(:base_url) && address(configuration).nil?

          supplied = supply(configuration)
          keyless = keyless?(configuration)
          lacking = Plan.missing_setting(source) do |setting|
            (setting[:supplied] ? supplied : keyless && setting[:secret]) || value(setting, configuration)
          end
          (lacking && !builtin?) ? short({name: lacking}) : lacking
        end

        # @return [Boolean, nil] whether it is on the user's own machines; nil: as its API has it
        def local
          options.fetch(:local) { true if @known&.local? && !options.key?(:base_url) }
        end

        # @return [Array<String>] its credentials
        def secrets
          secret = source[:settings].select { |setting| setting[:secret] }.map { |setting| short(setting) }
          texts = options.values_at(*secret, *SUPPLIES[source[:supplier]]).grep(String)
          [*options.values_at(:headers, :query).compact.flat_map(&:values), *texts]
        end

        # @return [Array<String>] its addresses, which may hold credentials
        def addresses
          options.values_at(:base_url).compact
        end

        # @return [String, nil] its proxy, which may hold credentials
        def proxy
          options[:proxy] || nil
        end

        # Shows no option.
        #
        # @return [String]
        def inspect
          "#<#{self.class.name} #{name}>"
        end

        # @return [String]
        def as_json(*)
          name
        end

        # @return [void]
        def encode_with(coder)
          coder.represent_scalar(nil, name)
        end

        # @return [void]
        # @raise [TypeError] always, since it holds credentials
        def marshal_dump
          raise TypeError, "An endpoint cannot be marshalled: it holds credentials"
        end

        private

        # {api_key: :openai_api_key, …}
        def provider_options
          named = source[:settings].to_h { |setting| [setting[:base_url] ? :base_url : short(setting), setting[:name]] }
          supply = SUPPLIES[source[:supplier]]
          supply ? {**named, supply => :"#{api}_#{supply}"} : named
        end

        # "api_key" of "openai_api_key"
        def short(setting)
          setting[:name].to_s.delete_prefix("#{api}_").to_sym
        end

        def value(setting, configuration)
          return configuration.public_send(setting[:name])&.to_s if builtin?
          return address(configuration) if setting[:base_url]

          options[short(setting)] || option_of_chats(setting, configuration)
        end

        # What ruby_llm's provider of that name sends, which another gem or the program has added.
        def option_of_chats(setting, configuration)
          option = :"#{name}_#{short(setting)}"
          return unless name == provider && setting[:secret] && configuration.respond_to?(option)

          configuration.public_send(option)&.to_s
        end

        # A provider that ruby_llm can call is asked where its chats go.
        def known
          BesideRubyLLM.known_endpoint(@provider) || KnownEndpoints.find(@provider)
        end

        # The options that stand for the variables of the known base URL.
        def variables
          (@known&.variables || []).map { |variable| variable.downcase.to_sym }
        end

        # A base URL of its own replaces the known one. One that is given and blank is one that was to be set.
        def missing_place
          return (:base_url unless options[:base_url]) if options.key?(:base_url)

          variables.find { |variable| options[variable].nil? }
        end

        def known_address
          KnownEndpoints.expand(@known.base_url, options, name: name) if @known&.base_url && missing_place.nil?
        end

        # Whether it may do without the key that the API's own provider wants: a server elsewhere may need none, or
        # another one, in a header.
        def keyless?(configuration)
          elsewhere = address(configuration)
          gateway = options.key?(:headers) || options.key?(:query)
          return elsewhere && gateway if builtin?

          local || (options[:base_url] && (source[:base_url] || gateway))
        end

        def unite(option, old, new)
          return old.nil? ? new : old if old.nil? || new.nil? || old == new
          return old.merge(new) { |name, *both| unite("#{option} #{name}", *both) }.freeze if old.is_a?(Hash)

          raise ConfigurationError,
            "endpoint #{name}: #{option} was given another value#{earlier}. Give it once"
        end

        def earlier
          " at #{place}" if place
        end

        # Those of the sources, of which mostly nothing is said, and which each refresh looks at.
        SOURCES_ALONE = Plan::KNOWN.keys.to_h { |name| [name, new(name: name)] }.freeze
        private_constant :SOURCES_ALONE
      end
    end
  end
end
