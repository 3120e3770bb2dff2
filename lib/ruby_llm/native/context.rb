# frozen_string_literal: true

module RubyLLM
  module Native
    # A configuration of its own and the models it can call: those of one tenant.
    #
    # Its registry shares the process's metadata, and lists only what the providers answered to its own keys. It is kept
    # only in memory: nothing else sees what it learns, and the process's registry does not change.
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
