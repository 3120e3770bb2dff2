# frozen_string_literal: true

module RubyLLM
  module Native
    # A configuration of its own and the models that it can call: one tenant's.
    #
    # Its registry shares what the metadata catalogues state with the process's, and lists only what the providers
    # answered to its own keys. It is in memory alone. What it learns is nobody else's, and the process's registry is
    # left as it is.
    #
    # @example
    #   tenant = RubyLLM.context { |c| c.openai_api_key = key }
    #   tenant.models.refresh!.chat_models
    class Context
      # @return [Configuration]
      attr_reader :config

      # @return [Registry]
      attr_reader :models

      # @param config [Configuration]
      def initialize(config)
        @config = config
        @models = Registry.new(parent: Native.registry) { config }
      end
    end
  end
end
