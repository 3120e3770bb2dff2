# frozen_string_literal: true

# RubyLLM as an app knows it, where the ruby_llm gem is not there.
module RubyLLM
  # What the ruby_llm gem's errors of chats are; here the parent of none, so that an app's `rescue` finds it.
  class Error < StandardError; end unless const_defined?(:Error, false)

  # A setting that cannot be used.
  class ConfigurationError < StandardError; end unless const_defined?(:ConfigurationError, false)

  # No model of that id, or not at that provider.
  class ModelNotFoundError < StandardError; end unless const_defined?(:ModelNotFoundError, false)

  # What an HTTP status of a provider means, by {Native::Outcome#error_class}.
  Native::HttpErrors::NAMES.each { |name| const_set(name, Class.new(Error)) unless const_defined?(name, false) }

  @config = Native::Configuration.new

  class << self
    # @return [Native::Configuration]
    # @example
    #   RubyLLM.config.refresh_timeout  # => 60
    attr_reader :config

    # @return [Native::Registry]
    # @example
    #   RubyLLM.models.find("gpt-4.1")
    def models
      Native.registry
    end

    # The same settings but for those that the block changes, and a registry of their own: one tenant's.
    #
    # @yieldparam config [Native::Configuration] a copy
    # @return [Native::Context]
    # @example
    #   RubyLLM.context { |c| c.openai_api_key = tenant.openai_key }.models.refresh!
    def context
      Native::Context.new(config.dup.tap { |copy| yield copy if block_given? })
    end

    # @yieldparam config [Native::Configuration]
    # @return [void]
    # @raise [Native::UnknownOption] when an option does not exist
    # @example
    #   RubyLLM.configure { |c| c.anthropic_api_key = ENV["ANTHROPIC_API_KEY"] }
    def configure
      yield config
    end
  end
end
