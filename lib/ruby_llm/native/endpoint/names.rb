# frozen_string_literal: true

module RubyLLM
  module Native
    class Endpoint
      # Reads the names that a user gives: of an endpoint, of its provider, of its API.
      #
      # @api private
      module Names
        # As long as the core keeps.
        VALID = /\A[a-z0-9]\w{0,63}\z/

        METADATA_SOURCES = SOURCES.select { |source| source[:catalogue] }.map { |source| source[:slug] }.freeze

        # What else these words mean where names of endpoints stand.
        TAKEN = {
          "a word for where a fact comes from" => %w[alias id builtin override],
          "a part of every export" => %w[catalog format],
          "the name of a metadata source" => METADATA_SOURCES
        }.freeze
        private_constant :VALID, :METADATA_SOURCES, :TAKEN

        module_function

        # @param name [String, Symbol] in any spelling, or an alias
        # @return [String] as everything here has it
        # @raise [ConfigurationError] when it cannot be a name
        def read(name)
          slug = KnownEndpoints.slug(name)
          unless slug.match?(VALID)
            raise ConfigurationError,
              "The name of an endpoint must have up to 64 letters, digits and underscores, got #{name.inspect}"
          end
          taken, = TAKEN.find { |_, words| words.include?(slug) }
          return slug unless taken

          raise ConfigurationError, "endpoint #{slug}: this is #{taken}. Choose another one"
        end

        # @param name [String] of the endpoint
        # @param given [String, Symbol, nil]
        # @return [String, nil] nil: that of the endpoint's name
        # @raise [ConfigurationError]
        def provider(name, given)
          return if given.to_s.strip.empty?

          provider = read(given)
          fixed = KnownEndpoints.find(name)
          return provider if fixed.nil? || provider == name

          raise ConfigurationError, "endpoint #{name}: provider must be #{name}, got #{provider}. Choose another name"
        end

        # @param name [String] of the endpoint
        # @param given [String, Symbol, nil]
        # @return [String, nil] nil: that of the provider
        # @raise [ConfigurationError]
        def api(name, given)
          return if given.to_s.strip.empty?

          apis = Definition::APIS
          api = KnownEndpoints.slug(given)
          raise ConfigurationError, "endpoint #{name}: #{unknown_api(given, apis.keys)}" unless apis.key?(api)
          return api if api == name || !apis.key?(name)

          raise ConfigurationError, "endpoint #{name}: api must be #{name}, got #{api}. Choose another name"
        end

        def unknown_api(given, apis)
          likely = Suggestions.spelled(given.to_s, apis).first
          "there is no API #{given}. #{"Did you mean #{likely}? " if likely}The APIs are #{apis.join(", ")}"
        end
        private_class_method :unknown_api
      end
      private_constant :Names
    end
  end
end
