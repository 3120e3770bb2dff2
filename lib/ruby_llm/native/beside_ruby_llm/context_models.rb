# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # `RubyLLM.context { |config| ... }.models`, which ruby_llm does not have: the models that a tenant's own keys can
      # call.
      #
      # It has a {Registry} of its own, like {Native::Context}: kept only in memory, with the shared metadata, and
      # listing only what the providers answered to this configuration. Chats of the context still use `RubyLLM.models`.
      #
      # @example
      #   tenant = RubyLLM.context { |config| config.openai_api_key = key }
      #   tenant.models.refresh!.chat_models
      class ContextModels < RubyLLM::Models
        # Reopen ruby_llm's Context.
        #
        # @return [void]
        def self.install
          BesideRubyLLM.reopen(RubyLLM::Context, ContextMethods)
        end

        # ruby_llm asks the class for the program's models.
        def self.instance
          RubyLLM::Models.instance
        end

        # @return [Registry]
        attr_reader :native_registry

        # @param models [Array, nil] some of the models; nil: all
        # @param config [RubyLLM::Configuration]
        # @param registry [Registry] of the complete list, when `models` is a part of it
        def initialize(models = nil, config:, registry: nil)
          @native_config = config
          @native_part = !registry.nil?
          settings = Options::Settings.new(config)
          @native_registry = registry || Registry.new(parent: Native.registry) { settings }
          super(models || EntryList.of_view(@native_registry.view))
          replace_native(EntryList.wrap(@models))
        end

        # Ask all providers of this configuration. Raises like {Registry#refresh!}. Nothing is stored, and nothing
        # outside this context sees the result.
        #
        # @return [self]
        # @raise [RefreshError] when every provider that was asked failed; with `strict: true`, when any source failed
        def refresh!(**options, &progress)
          native_registry.refresh!(**options, &progress)
          follow_native
        end
        alias_method :refresh, :refresh!

        # @api private
        # @return [self]
        def follow_native
          catalog = native_registry.catalog
          @native_catalog.made_from?(catalog) ? self : replace_native(EntryList.of_view(native_registry.view))
        end

        # With this configuration's aliases, region and deployments.
        def find(*arguments, config: @native_config, **options, &block)
          super
        end

        # ruby_llm's own methods would call `self.class.new(models)`.
        %i[chat_models embedding_models audio_models image_models by_family by_provider].each do |name|
          define_method(name) { |*arguments| part(RubyLLM::Models.new(@models).public_send(name, *arguments)) }
        end

        private

        attr_reader :native_config

        def native_whole?
          !@native_part
        end

        def native_part(found)
          return found.is_a?(Model) ? native_at(found.provider, found.id) : found unless found.is_a?(View)

          part(found.filter_map { |model| native_at(model.provider, model.id) })
        end

        def part(models)
          entries = models.is_a?(RubyLLM::Models) ? models.native_entries : models
          self.class.new(EntryList.wrap(entries), config: @native_config, registry: native_registry)
        end

        # {#models} for ruby_llm's Context.
        module ContextMethods
          # @return [ContextModels]
          def models
            (@native_models ||= ContextModels.new(config: config)).follow_native
          end
        end
        private_constant :ContextMethods
      end
    end
  end
end
