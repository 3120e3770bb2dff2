# frozen_string_literal: true

module RubyLLM
  module Native
    # The endpoints that the gem knows by name: the API that each speaks, its base URL, and the variables of the
    # environment that hold its key. The providers that the gem asks by options of their own are among them.
    #
    # What is known stands in two files, which are read when somebody names an endpoint for the first time:
    # `generated.json` is written by `rake endpoints:update` from a document of models.dev, `by_hand.json` has what that
    # document does not state.
    #
    # @example
    #   KnownEndpoints.find("Fireworks").base_url  # => "https://api.fireworks.ai/inference/v1"
    #
    # @api private
    module KnownEndpoints
      # Where another Ractor than the main one keeps what it has read, since it cannot change this module.
      OTHERS = :ruby_llm_native_known_endpoints
      PROVIDERS = Ractor.make_shareable(SOURCES.reject { |source| source[:catalogue] }.to_h { |source|
        [source[:slug], source]
      })
      private_constant :OTHERS, :PROVIDERS

      module_function

      # @param name [String, Symbol] in any spelling, or an alias
      # @return [Endpoint, nil]
      def find(name)
        index[normalise(name)]
      end

      # @param name [String, Symbol]
      # @return [String] the one slug for all spellings and aliases of a name; of an unknown name, its usual spelling
      # @example
      #   KnownEndpoints.slug(:together)    # => "togetherai"
      #   KnownEndpoints.slug("My-Server")  # => "my_server"
      def slug(name)
        spelled = normalise(name)
        return spelled if PROVIDERS.key?(spelled)

        index[spelled]&.slug || spelled
      end

      # @param name [String, Symbol]
      # @return [Array<String>] the providers that a user may mean by it: one that is spelled so, as a registry file may
      #   have it, and the one of this {#slug}
      def spellings(name)
        [name.to_s, slug(name)].uniq
      end

      # @yieldparam endpoint [Endpoint] in the order of their slugs
      # @return [Enumerator] without a block
      def each(&block)
        index.endpoints.each(&block)
      end

      # @return [Array<String>] at most three names that are spelled like it, the nearest first
      def suggestions(name)
        index.suggestions(normalise(name))
      end

      # Fill the variables of a base URL. Nothing is read from the environment.
      #
      # @param base_url [String] such as "https://${DATABRICKS_HOST}/ai-gateway/mlflow/v1"
      # @param settings [Hash{Symbol => Object}] by the variables' names in lower case: databricks_host
      # @param name [String, Symbol] the endpoint's, for the error
      # @return [String]
      # @raise [ConfigurationError] when a variable has no value, or one that cannot stand there
      def expand(base_url, settings, name:)
        BaseURL.expand(base_url, settings, name: name)
      end

      # The settings of the endpoints whose key is in the environment.
      #
      # A key that several endpoints would take, one that is set for other purposes, and endpoints of this machine count
      # only when `only` names the endpoint.
      #
      # @param env [#[]] ENV, or a Hash
      # @param only [Symbol, String, Array, nil] these endpoints; those without a key are left out
      # @param except [Symbol, String, Array, nil] all but these
      # @return [Hash{String => Hash{Symbol => String}}] by slug: the options of `config.endpoint`, api_key and the
      #   variables of the base URL; of a provider, the gem's own options, such as mistral_api_key
      # @raise [ConfigurationError] for a name that is not known
      def in_environment(env, only: nil, except: nil)
        Environment.new(index, env).settings(only: only, except: except)
      end

      # @return [String] frozen; hyphens, dots and blanks are underscores
      def normalise(name)
        -name.to_s.strip.downcase.tr("-. ", "_")
      end

      def index
        return @index ||= Index.shipped if Ractor.current == Ractor.main

        @index || (Ractor.current[OTHERS] ||= Index.shipped)
      end
      private_class_method :index
    end
    private_constant :KnownEndpoints
  end
end

require_relative "known_endpoints/base_url"
require_relative "known_endpoints/endpoint"
require_relative "known_endpoints/environment"
require_relative "known_endpoints/index"
