# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # What the loaded version of ruby_llm is like, in the few words that the rest asks for.
      module LoadedVersion
        module_function

        # @return [Gem::Version]
        def version
          Gem::Version.new(RubyLLM::VERSION)
        end

        # @return [Boolean] 2.0 or later: Symbols for types, the published catalogue, unlisted models, refreshes that
        #   are kept
        def v2?
          @v2 = version >= Gem::Version.new("2.0.0.a") if @v2.nil?
          @v2
        end

        # @return [Class, nil] of the registry's entries
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

        # Whether this version can talk to that provider, or it is none of ours: then it is the program's own affair.
        def provider?(slug)
          RubyLLM::Provider.providers.key?(slug.to_sym) || !Plan::KNOWN.key?(slug.to_s)
        end

        # The registered providers that have no source here: of other gems, or of the application.
        #
        # @return [Array<Class>]
        def foreign_providers
          RubyLLM::Provider.providers.reject { |slug, _| Plan::KNOWN.key?(slug.to_s) || gem_registry_files.key?(slug) }.values
        end

        # @return [Hash{Symbol => String}] the catalogues that provider gems bring, which no refresh asks for
        def gem_registry_files
          RubyLLM::Provider.respond_to?(:model_registry_files) ? RubyLLM::Provider.model_registry_files : {}
        end
      end
    end
  end
end
