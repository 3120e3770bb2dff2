# frozen_string_literal: true

module RubyLLM
  module Native
    class Configuration
      # Options set by what is meant. ruby_llm's own configuration gets these methods, too.
      module Shorthands
        # Forbid the network: `refresh!` raises {OfflineError}, and the registry keeps what is stored.
        #
        # @return [void]
        # @example
        #   RubyLLM.configure(&:offline!)
        def offline!
          self.offline = true
        end

        # Give a model a name of your own. It takes precedence over every other meaning of that name. `model_aliases`
        # returns all of them.
        #
        # @param name [String, Symbol]
        # @param id [String, Symbol]
        # @param provider [String, Symbol, nil] the model's provider; nil: the preferred one, or the one asked for
        # @return [void]
        # @raise [ConfigurationError] when a name or an id is empty
        # @example
        #   RubyLLM.configure { |c| c.model_alias "fast", "gpt-4.1-nano" }
        def model_alias(name, id, provider: nil)
          self.model_aliases = model_aliases.merge(name.to_s => [id, provider])
        end

        # Whom to ask, too: a known endpoint by its name, any other server with its address. An option that is nil or
        # blank counts as not given.
        #
        # An endpoint of your own is defined once. One that is known, or named after a provider, may be named again:
        # each call adds to it. In a context, the first call for a name replaces the endpoint that it inherits.
        #
        # @param name [String, Symbol] case, hyphens and dots do not matter
        # @param options [Hash{Symbol => Object}]
        # @option options [String, Symbol] :provider whose models these are: their facts and prices apply; by default a
        #   provider of the endpoint's own name
        # @option options [String, Symbol] :api the provider that has defined how the server speaks: by default that of
        #   the known endpoint or the provider, otherwise OpenAI's
        # @option options [String] :base_url
        # @option options [String] :api_key and whatever else the API takes, without its prefix: `region`,
        #   `ai_auth_token`, …
        # @option options [Hash{String => String}] :headers sent with each request
        # @option options [Hash{String => String}] :query added to each URL
        # @option options [String, false] :proxy false: none
        # @option options [String] :ca_file
        # @option options [Numeric] :request_timeout seconds
        # @option options [Numeric] :connect_timeout seconds
        # @option options [Boolean] :local whether it is on your own machines: `remote_only` leaves it out
        # @option options [Boolean] :optional whether a refresh succeeds without it
        # @return [void]
        # @raise [ConfigurationError] says which option of which endpoint is wrong
        # @example
        #   RubyLLM.configure { |c| c.endpoint :groq, api_key: ENV["GROQ_API_KEY"] }
        def endpoint(name, **options)
          Endpoints.define(self, name, options)
          nil
        end

        # @return [Hash{Symbol => Endpoint}] whom a refresh asks, metadata sources aside: the providers that are
        #   configured and the endpoints that are defined, unless they lack something
        # @example
        #   RubyLLM.config.endpoints.keys  # => [:openai, :groq]
        def endpoints
          Endpoints.configured(self).freeze
        end

        # Define these endpoints, and no others. What the providers' options say stays.
        #
        # @param endpoints [Hash{Symbol => Hash{Symbol => Object}}] names, each with the options of {#endpoint}
        # @raise [ConfigurationError] as {#endpoint}
        # @example
        #   config.ruby_llm_native.endpoints = {groq: {api_key: ENV["GROQ_API_KEY"]}}  # in config/application.rb
        def endpoints=(endpoints)
          unless endpoints.is_a?(Hash) && endpoints.each_value.all?(Hash)
            raise ConfigurationError, "endpoints must be a Hash of names, each with a Hash of options. " \
              "Give {} where there is none: {groq: {}}"
          end

          self.defined_endpoints = {}
          endpoints.each { |name, options| endpoint(name, **options.transform_keys(&:to_sym)) }
        end

        # Define the known endpoints and the providers whose keys are in the environment, but for those that are
        # configured already. Nothing else in this gem reads a key from the environment.
        #
        # A variable that several of them would take, one that is set for other purposes, and endpoints of this machine
        # count only when `only` names the endpoint.
        #
        # @param only [Symbol, String, Array, nil]
        # @param except [Symbol, String, Array, nil]
        # @return [Array<Symbol>] those that are defined now
        # @raise [ConfigurationError] for a name that is not known
        # @example
        #   RubyLLM.configure { |c| c.endpoints_from_environment only: %i[groq together mistral] }
        def endpoints_from_environment(only: nil, except: nil)
          Endpoints.define_from_environment(self, only: only, except: except)
        end
      end
    end
  end
end
