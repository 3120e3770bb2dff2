# frozen_string_literal: true

module RubyLLM
  module Native
    module KnownEndpoints
      # What is known of one endpoint. Frozen, and shared by all Ractors.
      #
      # `api` is the slug of the provider whose API it speaks. `settings` has what the environment can set: options, and
      # the texts with variables that give their values, the best first. `required` has the options without which it
      # cannot be asked; of those in one Array, one is enough. `source` is the page that states its base URL, if
      # models.dev does not.
      #
      # @api private
      Endpoint = Struct.new(
        :slug, :name, :api, :base_url, :key_variables, :settings, :required, :source, :built_in, keyword_init: true
      ) do
        # @param row [Hash{String => Object}] one of a file: slug, name, api, base_url, keys, and source
        # @return [Endpoint]
        def self.known(row)
          slug, name, api, base_url, source, keys = row.values_at(*%w[slug name api base_url source keys])
          settings = {api_key: keys.map { |key| "${#{key}}" }}
          BaseURL.variables(base_url).each { |variable| settings[BaseURL.option(variable)] = ["${#{variable}}"] }
          new(slug: slug, name: name, api: api, base_url: base_url, source: source, key_variables: keys,
            settings: settings, required: settings.keys.zip, built_in: false)
        end

        # @param provider [Hash{Symbol => Object}] one of {SOURCES}
        # @param settings [Hash{String => Array<String>}] options, and the texts that give their values
        # @return [Endpoint]
        def self.built_in(provider, settings)
          options, slug = provider.values_at(:settings, :slug)
          secrets = options.select { |option| option[:secret] }.map { |option| option[:name].to_s }
          either = options.select { |option| option[:either] }.map { |option| option[:name] }
          instead = options.select { |option| option[:instead] }.map { |option| option[:name] }
          required = options.select { |option| option[:required] }
            .map { |option| [option[:name], *(instead if option[:supplied])] }
          new(slug: slug, name: provider[:name], api: slug, base_url: provider[:base_url],
            key_variables: settings.slice(*secrets).values.flatten.flat_map { |text| BaseURL.variables(text) },
            settings: settings.transform_keys(&:to_sym), required: either.empty? ? required : [*required, either],
            built_in: true)
        end

        # @return [Boolean] whether the gem asks it by options of its own: `mistral_api_key`
        alias_method :built_in?, :built_in

        # @return [Array<String>] the names of the variables in its base URL
        def variables
          base_url ? BaseURL.variables(base_url) : []
        end

        # @return [Boolean] whether it is on this machine
        def local?
          !base_url.nil? && BaseURL.local?(base_url)
        end

        # @param options [Hash{Symbol => String}]
        # @return [Boolean] whether it can be asked with these
        def complete?(options)
          options.any? && required.all? { |alternatives| alternatives.any? { |option| options.key?(option) } }
        end
      end
    end
  end
end
