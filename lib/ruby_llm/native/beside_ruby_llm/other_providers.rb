# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # Providers of other gems and of the application. They have no source here, so their own classes are asked, one
      # after another, as ruby_llm does.
      class OtherProviders
        # @return [Array] the entries that they returned
        attr_reader :models

        # @return [Array<String>] slugs of the providers that answered
        attr_reader :answered

        # @return [Array<String>] slugs of the providers that failed or returned no models
        attr_reader :failed

        # @param only [Symbol, String, Array, nil] as for {Registry#refresh!}
        def initialize(only: nil, remote_only: false)
          wanted = only && Array(only).map(&:to_s)
          @providers = LoadedVersion.foreign_providers.select do |provider|
            (wanted.nil? || wanted.include?(provider.slug)) &&
              provider.configured?(RubyLLM.config) && !(remote_only && provider.local?)
          end
          @models = []
          @answered = []
          @failed = []
        end

        # @return [Array<String>, nil] the names that are not theirs
        def others_of(only)
          only && (Array(only).map(&:to_s) - LoadedVersion.foreign_providers.map(&:slug))
        end

        # @return [void]
        def ask
          @providers.each do |provider|
            take(provider.slug, provider.new(RubyLLM.config).list_models)
          rescue => error
            @failed << provider.slug
            reason = "#{error.class}: #{error.message}"
            RubyLLM.logger.warn("Failed to fetch #{provider.slug} models (#{reason}). Keeping existing.")
          end
        end

        private

        # 1.16 accepts an empty list as an answer.
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
