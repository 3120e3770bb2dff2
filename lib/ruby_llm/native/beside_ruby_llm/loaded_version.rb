# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # What depends on the loaded version of ruby_llm.
      module LoadedVersion
        module_function

        # @return [Gem::Version]
        def version
          Gem::Version.new(RubyLLM::VERSION)
        end

        # @return [Boolean] 2.0 or later: Symbols for types, the published registry, unlisted models, stored refreshes
        def v2?
          @v2 = version >= Gem::Version.new("2.0.0.a") if @v2.nil?
          @v2
        end

        # @return [Class, nil] the class of the registry's entries
        def entry_class
          model = RubyLLM::Model
          model.is_a?(Class) ? model : model.const_get(:Info)
        rescue NameError
          nil
        end

        # @return [Module] with `resolve(id, provider)`
        def aliases
          v2? ? RubyLLM::Models::Aliases : RubyLLM::Aliases
        end

        # Whether this version can call that provider, or the provider is nobody's that is asked or documented here, and
        # so the program's own concern.
        def provider?(slug)
          RubyLLM::Provider.providers.key?(slug.to_sym) || !(Plan::KNOWN.key?(slug) || ours?(slug))
        end

        # Whether models of that provider, which has no options here, are known by an endpoint or by
        # `config.documented_providers`.
        def ours?(slug)
          documented = DocumentedProviders.of(Options.settings)
          documented.nil? || documented.include?(slug) || defined_here?(slug)
        end

        # @return [Boolean] whether an endpoint of that provider is defined
        def defined_here?(slug)
          Options.settings.defined_endpoints.each_value.any? { |definition| definition.provider == slug.to_s }
        end

        # The registered providers that have no source and no endpoint here: those of other gems or of the application.
        #
        # @return [Array<Class>]
        def foreign_providers
          others = RubyLLM::Provider.providers.reject do |slug, _|
            Plan::KNOWN.key?(slug.to_s) || gem_registry_files.key?(slug) || defined_here?(slug)
          end
          others.values
        end

        # @return [Hash{Symbol => String}] the registry files of provider gems, which a refresh does not ask for
        def gem_registry_files
          RubyLLM::Provider.respond_to?(:model_registry_files) ? RubyLLM::Provider.model_registry_files : {}
        end
      end
    end
  end
end
