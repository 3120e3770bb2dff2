# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # The providers of other gems and of the application: they have no source here, so their own classes are asked,
      # one after another, as ruby_llm does it.
      class OtherProviders
        # @return [Array] the entries they told
        attr_reader :models

        # @return [Array<String>] slugs of those who have answered
        attr_reader :answered

        # @return [Array<String>] slugs of those who could not be asked, or told nothing
        attr_reader :failed

        # @param only [Symbol, String, Array, nil] as for {Registry#refresh!}
        def initialize(only: nil, remote_only: false)
          wanted = only && Array(only).map(&:to_s)
          @providers = LoadedVersion.foreign_providers.select do |provider|
            provider.configured?(RubyLLM.config) && !(remote_only && provider.local?) && (wanted.nil? || wanted.include?(provider.slug))
          end
          @models = []
          @answered = []
          @failed = []
        end

        # @return [Array<String>, nil] the names that are none of theirs
        def others_of(only)
          only && (Array(only).map(&:to_s) - LoadedVersion.foreign_providers.map(&:slug))
        end

        # @return [void]
        def ask
          @providers.each do |provider|
            take(provider.slug, provider.new(RubyLLM.config).list_models)
          rescue => error
            @failed << provider.slug
            RubyLLM.logger.warn("Failed to fetch #{provider.slug} models (#{error.class}: #{error.message}). Keeping existing.")
          end
        end

        private

        # 1.16 takes an empty list for an answer.
        def take(slug, models)
          if models.empty? && LoadedVersion.v2?
            @failed << slug
            RubyLLM.logger.warn("#{slug} listed no models. Keeping existing.")
          else
            @models.concat(models)
            @answered << slug
          end
        end
      end
    end
  end
end
